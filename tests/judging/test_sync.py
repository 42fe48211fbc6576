"""What may go wrong between a tablet and the server, and what every mark's receipt then says."""

from __future__ import annotations

import sqlite3
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from contest.accounts.models import AccountSession, Grant
from contest.db import db, now, transaction
from contest.events.models import Event, EventState
from contest.judging.arriving import LARGEST_BATCH
from contest.judging.models import MarkRevision, SeatHolder
from tests.judging.builders import VALUES, make_hall
from tests.judging.test_doors import as_account, csrf_of, one, sent


@pytest.fixture
def hall(app):
    return make_hall(entries=3, judges=2)


@pytest.fixture
def judge(app, hall, sign_in):
    browser = as_account(app, sign_in, hall.account(0))
    browser.token = csrf_of(browser, "/judge/")
    return browser


def statuses(answer) -> list[str]:
    return [receipt["status"] for receipt in answer.get_json()["receipts"]]


def stored() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(MarkRevision.id)))


class Failing:
    """Whatever stands before the application answers 503 although the application has done its work."""

    def __init__(self, application, times: int) -> None:
        self.application, self.times = application, times

    def __call__(self, environ, start_response):
        if not self.times:
            return self.application(environ, start_response)
        self.times -= 1
        b"".join(self.application(environ, lambda *_args: None))
        start_response("503 Service Unavailable", [("Content-Length", "0")])
        return [b""]


def test_a_503_after_the_commit_makes_no_double(app, hall, judge):
    marks = [one(hall.sheets()[0], key, value) for key, value in VALUES.items()]
    app.wsgi_app = Failing(app.wsgi_app, times=2)
    assert [sent(judge, judge.token, marks).status_code for _ in range(2)] == [503, 503]
    answer = sent(judge, judge.token, marks)
    assert statuses(answer) == ["known"] * len(marks)
    assert [receipt["current"]["value"] for receipt in answer.get_json()["receipts"]] == list(VALUES.values())
    assert stored() == len(marks)


def test_a_batch_over_the_limit_is_refused_whole_and_says_what_to_do(hall, judge):
    marks = [one(hall.sheets()[0])] * (LARGEST_BATCH + 1)
    answer = sent(judge, judge.token, marks)
    assert (answer.status_code, answer.get_json()["limit"]) == (413, LARGEST_BATCH)
    assert str(LARGEST_BATCH) in answer.get_json()["message"]
    assert stored() == 0


def test_the_largest_batch_is_taken_with_a_receipt_for_every_mark(hall, judge):
    sheet, marks, before = hall.sheets()[0], [], None
    for number in range(LARGEST_BATCH):
        marks.append(one(sheet, value=str(number % 39), replaces=before))
        before = marks[-1]["uuid"]
    assert statuses(sent(judge, judge.token, marks)) == ["stored"] * LARGEST_BATCH
    assert stored() == LARGEST_BATCH


def sign_out_elsewhere(hall) -> None:
    db.session.execute(sa.update(AccountSession).values(revoked_at=now()))


def take_the_grant(hall) -> None:
    db.session.execute(
        sa.update(Grant).where(Grant.account_id == hall.account(0).id).values(revoked_at=now())
    )


def give_the_seat_away(hall) -> None:
    db.session.execute(
        sa.update(SeatHolder).where(SeatHolder.seat_id == hall.seat_ids[0]).values(until_at=now())
    )


def close_the_event(hall) -> None:
    db.session.get_one(Event, hall.event_id).state = EventState.DRAFT


def lock_the_sheet(hall) -> None:
    hall.sheets()[0].locked_at = now() - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("change", "answered"),
    [
        (sign_out_elsewhere, (401, None)),
        (take_the_grant, (403, None)),
        (give_the_seat_away, (200, "not_yours")),
        (close_the_event, (200, "event_not_open")),
        (lock_the_sheet, (200, "locked")),
    ],
)
def test_what_was_taken_away_is_gone_with_the_next_request(hall, judge, change, answered):
    sheet = hall.sheets()[0]
    first, second = one(sheet), one(sheet, "cut", "2.5")
    assert statuses(sent(judge, judge.token, [first])) == ["stored"]
    with transaction():
        change(hall)
        db.session.flush()
    answer = sent(judge, judge.token, [second])
    receipts = answer.get_json().get("receipts", [{}])
    assert (answer.status_code, receipts[0].get("reason")) == answered
    assert stored() == 1


def test_marks_wait_for_another_process_that_holds_the_database_and_are_stored(app, hall, judge, tmp_path):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no writer's lock on the whole database")
    sheet = hall.sheets()[0]
    mark = one(sheet)
    db.session.rollback()
    holder = sqlite3.connect(db.engine.url.database, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    release = threading.Timer(1.5, holder.execute, ("COMMIT",))
    release.start()
    answer = sent(judge, judge.token, [mark])
    release.join()
    holder.close()
    assert statuses(answer) == ["stored"]
