"""Tidy rows (one a mark) → one field for each event; every bad row is listed, none is dropped silently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from contest.scoring.asked import missing_columns
from contest.scoring.field import Field
from contest.scoring.problems import Problem
from contest.scoring.rules import RuleSet
from contest.scoring.tidy_event import Reader
from contest.scoring.variants import rules_for

WHOLE_ROW = "row"
MOST_NAMED = 12


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used: line in the file (the header is line 1), column, value as typed, reason."""

    line: int
    column: str
    value: str
    reason: str


@dataclass
class Tidy:
    """The rows of a file by column, with their line numbers, and what was wrong with them."""

    columns: dict[str, pd.Series]
    lines: np.ndarray[Any, Any]
    bad: list[BadRow] = field(default_factory=list)

    def refuse(self, rows: Iterable[int], column: str, reason: str) -> None:
        """List rows (by index) as bad."""
        values = self.columns.get(column)
        for row in rows:
            value = "" if values is None else str(values.iloc[row])
            self.bad.append(BadRow(int(self.lines[row]), column, value[:60], reason))

    def needs(self, column: str, reason: str) -> None:
        """List a column that the file lacks."""
        self.bad.append(BadRow(1, column, "", reason))


def table(rows: Sequence[Sequence[str]], lines: Sequence[int], header: Sequence[str]) -> Tidy:
    """Rows as columns. Rows of another length than the header are bad; empty rows are skipped.

    Columns without a name and without any content are what spreadsheets leave at the right edge; they are left out.
    """
    names = [name.strip() for name in header]
    width, good, kept, bad = len(names), [], [], []
    for row, line in zip(rows, lines, strict=True):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) == width:
            good.append(row)
            kept.append(line)
        else:
            bad.append(
                BadRow(line, WHOLE_ROW, ",".join(row)[:60], f"{len(row)} cells where the header has {width}")
            )
    columns = {}
    for index, name in enumerate(names):
        cells = [row[index].strip() for row in good]
        if name or any(cells):
            columns[name] = pd.Series(cells, dtype=object)
    tidy = Tidy(columns, np.array(kept, np.int64), bad)
    for name in names:
        if name in columns and (not name or names.count(name) > 1):
            tidy.bad.append(BadRow(1, name or WHOLE_ROW, name, "a column needs a name of its own"))
    for name in ("entry", "mark"):
        if name not in columns:
            held = ", ".join(one for one in names[:MOST_NAMED] if one) or "no names"
            reason = f"this column is needed; the first line has {held}: rename the column that holds it"
            tidy.bad.append(BadRow(1, name, "", reason))
    return tidy


@dataclass(frozen=True)
class Event:
    """One event of a file: its own rules (variants merged), its field, and what of the rules the file cannot answer."""

    name: str
    rules: RuleSet
    field: Field
    problems: tuple[Problem, ...] = ()


def events(rules: RuleSet, tidy: Tidy) -> list[Event]:
    """The events of a file, in order of name. Bad rows are added to `tidy.bad`; look there before using the result."""
    if tidy.bad and any(row.line == 1 for row in tidy.bad):
        return []
    names = tidy.columns.get("event")
    if names is None:
        return [_event(rules, tidy, "", np.arange(len(tidy.lines)))]
    codes, found = pd.factorize(names)
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(found) + 1))
    groups = {str(name): order[bounds[index] : bounds[index + 1]] for index, name in enumerate(found)}
    return [_event(rules, tidy, name, groups[name]) for name in sorted(groups)]


def _event(rules: RuleSet, tidy: Tidy, name: str, rows: np.ndarray[Any, Any]) -> Event:
    constant = {}
    if any(variant.where for variant in rules.variants):
        for column, values in tidy.columns.items():
            found = values.iloc[rows].unique()
            if len(found) == 1:
                constant[column] = str(found[0])
    own = rules_for(rules, name, constant)
    return Event(name, own, Reader(own, tidy, rows, name).field(), tuple(missing_columns(own, tidy.columns)))
