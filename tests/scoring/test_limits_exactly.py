"""Limits of any number of digits divide marks and inputs exactly as fractions would."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contest.scoring import columns as cols
from contest.scoring import tidy
from contest.scoring.columns import whole
from contest.scoring.entered import checked, defaulted, hits, limits, off_step, too_wide, worded
from contest.scoring.kinds import Kind, KnockOut, same
from contest.scoring.numbers import BLOCKED, NO_MARK, OK
from contest.scoring.planes import plane
from tests.scoring.sheets_of_marks import outcome_of, ranks, rules_of, table_of

MILLI = st.lists(st.integers(-200_000, 200_000), min_size=1, max_size=5)
FINE = st.one_of(
    st.fractions(-200, 200, max_denominator=1000),
    st.fractions(-200, 200, max_denominator=10**24),
    st.integers(-(10**30), 10**30).map(Fraction),
)


def refused(milli, kind, decimals=3):
    """What is handed back for marks of one judge in thousandths: code and limits → places."""
    told = {}

    def refuse(column, mask, code, **params):
        told[code, *params.values()] = np.flatnonzero(mask).tolist()
        return column

    checked(plane(np.array(milli, np.int64).reshape(1, 1, -1)), kind, decimals, refuse)
    return told


@given(MILLI, FINE, FINE)
def test_marks_outside_their_range_are_those_that_fractions_find_outside(milli, low, high):
    outside = [i for i, one in enumerate(milli) if not low <= Fraction(one, 1000) <= high]
    wanted = {("mark_range", low, high): outside} if outside else {}
    assert refused(milli, Kind(low, high, None, same)) == wanted


@given(MILLI, st.fractions("0.001", 50, max_denominator=1000), FINE)
@example([250, 500, 700], Fraction(1, 4), Fraction(0))
@example([50000, 60000], Fraction(1, 10), Fraction(-333333333333333333333333, 10**24))
def test_marks_off_their_step_are_those_that_fractions_find_off(milli, step, start):
    off = [(Fraction(one, 1000) - start) % step != 0 for one in milli]
    assert off_step(whole(np.array(milli)), step, start).tolist() == off
    told = refused(milli, Kind(start, None, step, same))
    assert told["mark_step", step] == np.flatnonzero(off).tolist()


@pytest.mark.parametrize(("decimals", "wrong"), [(3, None), (2, [3]), (1, [2, 3]), (0, [1, 2, 3])])
def test_marks_with_more_decimals_than_allowed_are_handed_back(decimals, wrong):
    told = refused([7000, 7100, 7120, 7123], Kind(None, None, None, same), decimals)
    assert told == ({} if wrong is None else {("mark_decimals", decimals): wrong})


def test_a_limit_between_two_thousandths_is_as_good_as_the_next_inside():
    assert limits(Kind(Fraction(1, 3), Fraction(2, 3), None, same)) == (334, 666)
    assert limits(Kind(Fraction(-1, 3), Fraction(5), None, same)) == (-333, 5000)
    assert limits(Kind(None, None, None, same)) == (None, None)
    assert limits(Kind(Fraction(1), None, None, same)) == (1000, None)


AGES = """
inputs = [ {{ name = "age" }} ]
[[modules]]
key = "a"
maximum = 100
[[rankings]]
key = "r"
filter = [ {{ column = "age", {limits} }} ]
"""
ROWS = "entry,judge,aspect,mark,age\nA,j,a,50,34.999\nB,j,a,60,35\nC,j,a,70,35.001\nD,j,a,80,"


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        ('at_least = "35"', ["1 C 70 total", "2 B 60 total"]),
        ('at_least = "35.0000000000000000000001"', ["1 C 70 total"]),
        ('at_least = "34.9999999999999999999999"', ["1 C 70 total", "2 B 60 total"]),
        ('at_most = "35"', ["1 B 60 total", "2 A 50 total"]),
        ('at_most = "34.9999999999999999999999"', ["1 A 50 total"]),
        ('at_most = "35.0000000000000001"', ["1 B 60 total", "2 A 50 total"]),
        ('at_least = "35", at_most = "35"', ["1 B 60 total"]),
        ('at_least = "36"', []),
        ("at_least = 1000000000000000000000000000000", []),
        ("at_most = 1000000000000000000000000000000", ["1 C 70 total", "2 B 60 total", "3 A 50 total"]),
    ],
)
def test_a_filter_by_a_number_keeps_who_lies_within_and_nobody_without_one(limits, kept):
    assert ranks(outcome_of(AGES.format(limits=limits), ROWS)) == kept


def test_a_filter_by_a_number_that_nobody_has_keeps_nobody():
    rows = "entry,judge,aspect,mark\nA,j,a,50"
    assert ranks(outcome_of(AGES.format(limits="at_least = 0"), rows)) == []


def test_a_file_with_marks_outside_a_range_of_many_digits_lists_them():
    rules = rules_of(
        "[[modules]]\nkey = 'a'\nmaximum = 100\nkind = { by = 'marks', low = '0.333333333333333333333333' }\n"
        "[[rankings]]\nkey = 'r'\n"
    )
    table = table_of("entry,judge,aspect,mark\nA,j,a,0.333\nB,j,a,0.334\nC,j,a,100.001\nD,j,a,100")
    list(tidy.events(rules, table))
    assert [(row.line, row.value, row.reason) for row in table.bad] == [
        (2, "0.333", "is below 0.333333"),
        (4, "100.001", "is above 100"),
    ]


@given(st.lists(st.integers(-(10**6), 10**6), max_size=4), st.fractions(max_denominator=10**25))
@example([0, 0], Fraction(10**30))
@example([], Fraction(10**30))
def test_values_times_any_factor_are_exact(values, factor):
    found = cols.times(whole(np.array(values, np.int64)), factor)
    assert [found.fraction(place) for place in range(len(values))] == [one * factor for one in values]


def judges_of(rows, attempts=1):
    """Judges' marks as a column (attempts, judges, subjects); None: not marked."""
    num = np.array([[0 if one is None else one for one in row] for row in rows], np.int64)
    state = np.array([[NO_MARK if one is None else OK for one in row] for row in rows], np.int8)
    shape = (attempts, len(rows) // attempts, num.shape[1])
    return cols.Column(num.reshape(shape) * 1000, 1000, int(num.max()) * 1000, state.reshape(shape))


@pytest.mark.parametrize(
    ("votes", "wanted"),
    [
        ("any", [False, True, True, True, False, True]),
        ("majority", [False, False, True, True, False, False]),
        ("all", [False, False, False, True, False, False]),
    ],
)
def test_a_knock_out_hits_by_as_many_votes_as_it_needs(votes, wanted):
    # Nobody says so; one of three; two of three; all three; nobody voted; one of two.
    votes_ = [[0, 1, 1, 1, None, 1], [0, 0, 1, 1, None, 0], [0, 0, 0, 1, None, None]]
    rule = KnockOut("zero", "", votes, None)
    assert hits(judges_of(votes_), rule).tolist() == wanted


def test_a_knock_out_in_any_attempt_is_enough_and_votes_are_counted_in_each():
    column = judges_of([[0, 1], [0, 0], [1, 0], [1, 0]], attempts=2)
    assert hits(column, KnockOut("zero", "", "all", None)).tolist() == [True, False]
    assert hits(column, KnockOut("zero", "", "any", None)).tolist() == [True, True]


@pytest.mark.parametrize(
    ("marks", "spread", "wide"),
    [
        ([[0, 0, 3, None], [1, 2, 3, None], [1, 1, None, None]], 1, [False, True, False, False]),
        ([[0, 0, 3, None], [1, 2, 3, None], [1, 1, None, None]], 2, [False, False, False, False]),
        ([[3, None], [0, 2], [None, 2]], 2, [True, False]),
    ],
)
def test_marks_lie_too_far_apart_when_they_differ_by_more_than_the_spread(marks, spread, wide):
    assert too_wide(judges_of(marks), Fraction(spread)).tolist() == [wide]
    assert too_wide(judges_of(marks), Fraction(spread) - Fraction(1, 10**20)).tolist() == [
        [
            len(given_) > 0 and max(given_) - min(given_) >= spread
            for given_ in (
                [row[place] for row in marks if row[place] is not None] for place in range(len(wide))
            )
        ]
    ]


def test_no_row_stands_for_the_default_mark_and_nothing_else_does():
    column = judges_of([[5, None, 7]])
    kind = Kind(None, None, None, lambda one: cols.times(one, Fraction(2)), default=Fraction(3))
    found = defaulted(column, kind)
    assert [found.fraction(0, 0, place) for place in range(3)] == [5, 6, 7]
    assert found.state is None
    lost = cols.with_state(column, np.array([[[True, False, False]]]), BLOCKED)
    again = defaulted(lost, kind)
    assert [again.fraction(0, 0, place) for place in range(3)] == [None, 6, 7]
    assert again.states().tolist() == [[[BLOCKED, OK, OK]]]
    assert defaulted(column, Kind(None, None, None, same)) is column


def test_numbers_of_a_problem_are_written_as_text():
    assert (worded(Fraction(1, 2)), worded(Fraction(5)), worded(3), worded("x")) == ("0.5", "5", 3, "x")
