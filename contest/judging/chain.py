"""The history of a sheet is a chain of hashes: a revision that was changed, taken out or slipped in breaks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from contest.db import db
from contest.judging.models import MarkRevision

GENESIS = "0" * 64


def link(values: Mapping[str, Any]) -> str:
    """The hash of a revision over its content and the hash before it: the sheet's history is a chain."""
    names = (
        "sheet_id",
        "aspect_id",
        "attempt",
        "state",
        "value_milli",
        "replaces_id",
        "source",
        "comment",
        "reason",
    )
    parts = [values["previous"], str(values["uuid"]), *(values[name] for name in names), values["account_id"]]
    content = json.dumps([*parts, values["recorded_at"].isoformat()], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def broken_links(sheet_id: int) -> list[int]:
    """Ids of revisions whose hash doesn't follow from the one before; empty when the chain is whole."""
    broken, previous = [], GENESIS
    rows = db.session.scalars(
        sa.select(MarkRevision).where(MarkRevision.sheet_id == sheet_id).order_by(MarkRevision.id)
    )
    for row in rows:
        if row.previous != previous or row.hash != link(vars(row)):
            broken.append(row.id)
        previous = row.hash
    return broken
