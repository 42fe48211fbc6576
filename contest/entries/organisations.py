"""Organisations: the units that people and entries come from, within one contest."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries.models import Entry, Member, Organisation
from contest.entries.refusals import NameTaken
from contest.errors import Missing, Stale
from contest.events import queries as events


def organisation_named(contest_id: int, name: str) -> Organisation | None:
    """The organisation of a name within a contest, made where it is new; None for an empty name."""
    if not name:
        return None
    row = db.session.scalars(
        sa.select(Organisation).where(Organisation.contest_id == contest_id, Organisation.name == name)
    ).first()
    if row is None:
        row = Organisation(contest_id=contest_id, name=name)
        db.session.add(row)
        db.session.flush()
    return row


def organisations_of(contest_id: int) -> list[tuple[Organisation, int]]:
    """Organisations with the number of their live members, in official order, then by name."""
    people = (
        sa.select(Member.organisation_id, sa.func.count().label("people"))
        .where(Member.left_at.is_(None))
        .group_by(Member.organisation_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Organisation, sa.func.coalesce(people.c.people, 0))
        .outerjoin(people, people.c.organisation_id == Organisation.id)
        .where(Organisation.contest_id == contest_id)
        .order_by(Organisation.official_order, Organisation.name)
    )
    return [(row, count) for row, count in rows]


def organisation_for(actor: Actor, organisation_id: int) -> Organisation:
    """An organisation the actor may correct. Raises Missing."""
    row = db.session.get(Organisation, organisation_id)
    if row is None:
        raise Missing()
    events.contest_for(actor, row.contest_id, may="entries.review")
    return row


def edit_organisation(
    organisation_id: int, *, name: str, short_name: str, order: int, version: int, actor: Actor, at: datetime
) -> Organisation:
    """Correct names or order. A name that another organisation has joins the two: people and entries move there.

    Raises Missing, Stale, NameTaken for an empty name.
    """
    row = organisation_for(actor, organisation_id)
    if row.version != version:
        raise Stale()
    if not name:
        raise NameTaken("units_none")
    other = db.session.scalars(
        sa.select(Organisation).where(
            Organisation.contest_id == row.contest_id, Organisation.name == name, Organisation.id != row.id
        )
    ).first()
    if other is not None:
        return _join(row, other, actor, at)
    new = {"name": name, "short_name": short_name, "official_order": order}
    changes = {
        field: [getattr(row, field), value] for field, value in new.items() if getattr(row, field) != value
    }
    for field, (_, value) in changes.items():
        setattr(row, field, value)
    db.session.flush()
    if changes:
        audit.record(actor, "organisation.edited", row, contest_id=row.contest_id, changes=changes, at=at)
    return row


def _join(row: Organisation, other: Organisation, actor: Actor, at: datetime) -> Organisation:
    """Two writings of one unit become one; the log keeps the name that went."""
    for model in (Member, Entry):
        db.session.execute(
            sa.update(model).where(model.organisation_id == row.id).values(organisation_id=other.id)
        )
    changes = {"joined": [row.name, other.name]}
    audit.record(actor, "organisation.joined", other, contest_id=other.contest_id, changes=changes, at=at)
    db.session.delete(row)
    db.session.flush()
    return other
