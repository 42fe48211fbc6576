"""What the devices of an event's judges last said about themselves: marks that wait, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from contest.accounts.devices import kind_of
from contest.accounts.models import Device
from contest.db import db
from contest.judging.models import DeviceCheck, DeviceReport, Judge, MarkingDevice, Panel, Seat, SeatHolder

SILENT_AFTER = timedelta(seconds=100)
"""A device reports every 30 seconds while a page is open: three times missed is silence."""


@dataclass(frozen=True)
class Queue:
    """One judge's device. `oldest_s`, `silent_s`: seconds; `silent_s` is 0 while the device reports in time."""

    account_id: int
    judge: str
    device_id: int
    device: str  # the short name that stands on its screen
    kind: str  # e.g. “Android · Chrome”
    is_marking: bool  # the judge marks on this one; on the others the judge only reads
    unsent: int
    notes: int
    held: int
    oldest_s: int
    silent_s: int
    skew_ms: int
    reported_at: datetime

    @property
    def oldest(self) -> str:
        """The age of the oldest waiting mark: 7:30 (minutes and seconds), 10:00:00 from an hour on."""
        hours, rest = divmod(self.oldest_s, 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def queues_of(event_id: int, *, at: datetime) -> list[Queue]:
    """The devices of all judges who hold a seat of the event, those with waiting marks first.

    The caller has authorised the event. A device that never reported is not in the list.
    """
    holders = _holders(event_id)
    marking = sa.and_(
        MarkingDevice.account_id == DeviceReport.account_id, MarkingDevice.device_id == DeviceReport.device_id
    )
    rows = db.session.execute(
        sa.select(DeviceReport, Device, holders.c.name, MarkingDevice.id)
        .join(Device, DeviceReport.device_id == Device.id)
        .join(holders, holders.c.account_id == DeviceReport.account_id)
        .outerjoin(MarkingDevice, marking)
        .order_by(DeviceReport.unsent.desc(), holders.c.name, DeviceReport.id)
    )
    return [
        _queue(report, device, name, marking_id is not None, at) for report, device, name, marking_id in rows
    ]


def _holders(event_id: int) -> sa.Subquery:
    """The accounts that hold a live seat of an event, each with the judge's name."""
    return (
        sa.select(Judge.account_id, sa.func.min(Judge.name).label("name"))
        .join(SeatHolder, SeatHolder.judge_id == Judge.id)
        .join(Seat, SeatHolder.seat_id == Seat.id)
        .join(Panel, Seat.panel_id == Panel.id)
        .where(Panel.event_id == event_id, Seat.voided_at.is_(None), SeatHolder.until_at.is_(None))
        .group_by(Judge.account_id)
        .subquery()
    )


def judges_without_device(event_id: int) -> list[str]:
    """Names of judges who hold a seat and whose device never reported. The caller has authorised the event."""
    holders = _holders(event_id)
    reported = sa.exists().where(DeviceReport.account_id == holders.c.account_id)
    return list(db.session.scalars(sa.select(holders.c.name).where(~reported).order_by(holders.c.name)))


@dataclass(frozen=True)
class Check:
    """A device check of a judge, the newest of that device. results: test → {"state", "value"}."""

    judge: str
    device: str
    kind: str
    checked_at: datetime
    is_good: bool
    results: dict[str, Any]


def checks_of(event_id: int) -> list[Check]:
    """The newest check of each judge's device, by judge. The caller has authorised the event."""
    holders = _holders(event_id)
    newest = (
        sa.select(sa.func.max(DeviceCheck.id)).group_by(DeviceCheck.account_id, DeviceCheck.device_id)
    ).scalar_subquery()
    rows = db.session.execute(
        sa.select(DeviceCheck, Device, holders.c.name)
        .join(Device, DeviceCheck.device_id == Device.id)
        .join(holders, holders.c.account_id == DeviceCheck.account_id)
        .where(DeviceCheck.id.in_(newest))
        .order_by(holders.c.name, DeviceCheck.id)
    )
    return [
        Check(name, device.name, kind_of(device.agent), row.checked_at, row.is_good, row.results)
        for row, device, name in rows
    ]


def _queue(report: DeviceReport, device: Device, judge: str, is_marking: bool, at: datetime) -> Queue:
    silent = at - report.reported_at
    return Queue(
        account_id=report.account_id,
        judge=judge,
        device_id=device.id,
        device=device.name,
        kind=kind_of(device.agent),
        is_marking=is_marking,
        unsent=report.unsent,
        notes=report.notes,
        held=report.held,
        oldest_s=max(0, int((at - report.oldest_at).total_seconds())) if report.oldest_at else 0,
        silent_s=int(silent.total_seconds()) if silent > SILENT_AFTER else 0,
        skew_ms=report.skew_ms,
        reported_at=report.reported_at,
    )
