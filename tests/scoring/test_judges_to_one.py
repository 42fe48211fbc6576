"""From several judges to one mark."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from contest.scoring.aggregate import Panel
from contest.scoring.columns import Column
from contest.scoring.registry import METHODS
from tests.scoring.sheets_of_marks import outcome_of, problems, ranks, totals

VECTORS = json.loads((Path(__file__).parent / "cases/rule_vectors.json").read_text(encoding="utf-8"))


def pooled(by, *subjects, less=False, kinds=(), **params):
    """The result for each subject, "!" where the method refuses; None stands for no mark."""
    judges = max(len(marks) for marks in subjects)
    table = np.zeros((judges, len(subjects)), np.int64)
    here = np.zeros(table.shape, bool)
    for column, marks in enumerate(subjects):
        for row, mark in enumerate(marks):
            if mark is not None:
                table[row, column], here[row, column] = int(mark * 1000), True
    flagged = []
    panel = Panel(
        Column(table, 1000, int(abs(table).max())),
        None if here.all() else here,
        less,
        kinds,
        lambda code, mask, **_: flagged.append((code, mask.tolist())),
    )
    result = METHODS.call(by, panel, params=params)
    values = [result.fraction(index) for index in range(len(subjects))]
    return values if not flagged else (values, flagged)


@pytest.mark.parametrize(
    ("by", "params", "wanted"),
    [
        ("mean", {}, Fraction(16, 5)),
        ("sum", {}, Fraction(16)),
        ("median", {}, Fraction(3)),
        ("highest", {}, Fraction(5)),
        ("lowest", {}, Fraction(2)),
        ("trimmed_mean", {}, Fraction(3)),
        ("trimmed_mean", {"low": 2, "high": 0}, Fraction(4)),
        ("trimmed_mean", {"low": 0, "high": 2}, Fraction(7, 3)),
        ("trimmed_mean", {"low": 0, "high": 0}, Fraction(16, 5)),
        ("trimmed_mean", {"low": 2, "high": 2}, Fraction(3)),
        ("trimmed_sum", {}, Fraction(9)),
        ("trimmed_sum", {"low": 1, "high": 2}, Fraction(5)),
    ],
)
def test_five_marks_become_one(by, params, wanted):
    assert pooled(by, [2, 5, 3, 2, 4], **params) == [wanted]


@pytest.mark.parametrize("case", VECTORS["trimmed_mean"]["cases"], ids=lambda case: str(case["scores"]))
def test_published_trimmed_means(case):
    (value,) = pooled("trimmed_mean", case["scores"])
    assert f"{float(value):.3f}" == case["result"]


def test_only_one_of_several_equal_marks_is_dropped():
    assert pooled("trimmed_mean", [9, 9, 9, 1, 1]) == [Fraction(19, 3)]


def test_a_median_of_four_lies_between_the_two_middle_marks():
    assert pooled("median", [1, 2, 5, 9], [1, None, 5, None]) == [Fraction(7, 2), Fraction(3)]


def test_different_numbers_of_judges_give_exact_means():
    assert pooled("mean", [1, 2, 4], [1, 2, None], [5, None, None]) == [
        Fraction(7, 3),
        Fraction(3, 2),
        Fraction(5),
    ]
    assert pooled("trimmed_mean", [1, 2, 4, 9], [1, 2, 4, None]) == [Fraction(3), Fraction(2)]
    assert pooled("highest", [1, None], [None, -3]) == [Fraction(1), Fraction(-3)]
    assert pooled("lowest", [1, None], [None, 3]) == [Fraction(1), Fraction(3)]


@pytest.mark.parametrize(
    ("small", "two", "three"),
    [
        ("mean", Fraction(5), Fraction(6)),
        ("median", Fraction(5), Fraction(4)),
        ("one_each", Fraction(5), Fraction(4)),
    ],
)
def test_small_panels_do_what_is_stated(small, two, three):
    found = pooled(
        "trimmed_mean",
        [1, 9, None, None, None],
        [4, 2, 12, None, None],
        [0, 1, 2, 3, 10],
        least=5,
        small=small,
    )
    assert found == [two, three, Fraction(2)]


def test_a_small_panel_may_still_have_five_judges():
    marks = [1, 2, 3, 9, 10]
    for small, wanted in (("mean", 5), ("median", 3), ("one_each", Fraction(14, 3))):
        assert pooled("trimmed_mean", marks, least=6, small=small) == [wanted]


def test_a_panel_too_small_to_trim_is_refused():
    assert pooled("trimmed_mean", [1, 9, None], [1, 9, 5]) == (
        [None, Fraction(5)],
        [("panel_too_small", [True, False])],
    )
    assert pooled("trimmed_sum", [1, 9, 4], least=4) == ([None], [("panel_too_small", [True])])


def test_agreed_marks_must_be_equal():
    assert pooled("agreed", [7, 7], [7, None]) == [Fraction(7), Fraction(7)]
    assert pooled("agreed", [7, 8], [7, 7]) == ([None, Fraction(7)], [("judges_disagree", [True, False])])


def test_a_majority_is_more_than_half():
    assert pooled("majority", [1, 0, 1], [0, 0, 1]) == [Fraction(1), Fraction(0)]
    assert pooled("majority", [1, 0, None, None], [1, 1, 0, 0]) == (
        [None, None],
        [("no_majority", [True, True])],
    )
    assert pooled("majority", [1, 1, 5, 9], otherwise="lowest") == [Fraction(1)]
    assert pooled("majority", [1, 2, 6], otherwise="highest") == [Fraction(6)]
    assert pooled("majority", [1, 2, 6], otherwise="median") == [Fraction(2)]


def test_kinds_of_seats_are_averaged_apart():
    kinds = ("expert", "expert", "public", "public")
    weights = {"expert": 70, "public": 30}
    assert pooled("by_kind", [90, 80, 60, None], kinds=kinds, weights=weights) == [Fraction(155, 2)]
    values, flagged = pooled("by_kind", [90, 80, None, None], [90, 80, 70, 70], kinds=kinds, weights=weights)
    assert (values, flagged) == ([None, Fraction(161, 2)], [("judge_missing", [True, False])])


def test_placements_of_each_judge_are_added():
    # judge 1: A B C, judge 2: A and B equal, judge 3: C B A
    assert pooled("rank_sum", [9, 8, 1], [8, 8, 2], [7, 5, 3]) == [
        Fraction(11, 2),
        Fraction(11, 2),
        Fraction(7),
    ]
    assert pooled("rank_sum", [9, 8, 1], [8, 8, 2], [7, 5, 3], ties="shared") == [
        Fraction(5),
        Fraction(5),
        Fraction(7),
    ]
    assert pooled("rank_sum", [1, 1], [2, 3], less=True) == [Fraction(2), Fraction(4)]
    assert pooled("rank_sum", [9, 9, 1], [8, 8, 2], [7, 7, 3], low=1, high=1) == [
        Fraction(1),
        Fraction(2),
        Fraction(3),
    ]


def test_the_skating_system_places_by_majorities():
    # Places by five judges: A 1 1 1 3 3, B 2 2 3 1 1, C 3 3 2 2 2. A has a majority of firsts; of the others C has
    # five places of 3 or better only where B already has four of 2 or better.
    assert pooled("majority_places", [1, 1, 1, 3, 3], [2, 2, 3, 1, 1], [3, 3, 2, 2, 2], less=True) == [
        1,
        2,
        3,
    ]
    # Nobody has a majority of firsts; B and C have four places of 2 or better, B's add to 6, C's to 7.
    assert pooled("majority_places", [1, 3, 3, 3, 1], [2, 1, 1, 2, 3], [3, 2, 2, 1, 2], less=True) == [
        3,
        1,
        2,
    ]
    # C has five places of 2 or better, B three: the larger majority comes first although its places add to more.
    assert pooled("majority_places", [3, 3, 1, 3, 1], [1, 1, 3, 2, 3], [2, 2, 2, 1, 2], less=True) == [
        3,
        2,
        1,
    ]
    # Equal in every respect: the place is shared.
    assert pooled("majority_places", [1, 2], [2, 1], [3, 3], less=True) == [1, 1, 3]


def test_pairwise_majorities_count_half_for_a_draw():
    assert pooled("pairwise", [3, 3], [2, 1], [1, 2]) == [Fraction(2), Fraction(1, 2), Fraction(1, 2)]
    assert pooled("pairwise", [1, 1, 2], [2, 2, 1], less=True) == [Fraction(1), Fraction(0)]


@pytest.mark.parametrize("case", VECTORS["judgement_3_judges"]["cases"], ids=lambda case: str(case["scores"]))
def test_published_judgement_marks(case):
    rows = "\n".join(f"A,J{number},{score}" for number, score in enumerate(case["scores"]))
    outcome = outcome_of(
        """
        [[modules]]
        key = "a"
        maximum = 2
        judges = 3
        kind = "judgement"
        method = "mean"
        round = { digits = 2 }
        [[rankings]]
        key = "r"
        show = { digits = 2 }
        """,
        f"entry,judge,mark\n{rows}",
    )
    assert totals(outcome) == {"A": case["mark"] or ""}
    assert problems(outcome) == ([] if case["accept"] else ["spread_exceeded"])


PANEL = """
[[modules]]
key = "a"
maximum = 10
judges = 3
missing_judge = "{}"
method = "{}"
[[rankings]]
key = "r"
"""
THREE_AND_TWO = "entry,judge,mark\nA,J1,6\nA,J2,6\nA,J3,9\nB,J1,6\nB,J2,9"


@pytest.mark.parametrize(
    ("policy", "method", "wanted"),
    [
        ("ignore", "mean", "7.5"),
        ("zero", "mean", "5"),
        ("mean", "mean", "7.5"),
        ("ignore", "sum", "15"),
        ("mean", "sum", "22.5"),
        ("zero", "lowest", "0"),
        ("mean", "median", "7.5"),
    ],
)
def test_a_missing_judge_is_a_stated_policy(policy, method, wanted):
    outcome = outcome_of(PANEL.format(policy, method), THREE_AND_TWO)
    assert totals(outcome)["B"] == wanted
    assert problems(outcome) == []


def test_a_missing_judge_blocks_unless_stated():
    outcome = outcome_of(PANEL.format("block", "mean"), THREE_AND_TWO)
    assert ranks(outcome) == ["1 A 7 total", "- B - blocked"]
    assert problems(outcome) == ["judge_missing"]


def test_without_a_stated_number_the_most_who_marked_anybody_are_expected():
    outcome = outcome_of('[[modules]]\nkey = "a"\nmaximum = 10\n[[rankings]]\nkey = "r"', THREE_AND_TWO)
    assert ranks(outcome) == ["1 A 7 total", "- B - blocked"]


def test_a_void_mark_is_neither_there_nor_missing():
    outcome = outcome_of(PANEL.format("block", "mean"), THREE_AND_TWO + "\nB,J3,void")
    assert ranks(outcome) == ["1 B 7.5 total", "2 A 7 total"]
    assert problems(outcome) == []


def test_more_judges_than_seats_filled_are_owed_zeros():
    outcome = outcome_of(PANEL.format("zero", "mean").replace("judges = 3", "judges = 4"), THREE_AND_TWO)
    assert totals(outcome) == {"A": "5.25", "B": "3.75"}


def test_judges_totals_are_trimmed_where_the_method_stands_on_the_module():
    scheme = """
    [[modules]]
    key = "m"
    maximum = 20
    judges = 4
    method = { by = "trimmed_mean", low = 1, high = 1 }
    [[modules.parts]]
    key = "a"
    maximum = 10
    [[modules.parts]]
    key = "b"
    maximum = 10
    [[rankings]]
    key = "r"
    """
    rows = [("J1", 10, 0), ("J2", 0, 8), ("J3", 5, 4), ("J4", 5, 5)]
    text = "entry,judge,aspect,mark\n" + "\n".join(f"A,{j},a,{a}\nA,{j},b,{b}" for j, a, b in rows)
    # Totals 10, 8, 9, 10: without the lowest and one highest 9 and 10 remain. By aspect it would be 5 + 4.5.
    assert totals(outcome_of(scheme, text)) == {"A": "9.5"}
    by_aspect = scheme.replace("method =", "aspect_method =")
    assert totals(outcome_of(by_aspect, text)) == {"A": "9.5"}
    text = text.replace("A,J1,a,10", "A,J1,a,9")
    assert totals(outcome_of(scheme, text)) == {"A": "9"}
    assert totals(outcome_of(by_aspect, text)) == {"A": "9.5"}


def test_a_judge_who_left_out_an_aspect_has_no_total():
    scheme = """
    [[modules]]
    key = "m"
    judges = 2
    method = "mean"
    [[modules.parts]]
    key = "a"
    maximum = 10
    [[modules.parts]]
    key = "b"
    maximum = 10
    [[rankings]]
    key = "r"
    """
    outcome = outcome_of(scheme, "entry,judge,aspect,mark\nA,J1,a,1\nA,J1,b,2\nA,J2,a,3")
    assert (ranks(outcome), problems(outcome)) == (["- A - blocked"], ["judge_missing"])


def test_only_kinds_of_seats_that_the_rules_name_count():
    scheme = '[[modules]]\nkey = "a"\nmaximum = 30\n{}[[rankings]]\nkey = "r"'
    text = "entry,judge,judge_kind,mark\nU,self,self,30\nU,dept,department,24\nU,J1,,21"
    assert totals(outcome_of(scheme.format(""), text)) == {"U": "21"}
    assert totals(outcome_of(scheme.format('seats = ["department"]\n'), text)) == {"U": "24"}
    assert totals(outcome_of(scheme.format('seats = ["department", "judge"]\n'), text)) == {"U": "22.5"}


def test_placement_methods_leave_out_whoever_did_not_mark():
    # Judge 2 has not marked B, judge 3 nobody but C.
    assert pooled("rank_sum", [9, 8, None], [8, None, None], [7, 9, 5], ties="shared") == [
        Fraction(3),
        Fraction(2),
        Fraction(5),
    ]
    assert pooled("majority_places", [9, 9, None], [8, None, None], [7, 8, 5]) == [1, 3, 2]
    assert pooled("pairwise", [9, 5, None], [8, None, None], [7, 9, 5]) == [
        Fraction(3, 2),
        Fraction(1),
        Fraction(1, 2),
    ]
    assert pooled("pairwise", [9, 8], [None, None], [8, 9], less=True) == [Fraction(1, 2), 0, Fraction(1, 2)]
    assert pooled("majority_places", [9, 9], [None, None]) == [1, 0]


def test_the_skating_system_looks_further_where_majorities_are_equal():
    # Both have two of three places of 2 or better, adding to 3; of the third places A has the better one.
    assert pooled(
        "majority_places", [1, 2, 5], [2, 1, 6], [3, 3, 1], [4, 4, 2], [5, 5, 3], [6, 6, 4], less=True
    )[:2] == [1, 2]
    # Averages count in halves of a place only for sums, never for majorities.
    assert pooled("majority_places", [1, 1, 1], [1, 2, 2], [3, 3, 3], less=True) == [1, 2, 3]


def test_a_refused_method_blocks_only_those_it_refuses():
    values, flagged = pooled("majority", [1, 1, 0], [0, 1, 2], [2, 2, 2])
    assert (values, flagged) == ([Fraction(1), None, Fraction(2)], [("no_majority", [False, True, False])])


@pytest.mark.parametrize("small", ["mean", "median", "one_each"])
def test_small_and_full_panels_may_have_different_denominators(small):
    found = pooled("trimmed_mean", [1, 2, None, None, None, None], [1, 2, 4, 5, 6, 9], least=5, small=small)
    assert found == [Fraction(3, 2), Fraction(17, 4)]


def test_subjects_without_any_mark_are_left_to_the_tally():
    for by in (
        "mean",
        "sum",
        "median",
        "highest",
        "lowest",
        "agreed",
        "majority",
        "trimmed_mean",
        "rank_sum",
    ):
        assert pooled(by, [5, 5, 5], [None, None, None])[0] in (5, 15, 3)


def test_several_marks_are_dropped_for_every_subject_by_itself():
    found = pooled(
        "trimmed_mean", [1, 2, 3, 4, 5, 60], [9, 8, 7, 6, 5, None], [50, 40, 30, None, 20, 10], low=2, high=2
    )
    assert found == [Fraction(7, 2), Fraction(7), Fraction(30)]
    found = pooled("trimmed_sum", [1, 2, 3, 4], [40, 30, 20, None], low=2, high=0)
    assert found == [Fraction(7), Fraction(40)]
    found = pooled("trimmed_sum", [1, 2, 3, 4], [40, 30, 20, None], low=0, high=2)
    assert found == [Fraction(3), Fraction(20)]


def test_a_single_mark_is_a_panel_too_small():
    assert pooled("trimmed_mean", [5, None, None], [1, 2, 3]) == (
        [None, Fraction(2)],
        [("panel_too_small", [True, False])],
    )


def test_subjects_of_different_sizes_below_the_least_panel():
    found = pooled(
        "trimmed_mean", [5, None, None, None], [2, 3, 7, None], [1, 2, 4, 9], least=4, small="one_each"
    )
    assert found == [Fraction(5), Fraction(3), Fraction(3)]


def test_more_judges_than_the_rules_seat_are_noted_and_count():
    scheme = """
    [[modules]]
    key = "a"
    maximum = 10
    judges = 2
    [[rankings]]
    key = "r"
    """
    outcome = outcome_of(scheme, "entry,judge,mark\nA,J1,5\nA,J2,6\nA,J3,10\nB,J1,5\nB,J2,6\n")
    (told,) = outcome.problems
    assert (told.code, told.severity, told.params["subjects"]) == ("judge_extra", "note", ("A",))
    assert totals(outcome) == {"A": "7", "B": "5.5"}
    assert outcome_of(scheme, "entry,judge,mark\nA,J1,5\nA,J2,6\n").problems == ()
    assert outcome_of(scheme.replace("judges = 2", ""), "entry,judge,mark\nA,J1,5\nA,J2,6\n").problems == ()
