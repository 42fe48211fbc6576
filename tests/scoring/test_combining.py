"""Parts made into one by weight and roll-up, pass marks, and what a panel's result keeps of its marks' states."""

from fractions import Fraction

import numpy as np
import pytest

from contest.scoring.columns import Column
from contest.scoring.combining import combined, passes, with_panel_states
from contest.scoring.numbers import ABSENT, BLOCKED, NO_MARK, NO_RESULT, OK, VOID
from contest.scoring.rules import Node, Spec


def column(*values):
    """Values of subjects; a state's code stands as a text: "absent"."""
    codes = {"absent": ABSENT, "void": VOID, "no_mark": NO_MARK, "blocked": BLOCKED}
    state = np.array([codes.get(one, OK) for one in values], np.int8)
    num = np.array([0 if one in codes else one for one in values])
    return Column(num, 1, 100, state if state.any() else None)


def part(key, weight=None, **fields):
    return Node(key=key, weight=None if weight is None else Fraction(weight), **fields)


def made(combine, *parts, absent="unranked", less=False):
    result = combined(Node(key="n", combine=combine, less=less), list(parts), absent)
    return [result.fraction(index) for index in range(result.shape[-1])]


A, B = column(10, 4), column(20, 8)


@pytest.mark.parametrize(
    ("combine", "wanted"),
    [
        (None, [30, 12]),
        (Spec("sum"), [30, 12]),
        (Spec("sum", {"count": 2}), [30, 12]),
        (Spec("mean"), [15, 6]),
        (Spec("worst"), [10, 4]),
        (Spec("best"), [20, 8]),
        (Spec("product"), [200, 32]),
        (Spec("weighted", {"weights": {"a": 50, "b": 10}}), [7, Fraction(14, 5)]),
    ],
)
def test_parts_become_one_by_the_stated_roll_up(combine, wanted):
    assert made(combine, (part("a"), A), (part("b"), B)) == wanted


def test_what_is_better_follows_the_node():
    assert made(Spec("best"), (part("a"), A), (part("b"), B), less=True) == [10, 4]


def test_parts_count_by_their_weight_and_not_at_all_with_none():
    weighted = (part("a", 30), A), (part("b", 70), B)
    assert made(None, *weighted) == [17, Fraction(34, 5)]
    assert made(Spec("best"), *weighted) == [14, Fraction(28, 5)]
    assert made(Spec("weighted"), *weighted) == [17, Fraction(34, 5)]
    assert made(None, (part("a", 0), A), (part("b", 100), B)) == [20, 8]
    assert made(None, (part("a", 0), A)) == [0, 0]
    assert combined(Node(key="n"), [], "unranked") is None


def test_an_absent_part_is_absence_or_zero_as_stated_unless_nothing_was_taken():
    parts = (part("a"), column(10, "absent")), (part("b"), column("absent", "absent"))
    assert made(None, *parts) == [None, None]
    assert made(None, *parts, absent="zero") == [10, None]
    own = (part("a"), column(10, "absent")), (part("b", absent="zero"), column("absent", "absent"))
    assert made(None, *own) == [10, None]


def test_a_pass_mark_is_reached_from_the_better_side_by_who_has_a_value():
    marks = column(59, 60, 61, "absent")
    assert passes(marks, Fraction(60), False).tolist() == [False, True, True, False]
    assert passes(marks, Fraction(60), True).tolist() == [True, True, False, False]


def states(result):
    return result.states().tolist()


def test_a_panel_without_marks_says_why_and_a_short_one_blocks():
    given = np.array(
        [
            [OK, NO_MARK, VOID, ABSENT, OK, NO_MARK],
            [NO_MARK, NO_MARK, NO_MARK, VOID, BLOCKED, OK],
        ],
        np.int8,
    )
    result = Column(np.array([5, 0, 0, 0, 6, 7]), 1, 10)
    found = with_panel_states(result, given, None)
    assert states(found) == [OK, NO_MARK, VOID, VOID, BLOCKED, OK]
    assert found.num.tolist() == [5, 0, 0, 0, 0, 7]
    short = np.array([True, False, False, False, False, False])
    assert states(with_panel_states(result, given, short)) == [BLOCKED, NO_MARK, VOID, VOID, BLOCKED, OK]
    assert states(with_panel_states(result, None, short)) == [BLOCKED, OK, OK, OK, OK, OK]
    assert with_panel_states(result, None, None) is result
    assert with_panel_states(result, np.zeros((2, 6), np.int8), None).state is None


def test_a_result_that_the_method_refused_stays_refused():
    result = Column(np.array([0, 7]), 1, 10, np.array([NO_RESULT, OK], np.int8))
    assert states(with_panel_states(result, np.array([[OK, OK]], np.int8), None)) == [NO_RESULT, OK]
