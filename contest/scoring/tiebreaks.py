"""Keys of an order: the TIE_BREAKS. Each gives one or more columns for the subjects of a ranking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from contest.scoring import columns as cols
from contest.scoring.columns import Column
from contest.scoring.field import Ruling
from contest.scoring.numbers import NO_MARK, OK, Array
from contest.scoring.placing import places
from contest.scoring.registry import ROLLUPS, TIE_BREAKS
from contest.scoring.rollups import Stack
from contest.scoring.rules import Node
from contest.scoring.totals import Totals

Less = Literal["auto", "yes", "no"]


@dataclass(frozen=True)
class Key:
    """One column of an order: the better value first; a subject without a value comes last. label: for `decided_by`."""

    label: str
    column: Column
    less: bool


@dataclass(frozen=True)
class Keys:
    """What a key may look at: the results of one ranking, or of one round of it."""

    totals: Totals
    total: Column
    round: str = ""
    rulings: tuple[Ruling, ...] = ()

    def node(self, key: str, round_: str) -> Column:
        """The value of a node; "total" is the total."""
        return self.total if key == "total" else self.totals.node(key, round_ or self.round)

    def less(self, stated: str, key: str) -> bool:
        """Whether less is better: as stated, else as the node or the ranking says."""
        if stated != "auto":
            return stated == "yes"
        return self.totals.ranking.less if key == "total" else self.totals.rules.node(key).less

    def round_numbers(self) -> list[int]:
        """The rounds in view."""
        return [
            index
            for index in self.totals.rounds
            if not self.round or self.totals.rules.rounds[index].key == self.round
        ]

    def lifted(self, column: Column, key: str) -> Column:
        """A column (items, subjects of the node's module) for the subjects of the ranking, item by item."""
        rules = self.totals.rules
        module = rules.modules[0] if key == "total" else rules.module_of(key)
        layers = []
        for index in range(column.shape[0]):
            state = None if column.state is None else column.state[index]
            one = Column(column.num[index], column.den, column.bound, state)
            layers.append(
                self.totals.to_kind(one.reshape(1, 1, one.shape[-1]), module, 0).reshape(
                    len(self.totals.sheets.units[self.totals.kind])
                )
            )
        return cols.stacked(layers)


LESS = ("越小越好", "less is better")
NODE = ("模块、评分项或评分点", "module, criterion or aspect")
ROUND = ("轮次", "round")


@TIE_BREAKS.register("total", title_zh="总成绩", title_en="Total", source="every ranking")
def total(keys: Keys) -> list[Key]:
    """The total, in the ranking's direction. Source: every ranking."""
    return [Key("total", keys.total, keys.totals.ranking.less)]


@TIE_BREAKS.register(
    "node",
    title_zh="某模块、评分项或评分点成绩",
    title_en="Result of a module, criterion or aspect",
    source="equal totals: practice decides (衡水市家政服务技能大赛, 2025); 用时短者优先",
    parameters={"node": NODE, "round": ROUND, "less": LESS},
)
def node(keys: Keys, *, node: str, round: str = "", less: Less = "auto") -> list[Key]:
    """The result of a node, before its weight. Source: 衡水市家政服务技能大赛 (2025), practice decides."""
    return [Key(node, keys.node(node, round), keys.less(less, node))]


@TIE_BREAKS.register(
    "modules",
    title_zh="依次比较各模块",
    title_en="Modules in turn",
    source="module 1 → module 2 → … of skills contests",
    parameters={"modules": ("模块（默认全部）", "modules (default: all)")},
)
def modules(keys: Keys, *, modules: tuple[str, ...] = ()) -> list[Key]:
    """The results of the modules in turn, in the order of the scheme or as named. Source: module 1 → module 2 → …"""
    wanted = modules or tuple(module.key for module in keys.totals.modules)
    return [Key(key, keys.node(key, ""), keys.less("auto", key)) for key in wanted]


@TIE_BREAKS.register(
    "attempts",
    title_zh="多次成绩的另一种取法",
    title_en="Attempts rolled up in another way",
    source="by average, then by best single (WCA Regulations 9f)",
    parameters={
        "node": NODE,
        "rollup": ("取法", "rollup"),
        "params": ("取法参数", "its parameters"),
        "round": ROUND,
        "less": LESS,
    },
)
def attempts(
    keys: Keys,
    *,
    node: str,
    rollup: str = "best",
    params: Mapping[str, Any] | None = None,
    round: str = "",
    less: Less = "auto",
) -> list[Key]:
    """The attempts of a node made into one by another rollup than the node's own. Source: WCA Regulations 9f."""
    found = []
    for index in keys.round_numbers():
        if round and keys.totals.rules.rounds[index].key != round:
            continue
        column = keys.totals.tally.attempts.get((index, node))
        if column is not None:
            stack = Stack(column, "attempts", keys.less("auto", node))
            rolled: Column = ROLLUPS.call(rollup, stack, params=dict(params or {}))
            found.append(keys.lifted(rolled.reshape(1, rolled.shape[-1]), node))
    label = f"{node}:{rollup}"
    if not found:
        return [Key(label, keys.node(node, round), keys.less(less, node))]
    merged = Stack(
        cols.stacked([one.reshape(one.shape[-1]) for one in found]), "rounds", keys.less("auto", node)
    )
    return [Key(label, ROLLUPS.call("best", merged, params={}), keys.less(less, node))]


@TIE_BREAKS.register(
    "round",
    title_zh="某轮成绩",
    title_en="Result of a round",
    source="the last segment decides (factored placements until 2004); later rounds first",
    parameters={"round": ("轮次（last 为最后一轮）", "round, or last"), "less": LESS},
)
def round_(keys: Keys, *, round: str = "last", less: Less = "auto") -> list[Key]:
    """The result of one round, "last" being the last of the event. Source: ISU rules until 2004, free skating decides."""
    rounds = keys.totals.rounds
    index = (
        max(rounds)
        if round == "last"
        else next(i for i in rounds if keys.totals.rules.rounds[i].key == round)
    )
    return [Key(f"round:{round}", rounds[index], keys.less(less, "total"))]


@TIE_BREAKS.register(
    "reached",
    title_zh="进入的最高轮次",
    title_en="Furthest round reached",
    source="cut lines: finalists are placed before all others",
)
def reached(keys: Keys) -> list[Key]:
    """The last round in which a subject has a result; the further the better. Source: contests with cut lines."""
    num = np.zeros(len(keys.totals.units), np.int64)
    for place, index in enumerate(sorted(keys.totals.rounds)):
        num[keys.totals.rounds[index].states() != NO_MARK] = place + 1
    return [Key("reached", Column(num, 1, len(keys.totals.rounds)), False)]


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


@TIE_BREAKS.register(
    "input",
    title_zh="输入列",
    title_en="A numeric input",
    source="ties by age, start number, seed or another recorded number",
    parameters={"name": ("输入列", "input"), "less": LESS},
)
def input_(keys: Keys, *, name: str, less: Less = "yes") -> list[Key]:
    """A number recorded for the subject. Source: rules that name age or another recorded number."""
    totals = keys.totals
    tree = Node(key="total", parts=totals.modules)
    column, _ = totals.sheets.input(name, tree, max(totals.rounds), 1, totals.subject)
    return [Key(name, column.reshape(column.shape[-1]), less == "yes")]


def _ruled(keys: Keys, kind: str) -> list[Key]:
    units = keys.totals.units
    num, state = np.zeros(len(units), np.int64), np.full(len(units), NO_MARK, np.int8)
    given: dict[str, int] = {}
    for ruling in keys.rulings:
        if ruling.kind == kind and ruling.ranking in ("", keys.totals.ranking.key):
            given.update(ruling.places)
    if given:
        for index in range(len(units)):
            if units.keys[index] in given:
                num[index], state[index] = given[units.keys[index]], OK
    return [Key(kind, Column(num, 1, int(np.abs(num).max()) if num.size else 0, state), True)]


@TIE_BREAKS.register(
    "lot", title_zh="抽签", title_en="Recorded lot", source="a recorded lot; never drawn inside the ranking"
)
def lot(keys: Keys) -> list[Key]:
    """The number drawn by those tied, the smaller first; recorded, never drawn here. Source: drawing of lots."""
    return _ruled(keys, "lot")


@TIE_BREAKS.register(
    "ruling",
    title_zh="裁判长裁定",
    title_en="Chief judge's ruling",
    source="the chief judge's written ruling",
)
def ruling(keys: Keys) -> list[Key]:
    """The order set by the chief judge in writing. Source: rule books that leave the last tie to the chief judge."""
    return _ruled(keys, "ruling")
