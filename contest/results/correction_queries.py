"""Reading corrections and what they mean for whom, authorised in the query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from contest.accounts import queries as accounts
from contest.accounts.access import Actor, scope_filter
from contest.accounts.models import Role, ScopeKind
from contest.db import db
from contest.entries.models import Entry
from contest.errors import Missing
from contest.events.models import Event
from contest.events.queries import EVENT_SCOPE, scope_of, select_up
from contest.results.models import Appeal, Correction, CorrectionState, Publication
from contest.results.queries import APPEAL_SCOPE, UP

DECIDING = (Role.SUPERVISOR,)


def correction_for(actor: Actor, correction_id: int, *, may: str) -> Correction:
    """A correction, if the actor may do `may` at its event. Raises Missing."""
    statement = (
        select_up(sa.select(Correction).join(Event, Correction.event_id == Event.id))
        .where(Correction.id == correction_id, scope_filter(actor, may, EVENT_SCOPE))
        .options(contains_eager(Correction.event).options(UP), joinedload(Correction.entry))
    )
    row = db.session.scalars(statement).first()
    if row is None:
        raise Missing()
    return row


def corrections_of(event_id: int) -> list[Correction]:
    """All corrections of an event, the newest first; the caller has authorised the event."""
    return list(
        db.session.scalars(
            sa.select(Correction)
            .where(Correction.event_id == event_id)
            .order_by(Correction.id.desc())
            .options(joinedload(Correction.entry))
        )
    )


def correction_of_appeal(appeal: Appeal) -> Correction | None:
    """The newest correction that carries an appeal out, a rejected one last."""
    rows = db.session.scalars(
        sa.select(Correction).where(Correction.appeal_id == appeal.id).order_by(Correction.id.desc())
    ).all()
    return next((row for row in rows if row.state is not CorrectionState.REJECTED), rows[0] if rows else None)


def entry_of(event_id: int, entry_id: int) -> Entry:
    """An entry of the event; the caller has authorised the event. Raises Missing."""
    row = db.session.scalars(sa.select(Entry).where(Entry.id == entry_id, Entry.event_id == event_id)).first()
    if row is None:
        raise Missing()
    return row


def entries_of(event_id: int) -> list[Entry]:
    """Every entry of the event by number; the caller has authorised the event."""
    return list(
        db.session.scalars(
            sa.select(Entry)
            .where(Entry.event_id == event_id)
            .order_by(sa.func.length(Entry.number), Entry.number)
        )
    )


def entries_to_appeal(actor: Actor, event_id: int) -> tuple[Event, list[Entry]]:
    """An event and its entries for which the actor may file an appeal. Raises Missing without any."""
    rows = db.session.scalars(
        select_up(sa.select(Entry).join(Event, Entry.event_id == Event.id))
        .where(Event.id == event_id, scope_filter(actor, "appeals.file", APPEAL_SCOPE))
        .order_by(sa.func.length(Entry.number), Entry.number)
        .options(joinedload(Entry.event).options(UP))
    ).all()
    if not rows:
        raise Missing()
    return rows[0].event, list(rows)


def deciders(event: Event) -> list[tuple[int, str]]:
    """(account id, name) of everybody who may decide appeals of the event, by name."""
    scope = scope_of(event)
    scopes = {
        ScopeKind(kind): {row_id}
        for kind, row_id in scope.items()
        if kind in {one.value for one in ScopeKind}
    }
    grants = accounts.grants_within({**scopes, ScopeKind.INSTALLATION: {0}}, scope["contest"])
    found = {
        grant.account_id: grant.account.name
        for grant in grants
        if grant.role in DECIDING
        and (
            grant.scope_kind is ScopeKind.INSTALLATION or scope.get(grant.scope_kind.value) == grant.scope_id
        )
    }
    return sorted(found.items(), key=lambda pair: (pair[1], pair[0]))


def notices_for(actor: Actor, event_id: int) -> list[tuple[Correction, list[Mapping[str, Any]]]]:
    """Corrections that changed lines of entries the actor files appeals for, with these lines.

    A line is told only once a list that was published after the correction shows it: nothing leaks before.
    """
    mine = set(
        db.session.scalars(
            select_up(sa.select(Entry.id).join(Event, Entry.event_id == Event.id)).where(
                Event.id == event_id, scope_filter(actor, "appeals.file", APPEAL_SCOPE)
            )
        )
    )
    if not mine:
        return []
    shown = _shown_lists(event_id)
    found = []
    for row in corrections_of(event_id):
        lines = [
            one
            for one in row.effects
            if one["entry_id"] in mine
            and row.settled_at is not None
            and (at := shown.get((one["ranking_key"], one["round_key"]))) is not None
            and at >= row.settled_at
        ]
        if lines:
            found.append((row, lines))
    return found


def _shown_lists(event_id: int) -> dict[tuple[str, str], Any]:
    """(ranking key, round key) → when its newest list under no embargo was published."""
    rows = db.session.scalars(
        sa.select(Publication)
        .where(
            Publication.event_id == event_id,
            Publication.is_embargoed.is_(False),
            Publication.withdrawn_at.is_(None),
        )
        .order_by(Publication.id)
        .options(joinedload(Publication.round))
    )
    return {(row.ranking_key, row.round.key if row.round else ""): row.published_at for row in rows}
