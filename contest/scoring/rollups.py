"""Attempts, rounds, members or parts → one: the ROLLUPS.

Every rollup states what it does with items that are missing (no mark yet, not held) and with items that have no
valid value (absent, void, no result): a missing mark is never quietly a zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from contest.scoring.aggregate import divided
from contest.scoring.columns import Column, added, largest, product
from contest.scoring.numbers import SAFE, Array
from contest.scoring.registry import ROLLUPS
from contest.scoring.stack import Invalid, Missing, Ready, Stack

TITLES = {
    "count": ("应有项数", "items there should be"),
    "missing": ("缺项处理", "missing items"),
    "invalid": ("无效项处理", "items without a valid value"),
    "least": ("至少有效项数", "least valid items"),
}


def _sum(ready: Ready) -> Column:
    return ready.result(ready.values().sum(axis=0), ready.column.den, ready.column.bound * len(ready.here))


@ROLLUPS.register(
    "sum",
    title_zh="合计",
    title_en="Sum",
    source="sum of six dives (World Aquatics 2022–25)",
    parameters=TITLES,
)
def total(stack: Stack, *, count: int = 0, missing: Missing = "auto", invalid: Invalid = "auto") -> Column:
    """All items added. Source: sum of six dives, World Aquatics 2022–25."""
    return _sum(stack.ready(count, missing, invalid, all_needed=True))


@ROLLUPS.register(
    "mean",
    title_zh="平均",
    title_en="Mean",
    source="overall = mean of all rounds (labour contest, zhushi-pharm.org 2014)",
    parameters=TITLES,
)
def mean(stack: Stack, *, count: int = 0, missing: Missing = "auto", invalid: Invalid = "auto") -> Column:
    """Sum ÷ number of the items that count. Source: labour contest, highest mean of all rounds."""
    ready = stack.ready(count, missing, invalid, all_needed=True)
    return divided(_sum(ready), np.maximum(ready.counts, 1))


@ROLLUPS.register(
    "best",
    title_zh="取最好",
    title_en="Best n",
    source="best of three runs (FIS halfpipe 2026); best n of several rounds of a league",
    parameters={
        **TITLES,
        "n": ("取几项", "how many"),
        "drop": ("去掉几项最差", "worst dropped"),
        "take": ("合成", "made into"),
    },
)
def best(
    stack: Stack,
    *,
    n: int = 1,
    drop: int = 0,
    take: Literal["sum", "mean"] = "sum",
    least: int = 0,
    count: int = 0,
    missing: Missing = "auto",
    invalid: Invalid = "auto",
) -> Column:
    """The best `n` items (or all but the `drop` worst) added or averaged; fewer than `least` (default 1) is no result.

    With fewer than n valid items those there are count. Source: FIS halfpipe 2026, best of three runs.
    """
    ready = stack.ready(count, missing, invalid, all_needed=False)
    kept = max(len(ready.here) - drop, 1) if drop else n
    ordered = ready.best_first()[:kept]
    taken = np.minimum(ready.counts, kept)
    inside = np.arange(len(ordered))[:, None] < taken
    num = np.where(inside, ordered, ordered * 0)
    if num.dtype != object and (ready.column.bound + 1) * len(num) >= SAFE:
        num = num.astype(object)
    result = ready.result(
        num.sum(axis=0), ready.column.den, ready.column.bound * kept, ready.counts < max(least, 1)
    )
    return divided(result, np.maximum(taken, 1)) if take == "mean" else result


@ROLLUPS.register(
    "worst", title_zh="取最差", title_en="Worst", source="rules by the weakest part", parameters=TITLES
)
def worst(stack: Stack, *, count: int = 0, missing: Missing = "auto", invalid: Invalid = "auto") -> Column:
    """The worst item. Source: rules by which the weakest part decides."""
    turned = Stack(stack.items, stack.of, not stack.less, stack.keys, stack.weights)
    ready = turned.ready(count, missing, invalid, all_needed=False)
    return ready.result(_known(ready.best_first()[0], ready), ready.column.den, ready.column.bound)


def _known(num: Array, ready: Ready) -> Array:
    return np.where(ready.counts > 0, num, num * 0)


@ROLLUPS.register(
    "last",
    title_zh="取最后一次",
    title_en="Last",
    source="finals: the last round a contestant reached counts",
    parameters=TITLES,
)
def last(stack: Stack, *, count: int = 0, missing: Missing = "auto", invalid: Invalid = "auto") -> Column:
    """The last item with a value. Source: finals whose result alone counts."""
    return _at_end(stack, count, missing, invalid, step=-1)


@ROLLUPS.register(
    "first",
    title_zh="取第一次",
    title_en="First",
    source="rules by which a repetition does not count",
    parameters=TITLES,
)
def first(stack: Stack, *, count: int = 0, missing: Missing = "auto", invalid: Invalid = "auto") -> Column:
    """The first item with a value. Source: rules by which a repetition does not count."""
    return _at_end(stack, count, missing, invalid, step=1)


def _at_end(stack: Stack, count: int, missing: str, invalid: str, step: int) -> Column:
    ready = stack.ready(count, missing, invalid, all_needed=False)
    here, num = ready.here[::step], ready.values()[::step]
    place = np.argmax(here, axis=0)
    return ready.result(num[place, np.arange(num.shape[1])], ready.column.den, ready.column.bound)


@ROLLUPS.register(
    "median", title_zh="中位数", title_en="Median", source="general statistics", parameters=TITLES
)
def median(stack: Stack, *, count: int = 0, missing: Missing = "auto", invalid: Invalid = "auto") -> Column:
    """The middle item, or the mean of the two middle ones. Source: general statistics."""
    ready = stack.ready(count, missing, invalid, all_needed=True)
    ordered = ready.best_first()
    columns = np.arange(ordered.shape[1])
    end = np.maximum(ready.counts - 1, 0)
    pair = ordered[end // 2, columns] + ordered[(end + 1) // 2, columns]
    return ready.result(_known(pair, ready), ready.column.den * 2, ready.column.bound * 2)


@ROLLUPS.register(
    "trimmed_mean",
    title_zh="去高去低后平均",
    title_en="Trimmed mean",
    source="average of five without best and worst (WCA Regulations 9f8)",
    parameters={
        **TITLES,
        "low": ("去掉最低个数", "lowest dropped"),
        "high": ("去掉最高个数", "highest dropped"),
    },
)
def trimmed_mean(
    stack: Stack,
    *,
    low: int = 1,
    high: int = 1,
    count: int = 0,
    missing: Missing = "auto",
    invalid: Invalid = "auto",
) -> Column:
    """Mean without the `low` smallest and `high` largest items.

    invalid = "worst": an item without a valid value is worse than any value and so the first to be dropped on that
    side; more of them than are dropped there give no result. Source: WCA Regulations 9f8.
    """
    ready = stack.ready(count, missing, invalid, all_needed=True)
    from_best, from_worst = (low, high) if stack.less else (high, low)
    bad = ready.worst.sum(axis=0) if ready.worst is not None else np.zeros_like(ready.counts)
    end = ready.counts + bad - from_worst
    short = (bad > from_worst) | (end <= from_best)
    ordered = ready.best_first()
    places = np.arange(len(ordered))[:, None]
    inside = (places >= from_best) & (places < end)
    num = np.where(inside, ordered, ordered * 0)
    if num.dtype != object and (ready.column.bound + 1) * len(num) >= SAFE:
        num = num.astype(object)
    result = ready.result(num.sum(axis=0), ready.column.den, ready.column.bound * len(num), short)
    return divided(result, np.maximum(end - from_best, 1))


@ROLLUPS.register(
    "weighted",
    title_zh="加权合计",
    title_en="Weighted sum",
    source="preliminary 40 % + final 60 % and the like",
    parameters={**TITLES, "weights": ("各项权重（%）", "percent of each item")},
)
def weighted(
    stack: Stack,
    *,
    weights: Mapping[str, Any] | None = None,
    count: int = 0,
    missing: Missing = "auto",
    invalid: Invalid = "auto",
) -> Column:
    """Σ item × percent ÷ 100; the percents by key of the item (attempt "1", "2" …), or from the items' own weight.

    Source: preliminary and final by percents.
    """
    ready = stack.ready(count, missing, invalid, all_needed=True)
    given = {key: Fraction(value) for key, value in (weights or {}).items()}
    own = dict(zip(stack.keys, stack.weights, strict=False))
    values, den, bound = ready.values(), ready.column.den, ready.column.bound
    parts, factors = [], []
    for index in range(len(values)):
        key = stack.keys[index] if index < len(stack.keys) else str(index + 1)
        parts.append(Column(values[index], den, bound))
        factors.append(given.get(key, own.get(key) or Fraction(0)) / 100)
    result = added(parts, factors)
    return ready.result(result.num, result.den, result.bound)


@ROLLUPS.register(
    "product",
    title_zh="相乘",
    title_en="Product",
    source="combined climbing 2020: places multiplied",
    parameters=TITLES,
)
def multiplied(
    stack: Stack, *, count: int = 0, missing: Missing = "auto", invalid: Invalid = "auto"
) -> Column:
    """All items multiplied. Source: combined sport climbing, Tokyo 2020 (product of three places)."""
    ready = stack.ready(count, missing, invalid, all_needed=True)
    den, bound = ready.column.den, max(ready.column.bound, ready.column.den)
    # What is left out multiplies by one.
    values = np.where(ready.here, ready.values(), den)
    result = Column(values[0], den, bound)
    for num in values[1:]:
        result = product(result, Column(num, den, bound))
    return ready.result(result.num, result.den, max(result.bound, largest(result.num)))


@ROLLUPS.register(
    "count",
    title_zh="有效项数",
    title_en="Number of valid items",
    source="rules that count finished rounds or attempts",
    parameters=TITLES,
)
def counted(stack: Stack, *, count: int = 0, missing: Missing = "auto", invalid: Invalid = "auto") -> Column:
    """How many items have a value. Source: rules that count finished rounds."""
    ready = stack.ready(count, missing, invalid, all_needed=False)
    return ready.result(ready.counts.astype(np.int64), 1, len(ready.here))
