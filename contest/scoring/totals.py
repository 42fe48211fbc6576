"""Modules → a round's result → the total, for the subjects of one ranking."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import numpy as np

from contest.scoring import columns as cols
from contest.scoring.columns import Column
from contest.scoring.combining import combined, passes
from contest.scoring.conversions import Field as Surroundings
from contest.scoring.members import SUM, Teams
from contest.scoring.numbers import BLOCKED, NO_MARK, NO_RESULT, Array
from contest.scoring.registry import CONVERSIONS, ROLLUPS
from contest.scoring.rollups import Stack
from contest.scoring.rules import Node, Ranking, Round, Spec
from contest.scoring.sheets import Sheets, Units
from contest.scoring.steps import Way
from contest.scoring.tally import Tally


class Totals(Teams):
    """Results of one ranking. `failed[node key]`: subjects below a pass gate. `out`: why a subject is not ranked;
    `knocked_out[round]`: who has no result in a round."""

    def __init__(self, sheets: Sheets, tally: Tally, ranking: Ranking) -> None:
        self.sheets, self.tally, self.ranking, self.rules = sheets, tally, ranking, sheets.rules
        wanted = "member" if ranking.members is not None else ranking.subject
        self.kind = wanted if wanted in sheets.units else "entry"
        self.subject = ranking.subject if ranking.subject in sheets.units else "entry"
        self.units: Units = sheets.units[self.subject]
        self.modules = self._chosen_modules()
        self.failed: dict[str, Array] = {}
        self.out: dict[str, Array] = {}
        self.knocked_out: dict[int, Array] = {}
        self._short = False
        self.rounds: dict[int, Column] = {round_: self._round(round_) for round_ in self._wanted_rounds()}
        self.total = self._total()

    def _chosen_modules(self) -> tuple[Node, ...]:
        ranking = self.ranking
        chosen = [
            module for module in self.rules.modules if not ranking.modules or module.key in ranking.modules
        ]
        return tuple(
            dataclasses.replace(module, weight=ranking.weights[module.key])
            if module.key in ranking.weights
            else module
            for module in chosen
        )

    def _wanted_rounds(self) -> list[int]:
        rounds = self.rules.rounds
        if not rounds:
            return [0]
        return [
            index
            for index, one in enumerate(rounds)
            if not self.ranking.round or one.key == self.ranking.round
        ]

    def held(self, round_: int) -> tuple[Node, ...]:
        """The modules of this ranking that count in a round, with the round's own weights."""
        if not self.rules.rounds:
            return self.modules
        one = self.rules.rounds[round_]
        chosen = [
            module
            for module in self.modules
            if not one.modules or module.key in one.modules or module.key in one.carry
        ]
        return tuple(
            dataclasses.replace(module, weight=one.weights[module.key])
            if module.key in one.weights
            else module
            for module in chosen
        )

    def source(self, round_: int, module: Node) -> int:
        """The round whose marks of a module count in this round."""
        if not self.rules.rounds or module.key not in self.rules.rounds[round_].carry:
            return round_
        earlier = self.rules.rounds[round_].carry[module.key]
        return next(index for index, one in enumerate(self.rules.rounds) if one.key == earlier)

    def _round(self, round_: int) -> Column:
        """Totals of a round for `kind`, before a ranking's own rollup of members."""
        tree = self.rules.tree
        way = Way().below(tree)
        parts = []
        for module in self.held(round_):
            source = self.source(round_, module)
            column = self.to_kind(self.tally.module(source, module, way), module)
            parts.append((module, column))
        result = combined(tree, parts, way.absent)
        if result is None:
            return cols.constant(Fraction(0), (len(self.sheets.units[self.kind]),))
        if tree.method is not None:
            result = self._root_panel(tree, tree.method, result, way, round_)
        result = self._knocked(round_, result)
        result = result.reshape(result.shape[-1])
        settings = self._round_settings(round_)
        if settings is not None and settings.times:
            result = self._round_times(settings, round_, result)
        if settings is not None and settings.round is not None:
            result = cols.rounded(result, settings.round.digits, settings.round.mode, settings.round.step)
        result = self._not_held(round_, result)
        result = self._members(result) if self.kind != self.subject else result
        if settings is not None and settings.convert is not None:
            result = self._converted(settings.convert, result, round_, settings.less)
        return result

    def _root_panel(self, tree: Node, method: Spec, result: Column, way: Way, round_: int) -> Column:
        units = self.sheets.units[self.kind]
        pooled = self.tally.panel(
            dataclasses.replace(tree, parts=self.modules), method, round_, result, way, units
        )
        if tree.round_each is not None:
            pooled = cols.rounded(pooled, tree.round_each.digits, tree.round_each.mode, tree.round_each.step)
        return pooled

    def _round_settings(self, round_: int) -> Round | None:
        return self.rules.rounds[round_] if self.rules.rounds else None

    def _round_times(self, settings: Round, round_: int, result: Column) -> Column:
        for name in settings.times:
            tree = dataclasses.replace(self.rules.tree, parts=self.modules)
            factor, _ = self.sheets.input(name, tree, round_, 1, self.kind)
            factor = factor.reshape(factor.shape[-1])
            lost = result.ok & (factor.states() == NO_MARK)
            if lost.any():
                self.tally.flag("input_missing", lost, self.sheets.units[self.kind], tree, round_, name=name)
            result = cols.product(result, Column(factor.num, factor.den, factor.bound))
            result = cols.with_state(result, lost, BLOCKED)
        return result

    def _knocked(self, round_: int, result: Column) -> Column:
        result, failed = self.tally.knock_outs("total", round_, result, self.kind)
        if failed.any():
            self._fail("total", self._to_subject(failed))
        for rule, hit, source in self.tally.knocked.get((round_, "total"), []):
            if rule.effect not in ("out", "out_of_round"):
                continue
            mask = self.sheets.carried(hit, self.tally.kind_of[source], self.kind)
            result = cols.with_state(result, np.broadcast_to(mask, result.shape), NO_RESULT)
            before = self.knocked_out.get(round_, np.zeros(len(self.units), bool))
            self.knocked_out[round_] = before | self._to_subject(mask)
            if rule.effect == "out" or len(self.rules.rounds) <= 1:
                self._out("knocked_out", self._to_subject(mask))
        return result

    def _not_held(self, round_: int, result: Column) -> Column:
        """Subjects without any row in one of several rounds did not take part in it."""
        if len(self.rules.rounds) <= 1:
            return result
        keys = self.rules.rounds[round_].carry
        modules = tuple(module for module in self.held(round_) if module.key not in keys)
        here = self.sheets.in_round(round_, modules, self.kind) if modules else result.ok
        return cols.with_state(result, ~here, NO_MARK)

    def _fail(self, key: str, mask: Array) -> None:
        self.failed[key] = self.failed[key] | mask if key in self.failed else mask

    def _out(self, why: str, mask: Array) -> None:
        self.out[why] = self.out[why] | mask if why in self.out else mask

    # The total

    def _total(self) -> Column:
        total = self.rules.total
        result = self._over_rounds(list(self.rounds.values()), list(self.rounds))
        if total.convert is not None:
            result = self._converted(total.convert, result, 0, self.ranking.less)
        result = cols.clipped(result, total.floor, total.cap)
        if total.round is not None:
            result = cols.rounded(result, total.round.digits, total.round.mode, total.round.step)
        self._gates()
        if total.gate is not None:
            self._fail("total", ~passes(result, total.gate, self.ranking.less))
        for mask in self.out.values():
            result = cols.with_state(result, mask & result.ok, NO_RESULT)
        return result

    def over_rounds(self, columns: dict[int, Column]) -> Column:
        """Values of single rounds made into one as the totals are."""
        return self._over_rounds(list(columns.values()), list(columns))

    def _over_rounds(self, columns: list[Column], rounds: list[int]) -> Column:
        if len(columns) == 1:
            return columns[0]
        spec = self.ranking.rounds or self.rules.total.rounds or SUM
        held = [self.rules.rounds[index] for index in rounds]
        stack = Stack(
            cols.stacked(columns),
            "rounds",
            self.ranking.less,
            tuple(one.key for one in held),
            tuple(one.weight for one in held),
        )
        result: Column = ROLLUPS.call(spec.by, stack, params=spec.params)
        return result

    def _converted(self, spec: Spec, column: Column, round_: int, less: bool) -> Column:
        def flag(code: str, mask: Array, **params: Any) -> None:
            self.tally.flag(code, mask, self.units, self.rules.tree, round_, **params)

        def input_of(name: str) -> Column:
            found, _ = self.sheets.input(name, self.rules.tree, round_, 1, self.subject)
            return found.reshape(found.shape[-1])

        def group_of(name: str) -> Array:
            return self.sheets.groups(name, self.rules.tree, round_, self.subject)

        around = Surroundings(None, less, self.units.official, input_of, flag, group_of)
        result: Column = CONVERSIONS.call(spec.by, column, around, params=spec.params)
        return result

    def _gates(self) -> None:
        """Pass gates of the nodes of this ranking, in any round in which the subject took part."""
        keys = {node.key for module in self.modules for node in module.walk()}
        for (round_, key), mask in self.tally.failed.items():
            if key not in keys or (self.ranking.round and round_ not in self.rounds):
                continue
            if len(self.rules.rounds) > 1:
                mask = mask & self.sheets.in_round(
                    round_, (self.rules.module_of(key),), self.tally.kind_of[key]
                )
            self._fail(key, self.sheets.carried(mask, self.tally.kind_of[key], self.subject))

    def node(self, key: str, round_: str = "") -> Column:
        """The value of any node for the ranking's subjects: in a round, or over the rounds as totals are made."""
        module = self.rules.module_of(key)
        wanted = [
            index
            for index in range(self.sheets.rounds)
            if not round_ or self.rules.rounds[index].key == round_
        ]
        found = {
            index: self.tally.values[index, key] for index in wanted if (index, key) in self.tally.values
        }
        columns = {index: self._lifted(column, module) for index, column in found.items()}
        if not columns:
            return cols.with_state(
                cols.constant(Fraction(0), (len(self.units),)), np.ones(len(self.units), bool), NO_MARK
            )
        return self._skipping(list(columns.values()))

    def by_judge(self, key: str, round_: int) -> Column:
        """Each judge's own result for a node or the total, as if judges were never combined: (1, judges, subjects)."""
        if key != "total":
            module = self.rules.module_of(key)
            return self.to_kind(self.tally.by_judge(self.rules.node(key), round_), module)
        parts = [
            (module, self.to_kind(self.tally.by_judge(module, self.source(round_, module)), module))
            for module in self.held(round_)
        ]
        result = combined(self.rules.tree, parts, "unranked")
        assert result is not None
        return result

    def _lifted(self, column: Column, module: Node) -> Column:
        lifted = self.to_kind(column.reshape(1, 1, column.shape[-1]), module)
        flat = lifted.reshape(lifted.shape[-1])
        return self._members(flat) if self.kind != self.subject else flat

    def _skipping(self, columns: list[Column]) -> Column:
        """Over rounds, those without a value left out."""
        if len(columns) == 1:
            return columns[0]
        spec = self.ranking.rounds or self.rules.total.rounds or SUM
        params = {**spec.params, "missing": "skip", "invalid": "skip"} if spec.by != "weighted" else {}
        by = "sum" if spec.by == "weighted" else spec.by
        result: Column = ROLLUPS.call(
            by, Stack(cols.stacked(columns), "rounds", self.ranking.less), params=params
        )
        return result
