"""Comparison inside rooms, heats and panels; points for a round's place; a judge's places as points; members who rest."""

from fractions import Fraction

import pytest

from contest.scoring.checks import validate
from contest.scoring.rules import RuleSet
from tests.scoring.sheets_of_marks import outcome_of, problems


def totals(outcome, ranking="r"):
    """Subject → exact total, of those who have one."""
    return {row.subject: row.total for row in outcome.rankings[ranking].rows if row.total is not None}


RACE = """
inputs = [ { name = "heat", decimals = 0 } ]
[[modules]]
key = "race"
kind = "time"
less = true
convert = CONVERT
[[rankings]]
key = "r"
less = LESS
"""
HEATS = "entry,mark,heat\nA,10,1\nB,12,1\nC,12,1\nD,11,2\nE,20,2\n"


def race(convert, less="false"):
    return RACE.replace("CONVERT", convert).replace("LESS", less)


@pytest.mark.parametrize(
    ("convert", "less", "expected"),
    [
        ('{ by = "place", within = "heat" }', "true", {"A": 1, "B": 2, "C": 2, "D": 1, "E": 2}),
        ('{ by = "place", ties = "average", within = "heat" }', "true", {"A": 1, "B": "5/2", "C": "5/2", "D": 1, "E": 2}),
        ('{ by = "points_by_place", points = [5, 3, 2], within = "heat" }', "false", {"A": 5, "B": 3, "C": 3, "D": 5, "E": 3}),
        (
            '{ by = "points_by_place", points = [5, 3, 2], ties = "average", within = "heat" }',
            "false",
            {"A": 5, "B": "5/2", "C": "5/2", "D": 5, "E": 3},
        ),
        ('{ by = "share_of_best", within = "heat" }', "false", {"A": 100, "B": "250/3", "C": "250/3", "D": 100, "E": 55}),
        (
            '{ by = "formula", formula = "value - best + overall_best", within = "heat" }',
            "true",
            {"A": 10, "B": 12, "C": 12, "D": 10, "E": 19},
        ),
    ],
)  # fmt: skip
def test_a_conversion_compares_inside_the_groups_it_names(convert, less, expected):
    outcome = outcome_of(race(convert, less), HEATS)
    assert totals(outcome) == {key: Fraction(value) for key, value in expected.items()}
    assert problems(outcome) == []


def test_marks_of_two_rooms_are_brought_to_the_mean_of_all():
    scheme = """
    filters = [ { name = "room" } ]
    [[modules]]
    key = "interview"
    maximum = 100
    convert = { by = "formula", formula = "value * overall_mean / mean", within = "room" }
    [[rankings]]
    key = "r"
    """
    outcome = outcome_of(scheme, "entry,mark,room\nA,90,x\nB,70,x\nC,60,y\nD,40,y\n")
    assert totals(outcome) == {
        "A": Fraction(90 * 65, 80),
        "B": Fraction(70 * 65, 80),
        "C": Fraction(60 * 65, 50),
        "D": Fraction(40 * 65, 50),
    }


def test_who_has_no_group_is_named_and_blocks_only_itself():
    outcome = outcome_of(race('{ by = "place", within = "heat" }', "true"), HEATS + "F,9,\n")
    assert totals(outcome) == {"A": 1, "B": 2, "C": 2, "D": 1, "E": 2}
    assert problems(outcome) == ["input_missing"]


def test_unofficial_entries_take_no_place_in_their_group():
    scheme = race('{ by = "place", within = "heat" }', "true")
    outcome = outcome_of(scheme, "entry,mark,heat,status\nA,10,1,unofficial\nB,12,1,\nD,11,2,\n")
    assert {row.subject: row.total for row in outcome.rankings["r"].rows if row.rank} == {"B": 1, "D": 1}


def test_a_group_that_nothing_declares_is_refused():
    rules = RuleSet.from_toml(race('{ by = "place", within = "lane" }'))
    assert [problem.code for problem in validate(rules)] == ["unknown_column"]


ROOMS = """
members = { minimum = 2, maximum = 2 }
inputs = [ { name = "room", decimals = 0 } ]
total = { rounds = "sum" }
[[modules]]
key = "speech"
maximum = 100
per = "member"
[[rounds]]
key = "1"
convert = { by = "points_by_place", points = [3, 2, 1, 0], within = "room" }
[[rounds]]
key = "2"
convert = { by = "points_by_place", points = [3, 2, 1, 0], within = "room" }
[[rankings]]
key = "r"
order = ["total", { by = "node", node = "speech" }]
"""


def test_a_round_gives_points_by_the_place_in_its_room_and_speeches_break_ties():
    text = "entry,member,round,room,mark\n"
    one = "1"
    for round_, rooms in ((one, {"A": 1, "B": 1, "C": 2, "D": 2}), ("2", {"A": 1, "C": 1, "B": 2, "D": 2})):
        for place, (team, room) in enumerate(rooms.items()):
            for person in "xy":
                text += f"{team},{team}{person},{round_},{room},{80 - (6 if round_ == one else 5) * place}\n"
    outcome = outcome_of(ROOMS, text)
    assert totals(outcome) == {"A": 6, "C": 5, "B": 5, "D": 4}
    assert {row.subject: row.decided_by for row in outcome.rankings["r"].rows}["B"] == "speech"
    told = outcome.explain("r", "A").text("en")
    assert "Points by place" in told
    assert "80" in told


def test_a_round_whose_smaller_result_is_better_says_so():
    scheme = """
    total = { rounds = "sum" }
    [[modules]]
    key = "lap"
    kind = "time"
    less = true
    [[rounds]]
    key = "1"
    less = true
    convert = { by = "points_by_place", points = [10, 6] }
    [[rounds]]
    key = "2"
    convert = { by = "points_by_place", points = [10, 6] }
    [[rankings]]
    key = "r"
    """
    outcome = outcome_of(scheme, "entry,round,mark\nA,1,50\nB,1,60\nA,2,50\nB,2,60\n")
    assert totals(outcome) == {"A": 16, "B": 16}
    assert {key: row.total for key, one in outcome.rounds.items() for row in one.rows if row.subject == "A"} == {
        ("r", "1"): 10,
        ("r", "2"): 6,
    }  # fmt: skip


def test_a_ranking_may_make_one_of_the_rounds_in_its_own_way():
    scheme = """
    total = { rounds = "sum" }
    [[modules]]
    key = "speech"
    maximum = 100
    [[rounds]]
    key = "1"
    [[rounds]]
    key = "2"
    [[rankings]]
    key = "sum"
    [[rankings]]
    key = "mean"
    rounds = { by = "mean", missing = "skip" }
    [[rankings]]
    key = "best"
    rounds = "best"
    """
    outcome = outcome_of(scheme, "entry,round,mark\nA,1,50\nA,2,60\nB,1,58\n")
    assert totals(outcome, "mean") == {"A": 55, "B": 58}
    assert totals(outcome, "best") == {"A": 60, "B": 58}
    assert totals(outcome, "sum") == {"A": 110}
    assert "Mean" in outcome.explain("mean", "A").text("en")


def test_rounds_need_a_roll_up_unless_every_ranking_has_one():
    scheme = '[[modules]]\nkey = "a"\nmaximum = 5\n[[rounds]]\nkey = "1"\n[[rounds]]\nkey = "2"\n[[rankings]]\nkey = "r"\n'
    assert [problem.code for problem in validate(RuleSet.from_toml(scheme))] == ["rounds_without_rollup"]
    for stated in ('rounds = "sum"', 'round = "1"'):
        assert validate(RuleSet.from_toml(f"{scheme}{stated}\n")) == []
    other = f'{scheme}rounds = "sum"\n[[rankings]]\nkey = "s"\n'
    assert [problem.code for problem in validate(RuleSet.from_toml(other))] == ["rounds_without_rollup"]


SONGS = """
[[modules]]
key = "song"
maximum = 100
method = METHOD
[[rankings]]
key = "r"
"""


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ('{ by = "place_points", points = [12, 10, 8] }', {"A": 22, "B": 22, "C": 16, "D": 8}),
        (
            '{ by = "place_points", points = [12, 10, 8], ties = "average" }',
            {"A": 22, "B": 22, "C": 12, "D": 4},
        ),
        ('{ by = "place_points", points = [1], rest = "1/2" }', {"A": "3/2", "B": "3/2", "C": 1, "D": 1}),
        ('{ by = "place_points", points = [], rest = 3 }', {"A": 6, "B": 6, "C": 6, "D": 6}),
    ],
)
def test_each_jury_gives_points_for_its_places(method, expected):
    # The second jury has C and D level in third place: both get its points, or half of third and fourth each.
    text = "entry,judge,mark\nA,1,90\nB,1,80\nC,1,70\nD,1,60\nA,2,80\nB,2,90\nC,2,70\nD,2,70\n"
    outcome = outcome_of(SONGS.replace("METHOD", method), text)
    assert totals(outcome) == {key: Fraction(value) for key, value in expected.items()}


def test_a_jury_that_did_not_mark_a_song_gives_it_nothing():
    scheme = SONGS.replace("METHOD", '{ by = "place_points", points = [5, 3] }\nmissing_judge = "ignore"')
    outcome = outcome_of(scheme, "entry,judge,mark\nA,1,90\nB,1,80\nA,2,90\n")
    assert totals(outcome) == {"A": 10, "B": 3}


def test_four_start_and_three_count_where_the_rules_let_a_member_rest():
    scheme = """
    members = { minimum = 4, maximum = 4, missing = "counts" }
    [[modules]]
    key = "vault"
    maximum = 20
    per = "member"
    members = { by = "best", n = 3MISSING }
    [[modules]]
    key = "bars"
    maximum = 20
    per = "member"
    members = { by = "best", n = 3MISSING }
    [[rankings]]
    key = "r"
    """
    text = "entry,member,aspect,mark\n"
    for person, (vault, bars) in {"a": (10, 11), "b": (12, 13), "c": (14, 15), "d": (16, None)}.items():
        text += f"T,{person},vault,{vault}\n" + (f"T,{person},bars,{bars}\n" if bars else "")
    stated = outcome_of(scheme.replace("MISSING", ', missing = "skip"'), text)
    assert (totals(stated), problems(stated)) == ({"T": 12 + 14 + 16 + 11 + 13 + 15}, [])
    silent = outcome_of(scheme.replace("MISSING", ""), text)
    assert (totals(silent), problems(silent)) == ({}, ["mark_missing"])


def test_a_member_who_began_a_module_must_end_it_even_where_members_may_rest():
    scheme = """
    members = { minimum = 2, maximum = 2, missing = "counts" }
    [[modules]]
    key = "vault"
    per = "member"
    members = { by = "best", n = 1, missing = "skip" }
    [[modules.parts]]
    key = "d"
    maximum = 10
    [[modules.parts]]
    key = "e"
    maximum = 10
    [[rankings]]
    key = "r"
    """
    outcome = outcome_of(scheme, "entry,member,aspect,mark\nT,a,d,5\nT,a,e,5\nT,b,d,6\n")
    assert problems(outcome) == ["mark_missing"]


def test_a_problem_inside_a_group_names_its_own_subject():
    convert = '{ by = "formula", formula = "100 / (value - best)", within = "heat" }'
    outcome = outcome_of(race(convert), "entry,mark,heat\nA,10,1\nB,12,1\nC,15,2\nD,20,2\n")
    told = [(one.code, one.params["subjects"], one.params["count"]) for one in outcome.problems]
    assert told == [("no_value_formula", ("A",), 1), ("no_value_formula", ("C",), 1)]


def test_groups_of_members_are_those_of_their_entries_unless_they_have_their_own():
    scheme = """
    members = { minimum = 2, maximum = 2 }
    [[modules]]
    key = "run"
    kind = "time"
    less = true
    per = "member"
    convert = { by = "points_by_place", points = [3, 1], within = "delegation" }
    [[rankings]]
    key = "r"
    subject = "member"
    """
    text = "entry,member,delegation,mark\nT,a,X,10\nT,b,X,11\nU,c,Y,50\nU,d,Y,40\n"
    assert totals(outcome_of(scheme, text)) == {"a": 3, "b": 1, "c": 1, "d": 3}


def test_values_beyond_64_bits_keep_their_groups():
    convert = '{ by = "formula", formula = "value * 10000000000000000 + best", within = "heat" }'
    outcome = outcome_of(race(convert), "entry,mark,heat\nA,10000,1\nB,3,2\n")
    assert totals(outcome) == {"A": 10**20 + 10000, "B": 3 * 10**16 + 3}
