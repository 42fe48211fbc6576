"""Signing in and out, by password and by link."""

from datetime import timedelta

import pytest

from contest.accounts import queries, service
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, AccountSession, LinkPurpose, Role, ScopeKind
from contest.db import db, now, transaction
from tests.builders import csrf_of, make_account

PASSWORD = "面要三遍水三遍灰"  # noqa: S105


@pytest.fixture
def account(app) -> int:
    """The id of an organiser with a login and a password."""
    role = (Role.ORGANISER, ScopeKind.INSTALLATION, 0)
    return make_account("赵组织", role, login="Zhao", password=PASSWORD + "再揉一遍").id


def sign_in_with(client, login: str, password: str, **more):
    token = csrf_of(client, "/sign-in")
    return client.post("/sign-in", data={"csrf_token": token, "login": login, "password": password, **more})


def link_for(account_id: int, purpose: LinkPurpose, at=None) -> str:
    with transaction():
        return service.make_link(
            db.session.get_one(Account, account_id), purpose=purpose, actor=SYSTEM, at=at or now()
        )


def use(client, token: str):
    return client.post(f"/s/{token}", data={"csrf_token": csrf_of(client, f"/s/{token}")})


def test_login_and_password_open_the_office(client, account):
    answer = sign_in_with(client, " ZHAO ", PASSWORD + "再揉一遍")
    assert answer.status_code == 302
    assert client.get("/contests").status_code == 200


def test_a_wrong_password_is_told_without_saying_which_of_the_two_is_wrong(client, account):
    wrong = sign_in_with(client, "zhao", "错误的密码错误的密码")
    unknown = sign_in_with(client, "nobody", "错误的密码错误的密码")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "登录名与密码不符" in wrong.get_data(as_text=True)
    assert "登录名与密码不符" in unknown.get_data(as_text=True)


def test_after_five_wrong_tries_even_the_right_password_waits(client, account):
    for _ in range(5):
        sign_in_with(client, "zhao", "错误的密码错误的密码")
    answer = sign_in_with(client, "zhao", PASSWORD + "再揉一遍")
    assert answer.status_code == 429
    assert "请等待十五分钟" in answer.get_data(as_text=True)


def test_nobody_is_sent_to_another_site_after_signing_in(client, account):
    answer = sign_in_with(client, "zhao", PASSWORD + "再揉一遍", next="https://example.org/")
    assert answer.location == "/"
    assert sign_in_with(client, "zhao", PASSWORD + "再揉一遍", next="//example.org/").location == "/"


def test_opening_a_link_does_not_use_it_up(client, account):
    token = link_for(account, LinkPurpose.INVITATION)
    for _ in range(2):
        assert client.get(f"/s/{token}").status_code == 200
    assert use(client, token).status_code == 302
    assert client.get("/contests").status_code == 200


def test_an_invitation_works_once(client, app, account):
    token = link_for(account, LinkPurpose.INVITATION)
    use(client, token)
    other = app.test_client()
    answer = use(other, token)
    assert answer.status_code == 403
    assert "此链接只能使用一次" in answer.get_data(as_text=True)
    assert other.get("/contests").status_code == 302


def test_an_invitation_ends_after_seven_days(client, account):
    answer = use(client, link_for(account, LinkPurpose.INVITATION, at=now() - timedelta(days=7)))
    assert answer.status_code == 403
    assert "此链接已过期" in answer.get_data(as_text=True)


def test_a_new_personal_code_ends_the_old_one_and_its_sessions(client, app, account):
    old = link_for(account, LinkPurpose.PERSONAL_QR)
    use(client, old)
    assert client.get("/contests").status_code == 200
    new = link_for(account, LinkPurpose.PERSONAL_QR)
    assert client.get("/contests").status_code == 302
    assert use(app.test_client(), old).status_code == 403
    assert use(client, new).status_code == 302


def test_who_comes_by_invitation_without_a_password_is_asked_for_one(client):
    person = make_account("统分员", (Role.SCOREKEEPER, ScopeKind.CONTEST, 1), contest_id=1)
    answer = use(client, link_for(person.id, LinkPurpose.INVITATION))
    assert answer.location == "/account/password"
    token = csrf_of(client, "/account/password")
    data = {
        "csrf_token": token,
        "login": "tongfen",
        "password": "一二三四五六七八九十",
        "again": "一二三四五六七八九十",
    }
    assert client.post("/account/password", data=data).status_code == 302
    assert queries.account_by_login("tongfen").name == "统分员"


def test_a_login_that_is_taken_is_refused_and_kept_on_the_page(client, account):
    person = make_account("统分员", (Role.SCOREKEEPER, ScopeKind.CONTEST, 1), contest_id=1)
    use(client, link_for(person.id, LinkPurpose.INVITATION))
    token = csrf_of(client, "/account/password")
    data = {
        "csrf_token": token,
        "login": "zhao",
        "password": "一二三四五六七八九十",
        "again": "一二三四五六七八九十",
    }
    answer = client.post("/account/password", data=data)
    assert answer.status_code == 422
    assert "登录名“zhao”已被使用" in answer.get_data(as_text=True)


def test_signing_out_ends_the_session_in_the_database_too(client, account):
    sign_in_with(client, "zhao", PASSWORD + "再揉一遍")
    page_token = csrf_of(client, "/contests")
    client.post("/sign-out", data={"csrf_token": page_token})
    db.session.rollback()
    assert [row.revoked_at is not None for row in db.session.query(AccountSession)] == [True]
    assert client.get("/contests").status_code == 302


def test_a_disabled_account_is_out_at_once(client, account):
    sign_in_with(client, "zhao", PASSWORD + "再揉一遍")
    with transaction():
        db.session.get_one(Account, account).disabled_at = now()
    assert client.get("/contests").status_code == 302


def test_a_form_without_the_safety_token_is_refused(client, account):
    assert client.post("/sign-in", data={"login": "zhao", "password": PASSWORD}).status_code == 400
