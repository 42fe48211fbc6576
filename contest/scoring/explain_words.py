"""Words for explanations, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from contest.scoring.columns import Column
from contest.scoring.numbers import STATE_NAMES, decimal_text
from contest.scoring.registry import CONVERSIONS, METHODS, ROLLUPS, ROUNDING, Registry
from contest.scoring.rules import Node, Rounding, Spec

if TYPE_CHECKING:
    from contest.scoring.explanation import JudgeMark

Pair = tuple[str, str]

STATES: dict[str, Pair] = {
    "ok": ("—", "—"),
    "absent": ("缺赛", "absent"),
    "void": ("无效", "void"),
    "no_result": ("无成绩", "no result"),
    "incomplete": ("未评分", "not yet marked"),
    "blocked": ("待处理", "a problem must be settled"),
    "value": ("", ""),
}
STATUSES: dict[str, Pair] = {
    **STATES,
    "withdrawn": ("退赛", "withdrawn"),
    "disqualified": ("取消资格", "disqualified"),
    "unofficial": ("不计名次", "unofficial, not ranked"),
    "knocked_out": ("否定项不合格", "knocked out"),
    "gate": ("未达合格线，不排名", "below a pass mark, not ranked"),
    "present": ("参赛", "present"),
}
KEYS: dict[str, Pair] = {
    "total": ("总成绩", "the total"),
    "lot": ("抽签", "a recorded lot"),
    "ruling": ("裁判长裁定", "the chief judge's ruling"),
    "round": ("该轮成绩", "the result of a round"),
    "reached": ("进入的轮次", "the furthest round reached"),
    "best_mark": ("单个最高分", "the best single mark"),
    "first_places": ("第一名次数", "the number of first places"),
    "count_back": ("逐项比较", "count-back"),
    "gate": ("合格线", "the pass marks"),
}
LIMITS: Pair = ("上下限", "Cap and floor")
SMALL = 6


def shown(value: Fraction | None) -> str:
    """A value for people: exact if it ends within six decimals, else with ≈ before it."""
    if value is None:
        return ""
    text = decimal_text(value)
    return text if Fraction(text) == value else f"≈{text}"


def values_of(column: Column, place: int) -> str:
    """The value of a subject, or all of them where there are still several (attempts, judges); — without one."""
    found = []
    for attempt in range(column.shape[0]):
        for slot in range(column.shape[1]):
            exact = column.fraction(attempt, slot, place)
            state = STATE_NAMES[int(column.states()[attempt, slot, place])]
            if exact is not None or (state != "incomplete" and column.shape[:2] != (1, 1)):
                found.append(shown(exact) if exact is not None else "—")
    return " | ".join(found) if found else "—"


def function(registry: str, spec: Spec | None, what: Pair) -> Pair:
    """A registered function by its titles and parameters."""
    if spec is None:
        return what
    item = {"methods": METHODS, "rollups": ROLLUPS, "conversions": CONVERSIONS}[registry].get(spec.by)
    titles = {parameter.name: (parameter.title_zh, parameter.title_en) for parameter in item.parameters}
    given = [
        (titles[name], value)
        for name, value in spec.params.items()
        if isinstance(value, int | str) and name in titles
    ]
    zh = "，".join(f"{title[0]} {value}" for title, value in given)
    en = ", ".join(f"{title[1]} {value}" for title, value in given)
    return (
        f"{what[0]}：{item.title_zh}{f'（{zh}）' if zh else ''}",
        f"{what[1]}: {item.title_en}{f' ({en})' if en else ''}",
    )


def rounding(rule: Rounding) -> Pair:
    """A rounding stage."""
    item = _item(ROUNDING, rule.mode)
    if rule.step is not None:
        return (
            f"按 {shown(rule.step)} 取整：{item[0]}",
            f"Rounded to multiples of {shown(rule.step)}, {item[1]}",
        )
    return f"保留 {rule.digits} 位小数：{item[0]}", f"Rounded to {rule.digits} decimals, {item[1]}"


def _item(registry: Registry, key: str) -> Pair:
    found = registry.get(key)
    return found.title_zh, found.title_en


def step(name: str, node: Node, details: dict[str, Any], place: int) -> Pair:
    """One step at a node, in words."""
    if name == "points":
        return "换成得分", "Marks as points"
    if name == "method":
        return function("methods", details["by"], ("裁判分合成", "Judges combined"))
    if name == "attempts":
        return function("rollups", details["by"], ("多次成绩", "Attempts"))
    if name == "convert":
        return function("conversions", details["by"], ("换算", "Converted"))
    if name == "times":
        factor = values_of(details["factor"], place)
        return f"× {details['name']} {factor}", f"× {details['name']} {factor}"
    if name == "factor":
        return f"× 系数 {shown(details['factor'])}", f"× factor {shown(details['factor'])}"
    if name == "scale_to":
        top, full = shown(details["scale_to"]), shown(details["maximum"])
        return f"由满分 {full} 折算为 {top}", f"From a maximum of {full} to one of {top}"
    if name in ("round", "round_each"):
        return rounding(details["rounding"])
    return LIMITS


def marks_line(marks: Sequence[JudgeMark], side: int) -> str:
    """All judges' marks of an aspect on one line."""
    several = len({mark.attempt for mark in marks}) > 1
    found = []
    for mark in marks:
        value = mark.value or STATES[mark.state][side]
        name = f"{mark.seat}" if mark.seat else ("得分", "mark")[side]
        attempt = f"[{mark.attempt}] " if several else ""
        left_out = "" if mark.counted else ("（不计入）", " (not counted)")[side]
        found.append(f"{attempt}{name} {value}{left_out}")
    return ", ".join(found)


def status(code: str, reason: str) -> Pair:
    """A status that is not *present*."""
    words = STATUSES.get(code, (code, code))
    return (f"{words[0]}：{reason}", f"{words[1]}: {reason}") if reason else words


def decided(rank: str, key: str, title: Pair) -> Pair:
    """The rank and the key that decided it."""
    if key == "shared":
        return f"名次 {rank}（并列，各项均相同）", f"Rank {rank} (shared: equal in every key)"
    return f"名次 {rank}，由“{title[0]}”决定", f"Rank {rank}, decided by {title[1]}"


def gate_failed(title: Pair) -> Pair:
    """A pass mark that was not reached."""
    return f"“{title[0]}”未达合格线", f"{title[1]} is below its pass mark"
