"""Tables of delegations: the medal table and the five WorldSkills reports."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

from contest.scoring import teams  # noqa: F401 - importing registers the tables of teams beside those here
from contest.scoring.awarding.amounts import exact
from contest.scoring.awarding.verdicts import Reason
from contest.scoring.measures import award_counts, ranked_results, score_of
from contest.scoring.numbers import round_fraction
from contest.scoring.registry import TABLES
from contest.scoring.tables import Groups, Order, Result, TableRow, ranked

_RULE = ("依据的奖项设置", "award table")

#: WorldSkills Results and Reports: points of the medals.
MEDAL_POINTS: Mapping[str, int] = {"gold": 4, "silver": 3, "bronze": 2, "medallion": 1}


@TABLES.register(
    "medals",
    title_zh="奖牌榜",
    title_en="Medal table",
    source="medal tables: gold, then silver, then bronze; equals share a rank (Paris 2024)",
    parameters={"rule": _RULE, "medals": ("奖牌次序", "medals in order")},
)
def medal_table(
    groups: Groups, *, rule: str, medals: tuple[str, ...] = ("gold", "silver", "bronze")
) -> list[TableRow]:
    """Lines by the number of the first medal, then of the second and so on; lines without a medal are left out."""
    rows = []
    for name, results in groups.items():
        counts = award_counts(results, rule, medals)
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
    values = points or MEDAL_POINTS
    rows = [_line(name, ranked_results(results), rule, values, digits) for name, results in groups.items()]
    if report == "name":
        return sorted((dataclasses.replace(row, reason=None) for row in rows), key=lambda row: row.subject)
    return ranked(rows, [Order(report)])


def _line(
    name: str, counted: Sequence[Result], rule: str, values: Mapping[str, Any], digits: int
) -> TableRow:
    medals = award_counts(counted, rule, tuple(values))
    count = len(counted)
    points = sum((medals[award] * exact(value) for award, value in values.items()), Fraction(0))
    score = sum((score_of(one) for one in counted), Fraction(0))
    measures = {
        **medals,
        "count": Fraction(count),
        "total_points": points,
        "mean_points": round_fraction(points / max(count, 1), digits),
        "total_score": score,
        "mean_score": round_fraction(score / max(count, 1), digits),
    }
    reason = None if count else Reason("too_few_results", {"count": 0, "number": 1})
    return TableRow(name, measures, reason=reason)
