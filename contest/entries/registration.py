"""Registering by hand: an entry with its people, further members, and corrections of what was registered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import eligibility, freezing, handing_in, people, queries
from contest.entries.models import Entry, Member, Organisation, Person, Staff, StaffRole
from contest.entries.numbers import member_number, next_number, refuse_number
from contest.entries.organisations import organisation_named
from contest.entries.people import PersonFacts
from contest.entries.refusals import AlreadyEntered, TeamSize
from contest.errors import Forbidden, Missing, Stale
from contest.events.models import Event


@dataclass(frozen=True)
class MemberFacts:
    """What is known of a person as a member of this entry. `group_key` empty: the entry's."""

    organisation: str = ""
    group_key: str = ""
    job: str = ""
    level_held: str = ""
    level_certificate: str = ""
    years_in_trade: int | None = None
    note: str = ""


@dataclass(frozen=True)
class EntryFacts:
    """What is known of an entry. An empty number asks for the next free one."""

    number: str = ""
    name: str = ""
    group_key: str = ""
    delegation_id: int | None = None
    organisation: str = ""
    leaders: tuple[str, ...] = ()
    coaches: tuple[str, ...] = ()
    note: str = ""


def register_entry(
    event_id: int,
    facts: EntryFacts,
    members: Sequence[tuple[PersonFacts, MemberFacts]],
    *,
    actor: Actor,
    at: datetime,
) -> Entry:
    """A new entry with its first members, who may be fewer than the event asks for: others can follow.

    Raises Missing, Forbidden, RosterFrozen, RegistrationClosed, NumberTaken, AlreadyEntered, TeamSize.
    """
    event = _event(actor, event_id)
    freezing.refuse_new_people(event.id)
    _refuse_delegation(actor, event, facts.delegation_id)
    handing_in.refuse_closed(actor, event.sub_contest.edition_id, facts.delegation_id, at)
    if len(members) > event.members_max:
        raise TeamSize("team_too_many", most=event.members_max)
    entry = make_entry(event, facts, at)
    for person_facts, member_facts in members:
        join_by_facts(entry, event, person_facts, member_facts, at)
    db.session.flush()
    changes = {"number": [None, entry.number], "members": [None, [person.name for person, _ in members]]}
    audit.record(actor, "entry.registered", entry, contest_id=contest_id_of(event), changes=changes, at=at)
    return entry


def make_entry(event: Event, facts: EntryFacts, at: datetime) -> Entry:
    """The row itself with its leaders and coaches; flushed. Raises NumberTaken."""
    number = facts.number or next_number(event.id)
    refuse_number(event.id, number, 0)
    organisation = organisation_named(contest_id_of(event), facts.organisation)
    entry = new_entry(event, replace(facts, number=number), organisation, at)
    db.session.flush()
    return entry


def new_entry(event: Event, facts: EntryFacts, organisation: Organisation | None, at: datetime) -> Entry:
    """The row of facts that were checked; added, not flushed."""
    entry = Entry(
        event_id=event.id,
        number=facts.number,
        name=facts.name,
        group_key=facts.group_key,
        delegation_id=facts.delegation_id,
        organisation=organisation,
        note=facts.note,
        registered_at=at,
        members=[],
        staff=[],
    )
    set_staff(entry, StaffRole.LEADER, facts.leaders)
    set_staff(entry, StaffRole.COACH, facts.coaches)
    db.session.add(entry)
    return entry


def set_staff(entry: Entry, role: StaffRole, names: Sequence[str]) -> list[Any] | None:
    """Make the leaders or coaches these; [old, new] where something changed."""
    old = [one.name for one in entry.staff if one.role is role]
    if list(names) == old:
        return None
    for one in [one for one in entry.staff if one.role is role]:
        entry.staff.remove(one)
    entry.staff.extend(Staff(role=role, name=name) for name in names)
    return [old, list(names)]


def edit_entry(entry_id: int, facts: EntryFacts, *, version: int, actor: Actor, at: datetime) -> Entry:
    """Change an entry's own facts. Number, group and delegation are fixed by a locked draw.

    Raises Missing, Stale, NumberTaken, RosterFrozen, RegistrationClosed, Forbidden.
    """
    entry = queries.entry_for(actor, entry_id, may="entries.edit")
    if entry.version != version:
        raise Stale()
    refuse_handed_in(actor, entry, at)
    organisation = organisation_named(contest_id_of(entry.event), facts.organisation)
    new = {
        "number": facts.number or entry.number,
        "name": facts.name,
        "group_key": facts.group_key,
        "delegation_id": facts.delegation_id,
        "organisation_id": organisation.id if organisation else None,
        "note": facts.note,
    }
    changes: dict[str, Any] = {f: [getattr(entry, f), v] for f, v in new.items() if getattr(entry, f) != v}
    if {"number", "group_key", "delegation_id"} & set(changes):
        freezing.refuse_new_people(entry.event_id)
    if "number" in changes:
        refuse_number(entry.event_id, facts.number, entry.id)
    if "delegation_id" in changes:
        _refuse_delegation(actor, entry.event, facts.delegation_id)
    for field, (_, value) in changes.items():
        setattr(entry, field, value)
    if "number" in changes:
        for member in entry.members:
            member.number = member_number(entry.number, entry.event, member.position)
    for role, names in ((StaffRole.LEADER, facts.leaders), (StaffRole.COACH, facts.coaches)):
        staff = set_staff(entry, role, names)
        changes |= {role.value: staff} if staff else {}
    save(entry, "entry.edited", changes, actor, at)
    return entry


def save(entry: Entry, action: str, changes: dict[str, Any], actor: Actor, at: datetime) -> None:
    """Flush and log; the entry's version moves on even when only its people changed, so that a second editor sees it."""
    if not changes:
        return
    sa.orm.attributes.flag_modified(entry, "note")
    db.session.flush()
    audit.record(actor, action, entry, contest_id=contest_id_of(entry.event), changes=changes, at=at)


def add_member(
    entry_id: int, person: PersonFacts, facts: MemberFacts, *, version: int, actor: Actor, at: datetime
) -> Member:
    """One more member. Raises Missing, Stale, RosterFrozen, RegistrationClosed, TeamSize, AlreadyEntered."""
    entry = queries.entry_for(actor, entry_id, may="entries.edit")
    if entry.version != version:
        raise Stale()
    freezing.refuse_new_people(entry.event_id)
    refuse_handed_in(actor, entry, at)
    if len(live_members(entry)) >= entry.event.members_max:
        raise TeamSize("team_too_many", most=entry.event.members_max)
    member = join_by_facts(entry, entry.event, person, facts, at)
    db.session.flush()
    save(entry, "entry.member_added", {"members": [None, person.name]}, actor, at)
    return member


def join_by_facts(
    entry: Entry, event: Event, facts: PersonFacts, member: MemberFacts, at: datetime
) -> Member:
    """Find or make the person and put them into the entry. Raises AlreadyEntered."""
    holder_id = event.sub_contest.edition.contest.holder_id
    known = people.person_by_number(holder_id, facts.id_number)
    if known is None:
        known = people.make_person(holder_id, facts)
        db.session.flush()
    else:
        refuse_second_entry(event.id, known)
        people.update_person(known, facts)
    return join(entry, event, known, member, at)


def join(entry: Entry, event: Event, person: Person, facts: MemberFacts, at: datetime) -> Member:
    """A new live member at the end of the entry; flushed."""
    organisation = organisation_named(contest_id_of(event), facts.organisation)
    member = add_row(entry, event, person, facts, organisation, at)
    db.session.flush()
    return member


def add_row(
    entry: Entry,
    event: Event,
    person: Person,
    facts: MemberFacts,
    organisation: Organisation | None,
    at: datetime,
) -> Member:
    """The row of a new member, not flushed."""
    position = max((one.position for one in entry.members), default=0) + 1
    member = Member(
        event_id=event.id,
        number=member_number(entry.number, event, position),
        position=position,
        organisation=organisation,
        group_key=facts.group_key,
        job=facts.job,
        level_held=facts.level_held,
        level_certificate=facts.level_certificate,
        years_in_trade=facts.years_in_trade,
        note=facts.note,
        joined_at=at,
        person=person,
    )
    entry.members.append(member)
    return member


def refuse_second_entry(event_id: int, person: Person) -> None:
    """One person is a live member of one entry of an event at most. Raises AlreadyEntered."""
    number = db.session.scalar(
        sa.select(Entry.number)
        .join(Member, Member.entry_id == Entry.id)
        .where(Member.event_id == event_id, Member.person_id == person.id, Member.left_at.is_(None))
    )
    if number is not None:
        raise AlreadyEntered(name=person.name, number=number)


def member_differences(
    member: Member, facts: MemberFacts, contest_id: int, *, apply: bool
) -> dict[str, list[Any]]:
    """field → [old, new] for what the facts would change of a member; blanks change nothing."""
    found: dict[str, list[Any]] = {}
    for field in ("group_key", "job", "level_held", "level_certificate", "years_in_trade", "note"):
        new = getattr(facts, field)
        if new not in ("", None) and new != getattr(member, field):
            found[field] = [getattr(member, field), new]
    old = member.organisation.name if member.organisation else ""
    if facts.organisation and facts.organisation != old:
        found["organisation"] = [old, facts.organisation]
    if apply:
        for field, (_, value) in found.items():
            if field == "organisation":
                member.organisation = organisation_named(contest_id, str(value))
            else:
                setattr(member, field, value)
    return found


def live_members(entry: Entry) -> list[Member]:
    """Members who haven't left."""
    return [member for member in entry.members if member.left_at is None]


def refuse_handed_in(actor: Actor, entry: Entry, at: datetime) -> None:
    """A registrar changes nothing of an entry whose delegation's registration is closed. Raises RegistrationClosed."""
    handing_in.refuse_closed(actor, entry.event.sub_contest.edition_id, entry.delegation_id, at)


def contest_id_of(event: Event) -> int:
    """The contest an event belongs to: where its log lines go."""
    return event.sub_contest.edition.contest_id


def _event(actor: Actor, event_id: int) -> Event:
    event = db.session.get(Event, event_id)
    if event is None:
        raise Missing()
    allowed = {row.id for row in eligibility.events_for_entry(actor, event.sub_contest.edition_id)}
    if event.id not in allowed:
        raise Missing()
    return event


def _refuse_delegation(actor: Actor, event: Event, delegation_id: int | None) -> None:
    """A delegation of the same edition, and one the actor may enter people of."""
    edition_id = event.sub_contest.edition_id
    allowed = {row.id for row in eligibility.delegations_for_entry(actor, edition_id)}
    if delegation_id is None and not queries.is_limited(actor, edition_id):
        return
    if delegation_id not in allowed:
        raise Forbidden("delegation_not_yours")
