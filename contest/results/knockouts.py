"""Which knock-out items hit whom: a list says so beside the name (否定项, in a labour contest 一票否决)."""

from __future__ import annotations

import numpy as np

from contest.results.inputs import Inputs
from contest.scoring.field import VALUE
from contest.scoring.rules import Node

SELF = "self"


def is_knockout(node: Node) -> bool:
    """Whether the aspect is a knock-out item."""
    return node.kind is not None and node.kind.by == "knockout"


def knockouts_of(inputs: Inputs, round_key: str) -> dict[str, dict[str, list[str]]]:
    """Subject key → round key → keys of the items marked as having happened; of one round, or of all.

    A member's hit stands on the entry's line too. What a unit says of itself (self-score) is left out.
    """
    places = {place: node.key for place, node in enumerate(inputs.rules.aspects()) if is_knockout(node)}
    marks, field = inputs.field.marks, inputs.field
    if not places or not len(marks):
        return {}
    own = [place for place, seat in enumerate(field.seats) if seat.kind == SELF]
    hits = np.isin(marks.aspect, list(places)) & (marks.value > 0) & ~np.isin(marks.seat, own)
    if marks.state is not None:
        hits &= marks.state == VALUE
    rounds = [one.key for one in inputs.rules.rounds] or [""]
    found: dict[str, dict[str, list[str]]] = {}
    for index in np.flatnonzero(hits):
        key = rounds[int(marks.round[index])] if marks.round is not None else ""
        if round_key and key != round_key:
            continue
        for subject in _subjects(inputs, int(index)):
            items = found.setdefault(subject, {}).setdefault(key, [])
            if places[int(marks.aspect[index])] not in items:
                items.append(places[int(marks.aspect[index])])
    return found


def _subjects(inputs: Inputs, index: int) -> list[str]:
    field = inputs.field
    subjects = [str(field.entries.keys[int(field.marks.entry[index])])]
    member = int(field.marks.member[index]) if field.marks.member is not None else -1
    if member >= 0 and field.members is not None:
        subjects.append(str(field.members.keys[member]))
    return subjects
