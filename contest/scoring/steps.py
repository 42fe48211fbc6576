"""What happens to a value at every node after its judges are combined, in the order of docs/scoring.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from contest.scoring import columns as cols
from contest.scoring.columns import Column
from contest.scoring.combining import passes
from contest.scoring.conversions import Field as Surroundings
from contest.scoring.kinds import KnockOut
from contest.scoring.numbers import BLOCKED, NO_MARK, OK, Array
from contest.scoring.problems import Problem
from contest.scoring.registry import CONVERSIONS, ROLLUPS
from contest.scoring.rules import Node, RuleSet, Spec
from contest.scoring.sheets import Sheets, Units
from contest.scoring.stack import Stack

MEAN = Spec("mean")

BEST = Spec("best")


def may_be_missing(module: Node) -> bool:
    """Whether the rules say what a member counts who has no mark at all in a module (four start, three count)."""
    return module.members is not None and module.members.params.get("missing") in ("skip", "zero")


@dataclass(frozen=True)
class Way:
    """What passes down from a node to its parts. `panel_above`, `attempts_above`: a node above combines them."""

    judges: int | None = None
    missing_judge: str = ""
    absent: str = "unranked"
    aspect_method: Spec = MEAN
    panel_above: bool = False
    attempts_above: bool = False
    counts: bool = True

    def below(self, node: Node) -> Way:
        """The way on to the parts of a node."""
        return replace(
            self,
            judges=self.judges if node.judges is None else node.judges,
            missing_judge=node.missing_judge or self.missing_judge,
            absent=node.absent or self.absent,
            aspect_method=node.aspect_method or self.aspect_method,
            panel_above=self.panel_above or (node.method is not None and bool(node.parts)),
            attempts_above=self.attempts_above or (node.attempts is not None and bool(node.parts)),
            counts=self.counts and (node.weight != 0 or node.gate is not None),
        )


class Steps:
    """The steps of a tally; `Tally` walks the tree and holds the values. See there for the attributes."""

    sheets: Sheets
    rules: RuleSet
    trace: Callable[..., None] | None
    problems: list[Problem]
    values: dict[tuple[int, str], Column]
    attempts: dict[tuple[int, str], Column]
    failed: dict[tuple[int, str], Array]
    knocked: dict[tuple[int, str], list[tuple[KnockOut, Array, str]]]
    kind_of: dict[str, str]
    _quiet: bool

    def flag(self, code: str, mask: Array, units: Units, node: Node, round_: int, **params: Any) -> None:
        """Report live subjects of a mask, once a node."""
        mask = mask.reshape(-1, mask.shape[-1]).any(axis=0) & units.live
        if self._quiet or not mask.any():
            return
        severity = params.pop("severity", "error")
        known = {
            "aspect": node.key,
            "place": self.sheets.where(round_),
            "count": int(mask.sum()),
            "subjects": units.named(mask),
        }
        self.problems.append(Problem(code, node.key, {**known, **params}, severity))

    def _finish(self, node: Node, round_: int, column: Column, way: Way) -> Column:
        units = self.sheets.units[self.kind_of[node.key]]
        for name in node.times:
            column = self._times(node, round_, column, units, name)
        if node.round_each is not None:
            column = cols.rounded(column, node.round_each.digits, node.round_each.mode, node.round_each.step)
            self._tell("round_each", node, round_, column, rounding=node.round_each)
        if node.convert_each is not None:
            column = self._converted(node, node.convert_each, round_, column, units)
        column = self._attempts(node, round_, column, way, units)
        if node.convert is not None:
            column = self._converted(node, node.convert, round_, column, units)
        column = self._limits(node, round_, column, units)
        if column.shape[:2] == (1, 1):
            flat = column.reshape(column.shape[-1])
            self.values[round_, node.key] = flat
            self._report_missing(node, round_, flat, units, way)
        return column

    def _times(self, node: Node, round_: int, column: Column, units: Units, name: str) -> Column:
        factor, clash = self.sheets.input(name, node, round_, column.shape[0], units.kind)
        if clash.any():
            self.flag("input_ambiguous", clash, units, node, round_, name=name)
            factor = cols.with_state(factor, np.broadcast_to(clash, factor.shape), BLOCKED)
        lost = column.ok & (factor.states() == NO_MARK)
        if lost.any():
            self.flag("input_missing", lost, units, node, round_, name=name)
        blocked = Column(factor.num, factor.den, factor.bound)
        result = cols.product(column, blocked)
        result = cols.with_state(
            result, column.ok & (np.broadcast_to(factor.states(), column.shape) != OK), BLOCKED
        )
        self._tell("times", node, round_, result, name=name, factor=factor)
        return result

    def _converted(self, node: Node, spec: Spec, round_: int, column: Column, units: Units) -> Column:
        def flag(code: str, mask: Array, **params: Any) -> None:
            self.flag(code, mask, units, node, round_, **params)

        def input_of(name: str) -> Column:
            found, _ = self.sheets.input(name, node, round_, column.shape[0], units.kind)
            if (column.ok & (found.states() == NO_MARK)).any():
                flag("input_missing", column.ok & (found.states() == NO_MARK), name=name)
            return found

        def group_of(name: str) -> Array:
            return self.sheets.groups(name, node, round_, units.kind)

        around = Surroundings(node.maximum, node.less, units.official, input_of, flag, group_of)
        result: Column = CONVERSIONS.call(spec.by, column, around, params=spec.params)
        self._tell("convert", node, round_, result, by=spec)
        return result

    def _attempts(self, node: Node, round_: int, column: Column, way: Way, units: Units) -> Column:
        if node.attempts is None and (column.shape[0] == 1 or way.attempts_above):
            return column
        spec = node.attempts
        if spec is None:
            held = (column.states().reshape(len(column.num), -1, len(units)) != NO_MARK).any(axis=1).sum(
                axis=0
            ) > 1
            self.flag("attempts_unstated", held, units, node, round_)
            spec = BEST
        rolled = []
        for slot in range(column.shape[1]):
            state = None if column.state is None else column.state[:, slot]
            items = Column(column.num[:, slot], column.den, column.bound, state)
            if column.shape[1] == 1:
                self.attempts[round_, node.key] = items
            rolled.append(ROLLUPS.call(spec.by, Stack(items, "attempts", node.less), params=spec.params))
        result = rolled[0].reshape(1, 1, len(units)) if len(rolled) == 1 else cols.stacked(rolled)
        result = result.reshape(1, len(rolled), len(units))
        self._tell("attempts", node, round_, result, by=spec)
        return result

    def _limits(self, node: Node, round_: int, column: Column, units: Units) -> Column:
        if node.scale_to is not None and node.maximum:
            column = cols.times(column, node.scale_to / node.maximum)
            self._tell("scale_to", node, round_, column, maximum=node.maximum, scale_to=node.scale_to)
        if node.factor != 1:
            column = cols.times(column, node.factor)
            self._tell("factor", node, round_, column, factor=node.factor)
        column, failed = self.knock_outs(node.key, round_, column)
        if node.cap is not None or node.floor is not None:
            column = cols.clipped(column, node.floor, node.cap)
            self._tell("limits", node, round_, column, cap=node.cap, floor=node.floor)
        if node.round is not None:
            column = cols.rounded(column, node.round.digits, node.round.mode, node.round.step)
            self._tell("round", node, round_, column, rounding=node.round)
        if node.gate is not None and column.shape[:2] == (1, 1):
            flat = column.reshape(column.shape[-1])
            failed = failed | ~passes(flat, node.gate, node.less)
        if failed.any():
            self.failed[round_, node.key] = failed
        return column

    def knock_outs(self, key: str, round_: int, column: Column, unit: str = "") -> tuple[Column, Array]:
        """Apply the knock-out items that aim at a node; returns the column and who fails by them."""
        failed = np.zeros(column.shape[-1], bool)
        for rule, hit, source in self.knocked.get((round_, key), []):
            if unit:
                hit = self.sheets.carried(hit, self.kind_of[source], unit)
            mask = np.broadcast_to(hit, column.shape) & column.ok
            if rule.effect == "zero":
                column = cols.where(mask, cols.constant(Fraction(0), (1,) * len(column.shape)), column)
            elif rule.effect == "cap":
                column = cols.where(mask, cols.clipped(column, None, rule.cap), column)
            elif rule.effect == "fail":
                failed |= hit
        return column, failed

    def _report_missing(self, node: Node, round_: int, flat: Column, units: Units, way: Way) -> None:
        if not node.is_aspect or flat.state is None:
            return
        missing = (flat.state == NO_MARK) & self._held(round_, units.kind)
        module = self.rules.module_of(node.key)
        if units.kind == "member" and may_be_missing(module):
            missing &= self.sheets.in_round(round_, (module,), units.kind)
        if missing.any():
            self.flag(
                "mark_missing", missing, units, node, round_, severity="error" if way.counts else "note"
            )

    def _held(self, round_: int, kind: str) -> Array:
        """Who is expected to have marks in the round: everybody, or with several rounds those who have any there."""
        if len(self.rules.rounds) <= 1:
            return np.ones(len(self.sheets.units[kind]), bool)
        keys = self.rules.rounds[round_].modules
        modules = tuple(module for module in self.rules.modules if not keys or module.key in keys)
        return self.sheets.in_round(round_, modules, kind)

    def _tell(self, step: str, node: Node, round_: int, column: Column, **details: Any) -> None:
        if self.trace is not None:
            self.trace(step, node, round_, self.kind_of.get(node.key, ""), column, details)
