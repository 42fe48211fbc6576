"""Columns that a rule set asks about beside the marks: filters, awards, tables. What a file lacks is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.problems import Problem
from contest.scoring.registry import AWARD_RULES
from contest.scoring.rules import RuleSet
from contest.scoring.tables import TableSpec

RECIPIENTS = ("subject", "members")
"""Values of an award table's `to` that name no column."""

Asked = tuple[str, str, bool]
"""(column, where it is asked about, whether nobody can be listed or receive anything without it)."""


def missing_columns(rules: RuleSet, present: Collection[str]) -> list[Problem]:
    """A problem for every column that is asked about and not present, once a column.

    An error where nobody would be listed or receive anything without it, a note where nobody would be barred.
    """
    found: dict[str, Problem] = {}
    for column, path, needed in asked_columns(rules):
        if column in present or (column in found and (found[column].severity == "error" or not needed)):
            continue
        code = "column_missing" if needed else "column_missing_bar"
        found[column] = Problem(code, path, {"column": column}, "error" if needed else "note")
    return list(found.values())


def asked_columns(rules: RuleSet) -> Iterator[Asked]:
    """Every column that rankings, awards and tables ask about."""
    inputs = {one.name for one in rules.inputs}
    nodes = [node for module in rules.modules for node in module.walk()]
    conversions = [(node.key, one) for node in nodes for one in (node.convert, node.convert_each)]
    conversions += [(one.key, one.convert) for one in rules.rounds]
    for key, conversion in [*conversions, ("total", rules.total.convert)]:
        within = conversion.params.get("within", "") if conversion is not None else ""
        if within and within not in inputs:
            yield within, f"{key}.convert", True
    for ranking in rules.rankings:
        path = f"rankings.{ranking.key}"
        for condition in ranking.filter:
            yield condition.column, f"{path}.filter", True
        for table in ranking.awards:
            yield from _award(table, f"{path}.awards")
    for table in rules.overall:
        yield from _award(
            {name: value for name, value in table.items() if name not in ("ranking", "scale")}, "overall"
        )
    for table in rules.tables:
        spec = TableSpec.read(table)
        path = f"tables.{spec.key}"
        yield spec.group, f"{path}.group", True
        yield from ((column, f"{path}.where", True) for column in spec.where)
        yield from ((column, f"{path}.unless", False) for column in spec.unless)


def _award(table: Mapping[str, Any], above: str) -> Iterator[Asked]:
    spec = AwardSpec.read(table)
    path = f"{above}.{spec.key}"
    yield from ((column, f"{path}.only", True) for column in spec.only)
    yield from ((column, f"{path}.unless", False) for column in spec.unless)
    if spec.holders:
        yield spec.holders["attribute"], f"{path}.holders", False
    if spec.limit:
        yield spec.limit["attribute"], f"{path}.limit", True
    if spec.apart:
        yield spec.apart, f"{path}.apart", True
    if spec.to not in RECIPIENTS:
        yield spec.to, f"{path}.to", True
    for quota in spec.quotas:
        yield quota["attribute"], f"{path}.quotas", True
    bound = AWARD_RULES.get(spec.by).bind(spec.params)
    for name in ("attribute", "level"):
        if isinstance(bound.get(name), str):
            yield bound[name], f"{path}.{name}", True
    if "promoted" in bound:
        yield bound["promoted"], f"{path}.promoted", False
    if bound.get("lower"):
        yield bound["lower"]["attribute"], f"{path}.lower", True
