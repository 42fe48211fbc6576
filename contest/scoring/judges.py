"""How judges marked: severity, spread, outliers, agreement, and favour shown to the own delegation.

Everything is exact. Marks are planes of integers (thousandths, say), shape (subjects, judges), with a mask
of the marks that exist. A panel or a field that is too small for a figure gives a `TooFew` instead of a
number that would look like evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from contest.scoring.scales import MAD_FACTOR, mean, median, median_deviation

Plane = np.ndarray[Any, np.dtype[Any]]

#: Below these numbers a figure says nothing about a judge; general statistical practice, not a rule book.
LEAST_JUDGES = 3
LEAST_SUBJECTS = 5
LEAST_OWN = 3


class ShapeMismatch(ValueError):
    """Marks and mask, or marks and names, do not have the same shape."""


@dataclass(frozen=True, slots=True)
class TooFew:
    """Too few to tell: what was counted, how many there are, and how many it needs."""

    what: str
    found: int
    needed: int


@dataclass(frozen=True, slots=True)
class JudgeFigures:
    """One judge beside the panel.

    severity: mean of (own mark − mean of the other judges' marks of the same subject); below 0 is strict.
    spread: mean distance of the own marks from their mean; a judge near 0 does not tell subjects apart.
    """

    judge: str
    count: int
    severity: Fraction | TooFew
    spread: Fraction | TooFew


@dataclass(frozen=True, slots=True)
class Outlier:
    """A mark far from the panel's median for the same subject, and the distance in points."""

    subject: int
    judge: str
    mark: Fraction
    median: Fraction
    distance: Fraction


def _checked(marks: Plane, given: Plane | None, judges: Sequence[str]) -> Plane:
    """The mask of marks that exist. Raises ShapeMismatch."""
    mask = np.ones(marks.shape, dtype=bool) if given is None else given
    if marks.ndim != 2 or mask.shape != marks.shape or marks.shape[1] != len(judges):
        raise ShapeMismatch(marks.shape, mask.shape, len(judges))
    return mask


def _rows(marks: Plane, mask: Plane) -> list[dict[int, int]]:
    """For each subject the marks that exist, by judge, as Python integers that cannot overflow."""
    return [
        {judge: int(marks[subject, judge]) for judge in np.flatnonzero(mask[subject]).tolist()}
        for subject in range(marks.shape[0])
    ]


def figures(
    marks: Plane, judges: Sequence[str], given: Plane | None = None, *, unit: int = 1
) -> tuple[JudgeFigures, ...]:
    """Severity and spread of each judge.

    marks: (subjects, judges) integers in 1/`unit` points. given: the same shape, true where a mark exists.
    Severity needs three judges on a subject and five such subjects; spread five own marks.
    Raises ShapeMismatch.
    """
    rows = _rows(marks, _checked(marks, given, judges))
    return tuple(_figures(name, judge, rows, unit) for judge, name in enumerate(judges))


def _figures(name: str, judge: int, rows: Sequence[dict[int, int]], unit: int) -> JudgeFigures:
    own = [Fraction(row[judge], unit) for row in rows if judge in row]
    gaps = [gap / unit for _, gap in _gaps(judge, rows)]
    severity: Fraction | TooFew = TooFew("subjects", len(gaps), LEAST_SUBJECTS)
    if len(gaps) >= LEAST_SUBJECTS:
        severity = mean(gaps)
    spread: Fraction | TooFew = TooFew("subjects", len(own), LEAST_SUBJECTS)
    if len(own) >= LEAST_SUBJECTS:
        centre = mean(own)
        spread = mean([abs(mark - centre) for mark in own])
    return JudgeFigures(name, len(own), severity, spread)


def _gaps(judge: int, rows: Sequence[dict[int, int]]) -> Iterator[tuple[int, Fraction]]:
    """(subject, own mark − mean of the others) wherever at least three judges marked."""
    for subject, row in enumerate(rows):
        if judge in row and len(row) >= LEAST_JUDGES:
            others = Fraction(sum(row.values()) - row[judge], len(row) - 1)
            yield subject, row[judge] - others


def outliers(
    marks: Plane,
    judges: Sequence[str],
    given: Plane | None = None,
    *,
    unit: int = 1,
    limit: Fraction = Fraction(3),
    floor: Fraction = Fraction(0),
) -> tuple[Outlier, ...]:
    """Marks more than `limit` robust deviations (1.4826·MAD) and more than `floor` points from the panel's median.

    Only subjects marked by at least three judges are looked at. With a MAD of 0 the floor alone decides, so
    that one judge against an agreed panel is still found. Largest distance first.
    """
    found: list[Outlier] = []
    for subject, row in enumerate(_rows(marks, _checked(marks, given, judges))):
        if len(row) < LEAST_JUDGES:
            continue
        values = [Fraction(mark, unit) for mark in row.values()]
        centre, allowed = median(values), limit * MAD_FACTOR * median_deviation(values)
        for judge, mark in zip(row, values, strict=True):
            distance = abs(mark - centre)
            if distance > allowed and distance > floor:
                found.append(Outlier(subject, judges[judge], mark, centre, distance))
    return tuple(sorted(found, key=lambda one: (-one.distance, one.subject, one.judge)))


def _complete(marks: Plane, given: Plane | None, judges: Sequence[str]) -> list[list[int]] | TooFew:
    """Subjects marked by every judge, or TooFew."""
    rows = _rows(marks, _checked(marks, given, judges))
    full = [list(row.values()) for row in rows if len(row) == len(judges)]
    if len(judges) < LEAST_JUDGES:
        return TooFew("judges", len(judges), LEAST_JUDGES)
    if len(full) < LEAST_SUBJECTS:
        return TooFew("subjects", len(full), LEAST_SUBJECTS)
    return full


def intraclass_correlation(
    marks: Plane, judges: Sequence[str], given: Plane | None = None, *, panel: bool = False
) -> Fraction | TooFew:
    """ICC(2,1), or ICC(2,k) of the panel's mean: how much of the variance lies between subjects.

    Two-way random effects, absolute agreement, over the subjects marked by all judges. Where no two marks
    differ there is nothing to tell.
    Source: Shrout and Fleiss, Intraclass correlations, Psychological Bulletin 86 (1979).
    """
    table = _complete(marks, given, judges)
    if isinstance(table, TooFew):
        return table
    n, k = len(table), len(judges)
    grand = Fraction(sum(map(sum, table)), n * k)
    by_subject = [Fraction(sum(row), k) for row in table]
    by_judge = [Fraction(sum(column), n) for column in zip(*table, strict=True)]
    between = k * sum(((value - grand) ** 2 for value in by_subject), Fraction(0))
    columns = n * sum(((value - grand) ** 2 for value in by_judge), Fraction(0))
    whole = sum(((mark - grand) ** 2 for row in table for mark in row), Fraction(0))
    bms, jms = between / (n - 1), columns / (k - 1)
    ems = (whole - between - columns) / ((n - 1) * (k - 1))
    divisor = bms + (jms - ems) / n if panel else bms + (k - 1) * ems + k * (jms - ems) / n
    return (bms - ems) / divisor if divisor else TooFew("differences", 0, 1)


def concordance(marks: Plane, judges: Sequence[str], given: Plane | None = None) -> Fraction | TooFew:
    """Kendall's W with its correction for ties: 1 when all judges put the subjects in one order, 0 when none do.

    Over the subjects marked by all judges. Where every judge gave everybody the same mark there is nothing to
    tell.
    Source: Kendall, Rank Correlation Methods (1948).
    """
    table = _complete(marks, given, judges)
    if isinstance(table, TooFew):
        return table
    n, k = len(table), len(judges)
    ranks = [doubled_ranks(column) for column in zip(*table, strict=True)]
    sums = [sum(of_subject) for of_subject in zip(*ranks, strict=True)]
    centre = Fraction(sum(sums), n)
    # The ranks are doubled so that averaged ones stay integers; their squares are four times too large.
    squares = sum(((value - centre) ** 2 for value in sums), Fraction(0)) / 4
    ties = sum(_tie_term(column) for column in zip(*table, strict=True))
    divisor = k * k * (n**3 - n) - k * ties
    return 12 * squares / divisor if divisor else TooFew("differences", 0, 1)


def doubled_ranks(values: Sequence[int]) -> list[int]:
    """Twice the averaged rank of each value, smallest first: 10, 20, 20, 30 → 2, 5, 5, 8."""
    counts = Counter(values)
    below = 0
    first: dict[int, int] = {}
    for value in sorted(counts):
        first[value] = below
        below += counts[value]
    return [2 * first[value] + counts[value] + 1 for value in values]


def _tie_term(values: Sequence[int]) -> int:
    """Σ (t³ − t) over the groups of t equal values."""
    return sum(count**3 - count for count in Counter(values).values())


def own_favour(
    marks: Plane,
    judges: Sequence[str],
    judge_delegations: Sequence[str],
    subject_delegations: Sequence[str],
    given: Plane | None = None,
    *,
    unit: int = 1,
) -> tuple[tuple[str, Fraction | TooFew], ...]:
    """For each judge: how much better the own delegation's subjects fare with this judge than others do.

    Mean of (own mark − mean of the others' marks) over subjects of the own delegation, minus the same mean
    over all other subjects, so that a generally mild judge is not taken for a biased one. Needs three own
    subjects and five others, each marked by at least three judges.
    """
    rows = _rows(marks, _checked(marks, given, judges))
    found: list[tuple[str, Fraction | TooFew]] = []
    for judge, name in enumerate(judges):
        own: list[Fraction] = []
        others: list[Fraction] = []
        for subject, gap in _gaps(judge, rows):
            home = bool(judge_delegations[judge]) and judge_delegations[judge] == subject_delegations[subject]
            (own if home else others).append(gap)
        if len(own) < LEAST_OWN:
            found.append((name, TooFew("own", len(own), LEAST_OWN)))
        elif len(others) < LEAST_SUBJECTS:
            found.append((name, TooFew("subjects", len(others), LEAST_SUBJECTS)))
        else:
            found.append((name, (mean(own) - mean(others)) / unit))
    return tuple(found)
