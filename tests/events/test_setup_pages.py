"""Setting a contest up through its forms: what is typed is kept, what is refused is said at its field."""

import json

from contest.accounts.access import SYSTEM
from contest.accounts.models import Role, ScopeKind
from contest.db import db, now, transaction
from contest.events import service
from contest.events.models import Contest, Edition, Event, EventState, Holder, SubContest
from tests.builders import make_account
from tests.events.pages import filled


def fresh(model, row_id):
    db.session.rollback()
    return db.session.get_one(model, row_id)


def test_an_organiser_of_a_holder_sets_a_whole_contest_up(app, event, browser_of):
    holder_id = event.sub_contest.edition.contest.holder_id
    browser = browser_of(make_account("钱组织", (Role.ORGANISER, ScopeKind.HOLDER, holder_id)))
    browser.post(
        "/contests/new",
        {"holder_id": holder_id, "kind": "labour", "name": "五比一创竞赛", "timezone": "Asia/Shanghai"},
    )
    contest = db.session.query(Contest).filter_by(name="五比一创竞赛").one()
    data = {
        "ordinal": 3,
        "name": "第三届五比一创竞赛",
        "year": 2026,
        "appeal_hours": 2,
        "starts_on": "2026-05-01",
        "ends_on": "2026-09-30",
    }
    browser.post(f"/contests/{contest.id}/editions/new", data)
    edition = db.session.query(Edition).filter_by(ordinal=3).one()
    browser.post(f"/editions/{edition.id}/sub-contests/new", {"name": "建设行业", "industry": "建筑"})
    sub = db.session.query(SubContest).filter_by(name="建设行业").one()
    hosts = {
        **filled(browser.get(f"/sub-contests/{sub.id}/hosts"), "hosts-0-name"),
        "hosts-0-order": 2,
        "hosts-0-role": "organiser",
        "hosts-0-name": "示范市总工会",
        "hosts-1-order": 1,
        "hosts-1-role": "host",
        "hosts-1-name": "示范省总工会",
    }
    browser.post(f"/sub-contests/{sub.id}/hosts", hosts)
    browser.post(
        f"/sub-contests/{sub.id}/events/new",
        {
            "preset": "labour-monthly",
            "name": "重点工程",
            "members_min": 1,
            "members_max": 1,
            "starts_at": "2026-05-06T09:00",
        },
    )
    made = db.session.query(Event).filter_by(name="重点工程").one()
    assert [host.name for host in fresh(SubContest, sub.id).hosts] == ["示范省总工会", "示范市总工会"]
    assert (made.rule_version.preset, made.starts_at.isoformat()) == (
        "labour-monthly",
        "2026-05-06T01:00:00+00:00",
    )
    assert "示范省总工会" in browser.get(f"/editions/{edition.id}/setup")


def test_what_was_typed_is_kept_when_something_is_wrong(office, event):
    sub_id = event.sub_contest_id
    answer = office.post(
        f"/sub-contests/{sub_id}/events/new",
        {
            "name": "电工作业",
            "trade_code": "1-11-11-11",
            "members_min": 1,
            "members_max": 1,
            "venue": "第一车间",
        },
        status=422,
    )
    sent = filled(answer.get_data(as_text=True), "trade_code")
    assert (sent["name"], sent["trade_code"], sent["venue"]) == (["电工作业"], ["1-11-11-11"], ["第一车间"])
    assert "职业分类大典中没有编码“1-11-11-11”" in answer.get_data(as_text=True)


def test_a_last_day_before_the_first_is_said_at_its_field(office, event):
    contest_id = event.sub_contest.edition.contest_id
    data = {
        "ordinal": 2,
        "name": "第二届",
        "year": 2027,
        "appeal_hours": 2,
        "starts_on": "2027-05-02",
        "ends_on": "2027-05-01",
    }
    answer = office.post(f"/contests/{contest_id}/editions/new", data, status=422)
    assert "结束日期早于开始日期" in answer.get_data(as_text=True)
    assert db.session.query(Edition).count() == 1


def test_a_number_of_an_edition_is_given_once(office, event):
    contest_id = event.sub_contest.edition.contest_id
    data = {"ordinal": 1, "name": "又一届", "year": 2027, "appeal_hours": 2}
    answer = office.post(f"/contests/{contest_id}/editions/new", data, status=422)
    assert "该竞赛已有第 1 届" in answer.get_data(as_text=True)


def test_a_form_read_before_another_change_shows_both_and_overwrites_nothing(office, event):
    event_id = event.id
    sent = filled(office.get(f"/events/{event_id}/edit"), "venue")
    with transaction():
        row = db.session.get_one(Event, event_id)
        service.update_event(row, values={"venue": "二号馆"}, version=row.version, actor=SYSTEM, at=now())
    answer = office.post(f"/events/{event_id}/edit", {**sent, "venue": "一号馆"}, status=422)
    text = answer.get_data(as_text=True)
    assert fresh(Event, event_id).venue == "二号馆"
    assert "他人已存为：二号馆" in text
    office.post(f"/events/{event_id}/edit", filled(text, "venue"))
    assert fresh(Event, event_id).venue == "一号馆"


def test_birthdays_are_kept_as_conditions_beside_what_else_is_there(office, event):
    event_id = event.id
    with transaction():
        db.session.get_one(Event, event_id).conditions = {"levels": ["三级"]}
    sent = filled(office.get(f"/events/{event_id}/edit"), "venue")
    office.post(f"/events/{event_id}/edit", {**sent, "born_from": "1981-01-01", "born_to": "2010-01-01"})
    conditions = fresh(Event, event_id).conditions
    assert conditions == {"levels": ["三级"], "born_from": "1981-01-01", "born_to": "2010-01-01"}


def test_groups_are_saved_row_by_row(office, event):
    event_id = event.id
    sent = filled(office.get(f"/events/{event_id}/groups"), "groups-0-name")
    office.post(f"/events/{event_id}/groups", {**sent, "groups-1-name": "学生组", "groups-1-is_student": "y"})
    groups = fresh(Event, event_id).groups
    assert [(g.key, g.name, g.is_student) for g in groups] == [
        ("workers", "职工组", False),
        ("g1", "学生组", True),
    ]


def test_groups_that_changed_since_they_were_read_are_told_and_not_overwritten(office, event):
    event_id = event.id
    url = f"/events/{event_id}/groups"
    one, two = (filled(office.get(url), "groups-0-name") for _ in range(2))
    office.post(url, {**one, "groups-1-name": "学生组"})
    page = office.post(url, {**two, "groups-0-name": "一线职工组"}, status=422).get_data(as_text=True)
    assert [g.name for g in fresh(Event, event_id).groups] == ["职工组", "学生组"]
    assert ("他人已存为：职工组、学生组" in page, 'value="一线职工组"' in page) == (True, True)
    again = filled(page, "groups-0-name")
    office.post(url, {**again, "groups-1-key": "g1", "groups-1-name": "学生组"})
    assert [g.name for g in fresh(Event, event_id).groups] == ["一线职工组", "学生组"]


def test_hosts_that_changed_since_they_were_read_are_told_and_not_overwritten(office, event):
    sub_id = event.sub_contest_id
    url = f"/sub-contests/{sub_id}/hosts"
    one, two = (filled(office.get(url), "hosts-0-name") for _ in range(2))
    office.post(url, {**one, "hosts-0-name": "示范省总工会", "hosts-0-role": "host"})
    page = office.post(url, {**two, "hosts-0-name": "示范市总工会", "hosts-0-role": "host"}, status=422)
    page = page.get_data(as_text=True)
    assert [host.name for host in fresh(SubContest, sub_id).hosts] == ["示范省总工会"]
    assert ("他人已存为：示范省总工会" in page, 'value="示范市总工会"' in page) == (True, True)


def test_the_trade_picker_gets_json(office, event):
    found = json.loads(office.get("/occupations?format=json&q=模具工"))
    assert found["results"][0] == {
        "code": "6-18-04-01",
        "name": "模具工",
        "above": "机械制造基础加工人员 › 工装工具制造加工人员",
    }


def test_an_event_goes_from_preset_to_open_by_buttons(office, event):
    event_id = event.id
    office.post(f"/events/{event_id}/rules/start", {"preset": "ramen", "version": 0})
    office.post(f"/events/{event_id}/rules/save", {})
    office.post(f"/events/{event_id}/dry-run", {})
    office.post(f"/events/{event_id}/open", {})
    assert fresh(Event, event_id).state is EventState.DRAFT
    assert "规则中的组别在赛项中不存在" in office.get(f"/events/{event_id}/setup")
    read = filled(office.get(f"/events/{event_id}/groups"), "groups-0-name")
    rows = {
        **read,
        "groups-0-key": "workers",
        "groups-0-name": "职工",
        "groups-1-key": "",
        "groups-1-name": "学生",
    }
    office.post(f"/events/{event_id}/groups", rows)
    office.post(f"/events/{event_id}/open", {})
    assert fresh(Event, event_id).state is EventState.OPEN
    office.post(f"/events/{event_id}/close", {})
    assert fresh(Event, event_id).state is EventState.CLOSED
    office.post(f"/events/{event_id}/reopen", {"reason": ""})
    assert fresh(Event, event_id).state is EventState.CLOSED
    office.post(f"/events/{event_id}/reopen", {"reason": "补赛"})
    assert fresh(Event, event_id).state is EventState.OPEN


def test_looking_at_the_dry_run_does_not_count_as_doing_it(office, event):
    event_id = event.id
    with transaction():
        service.adopt_preset(db.session.get_one(Event, event_id), preset="ramen", actor=SYSTEM, at=now())
    page = office.get(f"/events/{event_id}/dry-run")
    assert "100.00" in page
    assert service.last_dry_run(fresh(Event, event_id)) is None


def test_an_empty_sub_contest_is_deleted_and_a_full_one_stays(office, event):
    sub_id, edition_id = event.sub_contest_id, event.sub_contest.edition_id
    office.post(f"/sub-contests/{sub_id}/delete", {})
    assert "其下还有内容，不能删除" in office.get(f"/sub-contests/{sub_id}")
    office.post(f"/events/{event.id}/delete", {})
    office.post(f"/sub-contests/{sub_id}/delete", {})
    office.get(f"/sub-contests/{sub_id}", status=404)
    assert fresh(Edition, edition_id).sub_contests == []


def test_holders_are_the_administrators_matter(office, event, browser_of):
    office.get("/holders/new", status=403)
    browser = browser_of(make_account("管理员", (Role.ADMINISTRATOR, ScopeKind.INSTALLATION, 0)))
    browser.post("/holders/new", {"name": "示范市总工会", "slug": "Demo City"}, status=422)
    browser.post("/holders/new", {"name": "示范市总工会", "slug": "demo-city"})
    holder = db.session.query(Holder).filter_by(slug="demo-city").one()
    browser.post(f"/holders/{holder.id}/delete", {})
    assert db.session.query(Holder).filter_by(slug="demo-city").count() == 0


def test_an_organiser_of_a_sub_contest_sees_and_changes_only_theirs(event, browser_of):
    edition = event.sub_contest.edition
    with transaction():
        other = service.create_sub_contest(
            edition=db.session.get_one(Edition, edition.id), name="别的分赛", actor=SYSTEM, at=now()
        )
    contest_id, sub_id = edition.contest_id, event.sub_contest_id
    person = make_account("分赛组织", (Role.ORGANISER, ScopeKind.SUB_CONTEST, sub_id), contest_id=contest_id)
    browser = browser_of(person)
    page = browser.get(f"/editions/{edition.id}/setup")
    assert "别的分赛" not in page
    browser.get(f"/sub-contests/{sub_id}/edit")
    browser.get(f"/sub-contests/{other.id}/edit", status=404)
    browser.get(f"/editions/{edition.id}/edit", status=404)


def test_a_chief_judge_may_look_but_not_change(event, browser_of):
    contest_id = event.sub_contest.edition.contest_id
    browser = browser_of(
        make_account("裁判长", (Role.CHIEF_JUDGE, ScopeKind.EVENT, event.id), contest_id=contest_id)
    )
    page = browser.get(f"/events/{event.id}/setup")
    assert "删除此赛项" not in page
    browser.get(f"/events/{event.id}/edit", status=404)
    browser.post(f"/events/{event.id}/open", {}, status=404)


def test_times_are_typed_and_shown_in_the_zone_of_the_contest(office, event):
    event_id = event.id
    with transaction():
        db.session.get_one(Event, event_id).sub_contest.edition.contest.timezone = "Asia/Urumqi"
    sent = filled(office.get(f"/events/{event_id}/edit"), "venue")
    office.post(f"/events/{event_id}/edit", {**sent, "starts_at": "2026-05-06T09:00"})
    assert fresh(Event, event_id).starts_at.isoformat() == "2026-05-06T03:00:00+00:00"
    assert filled(office.get(f"/events/{event_id}/edit"), "venue")["starts_at"] == ["2026-05-06T09:00"]
    assert "2026-05-06 09:00" in office.get(f"/events/{event_id}/setup")
