"""Totals → ranks: ties, which key decided, cut lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from contest.scoring.columns import Column, above, below
from contest.scoring.numbers import OK, Array, round_fraction
from contest.scoring.rules import Advance
from contest.scoring.tiebreaks import Key

LAST = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Order:
    """An order of subjects.

    order: subject indices, best first, ranked ones only. rank: of each position in `order`, as numerators over
    `rank_den` (2 for averaged ranks). decided: index of the deciding key for each position, len(keys) = shared.
    tied: groups of positions (start, end) that no key could separate.
    """

    order: Array
    rank: Array
    rank_den: int
    decided: Array
    tied: tuple[tuple[int, int], ...]


def sortable(key: Key) -> Array:
    """A column as 64-bit numbers that sort best first; without a value last."""
    num = key.column.num if key.less else -key.column.num
    if num.dtype == object:
        num = np.unique(num, return_inverse=True)[1].astype(np.int64)
    if key.column.state is None:
        return np.asarray(num)
    return np.where(key.column.state == OK, num, LAST)


def ordered(ranked: Array, keys: Sequence[Array], names: Sequence[str], ties: str) -> Order:
    """Rank the subjects of the mask `ranked` by the keys in turn.

    keys: 64-bit columns, smaller first. names: subject keys, used only to list tied subjects in an order that does
    not depend on the input. ties: shared, dense, average, never.
    """
    subjects = np.flatnonzero(ranked)
    if len(subjects) == 0:
        return Order(subjects, np.zeros(0, np.int64), 1, np.zeros(0, np.int64), ())
    first = keys[0][subjects]
    order = subjects[np.argsort(first, kind="stable")]
    level = np.full(len(order), -1)
    values = keys[0][order]
    level[1:][values[1:] != values[:-1]] = 0
    for depth in range(1, len(keys)):
        order = _refined(order, level, keys[depth], depth)
    _listed(order, level, names)
    level[level < 0] = len(keys)
    level[0] = 0
    return _ranked(order, level, len(keys), ties)


def _groups(level: Array) -> tuple[Array, Array]:
    """Starts and ends of the runs that no key has separated yet (level −1 says: as the one before)."""
    open_ = level == -1
    open_[0] = False
    starts = np.flatnonzero(~open_)
    ends = np.append(starts[1:], len(level))
    several = ends - starts > 1
    return starts[several], ends[several]


def _refined(order: Array, level: Array, key: Array, depth: int) -> Array:
    """Sort the runs that are still equal by one more key, marking where it separates."""
    starts, ends = _groups(level)
    if len(starts) == 0:
        return order
    sizes = ends - starts
    positions = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    group = np.repeat(np.arange(len(starts)), sizes)
    values = key[order[positions]]
    inner = np.lexsort((values, group))
    order = order.copy()
    order[positions] = order[positions[inner]]
    values = values[inner]
    new = np.zeros(len(positions), bool)
    new[1:] = (values[1:] != values[:-1]) & (group[1:] == group[:-1])
    level[positions[new]] = depth
    return order


def _listed(order: Array, level: Array, names: Sequence[str]) -> None:
    """Within runs that stay equal, list by subject key."""
    starts, ends = _groups(level)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        order[start:end] = sorted(order[start:end].tolist(), key=lambda index: str(names[index]))


def _ranked(order: Array, level: Array, depth: int, ties: str) -> Order:
    size = len(order)
    new = level < depth
    new[0] = True
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], size)
    group = np.cumsum(new) - 1
    den = 1
    if ties == "dense":
        rank = group + 1
    elif ties == "average":
        rank, den = (starts + 1 + ends)[group], 2
    else:
        rank = starts[group] + 1
    # What separates a place from its neighbours: the deeper of the key towards the one above and the one below.
    towards_above = np.where(np.arange(size) > 0, level, 0)
    towards_below = np.append(level[1:], 0)
    decided = np.maximum(towards_above, towards_below)
    tied = ends - starts > 1
    pairs = tuple(zip(starts[tied].tolist(), ends[tied].tolist(), strict=True))
    return Order(order, rank, den, decided, pairs)


def rank_value(order: Order, position: int) -> int | Fraction:
    """The rank at a position."""
    exact = Fraction(int(order.rank[position]), order.rank_den)
    return exact.numerator if exact.denominator == 1 else exact


def line_of(advance: Advance, order: Order, total: Column, less: bool) -> int:
    """How many positions of an order are above a cut line; everyone tied at the line is above it."""
    size = len(order.order)
    if advance.score is not None:
        wanted_mask = total.ok & ~(above(total, advance.score) if less else below(total, advance.score))
        return int(wanted_mask[order.order].sum())
    wanted = (
        advance.first
        if advance.first is not None
        else people(advance.share or Fraction(0), size, advance.share_rounding)
    )
    if wanted >= size:
        return size
    end = wanted
    for start, stop in order.tied:
        if start < wanted < stop:
            end = stop
    return end


def people(share: Fraction, size: int, rounding: str) -> int:
    """A share of a field as a number of people."""
    return int(round_fraction(share * size, 0, rounding))
