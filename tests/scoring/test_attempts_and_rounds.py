"""Attempts, rounds, members and parts → one; what is missing or invalid is always a stated choice."""

from fractions import Fraction

import numpy as np
import pytest

from contest.scoring.columns import Column
from contest.scoring.numbers import ABSENT, NO_MARK, VOID
from contest.scoring.registry import ROLLUPS
from contest.scoring.rollups import Stack
from tests.scoring.sheets_of_marks import outcome_of, problems, ranks, totals

WORDS = {"-": NO_MARK, "a": ABSENT, "v": VOID}
STATES = {1: "absent", 2: "void", 3: "no result", 4: "not marked", 5: "blocked"}


def rolled(by, items, of="attempts", less=False, keys=(), own=(), **params):
    """One subject's items rolled up: a number, or the state as a word. "-" missing, "a" absent, "v" void."""
    num = np.array([[0 if item in WORDS else int(item * 1000)] for item in items], np.int64)
    state = np.array([[WORDS.get(item, 0)] for item in items], np.int8)
    column = Column(num, 1000, int(abs(num).max()), state if state.any() else None)
    result = ROLLUPS.call(by, Stack(column, of, less, keys, own), params=params)
    exact = result.fraction(0)
    return STATES[int(result.states()[0])] if exact is None else exact


@pytest.mark.parametrize(
    ("by", "params", "wanted"),
    [
        ("sum", {}, 18),
        ("mean", {}, 6),
        ("median", {}, 5),
        ("best", {}, 11),
        ("best", {"n": 2}, 16),
        ("best", {"n": 2, "take": "mean"}, 8),
        ("best", {"drop": 2}, 11),
        ("best", {"drop": 1, "take": "mean"}, 8),
        ("best", {"drop": 9}, 11),
        ("best", {"n": 9}, 18),
        ("worst", {}, 2),
        ("first", {}, 5),
        ("last", {}, 11),
        ("trimmed_mean", {}, 5),
        ("trimmed_mean", {"low": 1, "high": 0}, 8),
        ("product", {}, 110),
        ("count", {}, 3),
        ("weighted", {"weights": {"1": 50, "2": 25, "3": 25}}, Fraction(23, 4)),
    ],
)
def test_three_items_become_one(by, params, wanted):
    assert rolled(by, [5, 2, 11], **params) == wanted


@pytest.mark.parametrize(
    ("by", "params", "wanted"),
    [
        ("best", {}, 2),
        ("best", {"n": 2}, 7),
        ("worst", {}, 11),
        ("trimmed_mean", {"low": 0, "high": 1}, Fraction(7, 2)),
    ],
)
def test_less_may_be_better(by, params, wanted):
    assert rolled(by, [5, 2, 11], less=True, **params) == wanted


@pytest.mark.parametrize(
    ("by", "params", "wanted"),
    [
        ("best", {}, 5),
        ("best", {"least": 2}, "no result"),
        ("worst", {}, 5),
        ("last", {}, 5),
        ("first", {}, 5),
        ("count", {}, 1),
        ("sum", {}, "no result"),
        ("mean", {}, "no result"),
        ("sum", {"missing": "skip", "invalid": "skip"}, 5),
        ("mean", {"missing": "zero", "invalid": "skip"}, Fraction(5, 2)),
        ("mean", {"missing": "zero", "invalid": "zero"}, Fraction(5, 3)),
        ("sum", {"missing": "block", "invalid": "skip"}, "not marked"),
        ("sum", {"missing": "skip", "invalid": "fail"}, "no result"),
        ("best", {"missing": "fail"}, "no result"),
        ("median", {"missing": "zero", "invalid": "skip"}, Fraction(5, 2)),
        ("product", {"missing": "skip", "invalid": "zero"}, 0),
    ],
)
def test_missing_and_invalid_items_are_a_stated_choice(by, params, wanted):
    assert rolled(by, ["-", 5, "v"], **params) == wanted


def test_what_needs_every_item_blocks_between_rounds_and_fails_between_attempts():
    for of, wanted in (
        ("attempts", "no result"),
        ("rounds", "not marked"),
        ("members", "not marked"),
        ("parts", "not marked"),
    ):
        assert rolled("sum", [5, "-"], of=of) == wanted
        assert rolled("best", [5, "-"], of=of) == 5


def test_the_reason_of_nothing_at_all_is_kept():
    assert rolled("best", ["-", "-"]) == "not marked"
    assert rolled("best", ["a", "-"]) == "absent"
    assert rolled("best", ["a", "a"]) == "absent"
    assert rolled("best", ["a", "v"]) == "no result"


def test_fewer_items_than_there_should_be_are_missing():
    assert rolled("mean", [4, 8], count=3) == "no result"
    assert rolled("mean", [4, 8], count=3, missing="zero") == 4
    assert rolled("mean", [4, 8], count=2) == 6
    assert rolled("best", [4, 8], count=5) == 8


def test_a_bad_attempt_is_the_first_to_be_trimmed():
    average_of_five = {"low": 1, "high": 1, "count": 5, "invalid": "worst", "missing": "fail"}
    assert rolled("trimmed_mean", [9, 10, 11, 12, 30], less=True, **average_of_five) == 11
    assert rolled("trimmed_mean", [9, 10, 11, 12, "v"], less=True, **average_of_five) == 11
    assert rolled("trimmed_mean", [9, 10, "v", 12, "a"], less=True, **average_of_five) == "no result"
    assert rolled("trimmed_mean", [9, 10, 11, 12, "-"], less=True, **average_of_five) == "no result"
    assert rolled("trimmed_mean", [9, 10, 11, 12, "v"], **average_of_five) == 10
    assert rolled("trimmed_mean", [9, 12], low=1, high=1) == "no result"


def test_percents_come_from_the_parameters_or_from_the_items():
    assert rolled("weighted", [10, 20], keys=("a", "b"), own=(Fraction(40), Fraction(60))) == 16
    assert rolled("weighted", [10, 20], keys=("a", "b"), weights={"a": 75, "b": 25}) == Fraction(25, 2)


ATTEMPTS = """
[[modules]]
key = "run"
maximum = 100
judges = 2
{}
[[rankings]]
key = "r"
"""
RUNS = "entry,attempt,judge,mark\nA,1,J1,60\nA,1,J2,70\nA,2,J1,\nA,2,J2,\nB,1,J1,50\nB,1,J2,50\nB,2,J1,80\nB,2,J2,81"


def test_a_run_without_marks_is_no_run():
    outcome = outcome_of(ATTEMPTS.format('attempts = "best"'), RUNS)
    assert ranks(outcome) == ["1 B 80.5 total", "2 A 65 total"]
    assert problems(outcome) == []


def test_a_run_marked_by_one_of_two_judges_is_a_problem():
    outcome = outcome_of(ATTEMPTS.format('attempts = "best"'), RUNS.replace("A,2,J1,\n", "A,2,J1,99\n"))
    assert ranks(outcome) == ["1 B 80.5 total", "- A - blocked"]
    assert problems(outcome) == ["judge_missing"]


def test_several_attempts_without_a_rule_are_reported():
    outcome = outcome_of(ATTEMPTS.format(""), RUNS)
    assert problems(outcome) == ["attempts_unstated"]
    assert outcome.problems[0].params["subjects"] == ("B",)


def test_attempts_are_rounded_one_by_one_where_the_rules_say_so():
    rules = 'attempts = "sum"\nround_each = { digits = 0 }'
    outcome = outcome_of(ATTEMPTS.format(rules), RUNS.replace("A,2,J1,\nA,2,J2,\n", "A,2,J1,10\nA,2,J2,11\n"))
    assert totals(outcome) == {"A": "76", "B": "131"}


def test_attempts_of_whole_sheets_are_combined_above_their_aspects():
    scheme = """
    [[modules]]
    key = "jump"
    attempts = "best"
    [[modules.parts]]
    key = "height"
    maximum = 10
    [[modules.parts]]
    key = "style"
    maximum = 10
    [[rankings]]
    key = "r"
    """
    text = "entry,attempt,aspect,mark\nA,1,height,9\nA,1,style,2\nA,2,height,4\nA,2,style,8"
    assert totals(outcome_of(scheme, text)) == {"A": "12"}


ROUNDS = """
total = {{ rounds = {} }}
[[modules]]
key = "a"
maximum = 100
[[rounds]]
key = "1"
weight = 40
{}
[[rounds]]
key = "2"
weight = 60
[[rankings]]
key = "r"
order = [{}]
"""
TWO = "entry,round,mark\nA,1,50\nB,1,60\nC,1,70\nD,1,60\nA,2,90\nB,2,20"


def test_rounds_are_added_and_a_missing_round_is_not_a_zero():
    outcome = outcome_of(ROUNDS.format('"sum"', "", '"total"'), TWO)
    assert ranks(outcome) == ["1 A 140 total", "2 B 80 total", "- C - incomplete", "- D - incomplete"]


def test_rounds_by_percents():
    outcome = outcome_of(ROUNDS.format('"weighted"', "", '"total"'), TWO + "\nC,2,0\nD,2,0")
    assert totals(outcome) == {"A": "74", "B": "36", "C": "28", "D": "24"}


def test_finalists_come_before_all_others():
    outcome = outcome_of(ROUNDS.format('"last"', "advance = { first = 2 }", '"reached", "total"'), TWO)
    assert ranks(outcome) == ["1 A 90 total", "2 B 20 total", "3 C 70 total", "4 D 60 total"]


def test_everyone_tied_at_a_cut_line_goes_on():
    outcome = outcome_of(ROUNDS.format('"last"', "advance = { first = 2 }", '"total"'), TWO)
    assert outcome.rounds["r", "1"].advancing == {"B", "C", "D"}
    note = next(problem for problem in outcome.problems if problem.code == "not_advanced")
    assert (note.severity, note.params["subjects"]) == ("note", ("A",))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("{ first = 1 }", {"C"}),
        ("{ first = 3 }", {"B", "C", "D"}),
        ("{ first = 9 }", {"A", "B", "C", "D"}),
        ('{ share = "1/4" }', {"C"}),
        ('{ share = "0.3" }', {"B", "C", "D"}),
        ('{ share = "0.3", share_rounding = "down" }', {"C"}),
        ('{ share = "0.3", share_rounding = "half_up" }', {"C"}),
        ("{ score = 60 }", {"B", "C", "D"}),
        ('{ score = "60.1" }', {"C"}),
    ],
)
def test_cut_lines_by_number_share_or_score(line, wanted):
    outcome = outcome_of(ROUNDS.format('"last"', f"advance = {line}", '"total"'), TWO)
    assert outcome.rounds["r", "1"].advancing == wanted


def test_rounds_have_lists_of_their_own():
    outcome = outcome_of(ROUNDS.format('"sum"', "", '"total"'), TWO)
    rows = outcome.rounds["r", "1"].rows
    assert [(row.shown_rank, row.subject, row.shown, row.decided_by) for row in rows] == [
        ("1", "C", "70", "total"),
        ("2", "B", "60", "shared"),
        ("2", "D", "60", "shared"),
        ("4", "A", "50", "total"),
    ]


CARRIED = """
total = { rounds = "last" }
[[modules]]
key = "theory"
maximum = 100
gate = 60
[[modules]]
key = "practice"
maximum = 100
[[rounds]]
key = "preliminary"
modules = ["theory"]
advance = { first = 2 }
[[rounds]]
key = "final"
modules = ["practice"]
carry = { theory = "preliminary" }
weights = { theory = 25, practice = 75 }
[[rankings]]
key = "r"
order = ["reached", "total"]
"""


def test_theory_is_carried_into_the_final_by_its_own_weight():
    text = (
        "entry,round,aspect,mark\nA,preliminary,theory,80\nB,preliminary,theory,59\nC,preliminary,theory,50"
    )
    outcome = outcome_of(CARRIED, text + "\nA,final,practice,60\nB,final,practice,90")
    assert ranks(outcome) == ["1 B 82.25 total", "2 A 65 total", "3 C 50 reached"]
    assert [row.gates_failed for row in outcome.rankings["r"].rows] == [("theory",), (), ("theory",)]
    assert problems(outcome) == []


def test_a_round_is_rounded_and_multiplied_as_it_says():
    scheme = """
    total = { rounds = "sum" }
    inputs = [ { name = "difficulty", decimals = 1 } ]
    [[modules]]
    key = "a"
    maximum = 100
    [[rounds]]
    key = "1"
    times = ["difficulty"]
    round = { digits = 0 }
    [[rounds]]
    key = "2"
    [[rankings]]
    key = "r"
    """
    text = "entry,round,difficulty,mark\nA,1,1.5,3\nA,2,,10"
    assert totals(outcome_of(scheme, text)) == {"A": "15"}


MONTHS = """
total = {{ rounds = {{ by = "mean", invalid = "{}" }} }}
[[modules]]
key = "quality"
maximum = 50
seats = ["review"]
[[modules]]
key = "safety"
maximum = 50
[[modules.parts]]
key = "kept"
maximum = 50
seats = ["review"]
[[modules.parts]]
key = "accident"
kind = {{ by = "knockout", effect = "{}" }}
[[rounds]]
key = "01"
[[rounds]]
key = "02"
[[rankings]]
key = "r"
"""
REVIEWS = "entry,round,judge,judge_kind,aspect,mark\n" + "".join(
    f"{unit},{month},{kind},{kind},{aspect},{mark}\n"
    for unit, month, marks in (
        ("U", "01", (40, 50)),
        ("U", "02", (44, 46)),
        ("V", "01", (30, 30)),
        ("V", "02", (50, 50)),
    )
    for aspect, mark in zip(("quality", "kept"), marks, strict=True)
    for kind in ("self", "review")
)
REVIEWS = (
    REVIEWS.replace("self,quality,40", "self,quality,50")
    + "U,02,judge,judge,accident,1\nV,02,judge,judge,accident,0\n"
)


@pytest.mark.parametrize(
    ("invalid", "effect", "wanted"),
    [
        ("zero", "out_of_round", ["1 V 80 total", "2 U 45 total"]),
        ("skip", "out_of_round", ["1 U 90 total", "2 V 80 total"]),
        ("fail", "out_of_round", ["1 V 80 total", "- U - no_result"]),
        ("zero", "out", ["1 V 80 total", "- U - knocked_out"]),
        ("zero", "zero", ["1 V 80 total", "2 U 67 total"]),
    ],
)
def test_an_accident_takes_a_unit_out_of_the_month_or_of_the_year(invalid, effect, wanted):
    outcome = outcome_of(MONTHS.format(invalid, effect), REVIEWS)
    assert ranks(outcome) == wanted
    month = {row.subject: (row.shown, row.status) for row in outcome.rounds["r", "02"].rows}
    assert month == {
        "V": ("100", "present"),
        "U": ("44", "present") if effect == "zero" else ("", "knocked_out"),
    }
    assert problems(outcome) == []


def test_last_and_first_by_stated_choices():
    assert rolled("last", [5, "-"], missing="fail") == "no result"
    assert rolled("last", [5, "v"], invalid="fail") == "no result"
    assert rolled("first", ["v", 5], invalid="zero") == 0
    assert rolled("last", [5, "-"], missing="zero") == 0
    assert rolled("worst", ["-", "-"], missing="skip") == "not marked"
    assert rolled("sum", ["-", 7, "-"], missing="skip") == 7


def test_a_cut_line_by_score_where_less_is_better():
    scheme = ROUNDS.format('"last"', "advance = { score = 60 }", '"total"') + "less = true"
    assert outcome_of(scheme, TWO).rounds["r", "1"].advancing == {"A", "B", "D"}


def test_nobody_goes_on_where_the_share_is_nothing():
    assert (
        outcome_of(ROUNDS.format('"last"', "advance = { share = 0 }", '"total"'), TWO)
        .rounds["r", "1"]
        .advancing
        == frozenset()
    )
    tied_exactly = outcome_of(ROUNDS.format('"last"', "advance = { first = 3 }", '"total"'), TWO)
    assert tied_exactly.rounds["r", "1"].advancing == {"B", "C", "D"}
