"""What each kind of aspect lets in, what stands for no mark, and what a mark is worth."""

from fractions import Fraction

import numpy as np
import pytest

from contest.scoring.columns import Column
from contest.scoring.kinds import KnockOut
from contest.scoring.missing import completed, expected_judges
from contest.scoring.registry import KINDS

TEN = Fraction(10)


@pytest.mark.parametrize(
    ("by", "maximum", "params", "low", "high", "step", "default"),
    [
        ("marks", TEN, {}, 0, 10, None, None),
        ("marks", None, {}, 0, None, None, None),
        ("marks", TEN, {"low": -5, "high": 5, "step": "0.5", "default": 1}, -5, 5, "1/2", 1),
        ("judgement", TEN, {}, 0, 3, 1, None),
        ("judgement", TEN, {"levels": 5}, 0, 5, 1, None),
        ("measurement", TEN, {}, 0, 1, 1, None),
        ("measurement", TEN, {"entered": "points"}, 0, 10, 10, None),
        ("measurement", None, {"entered": "points"}, 0, 1, 1, None),
        ("measurement", TEN, {"entered": "points", "step": 2}, 0, 10, 2, None),
        ("value", TEN, {}, None, None, None, None),
        ("value", TEN, {"low": 1, "high": 9, "step": 2}, 1, 9, 2, None),
        ("deduction", TEN, {}, 0, 10, None, None),
        ("deduction", TEN, {"most": 4, "step": "0.5"}, 0, 4, "1/2", None),
        ("bonus", TEN, {}, 0, 10, None, 0),
        ("bonus", TEN, {"step": 2}, 0, 10, 2, 0),
        ("penalty", TEN, {}, 0, 10, None, 0),
        ("penalty", None, {"step": 5, "each": 2}, 0, None, 5, 0),
        ("knockout", None, {}, 0, 1, 1, 0),
        ("time", TEN, {}, 0, None, None, None),
        ("time", None, {"high": 60, "step": 1}, 0, 60, 1, None),
        ("count", TEN, {}, 0, None, 1, None),
        ("count", TEN, {"low": 1, "high": 9, "default": 2}, 1, 9, 1, 2),
    ],
)
def test_what_a_kind_lets_in(by, maximum, params, low, high, step, default):
    kind = KINDS.call(by, maximum, params=params)
    wanted = [None if one is None else Fraction(one) for one in (low, high, step, default)]
    assert [kind.low, kind.high, kind.step, kind.default] == wanted


@pytest.mark.parametrize(
    ("by", "maximum", "params", "mark", "points"),
    [
        ("marks", TEN, {}, 7, 7),
        ("judgement", Fraction(2), {}, 2, Fraction(4, 3)),
        ("judgement", Fraction(2), {"levels": 4}, 2, 1),
        ("judgement", None, {}, 2, 2),
        ("measurement", TEN, {}, 1, 10),
        ("measurement", None, {}, 1, 1),
        ("measurement", TEN, {"entered": "points"}, 10, 10),
        ("value", TEN, {}, -3, -3),
        ("deduction", TEN, {}, 4, 6),
        ("deduction", TEN, {"most": 20}, 14, 0),
        ("bonus", TEN, {}, 4, 4),
        ("penalty", TEN, {}, 4, -4),
        ("penalty", TEN, {"each": "2.5"}, 2, -5),
        ("time", None, {}, 61, 61),
        ("count", None, {}, 6, 6),
        ("count", None, {"each": "1/2"}, 7, Fraction(7, 2)),
    ],
)
def test_what_a_mark_is_worth(by, maximum, params, mark, points):
    kind = KINDS.call(by, maximum, params=params)
    assert kind.points(Column(np.array([mark * 1000]), 1000, 200_000)).fraction(0) == points


def test_only_judgement_has_a_spread_and_only_a_knock_out_hits():
    judged = KINDS.call("judgement", TEN, params={})
    assert (judged.spread, judged.spread_blocks) == (1, True)
    noted = KINDS.call("judgement", TEN, params={"spread": 2, "on_spread": "note"})
    assert (noted.spread, noted.spread_blocks) == (2, False)
    assert KINDS.call("knockout", None, params={}).knockout == KnockOut("zero", "", "any", None)
    asked = {"effect": "cap", "target": "work", "votes": "all", "cap": 60}
    assert KINDS.call("knockout", None, params=asked).knockout == KnockOut("cap", "work", "all", Fraction(60))
    for by in set(KINDS.keys()) - {"judgement", "knockout"}:
        kind = KINDS.call(by, TEN, params={})
        assert (kind.spread, kind.knockout) == (None, None)


def marks(rows):
    """Marks of judges × subjects in thousandths and where they are; None is no mark."""
    here = np.array([[one is not None for one in row] for row in rows])
    num = np.array([[1000 * (one or 0) for one in row] for row in rows])
    return Column(num, 1000, 100_000), here


def exact(column):
    return [[Fraction(int(one), column.den) for one in row] for row in column.num]


def test_as_many_judges_are_expected_as_stated_or_as_marked_anybody():
    _, here = marks([[1, 2], [3, None], [4, None]])
    assert expected_judges(here, None, None, (3, 2)) == 3
    assert expected_judges(here, None, 5, (3, 2)) == 5
    assert expected_judges(None, None, None, (4, 2)) == 4
    assert expected_judges(here[:, 1:], np.array([1]), None, (3, 1)) == 2
    assert expected_judges(here[:2], np.array([0, 2]), None, (2, 2)) == 3
    assert expected_judges(np.zeros((2, 0), bool), None, None, (2, 0)) == 0


@pytest.mark.parametrize(("policy", "filled"), [("zero", 0), ("mean", 5)])
def test_a_mark_that_is_owed_is_filled_and_no_more(policy, filled):
    column, here = marks([[4, 9], [6, None], [None, None], [None, None]])
    found, there, short = completed(column, here, np.array([0, 2]), 3, policy)
    assert short.tolist() == [True, False]
    assert there.tolist() == [[True, True], [True, False], [True, False], [False, False]]
    assert [row[0] for row in exact(found)][:3] == [4, 6, filled]
    assert [row[1] for row in exact(found)][0] == 9
    assert found.bound >= 9 * found.den


@pytest.mark.parametrize("policy", ["block", "ignore"])
def test_nothing_is_filled_where_it_blocks_or_is_ignored(policy):
    column, here = marks([[4, 9], [6, None]])
    found, there, short = completed(column, here, None, 2, policy)
    assert (found is column, there is here, short.tolist()) == (True, True, [False, True])


def test_seats_that_nobody_took_are_owed_too():
    column, _ = marks([[4, 8]])
    found, there, short = completed(column, None, None, 3, "mean")
    assert (exact(found), there.tolist(), short.tolist()) == (
        [[4, 8], [4, 8], [4, 8]],
        [[True, True]] * 3,
        [True, True],
    )
    found, there, short = completed(column, None, None, 3, "zero")
    assert (exact(found), there.shape, there.dtype) == ([[4, 8], [0, 0], [0, 0]], (3, 2), bool)


def test_whoever_has_no_mark_at_all_is_owed_nothing_and_full_panels_stay_as_they_are():
    column, here = marks([[4, None], [6, None]])
    found, there, short = completed(column, here, None, 2, "zero")
    assert (found is column, there is here, short) == (True, True, None)
    assert completed(column, None, None, 2, "zero") == (column, None, None)
    assert completed(column, None, None, 1, "zero") == (column, None, None)
