"""What a batch of incoming marks stands on, read with a handful of fixed statements.

Marks are the one place where every millisecond counts: the statements are built once a process and only plain
columns are read. What an actor may do is decided from the scope columns, by the same table as everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from contest.accounts.access import Actor
from contest.db import db
from contest.entries.models import Entry
from contest.events.models import Contest, Event, EventAspect, EventState, RuleVersion, SubContest
from contest.events.queries import select_up
from contest.judging import scheme
from contest.judging.conflicts import may_mark
from contest.judging.models import (
    Judge,
    MarkRevision,
    MarkSource,
    MarkState,
    Seat,
    SeatHolder,
    SeatKind,
    Sheet,
)
from contest.prepared import Prepared, any_of

Place = tuple[int, int, int]
"""Sheet id, aspect id, attempt: where one current mark may stand."""


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


Asked = tuple[Actor, Collection[str]]
"""Who asks, and the public ids of the sheets that the batch is for."""


@dataclass
class Standing:
    """What stands: for each who asked the sheets by public id, aspect ids, current marks by place, sent ids, ends of
    the sheets' chains, and the connection it was read on."""

    sheets: list[dict[str, SheetFacts]]
    aspects: dict[tuple[int, str], int]
    heads: dict[Place, Head]
    known: dict[UUID, Head]
    chains: dict[int, str]
    connection: sa.Connection


def standing(asked: Sequence[Asked], uuids: Collection[UUID], *, is_own: bool | None, may: str) -> Standing:
    """Read what batches stand on. is_own: only sheets of the actor's seats; None: no right is asked for again.

    On PostgreSQL the sheets are held, so that two devices on one sheet take turns and its chain stays a line.
    """
    connection = db.session.connection()
    sheets, aspects = _sheets(connection, asked, is_own, may)
    ours = {facts.id for found in sheets for facts in found.values()}
    rows = _revisions(connection, list(ours), list(uuids))
    replaced = {row[_REPLACES] for row in rows}
    heads = [_head(row) for row in rows if row[_SHEET] in ours and row[0] not in replaced]
    return Standing(
        sheets=sheets,
        aspects=aspects,
        heads={head.place: head for head in heads},
        known={row[_UUID]: _head(row) for row in rows if row[_UUID] in uuids},
        chains={row[_SHEET]: row[_HASH] for row in rows if row[_SHEET] in ours},
        connection=connection,
    )


def _sheets(
    connection: sa.Connection, asked: Sequence[Asked], is_own: bool | None, may: str
) -> tuple[list[dict[str, SheetFacts]], dict[tuple[int, str], int]]:
    """For each who asked the sheets they may mark by public id; the live aspects of their events by (event, key)."""
    found: list[dict[str, SheetFacts]] = [{} for _ in asked]
    aspects: dict[tuple[int, str], int] = {}
    values: dict[str, Any] = {"names": sorted({name for _, names in asked for name in names})}
    if not values["names"]:
        return found, aspects
    if is_own:
        values["accounts"] = list({actor.account_id or 0 for actor, _ in asked})
    for row in (_OWN_SHEETS if is_own else _ANY_SHEETS).rows(values, on=connection):
        one = _SheetRow(*row)
        facts = one.told()
        for (actor, names), mine in zip(asked, found, strict=True):
            if one.public_id in names and one.is_for(actor, is_own, may):
                mine[one.public_id] = facts
        keys = json.loads(one.aspects) if isinstance(one.aspects, str) else one.aspects
        aspects.update(((one.event_id, key), aspect_id) for key, aspect_id in (keys or {}).items())
    return found, aspects


class _SheetRow(NamedTuple):
    """One row of the statement below: a sheet with all that decides about it."""

    id: int
    public_id: str
    event_id: int
    module_key: str
    submitted_at: datetime | None
    locked_at: datetime | None
    kind: SeatKind
    voided_at: datetime | None
    state: EventState
    version_id: int
    digest: str
    sub: int
    contest: int
    holder: int
    aspects: Any
    account: int = 0

    def is_for(self, actor: Actor, is_own: bool | None, may: str) -> bool:
        """Whether the actor may mark it; a sheet of several judges comes once for each."""
        if is_own and self.account != actor.account_id:
            return False
        scope = {"holder": self.holder, "contest": self.contest, "sub_contest": self.sub}
        return is_own is None or actor.may(may, **scope, event=self.event_id)

    def told(self) -> SheetFacts:
        return SheetFacts(
            id=self.id,
            event_id=self.event_id,
            aspects=scheme.kept_aspects(self.digest, self.module_key, self.kind.value, self._document),
            is_submitted=self.submitted_at is not None,
            is_locked=self.locked_at is not None,
            is_void=self.voided_at is not None,
            is_event_open=self.state is EventState.OPEN,
        )

    def _document(self) -> dict[str, Any]:
        found = db.session.scalar(sa.select(RuleVersion.document).where(RuleVersion.id == self.version_id))
        return found or {}


def _build_sheets(dialect: str, *more: Any) -> sa.Select[Any]:
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
        RuleVersion.id,
        RuleVersion.digest,
        SubContest.id,
        Contest.id,
        Contest.holder_id,
        _keys_of_event(dialect),
        *more,
    )
    statement = (
        select_up(sa.select(*columns).select_from(Sheet).join(Event, Sheet.event_id == Event.id))
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(RuleVersion, Event.rule_version_id == RuleVersion.id)
        .where(any_of(Sheet.public_id, "names", dialect))
        .order_by(Sheet.id)
    )
    return statement.with_for_update(of=Sheet) if dialect == "postgresql" else statement


def _keys_of_event(dialect: str) -> Any:
    """The live aspects of the sheet's event as one JSON object, key → id: a statement less for each mark."""
    together = sa.func.json_object_agg if dialect == "postgresql" else sa.func.json_group_object
    return (
        sa.select(sa.type_coerce(together(EventAspect.key, EventAspect.id), sa.types.NullType()))
        .where(EventAspect.event_id == Event.id, EventAspect.retired_at.is_(None))
        .correlate(Event)
        .scalar_subquery()
    )


def _build_own_sheets(dialect: str) -> sa.Select[Any]:
    return (
        _build_sheets(dialect, Judge.account_id)
        .join(SeatHolder, sa.and_(SeatHolder.seat_id == Seat.id, SeatHolder.until_at.is_(None)))
        .join(Judge, SeatHolder.judge_id == Judge.id)
        .join(Entry, Sheet.entry_id == Entry.id)
        .where(any_of(Judge.account_id, "accounts", dialect), Seat.voided_at.is_(None), may_mark())
    )


_ANY_SHEETS, _OWN_SHEETS = Prepared(_build_sheets), Prepared(_build_own_sheets)

_SHEET, _UUID, _REPLACES, _HASH = 2, 1, 8, 9  # places in a row of the statement below


def _revisions(
    connection: sa.Connection, sheet_ids: Sequence[int], uuids: Sequence[UUID]
) -> list[tuple[Any, ...]]:
    """Every revision of the sheets, and those sent under one of the ids wherever they are, oldest first."""
    if not sheet_ids and not uuids:
        return []
    return _REVISIONS.rows({"sheets": sheet_ids, "uuids": uuids}, on=connection)


def _build_revisions(dialect: str) -> sa.Select[Any]:
    columns = (
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
    of_sheets = any_of(MarkRevision.sheet_id, "sheets", dialect)
    sent = any_of(MarkRevision.uuid, "uuids", dialect)
    return sa.select(*columns).where(sa.or_(of_sheets, sent)).order_by(MarkRevision.id)


_REVISIONS = Prepared(_build_revisions)


def _head(row: Sequence[Any]) -> Head:
    id_, uuid, sheet_id, aspect_id, attempt, state, value_milli, source = row[:8]
    return Head(id_, uuid, (sheet_id, aspect_id, attempt), state, value_milli, source)
