"""Tables of delegations, units and teams that the rules make from the rankings of an event."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from contest.results import wording
from contest.results.grants import Titles, exact_text, grants_of
from contest.results.headings import award_titles, titles_of
from contest.results.inputs import Inputs
from contest.results.lines import NO_MARK, Line
from contest.results.subjects import Facts
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.awarding.wording import award_title, sentence
from contest.scoring.honours import OVERALL, RankedField, candidates_of, honours
from contest.scoring.numbers import decimal_text
from contest.scoring.outcome import Outcome
from contest.scoring.registry import TABLES
from contest.scoring.tables import Table, TableRow, TableSpec

TABLE = "table:"
"""A table's list has this before its key, so that no ranking can be taken for it."""

KINDS = {"d": "delegation", "o": "organisation", "e": "entry"}
MEASURES: dict[str, wording.Pair] = {
    "total": ("合计", "Total"),
    "count": ("计入人数", "Counted"),
    "points": ("积分", "Points"),
    "best": ("最好成绩", "Best"),
    "best_place": ("最好名次", "Best place"),
    "total_points": ("总积分", "Total points"),
    "mean_points": ("平均积分", "Mean points"),
    "total_score": ("总标准分", "Total scale score"),
    "mean_score": ("平均标准分", "Mean scale score"),
}


def table_listing(inputs: Inputs, outcome: Outcome, key: str) -> tuple[dict[str, Any], tuple[Line, ...]]:
    """Heading and lines of a table. Raises KeyError for one that the rules don't hold."""
    document = next((one for one in inputs.rules.tables if str(one["key"]) == key), None)
    if document is None:
        raise KeyError(key)
    fields = [
        RankedField(
            inputs.event.name,
            ranking.key,
            ranking.awards,
            candidates_of(inputs.rules, inputs.field, outcome.rankings[ranking.key]),
        )
        for ranking in inputs.rules.rankings
    ]
    made = honours(fields, [document])
    table, spec = made.tables[0], TableSpec.read(document)
    titles = Titles({one.key: one for one in map(AwardSpec.read, spec.awards)})
    given = grants_of(made.awarding(OVERALL, key), titles)
    bodies = _bodies(inputs, spec.group)
    lines = tuple(
        _line(position, row, table, bodies.get(row.subject), given.get(row.subject, []))
        for position, row in enumerate(_in_order(table, bodies), 1)
    )
    return _heading(inputs, document, spec, table, lines), lines


def _bodies(inputs: Inputs, column: str) -> dict[str, Facts]:
    """One subject's facts for each value of the grouping column: its delegation or unit is the body's name."""
    return {facts.texts[column]: facts for facts in inputs.roster.facts.values() if facts.texts.get(column)}


def _in_order(table: Table, bodies: dict[str, Facts]) -> list[TableRow]:
    """By rank; equals, and those not ranked, in official order."""

    def place(row: TableRow) -> tuple[Any, ...]:
        facts = bodies.get(row.subject)
        return row.rank is None, row.rank or 0, facts.delegation_order if facts else 0, row.subject

    return sorted(table.rows, key=place)


def _name(key: str, facts: Facts | None) -> str:
    if facts is None:
        return key
    kind = KINDS.get(key[:1], "")
    return {
        "delegation": facts.delegation,
        "organisation": facts.unit,
        "entry": facts.team or facts.name,
    }.get(kind) or key


def _line(
    position: int, row: TableRow, table: Table, facts: Facts | None, awards: list[dict[str, Any]]
) -> Line:
    kind, number = KINDS.get(row.subject[:1], "group"), row.subject[1:]
    main, digits = next(iter(table.columns), ""), _digits(table)
    name = _name(row.subject, facts)
    return Line(
        position=position,
        subject_kind=kind,
        subject_id=int(number) if number.isdigit() else 0,
        entry_id=int(number) if kind == "entry" else None,
        person_id=None,
        delegation_id=facts.delegation_id if facts and kind == "delegation" else None,
        name=name,
        people="",
        delegation=facts.delegation if facts and kind == "delegation" else "",
        rank="" if row.rank is None else str(row.rank),
        rank_sort=row.rank or 0,
        total=_shown(row.measures.get(main), digits.get(main, 0)),
        total_exact=exact_text(row.measures.get(main)),
        status="present",
        decided_by=row.decided_by,
        award_key=awards[0]["award"] if awards else "",
        data={
            "number": "", "unit": "", "group": "", "team": "", "members": [], "gates": [], "veto": "", "rounds": {},
            "cells": {f"measure:{name}": _shown(row.measures.get(name), digits[name]) for name in table.columns},
            "exact": {f"measure:{name}": exact_text(row.measures.get(name)) for name in table.columns},
            "reason": "",
            "reasons": {one: sentence(row.reason, one) for one in ("zh", "en")} if row.reason else {},
            "grants": awards,
            "refusals": [],
        },
    )  # fmt: skip


def _shown(value: Fraction | None, digits: int) -> str:
    return NO_MARK if value is None else decimal_text(value, digits)


def _digits(table: Table) -> dict[str, int]:
    """Decimals of each measure: none where all its values are whole, else two, the same down the column."""
    return {
        name: 0 if all(Fraction(row.measures.get(name, 0)).denominator == 1 for row in table.rows) else 2
        for name in table.columns
    }


def _heading(
    inputs: Inputs, document: Any, spec: TableSpec, table: Table, lines: tuple[Line, ...]
) -> dict[str, Any]:
    try:
        method = TABLES.get(spec.by)
        zh, en = spec.title_zh or method.title_zh, spec.title_en or method.title_en
    except KeyError:
        zh, en = spec.title_zh or spec.key, spec.title_en or spec.key
    who = {"delegation": "delegation", "organisation": "unit", "team": "team_name"}.get(spec.group, "name")
    pairs = [("rank", "rank", wording.COLUMNS["rank"]), ("name", "name", wording.COLUMNS[who])]
    pairs += [(f"measure:{name}", "mark", _measure(inputs, name)) for name in table.columns]
    if any(line.data["grants"] for line in lines):
        pairs.append(("award", "award", wording.COLUMNS["award"]))
    pairs.append(("remark", "remark", wording.COLUMNS["remark"]))
    return {
        **titles_of(inputs),
        "ranking": {"key": TABLE + spec.key, "zh": zh, "en": en, "subject": spec.group},
        "round": None,
        "columns": [{"key": key, "kind": kind, "zh": pair[0], "en": pair[1]} for key, kind, pair in pairs],
        "awards": award_titles(spec.awards, lines),
        "keys": {
            name: {"key": name, "zh": _measure(inputs, name)[0], "en": _measure(inputs, name)[1]}
            for name in sorted({line.decided_by for line in lines if line.decided_by})
        },
        "nodes": {},
    }


def _measure(inputs: Inputs, name: str) -> wording.Pair:
    """The title of a measure: ours, an award's, a node's of the scheme, or `best_3` for the third result."""
    if name in MEASURES:
        return MEASURES[name]
    if name in wording.KEYS:
        return wording.KEYS[name]
    if name.startswith("best_"):
        return f"第{name[5:]}好成绩", f"Result {name[5:]}"
    for module in inputs.rules.modules:
        for node in module.walk():
            if node.key == name:
                return node.title_zh or name, node.title_en or name
    for ranking in inputs.rules.rankings:
        for spec in map(AwardSpec.read, ranking.awards):
            zh, en = award_title(spec, name, "zh"), award_title(spec, name, "en")
            if zh != name:
                return zh, en
    return name, name
