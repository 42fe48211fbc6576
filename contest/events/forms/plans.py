"""What all plans of the rules' forms share: titles, and what a parameter may name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from contest.events import scheme
from contest.events.forms.fields import is_chinese
from contest.events.forms.parts import Plan

Document = Mapping[str, Any]

TITLES = (
    Plan("title_zh", _("Chinese name")),
    Plan("title_en", _("English name")),
)


def titles(nodes: Any) -> list[tuple[str, str]]:
    """Keys of tables with a title, for choosing several."""
    first, second = ("title_zh", "title_en") if is_chinese() else ("title_en", "title_zh")
    return [(one["key"], one.get(first) or one.get(second) or one["key"]) for one in nodes if one.get("key")]


def names(tables: Any) -> list[tuple[str, str]]:
    """Names of declared inputs or columns."""
    title = "title_zh" if is_chinese() else "title_en"
    return [(one["name"], one.get(title) or one["name"]) for one in tables if one.get("name")]


def known_parts(document: Document) -> dict[str, list[tuple[str, str]]]:
    """What parameters of functions may name in these rules: nodes by number and title, rounds, declared inputs."""
    rows = scheme.rows(document)
    nodes = [
        (str(row.node["key"]), f"{row.number} {titles([row.node])[0][1]}")
        for row in rows
        if row.node.get("key")
    ]
    rounds = titles(document.get("rounds", []))
    return {
        "node": nodes,
        "target": nodes,
        "round": [*rounds, ("last", _("the last round"))] if rounds else [],
        "name": names(document.get("inputs", [])),
        "on": [("total", _("the total")), *nodes],
    }
