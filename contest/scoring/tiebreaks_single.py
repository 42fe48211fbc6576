"""Keys that look at single marks, judges, attempts or rounds: best mark, first places, count-back."""

from __future__ import annotations

from typing import Literal

import numpy as np

from contest.scoring import columns as cols
from contest.scoring.columns import Column
from contest.scoring.keys import LESS, NODE, Key, Keys, Less
from contest.scoring.numbers import NO_MARK, OK, Array
from contest.scoring.placing import places
from contest.scoring.registry import ROLLUPS, TIE_BREAKS
from contest.scoring.rollups import Stack


@TIE_BREAKS.register(
    "best_mark",
    title_zh="单个最高分",
    title_en="Best single mark",
    source="ties by the highest single judge's mark",
    parameters={"node": NODE, "less": LESS},
)
def best_mark(keys: Keys, *, node: str = "total", less: Less = "auto") -> list[Key]:
    """The best single judge's result for the node (default: each judge's whole total). Source: panels of choirs."""
    better_low = keys.less(less, node)
    stack = Stack(_by_judge(keys, node), "rounds", better_low)
    return [Key(f"best_mark:{node}", ROLLUPS.call("best", stack, params={}), better_low)]


def _by_judge(keys: Keys, node: str) -> Column:
    """Each judge's result for a node: (judges × rounds, subjects)."""
    layers = []
    for index in keys.round_numbers():
        column = keys.totals.by_judge(node, index)
        layers.append(column.reshape(-1, column.shape[-1]))
    same = cols.common(layers)
    state = np.concatenate([one.states() for one in same])
    return Column(
        np.concatenate([one.num for one in same]), same[0].den, max(one.bound for one in same), state
    )


@TIE_BREAKS.register(
    "judge_mark",
    title_zh="指定裁判的评分",
    title_en="Mark of one named judge",
    source="equal totals: the chief judge's mark decides (choirs, speech contests)",
    parameters={"judge": ("裁判", "judge"), "node": NODE, "less": LESS},
)
def judge_mark(keys: Keys, *, judge: str, node: str = "total", less: Less = "auto") -> list[Key]:
    """What one named judge gave for the node (default: the judge's whole total). Source: the chief judge's mark decides."""
    better_low = keys.less(less, node)
    seats = [seat.key for seat in keys.totals.sheets.field.seats]
    if judge not in seats:
        blank = np.full(len(keys.totals.units), NO_MARK, np.int8)
        return [Key(f"judge_mark:{judge}", Column(np.zeros(len(blank), np.int64), 1, 0, blank), better_low)]
    items = _by_judge(keys, node)
    rounds = len(keys.round_numbers())
    chosen = [seats.index(judge) + index * len(seats) for index in range(rounds)]
    own = Column(items.num[chosen], items.den, items.bound, items.states()[chosen])
    stack = Stack(own, "rounds", better_low)
    return [Key(f"judge_mark:{judge}", ROLLUPS.call("best", stack, params={}), better_low)]


@TIE_BREAKS.register(
    "first_places",
    title_zh="获第一名次数",
    title_en="Number of first places",
    source="ties by the number of judges (or rounds) that placed a subject first",
    parameters={"of": ("统计对象", "counted over"), "node": NODE},
)
def first_places(keys: Keys, *, of: Literal["judges", "rounds"] = "judges", node: str = "total") -> list[Key]:
    """How many judges, or rounds, have the subject in first place, shared ones included. Source: count-back rules."""
    counted = (_places(keys, of, node) == 1).sum(axis=0)
    return [
        Key(
            "first_places",
            Column(counted.astype(np.int64), 1, int(counted.max()) if counted.size else 0),
            False,
        )
    ]


def _places(keys: Keys, of: str, node: str) -> Array:
    """Places by each judge or in each round: (items, subjects), 0 where there is none."""
    if of == "judges":
        items = _by_judge(keys, node)
    else:
        items = cols.stacked([keys.totals.rounds[index] for index in keys.round_numbers()])
    official = keys.totals.units.official
    rows = np.zeros(items.shape, np.int64)
    for index in range(items.shape[0]):
        rows[index], _ = places(
            items.num[index], (items.states()[index] == OK) & official, keys.less("auto", node), "shared"
        )
    return rows


@TIE_BREAKS.register(
    "count_back",
    title_zh="逐项比较最好成绩",
    title_en="Count-back",
    source="best result, then second best, … (runs, rounds, events)",
    parameters={
        "of": ("比较对象", "compared"),
        "node": ("评分点（比较多次成绩时）", "node (for attempts)"),
        "most": ("最多比较项数", "at most"),
    },
)
def count_back(
    keys: Keys,
    *,
    of: Literal["rounds", "attempts", "judges", "places"] = "rounds",
    node: str = "total",
    most: int = 20,
) -> list[Key]:
    """The best item, then the second best, and so on: of rounds, attempts, judges' totals, or places in the rounds.

    Source: snowboard and ski rules (second best run decides); league tables (most first, then second places).
    """
    items, less = _items(keys, of, node)
    ok = items.states() == OK
    turned = items.num if less else -items.num
    beyond = items.bound + 1
    ordered = np.sort(np.where(ok, turned, beyond), axis=0)[:most]
    found = []
    for index, row in enumerate(ordered):
        state = np.where(row == beyond, np.int8(NO_MARK), np.int8(OK))
        num = np.where(row == beyond, 0, row if less else -row)
        found.append(Key(f"count_back:{index + 1}", Column(num, items.den, items.bound, state), less))
    return found


def _items(keys: Keys, of: str, node: str) -> tuple[Column, bool]:
    if of == "judges":
        return _by_judge(keys, node), keys.less("auto", node)
    if of == "places":
        rows = _places(keys, "rounds", "total")
        state = np.where(rows == 0, np.int8(NO_MARK), np.int8(OK))
        return Column(rows, 1, int(rows.max()) if rows.size else 0, state), True
    if of == "rounds":
        return cols.stacked([keys.totals.rounds[index] for index in keys.round_numbers()]), keys.less(
            "auto", "total"
        )
    found = [
        keys.lifted(keys.totals.tally.attempts[index, node], node)
        for index in keys.round_numbers()
        if (index, node) in keys.totals.tally.attempts
    ]
    same = cols.common(found or [keys.node(node, "").reshape(1, -1)])
    state = np.concatenate([one.states() for one in same])
    merged = Column(
        np.concatenate([one.num for one in same]), same[0].den, max(one.bound for one in same), state
    )
    return merged, keys.less("auto", node)
