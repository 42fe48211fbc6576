"""An explanation leads from a total down to every judge's mark, in both languages."""

import textwrap

import pytest

from contest.scoring.compute import compute
from tests.scoring.sheets_of_marks import event_of, outcome_of

SCHEME = """
inputs = [ { name = "difficulty", decimals = 1 } ]
total = { round = { digits = 1 } }
[[modules]]
key = "theory"
title_zh = "理论"
title_en = "Theory"
maximum = 100
weight = 30
gate = 30
scale_to = 50
[[modules]]
key = "practice"
title_zh = "实操"
title_en = "Practice"
weight = 70
floor = 0
seats = ["judge"]
[[modules.parts]]
key = "wiring"
title_zh = "接线"
title_en = "Wiring"
maximum = 20
kind = "deduction"
judges = 3
method = { by = "trimmed_mean", low = 1, high = 1 }
factor = 2
[[modules.parts]]
key = "jump"
maximum = 10
attempts = "best"
round_each = { digits = 0 }
times = ["difficulty"]
convert = { by = "steps", steps = [[5, 3], [10, 8]] }
[[rankings]]
key = "r"
title_zh = "个人"
title_en = "Individual"
order = ["total", { by = "node", node = "practice" }]
"""
ROWS = """entry,judge,judge_kind,aspect,attempt,difficulty,mark,status
A,M,,theory,,,59,
A,J1,,wiring,,,2,
A,J2,,wiring,,,5,
A,J3,,wiring,,,3.5,
A,S,self,wiring,,,0,
A,J1,,jump,1,1.5,5,
A,J1,,jump,2,1.5,7.5,
B,M,,theory,,,90,
B,J1,,wiring,,,1,
B,J2,,wiring,,,1,
B,J3,,wiring,,,absent,
C,M,,theory,,,absent,
D,,,,,,,disqualified"""


@pytest.fixture(scope="module")
def outcome():
    return outcome_of(SCHEME, ROWS)


def test_an_explanation_shows_every_mark_and_every_step(outcome):
    assert outcome.explain("r", "A").text("en") == textwrap.dedent(
        """\
        Individual · A: 37.6
          Rank 1, decided by the total
          Theory is below its pass mark
          Rounded to 1 decimals, half up (away from zero) → 37.6
          Theory: 29.5 × 30 %
            M 59
            Judges combined: Mean → 59
            From a maximum of 100 to one of 50 → 29.5
          Practice: 41 × 70 %
            Wiring: 33
              J1 2, J2 5, J3 3.5, S 0 (not counted)
              Marks as points → 18 | 15 | 16.5
              Judges combined: Trimmed mean (lowest dropped 1, highest dropped 1) → 16.5
              × factor 2 → 33
            jump: 8
              [1] J1 5, [2] J1 7.5
              Judges combined: Mean → 5 | 7.5
              × difficulty 1.5 | 1.5 → 7.5 | 11.25
              Rounded to 0 decimals, half up (away from zero) → 8 | 11
              Attempts: Best n → 11
              Converted: Points by steps → 8"""
    )


def test_an_explanation_in_chinese(outcome):
    lines = outcome.explain("r", "A").text("zh").splitlines()
    assert lines[:5] == [
        "个人 · A: 37.6",
        "  名次 1，由“总成绩”决定",
        "  “理论”未达合格线",
        "  保留 1 位小数：四舍五入 → 37.6",
        "  理论: 29.5 × 30 %",
    ]
    assert "      裁判分合成：去高去低后平均（去掉最低分个数 1，去掉最高分个数 1） → 16.5" in lines
    assert "      J1 2, J2 5, J3 3.5, S 0（不计入）" in lines


def test_the_tree_carries_exact_values_and_states(outcome):
    tree = outcome.explain("r", "B")
    assert (tree.exact, tree.state) == (None, "blocked")
    practice = tree.parts[1]
    wiring = practice.parts[0]
    assert (wiring.key, wiring.exact, wiring.state, wiring.value) == ("wiring", None, "blocked", "")
    assert [(mark.seat, mark.value, mark.state) for mark in wiring.marks] == [
        ("J1", "1", "value"),
        ("J2", "1", "value"),
        ("J3", "", "absent"),
    ]
    assert practice.parts[1].state == "incomplete"
    assert tree.text().splitlines()[0] == "Individual · B: a problem must be settled"


def test_a_subject_without_a_rank_says_why(outcome):
    assert outcome.explain("r", "D").notes[0] == ("取消资格", "disqualified")
    assert outcome.explain("r", "C").notes[0] == ("未评分", "not yet marked")


def test_the_value_of_the_root_is_that_of_the_row(outcome):
    for row in outcome.rankings["r"].rows:
        assert outcome.explain("r", row.subject).exact == row.total


@pytest.mark.parametrize(("ranking", "subject"), [("r", "nobody"), ("x", "A")])
def test_unknown_names_are_key_errors(outcome, ranking, subject):
    with pytest.raises((KeyError, ValueError)):
        outcome.explain(ranking, subject)


def test_rounds_and_members_are_branches_of_the_tree():
    scheme = """
    members = { minimum = 1, maximum = 2 }
    total = { rounds = "sum" }
    [[modules]]
    key = "solo"
    maximum = 10
    per = "member"
    members = "mean"
    [[rounds]]
    key = "1"
    [[rounds]]
    key = "2"
    title_en = "Second"
    [[rankings]]
    key = "r"
    [[rankings]]
    key = "people"
    subject = "member"
    """
    event = event_of(scheme, "entry,member,round,mark\nT,x,1,4\nT,y,1,6\nT,x,2,10\nT,y,2,8")
    outcome = compute(event.rules, event.field)
    assert outcome.explain("r", "T").text() == textwrap.dedent(
        """\
        r · T: 14
          Rank 1, decided by the total
          Rounds combined: Sum → 14
          1: 5
            solo: 5
              Members combined: Mean → 5
              solo · x: 4
                mark 4
                Judges combined: Mean → 4
              solo · y: 6
                mark 6
                Judges combined: Mean → 6
          Second: 9
            solo: 9
              Members combined: Mean → 9
              solo · x: 10
                mark 10
                Judges combined: Mean → 10
              solo · y: 8
                mark 8
                Judges combined: Mean → 8"""
    )
    lines = outcome.explain("people", "x").text().splitlines()
    assert lines[:4] == [
        "people · x: 14",
        "  Rank 1 (shared: equal in every key)",
        "  Rounds combined: Sum → 14",
        "  1: 4",
    ]
