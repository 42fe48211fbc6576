"""What comes out: rows made when they are read, awards decided when they are asked for, problems that block."""

import pytest

from contest.scoring.compute import compute
from contest.scoring.outcome import Later, Rows
from tests.scoring.sheets_of_marks import event_of, outcome_of


def test_rows_are_made_when_they_are_read_and_only_those():
    made = []

    def make(place):
        made.append(place)
        return f"row {place}"

    rows = Rows(3, make)
    assert (len(rows), made) == (3, [])
    assert (rows[0], rows[2], rows[-1], rows[-3]) == ("row 0", "row 2", "row 2", "row 0")
    assert made == [0, 2, 2, 0]
    assert rows[1:] == ["row 1", "row 2"]
    assert rows[::-1] == ["row 2", "row 1", "row 0"]
    assert rows[:-1] == ["row 0", "row 1"]
    assert list(rows) == ["row 0", "row 1", "row 2"]
    for beyond in (3, -4):
        with pytest.raises(IndexError) as caught:
            rows[beyond]
        assert caught.value.args == (beyond,)


def test_values_made_later_are_made_each_time_they_are_asked_for():
    asked = []
    later = Later({"a": lambda: asked.append("a") or 1, "b": lambda: 2})
    assert (list(later), len(later), asked) == (["a", "b"], 2, [])
    assert (later["a"], later["a"], later["b"], asked) == (1, 1, 2, ["a", "a"])
    with pytest.raises(KeyError):
        later["c"]


SCHEME = """
total = { rounds = "sum" }
[[modules]]
key = "a"
maximum = 100
attempts = "best"
judges = 2
[[rounds]]
key = "1"
advance = { first = 1 }
[[rounds]]
key = "2"
[[rankings]]
key = "r"
[[rankings.awards]]
key = "prize"
by = "place"
bands = [ { award = "first", places = 1 }, { award = "second", places = 1 } ]
[[rankings]]
key = "plain"
"""
TEXT = """entry,judge,aspect,round,attempt,mark
A,j,a,1,1,50
A,k,a,1,1,70
A,j,a,1,2,absent
A,k,a,1,2,absent
A,j,a,2,1,60
A,k,a,2,1,60
B,j,a,1,1,80
B,k,a,1,1,80
B,j,a,2,1,10
B,k,a,2,1,20
C,j,a,1,1,30
C,k,a,1,1,30
C,j,a,2,1,9
"""


def test_awards_stand_in_the_rows_of_a_ranking_that_gives_some_and_not_in_the_bare_ones():
    outcome = outcome_of(SCHEME, TEXT)
    ranking, plain = outcome.rankings["r"], outcome.rankings["plain"]
    assert [(row.subject, row.awards) for row in ranking.rows] == [
        ("A", ("first",)),
        ("B", ("second",)),
        ("C", ()),
    ]
    assert [(row.subject, row.awards) for row in ranking.bare] == [("A", ()), ("B", ()), ("C", ())]
    assert plain.bare is plain.rows
    assert ranking.row("B").awards == ("second",)
    with pytest.raises(KeyError) as caught:
        ranking.row("Z")
    assert caught.value.args == ("Z",)
    assert outcome.awarding["r"].awards_of("A") == ("first",)
    assert outcome.awarding["r"] is outcome.awarding["r"], "decided once"
    assert outcome.awarding["plain"].grants == ()


def test_blockers_are_the_problems_that_are_errors():
    outcome = outcome_of(SCHEME, TEXT)
    assert [(one.code, one.severity) for one in outcome.problems] == [
        ("judge_missing", "error"),
        ("not_advanced", "note"),
    ]
    assert outcome.blockers == outcome.problems[:1]
    told = outcome.problems[1]
    assert (told.path, told.params) == ("2", {"round": "2", "count": 2, "subjects": ("A", "C")})


def test_who_did_not_advance_is_named_up_to_ten_of_them():
    rows = [
        f"e{number:02},{judge},a,{round_},1,{60 - number}"
        for number in range(13)
        for judge in "jk"
        for round_ in "12"
    ]
    outcome = outcome_of(SCHEME, "entry,judge,aspect,round,attempt,mark\n" + "\n".join(rows))
    (told,) = outcome.problems
    assert told.params["count"] == 12
    assert told.params["subjects"] == tuple(f"e{number:02}" for number in range(1, 11))


def test_the_result_of_every_node_and_attempt_is_told_but_not_what_was_never_marked():
    event = event_of(SCHEME, TEXT)
    rows = compute(event.rules, event.field).aspects()
    assert [(row.round, row.subject, row.aspect, row.attempt, str(row.value), row.state) for row in rows] == [
        ("1", "A", "a", 0, "60", "ok"),
        ("1", "A", "a", 1, "60", "ok"),
        ("1", "A", "a", 2, "None", "absent"),
        ("1", "B", "a", 0, "80", "ok"),
        ("1", "B", "a", 1, "80", "ok"),
        ("1", "C", "a", 0, "30", "ok"),
        ("1", "C", "a", 1, "30", "ok"),
        ("2", "A", "a", 0, "60", "ok"),
        ("2", "A", "a", 1, "60", "ok"),
        ("2", "B", "a", 0, "15", "ok"),
        ("2", "B", "a", 1, "15", "ok"),
        ("2", "C", "a", 0, "None", "blocked"),
        ("2", "C", "a", 1, "None", "blocked"),
    ]
