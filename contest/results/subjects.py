"""Who takes part, as plain facts: what a list prints and what the scoring core filters by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from contest.db import db
from contest.entries.models import Entry, Member
from contest.events.models import Event
from contest.scoring.field import InputRow
from contest.scoring.field import Member as MemberRow
from contest.scoring.field import Subject as SubjectRow
from contest.scoring.rules import RuleSet

GENDERS = {"男": ("男", "m", "male"), "女": ("女", "f", "female")}


@dataclass(frozen=True)
class Facts:
    """One entry or member as it stands: names, places in the order of lists, and everybody on its line.

    key: as the scoring core knows it (`e7`, `m12`). people: (person id, name, number) of everybody it stands for.
    """

    key: str
    kind: str
    id: int
    entry_id: int
    name: str
    number: str
    unit: str = ""
    delegation: str = ""
    delegation_id: int | None = None
    delegation_order: int = 1_000_000
    group: str = ""
    team: str = ""
    person_id: int | None = None
    people: tuple[tuple[int, str, str], ...] = ()
    state: str = "present"
    reason: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """The subjects of an event: rows for the scoring core, inputs beside the marks, and facts by key."""

    subjects: tuple[SubjectRow, ...]
    inputs: tuple[InputRow, ...]
    facts: Mapping[str, Facts]


def roster_of(event: Event, rules: RuleSet) -> Roster:
    """Everybody registered for an event, in official order; substituted members are left out."""
    groups = {group.key: group.name for group in event.groups}
    reading = _Reading(rules, groups, event.sub_contest.edition.starts_on)
    facts: dict[str, Facts] = {}
    subjects, inputs = [], []
    for entry in sorted(_entries(event.id), key=_official):
        subject, entry_facts, member_facts = reading.entry(entry)
        subjects.append(subject)
        inputs += reading.inputs(entry)
        facts[entry_facts.key] = entry_facts
        facts.update({one.key: one for one in member_facts})
    return Roster(tuple(subjects), tuple(inputs), facts)


def _entries(event_id: int) -> Iterable[Entry]:
    return db.session.scalars(
        sa.select(Entry)
        .where(Entry.event_id == event_id)
        .options(
            joinedload(Entry.delegation),
            joinedload(Entry.organisation),
            selectinload(Entry.members).joinedload(Member.person),
            selectinload(Entry.members).joinedload(Member.organisation),
        )
    )


def _official(entry: Entry) -> tuple[int, str, int]:
    order = entry.delegation.official_order if entry.delegation else 1_000_000
    return order, entry.number, entry.id


@dataclass(frozen=True)
class _Reading:
    """How rows become facts under one rule set: which spelling of a group or gender its rules use."""

    rules: RuleSet
    groups: Mapping[str, str]
    on: date | None

    def entry(self, entry: Entry) -> tuple[SubjectRow, Facts, list[Facts]]:
        live = [member for member in entry.members if member.left_at is None]
        people = tuple((member.person_id, member.person.name, member.number) for member in live)
        name = entry.name or "、".join(one[1] for one in people) or entry.number
        only = live[0] if len(live) == 1 else None
        common = self._common(entry)
        facts = Facts(
            key=f"e{entry.id}",
            kind="entry",
            id=entry.id,
            name=name,
            number=entry.number,
            unit=entry.organisation.name if entry.organisation else self._units(live),
            group=self.groups.get(entry.group_key, entry.group_key),
            person_id=only.person_id if only else None,
            people=people,
            state=entry.state.value,
            reason=entry.state_reason,
            texts=self._texts(entry, only),
            **common,
        )
        members = [self._member(entry, member, common, name) for member in live]
        row = SubjectRow(
            key=facts.key,
            status=facts.state,
            reason=facts.reason,
            texts=facts.texts,
            members=tuple(MemberRow(one.key, one.state, one.reason, one.texts) for one in members),
        )
        return row, facts, members

    def _member(self, entry: Entry, member: Member, common: Mapping[str, Any], team: str) -> Facts:
        unit = member.organisation or entry.organisation
        state = entry.state if entry.state.value != "present" else member.state
        return Facts(
            key=f"m{member.id}",
            kind="member",
            id=member.id,
            name=member.person.name,
            number=member.number or entry.number,
            unit=unit.name if unit else "",
            group=self.groups.get(member.group_key or entry.group_key, member.group_key or entry.group_key),
            team=team if entry.name else "",
            person_id=member.person_id,
            people=((member.person_id, member.person.name, member.number),),
            state=state.value,
            reason=member.state_reason or entry.state_reason,
            texts=self._texts(entry, member),
            **common,
        )

    @staticmethod
    def _common(entry: Entry) -> dict[str, Any]:
        delegation = entry.delegation
        return {
            "entry_id": entry.id,
            "delegation": delegation.name if delegation else "",
            "delegation_id": entry.delegation_id,
            "delegation_order": delegation.official_order if delegation else 1_000_000,
        }

    @staticmethod
    def _units(members: list[Member]) -> str:
        names = dict.fromkeys(member.organisation.name for member in members if member.organisation)
        return "、".join(names)

    def _texts(self, entry: Entry, member: Member | None) -> dict[str, str]:
        """Text columns for filters, tables and award rules. Bodies go by their keys, so that a renamed one stays one."""
        group_key = (member.group_key if member else "") or entry.group_key
        unit_id = (member.organisation_id if member else None) or entry.organisation_id
        texts = {
            "group": self._spelt("group", (group_key, self.groups.get(group_key, group_key))),
            "delegation": f"d{entry.delegation_id}" if entry.delegation_id else "",
            "organisation": f"o{unit_id}" if unit_id else "",
            "team": f"e{entry.id}",
            "gender": self._spelt("gender", GENDERS.get(member.person.gender, ("",))) if member else "",
            "level": member.level_held if member else "",
            "person": f"p{member.person_id}" if member else "",
        }
        named = {column.name for column in self.rules.filters}
        given = {name: str(value) for name, value in entry.inputs.items() if name in named}
        return {**texts, **given}

    def _spelt(self, column: str, spellings: tuple[str, ...]) -> str:
        """The spelling that the rules use for a value: rules written by hand say 职工 or f, rows say workers or 女."""
        known = set(self.rules.groups) if column == "group" else set()
        known |= {value for one in self.rules.filters if one.name == column for value in one.values}
        known |= {
            value
            for ranking in self.rules.rankings
            for condition in ranking.filter
            if condition.column == column
            for value in condition.values
        }
        return next((text for text in spellings if text in known), spellings[0])

    def inputs(self, entry: Entry) -> list[InputRow]:
        """Numbers beside the marks. `{"difficulty": "3.2"}` holds for all rounds, `{"difficulty": {"r1": "3.2"}}` for one."""
        rows: list[InputRow] = []
        for column in self.rules.inputs:
            value = entry.inputs.get(column.name)
            if value is None and column.name == "age":
                rows += self._ages(entry)
            elif isinstance(value, Mapping):
                rows += [
                    InputRow(column.name, f"e{entry.id}", _milli(one), round=key)
                    for key, one in value.items()
                ]
            elif value not in (None, ""):
                rows.append(InputRow(column.name, f"e{entry.id}", _milli(value)))
        return rows

    def _ages(self, entry: Entry) -> list[InputRow]:
        live = [one for one in entry.members if one.left_at is None and one.person.born_on]
        if self.on is None:
            return []
        ages = [(one, _age(one.person.born_on, self.on)) for one in live]
        rows = [InputRow("age", f"e{entry.id}", age * 1000, member=f"m{one.id}") for one, age in ages]
        if len(ages) == 1:
            rows.append(InputRow("age", f"e{entry.id}", ages[0][1] * 1000))
        return rows


def _age(born: date | None, on: date) -> int:
    born = born or on
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _milli(value: Any) -> int:
    exact = Fraction(str(value)) * 1000
    if exact.denominator != 1:
        raise ValueError(f"more than three decimals: {value}")
    return exact.numerator
