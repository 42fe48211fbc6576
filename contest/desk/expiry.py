"""Retention by policy: how long a holder keeps each kind of personal data, what is over, and the job that takes it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from contest import audit, jobs
from contest.accounts import queries as accounts
from contest.accounts.access import SYSTEM, Actor
from contest.db import db, transaction
from contest.desk import erasing as everywhere
from contest.desk.record_refusals import NothingDue, RequestRunning
from contest.entries import erasing, requests
from contest.entries.erasing import CONTACT, IDENTITY, KINDS, NAMES, UPLOADS, WINNERS
from contest.entries.models import Entry, Member, Person, Staff
from contest.entries.record_models import PersonRequest, RetentionRule
from contest.errors import Invalid
from contest.events.models import Contest, Edition, Event, EventState, SubContest
from contest.jobs import Job, job_kind

if TYPE_CHECKING:
    from contest.chunks import Work

JOB = "records.erase"
CHUNK = 50
YEARS = (1, 99)


@dataclass(frozen=True)
class Due:
    """What is over by now of one kind: ids of people, or of editions for uploads; `last`: the newest edition's end."""

    kind: str
    years: int
    ids: tuple[int, ...]
    last: date | None


def rules_of(holder_id: int) -> dict[str, int]:
    """Kind → years after the end of an edition; a kind that is not there is kept for good."""
    rows = db.session.scalars(sa.select(RetentionRule).where(RetentionRule.holder_id == holder_id))
    return {one.kind: one.years for one in rows}


def state_rules(holder_id: int, years: Mapping[str, int | None], *, actor: Actor, at: datetime) -> None:
    """Write the policy: kind → years, None for good. Raises Invalid for an unknown kind or years out of range."""
    for kind, value in years.items():
        if kind not in KINDS or (value is not None and not YEARS[0] <= value <= YEARS[1]):
            raise Invalid("retention_years", low=YEARS[0], high=YEARS[1])
    old = rules_of(holder_id)
    changes = {kind: [old.get(kind), value] for kind, value in years.items() if old.get(kind) != value}
    for kind in changes:
        row = db.session.scalars(
            sa.select(RetentionRule).where(RetentionRule.holder_id == holder_id, RetentionRule.kind == kind)
        ).first()
        value = years[kind]
        if value is None:
            db.session.delete(row)
        elif row is not None:
            row.years, row.changed_at, row.changed_by = value, at, actor.account_id
        else:
            db.session.add(
                RetentionRule(holder_id=holder_id, kind=kind, years=value, changed_at=at, changed_by=actor.account_id)
            )  # fmt: skip
    db.session.flush()
    if changes:
        audit.record(
            actor, "retention.stated", None, contest_id=0,
            changes={**changes, "holder": [holder_id, holder_id]}, at=at,
        )  # fmt: skip


def end_of(edition: Edition) -> date:
    """The last day of an edition; the year's last where no day was written down."""
    return edition.ends_on or edition.starts_on or date(edition.year, 12, 31)


def due(holder_id: int, today: date) -> list[Due]:
    """What the policy says is over today, kind by kind in the order of KINDS; kinds without a rule are left out."""
    rules, ends = rules_of(holder_id), _ends(holder_id)
    people = _last_of_people(holder_id, ends)
    won = everywhere.winners(people)
    found = []
    for kind in (one for one in KINDS if one in rules):
        if kind == UPLOADS:
            over = {one: end for one, end in ends.items() if _after(end, rules[kind]) <= today}
            left = set(over) - erasing.erased(kind, "edition", over)
        else:
            of_kind = {
                one: end
                for one, end in people.items()
                if kind not in (NAMES, WINNERS) or (one in won) == (kind == WINNERS)
            }
            over = {one: end for one, end in of_kind.items() if _after(end, rules[kind]) <= today}
            left = set(over) - erasing.erased(kind, "person", over)
        last = max((over[one] for one in left), default=None)
        found.append(Due(kind, rules[kind], tuple(sorted(left)), last))
    return found


def _after(end: date, years: int) -> date:
    try:
        return end.replace(year=end.year + years)
    except ValueError:  # the 29th of February
        return end.replace(year=end.year + years, day=28)


def _ends(holder_id: int) -> dict[int, date]:
    rows = db.session.scalars(sa.select(Edition).join(Contest).where(Contest.holder_id == holder_id))
    return {one.id: end_of(one) for one in rows}


def _last_of_people(holder_id: int, ends: Mapping[int, date]) -> dict[int, date]:
    """Person → the end of the newest edition they were in; people merged into others are theirs."""
    found: dict[int, date] = {}
    for table in (Member, Staff):
        rows = db.session.execute(
            sa.select(table.person_id, SubContest.edition_id)
            .join(Entry, table.entry_id == Entry.id)
            .join(Event, Entry.event_id == Event.id)
            .join(SubContest, Event.sub_contest_id == SubContest.id)
            .join(Person, table.person_id == Person.id)
            .where(Person.holder_id == holder_id, Person.merged_into_id.is_(None))
            .distinct()
        )
        for person_id, edition_id in rows:
            if edition_id in ends:
                found[person_id] = max(found.get(person_id, date.min), ends[edition_id])
    return found


def start(holder_id: int, wanted: Mapping[str, int], *, today: date, actor: Actor, at: datetime) -> Job:
    """Start taking out what is due. wanted: kind → how many the preview showed; any other number is refused.

    `jobs.deliver(job.id)` after the commit. Raises NothingDue.
    """
    found = [one for one in due(holder_id, today) if one.kind in wanted]
    if not any(one.ids for one in found) or any(len(one.ids) != wanted[one.kind] for one in found):
        raise NothingDue()
    items = [[one.kind, number] for one in found for number in one.ids]
    audit.record(
        actor, "retention.started", None, contest_id=0, at=at,
        changes={one.kind: [None, len(one.ids)] for one in found} | {"holder": [None, holder_id]},
    )  # fmt: skip
    return jobs.start(
        JOB, {"holder": holder_id, "items": items}, total=len(items), actor=actor, at=at, chunk_size=CHUNK
    )  # fmt: skip


@job_kind(JOB)
def _erase(work: Work) -> None:
    """One chunk in one transaction: what was done before is found in the list of erasures and left."""
    from contest.db import now

    wanted: dict[str, list[int]] = {}
    for place in work.places:
        kind, number = work.params["items"][place]
        wanted.setdefault(kind, []).append(number)
    with transaction():
        actor = _actor(work.created_by)
        for kind, ids in wanted.items():
            common: dict[str, Any] = {
                "holder_id": work.params["holder"], "why": "policy", "actor": actor, "at": now(),
            }  # fmt: skip
            if kind == UPLOADS:
                everywhere.erase_uploads(ids, **common)
            else:
                everywhere.erase_people(kind, ids, **common)
    work.step(len(work.places))


def _actor(account_id: int | None) -> Actor:
    return SYSTEM if account_id is None else accounts.actor_of(accounts.account_by_id(account_id))


def jobs_of(holder_id: int) -> list[Job]:
    """The runs of a holder, newest first."""
    rows = db.session.scalars(sa.select(Job).where(Job.kind == JOB).order_by(Job.id.desc()).limit(50))
    return [one for one in rows if one.params.get("holder") == holder_id]


def running_events(person_id: int, today: date) -> list[Event]:
    """Events that are not over yet in which a person takes part: until then their data are needed."""
    rows = db.session.scalars(
        sa.select(Event)
        .join(Member, Member.event_id == Event.id)
        .where(Member.person_id == person_id, Member.left_at.is_(None), Event.state != EventState.CLOSED)
    )
    return [one for one in rows if end_of(one.sub_contest.edition) >= today]


def decide_deletion(
    request: PersonRequest, *, accept: bool, answer: str, today: date, actor: Actor, at: datetime
) -> None:
    """Accept a person's wish to be taken out, or refuse it with an answer.

    What a winner's name stands on stays, because a published decision is kept by its own rule. Raises RequestRunning
    while one of their events is not over, RequestClosed, ReasonMissing, ListAltered.
    """
    if accept:
        for event in running_events(request.person_id, today):
            raise RequestRunning(event=event.name)
    person = request.person
    requests.decide(request, accept=accept, answer=answer, actor=actor, at=at)
    if not accept:
        return
    kinds = [CONTACT, IDENTITY]
    if person.id not in everywhere.winners([person.id]):
        kinds.append(NAMES)
    for kind in kinds:
        everywhere.erase_people(
            kind, [person.id], holder_id=person.holder_id, why="request", actor=actor, at=at
        )
