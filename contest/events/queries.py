"""Reading what is held, authorised in the query."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.access import Actor, scope_filter
from contest.db import db
from contest.errors import Forbidden, Missing
from contest.events.models import (
    Contest,
    Edition,
    Event,
    EventAspect,
    EventRound,
    Holder,
    RuleVersion,
    SubContest,
)
from contest.scoring.rules import RuleSet

EVENT_SCOPE = {
    "holder": Contest.holder_id,
    "contest": Contest.id,
    "sub_contest": SubContest.id,
    "event": Event.id,
}
SUB_CONTEST_SCOPE = {"holder": Contest.holder_id, "contest": Contest.id, "sub_contest": SubContest.id}
EDITION_SCOPE = {"holder": Contest.holder_id, "contest": Contest.id}


def events_select() -> sa.Select[Event]:
    """Events joined up to their contest: what `scope_filter(..., EVENT_SCOPE)` needs."""
    return select_up(sa.select(Event))


def select_up(statement: sa.Select) -> sa.Select:
    """Join Event → SubContest → Edition → Contest to a SELECT that has Event."""
    return (
        statement.join(SubContest, Event.sub_contest_id == SubContest.id)
        .join(Edition, SubContest.edition_id == Edition.id)
        .join(Contest, Edition.contest_id == Contest.id)
    )


def event_for(actor: Actor, event_id: int, *, may: str) -> Event:
    """The event, if the actor may do `may` there. Raises Missing otherwise, the same as for no event."""
    event = db.session.scalars(
        events_select()
        .where(Event.id == event_id, scope_filter(actor, may, EVENT_SCOPE))
        .options(joinedload(Event.sub_contest).joinedload(SubContest.edition).joinedload(Edition.contest))
    ).first()
    if event is None:
        raise Missing()
    return event


def events_for(actor: Actor, *, may: str, edition_id: int | None = None) -> list[Event]:
    """All events where the actor may do `may`, in their order."""
    statement = (
        events_select()
        .where(scope_filter(actor, may, EVENT_SCOPE))
        .order_by(Edition.id.desc(), SubContest.position, SubContest.id, Event.position, Event.id)
        .options(joinedload(Event.sub_contest).joinedload(SubContest.edition).joinedload(Edition.contest))
    )
    if edition_id is not None:
        statement = statement.where(Edition.id == edition_id)
    return list(db.session.scalars(statement))


def edition_for(actor: Actor, edition_id: int, *, may: str) -> Edition:
    """The edition, if the actor may do `may` in its contest, or in any part of it for `contest.view`."""
    statement = (
        sa.select(Edition)
        .join(Contest)
        .outerjoin(SubContest, SubContest.edition_id == Edition.id)
        .outerjoin(Event, Event.sub_contest_id == SubContest.id)
        .where(
            Edition.id == edition_id,
            scope_filter(actor, may, EVENT_SCOPE if may == "contest.view" else EDITION_SCOPE),
        )
        .options(
            joinedload(Edition.contest), selectinload(Edition.sub_contests).selectinload(SubContest.events)
        )
    )
    edition = db.session.scalars(statement).unique().first()
    if edition is None:
        raise Missing()
    return edition


def editions_for(actor: Actor, *, may: str = "contest.view") -> list[Edition]:
    """Editions in which the actor may do `may` anywhere, newest first."""
    statement = (
        sa.select(Edition)
        .join(Contest)
        .outerjoin(SubContest, SubContest.edition_id == Edition.id)
        .outerjoin(Event, Event.sub_contest_id == SubContest.id)
        .where(scope_filter(actor, may, EVENT_SCOPE))
        .order_by(Edition.year.desc(), Edition.id.desc())
        .options(joinedload(Edition.contest))
    )
    return list(db.session.scalars(statement).unique())


def contest_for(actor: Actor, contest_id: int, *, may: str) -> Contest:
    """The contest, if the actor may do `may` in all of it."""
    contest = db.session.scalars(
        sa.select(Contest).where(
            Contest.id == contest_id,
            scope_filter(actor, may, {"holder": Contest.holder_id, "contest": Contest.id}),
        )
    ).first()
    if contest is None:
        raise Missing()
    return contest


def holders_for(actor: Actor, *, may: str = "contest.create") -> list[Holder]:
    """Holders for which the actor may do `may`."""
    return list(
        db.session.scalars(
            sa.select(Holder).where(scope_filter(actor, may, {"holder": Holder.id})).order_by(Holder.id)
        )
    )


def scope_of(event: Event) -> dict[str, int]:
    """The levels above and including an event, for `actor.may(act, **scope)`."""
    sub = event.sub_contest
    contest = sub.edition.contest
    return {"holder": contest.holder_id, "contest": contest.id, "sub_contest": sub.id, "event": event.id}


def rules_of(event: Event) -> RuleSet:
    """The rule set in force. Raises Missing("no_rules") while none was saved."""
    if event.rule_version is None:
        raise Missing("no_rules", event=event.name)
    return RuleSet.from_dict(event.rule_version.document)


def aspects_of(event: Event) -> list[EventAspect]:
    """The live aspects of an opened event, in the order of the sheet; empty before it opens."""
    return [row for row in event.aspects if row.retired_at is None]


def rounds_of(event: Event) -> list[EventRound]:
    """The live rounds of an opened event in their order; rules that name none have one of the key ""."""
    return [row for row in event.rounds if row.retired_at is None]


def sub_contest_for(actor: Actor, sub_contest_id: int, *, may: str) -> SubContest:
    """The sub-contest, if the actor may do `may` in it. Raises Missing."""
    statement = (
        sa.select(SubContest)
        .join(Edition)
        .join(Contest)
        .where(SubContest.id == sub_contest_id, scope_filter(actor, may, SUB_CONTEST_SCOPE))
        .options(joinedload(SubContest.edition).joinedload(Edition.contest), selectinload(SubContest.hosts))
    )
    row = db.session.scalars(statement).first()
    if row is None:
        raise Missing()
    return row


def holder_for(actor: Actor, holder_id: int, *, may: str) -> Holder:
    """The holder, if the actor may do `may` for it. Raises Missing."""
    row = db.session.scalars(
        sa.select(Holder).where(Holder.id == holder_id, scope_filter(actor, may, {"holder": Holder.id}))
    ).first()
    if row is None:
        raise Missing()
    return row


def contests_for(actor: Actor, *, may: str = "contest.view") -> list[Contest]:
    """Contests in which the actor may do `may` anywhere, with their editions."""
    statement = (
        sa.select(Contest)
        .outerjoin(Edition, Edition.contest_id == Contest.id)
        .outerjoin(SubContest, SubContest.edition_id == Edition.id)
        .outerjoin(Event, Event.sub_contest_id == SubContest.id)
        .where(scope_filter(actor, may, EVENT_SCOPE))
        .order_by(Contest.name, Contest.id)
        .options(joinedload(Contest.holder), selectinload(Contest.editions))
    )
    return list(db.session.scalars(statement).unique())


def sub_contests_for(actor: Actor, edition_id: int, *, may: str = "contest.view") -> list[SubContest]:
    """The sub-contests of an edition in which the actor may do `may` anywhere, with hosts and events."""
    statement = (
        sa.select(SubContest)
        .join(Edition)
        .join(Contest)
        .outerjoin(Event, Event.sub_contest_id == SubContest.id)
        .where(SubContest.edition_id == edition_id, scope_filter(actor, may, EVENT_SCOPE))
        .order_by(SubContest.position, SubContest.id)
        .options(selectinload(SubContest.hosts), selectinload(SubContest.events))
    )
    return list(db.session.scalars(statement).unique())


def versions_of(event: Event) -> list[RuleVersion]:
    """All versions of an event's rules, the newest first."""
    return list(
        db.session.scalars(
            sa.select(RuleVersion).where(RuleVersion.event_id == event.id).order_by(RuleVersion.number.desc())
        )
    )


def version_of(event: Event, number: int) -> RuleVersion:
    """One version by its number. Raises Missing."""
    row = db.session.scalars(
        sa.select(RuleVersion).where(RuleVersion.event_id == event.id, RuleVersion.number == number)
    ).first()
    if row is None:
        raise Missing()
    return row


def demand(actor: Actor, act: str) -> None:
    """Raises Forbidden unless the actor may do the act for the installation as a whole."""
    if not actor.may(act):
        raise Forbidden()


def contest_seen(actor: Actor, contest_id: int) -> Contest:
    """The contest, if the actor may see any part of it. Raises Missing."""
    found = [row for row in contests_for(actor) if row.id == contest_id]
    if not found:
        raise Missing()
    return found[0]


def sub_contest_seen(actor: Actor, sub_contest_id: int) -> SubContest:
    """The sub-contest, if the actor may see it or an event of it. Raises Missing."""
    statement = (
        sa.select(SubContest)
        .join(Edition)
        .join(Contest)
        .outerjoin(Event, Event.sub_contest_id == SubContest.id)
        .where(SubContest.id == sub_contest_id, scope_filter(actor, "contest.view", EVENT_SCOPE))
        .options(joinedload(SubContest.edition).joinedload(Edition.contest), selectinload(SubContest.hosts))
    )
    row = db.session.scalars(statement).unique().first()
    if row is None:
        raise Missing()
    return row


def events_within(actor: Actor, sub_contest: SubContest) -> list[Event]:
    """The events of a sub-contest that the actor may see, in their order."""
    statement = (
        events_select()
        .where(Event.sub_contest_id == sub_contest.id, scope_filter(actor, "contest.view", EVENT_SCOPE))
        .order_by(Event.position, Event.id)
        .options(selectinload(Event.groups), joinedload(Event.rule_version))
    )
    return list(db.session.scalars(statement).unique())
