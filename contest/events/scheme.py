"""Editing a marking scheme: pure changes of a rule document, whose tree may be contradictory while it is edited.

A document is the canonical dictionary of a rule set (`RuleSet.to_dict()`), its tree under "modules" with "parts".
Every function returns a new document and leaves the one it was given as it was.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contest.scoring import codec

Document = dict[str, Any]
Node = dict[str, Any]

ONLY_ON_ASPECTS = ("kind", "benchmarks_zh", "benchmarks_en", "convert")
"""Fields that an aspect loses when it gets parts of its own."""


class NodeGone(KeyError):
    """The scheme has no node of that key any more; args[0] is the key."""


@dataclass(frozen=True)
class SchemeRow:
    """One line of the scheme as a table. `depth` 0 is a module.

    parts_sum: sum of the parts' maxima, None for an aspect or where one is unreadable. fits: whether it equals the
    node's own maximum (True where nothing is to compare). weight_sum: sum of the parts' weights, None without any.
    """

    node: Node
    depth: int
    parent: str
    number: str
    parts_sum: Fraction | None
    fits: bool
    weight_sum: Fraction | None
    is_first: bool
    is_last: bool

    @property
    def is_aspect(self) -> bool:
        return not self.node.get("parts")

    @property
    def kind(self) -> str:
        """Key of the aspect's kind; "" for a node with parts."""
        if not self.is_aspect:
            return ""
        chosen = self.node.get("kind", "marks")
        return str(chosen["by"] if isinstance(chosen, Mapping) else chosen)


def rows(document: Mapping[str, Any]) -> list[SchemeRow]:
    """The whole tree in the order of the sheet."""
    return list(_rows(document.get("modules", []), 0, "", ""))


def _rows(nodes: list[Node], depth: int, parent: str, prefix: str) -> Iterator[SchemeRow]:
    for index, node in enumerate(nodes):
        number = f"{prefix}{index + 1}"
        parts = node.get("parts", [])
        total = total_of(parts, "maximum") if parts and _adds_up(parts) else None
        own = _exact(node.get("maximum"))
        fits = total is None or own is None or own == total or "scale_to" in node or "combine" in node
        yield SchemeRow(
            node,
            depth,
            parent,
            number,
            total,
            fits,
            total_of(parts, "weight"),
            index == 0,
            index == len(nodes) - 1,
        )
        yield from _rows(parts, depth + 1, str(node.get("key", "")), f"{number}.")


def _adds_up(parts: list[Node]) -> bool:
    """Weighted parts share out their own 100 percent, so their maxima are not added."""
    return not any("weight" in part for part in parts)


def total_of(nodes: list[Node], field: str) -> Fraction | None:
    """The exact sum of a field over sibling nodes; None if none has it. Kinds beside the allotted points don't count."""
    values = [_exact(node.get(field)) for node in nodes if field == "weight" or not _is_beside(node)]
    given = [value for value in values if value is not None]
    return sum(given, Fraction(0)) if given else None


def _is_beside(node: Node) -> bool:
    chosen = node.get("kind", "marks")
    return (chosen["by"] if isinstance(chosen, Mapping) else chosen) in (
        "bonus",
        "penalty",
        "knockout",
        "time",
    )


def _exact(value: Any) -> Fraction | None:
    try:
        return None if value is None else codec.number(value)
    except ValueError:
        return None


def shown(value: Fraction | None) -> str:
    """A sum as people write it."""
    return "" if value is None else str(codec.plain(value))


def find(document: Mapping[str, Any], key: str) -> Node:
    """The node of a key, at any depth. Raises NodeGone."""
    siblings, index = _place(document, key)
    return siblings[index]


def _place(document: Mapping[str, Any], key: str) -> tuple[list[Node], int]:
    found = _search(document.get("modules", []), key)
    if found is None:
        raise NodeGone(key)
    return found


def _search(nodes: list[Node], key: str) -> tuple[list[Node], int] | None:
    for index, node in enumerate(nodes):
        if node.get("key") == key:
            return nodes, index
        deeper = _search(node.get("parts", []), key)
        if deeper is not None:
            return deeper
    return None


def keys(document: Mapping[str, Any]) -> list[str]:
    """Keys of all nodes in the order of the sheet."""
    return [str(row.node.get("key", "")) for row in rows(document)]


def free_key(document: Mapping[str, Any], parent: str) -> str:
    """A key nobody has: m1, m2 … for modules, below them the parent's key with a number."""
    taken = set(keys(document))
    stem = f"{parent}-" if parent else "m"
    return next(f"{stem}{number}" for number in range(1, 10_000) if f"{stem}{number}" not in taken)


def with_node(document: Mapping[str, Any], parent: str, node: Node) -> Document:
    """Put a node last below `parent` ("" for a new module). A parent that was an aspect becomes a criterion."""
    new = copy.deepcopy(dict(document))
    if not parent:
        new.setdefault("modules", []).append(node)
        return new
    above = find(new, parent)
    for field in ONLY_ON_ASPECTS:
        above.pop(field, None)
    above.setdefault("parts", []).append(node)
    return new


def with_values(document: Mapping[str, Any], key: str, values: Mapping[str, Any]) -> Document:
    """Set fields of a node; a value of None takes the field away."""
    new = copy.deepcopy(dict(document))
    node = find(new, key)
    for name, value in values.items():
        if value is None or value == "":
            node.pop(name, None)
        else:
            node[name] = value
    return new


def moved(document: Mapping[str, Any], key: str, direction: str) -> Document:
    """Move a node: "up", "down" among its siblings, "in" under the sibling before it, "out" behind its parent.

    A move that leads nowhere leaves the document as it is.
    """
    new = copy.deepcopy(dict(document))
    siblings, index = _place(new, key)
    if direction in ("up", "down"):
        other = index + (1 if direction == "down" else -1)
        if 0 <= other < len(siblings):
            siblings[index], siblings[other] = siblings[other], siblings[index]
    elif direction == "in" and index > 0:
        node = siblings.pop(index)
        return with_node(new, str(siblings[index - 1]["key"]), node)
    elif direction == "out":
        parent = next((row.parent for row in rows(new) if row.node.get("key") == key), "")
        if parent:
            node = siblings.pop(index)
            above = find(new, parent)
            if not above["parts"]:
                del above["parts"]
            outer, place = _place(new, parent)
            outer.insert(place + 1, node)
    return new


def without(document: Mapping[str, Any], key: str) -> Document:
    """Take a node away with all below it; a parent left without parts becomes an aspect."""
    new = copy.deepcopy(dict(document))
    parent = next((row.parent for row in rows(new) if row.node.get("key") == key), "")
    siblings, index = _place(new, key)
    siblings.pop(index)
    if parent and not siblings:
        find(new, parent).pop("parts", None)
    return new
