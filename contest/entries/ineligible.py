"""People who take part against the conditions of their event: found whenever somebody looks, nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.entries.eligibility import event_terms
from contest.entries.models import Entry, EntryState, Member
from contest.entries.roster import catalogue
from contest.entries.roster.terms import EventTerms
from contest.events.models import Event, SubContest

RANKED = (EntryState.PRESENT,)


@dataclass(frozen=True)
class Ineligible:
    """A live member whose facts are against a condition, or who lacks the fact that it asks about.

    code: too_old, too_young, level_too_low, years_too_few, group_unknown, second_event; is_unknown: the fact is not
    on record.
    """

    member_id: int
    entry_id: int
    name: str
    number: str
    code: str
    is_unknown: bool


def ineligible_of(event: Event) -> list[Ineligible]:
    """Everybody of the event's ranked entries who does not fit its conditions, by entry number."""
    (terms,) = event_terms([event])
    twice = _in_other_events(event) if (event.conditions or {}).get("one_event_each") else set()
    return [
        Ineligible(
            member.id, member.entry_id, member.person.name, member.number or member.entry.number, *reason
        )
        for member in _members(event.id)
        for reason in _reasons(member, terms, is_twice=member.person_id in twice)[:1]
    ]


def _members(event_id: int) -> list[Member]:
    statement = (
        sa.select(Member)
        .join(Entry, Member.entry_id == Entry.id)
        .where(
            Member.event_id == event_id,
            Member.left_at.is_(None),
            Member.state.in_(RANKED),
            Entry.state.in_(RANKED),
        )
        .order_by(sa.func.length(Entry.number), Entry.number, Member.position)
        .options(joinedload(Member.person), joinedload(Member.entry))
    )
    return list(db.session.scalars(statement))


def _reasons(member: Member, terms: EventTerms, *, is_twice: bool) -> list[tuple[str, bool]]:
    """(code, whether the fact is missing) of each condition that is not met, those known to be broken first."""
    born, years = member.person.born_on, member.years_in_trade
    found = []
    if terms.born_from and (born is None or born < terms.born_from):
        found.append(("too_old", born is None))
    if terms.born_to and (born is None or born > terms.born_to):
        found.append(("too_young", born is None))
    if terms.min_level and not _reaches(member.level_held, terms.min_level):
        found.append(("level_too_low", not member.level_held))
    if terms.min_years and (years or 0) < terms.min_years:
        found.append(("years_too_few", years is None))
    group = member.group_key or member.entry.group_key
    if group and terms.groups and group not in _group_keys(member):
        found.append(("group_unknown", False))
    if is_twice:
        found.append(("second_event", False))
    return sorted(found, key=lambda one: one[1])


def _group_keys(member: Member) -> set[str]:
    return {text for group in member.entry.event.groups for text in (group.key, group.name)}


def _reaches(level: str, least: str) -> bool:
    held = catalogue.LEVEL_ALIASES.get(level, level)
    return held in catalogue.LEVELS and catalogue.LEVELS.index(held) >= catalogue.LEVELS.index(least)


def _in_other_events(event: Event) -> set[int]:
    """People who are live members of another event of the same edition too."""
    edition_id = event.sub_contest.edition_id
    mine = sa.select(Member.person_id).where(Member.event_id == event.id, Member.left_at.is_(None))
    return set(
        db.session.scalars(
            sa.select(Member.person_id)
            .join(Event, Member.event_id == Event.id)
            .join(SubContest, Event.sub_contest_id == SubContest.id)
            .where(
                SubContest.edition_id == edition_id,
                Member.event_id != event.id,
                Member.left_at.is_(None),
                Member.person_id.in_(mine),
            )
        )
    )
