"""Exact values: rounding by rule, single numbers and whole columns. No binary floats anywhere.

A column is integer numerators over one denominator. Numerators are 64-bit while the known bound of their
absolute values allows it, and Python integers beyond, so that a result is exact whatever the rules multiply.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from contest.scoring.registry import ROUNDING

Array = np.ndarray[Any, np.dtype[Any]]
SAFE = 2**62
"""Numerators stay 64-bit while their bound is below this; one addition of two such values cannot overflow."""

OK, ABSENT, VOID, NO_RESULT, NO_MARK, BLOCKED = range(6)
"""States of a value, in order of strength: a sum over parts takes the strongest. ABSENT: did not take part.
VOID: declared void. NO_RESULT: took part without a result by the rules. NO_MARK: not yet marked. BLOCKED: a
problem must be settled first."""
STATE_NAMES = ("ok", "absent", "void", "no_result", "incomplete", "blocked")


@ROUNDING.register(
    "half_up", title_zh="四舍五入", title_en="half up (away from zero)", source="GB/T 8170-2008, 3.2"
)
def half_up(numerator: Any, denominator: int) -> Any:
    """Quotient to the nearest integer, halves away from zero. Integers or integer arrays. Source: GB/T 8170-2008."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size * sign(numerator)


@ROUNDING.register(
    "half_even", title_zh="四舍六入五成双", title_en="half to even", source="GB/T 8170-2008, 3.3"
)
def half_even(numerator: Any, denominator: int) -> Any:
    """Quotient to the nearest integer, halves to the even one. Source: GB/T 8170-2008."""
    low = numerator // denominator
    twice = 2 * (numerator - low * denominator)
    up = (twice > denominator) | ((twice == denominator) & (low % 2 == 1))
    return low + up


@ROUNDING.register(
    "truncate", title_zh="舍去", title_en="truncate (towards zero)", source="rule books that say 不四舍五入"
)
def truncate(numerator: Any, denominator: int) -> Any:
    """Quotient without its fraction, towards zero. Source: rule books that cut off further decimals."""
    return (abs(numerator) // denominator) * sign(numerator)


@ROUNDING.register(
    "down", title_zh="向下取整", title_en="down (towards minus infinity)", source="general arithmetic"
)
def down(numerator: Any, denominator: int) -> Any:
    """The greatest integer not above the quotient. Source: general arithmetic."""
    return numerator // denominator


@ROUNDING.register(
    "up", title_zh="向上取整", title_en="up (towards plus infinity)", source="general arithmetic"
)
def up(numerator: Any, denominator: int) -> Any:
    """The smallest integer not below the quotient. Source: general arithmetic."""
    return -(-numerator // denominator)


@ROUNDING.register(
    "half_down", title_zh="五舍六入", title_en="half down (towards zero)", source="general arithmetic"
)
def half_down(numerator: Any, denominator: int) -> Any:
    """Quotient to the nearest integer, halves towards zero. Source: general arithmetic."""
    size = -((denominator - 2 * abs(numerator)) // (2 * denominator))
    return size * sign(numerator)


def sign(numerator: Any) -> Any:
    """−1, 0 or 1, for an integer or elementwise for an array."""
    if isinstance(numerator, np.ndarray):
        return (numerator > 0).astype(numerator.dtype) - (numerator < 0)
    return (numerator > 0) - (numerator < 0)


def round_fraction(
    value: Fraction, digits: int, mode: str = "half_up", step: Fraction | None = None
) -> Fraction:
    """`value` rounded to `digits` decimals (negative: tens, hundreds), or to a multiple of `step`."""
    unit = step if step is not None else Fraction(1, 10**digits) if digits >= 0 else Fraction(10**-digits)
    quotient = Fraction(value) / unit
    return int(ROUNDING.get(mode).function(quotient.numerator, quotient.denominator)) * unit


def decimal_text(value: Fraction, digits: int | None = None, mode: str = "half_up") -> str:
    """A number as people read it: with exactly `digits` decimals, or (None) as many as it needs, at most six."""
    if digits is not None and digits < 0:
        return str(round_fraction(value, digits, mode))
    places = 6 if digits is None else digits
    scaled = int(ROUNDING.get(mode).function(value.numerator * 10**places, value.denominator))
    whole, part = divmod(abs(scaled), 10**places)
    text = f"{whole}.{part:0{places}d}" if places else str(whole)
    if digits is None:
        text = text.rstrip("0").rstrip(".")
    return f"-{text}" if scaled < 0 else text
