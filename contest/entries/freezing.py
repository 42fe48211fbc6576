"""What relies on an event's roster holds it fast: a locked draw its people, a confirmed list its states too."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import queries
from contest.entries.models import FreezeKind, RosterFreeze
from contest.entries.refusals import RosterFrozen
from contest.events.models import Event, EventState


def freeze(event_id: int, kind: FreezeKind, *, actor: Actor, reason: str = "", at: datetime) -> RosterFreeze:
    """Hold the roster; doing it twice changes nothing. The calling service has asked for permission."""
    standing = queries.freezes_of(event_id).get(kind)
    if standing is not None:
        return standing
    row = RosterFreeze(event_id=event_id, kind=kind, reason=reason, frozen_at=at, frozen_by=actor.account_id)
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor,
        "roster.frozen",
        row,
        contest_id=_contest(event_id),
        changes={"kind": [None, kind.value]},
        reason=reason,
        at=at,
    )
    return row


def release(event_id: int, kind: FreezeKind, *, actor: Actor, reason: str, at: datetime) -> None:
    """Let go of the roster, with the reason; nothing happens where it isn't held."""
    row = queries.freezes_of(event_id).get(kind)
    if row is None:
        return
    row.released_at, row.released_reason = at, reason
    db.session.flush()
    audit.record(
        actor,
        "roster.released",
        row,
        contest_id=_contest(event_id),
        changes={"kind": [kind.value, None]},
        reason=reason,
        at=at,
    )


def refuse_new_people(event_id: int) -> None:
    """Entries and members can't be added or moved once a draw is locked or a list confirmed. Raises RosterFrozen."""
    refuse_closed(event_id)
    for kind in queries.freezes_of(event_id):
        raise RosterFrozen("roster_frozen_draw" if kind is FreezeKind.DRAW else "roster_frozen_results")


def refuse_new_states(event_id: int) -> None:
    """States and substitutions end with a confirmed list: from there on the way is an appeal. Raises RosterFrozen."""
    refuse_closed(event_id)
    if FreezeKind.RESULTS in queries.freezes_of(event_id):
        raise RosterFrozen("roster_frozen_results")


def refuse_closed(event_id: int) -> None:
    """Nobody enters, leaves or changes state in an event that is over. Raises RosterFrozen."""
    event = db.session.get_one(Event, event_id)
    if event.state is EventState.CLOSED:
        raise RosterFrozen("roster_event_closed", event=event.name)


def _contest(event_id: int) -> int:
    return db.session.get_one(Event, event_id).sub_contest.edition.contest_id
