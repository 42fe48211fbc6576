"""Freezing a list: rows, heading and digest; and computing it again to see whether it still is the same."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.events.models import Event, EventRound
from contest.results.canonical import code_version, list_digest, row_values
from contest.results.collecting import uncollected
from contest.results.compute import Computation, Listing, compute_event
from contest.results.models import Snapshot, SnapshotRow
from contest.results.refusals import ListUnknown


def hold(event_id: int) -> None:
    """One writer of lists an event at a time on PostgreSQL; on SQLite the writer's gate stands before."""
    db.session.execute(sa.select(Event.id).where(Event.id == event_id).with_for_update())


def round_key_of(event: Event, round_id: int | None) -> str:
    """The key of a round of the event; empty for all rounds. Raises ListUnknown for another event's round."""
    if round_id is None:
        return ""
    round_row = db.session.get(EventRound, round_id)
    if round_row is None or round_row.event_id != event.id:
        raise ListUnknown()
    return round_row.key


def listing_of(computation: Computation, ranking_key: str, round_key: str) -> Listing:
    """Raises ListUnknown for a ranking, table or round that the rules don't hold."""
    try:
        return computation.listing(ranking_key, round_key)
    except KeyError:
        raise ListUnknown() from None


@uncollected()
def take_snapshot(
    *,
    event: Event,
    ranking_key: str,
    round_id: int | None = None,
    actor: Actor,
    at: datetime,
    computation: Computation | None = None,
) -> Snapshot:
    """Freeze a list as it stands now: `round_id` for one round, None for all.

    If nothing changed since the newest snapshot of the list, that one is returned and nothing is written.
    `computation`: the event's results, if the caller has just computed them in this transaction.
    Raises ListUnknown, Missing("no_rules").
    """
    hold(event.id)
    round_key = round_key_of(event, round_id)
    computation = computation or compute_event(event)
    listing = listing_of(computation, ranking_key, round_key)
    digest = list_digest(listing.heading, listing.lines)
    newest = newest_snapshot(event.id, ranking_key, round_id)
    if newest is not None and (newest.standing_digest, newest.input_digest) == (
        digest,
        computation.inputs.digest,
    ):
        return newest
    number = newest.number + 1 if newest else 1
    snapshot = _frozen(computation, listing, round_id, number, digest)
    snapshot.taken_at, snapshot.taken_by = at, actor.account_id
    db.session.add(snapshot)
    db.session.flush()
    if listing.lines:
        # Ten thousand lines at once, not as ten thousand objects.
        rows = [{"snapshot_id": snapshot.id, **row_values(line)} for line in listing.lines]
        db.session.execute(sa.insert(SnapshotRow.__table__), rows)
    changes = {"list": [None, f"{ranking_key}/{round_key}#{number}"], "digest": [None, digest]}
    contest_id = event.sub_contest.edition.contest_id
    audit.record(actor, "snapshot.taken", snapshot, contest_id=contest_id, changes=changes, at=at)
    return snapshot


def _frozen(
    computation: Computation, listing: Listing, round_id: int | None, number: int, digest: str
) -> Snapshot:
    return Snapshot(
        event_id=computation.event.id,
        round_id=round_id,
        ranking_key=listing.ranking_key,
        number=number,
        rule_version_id=computation.inputs.rule_version.id,
        last_mark_id=computation.inputs.last_mark_id,
        input_digest=computation.inputs.digest,
        code_version=code_version(),
        digest=digest,
        heading=listing.heading,
    )


def newest_snapshot(event_id: int, ranking_key: str, round_id: int | None) -> Snapshot | None:
    """The newest frozen list of a ranking (of a round, or over all of them)."""
    return db.session.scalars(
        sa.select(Snapshot)
        .where(
            Snapshot.event_id == event_id,
            Snapshot.ranking_key == ranking_key,
            Snapshot.round_id == round_id if round_id is not None else Snapshot.round_id.is_(None),
        )
        .order_by(Snapshot.number.desc())
        .limit(1)
    ).first()


def recomputed_digest(snapshot: Snapshot) -> str:
    """The digest of the list computed again from the marks up to the snapshot's last one.

    Equal to `snapshot.standing_digest` unless rules, roster, rulings or the program changed the outcome since.
    """
    computation = compute_event(snapshot.event, up_to_mark=snapshot.last_mark_id)
    listing = listing_of(computation, snapshot.ranking_key, round_key_of(snapshot.event, snapshot.round_id))
    return list_digest(listing.heading, listing.lines)


def stored_digest(snapshot: Snapshot) -> str:
    """The digest of the rows as they lie in the database; differs from `snapshot.standing_digest` if somebody altered them."""
    return list_digest(snapshot.heading, snapshot.rows)
