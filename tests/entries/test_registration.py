"""People, entries and their states: what changes, what is refused, what is kept on record."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from contest import audit, personal
from contest.accounts.access import SYSTEM
from contest.db import db, transaction
from contest.entries import organisations, queries, service
from contest.entries.models import Entry, EntryState, FreezeKind, IdKind, Person
from contest.entries.names import sort_key
from contest.entries.records import CodeSubject
from contest.entries.refusals import (
    AlreadyEntered,
    NumberTaken,
    ReasonMissing,
    RosterFrozen,
    StateChange,
    TeamSize,
)
from contest.entries.service import EntryFacts, MemberFacts, PersonFacts
from contest.errors import Missing, Stale
from contest.events.models import Event, EventState
from tests.entries.builders import AT, facts, make_entry, ramen_event


def _entry(event: Event, number: str = "1") -> Entry:
    return make_entry(event, number, facts("李一", 1), facts("王二", 2))


def _members(entry_id: int) -> list[str]:
    entry = queries.entry_for(SYSTEM, entry_id, may="entries.view")
    return [member.person.name for member in entry.members if member.left_at is None]


def _last_change() -> audit.Change:
    line = db.session.scalars(sa.select(audit.Change).order_by(audit.Change.id.desc()).limit(1)).first()
    assert line is not None
    return line


def test_a_document_number_is_kept_encrypted_masked_and_findable(app: Flask) -> None:
    event = ramen_event()
    _entry(event)
    number = facts("李一", 1).id_number
    person = db.session.scalars(sa.select(Person).where(Person.name == "李一")).one()
    assert number.encode() not in person.id_cipher
    assert personal.decrypt(person.id_cipher) == number
    assert person.id_masked == f"{number[:3]}***********{number[-4:]}"
    assert person.phone_masked == "138****0001"
    subject = queries.find_subject(event.id, id_number=number)
    assert subject is not None
    assert subject.member_id == person_member(person.id)
    assert queries.find_subject(event.id, number="1") == CodeSubject(subject.entry_id)
    assert queries.find_subject(event.id, number="77") is None


def person_member(person_id: int) -> int:
    from contest.entries.models import Member

    member_id = db.session.scalar(sa.select(Member.id).where(Member.person_id == person_id))
    assert member_id is not None
    return member_id


def test_numbers_are_given_in_order_and_never_twice(app: Flask) -> None:
    event = ramen_event()
    first = make_entry(event, "", facts("李一", 1))
    second = make_entry(event, "", facts("王二", 2))
    assert (first.number, second.number) == ("001", "002")
    with pytest.raises(NumberTaken):
        make_entry(event, "002", facts("赵三", 3))


def test_one_person_takes_part_once_and_a_team_has_its_size(app: Flask) -> None:
    event = ramen_event()
    _entry(event)
    with pytest.raises(AlreadyEntered):
        make_entry(event, "2", facts("李一", 1))
    with pytest.raises(TeamSize):
        make_entry(event, "3", *(facts(f"陈{n}", n) for n in range(11, 15)))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 1


def test_each_state_has_its_reason_and_can_be_taken_back(app: Flask) -> None:
    event = ramen_event()
    entry = _entry(event)
    entry_id = entry.id
    for state in (EntryState.WITHDRAWN, EntryState.DISQUALIFIED, EntryState.ABSENT, EntryState.UNOFFICIAL):
        version = db.session.get_one(Entry, entry_id).version
        with transaction():
            service.set_state(entry_id, state, reason="示例原因", version=version, actor=SYSTEM, at=AT)
        row = db.session.get_one(Entry, entry_id)
        assert (row.state, row.state_reason) == (state, "示例原因")
        assert (_last_change().action, _last_change().reason) == ("entry.state_set", "示例原因")
    with pytest.raises(ReasonMissing), transaction():
        service.set_state(entry_id, EntryState.PRESENT, reason=" ", version=row.version, actor=SYSTEM, at=AT)
    version = db.session.get_one(Entry, entry_id).version
    with transaction():
        service.set_state(
            entry_id, EntryState.PRESENT, reason="复议通过", version=version, actor=SYSTEM, at=AT
        )
    row = db.session.get_one(Entry, entry_id)
    assert (row.state, row.state_reason) == (EntryState.PRESENT, "")
    with pytest.raises(StateChange), transaction():
        service.set_state(entry_id, EntryState.PRESENT, reason="x", version=row.version, actor=SYSTEM, at=AT)


def test_a_substitute_takes_the_place_and_the_other_stays_on_record(app: Flask) -> None:
    entry = _entry(ramen_event())
    entry_id, version, member_id = entry.id, entry.version, entry.members[0].id
    with transaction():
        service.substitute(
            member_id, facts("赵三", 3), MemberFacts(), reason="伤病", version=version, actor=SYSTEM, at=AT
        )
    roster = queries.roster_for_event(db.session.get_one(Entry, entry_id).event_id, with_left=True)
    (only,) = roster
    assert only.display_name == "赵三、王二" or only.display_name == "王二、赵三"
    assert sorted((m.name, m.is_live) for m in only.members) == [
        ("李一", False),
        ("王二", True),
        ("赵三", True),
    ]
    assert _last_change().values == {"members": ["李一", "赵三"]}
    with pytest.raises(Stale), transaction():
        service.substitute(
            only.members[1].id,
            facts("钱四", 4),
            MemberFacts(),
            reason="x",
            version=version,
            actor=SYSTEM,
            at=AT,
        )


def test_the_one_who_left_may_come_back_and_the_last_one_stays(app: Flask) -> None:
    entry = _entry(ramen_event())
    entry_id = entry.id
    with transaction():
        service.remove_member(
            entry.members[0].id, reason="临时有事", version=entry.version, actor=SYSTEM, at=AT
        )
    assert _members(entry_id) == ["王二"]
    row = queries.entry_for(SYSTEM, entry_id, may="entries.edit")
    last = next(member for member in row.members if member.left_at is None)
    with pytest.raises(StateChange), transaction():
        service.remove_member(last.id, reason="x", version=row.version, actor=SYSTEM, at=AT)
    version = db.session.get_one(Entry, entry_id).version
    with transaction():
        service.add_member(entry_id, facts("李一", 1), MemberFacts(), version=version, actor=SYSTEM, at=AT)
    assert sorted(_members(entry_id)) == ["李一", "王二"]


def test_a_name_is_corrected_with_its_reason_and_sorted_anew(app: Flask) -> None:
    entry = _entry(ramen_event())
    member = entry.members[0]
    with transaction():
        service.correct_name(
            member.id, "曾一", reason="证件用字", version=member.person.version, actor=SYSTEM, at=AT
        )
    person = db.session.scalars(sa.select(Person).where(Person.name == "曾一")).one()
    assert person.name_sort == "zeng yi"
    assert (_last_change().action, _last_change().values) == ("person.renamed", {"name": ["李一", "曾一"]})
    with pytest.raises(ReasonMissing), transaction():
        service.correct_name(
            person_member(person.id), "x", reason="", version=person.version, actor=SYSTEM, at=AT
        )


def test_surnames_are_read_as_surnames() -> None:
    names = ["曾广", "解放", "仇平", "区健", "查良", "单雄", "尉迟恭", "李明"]
    assert [sort_key(name).split()[0] for name in names] == [
        "zeng",
        "xie",
        "qiu",
        "ou",
        "zha",
        "shan",
        "yuchi",
        "li",
    ]


def test_two_editors_at_once_the_second_is_told(app: Flask) -> None:
    entry = _entry(ramen_event())
    entry_id, version = entry.id, entry.version
    with transaction():
        service.edit_entry(entry_id, EntryFacts(name="示范队"), version=version, actor=SYSTEM, at=AT)
    with pytest.raises(Stale), transaction():
        service.edit_entry(entry_id, EntryFacts(name="另一队"), version=version, actor=SYSTEM, at=AT)
    assert db.session.get_one(Entry, entry_id).name == "示范队"


def test_editing_a_member_without_a_number_keeps_the_number(app: Flask) -> None:
    entry = _entry(ramen_event())
    member = entry.members[0]
    old = personal.decrypt(member.person.id_cipher)
    change = PersonFacts(name="李一", id_kind=IdKind.RESIDENT, id_number=old, education="本科")
    with transaction():
        service.edit_member(
            member.id, change, MemberFacts(job="厨师长"), version=member.person.version, actor=SYSTEM, at=AT
        )
    person = db.session.scalars(sa.select(Person).where(Person.name == "李一")).one()
    assert (personal.decrypt(person.id_cipher), person.education, person.born_on) == (
        old,
        "本科",
        date(1990, 1, 5),
    )
    assert _last_change().values == {"education": ["", "本科"], "job": ["", "厨师长"]}
    taken = PersonFacts(name="李一", id_kind=IdKind.RESIDENT, id_number=facts("王二", 2).id_number)
    with pytest.raises(AlreadyEntered) as refused, transaction():
        service.edit_member(
            person_member(person.id), taken, MemberFacts(), version=person.version, actor=SYSTEM, at=AT
        )
    assert refused.value.code == "document_taken"


def test_reading_a_number_in_full_is_kept(app: Flask) -> None:
    entry = _entry(ramen_event())
    with transaction():
        shown = service.reveal(entry.members[0].id, actor=SYSTEM, at=AT)
    assert shown.id_number == facts("李一", 1).id_number
    line = _last_change()
    assert (line.action, line.subject_kind) == ("personal.read", "Person")
    assert shown.id_number not in str(line.values)


def test_a_locked_draw_keeps_people_out_and_lets_states_through(app: Flask) -> None:
    event = ramen_event()
    entry = _entry(event)
    entry_id, event_id, member_id = entry.id, event.id, entry.members[0].id
    with transaction():
        service.freeze(event_id, FreezeKind.DRAW, actor=SYSTEM, reason="draw 1", at=AT)
    with pytest.raises(RosterFrozen):
        make_entry(db.session.get_one(Event, event_id), "2", facts("赵三", 3))
    version = db.session.get_one(Entry, entry_id).version
    with transaction():
        service.substitute(
            member_id, facts("赵三", 3), MemberFacts(), reason="伤病", version=version, actor=SYSTEM, at=AT
        )
    with transaction():
        service.freeze(event_id, FreezeKind.RESULTS, actor=SYSTEM, reason="list 1", at=AT)
    version = db.session.get_one(Entry, entry_id).version
    with pytest.raises(RosterFrozen), transaction():
        service.set_state(entry_id, EntryState.ABSENT, reason="x", version=version, actor=SYSTEM, at=AT)
    with transaction():
        service.release(event_id, FreezeKind.RESULTS, actor=SYSTEM, reason="申诉成立", at=AT)
    with transaction():
        service.set_state(entry_id, EntryState.ABSENT, reason="x", version=version, actor=SYSTEM, at=AT)
    assert db.session.get_one(Entry, entry_id).state is EntryState.ABSENT


def test_delegations_follow_their_official_order(app: Flask) -> None:
    event = ramen_event()
    edition_id = event.sub_contest.edition_id
    with transaction():
        second = service.add_delegation(edition_id, name="青海省", order=2, actor=SYSTEM, at=AT).id
    with transaction():
        first = service.add_delegation(edition_id, name="北京市", order=1, actor=SYSTEM, at=AT).id
    make_entry(event, "9", facts("李一", 1), facts("王二", 2), delegation_id=first)
    make_entry(event, "1", facts("赵三", 3), facts("钱四", 4), delegation_id=second)
    assert [entry.number for entry in queries.roster_for_event(event.id)] == ["9", "1"]
    with pytest.raises(StateChange), transaction():
        service.remove_delegation(first, actor=SYSTEM, at=AT)
    with pytest.raises(Missing), transaction():
        service.remove_delegation(99, actor=SYSTEM, at=AT)


def test_two_writings_of_one_organisation_are_joined(app: Flask) -> None:
    entry = _entry(ramen_event())
    contest_id = entry.event.sub_contest.edition.contest_id
    member = entry.members[0]
    change = PersonFacts(name="李一", id_kind=IdKind.RESIDENT, id_number=facts("李一", 1).id_number)
    with transaction():
        service.edit_member(
            member.id,
            change,
            MemberFacts(organisation="示范 公司"),
            version=member.person.version,
            actor=SYSTEM,
            at=AT,
        )
    rows = {row.name: (row, count) for row, count in organisations.organisations_of(contest_id)}
    assert {name: count for name, (_row, count) in rows.items()} == {"示范公司": 1, "示范 公司": 1}
    wrong = rows["示范 公司"][0]
    with transaction():
        service.edit_organisation(
            wrong.id, name="示范公司", short_name="", order=0, version=wrong.version, actor=SYSTEM, at=AT
        )
    assert [(row.name, count) for row, count in organisations.organisations_of(contest_id)] == [
        ("示范公司", 2)
    ]
    assert (_last_change().action, _last_change().values) == (
        "organisation.joined",
        {"joined": ["示范 公司", "示范公司"]},
    )


def test_members_of_a_team_have_numbers_that_a_substitute_takes_over(app: Flask) -> None:
    event = ramen_event()
    entry = make_entry(event, "1101", facts("李一", 1), facts("王二", 2))
    entry_id = entry.id
    assert [member.number for member in entry.members] == ["1101-1", "1101-2"]
    with transaction():
        service.substitute(
            entry.members[1].id,
            facts("赵三", 3),
            MemberFacts(),
            reason="伤病",
            version=entry.version,
            actor=SYSTEM,
            at=AT,
        )
    subject = queries.find_subject(event.id, number="1101-2")
    (roster,) = queries.roster_for_event(event.id)
    assert subject == CodeSubject(entry_id, {m.name: m.id for m in roster.members}["赵三"])
    version = db.session.get_one(Entry, entry_id).version
    with transaction():
        service.edit_entry(entry_id, EntryFacts(number="7"), version=version, actor=SYSTEM, at=AT)
    (roster,) = queries.roster_for_event(event.id)
    assert sorted(member.number for member in roster.members) == ["7-1", "7-2"]


def test_a_closed_event_takes_no_more_changes(app: Flask) -> None:
    event = ramen_event()
    entry = _entry(event)
    with transaction():
        db.session.get_one(Event, event.id).state = EventState.CLOSED
    with pytest.raises(RosterFrozen) as refused, transaction():
        service.set_state(entry.id, EntryState.ABSENT, reason="x", version=entry.version, actor=SYSTEM, at=AT)
    assert refused.value.code == "roster_event_closed"
