"""The list of entries as people look through it: filtered, searched, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

import sqlalchemy as sa

from contest import personal
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import queries
from contest.entries.models import Entry, EntryState, Member, Organisation, Person
from contest.events.models import Edition

SIZE = 50


@dataclass(frozen=True)
class Filter:
    """What is looked for; empty means all. `q`: a part of a number, name, pinyin or unit, or a whole document number."""

    q: str = ""
    event_id: int | None = None
    delegation_id: int | None = None
    state: EntryState | None = None


@dataclass(frozen=True)
class EntryPage:
    """One page of entries, `page` from 1."""

    rows: list[Entry]
    page: int
    pages: int
    total: int


def page_of_entries(actor: Actor, edition_id: int, wanted: Filter, page: int = 1) -> EntryPage:
    """Entries of an edition that the actor may see, in official order; beyond the last page the last one."""
    statement = _filtered(actor, edition_id, wanted, "entries.view")
    counted = statement.order_by(None).with_only_columns(sa.func.count())
    total = db.session.scalar(counted) or 0
    pages = max(1, ceil(total / SIZE))
    page = min(max(page, 1), pages)
    rows = db.session.scalars(
        statement.options(*queries.PEOPLE, sa.orm.joinedload(Entry.event))
        .limit(SIZE)
        .offset((page - 1) * SIZE)
    )
    return EntryPage(list(rows), page, pages, total)


def all_entries(actor: Actor, edition_id: int, wanted: Filter, *, may: str) -> list[Entry]:
    """Every entry of a filter, for an export."""
    statement = _filtered(actor, edition_id, wanted, may)
    return list(db.session.scalars(statement.options(*queries.PEOPLE, sa.orm.joinedload(Entry.event))))


def _filtered(actor: Actor, edition_id: int, wanted: Filter, may: str) -> sa.Select[Any]:
    statement = queries.entries_select(actor, may).where(Edition.id == edition_id)
    if wanted.event_id:
        statement = statement.where(Entry.event_id == wanted.event_id)
    if wanted.delegation_id:
        statement = statement.where(Entry.delegation_id == wanted.delegation_id)
    if wanted.state:
        statement = statement.where(Entry.state == wanted.state)
    if wanted.q.strip():
        statement = statement.where(_matches(wanted.q.strip()))
    return statement


def _matches(q: str) -> sa.ColumnElement[bool]:
    people = (
        sa.select(Member.entry_id)
        .join(Person, Member.person_id == Person.id)
        .where(
            sa.or_(
                Person.name.icontains(q, autoescape=True),
                Person.name_sort.istartswith(q, autoescape=True),
                Person.id_digest == personal.digest(q),
                Member.number == q,
            )
        )
    )
    units = sa.select(Organisation.id).where(Organisation.name.icontains(q, autoescape=True))
    return sa.or_(
        Entry.number.icontains(q, autoescape=True),
        Entry.name.icontains(q, autoescape=True),
        Entry.id.in_(people),
        Entry.organisation_id.in_(units),
    )
