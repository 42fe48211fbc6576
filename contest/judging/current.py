"""The current marks of an event, and what is still missing or unlocked: what results are computed from.

A current mark is a revision that no other replaces. Read here as plain integer columns, without rows of the ORM.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from contest.db import db
from contest.entries.models import Entry, EntryState, Member
from contest.events.models import Event, EventAspect, EventRound, RuleVersion
from contest.judging import scheme
from contest.judging.models import MarkRevision, MarkState, Panel, Seat, SeatHolder, SeatKind, Sheet
from contest.scoring.rules import RuleSet

Ints = np.ndarray[Any, np.dtype[np.int64]]

STATES = (MarkState.VALUE, MarkState.ABSENT, MarkState.VOID)
"""A state's code in `CurrentMarks.state` is its index here, as in scoring.field.MARK_STATES."""
STATE_BITS = 2
COMPETING = (EntryState.PRESENT, EntryState.UNOFFICIAL)

_later = aliased(MarkRevision)
IS_CURRENT = ~sa.exists().where(_later.replaces_id == MarkRevision.id)
"""WHERE clause of the revisions that stand."""


@dataclass(frozen=True)
class CurrentMarks:
    """Columns of equal length, one row a current mark of a seat that is not void.

    All int64: ids as stored (member_id 0: the entry's own), attempt from 1, state an index into STATES,
    value in thousandths (0 unless the state is *value*).
    """

    entry_id: Ints
    member_id: Ints
    seat_id: Ints
    aspect_id: Ints
    round_id: Ints
    attempt: Ints
    state: Ints
    value: Ints

    def __len__(self) -> int:
        return len(self.value)


def current_marks(event_id: int, *, round_id: int | None = None, up_to: int | None = None) -> CurrentMarks:
    """Every current mark of an event (or of one round), in no particular order. For the results room.

    up_to: as they stood at that revision, for computing a frozen list again.
    """
    sheets = (
        sa.select(
            Sheet.id, Sheet.entry_id, sa.func.coalesce(Sheet.member_id, 0), Sheet.seat_id, Sheet.round_id
        )
        .join(Seat, Sheet.seat_id == Seat.id)
        .where(Sheet.event_id == event_id, Seat.voided_at.is_(None))
        .order_by(Sheet.id)
    )
    if round_id is not None:
        sheets = sheets.where(Sheet.round_id == round_id)
    held = _integers(sheets)
    mark, sheet_id, aspect, attempt_and_state, value = _revisions(event_id, up_to)
    # A sheet and what replaces what are looked up here: a join for each of a million rows takes the database far longer.
    place = np.minimum(np.searchsorted(held[0], sheet_id), max(len(held[0]) - 1, 0))
    known = ~np.isin(mark, _replaced(mark, up_to))
    known &= held[0][place] == sheet_id if len(held[0]) else False
    place, aspect, attempt_and_state, value = (
        column[known] for column in (place, aspect, attempt_and_state, value)
    )
    return CurrentMarks(
        entry_id=held[1][place],
        member_id=held[2][place],
        seat_id=held[3][place],
        aspect_id=aspect,
        round_id=held[4][place],
        attempt=attempt_and_state >> STATE_BITS,
        state=attempt_and_state & ((1 << STATE_BITS) - 1),
        value=value,
    )


def _revisions(event_id: int, up_to: int | None) -> Ints:
    """Every revision of an event as rows id, sheet, aspect, attempt beside the state's code, thousandths.

    The state stands in the lowest bits of the attempt: each column less is a tenth of the time for a million marks.
    """
    code = sa.case(
        {state.value: index for index, state in enumerate(STATES)},
        value=sa.cast(MarkRevision.state, sa.String),
    )
    statement = sa.select(
        MarkRevision.id,
        MarkRevision.sheet_id,
        MarkRevision.aspect_id,
        sa.cast(MarkRevision.attempt, sa.BigInteger) * (1 << STATE_BITS) + code,
        sa.func.coalesce(MarkRevision.value_milli, 0),
    ).where(MarkRevision.sheet_id.in_(sa.select(Sheet.id).where(Sheet.event_id == event_id)))
    return _integers(statement if up_to is None else statement.where(MarkRevision.id <= up_to))


def _replaced(marks: Ints, up_to: int | None) -> Ints:
    """Ids between the least and the greatest of these marks that a later revision stands in for."""
    if not len(marks):
        return marks
    statement = sa.select(MarkRevision.replaces_id).where(
        MarkRevision.replaces_id.between(int(marks.min()), int(marks.max()))
    )
    return _integers(statement if up_to is None else statement.where(MarkRevision.id <= up_to))[0]


def _integers(statement: sa.Select[Any]) -> Ints:
    """A SELECT of integers as one table (columns × rows), straight from the driver: an object a row would cost more."""
    db.session.flush()
    result = db.session.connection().execute(statement)
    columns = len(result.keys())
    table = np.fromiter(itertools.chain.from_iterable(result.cursor), np.int64)
    result.close()
    return np.ascontiguousarray(table.reshape(-1, columns).T)


def last_revision(event_id: int) -> int:
    """The id of the event's newest mark revision; 0 before the first. A snapshot keeps it."""
    statement = sa.select(sa.func.max(MarkRevision.id)).join(Sheet).where(Sheet.event_id == event_id)
    return int(db.session.scalar(statement) or 0)


def scoring_seats(event_id: int) -> list[tuple[int, str]]:
    """(seat id, kind as the rules name it) of every seat that is not void; a file of marks stands in for a judge."""
    rows = db.session.execute(
        sa.select(Seat.id, Seat.kind)
        .join(Panel)
        .where(Panel.event_id == event_id, Seat.voided_at.is_(None))
        .order_by(Panel.id, Seat.position)
    )
    return [(seat_id, "judge" if kind is SeatKind.FILE else str(kind.value)) for seat_id, kind in rows]


@dataclass(frozen=True)
class MissingSheet:
    """A sheet that keeps a result from being computed. reason: marks, submission, lock; `public_id` opens it."""

    public_id: str
    work_code: str
    seat_id: int
    seat: str
    module_key: str
    round_id: int
    round_name: str
    reason: str
    left: int


def missing_sheets(event_id: int, *, round_id: int | None = None) -> list[MissingSheet]:
    """Every counting sheet of a competing subject that is not yet marked, submitted and locked, in sheet order.

    Seats nobody holds count too: a mark that nobody will give is missing as well. Kinds that the rules don't
    count, void seats, and subjects that don't compete are left out.
    """
    rules = _rules(event_id)
    if rules is None:
        return []
    counting = {module.key: scheme.seat_kinds(rules, module.key) for module in rules.modules}
    rows = [
        (sheet, seat, round_name)
        for sheet, seat, round_name in db.session.execute(_competing_sheets(event_id, round_id))
        if sheet.locked_at is None and seat.kind.value in counting.get(sheet.module_key, ())
    ]
    marked = marked_keys([sheet.id for sheet, _, _ in rows])
    found = []
    aspects_by_kind: dict[tuple[str, str], tuple[scheme.AspectView, ...]] = {}
    for sheet, seat, round_name in rows:
        kind = (sheet.module_key, seat.kind.value)
        if kind not in aspects_by_kind:
            aspects_by_kind[kind] = scheme.aspects_of(rules, *kind)
        aspects = aspects_by_kind[kind]
        left = scheme.wanted(aspects) - scheme.given(aspects, marked.get(sheet.id, frozenset()))
        found.append(_missing(sheet, seat, round_name, _why(sheet, left), left))
    return found


def marked_keys(sheet_ids: Sequence[int]) -> dict[int, set[tuple[str, int]]]:
    """The (aspect key, attempt) that have a current mark, by sheet."""
    found: dict[int, set[tuple[str, int]]] = {}
    for start in range(0, len(sheet_ids), 500):
        rows = db.session.execute(
            sa.select(MarkRevision.sheet_id, EventAspect.key, MarkRevision.attempt)
            .join(EventAspect, MarkRevision.aspect_id == EventAspect.id)
            .where(
                MarkRevision.sheet_id.in_(sheet_ids[start : start + 500]),
                EventAspect.retired_at.is_(None),
                IS_CURRENT,
            )
        )
        for sheet_id, key, attempt in rows:
            found.setdefault(sheet_id, set()).add((key, attempt))
    return found


def _missing(sheet: Sheet, seat: Seat, round_name: str, reason: str, left: int) -> MissingSheet:
    return MissingSheet(
        public_id=sheet.public_id,
        work_code=sheet.work_code,
        seat_id=seat.id,
        seat=seat.label or str(seat.position),
        module_key=sheet.module_key,
        round_id=sheet.round_id,
        round_name=round_name,
        reason=reason,
        left=left,
    )


def _why(sheet: Sheet, left: int) -> str:
    if left:
        return "marks"
    return "submission" if sheet.submitted_at is None else "lock"


def _competing_sheets(event_id: int, round_id: int | None) -> Any:
    statement = (
        sa.select(Sheet, Seat, EventRound.name)
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(EventRound, Sheet.round_id == EventRound.id)
        .join(Entry, Sheet.entry_id == Entry.id)
        .outerjoin(Member, Sheet.member_id == Member.id)
        .where(
            Sheet.event_id == event_id,
            Seat.voided_at.is_(None),
            Entry.state.in_(COMPETING),
            sa.or_(Sheet.member_id.is_(None), sa.and_(Member.state.in_(COMPETING), Member.left_at.is_(None))),
        )
        .order_by(EventRound.position, Sheet.module_key, Sheet.position, Seat.position, Sheet.id)
    )
    return statement if round_id is None else statement.where(Sheet.round_id == round_id)


def subjects_without_sheets(event_id: int) -> int:
    """How many competing entries have no sheet at all: sheets have to be made (again)."""
    has_sheet = sa.exists().where(Sheet.entry_id == Entry.id)
    statement = sa.select(sa.func.count(Entry.id)).where(
        Entry.event_id == event_id, Entry.state.in_(COMPETING), ~has_sheet
    )
    return int(db.session.scalar(statement) or 0)


def unheld_seats(event_id: int) -> int:
    """How many live seats of judges nobody holds; their sheets can only be keyed at the desk."""
    held = sa.exists().where(SeatHolder.seat_id == Seat.id, SeatHolder.until_at.is_(None))
    statement = (
        sa.select(sa.func.count(Seat.id))
        .join(Panel)
        .where(Panel.event_id == event_id, Seat.voided_at.is_(None), Seat.kind != SeatKind.FILE, ~held)
    )
    return int(db.session.scalar(statement) or 0)


@dataclass(frozen=True)
class LockState:
    """How far the sheets of an event or a round are. `is_locked`: there are sheets and all of them are locked."""

    sheets: int
    submitted: int
    locked: int
    frozen: int

    @property
    def is_locked(self) -> bool:
        return self.sheets > 0 and self.locked == self.sheets


def lock_state(event_id: int, *, round_id: int | None = None) -> LockState:
    """Counts over the sheets of competing subjects, void seats left out."""
    counted = (
        sa.func.count(column) for column in (Sheet.id, Sheet.submitted_at, Sheet.locked_at, Sheet.frozen_at)
    )
    statement = _competing_sheets(event_id, round_id).with_only_columns(*counted).order_by(None)
    sheets, submitted, locked, frozen = db.session.execute(statement).one()
    return LockState(sheets=sheets, submitted=submitted, locked=locked, frozen=frozen)


def _rules(event_id: int) -> RuleSet | None:
    document = db.session.scalar(
        sa.select(RuleVersion.document)
        .join(Event, Event.rule_version_id == RuleVersion.id)
        .where(Event.id == event_id)
    )
    return RuleSet.from_dict(document) if document else None
