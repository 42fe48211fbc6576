"""All that the chief judge's board shows, put together for one event and one reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contest.accounts.access import Actor
from contest.judging import board, messages, progress, queries
from contest.judging.spread import Spread, open_spreads


@dataclass(frozen=True)
class Overview:
    """The board. `spreads` carries marks: show it only to those who may read marks."""

    grids: list[board.Grid]
    owing: list[board.Owing]
    spreads: list[Spread]
    problems: list[queries.ProblemLine]
    locks: queries.LockState
    missing: int
    without: int
    unheld: int
    unsent: int
    oldest_s: int
    pulse: str
    at: datetime


def overview_of(actor: Actor, event_id: int, *, locale: str, at: datetime) -> Overview:
    """The board of an event as it stands; only sheets that the actor may follow."""
    pulse = progress.pulse(event_id)
    lines = queries.event_sheets(actor, event_id, may="marks.progress", locale=locale)
    hands = progress.hands_of(event_id)
    spreads = open_spreads(event_id)
    concerned = {said.public_id for spread in spreads for said in spread.said}
    problems = queries.open_problems(event_id)
    standing = board.Standing(hands, concerned, {row.sheet for row in problems})
    owing = board.owing_of(_holders(event_id, at), lines, hands)
    return Overview(
        grids=board.grids_of(lines, standing),
        owing=owing,
        spreads=spreads,
        problems=problems,
        locks=queries.lock_state(event_id),
        missing=len(queries.missing_sheets(event_id)),
        without=queries.subjects_without_sheets(event_id),
        unheld=queries.unheld_seats(event_id),
        unsent=sum(row.unsent for row in owing),
        oldest_s=max((row.oldest_s for row in owing), default=0),
        pulse=pulse,
        at=at,
    )


def _holders(event_id: int, at: datetime) -> list[board.Owing]:
    queues: dict[int, list[queries.Queue]] = {}
    for queue in queries.queues_of(event_id, at=at):
        queues.setdefault(queue.account_id, []).append(queue)
    unread = messages.unread_of(event_id)
    return [
        board.Owing(
            judge_id=judge.id,
            holder_id=holder.id,
            seat_id=seat.id,
            judge=judge.name,
            panel=panel.name,
            seat=seat.label or str(seat.position),
            queues=queues.get(judge.account_id, []),
            unread=unread.get(judge.id, 0),
        )
        for holder, judge, seat, panel in progress.holders_of(event_id)
    ]
