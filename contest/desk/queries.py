"""What needs several rooms at once, read only: an edition at a glance, a contestant's day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest.accounts.access import Actor, scope_filter
from contest.certificates import letter_queries as letters
from contest.certificates import queries as certificates
from contest.certificates.models import Certificate, Letter
from contest.db import db
from contest.entries import queries as entries
from contest.entries.models import Delegation, Entry, Member, StaffRole, WorkCode
from contest.errors import Missing
from contest.events import queries as events
from contest.events import service as events_service
from contest.events.models import Edition, Event, EventState, SubContest
from contest.judging import queries as judging
from contest.results import queries as results
from contest.results.models import ListState, Publication


@dataclass(frozen=True)
class Stand:
    """One step of an event: its key, how far it is (todo, current, done), and figures for its sentence."""

    key: str  # setup, registration, draw, judges, marks, results, awards
    state: str
    done: int = 0
    total: int = 0
    code: str = ""  # of what is in the way, for `web.sentence`


@dataclass(frozen=True)
class EventStand:
    """An event with all its steps; `lists`: the live publications, newest first."""

    event: Event
    steps: tuple[Stand, ...]
    lists: tuple[Publication, ...]

    @property
    def next_step(self) -> str:
        """The key of the first step that isn't done; empty when all are."""
        return next((step.key for step in self.steps if step.state != "done"), "")


def stand_of(event: Event) -> EventStand:
    """Where an event stands. No authorisation here: the caller got the event by an authorised query."""
    live = tuple(one for one in results.publications_of(event.id) if one.is_live)
    steps = (
        _setup(event),
        _registration(event),
        _draw(event),
        _judges(event),
        _marks(event),
        _results(live),
        _papers(event, live),
    )
    return EventStand(event, _with_current(steps), live)


def _with_current(steps: tuple[Stand, ...]) -> tuple[Stand, ...]:
    """The first step that isn't done is the current one."""
    first = next((step.key for step in steps if step.state != "done"), "")
    return tuple(
        Stand(step.key, "current" if step.key == first else step.state, step.done, step.total, step.code)
        for step in steps
    )


def _setup(event: Event) -> Stand:
    if event.state is not EventState.DRAFT:
        return Stand("setup", "done")
    found = events_service.blockers_of(event)
    return Stand("setup", "todo", total=len(found), code=found[0][0] if found else "")


def _registration(event: Event) -> Stand:
    count = _count(sa.select(Entry.id).where(Entry.event_id == event.id))
    people = _count(sa.select(Member.id).where(Member.event_id == event.id, Member.left_at.is_(None)))
    return Stand("registration", "done" if count else "todo", people, count)


def _draw(event: Event) -> Stand:
    places = len(entries.draw_places(event.id))
    coded = (
        sa.select(WorkCode.entry_id).where(WorkCode.event_id == event.id).distinct()
    )  # members have codes too
    codes = _count(coded)
    is_needed = event.sub_contest.edition.contest.kind.value == "skills"
    return Stand("draw", "done" if codes and places or not is_needed else "todo", codes, places)


def _judges(event: Event) -> Stand:
    panels = judging.panels_of(event.id)
    seats = sum(len(panel.seats) for panel in panels)
    empty = judging.unheld_seats(event.id) if panels else 0
    return Stand("judges", "done" if panels and not empty else "todo", seats - empty, seats)


def _marks(event: Event) -> Stand:
    lock = judging.lock_state(event.id)
    return Stand("marks", "done" if lock.is_locked else "todo", lock.locked, lock.sheets)


def _results(live: tuple[Publication, ...]) -> Stand:
    order = list(ListState)
    final = [one for one in live if order.index(one.state) >= order.index(ListState.CONFIRMED)]
    return Stand("results", "done" if live and len(final) == len(live) else "todo", len(final), len(live))


def _papers(event: Event, live: tuple[Publication, ...]) -> Stand:
    issued = _count(sa.select(Certificate.id).where(Certificate.event_id == event.id))
    return Stand("papers", "done" if issued else "todo", issued, len(live))


def _count(statement: sa.Select) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0)


def edition_at_a_glance(actor: Actor, edition_id: int) -> tuple[Edition, list[EventStand]]:
    """An edition with every event the actor may see in it. Raises Missing."""
    edition = entries.edition_for(actor, edition_id, may="contest.view")
    return edition, [
        stand_of(event) for event in events.events_for(actor, may="contest.view", edition_id=edition_id)
    ]


def editions_of(actor: Actor) -> list[Edition]:
    """The editions an actor works in; a registrar's by the delegations they look after."""
    own = {edition.id: edition for edition in events.editions_for(actor, may="contest.view")}
    for edition in _editions_of_registrar(actor):
        own.setdefault(edition.id, edition)
    return sorted(own.values(), key=lambda edition: (-edition.year, -edition.id))


def _editions_of_registrar(actor: Actor) -> list[Edition]:
    """Editions with a delegation that the actor registers people for."""
    mine = scope_filter(actor, "entries.edit", {"delegation": Delegation.id})
    return list(
        db.session.scalars(
            sa.select(Edition).join(Delegation, Delegation.edition_id == Edition.id).where(mine).distinct()
        )
    )


@dataclass(frozen=True)
class Day:
    """One entry of a contestant: where to be, what was published, which papers are ready."""

    entry: Entry
    member: Member
    session: str
    bench: str
    order: int
    starts_at: datetime | None
    lists: tuple[tuple[Publication, str, str, str], ...]  # publication, rank, total, award
    certificates: tuple[Certificate, ...]
    letters: tuple[Letter, ...] = ()
    leaders: tuple[str, ...] = ()  # who may appeal for the entry


def days_of(person_id: int) -> list[Day]:
    """A person's entries with what they may know of them: their own place and published results only."""
    members = db.session.scalars(
        sa.select(Member)
        .where(Member.person_id == person_id, Member.left_at.is_(None))
        .options(
            joinedload(Member.entry)
            .joinedload(Entry.event)
            .joinedload(Event.sub_contest)
            .joinedload(SubContest.edition)
        )
        .order_by(Member.id.desc())
    )
    return [_day(member, person_id) for member in members]


def _day(member: Member, person_id: int) -> Day:
    entry = member.entry
    own = [place for place in entries.draw_places(entry.event_id) if place.entry_id == entry.id]
    place = next((one for one in own if one.member_id in (None, member.id)), None)
    return Day(
        entry=entry,
        member=member,
        session=place.session if place else "",
        bench=place.bench if place else "",
        order=place.position if place else 0,
        starts_at=entry.event.starts_at,
        lists=tuple(_own_lines(entry, member)),
        certificates=tuple(one for one in certificates.own(person_id) if one.event_id == entry.event_id),
        letters=tuple(
            one
            for one in letters.own(person_id=person_id, account_id=None)
            if one.recipient.roll.event_id == entry.event_id
        ),
        leaders=tuple(one.name for one in entry.staff if one.role is StaffRole.LEADER),
    )


def own_line(person_id: int, publication_id: int) -> tuple[Day, Publication, str, int]:
    """A published line of the person's own: its day, list, subject kind and id. Raises Missing."""
    for day in days_of(person_id):
        for publication, *_ in day.lists:
            if publication.id == publication_id:
                subjects = {("member", day.member.id), ("entry", day.entry.id)}
                for row in results.rows_for(publication):
                    if (row.subject_kind, row.subject_id) in subjects:
                        return day, publication, row.subject_kind, row.subject_id
    raise Missing()


def _own_lines(entry: Entry, member: Member) -> list[tuple[Publication, str, str, str]]:
    found = []
    for publication in results.publications_of(entry.event_id):
        if not publication.is_live or publication.is_embargoed:
            continue
        for row in results.rows_for(publication):
            is_own = (row.subject_kind, row.subject_id) in {("member", member.id), ("entry", entry.id)}
            if is_own:
                found.append((publication, row.rank, row.total, row.award_key))
    return found
