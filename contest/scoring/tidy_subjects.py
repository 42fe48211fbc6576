"""What rows say about subjects: statuses, texts, lots and rulings, numeric inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from contest.scoring.asked import asked_columns
from contest.scoring.field import STATUSES, UNITS, InputColumn, Ruling
from contest.scoring.marktext import REASONS, WORDS, narrow, thousandths
from contest.scoring.numbers import decimal_text

if TYPE_CHECKING:
    from contest.scoring.tidy_event import Reader

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
ENTRY_WORDS = {name: code for code, name in enumerate(STATUSES)} | {
    "退赛": 2,
    "取消资格": 3,
    "成绩无效": 4,
    "不计名次": 5,
    "dsq": 3,
    "dq": 3,
}


def statuses(
    reader: Reader,
    entry: np.ndarray[Any, Any],
    member: np.ndarray[Any, Any],
    entries: int,
    members: int,
    state: np.ndarray[Any, Any],
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Statuses of subjects: rows that are no marks, and words that can only mean the subject."""
    found = np.zeros(entries, np.int8), np.zeros(members, np.int8)
    values = reader.column("status")
    if values is None:
        return found
    words = values.str.lower()
    mark_rows = reader.is_mark_row()
    for_mark = words.isin(WORDS).to_numpy() & mark_rows
    codes = words.map(ENTRY_WORDS).fillna(-1).to_numpy(np.int64)
    reader.refuse(
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
    reader.refuse(tells, "status", "another row gives this subject another status")
    return found


def texts(reader: Reader, subject: np.ndarray[Any, Any], subjects: int) -> dict[str, list[str]]:
    """Text columns that are the same in all rows of a subject (empty cells aside)."""
    texts: dict[str, list[str]] = {}
    asked = {column for column, _, _ in asked_columns(reader.rules)}
    declared = {one.name for one in reader.rules.filters} | set(TEXTS) | asked
    inputs = {one.name for one in reader.rules.inputs}
    here = subject >= 0
    for name in reader.tidy.columns:
        if name in KNOWN or name in inputs or not subjects:
            continue
        values = reader.column(name)
        assert values is not None
        filled = here & (values != "").to_numpy()
        found = np.full(subjects, "", object)
        found[subject[filled]] = values[filled]
        differs = filled & (found[np.maximum(subject, 0)] != values.to_numpy())
        if differs.any() and name not in declared:
            continue
        if differs.any() and subject.max() < len(reader.rows) and _members_differ(reader, name):
            continue
        reader.refuse(differs, name, "another row gives this subject another value")
        texts[name] = found.tolist()
    _allowed(reader, texts)
    return texts


def _members_differ(reader: Reader, name: str) -> bool:
    """Whether a column belongs to members rather than entries: it is constant for each member."""
    members = reader.column("member")
    values = reader.column(name)
    if members is None or values is None:
        return False
    frame = pd.DataFrame({"member": members, "value": values})
    frame = frame[(frame["member"] != "") & (frame["value"] != "")]
    return bool(len(frame) and (frame.groupby("member")["value"].nunique() <= 1).all())


def _allowed(reader: Reader, texts: dict[str, list[str]]) -> None:
    for one in reader.rules.filters:
        values = reader.column(one.name)
        if one.values and values is not None:
            reader.refuse(~values.isin([*one.values, ""]), one.name, f"is none of {', '.join(one.values)}")
    groups = reader.column("group")
    if reader.rules.groups and groups is not None:
        reader.refuse(
            ~groups.isin([*reader.rules.groups, ""]), "group", f"is none of {', '.join(reader.rules.groups)}"
        )


def rulings(
    reader: Reader,
    entry: np.ndarray[Any, Any],
    entries: list[str],
    member: np.ndarray[Any, Any],
    members: list[str],
) -> tuple[Ruling, ...]:
    """Recorded lots and rulings: whole numbers in columns of their own, for the member if the row names one."""
    found = []
    for kind in ("lot", "ruling"):
        values = reader.column(kind)
        if values is None:
            continue
        places: dict[str, int] = {}
        for row in np.flatnonzero((values != "").to_numpy()):
            text = narrow(str(values.iloc[row]))
            key = members[member[row]] if member[row] >= 0 else entries[entry[row]] if entry[row] >= 0 else ""
            if not (text.isascii() and text.isdigit() and len(text) < 10):
                reader.refuse(np.arange(len(values)) == row, kind, "is not a whole number")
            elif places.setdefault(key, int(text)) != int(text):
                reader.refuse(
                    np.arange(len(values)) == row, kind, "another row gives this subject another value"
                )
        found.append(Ruling("", kind, places))
    return tuple(found)


def inputs(
    reader: Reader, entry: Any, member: Any, round_: Any, attempt: Any, aspect: Any, has_members: bool
) -> dict[str, InputColumn]:
    found = {}
    for one in reader.rules.inputs:
        texts = reader.column(one.name)
        if texts is None:
            continue
        codes, names = pd.factorize(texts)
        read = [thousandths(str(text), one.decimals) if text else None for text in names]
        for code in REASONS:
            reader.refuse(
                np.isin(codes, [index for index, value in enumerate(read) if value == code]),
                one.name,
                REASONS[code][0],
            )
        values = np.array([value if isinstance(value, int) else 0 for value in read] or [0], np.int64)[codes]
        given = np.array([isinstance(value, int) for value in read] or [False], bool)[codes]
        if one.low is not None:
            reader.refuse(given & (values < one.low * UNITS), one.name, f"is below {decimal_text(one.low)}")
        if one.high is not None:
            reader.refuse(given & (values > one.high * UNITS), one.name, f"is above {decimal_text(one.high)}")
        columns = {"entry": entry, "member": member, "value": values}
        for name, part in (("round", round_), ("attempt", attempt), ("aspect", aspect)):
            columns[name] = np.where(reader.names(name), part, -1)
        frame = pd.DataFrame(
            {name: part[given & reader.good] for name, part in columns.items()}
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
