"""Entries with their people as plain values, read as columns: ten thousand rows of the ORM would take four times as long.

Imported through `queries`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from contest.db import db
from contest.entries.models import Delegation, Entry, Member, Organisation, Person, Staff, StaffRole
from contest.entries.placements import codes_by_subject
from contest.entries.records import RosterDelegation, RosterEntry, RosterMember

Codes = dict[tuple[int, int | None], dict[str, str]]

_ENTRIES = (
    sa.select(
        Entry.id,
        Entry.event_id,
        Entry.number,
        Entry.name,
        Entry.state,
        Entry.state_reason,
        Entry.group_key,
        Entry.inputs,
        Entry.organisation_id,
        Organisation.name.label("organisation"),
        Entry.delegation_id,
        Delegation.name.label("delegation"),
        Delegation.short_name,
        Delegation.official_order,
    )
    .outerjoin(Delegation, Entry.delegation_id == Delegation.id)
    .outerjoin(Organisation, Entry.organisation_id == Organisation.id)
    .order_by(
        sa.func.coalesce(Delegation.official_order, 1_000_000), sa.func.length(Entry.number), Entry.number
    )
)
_MEMBERS = (
    sa.select(
        Member.id,
        Member.entry_id,
        Member.person_id,
        Member.number,
        Person.name,
        Person.name_sort,
        Person.gender,
        Person.born_on,
        sa.func.coalesce(sa.func.nullif(Member.group_key, ""), Entry.group_key).label("group_key"),
        Organisation.name.label("organisation"),
        Member.organisation_id,
        Member.level_held,
        Member.job,
        Member.state,
        Member.left_at,
        Person.id_masked,
    )
    .join(Entry, Member.entry_id == Entry.id)
    .join(Person, Member.person_id == Person.id)
    .outerjoin(Organisation, Member.organisation_id == Organisation.id)
    .order_by(Member.entry_id, Member.position, Member.id)
)
_STAFF = (
    sa.select(Staff.entry_id, Staff.role, Staff.name, Staff.person_id)
    .join(Entry, Staff.entry_id == Entry.id)
    .order_by(Staff.entry_id, Staff.id)
)


def roster_for_event(event_id: int, *, with_left: bool = False) -> list[RosterEntry]:
    """All entries of an event in official order (delegation, then number), as plain values."""
    return _read(Entry.event_id == event_id, codes_by_subject(event_id), with_left=with_left)


def roster_entry(entry_id: int) -> RosterEntry:
    """One entry as plain values, without its work codes; whoever asks has been allowed to see it."""
    (found,) = _read(Entry.id == entry_id, {}, with_left=False)
    return found


def _read(which: sa.ColumnElement[bool], codes: Codes, *, with_left: bool) -> list[RosterEntry]:
    members = _members(which, codes, with_left=with_left)
    staff: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_STAFF.where(which)):
        staff[row.entry_id].append(row)
    delegations: dict[int, RosterDelegation] = {}
    return [
        _entry(
            row, members.get(row.id, []), staff.get(row.id, ()), delegations, codes.get((row.id, None), {})
        )
        for row in db.session.execute(_ENTRIES.where(which))
    ]


def _members(
    which: sa.ColumnElement[bool], codes: Codes, *, with_left: bool
) -> dict[int, list[RosterMember]]:
    """The members of each entry by its id, in their order."""
    found: dict[int, list[RosterMember]] = defaultdict(list)
    statement = _MEMBERS.where(which)
    if not with_left:
        statement = statement.where(Member.left_at.is_(None))
    for row in db.session.execute(statement):
        found[row.entry_id].append(
            RosterMember(
                id=row.id,
                person_id=row.person_id,
                number=row.number,
                name=row.name,
                name_sort=row.name_sort,
                gender=row.gender,
                born_on=row.born_on,
                group_key=row.group_key,
                organisation=row.organisation or "",
                organisation_id=row.organisation_id,
                level_held=row.level_held,
                job=row.job,
                state=row.state,
                is_live=row.left_at is None,
                id_masked=row.id_masked,
                codes=codes.get((row.entry_id, row.id), {}),
            )
        )
    return found


def _entry(
    row: Any,
    members: list[RosterMember],
    staff: Sequence[Any],
    delegations: dict[int, RosterDelegation],
    codes: dict[str, str],
) -> RosterEntry:
    coaches = [one for one in staff if one.role is StaffRole.COACH]
    delegation = None
    if row.delegation_id is not None:
        delegation = delegations.get(row.delegation_id)
        if delegation is None:
            delegation = delegations[row.delegation_id] = RosterDelegation(
                row.delegation_id, row.delegation, row.short_name, row.official_order
            )
    return RosterEntry(
        id=row.id,
        event_id=row.event_id,
        number=row.number,
        name=row.name,
        display_name=row.name or "、".join(one.name for one in members if one.is_live),
        state=row.state,
        state_reason=row.state_reason,
        group_key=row.group_key,
        delegation=delegation,
        organisation=row.organisation or "",
        organisation_id=row.organisation_id,
        members=tuple(members),
        leaders=tuple(one.name for one in staff if one.role is StaffRole.LEADER),
        coaches=tuple(one.name for one in coaches),
        coach_person_ids=tuple(one.person_id for one in coaches if one.person_id),
        codes=codes,
        inputs=dict(row.inputs),
    )
