"""What published lists say of events and delegations: how totals lie, who won how many prizes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.events.models import Edition, Event, SubContest
from contest.events.queries import select_up
from contest.results.models import Publication, SnapshotRow
from contest.results.public import LIVE, SHOWN, VISIBLE
from contest.scoring.distribution import Class, Summary, classes_of, summary_of

LEAST_TOTALS = 5  # fewer totals are a list, not a distribution


@dataclass(frozen=True)
class Spread:
    """How the totals of one list lie. heading: of the list; publication_id None for a list computed now."""

    heading: dict[str, Any]
    publication_id: int | None
    classes: tuple[Class, ...]
    summary: Summary


@dataclass(frozen=True)
class DelegationLine:
    """A delegation over all lists: lines on them, prizes, places one to three, and the best place."""

    name: str
    lines: int
    prizes: int
    top_three: int
    best: int | None


def lists_of(edition_id: int, *, public_only: bool) -> list[Publication]:
    """Live lists of an edition over all rounds, by event; the caller has authorised it and logs what is under embargo."""
    statement = (
        select_up(sa.select(Publication).join(Event, Publication.event_id == Event.id))
        .where(Edition.id == edition_id, LIVE, Publication.round_id.is_(None))
        .order_by(SubContest.position, SubContest.id, Event.position, Event.id, Publication.ranking_key)
        .options(joinedload(Publication.snapshot))
    )
    if public_only:
        statement = statement.where(VISIBLE)
    return list(db.session.scalars(statement))


def spreads_of(lists: Sequence[Publication], *, public_only: bool) -> list[Spread]:
    """The spread of each list with enough totals; tables of delegations and the like are left out.

    public_only: over the places that the public reads.
    """
    chosen = [one for one in lists if not one.ranking_key.startswith("table:")]
    rows = db.session.execute(
        sa.select(SnapshotRow.snapshot_id, SnapshotRow.total_exact)
        .join(Publication, Publication.snapshot_id == SnapshotRow.snapshot_id)
        .where(
            Publication.id.in_([one.id for one in chosen]),
            SnapshotRow.rank != "",
            SHOWN if public_only else sa.true(),
        )
        .order_by(SnapshotRow.snapshot_id, SnapshotRow.position)
    )
    totals: dict[int, list[str]] = {}
    for snapshot_id, total in rows:
        totals.setdefault(snapshot_id, []).append(total)
    found = [spread_of(one.snapshot.heading, totals.get(one.snapshot_id, []), one.id) for one in chosen]
    return [one for one in found if one is not None]


def spread_of(
    heading: dict[str, Any], totals: Iterable[str], publication_id: int | None = None
) -> Spread | None:
    """The spread of exact totals as lists keep them (“numerator/denominator”); None for fewer than LEAST_TOTALS."""
    values = [Fraction(total) for total in totals if total]
    summary = summary_of(values)
    if summary is None or summary.count < LEAST_TOTALS:
        return None
    return Spread(heading, publication_id, classes_of(values), summary)


def delegations_of(lists: Sequence[Publication], *, public_only: bool) -> list[DelegationLine]:
    """Delegations by prizes, then by places one to three, then by name.

    public_only: over the lines that the public reads.
    """
    rows = db.session.execute(
        sa.select(SnapshotRow.delegation, SnapshotRow.rank_sort, SnapshotRow.data)
        .join(Publication, Publication.snapshot_id == SnapshotRow.snapshot_id)
        .where(
            Publication.id.in_([one.id for one in lists if not one.ranking_key.startswith("table:")]),
            SnapshotRow.delegation != "",
            SHOWN if public_only else sa.true(),
        )
    )
    found: dict[str, list[tuple[int, int]]] = {}
    for name, rank, data in rows:
        prizes = sum(grant["kind"] in ("prize", "medal") for grant in data.get("grants", []))
        found.setdefault(name, []).append((rank, prizes))
    lines = [_line(name, kept) for name, kept in found.items()]
    return sorted(lines, key=lambda one: (-one.prizes, -one.top_three, one.best or 10**6, one.name))


def _line(name: str, kept: list[tuple[int, int]]) -> DelegationLine:
    ranks = [rank for rank, _ in kept if rank]
    return DelegationLine(
        name, len(kept), sum(prizes for _, prizes in kept), sum(rank <= 3 for rank in ranks), min(ranks, default=None)
    )  # fmt: skip
