"""A whole field of invented marks for any rule set, so that presets can be computed from end to end."""

import random
from collections.abc import Iterator
from fractions import Fraction

from contest.scoring.compute import compute
from contest.scoring.field import Field, Mark, Member, Ruling, Seat, Subject, field_of
from contest.scoring.honours import Honours, honours, ranked_fields
from contest.scoring.kinds import Kind
from contest.scoring.outcome import Outcome
from contest.scoring.registry import KINDS
from contest.scoring.rules import Node, RuleSet


def invented(rules: RuleSet, entries: int, seed: int = 1) -> Field:
    """Every aspect of every entry or member marked by every judge it needs, within its range and step."""
    draw = random.Random(seed)
    texts = {column.name: column.values for column in rules.filters}
    subjects = [
        Subject(
            f"e{i:02}",
            texts={
                name: values[i % len(values)] if values else f"{name}{i % 4}"
                for name, values in texts.items()
            },
            members=tuple(Member(f"e{i:02}m{k}") for k in range(rules.members.maximum))
            if _has_members(rules)
            else (),
        )
        for i in range(entries)
    ]
    seats: dict[str, Seat] = {}
    marks: list[Mark] = []
    for module in rules.modules:
        for aspect, judges, kind in _aspects(module, None, "judge"):
            panel = [f"{kind}{n}" for n in range(judges or 1)]
            seats |= {key: Seat(key, kind) for key in panel}
            rounds = [one.key for one in rules.rounds if _held(rules, one.key, module.key)] or [""]
            for subject in subjects:
                people = [member.key for member in subject.members] if module.per == "member" else [""]
                for round_ in rounds:
                    for person in people:
                        mark = _mark(aspect, draw)
                        marks += [
                            Mark(subject.key, judge, aspect.key, mark, member=person, round=round_)
                            for judge in panel
                        ]
    rulings = [
        Ruling(
            ranking.key,
            "lot",
            {key: n for n, key in enumerate(_subjects(ranking.subject, subjects))},
            "drawn",
        )
        for ranking in rules.rankings
    ]
    return field_of(rules, subjects, marks, seats=list(seats.values()), rulings=rulings, event="e")


def _has_members(rules: RuleSet) -> bool:
    return any(module.per == "member" for module in rules.modules)


def _subjects(kind: str, subjects: list[Subject]) -> list[str]:
    if kind == "member":
        return [member.key for subject in subjects for member in subject.members]
    return [subject.key for subject in subjects]


def _held(rules: RuleSet, round_: str, module: str) -> bool:
    one = next(one for one in rules.rounds if one.key == round_)
    return (not one.modules or module in one.modules) and module not in one.carry


def _aspects(node: Node, judges: int | None, kind: str) -> Iterator[tuple[Node, int | None, str]]:
    """The aspects with the judges and the kind of seat they inherit."""
    judges, kind = node.judges or judges, (node.seats or (kind,))[0]
    if node.is_aspect:
        yield node, judges, kind
    for part in node.parts:
        yield from _aspects(part, judges, kind)


def _mark(aspect: Node, draw: random.Random) -> int:
    """One mark in thousandths that the kind of the aspect allows."""
    by = aspect.kind.by if aspect.kind else "marks"
    if by == "knockout":
        return 0
    kind: Kind = KINDS.call(by, aspect.maximum, params=aspect.kind.params if aspect.kind else {})
    low = kind.low if kind.low is not None else Fraction(0)
    high = kind.high if kind.high is not None else low + 10
    step = kind.step or Fraction(1, 10)
    high = min(high, low + step * 10**12)  # a mark has at most fifteen digits
    return int((low + step * draw.randint(0, int((high - low) / step))) * 1000)


def computed(rules: RuleSet, entries: int) -> tuple[Outcome, Honours]:
    """Results and honours of an invented field."""
    field = invented(rules, entries)
    outcome = compute(rules, field)
    return outcome, honours(ranked_fields("e", rules, field, outcome), rules.tables, rules.overall)
