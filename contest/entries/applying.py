"""Carrying out the plan of a registration file: everything in one transaction, few questions to the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from contest import audit, personal
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import delegations, people, queries, registration
from contest.entries.models import Delegation, Entry, Organisation, Person, RosterImport, StaffRole
from contest.entries.numbers import next_number
from contest.entries.plan import (
    Plan,
    Step,
    entry_facts,
    group_key,
    member_facts,
    person_facts,
    split_names,
)
from contest.entries.roster.catalogue import PROVINCES
from contest.entries.roster.importing import RosterRow


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did."""

    import_id: int
    entries: int
    members: int
    changed: int
    same: int


class Applying:
    """One plan on its way into the database. Rows are added first and flushed together."""

    def __init__(self, row: RosterImport, plan: Plan, actor: Actor, at: datetime) -> None:
        self.row, self.plan, self.actor, self.at = row, plan, actor, at
        self.contest_id = queries.edition_by_id(row.edition_id).contest_id
        self.delegations = self._delegations()
        self.organisations = self._organisations()
        self.made: dict[tuple[int, str], Entry] = {}
        self.new_people: dict[str, Person] = {}
        self.next_numbers: dict[int, int] = {}
        self.joined: dict[int, tuple[Entry, list[str]]] = {}

    def run(self) -> ImportOutcome:
        """Do everything the plan says; flushed and logged."""
        with db.session.no_autoflush:
            for step in self.plan.steps:
                if step.member is None:
                    self._enter(step)
        db.session.flush()
        for entry, names in self.joined.values():
            changes: dict[str, list[object]] = {"number": [None, entry.number], "members": [None, names]}
            self._log("entry.imported", entry, changes)
        for step in self.plan.steps:
            if step.kind == "changed":
                self._change(step)
        members = sum(len(names) for _entry, names in self.joined.values())
        counts = self.plan.count("changed"), self.plan.count("same")
        return ImportOutcome(self.row.id, len(self.made), members, *counts)

    def _delegations(self) -> dict[str, Delegation]:
        """The edition's delegations by name. New ones follow the official order of provinces, else the file's."""
        edition_id = self.row.edition_id
        rows = db.session.scalars(sa.select(Delegation).where(Delegation.edition_id == edition_id))
        by_name = {row.name: row for row in rows}
        last = max((row.official_order for row in by_name.values()), default=0)
        new = self.plan.new_delegations
        if all(name in PROVINCES for name in new):
            new = tuple(sorted(new, key=PROVINCES.index))
        for order, name in enumerate(new, start=last + 1):
            by_name[name] = delegations.make_delegation(edition_id, name, order=order)
        db.session.flush()
        for name in new:
            self._log("delegation.added", by_name[name], {"name": [None, name]})
        return by_name

    def _organisations(self) -> dict[str, Organisation]:
        """The contest's organisations by name, those the file brings included."""
        rows = db.session.scalars(sa.select(Organisation).where(Organisation.contest_id == self.contest_id))
        by_name = {row.name: row for row in rows}
        for name in dict.fromkeys(step.row.organisation for step in self.plan.steps):
            if name and name not in by_name:
                by_name[name] = Organisation(contest_id=self.contest_id, name=name)
                db.session.add(by_name[name])
        db.session.flush()
        return by_name

    def _enter(self, step: Step) -> None:
        """A new member, of a new entry where the row is its first."""
        row, event = step.row, step.event
        entry = (
            step.entry or (self.made.get((event.id, row.number)) if row.number else None) or self._entry(step)
        )
        facts = member_facts(row)
        own_group = group_key(event, row.group)
        if own_group != entry.group_key:
            facts = replace(facts, group_key=own_group)
        organisation = self.organisations.get(row.organisation)
        registration.add_row(entry, event, self._person(step), facts, organisation, self.at)
        self.joined.setdefault(id(entry), (entry, []))[1].append(row.name)

    def _entry(self, step: Step) -> Entry:
        row, event = step.row, step.event
        delegation = self.delegations.get(row.delegation)
        facts = entry_facts(row, event, delegation.id if delegation else None)
        number = row.number or self._next_number(event.id)
        entry = registration.new_entry(
            event, replace(facts, number=number), self.organisations.get(row.organisation), self.at
        )
        self.made[event.id, number] = entry
        return entry

    def _next_number(self, event_id: int) -> str:
        """Like `numbers.next_number`, asked once an event; numbers the file gives itself are left free."""
        given = {s.row.number for s in self.plan.steps if s.event.id == event_id}
        number = self.next_numbers.get(event_id) or int(next_number(event_id))
        while f"{number:03d}" in given:
            number += 1
        self.next_numbers[event_id] = number + 1
        return f"{number:03d}"

    def _person(self, step: Step) -> Person:
        """The person of a row: known, new, or new by an earlier row of another event."""
        row = step.row
        if step.person is not None:
            people.update_person(step.person, person_facts(row))
            return step.person
        digest = personal.digest(row.id_number)
        if digest not in self.new_people:
            holder_id = step.event.sub_contest.edition.contest.holder_id
            self.new_people[digest] = people.make_person(holder_id, person_facts(row))
        return self.new_people[digest]

    def _change(self, step: Step) -> None:
        member, row = step.member, step.row
        assert member is not None  # only members can be changed
        entry = member.entry
        people.update_person(member.person, person_facts(row))
        registration.member_differences(member, member_facts(row), self.contest_id, apply=True)
        if "entry.delegation" in step.changes:
            entry.delegation = self.delegations[row.delegation]
        if "entry.group" in step.changes:
            entry.group_key = group_key(step.event, row.group)
        self._set_staff(entry, row, step)
        db.session.flush()
        self._log("member.imported", member, step.changes)

    def _set_staff(self, entry: Entry, row: RosterRow, step: Step) -> None:
        for role, text in ((StaffRole.LEADER, row.leader), (StaffRole.COACH, row.coach)):
            if f"entry.{role.value}" in step.changes:
                registration.set_staff(entry, role, split_names(text))

    def _log(self, action: str, row: object, changes: dict[str, list[object]]) -> None:
        audit.record(self.actor, action, row, contest_id=self.contest_id, changes=changes, at=self.at)
