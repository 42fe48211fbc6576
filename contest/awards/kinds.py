"""Titles as a holder describes them: ladders, who confers, the rights a title opens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.awards.models import TitleKind, TitleLevel
from contest.db import db
from contest.errors import Stale

FIELDS = ("label", "label_en", "ladder", "level", "authority", "rights", "rights_en")


def kinds_of(holder_id: int) -> dict[str, TitleKind]:
    """What a holder says of its titles, by key; ladder by ladder, the highest rung first."""
    rows = db.session.scalars(sa.select(TitleKind).where(TitleKind.holder_id == holder_id))
    order = list(TitleLevel)
    return {
        one.key: one
        for one in sorted(
            rows, key=lambda one: (one.ladder == "", one.ladder, order.index(one.level), one.id)
        )
    }


def describe(
    holder_id: int,
    key: str,
    values: Mapping[str, object],
    *,
    version: int,
    contest_id: int,
    actor: Actor,
    at: datetime,
) -> TitleKind:
    """Write what is said of a title. values: FIELDS. version: of the row as it was shown, 0 for none. Raises Stale."""
    row = kinds_of(holder_id).get(key)
    if (row.version if row else 0) != version:
        raise Stale()
    if row is None:
        row = TitleKind(holder_id=holder_id, key=key, label="", level=TitleLevel.PROVINCIAL, changed_at=at)
        db.session.add(row)
    changes = {}
    for name in FIELDS:
        old, new = getattr(row, name), values[name]
        if old != new:
            changes[name] = [old, new]
            setattr(row, name, new)
    row.changed_at = at
    db.session.flush()
    if changes:
        audit.record(actor, "title.described", row, contest_id=contest_id, changes=changes, at=at)
    return row


def rights_of(kind: TitleKind | None, *, english: bool) -> list[str]:
    """The rights a conferred title opens, one a line; empty where nothing was written."""
    if kind is None:
        return []
    text = kind.rights_en if english and kind.rights_en else kind.rights
    return [line.strip() for line in text.splitlines() if line.strip()]
