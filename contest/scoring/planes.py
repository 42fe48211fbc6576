"""Marks scattered into planes: (attempts, seats, subjects) for each aspect and round, checked on the way.

Half a million subjects with a hundred marks each are fifty million rows, so rows are walked once, in pieces that
stay in the processor's cache, and everything else is done on planes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from contest.scoring.columns import Column, blanked
from contest.scoring.field import ABSENT as MARK_ABSENT
from contest.scoring.field import UNITS, Field, Ints, Marks
from contest.scoring.field import VOID as MARK_VOID
from contest.scoring.numbers import ABSENT, BLOCKED, NO_MARK, VOID, Array
from contest.scoring.problems import Problem

EMPTY = np.iinfo(np.int64).min
ABSENT_CELL, VOID_CELL, DOUBLE_CELL = EMPTY + 1, EMPTY + 2, EMPTY + 3
"""Cells without a value: no row, absent, void, and named by two rows (neither of which may win by its place)."""
PIECE = 1 << 18
SPARE_CELLS = 4_000_000
"""So many empty cells are cheaper than finding slots for the seats."""
MOST_MILLI = 10**15
"""No |mark| in thousandths may be greater: sums of many such marks still fit where the engine needs them to."""


@dataclass(frozen=True)
class Plane:
    """The cells of one (round, aspect): int64 of shape (attempts, slots, subjects), with EMPTY, ABSENT and VOID cells.

    `full`: no cell is special, so that the common case needs no masks.
    """

    cells: Array
    low: int
    high: int
    full: bool

    def column(self) -> Column:
        """Marks as a column in thousandths with states."""
        bound = max(abs(self.low), abs(self.high))
        if self.full:
            return Column(self.cells, UNITS, bound)
        state = np.zeros(self.cells.shape, np.int8)
        state[self.cells == EMPTY] = NO_MARK
        state[self.cells == ABSENT_CELL] = ABSENT
        state[self.cells == VOID_CELL] = VOID
        state[self.cells == DOUBLE_CELL] = BLOCKED
        return Column(blanked(self.cells, state), UNITS, bound, state)


@dataclass(frozen=True)
class Layout:
    """Where a mark goes: blocks of (slots × subjects), one a (round, aspect, attempt)."""

    first: Array
    attempts: Array
    blocks: int
    slots: int
    subjects: int


def checked(marks: Marks, field: Field, rounds: int, aspects: int) -> tuple[Marks, list[Problem]]:
    """Leave out marks whose codes point nowhere, reporting how many."""
    people = len(field.members) if field.members is not None else 0
    limits: list[tuple[str, Ints | None, int, int]] = [
        ("entry", marks.entry, 0, len(field.entries)),
        ("seat", marks.seat, 0, len(field.seats)),
        ("aspect", marks.aspect, 0, aspects),
        ("round", marks.round, 0, max(rounds, 1)),
        ("member", marks.member, -1, people),
        ("attempt", marks.attempt, 0, 1000),
        ("state", marks.state, 0, 3),
        ("value", marks.value, -MOST_MILLI, MOST_MILLI + 1),
    ]
    problems, bad = [], None
    for name, codes, low, high in limits:
        if codes is None or not len(codes) or (codes.min() >= low and codes.max() < high):
            continue
        wrong = (codes < low) | (codes >= high)
        problems.append(Problem("mark_code", "", {"column": name, "count": int(wrong.sum())}))
        bad = wrong if bad is None else bad | wrong
    return (marks if bad is None else chosen(marks, ~bad)), problems


def chosen(marks: Marks, mask: Array) -> Marks:
    """The marks where the mask is true."""
    names = ("entry", "seat", "aspect", "value", "member", "round", "attempt", "state")
    picked: dict[str, Any] = {}
    for name in names:
        codes = getattr(marks, name)
        picked[name] = None if codes is None else codes[mask]
    return Marks(**picked)


def slots_of(marks: Marks, subject: Ints, seats: int, blocks: int, subjects: int) -> tuple[Ints, int]:
    """A slot for each mark: the seat itself, or, where seats × subjects would be mostly empty, a number within the subject.

    The same seat keeps its slot over all aspects of a subject, so that a judge's own sum can be made.
    """
    if seats * subjects * blocks <= 4 * len(marks) + SPARE_CELLS:
        return marks.seat, max(seats, 1)
    pairs = subject.astype(np.int64) * seats + marks.seat
    found, inverse = np.unique(pairs, return_inverse=True)
    owner = found // seats
    start = np.searchsorted(owner, owner, side="left")
    number = np.arange(len(found)) - start
    return number[inverse], int(number.max()) + 1 if len(number) else 1


def layout(marks: Marks, rounds: int, aspects: int, slots: int, subjects: int) -> Layout:
    """Count the attempts of each (round, aspect) and lay the blocks out one after the other."""
    attempts = np.ones(rounds * aspects, np.int64)
    if marks.attempt is not None and len(marks) and marks.attempt.max() > 0:
        cell = _round_aspect(marks, aspects)
        np.maximum.at(attempts, cell, np.asarray(marks.attempt, np.int64) + 1)
    first = np.cumsum(attempts) - attempts
    return Layout(first, attempts, int(attempts.sum()), slots, subjects)


def _round_aspect(marks: Marks, aspects: int) -> Ints:
    aspect = np.asarray(marks.aspect, np.int64)
    return aspect if marks.round is None else np.asarray(marks.round, np.int64) * aspects + aspect


def scatter(marks: Marks, subject: Ints, slot: Ints, plan: Layout, aspects: int) -> Array:
    """All cells as (blocks, slots, subjects); a cell without a row is EMPTY."""
    cells = np.full(plan.blocks * plan.slots * plan.subjects, EMPTY, np.int64)
    base = plan.first * (plan.slots * plan.subjects)
    for start in range(0, len(marks), PIECE):
        part = slice(start, start + PIECE)
        if marks.round is None:
            index = base[marks.aspect[part]]
        else:
            index = base[np.asarray(marks.round[part], np.int64) * aspects + marks.aspect[part]]
        if marks.attempt is not None:
            index += np.asarray(marks.attempt[part], np.int64) * (plan.slots * plan.subjects)
        index += np.multiply(slot[part], plan.subjects, dtype=np.int64)
        index += subject[part]
        cells[index] = _values(marks, part)
    return cells.reshape(plan.blocks, plan.slots, plan.subjects)


def _values(marks: Marks, part: slice) -> Ints:
    values = marks.value[part]
    if marks.state is None:
        return values
    states = marks.state[part]
    values = np.where(states == MARK_ABSENT, ABSENT_CELL, values)
    return np.where(states == MARK_VOID, VOID_CELL, values)


def cell_of(marks: Marks, subject: Ints, slot: Ints, plan: Layout, aspects: int) -> Ints:
    """The cell of each mark. Only called when some cell is named twice."""
    index = plan.first[_round_aspect(marks, aspects)]
    if marks.attempt is not None:
        index = index + marks.attempt
    return np.asarray((index * plan.slots + slot) * plan.subjects + subject, np.int64)


def repeated(index: Ints) -> Array:
    """Where a mark stands for a cell that another row names too."""
    _, inverse, counts = np.unique(index, return_inverse=True, return_counts=True)
    return np.asarray(counts[inverse] > 1)


def plane(cells: Array) -> Plane:
    """Wrap the cells of one (round, aspect), finding out whether any is special."""
    low = int(cells.min()) if cells.size else 0
    if low > DOUBLE_CELL:
        return Plane(cells, low, int(cells.max()) if cells.size else 0, True)
    valued = cells[cells > DOUBLE_CELL]
    if not valued.size:
        return Plane(cells, 0, 0, False)
    return Plane(cells, int(valued.min()), int(valued.max()), False)


def filled(planes: Sequence[Plane]) -> int:
    """How many cells have a row."""
    return sum(one.cells.size if one.full else int((one.cells != EMPTY).sum()) for one in planes)


def present(one: Plane) -> Array:
    """Subjects that have any row in this plane, shape (subjects,)."""
    if one.full:
        return np.ones(one.cells.shape[-1], bool)
    return (one.cells != EMPTY).any(axis=(0, 1))
