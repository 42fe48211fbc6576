"""A confirmed list holds fast what it stands on: sheets and roster, through the rooms that own them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from contest.accounts.access import Actor
from contest.db import db
from contest.entries import service as entries
from contest.entries.models import FreezeKind
from contest.judging import service as judging
from contest.results.models import ListState, Publication

STANDING = (ListState.CONFIRMED, ListState.PUBLIC_NOTICE, ListState.FINAL, ListState.ARCHIVED)


def hold_input(publication: Publication, *, actor: Actor, at: datetime) -> None:
    """No mark of the list's rounds is corrected from now on; with all rounds, no state of an entry changes either."""
    judging.freeze(publication.event_id, at=at, round_id=publication.round_id)
    if publication.round_id is None:
        reason = f"{publication.ranking_key} #{publication.revision}"
        entries.freeze(publication.event_id, FreezeKind.RESULTS, actor=actor, reason=reason, at=at)


def let_go(publication: Publication, *, actor: Actor, reason: str, at: datetime) -> None:
    """The list was withdrawn: what no other confirmed list stands on may be corrected again."""
    held = _held_rounds(publication.event_id, but=publication.id)
    if None in held:
        return
    if publication.round_id is None:
        entries.release(publication.event_id, FreezeKind.RESULTS, actor=actor, reason=reason, at=at)
        judging.thaw(publication.event_id)
        for round_id in held:
            judging.freeze(publication.event_id, at=at, round_id=round_id)
    elif publication.round_id not in held:
        judging.thaw(publication.event_id, round_id=publication.round_id)


def held_again(event_id: int, *, at: datetime) -> None:
    """After a correction: sheets that a confirmed list stands on are held as before."""
    for round_id in sorted(_held_rounds(event_id), key=lambda one: one or 0):
        judging.freeze(event_id, at=at, round_id=round_id)


def _held_rounds(event_id: int, *, but: int = 0) -> set[int | None]:
    """Rounds that live confirmed lists stand on; None among them stands for all rounds."""
    rows = db.session.scalars(
        sa.select(Publication.round_id).where(
            Publication.event_id == event_id,
            Publication.id != but,
            Publication.withdrawn_at.is_(None),
            Publication.superseded_at.is_(None),
            Publication.state.in_(STANDING),
        )
    )
    return set(rows)
