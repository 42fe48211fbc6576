"""Marks as entered: range, step, decimals, spread, the default of no mark, votes for a knock-out."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from contest.scoring import columns as cols
from contest.scoring.codec import plain
from contest.scoring.columns import Column
from contest.scoring.kinds import Kind, KnockOut
from contest.scoring.numbers import BLOCKED, NO_MARK, OK, SAFE, Array
from contest.scoring.planes import Plane

MOST_CELLS = 10_000
"""So many wrong cells are looked at one by one before the first few are named."""

Refuse = Callable[..., Column]


def checked(plane: Plane, kind: Kind, decimals: int, refuse: Refuse) -> Column:
    """The marks of a plane; those out of range, off the step or too fine are handed to `refuse(column, mask, code, …)`."""
    column = plane.column()
    low, high = limits(kind)
    low, high = plane.low if low is None else low, plane.high if high is None else high
    if plane.low < low or plane.high > high:
        under, over = column.num < low, column.num > high
        column = refuse(column, column.ok & (under | over), "mark_range", low=kind.low, high=kind.high)
    if kind.step is not None:
        wrong = off_step(column, kind.step, kind.low or Fraction(0))
        column = refuse(column, column.ok & wrong, "mark_step", step=kind.step)
    if decimals < 3:
        wrong = column.num % 10 ** (3 - decimals) != 0
        column = refuse(column, column.ok & wrong, "mark_decimals", decimals=decimals)
    return column


def limits(kind: Kind) -> tuple[int | None, int | None]:
    """The least and the greatest mark in thousandths; a limit between two of them is as good as the next one inside."""
    low = None if kind.low is None else math.ceil(kind.low * 1000)
    return low, None if kind.high is None else math.floor(kind.high * 1000)


def defaulted(column: Column, kind: Kind) -> Column:
    """No row stands for the default mark where the kind has one."""
    if kind.default is None or column.state is None:
        return column
    points = kind.points(cols.constant(kind.default, (1, 1, 1)))
    missing = column.state == NO_MARK
    filled = cols.where(missing, points, Column(column.num, column.den, column.bound))
    state = np.where(missing, np.int8(OK), column.state)
    return Column(filled.num, filled.den, filled.bound, state if state.any() else None)


def too_wide(column: Column, spread: Fraction) -> Array:
    """Where the marks of a place differ by more than `spread`: (attempts, subjects)."""
    ok = column.ok
    top = np.where(ok, column.num, -column.bound - 1).max(axis=1)
    low = np.where(ok, column.num, column.bound + 1).min(axis=1)
    return np.asarray(ok.any(axis=1) & (top - low > spread * column.den))


def hits(column: Column, rule: KnockOut) -> Array:
    """Subjects whom a knock-out item hits, by the votes it needs, in any attempt."""
    said = (column.ok & (column.num >= column.den)).sum(axis=1)
    given = column.ok.sum(axis=1)
    enough = {"any": said > 0, "majority": 2 * said > given, "all": (said > 0) & (said == given)}[rule.votes]
    return np.asarray(enough.any(axis=0))


def blocked(column: Column, wrong: Array) -> Column:
    """The column without the marks that break the rules."""
    return cols.with_state(column, wrong, BLOCKED)


def off_step(column: Column, step: Fraction, start: Fraction) -> Array:
    """Where thousandths are not `start` plus a multiple of `step`."""
    unit = step * 1000
    if start % step == 0:
        # Half a million subjects make fifty million marks: no pass over them is spent on adding nothing.
        num, _ = cols.multiplied(column.num, column.bound, unit.denominator)
        return np.asarray(num % unit.numerator != 0, bool)
    offset = start * 1000
    den = math.lcm(unit.denominator, offset.denominator)
    shift = offset.numerator * (den // offset.denominator)
    num, bound = cols.multiplied(column.num, column.bound, den)
    if bound + abs(shift) >= SAFE:
        num = num.astype(object)
    return np.asarray((num - shift) % (unit.numerator * (den // unit.denominator)) != 0, bool)


def worded(value: Any) -> Any:
    """A number of a problem as text; anything else unchanged."""
    return str(plain(value)) if isinstance(value, Fraction) else value
