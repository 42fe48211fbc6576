"""How results of people and entries make tables of teams, units and delegations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

from contest.scoring.awarding.amounts import exact
from contest.scoring.awarding.verdicts import Reason
from contest.scoring.numbers import round_fraction
from contest.scoring.registry import TABLES
from contest.scoring.tables import Groups, Order, Result, TableRow, ranked

MEDALS = ("gold", "silver", "bronze")

_THEN = ("并列时依次比较", "then by")
_RULE = ("依据的奖项设置", "award table")


def _counted(results: Sequence[Result]) -> list[Result]:
    """Ranked results, best first; equal totals in the order of their subjects."""
    counted = [one for one in results if one.rank is not None and one.total is not None]
    return sorted(counted, key=lambda one: (one.rank, one.event, one.subject))


def _total(result: Result) -> Fraction:
    """The total on the table's scale; results without a total count nothing."""
    return Fraction(0) if result.scaled is None else result.scaled


def _chain(then: Sequence[str], longest: int) -> list[Order]:
    """The order after the main measure; "count_back" becomes one key for each single result."""
    chain: list[Order] = []
    for name in then:
        if name == "count_back":
            chain += [Order(f"best_{place + 1}") for place in range(longest)]
        else:
            chain.append(Order(name, less=name == "best_place"))
    return chain


def _measures(counted: Sequence[Result], then: Sequence[str], longest: int) -> dict[str, Fraction]:
    """The measures that the chain asks for: best single total, best place, single results, sums of parts."""
    totals = sorted((_total(one) for one in counted), reverse=True)
    places = [Fraction(one.rank) for one in counted if one.rank is not None]
    measures: dict[str, Fraction] = {}
    for name in then:
        if name == "best":
            measures[name] = totals[0] if totals else Fraction(0)
        elif name == "best_place":
            measures[name] = min(places, default=Fraction(10**9))
        elif name == "count_back":
            padded = totals + [Fraction(0)] * (longest - len(totals))
            measures.update({f"best_{place + 1}": padded[place] for place in range(longest)})
        else:
            measures[name] = sum((one.parts.get(name, Fraction(0)) for one in counted), Fraction(0))
    return measures


@TABLES.register(
    "sum",
    title_zh="成员成绩之和",
    title_en="Sum of the members",
    source="teams by the sum of their members' results (common rule of team contests)",
    parameters={
        "members": ("应有人数", "members needed"),
        "missing": ("缺人时", "a missing member"),
        "then": _THEN,
    },
)
def sum_of_members(
    groups: Groups,
    *,
    members: int = 0,
    missing: Literal["unranked", "counts"] = "unranked",
    then: tuple[str, ...] = (),
) -> list[TableRow]:
    """Lines by the sum of the totals of all ranked members.

    members: how many a line needs (0: any number). missing: a line with fewer is "unranked", or "counts"
    with what it has. then: keys after the sum: best, best_place, count_back or a part.
    """
    return _best(groups, 0, members, missing, then)


@TABLES.register(
    "best_k",
    title_zh="前若干名成绩之和",
    title_en="Sum of the best k",
    source="units by the sum of the best k of their entries (common rule of team contests)",
    parameters={"k": ("计入人数", "how many count"), "fewer": ("不足时", "with fewer"), "then": _THEN},
)
def best_k(
    groups: Groups, *, k: int, fewer: Literal["unranked", "counts"] = "unranked", then: tuple[str, ...] = ()
) -> list[TableRow]:
    """Lines by the sum of their best `k` totals. fewer: a line with fewer is unranked, or counts what it has."""
    return _best(groups, k, k, fewer, then)


def _best(groups: Groups, k: int, needed: int, missing: str, then: Sequence[str]) -> list[TableRow]:
    counted = {name: _counted(results)[: k or None] for name, results in groups.items()}
    longest = max((len(results) for results in counted.values()), default=0)
    rows = []
    for name, results in counted.items():
        measures = {
            "total": sum((_total(one) for one in results), Fraction(0)),
            "count": Fraction(len(results)),
        }
        measures |= _measures(results, then, longest)
        reason = None
        if not results or (len(results) < needed and missing == "unranked"):
            reason = Reason("too_few_results", {"count": len(results), "number": max(needed, 1)})
        rows.append(TableRow(name, measures, reason=reason))
    return ranked(rows, [Order("total"), *_chain(then, longest)])


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

    passed: points for a member without an award who reached every line of `needs` and failed no gate.
    zero: whether a line without points is ranked.
    """
    longest = max((len(_counted(results)) for results in groups.values()), default=0)
    rows = []
    for name, results in groups.items():
        won = [_award_points(one, rule, points, passed, needs or {}) for one in results]
        measures = {"points": sum(won, Fraction(0)), **_awards(results, rule, tuple(points))}
        measures |= _measures(_counted(results), then, longest)
        reason = Reason("no_points") if zero == "unranked" and measures["points"] == 0 else None
        rows.append(TableRow(name, measures, reason=reason))
    return ranked(rows, [Order("points"), *_chain(then, longest)])


def _award_points(
    one: Result, rule: str, points: Mapping[str, Any], passed: int, needs: Mapping[str, Any]
) -> Fraction:
    award = one.awards.get(rule, "")
    if award in points:
        return exact(points[award])
    reached = all(
        one.parts.get(part) is not None and one.parts[part] >= exact(line) for part, line in needs.items()
    )
    return Fraction(passed if one.rank is not None and not one.gates and reached else 0)


def _awards(results: Sequence[Result], rule: str, awards: Sequence[str]) -> dict[str, Fraction]:
    """How often each award was won."""
    won = [one.awards.get(rule) for one in results]
    return {award: Fraction(won.count(award)) for award in awards}


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
    longest = max((len(_counted(results)) for results in groups.values()), default=0)
    rows = []
    for name, results in groups.items():
        counted = _counted(results)
        measures = {"points": sum((_place_points(one, values, tied) for one in counted), Fraction(0))}
        measures |= _measures(counted, then, longest)
        rows.append(TableRow(name, measures))
    return ranked(rows, [Order("points"), *_chain(then, longest)])


def _place_points(one: Result, values: Sequence[Fraction], tied: str) -> Fraction:
    """The points of a result's place, or the mean over the places that all who are tied there fill."""
    first = int(one.rank or 0)
    filled = range(first, first + (one.tied if tied == "shared" else 1))
    return sum((values[place - 1] for place in filled if place <= len(values)), Fraction(0)) / len(filled)


@TABLES.register(
    "medals",
    title_zh="奖牌榜",
    title_en="Medal table",
    source="medal tables: gold, then silver, then bronze; equals share a rank (Paris 2024)",
    parameters={"rule": _RULE, "medals": ("奖牌次序", "medals in order")},
)
def medal_table(groups: Groups, *, rule: str, medals: tuple[str, ...] = MEDALS) -> list[TableRow]:
    """Lines by the number of the first medal, then of the second and so on; lines without a medal are left out."""
    rows = []
    for name, results in groups.items():
        counts = _awards(results, rule, medals)
        total = sum(counts.values(), Fraction(0))
        if total:
            rows.append(TableRow(name, {**counts, "total": total}))
    return ranked(rows, [Order(medal) for medal in medals])


@TABLES.register(
    "delegation_report",
    title_zh="代表团比较",
    title_en="Delegation report",
    source="WorldSkills Results and Reports: gold 4, silver 3, bronze 2, medallion 1; five reports, a team counts once",
    parameters={
        "report": ("比较依据", "report"),
        "rule": _RULE,
        "points": ("奖牌分值", "points of the medals"),
        "digits": ("平均值小数位", "decimals of means"),
    },
)
def delegation_report(
    groups: Groups,
    *,
    report: Literal["name", "total_points", "mean_points", "total_score", "mean_score"],
    rule: str,
    points: Mapping[str, Any] | None = None,
    digits: int = 2,
) -> list[TableRow]:
    """One of the five reports; every row carries all measures, the report says which one ranks.

    name: in order of the names, not ranked. total_points / mean_points: medal points, in all or per result.
    total_score / mean_score: scores on the table's scale, in all or per result. Means are rounded half up
    to `digits` decimals before they are compared, so that what looks equal shares a rank.
    """
    values = points or {"gold": 4, "silver": 3, "bronze": 2, "medallion": 1}
    rows = [
        TableRow(name, _report(_counted(results), rule, values, digits)) for name, results in groups.items()
    ]
    if report == "name":
        return sorted(rows, key=lambda row: row.subject)
    unranked = Reason("too_few_results", {"count": 0, "number": 1})
    rows = [
        row if row.measures["count"] else TableRow(row.subject, row.measures, reason=unranked) for row in rows
    ]
    return ranked(rows, [Order(report)])


def _report(
    counted: Sequence[Result], rule: str, values: Mapping[str, Any], digits: int
) -> dict[str, Fraction]:
    medals = _awards(counted, rule, tuple(values))
    count = len(counted)
    points = sum((medals[award] * exact(value) for award, value in values.items()), Fraction(0))
    score = sum((_total(one) for one in counted), Fraction(0))
    return {
        **medals,
        "count": Fraction(count),
        "total_points": points,
        "mean_points": round_fraction(points / max(count, 1), digits),
        "total_score": score,
        "mean_score": round_fraction(score / max(count, 1), digits),
    }
