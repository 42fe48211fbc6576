"""How totals lie: classes of equal width with round borders, and the five figures that sum a field up. All exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from contest.scoring.scales import mean, median

MOST_CLASSES = 12
LEAST_GROUP = 5
"""A group of fewer people says too much about each of them to be told to the public."""


@dataclass(frozen=True, slots=True)
class Class:
    """How many values lie from `low` (included) to `high` (left out, but for the last class)."""

    low: Fraction
    high: Fraction
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Least, quartiles, greatest and mean of a field; a quartile is the median of a half without the middle value."""

    count: int
    least: Fraction
    lower: Fraction
    median: Fraction
    upper: Fraction
    greatest: Fraction
    mean: Fraction


def classes_of(values: Sequence[Fraction]) -> tuple[Class, ...]:
    """At most MOST_CLASSES classes of width 1, 2 or 5 × 10ⁿ; () without values, one class where all are equal."""
    if not values:
        return ()
    least, greatest = min(values), max(values)
    width = _width(greatest - least)
    start = (least // width) * width
    counts: dict[int, int] = {}
    last = int((greatest - start) // width)
    if last and start + last * width == greatest:
        last -= 1
    for value in values:
        place = min(int((value - start) // width), last)
        counts[place] = counts.get(place, 0) + 1
    return tuple(
        Class(start + place * width, start + (place + 1) * width, counts.get(place, 0))
        for place in range(last + 1)
    )


def _width(span: Fraction) -> Fraction:
    """The narrowest round width with which a span needs at most MOST_CLASSES − 1 classes."""
    width = Fraction(1, 1000)
    while True:
        for factor in (1, 2, 5):
            if span / (width * factor) <= MOST_CLASSES - 1:
                return width * factor
        width *= 10


def summary_of(values: Sequence[Fraction]) -> Summary | None:
    """The figures of a field; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    half = len(ordered) // 2
    lower, upper = (ordered[:half], ordered[-half:]) if half else (ordered, ordered)
    return Summary(
        len(ordered), ordered[0], median(lower), median(ordered), median(upper), ordered[-1], mean(ordered)
    )


def told(counts: Mapping[str, int], *, least: int = LEAST_GROUP) -> dict[str, int | None]:
    """Counts of groups as they may be made public: None for a group smaller than `least`.

    The sum is known to everybody, so a lone small group would be found by subtraction: the next smaller groups are
    kept back too, until at least two are and they hold `least` people together.
    """
    small = {name for name, count in counts.items() if 0 < count < least}
    others = sorted((count, name) for name, count in counts.items() if name not in small and count)
    while small and others and (len(small) < 2 or sum(counts[name] for name in small) < least):
        small.add(others.pop(0)[1])
    return {name: None if name in small else count for name, count in counts.items()}
