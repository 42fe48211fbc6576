"""Keys of an order: the TIE_BREAKS. Each gives one or more columns for the subjects of a ranking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from contest.scoring import columns as cols
from contest.scoring.columns import Column
from contest.scoring.keys import LESS, NODE, ROUND, Key, Keys, Less
from contest.scoring.numbers import NO_MARK, OK
from contest.scoring.registry import ROLLUPS, TIE_BREAKS
from contest.scoring.rollups import Stack
from contest.scoring.rules import Node


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
