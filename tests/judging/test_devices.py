"""Devices of judges: the queue they report, and the one of them that marks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from contest.accounts import devices as accounts_devices
from contest.accounts import service as accounts
from contest.accounts.models import AccountSession, Device
from contest.audit import Change
from contest.db import db, transaction
from contest.judging import devices, queries
from tests.judging.builders import make_hall

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AGENT = "Mozilla/5.0 (Linux; Android 12; SM-X200) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36"


def add_device(hall, judge: int = 0) -> int:
    """A device on which a judge is signed in."""
    account = hall.account(judge)
    with transaction():
        device = accounts_devices.add_device(agent=AGENT, at=NOON)[0]
        accounts.open_session(account, via="qr", at=NOON, ip="", device=AGENT, device_id=device.id)
        return device.id


def say(hall, judge, device_id, at=NOON, **said):
    values = {"unsent": 0, "held": 0, "oldest": None, "skew_ms": 0, **said}
    actor = hall.actor(judge)
    with transaction():
        return devices.report(actor, device_id, devices.Said(**values), at=at)


def test_the_board_reads_what_waits_on_each_device_and_for_how_long(app):
    hall = make_hall(judges=2)
    tablets = [add_device(hall, 0), add_device(hall, 1)]
    say(hall, 0, tablets[0])
    say(hall, 1, tablets[1], unsent=12, held=1, oldest=timedelta(minutes=7), skew_ms=86_400_000)
    found = queries.queues_of(hall.event_id, at=NOON + timedelta(seconds=30))
    assert [(one.judge, one.unsent, one.held, one.oldest_s, one.silent_s) for one in found] == [
        ("裁判2", 12, 1, 450, 0),
        ("裁判1", 0, 0, 0, 0),
    ]
    assert [(one.kind, one.is_marking, one.skew_ms) for one in found] == [
        ("Android · Chrome", True, 86_400_000),
        ("Android · Chrome", True, 0),
    ]
    say(hall, 0, tablets[0], at=NOON + timedelta(minutes=5))
    late = queries.queues_of(hall.event_id, at=NOON + timedelta(minutes=5))
    assert [(one.judge, one.silent_s) for one in late] == [("裁判2", 300), ("裁判1", 0)]


def test_devices_of_judges_of_another_event_are_not_in_the_list(app):
    here, there = make_hall(judges=1), make_hall(judges=1)
    tablet = add_device(there)
    say(there, 0, tablet, unsent=3)
    assert queries.queues_of(here.event_id, at=NOON) == []
    assert [one.unsent for one in queries.queues_of(there.event_id, at=NOON)] == [3]


def test_the_first_device_marks_until_a_second_takes_over_which_is_logged(app):
    hall = make_hall(judges=1)
    first, second = add_device(hall), add_device(hall)
    assert (say(hall, 0, first), say(hall, 0, second)) == (first, first)
    with transaction():
        devices.take_over(hall.actor(), db.session.get_one(Device, second), at=NOON)
    assert (say(hall, 0, first), say(hall, 0, second)) == (second, second)
    lines = db.session.scalars(sa.select(Change).where(Change.action == "device.taken_over")).all()
    names = [db.session.get_one(Device, one).name for one in (first, second)]
    assert [(line.contest_id, line.account_id, line.values) for line in lines] == [
        (hall.contest_id, hall.actor().account_id, {"device": names})
    ]


def test_a_device_on_which_the_judge_is_signed_out_holds_nothing_back(app):
    hall = make_hall(judges=1)
    first, second = add_device(hall), add_device(hall)
    assert (say(hall, 0, first), say(hall, 0, second)) == (first, first)
    with transaction():
        gone = sa.update(AccountSession).where(AccountSession.device_id == first)
        db.session.execute(gone.values(revoked_at=NOON))
    assert say(hall, 0, second) == second
    assert list(db.session.scalars(sa.select(Change).where(Change.action == "device.taken_over"))) == []
