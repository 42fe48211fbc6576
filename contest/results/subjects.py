"""Who takes part, as plain facts: what a list prints and what the scoring core filters by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from contest.entries.models import EntryState
from contest.entries.queries import roster_for_event
from contest.entries.records import RosterEntry, RosterMember
from contest.events.models import Event
from contest.scoring.field import InputRow
from contest.scoring.field import Member as MemberRow
from contest.scoring.field import Subject as SubjectRow
from contest.scoring.rules import RuleSet

LAST = 1_000_000
"""The place in the official order of those without a delegation."""
GENDERS = {"男": ("男", "m", "male"), "女": ("女", "f", "female")}


@dataclass(frozen=True)
class Facts:
    """One entry or member as it stands: names, places in the order of lists, and everybody on its line.

    key: as the scoring core knows it (`e7`, `m12`). members: everybody it stands for, as plain values
    (member_id, person_id, name, number, unit, group, is_student).
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
    delegation_order: int = LAST
    group: str = ""
    team: str = ""
    person_id: int | None = None
    members: tuple[Mapping[str, Any], ...] = ()
    coaches: tuple[str, ...] = ()
    coach_person_ids: tuple[int, ...] = ()
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
    students = frozenset(group.key for group in event.groups if group.is_student)
    reading = _Reading(rules, groups, students, event.sub_contest.edition.starts_on)
    facts: dict[str, Facts] = {}
    subjects, inputs = [], []
    for entry in roster_for_event(event.id):
        subject, entry_facts, member_facts = reading.entry(entry)
        subjects.append(subject)
        inputs += reading.inputs(entry)
        facts[entry_facts.key] = entry_facts
        facts.update({one.key: one for one in member_facts})
    return Roster(tuple(subjects), tuple(inputs), facts)


@dataclass(frozen=True)
class _Reading:
    """How a roster becomes facts under one rule set: which spelling of a group or gender its rules use."""

    rules: RuleSet
    groups: Mapping[str, str]
    students: frozenset[str]
    on: date | None
    spelt: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    def entry(self, entry: RosterEntry) -> tuple[SubjectRow, Facts, list[Facts]]:
        only = entry.members[0] if len(entry.members) == 1 else None
        common = self._common(entry)
        facts = Facts(
            key=f"e{entry.id}",
            kind="entry",
            id=entry.id,
            name=entry.display_name or entry.number,
            number=entry.number,
            unit=entry.organisation or self._units(entry),
            group=self.groups.get(entry.group_key, entry.group_key),
            person_id=only.person_id if only else None,
            members=tuple(self._plain(entry, one) for one in entry.members),
            state=entry.state.value,
            reason=entry.state_reason,
            texts=self._texts(entry, only),
            **common,
        )
        members = [self._member(entry, member, common) for member in entry.members]
        row = SubjectRow(
            key=facts.key,
            status=facts.state,
            reason=facts.reason,
            texts=facts.texts,
            members=tuple(MemberRow(one.key, one.state, one.reason, one.texts) for one in members),
        )
        return row, facts, members

    def _member(self, entry: RosterEntry, member: RosterMember, common: Mapping[str, Any]) -> Facts:
        state = entry.state if entry.state is not EntryState.PRESENT else member.state
        plain = self._plain(entry, member)
        return Facts(
            key=f"m{member.id}",
            kind="member",
            id=member.id,
            name=member.name,
            number=member.number or entry.number,
            unit=plain["unit"],
            group=plain["group"],
            team=entry.name,
            person_id=member.person_id,
            members=(plain,),
            state=state.value,
            reason=entry.state_reason,
            texts=self._texts(entry, member),
            **common,
        )

    @staticmethod
    def _common(entry: RosterEntry) -> dict[str, Any]:
        delegation = entry.delegation
        return {
            "entry_id": entry.id,
            "delegation": delegation.name if delegation else "",
            "delegation_id": delegation.id if delegation else None,
            "delegation_order": delegation.official_order if delegation else LAST,
            "coaches": entry.coaches,
            "coach_person_ids": entry.coach_person_ids,
        }

    def _plain(self, entry: RosterEntry, member: RosterMember) -> dict[str, Any]:
        group = member.group_key or entry.group_key
        return {
            "member_id": member.id,
            "person_id": member.person_id,
            "name": member.name,
            "number": member.number,
            "unit": member.organisation or entry.organisation,
            "group": self.groups.get(group, group),
            "is_student": group in self.students,
        }

    @staticmethod
    def _units(entry: RosterEntry) -> str:
        return "、".join(dict.fromkeys(one.organisation for one in entry.members if one.organisation))

    def _texts(self, entry: RosterEntry, member: RosterMember | None) -> dict[str, str]:
        """Text columns for filters, tables and award rules. Bodies go by their keys, so that a renamed one stays one."""
        group_key = (member.group_key if member else "") or entry.group_key
        unit_id = (member.organisation_id if member else None) or entry.organisation_id
        texts = {
            "group": self._spelt("group", (group_key, self.groups.get(group_key, group_key))),
            "delegation": f"d{entry.delegation.id}" if entry.delegation else "",
            "organisation": f"o{unit_id}" if unit_id else "",
            "team": f"e{entry.id}",
            # Several coaches are several recipients of a coach's title; the core parts them by this sign.
            "coach": ";".join(entry.coaches),
            "gender": self._spelt("gender", GENDERS.get(member.gender, ("",))) if member else "",
            "level": member.level_held if member else "",
            "person": f"p{member.person_id}" if member else "",
        }
        if not entry.inputs:
            return texts
        named = {column.name for column in self.rules.filters}
        given = {name: str(value) for name, value in entry.inputs.items() if name in named}
        return {**texts, **given}

    def _spelt(self, column: str, spellings: tuple[str, ...]) -> str:
        """The spelling that the rules use for a value: rules written by hand say 职工 or f, rows say workers or 女."""
        key = (column, spellings)
        if key not in self.spelt:
            known = self._known(column)
            self.spelt[key] = next((text for text in spellings if text in known), spellings[0])
        return self.spelt[key]

    def _known(self, column: str) -> set[str]:
        """The values of a column that the rules name."""
        known = set(self.rules.groups) if column == "group" else set()
        known |= {value for one in self.rules.filters if one.name == column for value in one.values}
        return known | {
            value
            for ranking in self.rules.rankings
            for condition in ranking.filter
            if condition.column == column
            for value in condition.values
        }

    def inputs(self, entry: RosterEntry) -> list[InputRow]:
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

    def _ages(self, entry: RosterEntry) -> list[InputRow]:
        on = self.on
        if on is None:
            return []
        ages = [(one, _age(one.born_on, on)) for one in entry.members if one.born_on]
        rows = [InputRow("age", f"e{entry.id}", age * 1000, member=f"m{one.id}") for one, age in ages]
        if len(ages) == 1:
            rows.append(InputRow("age", f"e{entry.id}", ages[0][1] * 1000))
        return rows


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _milli(value: Any) -> int:
    exact = Fraction(str(value)) * 1000
    if exact.denominator != 1:
        raise ValueError(f"more than three decimals: {value}")
    return exact.numerator
