"""One ranking, over all rounds or in one of them, as rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from contest.scoring.columns import Column
from contest.scoring.field import STATUSES, Field, Subjects
from contest.scoring.filters import kept
from contest.scoring.honours import parts_needed
from contest.scoring.numbers import BLOCKED, NO_MARK, OK, STATE_NAMES, Array, decimal_text
from contest.scoring.outcome import SHARED, Row, Rows, Standing
from contest.scoring.problems import Problem
from contest.scoring.ranking import Order, line_of, ordered, rank_value, sortable
from contest.scoring.registry import TIE_BREAKS
from contest.scoring.rules import Spec
from contest.scoring.tiebreaks import Key, Keys
from contest.scoring.totals import Totals

TOTAL = Spec("total")
OVER_ROUNDS = frozenset({"reached", "round"})
"""Keys that compare rounds have no meaning inside one."""


@dataclass(frozen=True)
class Listed:
    """The parts from which rows are made."""

    totals: Totals
    total: Column
    order: Order
    labels: tuple[str, ...]
    rest: Array
    failing: dict[str, Array]
    codes: Array
    out: dict[str, Array]
    parts: Callable[[], dict[str, Column]]


def standing(totals: Totals, field: Field, round_: int | None, problems: list[Problem]) -> Standing:
    """Rank the subjects of a ranking by its whole chain of keys; `round_` None means over all rounds."""
    rules, ranking = totals.rules, totals.ranking
    round_key = "" if round_ is None or not rules.rounds else rules.rounds[round_].key
    total = totals.total if round_ is None else totals.rounds[round_]
    chain = Keys(totals, total, round_key, field.rulings)
    listed = kept(totals, field)
    failing = totals.failed if round_ is None else {}
    below = np.logical_or.reduce(list(failing.values())) if failing else np.zeros(len(listed), bool)
    ranked = _ranked(totals, total, listed, below)
    keys = _keys(chain, round_ is not None)
    if ranking.gates == "behind" and below.any():
        keys.insert(0, Key("gate", Column(below.astype(np.int64), 1, 1), True))
    order = ordered(ranked, [sortable(key) for key in keys], totals.units.keys, ranking.ties)
    labels = tuple(key.label for key in keys)
    if ranking.ties == "never":
        _report_ties(totals, order, problems, round_key)
    rest = _rest(totals, listed & ~ranked, total)
    shape = Listed(
        totals,
        total,
        order,
        labels,
        rest,
        failing,
        _codes(totals),
        _out(totals, round_),
        _parts_maker(totals, chain),
    )
    advancing = _advancing(totals, order, total, round_)
    columns = {
        "order": order.order,
        "rank": order.rank,
        "rank_den": order.rank_den,
        "decided": order.decided,
        "labels": labels,
        "total": total,
    }
    rows = Rows(len(order.order) + len(rest), lambda position: _row(shape, field, position))
    return Standing(ranking, round_key, rows, columns, advancing)


def _advancing(totals: Totals, order: Order, total: Column, round_: int | None) -> frozenset[str]:
    """Who is above the cut line of a round."""
    rules = totals.rules
    if round_ is None or not rules.rounds or (advance := rules.rounds[round_].advance) is None:
        return frozenset()
    end = line_of(advance, order, total, totals.ranking.less)
    return frozenset(str(totals.units.keys[int(index)]) for index in order.order[:end])


def _ranked(totals: Totals, total: Column, listed: Array, below: Array) -> Array:
    ranking, states = totals.ranking, total.states()
    ranked = totals.units.official & listed & (states == OK)
    if ranking.no_total == "behind":
        behind = ~np.isin(states, (OK, NO_MARK, BLOCKED))
        for mask in totals.out.values():
            behind &= ~mask
        ranked |= totals.units.official & listed & behind
    return ranked & ~below if ranking.gates == "unranked" else ranked


def _keys(chain: Keys, in_round: bool) -> list[Key]:
    specs = [
        spec for spec in chain.totals.ranking.order or (TOTAL,) if not (in_round and spec.by in OVER_ROUNDS)
    ]
    found: list[Key] = []
    for spec in specs or [TOTAL]:
        found += TIE_BREAKS.call(spec.by, chain, params=spec.params)
    return found


def _rest(totals: Totals, mask: Array, total: Column) -> Array:
    """Subjects without a rank: by status, then by key."""
    codes = _codes(totals)
    states = total.states()
    keys = totals.units.keys
    found = np.flatnonzero(mask).tolist()
    return np.array(
        sorted(found, key=lambda index: (int(codes[index]), int(states[index]), str(keys[index]))), np.int64
    )


def _codes(totals: Totals) -> Array:
    field = totals.sheets.field
    if totals.subject == "entry" or field.members is None or field.member_entry is None:
        return field.entries.codes()
    own, above = field.members.codes(), field.entries.codes()[field.member_entry]
    return np.where(own == 0, above, own)


def _out(totals: Totals, round_: int | None) -> dict[str, Array]:
    """Who was knocked out: altogether, or in the round."""
    if round_ is None:
        return totals.out
    return {"knocked_out": totals.knocked_out[round_]} if round_ in totals.knocked_out else {}


def _report_ties(totals: Totals, order: Order, problems: list[Problem], round_key: str) -> None:
    for start, end in order.tied:
        subjects = tuple(str(totals.units.keys[int(index)]) for index in order.order[start:end])
        params = {"ranking": totals.ranking.key, "subjects": subjects, "rank": start + 1, "round": round_key}
        problems.append(
            Problem("tie_unresolved", totals.ranking.key, params, "note" if round_key else "error")
        )


def _parts_maker(totals: Totals, chain: Keys) -> Callable[[], dict[str, Column]]:
    """Columns of the modules and of the nodes the order names, computed when the first row is read."""
    store: dict[str, Column] = {}

    def parts() -> dict[str, Column]:
        if not store:
            wanted = [module.key for module in totals.modules]
            wanted += [str(spec.params["node"]) for spec in totals.ranking.order if "node" in spec.params]
            wanted += sorted(parts_needed(totals.rules, totals.ranking))
            for key in dict.fromkeys(wanted):
                if key != "total":
                    store[key] = chain.node(key, "")
        return store

    return parts


def _row(shape: Listed, field: Field, position: int) -> Row:
    totals = shape.totals
    size = len(shape.order.order)
    is_ranked = position < size
    index = int(shape.order.order[position] if is_ranked else shape.rest[position - size])
    total = shape.total.fraction(index)
    rank = rank_value(shape.order, position) if is_ranked else None
    failed = tuple(sorted(key for key, mask in shape.failing.items() if mask[index]))
    decided = ""
    if is_ranked:
        level = int(shape.order.decided[position])
        decided = shape.labels[level] if level < len(shape.labels) else SHARED
    key = str(totals.units.keys[index])
    subjects = field.entries if totals.subject == "entry" else field.members
    assert subjects is not None
    return Row(
        subject=key,
        total=total,
        shown="" if total is None else shown(totals, total),
        rank=rank,
        shown_rank="" if rank is None else decimal_text(Fraction(rank)),
        decided_by=decided,
        status=_status(shape, index, bool(failed), is_ranked),
        reason=_reason(subjects, field, totals, key, index),
        parts={name: column.fraction(index) for name, column in shape.parts().items()},
        gates_failed=failed,
        index=index,
    )


def _reason(subjects: Subjects, field: Field, totals: Totals, key: str, index: int) -> str:
    if key in subjects.reasons or totals.subject == "entry" or field.member_entry is None:
        return subjects.reasons.get(key, "")
    return field.entries.reasons.get(str(field.entries.keys[int(field.member_entry[index])]), "")


def shown(totals: Totals, total: Fraction) -> str:
    """The total as the rules print it: `show`, else the digits it was rounded to, else as many as it needs."""
    rounding: Any = totals.ranking.show or totals.rules.total.round
    if rounding is None:
        return decimal_text(total)
    return decimal_text(total, rounding.digits, rounding.mode)


def _status(shape: Listed, index: int, failed: bool, is_ranked: bool) -> str:
    code = int(shape.codes[index])
    if code:
        return STATUSES[code]
    for why, mask in shape.out.items():
        if mask[index]:
            return why
    state = 0 if shape.total.state is None else int(shape.total.state[index])
    if state:
        return STATE_NAMES[state]
    return "gate" if failed and not is_ranked else "present"
