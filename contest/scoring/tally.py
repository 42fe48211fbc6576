"""Aspects → criteria → modules: one walk over the marking scheme for each round, on whole columns."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from contest.scoring import columns as cols
from contest.scoring.aggregate import Panel
from contest.scoring.columns import Column
from contest.scoring.combining import combined, with_panel_states
from contest.scoring.entered import MOST_CELLS, blocked, checked, defaulted, hits, too_wide, worded
from contest.scoring.kinds import Kind, KnockOut
from contest.scoring.missing import completed, expected_judges
from contest.scoring.numbers import OK, VOID, Array
from contest.scoring.problems import Problem
from contest.scoring.registry import KINDS, METHODS
from contest.scoring.rules import Node, Spec
from contest.scoring.sheets import Sheets, Units
from contest.scoring.steps import Steps, Way

MARKS = Spec("marks")


class Tally(Steps):
    """The values of every node, round by round, for the subjects its module is marked for.

    values[(round, node)]: (subjects,). attempts[(round, node)]: (attempts, subjects) before they were combined.
    failed[(round, node)]: below the pass gate. knocked[(round, node)]: hits of knock-out items by their target.
    trace(step, node, round, kind, column): called after every step when explaining.
    """

    def __init__(self, sheets: Sheets, trace: Callable[..., None] | None = None) -> None:
        self.sheets, self.rules, self.trace = sheets, sheets.rules, trace
        self.problems: list[Problem] = []
        self.values: dict[tuple[int, str], Column] = {}
        self.attempts: dict[tuple[int, str], Column] = {}
        self.failed: dict[tuple[int, str], Array] = {}
        self.knocked: dict[tuple[int, str], list[tuple[Any, Array, str]]] = {}
        self.kind_of: dict[str, str] = {}
        self._modules: dict[tuple[int, str], Column] = {}
        self._parts: dict[str, Kind] = {}
        self._quiet = False
        for module in self.rules.modules:
            unit = "member" if module.per == "member" and "member" in sheets.units else "entry"
            self.kind_of.update({node.key: unit for node in module.walk()})

    def module(self, round_: int, module: Node, way: Way) -> Column:
        """The result of a module in a round: (1 or attempts, 1 or judges, subjects)."""
        key = (round_, module.key)
        if key not in self._modules:
            found = self._node(module, round_, way)
            units = self.sheets.units[self.kind_of[module.key]]
            self._modules[key] = (
                found if found is not None else cols.constant(Fraction(0), (1, 1, len(units)))
            )
        return self._modules[key]

    def by_judge(self, node: Node, round_: int) -> Column:
        """Each judge's own result for a node, as if judges were never combined: (1, judges, subjects)."""
        self._quiet, trace, self.trace = True, self.trace, None
        kept = (
            dict(self.values),
            dict(self.attempts),
            dict(self.failed),
            {key: list(hits) for key, hits in self.knocked.items()},
        )
        found = self._node(node, round_, Way(panel_above=True))
        self.values, self.attempts, self.failed, self.knocked = kept
        self._quiet, self.trace = False, trace
        assert found is not None
        return found

    def _node(self, node: Node, round_: int, way: Way) -> Column | None:
        below = way.below(node)
        make = self._combined if node.parts else self._aspect
        column: Column | None = make(node, round_, below)
        if column is None:
            return None
        return self._finish(node, round_, column, below)

    # Aspects

    def _aspect(self, node: Node, round_: int, way: Way) -> Column | None:
        kind = self._kind(node)
        units = self.sheets.unit(node.key)
        column = self._checked(node, kind, round_, units)
        self._tell("marks", node, round_, column)
        if kind.knockout is not None:
            self._knock(node, kind.knockout, round_, column)
            return None
        column = self._spread(node, kind, round_, column, units)
        column = kind.points(column)
        self._tell("points", node, round_, column)
        if not self._quiet and (node.method is not None or not way.panel_above):
            column = self.panel(node, node.method or way.aspect_method, round_, column, way, units, kind)
        return defaulted(column, kind)

    def _kind(self, node: Node) -> Kind:
        if node.key not in self._parts:
            spec = node.kind or MARKS
            self._parts[node.key] = KINDS.call(spec.by, node.maximum, params=spec.params)
        return self._parts[node.key]

    def _checked(self, node: Node, kind: Kind, round_: int, units: Units) -> Column:
        def refuse(column: Column, wrong: Array, code: str, **params: Any) -> Column:
            return self._refused(node, round_, column, wrong, units, code, **params)

        return checked(self.sheets.plane(round_, node.key), kind, self.rules.decimals, refuse)

    def _refused(
        self, node: Node, round_: int, column: Column, wrong: Array, units: Units, code: str, **params: Any
    ) -> Column:
        """Block marks that break the rules, naming the first few one by one."""
        if not wrong.any():
            return column
        seats = self.sheets.field.seats
        rows = []
        for attempt, slot, subject in np.argwhere(wrong)[:MOST_CELLS]:
            dense = self.sheets.dense[units.kind] and len(seats) > slot
            rows.append(
                (
                    str(units.keys[int(subject)]),
                    seats[slot].key if dense else "",
                    int(attempt),
                    int(column.num[attempt, slot, subject]),
                )
            )
        for subject_key, seat, _, milli in sorted(rows)[:10]:
            told = {
                "subject": subject_key,
                "seat": seat,
                "aspect": node.key,
                "place": self.sheets.where(round_),
            }
            exact = {name: worded(value) for name, value in params.items()}
            if not self._quiet:
                self.problems.append(
                    Problem(code, subject_key, {**told, "value": worded(Fraction(milli, 1000)), **exact})
                )
        return blocked(column, wrong)

    def _spread(self, node: Node, kind: Kind, round_: int, column: Column, units: Units) -> Column:
        if kind.spread is None or column.shape[1] < 2:
            return column
        wide = too_wide(column, kind.spread)
        if not wide.any():
            return column
        severity = "error" if kind.spread_blocks else "note"
        self.flag("spread_exceeded", wide, units, node, round_, spread=worded(kind.spread), severity=severity)
        return (
            blocked(column, np.broadcast_to(wide[:, None, :], column.shape)) if kind.spread_blocks else column
        )

    def _knock(self, node: Node, rule: KnockOut, round_: int, column: Column) -> None:
        """Keep the hits of a knock-out item for the node it aims at."""
        target = rule.target or self.rules.module_of(node.key).key
        if rule.effect in ("out", "out_of_round"):
            target = "total"
        self.knocked.setdefault((round_, target), []).append((rule, hits(column, rule), node.key))

    # From judges to one

    def panel(
        self,
        node: Node,
        spec: Spec,
        round_: int,
        column: Column,
        way: Way,
        units: Units,
        kind: Kind | None = None,
    ) -> Column:
        """Combine the judges of each attempt: (attempts, judges, subjects) → (attempts, 1, subjects)."""
        rows = [
            self._one_panel(node, spec, round_, column, attempt, way, units, kind)
            for attempt in range(column.shape[0])
        ]
        found = rows[0].reshape(1, *rows[0].shape) if len(rows) == 1 else cols.stacked(rows)
        result = found.reshape(found.shape[0], 1, found.shape[-1])
        self._tell("method", node, round_, result, by=spec)
        return result

    def _one_panel(
        self,
        node: Node,
        spec: Spec,
        round_: int,
        column: Column,
        attempt: int,
        way: Way,
        units: Units,
        kind: Kind | None,
    ) -> Column:
        state = None if column.state is None else column.state[attempt]
        marks = Column(column.num[attempt], column.den, column.bound)
        here = None if state is None else state == OK
        policy = way.missing_judge or ("ignore" if kind is not None and kind.default is not None else "block")
        void = None if state is None else (state == VOID).sum(axis=0)
        expected = expected_judges(here, void, way.judges, marks.shape)
        seen = np.full(marks.shape[-1], marks.shape[0]) if here is None else here.sum(axis=0)
        if (seen > expected).any():
            self.flag("judge_extra", seen > expected, units, node, round_, expected=expected, severity="note")
        marks, here, short = completed(marks, here, void, expected, policy)
        if short is not None and policy == "block":
            self.flag("judge_missing", short, units, node, round_, expected=expected)

        def flag(code: str, mask: Array, **params: Any) -> None:
            self.flag(code, mask, units, node, round_, **params)

        kinds = self.sheets.seats_of(node.key if not node.parts else next(node.aspects()).key)
        panel = Panel(marks, here, node.less, kinds, flag)
        result = METHODS.call(spec.by, panel, params=spec.params)
        return with_panel_states(result, state, short if policy == "block" else None)

    # Nodes with parts

    def _combined(self, node: Node, round_: int, way: Way) -> Column:
        parts = [(part, self._node(part, round_, way)) for part in node.parts]
        result = combined(node, [(part, column) for part, column in parts if column is not None], way.absent)
        if result is None:
            result = cols.constant(Fraction(0), (1, 1, len(self.sheets.units[self.kind_of[node.key]])))
        self._tell("combine", node, round_, result)
        if node.method is not None and not self._quiet:
            units = self.sheets.units[self.kind_of[node.key]]
            result = self.panel(node, node.method, round_, result, way, units)
        return result
