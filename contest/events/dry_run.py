"""A trial of rules before anyone is judged by them: invented sheets with full, middle and zero marks, computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import contest.scoring  # noqa: F401  # fills the registries
from contest.scoring.compute import compute
from contest.scoring.field import Field, InputRow, Mark, Member, Seat, Subject, field_of
from contest.scoring.outcome import Outcome
from contest.scoring.problems import Problem
from contest.scoring.registry import KINDS
from contest.scoring.rules import Node, RuleSet, Spec

LEVELS = ("full", "middle", "zero")
"""The three invented entries: the best marks, about half of them, the worst."""
DEFAULT_JUDGES = 3
MILLI = 1000
SMALLER_IS_BETTER = frozenset({"deduction", "time"})
OPEN_END = 100
"""How far above its lowest mark an aspect goes in the trial when the rules set no highest one."""


@dataclass(frozen=True)
class Line:
    """One subject of one ranking: which of LEVELS, total and rank as printed, what decided, why no result, awards.

    explanation: the tree from total to marks, for the middle sheet only.
    """

    level: str
    shown: str
    rank: str
    decided_by: str
    status: str
    awards: tuple[str, ...]
    explanation: Any


@dataclass(frozen=True)
class Order:
    """One ranking of the trial."""

    key: str
    title_zh: str
    title_en: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class DryRunReport:
    """What the trial showed. `errors` are problems that would keep results from being published."""

    orders: tuple[Order, ...]
    problems: tuple[Problem, ...]
    judges: int
    sheets: int
    members: int

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


def dry_run(rules: RuleSet) -> DryRunReport:
    """Fill one sheet a judge with the best, with about half, with the worst marks, and compute all rankings."""
    field = trial_field(rules)
    outcome = compute(rules, field)
    marks = field.marks
    sheets = len({(int(entry), int(seat)) for entry, seat in zip(marks.entry, marks.seat, strict=True)})
    orders = tuple(_order(rules, outcome, key) for key in outcome.rankings)
    # Members of an invented team have the same marks on purpose, so their ties say nothing about the rules.
    problems = tuple(one for one in outcome.problems if one.code != "tie_unresolved")
    return DryRunReport(
        orders, problems, judges=len(field.seats), sheets=sheets, members=rules.members.maximum
    )


def _order(rules: RuleSet, outcome: Outcome, key: str) -> Order:
    ranking = rules.ranking(key)
    lines = tuple(
        Line(
            level=_level_of(row.subject),
            shown=row.shown,
            rank=row.shown_rank,
            decided_by=row.decided_by,
            status=row.status,
            awards=row.awards,
            explanation=outcome.explain(key, row.subject) if _level_of(row.subject) == "middle" else None,
        )
        for row in outcome.rankings[key].rows
        if row.subject.endswith(("-e", "-m1"))
    )
    return Order(key, ranking.title_zh, ranking.title_en, lines)


def _level_of(subject: str) -> str:
    return subject.split("-")[0]


def trial_field(rules: RuleSet) -> Field:
    """The invented entries with all their marks, inputs and columns."""
    counts = {kind: _seat_count(rules, kind) for kind in _seat_kinds(rules)}
    seats = [
        Seat(f"{kind}-{number}", kind) for kind, count in counts.items() for number in range(1, count + 1)
    ]
    subjects = [_subject(rules, level) for level in LEVELS]
    marks = [mark for level in LEVELS for mark in _marks(rules, level, seats)]
    inputs = [
        InputRow(one.name, f"{level}-e", _input_milli(one, level)) for one in rules.inputs for level in LEVELS
    ]
    return field_of(rules, subjects, marks, seats=seats, inputs=inputs, event="dry-run")


def _subject(rules: RuleSet, level: str) -> Subject:
    texts = {column.name: column.values[0] if column.values else level for column in rules.filters}
    texts["delegation"] = level
    people = tuple(
        Member(f"{level}-m{number}", texts=texts) for number in range(1, rules.members.maximum + 1)
    )
    return Subject(f"{level}-e", texts=texts, members=people)


def _marks(rules: RuleSet, level: str, seats: list[Seat]) -> Iterator[Mark]:
    for key, modules in _rounds(rules):
        for module in modules:
            members = _members(rules, module, level)
            for node, kinds, attempts in _sheet(module):
                milli = value_of(node, level)
                if milli is None:
                    continue
                yield from (
                    Mark(f"{level}-e", seat.key, node.key, milli, member=member, round=key, attempt=attempt)
                    for seat in seats
                    if seat.kind in kinds
                    for member in members
                    for attempt in range(1, attempts + 1)
                )


def _rounds(rules: RuleSet) -> Iterator[tuple[str, list[Node]]]:
    if not rules.rounds:
        yield "", list(rules.modules)
    for one in rules.rounds:
        held = [node for node in rules.modules if not one.modules or node.key in one.modules]
        yield one.key, [node for node in held if node.key not in one.carry]


def _members(rules: RuleSet, module: Node, level: str) -> list[str]:
    if module.per != "member":
        return [""]
    return [f"{level}-m{number}" for number in range(1, rules.members.maximum + 1)]


def _sheet(
    node: Node, kinds: tuple[str, ...] = ("judge",), attempts: int = 1
) -> Iterator[tuple[Node, tuple[str, ...], int]]:
    """Each aspect below a node with the kinds of seats that mark it and the number of attempts."""
    kinds = node.seats or kinds
    if node.attempts is not None:
        attempts = int(node.attempts.params.get("count", 1))
    if node.is_aspect:
        yield node, kinds, attempts
    for part in node.parts:
        yield from _sheet(part, kinds, attempts)


def _seat_kinds(rules: RuleSet) -> list[str]:
    return list(
        dict.fromkeys(kind for module in rules.modules for _, kinds, _ in _sheet(module) for kind in kinds)
    )


def _seat_count(rules: RuleSet, kind: str) -> int:
    if kind != "judge":
        return 1
    stated = [node.judges for module in rules.modules for node in module.walk() if node.judges]
    return max([*stated, rules.total.judges or 0]) or DEFAULT_JUDGES


def _input_milli(one: Any, level: str) -> int:
    low, high = one.low, one.high
    if low is None and high is None:
        return MILLI
    low, high = (low if low is not None else Fraction(0)), (high if high is not None else low)
    value = {"full": high, "middle": (low + high) / 2, "zero": low}[level]
    return int(value * MILLI)


def value_of(node: Node, level: str) -> int | None:
    """The mark of an aspect for one of LEVELS, in thousandths, on the aspect's own steps.

    None where no row stands for a mark (bonus, penalty, knock-out): the trial leaves these away.
    """
    chosen = node.kind or Spec("marks")
    kind = KINDS.call(chosen.by, node.maximum, params=chosen.params)
    if kind.default is not None:
        return None
    low = kind.low if kind.low is not None else Fraction(0)
    high = kind.high if kind.high is not None else max(node.maximum or Fraction(0), low + OPEN_END)
    best, worst = (low, high) if node.less or chosen.by in SMALLER_IS_BETTER else (high, low)
    if level == "middle":
        step = kind.step or Fraction(1)
        return int((low + (high - low) / 2 // step * step) * MILLI)
    return int((best if level == "full" else worst) * MILLI)
