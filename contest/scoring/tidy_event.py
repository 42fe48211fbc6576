"""The rows of one event → its field."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from contest.scoring import tidy_subjects as subjects
from contest.scoring.columns import whole
from contest.scoring.entered import limits, off_step
from contest.scoring.field import VALUE, Field, Marks, Seat, Subjects
from contest.scoring.kinds import Kind
from contest.scoring.marktext import BLANK, REASONS, WORDS, mark, narrow
from contest.scoring.numbers import decimal_text
from contest.scoring.registry import KINDS
from contest.scoring.rules import RuleSet, Spec

if TYPE_CHECKING:
    from contest.scoring.tidy import Tidy

MOST_ATTEMPTS = 1000
MOST_NAMED = 12


class Reader:
    """Reads the rows of one event."""

    def __init__(self, rules: RuleSet, tidy: Tidy, rows: np.ndarray[Any, Any], event: str) -> None:
        self.rules, self.tidy, self.rows, self.event = rules, tidy, rows, event
        self.good = np.ones(len(rows), bool)
        self.clock = np.zeros(len(rows), bool)

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
        entry_status, member_status = subjects.statuses(
            self, entry, member, len(entry_keys), len(member_keys), state
        )
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
            entries=Subjects(entry_keys, entry_status, subjects.texts(self, entry, len(entry_keys))),
            members=Subjects(member_keys, member_status, subjects.texts(self, member, len(member_keys)))
            if has_members
            else None,
            member_entry=owner if has_members else None,
            seats=seats,
            marks=marks,
            inputs=subjects.inputs(self, entry, member, round_, attempt, aspect, has_members),
            rulings=subjects.rulings(self, entry, entry_keys, member, member_keys),
            event=self.event,
        )

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
        self.clock = np.isin(codes, [index for index, one in enumerate(found) if ":" in narrow(str(one))])
        status = self.column("status")
        if status is not None:
            words = status.str.lower().map(WORDS).fillna(BLANK).to_numpy(np.int64)
            state = np.where((state == BLANK) & self.is_mark_row() & (words != BLANK), words, state)
        return state, value

    def is_mark_row(self) -> np.ndarray[Any, Any]:
        """Rows that stand for a mark even if it is empty: they name a judge, an aspect, a round or an attempt."""
        found = np.zeros(len(self.rows), bool)
        for name in ("judge", "aspect", "module", "round", "attempt"):
            values = self.column(name)
            if values is not None:
                found |= (values != "").to_numpy()
        return found

    def names(self, name: str) -> np.ndarray[Any, Any]:
        """Rows that name a round, an attempt or an aspect."""
        values = self.column(name)
        found = np.zeros(len(self.rows), bool) if values is None else (values != "").to_numpy()
        return found | self.names("module") if name == "aspect" else found

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
                self.tidy.needs("round", "the scheme has several rounds, so this column is needed")
                self.good[:] = False
            return np.zeros(len(self.rows), np.int64)
        codes = (
            np.asarray(pd.Index(keys).get_indexer(values), np.int64) if keys else np.full(len(self.rows), -1)
        )
        lone = (values == "").to_numpy() & ((len(keys) <= 1) | ~self.has_mark())
        self.refuse((codes < 0) & ~lone, "round", f"the scheme has no such round; it has {named(keys)}")
        return np.maximum(codes, 0)

    def has_mark(self) -> np.ndarray[Any, Any]:
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
                self.tidy.needs("aspect", "the scheme has several aspects, so this column is needed")
                self.good[:] = False
        else:
            blank = pd.Series([""] * len(self.rows), dtype=object)
            codes = self._aspect_codes(
                names if names is not None else blank, modules if modules is not None else blank, place
            )
            self.refuse(
                (codes < 0) & (state != BLANK),
                "aspect" if names is not None else "module",
                f"the scheme has no such aspect; it has {named(list(place))}",
            )
        for index, aspect in enumerate(aspects):
            mine = (codes == index) & (state == VALUE)
            if mine.any():
                kind: Kind = KINDS.call(
                    (aspect.kind or Spec("marks")).by,
                    aspect.maximum,
                    params=(aspect.kind or Spec("marks")).params,
                )
                if (aspect.kind or Spec("marks")).by != "time":
                    self.refuse(mine & self.clock, "mark", "is a time; this aspect is not of the kind time")
                    mine &= ~self.clock
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
        low, high = limits(kind)
        if kind.low is not None:
            self.refuse(mine & (value < low), "mark", f"is below {decimal_text(kind.low)}")
        if kind.high is not None:
            self.refuse(mine & (value > high), "mark", f"is above {decimal_text(kind.high)}")
        if kind.step is not None:
            off = off_step(whole(value), kind.step, kind.low or Fraction(0))
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


def named(keys: list[str]) -> str:
    """The first few keys, for a reason."""
    return ", ".join(keys[:MOST_NAMED]) + (", …" if len(keys) > MOST_NAMED else "") or "none"


def _whole(text: str) -> int | None:
    """A whole number from 1 on; an empty cell is 1."""
    text = narrow(text)
    if not text:
        return 1
    return (
        int(text)
        if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST_ATTEMPTS
        else None
    )
