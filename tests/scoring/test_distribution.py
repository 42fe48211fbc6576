"""Classes hold every value once; small groups are kept back so that no subtraction finds them."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from contest.scoring.distribution import LEAST_GROUP, MOST_CLASSES, classes_of, summary_of, told

VALUES = st.lists(st.fractions(-100, 1000, max_denominator=1000), min_size=1, max_size=60)


@given(VALUES)
def test_every_value_lies_in_exactly_one_class_with_round_borders(values):
    found = classes_of(values)
    assert sum(one.count for one in found) == len(values)
    assert 1 <= len(found) <= MOST_CLASSES
    for number, one in enumerate(found):
        is_last = number == len(found) - 1
        inside = [v for v in values if one.low <= v and (v < one.high or (is_last and v == one.high))]
        assert len(inside) == one.count
    assert [one.high for one in found[:-1]] == [one.low for one in found[1:]]
    width = found[0].high - found[0].low
    digits = str((width * 1000).numerator).rstrip("0")
    assert (width * 1000).denominator == 1 and digits in {"1", "2", "5"}


def test_equal_values_make_one_class_and_no_value_none():
    assert [(one.low, one.count) for one in classes_of([Fraction(80)] * 3)] == [(Fraction(80), 3)]
    assert (classes_of([]), summary_of([])) == ((), None)


def test_quartiles_leave_the_middle_value_out():
    known = summary_of([Fraction(value) for value in (1, 2, 3, 4, 5)])
    assert (known.lower, known.median, known.upper, known.mean) == (Fraction(3, 2), 3, Fraction(9, 2), 3)


def test_a_lone_value_is_all_of_its_figures():
    assert set(summary_of([Fraction(7)]).__getattribute__(name) for name in ("least", "lower", "upper")) == {
        7
    }


def test_a_lone_small_group_takes_the_next_one_with_it():
    assert told({"男": 200, "女": 3}) == {"男": None, "女": None}
    assert told({"a": 40, "b": 9, "c": 1}) == {"a": 40, "b": None, "c": None}
    assert told({"a": 40, "b": 1, "c": 1, "d": 30}) == {"a": 40, "b": None, "c": None, "d": None}
    assert told({"a": 40, "b": 30}) == {"a": 40, "b": 30}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30), max_size=8))
def test_what_is_kept_back_can_not_be_found_by_subtraction(counts):
    shown = told(counts)
    hidden = [counts[name] for name in counts if shown[name] is None]
    assert all(shown[name] in (None, count) for name, count in counts.items())
    assert not [
        count for name, count in counts.items() if 0 < count < LEAST_GROUP and shown[name] is not None
    ]
    if hidden and len([count for count in counts.values() if count]) > len(hidden):
        assert len(hidden) >= 2 and sum(hidden) >= LEAST_GROUP
