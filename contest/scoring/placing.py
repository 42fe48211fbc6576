"""Placements over a field: places by each judge, majorities of places, pairwise comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from contest.scoring.columns import Column
from contest.scoring.numbers import Array

if TYPE_CHECKING:
    from contest.scoring.aggregate import Panel


def places(values: Array, here: Array, less: bool, ties: str) -> tuple[Array, int]:
    """Places of the values that are there, best first, as numerators and their denominator.

    values: (subjects,). ties: "shared" 1,2,2,4 · "dense" 1,2,2,3 · "average" 1,2.5,2.5,4 (denominator 2).
    Places of subjects that are not there are 0.
    """
    result = np.zeros(len(values), np.int64)
    found, inverse = np.unique(values[here] if less else -values[here], return_inverse=True)
    counts = np.bincount(inverse, minlength=len(found)) if len(found) else np.zeros(0, np.int64)
    first = np.cumsum(counts) - counts + 1
    if ties == "dense":
        place, den = np.arange(1, len(found) + 1), 1
    elif ties == "average":
        place, den = 2 * first + counts - 1, 2
    else:
        place, den = first, 1
    result[here] = place[inverse]
    return result, den


def ladder(panel: Panel, ties: str) -> Column:
    """Each judge's marks as places over the field, shape (judges, subjects)."""
    here = np.ones(panel.marks.shape, bool) if panel.here is None else panel.here
    den = 1
    rows = np.zeros(panel.marks.shape, np.int64)
    for judge, marks in enumerate(panel.marks.num):
        rows[judge], den = places(marks, here[judge], panel.less, ties)
    return Column(rows, den, den * panel.marks.shape[1])


def majority_of_places(ladder_of: Column, here: Array | None) -> Column:
    """The skating system over one dance: places 1, 2, … are awarded in turn to those with the best majority.

    A subject has a majority for place p if more than half of its judges placed it p or better. Looking at p = 1, 2, …
    those with a majority are placed by its size, then by the sum of the places in it, then by looking further;
    whoever is still equal shares the place.
    """
    judges, subjects = ladder_of.shape
    given = np.ones((judges, subjects), bool) if here is None else here
    needed = given.sum(axis=0) // 2 + 1
    size = np.zeros((subjects, subjects), np.int64)
    added = np.zeros((subjects, subjects), np.int64)
    for place in range(1, subjects + 1):
        within = given & (ladder_of.num <= place * ladder_of.den)
        size[place - 1] = within.sum(axis=0)
        added[place - 1] = np.where(within, ladder_of.num, 0).sum(axis=0)
    reached = np.argmax(size >= needed, axis=0)
    keys = []
    for subject in range(subjects):
        later = [
            (-int(size[place, subject]), int(added[place, subject]))
            for place in range(reached[subject], subjects)
        ]
        keys.append((int(reached[subject]), later))
    better = [sum(1 for other in keys if other < key) for key in keys]
    anyone = given.any(axis=0)
    return Column(np.where(anyone, np.array(better, np.int64) + 1, 0), 1, subjects)


def pairwise_wins(marks: Array, here: Array | None, less: bool) -> Column:
    """For each subject the opponents beaten by more judges than lost to, in halves (a draw is one half)."""
    judges, subjects = marks.shape
    given = np.ones((judges, subjects), bool) if here is None else here
    halves = np.zeros(subjects, np.int64)
    anyone = given.any(axis=0)
    for subject in range(subjects):
        both = given & given[:, [subject]]
        ahead = (marks[:, [subject]] < marks) if less else (marks[:, [subject]] > marks)
        behind = (marks[:, [subject]] > marks) if less else (marks[:, [subject]] < marks)
        margin = (ahead & both).sum(axis=0) - (behind & both).sum(axis=0)
        points = np.where(margin > 0, 2, np.where(margin == 0, 1, 0)) * anyone
        halves[subject] = points.sum() - points[subject]
    return Column(np.where(anyone, halves, 0), 2, 2 * subjects)
