"""Who may not mark whom: same delegation, same unit, coach or leader, or a declared relation. Kept in the query.

A seat of kind *self* is the reverse: its holders mark only the entries of their own delegation or unit.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from contest.db import db
from contest.entries.models import Entry, Member, Organisation, Staff
from contest.judging.models import DeclaredConflict, Judge, Seat, SeatKind


def own_delegation() -> sa.ColumnElement[bool]:
    """Judge and Entry of the enclosing SELECT belong to one delegation."""
    return sa.and_(Judge.delegation_id.is_not(None), Entry.delegation_id == Judge.delegation_id)


def own_unit() -> sa.ColumnElement[bool]:
    """The judge's unit is the entry's, or that of a live member."""
    units = sa.select(Organisation.id).where(Organisation.name == Judge.unit_name).correlate(Judge)
    of_member = sa.select(Member.id).where(
        Member.entry_id == Entry.id, Member.left_at.is_(None), Member.organisation_id.in_(units)
    )
    return sa.and_(
        Judge.unit_name != "",
        sa.or_(Entry.organisation_id.in_(units), of_member.correlate(Entry, Judge).exists()),
    )


def is_staff() -> sa.ColumnElement[bool]:
    """The judge leads or coaches the entry, by name, or did so for one of its members in another event."""
    return _here_or_elsewhere(Staff, Staff.name == Judge.name)


def declared() -> sa.ColumnElement[bool]:
    """Somebody declared a relation between the two, or between the judge and a member's entry in another event."""
    return _here_or_elsewhere(DeclaredConflict, DeclaredConflict.judge_id == Judge.id)


def _here_or_elsewhere(table: Any, who: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """A row of `table` names Entry, or another entry with one of its live members: a tie of the heat holds in the final.

    Two EXISTS instead of one with OR, so that each goes by an index: this stands in the way of every mark.
    """
    here, there = aliased(Member), aliased(Member)
    same = sa.select(table.id).where(table.entry_id == Entry.id, who)
    other = (
        sa.select(here.id)
        .join(there, sa.and_(there.person_id == here.person_id, there.entry_id != here.entry_id))
        .join(table, table.entry_id == there.entry_id)
        .where(here.entry_id == Entry.id, here.left_at.is_(None), who)
    )
    return sa.or_(same.correlate(Entry, Judge).exists(), other.correlate(Entry, Judge).exists())


RELATIONS = {
    "delegation": own_delegation,
    "unit": own_unit,
    "staff": is_staff,
    "declared": declared,
}


@cache
def may_mark() -> sa.ColumnElement[bool]:
    """Judge may mark Entry from Seat: the WHERE clause of every sheet a judge can reach; built once a process."""
    tied = sa.or_(*(relation() for relation in RELATIONS.values()))
    own = sa.or_(own_delegation(), own_unit())
    return sa.or_(
        sa.and_(Seat.kind == SeatKind.SELF, own),
        sa.and_(Seat.kind != SeatKind.SELF, sa.not_(tied)),
    )


def relations_of(judge_id: int, event_id: int) -> dict[str, int]:
    """How many entries of an event a judge is tied to, by relation; empty when free. No entry is named."""
    found = {}
    for name, clause in RELATIONS.items():
        count = db.session.scalar(
            sa.select(sa.func.count(Entry.id))
            .select_from(Judge)
            .join(Entry, Entry.event_id == event_id)
            .where(Judge.id == judge_id, clause())
        )
        if count:
            found[name] = int(count)
    return found
