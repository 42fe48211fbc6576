"""Who took part, as counts by trade, industry, gender, level, unit and delegation, in one edition or over all of them.

The office counts the roster; the public only those who stand on published lists, and small groups of people are kept
back from it (`told`). Rows are read as plain columns: 10,000 people are counted in a tenth of a second.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from contest.db import db
from contest.entries.models import Delegation, Entry, EntryState, Member, Organisation, Person
from contest.events.models import Edition, Event, EventState, SubContest
from contest.events.queries import select_up
from contest.results.models import Publication, SnapshotRow
from contest.results.public import LIVE, SHOWN, VISIBLE
from contest.scoring.distribution import told

AWAY = (EntryState.ABSENT, EntryState.WITHDRAWN)
AWAY_ON_LIST = ("absent", "withdrawn")
DIMENSIONS = ("event", "trade", "industry", "delegation", "unit", "gender", "level")
PERSONAL = ("gender", "level")
"""Told to the public without small groups, and only once every event has its list: else two days' figures would tell
what one event added."""
MOST = 25  # groups shown; what is left is summed up


@dataclass(frozen=True)
class Taking:
    """One person in one entry of one event. Texts as they stand on the roster; empty where nothing was given."""

    edition_id: int
    entry_id: int
    person_id: int
    event_id: int
    event: str
    event_en: str
    trade: str
    industry: str
    delegation: str
    division: str
    unit: str
    gender: str
    level: str


@dataclass(frozen=True)
class Group:
    """A value of a dimension with its people; None where the group is too small to be told. label "": not given."""

    label: str
    label_en: str
    people: int | None


@dataclass(frozen=True)
class EditionCount:
    """One edition of a contest in figures."""

    edition: Edition
    events: int
    entries: int
    people: int
    delegations: int


def takings(contest_id: int, *, edition_id: int | None = None, public_only: bool) -> list[Taking]:
    """Everybody who took part in a contest, or in one edition of it; the caller has authorised it.

    public_only: only those who stand on a live published list that is under no embargo.
    """
    own = sa.orm.aliased(Organisation)
    statement = (
        select_up(
            sa.select(
                Edition.id, Entry.id, Member.person_id, Event.id, Event.name, Event.name_en, Event.trade_name, SubContest.industry,
                sa.func.coalesce(sa.func.nullif(Delegation.short_name, ""), Delegation.name, ""),
                sa.func.coalesce(Delegation.division_code, ""),
                sa.func.coalesce(own.name, Organisation.name, ""), Person.gender, Member.level_held,
            )
            .select_from(Member)
            .join(Entry, Member.entry_id == Entry.id)
            .join(Event, Entry.event_id == Event.id)
        )
        .join(Person, Member.person_id == Person.id)
        .outerjoin(Delegation, Entry.delegation_id == Delegation.id)
        .outerjoin(Organisation, Entry.organisation_id == Organisation.id)
        .outerjoin(own, Member.organisation_id == own.id)
        .where(
            Edition.contest_id == contest_id, Member.left_at.is_(None),
            Entry.state.not_in(AWAY), Member.state.not_in(AWAY),
        )
        .order_by(Edition.id, SubContest.position, Event.position, Event.id, Entry.id, Member.id)
    )  # fmt: skip
    if edition_id is not None:
        statement = statement.where(Edition.id == edition_id)
    if public_only:
        statement = statement.where(_on_public_list())
    return [Taking(*row) for row in db.session.execute(statement)]


def _on_public_list() -> sa.ColumnElement[bool]:
    """Whether the entry or the member stands on a public list as somebody who competed."""
    row = (
        sa.select(SnapshotRow.id)
        .join(Publication, Publication.snapshot_id == SnapshotRow.snapshot_id)
        .where(
            VISIBLE, LIVE, SHOWN, Publication.event_id == Event.id, SnapshotRow.status.not_in(AWAY_ON_LIST),
            sa.or_(
                sa.and_(SnapshotRow.subject_kind == "member", SnapshotRow.subject_id == Member.id),
                sa.and_(SnapshotRow.subject_kind == "entry", SnapshotRow.subject_id == Entry.id),
            ),
        )
    )  # fmt: skip
    return row.correlate(Event, Member, Entry).exists()


def is_complete(edition_id: int) -> bool:
    """Whether every event of an edition that was opened has a public list."""
    lists = sa.select(Publication.id).where(Publication.event_id == Event.id, VISIBLE, LIVE).correlate(Event)
    waiting = select_up(sa.select(Event.id)).where(
        Edition.id == edition_id, Event.state != EventState.DRAFT, ~lists.exists()
    )
    return db.session.scalar(waiting.limit(1)) is None


def validator(edition: Edition, *parts: str) -> str:
    """32 hexadecimal digits that change whenever the public figures of an edition may: a few counts, no figure made."""
    lists = select_up(
        sa.select(Publication.id, Publication.version)
        .select_from(Publication)
        .join(Event, Publication.event_id == Event.id)
    ).where(Edition.contest_id == edition.contest_id, VISIBLE, LIVE)
    entries = select_up(
        sa.select(sa.func.count(Entry.id), sa.func.sum(Entry.version)).join(Event, Entry.event_id == Event.id)
    ).where(Edition.contest_id == edition.contest_id)
    events = select_up(sa.select(sa.func.count(Event.id), sa.func.sum(Event.version))).where(
        Edition.contest_id == edition.contest_id
    )
    people = sa.select(sa.func.count(Person.id), sa.func.sum(Person.version)).where(
        Person.holder_id == edition.contest.holder_id
    )
    delegations = sa.select(sa.func.count(Delegation.id), sa.func.sum(Delegation.version)).where(
        Delegation.edition_id == edition.id
    )
    found = [tuple(row) for row in db.session.execute(lists.order_by(Publication.id))]
    found += [tuple(db.session.execute(one).one()) for one in (entries, events, people, delegations)]
    return hashlib.sha256(repr([edition.id, edition.version, found, parts]).encode()).hexdigest()[:32]


def groups_of(rows: Sequence[Taking], dimension: str, *, public_only: bool) -> list[Group]:
    """People by one of DIMENSIONS, the largest group first; a person in two groups counts in both."""
    people: dict[str, set[int]] = {}
    english: dict[str, str] = {}
    for row in rows:
        label = str(getattr(row, dimension))
        people.setdefault(label, set()).add(row.person_id)
        english[label] = row.event_en if dimension == "event" else ""
    counts = {label: len(found) for label, found in people.items()}
    shown = told(counts) if public_only and dimension in PERSONAL else dict[str, int | None](counts)
    order = sorted(counts, key=lambda label: (label == "", -(shown[label] or 0), label))
    return [Group(label, english[label] or label, shown[label]) for label in order]


def shortened(groups: Sequence[Group]) -> tuple[list[Group], int]:
    """The groups that are drawn, and how many more there are."""
    return list(groups[:MOST]), max(0, len(groups) - MOST)


def by_edition(contest_id: int, *, public_only: bool) -> list[EditionCount]:
    """The editions of a contest in which somebody took part, oldest first."""
    rows = takings(contest_id, public_only=public_only)
    editions = db.session.scalars(
        sa.select(Edition).where(Edition.contest_id == contest_id).order_by(Edition.year, Edition.ordinal)
    )
    found = []
    for edition in editions:
        own = [row for row in rows if row.edition_id == edition.id]
        if own:
            delegations = {row.delegation for row in own if row.delegation}
            found.append(
                EditionCount(
                    edition,
                    len({row.event_id for row in own}),
                    len({row.entry_id for row in own}),
                    len({row.person_id for row in own}),
                    len(delegations),
                )
            )
    return found


def people_by_delegation(rows: Sequence[Taking]) -> list[tuple[str, str, int]]:
    """(delegation, its division's code, people), in the order in which they first appear."""
    people: dict[str, set[int]] = {}
    codes: dict[str, str] = {}
    for row in rows:
        if row.delegation:
            people.setdefault(row.delegation, set()).add(row.person_id)
            codes[row.delegation] = row.division
    return [(name, codes[name], len(found)) for name, found in people.items()]


def entries_by_delegation(rows: Sequence[Taking]) -> Counter[str]:
    """How many entries each delegation has."""
    return Counter(name for name, _ in {(row.delegation, row.entry_id) for row in rows if row.delegation})
