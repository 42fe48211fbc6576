"""Reading entries for the rooms to the right and for this room's own services.

Functions that take an actor authorise in the query; `roster_for_event` and its kin don't: the calling room has its
own act to ask for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.access import Actor, scope_filter
from contest.db import db
from contest.entries.models import (
    Delegation,
    Entry,
    FreezeKind,
    Member,
    Person,
    RosterFreeze,
    RosterImport,
)
from contest.entries.placements import (
    changed_since_draw,
    codes_for_event,
    draw_places,
    draws_of,
    find_subject,
    is_decoded,
    may_see_codes,
    place_of,
    subject_for_code,
)
from contest.entries.rostered import roster_entry, roster_for_event
from contest.errors import Missing
from contest.events.models import Contest, Edition, Event, SubContest
from contest.events.queries import EVENT_SCOPE, select_up

__all__ = [
    "changed_since_draw",
    "codes_for_event",
    "draw_places",
    "draws_of",
    "edition_by_id",
    "edition_for",
    "editions_for",
    "entries_select",
    "entry_for",
    "find_subject",
    "imports_of",
    "is_decoded",
    "may_see_codes",
    "member_for",
    "place_of",
    "roster_entry",
    "roster_for_event",
    "subject_for_code",
]

ENTRY_SCOPE: dict[str, Any] = {**EVENT_SCOPE, "delegation": Entry.delegation_id}
PEOPLE = (
    selectinload(Entry.members).joinedload(Member.person),
    selectinload(Entry.members).joinedload(Member.organisation),
    selectinload(Entry.staff),
    joinedload(Entry.delegation),
    joinedload(Entry.organisation),
)


def entries_select(actor: Actor, may: str) -> sa.Select[Any]:
    """Entries the actor may do `may` with, joined up to their contest, in official order."""
    return (
        select_up(sa.select(Entry).join(Event, Entry.event_id == Event.id))
        .outerjoin(Delegation, Entry.delegation_id == Delegation.id)
        .where(scope_filter(actor, may, ENTRY_SCOPE))
        .order_by(
            SubContest.position,
            Event.position,
            Event.id,
            sa.func.coalesce(Delegation.official_order, 1_000_000),
            sa.func.length(Entry.number),
            Entry.number,
        )
    )


def entry_for(actor: Actor, entry_id: int, *, may: str) -> Entry:
    """One entry with its people. Raises Missing where there is none or it isn't the actor's."""
    entry = db.session.scalars(
        entries_select(actor, may).where(Entry.id == entry_id).options(*PEOPLE, joinedload(Entry.event))
    ).first()
    if entry is None:
        raise Missing()
    return entry


def member_for(actor: Actor, member_id: int, *, may: str) -> Member:
    """One member, live or left. Raises Missing."""
    entry_id = db.session.scalar(sa.select(Member.entry_id).where(Member.id == member_id))
    entry = entry_for(actor, entry_id or 0, may=may)
    return next(member for member in entry.members if member.id == member_id)


def edition_for(actor: Actor, edition_id: int, *, may: str) -> Edition:
    """An edition in any part of which the actor may do `may`; a registrar of one delegation counts. Raises Missing."""
    scope = {**EVENT_SCOPE, "delegation": Delegation.id}
    statement = (
        sa.select(Edition)
        .join(Contest, Edition.contest_id == Contest.id)
        .outerjoin(SubContest, SubContest.edition_id == Edition.id)
        .outerjoin(Event, Event.sub_contest_id == SubContest.id)
        .outerjoin(Delegation, Delegation.edition_id == Edition.id)
        .where(Edition.id == edition_id, scope_filter(actor, may, scope))
        .options(joinedload(Edition.contest))
        .limit(1)
    )
    edition = db.session.scalars(statement).first()
    if edition is None:
        raise Missing()
    return edition


def editions_for(actor: Actor, *, may: str = "entries.view") -> list[Edition]:
    """Editions in any part of which the actor may do `may`, newest first: for a registrar's start page."""
    scope = {**EVENT_SCOPE, "delegation": Delegation.id}
    ids = (
        sa.select(Edition.id)
        .join(Contest, Edition.contest_id == Contest.id)
        .outerjoin(SubContest, SubContest.edition_id == Edition.id)
        .outerjoin(Event, Event.sub_contest_id == SubContest.id)
        .outerjoin(Delegation, Delegation.edition_id == Edition.id)
        .where(scope_filter(actor, may, scope))
    )
    statement = sa.select(Edition).where(Edition.id.in_(ids)).options(joinedload(Edition.contest))
    return list(db.session.scalars(statement.order_by(Edition.year.desc(), Edition.id.desc())))


def edition_by_id(edition_id: int) -> Edition:
    """Without authorisation, for services that have asked. Raises Missing."""
    edition = db.session.get(Edition, edition_id)
    if edition is None:
        raise Missing()
    return edition


def import_for(actor: Actor, import_id: int) -> RosterImport:
    """An upload: whole-edition registrars see all of them, a delegation's registrar their own. Raises Missing."""
    row = db.session.get(RosterImport, import_id)
    if row is None:
        raise Missing()
    edition_for(actor, row.edition_id, may="entries.edit")
    if row.uploaded_by != actor.account_id and not actor.is_system and is_limited(actor, row.edition_id):
        raise Missing()
    return row


def imports_of(actor: Actor, edition_id: int) -> list[RosterImport]:
    """Uploads of an edition the actor may look at, newest first."""
    statement = sa.select(RosterImport).where(RosterImport.edition_id == edition_id)
    if is_limited(actor, edition_id):
        statement = statement.where(RosterImport.uploaded_by == actor.account_id)
    return list(db.session.scalars(statement.order_by(RosterImport.id.desc()).limit(100)))


def is_limited(actor: Actor, edition_id: int, may: str = "entries.edit") -> bool:
    """Whether the actor's reach here ends at single delegations."""
    statement = select_up(sa.select(Event.id)).where(
        Edition.id == edition_id, scope_filter(actor, may, EVENT_SCOPE)
    )
    contest = sa.select(Edition.id).join(Contest, Edition.contest_id == Contest.id)
    wider = scope_filter(actor, may, {"holder": Contest.holder_id, "contest": Contest.id})
    if db.session.scalar(contest.where(Edition.id == edition_id, wider)) is not None:
        return False
    return db.session.scalar(statement.limit(1)) is None


def display_name(entry: Entry) -> str:
    """The one name an entry goes by: its own, else its live members', joined by 、."""
    if entry.name:
        return entry.name
    return "、".join(member.person.name for member in entry.members if member.left_at is None)


def freezes_of(event_id: int) -> dict[FreezeKind, RosterFreeze]:
    """What stands on the roster now."""
    rows = db.session.scalars(
        sa.select(RosterFreeze).where(RosterFreeze.event_id == event_id, RosterFreeze.released_at.is_(None))
    )
    return {row.kind: row for row in rows}


def people_by_digest(holder_id: int, digests: Iterable[str]) -> dict[str, Person]:
    """Known people of a holder by the keyed digest of their document."""
    found: dict[str, Person] = {}
    wanted = list(set(digests))
    for start in range(0, len(wanted), 500):
        rows = db.session.scalars(
            sa.select(Person).where(
                Person.holder_id == holder_id, Person.id_digest.in_(wanted[start : start + 500])
            )
        )
        found |= {person.id_digest: survivor_of(person) for person in rows}
    return found


def survivor_of(person: Person) -> Person:
    """Who a person is after all merges: a duplicate's document finds the one that was kept."""
    while person.merged_into_id is not None:
        person = db.session.get_one(Person, person.merged_into_id)
    return person
