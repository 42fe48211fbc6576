"""Checks of the marking scheme: modules, criteria, aspects."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from contest.scoring.checks_methods import choice, limits, method, problem, rounding, weights_add
from contest.scoring.kinds import Kind
from contest.scoring.problems import Problem
from contest.scoring.registry import CONVERSIONS, KINDS, METHODS, ROLLUPS, Registry
from contest.scoring.rules import Node, RuleSet, Spec

CHOICES = {
    "per": ("", "entry", "member"),
    "missing_judge": ("", "block", "ignore", "zero", "mean"),
    "absent": ("", "unranked", "zero"),
}

SPECS: tuple[tuple[str, Registry], ...] = (
    ("method", METHODS),
    ("aspect_method", METHODS),
    ("attempts", ROLLUPS),
    ("combine", ROLLUPS),
    ("members", ROLLUPS),
    ("convert", CONVERSIONS),
    ("convert_each", CONVERSIONS),
)


def nodes(rules: RuleSet) -> Iterator[Problem]:
    """The settings of the total and every node of the tree."""
    total = rules.total
    for name, spec, registry in (
        ("combine", total.combine, ROLLUPS),
        ("method", total.method, METHODS),
        ("aspect_method", total.aspect_method, METHODS),
        ("rounds", total.rounds, ROLLUPS),
        ("convert", total.convert, CONVERSIONS),
    ):
        yield from method(f"total.{name}", spec, registry, rules)
    yield from rounding("total.round", total.round)
    yield from rounding("total.round_each", total.round_each)
    yield from limits("total", total.cap, total.floor)
    yield from choice("total.missing_judge", total.missing_judge, CHOICES["missing_judge"])
    yield from _siblings("modules", rules.modules, None, needed=False)
    yield from _branch(rules.tree, "modules", rules, (), None, None)
    for module in rules.modules:
        yield from _node(module, f"modules.{module.key}", rules, (module.key,), total.judges)


def _branch(
    node: Node, path: str, rules: RuleSet, above: tuple[str, ...], method: str | None, attempts: str | None
) -> Iterator[Problem]:
    """Judges, and attempts, are combined once on every branch."""
    if method is not None and node.method is not None:
        yield problem("two_methods", method, below=path)
    if attempts is not None and node.attempts is not None:
        yield problem("two_attempts", attempts, below=path)
    method = path if node.method is not None else method
    attempts = path if node.attempts is not None else attempts
    for part in node.parts:
        yield from _branch(part, f"{path}.{part.key}", rules, (*above, node.key), method, attempts)


def _node(
    node: Node, path: str, rules: RuleSet, above: tuple[str, ...], judges: int | None
) -> Iterator[Problem]:
    judges = node.judges if node.judges is not None else judges
    for name, registry in SPECS:
        yield from method(f"{path}.{name}", getattr(node, name), registry, rules)
    for name, choices in CHOICES.items():
        yield from choice(f"{path}.{name}", getattr(node, name), choices)
    yield from rounding(f"{path}.round", node.round)
    yield from rounding(f"{path}.round_each", node.round_each)
    yield from limits(path, node.cap, node.floor)
    for name in node.times:
        if name not in {one.name for one in rules.inputs}:
            yield problem("unknown_input", f"{path}.times", name=name)
    yield from _numbers(node, path)
    yield from _trim(f"{path}.method", node.method, judges)
    yield from _trim(f"{path}.aspect_method", node.aspect_method, judges)
    if node.parts:
        if node.kind is not None:
            yield problem("kind_on_parts", f"{path}.kind")
        yield from _siblings(path, node.parts, node, needed=True)
        for part in node.parts:
            yield from _node(part, f"{path}.{part.key}", rules, (*above, part.key), judges)
    else:
        yield from _aspect(node, path, above)
        sources = {aspect.key for aspect in rules.aspects() if not aspect.marks_of}
        if node.marks_of and node.marks_of not in sources:
            yield problem("unknown_node", f"{path}.marks_of", node=node.marks_of)


def _numbers(node: Node, path: str) -> Iterator[Problem]:
    if node.maximum is not None and node.maximum <= 0:
        yield problem("maximum_not_positive", path, maximum=node.maximum)
    if node.weight is not None and not 0 <= node.weight <= 100:
        yield problem("number_range", f"{path}.weight", value=node.weight, low=0, high=100)
    if node.judges is not None and not 1 <= node.judges <= 1000:
        yield problem("number_range", f"{path}.judges", value=node.judges, low=1, high=1000)
    top = node.scale_to if node.scale_to is not None else node.maximum
    if (
        node.gate is not None
        and top is not None
        and node.convert is None
        and not node.times
        and not node.less
        and node.gate > top * node.factor
    ):
        yield problem("gate_above_maximum", f"{path}.gate", gate=node.gate, maximum=top * node.factor)
    if node.scale_to is not None and node.maximum is None:
        yield problem("maximum_missing", path)


def _siblings(path: str, parts: tuple[Node, ...], node: Node | None, *, needed: bool) -> Iterator[Problem]:
    """Weights of siblings add to 100 if any has one; maxima of parts add to the node's."""
    weighted = [part for part in parts if part.weight is not None]
    plain_parts = [part.key for part in parts if part.weight is None and adds(part)]
    if needed and weighted and any(part.weight != 0 for part in weighted):
        yield from weights_add(path, [part.weight or Fraction(0) for part in weighted], plain_parts)
    summed = node is not None and (node.combine is None or node.combine.by == "sum")
    if node is None or node.maximum is None or not summed or any(part.weight for part in weighted):
        return
    counted = [part for part in parts if adds(part) and part.weight != 0]
    if any(part.maximum is None or part.times or part.convert or part.attempts for part in counted):
        return
    total = sum(
        ((part.scale_to or part.maximum or Fraction(0)) * part.factor for part in counted), Fraction(0)
    )
    if counted and total != node.maximum:
        yield problem("parts_not_maximum", path, sum=total, maximum=node.maximum)


def adds(part: Node) -> bool:
    """Whether a part counts towards its parent's points: not bonus, penalty, knock-out."""
    return part.kind is None or part.kind.by not in ("bonus", "penalty", "knockout")


def _aspect(node: Node, path: str, above: tuple[str, ...]) -> Iterator[Problem]:
    spec = node.kind or Spec("marks")
    found = list(method(f"{path}.kind", spec, KINDS, None))
    yield from found
    if found:
        return
    if spec.by in ("judgement", "deduction") and node.maximum is None:
        yield problem("maximum_missing", path)
        return
    kind: Kind = KINDS.call(spec.by, node.maximum, params=spec.params)
    yield from _range(kind, path)
    rule = kind.knockout
    if rule is not None and rule.target and rule.target not in (*above[:-1], "total"):
        yield problem(
            "target_not_above", f"{path}.kind.target", target=rule.target, above=(*above[:-1], "total")
        )
    if rule is not None and rule.effect == "cap" and rule.cap is None:
        yield problem("bad_parameter", f"{path}.kind", by="knockout", name="cap", reason="missing", value="")


def _range(kind: Kind, path: str) -> Iterator[Problem]:
    low, high, step = kind.low, kind.high, kind.step
    if low is not None and high is not None and low > high:
        yield problem("low_above_high", path, low=low, high=high)
    if step is None:
        return
    if step <= 0:
        yield problem("step_not_positive", path, step=step)
        return
    if (step * 1000).denominator != 1:
        yield problem("step_too_fine", path, step=step, decimals=3)
    start = low if low is not None else Fraction(0)
    if high is not None and ((high - start) / step).denominator != 1:
        yield problem("step_misses_maximum", path, step=step, low=start, maximum=high)


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
        yield problem("trim_too_many", path, low=low, high=high, judges=judges)
