"""A sign-in belongs to one device, and after a pause the PIN opens the pages while marks still come in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from contest.accounts import devices, pins, queries
from contest.accounts import service as accounts
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, AccountSession, Device, FailedAttempt, LinkPurpose
from contest.db import db, now, transaction
from contest.errors import Invalid
from tests.judging.builders import make_hall


@pytest.fixture
def hall(app):
    app.config["WTF_CSRF_ENABLED"] = False
    return make_hall(judges=1)


def code(hall) -> str:
    with transaction():
        return accounts.make_link(hall.account(), purpose=LinkPurpose.PERSONAL_QR, actor=SYSTEM, at=now())


def scan(app, token):
    browser = app.test_client()
    return browser, browser.post(f"/s/{token}")


def set_pin(hall, pin="2580") -> None:
    with transaction():
        pins.set_pin(hall.account(), pin=pin, actor=SYSTEM, at=now())


def test_the_first_scan_offers_a_pin_and_the_next_leads_straight_to_the_sheets(app, hall):
    browser, answer = scan(app, code(hall))
    assert answer.headers["Location"] == "/account/pin?next=/judge/"
    assert browser.post("/account/pin?next=/judge/", data={"pin": "2580"}).headers["Location"] == "/judge/"
    assert hall.account().pin_hash != "2580"
    _, again = scan(app, code(hall))
    assert again.headers["Location"] == "/judge/"


@pytest.mark.parametrize(
    ("pin", "refusal"),
    [("123", "pin_digits"), ("12345678901", "pin_digits"), ("12a4", "pin_digits"), ("٢٥٨٠", "pin_digits"),
     ("1111", "pin_easy"), ("3456", "pin_easy"), ("9876", "pin_easy")],
)  # fmt: skip
def test_a_pin_of_other_than_digits_or_one_guessed_at_once_is_refused(hall, pin, refusal):
    with pytest.raises(Invalid) as refused:
        set_pin(hall, pin)
    assert (refused.value.code, hall.account().pin_hash) == (refusal, None)


def test_a_sign_in_is_worth_nothing_on_another_device(app, hall):
    browser, _ = scan(app, code(hall))
    assert browser.get("/judge/").status_code == 200
    session = browser.get_cookie("contest")
    thief = app.test_client()
    thief.set_cookie("contest", session.value)
    assert thief.get("/judge/").status_code == 302
    thief.set_cookie("device", "another")
    assert thief.get("/judge/").status_code == 302
    assert browser.get("/judge/").status_code == 200


def test_a_device_keeps_its_name_over_sign_ins_and_its_secret_is_kept_as_a_digest(app, hall):
    browser, _ = scan(app, code(hall))
    browser.post("/sign-out")
    browser.post(f"/s/{code(hall)}")
    row = db.session.scalars(sa.select(Device)).one()
    cookie = browser.get_cookie("device")
    assert (cookie.http_only, cookie.same_site, len(row.name)) == (True, "Lax", 4)
    assert devices.device_of(cookie.value).id == row.id
    assert row.secret_digest != cookie.value
    sessions = db.session.scalars(sa.select(AccountSession)).all()
    assert [one.device_id for one in sessions] == [row.id, row.id]


def test_after_a_pause_pages_ask_for_the_pin_while_marks_and_reports_still_come_in(app, hall):
    set_pin(hall)
    browser, _ = scan(app, code(hall))
    assert browser.post("/account/idle").get_json() == {"pin": True}
    sheet = f"/judge/sheets/{hall.sheets()[0].public_id}"
    sent = [browser.get(url).headers.get("Location", "") for url in ("/judge/", sheet, "/editions/1")]
    assert [url.partition("?")[0] for url in sent] == ["/account/unlock"] * 3
    assert browser.post("/judge/sync", json={"marks": []}).status_code == 200
    assert (
        browser.post("/judge/report", json={"unsent": 1, "held": 0, "oldest_s": 5, "now": 0}).status_code
        == 200
    )
    assert browser.get("/judge/token").status_code == 200
    assert browser.post("/judge/take-over").status_code == 302
    wrong = browser.post("/account/unlock", data={"pin": "0000"})
    assert (wrong.status_code, browser.get("/judge/").status_code) == (422, 302)
    right = browser.post("/account/unlock?next=/judge/", data={"pin": "2580"})
    assert (right.headers["Location"], browser.get("/judge/").status_code) == ("/judge/", 200)


def test_without_a_pin_nothing_is_asked(app, hall):
    browser, _ = scan(app, code(hall))
    assert browser.post("/account/idle").get_json() == {"pin": False}
    assert browser.get("/judge/").status_code == 200


def test_five_wrong_pins_make_the_judge_wait_or_scan_the_code_again(app, hall):
    set_pin(hall)
    token = code(hall)
    browser, _ = scan(app, token)
    browser.post("/account/idle")
    statuses = [browser.post("/account/unlock", data={"pin": "0001"}).status_code for _ in range(5)]
    assert statuses == [422] * 5
    assert browser.post("/account/unlock", data={"pin": "2580"}).status_code == 429
    assert browser.post(f"/s/{token}").status_code == 302
    assert browser.get("/judge/").status_code == 200
    with transaction():
        db.session.execute(sa.update(FailedAttempt).values(at=now() - timedelta(minutes=16)))
    assert queries.attempts_left(pins.tries_key(hall.account().id), now()) == 5


def test_a_judge_who_signs_in_by_password_lands_at_the_sheets_too(app, hall):
    with transaction():
        account = db.session.get_one(Account, hall.account().id)
        accounts.set_login(account, login="judge1", actor=SYSTEM, at=now())
        accounts.set_password(account, password="long enough to use", actor=SYSTEM, at=now())
    browser = app.test_client()
    answer = browser.post("/sign-in", data={"login": "judge1", "password": "long enough to use"})
    assert answer.headers["Location"] == "/judge/"
