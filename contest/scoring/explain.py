"""From a total down to every judge's mark: a tree that a contestant can read, in Chinese and English."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from contest.scoring import explain_words as words
from contest.scoring.columns import Column
from contest.scoring.explanation import Explanation, JudgeMark, Pair, Step
from contest.scoring.field import MARK_STATES, VALUE, Field
from contest.scoring.members import SUM
from contest.scoring.numbers import STATE_NAMES
from contest.scoring.outcome import Row, Standing
from contest.scoring.rules import Node, RuleSet
from contest.scoring.sheets import Sheets, seat_kinds
from contest.scoring.standings import standing
from contest.scoring.tally import Tally
from contest.scoring.totals import Totals


class _Trace:
    """Keeps each step's values for the subjects to be explained only."""

    def __init__(self, wanted: Mapping[str, list[int]]) -> None:
        self.wanted = wanted
        self.steps: dict[tuple[int, str], list[tuple[str, Column, dict[str, Any]]]] = {}

    def __call__(
        self, step: str, node: Node, round_: int, kind: str, column: Column, details: dict[str, Any]
    ) -> None:
        if kind in self.wanted:
            kept = {
                name: value.take(self.wanted[kind]) if isinstance(value, Column) else value
                for name, value in details.items()
            }
            self.steps.setdefault((round_, node.key), []).append((step, column.take(self.wanted[kind]), kept))


def explain(rules: RuleSet, field: Field, ranking: str, subject: str) -> Explanation:
    """How the total of a subject in a ranking came about. Raises KeyError for an unknown ranking or subject."""
    return _Explainer(rules, field, ranking, subject).tree()


class _Explainer:
    def __init__(self, rules: RuleSet, field: Field, ranking: str, subject: str) -> None:
        self.rules, self.field = rules, field
        chosen = rules.ranking(ranking)
        sheets = Sheets(rules, field)
        self.kind = chosen.subject if chosen.subject in sheets.units else "entry"
        self.index = [str(key) for key in sheets.units[self.kind].keys].index(subject)
        self.wanted = self._wanted()
        self.trace = _Trace(self.wanted)
        self.tally = Tally(sheets, self.trace)
        self.totals = Totals(sheets, self.tally, chosen)
        self.standing: Standing = standing(self.totals, field, None, [])
        self.row: Row = self.standing.row(subject)
        self.marks = self._own_marks()

    def _wanted(self) -> dict[str, list[int]]:
        """The subjects to follow: a member and its entry, or an entry and its members."""
        owner = self.field.member_entry
        if owner is None:
            return {"entry": [self.index]}
        if self.kind == "member":
            return {"member": [self.index], "entry": [int(owner[self.index])]}
        return {"entry": [self.index], "member": np.flatnonzero(owner == self.index).tolist()}

    def _own_marks(self) -> Mapping[tuple[int, int, int], list[JudgeMark]]:
        """The marks of the entry by (member, round, aspect), from the rows as they came."""
        marks = self.field.marks
        found: dict[tuple[int, int, int], list[JudgeMark]] = {}
        counted = seat_kinds(self.rules)
        aspects = self.rules.aspects()
        for row in np.flatnonzero(marks.entry == self.wanted["entry"][0]).tolist():
            member = -1 if marks.member is None else int(marks.member[row])
            round_ = 0 if marks.round is None else int(marks.round[row])
            attempt = 0 if marks.attempt is None else int(marks.attempt[row])
            state = VALUE if marks.state is None else int(marks.state[row])
            seat = self.field.seats[int(marks.seat[row])]
            aspect = int(marks.aspect[row])
            value = words.shown(Fraction(int(marks.value[row]), 1000)) if state == VALUE else ""
            one = JudgeMark(
                seat.key, attempt + 1, value, MARK_STATES[state], seat.kind in counted[aspects[aspect].key]
            )
            found.setdefault((member, round_, aspect), []).append(one)
        return {place: sorted(ones, key=lambda one: (one.attempt, one.seat)) for place, ones in found.items()}

    def tree(self) -> Explanation:
        """The whole tree of the subject."""
        title = (
            self.standing.ranking.title_zh or self.standing.ranking.key,
            self.standing.ranking.title_en or self.standing.ranking.key,
        )
        rounds = list(self.totals.rounds)
        parts = (
            self._round(rounds[0]) if len(rounds) == 1 else tuple(self._round_node(index) for index in rounds)
        )
        return Explanation(
            key="total",
            title=(f"{title[0]} · {self.row.subject}", f"{title[1]} · {self.row.subject}"),
            exact=self.row.total,
            value=self.row.shown,
            state=STATE_NAMES[int(self.totals.total.states()[self.index])],
            steps=tuple(self._total_steps(len(rounds))),
            parts=parts,
            notes=tuple(self._notes()),
        )

    def _notes(self) -> Iterator[Pair]:
        row = self.row
        if row.status != "present":
            yield words.status(row.status, row.reason)
        if row.shown_rank:
            yield words.decided(row.shown_rank, row.decided_by, self._titled(row.decided_by))
        for key in row.gates_failed:
            yield words.gate_failed(self._titled(key))

    def _titled(self, key: str) -> Pair:
        try:
            node = self.rules.node(key)
        except KeyError:
            return words.KEYS.get(key.partition(":")[0], (key, key))
        return node.title_zh or node.key, node.title_en or node.key

    def _total_steps(self, rounds: int) -> Iterator[Step]:
        total = self.rules.total
        value = words.shown(self.row.total)
        if rounds > 1:
            stated = self.standing.ranking.rounds or total.rounds
            yield Step(*words.function("rollups", stated, ("各轮合成", "Rounds combined")), value)
        if self.standing.ranking.members is not None:
            yield Step(
                *words.function(
                    "rollups", self.standing.ranking.members, ("队员成绩合成", "Members combined")
                ),
                value,
            )
        if total.convert is not None:
            yield Step(*words.function("conversions", total.convert, ("换算", "Converted")), value)
        if total.round is not None:
            yield Step(*words.rounding(total.round), value)

    def _round_node(self, round_: int) -> Explanation:
        one = self.rules.rounds[round_]
        column = self.totals.rounds[round_]
        exact = column.fraction(self.index)
        title = (one.title_zh or one.key, one.title_en or one.key)
        state = STATE_NAMES[int(column.states()[self.index])]
        parts = self._round(round_) if state != "incomplete" else ()
        converted = words.function("conversions", one.convert, ("换算", "Converted"))
        steps = (Step(*converted, words.shown(exact)),) if one.convert is not None else ()
        return Explanation(
            f"round:{one.key}", title, exact, words.shown(exact), state, one.weight, steps=steps, parts=parts
        )

    def _round(self, round_: int) -> tuple[Explanation, ...]:
        found: list[Explanation] = []
        for module in self.totals.held(round_):
            source = self.totals.source(round_, module)
            kind = self.tally.kind_of[module.key]
            several = len(self.wanted[kind]) > 1
            nodes = tuple(
                self._node(module, source, kind, place, named=several)
                for place in range(len(self.wanted[kind]))
            )
            if several and self.totals.kind == "entry":
                found.append(self._team_node(module, source, nodes))
            else:
                found += nodes
        return tuple(found)

    def _team_node(self, module: Node, round_: int, nodes: tuple[Explanation, ...]) -> Explanation:
        """A module that members are marked in, for their team: the members' results made into one."""
        column = self.totals.node(module.key, self.rules.rounds[round_].key if self.rules.rounds else "")
        exact = column.fraction(self.index)
        combined = words.function("rollups", module.members or SUM, ("队员成绩合成", "Members combined"))
        return Explanation(
            key=module.key,
            title=(module.title_zh or module.key, module.title_en or module.key),
            exact=exact,
            value=words.shown(exact),
            state=STATE_NAMES[int(column.states()[self.index])],
            weight=module.weight,
            steps=(Step(*combined, words.shown(exact)),),
            parts=tuple(dataclasses.replace(one, weight=None) for one in nodes),
        )

    def _node(self, node: Node, round_: int, kind: str, place: int, *, named: bool = False) -> Explanation:
        records = self.trace.steps.get((round_, node.key), [])
        key = str(self.tally.sheets.units[kind].keys[self.wanted[kind][place]])
        column = self.tally.values.get((round_, node.key))
        index = self.wanted[kind][place]
        exact = None if column is None else column.fraction(index)
        state = "ok" if column is None else STATE_NAMES[int(column.states()[index])]
        return Explanation(
            key=node.key,
            title=(node.title_zh or node.key, node.title_en or node.key),
            exact=exact,
            value=words.shown(exact),
            state=state if exact is None else "ok",
            weight=node.weight,
            steps=tuple(self._steps(node, records, place)),
            marks=tuple(self._marks_of(node, round_, kind, index)),
            parts=tuple(self._node(part, round_, kind, place) for part in node.parts),
            subject=key if named else "",
        )

    def _marks_of(self, node: Node, round_: int, kind: str, index: int) -> list[JudgeMark]:
        if not node.is_aspect:
            return []
        aspect = self.tally.sheets.place[node.key]
        if kind == "member":
            return self.marks.get((index, round_, aspect), [])
        return [
            one
            for (_, number, which), ones in self.marks.items()
            if (number, which) == (round_, aspect)
            for one in ones
        ]

    def _steps(
        self, node: Node, records: list[tuple[str, Column, dict[str, Any]]], place: int
    ) -> Iterator[Step]:
        before = None
        for step, column, details in records:
            value = words.values_of(column, place)
            if step in ("marks", "combine"):
                before = value
                if step == "combine" and node.combine is not None:
                    yield Step(
                        *words.function("rollups", node.combine, ("各部分合成", "Parts combined")), value
                    )
                continue
            if value != before or step in ("method", "attempts", "times"):
                yield Step(*words.step(step, node, details, place), value)
            before = value
