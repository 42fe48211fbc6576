"""Pure steps of the tally: parts combined by weight, pass marks, states of a panel."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from contest.scoring import columns as cols
from contest.scoring.columns import Column
from contest.scoring.numbers import ABSENT, BLOCKED, NO_MARK, OK, Array
from contest.scoring.registry import ROLLUPS
from contest.scoring.rollups import Stack
from contest.scoring.rules import Node


def passes(column: Column, gate: Fraction, less: bool) -> Array:
    """Where a value is there and reaches the pass mark."""
    return column.ok & ~(cols.above(column, gate) if less else cols.below(column, gate))


def combined(node: Node, parts: list[tuple[Node, Column]], absent: str) -> Column | None:
    """The parts of a node made into one by its `combine`, each × its weight; None without parts."""
    counted = [(part, column) for part, column in parts if part.weight != 0]
    if not counted:
        return cols.times(parts[0][1], Fraction(0)) if parts else None
    columns = [_present(column, part.absent or absent, counted) for part, column in counted]
    factors = [Fraction(1) if part.weight is None else part.weight / 100 for part, _ in counted]
    if node.combine is None or (node.combine.by == "sum" and not node.combine.params):
        return cols.added(columns, factors)
    weighted = node.combine.by == "weighted"
    scaled = [
        column if weighted else cols.times(column, factor)
        for column, factor in zip(columns, factors, strict=True)
    ]
    items = cols.stacked(scaled)
    shape = items.shape[1:]
    keys = tuple(part.key for part, _ in counted)
    stack = Stack(
        items.reshape(len(scaled), -1), "parts", node.less, keys, tuple(part.weight for part, _ in counted)
    )
    result: Column = ROLLUPS.call(node.combine.by, stack, params=node.combine.params)
    return result.reshape(*shape)


def _present(column: Column, absent: str, parts: list[tuple[Node, Column]]) -> Column:
    """A part that was not taken counts 0 if the rules say so, unless no part was taken at all."""
    if absent != "zero" or column.state is None:
        return column
    taken = np.logical_or.reduce([np.broadcast_to(one.states() != ABSENT, column.shape) for _, one in parts])
    state = np.where((column.state == ABSENT) & taken, np.int8(OK), column.state)
    return Column(column.num, column.den, column.bound, state if state.any() else None)


def with_panel_states(result: Column, state: Array | None, short: Array | None) -> Column:
    """Subjects without any mark keep the reason: a problem, not yet marked, void or absent; short panels block."""
    if state is None:
        return result if short is None else cols.with_state(result, short, BLOCKED)
    blocked = (state == BLOCKED).any(axis=0)
    none = ~(state == OK).any(axis=0)
    others = np.where(state == NO_MARK, np.int8(0), state).max(axis=0)
    why = np.where(others == 0, np.int8(NO_MARK), others)
    merged = np.where(none, why, result.states()).astype(np.int8)
    merged[blocked] = BLOCKED
    if short is not None:
        merged[short] = BLOCKED
    if not merged.any():
        return result
    return Column(cols.blanked(result.num, merged), result.den, result.bound, merged)
