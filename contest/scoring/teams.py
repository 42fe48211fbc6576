"""Tables of teams and units from the totals and places of their members."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

from contest.scoring.awarding.amounts import exact
from contest.scoring.awarding.verdicts import Reason
from contest.scoring.measures import (
    award_counts,
    best_first,
    chain,
    chain_measures,
    longest_line,
    part_sum,
    ranked_results,
    score_of,
)
from contest.scoring.registry import TABLES
from contest.scoring.tables import Groups, Order, Result, TableRow, ranked

_THEN = ("并列时依次比较", "then by")
_RULE = ("依据的奖项设置", "award table")
_SHOWN = {
    "take": ("合计或平均", "sum or mean"),
    "less": ("小者为优", "less is better"),
    "then": _THEN,
    "parts": ("另列各部分之和", "parts shown beside"),
    "rule": _RULE,
    "counts": ("另列奖项数", "awards counted beside"),
}


@TABLES.register(
    "sum",
    title_zh="成员成绩之和",
    title_en="Sum of the members",
    source="teams by the sum of their members' results (common rule of team contests)",
    parameters={
        "members": ("应有人数", "members needed"),
        "missing": ("缺人时", "a missing member"),
        **_SHOWN,
    },
)
def sum_of_members(
    groups: Groups,
    *,
    members: int = 0,
    missing: Literal["unranked", "counts"] = "unranked",
    take: Literal["sum", "mean"] = "sum",
    less: bool = False,
    then: tuple[str, ...] = (),
    parts: tuple[str, ...] = (),
    rule: str = "",
    counts: tuple[str, ...] = (),
) -> list[TableRow]:
    """Lines by the sum of the totals of all ranked members.

    members: how many a line needs (0: any number). missing: a line with fewer is "unranked", or "counts"
    with what it has. take: the sum, or the mean of those who count. less: smaller totals are better. then: keys after the sum: best, best_place, count_back or a part. parts, counts: sums
    of parts and numbers of awards of the table `rule` that are shown beside and decide nothing.
    """
    return _beside(groups, _best(groups, 0, members, missing, take, less, then), parts, rule, counts)


@TABLES.register(
    "best_k",
    title_zh="前若干名成绩之和",
    title_en="Sum of the best k",
    source="units by the sum of the best k of their entries (common rule of team contests)",
    parameters={"k": ("计入人数", "how many count"), "fewer": ("不足时", "with fewer"), **_SHOWN},
)
def best_k(
    groups: Groups,
    *,
    k: int,
    fewer: Literal["unranked", "counts"] = "unranked",
    take: Literal["sum", "mean"] = "sum",
    less: bool = False,
    then: tuple[str, ...] = (),
    parts: tuple[str, ...] = (),
    rule: str = "",
    counts: tuple[str, ...] = (),
) -> list[TableRow]:
    """Lines by the sum of their best `k` totals. fewer: a line with fewer is unranked, or counts what it has.

    take, less, then, parts, rule, counts: as in `sum`; parts and counts are those of all ranked members.
    """
    return _beside(groups, _best(groups, k, k, fewer, take, less, then), parts, rule, counts)


def _best(
    groups: Groups, k: int, needed: int, missing: str, take: str, less: bool, then: Sequence[str]
) -> list[TableRow]:
    """Lines by the sum or mean of their best `k` totals (of all, if k is 0)."""
    lines = {name: best_first(results, less)[: k or None] for name, results in groups.items()}
    longest = longest_line(list(lines.values()))
    rows = []
    for name, counted in lines.items():
        total = sum((score_of(one) for one in counted), Fraction(0))
        if take == "mean" and counted:
            total /= len(counted)
        measures = {
            "total": total,
            "count": Fraction(len(counted)),
            **chain_measures(counted, then, longest, less),
        }
        reason = None
        if not counted or (len(counted) < needed and missing == "unranked"):
            reason = Reason("too_few_results", {"count": len(counted), "number": max(needed, 1)})
        rows.append(TableRow(name, measures, reason=reason))
    return ranked(rows, [Order("total", less), *chain(then, longest, less)])


@TABLES.register(
    "places",
    title_zh="名次之和",
    title_en="Sum of places",
    source="teams by the sum of their members' places, less being better (common rule of team contests)",
    parameters={
        "k": ("计入人数（0 为全部）", "how many count"),
        "fewer": ("不足时", "with fewer"),
        "then": _THEN,
    },
)
def sum_of_places(
    groups: Groups,
    *,
    k: int = 0,
    fewer: Literal["unranked", "counts"] = "unranked",
    then: tuple[str, ...] = (),
) -> list[TableRow]:
    """Lines by the sum of the places of their best `k` members (0: of all); the smaller sum is better.

    fewer: a line with fewer than `k` is unranked, or counts what it has. then: as in `sum`, over places.
    """
    placed = {
        name: [
            dataclasses.replace(one, scaled=Fraction(one.rank)) for one in ranked_results(results) if one.rank
        ]
        for name, results in groups.items()
    }
    return _best(placed, k, k, fewer, "sum", True, then)


def _beside(
    groups: Groups, rows: Sequence[TableRow], parts: Sequence[str], rule: str, awards: Sequence[str]
) -> list[TableRow]:
    """The rows with sums of parts and numbers of awards added to their measures."""
    found = []
    for row in rows:
        counted = ranked_results(groups[row.subject])
        sums = {part: part_sum(counted, part) for part in parts}
        measures = {**row.measures, **sums, **award_counts(counted, rule, awards)}
        found.append(dataclasses.replace(row, measures=measures))
    return found


@TABLES.register(
    "points_by_place",
    title_zh="按名次计分",
    title_en="Points by place",
    source="points by place, the usual table of team sports and trade contests",
    parameters={
        "points": ("各名次分值", "points of each place"),
        "tied": ("并列名次", "tied places"),
        "then": _THEN,
    },
)
def points_by_place(
    groups: Groups,
    *,
    points: tuple[Any, ...],
    tied: Literal["each", "shared"] = "each",
    then: tuple[str, ...] = (),
) -> list[TableRow]:
    """Lines by points for the places of their members: the first value for place 1 and so on, none beyond.

    tied: who shares a place gets the points of that place each, or the mean of the places they fill.
    """
    values = [exact(value) for value in points]
    lines = {name: ranked_results(results) for name, results in groups.items()}
    longest = longest_line(list(lines.values()))
    rows = []
    for name, counted in lines.items():
        won = sum((_place_points(one, values, tied) for one in counted), Fraction(0))
        rows.append(TableRow(name, {"points": won, **chain_measures(counted, then, longest)}))
    return ranked(rows, [Order("points"), *chain(then, longest)])


def _place_points(one: Result, values: Sequence[Fraction], tied: str) -> Fraction:
    """The points of a result's place, or the mean over the places that all who are tied there fill."""
    first = int(one.rank or 0)
    filled = range(first, first + (one.tied if tied == "shared" else 1))
    return sum((values[place - 1] for place in filled if place <= len(values)), Fraction(0)) / len(filled)


@TABLES.register(
    "points_by_award",
    title_zh="按奖项计分",
    title_en="Points by prize",
    source="first prize 8, second 4, third 2, passed in all parts 1, else 0; no points, no rank (全国机械行业竞赛, 2024)",
    parameters={
        "rule": _RULE,
        "points": ("各奖项分值", "points of each award"),
        "passed": ("合格者分值", "points for a pass"),
        "needs": ("合格线", "pass lines"),
        "zero": ("无分者", "lines without points"),
        "then": _THEN,
    },
)
def points_by_award(
    groups: Groups,
    *,
    rule: str,
    points: Mapping[str, Any],
    passed: int = 0,
    needs: Mapping[str, Any] | None = None,
    zero: Literal["unranked", "ranked"] = "unranked",
    then: tuple[str, ...] = (),
) -> list[TableRow]:
    """Lines by points for the awards their members won under the award table `rule`.

    passed: points for a ranked member without such an award who reached every line of `needs` and failed no
    gate. zero: whether a line without points is ranked.
    """
    longest = longest_line([ranked_results(results) for results in groups.values()])
    rows = []
    for name, results in groups.items():
        won = sum((_award_points(one, rule, points, passed, needs or {}) for one in results), Fraction(0))
        measures = {"points": won, **award_counts(results, rule, tuple(points))}
        measures |= chain_measures(ranked_results(results), then, longest)
        reason = Reason("no_points") if zero == "unranked" and won == 0 else None
        rows.append(TableRow(name, measures, reason=reason))
    return ranked(rows, [Order("points"), *chain(then, longest)])


def _award_points(
    one: Result, rule: str, points: Mapping[str, Any], passed: int, needs: Mapping[str, Any]
) -> Fraction:
    award = one.awards.get(rule, "")
    if award in points:
        return exact(points[award])
    reached = all(part in one.parts and one.parts[part] >= exact(line) for part, line in needs.items())
    return Fraction(passed if one.rank is not None and not one.gates and reached else 0)
