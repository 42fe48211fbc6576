"""Checks of single choices in a rule set: methods with their parameters, formulas, rounding, limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from contest.scoring.codec import plain
from contest.scoring.conversions import FIELD_NAMES
from contest.scoring.formula import FormulaError, names
from contest.scoring.problems import Problem
from contest.scoring.registry import CONVERSIONS, ROUNDING, SCALES, BadParameter, Registry
from contest.scoring.rules import Rounding, RuleSet, Spec

BUILT_IN = frozenset({"group", "team", "delegation", "organisation", "gender"})
"""Text columns that need no declaration."""

MOST = 1000
"""No rule counts more judges, attempts, rounds or members than this."""


def text(value: Any) -> Any:
    """A number as the file would write it."""
    return str(plain(value)) if isinstance(value, Fraction) else value


def problem(code: str, path: str, **params: Any) -> Problem:
    """A problem whose numbers are written as the file would write them."""
    return Problem(code, path, {name: text(value) for name, value in params.items()})


def method(path: str, spec: Spec | None, registry: Registry, rules: RuleSet | None) -> Iterator[Problem]:
    """A registered function with its parameters: known, complete, of the right types."""
    if spec is None:
        return
    if spec.by not in registry:
        yield problem(
            "unknown_function", path, registry=registry.name, key=spec.by, known=tuple(registry.keys())
        )
        return
    try:
        bound = registry.get(spec.by).bind(spec.params)
    except BadParameter as error:
        yield problem(
            "bad_parameter", path, by=spec.by, name=error.name, reason=error.reason, value=error.value
        )
        return
    yield from _deeper(path, spec, bound, registry, rules)


def _deeper(
    path: str, spec: Spec, bound: Mapping[str, Any], registry: Registry, rules: RuleSet | None
) -> Iterator[Problem]:
    """What types alone do not say: tables of pairs of numbers, formulas, whole numbers that may not be negative."""
    for name, value in bound.items():
        if isinstance(value, int) and not 0 <= value <= MOST:
            yield problem("number_range", f"{path}.{name}", value=value, low=0, high=MOST)
    for name in {"steps", "table"} & set(bound) if registry is CONVERSIONS else ():
        if not bound[name] or not all(
            isinstance(row, tuple) and len(row) == 2 and _is_number(row) for row in bound[name]
        ):
            yield problem(
                "bad_parameter", path, by=spec.by, name=name, reason="pairs of numbers", value=bound[name]
            )
    if "points" in bound and not _is_number(bound["points"]):
        yield problem(
            "bad_parameter", path, by=spec.by, name="points", reason="numbers", value=bound["points"]
        )
    for name in ("weights",):
        if isinstance(bound.get(name), Mapping) and not _is_number(tuple(bound[name].values())):
            yield problem("bad_parameter", path, by=spec.by, name=name, reason="numbers", value=bound[name])
    if spec.by == "by_kind" and _is_number(tuple(bound["weights"].values())):
        yield from weights_add(f"{path}.weights", [Fraction(one) for one in bound["weights"].values()], [])
    if "formula" in bound:
        yield from _formula(path, bound["formula"], rules)
    if registry is CONVERSIONS:
        yield from _compared(path, bound, rules)


def _compared(path: str, bound: Mapping[str, Any], rules: RuleSet | None) -> Iterator[Problem]:
    """What a conversion compares by: a scale that is there, groups by a column that is declared."""
    if "scale" in bound and bound["scale"] not in SCALES:
        yield problem(
            "unknown_function", path, registry="scales", key=bound["scale"], known=tuple(SCALES.keys())
        )
    if bound.get("within") and rules is not None:
        columns = {one.name for one in rules.inputs} | {one.name for one in rules.filters} | BUILT_IN
        if bound["within"] not in columns:
            yield problem("unknown_column", f"{path}.within", name=bound["within"])


def _is_number(values: tuple[Any, ...]) -> bool:
    try:
        return all(not isinstance(value, bool) and Fraction(value) is not None for value in values)
    except (ValueError, TypeError, ZeroDivisionError):
        return False


def _formula(path: str, formula: str, rules: RuleSet | None) -> Iterator[Problem]:
    try:
        wanted = names(formula)
    except FormulaError as error:
        yield problem("formula_bad", path, formula=formula, reason=str(error))
        return
    known = FIELD_NAMES | ({one.name for one in rules.inputs} if rules else set())
    for name in sorted(wanted - known):
        yield problem("unknown_input", path, name=name)


def rounding(path: str, rounding: Rounding | None) -> Iterator[Problem]:
    """A rounding stage: a known mode, sensible digits, a positive step."""
    if rounding is None:
        return
    if rounding.mode not in ROUNDING:
        yield problem(
            "unknown_function", path, registry="rounding", key=rounding.mode, known=tuple(ROUNDING.keys())
        )
    if not -6 <= rounding.digits <= 12:
        yield problem("number_range", path, value=rounding.digits, low=-6, high=12)
    if rounding.step is not None and rounding.step <= 0:
        yield problem("step_not_positive", path, step=rounding.step)


def choice(path: str, value: str, choices: tuple[str, ...]) -> Iterator[Problem]:
    """A text that must be one of some choices."""
    if value not in choices:
        yield problem("unknown_choice", path, value=value, choices=tuple(one for one in choices if one))


def limits(path: str, cap: Fraction | None, floor: Fraction | None) -> Iterator[Problem]:
    """A cap that is not below the floor."""
    if cap is not None and floor is not None and cap < floor:
        yield problem("cap_below_floor", path, cap=cap, floor=floor)


def weights_add(path: str, weights: list[Fraction], without: list[str]) -> Iterator[Problem]:
    """Weights add to 100, and nobody among weighted siblings lacks one."""
    if without:
        yield problem("weights_partly", path, missing=tuple(without))
    elif sum(weights) != 100:
        yield problem("weights_not_100", path, sum=sum(weights, Fraction(0)))
