"""Ties that no key of the order decides: the lot that was drawn, or the chief judge's written ruling, recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.events.models import Event
from contest.results.blockers import ruling_kinds, tied_groups
from contest.results.compute import compute_event
from contest.results.models import RulingKind, TieRuling
from contest.results.refusals import ListUnknown, NotATie, ReasonMissing, RulingNotNamed, RulingRevoked
from contest.results.snapshots import hold, listing_of, round_key_of
from contest.results.tables import TABLE


def record_ruling(
    *,
    event: Event,
    ranking_key: str,
    kind: RulingKind,
    order: Sequence[str],
    reason: str,
    actor: Actor,
    at: datetime,
    round_id: int | None = None,
) -> TieRuling:
    """Record how a tie was resolved outside the marks.

    order: the subject keys of one whole tie (`e7`, `m12`), best first. reason: who drew or ruled, before whom, why.
    A lot is recorded, never drawn here. Raises NotATie if the subjects aren't exactly those of a present tie,
    RulingNotNamed if the order of the ranking does not name this kind, ReasonMissing, ListUnknown.
    """
    if not reason.strip():
        raise ReasonMissing()
    hold(event.id)
    _check(event, ranking_key, round_key_of(event, round_id), kind, order)
    ruling = TieRuling(
        event_id=event.id,
        round_id=round_id,
        ranking_key=ranking_key,
        kind=kind,
        order=list(order),
        reason=reason.strip(),
        recorded_at=at,
        recorded_by=actor.account_id,
        recorded_name=actor.name,
    )
    db.session.add(ruling)
    db.session.flush()
    _log(actor, f"tie.{kind.value}", ruling, event, at, {"order": [None, list(order)]}, ruling.reason)
    return ruling


def _check(event: Event, ranking_key: str, round_key: str, kind: RulingKind, order: Sequence[str]) -> None:
    if ranking_key.startswith(TABLE):
        raise ListUnknown()
    computation = compute_event(event)
    listing_of(computation, ranking_key, round_key)
    if kind not in ruling_kinds(computation.ranking(ranking_key)):
        raise RulingNotNamed()
    groups = tied_groups(computation, ranking_key, round_key)
    if len(set(order)) != len(order) or sorted(order) not in [sorted(group) for group in groups]:
        raise NotATie()


def revoke_ruling(*, ruling: TieRuling, reason: str, actor: Actor, at: datetime) -> TieRuling:
    """Take a ruling out of later results; it stays on record. Raises ReasonMissing, RulingRevoked."""
    if not reason.strip():
        raise ReasonMissing()
    if ruling.revoked_at is not None:
        raise RulingRevoked()
    ruling.revoked_at, ruling.revoked_reason = at, reason.strip()
    db.session.flush()
    event = db.session.get_one(Event, ruling.event_id)
    _log(actor, "tie.revoked", ruling, event, at, {"revoked": [False, True]}, ruling.revoked_reason)
    return ruling


def rulings_of(event_id: int) -> list[TieRuling]:
    """Every ruling of an event, revoked ones too, oldest first."""
    return list(
        db.session.scalars(sa.select(TieRuling).where(TieRuling.event_id == event_id).order_by(TieRuling.id))
    )


def _log(
    actor: Actor,
    action: str,
    ruling: TieRuling,
    event: Event,
    at: datetime,
    changes: dict[str, list[object]],
    reason: str,
) -> None:
    contest_id = event.sub_contest.edition.contest_id
    audit.record(actor, action, ruling, contest_id=contest_id, changes=changes, reason=reason, at=at)
