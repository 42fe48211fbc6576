"""What the public reads: frozen lines of published lists that are under no embargo. No actor, no session."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from contest.db import db
from contest.errors import Missing
from contest.events.models import Contest, Edition, Event, EventRound, SubContest
from contest.events.queries import select_up
from contest.results import queries
from contest.results.amendments import Amendment, amendments, revision_before
from contest.results.models import Publication, Snapshot, SnapshotRow

PAGE = 30
FOUND = 100  # lines shown for a search; more means that it should be narrowed
VISIBLE = Publication.is_embargoed.is_(False)
SHOWN = sa.or_(
    Publication.shown_places.is_(None),
    sa.and_(SnapshotRow.rank_sort > 0, SnapshotRow.rank_sort <= Publication.shown_places),
)
"""Lines that the public reads: all, or the first places with everybody who shares the last of them."""
LIVE = sa.and_(Publication.superseded_at.is_(None), Publication.withdrawn_at.is_(None))


@dataclass(frozen=True)
class Standing:
    """How a public list stands now, in one small read: what its page, its files and its ETag follow from."""

    publication_id: int
    digest: str
    revision: int
    state: str
    is_live: bool
    version: int
    newest_id: int | None

    def etag(self, *parts: str) -> str:
        """32 hexadecimal digits that are equal exactly while the same content would be sent."""
        return _validator(self, parts)


@lru_cache(maxsize=4096)
def _validator(standing: Standing, parts: tuple[str, ...]) -> str:
    told = [standing.publication_id, standing.digest, standing.revision, standing.state, standing.version]
    return hashlib.sha256("/".join(map(str, [*told, standing.newest_id, *parts])).encode()).hexdigest()[:32]


def standing_of(publication_id: int) -> Standing:
    """Raises Missing for a list that was never published or is under embargo: the two are not told apart."""
    row = db.session.execute(
        sa.select(
            Publication.id,
            # Restated rows are other bytes: caches must not keep those of before.
            (Snapshot.digest + Snapshot.restated_digest).label("digest"),
            Publication.revision,
            Publication.state,
            LIVE.label("is_live"),
            Publication.version,
            Publication.event_id,
            Publication.round_id,
            Publication.ranking_key,
        )
        .join(Snapshot, Publication.snapshot_id == Snapshot.id)
        .where(Publication.id == publication_id, VISIBLE)
    ).first()
    if row is None:
        raise Missing()
    newest = None if row.is_live else _newest_id(row.event_id, row.ranking_key, row.round_id)
    return Standing(row.id, row.digest, row.revision, row.state.value, bool(row.is_live), row.version, newest)


def _newest_id(event_id: int, ranking_key: str, round_id: int | None) -> int | None:
    return db.session.scalar(
        sa.select(Publication.id).where(
            Publication.event_id == event_id,
            Publication.ranking_key == ranking_key,
            Publication.round_id == round_id if round_id is not None else Publication.round_id.is_(None),
            VISIBLE,
            LIVE,
        )
    )


def publication_of(publication_id: int) -> Publication:
    """A public list with its heading. Raises Missing as `standing_of` does."""
    publication = db.session.scalars(
        sa.select(Publication)
        .where(Publication.id == publication_id, VISIBLE)
        .options(
            joinedload(Publication.snapshot),
            joinedload(Publication.event)
            .joinedload(Event.sub_contest)
            .joinedload(SubContest.edition)
            .joinedload(Edition.contest),
        )
    ).first()
    if publication is None:
        raise Missing()
    return publication


def rows_for(publication: Publication) -> list[SnapshotRow]:
    """The lines of a list that the public reads, in order of place."""
    return [row for part in batches_of(publication, 1_000_000) for row in part]


def batches_of(publication: Publication, size: int) -> Iterator[list[SnapshotRow]]:
    """The same in parts of `size` lines."""
    return queries.batches_of(publication.snapshot_id, size, places=publication.shown_places)


def amended_from(publication: Publication) -> tuple[Publication, list[Amendment]] | None:
    """What the revision changed against the one before, in lines that the public could and can read."""
    older = revision_before(publication)
    if older is None or older.is_embargoed:
        return None
    return older, amendments(rows_for(older), rows_for(publication))


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for among the published lists; empty fields don't narrow."""

    text: str = ""
    edition_id: int | None = None
    event_id: int | None = None
    delegation: str = ""

    @property
    def looks_for_lines(self) -> bool:
        """Whether lines are looked for, not only lists."""
        return bool(self.text.strip() or self.delegation)


def lists(wanted: Wanted, *, page: int = 1) -> tuple[list[Publication], int]:
    """A page of the live public lists that fit, the newest edition first, and how many there are in all."""
    statement = _lists(wanted)
    if wanted.looks_for_lines:
        statement = statement.where(_lines(wanted).exists())
    total = int(db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0)
    found = db.session.scalars(
        statement.order_by(
            Edition.id.desc(),
            SubContest.position,
            SubContest.id,
            Event.position,
            Event.id,
            Publication.ranking_key,
            sa.func.coalesce(EventRound.position, 1_000_000),
            Publication.id,
        )
        .options(
            contains_eager(Publication.event)
            .contains_eager(Event.sub_contest)
            .contains_eager(SubContest.edition)
            .contains_eager(Edition.contest),
            joinedload(Publication.snapshot),
        )
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return list(found), total


def newest(count: int = 50) -> list[Publication]:
    """The lists published last, those superseded or withdrawn since included: a feed tells of them too."""
    return list(
        db.session.scalars(
            sa.select(Publication)
            .where(VISIBLE)
            .order_by(Publication.published_at.desc(), Publication.id.desc())
            .limit(count)
            .options(joinedload(Publication.snapshot), selectinload(Publication.steps))
        )
    )


def found_lines(wanted: Wanted, publications: Sequence[Publication]) -> dict[int, list[SnapshotRow]]:
    """The lines that were looked for, by snapshot id, at most FOUND of them."""
    if not wanted.looks_for_lines or not publications:
        return {}
    rows = db.session.scalars(
        sa.select(SnapshotRow)
        .join(Publication, Publication.snapshot_id == SnapshotRow.snapshot_id)
        .where(Publication.id.in_([one.id for one in publications]), SHOWN, *_conditions(wanted))
        .order_by(SnapshotRow.snapshot_id, SnapshotRow.position)
        .limit(FOUND)
    )
    found: dict[int, list[SnapshotRow]] = {}
    for row in rows:
        found.setdefault(row.snapshot_id, []).append(row)
    return found


def choices() -> tuple[list[tuple[int, str, str]], list[tuple[int, int, str, str]], list[str]]:
    """What can be chosen from: editions (id, zh, en), events (id, edition id, zh, en), delegations with a public line."""
    visible = select_up(
        sa.select(Edition.id, Edition.name, Edition.name_en, Event.id, Event.name, Event.name_en)
        .select_from(Publication)
        .join(Event, Publication.event_id == Event.id)
    ).where(VISIBLE, LIVE)
    rows = db.session.execute(visible.distinct().order_by(Edition.id.desc(), Event.id)).all()
    editions = {row[0]: (row[0], row[1], row[2]) for row in rows}
    events = {row[3]: (row[3], row[0], row[4], row[5]) for row in rows}
    delegations = db.session.scalars(
        sa.select(SnapshotRow.delegation)
        .join(Publication, Publication.snapshot_id == SnapshotRow.snapshot_id)
        .where(VISIBLE, LIVE, SHOWN, SnapshotRow.delegation != "")
        .distinct()
        .order_by(SnapshotRow.delegation)
    )
    return list(editions.values()), list(events.values()), list(delegations)


def edition_of(edition_id: int) -> Edition:
    """An edition that has a public list. Raises Missing otherwise: an edition's name is nobody's before."""
    edition = db.session.scalars(
        sa.select(Edition)
        .join(SubContest, SubContest.edition_id == Edition.id)
        .join(Event, Event.sub_contest_id == SubContest.id)
        .join(Publication, Publication.event_id == Event.id)
        .where(Edition.id == edition_id, VISIBLE)
        .limit(1)
    ).first()
    if edition is None:
        raise Missing()
    return edition


def _lists(wanted: Wanted) -> sa.Select[Publication]:
    statement = (
        select_up(sa.select(Publication).join(Event, Publication.event_id == Event.id))
        .outerjoin(EventRound, Publication.round_id == EventRound.id)
        .where(VISIBLE, LIVE)
    )
    if wanted.edition_id is not None:
        statement = statement.where(Edition.id == wanted.edition_id)
    if wanted.event_id is not None:
        statement = statement.where(Event.id == wanted.event_id)
    return statement


def _lines(wanted: Wanted) -> sa.Select[int]:
    return (
        sa.select(SnapshotRow.id)
        .where(SnapshotRow.snapshot_id == Publication.snapshot_id, SHOWN, *_conditions(wanted))
        .correlate(Publication)
    )


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    text = wanted.text.strip()[:80]
    if text:
        found.append(
            sa.or_(
                *(
                    column.contains(text, autoescape=True)
                    for column in (SnapshotRow.name, SnapshotRow.people, SnapshotRow.delegation)
                )
            )
        )
    if wanted.delegation:
        found.append(SnapshotRow.delegation == wanted.delegation)
    return found


def zone_of(publication: Publication) -> str:
    """The contest's time zone."""
    contest: Contest = publication.event.sub_contest.edition.contest
    return contest.timezone
