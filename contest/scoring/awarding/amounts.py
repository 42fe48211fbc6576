"""Shares, marks and counts as rule sets write them, read exactly."""

import re
from fractions import Fraction

from contest.scoring.numbers import round_fraction

_WRITTEN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9}%?|%|/[1-9][0-9]{0,8})?")


class UnreadableAmount(ValueError):
    """A share or mark that cannot be read exactly; args[0] is what was written."""


def exact(written: int | str | Fraction) -> Fraction:
    """A mark or share as an exact value: 60, "59.5", "1/2", "5%". Raises UnreadableAmount.

    Binary floats are refused, because 0.1 + 0.2 would decide who is inside a band.
    """
    if isinstance(written, bool) or not isinstance(written, int | str | Fraction):
        raise UnreadableAmount(written)
    if not isinstance(written, str):
        return Fraction(written)
    if not _WRITTEN.fullmatch(written):
        raise UnreadableAmount(written)
    if written.endswith("%"):
        return Fraction(written[:-1]) / 100
    return Fraction(written)


def people(amount: Fraction, rounding: str) -> int:
    """A number of people from an exact amount by a registered way of rounding."""
    return int(round_fraction(amount, 0, rounding))


def one_decimal(share: Fraction) -> Fraction:
    """A share as a percentage to one decimal, half away from zero: what notices print beside a quota."""
    return round_fraction(share * 100, 1)
