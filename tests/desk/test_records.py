"""A person's record: only what is settled and one's own; corrections are asked for and decided."""

import json

import pytest

from contest import personal
from contest.accounts.access import SYSTEM, Actor, Held
from contest.accounts.models import Role, ScopeKind
from contest.awards.models import Title, TitleState
from contest.db import db, transaction
from contest.desk import record, record_search, service
from contest.desk.record_models import JudgeRecord
from contest.entries import requests
from contest.entries.models import IdKind, Person, RequestKind, RequestState
from contest.entries.record_models import PersonRequest
from contest.entries.refusals import RequestClosed, RequestValue
from contest.errors import Missing
from contest.events.models import Edition, Holder
from contest.judging.models import Judge
from contest.results.models import ListState, Publication
from tests.awards.builders import NAMES, NOON, advance, supersede
from tests.builders import csrf_of, make_account
from tests.desk.people import person_named, published, twin_of

ACT = {"actor": SYSTEM, "at": NOON}


@pytest.fixture
def place(app):
    listed = published()
    edition = listed.event.sub_contest.edition
    return {
        "list": listed.id, "edition": edition.id, "contest": edition.contest_id, "holder": edition.contest.holder_id,
        "person": person_named(NAMES[0]).id,
    }  # fmt: skip


def test_the_record_holds_entries_results_and_conferred_titles(place):
    found = record.own_record(place["person"])
    assert [(one.role, one.number) for one in found.entries] == [("member", "N001")]
    assert [(one.rank, one.total, one.award) for one in found.results] == [("1", "99.00", "金奖")]
    assert found.titles == ()
    with transaction():
        for title in db.session.scalars(db.select(Title)):
            title.state = TitleState.CONFERRED
    assert [one.label for one in record.own_record(place["person"]).titles] == ["示范省技术能手"]


@pytest.mark.parametrize("hide", ["supersede", "embargo", "withdraw"])
def test_what_is_not_public_stands_in_no_record(place, hide):
    if hide == "supersede":
        supersede(place["list"])
    else:
        with transaction():
            row = db.session.get_one(Publication, place["list"])
            row.is_embargoed = hide == "embargo"
            row.withdrawn_at = NOON if hide == "withdraw" else None
    assert record.own_record(place["person"]).results == ()


def test_staff_see_only_entries_of_their_own_contests(place):
    twin = twin_of(place["person"], "G1234567", kind=IdKind.PASSPORT)
    other = db.session.scalars(db.select(Edition).where(Edition.id != place["edition"])).one()
    here = Actor(1, "A", (Held(Role.ORGANISER, ScopeKind.CONTEST, place["contest"], place["contest"]),))
    there = Actor(2, "B", (Held(Role.ORGANISER, ScopeKind.CONTEST, other.contest_id, other.contest_id),))
    assert len(record.record_for(here, place["person"]).entries) == 1
    for actor, person in ((here, twin), (there, place["person"])):
        with pytest.raises(Missing):
            record.record_for(actor, person)
    assert [one.id for one in record_search.people_for(there, NAMES[0])] == [twin]
    assert record_search.people_for(here, " ") == []


def test_a_judge_of_the_name_is_linked_once_and_then_stands_in_the_record(place):
    account = make_account(NAMES[0])
    with transaction():
        judge = Judge(edition_id=place["edition"], account_id=account.id, name=NAMES[0], unit_name="示范公司")
        db.session.add(judge)
        db.session.flush()
        judge_id = judge.id
    person = db.session.get_one(Person, place["person"])
    manager = Actor(1, "A", (Held(Role.ORGANISER, ScopeKind.HOLDER, place["holder"]),))
    assert record.own_record(place["person"]).judging == ()
    with transaction():
        record_search.link_judge(person, judge_id, actor=manager, at=NOON)
    assert [one.judge.unit_name for one in record.own_record(place["person"]).judging] == ["示范公司"]
    with pytest.raises(Missing), transaction():
        record_search.link_judge(
            db.session.get_one(Person, place["person"]), judge_id, actor=manager, at=NOON
        )
    assert len(db.session.scalars(db.select(JudgeRecord)).all()) == 1


def ask(person_id, **more):
    with transaction():
        return requests.ask(person_id, RequestKind.CORRECTION, **more, **ACT).id


def decide(request_id, accept=True, answer=""):
    with transaction():
        requests.decide(db.session.get_one(PersonRequest, request_id), accept=accept, answer=answer, **ACT)


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("name", "更尕 昂宝", "更尕昂宝"),
        ("education", "本科", "本科"),
        ("phone", "138 0000 0009", "13800000009"),
        ("born_on", "1990-02-03", "1990-02-03"),
    ],
)
def test_an_accepted_correction_is_written_to_the_person(place, field, value, wanted):
    decide(ask(place["person"], field=field, value=value))
    person = db.session.get_one(Person, place["person"])
    found = personal.decrypt(person.phone_cipher) if field == "phone" else str(getattr(person, field))
    assert found == wanted


@pytest.mark.parametrize(
    ("field", "value"),
    [("gender", "?"), ("born_on", "1990年"), ("name", ""), ("phone", "abc"), ("salary", "1")],
)
def test_a_value_that_cannot_be_is_refused_when_it_is_asked(place, field, value):
    with pytest.raises(RequestValue):
        ask(place["person"], field=field, value=value)


def test_the_value_asked_for_lies_encrypted(place):
    request_id = ask(place["person"], field="phone", value="13800000009")
    row = db.session.get_one(PersonRequest, request_id)
    assert (b"13800000009" in (row.wanted_cipher or b""), requests.wanted(row)) == (False, "13800000009")


def test_a_request_is_decided_once(place):
    request_id = ask(place["person"], field="education", value="本科")
    decide(request_id, accept=False, answer="请提供证明")
    assert db.session.get_one(PersonRequest, request_id).state is RequestState.REFUSED
    with pytest.raises(RequestClosed):
        decide(request_id)
    assert db.session.get_one(Person, place["person"]).education == ""


def test_too_many_open_requests_are_refused(place):
    for _turn in range(requests.OPEN_AT_ONCE):
        ask(place["person"], field="education", value="本科")
    with pytest.raises(RequestClosed):
        ask(place["person"], field="education", value="本科")


@pytest.fixture
def browsers(app, sign_in, place):
    def staff(role, kind, scope):
        account = make_account(role.value, (role, kind, scope), contest_id=0)
        return sign_in(app.test_client(), account)

    with transaction():
        own = service.account_of(place["person"], at=NOON)
    delegation = db.session.get_one(Person, place["person"])
    entry = record.own_record(delegation.id).entries[0]
    from contest.entries.models import Entry

    delegation_id = db.session.scalars(
        db.select(Entry.delegation_id).where(Entry.event_id == entry.event.id).order_by(Entry.id)
    ).first()
    return {
        "own": sign_in(app.test_client(), own),
        "organiser": staff(Role.ORGANISER, ScopeKind.HOLDER, place["holder"]),
        "registrar": staff(Role.REGISTRAR, ScopeKind.DELEGATION, delegation_id),
        "other": staff(Role.REGISTRAR, ScopeKind.DELEGATION, delegation_id + 1),
    }


def test_a_person_takes_the_record_along_and_asks_and_the_registrar_decides(place, browsers):
    own, registrar = browsers["own"], browsers["registrar"]
    plain = json.loads(own.get("/me/record.json").data)
    assert (plain["person"]["name"], plain["results"][0]["rank"]) == (NAMES[0], "1")
    assert own.get("/me/record.pdf").data[:5] == b"%PDF-"
    assert NAMES[0] in own.get("/me/record").get_data(as_text=True)
    bad = own.post(
        "/me/requests",
        data={
            "csrf_token": csrf_of(own, "/me/requests"),
            "kind": "correction",
            "field": "gender",
            "value": "?",
        },
    )
    assert (bad.status_code, 'value="?"' in bad.get_data(as_text=True)) == (422, True)
    good = own.post(
        "/me/requests",
        data={
            "csrf_token": csrf_of(own, "/me/requests"),
            "kind": "correction",
            "field": "gender",
            "value": "女",
        },
    )
    assert good.status_code == 302
    request_id = db.session.scalars(db.select(PersonRequest.id)).one()
    url = f"/person-requests/{request_id}"
    assert browsers["other"].get(url).status_code == 404
    assert NAMES[0] in registrar.get("/person-requests").get_data(as_text=True)
    refused = registrar.post(
        url, data={"csrf_token": csrf_of(registrar, url), "decision": "refuse", "answer": ""}
    )
    assert refused.status_code == 422
    assert (
        registrar.post(
            url, data={"csrf_token": csrf_of(registrar, url), "decision": "accept", "answer": "已改"}
        ).status_code
        == 302
    )
    assert db.session.get_one(Person, place["person"]).gender == "女"
    assert "已改" in own.get("/me/requests").get_data(as_text=True)


def test_a_wish_to_be_taken_out_goes_to_the_holders_organiser_alone(place, browsers):
    own = browsers["own"]
    own.post(
        "/me/requests", data={"csrf_token": csrf_of(own, "/me/requests"), "kind": "deletion", "field": "name"}
    )
    url = f"/person-requests/{db.session.scalars(db.select(PersonRequest.id)).one()}"
    assert [browsers[who].get(url).status_code for who in ("registrar", "organiser")] == [404, 200]


def test_the_organiser_looks_up_merges_takes_back_and_states_the_policy(place, browsers):
    organiser, holder = browsers["organiser"], place["holder"]
    twin = twin_of(place["person"], "G1234567", kind=IdKind.PASSPORT)
    assert f"/people/{place['person']}" in organiser.get(f"/people?q={NAMES[0]}").get_data(as_text=True)
    assert organiser.get(f"/people/{place['person']}").status_code == 200
    url, back = f"/people/{place['person']}/merge/{twin}", f"/holders/{holder}/duplicates"
    assert organiser.get(back).status_code == 200
    bad = organiser.post(url, data={"csrf_token": csrf_of(organiser, url), "keep": str(twin), "reason": ""})
    good = organiser.post(
        url, data={"csrf_token": csrf_of(organiser, url), "keep": str(twin), "reason": "同一人"}
    )
    assert (bad.status_code, good.status_code) == (422, 302)
    assert db.session.get_one(Person, place["person"]).merged_into_id == twin
    undo = "/merges/1/undo"
    assert (
        organiser.post(undo, data={"csrf_token": csrf_of(organiser, undo), "reason": "弄错了"}).status_code
        == 302
    )
    assert db.session.get_one(Person, place["person"]).merged_into_id is None
    page = f"/holders/{holder}/retention"
    assert (
        organiser.post(page, data={"csrf_token": csrf_of(organiser, page), "contact": "x"}).status_code == 422
    )
    assert (
        organiser.post(page, data={"csrf_token": csrf_of(organiser, page), "contact": "1"}).status_code == 302
    )
    with transaction():
        for edition in db.session.scalars(db.select(Edition)):
            edition.year, edition.ends_on = 2020, None
    count = len(db.session.scalars(db.select(Person.id)).all())
    data = {"csrf_token": csrf_of(organiser, page), "kind": "contact", "due-contact": str(count)}
    assert organiser.post(f"{page}/run", data=data).status_code == 302
    assert db.session.get_one(Person, twin).phone_cipher is None
    for who in ("own", "registrar"):
        assert [browsers[who].get(one).status_code for one in (back, page, url)] == [404] * 3


def test_holders_of_the_world_are_apart(place, browsers):
    with transaction():
        other = Holder(slug="other", name="别的总工会", created_at=NOON)
        db.session.add(other)
        db.session.flush()
        other_id = other.id
    assert browsers["organiser"].get(f"/holders/{other_id}/duplicates").status_code == 404
    advance(place["list"], ListState.ARCHIVED)
