"""Marks as entered: range, step, decimals, spread, the default of no mark, votes for a knock-out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from contest.scoring import columns as cols
from contest.scoring.codec import plain
from contest.scoring.columns import Column
from contest.scoring.kinds import Kind, KnockOut
from contest.scoring.numbers import BLOCKED, NO_MARK, OK, Array
from contest.scoring.planes import Plane

MOST_CELLS = 10_000
"""So many wrong cells are looked at one by one before the first few are named."""

Refuse = Callable[..., Column]


def checked(plane: Plane, kind: Kind, decimals: int, refuse: Refuse) -> Column:
    """The marks of a plane; those out of range, off the step or too fine are handed to `refuse(column, mask, code, …)`."""
    column = plane.column()
    low, high = _milli(kind.low), _milli(kind.high)
    if (low is not None and plane.low < low) or (high is not None and plane.high > high):
        under = column.num < (plane.low if low is None else low)
        over = column.num > (plane.high if high is None else high)
        column = refuse(column, column.ok & (under | over), "mark_range", low=kind.low, high=kind.high)
    if kind.step is not None:
        wrong = _off_step(column.num, kind.step, kind.low or Fraction(0))
        column = refuse(column, column.ok & wrong, "mark_step", step=kind.step)
    if decimals < 3:
        wrong = column.num % 10 ** (3 - decimals) != 0
        column = refuse(column, column.ok & wrong, "mark_decimals", decimals=decimals)
    return column


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


def _off_step(num: Array, step: Fraction, start: Fraction) -> Array:
    """Where thousandths are not `start` plus a multiple of `step`."""
    unit = step * 1000
    if start % step == 0:
        # Half a million subjects make fifty million marks: no pass over them is spent on adding nothing.
        return (num if unit.denominator == 1 else num * unit.denominator) % unit.numerator != 0
    offset = start * 1000 * unit.denominator
    return (num * unit.denominator * offset.denominator - offset.numerator) % (
        unit.numerator * offset.denominator
    ) != 0


def _milli(limit: Fraction | None) -> Fraction | int | None:
    if limit is None:
        return None
    exact = limit * 1000
    return exact.numerator if exact.denominator == 1 else exact


def worded(value: Any) -> Any:
    """A number of a problem as text; anything else unchanged."""
    return str(plain(value)) if isinstance(value, Fraction) else value
