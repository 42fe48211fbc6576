"""Units and projects as entries: enterprises of a labour contest have no members of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from contest.accounts.access import Actor
from contest.db import db
from contest.entries import registration
from contest.entries.models import Entry
from contest.entries.refusals import NameTaken
from contest.entries.registration import EntryFacts


def register_units(
    event_id: int,
    names: Sequence[str],
    *,
    group_key: str = "",
    delegation_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> list[Entry]:
    """An entry for each name, numbered in their order; all of them or none.

    Raises what `register_entry` raises, and NameTaken naming those that stand twice or are entries already.
    """
    wanted = [" ".join(name.split()) for name in names if name.strip()]
    if not wanted:
        raise NameTaken("units_none")
    known = set(
        db.session.scalars(sa.select(Entry.name).where(Entry.event_id == event_id, Entry.name.in_(wanted)))
    )
    twice = [name for name, count in Counter(wanted).items() if count > 1 or name in known]
    if twice:
        raise NameTaken("units_twice", names="、".join(twice[:10]))
    return [
        registration.register_entry(
            event_id,
            EntryFacts(name=name, organisation=name, group_key=group_key, delegation_id=delegation_id),
            [],
            actor=actor,
            at=at,
        )
        for name in wanted
    ]
