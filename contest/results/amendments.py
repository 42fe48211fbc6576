"""What a newer revision of a list changed: who moved, whose total or award is another, who came or went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from contest.db import db
from contest.results.models import Publication, SnapshotRow
from contest.results.queries import rows_of


@dataclass(frozen=True)
class Amendment:
    """One line that is not as it was; empty texts where it did not stand on the older or newer list."""

    name: str
    number: str
    rank: tuple[str, str]
    total: tuple[str, str]
    awards: tuple[str, str]


def amendments(older: Sequence[SnapshotRow], newer: Sequence[SnapshotRow]) -> list[Amendment]:
    """The differences in rank, total, awards or state, in the order of the newer list; who went comes last."""
    before = {(row.subject_kind, row.subject_id): row for row in older}
    after = {(row.subject_kind, row.subject_id): row for row in newer}
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if old is None or new is None or _told(old) != _told(new):
            row = new or old
            assert row is not None  # the key comes from one of the two
            pairs = tuple(zip(_told(old), _told(new), strict=True))
            found.append(Amendment(row.name, str(row.data.get("number", "")), *pairs[:3]))
    return found


def _told(row: SnapshotRow | None) -> tuple[str, str, str, str]:
    if row is None:
        return "", "", "", ""
    labels = [str(grant["label"]) for grant in row.data["grants"] if grant["kind"] in ("prize", "medal")]
    return row.rank, row.total, "、".join(labels), row.status


def revision_before(publication: Publication) -> Publication | None:
    """The revision that this one superseded."""
    return db.session.scalars(
        sa.select(Publication).where(Publication.superseded_by_id == publication.id)
    ).first()


def amended_from(publication: Publication) -> tuple[Publication, list[Amendment]] | None:
    """The revision that this one superseded, and what it changed; None for a first revision."""
    older = revision_before(publication)
    if older is None:
        return None
    return older, amendments(rows_of(older.snapshot_id), rows_of(publication.snapshot_id))
