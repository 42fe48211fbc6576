"""How one place of a published list came about: its own rules and marks, computed once more."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from contest.db import db
from contest.results.canonical import list_digest
from contest.results.compute import compute_event
from contest.results.models import Publication, SnapshotRow
from contest.results.snapshots import listing_of, round_key_of
from contest.scoring.explanation import Explanation

KEYS = {"member": "m", "entry": "e"}


@dataclass(frozen=True)
class Breakdown:
    """A line of a published list, and the tree from its total down to every judge's mark."""

    row: SnapshotRow
    tree: Explanation

    @property
    def members(self) -> dict[str, str]:
        """Whom the nodes of single members are about: the key in the tree → the name on the line."""
        return {f"{KEYS['member']}{one['member_id']}": str(one["name"]) for one in self.row.data["members"]}


def breakdown_of(publication: Publication, *, kind: str, subject_id: int) -> Breakdown | None:
    """The breakdown of a subject's own line; None if the list has no such line or is explained no more.

    kind: "member" or "entry"; a table's line is the sum of others and has no tree. The marks up to the list's last one
    are read. If they give another list by now (a roster or rule was changed since), showing their tree beside the
    published total would explain a number with others.
    """
    snapshot = publication.snapshot
    row = db.session.scalars(
        sa.select(SnapshotRow).where(
            SnapshotRow.snapshot_id == snapshot.id,
            SnapshotRow.subject_kind == kind,
            SnapshotRow.subject_id == subject_id,
        )
    ).first()
    if row is None or kind not in KEYS:
        return None
    computation = compute_event(snapshot.event, up_to_mark=snapshot.last_mark_id)
    listing = listing_of(computation, snapshot.ranking_key, round_key_of(snapshot.event, snapshot.round_id))
    if list_digest(listing.heading, listing.lines) != snapshot.standing_digest:
        return None
    return Breakdown(row, computation.outcome.explain(snapshot.ranking_key, f"{KEYS[kind]}{subject_id}"))
