"""The marks of a field as planes for the figures about judges, and those figures as rows of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from contest.scoring import judges
from contest.scoring.field import UNITS, VALUE, Field, Subjects
from contest.scoring.judges import TooFew
from contest.scoring.numbers import decimal_text
from contest.scoring.rules import Node, RuleSet

#: Kinds whose entered number is taken away, so that a greater one is a stricter mark.
TAKEN_AWAY = frozenset({"deduction", "penalty", "time"})

HEADER = ("event", "round", "module", "judge", "figure", "value", "count", "too_few")


@dataclass(frozen=True)
class Panel:
    """Each judge's sum over the aspects of one module in one round.

    marks: (subjects, judges) in thousandths, points that were taken away with a minus. given: where a judge
    marked every aspect of the module that anybody marked for the subject. delegations: of the subjects.
    """

    module: str
    round: str
    judges: tuple[str, ...]
    subjects: tuple[str, ...]
    delegations: tuple[str, ...]
    marks: np.ndarray[Any, np.dtype[Any]]
    given: np.ndarray[Any, np.dtype[Any]]


def panels_of(rules: RuleSet, field: Field) -> Iterator[Panel]:
    """The panels of every module and round in which more than one judge marked; first attempts only."""
    rounds = [one.key for one in rules.rounds] or [""]
    for module in rules.modules:
        for index, round_key in enumerate(rounds):
            panel = _panel(rules, field, module, index, round_key)
            if panel is not None:
                yield panel


def _panel(rules: RuleSet, field: Field, module: Node, round_index: int, round_key: str) -> Panel | None:
    by_member = module.per == "member" and field.members is not None
    subjects: Subjects = field.members if by_member and field.members is not None else field.entries
    chosen = _chosen(rules, field, module, round_index)
    owners = field.marks.member if by_member else field.marks.entry
    seats = np.unique(field.marks.seat[chosen])
    if owners is None or len(seats) < 2:
        return None
    sums = np.zeros((len(subjects), len(seats)), np.int64)
    counts = np.zeros_like(sums)
    rows, columns = owners[chosen], np.searchsorted(seats, field.marks.seat[chosen])
    np.add.at(sums, (rows, columns), field.marks.value[chosen] * _signs(rules)[field.marks.aspect[chosen]])
    np.add.at(counts, (rows, columns), 1)
    # A judge who left out an aspect has no sum that could be compared with those of the others.
    full = counts.max(axis=1, keepdims=True)
    return Panel(
        module=module.key,
        round=round_key,
        judges=tuple(field.seats[int(seat)].key for seat in seats),
        subjects=tuple(str(key) for key in subjects.keys),
        delegations=_delegations(field, by_member),
        marks=sums,
        given=(counts == full) & (counts > 0),
    )


def _chosen(rules: RuleSet, field: Field, module: Node, round_index: int) -> np.ndarray[Any, np.dtype[Any]]:
    """Which marks are values of this module, of this round, of the first attempt."""
    marks = field.marks
    keys = {aspect.key for aspect in module.aspects()}
    own = np.array([aspect.key in keys for aspect in rules.aspects()], bool)
    chosen = own[marks.aspect]
    if marks.state is not None:
        chosen &= marks.state == VALUE
    if marks.round is not None:
        chosen &= marks.round == round_index
    if marks.attempt is not None:
        chosen &= marks.attempt == 0
    return np.flatnonzero(chosen)


def _signs(rules: RuleSet) -> np.ndarray[Any, np.dtype[Any]]:
    kinds = [aspect.kind.by if aspect.kind else "marks" for aspect in rules.aspects()]
    return np.array([-1 if kind in TAKEN_AWAY else 1 for kind in kinds], np.int64)


def _delegations(field: Field, by_member: bool) -> tuple[str, ...]:
    """The delegation of each subject: a member's is that of its entry unless it has one of its own."""
    entries = tuple(field.entries.text("delegation", index) for index in range(len(field.entries)))
    if not by_member or field.members is None or field.member_entry is None:
        return entries
    owners = field.member_entry.tolist()
    return tuple(
        field.members.text("delegation", index) or entries[owner] for index, owner in enumerate(owners)
    )


def panel_rows(
    event: str, panel: Panel, judge_delegations: dict[str, str] | None = None
) -> Iterator[tuple[str, ...]]:
    """Figures of one panel as rows under HEADER; figures of the whole panel have an empty judge.

    judge_delegations: judge → delegation, for the favour shown to the own one.
    """
    start = (event, panel.round, panel.module)
    for one in judges.figures(panel.marks, panel.judges, panel.given, unit=UNITS):
        yield (*start, one.judge, "severity", *_cells(one.severity, one.count))
        yield (*start, one.judge, "spread", *_cells(one.spread, one.count))
    found = judges.outliers(panel.marks, panel.judges, panel.given, unit=UNITS)
    for judge in panel.judges:
        count = sum(one.judge == judge for one in found)
        yield (*start, judge, "outliers", str(count), "", "")
    if judge_delegations:
        home = [judge_delegations.get(judge, "") for judge in panel.judges]
        favour = judges.own_favour(
            panel.marks, panel.judges, home, panel.delegations, panel.given, unit=UNITS
        )
        for judge, value in favour:
            yield (*start, judge, "own_favour", *_cells(value))
    single = judges.intraclass_correlation(panel.marks, panel.judges, panel.given)
    yield (*start, "", "intraclass_correlation", *_cells(single))
    yield (*start, "", "concordance", *_cells(judges.concordance(panel.marks, panel.judges, panel.given)))


def _cells(value: Fraction | TooFew, count: int | None = None) -> tuple[str, str, str]:
    counted = "" if count is None else str(count)
    if isinstance(value, TooFew):
        return "", counted, f"{value.what} {value.found} < {value.needed}"
    return decimal_text(value, 4), counted, ""
