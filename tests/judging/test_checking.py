"""The second person's check, what it holds back, corrections, and paper that equals the screen."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import render_template

from contest.accounts.access import SYSTEM
from contest.accounts.models import Role
from contest.db import db, now, transaction
from contest.errors import Invalid
from contest.judging import corrections, queries, score_sheets, service, verification
from contest.judging.models import MarkRevision, MarkSource, Sheet
from contest.judging.models_desk import SheetCheck
from contest.judging.refusals import MarksMoved, NotChecked, NotLocked, NotSecondPerson
from tests.builders import csrf_of
from tests.judging.builders import VALUES, actor_of, fill, make_hall, make_officer, mark, submit, typed


@pytest.fixture
def hall(app):
    """Three entries and two judges; all sheets of the first seat are submitted."""
    hall = make_hall(entries=3, judges=2)
    for sheet in hall.sheets(0):
        fill(hall, sheet, hall.actor(0))
        submit(sheet.id, hall.actor(0))
    return hall


def checked(hall, sheet, actor, is_right=True, note="", digest=None):
    with transaction():
        row = db.session.get_one(Sheet, sheet.id)
        digest = digest or row.submitted_digest
        service.check(row, digest=digest, is_right=is_right, note=note, actor=actor, at=now())


def states(hall):
    return [row.state for row in verification.pile(hall.event_id)]


def test_the_walk_goes_through_the_pile_and_stops_when_nothing_is_unchecked(app, hall, sign_in):
    second = sign_in(app.test_client(), make_officer(hall, Role.SCOREKEEPER))
    first, two, three = (sheet.public_id for sheet in hall.sheets(0))
    page = second.get(f"/events/{hall.event_id}/checking").get_data(as_text=True)
    assert f"/checking/{first}" in page
    ways = []
    for public_id, found in ((first, "right"), (two, "wrong"), (three, "right")):
        token = csrf_of(second, f"/checking/{public_id}")
        sheet = db.session.scalars(sa.select(Sheet).where(Sheet.public_id == public_id)).one()
        data = {
            "csrf_token": token,
            "digest": sheet.submitted_digest,
            "found": found,
            "note": "第 3 项应为 7.5",
        }
        ways.append(second.post(f"/checking/{public_id}", data=data).headers["Location"])
    assert ways == [f"/checking/{two}", f"/checking/{three}", f"/events/{hall.event_id}/checking"]
    assert states(hall) == ["right", "wrong", "right"]
    only = second.get(f"/events/{hall.event_id}/checking?state=wrong").get_data(as_text=True)
    assert (only.count("/checking/"), "第 3 项应为 7.5" in only) == (1, True)


def test_the_checking_pages_hold_no_field_for_a_mark_and_checking_changes_none(app, hall, sign_in):
    second = sign_in(app.test_client(), make_officer(hall, Role.SCOREKEEPER))
    page = second.get(f"/checking/{hall.sheets(0)[0].public_id}").get_data(as_text=True)
    names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page))
    assert names == {"csrf_token", "next", "digest", "found", "note"}
    before = db.session.scalars(sa.select(MarkRevision.hash).order_by(MarkRevision.id)).all()
    checked(hall, hall.sheets(0)[0], SYSTEM, is_right=False, note="错")
    assert db.session.scalars(sa.select(MarkRevision.hash).order_by(MarkRevision.id)).all() == before


def test_wrong_needs_to_say_what_and_a_check_is_of_the_marks_that_were_seen(hall):
    sheet = hall.sheets(0)[0]
    with pytest.raises(Invalid):
        checked(hall, sheet, SYSTEM, is_right=False, note=" ")
    with pytest.raises(MarksMoved):
        checked(hall, sheet, SYSTEM, digest="0" * 64)
    assert db.session.scalar(sa.select(sa.func.count(SheetCheck.id))) == 0


def test_whoever_marked_submitted_or_keyed_is_not_the_second_person(hall):
    sheet = hall.sheets(0)[0]
    with pytest.raises(NotSecondPerson):
        checked(hall, sheet, hall.actor(0))
    keyer = actor_of(make_officer(hall, Role.SCOREKEEPER).id)
    other = hall.sheets(1)[0]
    receipts = mark(keyer, typed(other, "dough", "8"), source=MarkSource.DESK)
    assert receipts[0].status == "stored"
    fill(hall, other, hall.actor(1), {name: value for name, value in VALUES.items() if name != "dough"})
    submit(other.id, hall.actor(1))
    with pytest.raises(NotSecondPerson):
        checked(hall, other, keyer)


def test_where_the_event_wants_it_only_a_sheet_found_right_is_locked(hall):
    with transaction():
        service.set_rule(hall.event, verification.Rule(True, False), actor=SYSTEM, at=now())
    first, two, _three = hall.sheets(0)
    assert verification.unchecked(hall.event_id) == 3
    checked(hall, first, SYSTEM)
    checked(hall, two, SYSTEM, is_right=False, note="错")
    assert verification.unchecked(hall.event_id) == 2
    with pytest.raises(NotChecked), transaction():
        service.lock(db.session.get_one(Sheet, two.id), actor=SYSTEM, at=now())
    with transaction():
        assert service.lock_all(hall.event, actor=SYSTEM, at=now()) == (1, 5)


def test_a_sheet_taken_back_or_corrected_is_unchecked_again(hall):
    first, two, _three = hall.sheets(0)
    for sheet in (first, two):
        checked(hall, sheet, SYSTEM)
    with transaction():
        service.take_back(db.session.get_one(Sheet, first.id), actor=hall.actor(0), at=now())
    mark(hall.actor(0), typed(first, "dough", "37", replaces=_seen(first, "dough")))
    submit(first.id, hall.actor(0))
    with transaction():
        row = db.session.get_one(Sheet, two.id)
        service.lock(row, actor=SYSTEM, at=now())
        change = typed(row, "dough", "37", replaces=_seen(row, "dough"))
        assert service.correct(row, change, reason="复核", actor=SYSTEM, at=now()).status == "stored"
    assert states(hall) == ["unchecked", "unchecked", "unchecked"]


def _seen(sheet, key):
    return UUID(queries.marks_of(sheet.id)[(key, 1)].uuid)


def test_the_list_of_corrections_tells_old_new_who_and_why_and_leaves_ordinary_marking_out(
    app, hall, sign_in
):
    assert corrections.changes_of(hall.event_id) == []
    account = make_officer(hall, Role.CHIEF_JUDGE, "裁判长甲")
    sheet_id, actor = hall.sheets(0)[0].id, actor_of(account.id)
    with transaction():
        row = db.session.get_one(Sheet, sheet_id)
        service.lock(row, actor=actor, at=now())
        change = typed(row, "dough", "37", replaces=_seen(row, "dough"))
        service.correct(row, change, reason="复核发现抄错", actor=actor, at=now())
    (one,) = corrections.changes_of(hall.event_id)
    assert (one.before[1], one.after[1], one.kind, one.who, one.reason) == (
        38500, 37000, "decision", "裁判长甲", "复核发现抄错",
    )  # fmt: skip
    chief = sign_in(app.test_client(), account)
    listed = chief.get(f"/events/{hall.event_id}/corrections").get_data(as_text=True)
    assert [text in listed for text in ("38.5", "37", "裁判长甲", "复核发现抄错", "K01")] == [True] * 5
    assert service.broken_links(sheet_id) == []


def test_an_unlocked_sheet_is_not_corrected_over_its_judge(hall):
    sheet_id = hall.sheets(0)[0].id
    with pytest.raises(NotLocked), transaction():
        row = db.session.get_one(Sheet, sheet_id)
        change = typed(row, "dough", "37", replaces=_seen(row, "dough"))
        service.correct(row, change, reason="复核", actor=SYSTEM, at=now())
    assert corrections.changes_of(hall.event_id) == []


def test_a_mark_changed_by_its_judge_after_taking_the_sheet_back_is_in_the_list(hall):
    sheet = hall.sheets(0)[0]
    with transaction():
        service.take_back(db.session.get_one(Sheet, sheet.id), actor=hall.actor(0), at=now())
    mark(hall.actor(0), typed(sheet, "dough", "37", replaces=_seen(sheet, "dough")))
    assert [(one.kind, one.after[1]) for one in corrections.changes_of(hall.event_id)] == [("judge", 37000)]


def test_the_printed_sheet_has_the_rows_of_the_screen_in_the_same_order_and_words(app, hall, sign_in):
    judge = sign_in(app.test_client(), hall.account(1))
    sheet = hall.sheets(1)[0]
    screen = judge.get(f"/judge/sheets/{sheet.public_id}?lang=zh_CN").get_data(as_text=True)
    titles = re.findall(r'<h3 id="t-[^"]+">([^<]+)', screen)
    (view,) = [
        one
        for one in queries.whole_sheets(SYSTEM, hall.event_id, may="panels.view", locale="zh_CN")
        if one.line.public_id == sheet.public_id
    ]
    with app.test_request_context("/?lang=zh_CN"):
        paper = render_template(
            "judging/papers/sheets.html",
            sheets=score_sheets.printed([view], "zh_CN"),
            edition=hall.event.sub_contest.edition,
        )
    printed = re.findall(r'<tr><td class="center">\d+</td><td>([^<]+)', paper)
    assert (titles, len(printed)) == (printed, 5)
    for words in ("低于行业标准", "达到行业标准", "部分优于标准", "明显优于标准"):
        assert (words in screen, words in paper) == (True, True)
    assert sheet.work_code in paper


def test_what_nobody_found_right_is_a_blocker_of_the_list_and_leads_to_the_checking_page(app, hall, sign_in):
    with transaction():
        service.set_rule(hall.event, verification.Rule(True, False), actor=SYSTEM, at=now())
    scorekeeper = sign_in(app.test_client(), make_officer(hall, Role.SCOREKEEPER))
    page = scorekeeper.get(f"/events/{hall.event_id}/results?lang=zh_CN").get_data(as_text=True)
    assert (
        "3 张已提交的评分表尚未由第二人核对无误" in page,
        f"/events/{hall.event_id}/checking" in page,
    ) == (True, True)
    for sheet in hall.sheets(0):
        checked(hall, sheet, SYSTEM)
    page = scorekeeper.get(f"/events/{hall.event_id}/results?lang=zh_CN").get_data(as_text=True)
    assert "尚未由第二人核对无误" not in page
