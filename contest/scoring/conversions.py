"""A value → points: the CONVERSIONS, by table, formula or place in the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Literal

import numpy as np

from contest.scoring.columns import Column, common, with_state
from contest.scoring.formula import FormulaError, evaluate, names
from contest.scoring.numbers import BLOCKED, SAFE, Array
from contest.scoring.registry import CONVERSIONS

FIELD_NAMES = frozenset({"value", "maximum"}) | {
    f"{whose}{name}" for whose in ("", "overall_") for name in ("best", "worst", "mean")
}
"""What a formula may name beside the inputs."""


@dataclass(frozen=True)
class Field:
    """What a conversion may look at beside the values.

    less: a smaller value is better. counts: subjects that take part officially; others get no influence on places
    or on the best. inputs: name → column of that input. flag(code, mask, **params) reports subjects. group_of: name
    of an input or text column → the group of each subject (−1: none), for conversions within rooms, heats or panels.
    """

    maximum: Fraction | None
    less: bool
    counts: Array
    inputs: Callable[[str], Column]
    flag: Callable[..., None]
    group_of: Callable[[str], Array]

    def part(self, at: Array) -> Field:
        """What a conversion may look at when only some subjects are compared with each other."""

        def flag(code: str, mask: Array, **params: Any) -> None:
            whole = np.zeros((*mask.shape[:-1], len(self.counts)), bool)
            whole[..., at] = mask
            self.flag(code, whole, **params)

        def inputs(name: str) -> Column:
            return self.inputs(name).take(at)

        return Field(self.maximum, self.less, self.counts[at], inputs, flag, self.group_of)


WITHIN = ("比较范围", "compared within")


def grouped(column: Column, field: Field, within: str, convert: Callable[[Column, Field], Column]) -> Column:
    """A conversion applied group by group; a subject with a value and without a group is a problem."""
    if not within:
        return convert(column, field)
    codes = field.group_of(within)
    places = [np.flatnonzero(codes == code) for code in np.unique(codes[codes >= 0])]
    parts = common([convert(column.take(at), field.part(at)) for at in places])
    wide = any(part.num.dtype == object for part in parts)
    num = np.zeros(column.shape, object if wide else np.int64)
    state = column.states().copy()
    for at, part in zip(places, parts, strict=True):
        num[..., at], state[..., at] = part.num, part.states()
    lost = column.ok & (codes < 0)
    if lost.any():
        field.flag("input_missing", lost, name=within)
        state[lost] = BLOCKED
    bound = max((part.bound for part in parts), default=0)
    return Column(num, parts[0].den if parts else 1, bound, state if state.any() else None)


def mapped(
    column: Column, function: Callable[[Fraction], Fraction | None], field: Field, code: str
) -> Column:
    """Apply an exact function to each different value once; None is reported as `code` and blocks."""
    ok = column.ok
    found, inverse = np.unique(column.num[ok], return_inverse=True)
    points = [function(Fraction(int(num), column.den)) for num in found]
    return _assembled(column, ok, inverse, points, field, code)


def _assembled(
    column: Column, ok: Array, inverse: Array, points: list[Fraction | None], field: Field, code: str
) -> Column:
    den = lcm(*(point.denominator for point in points if point is not None)) if points else 1
    nums = [0 if point is None else point.numerator * (den // point.denominator) for point in points]
    bound = max((abs(num) for num in nums), default=0)
    kind: Any = np.int64 if bound < SAFE else object
    num = np.zeros(column.shape, kind)
    num[ok] = np.array(nums, kind)[inverse]
    result = Column(num, den, bound, column.state)
    missing = np.zeros(column.shape, bool)
    missing[ok] = np.array([point is None for point in points], bool)[inverse]
    if missing.any():
        field.flag(code, missing)
        result = with_state(result, missing, BLOCKED)
    return result


def _rows(table: tuple[Any, ...]) -> list[tuple[Fraction, Fraction]]:
    return [(Fraction(row[0]), Fraction(row[1])) for row in table]


@CONVERSIONS.register(
    "steps",
    title_zh="分段给分",
    title_en="Points by steps",
    source="measurement by steps, e.g. 95 % of the plan → 30 points, 90 % → 25",
    parameters={
        "steps": ("[达到, 得分] 列表", "list of [reached, points]"),
        "otherwise": ("均未达到", "if none is reached"),
    },
)
def steps(
    column: Column, field: Field, *, steps: tuple[Any, ...], otherwise: Fraction = Fraction(0)
) -> Column:
    """Points of the highest threshold reached (with `less` on the node: of the lowest limit kept). Source: step tables."""
    rows = sorted(_rows(steps), reverse=not field.less)

    def points(value: Fraction) -> Fraction:
        for limit, point in rows:
            if value <= limit if field.less else value >= limit:
                return point
        return otherwise

    return mapped(column, points, field, "not_in_table")


@CONVERSIONS.register(
    "tolerance",
    title_zh="公差给分",
    title_en="Points by tolerance",
    source="tolerance tables of turning and milling trades: within ±0.02 full, ±0.05 half, else 0",
    parameters={
        "target": ("标准值", "target"),
        "table": ("[公差, 得分] 列表", "list of [tolerance, points]"),
        "otherwise": ("超差得分", "beyond all"),
    },
)
def tolerance(
    column: Column,
    field: Field,
    *,
    target: Fraction,
    table: tuple[Any, ...],
    otherwise: Fraction = Fraction(0),
) -> Column:
    """Points of the narrowest tolerance that |value − target| keeps, edges included. Source: mechanical trades."""
    rows = sorted(_rows(table))

    def points(value: Fraction) -> Fraction:
        return next((point for limit, point in rows if abs(value - target) <= limit), otherwise)

    return mapped(column, points, field, "not_in_table")


@CONVERSIONS.register(
    "table",
    title_zh="换算表",
    title_en="Points by table",
    source="points tables of measured results (runs, weights, counts)",
    parameters={
        "table": ("[值, 得分] 列表", "list of [value, points]"),
        "between": ("表间取值", "between two rows"),
    },
)
def table(
    column: Column,
    field: Field,
    *,
    table: tuple[Any, ...],
    between: Literal["refuse", "lower", "upper", "linear"] = "refuse",
) -> Column:
    """Points by a table; between two rows: a problem, the lower or the upper row, or a straight line. Source: points tables.

    Beyond either end "lower" and "upper" give the last row on that side if there is one, the others are a problem.
    """
    rows = sorted(_rows(table))

    def points(value: Fraction) -> Fraction | None:
        under = [row for row in rows if row[0] <= value]
        over = [row for row in rows if row[0] >= value]
        if under and under[-1][0] == value:
            return under[-1][1]
        if between == "lower":
            return under[-1][1] if under else None
        if between == "upper":
            return over[0][1] if over else None
        if between == "refuse" or not under or not over:
            return None
        (x, low), (z, high) = under[-1], over[0]
        return low + (high - low) * (value - x) / (z - x)

    return mapped(column, points, field, "not_in_table")


@CONVERSIONS.register(
    "formula",
    title_zh="公式",
    title_en="Formula",
    source="price and time scores (best ÷ value × 100); World Athletics ⌊a·(b − T)^c⌋ as power(a, b - value, c)",
    parameters={"formula": ("公式", "formula"), "within": WITHIN},
)
def formula(column: Column, field: Field, *, formula: str, within: str = "") -> Column:
    """An exact formula of value, best, worst, mean (of those who take part), maximum and named inputs.

    within: best, worst and mean are those of the own group; overall_best, overall_worst, overall_mean of everybody.

    Functions: min, max, abs, floor, ceil, trunc, round(x, digits), round_even, power(a, x, c, digits).
    Source: World Athletics scoring tables; tender rules 基准价 ÷ 报价 × 100.
    """
    overall = {f"overall_{name}": value for name, value in of_field(column, field).items()}
    return grouped(column, field, within, lambda part, around: _formula(part, around, formula, overall))


def _formula(column: Column, field: Field, formula: str, overall: Mapping[str, Fraction]) -> Column:
    wanted = names(formula) - FIELD_NAMES
    known = {**overall, **of_field(column, field)}
    known |= {"maximum": field.maximum} if field.maximum is not None else {}
    columns = [column, *(field.inputs(name) for name in sorted(wanted))]
    ok = np.logical_and.reduce([np.broadcast_to(one.ok, column.shape) for one in columns])
    result = column if ok.all() else with_state(column, column.ok & ~ok, BLOCKED)
    flat = [np.broadcast_to(one.num, column.shape)[ok].tolist() for one in columns]
    rows = list(zip(*flat, strict=True))
    seen = {row: index for index, row in enumerate(dict.fromkeys(rows))}
    points = [_formula_value(formula, row, sorted(wanted), columns, known) for row in seen]
    inverse = np.array([seen[row] for row in rows], np.int64)
    return _assembled(result, ok, inverse, points, field, "no_value_formula")


def _formula_value(
    text: str, row: tuple[int, ...], wanted: list[str], columns: list[Column], known: Mapping[str, Fraction]
) -> Fraction | None:
    exact = [Fraction(num, one.den) for num, one in zip(row, columns, strict=True)]
    try:
        return evaluate(text, {**known, "value": exact[0], **dict(zip(wanted, exact[1:], strict=True))})
    except FormulaError:
        return None


def of_field(column: Column, field: Field) -> dict[str, Fraction]:
    used = np.broadcast_to(column.ok & field.counts, column.shape)
    values = column.num[used]
    if not len(values):
        return {}
    low, high = Fraction(int(values.min()), column.den), Fraction(int(values.max()), column.den)
    best, worst = (low, high) if field.less else (high, low)
    return {"best": best, "worst": worst, "mean": Fraction(sum(values.tolist()), column.den * len(values))}
