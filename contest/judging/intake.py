"""What a batch of incoming marks stands on, read with a handful of fixed statements.

Marks are the one place where every millisecond counts: the statements are built once a process and only plain
columns are read. What an actor may do is decided from the scope columns, by the same table as everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contest.accounts.access import Actor
from contest.db import db
from contest.entries.models import Entry
from contest.events.models import Contest, Event, EventAspect, EventState, RuleVersion, SubContest
from contest.events.queries import select_up
from contest.judging import scheme
from contest.judging.conflicts import may_mark
from contest.judging.models import Judge, MarkRevision, MarkSource, MarkState, Seat, SeatHolder, Sheet

Place = tuple[int, int, int]
"""Sheet id, aspect id, attempt: where one current mark may stand."""

INSERT = sa.insert(MarkRevision.__table__)


@dataclass(frozen=True)
class SheetFacts:
    """A sheet the actor may mark, with all that decides whether a mark is taken."""

    id: int
    event_id: int
    aspects: tuple[scheme.AspectView, ...]
    is_submitted: bool
    is_locked: bool
    is_void: bool
    is_event_open: bool


@dataclass(frozen=True)
class Head:
    """A revision, as far as the next one has to know it."""

    id: int
    uuid: UUID
    place: Place
    state: MarkState
    value_milli: int | None
    source: MarkSource


@dataclass
class Standing:
    """What stands: sheets by public id, aspect ids, current marks by place, sent ids, ends of the sheets' chains."""

    sheets: dict[str, SheetFacts]
    aspects: dict[tuple[int, str], int]
    heads: dict[Place, Head]
    known: dict[UUID, Head]
    chains: dict[int, str]


def standing(
    actor: Actor, names: Collection[str], uuids: Collection[UUID], *, is_own: bool | None, may: str
) -> Standing:
    """Read what a batch stands on. is_own: only sheets of the actor's seats; None: no right is asked for again.

    On PostgreSQL the sheets are held first, so that two devices on one sheet take turns and its chain stays a line.
    """
    wanted = sorted(names)
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(_hold(), {"names": wanted})
    sheets = _sheets(actor, wanted, is_own, may)
    ids = [sheet.id for sheet in sheets.values()]
    events = sorted({sheet.event_id for sheet in sheets.values()})
    aspects: Any = db.session.execute(_aspects(), {"events": events}) if events else []
    heads, chains = _heads(ids)
    known = [_head(row) for row in db.session.execute(_known(), {"uuids": list(uuids)})] if uuids else []
    return Standing(
        sheets=sheets,
        aspects={(event_id, key): aspect_id for event_id, key, aspect_id in aspects},
        heads=heads,
        known={head.uuid: head for head in known},
        chains=chains,
    )


def _sheets(actor: Actor, names: Sequence[str], is_own: bool | None, may: str) -> dict[str, SheetFacts]:
    params: dict[str, Any] = {"names": names}
    if is_own:
        params["account"] = actor.account_id or 0
    found = {}
    for row in db.session.execute(_own_sheets() if is_own else _any_sheets(), params):
        scope = {"holder": row.holder, "contest": row.contest, "sub_contest": row.sub, "event": row.event_id}
        if is_own is None or actor.may(may, **scope):
            found[row.public_id] = SheetFacts(
                id=row.id,
                event_id=row.event_id,
                aspects=_kept_aspects(row),
                is_submitted=row.submitted_at is not None,
                is_locked=row.locked_at is not None,
                is_void=row.voided_at is not None,
                is_event_open=row.state is EventState.OPEN,
            )
    return found


def _kept_aspects(row: Any) -> tuple[scheme.AspectView, ...]:
    def document() -> dict[str, Any]:
        found = db.session.scalar(sa.select(RuleVersion.document).where(RuleVersion.id == row.version_id))
        return found or {}

    return scheme.kept_aspects(row.digest, row.module_key, row.kind.value, document)


def _heads(sheet_ids: Sequence[int]) -> tuple[dict[Place, Head], dict[int, str]]:
    """The revisions that nothing replaces, and each sheet's newest hash, out of all its revisions in order."""
    rows = list(db.session.execute(_revisions(), {"sheets": sheet_ids})) if sheet_ids else []
    replaced = {row.replaces_id for row in rows}
    heads = [_head(row) for row in rows if row.id not in replaced]
    return {head.place: head for head in heads}, {row.sheet_id: row.hash for row in rows}


def _head(row: Any) -> Head:
    place = (row.sheet_id, row.aspect_id, row.attempt)
    return Head(row.id, row.uuid, place, row.state, row.value_milli, row.source)


_REVISION = (
    MarkRevision.id,
    MarkRevision.uuid,
    MarkRevision.sheet_id,
    MarkRevision.aspect_id,
    MarkRevision.attempt,
    MarkRevision.state,
    MarkRevision.value_milli,
    MarkRevision.source,
    MarkRevision.replaces_id,
    MarkRevision.hash,
)


def _many(name: str) -> Any:
    return sa.bindparam(name, expanding=True)


@cache
def _hold() -> Any:
    return sa.select(Sheet.id).where(Sheet.public_id.in_(_many("names"))).order_by(Sheet.id).with_for_update()


@cache
def _any_sheets() -> Any:
    columns = (
        Sheet.id,
        Sheet.public_id,
        Sheet.event_id,
        Sheet.module_key,
        Sheet.submitted_at,
        Sheet.locked_at,
        Seat.kind,
        Seat.voided_at,
        Event.state,
        RuleVersion.id.label("version_id"),
        RuleVersion.digest,
        SubContest.id.label("sub"),
        Contest.id.label("contest"),
        Contest.holder_id.label("holder"),
    )
    return (
        select_up(sa.select(*columns).select_from(Sheet).join(Event, Sheet.event_id == Event.id))
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(RuleVersion, Event.rule_version_id == RuleVersion.id)
        .where(Sheet.public_id.in_(_many("names")))
    )


@cache
def _own_sheets() -> Any:
    return (
        _any_sheets()
        .join(SeatHolder, sa.and_(SeatHolder.seat_id == Seat.id, SeatHolder.until_at.is_(None)))
        .join(Judge, SeatHolder.judge_id == Judge.id)
        .join(Entry, Sheet.entry_id == Entry.id)
        .where(Judge.account_id == sa.bindparam("account"), Seat.voided_at.is_(None), may_mark())
    )


@cache
def _aspects() -> Any:
    live = (EventAspect.event_id.in_(_many("events")), EventAspect.retired_at.is_(None))
    return sa.select(EventAspect.event_id, EventAspect.key, EventAspect.id).where(*live)


@cache
def _revisions() -> Any:
    return sa.select(*_REVISION).where(MarkRevision.sheet_id.in_(_many("sheets"))).order_by(MarkRevision.id)


@cache
def _known() -> Any:
    return sa.select(*_REVISION).where(MarkRevision.uuid.in_(_many("uuids")))
