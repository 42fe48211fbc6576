"""Tidy rows (one a mark) → one field for each event; every bad row is listed, none is dropped silently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from contest.scoring.field import STATUSES, UNITS, VALUE, Field, InputColumn, Marks, Ruling, Seat, Subjects
from contest.scoring.kinds import Kind
from contest.scoring.marktext import BLANK, REASONS, WORDS, mark, thousandths
from contest.scoring.numbers import decimal_text
from contest.scoring.registry import KINDS
from contest.scoring.rules import RuleSet, Spec
from contest.scoring.variants import rules_for

KNOWN = (
    "event",
    "entry",
    "member",
    "judge",
    "judge_kind",
    "module",
    "aspect",
    "round",
    "attempt",
    "mark",
    "status",
    "reason",
    "lot",
    "ruling",
)
TEXTS = ("group", "team", "delegation", "organisation", "gender")
"""Text columns that must not change within a subject; others that do change are taken as notes on single rows."""
MOST_ATTEMPTS = 1000
ENTRY_WORDS = {name: code for code, name in enumerate(STATUSES)} | {
    "退赛": 2,
    "取消资格": 3,
    "成绩无效": 4,
    "不计名次": 5,
    "dsq": 3,
    "dq": 3,
}
WHOLE_ROW = "row"


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used: line in the file (the header is line 1), column, value as typed, reason."""

    line: int
    column: str
    value: str
    reason: str


@dataclass
class Tidy:
    """The rows of a file by column, with their line numbers, and what was wrong with them."""

    columns: dict[str, pd.Series]
    lines: np.ndarray[Any, Any]
    bad: list[BadRow] = field(default_factory=list)

    def refuse(self, rows: Iterable[int], column: str, reason: str) -> None:
        """List rows (by index) as bad."""
        values = self.columns.get(column)
        for row in rows:
            value = "" if values is None else str(values.iloc[row])
            self.bad.append(BadRow(int(self.lines[row]), column, value[:60], reason))


def table(rows: Sequence[Sequence[str]], lines: Sequence[int], header: Sequence[str]) -> Tidy:
    """Rows as columns. Rows of another length than the header are bad; empty rows are skipped."""
    names = [name.strip() for name in header]
    width, good, kept, bad = len(names), [], [], []
    for row, line in zip(rows, lines, strict=True):
        if len(row) == width:
            good.append(row)
            kept.append(line)
        elif any(cell.strip() for cell in row):
            bad.append(
                BadRow(line, WHOLE_ROW, ",".join(row)[:60], f"{len(row)} cells where the header has {width}")
            )
    columns = {}
    for index, name in enumerate(names):
        columns[name] = pd.Series([row[index].strip() for row in good], dtype=object)
    tidy = Tidy(columns, np.array(kept, np.int64), bad)
    for name in names:
        if not name or names.count(name) > 1:
            tidy.bad.append(BadRow(1, name or WHOLE_ROW, name, "a column needs a name of its own"))
    for name in ("entry", "mark"):
        if name not in columns:
            tidy.bad.append(BadRow(1, name, "", "this column is needed"))
    return tidy


@dataclass(frozen=True)
class Event:
    """One event of a file: its own rules (variants merged) and its field."""

    name: str
    rules: RuleSet
    field: Field


def events(rules: RuleSet, tidy: Tidy) -> list[Event]:
    """The events of a file, in order of name. Bad rows are added to `tidy.bad`; look there before using the result."""
    if tidy.bad and any(row.line == 1 for row in tidy.bad):
        return []
    names = tidy.columns.get("event")
    if names is None:
        return [_event(rules, tidy, "", np.arange(len(tidy.lines)))]
    codes, found = pd.factorize(names)
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(found) + 1))
    groups = {str(name): order[bounds[index] : bounds[index + 1]] for index, name in enumerate(found)}
    return [_event(rules, tidy, name, groups[name]) for name in sorted(groups)]


def _event(rules: RuleSet, tidy: Tidy, name: str, rows: np.ndarray[Any, Any]) -> Event:
    constant = {}
    if any(variant.where for variant in rules.variants):
        for column, values in tidy.columns.items():
            found = values.iloc[rows].unique()
            if len(found) == 1:
                constant[column] = str(found[0])
    own = rules_for(rules, name, constant)
    return Event(name, own, _Reader(own, tidy, rows, name).field())


class _Reader:
    """Reads the rows of one event."""

    def __init__(self, rules: RuleSet, tidy: Tidy, rows: np.ndarray[Any, Any], event: str) -> None:
        self.rules, self.tidy, self.rows, self.event = rules, tidy, rows, event
        self.good = np.ones(len(rows), bool)

    def column(self, name: str) -> pd.Series | None:
        """A column of this event's rows, or None."""
        values = self.tidy.columns.get(name)
        return None if values is None else values.iloc[self.rows].reset_index(drop=True)

    def refuse(self, mask: Any, column: str, reason: str) -> None:
        """List rows of a mask as bad."""
        mask = np.asarray(mask, bool)
        if mask.any():
            self.tidy.refuse(self.rows[mask].tolist(), column, reason)
            self.good &= ~mask

    def field(self) -> Field:
        """The field of this event."""
        entry, entry_keys = self._keys("entry", needed=True)
        member, member_keys, owner = self._members(entry)
        state, value = self._marks()
        seat, seats = self._seats()
        round_, aspect = self._rounds(), self._aspects(value, state)
        attempt = self._attempts()
        used = (state != BLANK) & self.good
        self._doubles(entry, member, seat, aspect, round_, attempt, used)
        used &= self.good
        entry_status, member_status = self._statuses(entry, member, len(entry_keys), len(member_keys), state)
        marks = Marks(
            entry=entry[used],
            seat=seat[used],
            aspect=aspect[used],
            value=value[used],
            member=member[used] if len(member_keys) else None,
            round=round_[used],
            attempt=attempt[used],
            state=state[used] if (state[used] != VALUE).any() else None,
        )
        has_members = len(member_keys) > 0
        return Field(
            entries=Subjects(entry_keys, entry_status, self._texts(entry, len(entry_keys))),
            members=Subjects(member_keys, member_status, self._texts(member, len(member_keys)))
            if has_members
            else None,
            member_entry=owner if has_members else None,
            seats=seats,
            marks=marks,
            inputs=self._inputs(entry, member, round_, attempt, aspect, has_members),
            rulings=self._rulings(entry, entry_keys, member, member_keys),
            event=self.event,
        )

    def _rulings(
        self,
        entry: np.ndarray[Any, Any],
        entries: list[str],
        member: np.ndarray[Any, Any],
        members: list[str],
    ) -> tuple[Ruling, ...]:
        """Recorded lots and rulings: whole numbers in columns of their own, for the member if the row names one."""
        found = []
        for kind in ("lot", "ruling"):
            values = self.column(kind)
            if values is None:
                continue
            places: dict[str, int] = {}
            for row in np.flatnonzero((values != "").to_numpy()):
                text = str(values.iloc[row])
                key = (
                    members[member[row]]
                    if member[row] >= 0
                    else entries[entry[row]]
                    if entry[row] >= 0
                    else ""
                )
                if not (text.isascii() and text.isdigit() and len(text) < 10):
                    self.refuse(np.arange(len(values)) == row, kind, "is not a whole number")
                elif places.setdefault(key, int(text)) != int(text):
                    self.refuse(
                        np.arange(len(values)) == row, kind, "another row gives this subject another value"
                    )
            found.append(Ruling("", kind, places))
        return tuple(found)

    def _keys(self, name: str, needed: bool) -> tuple[np.ndarray[Any, Any], list[str]]:
        """Codes of a key column and its keys in order of key; empty cells have −1."""
        values = self.column(name)
        if values is None:
            return np.full(len(self.rows), -1), []
        if needed:
            self.refuse(values == "", name, "the key is empty")
        found = sorted(key for key in values.unique() if key)
        codes = pd.Index(found).get_indexer(values)
        return np.asarray(codes, np.int64), [str(key) for key in found]

    def _members(
        self, entry: np.ndarray[Any, Any]
    ) -> tuple[np.ndarray[Any, Any], list[str], np.ndarray[Any, Any]]:
        member, keys = self._keys("member", needed=False)
        owner = np.full(len(keys), -1)
        here = member >= 0
        owner[member[here]] = entry[here]
        if keys:
            elsewhere = here & (owner[np.maximum(member, 0)] != entry)
            self.refuse(elsewhere, "member", "this member already belongs to another entry")
        return member, keys, owner

    def _marks(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        texts = self.column("mark")
        assert texts is not None
        codes, found = pd.factorize(texts)
        read = [mark(str(text), self.rules.decimals) for text in found]
        state = np.array([one[0] if isinstance(one, tuple) else BLANK for one in read] or [BLANK], np.int64)[
            codes
        ]
        value = np.array([one[1] if isinstance(one, tuple) else 0 for one in read] or [0], np.int64)[codes]
        for code in REASONS:
            self.refuse(
                np.isin(codes, [index for index, one in enumerate(read) if one == code]),
                "mark",
                REASONS[code][0],
            )
        status = self.column("status")
        if status is not None:
            words = status.str.lower().map(WORDS).fillna(BLANK).to_numpy(np.int64)
            state = np.where((state == BLANK) & self._is_mark_row() & (words != BLANK), words, state)
        return state, value

    def _is_mark_row(self) -> np.ndarray[Any, Any]:
        """Rows that stand for a mark even if it is empty: they name a judge, an aspect, a round or an attempt."""
        found = np.zeros(len(self.rows), bool)
        for name in ("judge", "aspect", "module", "round", "attempt"):
            values = self.column(name)
            if values is not None:
                found |= (values != "").to_numpy()
        return found

    def _names(self, name: str) -> np.ndarray[Any, Any]:
        """Rows that name a round, an attempt or an aspect."""
        values = self.column(name)
        found = np.zeros(len(self.rows), bool) if values is None else (values != "").to_numpy()
        return found | self._names("module") if name == "aspect" else found

    def _seats(self) -> tuple[np.ndarray[Any, Any], tuple[Seat, ...]]:
        judges = self.column("judge")
        keys = judges if judges is not None else pd.Series([""] * len(self.rows), dtype=object)
        kinds = self.column("judge_kind")
        if self.rules.panel:
            self.refuse(~keys.isin([*self.rules.panel, ""]), "judge", "this judge is not of the panel")
        found = sorted(keys.unique()) or [""]
        seat = np.asarray(pd.Index(found).get_indexer(keys), np.int64)
        kind_of = dict.fromkeys(found, "judge")
        if kinds is not None:
            for key, kind in zip(keys, kinds, strict=True):
                if kind:
                    kind_of[key] = kind
            self.refuse(
                (kinds != "") & (keys.map(kind_of) != kinds),
                "judge_kind",
                "this judge has another kind in another row",
            )
        return seat, tuple(Seat(str(key), kind_of[key]) for key in found)

    def _rounds(self) -> np.ndarray[Any, Any]:
        values = self.column("round")
        keys = [one.key for one in self.rules.rounds]
        if values is None:
            if len(keys) > 1:
                self.tidy.bad.append(
                    BadRow(1, "round", "", "the scheme has several rounds, so this column is needed")
                )
                self.good[:] = False
            return np.zeros(len(self.rows), np.int64)
        codes = (
            np.asarray(pd.Index(keys).get_indexer(values), np.int64) if keys else np.full(len(self.rows), -1)
        )
        lone = (values == "").to_numpy() & ((len(keys) <= 1) | ~self._has_mark())
        self.refuse((codes < 0) & ~lone, "round", "the scheme has no such round")
        return np.maximum(codes, 0)

    def _has_mark(self) -> np.ndarray[Any, Any]:
        texts = self.column("mark")
        assert texts is not None
        return (texts != "").to_numpy()

    def _aspects(self, value: np.ndarray[Any, Any], state: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        aspects = [aspect for aspect in self.rules.aspects()]
        place = {aspect.key: index for index, aspect in enumerate(aspects) if not aspect.marks_of}
        names, modules = self.column("aspect"), self.column("module")
        if names is None and modules is None:
            codes = np.zeros(len(self.rows), np.int64)
            if len(place) != 1:
                self.tidy.bad.append(
                    BadRow(1, "aspect", "", "the scheme has several aspects, so this column is needed")
                )
                self.good[:] = False
        else:
            blank = pd.Series([""] * len(self.rows), dtype=object)
            codes = self._aspect_codes(
                names if names is not None else blank, modules if modules is not None else blank, place
            )
            self.refuse(
                (codes < 0) & (state != BLANK),
                "aspect" if names is not None else "module",
                "the scheme has no such aspect",
            )
        for index, aspect in enumerate(aspects):
            mine = (codes == index) & (state == VALUE)
            if mine.any():
                kind: Kind = KINDS.call(
                    (aspect.kind or Spec("marks")).by,
                    aspect.maximum,
                    params=(aspect.kind or Spec("marks")).params,
                )
                self._range(kind, mine, value)
        return np.maximum(codes, 0)

    def _aspect_codes(
        self, names: pd.Series, modules: pd.Series, place: dict[str, int]
    ) -> np.ndarray[Any, Any]:
        pairs, found = pd.factorize(pd.MultiIndex.from_arrays([modules, names]))
        only = next(iter(place.values())) if len(place) == 1 else -1
        codes = []
        for module, name in found:
            key = name or module
            if not key:
                codes.append(only)
            elif key in place and (not name or not module or self.rules.module_of(key).key == module):
                codes.append(place[key])
            else:
                codes.append(place.get(f"{module}/{name}", -1))
        return np.array(codes or [-1], np.int64)[pairs]

    def _range(self, kind: Kind, mine: np.ndarray[Any, Any], value: np.ndarray[Any, Any]) -> None:
        low, high = kind.low, kind.high
        if low is not None:
            self.refuse(
                mine & (value * low.denominator < low.numerator * UNITS),
                "mark",
                f"is below {decimal_text(low)}",
            )
        if high is not None:
            self.refuse(
                mine & (value * high.denominator > high.numerator * UNITS),
                "mark",
                f"is above {decimal_text(high)}",
            )
        if kind.step is not None:
            step = kind.step * UNITS
            start = int((low or 0) * UNITS)
            off = ((value - start) * step.denominator) % step.numerator != 0
            self.refuse(mine & off, "mark", f"is not in steps of {decimal_text(kind.step)}")

    def _attempts(self) -> np.ndarray[Any, Any]:
        values = self.column("attempt")
        if values is None:
            return np.zeros(len(self.rows), np.int64)
        codes, found = pd.factorize(values)
        read = [_whole(str(text)) for text in found]
        numbers = np.array([one if one is not None else 0 for one in read] or [1], np.int64)[codes]
        self.refuse(numbers == 0, "attempt", f"an attempt is a whole number from 1 to {MOST_ATTEMPTS}")
        return np.maximum(numbers, 1) - 1

    def _doubles(self, *columns: np.ndarray[Any, Any]) -> None:
        *coordinates, used = columns
        rows = np.flatnonzero(used)
        if not len(rows):
            return
        frame = pd.DataFrame({index: column[rows] for index, column in enumerate(coordinates)})
        again = np.zeros(len(used), bool)
        again[rows] = frame.duplicated(keep="first").to_numpy()
        self.refuse(again, "mark", "a second mark for the same entry, judge, aspect, round and attempt")

    def _statuses(
        self,
        entry: np.ndarray[Any, Any],
        member: np.ndarray[Any, Any],
        entries: int,
        members: int,
        state: np.ndarray[Any, Any],
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Statuses of subjects: rows that are no marks, and words that can only mean the subject."""
        found = np.zeros(entries, np.int8), np.zeros(members, np.int8)
        values = self.column("status")
        if values is None:
            return found
        words = values.str.lower()
        mark_rows = self._is_mark_row()
        for_mark = words.isin(WORDS).to_numpy() & mark_rows
        codes = words.map(ENTRY_WORDS).fillna(-1).to_numpy(np.int64)
        self.refuse(
            (codes < 0) & ~for_mark & (words != "").to_numpy() & (words != "value").to_numpy(),
            "status",
            "is no known status",
        )
        tells = (codes > 0) & ~for_mark
        for row in np.flatnonzero(tells):
            if member[row] >= 0:
                found[1][member[row]] = codes[row]
            else:
                found[0][entry[row]] = codes[row]
        for row in np.flatnonzero(tells):
            known = found[1][member[row]] if member[row] >= 0 else found[0][entry[row]]
            tells[row] = known != codes[row]
        self.refuse(tells, "status", "another row gives this subject another status")
        return found

    def _texts(self, subject: np.ndarray[Any, Any], subjects: int) -> dict[str, list[str]]:
        """Text columns that are the same in all rows of a subject (empty cells aside)."""
        texts: dict[str, list[str]] = {}
        declared = {one.name for one in self.rules.filters} | set(TEXTS)
        inputs = {one.name for one in self.rules.inputs}
        here = subject >= 0
        for name in self.tidy.columns:
            if name in KNOWN or name in inputs or not subjects:
                continue
            values = self.column(name)
            assert values is not None
            filled = here & (values != "").to_numpy()
            found = np.full(subjects, "", object)
            found[subject[filled]] = values[filled]
            differs = filled & (found[np.maximum(subject, 0)] != values.to_numpy())
            if differs.any() and name not in declared:
                continue
            if differs.any() and subject.max() < len(self.rows) and self._members_differ(name):
                continue
            self.refuse(differs, name, "another row gives this subject another value")
            texts[name] = found.tolist()
        self._allowed(texts)
        return texts

    def _members_differ(self, name: str) -> bool:
        """Whether a column belongs to members rather than entries: it is constant for each member."""
        members = self.column("member")
        values = self.column(name)
        if members is None or values is None:
            return False
        frame = pd.DataFrame({"member": members, "value": values})
        frame = frame[(frame["member"] != "") & (frame["value"] != "")]
        return bool(len(frame) and (frame.groupby("member")["value"].nunique() <= 1).all())

    def _allowed(self, texts: dict[str, list[str]]) -> None:
        for one in self.rules.filters:
            values = self.column(one.name)
            if one.values and values is not None:
                self.refuse(~values.isin([*one.values, ""]), one.name, f"is none of {', '.join(one.values)}")
        groups = self.column("group")
        if self.rules.groups and groups is not None:
            self.refuse(
                ~groups.isin([*self.rules.groups, ""]), "group", f"is none of {', '.join(self.rules.groups)}"
            )

    def _inputs(
        self, entry: Any, member: Any, round_: Any, attempt: Any, aspect: Any, has_members: bool
    ) -> dict[str, InputColumn]:
        found = {}
        for one in self.rules.inputs:
            texts = self.column(one.name)
            if texts is None:
                continue
            codes, names = pd.factorize(texts)
            read = [thousandths(str(text), one.decimals) if text else None for text in names]
            for code in REASONS:
                self.refuse(
                    np.isin(codes, [index for index, value in enumerate(read) if value == code]),
                    one.name,
                    REASONS[code][0],
                )
            values = np.array([value if isinstance(value, int) else 0 for value in read] or [0], np.int64)[
                codes
            ]
            given = np.array([isinstance(value, int) for value in read] or [False], bool)[codes]
            if one.low is not None:
                self.refuse(given & (values < one.low * UNITS), one.name, f"is below {decimal_text(one.low)}")
            if one.high is not None:
                self.refuse(
                    given & (values > one.high * UNITS), one.name, f"is above {decimal_text(one.high)}"
                )
            columns = {"entry": entry, "member": member, "value": values}
            for name, part in (("round", round_), ("attempt", attempt), ("aspect", aspect)):
                columns[name] = np.where(self._names(name), part, -1)
            frame = pd.DataFrame(
                {name: part[given & self.good] for name, part in columns.items()}
            ).drop_duplicates()
            found[one.name] = InputColumn(
                value=frame["value"].to_numpy(),
                entry=frame["entry"].to_numpy(),
                member=frame["member"].to_numpy() if has_members else None,
                round=frame["round"].to_numpy(),
                attempt=frame["attempt"].to_numpy(),
                aspect=frame["aspect"].to_numpy(),
            )
        return found


def _whole(text: str) -> int | None:
    """A whole number from 1 on; an empty cell is 1."""
    if not text:
        return 1
    return (
        int(text)
        if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST_ATTEMPTS
        else None
    )
