"""One promotion a person a year, over all rankings and events that were awarded together."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from contest.scoring.awarding.levels import step_of
from contest.scoring.awarding.verdicts import Awarding, Grant, Reason, Refusal


def promoted_once(
    awardings: Sequence[Awarding], events: Sequence[str], people: Sequence[Mapping[str, str]]
) -> list[Awarding]:
    """The awardings with each person's highest promotion only; of equal ones the first stands.

    events: the name of each awarding's event. people: for each awarding, recipient → person; a recipient
    that is not named is a person by its key. What is taken away becomes a refusal that names the other event.
    """
    best: dict[str, tuple[int, int, int]] = {}
    for at, awarding in enumerate(awardings):
        for index, grant in enumerate(awarding.grants):
            if grant.kind == "promotion":
                person = people[at].get(grant.recipient, grant.recipient)
                # A smaller key stands: the higher level, then the earlier awarding, then the earlier grant.
                best[person] = min(best.get(person, (0, at, index)), (-step_of(grant.award), at, index))
    return [_without(awardings, events, people, at, best) for at in range(len(awardings))]


def _without(
    awardings: Sequence[Awarding],
    events: Sequence[str],
    people: Sequence[Mapping[str, str]],
    at: int,
    best: Mapping[str, tuple[int, int, int]],
) -> Awarding:
    grants: list[Grant] = []
    refusals = list(awardings[at].refusals)
    for index, grant in enumerate(awardings[at].grants):
        _, other, where = best.get(people[at].get(grant.recipient, grant.recipient), (0, at, index))
        if grant.kind != "promotion" or (other, where) == (at, index):
            grants.append(grant)
            continue
        reason = Reason(
            "promoted_elsewhere", {"event": events[other], "level": awardings[other].grants[where].award}
        )
        refusals.append(Refusal(grant.rule, grant.subject, grant.recipient, reason, grant.award))
    return dataclasses.replace(awardings[at], grants=tuple(grants), refusals=tuple(refusals))
