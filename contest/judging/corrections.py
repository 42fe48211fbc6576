"""Corrections of locked sheets, after an upheld appeal or a re-check: a new revision with a reason, never an update."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.events.models import EventAspect
from contest.judging import queries
from contest.judging.chain import GENESIS
from contest.judging.intake import standing
from contest.judging.marks import MarkRefused, Receipt, Typed, answered, append, checked, new_row, told
from contest.judging.models import MarkSource, Sheet
from contest.judging.panels import contest_of
from contest.judging.refusals import ReasonMissing, SheetFrozen


def correct(sheet: Sheet, typed: Typed, *, reason: str, actor: Actor, at: datetime) -> Receipt:
    """Correct a mark of a locked sheet after an upheld appeal or a re-check, with a reason; the lock stays.

    Raises ReasonMissing, SheetFrozen while a confirmed list stands on the sheet.
    """
    if not reason.strip():
        raise ReasonMissing()
    if sheet.frozen_at is not None:
        raise SheetFrozen(sheet=sheet.work_code)
    try:
        milli = checked(queries.aspects_of_sheet(sheet), typed)
    except MarkRefused as refusal:
        return Receipt(typed.uuid, "refused", refusal.reason, refusal.params)
    place = (sheet.id, _aspect_id(sheet, typed.aspect), typed.attempt)
    stand = standing(actor, {sheet.public_id}, {typed.uuid}, is_own=None, may="")
    head = stand.heads.get(place)
    answer = answered(typed, milli, place, head, stand.known.get(typed.uuid))
    if answer:
        return answer
    origin: dict[str, Any] = {
        "at": at,
        "source": MarkSource.CORRECTION,
        "device": "",
        "reason": reason.strip(),
    }
    previous = stand.chains.get(sheet.id, GENESIS)
    row = append(new_row(actor, typed, milli, place, head, previous, **origin))
    changes, contest_id = {typed.aspect: [told(head), told(row)]}, contest_of(sheet.event)
    audit.record(actor, "mark.corrected", sheet, contest_id=contest_id, changes=changes, reason=reason, at=at)
    return Receipt(typed.uuid, "stored", current=told(row))


def _aspect_id(sheet: Sheet, key: str) -> int:
    statement = sa.select(EventAspect.id).where(
        EventAspect.event_id == sheet.event_id, EventAspect.key == key
    )
    return int(db.session.scalar(statement) or 0)
