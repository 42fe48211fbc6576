"""Methods that ask which judge gave which mark: kinds of seats, placements, pairwise comparison."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Any, Literal

import numpy as np

from contest.scoring.aggregate import TRIM_TITLES, Panel, inner_sum, mean, row_sum
from contest.scoring.columns import Column, added
from contest.scoring.numbers import SAFE
from contest.scoring.placing import ladder, majority_of_places, pairwise_wins
from contest.scoring.registry import METHODS


@METHODS.register(
    "by_kind",
    title_zh="按评委类别加权",
    title_en="Weighted by kind of seat",
    source="expert judges 70 % + public judges 30 %, usual in choirs and road shows",
    parameters={"weights": ("各类评委权重", "percent of each kind")},
)
def by_kind(panel: Panel, *, weights: Mapping[str, Any]) -> Column:
    """Mean of each kind of seat × its percent. A kind without a mark is a problem. Source: expert + public judges."""
    parts, factors = [], []
    short = np.zeros(panel.marks.shape[1], bool)
    for kind, weight in weights.items():
        rows = [index for index, name in enumerate(panel.kinds) if name == kind]
        here = panel.here[rows] if panel.here is not None else np.ones((len(rows), len(short)), bool)
        group = Panel(
            Column(panel.marks.num[rows], panel.marks.den, panel.marks.bound),
            here,
            panel.less,
            (),
            panel.flag,
        )
        short |= group.counts == 0
        parts.append(mean(group))
        factors.append(Fraction(weight) / 100)
    return panel.refuse(
        added(parts, factors), short & (panel.counts > 0), "judge_missing", expected=len(weights)
    )


@METHODS.register(
    "rank_sum",
    title_zh="名次和",
    title_en="Sum of placements",
    source="ordinal systems: each judge's marks are turned into places, the smallest sum wins",
    parameters={
        "ties": ("评委内并列", "ties of one judge"),
        "low": TRIM_TITLES["low"],
        "high": TRIM_TITLES["high"],
    },
)
def rank_sum(
    panel: Panel, *, ties: Literal["average", "shared"] = "average", low: int = 0, high: int = 0
) -> Column:
    """Each judge's marks become places over the field; places are added (less is better from here on).

    low, high: so many best and worst places of a subject are dropped. Source: ordinal systems.
    """
    places = ladder(panel, ties)
    return inner_sum(Panel(places, panel.here, True, panel.kinds, panel.flag), low, high)


@METHODS.register(
    "place_points",
    title_zh="名次分",
    title_en="Points for placements",
    source="song contests: each jury's places give 12, 10, 8, 7, … 1 points, which are added",
    parameters={
        "points": ("各名次得分", "points of places 1, 2, …"),
        "rest": ("其余得分", "points of all others"),
        "ties": ("评委内并列", "ties of one judge"),
    },
)
def place_points(
    panel: Panel,
    *,
    points: tuple[Any, ...],
    rest: Fraction = Fraction(0),
    ties: Literal["shared", "average"] = "shared",
) -> Column:
    """Each judge's marks become places over the field, places become points, and the points are added.

    ties of one judge: "shared" gives all tied the points of their place, "average" the mean of the places they fill.
    Source: song contests.
    """
    places = ladder(panel, "shared")
    judges, subjects = places.shape
    given = [Fraction(point) for point in points] + [rest] * max(subjects - len(points), 0)
    worth = [[Fraction(0)] * (subjects + 1) for _ in range(judges)]
    for judge, row in enumerate(places.num):
        found, counts = np.unique(row[row > 0], return_counts=True)
        for place, tied in zip(found.tolist(), counts.tolist(), strict=True):
            filled = given[place - 1 : place - 1 + (tied if ties == "average" else 1)]
            worth[judge][place] = sum(filled, Fraction(0)) / len(filled)
    den = lcm(*(value.denominator for row in worth for value in row))
    table = np.array([[int(value * den) for value in row] for row in worth], object)
    bound = max((abs(value) for value in table.ravel()), default=0)
    num = table[np.arange(judges)[:, None], places.num]
    return row_sum(Column(num if bound >= SAFE else num.astype(np.int64), den, bound))


@METHODS.register(
    "majority_places",
    title_zh="多数名次",
    title_en="Majority of placements",
    source="skating system, rules 5–8: best place by a majority, size of the majority, sum of its places",
)
def majority_places(panel: Panel) -> Column:
    """The place over the field by the majority of the judges' placements (less is better). Source: skating system."""
    return majority_of_places(ladder(panel, "shared"), panel.here)


@METHODS.register(
    "pairwise",
    title_zh="两两多数比较",
    title_en="Pairwise majority",
    source="Copeland's rule: one point for each opponent whom more judges place behind, half for a draw",
)
def pairwise(panel: Panel) -> Column:
    """Number of opponents beaten by a majority of judges, a draw counting half (more is better). Source: Copeland's rule."""
    return pairwise_wins(panel.marks.num, panel.here, panel.less)
