"""The panel talks about a spread: who sees which marks for it, and the mark a judge gives after the talk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.errors import Missing
from contest.judging import progress, queries, sheets
from contest.judging.intake import Place, standing
from contest.judging.marks import MarkRefused, Receipt, Typed, answered, append, checked, new_row, told
from contest.judging.models import MarkSource, MarkState, Sheet
from contest.judging.panels import contest_of
from contest.judging.refusals import ReasonMissing, SheetLocked, SpreadSettled
from contest.judging.shown import SheetLine
from contest.judging.spread import Spread, open_spreads


@dataclass(frozen=True)
class Talk:
    """A spread as one of its judges sees it: the own sheet, and what each seat gave for this aspect alone."""

    line: SheetLine
    spread: Spread
    mine: str  # uuid of the own mark that stands


def talks_of(actor: Actor, *, locale: str) -> list[Talk]:
    """The spreads a judge has to talk about: only where everybody has marked, and only the aspect in question."""
    own = {line.public_id: line for line in queries.my_sheets(actor, locale=locale)}
    events = progress.events_of_sheets(own)
    found = []
    for event_id in events:
        for spread in open_spreads(event_id):
            for said in spread.said:
                if said.public_id in own:
                    found.append(Talk(own[said.public_id], spread, said.uuid))
    return found


def talk_of(actor: Actor, public_id: str, key: str, *, locale: str) -> Talk:
    """One of them, by the own sheet and the aspect's field. Raises Missing where there is nothing to talk about."""
    for talk in talks_of(actor, locale=locale):
        if (talk.line.public_id, talk.spread.key) == (public_id, key):
            return talk
    raise Missing()


def mark_again(
    sheet: Sheet, key: str, *, uuid: UUID, value: str, seen: UUID, reason: str, actor: Actor, at: datetime
) -> Receipt:
    """A judge's mark after the talk: a new revision with the reason; the one before stays in the history.

    key: "aspect.attempt". seen: uuid of the mark that stood when the page was opened. A submitted sheet is opened
    again, because its signature was over the old mark. Raises ReasonMissing, SheetLocked, SpreadSettled.
    """
    if not reason.strip():
        raise ReasonMissing()
    if sheet.locked_at is not None:
        raise SheetLocked(sheet=sheet.work_code)
    spread = next((one for one in open_spreads(sheet.event_id) if _is_about(one, sheet, key)), None)
    if spread is None:
        raise SpreadSettled(sheet=sheet.work_code)
    typed = Typed(
        uuid, sheet.public_id, spread.aspect.key, MarkState.VALUE, value, seen, spread.attempt, typed_at=at
    )
    receipt = _append(sheet, typed, reason=reason.strip(), actor=actor, at=at)
    if receipt.status == "stored" and sheet.submitted_at is not None:
        sheets.take_back(sheet, actor=actor, at=at)
    return receipt


def _is_about(spread: Spread, sheet: Sheet, key: str) -> bool:
    return spread.key == key and any(said.public_id == sheet.public_id for said in spread.said)


def _append(sheet: Sheet, typed: Typed, *, reason: str, actor: Actor, at: datetime) -> Receipt:
    try:
        milli = checked(queries.aspects_of_sheet(sheet), typed)
    except MarkRefused as refusal:
        return Receipt(typed.uuid, "refused", refusal.reason, refusal.params)
    stand = standing(actor, {sheet.public_id}, {typed.uuid}, is_own=None, may="")
    aspect_id = stand.aspects[(sheet.event_id, typed.aspect)]
    place: Place = (sheet.id, aspect_id, typed.attempt)
    head = stand.heads.get(place)
    answer = answered(typed, milli, place, head, stand.known.get(typed.uuid))
    if answer:
        return answer
    origin: dict[str, Any] = {"at": at, "source": MarkSource.DEVICE, "device": "", "reason": reason}
    row = append(new_row(actor, typed, milli, place, head, stand.chains[sheet.id], **origin))
    changes = {typed.aspect: [told(head), told(row)]}
    audit.record(
        actor,
        "mark.changed_after_talk",
        sheet,
        contest_id=contest_of(sheet.event),
        changes=changes,
        reason=reason,
        at=at,
    )
    db.session.flush()
    return Receipt(typed.uuid, "stored", current=told(row))
