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
from contest.prepared import Prepared, each

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


@dataclass
class Standing:
    """What stands: sheets by public id, aspect ids, current marks by place, sent ids, ends of the sheets' chains,
    and the connection it was read on."""

    sheets: dict[str, SheetFacts]
    aspects: dict[tuple[int, str], int]
    heads: dict[Place, Head]
    known: dict[UUID, Head]
    chains: dict[int, str]
    connection: sa.Connection


def standing(
    actor: Actor, names: Collection[str], uuids: Collection[UUID], *, is_own: bool | None, may: str
) -> Standing:
    """Read what a batch stands on. is_own: only sheets of the actor's seats; None: no right is asked for again.

    On PostgreSQL the sheets are held, so that two devices on one sheet take turns and its chain stays a line.
    """
    connection = db.session.connection()
    sheets, aspects = _sheets(connection, actor, sorted(names), is_own, may)
    rows = _revisions(connection, [sheet.id for sheet in sheets.values()], list(uuids))
    ours = {sheet.id for sheet in sheets.values()}
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
    connection: sa.Connection, actor: Actor, names: Sequence[str], is_own: bool | None, may: str
) -> tuple[dict[str, SheetFacts], dict[tuple[int, str], int]]:
    """The sheets the actor may mark by public id, and the live aspects of their events by (event, key)."""
    found: dict[str, SheetFacts] = {}
    aspects: dict[tuple[int, str], int] = {}
    if not names:
        return found, aspects
    who = {"account": actor.account_id or 0} if is_own else {}
    for row in (_OWN_SHEETS if is_own else _ANY_SHEETS).rows(who, {"names": names}, on=connection):
        facts = _SheetRow(*row)
        scope = {"holder": facts.holder, "contest": facts.contest, "sub_contest": facts.sub}
        if is_own is None or actor.may(may, **scope, event=facts.event_id):
            found[facts.public_id] = facts.told()
            keys = json.loads(facts.aspects) if isinstance(facts.aspects, str) else facts.aspects
            aspects.update(((facts.event_id, key), aspect_id) for key, aspect_id in (keys or {}).items())
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


def _build_sheets(dialect: str, count: int) -> sa.Select[Any]:
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
    )
    statement = (
        select_up(sa.select(*columns).select_from(Sheet).join(Event, Sheet.event_id == Event.id))
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(RuleVersion, Event.rule_version_id == RuleVersion.id)
        .where(Sheet.public_id.in_(each("names", Sheet.public_id, count)))
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


def _build_own_sheets(dialect: str, count: int) -> sa.Select[Any]:
    return (
        _build_sheets(dialect, count)
        .join(SeatHolder, sa.and_(SeatHolder.seat_id == Seat.id, SeatHolder.until_at.is_(None)))
        .join(Judge, SeatHolder.judge_id == Judge.id)
        .join(Entry, Sheet.entry_id == Entry.id)
        .where(Judge.account_id == sa.bindparam("account"), Seat.voided_at.is_(None), may_mark())
    )


_ANY_SHEETS, _OWN_SHEETS = Prepared(_build_sheets), Prepared(_build_own_sheets)

_SHEET, _UUID, _REPLACES, _HASH = 2, 1, 8, 9  # places in a row of the statement below


def _revisions(
    connection: sa.Connection, sheet_ids: Sequence[int], uuids: Sequence[UUID]
) -> list[tuple[Any, ...]]:
    """Every revision of the sheets, and those sent under one of the ids wherever they are, oldest first."""
    if not uuids:
        return _REVISIONS.rows({}, {"sheets": sheet_ids}, on=connection) if sheet_ids else []
    return _REVISIONS.rows({}, {"sheets": sheet_ids or [0], "uuids": uuids}, on=connection)


def _build_revisions(_dialect: str, sheets: int, uuids: int = 0) -> sa.Select[Any]:
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
    wanted = MarkRevision.sheet_id.in_(each("sheets", MarkRevision.sheet_id, sheets))
    if uuids:
        wanted = sa.or_(wanted, MarkRevision.uuid.in_(each("uuids", MarkRevision.uuid, uuids)))
    return sa.select(*columns).where(wanted).order_by(MarkRevision.id)


_REVISIONS = Prepared(_build_revisions)


def _head(row: Sequence[Any]) -> Head:
    id_, uuid, sheet_id, aspect_id, attempt, state, value_milli, source = row[:8]
    return Head(id_, uuid, (sheet_id, aspect_id, attempt), state, value_milli, source)
