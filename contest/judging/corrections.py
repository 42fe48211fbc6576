"""Marks that change after they were given: by the chief judge's decision, or after the panel's talk. Always a new
revision with a reason, never an update; and the list of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from contest import audit
from contest.accounts.access import Actor
from contest.accounts.models import Account
from contest.db import db
from contest.events.models import EventAspect
from contest.judging import queries
from contest.judging.appending import Appender
from contest.judging.chain import GENESIS
from contest.judging.intake import standing
from contest.judging.marks import MarkRefused, Receipt, Typed, answered, checked, new_row, told
from contest.judging.models import MarkRevision, MarkSource, MarkState, Seat, Sheet, SheetSignature
from contest.judging.panels import contest_of
from contest.judging.refusals import NotLocked, ReasonMissing, SheetFrozen


def correct(sheet: Sheet, typed: Typed, *, reason: str, actor: Actor, at: datetime) -> Receipt:
    """Correct a mark of a locked sheet after an upheld appeal or a re-check, with a reason; the lock stays.

    Raises ReasonMissing, NotLocked (an open sheet is its judge's), SheetFrozen while a confirmed list stands on it.
    """
    if sheet.locked_at is None:
        raise NotLocked(sheet=sheet.work_code)
    if sheet.frozen_at is not None:
        raise SheetFrozen(sheet=sheet.work_code)
    origin = {"source": MarkSource.CORRECTION, "action": "mark.corrected"}
    return append_with_reason(sheet, typed, reason=reason, actor=actor, at=at, **origin)


def append_with_reason(
    sheet: Sheet, typed: Typed, *, source: MarkSource, action: str, reason: str, actor: Actor, at: datetime
) -> Receipt:
    """A revision that says why; the caller has checked that the sheet may change. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing()
    try:
        milli = checked(queries.aspects_of_sheet(sheet), typed)
    except MarkRefused as refusal:
        return Receipt(typed.uuid, "refused", refusal.reason, refusal.params)
    place = (sheet.id, _aspect_id(sheet, typed.aspect), typed.attempt)
    stand = standing([(actor, {sheet.public_id})], {typed.uuid}, is_own=None, may="")
    head = stand.heads.get(place)
    answer = answered(typed, milli, place, head, stand.known.get(typed.uuid))
    if answer:
        return answer
    origin: dict[str, Any] = {"at": at, "source": source, "device": "", "reason": reason.strip()}
    previous = stand.chains.get(sheet.id, GENESIS)
    appender = Appender(stand)
    row = appender.add(new_row(actor, typed, milli, place, head, previous, **origin))
    appender.write()
    changes, contest_id = {typed.aspect: [told(head), told(row)]}, contest_of(sheet.event)
    audit.record(actor, action, sheet, contest_id=contest_id, changes=changes, reason=reason, at=at)
    return Receipt(typed.uuid, "stored", current=told(row))


def _aspect_id(sheet: Sheet, key: str) -> int:
    statement = sa.select(EventAspect.id).where(
        EventAspect.event_id == sheet.event_id, EventAspect.key == key
    )
    return int(db.session.scalar(statement) or 0)


@dataclass(frozen=True)
class Changed:
    """A mark that changed after its sheet was signed, or by a decision. kind: decision, talk, desk, judge.

    before: None where nothing stood. Values are (state, thousandths or None).
    """

    public_id: str
    work_code: str
    seat: str
    module_key: str
    aspect: str
    attempt: int
    before: tuple[MarkState, int | None] | None
    after: tuple[MarkState, int | None]
    kind: str
    who: str
    reason: str
    at: datetime


def changes_of(event_id: int) -> list[Changed]:
    """Every such change of an event, newest first; the caller has authorised the event."""
    old = aliased(MarkRevision)
    was_signed = sa.exists().where(
        SheetSignature.sheet_id == MarkRevision.sheet_id, SheetSignature.signed_at < MarkRevision.recorded_at
    )
    rows = db.session.execute(
        sa.select(MarkRevision, old, Sheet, Seat, EventAspect.key, Account.name)
        .join(Sheet, MarkRevision.sheet_id == Sheet.id)
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(EventAspect, MarkRevision.aspect_id == EventAspect.id)
        .outerjoin(old, MarkRevision.replaces_id == old.id)
        .outerjoin(Account, MarkRevision.account_id == Account.id)
        .where(
            Sheet.event_id == event_id,
            sa.or_(MarkRevision.source == MarkSource.CORRECTION, MarkRevision.reason != "", was_signed),
        )
        .order_by(MarkRevision.id.desc())
    )
    return [_changed(*row) for row in rows]


def _changed(
    mark: MarkRevision, old: MarkRevision | None, sheet: Sheet, seat: Seat, key: str, who: str | None
) -> Changed:
    kinds = {MarkSource.CORRECTION: "decision", MarkSource.DESK: "desk"}
    kind = "talk" if mark.reason and mark.source is MarkSource.DEVICE else kinds.get(mark.source, "judge")
    return Changed(
        public_id=sheet.public_id,
        work_code=sheet.work_code,
        seat=seat.label or str(seat.position),
        module_key=sheet.module_key,
        aspect=key,
        attempt=mark.attempt,
        before=(old.state, old.value_milli) if old is not None else None,
        after=(mark.state, mark.value_milli),
        kind=kind,
        who=who or "",
        reason=mark.reason or mark.comment,
        at=mark.recorded_at,
    )
