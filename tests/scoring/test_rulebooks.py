"""The clauses of the published rule books, one by one, on small fields computed from marks."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from contest.scoring import presets
from contest.scoring.compute import compute
from contest.scoring.field import Mark, Ruling, Subject, field_of
from contest.scoring.honours import OVERALL, Honours, honours, ranked_fields
from contest.scoring.outcome import Outcome

Lines = Mapping[str, Mapping[str, object]]


def run(name: str, lines: Lines, rounds: Mapping[str, str] | None = None) -> tuple[Outcome, Honours]:
    """Compute a preset. lines: entry → aspect → mark; other keys (status, group …) are columns of the entry."""
    rules = presets.load(name)
    aspects = {aspect.key for aspect in rules.aspects()}
    subjects, marks = [], []
    for key, line in lines.items():
        texts = {column: str(value) for column, value in line.items() if column not in {*aspects, "status"}}
        subjects.append(Subject(key, status=str(line.get("status", "present")), texts=texts))
        for aspect in aspects & set(line):
            milli = int(Fraction(str(line[aspect])) * 1000)
            marks += [
                Mark(key, f"j{n}", aspect, milli, round=(rounds or {}).get(aspect, ""))
                for n in range(rules.node(aspect).judges or 1)
            ]
    rulings = [
        Ruling(one.key, "lot", {key: n for n, key in enumerate(lines)}, "drawn") for one in rules.rankings
    ]
    field = field_of(rules, subjects, marks, rulings=rulings, event="e")
    outcome = compute(rules, field)
    assert [problem.sentence("en") for problem in outcome.blockers] == []
    return outcome, honours(ranked_fields("e", rules, field, outcome), rules.tables, rules.overall)


def ranks(outcome: Outcome, ranking: str) -> list[tuple[object, str, str]]:
    return [(row.rank, row.subject, row.decided_by) for row in outcome.rankings[ranking].rows]


def won(given: Honours, ranking: str, rule: str, event: str = "e") -> dict[str, str]:
    grants = given.awarding(event, ranking).grants
    return {grant.recipient: grant.award for grant in grants if grant.rule == rule}


def refused(given: Honours, ranking: str, rule: str) -> dict[str, str]:
    refusals = given.awarding("e", ranking).refusals
    return {refusal.recipient: refusal.reason.code for refusal in refusals if refusal.rule == rule}


def simple(size: int, aspect: str = "result", **columns: str) -> dict[str, dict[str, object]]:
    """Entries 001 … with results falling from 100."""
    return {f"{i:03}": {aspect: 100 - Fraction(i, 10), **columns} for i in range(1, size + 1)}


def test_hengshui_weighs_20_to_80_and_practice_decides_equal_totals():
    outcome, _ = run(
        "rulebook-hengshui-housekeeping",
        {
            "a": {"theory": 100, "practice": 70},  # 20 + 56 = 76
            "b": {"theory": 80, "practice": 75},  # 16 + 60 = 76
            "c": {"theory": 90, "practice": 90},  # 18 + 72 = 90
            "d": {"theory": 59, "practice": 100},
        },
    )
    rows = {row.subject: row for row in outcome.rankings["individual"].rows}
    assert (rows["a"].total, rows["b"].total, rows["c"].total) == (76, 76, 90)
    assert [row[:2] for row in ranks(outcome, "individual")] == [(1, "d"), (2, "c"), (3, "b"), (4, "a")]
    assert rows["b"].decided_by == rows["a"].decided_by == "practice"
    assert rows["d"].gates_failed == ("theory",)


def test_the_lift_mechanics_final_takes_thirty_and_everyone_tied_at_thirty():
    scores = [Fraction(99 - i) for i in range(28)] + [Fraction(60)] * 5 + [Fraction(50)] * 7
    outcome, _ = run(
        "rulebook-elevator",
        {f"{i:02}": {"theory": score} for i, score in enumerate(scores)},
        {"theory": "preliminary"},
    )
    assert outcome.rounds["individual", "preliminary"].advancing == {f"{i:02}" for i in range(33)}


def test_the_lift_mechanics_total_carries_theory_at_25_55_20():
    outcome, _ = run(
        "rulebook-elevator",
        {
            "a": {"theory": 80, "practice": 90, "defence": 70},
            "b": {"theory": 100, "practice": 59, "defence": 100},
        },
        {"theory": "preliminary", "practice": "final", "defence": "final"},
    )
    rows = {row.subject: row for row in outcome.rankings["individual"].rows}
    assert (rows["a"].total, rows["b"].total) == (Fraction("83.5"), Fraction("77.45"))
    assert (rows["a"].gates_failed, rows["b"].gates_failed) == ((), ("practice",))


def test_cnc_prizes_are_shares_of_all_entrants_and_carry_medals():
    lines = {
        f"{i:03}": {"theory": 100 - Fraction(i, 2), "practice": 100 - Fraction(i, 2)} for i in range(1, 61)
    }
    lines |= {f"x{i:02}": {"status": "absent"} for i in range(40)}
    _, given = run("rulebook-cnc", lines)
    prizes = list(won(given, "individual", "prize").values())
    assert [prizes.count(award) for award in ("first", "second", "third", "excellent")] == [5, 15, 30, 10]
    assert [len(won(given, "individual", medal)) for medal in ("gold", "silver", "bronze")] == [5, 15, 30]


def test_cnc_gives_no_prize_below_the_pass_line_even_inside_the_band():
    _, given = run("rulebook-cnc", {"a": {"theory": 90, "practice": 90}, "b": {"theory": 59, "practice": 59}})
    refusals = given.awarding("e", "individual").refusals
    lost = next(one for one in refusals if (one.rule, one.recipient) == ("prize", "b"))
    assert lost.reason.code == "below_line"
    assert "b" not in won(given, "individual", "prize")


def test_machinery_teams_score_8_4_2_1_and_teams_without_points_are_not_ranked():
    lines = {f"w{i}": {"theory": 99 - i, "practice": 99 - i, "team": "T1", "group": "职工"} for i in range(3)}
    lines |= {
        f"m{i}": {"theory": 80 - i, "practice": 80 - i, "team": "T2", "group": "学生"} for i in range(3)
    }
    lines |= {
        f"z{i}": {"theory": 59 - i, "practice": 90 - i, "team": "T3", "group": "职工"} for i in range(4)
    }
    _, given = run("rulebook-machinery", lines)
    # Of ten entrants one first (w0), two second (w1, w2) and three third prizes (m0 … in order of totals).
    prizes = won(given, "individual", "prize")
    assert [prizes.get(key) for key in ("w0", "w1", "w2")] == ["first", "second", "second"]
    (teams,) = given.tables
    points = {row.subject: (row.rank, row.measures["points"]) for row in teams.rows}
    assert points["T1"] == (1, 16)
    assert won(given, "individual", "honour") == {"w0": "may_first_medal"}
    assert won(given, "individual", "star") == {"m0": "new_star"}
    assert given.awarding(OVERALL, "teams").awards_of("T1") == ("winner",)


def test_machinery_counts_a_pass_only_when_every_part_is_passed():
    lines = {
        "a": {"theory": 100, "practice": 100, "team": "A", "group": "职工"},
        **{f"p{i}": {"theory": 60, "practice": 60, "team": "B", "group": "职工"} for i in range(2)},
        **{f"f{i}": {"theory": 59, "practice": 59, "team": "C", "group": "职工"} for i in range(1)},
    }
    _, given = run("rulebook-machinery", lines)
    (teams,) = given.tables
    ranked = {row.subject: (row.rank, row.measures["points"]) for row in teams.rows}
    # Four entrants: no first (0.4), one second (0.8) and one third prize (1.2), tied entrants share it.
    assert ranked["C"] == (None, 0)
    assert ranked["A"][0] == 1


def test_national_games_medals_excellence_and_one_best_of_each_delegation():
    lines = {f"{i:03}": {"task": 100 - Fraction(i, 10), "delegation": "AB"[i % 2]} for i in range(1, 22)}
    _, given = run("rulebook-national-games", lines)
    assert won(given, "event", "medal") == {"001": "gold", "002": "silver", "003": "bronze"}
    assert sorted(won(given, "event", "excellence")) == [f"{i:03}" for i in range(4, 11)]
    assert sorted(won(given, "event", "best_of_delegation", OVERALL)) == ["e/001", "e/002"]


def test_guizhou_gives_the_third_a_bronze_medal_and_a_second_prize():
    _, given = run("rulebook-guizhou", simple(12))
    assert won(given, "event", "medal") == {"001": "gold", "002": "silver", "003": "bronze"}
    prizes = won(given, "event", "prize")
    assert [prizes[f"{i:03}"] for i in (1, 2, 3, 4, 8, 9)] == [
        "first",
        "second",
        "second",
        "third",
        "third",
        "excellent",
    ]
    assert sorted(won(given, "event", "title")) == ["001", "002", "003"]
    assert won(given, "event", "labour_medal") == {"001": "may_first_medal"}


@pytest.mark.parametrize(
    ("size", "medals"),
    [
        (6, ["gold", "silver", "bronze"]),
        (5, ["gold", "silver"]),
        (4, ["gold"]),
        (3, []),
    ],
)
def test_moscow_gives_fewer_medals_in_small_fields(size, medals):
    _, given = run("rulebook-moscow", simple(size))
    assert list(won(given, "skill", "medal").values()) == medals


def test_moscow_counts_who_started():
    lines = simple(3) | {"x": {"status": "absent"}, "y": {"status": "withdrawn"}, "z": {"status": "absent"}}
    _, given = run("rulebook-moscow", lines)
    assert set(refused(given, "skill", "medal").values()) == {"field_void", "not_ranked"}
    assert won(given, "skill", "medallion") == {}


def test_moscow_gives_a_medallion_from_500_on_the_scale():
    _, given = run("rulebook-moscow", simple(8))
    assert sorted(won(given, "skill", "medallion")) == ["004"]


def test_guzhen_breaks_ties_by_time_then_practice_then_theory_then_shares():
    outcome, _ = run(
        "rulebook-guzhen",
        {
            "a": {"theory": 90, "practice": 90, "time": 100},
            "b": {"theory": 90, "practice": 90, "time": 99},
            "c": {"theory": 20, "practice": 50, "time": 50},
            "d": {"theory": 90, "practice": 20, "time": 50},
            "e": {"theory": 50, "practice": 30, "time": 60},
            "f": {"theory": 50, "practice": 30, "time": 60},
        },
    )
    assert ranks(outcome, "individual") == [
        (1, "b", "time"),
        (2, "a", "time"),
        (3, "c", "practice"),
        (4, "d", "practice"),
        (5, "e", "shared"),
        (5, "f", "shared"),
    ]


@pytest.mark.parametrize(("size", "places"), [(9, 1), (11, 2), (30, 2), (31, 3)])
def test_anhui_gives_titles_by_field_size(size, places):
    _, given = run("rulebook-anhui", simple(size, group="职工"))
    assert len(won(given, "individual", "title")) == places


def test_anhui_asks_about_a_field_of_exactly_ten():
    _, given = run("rulebook-anhui", simple(10, group="职工"))
    (question,) = given.awarding("e", "individual").questions
    assert (question.reason.code, question.reason.params["size"], question.subjects) == (
        "size_undefined",
        10,
        ("001", "002", "003"),
    )


def test_shanxi_lets_earlier_holders_compete_without_honours_and_passes_their_places_down():
    lines = simple(30)
    lines["001"]["prior_holder"] = "yes"
    lines["005"]["prior_holder"] = "是"
    _, given = run("rulebook-shanxi", lines)
    prizes = won(given, "event", "prize")
    assert [prizes.get(f"{i:03}") for i in (1, 2, 3, 4, 5, 6, 10, 11, 20, 21)] == [
        None,
        "first",
        "first",
        "first",
        None,
        "second",
        "second",
        "third",
        "third",
        None,
    ]
    # Two thirds of the 30 contestants are 20 places, counted without the holders; 18 of them have prizes.
    assert sorted(won(given, "event", "excellence")) == ["021", "022"]


def test_worldskills_modules_of_cooking_2015_make_a_hundred_marks():
    rules = presets.load("rulebook-worldskills")
    assert sum(module.maximum for module in rules.modules) == 100


def test_worldskills_medals_are_by_gaps_on_the_700_scale_and_the_best_gets_the_albert_vidal():
    lines = {
        key: {"A": 10, "B": 30, "C": total, "D": 2, "member": member}
        for key, total, member in (
            ("a", 46, "CN"),
            ("b", 45, "CH"),
            ("c", 30, "KR"),
            ("d", 20, "BR"),
            ("e", 10, "FR"),
        )
    }
    _, given = run("rulebook-worldskills", lines)
    # Median 30, MAD 15: 722, 720, 700, 687, 673 … so that the first two tie for gold and there is no silver.
    assert won(given, "skill", "medal") == {"a": "gold", "b": "gold", "c": "bronze"}
    assert won(given, "skill", "albert_vidal", OVERALL) == {"e/a": "albert_vidal"}
    assert [table.key for table in given.tables] == [
        "by_name",
        "total_points",
        "mean_points",
        "total_score",
        "mean_score",
    ]
    points = {row.subject: row.measures["total_points"] for row in given.tables[1].rows}
    assert points == {"CN": 4, "CH": 4, "KR": 2, "BR": 0, "FR": 0}
