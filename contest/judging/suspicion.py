"""What looks odd about a sheet when it is signed. Never a refusal by itself: a look, or for the very unlikely a word.

No finding tells another judge's mark of this contestant: a value is compared with what the panel gave *other*
contestants on submitted sheets, a row only with the judge's own rows, and neither the numbers nor whose they are
are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from contest.db import db
from contest.events.models import EventAspect
from contest.judging.current import IS_CURRENT
from contest.judging.models import MarkRevision, MarkState, Seat, Sheet
from contest.judging.scheme import AspectView
from contest.judging.shown import MarkView

ENOUGH = 8  # values of other contestants before one can be called far from them
COMPARED = 60  # sheets, the latest: signing holds the writer's gate, so what it reads stays small
FENCES = 3  # of the quartiles' distance beyond them: Tukey's outer fence
SHORTEST_ROW = 4  # judged aspects; fewer are equal by chance too often
LONG_ROW = 8  # from here on an equal row is very unlikely
READ_OFF = ("measurement", "knockout", "penalty", "bonus", "count")
"""Kinds with so few usual values that equal rows mean nothing."""
WORDS = frozenset({"确认", "確認", "sure"})

Marks = Mapping[tuple[str, int], MarkView]


@dataclass(frozen=True)
class Finding:
    """One oddity. code names the sentence `odd_<code>`; aspect and attempt: where, "" and 0 for the whole sheet."""

    code: str
    is_unlikely: bool = False
    aspect: str = ""
    attempt: int = 0


def is_word(text: str) -> bool:
    """Whether the judge typed the word that says: these marks are meant."""
    return text.strip().lower() in WORDS


def findings(sheet: Sheet, aspects: Sequence[AspectView], marks: Marks) -> list[Finding]:
    """What to look at again before signing, the whole sheet first, then in its order."""
    values = {
        (aspect.key, attempt): mark.milli
        for aspect in aspects
        for attempt in range(1, aspect.attempts + 1)
        if (mark := marks.get((aspect.key, attempt)))
        and mark.state is MarkState.VALUE
        and mark.milli is not None
    }
    found = [Finding("zeros", is_unlikely=True)] if is_all_zero(aspects, values) else []
    judged = {place: milli for place, milli in values.items() if _kind(aspects, place[0]) not in READ_OFF}
    if not found and len(judged) >= SHORTEST_ROW and _is_repeated(sheet, judged):
        found.append(Finding("same_row", is_unlikely=len(judged) >= LONG_ROW))
    given = _given_to_others(sheet)
    return found + [
        Finding("far", aspect=key, attempt=attempt)
        for (key, attempt), milli in values.items()
        if _kind(aspects, key) not in ("measurement", "knockout")
        and is_far(milli, given.get((key, attempt), []))
    ]


def _kind(aspects: Sequence[AspectView], key: str) -> str:
    return next(aspect.kind for aspect in aspects if aspect.key == key)


def is_all_zero(aspects: Sequence[AspectView], values: Mapping[tuple[str, int], int]) -> bool:
    """Whether every one of at least three scored aspects comes to 0 points: a deduction only when all is taken off."""
    points = [
        aspect.base + (aspect.slope or 0) * values[(aspect.key, attempt)]
        for aspect in aspects
        for attempt in range(1, aspect.attempts + 1)
        if aspect.slope is not None and not aspect.is_optional and (aspect.key, attempt) in values
    ]
    return len(points) >= 3 and all(point <= 0 for point in points)


def is_far(milli: int, others: Sequence[int]) -> bool:
    """Whether a value lies beyond the outer fences of what others got. All integers; False with too few of them."""
    if len(others) < ENOUGH:
        return False
    row = sorted(others)
    low, high = row[len(row) // 4], row[-1 - len(row) // 4]
    # Where most got the very same, a tenth of the value stands in for the distance: 9.0 among tens is not far.
    width = max(high - low, abs(high) // 10, 1)
    return milli < low - FENCES * width or milli > high + FENCES * width


def _is_repeated(sheet: Sheet, judged: Mapping[tuple[str, int], int]) -> bool:
    """Whether another contestant's sheet of the same seat carries exactly these values."""
    rows: dict[int, dict[tuple[str, int], int]] = {}
    statement = _values().where(
        Sheet.seat_id == sheet.seat_id,
        Sheet.module_key == sheet.module_key,
        Sheet.round_id == sheet.round_id,
        Sheet.id != sheet.id,
    )
    for sheet_id, key, attempt, milli in db.session.execute(statement):
        if (key, attempt) in judged:
            rows.setdefault(sheet_id, {})[(key, attempt)] = milli
    return any(row == judged for row in rows.values())


def _given_to_others(sheet: Sheet) -> dict[tuple[str, int], list[int]]:
    """What judges of the same module gave other contestants on submitted sheets, by (aspect key, attempt)."""
    latest = (
        sa.select(Sheet.id)
        .join(Seat)
        .where(
            Sheet.event_id == sheet.event_id,
            Sheet.module_key == sheet.module_key,
            Sheet.entry_id != sheet.entry_id,
            Sheet.submitted_at.is_not(None),
            Seat.kind == sheet.seat.kind,
            Seat.voided_at.is_(None),
        )
        .order_by(Sheet.submitted_at.desc(), Sheet.id.desc())
        .limit(COMPARED)
    )
    statement = _values().where(Sheet.id.in_(latest))
    found: dict[tuple[str, int], list[int]] = {}
    for _sheet_id, key, attempt, milli in db.session.execute(statement):
        found.setdefault((key, attempt), []).append(milli)
    return found


def _values() -> sa.Select[tuple[int, str, int, int]]:
    return (
        sa.select(MarkRevision.sheet_id, EventAspect.key, MarkRevision.attempt, MarkRevision.value_milli)
        .select_from(MarkRevision)
        .join(Sheet, MarkRevision.sheet_id == Sheet.id)
        .join(EventAspect, MarkRevision.aspect_id == EventAspect.id)
        .where(MarkRevision.state == MarkState.VALUE, IS_CURRENT)
    )
