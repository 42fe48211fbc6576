"""What is wrong with the tables and the overall awards of a rule set, found before the rules are saved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from contest.scoring import delegations  # noqa: F401 - importing registers the table methods
from contest.scoring.awarding.checks import amount_problems, check_award, check_awards, is_list
from contest.scoring.problems import Problem
from contest.scoring.registry import SCALES, TABLES, BadParameter
from contest.scoring.tables import OPTIONS

_KINDS: tuple[tuple[Sequence[str], Any, str], ...] = (
    (("key", "by", "ranking", "group", "title_zh", "title_en", "source", "scale"), str, "text"),
    (("where", "unless"), Mapping, "table"),
    (("awards",), (tuple, list), "list"),
    (("per_event",), bool, "bool"),
)

#: Measures that a table's own awards may be judged on, beside its parts.
_MEASURES = frozenset(
    {"points", "total", "count", "mean_points", "mean_score", "total_points", "total_score"}
)


def check_tables(
    tables: Sequence[Mapping[str, Any]],
    *,
    rankings: Mapping[str, Collection[str]],
    parts: Collection[str],
    path: str = "tables",
) -> list[Problem]:
    """Every problem of a rule set's tables. rankings: key → keys of its award tables. parts: keys of nodes."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, table in enumerate(tables):
        key = str(table.get("key") or index + 1)
        if key in seen:
            problems.append(Problem("award_key_twice", f"{path}.{key}", {"key": key}))
        seen.add(key)
        problems += _table(table, rankings, parts, f"{path}.{key}")
    return problems


def _table(
    table: Mapping[str, Any], rankings: Mapping[str, Collection[str]], parts: Collection[str], path: str
) -> list[Problem]:
    problems = [
        Problem("award_incomplete", path, {"field": name})
        for name in ("key", "by", "ranking")
        if not table.get(name)
    ]
    for names, kind, word in _KINDS:
        for name in names:
            if name in table and not isinstance(table[name], kind):
                problems.append(_wrong(path, name, word, table[name]))
    for name in ("where", "unless"):
        for column, values in table.get(name, {}).items() if not problems else ():
            problems += is_list(f"{name}.{column}", values, path)
    if problems:
        return problems
    if table["by"] not in TABLES:
        return [Problem("table_unknown", path, {"by": table["by"], "known": tuple(TABLES.keys())})]
    try:
        bound = TABLES.get(table["by"]).bind(
            {name: value for name, value in table.items() if name not in OPTIONS}
        )
    except BadParameter as bad:
        return [_wrong(path, bad.name, bad.reason, bad.value)]
    problems += _references(table, bound, rankings, parts, path)
    problems += _amounts(bound, path)
    measures = {*parts, *_MEASURES, *bound.get("counts", ())}
    return problems + check_awards(table.get("awards", ()), parts=measures, path=f"{path}.awards")


def _wrong(path: str, name: str, reason: str, value: Any) -> Problem:
    return Problem("table_parameter", path, {"name": name, "reason": reason, "value": str(value)})


def _references(
    table: Mapping[str, Any],
    bound: Mapping[str, Any],
    rankings: Mapping[str, Collection[str]],
    parts: Collection[str],
    path: str,
) -> Iterator[Problem]:
    """Rankings, award tables, scales and parts that a table names must be there."""
    ranking = table["ranking"]
    if ranking not in rankings:
        yield Problem("table_ranking_unknown", path, {"ranking": ranking, "known": tuple(sorted(rankings))})
    elif bound.get("rule") and bound["rule"] not in rankings[ranking]:
        known = tuple(sorted(rankings[ranking]))
        yield Problem("table_award_unknown", path, {"rule": bound["rule"], "known": known})
    if table.get("scale") and table["scale"] not in SCALES:
        yield Problem("award_scale_unknown", path, {"scale": table["scale"], "known": tuple(SCALES.keys())})
    named = [*bound.get("parts", ()), *(bound.get("needs") or {})]
    named += [key for key in bound.get("then", ()) if key not in ("best", "best_place", "count_back")]
    for key in named:
        if key not in parts:
            yield Problem("award_part_unknown", path, {"part": key})


def _amounts(bound: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Points and pass lines must be exact numbers."""
    points = bound.get("points") or ()
    for value in points.values() if isinstance(points, Mapping) else points:
        yield from amount_problems(value, f"{path}.points")
    for line in (bound.get("needs") or {}).values():
        yield from amount_problems(line, f"{path}.needs")


def check_overall(
    tables: Sequence[Mapping[str, Any]],
    *,
    rankings: Mapping[str, Collection[str]],
    parts: Collection[str],
    path: str = "overall",
) -> list[Problem]:
    """Every problem of the awards over all events: award tables with the `ranking` and the `scale` they draw on."""
    problems: list[Problem] = []
    for index, table in enumerate(tables):
        where = f"{path}.{table.get('key') or index + 1}"
        ranking, scale = str(table.get("ranking", "")), str(table.get("scale", ""))
        if ranking not in rankings:
            params = {"ranking": ranking, "known": tuple(sorted(rankings))}
            problems.append(Problem("table_ranking_unknown", where, params))
        if scale and scale not in SCALES:
            params = {"scale": scale, "known": tuple(SCALES.keys())}
            problems.append(Problem("award_scale_unknown", where, params))
        rest = {name: value for name, value in table.items() if name not in ("ranking", "scale")}
        earlier = rankings.get(ranking, ())
        problems += check_award(rest, parts=parts, earlier=earlier, path=where)
    return problems
