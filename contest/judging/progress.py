"""How far an event's sheets are, by sheet and judge, and one short figure that changes whenever any of it does."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa

from contest.accounts.access import Actor
from contest.db import db
from contest.entries.models import Entry
from contest.judging.conflicts import may_mark
from contest.judging.models import (
    DeviceReport,
    Judge,
    MarkRevision,
    Panel,
    Seat,
    SeatHolder,
    Sheet,
    SheetSignature,
)
from contest.judging.models_desk import JudgeMessage, SheetCheck

STREAMS = 2
"""Live boards of one process; the others ask every ten seconds, so that marks always find a free thread."""
_streams = threading.BoundedSemaphore(STREAMS)


def hands_of(event_id: int) -> dict[str, dict[int, bool]]:
    """Sheet's public id → who may mark it now → whether they have signed it. {} where a tie keeps everybody off."""
    signed = sa.exists().where(
        SheetSignature.sheet_id == Sheet.id,
        SheetSignature.judge_id == Judge.id,
        SheetSignature.void_at.is_(None),
    )
    rows = db.session.execute(
        sa.select(Sheet.public_id, Judge.id, signed)
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(SeatHolder, sa.and_(SeatHolder.seat_id == Seat.id, SeatHolder.until_at.is_(None)))
        .join(Judge, SeatHolder.judge_id == Judge.id)
        .join(Entry, Sheet.entry_id == Entry.id)
        .where(Sheet.event_id == event_id, Seat.voided_at.is_(None), may_mark())
    )
    found: dict[str, dict[int, bool]] = {}
    for public_id, judge_id, has_signed in rows:
        found.setdefault(public_id, {})[judge_id] = bool(has_signed)
    return found


def holders_of(event_id: int) -> list[tuple[SeatHolder, Judge, Seat, Panel]]:
    """Who holds which live seat of an event now, in the order of the panels and seats."""
    rows = db.session.execute(
        sa.select(SeatHolder, Judge, Seat, Panel)
        .join(Judge, SeatHolder.judge_id == Judge.id)
        .join(Seat, SeatHolder.seat_id == Seat.id)
        .join(Panel, Seat.panel_id == Panel.id)
        .where(Panel.event_id == event_id, SeatHolder.until_at.is_(None), Seat.voided_at.is_(None))
        .order_by(Panel.id, Seat.position, SeatHolder.id)
    )
    return [tuple(row) for row in rows]


def pulse(event_id: int) -> str:
    """A short digest that changes with every mark, submission, lock, message, check or report of a device.

    Counts and newest ids only, so it may be asked every second or two. The caller has authorised the event.
    """
    sheets = Sheet.event_id == event_id
    on_sheets: Any = sa.select(sa.func.max(MarkRevision.id)).join(Sheet, MarkRevision.sheet_id == Sheet.id)
    checks = sa.select(sa.func.max(SheetCheck.id)).join(Sheet, SheetCheck.sheet_id == Sheet.id)
    signatures = (
        sa.select(sa.func.count(SheetSignature.id), sa.func.count(SheetSignature.void_at))
        .join(Sheet, SheetSignature.sheet_id == Sheet.id)
        .where(sheets)
    )
    counted = sa.select(
        sa.func.count(Sheet.id),
        sa.func.sum(Sheet.version),
        sa.func.count(Sheet.submitted_at),
        sa.func.count(Sheet.locked_at),
    ).where(sheets)
    messages = sa.select(sa.func.count(JudgeMessage.id), sa.func.count(JudgeMessage.seen_at)).where(
        JudgeMessage.event_id == event_id
    )
    seats = (
        sa.select(sa.func.count(SeatHolder.id), sa.func.count(SeatHolder.until_at))
        .join(Seat, SeatHolder.seat_id == Seat.id)
        .join(Panel, Seat.panel_id == Panel.id)
        .where(Panel.event_id == event_id)
    )
    parts: list[Any] = [db.session.scalar(on_sheets.where(sheets)), db.session.scalar(checks.where(sheets))]
    for statement in (signatures, counted, messages, seats, _reports(event_id)):
        parts.extend(db.session.execute(statement).one())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _reports(event_id: int) -> Any:
    """What the devices say waits on them; the moment of a report alone changes nothing."""
    accounts = (
        sa.select(Judge.account_id)
        .join(SeatHolder, SeatHolder.judge_id == Judge.id)
        .join(Seat, SeatHolder.seat_id == Seat.id)
        .join(Panel, Seat.panel_id == Panel.id)
        .where(Panel.event_id == event_id)
    )
    return sa.select(
        sa.func.count(DeviceReport.id), sa.func.sum(DeviceReport.unsent), sa.func.sum(DeviceReport.held)
    ).where(DeviceReport.account_id.in_(accounts))


def beats(event_id: int, *, seconds: int = 45, every: float = 2) -> Iterator[str]:
    """Server-sent events: the pulse at once and whenever it changes, for `seconds`; then the browser connects anew.

    Each stream holds a thread of the server, so at most `STREAMS` run in a process; one too many is told *full* and
    asks from time to time instead. Between two looks no connection to the database is held.
    """
    if not _streams.acquire(blocking=False):
        yield "event: full\ndata: ask\n\n"
        return
    try:
        yield "retry: 3000\n\n"
        last, until = "", time.monotonic() + seconds
        while time.monotonic() < until:
            beat = pulse(event_id)
            db.session.remove()
            yield f"event: pulse\ndata: {beat}\n\n" if beat != last else ": still here\n\n"
            last = beat
            time.sleep(every)
    finally:
        _streams.release()


def seats_with_sheets(event_id: int) -> set[int]:
    """The seats of an event that can't be removed any more; the caller has authorised the event."""
    return set(db.session.scalars(sa.select(Sheet.seat_id).where(Sheet.event_id == event_id).distinct()))


def events_of_seats(actor: Actor) -> list[int]:
    """The events in which the actor holds a seat."""
    statement = (
        sa.select(Panel.event_id)
        .join(Seat, Seat.panel_id == Panel.id)
        .join(SeatHolder, sa.and_(SeatHolder.seat_id == Seat.id, SeatHolder.until_at.is_(None)))
        .join(Judge, SeatHolder.judge_id == Judge.id)
        .where(Judge.account_id == (actor.account_id or 0), Seat.voided_at.is_(None))
    )
    return sorted(set(db.session.scalars(statement)))


def events_of_sheets(public_ids: Collection[str]) -> list[int]:
    """The events that some sheets belong to, for a caller who has authorised the sheets."""
    statement = sa.select(Sheet.event_id).where(Sheet.public_id.in_(public_ids)).distinct()
    return sorted(db.session.scalars(statement))


def ids_of(event_id: int) -> dict[str, int]:
    """Public id → id of every sheet of an event; the caller has authorised the event."""
    rows = db.session.execute(sa.select(Sheet.public_id, Sheet.id).where(Sheet.event_id == event_id))
    return {public_id: sheet_id for public_id, sheet_id in rows}
