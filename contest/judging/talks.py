"""The panel talks about a spread: who sees which marks for it, and the mark a judge gives after the talk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contest.accounts.access import Actor
from contest.errors import Missing
from contest.judging import progress, queries, sheets
from contest.judging.corrections import append_with_reason
from contest.judging.marks import Receipt, Typed
from contest.judging.models import MarkSource, MarkState, Sheet
from contest.judging.refusals import SheetLocked, SpreadSettled
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
    if sheet.locked_at is not None:
        raise SheetLocked(sheet=sheet.work_code)
    spread = next((one for one in open_spreads(sheet.event_id) if _is_about(one, sheet, key)), None)
    if spread is None:
        raise SpreadSettled(sheet=sheet.work_code)
    typed = Typed(
        uuid, sheet.public_id, spread.aspect.key, MarkState.VALUE, value, seen, spread.attempt, typed_at=at
    )
    origin = {"source": MarkSource.DEVICE, "action": "mark.changed_after_talk"}
    receipt = append_with_reason(sheet, typed, reason=reason, actor=actor, at=at, **origin)
    if receipt.status == "stored" and sheet.submitted_at is not None:
        sheets.take_back(sheet, actor=actor, at=at)
    return receipt


def _is_about(spread: Spread, sheet: Sheet, key: str) -> bool:
    return spread.key == key and any(said.public_id == sheet.public_id for said in spread.said)
