"""Judges, panels and seats: who marks what. A seat is held by one judge, or by several who sign one sheet together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts import service as accounts
from contest.accounts.access import Actor
from contest.accounts.models import Account, Role, ScopeKind
from contest.db import db
from contest.errors import Invalid, Missing
from contest.events.models import Event
from contest.judging.conflicts import relations_of
from contest.judging.models import Judge, Panel, Seat, SeatHolder, SeatKind, Sheet
from contest.judging.refusals import AlreadyHeld, Conflicted, HasSheets, ReasonMissing, SheetFrozen


def create_panel(event: Event, *, name: str, module_keys: Sequence[str], actor: Actor, at: datetime) -> Panel:
    """A panel for one or more modules. Raises Invalid("panel_name_missing"), Invalid("panel_modules_missing")."""
    if not name.strip():
        raise Invalid("panel_name_missing")
    if not module_keys:
        raise Invalid("panel_modules_missing")
    panel = Panel(event_id=event.id, name=name.strip(), module_keys=list(module_keys))
    db.session.add(panel)
    db.session.flush()
    changes = {"name": [None, panel.name], "modules": [None, list(module_keys)]}
    audit.record(actor, "panel.created", panel, contest_id=contest_of(event), changes=changes, at=at)
    return panel


def add_seats(
    panel: Panel, *, count: int, actor: Actor, at: datetime, kind: SeatKind = SeatKind.JUDGE, label: str = ""
) -> list[Seat]:
    """Append seats of a kind. Raises Invalid("seat_count") outside 1 … 30."""
    if not 1 <= count <= 30:
        raise Invalid("seat_count")
    first = 1 + (
        db.session.scalar(sa.select(sa.func.max(Seat.position)).where(Seat.panel_id == panel.id)) or 0
    )
    seats = [
        Seat(panel_id=panel.id, kind=kind, position=first + index, label=label.strip() if count == 1 else "")
        for index in range(count)
    ]
    db.session.add_all(seats)
    db.session.flush()
    event = db.session.get_one(Event, panel.event_id)
    changes = {"kind": [None, kind.value], "count": [None, count]}
    audit.record(actor, "seat.added", panel, contest_id=contest_of(event), changes=changes, at=at)
    return seats


def assign(seat: Seat, judge: Judge, *, actor: Actor, at: datetime, recuse: bool = False) -> SeatHolder:
    """Give a seat to a judge, or add a judge to the group that holds it.

    A judge tied to entries of the event is refused, unless `recuse`: then the sheets of those entries stay hidden
    from them, for as long as the tie exists. A *self* seat wants the tie and never refuses it.
    Raises AlreadyHeld, Conflicted(relations).
    """
    event = db.session.get_one(Event, seat.panel.event_id)
    _free_in_panel(seat, judge)
    relations = {} if seat.kind is SeatKind.SELF else relations_of(judge.id, event.id)
    if relations and not recuse:
        raise Conflicted(
            name=judge.name, count=sum(relations.values()), relations=", ".join(relations), found=relations
        )
    holder = SeatHolder(seat_id=seat.id, judge_id=judge.id, from_at=at)
    db.session.add(holder)
    db.session.flush()
    accounts.grant(
        db.session.get_one(Account, judge.account_id),
        role=Role.JUDGE,
        scope_kind=ScopeKind.EVENT,
        scope_id=event.id,
        contest_id=contest_of(event),
        actor=actor,
        at=at,
    )
    changes = {"judge": [None, judge.name], "conflicts": [None, relations]}
    audit.record(actor, "seat.assigned", seat, contest_id=contest_of(event), changes=changes, at=at)
    return holder


def release(holder: SeatHolder, *, reason: str, actor: Actor, at: datetime) -> None:
    """End a holding: its sheets leave the judge's tablet at the next request; the marks stay. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing()
    if holder.until_at is not None:
        return
    holder.until_at, holder.until_reason = at, reason.strip()
    event = db.session.get_one(Event, holder.seat.panel.event_id)
    changes = {"judge": [holder.judge.name, None]}
    audit.record(
        actor,
        "seat.released",
        holder.seat,
        contest_id=contest_of(event),
        changes=changes,
        reason=reason,
        at=at,
    )


def replace(
    holder: SeatHolder, judge: Judge, *, reason: str, actor: Actor, at: datetime, recuse: bool = False
) -> SeatHolder:
    """Another judge takes the place over: the marks given so far stay, the open sheets go to the new one.

    The same ties keep the new judge away as at the first assignment. Raises ReasonMissing, AlreadyHeld, Conflicted.
    """
    seat = holder.seat
    release(holder, reason=reason, actor=actor, at=at)
    db.session.flush()
    return assign(seat, judge, actor=actor, at=at, recuse=recuse)


def edit_panel(panel: Panel, *, name: str, module_keys: Sequence[str], actor: Actor, at: datetime) -> None:
    """Rename a panel, or change what it marks; a module with sheets stays with it.

    Raises Invalid("panel_name_missing"), Invalid("panel_modules_missing"), HasSheets.
    """
    if not name.strip():
        raise Invalid("panel_name_missing")
    if not module_keys:
        raise Invalid("panel_modules_missing")
    marked = set(
        db.session.scalars(sa.select(Sheet.module_key).join(Seat).where(Seat.panel_id == panel.id).distinct())
    )
    if marked - set(module_keys):
        raise HasSheets()
    changes = {"name": [panel.name, name.strip()], "modules": [panel.module_keys, list(module_keys)]}
    panel.name, panel.module_keys = name.strip(), list(module_keys)
    event = db.session.get_one(Event, panel.event_id)
    audit.record(actor, "panel.changed", panel, contest_id=contest_of(event), changes=changes, at=at)


def remove_seat(seat: Seat, *, actor: Actor, at: datetime) -> None:
    """Take a seat without sheets out of its panel. Raises HasSheets."""
    _no_sheets(Seat.id == seat.id)
    event = db.session.get_one(Event, seat.panel.event_id)
    changes = {"seat": [seat.label or seat.position, None]}
    audit.record(actor, "seat.removed", seat.panel, contest_id=contest_of(event), changes=changes, at=at)
    _delete_seats([seat.id])


def remove_panel(panel: Panel, *, actor: Actor, at: datetime) -> None:
    """Take away a panel whose seats have no sheets. Raises HasSheets."""
    _no_sheets(Seat.panel_id == panel.id)
    event = db.session.get_one(Event, panel.event_id)
    changes = {"name": [panel.name, None]}
    audit.record(actor, "panel.removed", panel, contest_id=contest_of(event), changes=changes, at=at)
    _delete_seats(list(db.session.scalars(sa.select(Seat.id).where(Seat.panel_id == panel.id))))
    db.session.execute(sa.delete(Panel).where(Panel.id == panel.id))
    db.session.expire_all()


def _no_sheets(which: sa.ColumnElement[bool]) -> None:
    if db.session.scalar(sa.select(Sheet.id).join(Seat).where(which).limit(1)):
        raise HasSheets()


def _delete_seats(seat_ids: Sequence[int]) -> None:
    db.session.execute(sa.delete(SeatHolder).where(SeatHolder.seat_id.in_(seat_ids)))
    db.session.execute(sa.delete(Seat).where(Seat.id.in_(seat_ids)))
    db.session.expire_all()


def void_seat(seat: Seat, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take all marks of a seat out of the tally; the revisions stay. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing()
    event = db.session.get_one(Event, seat.panel.event_id)
    _nothing_frozen(seat)
    seat.voided_at, seat.voided_reason = at, reason.strip()
    changes = {"voided": [False, True]}
    audit.record(
        actor, "seat.voided", seat, contest_id=contest_of(event), changes=changes, reason=reason, at=at
    )


def set_chief(panel: Panel, judge: Judge, *, actor: Actor, at: datetime) -> None:
    """Name the chief judge of a panel, with the right to lock in this event."""
    event = db.session.get_one(Event, panel.event_id)
    changes = {"chief_judge": [panel.chief_judge_id, judge.id]}
    panel.chief_judge_id = judge.id
    accounts.grant(
        db.session.get_one(Account, judge.account_id),
        role=Role.CHIEF_JUDGE,
        scope_kind=ScopeKind.EVENT,
        scope_id=event.id,
        contest_id=contest_of(event),
        actor=actor,
        at=at,
    )
    audit.record(actor, "panel.chief_named", panel, contest_id=contest_of(event), changes=changes, at=at)


def contest_of(event: Event) -> int:
    """The contest an event belongs to, for the log."""
    return event.sub_contest.edition.contest_id


def seat_of(event_id: int, seat_id: int) -> Seat:
    """A seat of an event that the caller has authorised. Raises Missing."""
    statement = sa.select(Seat).join(Panel).where(Seat.id == seat_id, Panel.event_id == event_id)
    return _found(db.session.scalars(statement).first())


def panel_of(event_id: int, panel_id: int) -> Panel:
    """A panel of an event that the caller has authorised. Raises Missing."""
    return _found(
        db.session.scalars(sa.select(Panel).where(Panel.id == panel_id, Panel.event_id == event_id)).first()
    )


def holder_of(event_id: int, holder_id: int) -> SeatHolder:
    """A holding in an event that the caller has authorised. Raises Missing."""
    statement = (
        sa.select(SeatHolder)
        .join(Seat)
        .join(Panel)
        .where(SeatHolder.id == holder_id, Panel.event_id == event_id)
    )
    return _found(db.session.scalars(statement).first())


def _found(row):  # type: ignore[no-untyped-def]
    if row is None:
        raise Missing()
    return row


def _free_in_panel(seat: Seat, judge: Judge) -> None:
    """One person marks a subject once: no second live seat of the same kind in the panel."""
    held = (
        sa.select(SeatHolder.id)
        .join(Seat)
        .where(
            Seat.panel_id == seat.panel_id,
            Seat.kind == seat.kind,
            SeatHolder.judge_id == judge.id,
            SeatHolder.until_at.is_(None),
        )
    )
    if db.session.scalar(held):
        raise AlreadyHeld(name=judge.name)


def _nothing_frozen(seat: Seat) -> None:
    if db.session.scalar(sa.select(Sheet.id).where(Sheet.seat_id == seat.id, Sheet.frozen_at.is_not(None))):
        raise SheetFrozen()
