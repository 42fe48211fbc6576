"""Reading lists, authorised in the query. The public's reading is in `public`, without an actor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from contest.accounts.access import Actor, scope_filter
from contest.db import db
from contest.entries.models import Entry
from contest.errors import Missing
from contest.events.models import Contest, Edition, Event, SubContest
from contest.events.queries import EVENT_SCOPE, select_up
from contest.results.models import Appeal, Publication, Snapshot, SnapshotRow, TieRuling

UP = joinedload(Event.sub_contest).joinedload(SubContest.edition).joinedload(Edition.contest)


def publication_for(actor: Actor, publication_id: int, *, may: str) -> Publication:
    """The publication, if the actor may do `may` at its event. Raises Missing otherwise, the same as for none."""
    statement = (
        select_up(sa.select(Publication).join(Event, Publication.event_id == Event.id))
        .where(Publication.id == publication_id, scope_filter(actor, may, EVENT_SCOPE))
        .options(contains_eager(Publication.event).options(UP), joinedload(Publication.snapshot))
    )
    publication = db.session.scalars(statement).first()
    if publication is None:
        raise Missing()
    return publication


def latest_publication(event_id: int, ranking_key: str, round_id: int | None = None) -> Publication | None:
    """The list of a ranking that counts: neither superseded nor withdrawn. No authorisation: for rooms to the right."""
    return db.session.scalars(
        sa.select(Publication)
        .where(
            Publication.event_id == event_id,
            Publication.ranking_key == ranking_key,
            Publication.round_id == round_id if round_id is not None else Publication.round_id.is_(None),
            Publication.superseded_at.is_(None),
            Publication.withdrawn_at.is_(None),
        )
        .options(joinedload(Publication.snapshot))
    ).first()


def rows_for(publication: Publication) -> list[SnapshotRow]:
    """The frozen lines of a published list, in order of place."""
    return rows_of(publication.snapshot_id)


def rows_of(snapshot_id: int) -> list[SnapshotRow]:
    """The frozen lines of a snapshot, in order of place."""
    return list(
        db.session.scalars(
            sa.select(SnapshotRow)
            .where(SnapshotRow.snapshot_id == snapshot_id)
            .order_by(SnapshotRow.position)
        )
    )


def batches_of(snapshot_id: int, size: int, *, places: int | None = None) -> Iterator[list[SnapshotRow]]:
    """The same, read and given in parts of `size` lines, so that a page can begin before all are read.

    places: only the first so many, with everybody who shares the last of them.

    Each part is a reading of its own: a page that is sent while it is made outlives the session it began with.
    """
    last = None
    while True:
        wanted = sa.select(SnapshotRow).where(SnapshotRow.snapshot_id == snapshot_id)
        if places is not None:
            wanted = wanted.where(SnapshotRow.rank_sort > 0, SnapshotRow.rank_sort <= places)
        if last is not None:
            wanted = wanted.where(SnapshotRow.position > last)
        part = list(db.session.scalars(wanted.order_by(SnapshotRow.position).limit(size)))
        last = part[-1].position if part else None
        if part:
            yield part
        if len(part) < size:
            return


def publications_of(event_id: int) -> list[Publication]:
    """All publications of an event, the newest first; superseded and withdrawn ones too."""
    return list(
        db.session.scalars(
            sa.select(Publication)
            .where(Publication.event_id == event_id)
            .order_by(Publication.id.desc())
            .options(joinedload(Publication.snapshot), selectinload(Publication.steps))
        )
    )


def live_publications(actor: Actor, contest_id: int) -> list[Publication]:
    """The lists of a contest that count and that the actor may read, those under embargo only for the named readers."""
    statement = (
        select_up(sa.select(Publication).join(Event, Publication.event_id == Event.id))
        .where(
            Contest.id == contest_id,
            scope_filter(actor, "results.view", EVENT_SCOPE),
            sa.or_(
                Publication.is_embargoed.is_(False), scope_filter(actor, "results.embargoed", EVENT_SCOPE)
            ),
            Publication.superseded_at.is_(None),
            Publication.withdrawn_at.is_(None),
        )
        .order_by(Publication.id)
        .options(contains_eager(Publication.event).options(UP), joinedload(Publication.snapshot))
    )
    return list(db.session.scalars(statement))


def all_publications(*, live_only: bool) -> list[Publication]:
    """Every published list of the installation, oldest first. No authorisation: for the command line."""
    statement = sa.select(Publication).order_by(Publication.id).options(joinedload(Publication.snapshot))
    if live_only:
        statement = statement.where(Publication.superseded_at.is_(None), Publication.withdrawn_at.is_(None))
    return list(db.session.scalars(statement))


def snapshots_of(event_id: int) -> list[Snapshot]:
    """All frozen lists of an event, the newest first."""
    return list(
        db.session.scalars(
            sa.select(Snapshot).where(Snapshot.event_id == event_id).order_by(Snapshot.id.desc())
        )
    )


def snapshot_for(actor: Actor, snapshot_id: int, *, may: str) -> Snapshot:
    """A frozen list, if the actor may do `may` at its event. Raises Missing."""
    statement = (
        select_up(sa.select(Snapshot).join(Event, Snapshot.event_id == Event.id))
        .where(Snapshot.id == snapshot_id, scope_filter(actor, may, EVENT_SCOPE))
        .options(contains_eager(Snapshot.event).options(UP))
    )
    snapshot = db.session.scalars(statement).first()
    if snapshot is None:
        raise Missing()
    return snapshot


def ruling_for(actor: Actor, ruling_id: int, *, may: str) -> TieRuling:
    """A recorded lot or ruling, if the actor may do `may` at its event. Raises Missing."""
    statement = select_up(sa.select(TieRuling).join(Event, TieRuling.event_id == Event.id)).where(
        TieRuling.id == ruling_id, scope_filter(actor, may, EVENT_SCOPE)
    )
    ruling = db.session.scalars(statement).first()
    if ruling is None:
        raise Missing()
    return ruling


APPEAL_SCOPE: dict[str, Any] = {**EVENT_SCOPE, "delegation": Entry.delegation_id}


def appeals_select(actor: Actor, may: str) -> sa.Select[Appeal]:
    """Appeals at which the actor may do `may`: a registrar sees those of their delegation."""
    return (
        select_up(
            sa.select(Appeal)
            .join(Entry, Appeal.entry_id == Entry.id)
            .join(Event, Appeal.event_id == Event.id)
        )
        .where(scope_filter(actor, may, APPEAL_SCOPE))
        .order_by(Appeal.id.desc())
        .options(
            joinedload(Appeal.entry).joinedload(Entry.delegation),
            joinedload(Appeal.event).options(UP),
            joinedload(Appeal.publication).joinedload(Publication.snapshot),
        )
    )


def appeal_for(actor: Actor, appeal_id: int, *, may: str) -> Appeal:
    """Raises Missing for an appeal that isn't there or isn't the actor's to see."""
    appeal = db.session.scalars(appeals_select(actor, may).where(Appeal.id == appeal_id)).first()
    if appeal is None:
        raise Missing()
    return appeal


def appeals_for(actor: Actor, *, may: tuple[str, ...], event_id: int | None = None) -> list[Appeal]:
    """Appeals that any of the acts lets the actor see, the newest first."""
    found: dict[int, Appeal] = {}
    for act in may:
        statement = appeals_select(actor, act)
        if event_id is not None:
            statement = statement.where(Appeal.event_id == event_id)
        found.update({appeal.id: appeal for appeal in db.session.scalars(statement)})
    return [found[key] for key in sorted(found, reverse=True)]


def event_of_appeals(actor: Actor, event_id: int, found: list[Appeal]) -> Event:
    """The event of an appeals page: for readers of its results, and for those who may file for an entry of it.

    Raises Missing for everybody else.
    """
    if found:
        return found[0].event
    statement = (
        select_up(sa.select(Event).outerjoin(Entry, Entry.event_id == Event.id))
        .where(
            Event.id == event_id,
            sa.or_(
                scope_filter(actor, "results.view", EVENT_SCOPE),
                scope_filter(actor, "appeals.file", APPEAL_SCOPE),
            ),
        )
        .options(UP)
        .limit(1)
    )
    event = db.session.scalars(statement).first()
    if event is None:
        raise Missing()
    return event


def open_publications_for(actor: Actor, publication_id: int) -> tuple[Publication, list[Entry]]:
    """A published list and those entries on it for which the actor may file an appeal. Raises Missing without any.

    An embargoed list counts as not published: nobody may conclude from the form that it is there.
    """
    publication = db.session.scalars(
        sa.select(Publication)
        .where(Publication.id == publication_id, Publication.is_embargoed.is_(False))
        .options(joinedload(Publication.event).options(UP), joinedload(Publication.snapshot))
    ).first()
    if publication is None:
        raise Missing()
    entries = list(
        db.session.scalars(
            select_up(sa.select(Entry).join(Event, Entry.event_id == Event.id))
            .where(Entry.event_id == publication.event_id, scope_filter(actor, "appeals.file", APPEAL_SCOPE))
            .order_by(sa.func.length(Entry.number), Entry.number)
        )
    )
    if not entries:
        raise Missing()
    return publication, entries


def contest_zone(event_id: int) -> str:
    """The time zone that an event's instants are shown in."""
    statement = select_up(sa.select(Contest.timezone).select_from(Event)).where(Event.id == event_id)
    return db.session.scalar(statement) or "Asia/Shanghai"
