"""What a change of marks would move: every rank, total, prize and title of every list, before anybody confirms it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from contest.results.compute import Computation, compute_inputs
from contest.results.inputs import Inputs
from contest.results.lines import Line
from contest.scoring.field import MARK_STATES, Marks

SHOWN = ("prize", "medal")


@dataclass(frozen=True)
class Effect:
    """One line that would not be as it is. Pairs are (before, after); empty where the line did not stand there.

    awards: prizes and medals. titles: titles and promotions that the rules propose. entry_id: None for a table's line.
    """

    ranking_key: str
    round_key: str
    entry_id: int | None
    name: str
    number: str
    rank: tuple[str, str]
    total: tuple[str, str]
    awards: tuple[str, str]
    titles: tuple[str, str]
    status: tuple[str, str]

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in dataclasses.asdict(self).items()
        }


def after(computation: Computation, changes: Sequence[Mapping[str, Any]]) -> Computation:
    """The event's results if the changes were made; nothing is written. The input is read no second time."""
    inputs = computation.inputs
    field = dataclasses.replace(inputs.field, marks=_changed(inputs, changes))
    return compute_inputs(dataclasses.replace(inputs, field=field))


def effects(before: Computation, then: Computation) -> list[Effect]:
    """Every line of every list that differs, list by list in the order of the new places."""
    found = []
    for key in before.list_keys():
        older, newer = before.listing(*key).lines, then.listing(*key).lines
        found += _differences(key, older, newer)
    return found


def _differences(key: tuple[str, str], older: Sequence[Line], newer: Sequence[Line]) -> list[Effect]:
    was = {(line.subject_kind, line.subject_id, line.name): line for line in older}
    return [
        _effect(key, was[place], line)
        for line in newer
        if (place := (line.subject_kind, line.subject_id, line.name)) in was
        and _told(was[place]) != _told(line)
    ]


def _effect(key: tuple[str, str], old: Line, new: Line) -> Effect:
    pairs = tuple(zip(_told(old), _told(new), strict=True))
    return Effect(*key, new.entry_id, new.name, str(new.data.get("number", "")), *pairs)


def _told(line: Line) -> tuple[str, str, str, str, str]:
    grants = line.data["grants"]
    prizes = "、".join(str(one["label"]) for one in grants if one["kind"] in SHOWN)
    titles = "、".join(str(one["label"]) for one in grants if one["kind"] not in SHOWN)
    return line.rank, line.total, prizes, titles, line.status


def _changed(inputs: Inputs, changes: Sequence[Mapping[str, Any]]) -> Marks:
    """The field's marks with the changed ones in their place; marks of seats that don't count are left aside."""
    field, marks = inputs.field, inputs.field.marks
    entries = {key: place for place, key in enumerate(field.entries.keys)}
    members = (
        {key: place for place, key in enumerate(field.members.keys)} if field.members is not None else {}
    )
    seats = {seat.key: place for place, seat in enumerate(field.seats)}
    rounds = {one.key: place for place, one in enumerate(inputs.rules.rounds)} or {"": 0}
    aspects = {one.key: place for place, one in enumerate(inputs.rules.aspects())}
    assert marks.member is not None and marks.round is not None and marks.attempt is not None
    assert marks.state is not None  # read_inputs fills every column
    value, state = marks.value.copy(), marks.state.copy()
    for one in changes:
        if f"s{one['seat_id']}" not in seats or one["aspect"] not in aspects:
            continue
        here = (
            (marks.entry == entries[f"e{one['entry_id']}"])
            & (marks.member == (members[f"m{one['member_id']}"] if one["member_id"] else -1))
            & (marks.seat == seats[f"s{one['seat_id']}"])
            & (marks.round == rounds.get(one["round"], 0))
            & (marks.aspect == aspects[one["aspect"]])
            & (marks.attempt == one["attempt"] - 1)
        )
        value[here] = one["new"] or 0
        state[here] = np.int8(MARK_STATES.index(one["new_state"]))
    return dataclasses.replace(marks, value=value, state=state)
