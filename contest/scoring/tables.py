"""Tables of teams, units and delegations, made from the results of one or several events.

A table method is registered in `registry.TABLES` as a function (groups, *, its parameters) → rows; the
methods are in `delegations`. Here: what they get, what they give, and how rows are ranked.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contest.scoring.awarding.verdicts import Reason
from contest.scoring.registry import SCALES, TABLES

#: `decided_by` of rows that nothing separates; they share their rank.
SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Result:
    """One subject's result in one event, as tables see it.

    rank: as the ranking shows it; `tabulated` makes it the place in the event (1 + the number of better ones)
    and `tied` the number who share it. total: exact, None if not ranked. scaled: the total on the table's common scale. parts: exact marks by
    key. gates: failed pass gates. awards: award table → award. attributes: the subject's columns as text.
    """

    event: str
    subject: str
    rank: int | Fraction | None
    total: Fraction | None
    scaled: Fraction | None = None
    tied: int = 1
    status: str = "present"
    parts: Mapping[str, Fraction] = dataclasses.field(default_factory=dict)
    gates: tuple[str, ...] = ()
    awards: Mapping[str, str] = dataclasses.field(default_factory=dict)
    attributes: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a table: the group, its measures by name, and its rank with the measure that decided it.

    rank: None if the group is not ranked; `reason` says why.
    """

    subject: str
    measures: Mapping[str, Fraction]
    rank: int | None = None
    decided_by: str = ""
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One key of a table's order: a measure, and whether less of it is better."""

    measure: str
    less: bool = False

    def of(self, row: TableRow) -> Fraction:
        """The value by which a row is sorted, smallest first."""
        value = Fraction(row.measures[self.measure])
        return value if self.less else -value


@dataclass(frozen=True, slots=True)
class Table:
    """A finished table, of one event or (with an empty `event`) of all.

    Rows are in order of rank, equals by name, those without a rank last.
    """

    key: str
    rows: tuple[TableRow, ...]
    title_zh: str = ""
    title_en: str = ""
    event: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all measures, in the order in which rows first name them."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.measures))


def ranked(rows: Sequence[TableRow], order: Sequence[Order]) -> list[TableRow]:
    """Rank the rows that carry no reason against it: equals share a rank and the next is skipped (1, 2, 2, 4)."""
    running = [row for row in rows if row.reason is None]
    running.sort(key=lambda row: (*(key.of(row) for key in order), row.subject))
    keys = [tuple(key.of(row) for key in order) for row in running]
    placed: list[TableRow] = []
    for index, row in enumerate(running):
        rank = placed[-1].rank if index and keys[index] == keys[index - 1] else index + 1
        neighbours = [keys[at] for at in (index - 1, index + 1) if 0 <= at < len(keys)]
        placed.append(
            dataclasses.replace(row, rank=rank, decided_by=_decided(keys[index], neighbours, order))
        )
    unranked = sorted((row for row in rows if row.reason is not None), key=lambda row: row.subject)
    return placed + unranked


def _decided(
    key: tuple[Fraction, ...], neighbours: Sequence[tuple[Fraction, ...]], order: Sequence[Order]
) -> str:
    """The last measure needed to separate a row from its neighbours."""
    deepest = 0
    for other in neighbours:
        if other == key:
            return SHARED
        deepest = max(
            deepest, next(at for at, pair in enumerate(zip(key, other, strict=True)) if pair[0] != pair[1])
        )
    return order[deepest].measure if order else SHARED


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table of a rule set, read. Everything that is not named here is a parameter of the method `by`.

    ranking: the ranking whose results it draws on, in every event that has it. group: the column whose
    values are the table's lines. where / unless: columns whose values take a result in / keep it out.
    scale: a registered scale for each event's totals; empty when totals already are comparable.
    per_event: one table for each event instead of one over all of them.
    awards: award tables applied to the finished table.
    """

    key: str
    by: str
    ranking: str
    group: str = "delegation"
    title_zh: str = ""
    title_en: str = ""
    source: str = ""
    where: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    scale: str = ""
    per_event: bool = False
    awards: tuple[Mapping[str, Any], ...] = ()
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> TableSpec:
        """Split a table into the common options and the method's own parameters. Raises TypeError if incomplete."""
        known = {name: value for name, value in table.items() if name in OPTIONS}
        params = {name: value for name, value in table.items() if name not in OPTIONS}
        return cls(**known, params=params)

    def takes(self, result: Result) -> bool:
        """Whether a result counts in this table. Unofficial results and those without a group never do."""
        attributes = result.attributes
        return (
            result.status != "unofficial"
            and bool(attributes.get(self.group))
            and all(attributes.get(column, "") in values for column, values in self.where.items())
            and not any(attributes.get(column, "") in values for column, values in self.unless.items())
        )


#: Names of the common options; every other key of a table belongs to its method.
OPTIONS = frozenset(one.name for one in dataclasses.fields(TableSpec)) - {"params"}

#: The lines of a table with the results behind each: group → results.
Groups = Mapping[str, Sequence[Result]]


def tabulated(table: Mapping[str, Any], results: Sequence[Result]) -> tuple[Table, ...]:
    """Make a table from the results of its ranking: one over all events, or one for each.

    The order of the results makes no difference. Tables of events come in the order of their names.
    """
    spec = TableSpec.read(table)
    events: dict[str, list[Result]] = {}
    for one in sorted(results, key=lambda one: (one.event, one.subject)):
        events.setdefault(one.event, []).append(one)
    # Scale and places belong to the whole field of an event, so they come before the choice of results.
    ready = {event: _placed(_scaled(field, spec.scale)) for event, field in events.items()}
    if spec.per_event:
        return tuple(_table(spec, event, field) for event, field in ready.items())
    return (_table(spec, "", [one for field in ready.values() for one in field]),)


def _table(spec: TableSpec, event: str, results: Sequence[Result]) -> Table:
    groups: dict[str, list[Result]] = {}
    for result in results:
        if spec.takes(result):
            groups.setdefault(result.attributes[spec.group], []).append(result)
    rows = TABLES.call(spec.by, groups, params=spec.params)
    return Table(spec.key, tuple(rows), spec.title_zh, spec.title_en, event)


def _scaled(field: Sequence[Result], scale: str) -> list[Result]:
    """The results of one event with the totals of those ranked brought to a scale (as they are without one)."""
    present = [one for one in field if one.rank is not None and one.total is not None]
    totals = [one.total for one in present]
    scores = SCALES.call(scale, totals, params={}) if scale and totals else totals
    others = [one for one in field if one.rank is None or one.total is None]
    return others + [
        dataclasses.replace(one, scaled=score) for one, score in zip(present, scores, strict=True)
    ]


def _placed(field: Sequence[Result]) -> list[Result]:
    """The results of one event with places 1, 2, 2, 4 for ranks, whatever way the ranking shows ties."""
    counts = Counter(one.rank for one in field if one.rank is not None)
    place, places = 1, {}
    for rank in sorted(counts):
        places[rank] = place
        place += counts[rank]
    return [
        one if one.rank is None else dataclasses.replace(one, rank=places[one.rank], tied=counts[one.rank])
        for one in field
    ]
