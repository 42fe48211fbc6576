"""The history of a sheet is a chain of hashes: a revision that was changed, taken out or slipped in breaks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import sqlalchemy as sa

from contest.db import db
from contest.judging.models import MarkRevision

GENESIS = "0" * 64


def ends_of(sheet_ids: Sequence[int]) -> dict[int, str]:
    """The hash of each sheet's newest revision."""
    newest = sa.select(sa.func.max(MarkRevision.id)).where(MarkRevision.sheet_id.in_(sheet_ids))
    rows = db.session.execute(
        sa.select(MarkRevision.sheet_id, MarkRevision.hash).where(
            MarkRevision.id.in_(newest.group_by(MarkRevision.sheet_id))
        )
    )
    return {int(sheet_id): digest for sheet_id, digest in rows}


def link(row: MarkRevision) -> str:
    """The hash of a revision over its content and the hash before it: the sheet's history is a chain."""
    parts = [
        row.previous,
        str(row.uuid),
        row.sheet_id,
        row.aspect_id,
        row.attempt,
        row.state.value,
        row.value_milli,
    ]
    parts += [
        row.replaces_id,
        row.source.value,
        row.comment,
        row.reason,
        row.account_id,
        row.recorded_at.isoformat(),
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def broken_links(sheet_id: int) -> list[int]:
    """Ids of revisions whose hash doesn't follow from the one before; empty when the chain is whole."""
    broken, previous = [], GENESIS
    rows = db.session.scalars(
        sa.select(MarkRevision).where(MarkRevision.sheet_id == sheet_id).order_by(MarkRevision.id)
    )
    for row in rows:
        if row.previous != previous or row.hash != link(row):
            broken.append(row.id)
        previous = row.hash
    return broken
