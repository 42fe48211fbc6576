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

from contest.accounts.access import Actor
from contest.judging import scheme
from contest.judging.appending import Appender
from contest.judging.chain import GENESIS, link
from contest.judging.intake import Head, Place, SheetFacts, standing
from contest.judging.models import MarkSource, MarkState
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


@dataclass(frozen=True)
class Batch:
    """What one request brings. A judge's marks (DEVICE) go to sheets of the judge's own; others (DESK, FILE) to sheets
    of events where the actor `may` do the act named."""

    actor: Actor
    typed: Sequence[Typed]
    at: datetime
    source: MarkSource = MarkSource.DEVICE
    device: str = ""
    may: str = "marks.desk"

    @property
    def right(self) -> tuple[bool, str]:
        """Whether only the actor's own sheets count, and the act that is asked for."""
        is_own = self.source is MarkSource.DEVICE
        return is_own, "marks.enter" if is_own else self.may


def record_marks(actor: Actor, typed: Sequence[Typed], *, at: datetime, **how: Any) -> list[Receipt]:
    """Append a batch of marks (`how`: the rest of `Batch`); one receipt each, in the order given.

    Call it inside the writer's gate. A sheet that is not there and one that is another's get the same refusal,
    *not_yours*. Raises Overtaken when another process stored one of them at the same moment; doing it again gives the
    receipts.
    """
    return record_batches([Batch(actor, typed, at, **how)])[0]


def record_batches(batches: Sequence[Batch]) -> list[list[Receipt]]:
    """The same for the batches of several requests: read once, written once. Receipts by batch."""
    receipts: list[list[Receipt]] = [[] for _ in batches]
    for right in dict.fromkeys(batch.right for batch in batches):
        places = [place for place, batch in enumerate(batches) if batch.right == right]
        found = _record([batches[place] for place in places], *right)
        for place, told_ in zip(places, found, strict=True):
            receipts[place] = told_
    return receipts


def _record(batches: Sequence[Batch], is_own: bool, may: str) -> list[list[Receipt]]:
    asked = [(batch.actor, {mark.sheet for mark in batch.typed}) for batch in batches]
    ids = {mark.uuid for batch in batches for mark in batch.typed}
    stand = standing(asked, ids, is_own=is_own, may=may)
    appender = Appender(stand)
    receipts = [
        [_one(batch, mark, sheets.get(mark.sheet), appender) for mark in batch.typed]
        for batch, sheets in zip(batches, stand.sheets, strict=True)
    ]
    appender.write()
    return receipts


def _one(batch: Batch, mark: Typed, sheet: SheetFacts | None, appender: Appender) -> Receipt:
    stand = appender.stand
    try:
        if sheet is None:
            raise MarkRefused("not_yours")
        milli = checked(sheet.aspects, mark)
        aspect_id = stand.aspects.get((sheet.event_id, mark.aspect))
        if aspect_id is None:
            raise MarkRefused("no_such_aspect", aspect=mark.aspect)
        place = (sheet.id, aspect_id, mark.attempt)
        head = stand.heads.get(place)
        answer = answered(mark, milli, place, head, stand.known.get(mark.uuid))
        if answer:
            return answer
        _open(sheet)
    except MarkRefused as refusal:
        return Receipt(mark.uuid, "refused", refusal.reason, refusal.params)
    replaced = appender.written(head) if head is not None else None
    previous = stand.chains.get(sheet.id, GENESIS)
    origin: dict[str, Any] = {"at": batch.at, "source": batch.source, "device": batch.device}
    values = new_row(batch.actor, mark, milli, place, replaced, previous, **origin)
    return Receipt(mark.uuid, "stored", current=told(appender.add(values)))


def checked(aspects: Sequence[scheme.AspectView], mark: Typed) -> int | None:
    """Thousandths of a value that the rules take, None for absent and void. Raises MarkRefused."""
    aspect = next((one for one in aspects if one.key == mark.aspect), None)
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
    mark: Typed, milli: int | None, place: Place, head: Head | None, known: Head | None
) -> Receipt | None:
    """The receipt of a mark that needs no new row: sent before, already so, or overtaken."""
    if known is not None:
        if known.place == place and (known.state, known.value_milli) == (mark.state, milli):
            return Receipt(mark.uuid, "known", current=told(head))
        return Receipt(mark.uuid, "refused", "uuid_taken")
    seen = head.uuid if head is not None else None
    if seen != mark.replaces:
        if head is not None and (head.state, head.value_milli) == (mark.state, milli):
            return Receipt(mark.uuid, "known", "same_value", current=told(head))
        return _stale(mark, head)
    return None


def _open(sheet: SheetFacts) -> None:
    if sheet.is_locked:
        raise MarkRefused("locked")
    if sheet.is_submitted:
        raise MarkRefused("submitted")
    if sheet.is_void:
        raise MarkRefused("seat_void")
    if not sheet.is_event_open:
        raise MarkRefused("event_not_open")


def _stale(mark: Typed, head: Head | None) -> Receipt:
    return Receipt(mark.uuid, "stale", "overtaken", current=told(head))


def told(row: Head | None) -> dict[str, Any] | None:
    """What stands, as a receipt tells it; None where nothing does."""
    if row is None:
        return None
    value = shown(row.value_milli) if row.value_milli is not None else None
    return {"uuid": str(row.uuid), "state": row.state.value, "value": value, "source": row.source.value}


def new_row(
    actor: Actor,
    mark: Typed,
    milli: int | None,
    place: Place,
    head: Head | None,
    previous: str,
    *,
    at: datetime,
    source: MarkSource,
    device: str,
    reason: str = "",
) -> dict[str, Any]:
    """The values of a revision, its hash included."""
    values: dict[str, Any] = {
        "uuid": mark.uuid,
        "sheet_id": place[0],
        "aspect_id": place[1],
        "attempt": place[2],
        "state": mark.state,
        "value_milli": milli,
        "replaces_id": head.id if head is not None else None,
        "source": source,
        "comment": mark.comment,
        "reason": reason,
        "account_id": actor.account_id,
        "device": device[:120],
        "typed_at": mark.typed_at,
        "recorded_at": at,
        "previous": previous,
    }
    return {**values, "hash": link(values)}
