"""Keys of an order that look at single judges, attempts or rounds, and conversions over a field: worked by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.scoring.compute import compute
from contest.scoring.field import Mark, Seat, Subject, field_of
from tests.scoring.sheets_of_marks import outcome_of, ranks, rules_of

PANEL = """
[[modules]]
key = "a"
maximum = 100
method = "mean"
{less}
[[rankings]]
key = "r"
{down}
order = ["total", {key}]
"""
MARKS = {"A": (50, 70, 60), "B": (80, 40, 60), "C": (60, 60, 60)}
"""Marks of j1, j2, j3; every mean is 60."""


def panel_of(key, marks=MARKS, less=False, status=None):
    rules = rules_of(
        PANEL.format(key=key, less="less = true" if less else "", down="less = true" if less else "")
    )
    rows = [
        Mark(entry, f"j{judge}", "a", milli * 1000)
        for entry, given_ in marks.items()
        for judge, milli in enumerate(given_, 1)
        if milli is not None
    ]
    subjects = [Subject(entry, (status or {}).get(entry, "present")) for entry in marks]
    return ranks(compute(rules, field_of(rules, subjects, rows)))


@pytest.mark.parametrize(
    ("key", "less", "wanted"),
    [
        (
            '"best_mark"',
            False,
            ["1 B 60 best_mark:total", "2 A 60 best_mark:total", "3 C 60 best_mark:total"],
        ),
        ('"best_mark"', True, ["1 B 60 best_mark:total", "2 A 60 best_mark:total", "3 C 60 best_mark:total"]),
        (
            '{ by = "best_mark", node = "a", less = "yes" }',
            False,
            ["1 B 60 best_mark:a", "2 A 60 best_mark:a", "3 C 60 best_mark:a"],
        ),
        (
            '{ by = "judge_mark", judge = "j2" }',
            False,
            ["1 A 60 judge_mark:j2", "2 C 60 judge_mark:j2", "3 B 60 judge_mark:j2"],
        ),
        (
            '{ by = "judge_mark", judge = "j2" }',
            True,
            ["1 B 60 judge_mark:j2", "2 C 60 judge_mark:j2", "3 A 60 judge_mark:j2"],
        ),
        (
            '{ by = "judge_mark", judge = "j1", node = "a", less = "yes" }',
            False,
            ["1 A 60 judge_mark:j1", "2 C 60 judge_mark:j1", "3 B 60 judge_mark:j1"],
        ),
        (
            '{ by = "judge_mark", judge = "nobody" }, { by = "judge_mark", judge = "j3" }',
            False,
            ["1 A 60 shared", "1 B 60 shared", "1 C 60 shared"],
        ),
        (
            '{ by = "count_back", of = "judges" }',
            False,
            ["1 B 60 count_back:1", "2 A 60 count_back:1", "3 C 60 count_back:1"],
        ),
        (
            '{ by = "count_back", of = "judges" }',
            True,
            ["1 B 60 count_back:1", "2 A 60 count_back:1", "3 C 60 count_back:1"],
        ),
    ],
)
def test_a_judges_mark_decides_among_equal_totals(key, less, wanted):
    assert panel_of(key, less=less) == wanted


def test_first_places_count_shared_ones_and_leave_out_who_is_not_official():
    # j1 and j3 place A first, j2 B and C together; D would be first with all three but is unofficial.
    marks = {"A": (90, 30, 60), "B": (60, 70, 50), "C": (55, 70, 55), "D": (99, 99, 99)}
    assert panel_of('"first_places"', marks, status={"D": "unofficial"}) == [
        "1 A 60 first_places",
        "2 B 60 shared",
        "2 C 60 shared",
        "- D 99 unofficial",
    ]


def test_the_second_best_mark_decides_where_the_best_is_equal():
    marks = {"A": (80, 50, 50), "B": (80, 60, 40), "C": (80, 55, 45)}
    assert panel_of('{ by = "count_back", of = "judges" }', marks) == [
        "1 B 60 count_back:2",
        "2 C 60 count_back:2",
        "3 A 60 count_back:2",
    ]
    assert panel_of('{ by = "count_back", of = "judges", most = 1 }', marks) == [
        "1 A 60 shared",
        "1 B 60 shared",
        "1 C 60 shared",
    ]


RUNS = """
total = { rounds = "sum" }
[[modules]]
key = "a"
maximum = 100
attempts = "best"
[[modules]]
key = "b"
maximum = 100
[[rounds]]
key = "1"
[[rounds]]
key = "2"
[[rankings]]
key = "r"
order = ["total", %s]
"""
ROWS = """entry,aspect,round,attempt,mark
A,a,1,1,50
A,a,1,2,40
A,b,1,,10
A,a,2,1,30
A,b,2,,10
B,a,1,1,50
B,a,1,2,45
B,b,1,,0
B,a,2,1,30
B,b,2,,20
C,a,1,1,20
C,b,1,,0
C,a,2,1,60
C,a,2,2,10
C,b,2,,20"""
"""Rounds: A 60 + 40, B 50 + 50, C 20 + 80; every total is 100."""


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ('"count_back"', ["C count_back:1", "A count_back:1", "B count_back:1"]),
        ('{ by = "count_back", of = "places" }', ["A shared", "C shared", "B count_back:1"]),
        (
            '{ by = "count_back", of = "attempts", node = "a" }',
            ["C count_back:1", "B count_back:2", "A count_back:2"],
        ),
        ('{ by = "first_places", of = "rounds" }', ["A shared", "C shared", "B first_places"]),
        ('{ by = "attempts", node = "a" }', ["C a:best", "A shared", "B shared"]),
        (
            '{ by = "attempts", node = "a", rollup = "sum" }',
            ["B a:sum", "A a:sum", "C a:sum"],
        ),
        (
            '{ by = "attempts", node = "a", rollup = "sum", round = "2" }',
            ["C a:sum", "A shared", "B shared"],
        ),
        (
            '{ by = "attempts", node = "a", rollup = "last", less = "yes" }',
            ["C a:last", "A a:last", "B a:last"],
        ),
        ('{ by = "attempts", node = "b" }', ["A shared", "B shared", "C shared"]),
        ('{ by = "round", round = "last" }', ["C round:last", "B round:last", "A round:last"]),
        ('{ by = "round", round = "1", less = "yes" }', ["C round:1", "B round:1", "A round:1"]),
        ('{ by = "node", node = "b", round = "2" }, "reached"', ["B shared", "C shared", "A b"]),
        ('"modules"', ["A shared", "B shared", "C shared"]),
        ('{ by = "modules", modules = ["b"] }', ["A shared", "B shared", "C shared"]),
    ],
)
def test_rounds_and_attempts_decide_among_equal_totals(key, wanted):
    found = [line.split(" ") for line in ranks(outcome_of(RUNS % key, ROWS))]
    assert [f"{subject} {decided}" for _, subject, _, decided in found] == wanted


def test_in_one_round_only_that_round_is_looked_at():
    outcome = outcome_of(RUNS % '{ by = "count_back", of = "attempts", node = "a" }', ROWS)
    assert [(row.subject, row.decided_by) for row in outcome.rounds["r", "2"].rows] == [
        ("C", "total"),
        ("B", "total"),
        ("A", "total"),
    ]
    tied = ROWS.replace("B,b,2,,20", "B,b,2,,50")
    outcome = outcome_of(RUNS % '{ by = "attempts", node = "a", rollup = "last" }', tied)
    assert [(row.subject, row.decided_by) for row in outcome.rounds["r", "2"].rows] == [
        ("B", "a:last"),
        ("C", "a:last"),
        ("A", "total"),
    ]


FIELD = """
{inputs}
[[modules]]
key = "a"
maximum = 100
{less}
convert = {convert}
[[rankings]]
key = "r"
"""


def converted(convert, text, less=False, inputs=""):
    toml = FIELD.format(convert=convert, less="less = true" if less else "", inputs=inputs)
    outcome = outcome_of(toml, text)
    return {row.subject: row.total for row in outcome.rankings["r"].rows}


TEXT = "entry,aspect,mark,status,group\nA,a,50,,x\nB,a,80,,x\nC,a,80,,y\nD,a,20,,y\nE,a,90,unofficial,x\nF,a,0,,y"


@pytest.mark.parametrize(
    ("convert", "less", "wanted"),
    [
        ('"place"', False, (3, 1, 1, 4, None, 5)),
        ('"place"', True, (3, 4, 4, 2, None, 1)),
        ('{ by = "place", ties = "dense" }', False, (2, 1, 1, 3, None, 4)),
        ('{ by = "place", ties = "average" }', False, (3, "3/2", "3/2", 4, None, 5)),
        ('{ by = "place", within = "group" }', False, (2, 1, 1, 2, None, 3)),
        ('{ by = "points_by_place", points = [10, 6, 3] }', False, (3, 10, 10, 0, None, 0)),
        ('{ by = "points_by_place", points = [10, 6, 3], rest = 1 }', False, (3, 10, 10, 1, None, 1)),
        (
            '{ by = "points_by_place", points = [10, 6], rest = "1/3", ties = "average" }',
            False,
            ("1/3", 8, 8, "1/3", None, "1/3"),
        ),
        ('{ by = "points_by_place", points = [10, 6], within = "group" }', False, (6, 10, 10, 6, None, 0)),
        ('"share_of_best"', False, ("125/2", 100, 100, 25, "225/2", 0)),
        ('{ by = "share_of_best", top = 40 }', False, (25, 40, 40, 10, 45, 0)),
        ('{ by = "share_of_best", within = "group" }', False, ("125/2", 100, 100, 25, "225/2", 0)),
    ],
)
def test_values_are_compared_with_those_who_take_part(convert, less, wanted):
    found = converted(convert, TEXT, less)
    values = [None if one is None else Fraction(one) for one in wanted]
    assert [found[key] for key in "ABCDEF"] == values


def test_where_less_is_better_the_best_is_divided_by_the_value():
    text = "entry,aspect,mark\nA,a,20\nB,a,50\nC,a,80"
    assert converted('"share_of_best"', text, less=True) == {"A": 100, "B": 40, "C": 25}
    assert converted('{ by = "share_of_best", top = 7 }', text.replace("20", "0"), less=True) == {
        "A": 7,
        "B": 0,
        "C": 0,
    }
    assert converted('"share_of_best"', "entry,aspect,mark\nA,a,0\nB,a,0") == {"A": 0, "B": 0}


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6))
def test_a_scale_is_taken_over_those_who_take_part(marks):
    rows = [f"e{place},a,{mark},," for place, mark in enumerate(marks)]
    text = "\n".join(["entry,aspect,mark,status,group", *rows, "out,a,100,unofficial,"])
    found = converted('{ by = "scale", scale = "share_of_best", params = { top = 1000 } }', text)
    best = max(marks)
    wanted = {
        f"e{place}": Fraction(mark * 1000, best) if best else Fraction(0) for place, mark in enumerate(marks)
    }
    assert found == {**wanted, "out": None}


def test_nobody_on_a_scale_stays_nobody():
    text = "entry,aspect,mark,status\nA,a,absent,\nB,a,50,unofficial"
    assert converted('{ by = "scale", scale = "share_of_best" }', text) == {"A": None, "B": Fraction(50)}


KINDS_ = """
[[modules]]
key = "a"
maximum = 100
seats = ["judge", "public"]
missing_judge = "ignore"
method = %s
[[rankings]]
key = "r"
"""


@pytest.mark.parametrize(
    ("method", "wanted"),
    [
        (
            '{ by = "by_kind", weights = { judge = 70, public = 30 } }',
            {"A": "65", "B": "blocked", "C": "incomplete"},
        ),
        ('{ by = "by_kind", weights = { judge = 100 } }', {"A": "50", "B": "70", "C": "incomplete"}),
    ],
)
def test_each_kind_of_seat_has_its_share_and_must_have_marked(method, wanted):
    rules = rules_of(KINDS_ % method)
    seats = [Seat("j1"), Seat("j2"), Seat("p1", "public"), Seat("p2", "public")]
    rows = [
        Mark("A", "j1", "a", 40_000),
        Mark("A", "j2", "a", 60_000),
        Mark("A", "p1", "a", 100_000),
        Mark("B", "j1", "a", 70_000),
    ]
    field = field_of(rules, [Subject(key) for key in "ABC"], rows, seats=seats)
    outcome = compute(rules, field)
    assert {row.subject: row.shown or row.status for row in outcome.rankings["r"].rows} == wanted
    told = [(one.code, one.params["expected"]) for one in outcome.problems if one.code == "judge_missing"]
    assert told == ([("judge_missing", 2)] if wanted["B"] == "blocked" else [])
