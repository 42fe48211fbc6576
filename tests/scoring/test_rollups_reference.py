"""Every roll-up beside a plain reading of its paragraph, item by item, with missing and invalid items of all kinds."""

from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.scoring.columns import Column
from contest.scoring.numbers import ABSENT, BLOCKED, NO_MARK, NO_RESULT, OK, VOID
from contest.scoring.registry import ROLLUPS
from contest.scoring.stack import Stack

NEEDS_ALL = ("sum", "mean", "median", "trimmed_mean", "weighted", "product")
items = st.one_of(
    st.integers(-5, 9),
    st.sampled_from([2**61, -(2**61), 2**62 - 1, 2**40 + 1]),
    st.sampled_from([None, None, "absent", "void", "no_result", "blocked"]),
)
STATE = {None: NO_MARK, "absent": ABSENT, "void": VOID, "no_result": NO_RESULT, "blocked": BLOCKED}


def counted(by, of, row, params):
    """(state, items that count in their order, number of items that are worse than any value)."""
    row = row + [None] * (params.get("count", 0) - len(row))
    missing, invalid = params.get("missing", "auto"), params.get("invalid", "auto")
    if missing == "auto":
        missing = "skip" if by not in NEEDS_ALL else "fail" if of == "attempts" else "block"
    if invalid == "auto":
        invalid = "fail" if by in NEEDS_ALL else "skip"
    bad = [one for one in row if one in ("absent", "void", "no_result")]
    zeros = ([None] if missing == "zero" else []) + (bad if invalid == "zero" else [])
    here = [
        0 if isinstance(one, str | None) else one
        for one in row
        if not isinstance(one, str | None) or one in zeros
    ]
    if not here:
        kinds = set(row)
        if kinds == {None}:
            return NO_MARK, [], 0
        if kinds <= {None, "absent"}:
            return ABSENT, [], 0
        return (BLOCKED if "blocked" in kinds else NO_RESULT), [], 0
    if "blocked" in row:
        return BLOCKED, here, 0
    state = OK
    if None in row and missing in ("fail", "block"):
        state = NO_RESULT if missing == "fail" else NO_MARK
    if bad and invalid == "fail":
        state = max(state, NO_RESULT)
    return state, here, len(bad) if invalid == "worst" else 0


def plain(by, of, row, less, params):
    """(state, exact value) of one subject."""
    state, here, worse = counted(by, of, row, params)
    if not here:
        return state, None
    size = max(len(row), params.get("count", 0))
    best_first = sorted(here, reverse=not less)
    if by == "best":
        kept = max(size - params["drop"], 1) if params.get("drop") else params.get("n", 1)
        taken = best_first[:kept]
        if state == OK and len(here) < max(params.get("least", 0), 1):
            state = NO_RESULT
        value = Fraction(sum(taken), len(taken) if params.get("take") == "mean" else 1)
    elif by == "trimmed_mean":
        low, high = params.get("low", 1), params.get("high", 1)
        from_best, from_worst = (low, high) if less else (high, low)
        end = len(here) + worse - from_worst
        if worse > from_worst or end <= from_best:
            return (state if state != OK else NO_RESULT), None
        kept = best_first[from_best:end]
        value = Fraction(sum(kept), end - from_best)
    elif by == "median":
        value = Fraction(best_first[(len(here) - 1) // 2] + best_first[len(here) // 2], 2)
    else:
        value = Fraction(
            {
                "sum": sum(here),
                "mean": Fraction(sum(here), len(here)),
                "worst": best_first[-1],
                "first": here[0],
                "last": here[-1],
                "product": prod(here),
                "count": len(here),
            }[by]
        )
    return state, value if state == OK else None


def rolled(by, of, rows, less, params):
    """(state, exact value) of every subject from the roll-up itself; rows: items of each subject."""
    marks = [[0 if isinstance(one, str | None) else one for one in row] for row in rows]
    states = [[STATE[one] if isinstance(one, str | None) else OK for one in row] for row in rows]
    bound = max(abs(one) for row in marks for one in row)
    num = np.array(marks, np.int64 if bound < 2**62 else object).T
    state = np.array(states, np.int8).T
    stack = Stack(Column(num, 1, bound, state if state.any() else None), of, less)
    result = ROLLUPS.call(by, stack, params=params)
    return [
        (int(code), Fraction(int(one), result.den) if code == OK else None)
        for code, one in zip(result.states(), result.num, strict=True)
    ]


common = {
    "missing": st.sampled_from(["auto", "skip", "zero", "fail", "block"]),
    "invalid": st.sampled_from(["auto", "skip", "zero", "fail"]),
    "count": st.integers(0, 5),
}
OWN = {
    "best": {
        "n": st.integers(1, 3),
        "drop": st.integers(0, 2),
        "take": st.sampled_from(["sum", "mean"]),
        "least": st.integers(0, 3),
    },
    "trimmed_mean": {
        "low": st.integers(0, 2),
        "high": st.integers(0, 2),
        "invalid": st.sampled_from(["auto", "skip", "zero", "fail", "worst"]),
    },
}


@pytest.mark.parametrize(
    "by", ["sum", "mean", "best", "worst", "first", "last", "median", "trimmed_mean", "product", "count"]
)
@settings(max_examples=150)
@given(data=st.data())
def test_a_roll_up_equals_its_plain_reading(by, data):
    size = data.draw(st.integers(1, 4))
    some = st.integers(-5, 9) if by == "product" else items
    some = st.one_of(some, st.sampled_from([None, "absent", "void"]))
    rows = data.draw(st.lists(st.lists(some, min_size=size, max_size=size), min_size=1, max_size=6))
    of = data.draw(st.sampled_from(["attempts", "rounds", "parts", "members"]))
    less = data.draw(st.booleans())
    params = data.draw(st.fixed_dictionaries({}, optional=common | OWN.get(by, {})))
    assert rolled(by, of, rows, less, params) == [plain(by, of, row, less, params) for row in rows]


def weighted(rows, params, *, keys=("1", "2"), weights=(None, None)):
    column = Column(np.array(rows).T, 1, 100)
    result = ROLLUPS.call("weighted", Stack(column, "rounds", False, keys, weights), params=params)
    return [result.fraction(index) for index in range(len(rows))]


def test_weights_come_by_key_or_from_the_items_and_what_has_none_does_not_count():
    assert weighted([[10, 20], [1, 0]], {"weights": {"1": 40, "2": 60}}) == [16, Fraction(2, 5)]
    assert weighted([[10, 20]], {"weights": {"2": "1/2"}}) == [Fraction(1, 10)]
    assert weighted([[10, 20]], {}, weights=(Fraction(30), Fraction(70))) == [17]
    assert weighted([[10, 20]], {"weights": {"1": 100}}, weights=(Fraction(30), Fraction(70))) == [24]
    assert weighted([[10, 20]], {"weights": {"1": 50, "2": 50}}, keys=()) == [15]


def test_a_weighted_sum_needs_every_item_unless_it_says_otherwise():
    column = Column(np.array([[10, 10], [0, 0]]), 1, 10, np.array([[0, 0], [NO_MARK, VOID]], np.int8))
    stack = Stack(column, "attempts", False, ("1", "2"))
    weights = {"weights": {"1": 40, "2": 60}}
    assert ROLLUPS.call("weighted", stack, params=weights).states().tolist() == [NO_RESULT, NO_RESULT]
    given_ = {**weights, "missing": "skip", "invalid": "zero"}
    assert [ROLLUPS.call("weighted", stack, params=given_).fraction(index) for index in (0, 1)] == [4, 4]
