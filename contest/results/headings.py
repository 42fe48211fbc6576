"""The heading of a list, frozen with it: titles, hosts, columns, awards, as they stood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contest.events.models import ContestKind, Event
from contest.results import wording
from contest.results.inputs import Inputs
from contest.results.knockouts import is_knockout
from contest.results.lines import Line, modules_of, rounds_of
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.awarding.wording import award_title
from contest.scoring.registry import TIE_BREAKS
from contest.scoring.rules import Node, Ranking, RuleSet

SHOWN_KINDS = ("prize", "medal")


def heading_of(
    inputs: Inputs, ranking_key: str, round_key: str, lines: Sequence[Line], used: set[str], has_self: bool
) -> dict[str, Any]:
    """The heading of a ranking's list; `used` are the keys that decided places, titled here for the remarks."""
    ranking = inputs.rules.ranking(ranking_key)
    return {
        **titles_of(inputs),
        "ranking": {**_title(ranking), "subject": ranking.subject},
        "round": _round_title(inputs.rules, round_key),
        "columns": _columns(inputs, ranking, round_key, lines, has_self),
        "awards": award_titles(ranking.awards, lines),
        "keys": {key: _key_title(inputs.rules, key) for key in sorted(used)},
        "nodes": {
            node.key: {"zh": node.title_zh, "en": node.title_en, "key": node.key}
            for node in _named(inputs.rules)
        },
    }


def titles_of(inputs: Inputs) -> dict[str, Any]:
    """What stands over every list of an event: contest, edition, event, hosts, rules."""
    event: Event = inputs.event
    edition = event.sub_contest.edition
    return {
        "contest": {"zh": edition.contest.name, "en": edition.contest.name_en},
        "kind": edition.contest.kind.value,
        "edition": {"zh": edition.name, "en": edition.name_en},
        "sub_contest": {"zh": event.sub_contest.name, "en": event.sub_contest.name_en},
        "event": {"zh": event.name, "en": event.name_en},
        "second_name": event.second_name,
        "trade": {"name": event.trade_name, "code": event.trade_code},
        "hosts": [
            {"role": host.role.value, "zh": host.name, "en": host.name_en} for host in event.sub_contest.hosts
        ],
        "is_demo": edition.is_demo,
        "rules": {"number": inputs.rule_version.number, "digest": inputs.rule_version.digest},
    }


def _title(thing: Any) -> dict[str, str]:
    return {"key": thing.key, "zh": thing.title_zh, "en": thing.title_en}


def _round_title(rules: RuleSet, round_key: str) -> dict[str, str] | None:
    return next((_title(one) for one in rules.rounds if one.key == round_key), None)


def _named(rules: RuleSet) -> list[Node]:
    """Nodes that remarks may name: those with a pass gate, and knock-out items."""
    return [
        node
        for module in rules.modules
        for node in module.walk()
        if node.gate is not None or is_knockout(node)
    ]


def _column(kind: str, key: str = "", pair: wording.Pair | None = None) -> dict[str, str]:
    """A column: its kind, the key of its cell (the kind's own without one), its head in both languages."""
    zh, en = pair or wording.COLUMNS[key or kind]
    return {"key": key or kind, "kind": kind, "zh": zh, "en": en}


def _columns(
    inputs: Inputs, ranking: Ranking, round_key: str, lines: Sequence[Line], has_self: bool
) -> list[dict[str, str]]:
    """The usual columns, those without any content left out, marks in the order of the scheme."""
    is_labour = inputs.event.sub_contest.edition.contest.kind is not ContestKind.SKILLS
    is_person = ranking.subject == "member" or (inputs.event.members_max == 1 and not is_labour)
    name = "person" if is_person else "entrant" if is_labour else "name"
    columns = [_column("rank"), _column("number"), _column("name", pair=wording.COLUMNS[name])]
    for key in ("team", "unit"):
        if any(line.data[key] and line.data[key] != line.name for line in lines):
            columns.append(_column(key))
    if any(line.delegation for line in lines):
        columns.append(_column("delegation"))
    if any(line.data["group"] for line in lines):
        columns.append(_column("group"))
    columns += _mark_columns(inputs.rules, ranking, round_key, has_self)
    over_rounds = bool(rounds_of(inputs.rules, ranking, round_key))
    columns.append(_column("total", pair=wording.COLUMNS["mean" if over_rounds else "total"]))
    if any(one["kind"] in SHOWN_KINDS for line in lines for one in line.data["grants"]):
        columns.append(_column("award"))
    return [*columns, _column("remark")]


def _mark_columns(rules: RuleSet, ranking: Ranking, round_key: str, has_self: bool) -> list[dict[str, str]]:
    rounds = rounds_of(rules, ranking, round_key)
    if rounds:
        return [_column("mark", f"round:{one.key}", _pair(one)) for one in rounds]
    columns = []
    for module in modules_of(rules, ranking, round_key):
        zh, en = _pair(module)
        if has_self:
            columns.append(_column("self", f"self:{module.key}", (f"{zh}·自评", f"{en}, self")))
            zh, en = f"{zh}·考评", f"{en}, review"
        columns.append(_column("mark", f"module:{module.key}", (zh, en)))
    return [*columns, _column("self", "self_total")] if has_self else columns


def _pair(thing: Any) -> wording.Pair:
    """The titles of a node or round, one language standing in for the other, the key for both."""
    return thing.title_zh or thing.title_en or thing.key, thing.title_en or thing.title_zh or thing.key


def award_titles(tables: Sequence[Any], lines: Sequence[Line]) -> dict[str, dict[str, str]]:
    """Titles of the awards that stand on a list, by key: as the rules name them, else the usual names."""
    titles: dict[str, dict[str, str]] = {}
    granted = {(one["rule"], one["award"]) for line in lines for one in line.data["grants"]}
    for spec in map(AwardSpec.read, tables):
        for rule, key in sorted(granted):
            if rule == spec.key:
                zh, en = award_title(spec, key, "zh"), award_title(spec, key, "en")
                titles.setdefault(key, {"key": key, "zh": zh, "en": en, "kind": spec.kind})
    return titles


def _key_title(rules: RuleSet, key: str) -> dict[str, str]:
    """The title of what decided a place: a node of the scheme, a word of ours, or a registered tie-break."""
    for module in rules.modules:
        for node in module.walk():
            if node.key == key:
                return _title(node)
    if key in wording.KEYS:
        return {"key": key, "zh": wording.KEYS[key][0], "en": wording.KEYS[key][1]}
    try:
        known = TIE_BREAKS.get(key)
    except KeyError:
        return {"key": key, "zh": key, "en": key}
    return {"key": key, "zh": known.title_zh, "en": known.title_en}
