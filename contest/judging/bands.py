"""Which values of a measurement give how many points: the table that the judge sees beside the field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from contest.scoring.rules import Node, Spec

PLAIN = ("value", "time", "marks")
"""Kinds whose mark goes into the table as it was typed."""


@dataclass(frozen=True)
class Band:
    """One row: values from `low` to `high` in thousandths, both included; None: no end on that side.

    kind: at_least, at_most, within (around a target), exactly, between (a straight line), otherwise; `edge`: the
    number of the rules in it, for *within* the tolerance. points: None on a line. Of several rows that hold a value
    the first one counts.
    """

    kind: str
    edge: Fraction
    points: Fraction | None
    low: int | None = None
    high: int | None = None

    def holds(self, milli: int) -> bool:
        """Whether a value in thousandths lies in it."""
        return (self.low is None or milli >= self.low) and (self.high is None or milli <= self.high)


def bands_of(node: Node) -> tuple[Band, ...]:
    """The rows of an aspect's table, best found first; empty where points don't come from a table."""
    table = node.convert_each or node.convert
    if table is None or (node.kind or Spec("marks")).by not in PLAIN:
        return ()
    params = table.params
    if table.by == "tolerance":
        return (*_tolerance(params), _otherwise(params))
    if table.by == "steps":
        return (*_steps(params, less=node.less), _otherwise(params))
    if table.by == "table":
        return tuple(_table(params))
    return ()


def reached(bands: Sequence[Band], milli: int | None) -> Band | None:
    """The row that a value in thousandths reaches, if any."""
    if milli is None:
        return None
    return next((band for band in bands if band.holds(milli)), None)


def _rows(table: Any) -> list[tuple[Fraction, Fraction]]:
    return sorted((Fraction(str(row[0])), Fraction(str(row[1]))) for row in table)


def _tolerance(params: Any) -> Iterator[Band]:
    target = Fraction(str(params["target"]))
    for limit, points in _rows(params["table"]):
        yield Band("within", limit, points, _from(target - limit), _to(target + limit))


def _steps(params: Any, *, less: bool) -> Iterator[Band]:
    for edge, points in _rows(params["steps"])[:: 1 if less else -1]:
        yield (
            Band("at_most", edge, points, None, _to(edge))
            if less
            else Band("at_least", edge, points, _from(edge), None)
        )


def _otherwise(params: Any) -> Band:
    return Band("otherwise", Fraction(0), Fraction(str(params.get("otherwise", 0))))


def _table(params: Any) -> Iterator[Band]:
    rows, between = _rows(params["table"]), params.get("between", "refuse")
    if between == "lower":
        yield from (Band("at_least", edge, points, _from(edge), None) for edge, points in rows[::-1])
    elif between == "upper":
        yield from (Band("at_most", edge, points, None, _to(edge)) for edge, points in rows)
    else:
        yield from (Band("exactly", edge, points, _from(edge), _to(edge)) for edge, points in rows)
        if between == "linear" and rows:
            yield Band("between", rows[0][0], None, _from(rows[0][0]), _to(rows[-1][0]))


def _from(value: Fraction) -> int:
    return ceil(value * 1000)


def _to(value: Fraction) -> int:
    return floor(value * 1000)
