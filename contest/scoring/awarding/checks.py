"""What is wrong with the award tables of a ranking, found before the rules are saved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from contest.scoring.awarding.amounts import UnreadableAmount, exact
from contest.scoring.awarding.bands import size_fits
from contest.scoring.awarding.levels import CONTEST_CAP, LEVELS, UnknownLevel, step_of
from contest.scoring.awarding.lineup import BASES
from contest.scoring.awarding.marks import TOTAL
from contest.scoring.awarding.spec import CONDITIONS, HOLDER_POLICIES, KINDS, OPTIONS
from contest.scoring.numbers import decimal_text
from contest.scoring.problems import Problem
from contest.scoring.registry import AWARD_RULES, SCALES, BadParameter

_TABLES = ("only", "unless", "needs", "holders", "requires", "limit", "names")
_LISTS = ("after", "pass_down", "field", "quotas")
_TEXTS = ("key", "by", "title_zh", "title_en", "source", "kind", "to", "gates", "apart", "round", "field_of")
_CHOICES = {"kind": KINDS, "gates": ("refuse", "ignore"), "field_of": BASES}


def check_awards(
    tables: Sequence[Mapping[str, Any]],
    *,
    parts: Collection[str],
    rounds: Sequence[str] = (),
    path: str = "awards",
) -> list[Problem]:
    """Every problem of a ranking's award tables. `parts`, `rounds`: the keys of nodes and rounds that there are."""
    problems: list[Problem] = []
    choices = ("", "each", *rounds) if rounds else ("",)
    earlier: dict[str, str] = {}
    for index, table in enumerate(tables):
        if not isinstance(table, Mapping):
            params = {"name": str(index + 1), "reason": "table", "value": str(table)[:40]}
            problems.append(Problem("award_parameter", path, params))
            continue
        key, round_ = str(table.get("key") or index), str(table.get("round", ""))
        where = f"{path}.{key}"
        if key in earlier:
            problems.append(Problem("award_key_twice", where, {"key": key}))
        # Tables of different rounds are applied apart, so they cannot see what the others gave.
        together = [other for other, held in earlier.items() if held == round_]
        problems += check_award(table, parts=parts, earlier=together, path=where)
        if round_ not in choices:
            problems.append(_choice(where, "round", round_, choices))
        earlier[key] = round_
    return problems


def check_award(
    table: Mapping[str, Any], *, parts: Collection[str], earlier: Collection[str], path: str
) -> list[Problem]:
    """Every problem of one award table; what depends on a wrong type or an unknown rule is left for later."""
    missing = [
        Problem("award_incomplete", path, {"field": name}) for name in ("key", "by") if not table.get(name)
    ]
    problems = missing + list(_types(table, path))
    if problems:
        return problems
    if table["by"] not in AWARD_RULES:
        known = tuple(AWARD_RULES.keys())
        return [Problem("award_rule_unknown", path, {"by": table["by"], "known": known})]
    params = {name: value for name, value in table.items() if name not in OPTIONS}
    try:
        bound = AWARD_RULES.get(table["by"]).bind(params)
    except BadParameter as bad:
        return [
            Problem("award_parameter", path, {"name": bad.name, "reason": bad.reason, "value": bad.value})
        ]
    problems += _conditions(table, parts, earlier, path)
    problems += _limits(table, path)
    problems += _sizes(table.get("field", ()), f"{path}.field")
    problems += _quotas(table.get("quotas", ()), path)
    return problems + list(_rule(table["by"], bound, parts, path))


def _types(table: Mapping[str, Any], path: str) -> Iterator[Problem]:
    kinds = ((_TABLES, Mapping, "table"), (_LISTS, (tuple, list), "list"), (_TEXTS, str, "text"))
    for names, kind, word in kinds:
        for name in names:
            if name in table and not isinstance(table[name], kind):  # type: ignore[arg-type]
                yield Problem(
                    "award_parameter", path, {"name": name, "reason": word, "value": str(table[name])}
                )
    for name, choices in _CHOICES.items():
        if name in table and isinstance(table[name], str) and table[name] not in choices:
            yield _choice(path, name, table[name], choices)
    for name in ("only", "unless", "requires"):
        if isinstance(table.get(name), Mapping):
            for column, values in table[name].items():
                yield from is_list(f"{name}.{column}", values, path)
    if isinstance(table.get("names"), Mapping):
        for award, names in table["names"].items():
            if not isinstance(names, tuple | list) or len(names) != 2:
                params = {"name": f"names.{award}", "reason": "2", "value": str(names)}
                yield Problem("award_parameter", path, params)


def is_list(name: str, values: Any, path: str) -> Iterator[Problem]:
    """A list of texts: a text where a list is meant would be searched letter by letter, a number never be equal."""
    if not isinstance(values, tuple | list) or not all(isinstance(one, str) for one in values):
        yield Problem("award_parameter", path, {"name": name, "reason": "list", "value": str(values)})


def _choice(path: str, name: str, value: str, choices: Sequence[str]) -> Problem:
    return Problem("award_choice", path, {"name": name, "value": value, "choices": tuple(choices)})


def _conditions(
    table: Mapping[str, Any], parts: Collection[str], earlier: Collection[str], path: str
) -> Iterator[Problem]:
    for part, line in table.get("needs", {}).items():
        yield from _part(part, parts, f"{path}.needs")
        yield from amount_problems(line, f"{path}.needs.{part}")
    for rule in (*table.get("requires", {}), *table.get("after", ())):
        if rule not in earlier:
            yield Problem("award_rule_later", path, {"rule": rule})
    for condition in table.get("pass_down", ()):
        if condition not in CONDITIONS:
            yield _choice(path, "pass_down", condition, CONDITIONS)
    holders = table.get("holders", {})
    if holders:
        if not isinstance(holders.get("attribute"), str):
            yield Problem("award_incomplete", f"{path}.holders", {"field": "attribute"})
        if holders.get("policy") not in HOLDER_POLICIES:
            yield _choice(path, "holders.policy", str(holders.get("policy")), HOLDER_POLICIES)
        yield from is_list("holders.values", holders.get("values", ()), path)


def _limits(table: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if "within" in table:
        yield from _count(table["within"], path, "within", "within")
    limit = table.get("limit")
    if limit is not None:
        number = limit.get("number")
        whole = isinstance(number, int) and not isinstance(number, bool) and number >= 1
        if not whole or not isinstance(limit.get("attribute"), str):
            yield Problem("award_limit", f"{path}.limit")


def _part(part: str, parts: Collection[str], path: str) -> Iterator[Problem]:
    if part != TOTAL and part not in parts:
        yield Problem("award_part_unknown", path, {"part": part})


def amount_problems(written: Any, path: str) -> Iterator[Problem]:
    """A problem if an amount cannot be read exactly."""
    try:
        exact(written)
    except UnreadableAmount:
        yield Problem("award_amount", path, {"value": str(written)})


def _rule(by: str, bound: Mapping[str, Any], parts: Collection[str], path: str) -> Iterator[Problem]:
    """What a rule's own parameters may not say although their types are right."""
    if "bands" in bound:
        yield from _bands(by, bound["bands"], path)
    if "sizes" in bound:
        if not bound["sizes"]:
            yield Problem("award_bands_empty", f"{path}.sizes")
        yield from _sizes(bound["sizes"], f"{path}.sizes", needed="places")
    banded = all(isinstance(row, Mapping) and "bands" in row for row in bound.get("sizes", [{}]))
    if bound.get("award") == "" and not banded:
        yield Problem("award_incomplete", path, {"field": "award"})
    if "on" in bound:
        yield from _part(bound["on"], parts, path)
    if bound.get("scale") and bound["scale"] not in SCALES:
        yield Problem("award_scale_unknown", path, {"scale": bound["scale"], "known": tuple(SCALES.keys())})
    if "cap" in bound:
        yield from _level(bound["cap"], path)
    if bound.get("lower") is not None:
        yield from _lower(bound["lower"], f"{path}.lower")
    if by == "gap" and len(bound["awards"]) != 4:
        params = {"name": "awards", "reason": "4", "value": len(bound["awards"])}
        yield Problem("award_parameter", path, params)
    if by == "kind":
        for kind, places in bound["places"].items():
            yield from _count(places, f"{path}.places", kind, "places")


def _lower(lower: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if not isinstance(lower.get("attribute"), str):
        yield Problem("award_incomplete", path, {"field": "attribute"})
    yield from is_list("values", lower.get("values"), path)
    yield from _count(lower.get("steps", 1), path, "lower", "steps")


#: What a band of each rule needs beside its award.
_BAND_FIELDS = {"place": "places", "share": "share", "promotion": "places"}


def _bands(by: str, bands: Sequence[Any], path: str) -> Iterator[Problem]:
    if not bands:
        yield Problem("award_bands_empty", path)
    total, closed = Fraction(0), False
    name = "level" if by == "promotion" else "award"
    for index, band in enumerate(bands):
        where = f"{path}.bands.{index + 1}"
        if not isinstance(band, Mapping) or not isinstance(band.get(name), str):
            yield Problem("award_incomplete", where, {"field": name})
            continue
        if closed:
            yield Problem("award_band_unreachable", where, {"award": band[name]})
        closed = closed or bool(band.get("rest"))
        if by == "promotion":
            yield from _level(band["level"], where)
        yield from _extent(by, band, band[name], where)
        if by == "share" and not band.get("rest"):
            total += _readable(band.get("share"))
    if total > 1:
        yield Problem("award_share_over", path, {"sum": f"{decimal_text(total * 100)}%"})


def _extent(by: str, band: Mapping[str, Any], award: str, path: str) -> Iterator[Problem]:
    """Whether a band says how far it reaches."""
    if by == "score":
        limits = [name for name in ("at_least", "below") if name in band]
        if not limits:
            yield Problem("award_incomplete", path, {"field": "at_least"})
        for name in limits:
            yield from amount_problems(band[name], path)
        return
    if "at_least" in band:
        yield from amount_problems(band["at_least"], path)
    if not band.get("rest") and by in _BAND_FIELDS:
        field = _BAND_FIELDS[by]
        if field not in band:
            yield Problem("award_incomplete", path, {"field": field})
        elif field == "places":
            yield from _count(band[field], path, award, field)
        else:
            yield from amount_problems(band[field], path)
            if _readable(band[field], Fraction(1)) <= 0:
                yield Problem("award_band_empty", path, {"award": award, "field": field})


def _count(places: Any, path: str, award: str, field: str) -> Iterator[Problem]:
    if not isinstance(places, int) or isinstance(places, bool) or places < 1:
        yield Problem("award_band_empty", path, {"award": award, "field": field})


def _readable(written: Any, otherwise: Fraction = Fraction(0)) -> Fraction:
    try:
        return exact(written)
    except UnreadableAmount:
        return otherwise


def _level(written: str, path: str) -> Iterator[Problem]:
    try:
        step = step_of(written)
    except UnknownLevel:
        known = tuple(level.key for level in LEVELS)
        yield Problem("award_level_unknown", path, {"level": written, "known": known})
        return
    if step > step_of(CONTEST_CAP):
        yield Problem("award_level_high", path, {"level": LEVELS[step].key, "cap": CONTEST_CAP})


def _sizes(rows: Sequence[Any], path: str, needed: str = "") -> Iterator[Problem]:
    """Rows of sizes must be readable and must not overlap; a gap between them is allowed and asks."""
    edges: set[int] = set()
    for index, row in enumerate(rows):
        where = f"{path}.{index + 1}"
        if not isinstance(row, Mapping):
            yield Problem("award_incomplete", where, {"field": "from"})
            return
        if needed and "bands" in row:
            yield from _bands("place", row["bands"], where)
        wanted = needed if "bands" not in row else ""
        for name in ("from", "to", *((wanted,) if wanted else ())):
            if (name in row or name == wanted) and not isinstance(row.get(name), int):
                yield Problem("award_incomplete", where, {"field": name})
                return
        yield from is_list("awards", row.get("awards", ()), where)
        edges |= {row[name] for name in ("from", "to") if name in row}
    for size in sorted(edges):
        if sum(size_fits(row, size) for row in rows) > 1:
            yield Problem("award_sizes_overlap", path, {"size": size})


def _quotas(quotas: Sequence[Any], path: str) -> Iterator[Problem]:
    for index, quota in enumerate(quotas):
        where = f"{path}.quotas.{index + 1}"
        limits = [name for name in ("at_least", "at_most") if isinstance(quota, Mapping) and name in quota]
        if len(limits) != 1 or not {"key", "attribute", "values"} <= set(quota):
            yield Problem("quota_incomplete", where)
        else:
            yield from amount_problems(quota[limits[0]], where)
            yield from is_list("values", quota["values"], where)
