"""Contradictions in a rule set, each with the sentence that says how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import contest.scoring.aggregate
import contest.scoring.conversions
import contest.scoring.rollups
import contest.scoring.tiebreaks  # noqa: F401  (these fill the registries)
from contest.scoring.awarding.checks import check_awards
from contest.scoring.codec import plain
from contest.scoring.formula import FormulaError, names
from contest.scoring.kinds import Kind
from contest.scoring.problems import Problem
from contest.scoring.registry import (
    CONVERSIONS,
    KINDS,
    METHODS,
    ROLLUPS,
    ROUNDING,
    SCALES,
    TIE_BREAKS,
    BadParameter,
    Registry,
)
from contest.scoring.rules import FORMAT, Condition, Node, Ranking, Rounding, RuleSet, Spec
from contest.scoring.table_checks import check_overall, check_tables

KEY = re.compile(r"[^\s.,;:\"'\[\]{}=#]{1,80}")
RESERVED = frozenset({"total", "gate", "lot", "ruling", "shared", "reached"})
CHOICES = {
    "per": ("", "entry", "member"),
    "missing_judge": ("", "block", "ignore", "zero", "mean"),
    "absent": ("", "unranked", "zero"),
}
TIES = ("shared", "dense", "average", "never")
SPECS: tuple[tuple[str, Registry], ...] = (
    ("method", METHODS),
    ("aspect_method", METHODS),
    ("attempts", ROLLUPS),
    ("combine", ROLLUPS),
    ("members", ROLLUPS),
    ("convert", CONVERSIONS),
    ("convert_each", CONVERSIONS),
)


def validate(rules: RuleSet) -> list[Problem]:
    """Every contradiction found, in the order of the file; an empty list means that the rules can be used."""
    problems: list[Problem] = []
    for check in (_frame, _keys, _nodes, _rounds, _rankings, _tables):
        problems += check(rules)
    return problems


def text(value: Any) -> Any:
    """A number as the file would write it."""
    return str(plain(value)) if isinstance(value, Fraction) else value


def _problem(code: str, path: str, **params: Any) -> Problem:
    return Problem(code, path, {name: text(value) for name, value in params.items()})


def _frame(rules: RuleSet) -> Iterator[Problem]:
    if rules.format > FORMAT:
        yield _problem("format_newer", "format", format=rules.format, known=FORMAT)
    if not rules.modules:
        yield _problem("no_modules", "modules")
    if not rules.rankings:
        yield _problem("no_rankings", "rankings")
    if not 0 <= rules.decimals <= 3:
        yield _problem("decimals_range", "decimals", decimals=rules.decimals)
    yield from _choice("members.missing", rules.members.missing, ("unranked", "counts", "zero"))
    if not 1 <= rules.members.minimum <= rules.members.maximum:
        yield _problem(
            "number_range", "members.minimum", value=rules.members.minimum, low=1, high=rules.members.maximum
        )
    if len(rules.rounds) > 1 and rules.total.rounds is None:
        yield _problem("rounds_without_rollup", "total", count=len(rules.rounds))


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
                yield _problem("key_bad", path, key=key)
            if key in seen:
                yield _problem("key_twice", path, key=key)
            if group is nodes and key in RESERVED:
                yield _problem("key_reserved", path, key=key)
            seen.add(key)


def _nodes(rules: RuleSet) -> Iterator[Problem]:
    total = rules.total
    for name, spec, registry in (
        ("combine", total.combine, ROLLUPS),
        ("method", total.method, METHODS),
        ("aspect_method", total.aspect_method, METHODS),
        ("rounds", total.rounds, ROLLUPS),
        ("convert", total.convert, CONVERSIONS),
    ):
        yield from _spec(f"total.{name}", spec, registry, rules)
    yield from _rounding("total.round", total.round)
    yield from _rounding("total.round_each", total.round_each)
    yield from _limits("total", total.cap, total.floor)
    yield from _choice("total.missing_judge", total.missing_judge, CHOICES["missing_judge"])
    yield from _siblings("modules", rules.modules, None, needed=False)
    yield from _branch(rules.tree, "modules", rules, (), None, None)
    for module in rules.modules:
        yield from _node(module, f"modules.{module.key}", rules, (module.key,), total.judges)


def _branch(
    node: Node, path: str, rules: RuleSet, above: tuple[str, ...], method: str | None, attempts: str | None
) -> Iterator[Problem]:
    """Judges, and attempts, are combined once on every branch."""
    if method is not None and node.method is not None:
        yield _problem("two_methods", method, below=path)
    if attempts is not None and node.attempts is not None:
        yield _problem("two_attempts", attempts, below=path)
    method = path if node.method is not None else method
    attempts = path if node.attempts is not None else attempts
    for part in node.parts:
        yield from _branch(part, f"{path}.{part.key}", rules, (*above, node.key), method, attempts)


def _node(
    node: Node, path: str, rules: RuleSet, above: tuple[str, ...], judges: int | None
) -> Iterator[Problem]:
    judges = node.judges if node.judges is not None else judges
    for name, registry in SPECS:
        yield from _spec(f"{path}.{name}", getattr(node, name), registry, rules)
    for name, choices in CHOICES.items():
        yield from _choice(f"{path}.{name}", getattr(node, name), choices)
    yield from _rounding(f"{path}.round", node.round)
    yield from _rounding(f"{path}.round_each", node.round_each)
    yield from _limits(path, node.cap, node.floor)
    for name in node.times:
        if name not in {one.name for one in rules.inputs}:
            yield _problem("unknown_input", f"{path}.times", name=name)
    yield from _numbers(node, path)
    yield from _trim(f"{path}.method", node.method, judges)
    yield from _trim(f"{path}.aspect_method", node.aspect_method, judges)
    if node.parts:
        if node.kind is not None:
            yield _problem("kind_on_parts", f"{path}.kind")
        yield from _siblings(path, node.parts, node, needed=True)
        for part in node.parts:
            yield from _node(part, f"{path}.{part.key}", rules, (*above, part.key), judges)
    else:
        yield from _aspect(node, path, above)
        sources = {aspect.key for aspect in rules.aspects() if not aspect.marks_of}
        if node.marks_of and node.marks_of not in sources:
            yield _problem("unknown_node", f"{path}.marks_of", node=node.marks_of)


def _numbers(node: Node, path: str) -> Iterator[Problem]:
    if node.maximum is not None and node.maximum <= 0:
        yield _problem("maximum_not_positive", path, maximum=node.maximum)
    if node.weight is not None and not 0 <= node.weight <= 100:
        yield _problem("number_range", f"{path}.weight", value=node.weight, low=0, high=100)
    if node.judges is not None and not 1 <= node.judges <= 1000:
        yield _problem("number_range", f"{path}.judges", value=node.judges, low=1, high=1000)
    top = node.scale_to if node.scale_to is not None else node.maximum
    if (
        node.gate is not None
        and top is not None
        and node.convert is None
        and not node.times
        and not node.less
        and node.gate > top * node.factor
    ):
        yield _problem("gate_above_maximum", f"{path}.gate", gate=node.gate, maximum=top * node.factor)
    if node.scale_to is not None and node.maximum is None:
        yield _problem("maximum_missing", path)


def _siblings(path: str, parts: tuple[Node, ...], node: Node | None, *, needed: bool) -> Iterator[Problem]:
    """Weights of siblings add to 100 if any has one; maxima of parts add to the node's."""
    weighted = [part for part in parts if part.weight is not None]
    plain_parts = [part.key for part in parts if part.weight is None and _adds(part)]
    if needed and weighted and any(part.weight != 0 for part in weighted):
        yield from weights_add(path, [part.weight or Fraction(0) for part in weighted], plain_parts)
    summed = node is not None and (node.combine is None or node.combine.by == "sum")
    if node is None or node.maximum is None or not summed or any(part.weight for part in weighted):
        return
    counted = [part for part in parts if _adds(part) and part.weight != 0]
    if any(part.maximum is None or part.times or part.convert or part.attempts for part in counted):
        return
    total = sum(
        ((part.scale_to or part.maximum or Fraction(0)) * part.factor for part in counted), Fraction(0)
    )
    if counted and total != node.maximum:
        yield _problem("parts_not_maximum", path, sum=total, maximum=node.maximum)


def _adds(part: Node) -> bool:
    """Whether a part counts towards its parent's points: not bonus, penalty, knock-out."""
    return part.kind is None or part.kind.by not in ("bonus", "penalty", "knockout")


def weights_add(path: str, weights: list[Fraction], without: list[str]) -> Iterator[Problem]:
    """Weights add to 100, and nobody among weighted siblings lacks one."""
    if without:
        yield _problem("weights_partly", path, missing=tuple(without))
    elif sum(weights) != 100:
        yield _problem("weights_not_100", path, sum=sum(weights, Fraction(0)))


def _aspect(node: Node, path: str, above: tuple[str, ...]) -> Iterator[Problem]:
    spec = node.kind or Spec("marks")
    found = list(_spec(f"{path}.kind", spec, KINDS, None))
    yield from found
    if found:
        return
    if spec.by in ("judgement", "deduction") and node.maximum is None:
        yield _problem("maximum_missing", path)
        return
    kind: Kind = KINDS.call(spec.by, node.maximum, params=spec.params)
    yield from _range(kind, path)
    rule = kind.knockout
    if rule is not None and rule.target and rule.target not in (*above[:-1], "total"):
        yield _problem(
            "target_not_above", f"{path}.kind.target", target=rule.target, above=(*above[:-1], "total")
        )
    if rule is not None and rule.effect == "cap" and rule.cap is None:
        yield _problem("bad_parameter", f"{path}.kind", by="knockout", name="cap", reason="missing", value="")


def _range(kind: Kind, path: str) -> Iterator[Problem]:
    low, high, step = kind.low, kind.high, kind.step
    if low is not None and high is not None and low > high:
        yield _problem("low_above_high", path, low=low, high=high)
    if step is None:
        return
    if step <= 0:
        yield _problem("step_not_positive", path, step=step)
        return
    if (step * 1000).denominator != 1:
        yield _problem("step_too_fine", path, step=step, decimals=3)
    start = low if low is not None else Fraction(0)
    if high is not None and ((high - start) / step).denominator != 1:
        yield _problem("step_misses_maximum", path, step=step, low=start, maximum=high)


def _trim(path: str, spec: Spec | None, judges: int | None) -> Iterator[Problem]:
    if (
        spec is None
        or judges is None
        or spec.by not in ("trimmed_mean", "trimmed_sum")
        or spec.params.get("small", "refuse") != "refuse"
    ):
        return
    low, high = spec.params.get("low", 1), spec.params.get("high", 1)
    if isinstance(low, int) and isinstance(high, int) and low + high >= judges:
        yield _problem("trim_too_many", path, low=low, high=high, judges=judges)


def _limits(path: str, cap: Fraction | None, floor: Fraction | None) -> Iterator[Problem]:
    if cap is not None and floor is not None and cap < floor:
        yield _problem("cap_below_floor", path, cap=cap, floor=floor)


def _rounding(path: str, rounding: Rounding | None) -> Iterator[Problem]:
    if rounding is None:
        return
    if rounding.mode not in ROUNDING:
        yield _problem(
            "unknown_function", path, registry="rounding", key=rounding.mode, known=tuple(ROUNDING.keys())
        )
    if not -6 <= rounding.digits <= 12:
        yield _problem("number_range", path, value=rounding.digits, low=-6, high=12)
    if rounding.step is not None and rounding.step <= 0:
        yield _problem("step_not_positive", path, step=rounding.step)


def _choice(path: str, value: str, choices: tuple[str, ...]) -> Iterator[Problem]:
    if value not in choices:
        yield _problem("unknown_choice", path, value=value, choices=tuple(one for one in choices if one))


def _spec(path: str, spec: Spec | None, registry: Registry, rules: RuleSet | None) -> Iterator[Problem]:
    if spec is None:
        return
    if spec.by not in registry:
        yield _problem(
            "unknown_function", path, registry=registry.name, key=spec.by, known=tuple(registry.keys())
        )
        return
    try:
        bound = registry.get(spec.by).bind(spec.params)
    except BadParameter as error:
        yield _problem(
            "bad_parameter", path, by=spec.by, name=error.name, reason=error.reason, value=error.value
        )
        return
    yield from _deeper(path, spec, bound, registry, rules)


def _deeper(
    path: str, spec: Spec, bound: Mapping[str, Any], registry: Registry, rules: RuleSet | None
) -> Iterator[Problem]:
    """What types alone do not say: tables of pairs of numbers, formulas, whole numbers that may not be negative."""
    for name, value in bound.items():
        if isinstance(value, int) and not isinstance(value, bool) and value < 0:
            yield _problem("number_range", f"{path}.{name}", value=value, low=0, high=1000)
    for name in {"steps", "table"} & set(bound) if registry is CONVERSIONS else ():
        if not bound[name] or not all(
            isinstance(row, tuple) and len(row) == 2 and _is_number(row) for row in bound[name]
        ):
            yield _problem(
                "bad_parameter", path, by=spec.by, name=name, reason="pairs of numbers", value=bound[name]
            )
    if "points" in bound and not _is_number(bound["points"]):
        yield _problem(
            "bad_parameter", path, by=spec.by, name="points", reason="numbers", value=bound["points"]
        )
    for name in ("weights",):
        if isinstance(bound.get(name), Mapping) and not _is_number(tuple(bound[name].values())):
            yield _problem("bad_parameter", path, by=spec.by, name=name, reason="numbers", value=bound[name])
    if "formula" in bound:
        yield from _formula(path, bound["formula"], rules)
    if registry is CONVERSIONS and spec.by == "scale" and bound["scale"] not in SCALES:
        yield _problem(
            "unknown_function", path, registry="scales", key=bound["scale"], known=tuple(SCALES.keys())
        )


def _is_number(values: tuple[Any, ...]) -> bool:
    try:
        return all(not isinstance(value, bool) and Fraction(value) is not None for value in values)
    except (ValueError, TypeError, ZeroDivisionError):
        return False


def _formula(path: str, formula: str, rules: RuleSet | None) -> Iterator[Problem]:
    try:
        wanted = names(formula)
    except FormulaError as error:
        yield _problem("formula_bad", path, formula=formula, reason=str(error))
        return
    known = {"value", "best", "worst", "mean", "maximum"} | (
        {one.name for one in rules.inputs} if rules else set()
    )
    for name in sorted(wanted - known):
        yield _problem("unknown_input", path, name=name)


def _rounds(rules: RuleSet) -> Iterator[Problem]:
    modules = {module.key for module in rules.modules}
    earlier: dict[str, tuple[str, ...]] = {}
    for one in rules.rounds:
        path = f"rounds.{one.key}"
        for key in (*one.modules, *one.weights, *one.carry):
            if key not in modules:
                yield _problem("unknown_module", path, module=key)
        for module, source in one.carry.items():
            if source not in earlier or (earlier[source] and module not in earlier[source]):
                yield _problem("carry_later", path, module=module, round=source)
        for name in one.times:
            if name not in {known.name for known in rules.inputs}:
                yield _problem("unknown_input", f"{path}.times", name=name)
        if one.weights:
            yield from weights_add(f"{path}.weights", list(one.weights.values()), [])
        if (
            one.advance is not None
            and sum(rule is not None for rule in (one.advance.first, one.advance.share, one.advance.score))
            != 1
        ):
            yield _problem("advance_one_rule", f"{path}.advance")
        yield from _rounding(f"{path}.round", one.round)
        earlier[one.key] = one.modules
    spec = rules.total.rounds
    if spec is not None and spec.by == "weighted" and len(rules.rounds) > 1 and "weights" not in spec.params:
        without = [one.key for one in rules.rounds if one.weight is None]
        yield from weights_add("rounds", [one.weight or Fraction(0) for one in rules.rounds], without)


def _rankings(rules: RuleSet) -> Iterator[Problem]:
    for ranking in rules.rankings:
        path = f"rankings.{ranking.key}"
        yield from _choice(f"{path}.subject", ranking.subject, ("entry", "member"))
        yield from _choice(f"{path}.ties", ranking.ties, TIES)
        yield from _choice(f"{path}.gates", ranking.gates, ("ranked", "unranked", "behind"))
        yield from _choice(f"{path}.no_total", ranking.no_total, ("unranked", "behind"))
        yield from _spec(f"{path}.members", ranking.members, ROLLUPS, rules)
        yield from _rounding(f"{path}.show", ranking.show)
        yield from _ranked_modules(ranking, path, rules)
        for index, spec in enumerate(ranking.order):
            yield from _order(ranking, spec, f"{path}.order.{index + 1}", rules)
        for condition in ranking.filter:
            yield from _condition(condition, f"{path}.filter", rules)
        if ranking.round and ranking.round not in {one.key for one in rules.rounds}:
            yield _problem("unknown_round", f"{path}.round", round=ranking.round)
        yield from _awards(ranking, path, rules)


def _ranked_modules(ranking: Ranking, path: str, rules: RuleSet) -> Iterator[Problem]:
    known = {module.key: module for module in rules.modules}
    for key in (*ranking.modules, *ranking.weights):
        if key not in known:
            yield _problem("unknown_module", path, module=key)
    chosen = [known[key] for key in ranking.modules if key in known] or list(rules.modules)
    weights = {module.key: ranking.weights.get(module.key, module.weight) for module in chosen}
    given = [weight for weight in weights.values() if weight is not None]
    held_apart = any(one.weights or one.modules for one in rules.rounds)
    if any(given) and not held_apart:
        lacking = [module.key for module in chosen if weights[module.key] is None and _adds(module)]
        yield from weights_add(path, given, lacking)
    members = ranking.subject == "member" and ranking.members is None
    if members and chosen and not any(module.per == "member" for module in chosen):
        yield _problem("member_ranking", path, module=chosen[0].key)


def _order(ranking: Ranking, spec: Spec, path: str, rules: RuleSet) -> Iterator[Problem]:
    found = list(_spec(path, spec, TIE_BREAKS, rules))
    yield from found
    if found:
        return
    wanted = [spec.params["node"]] if "node" in spec.params else list(spec.params.get("modules", ()))
    for key in wanted:
        yield from node_in_ranking(ranking, key, path, rules)
    round_key = spec.params.get("round", "")
    if round_key and round_key != "last" and round_key not in {one.key for one in rules.rounds}:
        yield _problem("unknown_round", path, round=round_key)
    if spec.by == "input" and spec.params.get("name") not in {one.name for one in rules.inputs}:
        yield _problem("unknown_input", path, name=spec.params.get("name"))
    if spec.by == "attempts" and spec.params.get("rollup", "best") not in ROLLUPS:
        yield _problem(
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
        yield _problem("unknown_node", path, node=key)
        return
    if ranking.modules and module.key not in ranking.modules:
        yield _problem("node_not_ranked", path, node=key, module=module.key)


def _condition(condition: Condition, path: str, rules: RuleSet) -> Iterator[Problem]:
    texts, inputs = {one.name for one in rules.filters} | BUILT_IN, {one.name for one in rules.inputs}
    known = texts if condition.values else inputs
    if condition.column not in known:
        yield _problem("unknown_column", path, name=condition.column)


BUILT_IN = frozenset({"group", "team", "delegation", "organisation", "gender"})
"""Text columns that need no declaration."""


def _awards(ranking: Ranking, path: str, rules: RuleSet) -> Iterator[Problem]:
    parts = {node.key for module in rules.modules for node in module.walk()}
    yield from check_awards(ranking.awards, parts=parts, rounds=[one.key for one in rules.rounds], path=f"{path}.awards")


def _tables(rules: RuleSet) -> Iterator[Problem]:
    rankings = {
        ranking.key: [str(award.get("key")) for award in ranking.awards] for ranking in rules.rankings
    }
    parts = {node.key for module in rules.modules for node in module.walk()}
    yield from check_tables(rules.tables, rankings=rankings, parts=parts)
    yield from check_overall(rules.overall, rankings=rankings, parts=parts)
