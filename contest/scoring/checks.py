"""Contradictions in a rule set, each with the sentence that says how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contest.scoring.checks_methods import choice, problem
from contest.scoring.checks_nodes import nodes
from contest.scoring.checks_rankings import rankings, rounds, tables
from contest.scoring.problems import Problem
from contest.scoring.rules import FORMAT, RuleSet

KEY = re.compile(r"[^\s.,;:\"'\[\]{}=#]{1,80}")

RESERVED = frozenset({"total", "gate", "lot", "ruling", "shared", "reached"})


def validate(rules: RuleSet) -> list[Problem]:
    """Every contradiction found, in the order of the file; an empty list means that the rules can be used."""
    problems: list[Problem] = []
    for check in (_frame, _keys, nodes, rounds, rankings, tables):
        problems += check(rules)
    return problems


def _frame(rules: RuleSet) -> Iterator[Problem]:
    if rules.format > FORMAT:
        yield problem("format_newer", "format", format=rules.format, known=FORMAT)
    if not rules.modules:
        yield problem("no_modules", "modules")
    if not rules.rankings:
        yield problem("no_rankings", "rankings")
    if not 0 <= rules.decimals <= 3:
        yield problem("decimals_range", "decimals", decimals=rules.decimals)
    yield from choice("members.missing", rules.members.missing, ("unranked", "counts", "zero"))
    if not 1 <= rules.members.minimum <= rules.members.maximum:
        yield problem(
            "number_range", "members.minimum", value=rules.members.minimum, low=1, high=rules.members.maximum
        )
    stated = rules.total.rounds is not None or (
        bool(rules.rankings)
        and all(ranking.rounds is not None or ranking.round for ranking in rules.rankings)
    )
    if len(rules.rounds) > 1 and not stated:
        yield problem("rounds_without_rollup", "total", count=len(rules.rounds))


def _keys(rules: RuleSet) -> Iterator[Problem]:
    nodes = [(f"modules.{node.key}", node.key) for module in rules.modules for node in module.walk()]
    groups: list[list[tuple[str, str]]] = [
        nodes,
        [(f"rounds.{one.key}", one.key) for one in rules.rounds],
        [(f"rankings.{one.key}", one.key) for one in rules.rankings],
        [(f"inputs.{one.name}", one.name) for one in rules.inputs]
        + [(f"filters.{one.name}", one.name) for one in rules.filters],
    ]
    for group in groups:
        seen: set[str] = set()
        for path, key in group:
            if not KEY.fullmatch(key):
                yield problem("key_bad", path, key=key)
            if key in seen:
                yield problem("key_twice", path, key=key)
            if group is nodes and key in RESERVED:
                yield problem("key_reserved", path, key=key)
            seen.add(key)
