"""Roles: given, taken back, and the link that is shown once."""

import re

from contest.accounts import service as accounts
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, Grant, Role, ScopeKind, SignInLink
from contest.db import db, now, transaction
from contest.events import service
from contest.events.models import Edition
from tests.builders import make_account


def people(event) -> str:
    return f"/editions/{event.sub_contest.edition_id}/people"


def contest_id(event) -> int:
    return event.sub_contest.edition.contest_id


def live(role: Role) -> list[tuple[str, str, int]]:
    db.session.rollback()
    rows = db.session.query(Grant).filter(Grant.role == role, Grant.revoked_at.is_(None)).order_by(Grant.id)
    return [(row.account.name, row.scope_kind.value, row.scope_id) for row in rows]


def test_a_new_person_gets_a_role_and_a_link_that_opens(office, event, app):
    place = f"event:{event.id}"
    answer = office.post(
        people(event), {"account": 0, "name": "钱统分", "role": "scorekeeper", "place": place}, status=200
    )
    page = answer.get_data(as_text=True)
    address = re.search(r'value="(http://localhost/s/[^"]+)"', page)[1]
    assert "<svg" in page
    assert live(Role.SCOREKEEPER) == [("钱统分", "event", event.id)]
    browser = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(address).get_data(as_text=True))[1]
    assert browser.post(address, data={"csrf_token": token}).location == "/account/password"


def test_the_link_is_nowhere_after_that(office, event):
    data = {"account": 0, "name": "钱统分", "role": "scorekeeper", "place": f"contest:{contest_id(event)}"}
    shown = office.post(people(event), data, status=200).get_data(as_text=True)
    token = re.search(r"/s/([\w-]{20,})", shown)[1]
    assert token not in office.get(people(event))
    assert db.session.query(SignInLink).filter(SignInLink.token_digest == token).count() == 0


def test_a_person_of_the_list_gets_a_second_role_without_a_second_account(office, event):
    data = {"account": 0, "name": "孙监督", "role": "supervisor", "place": f"contest:{contest_id(event)}"}
    office.post(people(event), data, status=200)
    account = db.session.query(Account).filter_by(name="孙监督").one()
    office.post(
        people(event),
        {"account": account.id, "role": "scorekeeper", "place": f"event:{event.id}"},
        status=200,
    )
    assert db.session.query(Account).filter_by(name="孙监督").count() == 1
    assert live(Role.SCOREKEEPER) == [("孙监督", "event", event.id)]


def test_somebody_with_a_password_gets_the_role_and_no_link(office, event):
    make_account("李编码", login="li", password="一二三四五六七八九十")
    data = {"account": 0, "login": "LI", "role": "coder", "place": f"event:{event.id}"}
    office.post(people(event), data)
    assert live(Role.CODER) == [("李编码", "event", event.id)]
    assert db.session.query(SignInLink).count() == 0


def test_without_a_name_nothing_is_made_and_the_form_says_why(office, event):
    data = {"account": 0, "role": "coder", "place": f"event:{event.id}"}
    answer = office.post(people(event), data, status=422)
    assert "请从名单中选择人员，或填写新增人员的姓名" in answer.get_data(as_text=True)
    assert live(Role.CODER) == []


def test_a_role_is_taken_back_and_stays_in_the_log(office, event):
    data = {"account": 0, "name": "钱统分", "role": "scorekeeper", "place": f"event:{event.id}"}
    office.post(people(event), data, status=200)
    grant = db.session.query(Grant).filter_by(role=Role.SCOREKEEPER).one()
    office.post(f"{people(event)}/{grant.id}/revoke", {})
    assert live(Role.SCOREKEEPER) == []
    assert db.session.query(Grant).filter_by(role=Role.SCOREKEEPER).count() == 1


def test_nobody_takes_a_role_from_themselves(office, event, organiser):
    grant = db.session.query(Grant).filter_by(account_id=organiser.id).one()
    office.post(f"{people(event)}/{grant.id}/revoke", {})
    assert live(Role.ORGANISER) == [("赵组织", "contest", contest_id(event))]
    assert "不能收回自己的角色" in office.get(people(event))


def test_roles_that_are_not_given_here_are_refused(office, event):
    for role in ("administrator", "judge", "contestant"):
        data = {"account": 0, "name": "甲", "role": role, "place": f"event:{event.id}"}
        office.post(people(event), data, status=422)
    assert live(Role.ADMINISTRATOR) == []


def test_an_organiser_of_a_part_gives_roles_in_that_part_only(event, browser_of):
    sub_id, contest = event.sub_contest_id, contest_id(event)
    browser = browser_of(
        make_account("分赛组织", (Role.ORGANISER, ScopeKind.SUB_CONTEST, sub_id), contest_id=contest)
    )
    for place in (
        f"contest:{contest}",
        "event:9999",
        "installation:0",
        f"holder:{event.sub_contest.edition.contest.holder_id}",
    ):
        browser.post(
            people(event), {"account": 0, "name": "甲", "role": "organiser", "place": place}, status=422
        )
    browser.post(
        people(event),
        {"account": 0, "name": "乙", "role": "organiser", "place": f"event:{event.id}"},
        status=200,
    )
    assert [name for name, _kind, _id in live(Role.ORGANISER)] == ["分赛组织", "乙"]


def test_a_part_organiser_can_not_take_the_contest_organisers_role(event, organiser, browser_of):
    sub_id = event.sub_contest_id
    person = make_account(
        "分赛组织", (Role.ORGANISER, ScopeKind.SUB_CONTEST, sub_id), contest_id=contest_id(event)
    )
    grant = db.session.query(Grant).filter_by(account_id=organiser.id).one()
    browser_of(person).post(f"{people(event)}/{grant.id}/revoke", {}, status=404)
    assert "赵组织" in [name for name, _kind, _id in live(Role.ORGANISER)]


def test_no_link_is_made_to_somebody_with_more_rights(office, event):
    chief = make_account("总管", (Role.ADMINISTRATOR, ScopeKind.INSTALLATION, 0))
    with transaction():
        accounts.grant(
            db.session.get_one(Account, chief.id),
            role=Role.SUPERVISOR,
            scope_kind=ScopeKind.CONTEST,
            scope_id=contest_id(event),
            contest_id=contest_id(event),
            actor=SYSTEM,
            at=now(),
        )
    office.post(f"{people(event)}/{chief.id}/link", {})
    assert db.session.query(SignInLink).count() == 0
    office.post(people(event), {"account": chief.id, "role": "coder", "place": f"event:{event.id}"})
    assert db.session.query(SignInLink).count() == 0


def test_an_organiser_can_not_sign_in_as_a_supervisor_who_has_a_password(office, event):
    role = (Role.SUPERVISOR, ScopeKind.CONTEST, contest_id(event))
    person = make_account(
        "孙监督", role, contest_id=contest_id(event), login="sun", password="一二三四五六七八九十"
    )
    office.post(f"{people(event)}/{person.id}/link", {})
    assert db.session.query(SignInLink).count() == 0
    assert "只有系统管理员可以为其生成登录链接" in office.get(people(event))


def test_a_new_invitation_ends_the_one_before(office, event, app):
    data = {"account": 0, "name": "钱统分", "role": "scorekeeper", "place": f"event:{event.id}"}
    first = re.search(
        r"/s/([\w-]{20,})", office.post(people(event), data, status=200).get_data(as_text=True)
    )[1]
    account = db.session.query(Account).filter_by(name="钱统分").one()
    office.post(f"{people(event)}/{account.id}/link", {}, status=200)
    browser = app.test_client()
    token = re.search(
        r'name="csrf_token" value="([^"]+)"', browser.get(f"/s/{first}").get_data(as_text=True)
    )[1]
    assert browser.post(f"/s/{first}", data={"csrf_token": token}).status_code == 403


def test_an_administrator_makes_the_first_organiser_of_a_holder(event, browser_of):
    holder_id = event.sub_contest.edition.contest.holder_id
    browser = browser_of(make_account("管理员", (Role.ADMINISTRATOR, ScopeKind.INSTALLATION, 0)))
    data = {"account": 0, "name": "周组织", "role": "organiser", "place": f"holder:{holder_id}"}
    browser.post(f"/holders/{holder_id}/people", data, status=200)
    assert live(Role.ORGANISER) == [("周组织", "holder", holder_id)]
    assert "周组织" in browser.get(f"/holders/{holder_id}/people")


def test_another_contests_people_are_not_listed(office, event):
    with transaction():
        edition = db.session.get_one(Edition, event.sub_contest.edition_id)
        service.create_sub_contest(edition=edition, name="别的分赛", actor=SYSTEM, at=now())
    make_account("外人", (Role.SCOREKEEPER, ScopeKind.CONTEST, 4711), contest_id=4711)
    assert "外人" not in office.get(people(event))
