"""Merging duplicates over all rooms: frozen lists are restated, rows move, and both can be taken back."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from contest.accounts.access import Actor, scope_filter
from contest.db import db
from contest.entries import merging
from contest.entries.models import Person
from contest.entries.record_models import PersonMerge
from contest.errors import Missing
from contest.events.models import Holder
from contest.results import restating

ACT = "records.manage"


def holder_for(actor: Actor, holder_id: int) -> Holder:
    """A holder whose people the actor may merge and erase. Raises Missing."""
    row = db.session.scalars(
        sa.select(Holder).where(Holder.id == holder_id, scope_filter(actor, ACT, {"holder": Holder.id}))
    ).first()
    if row is None:
        raise Missing()
    return row


def holders_for(actor: Actor) -> list[Holder]:
    """All holders whose people the actor may merge and erase."""
    return list(
        db.session.scalars(
            sa.select(Holder).where(scope_filter(actor, ACT, {"holder": Holder.id})).order_by(Holder.id)
        )
    )


def person_for(actor: Actor, person_id: int) -> Person:
    """Raises Missing where the actor doesn't look after the whole holder."""
    row = db.session.get(Person, person_id)
    if row is None:
        raise Missing()
    holder_for(actor, row.holder_id)
    return row


def merge(kept: Person, merged: Person, *, reason: str, actor: Actor, at: datetime) -> PersonMerge:
    """Make two rows one. Raises MergeImpossible, ReasonMissing, ListAltered."""
    merging.refuse_impossible(kept, merged)
    lists = restating.repoint(restating.snapshots_with([merged.id]), merged.id, kept.id)
    moved = merging.move(kept, merged, at=at)
    restating.settle(lists)
    return merging.record(
        kept, merged, moved | {"lists": lists}, reason=reason, contest_id=0, actor=actor, at=at
    )


def undo(row: PersonMerge, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take a merge back exactly; what was added to the kept person since stays there.

    Raises MergeUndone, ReasonMissing.
    """
    kept, merged = merging.refuse_undone(row)
    merging.move_back(kept, merged, row.moved)
    restating.point_back(row.moved["lists"], merged.id)
    merging.close(row, reason=reason, contest_id=0, actor=actor, at=at)


def merge_for(actor: Actor, merge_id: int) -> PersonMerge:
    """Raises Missing."""
    row = db.session.get(PersonMerge, merge_id)
    if row is None:
        raise Missing()
    holder_for(actor, row.holder_id)
    return row


def people_of(row: PersonMerge) -> tuple[Person, Person]:
    """The kept person and the merged one."""
    return db.session.get_one(Person, row.kept_id), db.session.get_one(Person, row.merged_id)
