"""What an edition asks of those who enter, as the plain terms that registration files and forms are held against."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.access import Actor, scope_filter
from contest.db import db
from contest.entries import queries
from contest.entries.models import Delegation
from contest.entries.roster import catalogue
from contest.entries.roster.terms import DelegationTerms, EventTerms, Terms
from contest.events.models import Contest, Edition, Event, EventState, SubContest
from contest.events.queries import EVENT_SCOPE, select_up


def events_for_entry(actor: Actor, edition_id: int, *, may: str = "entries.edit") -> list[Event]:
    """Events of an edition that the actor may register for; a delegation's registrar may for all of them."""
    statement = (
        select_up(sa.select(Event))
        .where(SubContest.edition_id == edition_id)
        .order_by(SubContest.position, SubContest.id, Event.position, Event.id)
        .options(joinedload(Event.sub_contest), selectinload(Event.groups))
    )
    if not _has_delegation(actor, edition_id, may):
        statement = statement.where(scope_filter(actor, may, EVENT_SCOPE))
    return list(db.session.scalars(statement))


def _has_delegation(actor: Actor, edition_id: int, may: str) -> bool:
    return db.session.scalar(_delegations(actor, edition_id, may).limit(1)) is not None


def _delegations(actor: Actor, edition_id: int, may: str) -> sa.Select[Any]:
    """Delegations named by the actor's own grants, not those under a wider one."""
    return sa.select(Delegation.id).where(
        Delegation.edition_id == edition_id, scope_filter(actor, may, {"delegation": Delegation.id})
    )


def delegations_for_entry(actor: Actor, edition_id: int, *, may: str = "entries.edit") -> list[Delegation]:
    """Delegations the actor may enter people of: its own, or all where its grant covers more."""
    statement = (
        sa.select(Delegation)
        .where(Delegation.edition_id == edition_id)
        .order_by(Delegation.official_order, Delegation.id)
    )
    if queries.is_limited(actor, edition_id, may):
        statement = statement.where(Delegation.id.in_(_delegations(actor, edition_id, may)))
    return list(db.session.scalars(statement))


def terms_for(actor: Actor, edition_id: int, today: date) -> Terms:
    """The terms of a registration file of this edition in this actor's hands.

    A delegation's registrar may name its own delegations only; others may bring new ones in with the file.
    """
    events = [e for e in events_for_entry(actor, edition_id) if e.state is not EventState.CLOSED]
    own = {row.id for row in delegations_for_entry(actor, edition_id)}
    known = db.session.scalars(
        sa.select(Delegation).where(Delegation.edition_id == edition_id).order_by(Delegation.official_order)
    )
    conditions = [event.conditions for event in events]
    return Terms(
        events=event_terms(events),
        today=today,
        delegations=tuple(DelegationTerms(row.name, row.short_name, row.id in own) for row in known),
        delegations_are_fixed=queries.is_limited(actor, edition_id),
        one_event_each=any(bool(one.get("one_event_each")) for one in conditions),
    )


def event_terms(events: list[Event]) -> tuple[EventTerms, ...]:
    """Events as registration sees them; two of one name are told apart by their sub-contests' names."""
    names = Counter(event.name for event in events)
    full = {
        event.id: event.name if names[event.name] == 1 else f"{event.sub_contest.name}·{event.name}"
        for event in events
    }
    others = {event.id: _other_names(event) for event in events}
    common = Counter(name for names_ in others.values() for name in set(names_))
    taken = set(full.values())
    return tuple(
        _terms(event, full[event.id], tuple(n for n in others[event.id] if common[n] == 1 and n not in taken))
        for event in events
    )


def _other_names(event: Event) -> list[str]:
    names = (event.trade_name, event.trade_code, event.name_en, event.second_name)
    return [name for name in dict.fromkeys(names) if name]


def _terms(event: Event, name: str, others: tuple[str, ...]) -> EventTerms:
    conditions: dict[str, Any] = event.conditions or {}
    least = str(conditions.get("min_level") or "")
    return EventTerms(
        key=event.id,
        name=name,
        other_names=others,
        groups=tuple(group.name for group in event.groups),
        min_members=event.members_min,
        max_members=event.members_max,
        born_from=_day(conditions.get("born_from")),
        born_to=_day(conditions.get("born_to")),
        min_level=least if least in catalogue.LEVELS else "",
        min_years=int(conditions.get("min_years") or 0),
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def contest_of(edition_id: int) -> Contest:
    """The contest an edition belongs to."""
    return db.session.scalars(
        sa.select(Contest).join(Edition, Edition.contest_id == Contest.id).where(Edition.id == edition_id)
    ).one()
