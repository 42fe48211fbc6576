"""Missing judges: how many marks a panel owes, and what is done where one is missing."""

from __future__ import annotations

import numpy as np

from contest.scoring.aggregate import divided, row_sum
from contest.scoring.columns import Column, scaled_to
from contest.scoring.numbers import Array


def expected_judges(
    here: Array | None, void: Array | None, stated: int | None, shape: tuple[int, ...]
) -> int:
    """How many judges mark each subject: as the rules state, else the most that marked any subject."""
    if stated is not None:
        return stated
    if here is None:
        return shape[0]
    counts = here.sum(axis=0) + (void if void is not None else 0)
    return int(counts.max()) if counts.size else 0


def completed(
    marks: Column, here: Array | None, void: Array | None, expected: int, policy: str
) -> tuple[Column, Array | None, Array | None]:
    """Apply the policy for missing judges; returns the marks, where they are, and which subjects were short.

    A void mark is not missing: it was given and struck out. "block" and "ignore" leave the marks as they are, "zero"
    and "mean" put 0 or the mean of the others where a mark is owed.
    """
    judges, subjects = marks.shape
    if here is None:
        if expected <= judges:
            return marks, here, None
        here = np.ones(marks.shape, bool)
    counts = here.sum(axis=0)
    owed = np.where(counts > 0, expected - counts - (0 if void is None else void), 0)
    short = owed > 0
    if policy in ("block", "ignore") or not short.any():
        return marks, here, short if short.any() else None
    if expected > judges:
        extra = np.zeros((expected - judges, subjects), marks.num.dtype)
        marks = Column(np.concatenate([marks.num, extra]), marks.den, marks.bound)
        here = np.concatenate([here, np.zeros(extra.shape, bool)])
    fill = ~here & (np.cumsum(~here, axis=0) <= owed)
    if policy == "mean":
        means = divided(row_sum(marks), np.maximum(counts, 1))
        marks = scaled_to(marks, means.den)
        marks = Column(np.where(fill, means.num, marks.num), marks.den, max(marks.bound, means.bound))
    return marks, here | fill, short
