"""Totals of one field brought to a common scale, so that trades can be compared, and medals by gaps on it.

Every scale is exact: roots are never taken in floating point but compared by their squares, so that a
rounded score never depends on the machine. Scales are registered in `registry.SCALES` under the key by
which a rule set names them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from contest.scoring.numbers import round_fraction
from contest.scoring.registry import SCALES

#: The consistency constant that makes a median absolute deviation comparable to a standard deviation.
MAD_FACTOR = Fraction(14826, 10000)


class EmptyField(ValueError):
    """A scale needs at least one total."""


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the two middle ones. Raises EmptyField for no values."""
    if not values:
        raise EmptyField
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle]) / 2


def mean(values: Sequence[Fraction]) -> Fraction:
    """The arithmetic mean, exact. Raises EmptyField for no values."""
    if not values:
        raise EmptyField
    return Fraction(sum(values)) / len(values)


def median_deviation(values: Sequence[Fraction]) -> Fraction:
    """The median of the absolute differences from the median (MAD)."""
    centre = median(values)
    return median([abs(value - centre) for value in values])


def variance(values: Sequence[Fraction], *, sample: bool = False) -> Fraction:
    """Mean squared deviation; with `sample` divided by n − 1 instead of n (zero for a single value)."""
    centre = mean(values)
    squares = sum(((value - centre) ** 2 for value in values), Fraction(0))
    divisor = len(values) - 1 if sample else len(values)
    return squares / divisor if divisor else Fraction(0)


def signed_root(square: Fraction, sign: int, digits: int) -> Fraction:
    """sign · √square rounded half away from zero to `digits` decimals, decided by integers alone.

    `square` is a non-negative exact value. ⌊2·√s·10ᵈ⌋ is an integer square root, and half of it rounded
    up is the nearest value: a root exactly on a half goes away from zero, one that is irrational never lies there.
    """
    scale = 10**digits
    twice = isqrt(4 * square.numerator * scale * scale // square.denominator)
    return sign * Fraction((twice + 1) // 2, scale)


def standardised(
    values: Sequence[Fraction], *, centre: int, spread: int, digits: int, sample: bool
) -> tuple[Fraction, ...]:
    """centre + spread · (x − mean) / standard deviation of each value, rounded; `centre` for all without spread."""
    middle, squared = mean(values), variance(values, sample=sample)
    if squared == 0:
        return tuple(Fraction(centre) for _ in values)
    return tuple(
        centre
        + signed_root(spread**2 * (value - middle) ** 2 / squared, 1 if value >= middle else -1, digits)
        for value in values
    )


@SCALES.register(
    "median_700",
    title_zh="700 分制（中位数、MAD）",
    title_en="700 scale (median, MAD)",
    source="WorldSkills scale, median = 700; formula of the judging program github.com/fzrilsh/lks-judge (compatible, not official)",
    parameters={"unit": ("单位离散度的分值", "points per unit of spread"), "digits": ("小数位", "decimals")},
)
def median_700(totals: Sequence[Fraction], *, unit: int = 30, digits: int = 0) -> tuple[Fraction, ...]:
    """700 + 30·(x − median) / (1.4826·MAD), kept within 0…1000; 700 for all if the MAD is 0.

    Compatible with the WorldSkills scale, not official: it reproduces a published set of 32 totals.
    """
    centre, deviation = median(totals), median_deviation(totals)
    if deviation == 0:
        return tuple(Fraction(700) for _ in totals)
    scaled = (700 + unit * (total - centre) / (MAD_FACTOR * deviation) for total in totals)
    return tuple(min(max(round_fraction(value, digits), Fraction(0)), Fraction(1000)) for value in scaled)


@SCALES.register(
    "mean_500",
    title_zh="500 分制（平均数、标准差）",
    title_en="500 scale (mean, standard deviation)",
    source="published results of WorldSkills Shizuoka 2007: mean 500 and standard deviation 30 in each of 47 skills",
    parameters={"unit": ("单位离散度的分值", "points per unit of spread"), "digits": ("小数位", "decimals")},
)
def mean_500(totals: Sequence[Fraction], *, unit: int = 30, digits: int = 0) -> tuple[Fraction, ...]:
    """500 + 30·(x − mean) / population standard deviation; 500 for all if all totals are equal.

    Compatible with the older WorldSkills scale: in the published results of Shizuoka 2007 each of the 47
    skills has the mean 500 and the standard deviation 30 (within the rounding of the scores).
    """
    return standardised(totals, centre=500, spread=unit, digits=digits, sample=False)


@SCALES.register(
    "z_score",
    title_zh="标准分（z 分数）",
    title_en="Standard score (z)",
    source="general statistics; configurable background, no rule book of its own",
    parameters={"digits": ("小数位", "decimals"), "sample": ("除以 n−1", "divide by n − 1")},
)
def z_score(totals: Sequence[Fraction], *, digits: int = 4, sample: bool = False) -> tuple[Fraction, ...]:
    """(x − mean) / standard deviation, rounded to `digits`; 0 for all if all totals are equal."""
    return standardised(totals, centre=0, spread=1, digits=digits, sample=sample)


@SCALES.register(
    "percentile",
    title_zh="百分等级",
    title_en="Percentile rank",
    source="general statistics; configurable background, no rule book of its own",
)
def percentile(totals: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Share of the field that is worse, counting equals (oneself included) half, in percent, exact."""
    if not totals:
        raise EmptyField
    ordered = sorted(totals)
    first: dict[Fraction, int] = {}
    count: dict[Fraction, int] = {}
    for place, total in enumerate(ordered):
        first.setdefault(total, place)
        count[total] = count.get(total, 0) + 1
    return tuple(Fraction(100 * (2 * first[total] + count[total]), 2 * len(totals)) for total in totals)


@SCALES.register(
    "share_of_best",
    title_zh="与最高分之比",
    title_en="Share of the best",
    source="vote scores: own votes ÷ most votes × 100 (korea.people.com.cn, 2022)",
    parameters={"top": ("最高分记为", "value of the best")},
)
def share_of_best(totals: Sequence[Fraction], *, top: int = 100) -> tuple[Fraction, ...]:
    """x ÷ the best total × 100, exact; 0 for all if nothing is above 0."""
    if not totals:
        raise EmptyField
    best = max(totals)
    if best <= 0:
        return tuple(Fraction(0) for _ in totals)
    return tuple(Fraction(total) * top / best for total in totals)


@dataclass(frozen=True, slots=True)
class GapMedal:
    """A medal by gaps and why: the score that decided and the gap to it (None where no gap was asked)."""

    award: str | None
    code: str
    against: Fraction | None = None


def medals_by_gaps(
    scores: Sequence[Fraction], *, gap: int = 2, medallion: int | None = 700
) -> tuple[GapMedal, ...]:
    """Gold, silver, bronze and medallion for scores on a scale, in the order given.

    Scores at most `gap` below the best share gold. Two golds leave no silver; three or more leave bronze
    only to scores within `gap` of the last gold. After several silvers bronze goes only to scores within
    `gap` of the last silver. Without a medal, a score of at least `medallion` earns the medallion.
    Source: WorldSkills Competition Rules (text of 2015); fits all 740 published results of Shizuoka 2007.
    """
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    ladder = [Fraction(scores[i]) for i in order]
    medals: list[GapMedal] = []
    golds = _within(ladder, 0, gap)
    medals += [GapMedal("gold", "gap_leads", ladder[0]) for _ in range(golds)]
    silvers = _within(ladder, golds, gap) if golds == 1 else 0
    medals += [GapMedal("silver", "gap_next", ladder[golds]) for _ in range(silvers)]
    start = golds + silvers
    if golds >= 3 or silvers >= 2:
        anchor = ladder[start - 1]
        bronzes = sum(1 for score in ladder[start:] if anchor - score <= gap)
        medals += [GapMedal("bronze", "gap_to_last", anchor) for _ in range(bronzes)]
    else:
        bronzes = _within(ladder, start, gap)
        medals += [GapMedal("bronze", "gap_next", ladder[start]) for _ in range(bronzes)]
    for score in ladder[start + bronzes :]:
        reached = medallion is not None and score >= medallion
        medals.append(GapMedal("medallion", "scale_reached") if reached else GapMedal(None, "scale_below"))
    placed: list[GapMedal] = [GapMedal(None, "scale_below")] * len(scores)
    for place, index in enumerate(order):
        placed[index] = medals[place]
    return tuple(placed)


def _within(ladder: Sequence[Fraction], start: int, gap: int) -> int:
    """How many scores from `start` on lie at most `gap` below the one at `start`."""
    return sum(1 for score in ladder[start:] if ladder[start] - score <= gap)
