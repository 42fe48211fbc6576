"""Blind double entry as its written machine, and what the two people see of each other: nothing."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from contest.accounts.access import SYSTEM
from contest.accounts.models import Role
from contest.db import db, now, transaction
from contest.judging import double_entry, queries, service, verification
from contest.judging.double_entry import TRANSITIONS, Act, KeyingState
from contest.judging.models import MarkRevision, MarkSource, Sheet, SheetSignature
from contest.judging.models_desk import Keying
from contest.judging.refusals import KeyedAgreed, NotSecondPerson, ReasonMissing
from tests.builders import csrf_of
from tests.judging.builders import VALUES, actor_of, make_hall, make_officer

PAPER = {f"{name}.1": ("value", value) for name, value in VALUES.items()}


@pytest.fixture
def hall(app):
    return make_hall(entries=2, judges=2)


@pytest.fixture
def keyers(hall):
    """Two scorekeepers and a third one."""
    return [actor_of(make_officer(hall, Role.SCOREKEEPER, f"统分员{n}").id) for n in (1, 2, 3)]


def keyed(hall, actor, fields, index=0):
    with transaction():
        sheet = db.session.get_one(Sheet, hall.sheets(0)[index].id)
        return service.key(sheet, fields, actor=actor, at=now())


def state(hall, index=0):
    sheet_id = hall.sheets(0)[index].id
    return double_entry.state_of(double_entry.keyings_of([sheet_id]).get(sheet_id, []))


def test_equal_keyings_agree_record_the_marks_and_submit_as_signed_on_paper(hall, keyers):
    assert state(hall) is KeyingState.EMPTY
    assert keyed(hall, keyers[0], PAPER).state is KeyingState.FIRST
    assert db.session.scalar(sa.select(sa.func.count(MarkRevision.id))) == 0
    outcome = keyed(hall, keyers[1], PAPER)
    assert (outcome.state, outcome.left) == (KeyingState.AGREED, 0)
    sheet = hall.sheets(0)[0]
    marks = {key: (mark.milli, mark.source) for (key, _n), mark in queries.marks_of(sheet.id).items()}
    assert marks == {
        "dough": (38500, MarkSource.DESK.value),
        "cut": (2500, MarkSource.DESK.value),
        "shape": (3000, MarkSource.DESK.value),
        "clean": (1000, MarkSource.DESK.value),
    }
    signature = db.session.scalars(sa.select(SheetSignature)).one()
    assert (sheet.submitted_at is not None, signature.method) == (True, "paper")


def test_only_what_differs_comes_back_to_both_until_they_agree(hall, keyers):
    keyed(hall, keyers[0], PAPER)
    other = {**PAPER, "dough.1": ("value", "33.5"), "shape.1": ("value", "2")}
    outcome = keyed(hall, keyers[1], other)
    assert (outcome.state, set(outcome.differs)) == (KeyingState.DIFFERS, {"dough.1", "shape.1"})
    sheet = hall.sheets(0)[0]
    for who in keyers[:2]:
        assert double_entry.wanted_of(sheet, who) == {"dough.1", "shape.1"}
    # A field that did not come back is not taken, whatever is sent.
    outcome = keyed(
        hall, keyers[1], {"dough.1": ("value", "38.5"), "cut.1": ("value", "9"), "shape.1": ("value", "2")}
    )
    assert (outcome.state, set(outcome.differs)) == (KeyingState.DIFFERS, {"shape.1"})
    assert keyed(hall, keyers[0], {"shape.1": ("value", "2")}).state is KeyingState.AGREED
    marks = {key: mark.milli for (key, _n), mark in queries.marks_of(sheet.id).items()}
    assert marks == {"dough": 38500, "cut": 2500, "shape": 2000, "clean": 1000}
    passes = db.session.scalars(sa.select(Keying.passes).order_by(Keying.turn)).all()
    assert passes == [2, 2]


def test_a_field_that_only_one_of_them_keyed_differs(hall, keyers):
    keyed(hall, keyers[0], PAPER)
    outcome = keyed(hall, keyers[1], {name: value for name, value in PAPER.items() if name != "clean.1"})
    assert set(outcome.differs) == {"clean.1"}


def test_the_first_may_key_again_before_the_second_and_alone_never_agrees(hall, keyers):
    keyed(hall, keyers[0], PAPER)
    assert keyed(hall, keyers[0], PAPER).state is KeyingState.FIRST
    assert db.session.scalar(sa.select(sa.func.count(Keying.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(MarkRevision.id))) == 0


def test_a_third_person_and_the_judge_of_the_sheet_have_no_turn(hall, keyers):
    with pytest.raises(NotSecondPerson):
        keyed(hall, hall.actor(0), PAPER)
    keyed(hall, keyers[0], PAPER)
    keyed(hall, keyers[1], {**PAPER, "cut.1": ("value", "3")})
    with pytest.raises(NotSecondPerson):
        keyed(hall, keyers[2], PAPER)
    keyed(hall, keyers[1], {"cut.1": ("value", "2.5")})
    assert state(hall) is KeyingState.AGREED


def test_what_both_left_empty_is_told_and_the_sheet_is_not_submitted(hall, keyers):
    part = {name: value for name, value in PAPER.items() if name != "shape.1"}
    keyed(hall, keyers[0], part)
    outcome = keyed(hall, keyers[1], part)
    assert (outcome.state, outcome.left, hall.sheets(0)[0].submitted_at) == (KeyingState.AGREED, 1, None)


def test_an_impossible_value_is_refused_with_its_field_and_nothing_is_kept(hall, keyers):
    outcome = keyed(hall, keyers[0], {**PAPER, "dough.1": ("value", "400"), "cut.1": ("value", "x")})
    assert {name: code for name, (code, _params) in outcome.errors.items()} == {
        "dough.1": "above",
        "cut.1": "not_a_number",
    }
    assert state(hall) is KeyingState.EMPTY


def test_beginning_anew_needs_a_reason_and_opens_the_sheet_again(hall, keyers):
    keyed(hall, keyers[0], PAPER)
    keyed(hall, keyers[1], PAPER)
    with pytest.raises(KeyedAgreed):
        keyed(hall, keyers[0], PAPER)
    for reason in ("", "拿错了评分表"):
        try:
            with transaction():
                sheet = db.session.get_one(Sheet, hall.sheets(0)[0].id)
                service.begin_anew(sheet, reason=reason, actor=keyers[0], at=now())
        except ReasonMissing:
            assert reason == ""
    assert (state(hall), hall.sheets(0)[0].submitted_at) == (KeyingState.EMPTY, None)
    keyed(hall, keyers[2], {**PAPER, "cut.1": ("value", "4")})
    assert keyed(hall, keyers[1], {**PAPER, "cut.1": ("value", "4")}).state is KeyingState.AGREED
    assert queries.marks_of(hall.sheets(0)[0].id)[("cut", 1)].milli == 4000


def test_the_written_machine_has_a_way_on_from_every_state_and_only_ends_in_agreement():
    for one in KeyingState:
        assert {after for (before, _act), after in TRANSITIONS.items() if before is one} != set()
    ways = {(before, after) for (before, act), after in TRANSITIONS.items() if act is not Act.BEGIN_ANEW}
    assert {before for before, after in ways if after is KeyingState.AGREED} == {
        KeyingState.FIRST,
        KeyingState.DIFFERS,
    }
    assert (KeyingState.EMPTY, KeyingState.AGREED) not in ways


def test_two_keyers_count_as_a_check_and_the_plain_desk_is_closed(app, hall, keyers, sign_in):
    with transaction():
        service.set_rule(hall.event, verification.Rule(True, True), actor=SYSTEM, at=now())
    keyed(hall, keyers[0], PAPER)
    keyed(hall, keyers[1], PAPER)
    assert verification.unchecked(hall.event_id) == 0
    with transaction():
        service.lock(db.session.get_one(Sheet, hall.sheets(0)[0].id), actor=SYSTEM, at=now())
    desk = sign_in(app.test_client(), make_officer(hall, Role.SCOREKEEPER))
    assert desk.get(f"/events/{hall.event_id}/desk").headers["Location"].endswith("/double")
    second = hall.sheets(0)[1]
    assert desk.get(f"/desk/sheets/{second.public_id}").status_code == 409
    token = csrf_of(desk, f"/events/{hall.event_id}/double")
    body = {"marks": [{"uuid": "x", "sheet": second.public_id}]}
    assert desk.post("/desk/sync", json=body, headers={"X-CSRFToken": token}).status_code == 409


def test_the_page_of_the_second_person_holds_nothing_that_the_first_typed(app, hall, sign_in):
    browsers = [
        sign_in(app.test_client(), make_officer(hall, Role.SCOREKEEPER, f"统分员{n}")) for n in (1, 2)
    ]
    url = f"/double/sheets/{hall.sheets(0)[0].public_id}"
    sent = {f"value.{name}": text for name, (_s, text) in PAPER.items()}
    first = {**sent, "value.dough.1": "37.5", "csrf_token": csrf_of(browsers[0], url)}
    assert browsers[0].post(url, data=first).status_code == 302
    page = browsers[1].get(url).get_data(as_text=True)
    assert ("37.5" in page, re.findall(r'name="value\.[^"]+" value="([^"]*)"', page)) == (False, ["", "", ""])
    listed = browsers[1].get(f"/events/{hall.event_id}/double").get_data(as_text=True)
    assert "37.5" not in listed
    second = {**sent, "csrf_token": csrf_of(browsers[1], url)}
    assert browsers[1].post(url, data=second).status_code == 302
    for browser, own in zip(browsers, ("38.5", "37.5"), strict=True):
        again = browser.get(url).get_data(as_text=True)
        assert re.findall(r'name="(value\.[^"]+)"', again) == ["value.dough.1"]
        assert own not in again


def test_a_refused_value_comes_back_as_it_was_typed_beside_its_sentence(app, hall, sign_in):
    desk = sign_in(app.test_client(), make_officer(hall, Role.SCOREKEEPER))
    url = f"/double/sheets/{hall.sheets(0)[0].public_id}"
    data = {"value.dough.1": "41", "value.cut.1": "2.5", "csrf_token": csrf_of(desk, url)}
    answer = desk.post(url, data=data)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'value="41"' in page, 'value="2.5"' in page) == (422, True, True)
    assert page.count('aria-invalid="true"') == 1
