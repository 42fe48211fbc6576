"""Columns of exact values: integer numerators over one denominator, with a state for each value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np

from contest.scoring.numbers import OK, SAFE, Array
from contest.scoring.registry import ROUNDING


@dataclass(frozen=True)
class Column:
    """Exact values of any shape, the last axis being the subjects.

    num: numerators, int64 or (beyond 64 bits) Python integers. den: the common denominator. bound: no |num| is
    greater. state: codes OK … BLOCKED of the same shape, or None when all are OK. A numerator whose state is not
    OK is 0.
    """

    num: Array
    den: int
    bound: int
    state: Array | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the values."""
        return tuple(self.num.shape)

    @property
    def ok(self) -> Array:
        """Where a value is there."""
        return np.ones(self.shape, bool) if self.state is None else self.state == OK

    def states(self) -> Array:
        """State codes, never None."""
        return np.zeros(self.shape, np.int8) if self.state is None else self.state

    def fraction(self, *index: int) -> Fraction | None:
        """One value; None unless its state is OK."""
        if self.state is not None and self.state[index] != OK:
            return None
        return Fraction(int(self.num[index]), self.den)

    def take(self, index: Any) -> Column:
        """The column at some subjects (last axis)."""
        state = None if self.state is None else self.state[..., index]
        return Column(self.num[..., index], self.den, self.bound, state)

    def reshape(self, *shape: int) -> Column:
        """The same values in another shape."""
        return Column(
            self.num.reshape(shape),
            self.den,
            self.bound,
            None if self.state is None else self.state.reshape(shape),
        )


def whole(num: Array, den: int = 1, state: Array | None = None) -> Column:
    """A column whose bound is read from its values."""
    return Column(num, den, largest(num), state)


def constant(value: Fraction, shape: tuple[int, ...]) -> Column:
    """The same value everywhere."""
    kind: Any = np.int64 if abs(value.numerator) < SAFE else object
    return Column(np.full(shape, value.numerator, kind), value.denominator, abs(value.numerator))


def largest(num: Array) -> int:
    """The greatest |numerator|, 0 for no values."""
    if num.size == 0:
        return 0
    return max(abs(int(num.min())), abs(int(num.max())))


def multiplied(num: Array, bound: int, factor: int) -> tuple[Array, int]:
    """num × factor and its bound, in 64 bits if they hold it, else in Python integers."""
    if factor == 1:
        return num, bound
    # A factor beyond 64 bits does not fit even where every numerator is 0.
    if num.dtype != object and max(bound, 1) * abs(factor) >= SAFE:
        bound = largest(num)
        if max(bound, 1) * abs(factor) >= SAFE:
            num = num.astype(object)
    return num * factor, bound * abs(factor)


def times(column: Column, factor: Fraction) -> Column:
    """Each value × factor."""
    if factor == 1:
        return column
    shared = gcd(factor.numerator, column.den) or 1
    num, bound = multiplied(column.num, column.bound, factor.numerator // shared)
    return Column(num, column.den // shared * factor.denominator, bound, column.state)


def scaled_to(column: Column, den: int) -> Column:
    """The same values over the denominator `den`, a multiple of the column's."""
    num, bound = multiplied(column.num, column.bound, den // column.den)
    return Column(num, den, bound, column.state)


def common(columns: Sequence[Column]) -> list[Column]:
    """The columns over one denominator."""
    den = lcm(*(column.den for column in columns))
    return [scaled_to(column, den) for column in columns]


def strongest(columns: Sequence[Column]) -> Array | None:
    """The strongest state of each place; None if all are OK."""
    states = [column.state for column in columns if column.state is not None]
    if not states:
        return None
    shape = np.broadcast_shapes(*(column.shape for column in columns))
    result = np.zeros(shape, np.int8)
    for state in states:
        result = np.maximum(result, state)
    return result


def blanked(num: Array, state: Array | None) -> Array:
    """`num` with 0 where the state is not OK."""
    return (
        num if state is None else np.where(state == OK, num, num.dtype.type(0) if num.dtype != object else 0)
    )


def added(columns: Sequence[Column], factors: Sequence[Fraction]) -> Column:
    """Σ factor × column, the state the strongest of the parts. Shapes are broadcast."""
    scaled = common([times(column, factor) for column, factor in zip(columns, factors, strict=True)])
    bound = sum(column.bound for column in scaled)
    nums = [column.num for column in scaled]
    if bound >= SAFE and not any(num.dtype == object for num in nums):
        bound = sum(largest(num) for num in nums)
        if bound >= SAFE:
            nums = [num.astype(object) for num in nums]
    total = nums[0]
    for index, num in enumerate(nums[1:]):
        # The first sum makes a new array, so that adding in place afterwards changes no part.
        total = (
            np.add(total, num, out=total)
            if index and total.shape == num.shape and total.dtype == num.dtype
            else total + num
        )
    state = strongest(scaled)
    return Column(blanked(total, state), scaled[0].den, bound, state)


def product(left: Column, right: Column) -> Column:
    """Value × value, the state the stronger of the two."""
    bound = left.bound * right.bound
    first, second = left.num, right.num
    if bound >= SAFE and first.dtype != object:
        bound = largest(first) * largest(second)
        if bound >= SAFE:
            first = first.astype(object)
    state = strongest([left, right])
    return Column(blanked(first * second, state), left.den * right.den, bound, state)


def rounded(column: Column, digits: int, mode: str, step: Fraction | None = None) -> Column:
    """Each value rounded to `digits` decimals, or to a multiple of `step`, by `mode` of ROUNDING."""
    unit = step if step is not None else Fraction(1, 10**digits) if digits >= 0 else Fraction(10**-digits)
    ratio = times(column, 1 / unit)
    num = ratio.num
    if num.dtype != object and (2 * ratio.bound + ratio.den >= SAFE or 2 * ratio.den >= SAFE):
        num = num.astype(object)
    quotients = ROUNDING.get(mode).function(num, ratio.den)
    bound = ratio.bound // ratio.den + 1
    if quotients.dtype == object and bound < SAFE:
        quotients = quotients.astype(np.int64)
    return times(Column(quotients, 1, bound, column.state), unit)


def clipped(column: Column, low: Fraction | None, high: Fraction | None) -> Column:
    """Each value kept within [low, high]; None leaves that side open. Missing values stay missing."""
    for limit, pick in ((high, np.minimum), (low, np.maximum)):
        if limit is not None:
            column, edge = common([column, constant(limit, (1,))])
            num = column.num.astype(object) if edge.num.dtype == object else column.num
            num = blanked(pick(num, edge.num[0]), column.state)
            column = Column(num, column.den, max(column.bound, edge.bound), column.state)
    return column


def where(mask: Array, chosen: Column, other: Column) -> Column:
    """`chosen` where the mask is true, else `other`."""
    one, two = common([chosen, other])
    state = None
    if one.state is not None or two.state is not None:
        state = np.where(mask, one.states(), two.states())
    num = np.where(mask, one.num, two.num)
    return Column(num, one.den, max(one.bound, two.bound), state)


def with_state(column: Column, mask: Array, code: int) -> Column:
    """The column with the state `code` (and no value) where the mask is true."""
    if not mask.any():
        return column
    state = np.where(mask, np.int8(code), column.states())
    return Column(blanked(column.num, state), column.den, column.bound, state)


def stacked(columns: Sequence[Column]) -> Column:
    """Columns of one shape as rows of a column with one more axis in front."""
    same = common(columns)
    shape = np.broadcast_shapes(*(column.shape for column in same))
    state = None
    if any(column.state is not None for column in same):
        state = np.stack([np.broadcast_to(column.states(), shape) for column in same])
    num = np.stack([np.broadcast_to(column.num, shape) for column in same])
    return Column(num, same[0].den, max(column.bound for column in same), state)


def below(column: Column, limit: Fraction) -> Array:
    """Where a value is there and smaller than `limit`."""
    same, edge = common([column, constant(limit, (1,))])
    return same.ok & np.asarray(same.num < edge.num[0], bool)


def above(column: Column, limit: Fraction) -> Array:
    """Where a value is there and greater than `limit`."""
    same, edge = common([column, constant(limit, (1,))])
    return same.ok & np.asarray(same.num > edge.num[0], bool)
