"""Promotions in the eight levels: proposed from a final list, approved by a second person, reported, written back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest import audit
from contest.accounts.access import Actor, scope_filter
from contest.awards.models import Award, AwardKind, Promotion, PromotionState, Verdict
from contest.awards.refusals import (
    ListNotLive,
    ListNotReady,
    NoPromotionThere,
    PromotionSettled,
    ReasonNeeded,
    SecondPersonNeeded,
)
from contest.db import db, hold_row
from contest.entries.models import Member, Person
from contest.errors import Missing
from contest.events.models import Edition, Event
from contest.events.queries import EVENT_SCOPE, select_up
from contest.results.models import Publication
from contest.results.settings import releasing_states
from contest.scoring.awarding.levels import LEVELS, UnknownLevel, step_of

OPEN = (PromotionState.PROPOSED, PromotionState.APPROVED, PromotionState.REPORTED)
ONCE = "promoted_this_year"
"""The reason of a proposal that is refused because the person is promoted once a year."""
NAMES = {level.key: (level.zh, level.en) for level in LEVELS}


def propose(publication: Publication, *, actor: Actor, at: datetime) -> list[Promotion]:
    """Propose the promotions that a list grants and that are not proposed yet, each person once a year.

    Somebody promoted in another event of the year gets the higher of the two; the other is written as refused with
    that reason. Raises ListNotLive, ListNotReady, NoPromotionThere.
    """
    hold_row(publication)
    edition = publication.event.sub_contest.edition
    if not publication.is_live:
        raise ListNotLive()
    states = releasing_states(edition.id, "promotion")
    if publication.state not in states:
        raise ListNotReady(needed=states[0].value, state=publication.state.value)
    _drop_stale(publication, actor=actor, at=at)
    fresh = _granted(publication)
    if not fresh:
        raise NoPromotionThere()
    made = [_proposed(award, edition, actor, at) for award in fresh]
    db.session.add_all(made)
    db.session.flush()
    for one in made:
        _once_a_year(one, actor=actor, at=at)
    live = [one for one in made if one.state is PromotionState.PROPOSED]
    audit.record(
        actor, "promotions.proposed", publication, contest_id=edition.contest_id,
        changes={"proposed": [0, len(live)]}, at=at,
    )  # fmt: skip
    return live


def _granted(publication: Publication) -> list[Award]:
    known = sa.select(Promotion.award_id)
    return list(
        db.session.scalars(
            sa.select(Award)
            .where(
                Award.publication_id == publication.id,
                Award.kind == AwardKind.PROMOTION,
                Award.verdict == Verdict.GRANTED,
                Award.id.not_in(known),
            )
            .order_by(Award.position, Award.id)
        )
    )


def _proposed(award: Award, edition: Edition, actor: Actor, at: datetime) -> Promotion:
    return Promotion(
        holder_id=edition.contest.holder_id, edition_id=edition.id, award_id=award.id, person_id=award.person_id,
        name=award.name, unit=award.unit, year=edition.year, level_before=_before(award), level_after=award.key,
        position=award.position, state=PromotionState.PROPOSED, proposed_at=at, proposed_by=actor.account_id,
    )  # fmt: skip


def _before(award: Award) -> str:
    """The level that the rules saw; else the one the member was registered with."""
    told = str((award.reason or {}).get("params", {}).get("present") or "")
    if told:
        return told
    written = db.session.scalar(
        sa.select(Member.level_held)
        .where(Member.entry_id == award.entry_id, Member.person_id == award.person_id)
        .order_by(Member.id.desc())
        .limit(1)
    )
    try:
        return LEVELS[step_of(written)].key if written else ""
    except UnknownLevel:
        return ""


def _once_a_year(one: Promotion, *, actor: Actor, at: datetime) -> None:
    if one.person_id is None:
        return
    others = db.session.scalars(
        sa.select(Promotion).where(
            Promotion.holder_id == one.holder_id,
            Promotion.person_id == one.person_id,
            Promotion.year == one.year,
            Promotion.id != one.id,
            Promotion.state != PromotionState.REFUSED,
        )
    )
    for other in others:
        higher = step_of(one.level_after) > step_of(other.level_after)
        loser = other if higher and other.state is PromotionState.PROPOSED else one
        _end(loser, ONCE, actor=actor, at=at)
        if loser is one:
            return


def _drop_stale(publication: Publication, *, actor: Actor, at: datetime) -> None:
    """Proposals of a list that this one superseded: nothing may follow from it."""
    stale = db.session.scalars(
        sa.select(Promotion)
        .join(Award, Promotion.award_id == Award.id)
        .join(Publication, Award.publication_id == Publication.id)
        .where(
            Publication.event_id == publication.event_id,
            Publication.ranking_key == publication.ranking_key,
            Publication.id != publication.id,
            Promotion.state.in_(OPEN),
        )
    )
    for one in stale:
        _end(one, "list_superseded", actor=actor, at=at)


def approve(promotions: Sequence[Promotion], *, actor: Actor, at: datetime) -> int:
    """Approve proposals, as somebody else than who proposed. Raises PromotionSettled, SecondPersonNeeded, ListNotLive."""
    for one in promotions:
        hold_row(one)
        if one.state is not PromotionState.PROPOSED:
            raise PromotionSettled(name=one.name)
        if one.proposed_by is not None and one.proposed_by == actor.account_id:
            raise SecondPersonNeeded()
        if not one.award.publication.is_live:
            raise ListNotLive()
        one.approved_at, one.approved_by, one.approved_name = at, actor.account_id, actor.name
        _enter(one, PromotionState.APPROVED, actor=actor, at=at)
    return len(promotions)


def refuse(one: Promotion, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take a proposal back, or note that the assessment body refused. Raises PromotionSettled, ReasonNeeded."""
    hold_row(one)
    if one.state not in OPEN:
        raise PromotionSettled(name=one.name)
    if not reason.strip():
        raise ReasonNeeded()
    _end(one, reason.strip(), actor=actor, at=at)


def report(promotions: Iterable[Promotion], *, actor: Actor, at: datetime) -> None:
    """Note that these went to the assessment body; those reported before stay as they are."""
    for one in promotions:
        if one.state is PromotionState.APPROVED:
            one.reported_at = at
            _enter(one, PromotionState.REPORTED, actor=actor, at=at)


def record(one: Promotion, *, certificate_number: str, recorded_on: date, actor: Actor, at: datetime) -> None:
    """Write the confirmed level back to the person. Raises PromotionSettled before approval, and afterwards.
    A person whose level is higher already keeps it: an older promotion recorded late takes nothing away.
    """
    hold_row(one)
    if one.state not in (PromotionState.APPROVED, PromotionState.REPORTED):
        raise PromotionSettled(name=one.name)
    one.certificate_number, one.recorded_on = certificate_number.strip(), recorded_on
    _enter(one, PromotionState.RECORDED, actor=actor, at=at)
    person = db.session.get(Person, one.person_id) if one.person_id else None
    if person is None or (person.level and step_of(person.level) >= step_of(one.level_after)):
        return
    old = person.level
    person.level, person.level_on, person.level_certificate = (
        one.level_after,
        recorded_on,
        one.certificate_number,
    )
    db.session.flush()
    audit.record(
        actor, "person.promoted", person, contest_id=_contest_id(one),
        changes={"level": [old or one.level_before, one.level_after]}, at=at,
    )  # fmt: skip


def _end(one: Promotion, reason: str, *, actor: Actor, at: datetime) -> None:
    one.settled_reason = reason
    _enter(one, PromotionState.REFUSED, actor=actor, at=at, reason=reason)


def _enter(one: Promotion, state: PromotionState, *, actor: Actor, at: datetime, reason: str = "") -> None:
    before, one.state = one.state.value, state
    db.session.flush()
    audit.record(
        actor, f"promotion.{state.value}", one, contest_id=_contest_id(one),
        changes={"state": [before, state.value]}, reason=reason, at=at,
    )  # fmt: skip


def _contest_id(one: Promotion) -> int:
    return one.award.publication.event.sub_contest.edition.contest_id


def _select(actor: Actor, *acts: str) -> sa.Select[Promotion]:
    return (
        select_up(
            sa.select(Promotion)
            .join(Award, Promotion.award_id == Award.id)
            .join(Publication, Award.publication_id == Publication.id)
            .join(Event, Publication.event_id == Event.id)
        )
        .where(sa.or_(*(scope_filter(actor, act, EVENT_SCOPE) for act in acts)))
        .options(joinedload(Promotion.award).joinedload(Award.publication).joinedload(Publication.event))
    )


READ = ("awards.manage", "promotions.approve")


def of_edition(actor: Actor, edition_id: int, *acts: str) -> list[Promotion]:
    """Promotions of an edition that the actor may do one of the acts with (default: read), in order of the lists."""
    return list(
        db.session.scalars(
            _select(actor, *(acts or READ))
            .where(Promotion.edition_id == edition_id)
            .order_by(Event.position, Event.id, Promotion.position, Promotion.id)
        )
    )


def promotion_for(actor: Actor, promotion_id: int, *acts: str) -> Promotion:
    """One promotion. Raises Missing."""
    row = db.session.scalars(_select(actor, *(acts or READ)).where(Promotion.id == promotion_id)).first()
    if row is None:
        raise Missing()
    return row


def chosen(actor: Actor, edition_id: int, ids: Sequence[int], act: str) -> list[Promotion]:
    """Those of an edition with these ids that the actor may act on. Raises Missing if one of them isn't."""
    found = [one for one in of_edition(actor, edition_id, act) if one.id in set(ids)]
    if len(found) != len(set(ids)):
        raise Missing()
    return found


def edition_for(actor: Actor, edition_id: int) -> Edition:
    """An edition whose promotions the actor may read somewhere. Raises Missing."""
    statement = select_up(sa.select(Edition).select_from(Event)).where(
        Edition.id == edition_id, sa.or_(*(scope_filter(actor, act, EVENT_SCOPE) for act in READ))
    )
    row = db.session.scalars(statement.limit(1)).first()
    if row is None:
        raise Missing()
    return row


def lists_with_promotions(actor: Actor, edition_id: int) -> list[tuple[Publication, int, bool]]:
    """Live lists of an edition that grant promotions: the list, how many are not proposed, whether it is ready."""
    known = sa.select(Promotion.award_id)
    counted = (
        select_up(
            sa.select(Publication.id, sa.func.count(Award.id))
            .join(Award, Award.publication_id == Publication.id)
            .join(Event, Publication.event_id == Event.id)
        )
        .where(
            Edition.id == edition_id,
            scope_filter(actor, "awards.manage", EVENT_SCOPE),
            Award.kind == AwardKind.PROMOTION,
            Award.verdict == Verdict.GRANTED,
            Award.id.not_in(known),
            Publication.superseded_at.is_(None),
            Publication.withdrawn_at.is_(None),
        )
        .group_by(Publication.id)
    )
    ready = releasing_states(edition_id, "promotion")
    found = []
    for publication_id, count in db.session.execute(counted.order_by(Publication.id)):
        row = db.session.get_one(Publication, publication_id)
        found.append((row, int(count), row.state in ready))
    return found
