"""Self-scores beside review scores: the same marks computed once more, with only the seats that mark themselves."""

from __future__ import annotations

import dataclasses

from contest.results.inputs import Inputs
from contest.scoring.compute import compute
from contest.scoring.outcome import Outcome
from contest.scoring.rules import Node, Ranking, RuleSet, Total

SELF = "self"


def has_self_scores(inputs: Inputs) -> bool:
    """Whether anybody has a seat to mark themselves, apart from rules that count such seats anyway."""
    counted = {kind for module in inputs.rules.modules for node in module.walk() for kind in node.seats}
    return SELF not in counted and any(seat.kind == SELF for seat in inputs.field.seats)


def self_outcome(inputs: Inputs) -> Outcome:
    """The results if self-scores were all that counted; for showing beside the review, never for a rank."""
    return compute(_by_self(inputs.rules), inputs.field)


def _by_self(rules: RuleSet) -> RuleSet:
    """The same scheme, marked by self seats alone: one mark an aspect, so no panel's method stands in its way."""
    plain = dataclasses.replace(
        rules.total or Total(), method=None, aspect_method=None, judges=None, missing_judge="", gate=None
    )
    return dataclasses.replace(
        rules,
        modules=tuple(_node(module) for module in rules.modules),
        total=plain,
        rankings=tuple(_ranking(one) for one in rules.rankings),
        tables=(),
    )


def _node(node: Node) -> Node:
    return dataclasses.replace(
        node,
        seats=(SELF,),
        judges=None,
        method=None,
        aspect_method=None,
        missing_judge="",
        gate=None,
        parts=tuple(_node(part) for part in node.parts),
    )


def _ranking(ranking: Ranking) -> Ranking:
    return dataclasses.replace(ranking, awards=(), order=(), ties="shared", gates="ranked")
