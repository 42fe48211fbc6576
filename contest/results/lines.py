"""The lines of a list: one ranked subject each, with names, marks, awards and what decided its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from contest.results.grants import Titles, exact_text, grants_of, plain_candidate, refusals_of
from contest.results.inputs import Inputs
from contest.results.knockouts import knockouts_of
from contest.results.subjects import Facts
from contest.scoring.awarding import Awarding, award
from contest.scoring.awarding.spec import AwardSpec
from contest.scoring.honours import candidates_of
from contest.scoring.numbers import decimal_text
from contest.scoring.outcome import Outcome, Row, Rows, Standing
from contest.scoring.rules import Node, Ranking, Round, RuleSet

NO_MARK = "—"


@dataclass(frozen=True)
class Line:
    """One line ready to freeze; the fields are those of a snapshot row, `data` what further columns print."""

    position: int
    subject_kind: str
    subject_id: int
    entry_id: int | None
    person_id: int | None
    delegation_id: int | None
    name: str
    people: str
    delegation: str
    rank: str
    rank_sort: int
    total: str
    total_exact: str
    status: str
    decided_by: str
    award_key: str
    data: dict[str, Any]


def natural(number: str) -> list[Any]:
    """A key that puts 2 before 10 in numbers such as A-2 and A-10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", number)]


def modules_of(rules: RuleSet, ranking: Ranking, round_key: str) -> list[Node]:
    """The modules that a list shows: those of its ranking that its round holds."""
    held = set(ranking.modules) or {module.key for module in rules.modules}
    one = _round(rules, round_key or ranking.round)
    if one is not None and one.modules:
        held &= {*one.modules, *one.carry}
    return [module for module in rules.modules if module.key in held]


def rounds_of(rules: RuleSet, ranking: Ranking, round_key: str) -> list[Round]:
    """The rounds whose results stand as columns: those of a list over several rounds, else none."""
    if round_key or ranking.round or len(rules.rounds) < 2:
        return []
    return list(rules.rounds)


def _round(rules: RuleSet, key: str) -> Round | None:
    return next((one for one in rules.rounds if one.key == key), None)


def mark_text(value: Fraction, node: Node, ranking: Ranking) -> str:
    """A module's mark as shown: with the decimals it is rounded to, else the ranking's, else as many as it needs.

    At most two where the rules say nothing: the exact value is kept beside it.
    """
    stated = node.round or ranking.show
    if stated is not None:
        return decimal_text(value, max(stated.digits, 0))
    plain = decimal_text(value)
    return plain if len(plain.partition(".")[2]) <= 2 else decimal_text(value, 2)


def lines_of(
    inputs: Inputs, outcome: Outcome, mine: Outcome | None, ranking_key: str, round_key: str
) -> tuple[tuple[Line, ...], set[str]]:
    """The lines of a ranking over all rounds or of one, in order of place, and the keys that decided places.

    Ranked lines come by rank; those tied, and all that are not ranked, in official order (delegation, number).
    """
    making = _Making(inputs, outcome, mine, inputs.rules.ranking(ranking_key), round_key)
    rows = [(row, inputs.roster.facts[row.subject]) for row in making.rows]
    rows.sort(key=lambda pair: _order(*pair))
    better = _places([row for row, _ in rows])
    lines = tuple(
        making.line(position, row, facts, better[row.subject])
        for position, (row, facts) in enumerate(rows, 1)
    )
    return lines, {row.decided_by for row, _ in rows if row.decided_by}


def _order(row: Row, facts: Facts) -> tuple[Any, ...]:
    ranked = row.rank is not None
    missing = 0 if ranked or row.status in ("present", "unofficial", "gate", "knocked_out") else 1
    return not ranked, row.rank or 0, missing, facts.delegation_order, natural(facts.number), facts.id


def _places(rows: list[Row]) -> dict[str, int]:
    places, at, last = {}, 0, None
    for count, row in enumerate(rows, 1):
        if row.rank is None:
            places[row.subject] = 0
            continue
        at = at if row.rank == last else count
        places[row.subject], last = at, row.rank
    return places


class _Making:
    """What is the same for every line of one list."""

    def __init__(
        self, inputs: Inputs, outcome: Outcome, mine: Outcome | None, ranking: Ranking, round_key: str
    ) -> None:
        self.rules, self.ranking = inputs.rules, ranking
        self.standing = _standing(outcome, ranking.key, round_key)
        self.modules = modules_of(inputs.rules, ranking, round_key)
        rounds = rounds_of(inputs.rules, ranking, round_key)
        self.rounds = {one.key: _rows(outcome, ranking.key, one.key) for one in rounds}
        self.mine = {row.subject: row for row in _standing(mine, ranking.key, round_key).rows} if mine else {}
        # Rows are made when read; here all of them are read several times over.
        kept = tuple(self.standing.rows)
        self.rows = Rows(len(kept), kept.__getitem__)
        found = candidates_of(inputs.rules, inputs.field, replace(self.standing, rows=self.rows))
        awarding = award(ranking.awards, found) if ranking.awards else Awarding()
        titles = Titles({spec.key: spec for spec in map(AwardSpec.read, ranking.awards)})
        self.grants, self.refusals = grants_of(awarding, titles), refusals_of(awarding)
        self.knockouts = knockouts_of(inputs, round_key)
        self.candidates = {one.key: plain_candidate(one) for one in found}

    def line(self, position: int, row: Row, facts: Facts, place: int) -> Line:
        grants = self.grants.get(row.subject, [])
        shown = [grant["award"] for grant in grants if grant["kind"] in ("prize", "medal")]
        return Line(
            position=position,
            subject_kind=facts.kind,
            subject_id=facts.id,
            entry_id=facts.entry_id,
            person_id=facts.person_id,
            delegation_id=facts.delegation_id,
            name=facts.name,
            people=" ".join(one["name"] for one in facts.members),
            delegation=facts.delegation,
            rank=row.shown_rank,
            rank_sort=place,
            total=row.shown,
            total_exact=exact_text(row.total),
            status=row.status,
            decided_by=row.decided_by,
            award_key=shown[0] if shown else "",
            data=self._data(row, facts, grants),
        )

    def _data(self, row: Row, facts: Facts, grants: list[dict[str, Any]]) -> dict[str, Any]:
        cells, exact = self._cells(row)
        return {
            "number": facts.number,
            "unit": facts.unit,
            "group": facts.group,
            "team": facts.team,
            "members": [dict(one) for one in facts.members],
            "coaches": list(facts.coaches),
            "coach_person_ids": list(facts.coach_person_ids),
            "cells": cells,
            "exact": exact,
            "gates": list(row.gates_failed),
            "reason": row.reason or facts.reason,
            "veto": _veto(facts),
            "knockouts": self.knockouts.get(row.subject, {}),
            "rounds": {
                key: rows[row.subject].status for key, rows in self.rounds.items() if row.subject in rows
            },
            "grants": grants,
            "refusals": self.refusals.get(row.subject, []),
            "candidate": self.candidates[row.subject],
        }

    def _cells(self, row: Row) -> tuple[dict[str, str], dict[str, str]]:
        cells: dict[str, str] = {}
        exact: dict[str, str] = {}
        for key, rows in self.rounds.items():
            one = rows.get(row.subject)
            cells[f"round:{key}"] = (one.shown or NO_MARK) if one else NO_MARK
            exact[f"round:{key}"] = exact_text(one.total) if one else ""
        if not self.rounds:
            for module in self.modules:
                self._cell(cells, exact, f"module:{module.key}", module, row.parts.get(module.key))
        own = self.mine.get(row.subject)
        if own is not None and not self.rounds:
            for module in self.modules:
                self._cell(cells, exact, f"self:{module.key}", module, own.parts.get(module.key))
        if own is not None:
            cells["self_total"], exact["self_total"] = own.shown or NO_MARK, exact_text(own.total)
        return cells, exact

    def _cell(
        self, cells: dict[str, str], exact: dict[str, str], key: str, module: Node, value: Fraction | None
    ) -> None:
        cells[key] = NO_MARK if value is None else mark_text(value, module, self.ranking)
        exact[key] = exact_text(value)


def _standing(outcome: Outcome, ranking_key: str, round_key: str) -> Standing:
    return outcome.rounds[ranking_key, round_key] if round_key else outcome.rankings[ranking_key]


def _rows(outcome: Outcome, ranking_key: str, round_key: str) -> dict[str, Row]:
    standing = outcome.rounds.get((ranking_key, round_key))
    return {row.subject: row for row in standing.rows} if standing else {}


def _veto(facts: Facts) -> str:
    value = facts.texts.get("veto", "")
    return "" if value == "no" else value
