"""Marks come in: each is checked by itself, appended, and answered with a receipt. Nothing is ever overwritten.

Receipts: *stored* (new), *known* (this very mark is here already: sending twice is harmless), *stale* (somebody
marked the aspect since; both values are told), *refused* with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contest.accounts.access import Actor
from contest.db import db, savepoint
from contest.events.models import Event, EventAspect, EventState
from contest.judging import queries, scheme
from contest.judging.chain import GENESIS, ends_of, link
from contest.judging.current import IS_CURRENT
from contest.judging.models import MarkRevision, MarkSource, MarkState, Sheet
from contest.judging.typed import NotTaken, read_typed, shown

LONGEST_COMMENT = 500


@dataclass(frozen=True)
class Typed:
    """A mark as it was typed. value: text for the state *value*, else None. replaces: uuid of the mark seen before."""

    uuid: UUID
    sheet: str
    aspect: str
    state: MarkState
    value: str | None
    replaces: UUID | None = None
    attempt: int = 1
    comment: str = ""
    typed_at: datetime | None = None


@dataclass(frozen=True)
class Receipt:
    """The server's answer to one mark. status: stored, known, stale, refused; current: what stands now."""

    uuid: UUID
    status: str
    reason: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    current: dict[str, Any] | None = None


class MarkRefused(Exception):
    """One mark is refused; its receipt tells the reason, the rest of the batch goes on."""

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(reason)
        self.reason, self.params = reason, params


@dataclass
class _Desk:
    """What a batch stands on, read once."""

    sheets: dict[str, Sheet]
    aspects: dict[tuple[int, str], int]
    heads: dict[tuple[int, int, int], MarkRevision]
    known: dict[UUID, MarkRevision]
    chains: dict[int, str]


def record_marks(
    actor: Actor,
    typed: Sequence[Typed],
    *,
    at: datetime,
    source: MarkSource = MarkSource.DEVICE,
    device: str = "",
    may: str = "marks.desk",
) -> list[Receipt]:
    """Append a batch of marks; one receipt each, in the order given. Call it inside the writer's gate.

    A judge's marks (DEVICE) go to sheets of the judge's own; others (DESK, FILE) to sheets of events where the actor
    `may` do the act named. A sheet that is not there and one that is another's get the same refusal, *not_yours*.
    """
    desk = _prepare(actor, typed, source, may)
    return [_one(actor, mark, desk, at=at, source=source, device=device) for mark in typed]


def _prepare(actor: Actor, typed: Sequence[Typed], source: MarkSource, may: str) -> _Desk:
    names = sorted({mark.sheet for mark in typed})
    if db.session.get_bind().dialect.name == "postgresql":
        # Two devices on one sheet take turns, so that the sheet's chain of hashes stays a line.
        held = sa.select(Sheet.id).where(Sheet.public_id.in_(names)).order_by(Sheet.id).with_for_update()
        db.session.execute(held)
    if source is MarkSource.DEVICE:
        statement = queries.held_sheets(actor)
    else:
        statement = queries.office_sheets(actor, may=may)
    statement = statement.where(Sheet.public_id.in_(names)).options(
        sa.orm.joinedload(Sheet.event).joinedload(Event.rule_version), sa.orm.contains_eager(Sheet.seat)
    )
    sheets = {sheet.public_id: sheet for sheet in db.session.scalars(statement).unique()}
    ids = [sheet.id for sheet in sheets.values()]
    events = {sheet.event_id for sheet in sheets.values()}
    rows = db.session.execute(
        sa.select(EventAspect.event_id, EventAspect.key, EventAspect.id).where(
            EventAspect.event_id.in_(events), EventAspect.retired_at.is_(None)
        )
    )
    revisions = list(
        db.session.scalars(sa.select(MarkRevision).where(MarkRevision.sheet_id.in_(ids), IS_CURRENT))
    )
    known = db.session.scalars(
        sa.select(MarkRevision).where(MarkRevision.uuid.in_([mark.uuid for mark in typed]))
    )
    return _Desk(
        sheets=sheets,
        aspects={(event_id, key): aspect_id for event_id, key, aspect_id in rows},
        heads={(mark.sheet_id, mark.aspect_id, mark.attempt): mark for mark in revisions},
        known={mark.uuid: mark for mark in known},
        chains=ends_of(ids),
    )


def _one(actor: Actor, mark: Typed, desk: _Desk, *, at: datetime, source: MarkSource, device: str) -> Receipt:
    try:
        sheet = desk.sheets.get(mark.sheet)
        if sheet is None:
            raise MarkRefused("not_yours")
        milli = checked(sheet, mark)
        aspect_id = desk.aspects.get((sheet.event_id, mark.aspect))
        if aspect_id is None:
            raise MarkRefused("no_such_aspect", aspect=mark.aspect)
        place = (sheet.id, aspect_id, mark.attempt)
        head = desk.heads.get(place)
        answer = answered(mark, milli, place, head, desk.known.get(mark.uuid))
        if answer:
            return answer
        _open(sheet)
    except MarkRefused as refusal:
        return Receipt(mark.uuid, "refused", refusal.reason, refusal.params)
    row = new_row(actor, mark, milli, place, head, desk.chains, at=at, source=source, device=device)
    try:
        with savepoint():
            db.session.add(row)
            db.session.flush()
    except sa.exc.IntegrityError:  # another process was first; what stands now is read again and told
        return _stale(mark, head_now(place))
    desk.heads[place], desk.known[mark.uuid], desk.chains[sheet.id] = row, row, row.hash
    return Receipt(mark.uuid, "stored", current=told(row))


def checked(sheet: Sheet, mark: Typed) -> int | None:
    """Thousandths of a value that the rules take, None for absent and void. Raises MarkRefused."""
    aspect = next((one for one in queries.aspects_of_sheet(sheet) if one.key == mark.aspect), None)
    if aspect is None:
        raise MarkRefused("no_such_aspect", aspect=mark.aspect)
    if not 1 <= mark.attempt <= aspect.attempts:
        raise MarkRefused("no_such_attempt", attempt=mark.attempt)
    if len(mark.comment) > LONGEST_COMMENT:
        raise MarkRefused("comment_too_long", limit=LONGEST_COMMENT)
    if mark.state is not MarkState.VALUE:
        if mark.value not in (None, ""):
            raise MarkRefused("value_without_state")
        return None
    return _value(aspect, mark.value)


def _value(aspect: scheme.AspectView, value: str | None) -> int:
    try:
        milli = read_typed(value or "", aspect.limits)
    except NotTaken as refused:
        raise MarkRefused(refused.code, **refused.params) from None
    if aspect.choices and milli not in [choice.milli for choice in aspect.choices]:
        raise MarkRefused("not_a_choice", choices=", ".join(shown(choice.milli) for choice in aspect.choices))
    return milli


def answered(
    mark: Typed,
    milli: int | None,
    place: tuple[int, int, int],
    head: MarkRevision | None,
    known: MarkRevision | None,
) -> Receipt | None:
    """The receipt of a mark that needs no new row: sent before, already so, or overtaken."""
    if known is not None:
        same = (known.sheet_id, known.aspect_id, known.attempt) == place
        if same and (known.state, known.value_milli) == (mark.state, milli):
            return Receipt(mark.uuid, "known", current=told(head))
        return Receipt(mark.uuid, "refused", "uuid_taken")
    seen = head.uuid if head is not None else None
    if seen != mark.replaces:
        if head is not None and (head.state, head.value_milli) == (mark.state, milli):
            return Receipt(mark.uuid, "known", "same_value", current=told(head))
        return _stale(mark, head)
    return None


def _open(sheet: Sheet) -> None:
    if sheet.locked_at is not None:
        raise MarkRefused("locked")
    if sheet.submitted_at is not None:
        raise MarkRefused("submitted")
    if sheet.seat.voided_at is not None:
        raise MarkRefused("seat_void")
    if sheet.event.state is not EventState.OPEN:
        raise MarkRefused("event_not_open")


def _stale(mark: Typed, head: MarkRevision | None) -> Receipt:
    return Receipt(mark.uuid, "stale", "overtaken", current=told(head))


def told(row: MarkRevision | None) -> dict[str, Any] | None:
    if row is None:
        return None
    value = shown(row.value_milli) if row.value_milli is not None else None
    return {"uuid": str(row.uuid), "state": row.state.value, "value": value, "source": row.source.value}


def head_now(place: tuple[int, int, int]) -> MarkRevision | None:
    sheet_id, aspect_id, attempt = place
    return db.session.scalars(
        sa.select(MarkRevision).where(
            MarkRevision.sheet_id == sheet_id,
            MarkRevision.aspect_id == aspect_id,
            MarkRevision.attempt == attempt,
            IS_CURRENT,
        )
    ).first()


def new_row(
    actor: Actor,
    mark: Typed,
    milli: int | None,
    place: tuple[int, int, int],
    head: MarkRevision | None,
    chains: dict[int, str],
    *,
    at: datetime,
    source: MarkSource,
    device: str,
    reason: str = "",
) -> MarkRevision:
    sheet_id, aspect_id, attempt = place
    row = MarkRevision(
        uuid=mark.uuid,
        sheet_id=sheet_id,
        aspect_id=aspect_id,
        attempt=attempt,
        state=mark.state,
        value_milli=milli,
        replaces_id=head.id if head is not None else None,
        source=source,
        comment=mark.comment,
        reason=reason,
        account_id=actor.account_id,
        device=device[:120],
        typed_at=mark.typed_at,
        recorded_at=at,
        previous=chains.get(sheet_id, GENESIS),
    )
    row.hash = link(row)
    return row
