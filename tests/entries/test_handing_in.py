"""A delegation hands its registration in; the organiser accepts or returns it, and nothing slips in behind them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from contest import audit
from contest.accounts.models import Role, ScopeKind
from contest.db import db, now, transaction
from contest.entries import handing_in, queries, service
from contest.entries.models import Entry, Handing
from contest.events.models import Edition, Event
from tests.entries.builders import AT, facts, id_number, make_entry, ramen_event
from tests.entries.rosters import workbook
from tests.entries.test_pages import Office, office  # noqa: F401  # the fixture

OfficeOf = Callable[..., Office]
HEADING = ["代表队", "组别", "赛项", "队伍编号", "姓名", "证件类型", "证件号码", "工作单位"]


class Registration:
    """One delegation with one entry; its registrar and the organiser at their browsers."""

    def __init__(self, seat: OfficeOf) -> None:
        event = ramen_event()
        self.event_id, self.edition_id = event.id, event.sub_contest.edition_id
        contest_id = event.sub_contest.edition.contest_id
        with transaction():
            row = service.add_delegation(self.edition_id, name="青海省", order=1, actor=_system(), at=AT)
            self.delegation_id = row.id
        self.entry_id = make_entry(
            event, "6301", facts("李一", 1), facts("王二", 2), delegation_id=self.delegation_id
        ).id
        self.registrar = seat(Role.REGISTRAR, ScopeKind.DELEGATION, self.delegation_id, contest_id)
        self.organiser = seat(Role.ORGANISER, ScopeKind.CONTEST, contest_id, contest_id)
        self.page = f"/editions/{self.edition_id}/registrations"

    def state(self) -> Handing | None:
        step = handing_in.last_steps([self.delegation_id]).get(self.delegation_id)
        return step.state if step else None

    def press(self, who: Office, act: str, **data: object) -> int:
        return who.post(f"/delegations/{self.delegation_id}/{act}", self.page, **data).status_code

    def rename_the_team(self, who: Office, name: str) -> int:
        url = f"/entries/{self.entry_id}/edit"
        version = db.session.get_one(Entry, self.entry_id, populate_existing=True).version
        data = {"number": "6301", "name": name, "group_key": "workers", "delegation_id": self.delegation_id}
        data = {f"entry-{key}": value for key, value in data.items()}
        return who.post(url, self.page, **{"entry-version": version}, **data).status_code

    def team(self) -> str:
        return db.session.get_one(Entry, self.entry_id, populate_existing=True).name


def _system() -> object:
    from contest.accounts.access import SYSTEM

    return SYSTEM


@pytest.fixture
def held(app: Flask, office: OfficeOf) -> Registration:  # noqa: F811
    return Registration(office)


def test_until_it_is_handed_in_the_registrar_changes_it(held: Registration) -> None:
    assert "填报中" in held.registrar.text(held.page)
    assert held.rename_the_team(held.registrar, "一队") == 302
    assert held.team() == "一队"


def test_what_is_handed_in_only_the_organiser_changes(held: Registration) -> None:
    assert held.press(held.registrar, "hand-in") == 302
    assert held.state() is Handing.HANDED_IN
    assert held.rename_the_team(held.registrar, "二队") == 422
    assert held.team() == ""
    assert "已上报" in held.registrar.text(f"/entries/{held.entry_id}")
    assert f"/entries/{held.entry_id}/edit" not in held.registrar.text(f"/entries/{held.entry_id}")
    assert held.rename_the_team(held.organiser, "三队") == 302
    assert held.team() == "三队"


def test_an_accepted_registration_is_on_record_with_who_and_how_many(held: Registration) -> None:
    held.press(held.registrar, "hand-in")
    assert held.press(held.organiser, "accept") == 302
    assert held.state() is Handing.ACCEPTED
    lines = db.session.query(audit.Change).filter(audit.Change.action.like("registration.%")).all()
    assert [(line.action, line.values["registration"], line.values["entries"]) for line in lines] == [
        ("registration.handed_in", [None, "handed_in"], [None, 1]),
        ("registration.accepted", ["handed_in", "accepted"], [None, 1]),
    ]
    assert len({line.account_id for line in lines}) == 2


def test_a_returned_one_shows_its_reason_and_is_open_again(held: Registration) -> None:
    held.press(held.registrar, "hand-in")
    assert held.press(held.organiser, "return", reason="") == 422
    assert held.state() is Handing.HANDED_IN
    assert held.press(held.organiser, "return", reason="缺少领队电话") == 302
    assert "缺少领队电话" in held.registrar.text(held.page)
    assert held.rename_the_team(held.registrar, "四队") == 302
    assert held.press(held.registrar, "hand-in") == 302
    assert held.state() is Handing.HANDED_IN


def test_a_registrar_neither_accepts_nor_returns(held: Registration) -> None:
    held.press(held.registrar, "hand-in")
    assert held.press(held.registrar, "accept") == 404
    assert held.press(held.registrar, "return", reason="x") == 404
    assert held.state() is Handing.HANDED_IN


def test_another_delegations_registrar_does_not_see_it(held: Registration, office: OfficeOf) -> None:  # noqa: F811
    with transaction():
        other = service.add_delegation(held.edition_id, name="甘肃省", order=2, actor=_system(), at=AT).id
    contest_id = db.session.get_one(Edition, held.edition_id).contest_id
    neighbour = office(Role.REGISTRAR, ScopeKind.DELEGATION, other, contest_id)
    assert "青海省" not in neighbour.text(held.page)
    assert held.press(neighbour, "hand-in") == 404
    assert held.state() is None


def test_an_empty_registration_is_not_handed_in(held: Registration) -> None:
    with transaction():
        other = service.add_delegation(held.edition_id, name="甘肃省", order=2, actor=_system(), at=AT).id
    answer = held.organiser.post(f"/delegations/{other}/hand-in", held.page)
    assert answer.status_code == 302
    assert "尚无参赛选手（队）" in held.organiser.text(held.page)
    assert handing_in.last_steps([other]) == {}


def test_after_the_last_day_only_a_returned_registration_is_open(held: Registration) -> None:
    with transaction():
        edition = db.session.get_one(Edition, held.edition_id)
        edition.register_until = (now() - timedelta(days=3)).date()
    assert held.rename_the_team(held.registrar, "五队") == 422
    assert held.press(held.registrar, "hand-in") == 302
    assert held.state() is None
    assert held.press(held.organiser, "hand-in") == 302
    assert held.press(held.organiser, "return", reason="请补队名") == 302
    assert held.rename_the_team(held.registrar, "五队") == 302
    assert held.team() == "五队"


def test_a_file_changes_nothing_of_a_registration_that_is_handed_in(held: Registration) -> None:
    held.press(held.registrar, "hand-in")
    rows = [HEADING, ["青海省", "职工组", "拉面制作", "6302", "孙五", "居民身份证", id_number(5), "示范公司"],
            ["青海省", "职工组", "拉面制作", "6302", "周六", "居民身份证", id_number(6), "示范公司"]]  # fmt: skip
    url = f"/editions/{held.edition_id}/roster"
    answer = held.registrar.post(url, url, file=(io.BytesIO(workbook(rows)), "more.xlsx"))
    assert answer.status_code == 302
    assert "不能再增加或修改孙五" in held.registrar.text(answer.location)
    assert [entry.number for entry in _entries(held)] == ["6301"]


def test_withdrawing_stays_open_because_people_fall_ill(held: Registration) -> None:
    held.press(held.registrar, "hand-in")
    version = db.session.get_one(Entry, held.entry_id, populate_existing=True).version
    url = f"/entries/{held.entry_id}/state"
    answer = held.registrar.post(url, url, version=version, state="withdrawn", reason="选手生病")
    assert answer.status_code == 302
    assert [entry.state.value for entry in _entries(held)] == ["withdrawn"]


def _entries(held: Registration) -> list[Entry]:
    event = db.session.get_one(Event, held.event_id)
    db.session.expire_all()
    return list(
        db.session.scalars(
            queries.entries_select(_system(), "entries.view").where(Entry.event_id == event.id)
        )
    )
