"""Rules of one file that differ by event: variants merged into the rule set."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Any

from contest.scoring.rules import RuleSet, Variant


def rules_for(rules: RuleSet, event: str, columns: Mapping[str, str]) -> RuleSet:
    """The rules of one event: every variant that names it merged in turn.

    columns: values that are the same in all rows of the event, for `where`. Raises RulesError if a merged rule set
    cannot be read.
    """
    chosen = [variant for variant in rules.variants if applies(variant, event, columns)]
    if not chosen:
        return rules
    data: Any = {name: value for name, value in rules.to_dict().items() if name != "variants"}
    for variant in chosen:
        data = merged(data, variant.rules)
    return RuleSet.from_dict(data)


def applies(variant: Variant, event: str, columns: Mapping[str, str]) -> bool:
    """Whether a variant is for this event: by name or shell pattern, and by constant columns."""
    named = not variant.events or any(fnmatch.fnmatchcase(event, pattern) for pattern in variant.events)
    return named and all(columns.get(name) == value for name, value in variant.where.items())


def merged(base: Any, patch: Any) -> Any:
    """Tables deeply, arrays of tables by `key` (new keys at the end), anything else replaced."""
    if isinstance(base, Mapping) and isinstance(patch, Mapping):
        if "by" in patch:
            return dict(patch)
        return {**base, **{name: merged(base.get(name), value) for name, value in patch.items()}}
    if _keyed(base) and _keyed(patch):
        rows = {row["key"]: row for row in base}
        for row in patch:
            rows[row["key"]] = merged(rows.get(row["key"], {}), row)
        return list(rows.values())
    return patch


def _keyed(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and bool(value)
        and all(isinstance(row, Mapping) and "key" in row for row in value)
    )
