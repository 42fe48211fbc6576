"""How judges marked: severity, spread, outliers, agreement, own-delegation favour."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.scoring import judges
from contest.scoring.judges import JudgeFigures, Outlier, TooFew

THREE = ("J1", "J2", "J3")

# Shrout and Fleiss (1979), table 2: six targets, four judges.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)
FOUR = ("1", "2", "3", "4")


def plane(*rows: tuple[int, ...]) -> np.ndarray:
    return np.array(rows, dtype=np.int64)


FIVE = plane((10, 10, 13), (8, 8, 11), (6, 6, 9), (7, 7, 10), (5, 5, 8))


def test_severity_is_measured_against_the_mean_of_the_other_judges():
    found = judges.figures(FIVE, THREE)
    assert [one.severity for one in found] == [Fraction(-3, 2), Fraction(-3, 2), Fraction(3)]


def test_marks_in_thousandths_give_figures_in_points():
    found = judges.figures(FIVE * 1000, THREE, unit=1000)
    assert [one.severity for one in found] == [Fraction(-3, 2), Fraction(-3, 2), Fraction(3)]
    assert found[0].spread == Fraction(36, 25)


def test_spread_is_the_mean_distance_from_the_own_mean():
    # J1 gave 10, 8, 6, 7, 5: mean 7.2, distances 2.8, 0.8, 1.2, 0.2, 2.2.
    assert judges.figures(FIVE, THREE)[0] == JudgeFigures("J1", 5, Fraction(-3, 2), Fraction(36, 25))


def test_a_judge_who_gives_everybody_the_same_has_no_spread():
    marks = plane(*[(7, mark, mark) for mark in (1, 2, 3, 4, 5)])
    assert judges.figures(marks, THREE)[0].spread == 0


def test_four_subjects_are_too_few_to_tell():
    found = judges.figures(FIVE[:4], THREE)
    assert (found[0].severity, found[0].spread) == (TooFew("subjects", 4, 5), TooFew("subjects", 4, 5))


def test_two_judges_are_too_few_to_tell_who_is_severe():
    found = judges.figures(FIVE[:, :2], ("J1", "J2"))
    assert (found[0].severity, found[0].spread) == (TooFew("subjects", 0, 5), Fraction(36, 25))


def test_only_subjects_with_three_marks_count_for_severity():
    marks = np.vstack([FIVE, plane((0, 100, 100))])
    given_marks = np.ones(marks.shape, dtype=bool)
    given_marks[5, 2] = False
    found = judges.figures(marks, THREE, given_marks)
    assert (found[0].severity, found[0].count, found[2].count) == (Fraction(-3, 2), 6, 5)


def test_a_judge_who_did_not_mark_a_subject_is_not_measured_on_it():
    marks = plane(*[(10, 20, 30, 40)] * 6)
    given_marks = np.ones(marks.shape, dtype=bool)
    given_marks[0, 0] = False
    found = judges.figures(marks, FOUR, given_marks)
    assert (found[0].count, found[0].severity) == (5, Fraction(-20))
    # J2 against 30 and 40 on the first subject, against 10, 30, 40 on the other five.
    assert found[1].severity == (Fraction(-15) + 5 * (20 - Fraction(80, 3))) / 6


@pytest.mark.parametrize(
    ("marks", "names", "mask"),
    [
        (FIVE, ("J1",), None),
        (FIVE, THREE, np.ones((4, 3), dtype=bool)),
        (np.array([1, 2, 3]), THREE, None),
    ],
)
def test_shapes_that_do_not_fit_are_a_named_error(marks, names, mask):
    with pytest.raises(judges.ShapeMismatch):
        judges.figures(marks, names, mask)


def test_a_mark_far_from_an_agreed_panel_is_an_outlier():
    marks = plane((80, 81, 82, 60), (70, 70, 71, 72))
    found = judges.outliers(marks, FOUR)
    assert found == (Outlier(0, "4", Fraction(60), Fraction(161, 2), Fraction(41, 2)),)


def test_the_limit_of_an_outlier_is_three_robust_deviations_and_a_setting():
    # Median 10, MAD 1: allowed is 3 · 1.4826 = 4.4478 points.
    marks = plane((8, 9, 10, 11, 14), (8, 9, 10, 11, 15))
    found = judges.outliers(marks, ("1", "2", "3", "4", "5"))
    assert [(one.subject, one.judge, one.distance) for one in found] == [(1, "5", 5)]
    found = judges.outliers(marks, ("1", "2", "3", "4", "5"), limit=Fraction(2))
    assert [(one.subject, one.distance) for one in found] == [(1, 5), (0, 4)]


def test_one_judge_against_an_agreed_panel_is_found_unless_below_the_floor():
    marks = plane((10, 10, 10, 11), (10, 10, 10, 13))
    assert [one.distance for one in judges.outliers(marks, FOUR)] == [3, 1]
    assert [one.distance for one in judges.outliers(marks, FOUR, floor=Fraction(1))] == [3]


def test_outliers_need_three_judges_and_come_in_points():
    assert judges.outliers(plane((0, 100)), ("J1", "J2")) == ()
    (found,) = judges.outliers(plane((10000, 10000, 20000)), THREE, unit=1000)
    assert (found.mark, found.median, found.distance) == (20, 10, 10)


def test_a_distance_of_exactly_the_limit_or_the_floor_is_no_outlier():
    # Median 10, MAD 1: with a limit of 5 ÷ 1.4826 the allowed distance is 5 points.
    marks = plane((8, 9, 10, 11, 15))
    names = ("1", "2", "3", "4", "5")
    assert judges.outliers(marks, names, limit=5 / Fraction(14826, 10000)) == ()
    assert judges.outliers(marks, names, floor=Fraction(5)) == ()
    assert len(judges.outliers(marks, names, floor=Fraction(49, 10))) == 1


def test_a_subject_with_two_marks_is_passed_over_and_the_next_is_looked_at():
    marks = plane((10, 90, 0), (10, 10, 30))
    mask = np.array([[True, True, False], [True, True, True]])
    assert [one.subject for one in judges.outliers(marks, THREE, mask)] == [1]


def test_missing_marks_are_never_outliers():
    marks = plane((10, 10, 10, 99))
    mask = np.array([[True, True, True, False]])
    assert judges.outliers(marks, FOUR, mask) == ()


def test_intraclass_correlation_of_the_classic_example():
    """Shrout and Fleiss (1979) print ICC(2,1) = .29 and ICC(2,4) = .62 for their table 2."""
    single = judges.intraclass_correlation(SHROUT_FLEISS, FOUR)
    panel = judges.intraclass_correlation(SHROUT_FLEISS, FOUR, panel=True)
    assert (round(float(single), 4), round(float(panel), 4)) == (0.2898, 0.6201)


def test_judges_who_agree_have_a_correlation_of_one():
    marks = plane(*[(mark, mark, mark) for mark in range(5)])
    assert judges.intraclass_correlation(marks, THREE) == 1
    assert judges.concordance(marks, THREE) == 1


@pytest.mark.parametrize("function", [judges.intraclass_correlation, judges.concordance])
def test_agreement_needs_three_judges_five_subjects_and_some_difference(function):
    assert function(FIVE[:, :2], ("J1", "J2")) == TooFew("judges", 2, 3)
    assert function(FIVE[:4], THREE) == TooFew("subjects", 4, 5)
    assert function(plane(*[(7, 7, 7)] * 5), THREE) == TooFew("differences", 0, 1)
    assert isinstance(function(FIVE, THREE), Fraction)


@pytest.mark.parametrize("function", [judges.intraclass_correlation, judges.concordance])
def test_agreement_is_taken_over_subjects_marked_by_all(function):
    more = np.vstack([FIVE, plane((0, 50, 0))])
    mask = np.ones(more.shape, dtype=bool)
    mask[5, 1] = False
    assert function(more, THREE, mask) == function(FIVE, THREE)


def test_concordance_without_ties():
    # Ranks 1–5 of three judges: 12345, 21345, 12354; sums 4, 5, 9, 13, 14; S = 82; W = 12·82 / (9·120).
    marks = plane((1, 2, 1), (2, 1, 2), (3, 3, 3), (4, 4, 5), (5, 5, 4))
    assert judges.concordance(marks, THREE) == Fraction(12 * 82, 9 * 120)


def test_concordance_corrects_for_ties():
    # J3 ties the first two and the last two: ranks 1.5 1.5 3 4.5 4.5; sums 3.5 5.5 9 12.5 14.5; S = 85.
    marks = plane((1, 2, 1), (2, 3, 1), (3, 4, 5), (4, 5, 9), (5, 6, 9))
    assert judges.concordance(marks, THREE) == Fraction(12 * 85, 9 * 120 - 3 * 12)


def test_opposite_orders_have_no_concordance():
    marks = plane((1, 5, 3), (2, 4, 3), (3, 3, 3), (4, 2, 3), (5, 1, 3))
    assert judges.concordance(marks, THREE) == 0


def test_doubled_ranks_are_averaged_over_ties():
    assert judges.doubled_ranks([10, 20, 20, 30]) == [2, 5, 5, 8]
    assert judges.doubled_ranks([3, 1, 2]) == [6, 2, 4]


HOME = ("A", "B", "C")


def test_favour_is_the_own_delegation_beside_all_others():
    # J1 is always 1 above the others, and 4 above for the own delegation A.
    marks = plane(*[(14, 10, 10)] * 3, *[(11, 10, 10)] * 5)
    found = judges.own_favour(marks, THREE, HOME, ["A"] * 3 + ["X"] * 5)
    assert found == (("J1", Fraction(3)), ("J2", TooFew("own", 0, 3)), ("J3", TooFew("own", 0, 3)))


def test_favour_comes_in_points_and_may_be_negative():
    marks = plane(*[(8000, 10000, 10000)] * 3, *[(10000, 10000, 10000)] * 5)
    found = judges.own_favour(marks, THREE, HOME, ["A"] * 3 + ["X"] * 5, unit=1000)
    assert found[0] == ("J1", Fraction(-2))


def test_two_own_subjects_or_four_others_are_too_few_to_tell():
    marks = plane(*[(14, 10, 10)] * 7)
    assert judges.own_favour(marks, THREE, HOME, ["A"] * 2 + ["X"] * 5)[0] == ("J1", TooFew("own", 2, 3))
    assert judges.own_favour(marks, THREE, HOME, ["A"] * 3 + ["X"] * 4)[0] == ("J1", TooFew("subjects", 4, 5))


def test_favour_is_measured_on_marks_that_exist():
    marks = plane(*[(14, 10, 10)] * 3, *[(11, 10, 10)] * 5, (99, 10, 10))
    mask = np.ones(marks.shape, dtype=bool)
    mask[8, 0] = False
    found = judges.own_favour(marks, THREE, HOME, ["A"] * 3 + ["X"] * 6, mask)
    assert found[0] == ("J1", Fraction(3))


def test_a_judge_without_a_delegation_has_no_own_subjects():
    marks = plane(*[(14, 10, 10)] * 8)
    assert judges.own_favour(marks, THREE, ("", "B", "C"), [""] * 3 + ["X"] * 5)[0] == (
        "J1",
        TooFew("own", 0, 3),
    )


small = st.lists(st.tuples(*[st.integers(0, 20)] * 3), min_size=5, max_size=12)


@given(small, st.integers(1, 9), st.integers(-30, 30))
def test_agreement_forgets_unit_and_origin(rows, factor, shift):
    marks = plane(*rows)
    moved = factor * marks + shift
    assert judges.concordance(moved, THREE) == judges.concordance(marks, THREE)
    assert judges.intraclass_correlation(moved, THREE) == judges.intraclass_correlation(marks, THREE)


@given(small)
def test_concordance_lies_between_none_and_all(rows):
    found = judges.concordance(plane(*rows), THREE)
    assert isinstance(found, TooFew) or 0 <= found <= 1


@given(small)
def test_severities_of_a_full_panel_cancel_out(rows):
    assert sum(one.severity for one in judges.figures(plane(*rows), THREE)) == 0


def test_large_marks_do_not_overflow():
    big = 2**60
    marks = plane(*[(big + i, big + i, big + i + 3) for i in range(5)])
    assert judges.figures(marks, THREE)[2].severity == 3
    assert judges.intraclass_correlation(marks, THREE) == Fraction(5, 11)
