"""Checks of rounds, rankings, awards and tables."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from contest.scoring.awarding.checks import check_awards
from contest.scoring.checks_methods import BUILT_IN, choice, method, problem, rounding, weights_add
from contest.scoring.checks_nodes import adds
from contest.scoring.problems import Problem
from contest.scoring.registry import CONVERSIONS, ROLLUPS, TIE_BREAKS
from contest.scoring.rules import Condition, Ranking, RuleSet, Spec
from contest.scoring.table_checks import check_overall, check_tables

TIES = ("shared", "dense", "average", "never")


def rounds(rules: RuleSet) -> Iterator[Problem]:
    """Rounds: known modules, what is carried over, weights, cut lines."""
    modules = {module.key for module in rules.modules}
    earlier: dict[str, tuple[str, ...]] = {}
    for one in rules.rounds:
        path = f"rounds.{one.key}"
        for key in (*one.modules, *one.weights, *one.carry):
            if key not in modules:
                yield problem("unknown_module", path, module=key)
        for module, source in one.carry.items():
            if source not in earlier or (earlier[source] and module not in earlier[source]):
                yield problem("carry_later", path, module=module, round=source)
        for name in one.times:
            if name not in {known.name for known in rules.inputs}:
                yield problem("unknown_input", f"{path}.times", name=name)
        if one.weights:
            yield from weights_add(f"{path}.weights", list(one.weights.values()), [])
        if (
            one.advance is not None
            and sum(rule is not None for rule in (one.advance.first, one.advance.share, one.advance.score))
            != 1
        ):
            yield problem("advance_one_rule", f"{path}.advance")
        yield from rounding(f"{path}.round", one.round)
        yield from method(f"{path}.convert", one.convert, CONVERSIONS, rules)
        earlier[one.key] = one.modules
    specs = [rules.total.rounds, *(ranking.rounds for ranking in rules.rankings)]
    own = [
        spec for spec in specs if spec is not None and spec.by == "weighted" and "weights" not in spec.params
    ]
    if own and len(rules.rounds) > 1:
        without = [one.key for one in rules.rounds if one.weight is None]
        yield from weights_add("rounds", [one.weight or Fraction(0) for one in rules.rounds], without)


def rankings(rules: RuleSet) -> Iterator[Problem]:
    """Rankings: their modules and weights, order, filters, awards."""
    for ranking in rules.rankings:
        path = f"rankings.{ranking.key}"
        yield from choice(f"{path}.subject", ranking.subject, ("entry", "member"))
        yield from choice(f"{path}.ties", ranking.ties, TIES)
        yield from choice(f"{path}.gates", ranking.gates, ("ranked", "unranked", "behind"))
        yield from choice(f"{path}.no_total", ranking.no_total, ("unranked", "behind"))
        yield from method(f"{path}.members", ranking.members, ROLLUPS, rules)
        yield from method(f"{path}.rounds", ranking.rounds, ROLLUPS, rules)
        yield from rounding(f"{path}.show", ranking.show)
        yield from _ranked_modules(ranking, path, rules)
        for index, spec in enumerate(ranking.order):
            yield from _order(ranking, spec, f"{path}.order.{index + 1}", rules)
        for condition in ranking.filter:
            yield from _condition(condition, f"{path}.filter", rules)
        if ranking.round and ranking.round not in {one.key for one in rules.rounds}:
            yield problem("unknown_round", f"{path}.round", round=ranking.round)
        yield from _awards(ranking, path, rules)


def _ranked_modules(ranking: Ranking, path: str, rules: RuleSet) -> Iterator[Problem]:
    known = {module.key: module for module in rules.modules}
    for key in (*ranking.modules, *ranking.weights):
        if key not in known:
            yield problem("unknown_module", path, module=key)
    chosen = [known[key] for key in ranking.modules if key in known] or list(rules.modules)
    weights = {module.key: ranking.weights.get(module.key, module.weight) for module in chosen}
    given = [weight for weight in weights.values() if weight is not None]
    held_apart = any(one.weights or one.modules for one in rules.rounds)
    if any(given) and not held_apart:
        lacking = [module.key for module in chosen if weights[module.key] is None and adds(module)]
        yield from weights_add(path, given, lacking)
    members = ranking.subject == "member" and ranking.members is None
    if members and chosen and not any(module.per == "member" for module in chosen):
        yield problem("member_ranking", path, module=chosen[0].key)


def _order(ranking: Ranking, spec: Spec, path: str, rules: RuleSet) -> Iterator[Problem]:
    found = list(method(path, spec, TIE_BREAKS, rules))
    yield from found
    if found:
        return
    wanted = [spec.params["node"]] if "node" in spec.params else list(spec.params.get("modules", ()))
    for key in wanted:
        yield from node_in_ranking(ranking, key, path, rules)
    round_key = spec.params.get("round", "")
    if round_key and round_key != "last" and round_key not in {one.key for one in rules.rounds}:
        yield problem("unknown_round", path, round=round_key)
    if spec.by == "input" and spec.params.get("name") not in {one.name for one in rules.inputs}:
        yield problem("unknown_input", path, name=spec.params.get("name"))
    if spec.by == "attempts" and spec.params.get("rollup", "best") not in ROLLUPS:
        yield problem(
            "unknown_function",
            path,
            registry="rollups",
            key=spec.params["rollup"],
            known=tuple(ROLLUPS.keys()),
        )


def node_in_ranking(ranking: Ranking, key: str, path: str, rules: RuleSet) -> Iterator[Problem]:
    """A node that a ranking names is there, in a module that the ranking counts."""
    if key == "total":
        return
    try:
        module = rules.module_of(key)
    except KeyError:
        yield problem("unknown_node", path, node=key)
        return
    if ranking.modules and module.key not in ranking.modules:
        yield problem("node_not_ranked", path, node=key, module=module.key)


def _condition(condition: Condition, path: str, rules: RuleSet) -> Iterator[Problem]:
    texts, inputs = {one.name for one in rules.filters} | BUILT_IN, {one.name for one in rules.inputs}
    known = texts if condition.values else inputs
    if condition.column not in known:
        yield problem("unknown_column", path, name=condition.column)


def _awards(ranking: Ranking, path: str, rules: RuleSet) -> Iterator[Problem]:
    parts = {node.key for module in rules.modules for node in module.walk()}
    yield from check_awards(
        ranking.awards, parts=parts, rounds=[one.key for one in rules.rounds], path=f"{path}.awards"
    )


def tables(rules: RuleSet) -> Iterator[Problem]:
    """Tables and awards over all events."""
    rankings = {
        ranking.key: [str(award.get("key")) for award in ranking.awards] for ranking in rules.rankings
    }
    parts = {node.key for module in rules.modules for node in module.walk()}
    yield from check_tables(rules.tables, rankings=rankings, parts=parts)
    yield from check_overall(rules.overall, rankings=rankings, parts=parts)
