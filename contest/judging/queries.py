"""Reading panels, sheets and marks, authorised in the query.

What a judge gets is made of `shown.SheetLine` and `SheetView`: work codes and opaque sheet ids, never an entry.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from contest.accounts.access import Actor, scope_filter
from contest.db import db
from contest.entries.models import Entry
from contest.errors import Missing
from contest.events.models import Event, EventRound
from contest.events.queries import EVENT_SCOPE, select_up
from contest.files import StoredFile
from contest.judging.beside import beside_of
from contest.judging.conflicts import may_mark
from contest.judging.current import (
    CurrentMarks,
    LockState,
    MissingSheet,
    current_marks,
    last_revision,
    lock_state,
    missing_sheets,
    scoring_seats,
    subjects_without_sheets,
    unheld_seats,
)
from contest.judging.models import (
    Judge,
    MarkFile,
    MarkRevision,
    Panel,
    Seat,
    SeatHolder,
    Sheet,
)
from contest.judging.models_desk import DeskRule, JudgeMessage, Keying, RelationNotice, SheetCheck  # noqa: F401
from contest.judging.problem_lines import (
    ProblemLine,
    answered_problems,
    open_problems,
    problem_of,
    problems_of_sheet,
)
from contest.judging.queues import Check, Queue, checks_of, judges_without_device, queues_of
from contest.judging.shown import (
    MarkView,
    SheetLine,
    SheetView,
    aspects_of_sheet,
    holders_of_sheet,
    lines,
    marks_of,
    signers_of,
    view,
    whole_views,
)
from contest.judging.spread import Spread, open_spreads
from contest.judging.verification import unchecked

__all__ = [
    "Check",
    "CurrentMarks",
    "LockState",
    "MarkView",
    "MissingSheet",
    "ProblemLine",
    "Queue",
    "SheetLine",
    "SheetView",
    "answered_problems",
    "Spread",
    "aspects_of_sheet",
    "beside_of",
    "checks_of",
    "current_marks",
    "holders_of_sheet",
    "judges_without_device",
    "last_revision",
    "lock_state",
    "marks_of",
    "missing_sheets",
    "open_problems",
    "problem_of",
    "problems_of_sheet",
    "open_spreads",
    "queues_of",
    "scoring_seats",
    "signers_of",
    "subjects_without_sheets",
    "unchecked",
    "unheld_seats",
]


def held_sheets(actor: Actor) -> sa.Select[Any]:
    """SELECT of the sheets an actor marks: holds the seat, is granted judging there, has no conflict."""
    statement = (
        select_up(sa.select(Sheet).join(Event, Sheet.event_id == Event.id))
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(SeatHolder, sa.and_(SeatHolder.seat_id == Seat.id, SeatHolder.until_at.is_(None)))
        .join(Judge, SeatHolder.judge_id == Judge.id)
        .join(Entry, Sheet.entry_id == Entry.id)
    )
    return statement.where(
        Judge.account_id == (actor.account_id or 0),
        Seat.voided_at.is_(None),
        scope_filter(actor, "marks.enter", EVENT_SCOPE),
        may_mark(),
    )


def office_sheets(actor: Actor, *, may: str) -> sa.Select[Any]:
    """SELECT of the sheets an office role may reach (desk, chief judge, supervisor)."""
    statement = select_up(sa.select(Sheet).join(Event, Sheet.event_id == Event.id))
    return statement.join(Seat, Sheet.seat_id == Seat.id).where(scope_filter(actor, may, EVENT_SCOPE))


_ORDER = (Event.id, EventRound.position, Sheet.module_key, Sheet.position, Seat.position, Sheet.id)


def my_sheets(actor: Actor, *, locale: str) -> list[SheetLine]:
    """All sheets of a judge in the order of the draw, by event, round and module."""
    statement = held_sheets(actor).join(EventRound, Sheet.round_id == EventRound.id)
    return lines(statement.order_by(*_ORDER), locale)


def event_sheets(
    actor: Actor,
    event_id: int,
    *,
    may: str,
    locale: str,
    round_id: int | None = None,
    module_key: str | None = None,
    work_code: str | None = None,
) -> list[SheetLine]:
    """The sheets of an event for an office role."""
    statement = office_sheets(actor, may=may).join(EventRound, Sheet.round_id == EventRound.id)
    statement = statement.where(Sheet.event_id == event_id)
    for column, value in (
        (Sheet.round_id, round_id),
        (Sheet.module_key, module_key),
        (Sheet.work_code, work_code),
    ):
        if value:
            statement = statement.where(column == value)
    return lines(statement.order_by(*_ORDER), locale)


def whole_sheets(
    actor: Actor,
    event_id: int,
    *,
    may: str,
    locale: str,
    round_id: int | None = None,
    module_key: str | None = None,
    seat_id: int | None = None,
) -> list[SheetView]:
    """Whole sheets of an event, for printing: seat by seat, in the order of the draw."""
    statement = office_sheets(actor, may=may).join(EventRound, Sheet.round_id == EventRound.id)
    statement = statement.where(Sheet.event_id == event_id)
    for column, value in (
        (Sheet.round_id, round_id),
        (Sheet.module_key, module_key),
        (Sheet.seat_id, seat_id),
    ):
        if value:
            statement = statement.where(column == value)
    ordered = statement.order_by(
        EventRound.position, Sheet.module_key, Seat.position, Sheet.position, Sheet.id
    )
    return whole_views(ordered, actor, locale)


def history_of(public_id: str) -> list[MarkRevision]:
    """All revisions of a sheet, oldest first; the caller has authorised the sheet."""
    return list(
        db.session.scalars(
            sa.select(MarkRevision)
            .join(Sheet, MarkRevision.sheet_id == Sheet.id)
            .where(Sheet.public_id == public_id)
            .order_by(MarkRevision.id)
            .options(joinedload(MarkRevision.aspect))
        )
    )


def my_sheet(actor: Actor, public_id: str, *, locale: str) -> SheetView:
    """One sheet of the judge's own. Raises Missing for any other, the same as for none."""
    return view(held_sheets(actor).where(Sheet.public_id == public_id), actor, locale)


def sheets_beside(actor: Actor, public_id: str, *, locale: str) -> list[SheetView]:
    """The judge's open sheets of the same seat, module and round, in the order of the draw. Raises Missing."""
    here = my_sheet_row(actor, public_id)
    statement = held_sheets(actor).where(
        Sheet.seat_id == here.seat_id,
        Sheet.module_key == here.module_key,
        Sheet.round_id == here.round_id,
        Sheet.submitted_at.is_(None),
        Sheet.locked_at.is_(None),
    )
    return whole_views(statement.order_by(Sheet.position, Sheet.id), actor, locale)


def office_sheet(actor: Actor, public_id: str, *, may: str, locale: str) -> SheetView:
    """One sheet for an office role. Raises Missing."""
    return view(office_sheets(actor, may=may).where(Sheet.public_id == public_id), actor, locale)


def owes_own_mark(actor: Actor, public_id: str) -> bool:
    """Whether the actor still has to submit an own sheet for the same subject: till then others' marks stay hidden."""
    other = aliased(Sheet)
    statement = (
        held_sheets(actor)
        .join(other, other.public_id == public_id)
        .where(
            Sheet.entry_id == other.entry_id,
            sa.func.coalesce(Sheet.member_id, 0) == sa.func.coalesce(other.member_id, 0),
            Sheet.module_key == other.module_key,
            Sheet.round_id == other.round_id,
            Sheet.id != other.id,
            Sheet.submitted_at.is_(None),
        )
    )
    return db.session.scalars(statement.limit(1)).first() is not None


def my_sheet_row(actor: Actor, public_id: str) -> Sheet:
    """The row itself, for a service call. Raises Missing."""
    return _one(held_sheets(actor).where(Sheet.public_id == public_id))


def office_sheet_row(actor: Actor, public_id: str, *, may: str) -> Sheet:
    """The row itself, for a service call. Raises Missing."""
    return _one(office_sheets(actor, may=may).where(Sheet.public_id == public_id))


def event_id_of(public_id: str) -> int:
    """The event a sheet belongs to, for links of an office page that has authorised it. Raises Missing."""
    found = db.session.scalar(sa.select(Sheet.event_id).where(Sheet.public_id == public_id))
    if found is None:
        raise Missing()
    return found


def _one(statement: sa.Select[Any]) -> Sheet:
    sheet = db.session.scalars(statement).first()
    if sheet is None:
        raise Missing()
    return sheet


def panels_of(event_id: int) -> list[Panel]:
    """The panels of an event with seats and holders; the caller has authorised the event."""
    return list(
        db.session.scalars(
            sa.select(Panel)
            .where(Panel.event_id == event_id)
            .order_by(Panel.id)
            .options(selectinload(Panel.seats).selectinload(Seat.holders).joinedload(SeatHolder.judge))
        )
    )


def judges_of(edition_id: int) -> list[Judge]:
    """The judges of an edition by name; the caller has authorised the event."""
    return list(
        db.session.scalars(
            sa.select(Judge).where(Judge.edition_id == edition_id).order_by(Judge.name, Judge.id)
        )
    )


def mark_files_of(event_id: int) -> list[MarkFile]:
    """Uploaded files of marks, newest first; the caller has authorised the event."""
    return list(
        db.session.scalars(
            sa.select(MarkFile).where(MarkFile.event_id == event_id).order_by(MarkFile.id.desc())
        )
    )


def stored_file(file_id: int) -> StoredFile:
    """Name and digest of a kept file; the caller has authorised what it belongs to."""
    return db.session.get_one(StoredFile, file_id)
