"""A judge's whole reach, walked: no name, no number and no id of an entry on any page, JSON or kept file."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import url_for

from contest.accounts.access import SYSTEM
from contest.accounts.models import Role
from contest.db import db, now, transaction
from contest.entries.models import Delegation, Entry, IdKind, Member, Organisation, Person, Staff, WorkCode
from contest.judging import judges, queries, service
from contest.judging.conflicts import relations_of
from contest.judging.models import Judge, Panel, Sheet
from contest.judging.models_desk import RelationNotice
from tests.builders import csrf_of, make_event
from tests.judging.builders import Hall, make_hall, make_officer, mark, typed

FIRST_ID = 918_273  # ids of entries and members that occur nowhere else


def person(holder_id: int, name: str) -> Person:
    row = Person(
        holder_id=holder_id, name=name, id_kind=IdKind.PASSPORT, id_cipher=b"x", id_digest=uuid4().hex, id_tail_digest=uuid4().hex,
        id_masked="630***********1234",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


@pytest.fixture
def hall(app) -> Hall:
    """Three entries with people, units and numbers that can be told from anything else; two judges with sheets."""
    hall = make_hall(entries=0, judges=0)
    with transaction():
        event = hall.event
        panel = db.session.get_one(Panel, hall.panel_id)
        for seat in service.add_seats(panel, count=2, actor=SYSTEM, at=now()):
            judge = service.add_judge(
                event.sub_contest.edition, name=f"裁判{seat.position}", actor=SYSTEM, at=now()
            )
            service.assign(seat, judge, actor=SYSTEM, at=now())
            hall.seat_ids.append(seat.id)
            hall.judge_ids.append(judge.id)
        holder_id = event.sub_contest.edition.contest.holder_id
        for index in range(3):
            unit = Organisation(contest_id=hall.contest_id, name=f"昆仑拉面馆{index}")
            team = Delegation(edition_id=hall.edition_id, name=f"可可西里代表队{index}", official_order=index)
            db.session.add_all([unit, team])
            db.session.flush()
            entry = Entry(
                id=FIRST_ID + index, event_id=event.id, number=f"QX-73{index}91", name=f"长江源队{index}",
                delegation_id=team.id, organisation_id=unit.id, registered_at=now(),
            )  # fmt: skip
            db.session.add(entry)
            db.session.flush()
            one = person(holder_id, f"卓玛措{index}")
            db.session.add(
                Member(
                    id=FIRST_ID + 100 + index,
                    event_id=event.id,
                    entry_id=entry.id,
                    person_id=one.id,
                    number=f"MB-84{index}62",
                    position=1,
                    joined_at=now(),
                    organisation_id=unit.id,
                )  # fmt: skip
            )
            db.session.add(Staff(entry_id=entry.id, role="coach", name=f"教练旦增{index}"))
            db.session.add(WorkCode(event_id=event.id, entry_id=entry.id, code=f"K{index}7", issued_at=now()))
            hall.entry_ids.append(entry.id)
        db.session.flush()
        service.make_sheets(event, actor=SYSTEM, at=now())
    return hall


def secrets(hall: Hall) -> list[str]:
    """Everything that would tell a judge whose work it is."""
    found = [str(FIRST_ID + add + index) for index in range(3) for add in (0, 100)]
    for model, column in ((Entry, "name"), (Entry, "number"), (Member, "number"), (Person, "name")):
        found += list(db.session.scalars(sa.select(getattr(model, column))))
    found += list(db.session.scalars(sa.select(Organisation.name)))
    found += list(db.session.scalars(sa.select(Delegation.name)))
    found += list(db.session.scalars(sa.select(Staff.name)))
    return [one for one in found if one]


def addresses(app: Any, hall: Hall, own: Sheet) -> dict[str, str]:
    """Every address of the whole product that a browser may open, filled with rows of this hall."""
    values: dict[str, Any] = {
        "public_id": own.public_id, "key": "shape.1", "event_id": hall.event_id, "edition_id": hall.edition_id,
        "contest_id": hall.contest_id, "entry_id": FIRST_ID, "member_id": FIRST_ID + 100, "panel_id": hall.panel_id,
        "seat_id": hall.seat_ids[0], "judge_id": hall.judge_ids[0], "suffix": "csv", "token": "x", "section": "frame",
    }  # fmt: skip
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            filled = {}
            for name in rule.arguments - set(rule.defaults or {}):
                options = re.fullmatch(r"\(\?:(.+)\)", getattr(rule._converters[name], "regex", ""))
                is_choice = options is not None and "|" in options.group(1)
                filled[name] = sorted(options.group(1).split("|"))[-1] if is_choice else values.get(name, 1)
            with app.test_request_context():
                found[rule.endpoint] = url_for(rule.endpoint, **{**(rule.defaults or {}), **filled})
    return found


def words_of(answer: Any) -> str:
    """What a person can read in an answer; a PDF is read back."""
    if answer.mimetype == "application/pdf":
        read = subprocess.run(["pdftotext", "-", "-"], input=answer.data, capture_output=True, check=True)
        return read.stdout.decode()
    return answer.data.decode("utf-8", "replace")


def leaks(text: str, url: str, hidden: list[str]) -> set[str]:
    """What leaked; the address that was asked for may come back as it was sent."""
    return {one for one in hidden if one in text.replace(url, "")}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_no_page_that_opens_for_a_judge_tells_whose_work_it_is(app, hall, sign_in, language):
    own, hidden = hall.sheets(0)[0], secrets(hall)
    assert len(hidden) >= 24
    for seat, value in ((0, "0"), (1, "3")):
        mark(hall.actor(seat), typed(hall.sheets(seat)[0], "shape", value))
    judge = sign_in(app.test_client(), hall.account(0))
    judge.get(f"/judge/?lang={language}")
    opened, found = set(), set()
    for name, url in addresses(app, hall, own).items():
        if name == "judging.board_stream":
            continue
        answer = judge.get(url, headers={"Accept-Language": language})
        if answer.status_code == 200:
            opened.add(name)
        found |= {(name, one) for one in leaks(words_of(answer), url, hidden)}
    assert found == set()
    assert {"tablet.home", "tablet.sheet", "tablet.submit", "tablet.talk", "tablet.talk_list"} <= opened
    assert {"tablet.message_list", "tablet.ties", "tablet.token"} <= opened


def test_receipts_and_refusals_of_marks_tell_no_more_than_the_code(app, hall, sign_in):
    judge = sign_in(app.test_client(), hall.account(0))
    token = csrf_of(judge, "/judge/")
    sheets = [hall.sheets(0)[0].public_id, hall.sheets(1)[0].public_id, "unknown", str(FIRST_ID)]
    marks = [
        {"uuid": str(uuid4()), "sheet": one, "aspect": "dough", "state": "value", "value": "8"}
        for one in sheets
    ]
    answer = judge.post("/judge/sync", json={"device": "t", "marks": marks}, headers={"X-CSRFToken": token})
    text = answer.get_data(as_text=True)
    assert [one["status"] for one in json.loads(text)["receipts"]] == [
        "stored",
        "refused",
        "refused",
        "refused",
    ]
    assert leaks(text, "", secrets(hall)) == set()


def test_what_a_service_worker_keeps_is_the_same_for_everybody_and_names_nobody(app, hall, sign_in):
    hidden = secrets(hall)
    stranger, judge = app.test_client(), sign_in(app.test_client(), hall.account(0))
    for url in ("/judge/sw.js", "/judge/app.webmanifest"):
        one, two = stranger.get(url), judge.get(url)
        assert (one.status_code, one.data == two.data) == (200, True)
        assert leaks(two.get_data(as_text=True), "", hidden) == set()


def test_the_office_of_the_judging_room_works_by_code_too(app, hall, sign_in):
    """Board, panels, desk, checking, corrections and printed sheets name judges, never entries."""
    hidden = secrets(hall)
    own = hall.sheets(0)[0]
    pages = {
        name: url
        for name, url in addresses(app, hall, own).items()
        if name.startswith("judging.") and name != "judging.board_stream"
    }
    for role in (Role.CHIEF_JUDGE, Role.SCOREKEEPER):
        browser = sign_in(app.test_client(), make_officer(hall, role, f"示范{role.value}"))
        # The form of a new judge lists the delegations of the edition: they are nobody's work.
        names = [one for one in hidden if "代表队" not in one]
        found = {
            (name, one)
            for name, url in pages.items()
            for one in leaks(words_of(browser.get(url)), url, names)
        }
        assert found == set()


def test_a_judge_tells_of_a_tie_and_the_office_finds_the_entry(app, hall, sign_in):
    judge = sign_in(app.test_client(), hall.account(0))
    form = {"csrf_token": csrf_of(judge, "/judge/ties"), "event_id": str(hall.event_id)}
    assert judge.post("/judge/ties", data={**form, "who": "", "relation": "亲属"}).status_code == 422
    tie = {**form, "who": "卓玛措1，昆仑拉面馆", "relation": "亲属"}
    for _ in range(2):
        assert judge.post("/judge/ties", data=tie).status_code == 302
    assert db.session.scalar(sa.select(sa.func.count(RelationNotice.id))) == 1
    assert len(queries.my_sheets(hall.actor(0), locale="en")) == 3
    organiser = sign_in(app.test_client(), make_officer(hall, Role.ORGANISER))
    page = f"/events/{hall.event_id}/panels"
    assert "卓玛措1，昆仑拉面馆" in organiser.get(page).get_data(as_text=True)
    notice = db.session.scalar(sa.select(RelationNotice.id))
    url, token = f"/events/{hall.event_id}/ties/{notice}", csrf_of(organiser, page)
    assert organiser.post(url, data={"csrf_token": token, "number": "999"}).status_code == 422
    assert organiser.post(url, data={"csrf_token": token, "number": "QX-73191"}).status_code == 302
    codes = [line.work_code for line in queries.my_sheets(hall.actor(0), locale="en")]
    assert codes == ["K07", "K27"]
    assert judges.notices_of(hall.event_id) == []
    told = judge.get("/judge/ties").get_data(as_text=True)
    assert ("QX-73191" in told, "K17" in told) == (False, False)


def test_a_judge_cannot_tell_of_a_tie_in_an_event_without_a_seat_of_theirs(app, hall, sign_in):
    other = make_event().id
    judge = sign_in(app.test_client(), hall.account(0))
    data = {
        "csrf_token": csrf_of(judge, "/judge/ties"),
        "event_id": str(other),
        "who": "某人",
        "relation": "亲属",
    }
    assert judge.post("/judge/ties", data=data).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(RelationNotice.id))) == 0


@pytest.mark.parametrize("tie", ["declared", "staff"])
def test_a_tie_of_the_heat_holds_in_the_final_of_the_same_people(app, hall, tie):
    """The same person in another entry: excluded at assignment and from the sheets there too."""
    final = make_hall(entries=0, judges=0)
    with transaction():
        entry = Entry(event_id=final.event_id, number="F1", name="决赛队", registered_at=now())
        db.session.add(entry)
        db.session.flush()
        who = db.session.scalars(sa.select(Member).where(Member.entry_id == FIRST_ID)).one()
        db.session.add(
            Member(
                event_id=final.event_id,
                entry_id=entry.id,
                person_id=who.person_id,
                number="F1",
                position=1,
                joined_at=now(),
            )
        )
        judge = db.session.get_one(Judge, hall.judge_ids[0])
        assert relations_of(judge.id, final.event_id) == {}
        if tie == "declared":
            values = {"entry_id": FIRST_ID, "relation": "师徒", "contest_id": hall.contest_id}
            service.declare_conflict(judge, **values, actor=SYSTEM, at=now())
        else:
            judge.name = "教练旦增0"
            db.session.flush()
        assert relations_of(judge.id, final.event_id) == {tie: 1}
        assert relations_of(judge.id, hall.event_id) == {tie: 1}
