"""What taking a registration file over would do, worked out before anything is done: new, changed, same, impossible."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from contest import personal
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import eligibility, handing_in, people, queries, registration
from contest.entries.models import Delegation, Entry, Member, Person, StaffRole
from contest.entries.people import PersonFacts
from contest.entries.registration import EntryFacts, MemberFacts
from contest.entries.roster.columns import HEADINGS, Field
from contest.entries.roster.findings import Finding, Place
from contest.entries.roster.importing import RosterRow
from contest.events.models import Event


@dataclass
class Step:
    """One row's effect. `changes`: field → [old, new]; an entry's own are prefixed with "entry."."""

    row: RosterRow
    event: Event
    person: Person | None
    entry: Entry | None
    member: Member | None
    changes: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """new_entry, new_member, changed or same."""
        if self.member is not None:
            return "changed" if self.changes else "same"
        return "new_entry" if self.entry is None else "new_member"


@dataclass(frozen=True)
class Plan:
    """Everything an import would do, or why it can't. Empty of effects where the same file came before."""

    steps: tuple[Step, ...]
    errors: tuple[Finding, ...]
    new_delegations: tuple[str, ...]
    fingerprint: str

    def count(self, kind: str) -> int:
        """How many rows have this effect."""
        return sum(step.kind == kind for step in self.steps)

    @property
    def new_entries(self) -> int:
        """Entries that would come into being: rows of one team are one."""
        keys = {(s.event.id, s.row.number or id(s)) for s in self.steps if s.kind == "new_entry"}
        return len(keys)

    @property
    def changes_nothing(self) -> bool:
        """All rows stand in the database as they stand in the file."""
        return all(step.kind == "same" for step in self.steps)


def make_plan(rows: Sequence[RosterRow], edition_id: int, actor: Actor, today: date) -> Plan:
    """Hold checked rows against the database. Nothing is written."""
    known = _Known(rows, edition_id, actor, today)
    steps = [known.step(row) for row in rows]
    errors = [error for step in steps for error in known.errors_of(step)] + known.too_many(steps)
    present = {delegation.name for delegation in known.delegations.values()}
    new = tuple(
        dict.fromkeys(row.delegation for row in rows if row.delegation and row.delegation not in present)
    )
    return Plan(tuple(steps), tuple(errors), new, _fingerprint(steps))


def person_facts(row: RosterRow) -> PersonFacts:
    """What a row says of the human."""
    return PersonFacts(
        name=row.name,
        id_kind=people.KINDS[row.id_kind],
        id_number=row.id_number,
        gender=row.gender,
        ethnicity=row.ethnic_group,
        born_on=row.born_on,
        education=row.education,
        phone=row.phone,
    )


def member_facts(row: RosterRow) -> MemberFacts:
    """What a row says of the person as a member."""
    return MemberFacts(
        organisation=row.organisation,
        job=row.post,
        level_held=row.level,
        level_certificate=row.level_certificate,
        years_in_trade=row.years,
        note=row.remark,
    )


def entry_facts(row: RosterRow, event: Event, delegation_id: int | None) -> EntryFacts:
    """What a row says of its entry: the first row of a team decides its organisation."""
    return EntryFacts(
        number=row.number,
        group_key=group_key(event, row.group),
        delegation_id=delegation_id,
        organisation=row.organisation,
        leaders=split_names(row.leader),
        coaches=split_names(row.coach),
    )


def group_key(event: Event, name: str) -> str:
    """The key of a group by its name; empty where the event has no such group."""
    return next((group.key for group in event.groups if group.name == name), "")


def split_names(text: str) -> tuple[str, ...]:
    """Leaders or coaches written into one cell."""
    return tuple(name for name in text.split("、") if name)


class _Known:
    """The database's side, read in a handful of queries however long the file is."""

    def __init__(self, rows: Sequence[RosterRow], edition_id: int, actor: Actor, today: date) -> None:
        self.contest = eligibility.contest_of(edition_id)
        self.is_limited = queries.is_limited(actor, edition_id)
        self.own = {row.id for row in eligibility.delegations_for_entry(actor, edition_id)}
        self.events = {event.id: event for event in eligibility.events_for_entry(actor, edition_id)}
        delegations = db.session.scalars(sa.select(Delegation).where(Delegation.edition_id == edition_id))
        self.delegations = {row.name: row for row in delegations}
        self.digests = {id(row): personal.digest(row.id_number) for row in rows}
        self.people = queries.people_by_digest(self.contest.holder_id, self.digests.values())
        used = {row.event for row in rows}
        entries = db.session.scalars(
            sa.select(Entry).where(Entry.event_id.in_(used)).options(*queries.PEOPLE)
        )
        self.entries = {(entry.event_id, entry.number): entry for entry in entries}
        self.live = {
            (member.event_id, member.person_id): member
            for entry in self.entries.values()
            for member in registration.live_members(entry)
        }
        self.closed = handing_in.closed_to(actor, edition_id, today)
        self.frozen = {event_id for event_id in used if queries.freezes_of(event_id)}

    def step(self, row: RosterRow) -> Step:
        event = self.events[row.event]
        person = self.people.get(self.digests[id(row)])
        member = self.live.get((event.id, person.id)) if person else None
        entry = self.entries.get((event.id, row.number)) if row.number else None
        if entry is None and member is not None and not row.number:
            entry = member.entry
        step = Step(row, event, person, entry, member)
        if person is not None:
            step.changes |= people.differences(person, person_facts(row))
        if member is not None and entry is member.entry:
            step.changes |= registration.member_differences(
                member, member_facts(row), self.contest.id, apply=False
            )
            step.changes |= self._entry_changes(step)
        return step

    def _entry_changes(self, step: Step) -> dict[str, list[Any]]:
        entry, row = step.member.entry if step.member else None, step.row
        if entry is None:
            return {}
        found: dict[str, list[Any]] = {}
        old_delegation = entry.delegation.name if entry.delegation else ""
        if row.delegation and row.delegation != old_delegation:
            found["entry.delegation"] = [old_delegation, row.delegation]
        key = group_key(step.event, row.group)
        if key and key != entry.group_key:
            found["entry.group"] = [entry.group_key, key]
        for role, text in ((StaffRole.LEADER, row.leader), (StaffRole.COACH, row.coach)):
            old = [one.name for one in entry.staff if one.role is role]
            if text and list(split_names(text)) != old:
                found[f"entry.{role.value}"] = [old, list(split_names(text))]
        return found

    def errors_of(self, step: Step) -> list[Finding]:
        """Why a row can't be taken over, although the row itself is right."""
        row, found = step.row, []
        if step.member is not None and step.entry is not step.member.entry:
            found.append(
                _finding(
                    row, Field.id_number, "already_in_event", name=row.name, number=step.member.entry.number
                )
            )
        entry = step.entry
        if entry is not None and self.is_limited and entry.delegation_id not in self.own:
            found.append(_finding(row, Field.number, "number_of_others", number=row.number))
        elif entry is not None and step.member is None and not step.event.members_max > 1:
            others = "、".join(one.person.name for one in registration.live_members(entry))
            found.append(_finding(row, Field.number, "number_of_person", number=row.number, name=others))
        if step.person is not None and "name" in step.changes and self.is_limited and step.member is None:
            found.append(
                _finding(row, Field.name, "name_known_otherwise", name=personal.mask_name(step.person.name))
            )
        if self._is_closed(step):
            found.append(_finding(row, Field.name, "registration_closed_row", name=row.name))
        moves = step.member is None or {"entry.delegation", "entry.group"} & set(step.changes)
        if step.event.id in self.frozen and moves:
            found.append(_finding(row, Field.name, "roster_frozen_row", name=row.name))
        return found

    def _is_closed(self, step: Step) -> bool:
        """Whether the row would add or change something in a registration that is closed to whoever imports."""
        if step.kind == "same":
            return False
        named = self.delegations.get(step.row.delegation)
        touched = {named.id if named else None, step.entry.delegation_id if step.entry else None}
        return bool(touched & set(self.closed))

    def too_many(self, steps: list[Step]) -> list[Finding]:
        """A team of the database with members the file doesn't name must not grow beyond the event's size."""
        teams: dict[int, list[Step]] = defaultdict(list)
        for step in steps:
            if step.entry is not None:
                teams[step.entry.id].append(step)
        found = []
        for members in teams.values():
            entry, event = members[0].entry, members[0].event
            assert entry is not None
            named = {step.person.id for step in members if step.person is not None}
            others = [one for one in registration.live_members(entry) if one.person_id not in named]
            joining = [step for step in members if step.member is None]
            if joining and len(others) + len(members) > event.members_max > 1:
                names = "、".join(one.person.name for one in others)
                row = joining[0].row
                params = {"number": entry.number, "names": names, "most": event.members_max}
                found.append(_finding(row, Field.number, "team_would_be_too_large", **params))
        return found


def _finding(row: RosterRow, name: Field, code: str, /, **params: object) -> Finding:
    return Finding(Place(row.sheet, row.row, name, HEADINGS[name][0]), code, row.texts()[name], params)


def _fingerprint(steps: Sequence[Step]) -> str:
    """Equal for equal effects: the preview's is sent back with the order to take it over."""
    effects = [
        [s.kind, s.event.id, s.row.number, personal.digest(s.row.id_number), s.row.name, s.changes]
        for s in steps
    ]
    return hashlib.sha256(json.dumps(effects, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
