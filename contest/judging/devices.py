"""Which device a judge marks on, what it says about its queue, and the checks it passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.accounts.models import Account, AccountSession, Device
from contest.db import db
from contest.events.models import Edition
from contest.judging.models import DeviceCheck, DeviceReport, Judge, MarkingDevice


@dataclass(frozen=True)
class Said:
    """A device about itself. `oldest`: age of the oldest waiting mark by the device's own clock, None without any.

    notes: comments, presses, calls, photos and signatures that wait beside the marks.
    """

    unsent: int
    held: int
    oldest: timedelta | None
    skew_ms: int
    notes: int = 0


def report(actor: Actor, device_id: int, said: Said, *, at: datetime) -> int:
    """Keep what a device says; the first device of a judge becomes the one the judge marks on.

    Returns the id of that one, so that the page can turn to reading when it is another.
    """
    # Two tabs report at once: on PostgreSQL they take turns here.
    db.session.execute(sa.select(Account.id).where(Account.id == actor.account_id).with_for_update())
    row = db.session.scalars(
        sa.select(DeviceReport).where(
            DeviceReport.account_id == actor.account_id, DeviceReport.device_id == device_id
        )
    ).first()
    if row is None:
        row = DeviceReport(account_id=actor.account_id, device_id=device_id)
        db.session.add(row)
    row.unsent, row.held, row.skew_ms, row.reported_at = said.unsent, said.held, said.skew_ms, at
    row.notes = said.notes
    row.oldest_at = at - said.oldest if said.oldest is not None else None
    db.session.flush()
    held = marking_device(actor, at=at) or _begin(actor, device_id, at=at)
    return held.device_id


def marking_device(actor: Actor, *, at: datetime) -> MarkingDevice | None:
    """The device the judge marks on; None before the first one reported, and once the judge is signed out there."""
    signed_in = sa.exists().where(
        AccountSession.account_id == MarkingDevice.account_id,
        AccountSession.device_id == MarkingDevice.device_id,
        AccountSession.revoked_at.is_(None),
        AccountSession.expires_at > at,
    )
    return db.session.scalars(
        sa.select(MarkingDevice).where(MarkingDevice.account_id == actor.account_id, signed_in)
    ).first()


def marks_on(actor: Actor, device: Device | None, *, at: datetime) -> bool:
    """Whether the judge may mark on a device: no other one is the judge's. A browser without a name is let be."""
    row = marking_device(actor, at=at) if device is not None else None
    return row is None or device is None or row.device_id == device.id


def _begin(actor: Actor, device_id: int, *, at: datetime) -> MarkingDevice:
    row = db.session.scalars(
        sa.select(MarkingDevice).where(MarkingDevice.account_id == actor.account_id)
    ).first()
    if row is None:
        row = MarkingDevice(account_id=actor.account_id)
        db.session.add(row)
    row.device_id, row.since_at = device_id, at
    db.session.flush()
    return row


def take_over(actor: Actor, device: Device, *, at: datetime) -> MarkingDevice:
    """From now on the judge marks on this device; the one before only reads. Logged in each contest of the judge."""
    row = marking_device(actor, at=at)
    if row is None:
        return _begin(actor, device.id, at=at)
    if row.device_id == device.id:
        return row
    before = db.session.get_one(Device, row.device_id)
    row.device_id, row.since_at = device.id, at
    db.session.flush()
    for contest_id in _contests_of(actor):
        changes = {"device": [before.name, device.name]}
        audit.record(actor, "device.taken_over", device, contest_id=contest_id, changes=changes, at=at)
    return row


def _contests_of(actor: Actor) -> list[int]:
    statement = (
        sa.select(Edition.contest_id)
        .join(Judge, Judge.edition_id == Edition.id)
        .where(Judge.account_id == actor.account_id)
        .distinct()
        .order_by(Edition.contest_id)
    )
    return list(db.session.scalars(statement))


def keep_check(actor: Actor, device: Device, results: dict[str, Any], *, at: datetime) -> DeviceCheck:
    """Keep what a device check found: test → {"state": good|warn|bad, "value": short text}."""
    is_good = all(one["state"] != "bad" for one in results.values())
    row = DeviceCheck(
        account_id=actor.account_id, device_id=device.id, checked_at=at, is_good=is_good, results=results
    )
    db.session.add(row)
    db.session.flush()
    return row
