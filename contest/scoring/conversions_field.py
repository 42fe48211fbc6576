"""Conversions that compare a value with the field: places, the best, common scales."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Any, Literal

import numpy as np

from contest.scoring.columns import Column, times, with_state
from contest.scoring.conversions import WITHIN, Field, grouped, mapped, of_field
from contest.scoring.numbers import NO_RESULT, SAFE
from contest.scoring.placing import places
from contest.scoring.registry import CONVERSIONS, SCALES


@CONVERSIONS.register(
    "place",
    title_zh="换成名次",
    title_en="Place in the field",
    source="factored placements (ISU, until 2004); combined events by sum or product of places",
    parameters={"ties": ("并列", "ties"), "within": WITHIN},
)
def place(
    column: Column,
    field: Field,
    *,
    ties: Literal["shared", "dense", "average"] = "shared",
    within: str = "",
) -> Column:
    """The place of the value among those who take part (from here on less is better). Source: ISU until 2004."""
    return grouped(column, field, within, lambda part, around: _place(part, around, ties))


def _place(column: Column, field: Field, ties: str) -> Column:
    nums = np.zeros(column.shape, np.int64)
    den = 1
    for index in np.ndindex(*column.shape[:-1]):
        here = (column.ok[index]) & field.counts
        nums[index], den = places(column.num[index], here, field.less, ties)
    lost = column.ok & ~field.counts
    return with_state(Column(nums, den, den * (column.shape[-1] + 1), column.state), lost, NO_RESULT)


@CONVERSIONS.register(
    "points_by_place",
    title_zh="按名次给分",
    title_en="Points by place",
    source="league tables; team points by place",
    parameters={
        "points": ("各名次得分", "points of places 1, 2, …"),
        "rest": ("其余得分", "points of all others"),
        "ties": ("并列", "ties"),
        "within": WITHIN,
    },
)
def points_by_place(
    column: Column,
    field: Field,
    *,
    points: tuple[Any, ...],
    rest: Fraction = Fraction(0),
    ties: Literal["shared", "average"] = "shared",
    within: str = "",
) -> Column:
    """Points by the place of the value; ties = "average": those tied share the points of their places equally.

    Source: league tables.
    """
    return grouped(column, field, within, lambda part, around: _points(part, around, points, rest, ties))


def _points(column: Column, field: Field, points: tuple[Any, ...], rest: Fraction, ties: str) -> Column:
    given = [Fraction(point) for point in points]

    def at(index: int) -> Fraction:
        return given[index] if index < len(given) else rest

    placed = _place(column, field, "shared")
    counts = {
        int(num): int(count)
        for num, count in zip(*np.unique(placed.num[placed.ok], return_counts=True), strict=True)
    }

    def worth(value: Fraction) -> Fraction:
        start = int(value)
        if start < 1:
            return Fraction(0)
        tied = counts[start] if ties == "average" else 1
        return sum((at(start - 1 + offset) for offset in range(tied)), Fraction(0)) / tied

    return mapped(placed, worth, field, "not_in_table")


@CONVERSIONS.register(
    "share_of_best",
    title_zh="与最好成绩之比",
    title_en="Share of the best",
    source="votes ÷ most votes × 100 (korea.people.com.cn, 2022); time scores best ÷ own × 100",
    parameters={"top": ("最好成绩得分", "points of the best"), "within": WITHIN},
)
def share_of_best(column: Column, field: Field, *, top: Fraction = Fraction(100), within: str = "") -> Column:
    """value ÷ best × top; where less is better best ÷ value × top. A best of 0 gives 0. Source: vote scores."""
    return grouped(column, field, within, lambda part, around: _share(part, around, top))


def _share(column: Column, field: Field, top: Fraction) -> Column:
    best = of_field(column, field).get("best", Fraction(0))
    if not field.less:
        return times(column, top / best if best else Fraction(0))
    return mapped(
        column,
        lambda value: top if value == best else best / value * top if value else Fraction(0),
        field,
        "no_value_formula",
    )


@CONVERSIONS.register(
    "scale",
    title_zh="统一量尺",
    title_en="Common scale",
    source="WorldSkills-compatible 700 scale and others of `scales`",
    parameters={"scale": ("量尺", "scale"), "params": ("量尺参数", "its parameters")},
)
def scale(column: Column, field: Field, *, scale: str, params: Mapping[str, Any] | None = None) -> Column:
    """The value on a common scale over those who take part, by a function of SCALES. Source: see the scale."""
    used = column.ok & field.counts
    totals = [Fraction(int(num), column.den) for num in column.num[used]]
    if not totals:
        return column
    scaled = SCALES.call(scale, totals, params=dict(params or {}))
    den = lcm(*(value.denominator for value in scaled))
    num = np.zeros(column.shape, object)
    num[used] = [value.numerator * (den // value.denominator) for value in scaled]
    bound = max(abs(int(value)) for value in num.ravel())
    kept = num.astype(np.int64) if bound < SAFE else num
    return with_state(Column(kept, den, bound, column.state), column.ok & ~used, NO_RESULT)
