"""What goes in: subjects, marks and inputs of one event, as columns; and a door for plain rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from contest.scoring.rules import RuleSet

Ints = np.ndarray[Any, np.dtype[Any]]
"""A one-dimensional integer array."""

STATUSES = ("present", "absent", "withdrawn", "disqualified", "void", "unofficial")
"""States of a subject; its code is the index. Only *present* is ranked; *unofficial* is listed without a rank."""
VALUE, ABSENT, VOID = 0, 1, 2
MARK_STATES = ("value", "absent", "void")
"""States of a mark; its code is the index. Not yet marked is no row."""
UNITS = 1000
"""Marks and inputs are integers in thousandths."""


@dataclass(frozen=True)
class Subjects:
    """Entries or members as columns of equal length.

    keys: unique. status: codes of STATUSES (None: all present). texts: further text columns (group, gender,
    team, delegation, organisation, prior_holder …), one value a subject. reasons: why a status is not present.
    """

    keys: Sequence[str]
    status: Ints | None = None
    texts: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    reasons: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys)

    def text(self, column: str, index: int) -> str:
        """The value of a text column for one subject; empty where the column is not there."""
        values = self.texts.get(column)
        return str(values[index]) if values is not None else ""

    def codes(self) -> Ints:
        """Status codes, shape (subjects,)."""
        return np.zeros(len(self), np.int8) if self.status is None else self.status


@dataclass(frozen=True)
class Seat:
    """Who marks: a judge or a group that agrees. Only the kinds that the rules name count ("judge" unless named)."""

    key: str
    kind: str = "judge"


@dataclass(frozen=True)
class Marks:
    """Marks as integer columns of equal length, in any order.

    entry, member, seat: indices into the field's lists (member −1 or None: the entry's own). aspect: index into
    `rules.aspects()`. round: index into `rules.rounds` (None: 0). attempt: from 0 (None: 0). value: thousandths;
    ignored unless state is VALUE. state: codes of MARK_STATES (None: all VALUE).
    """

    entry: Ints
    seat: Ints
    aspect: Ints
    value: Ints
    member: Ints | None = None
    round: Ints | None = None
    attempt: Ints | None = None
    state: Ints | None = None

    def __len__(self) -> int:
        return len(self.value)


@dataclass(frozen=True)
class InputColumn:
    """A numeric input in thousandths for some coordinates; an absent coordinate column (or −1) means "all"."""

    value: Ints
    entry: Ints
    member: Ints | None = None
    round: Ints | None = None
    attempt: Ints | None = None
    aspect: Ints | None = None


@dataclass(frozen=True)
class Ruling:
    """A recorded lot or a chief judge's ruling: subject key → number, the smaller is placed before the greater."""

    ranking: str
    kind: str
    places: Mapping[str, int]
    reason: str = ""


@dataclass(frozen=True)
class Field:
    """Everything that is computed from, for one event. `member_entry`: index of each member's entry."""

    entries: Subjects
    marks: Marks
    seats: Sequence[Seat]
    members: Subjects | None = None
    member_entry: Ints | None = None
    inputs: Mapping[str, InputColumn] = dataclasses.field(default_factory=dict)
    rulings: tuple[Ruling, ...] = ()
    event: str = ""

    def texts(self, kind: str, name: str) -> Sequence[str]:
        """A text column for entries or members; a member has its entry's value where it has none of its own."""
        if kind == "entry" or self.members is None or self.member_entry is None:
            return [self.entries.text(name, index) for index in range(len(self.entries))]
        own, owner = self.members, self.member_entry
        return [
            own.text(name, index) or self.entries.text(name, int(owner[index])) for index in range(len(own))
        ]


@dataclass(frozen=True)
class Member:
    """A member of an entry, as a plain row."""

    key: str
    status: str = "present"
    reason: str = ""
    texts: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """An entry, as a plain row. inputs: numbers that hold for the whole entry, exact (int, Fraction or text)."""

    key: str
    status: str = "present"
    reason: str = ""
    texts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    members: tuple[Member, ...] = ()
    inputs: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """One current mark, as a plain row. `milli` is in thousandths; `attempt` counts from 1; `round` is a key."""

    entry: str
    seat: str
    aspect: str
    milli: int | None
    state: str = "value"
    member: str = ""
    round: str = ""
    attempt: int = 1


@dataclass(frozen=True)
class InputRow:
    """A number beside the marks (difficulty of one dive), as a plain row; empty coordinates mean "all"."""

    name: str
    entry: str
    milli: int
    member: str = ""
    round: str = ""
    attempt: int | None = None
    aspect: str = ""


def field_of(
    rules: RuleSet,
    subjects: Iterable[Subject],
    marks: Iterable[Mark],
    *,
    seats: Iterable[Seat] = (),
    inputs: Iterable[InputRow] = (),
    rulings: Iterable[Ruling] = (),
    event: str = "",
) -> Field:
    """A field from plain rows. Seats that only occur in marks are judges. Raises KeyError for an unknown name."""
    rows, given = list(subjects), list(marks)
    people = [(index, member) for index, row in enumerate(rows) for member in row.members]
    entry_at = {row.key: index for index, row in enumerate(rows)}
    member_at = {member.key: index for index, (_, member) in enumerate(people)}
    by_key = {seat.key: seat for seat in seats}
    for mark in given:
        by_key.setdefault(mark.seat, Seat(mark.seat))
    seat_at = {key: index for index, key in enumerate(by_key)}
    aspect_at = {aspect.key: index for index, aspect in enumerate(rules.aspects())}
    round_at = {"": 0, **{one.key: index for index, one in enumerate(rules.rounds)}}
    wide = [InputRow(name, row.key, _milli(value)) for row in rows for name, value in row.inputs.items()]
    return Field(
        entries=_subjects(rows),
        members=_subjects([member for _, member in people]) if people else None,
        member_entry=np.array([index for index, _ in people], np.int64) if people else None,
        seats=tuple(by_key.values()),
        marks=_marks(given, entry_at, member_at, seat_at, aspect_at, round_at),
        inputs=_inputs([*wide, *inputs], entry_at, member_at, {"": -1, **aspect_at}, {**round_at, "": -1}),
        rulings=tuple(rulings),
        event=event,
    )


def _marks(
    given: Sequence[Mark],
    entry_at: Mapping[str, int],
    member_at: Mapping[str, int],
    seat_at: Mapping[str, int],
    aspect_at: Mapping[str, int],
    round_at: Mapping[str, int],
) -> Marks:
    return Marks(
        entry=_column(entry_at[mark.entry] for mark in given),
        seat=_column(seat_at[mark.seat] for mark in given),
        aspect=_column(aspect_at[mark.aspect] for mark in given),
        value=_column(mark.milli or 0 for mark in given),
        member=_column(member_at[mark.member] if mark.member else -1 for mark in given),
        round=_column(round_at[mark.round] for mark in given),
        attempt=_column(mark.attempt - 1 for mark in given),
        state=_column(MARK_STATES.index(mark.state) for mark in given),
    )


def _milli(value: Any) -> int:
    exact = Fraction(value) * UNITS
    if exact.denominator != 1:
        raise ValueError(f"more than three decimals: {value}")
    return exact.numerator


def _column(values: Iterable[int]) -> Ints:
    return np.array(list(values), np.int64)


def _subjects(rows: Sequence[Subject] | Sequence[Member]) -> Subjects:
    names = sorted({name for row in rows for name in row.texts})
    return Subjects(
        keys=[row.key for row in rows],
        status=np.array([STATUSES.index(row.status) for row in rows], np.int8),
        texts={name: [row.texts.get(name, "") for row in rows] for name in names},
        reasons={row.key: row.reason for row in rows if row.reason},
    )


def _inputs(
    rows: Sequence[InputRow],
    entry_at: Mapping[str, int],
    member_at: Mapping[str, int],
    aspect_at: Mapping[str, int],
    round_at: Mapping[str, int],
) -> dict[str, InputColumn]:
    columns = {}
    for name in sorted({row.name for row in rows}):
        mine = [row for row in rows if row.name == name]
        columns[name] = InputColumn(
            value=_column(row.milli for row in mine),
            entry=_column(entry_at[row.entry] for row in mine),
            member=_column(member_at[row.member] if row.member else -1 for row in mine),
            round=_column(round_at[row.round] for row in mine),
            attempt=_column(-1 if row.attempt is None else row.attempt - 1 for row in mine),
            aspect=_column(aspect_at[row.aspect] for row in mine),
        )
    return columns
