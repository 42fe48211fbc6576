"""The common scales, against published totals and against their definitions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.scoring import scales
from contest.scoring.registry import SCALES
from tests.scoring.facts import shizuoka_2007

# 32 published totals of a national competition of 2024 and their scores on the 700 scale; formula of
# github.com/fzrilsh/lks-judge, recomputed.
TOTALS = [
    "61.42",
    "54.33",
    "39.58",
    "37.75",
    "35.5",
    "28.75",
    "28.42",
    "28.4",
    "19.0",
    "16.92",
    "13.5",
    "13.05",
    "12.8",
    "12.25",
    "9.5",
    "8.75",
    "7.25",
    "6.0",
    "6.0",
    "4.25",
    "3.25",
    "2.75",
    "2.0",
    "1.5",
    "1.4",
    "1.25",
    "0.75",
    "0.5",
    "0.5",
    "0.5",
    "0.25",
    "0.0",
]
SCALED = [
    "854",
    "834",
    "791",
    "786",
    "779",
    "760",
    "759",
    "759",
    "732",
    "726",
    "716",
    "715",
    "714",
    "712",
    "704",
    "702",
    "698",
    "694",
    "694",
    "689",
    "686",
    "685",
    "683",
    "681",
    "681",
    "680",
    "679",
    "678",
    "678",
    "678",
    "678",
    "677",
]

totals = st.lists(st.fractions(min_value=0, max_value=200, max_denominator=100), min_size=1, max_size=40)


def fractions(*values: str | int) -> list[Fraction]:
    return [Fraction(value) for value in values]


def test_the_700_scale_reproduces_a_published_set_of_32():
    assert scales.median_700(fractions(*TOTALS)) == tuple(fractions(*SCALED))


def test_the_published_set_has_the_median_and_deviation_that_its_source_states():
    assert (scales.median(fractions(*TOTALS)), scales.median_deviation(fractions(*TOTALS))) == (8, 7)


def test_thirteen_besides_the_first_three_reach_700_in_the_published_set():
    assert sum(score >= 700 for score in scales.median_700(fractions(*TOTALS))[3:]) == 13


def test_a_median_deviation_of_zero_puts_everybody_at_700():
    assert scales.median_700(fractions(5, 5, 5, 9)) == tuple(fractions(700, 700, 700, 700))


def test_the_700_scale_ends_at_1000_and_at_0():
    field = fractions(0, 1, 2, 3, 4, 500, -500)
    assert scales.median_700(field) == tuple(fractions(680, 690, 700, 710, 720, 1000, 0))


def test_the_700_scale_rounds_halves_up():
    # Median 0 and MAD 1: x = 0.81543 gives 700 + 30·0.81543/1.4826 = 716.5 exactly.
    x = Fraction(33, 2) * Fraction(14826, 10000) / 30
    assert scales.median_700([*fractions(-2, -1, 0, 1, 2), x, -x])[5:] == (717, 684)


def test_unit_and_digits_of_the_700_scale_are_honoured():
    assert scales.median_700(fractions(-1, 0, 1), unit=10, digits=2) == (
        Fraction("693.26"),
        Fraction(700),
        Fraction("706.74"),
    )


@pytest.mark.parametrize(
    ("values", "middle"),
    [((3,), 3), ((1, 4), Fraction(5, 2)), ((9, 1, 4), 4), ((1, 2, 3, 10), Fraction(5, 2))],
)
def test_the_median_is_the_middle_or_the_mean_of_the_two_middle_values(values, middle):
    assert scales.median(fractions(*values)) == middle


@pytest.mark.parametrize("function", [scales.median, scales.mean, scales.percentile, scales.share_of_best])
def test_an_empty_field_is_a_named_error(function):
    with pytest.raises(scales.EmptyField):
        function([])


def test_variance_divides_by_n_or_for_a_sample_by_n_minus_one():
    assert (scales.variance(fractions(1, 2, 6)), scales.variance(fractions(1, 2, 6), sample=True)) == (
        Fraction(14, 3),
        Fraction(7),
    )


def test_a_single_value_has_no_variance_as_a_sample_either():
    assert scales.variance(fractions(4), sample=True) == 0


@pytest.mark.parametrize(
    ("square", "sign", "digits", "root"),
    [
        (Fraction(2), 1, 4, Fraction("1.4142")),
        (Fraction(3), -1, 2, Fraction("-1.73")),
        (Fraction(1, 4), 1, 0, Fraction(1)),  # a root on the half goes away from zero
        (Fraction(1, 4), -1, 0, Fraction(-1)),
        (Fraction(9, 4), 1, 1, Fraction("1.5")),
        (Fraction(0), 1, 3, Fraction(0)),
        (Fraction(24, 100), 1, 0, Fraction(0)),
    ],
)
def test_a_rounded_root_is_decided_by_integers(square, sign, digits, root):
    assert scales.signed_root(square, sign, digits) == root


def test_z_scores_are_rounded_and_zero_for_equal_totals():
    assert scales.z_score(fractions(1, 2, 3)) == (Fraction("-1.2247"), Fraction(0), Fraction("1.2247"))
    assert scales.z_score(fractions(1, 2, 3), sample=True, digits=1) == (-1, 0, 1)
    assert scales.z_score(fractions(7, 7)) == (0, 0)


def test_the_500_scale_has_mean_500_and_deviation_30():
    assert scales.mean_500(fractions(1, 2, 3)) == (463, 500, 537)
    assert scales.mean_500(fractions(4, 4, 4)) == (500, 500, 500)
    assert scales.mean_500(fractions(0, 10), unit=100, digits=1) == (400, 600)


@pytest.mark.parametrize("skill", shizuoka_2007.skills())
def test_published_scores_of_2007_are_on_the_500_scale_up_to_their_rounding(skill):
    """Scores that are on the scale already come back to within the rounding of a point each."""
    scores = [Fraction(row.score) for row in shizuoka_2007.skill(skill)]
    again = scales.mean_500(scores)
    assert max(abs(a - b) for a, b in zip(scores, again, strict=True)) <= 1


def test_percentiles_count_equals_half():
    assert scales.percentile(fractions(10, 20, 20, 40)) == (Fraction(25, 2), 50, 50, Fraction(175, 2))


def test_vote_scores_are_shares_of_the_most_votes():
    # 200,000 and 150,000 votes give 100 and 75 points (korea.people.com.cn, 2022).
    assert scales.share_of_best(fractions(200000, 150000)) == (100, 75)
    assert scales.share_of_best(fractions(3, 1), top=60) == (60, 20)


def test_nobody_shares_a_best_of_zero():
    assert scales.share_of_best(fractions(0, 0)) == (0, 0)
    assert scales.share_of_best(fractions(-5, -1)) == (0, 0)


def test_scales_are_registered_under_the_keys_that_rule_sets_use():
    assert SCALES.keys() == ["mean_500", "median_700", "percentile", "share_of_best", "z_score"]
    assert SCALES.call("share_of_best", fractions(4, 2), params={"top": 10}) == (10, 5)


@given(totals)
def test_no_scale_changes_the_order_of_a_field(values):
    for item in SCALES:
        scaled = item.function(values)
        pairs = sorted(zip(values, scaled, strict=True))
        assert [score for _, score in pairs] == sorted(scaled)


@given(totals, st.randoms())
def test_scales_do_not_depend_on_the_order_of_the_field(values, random):
    shuffled = list(range(len(values)))
    random.shuffle(shuffled)
    for item in SCALES:
        scaled = item.function(values)
        assert item.function([values[i] for i in shuffled]) == tuple(scaled[i] for i in shuffled)


@given(totals, st.integers(1, 5), st.integers(-50, 50))
def test_median_mean_and_z_scales_forget_unit_and_origin(values, factor, shift):
    moved = [factor * value + shift for value in values]
    assert scales.median_700(moved) == scales.median_700(values)
    assert scales.mean_500(moved) == scales.mean_500(values)
    assert scales.z_score(moved) == scales.z_score(values)


def medals(*scores: int, **kwargs: int | None) -> list[str | None]:
    return [medal.award for medal in scales.medals_by_gaps(fractions(*scores), **kwargs)]


@pytest.mark.parametrize("skill", shizuoka_2007.skills())
def test_medals_by_gaps_are_those_of_shizuoka_2007(skill):
    rows = shizuoka_2007.skill(skill)
    found = scales.medals_by_gaps([Fraction(row.score) for row in rows], gap=2, medallion=500)
    assert [medal.award for medal in found] == [row.medal for row in rows]


def test_all_740_published_entries_are_there_and_29_skills_have_ties():
    rows = [row for skill in shizuoka_2007.skills() for row in shizuoka_2007.skill(skill)]
    plain = 0
    for skill in shizuoka_2007.skills():
        awards = [row.medal for row in shizuoka_2007.skill(skill)][:3]
        counts = [row.medal for row in shizuoka_2007.skill(skill)]
        plain += awards == ["gold", "silver", "bronze"] and counts.count("bronze") == 1
    assert (len(rows), len(shizuoka_2007.skills()), 47 - plain) == (740, 47, 29)


def test_two_golds_leave_no_silver():
    assert medals(720, 718, 715, 713, 690) == ["gold", "gold", "bronze", "bronze", None]


def test_three_golds_leave_bronze_only_within_two_of_the_last_gold():
    assert medals(720, 719, 718, 716, 715) == ["gold", "gold", "gold", "bronze", "medallion"]
    assert medals(720, 719, 718, 715) == ["gold", "gold", "gold", "medallion"]


def test_several_silvers_leave_bronze_only_within_two_of_the_last_silver():
    # Skill 18 of 2007: 521 is one below the last silver, 519 three below it though two below the bronze.
    assert medals(535, 524, 523, 522, 522, 521, 521, 519, medallion=500) == [
        "gold",
        "silver",
        "silver",
        "silver",
        "silver",
        "bronze",
        "bronze",
        "medallion",
    ]


def test_a_tie_is_measured_from_the_first_of_its_medal_not_from_neighbour_to_neighbour():
    assert medals(710, 708, 706, 704) == ["gold", "gold", "bronze", "bronze"]


def test_one_silver_gives_bronze_to_the_next_and_who_is_within_the_gap():
    assert medals(730, 720, 710, 708, 707) == ["gold", "silver", "bronze", "bronze", "medallion"]


def test_the_gap_and_the_medallion_line_are_settings():
    assert medals(710, 707, 700, 699, gap=3) == ["gold", "gold", "bronze", "bronze"]
    assert medals(710, 707, 700, 699, 690, gap=0, medallion=None) == ["gold", "silver", "bronze", None, None]
    assert medals(510, 507, 503, 500, 499, gap=0, medallion=500)[3:] == ["medallion", None]


def test_medals_come_back_in_the_order_of_the_scores_with_their_reasons():
    found = scales.medals_by_gaps(fractions(690, 720, 710, 705, 700))
    assert found == (
        scales.GapMedal(None, "scale_below"),
        scales.GapMedal("gold", "gap_leads", Fraction(720)),
        scales.GapMedal("silver", "gap_next", Fraction(710)),
        scales.GapMedal("bronze", "gap_next", Fraction(705)),
        scales.GapMedal("medallion", "scale_reached"),
    )


def test_bronze_after_several_silvers_names_the_last_silver():
    assert scales.medals_by_gaps(fractions(720, 710, 709, 708))[3] == scales.GapMedal(
        "silver", "gap_next", Fraction(710)
    )
    assert scales.medals_by_gaps(fractions(720, 710, 709, 707))[3] == scales.GapMedal(
        "bronze", "gap_to_last", Fraction(709)
    )


def test_small_fields_get_the_medals_there_are():
    assert (medals(), medals(650), medals(650, 640)) == ([], ["gold"], ["gold", "silver"])
