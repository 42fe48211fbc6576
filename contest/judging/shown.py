"""Sheets as people are shown them: work code, bench and state; never an entry, and a name only where nothing is blind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.access import Actor
from contest.db import db
from contest.entries.models import Entry, WorkCode
from contest.errors import Missing
from contest.events.models import Event, EventAspect, RuleVersion
from contest.judging import scheme
from contest.judging.beside import PhotoLine, comments_of, photos_of, presses_of
from contest.judging.conflicts import may_mark
from contest.judging.current import IS_CURRENT, marked_keys
from contest.judging.models import Judge, MarkRevision, MarkState, Seat, SeatHolder, Sheet, SheetSignature
from contest.scoring.rules import RuleSet


@dataclass(frozen=True)
class SheetLine:
    """A sheet in a list. state: new, begun, ready (all marked), submitted, locked."""

    public_id: str
    work_code: str
    bench: str
    position: int
    module_key: str
    module: str
    round_id: int
    round_name: str
    event: str
    seat_id: int
    seat: str
    marked: int
    wanted: int
    state: str
    name: str = ""  # only in an event that is not blind

    @property
    def group(self) -> tuple[str, str, str]:
        """What the list is divided by: event, round and module."""
        return (self.event, self.round_name, self.module)


@dataclass(frozen=True)
class MarkView:
    """A current mark as its own judge may see it."""

    uuid: str
    state: MarkState
    milli: int | None
    comment: str
    source: str
    at: datetime


@dataclass(frozen=True)
class Signer:
    """A judge who holds the sheet's seat, and the signature that stands, if any."""

    judge_id: int
    name: str
    is_me: bool
    signed_at: datetime | None
    method: str
    drawing: str


@dataclass(frozen=True)
class SheetView:
    """One sheet with its aspects and current marks; `marks` by (aspect key, attempt)."""

    line: SheetLine
    seat_kind: str
    is_group: bool
    aspects: tuple[scheme.AspectView, ...]
    marks: dict[tuple[str, int], MarkView]
    signed_by: tuple[str, ...]
    unsigned: tuple[str, ...]
    has_signed: bool
    submitted_at: datetime | None
    locked_at: datetime | None
    contest_kind: str
    signers: tuple[Signer, ...] = ()
    comments: dict[tuple[str, int], str] = field(default_factory=dict)  # the sheet's own has the key ""
    presses: dict[str, list[dict[str, object]]] = field(
        default_factory=dict
    )  # of the clock, by "aspect.attempt"
    photos: tuple[PhotoLine, ...] = ()


NEAR = (
    joinedload(Sheet.seat),
    joinedload(Sheet.round),
    joinedload(Sheet.entry).joinedload(Entry.organisation),
    joinedload(Sheet.event).joinedload(Event.rule_version),
)
"""What a sheet is shown with; give it to the SELECT."""
NEAR_MANY = (
    selectinload(Sheet.seat),
    selectinload(Sheet.round),
    selectinload(Sheet.entry).selectinload(Entry.organisation),
    selectinload(Sheet.event).selectinload(Event.rule_version),
)
"""The same for a list: each seat, entry and rule document is read once, not beside every sheet."""


def lines(statement: sa.Select[Any], locale: str) -> list[SheetLine]:
    """The sheets of a SELECT, as lines of a list."""
    sheets = list(db.session.scalars(statement.options(*NEAR_MANY)).unique())
    marked = marked_keys([sheet.id for sheet in sheets])
    blind = blind_events({sheet.event_id for sheet in sheets})
    return [_line(sheet, marked.get(sheet.id, set()), locale, blind) for sheet in sheets]


def view(statement: sa.Select[Any], actor: Actor, locale: str) -> SheetView:
    """The one sheet of a SELECT, whole. Raises Missing."""
    sheet = db.session.scalars(statement.options(*NEAR)).unique().first()
    if sheet is None:
        raise Missing()
    return _whole(sheet, actor, locale)


def whole_views(statement: sa.Select[Any], actor: Actor, locale: str) -> list[SheetView]:
    """All sheets of a SELECT, whole."""
    return [_whole(sheet, actor, locale) for sheet in db.session.scalars(statement.options(*NEAR)).unique()]


def _whole(sheet: Sheet, actor: Actor, locale: str) -> SheetView:
    marks = marks_of(sheet.id)
    signers = _signers(sheet, actor)
    return SheetView(
        line=_line(sheet, set(marks), locale, blind_events({sheet.event_id})),
        seat_kind=sheet.seat.kind.value,
        is_group=len(signers) > 1,
        aspects=aspects_of_sheet(sheet),
        marks=marks,
        signed_by=tuple(one.name for one in signers if one.signed_at),
        unsigned=tuple(one.name for one in signers if not one.signed_at),
        has_signed=any(one.is_me and one.signed_at for one in signers),
        submitted_at=sheet.submitted_at,
        locked_at=sheet.locked_at,
        contest_kind=sheet.event.sub_contest.edition.contest.kind.value,
        signers=signers,
        comments=comments_of(sheet.id),
        presses=presses_of(sheet.id),
        photos=tuple(photos_of(sheet.id)),
    )


def _signers(sheet: Sheet, actor: Actor) -> tuple[Signer, ...]:
    signed = {
        row.judge_id: row
        for row in db.session.scalars(
            sa.select(SheetSignature).where(
                SheetSignature.sheet_id == sheet.id, SheetSignature.void_at.is_(None)
            )
        )
    }
    return tuple(
        Signer(
            judge.id,
            judge.name,
            judge.account_id == actor.account_id,
            row.signed_at if (row := signed.get(judge.id)) else None,
            row.method if row else "",
            row.drawing if row else "",
        )
        for judge in holders_of_sheet(sheet)
    )


def _line(sheet: Sheet, marked: set[tuple[str, int]], locale: str, blind: set[int]) -> SheetLine:
    aspects = aspects_of_sheet(sheet)
    wanted, given = scheme.wanted(aspects), scheme.given(aspects, marked)
    english = locale == "en"
    return SheetLine(
        public_id=sheet.public_id,
        work_code=sheet.work_code,
        bench=sheet.bench,
        position=sheet.position,
        module_key=sheet.module_key,
        module=_module_title(sheet, locale),
        round_id=sheet.round_id,
        round_name=(sheet.round.name_en or sheet.round.name) if english else sheet.round.name,
        event=(sheet.event.name_en or sheet.event.name) if english else sheet.event.name,
        seat_id=sheet.seat_id,
        seat=sheet.seat.label or str(sheet.seat.position),
        marked=given,
        wanted=wanted,
        state=_state(sheet, bool(marked), given >= wanted),
        name="" if sheet.event_id in blind else _open_name(sheet.entry),
    )


def _state(sheet: Sheet, is_begun: bool, is_complete: bool) -> str:
    if sheet.locked_at is not None:
        return "locked"
    if sheet.submitted_at is not None:
        return "submitted"
    if is_complete:
        return "ready"
    return "begun" if is_begun else "new"


def _open_name(entry: Entry) -> str:
    """The name of an entry in an event without work codes (labour contests, appraisals)."""
    return entry.name or (entry.organisation.name if entry.organisation else "") or entry.number


def blind_events(event_ids: set[int]) -> set[int]:
    """The events of a list whose sheets carry issued work codes: there no name is ever shown."""
    if not event_ids:
        return set()
    return set(
        db.session.scalars(sa.select(WorkCode.event_id).where(WorkCode.event_id.in_(event_ids)).distinct())
    )


def aspects_of_sheet(sheet: Sheet) -> tuple[scheme.AspectView, ...]:
    """The aspects of a sheet by the rule version in force; read once a process."""
    version = _version(sheet)
    return scheme.kept_aspects(
        version.digest, sheet.module_key, sheet.seat.kind.value, lambda: version.document
    )


_titles: dict[tuple[str, str, str], str] = {}


def _module_title(sheet: Sheet, locale: str) -> str:
    version = _version(sheet)
    key = (version.digest, sheet.module_key, locale)
    if key not in _titles:
        _titles[key] = scheme.module_title(RuleSet.from_dict(version.document), sheet.module_key, locale)
    return _titles[key]


def _version(sheet: Sheet) -> RuleVersion:
    version = sheet.event.rule_version
    if version is None:
        raise Missing("no_rules", event=sheet.event.name)
    return version


def marks_of(sheet_id: int) -> dict[tuple[str, int], MarkView]:
    """The current marks of a sheet by (aspect key, attempt)."""
    rows = db.session.execute(
        sa.select(MarkRevision, EventAspect.key)
        .join(EventAspect, MarkRevision.aspect_id == EventAspect.id)
        .where(MarkRevision.sheet_id == sheet_id, EventAspect.retired_at.is_(None), IS_CURRENT)
    )
    return {
        (key, mark.attempt): MarkView(
            str(mark.uuid), mark.state, mark.value_milli, mark.comment, mark.source.value, mark.recorded_at
        )
        for mark, key in rows
    }


def signers_of(sheet_id: int) -> set[int]:
    """Ids of the judges whose signature on the sheet stands."""
    statement = sa.select(SheetSignature.judge_id).where(
        SheetSignature.sheet_id == sheet_id, SheetSignature.void_at.is_(None)
    )
    return set(db.session.scalars(statement))


def holders_of_sheet(sheet: Sheet) -> list[Judge]:
    """The judges who mark and sign a sheet: they hold its seat now, and no tie keeps them from its entry.

    Of a *self* seat these are the entry's own people. In the order they took the seat.
    """
    return list(
        db.session.scalars(
            sa.select(Judge)
            .join(SeatHolder, SeatHolder.judge_id == Judge.id)
            .join(Seat, SeatHolder.seat_id == Seat.id)
            .join(Entry, Entry.id == sheet.entry_id)
            .where(SeatHolder.seat_id == sheet.seat_id, SeatHolder.until_at.is_(None), may_mark())
            .order_by(SeatHolder.id)
        )
    )
