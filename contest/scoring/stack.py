"""Items to roll up, and what counts of them by the stated choices."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import numpy as np

from contest.scoring.columns import Column
from contest.scoring.numbers import ABSENT, BLOCKED, NO_MARK, NO_RESULT, OK, SAFE, Array

Missing = Literal["auto", "skip", "zero", "fail", "block"]


Invalid = Literal["auto", "skip", "zero", "worst", "fail"]


USUAL = {"attempts": "fail", "rounds": "block", "parts": "block", "members": "block"}
"""What `missing = "auto"` means for rollups that need every item: an attempt that was not made gives no result."""


@dataclass(frozen=True)
class Stack:
    """Items to roll up: (items, subjects). keys name the items, weights are their percents (rounds, parts).

    of: attempts, rounds, parts or members. less: a smaller value is better.
    """

    items: Column
    of: str
    less: bool = False
    keys: tuple[str, ...] = ()
    weights: tuple[Fraction | None, ...] = field(default=())

    def ready(self, count: int, missing: str, invalid: str, *, all_needed: bool) -> Ready:
        """Decide item by item what counts, by the stated choices."""
        missing = (USUAL[self.of] if all_needed else "skip") if missing == "auto" else missing
        invalid = ("fail" if all_needed else "skip") if invalid == "auto" else invalid
        column = self._padded(count)
        states = column.states()
        gone, bad = states == NO_MARK, (states != OK) & (states < NO_MARK)
        here = states == OK
        if missing == "zero":
            here = here | gone
        if invalid == "zero":
            here = here | bad
        state = np.zeros(column.shape[1], np.int8)
        if missing in ("fail", "block"):
            state[gone.any(axis=0)] = NO_RESULT if missing == "fail" else NO_MARK
        if invalid == "fail":
            state = np.where(bad.any(axis=0), np.maximum(state, np.int8(NO_RESULT)), state)
        state[(states == BLOCKED).any(axis=0)] = BLOCKED
        nothing = self._nothing(states, here)
        worst = bad if invalid == "worst" else None
        return Ready(column, here, np.where(nothing > 0, nothing, state).astype(np.int8), worst, self)

    def _padded(self, count: int) -> Column:
        more = count - self.items.shape[0]
        if more <= 0:
            return self.items
        num = np.concatenate([self.items.num, np.zeros((more, self.items.shape[1]), self.items.num.dtype)])
        state = np.concatenate([self.items.states(), np.full((more, self.items.shape[1]), NO_MARK, np.int8)])
        return Column(num, self.items.den, self.items.bound, state)

    def _nothing(self, states: Array, here: Array) -> Array:
        """The state of a subject none of whose items counts: absent, not marked, no result; 0 if some item counts."""
        none = np.asarray(~here.any(axis=0))
        if not none.any():
            return np.zeros(len(none), np.int8)
        strongest = np.where((states == BLOCKED).any(axis=0), BLOCKED, NO_RESULT)
        same_absent = (states == ABSENT).any(axis=0) & np.isin(states, (ABSENT, NO_MARK)).all(axis=0)
        same_missing = (states == NO_MARK).all(axis=0)
        found = np.where(same_missing, NO_MARK, np.where(same_absent, ABSENT, strongest))
        return np.where(none, found, 0).astype(np.int8)


@dataclass(frozen=True)
class Ready:
    """Items with the choices applied. state: of the result. worst: items that count as worse than any value."""

    column: Column
    here: Array
    state: Array
    worst: Array | None
    stack: Stack

    @property
    def counts(self) -> Array:
        """Number of items with a value that counts."""
        return self.here.sum(axis=0)

    def result(self, num: Array, den: int, bound: int, short: Array | None = None) -> Column:
        """A column of the result; `short` marks subjects with too few items."""
        state = self.state
        if short is not None:
            state = np.where(short & (state == OK), np.int8(NO_RESULT), state)
        if not state.any():
            return Column(num, den, bound)
        return Column(np.where(state == OK, num, num * 0), den, bound, state)

    def values(self) -> Array:
        """Numerators, 0 where nothing counts; wide enough to be added."""
        num = (
            self.column.num if self.here.all() else np.where(self.here, self.column.num, self.column.num * 0)
        )
        if num.dtype != object and self.column.bound * max(len(num), 1) >= SAFE:
            return num.astype(object)
        return num

    def best_first(self) -> Array:
        """Values in order from best to worst; places without a value hold a number beyond all."""
        beyond = self.column.bound + 1
        turned = self.column.num if self.stack.less else -self.column.num
        ordered = np.sort(np.where(self.here, turned, beyond), axis=0)
        return ordered if self.stack.less else -ordered
