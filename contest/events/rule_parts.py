"""The parts of a rule document that have a form of their own: found, put back, added, moved, taken away. Pure."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

import contest.scoring  # noqa: F401  # fills the registries
from contest.events import scheme
from contest.scoring.awarding.spec import OPTIONS as AWARD_OPTIONS
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.tables import OPTIONS as TABLE_OPTIONS
from contest.scoring.tables import TableSpec

Document = dict[str, Any]
Values = dict[str, Any]
AWARD_DEFAULTS = {one.name: one.default for one in dataclasses.fields(AwardSpec)}
PASS_DOWN = AwardSpec(key="", by="").pass_down
TABLE_DEFAULTS = {one.name: one.default for one in dataclasses.fields(TableSpec)}

LISTS = {"rounds": "round", "rankings": "ranking", "awards": "award", "tables": "table"}
"""Sections that are lists of tables with a key, and the stem of a key made for a new one."""
TABLES_AT_TOP = {"team": "members", "total": "total"}
"""Sections that are one table of the document."""


class PartGone(KeyError):
    """The rules have no such part any more; args[0] says which."""


def values_of(document: Mapping[str, Any], section: str, key: str = "", within: str = "") -> Values:
    """What a form of the part starts from. `within` is the ranking's key for an award. Raises PartGone."""
    if section == "general":
        return dict(document)
    if section == "team":
        return {"minimum": 1, "maximum": 1, **document.get("members", {})}
    if section in TABLES_AT_TOP:
        return dict(document.get(TABLES_AT_TOP[section], {}))
    if section == "nodes":
        try:
            return dict(scheme.find(document, key))
        except scheme.NodeGone:
            raise PartGone(key) from None
    if section == "advance":
        return dict(_item(document, "rounds", key).get("advance", {}))
    item = _item(document, section, key, within)
    if section == "awards":
        return _award_to_form(item)
    return _apart(item, TABLE_OPTIONS) if section == "tables" else dict(item)


def with_part(
    document: Mapping[str, Any], section: str, values: Values, key: str = "", within: str = ""
) -> Document:
    """The document with the part's fields set; a value of None takes a field away. Raises PartGone."""
    if section == "nodes":
        try:
            return scheme.with_values(document, key, values)
        except scheme.NodeGone:
            raise PartGone(key) from None
    new = copy.deepcopy(dict(document))
    if section == "general":
        _set(new, values)
    elif section in TABLES_AT_TOP:
        _set(new.setdefault(TABLES_AT_TOP[section], {}), values)
    elif section == "advance":
        _item(new, "rounds", key)["advance"] = {name: one for name, one in values.items() if one is not None}
        if not _item(new, "rounds", key)["advance"]:
            del _item(new, "rounds", key)["advance"]
    elif section == "awards":
        item = _item(new, section, key, within)
        made = _award_from_form(values, _mapping(item.get("holders", {})))
        _function_into(item, AWARD_OPTIONS, _unsaid(made, item, AWARD_DEFAULTS))
    elif section == "tables":
        item = _item(new, section, key)
        _function_into(item, TABLE_OPTIONS, _unsaid(dict(values), item, TABLE_DEFAULTS))
    else:
        _set(_item(new, section, key), values)
    return new


def with_new(
    document: Mapping[str, Any],
    section: str,
    *,
    title: str,
    title_field: str,
    key: str = "",
    within: str = "",
) -> tuple[Document, str]:
    """The document with a new part at the end of its list, and the part's key. An empty key is made."""
    new = copy.deepcopy(dict(document))
    siblings = _list(new, section, within)
    taken = {str(one.get("key")) for one in siblings}
    stem = LISTS[section]
    made = key or next(f"{stem}{n}" for n in range(1, 1000) if f"{stem}{n}" not in taken)
    siblings.append({"key": made, **_start(new, section), **({title_field: title} if title else {})})
    return new, made


def _start(document: Mapping[str, Any], section: str) -> Values:
    """What a new part has, so that its form opens filled with the usual."""
    if section == "rankings":
        per_member = any(module.get("per") == "member" for module in document.get("modules", []))
        return {
            "subject": "member" if per_member else "entry",
            "order": ["total", "lot", "ruling"],
            "ties": "never",
        }
    if section == "awards":
        return {"by": "place", "bands": []}
    if section == "tables":
        rankings = document.get("rankings", [])
        return {"by": "sum", "ranking": rankings[0]["key"] if rankings else "", "group": "delegation"}
    return {}


def without_part(document: Mapping[str, Any], section: str, key: str, within: str = "") -> Document:
    """The document without a round, ranking, award or table. Raises PartGone."""
    new = copy.deepcopy(dict(document))
    _list(new, section, within).remove(_item(new, section, key, within))
    return new


def moved_part(
    document: Mapping[str, Any], section: str, key: str, direction: str, within: str = ""
) -> Document:
    """Move a part "up" or "down" in its list; at the end nothing happens. Raises PartGone."""
    new = copy.deepcopy(dict(document))
    siblings = _list(new, section, within)
    index = siblings.index(_item(new, section, key, within))
    other = index + (1 if direction == "down" else -1)
    if 0 <= other < len(siblings):
        siblings[index], siblings[other] = siblings[other], siblings[index]
    return new


def _list(document: Document, section: str, within: str) -> list[Values]:
    if section == "awards":
        return _item(document, "rankings", within).setdefault("awards", [])
    if section not in LISTS:
        raise PartGone(section)
    return document.setdefault(section, [])


def _item(document: Mapping[str, Any], section: str, key: str, within: str = "") -> Values:
    holder = _item(document, "rankings", within) if section == "awards" else document
    if section not in LISTS:
        raise PartGone(section)
    for one in holder.get(section, []):
        if one.get("key") == key:
            return one
    raise PartGone(key)


def _set(target: Values, values: Values) -> None:
    for name, value in values.items():
        if value is None:
            target.pop(name, None)
        else:
            target[name] = value


def _apart(item: Values, options: frozenset[str]) -> Values:
    """A table whose function is chosen by `by`: its common options, and the function with its parameters."""
    function = {name: value for name, value in item.items() if name not in options}
    return {
        **{name: item[name] for name in item if name in options},
        "function": {"by": item.get("by", ""), **function},
    }


def _function_into(item: Values, options: frozenset[str], values: Values) -> None:
    """Put common options and the chosen function back; parameters of another function go."""
    chosen = values.pop("function", None)
    for name in [name for name in item if name not in options]:
        del item[name]
    _set(item, values)
    if isinstance(chosen, Mapping):
        item.update(chosen)
    elif chosen:
        item["by"] = chosen


def _unsaid(values: Values, before: Values, defaults: Mapping[str, Any]) -> Values:
    """Without what is the default and was not said before: rules stay as short as they were."""
    plain = {name: list(one) if isinstance(one, tuple) else one for name, one in defaults.items()}
    return {
        name: None if name not in before and name in plain and value == plain[name] else value
        for name, value in values.items()
    }


def _mapping(value: Any) -> Mapping[str, Any]:
    """A table as it is; anything else that stands where one should, as an empty one: a finding says so."""
    return value if isinstance(value, Mapping) else {}


def _award_to_form(item: Values) -> Values:
    values = _apart(item, AWARD_OPTIONS)
    values.setdefault("pass_down", list(PASS_DOWN))
    holders, names = (_mapping(values.pop(name, {})) for name in ("holders", "names"))
    values["holder_column"], values["holder_policy"] = holders.get("attribute"), holders.get("policy")
    values["names"] = [
        {"award": award, "zh": words[0] if words else "", "en": words[1] if len(words) > 1 else ""}
        for award, words in names.items()
        if isinstance(words, list | tuple)
    ]
    return values


def _award_from_form(values: Values, before: Mapping[str, Any]) -> Values:
    """Back into an award table; what the form doesn't ask about earlier holders is kept from `before`."""
    made = {**values, "pass_down": values.get("pass_down") or []}
    column, policy = made.pop("holder_column", None), made.pop("holder_policy", None)
    made["holders"] = {**before, "attribute": column or "prior_holder", "policy": policy} if policy else None
    rows = made.pop("names", None) or []
    made["names"] = {
        row["award"]: [row.get("zh", row["award"]), row.get("en", row.get("zh", row["award"]))]
        for row in rows
        if row.get("award")
    } or None
    return made
