"""From several judges to one mark: the METHODS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Literal

import numpy as np

from contest.scoring.columns import Column, multiplied, times
from contest.scoring.numbers import BLOCKED, SAFE, Array
from contest.scoring.registry import METHODS


@dataclass(frozen=True)
class Panel:
    """The marks of one place of the scheme: (judges, subjects).

    marks: numerators over `den`, 0 where `here` is false. here: where a mark is there (None: everywhere). less: a
    smaller mark is better. kinds: kind of each seat. flag(code, mask, **params) reports subjects as a problem.
    """

    marks: Column
    here: Array | None
    less: bool
    kinds: tuple[str, ...]
    flag: Callable[..., None]

    @property
    def counts(self) -> Array:
        """Number of marks of each subject."""
        judges, subjects = self.marks.shape
        return np.full(subjects, judges) if self.here is None else self.here.sum(axis=0)

    def filled(self, with_greatest: bool) -> Array:
        """Marks with a value beyond all marks in the empty places: beyond the greatest, or below the smallest."""
        if self.here is None:
            return self.marks.num
        beyond = self.marks.bound + 1
        return np.where(self.here, self.marks.num, beyond if with_greatest else -beyond)

    def refuse(self, result: Column, mask: Array, code: str, **params: Any) -> Column:
        """Report the subjects of the mask and block their result."""
        if not mask.any():
            return result
        self.flag(code, mask, **params)
        state = np.where(mask, np.int8(BLOCKED), result.states())
        return Column(np.where(mask, result.num * 0, result.num), result.den, result.bound, state)


def row_sum(column: Column) -> Column:
    """Σ over the first axis."""
    bound = column.bound * column.shape[0]
    num = column.num.astype(object) if bound >= SAFE and column.num.dtype != object else column.num
    return Column(num.sum(axis=0), column.den, bound)


def divided(column: Column, counts: Array) -> Column:
    """Each value ÷ its own count (≥ 1), over one common denominator."""
    if not counts.size or counts.min() == counts.max():
        return times(column, Fraction(1, int(counts[0]) if counts.size else 1))
    shared = lcm(*(int(count) for count in np.unique(counts)))
    num, bound = column.num, column.bound * shared
    if bound >= SAFE and num.dtype != object:
        num = num.astype(object)
    factors = shared // np.asarray(counts, object if num.dtype == object else np.int64)
    return Column(num * factors, column.den * shared, bound, column.state)


@METHODS.register(
    "mean",
    title_zh="平均分",
    title_en="Mean",
    source="general; small panels by default of the domain's rule books",
)
def mean(panel: Panel) -> Column:
    """Sum of the marks ÷ their number. Source: usual for panels of two or fewer."""
    return divided(row_sum(panel.marks), np.maximum(panel.counts, 1))


@METHODS.register(
    "sum", title_zh="合计", title_en="Sum", source="panels whose marks are added, e.g. quiz desks"
)
def total(panel: Panel) -> Column:
    """Sum of the marks. Source: panels whose marks are added."""
    return row_sum(panel.marks)


TRIM_TITLES = {
    "low": ("去掉最低分个数", "lowest dropped"),
    "high": ("去掉最高分个数", "highest dropped"),
    "least": ("至少几人才去分", "smallest panel that is trimmed"),
    "small": ("人数不足时", "smaller panels"),
}
Small = Literal["refuse", "mean", "median", "one_each"]


@METHODS.register(
    "trimmed_mean",
    title_zh="去高去低后平均",
    title_en="Trimmed mean",
    source="去掉一个最高分和一个最低分 (usual from five judges); six judges, one each (FIS halfpipe, 2026)",
    parameters=TRIM_TITLES,
)
def trimmed_mean(
    panel: Panel, *, low: int = 1, high: int = 1, least: int = 0, small: Small = "refuse"
) -> Column:
    """Mean without the `low` smallest and `high` largest marks; one of several equal marks is dropped, not all.

    least: the smallest panel that is trimmed (default low + high + 1). small: what a smaller one does: refuse (a
    problem), plain mean, median, or "one_each" (one highest and one lowest from three judges on, else the mean).
    Source: 去掉一个最高分和一个最低分, usual from five judges on.
    """
    return _trimmed(panel, low, high, least, small, as_sum=False)


@METHODS.register(
    "trimmed_sum",
    title_zh="去高去低后合计",
    title_en="Trimmed sum",
    source="World Aquatics Diving Rules 2022–25: of seven marks drop two highest and two lowest, add the rest",
    parameters=TRIM_TITLES,
)
def trimmed_sum(
    panel: Panel, *, low: int = 1, high: int = 1, least: int = 0, small: Literal["refuse"] = "refuse"
) -> Column:
    """Sum without the `low` smallest and `high` largest marks. Source: World Aquatics Diving Rules 2022–25."""
    return _trimmed(panel, low, high, least, small, as_sum=True)


def _trimmed(panel: Panel, low: int, high: int, least: int, small: str, *, as_sum: bool) -> Column:
    counts = panel.counts
    enough = counts >= max(least, low + high + 1)
    inner = inner_sum(panel, low, high)
    left = np.maximum(counts - low - high, 1)
    result = inner if as_sum else divided(inner, np.where(enough, left, 1))
    short = ~enough & (counts > 0)
    if not short.any():
        return result
    if small == "refuse":
        return panel.refuse(result, short, "panel_too_small")
    return _choose(short, _small_result(panel, small), result)


def _small_result(panel: Panel, small: str) -> Column:
    if small == "median":
        return median(panel)
    plain = mean(panel)
    if small == "mean":
        return plain
    three = panel.counts >= 3
    trimmed = divided(inner_sum(panel, 1, 1), np.where(three, np.maximum(panel.counts - 2, 1), 1))
    return _choose(three, trimmed, plain)


def _choose(mask: Array, one: Column, other: Column) -> Column:
    den = lcm(one.den, other.den)
    first, bound = multiplied(one.num, one.bound, den // one.den)
    second, limit = multiplied(other.num, other.bound, den // other.den)
    return Column(np.where(mask, first, second), den, max(bound, limit))


def inner_sum(panel: Panel, low: int, high: int) -> Column:
    """Σ without the `low` smallest and `high` largest. Subjects with too few marks get a value nobody reads."""
    whole_sum = row_sum(panel.marks)
    result = whole_sum.num
    if low == 1:
        result = result - panel.filled(with_greatest=True).min(axis=0)
    elif low:
        result = result - np.sort(panel.filled(with_greatest=True), axis=0)[:low].sum(axis=0)
    if high == 1:
        result = result - panel.filled(with_greatest=False).max(axis=0)
    elif high:
        result = result - np.sort(panel.filled(with_greatest=False), axis=0)[-high:].sum(axis=0)
    if panel.here is not None:
        result = np.where(panel.counts > low + high, result, 0)
    return Column(result, whole_sum.den, whole_sum.bound)


@METHODS.register(
    "median",
    title_zh="中位数",
    title_en="Median",
    source="panels that state the middle mark; general statistics",
)
def median(panel: Panel) -> Column:
    """The middle mark, or the mean of the two middle ones. Source: panels that state the middle mark."""
    counts = panel.counts
    ordered = np.sort(panel.filled(with_greatest=True), axis=0)
    columns = np.arange(ordered.shape[1])
    last = np.maximum(counts - 1, 0)
    pair = ordered[last // 2, columns] + ordered[(last + 1) // 2, columns]
    return Column(np.where(counts > 0, pair, 0), panel.marks.den * 2, panel.marks.bound * 2)


@METHODS.register(
    "highest", title_zh="取最高分", title_en="Highest mark", source="rules that count the best judge's mark"
)
def highest(panel: Panel) -> Column:
    """The greatest mark. Source: rules that count the highest mark."""
    found = panel.filled(with_greatest=False).max(axis=0)
    return Column(np.where(panel.counts > 0, found, 0), panel.marks.den, panel.marks.bound)


@METHODS.register(
    "lowest",
    title_zh="取最低分",
    title_en="Lowest mark",
    source="safety items where the strictest judge counts",
)
def lowest(panel: Panel) -> Column:
    """The smallest mark. Source: safety items where the strictest judge counts."""
    found = panel.filled(with_greatest=True).min(axis=0)
    return Column(np.where(panel.counts > 0, found, 0), panel.marks.den, panel.marks.bound)


@METHODS.register(
    "agreed",
    title_zh="合议一致分",
    title_en="Agreed mark",
    source="judges who mark together and sign one sheet; machine-read theory marks",
)
def agreed(panel: Panel) -> Column:
    """The one mark all agree on; different marks are a problem. Source: sheets signed by a pair of judges."""
    top = highest(panel)
    return panel.refuse(top, top.num != lowest(panel).num, "judges_disagree")


@METHODS.register(
    "majority",
    title_zh="多数裁定",
    title_en="Majority mark",
    source="yes/no measurements by three judges where two decide",
    parameters={"otherwise": ("没有过半数时", "without a majority")},
)
def majority(
    panel: Panel, *, otherwise: Literal["refuse", "median", "lowest", "highest"] = "refuse"
) -> Column:
    """The mark that more than half of the judges gave. Source: yes/no measurements where two of three decide."""
    counts = panel.counts
    ordered = np.sort(panel.filled(with_greatest=True), axis=0)
    # A mark given by more than half is also the lower median, so one candidate a subject is enough.
    candidate = ordered[np.maximum(counts - 1, 0) // 2, np.arange(ordered.shape[1])]
    votes = panel.marks.num == candidate
    support = (votes if panel.here is None else votes & panel.here).sum(axis=0)
    result = Column(np.where(counts > 0, candidate, 0), panel.marks.den, panel.marks.bound)
    split = (2 * support <= counts) & (counts > 0)
    if otherwise == "refuse":
        return panel.refuse(result, split, "no_majority")
    return _choose(split, {"median": median, "lowest": lowest, "highest": highest}[otherwise](panel), result)
