"""The orders in which papers are printed: as they are handed out, counted, looked up or read out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from contest.certificates.models import Certificate, Letter
from contest.entries.names import sort_key

Paper = Certificate | Letter
P = TypeVar("P", Certificate, Letter)
_LAST = 1_000_000


def _by_delegation(one: Paper) -> tuple[Any, ...]:
    """The delegation's official order, then the entry's number, then the paper's own."""
    delegation = one.entry.delegation if one.entry is not None else None
    entry = one.entry.number if one.entry is not None else ""
    order = delegation.official_order if delegation is not None else _LAST
    return order, natural(entry), *_by_number(one)


def _by_number(one: Paper) -> tuple[Any, ...]:
    return natural(one.number), one.id


def _by_name(one: Paper) -> tuple[Any, ...]:
    return sort_key(one.name), one.name, *_by_number(one)


def _by_award(one: Paper) -> tuple[Any, ...]:
    """As the list has them: ranking by ranking from the first place down; of a roll, line by line."""
    if isinstance(one, Letter):
        return "", False, one.recipient.position, one.id
    return one.award.publication.ranking_key, one.title_id is not None, one.award.position, one.id


ORDERS: dict[str, Callable[[Paper], tuple[Any, ...]]] = {
    "delegation": _by_delegation,
    "number": _by_number,
    "name": _by_name,
    "award": _by_award,
}


def natural(text: str) -> list[tuple[int, int, str]]:
    """A key by which 第2号 comes before 第10号: runs of digits count as numbers."""
    return [
        (0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part)
        for part in re.split(r"([0-9]+)", text)
        if part
    ]


def in_order(papers: Iterable[P], order: str) -> list[P]:
    """The papers in an order. Raises KeyError for one that is not in `ORDERS`."""
    return sorted(papers, key=ORDERS[order])
