"""The list of the double-entry desk: which sheets wait for whom. What was keyed is never in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from contest.accounts.access import Actor
from contest.judging import queries
from contest.judging.double_entry import KeyingState, differing, keyings_of, state_of
from contest.judging.progress import ids_of
from contest.judging.shown import SheetLine


@dataclass(frozen=True)
class KeyedLine:
    """A sheet of the desk. is_mine: the reader has keyed it. differs: how many fields do. can_key: it is their turn."""

    line: SheetLine
    state: KeyingState
    is_mine: bool
    differs: int
    can_key: bool


def lines_of(actor: Actor, event_id: int, *, locale: str, work_code: str | None = None) -> list[KeyedLine]:
    """The sheets of an event with how far their keying is, in the order of the sheets."""
    lines = queries.event_sheets(actor, event_id, may="marks.desk", locale=locale, work_code=work_code)
    ids = ids_of(event_id)
    keyings = keyings_of([ids[line.public_id] for line in lines])
    found = []
    for line in lines:
        rows = keyings.get(ids[line.public_id], [])
        state, mine = state_of(rows), any(row.account_id == actor.account_id for row in rows)
        is_open = line.state not in ("submitted", "locked")
        turn = {
            KeyingState.EMPTY: True,
            KeyingState.FIRST: True,
            KeyingState.DIFFERS: mine,
            KeyingState.AGREED: False,
        }[state]
        found.append(KeyedLine(line, state, mine, len(differing(rows)), is_open and turn))
    return found


def counts(lines: Iterable[KeyedLine]) -> dict[str, int]:
    """How many sheets are in each state."""
    found = Counter(one.state.value for one in lines)
    return {state.value: found[state.value] for state in KeyingState}
