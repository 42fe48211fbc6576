"""Promotions: proposed from final lists, once a year, approved by somebody else, filled into the body's workbook."""

import io
from datetime import date

import openpyxl
import pytest

from contest.accounts.access import SYSTEM, Actor, Held
from contest.accounts.models import Role, ScopeKind
from contest.awards import promotion_report, promotions, service, templates
from contest.awards.models import Promotion, PromotionState
from contest.awards.refusals import (
    ListNotReady,
    NoPromotionThere,
    PromotionSettled,
    SecondPersonNeeded,
    TemplateUnusable,
)
from contest.db import db, transaction
from contest.entries.models import Person
from contest.errors import Missing
from contest.events.models import Edition, Holder
from contest.results.models import ListState, Publication
from contest.web import neutral
from tests.awards.builders import NAMES, NOON, RULES, advance, edition_of, id_number, make_list
from tests.builders import csrf_of, make_account, make_event

WITH_PROMOTION = (
    RULES
    + """
[[rankings.awards]]
key = "promotion"
by = "promotion"
kind = "promotion"
title_zh = "晋升职业技能等级"
title_en = "Promotion"
bands = [ { level = "technician", places = 3 } ]
"""
)
LEVELS = ("高级工", "技师", "高级技师", "")


def granted(state=ListState.FINAL, **more):
    listed = make_list(state, rules=WITH_PROMOTION, levels=LEVELS, **more)
    with transaction():
        service.draw_up(db.session.get_one(Publication, listed.id), actor=SYSTEM, at=NOON)
    return listed


def propose(listed, actor=SYSTEM):
    with transaction():
        return len(promotions.propose(db.session.get_one(Publication, listed.id), actor=actor, at=NOON))


def rows():
    return list(db.session.scalars(db.select(Promotion).order_by(Promotion.id)))


def approve(actor=SYSTEM, wanted=None):
    with transaction():
        return promotions.approve(
            [one for one in rows() if one.state is PromotionState.PROPOSED][:wanted], actor=actor, at=NOON
        )


def test_what_the_rules_grant_is_proposed_with_the_level_before_and_after(app):
    assert propose(granted()) == 2
    assert [(one.name, one.level_before, one.level_after, one.state) for one in rows()] == [
        (NAMES[0], "senior", "technician", PromotionState.PROPOSED),
        (NAMES[1], "technician", "senior_technician", PromotionState.PROPOSED),
    ]


def test_a_confirmed_list_promotes_nobody_yet(app):
    listed = granted(ListState.CONFIRMED)
    with pytest.raises(ListNotReady):
        propose(listed)
    advance(listed.id, ListState.FINAL)
    assert propose(listed) == 2


def test_proposing_twice_finds_nothing_new(app):
    listed = granted()
    propose(listed)
    with pytest.raises(NoPromotionThere):
        propose(listed)


def test_nobody_is_promoted_twice_a_year(app):
    propose(granted())
    holder = db.session.scalars(db.select(Holder)).one()
    second = granted(event=make_event("面点", holder=holder))
    propose(second)
    mine = [(one.level_after, one.state, one.settled_reason) for one in rows() if one.name == NAMES[0]]
    assert mine == [
        ("technician", PromotionState.PROPOSED, ""), ("technician", PromotionState.REFUSED, promotions.ONCE),
    ]  # fmt: skip


def test_whoever_proposed_does_not_approve(app):
    propose(granted(), actor=Actor(5, "A"))
    with pytest.raises(SecondPersonNeeded):
        approve(Actor(5, "A"))
    assert approve(Actor(6, "B")) == 2
    assert {(one.state, one.approved_by, one.approved_name) for one in rows()} == {
        (PromotionState.APPROVED, 6, "B")
    }


def record(row_id, number="Y000063000002600001"):
    with transaction():
        promotions.record(
            db.session.get_one(Promotion, row_id), certificate_number=number, recorded_on=date(2026, 12, 30), actor=SYSTEM, at=NOON
        )  # fmt: skip


def test_the_confirmed_level_is_written_back_to_the_person(app):
    propose(granted())
    first = rows()[0]
    with pytest.raises(PromotionSettled):
        record(first.id)
    approve()
    record(first.id)
    person = db.session.get_one(Person, rows()[0].person_id)
    assert (person.level, person.level_on, person.level_certificate) == (
        "technician", date(2026, 12, 30), "Y000063000002600001",
    )  # fmt: skip
    with pytest.raises(PromotionSettled):
        record(first.id)


def test_an_older_promotion_recorded_late_takes_no_level_away(app):
    propose(granted())
    approve()
    with transaction():
        db.session.get_one(Person, rows()[0].person_id).level = "special_technician"
    record(rows()[0].id)
    assert db.session.get_one(Person, rows()[0].person_id).level == "special_technician"


def test_the_workbook_has_a_row_for_each_and_notes_them_as_reported(app):
    listed = granted()
    propose(listed)
    approve(wanted=1)
    with transaction():
        edition = db.session.get_one(Edition, edition_of(listed).id)
        content = promotion_report.workbook(
            edition, lambda award: "第1名", neutral, full=True, actor=SYSTEM, at=NOON
        )
    lines = [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.values]
    assert lines[0][0] == "示范杯首届职业技能竞赛晋升职业技能等级人员名单（共1人）"
    named = dict(zip(lines[1], lines[2], strict=True))
    assert len(lines) == 3
    assert {key: named[key] for key in ("序号", "姓名", "证件号码", "原等级", "晋升等级", "晋升依据")} == {
        "序号": "1", "姓名": NAMES[0], "证件号码": id_number(1), "原等级": "高级工", "晋升等级": "技师", "晋升依据": "第1名",
    }  # fmt: skip
    assert [one.state for one in rows()] == [PromotionState.REPORTED, PromotionState.PROPOSED]


def a_template(cells, merged=()):
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    for area in merged:
        book.active.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_bodys_own_workbook_keeps_what_stands_below_the_placeholders(app):
    content = a_template(
        {
            "A1": "{{人数}}人",
            "B3": "{{Name}}（{{证件号码}}）",
            "C3": "固定",
            "A5": "填表人：",
            "D5": "=SUM(1,2)",
        },
        merged=["A5:C5"],
    )
    filled = templates.fill(
        content, [{"name": "甲", "id_number": "1"}, {"name": "=1+1", "id_number": "2"}], {"count": 2}, neutral
    )
    sheet = openpyxl.load_workbook(io.BytesIO(filled)).active
    assert [sheet[place].value for place in ("A1", "B3", "C3", "B4", "C4", "A6", "D6")] == [
        "2人", "甲（1）", "固定", "'=1+1（2）", "固定", "填表人：", "=SUM(1,2)",
    ]  # fmt: skip
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A6:C6"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"nothing", "template_unusable"),
        (a_template({"A1": "姓名"}), "template_no_row"),
        (a_template({"A1": "{{姓名}}", "B1": "{{工资}}"}), "template_place_unknown"),
    ],
)
def test_a_workbook_that_cannot_be_filled_is_refused_with_its_reason(app, content, code):
    with pytest.raises(TemplateUnusable) as refused:
        templates.check(content)
    assert refused.value.code == code


@pytest.fixture
def people(app, sign_in):
    listed = granted()
    contest_id = edition_of(listed).contest_id
    browsers = {}
    for role in (Role.ORGANISER, Role.SUPERVISOR, Role.SCOREKEEPER):
        account = make_account(role.value, (role, ScopeKind.CONTEST, contest_id), contest_id=contest_id)
        browsers[role] = sign_in(app.test_client(), account)
    return listed.id, edition_of(listed).id, browsers


def test_organiser_and_supervisor_do_it_on_the_pages(people):
    listed_id, edition_id, browsers = people
    page = f"/editions/{edition_id}/promotions"
    organiser, supervisor = browsers[Role.ORGANISER], browsers[Role.SUPERVISOR]
    assert browsers[Role.SCOREKEEPER].get(page).status_code == 404

    def post(browser, url, **values):
        return browser.post(url, data={"csrf_token": csrf_of(browser, page), **values}).status_code

    assert post(organiser, f"/publications/{listed_id}/promotions/propose") == 302
    ids = [one.id for one in rows()]
    assert post(organiser, f"{page}/approve", promotion=ids) == 404
    assert post(supervisor, f"{page}/approve", promotion=ids) == 302
    assert {one.state for one in rows()} == {PromotionState.APPROVED}
    assert post(supervisor, f"{page}/list.xlsx") == 404
    assert post(organiser, f"{page}/list.xlsx", full="1") == 200
    assert (
        post(
            organiser,
            f"/promotions/{ids[0]}",
            **{"record-certificate_number": "Y1", "record-recorded_on": ""},
        )
        == 422
    )
    assert (
        post(
            organiser,
            f"/promotions/{ids[0]}",
            **{"record-certificate_number": "Y1", "record-recorded_on": "2026-12-30"},
        )
        == 302
    )
    assert post(organiser, f"/promotions/{ids[1]}/refuse", reason="") == 422
    assert post(organiser, f"/promotions/{ids[1]}/refuse", reason="本人放弃") == 302
    assert [one.state for one in rows()] == [PromotionState.RECORDED, PromotionState.REFUSED]


def test_somebody_elses_promotion_is_not_found(app):
    propose(granted())
    stranger = Actor(9, "X", (Held(Role.ORGANISER, ScopeKind.CONTEST, 999, 999),))
    with pytest.raises(Missing):
        promotions.promotion_for(stranger, rows()[0].id)
