"""The engine's door: rules and a field in, an outcome out."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence

import contest.scoring.aggregate
import contest.scoring.kinds
import contest.scoring.rollups  # noqa: F401  (these three fill the registries)
from contest.scoring.awarding import Awarding
from contest.scoring.columns import Column
from contest.scoring.explain import explain
from contest.scoring.field import Field
from contest.scoring.honours import awarding_of
from contest.scoring.numbers import STATE_NAMES
from contest.scoring.outcome import AspectRow, Later, Outcome, Row, Rows, Standing
from contest.scoring.problems import Problem
from contest.scoring.rules import RuleSet
from contest.scoring.sheets import Sheets
from contest.scoring.standings import standing
from contest.scoring.tally import Tally
from contest.scoring.totals import Totals


def compute(rules: RuleSet, field: Field) -> Outcome:
    """Compute every round and every ranking of an event, exactly.

    The result depends on the content of `field` only, never on the order of its rows. Rules are taken as valid
    (`checks.validate`); marks that break them come back in `Outcome.problems`, never as an exception.
    """
    sheets = Sheets(rules, field)
    tally = Tally(sheets)
    found: list[Problem] = []
    rankings: dict[str, Standing] = {}
    rounds: dict[tuple[str, str], Standing] = {}
    awarding: dict[str, Callable[[], Awarding]] = {}
    for ranking in rules.rankings:
        totals = Totals(sheets, tally, ranking)
        plain = standing(totals, field, None, found)
        awarding[ranking.key] = functools.cache(functools.partial(awarding_of, rules, field, plain))
        rankings[ranking.key] = _with_awards(plain, awarding[ranking.key]) if ranking.awards else plain
        for round_ in totals.rounds if rules.rounds else ():
            rounds[ranking.key, rules.rounds[round_].key] = standing(totals, field, round_, found)
    _check_advanced(sheets, rounds, found)
    return Outcome(
        rankings=rankings,
        rounds=rounds,
        problems=tuple(sorted([*sheets.problems, *tally.problems, *found], key=_by_place)),
        explain=functools.partial(explain, rules, field),
        aspects=functools.partial(_aspects, tally),
        awarding=Later(awarding),
    )


def _with_awards(plain: Standing, awarding: Callable[[], Awarding]) -> Standing:
    """The same standing with the awards in its rows; they are decided when the first row is read."""

    def make(position: int) -> Row:
        row: Row = plain.rows[position]
        return dataclasses.replace(row, awards=awarding().awards_of(row.subject))

    return dataclasses.replace(plain, rows=Rows(len(plain.rows), make), without_awards=plain.rows)


def _by_place(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.path, repr(sorted(problem.params.items(), key=lambda item: item[0]))


def _check_advanced(sheets: Sheets, rounds: dict[tuple[str, str], Standing], found: list[Problem]) -> None:
    """Note subjects that have marks in a round which they did not reach by the first ranking's cut line."""
    rules = sheets.rules
    for index, one in enumerate(rules.rounds[:-1]):
        after = rules.rounds[index + 1]
        ranking = rules.rankings[0] if rules.rankings else None
        if one.advance is None or ranking is None or (ranking.key, one.key) not in rounds:
            continue
        kind = ranking.subject if ranking.subject in sheets.units else "entry"
        modules = tuple(
            module
            for module in rules.modules
            if (not after.modules or module.key in after.modules) and module.key not in after.carry
        )
        here = sheets.in_round(index + 1, modules, kind)
        keys = {str(sheets.units[kind].keys[int(place)]) for place in here.nonzero()[0]}
        extra = sorted(keys - rounds[ranking.key, one.key].advancing)
        if extra:
            found.append(
                Problem(
                    "not_advanced",
                    after.key,
                    {"round": after.key, "count": len(extra), "subjects": tuple(extra[:10])},
                    "note",
                )
            )


def _aspects(tally: Tally) -> Sequence[AspectRow]:
    """The result of every node by round and subject, and its attempts; what was not marked is left out."""
    rows: list[AspectRow] = []
    for (round_, key), column in tally.values.items():
        rows += _node_rows(tally, round_, key, column, 0)
    for (round_, key), attempts in tally.attempts.items():
        for attempt in range(attempts.shape[0]):
            state = None if attempts.state is None else attempts.state[attempt]
            one = Column(attempts.num[attempt], attempts.den, attempts.bound, state)
            rows += _node_rows(tally, round_, key, one, attempt + 1)
    return sorted(rows, key=lambda row: (row.round, row.subject, row.aspect, row.attempt))


def _node_rows(tally: Tally, round_: int, key: str, column: Column, attempt: int) -> list[AspectRow]:
    units = tally.sheets.units[tally.kind_of[key]]
    name = tally.rules.rounds[round_].key if tally.rules.rounds else ""
    is_member = units.kind == "member"
    names = [STATE_NAMES[code] for code in column.states().tolist()]
    return [
        AspectRow(str(units.keys[index]), name, key, column.fraction(index), state, attempt, is_member)
        for index, state in enumerate(names)
        if state != "incomplete"
    ]
