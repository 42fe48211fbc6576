"""Tables of teams, units and delegations, against published tables and rule books."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.scoring import delegations  # noqa: F401 - registers the table methods
from contest.scoring.awarding import Reason
from contest.scoring.registry import TABLES
from contest.scoring.tables import Order, Result, Table, TableRow, ranked, tabulated
from tests.scoring.facts import shizuoka_2007

PARIS = Path(__file__).parent / "cases/medal_table_paris2024"


def results(*lines: tuple[str, int | str | None], event: str = "x", **awards: str) -> list[Result]:
    """Results (delegation, total) of one event, ranked by total; None is not ranked. Subjects are s0, s1 …"""
    totals = [None if total is None else Fraction(total) for _, total in lines]
    return [
        Result(
            event,
            f"s{i}",
            None if total is None else 1 + sum(other is not None and other > total for other in totals),
            total,
            awards={"medal": awards[f"s{i}"]} if f"s{i}" in awards else {},
            attributes={"delegation": name},
        )
        for i, ((name, _), total) in enumerate(zip(lines, totals, strict=True))
    ]


def lines(table: Table, *measures: str) -> list[tuple[object, ...]]:
    return [(row.rank, row.subject, *(row.measures[name] for name in measures)) for row in table.rows]


def make(by: str, found: list[Result], **params: object) -> Table:
    (table,) = tabulated({"key": "t", "by": by, "ranking": "r", **params}, found)
    return table


def test_the_medal_table_of_paris_2024_comes_out_as_published():
    """1,044 medals, 92 countries; github.com/susheel-vemuri/olympics-2024, state of 18 August 2024."""
    with (PARIS / "input.csv").open(encoding="utf-8") as file:
        found = [
            Result(
                row["event"],
                str(i),
                1,
                Fraction(1),
                awards={"medal": row["medal"].lower()},
                attributes={"country": row["country"]},
            )
            for i, row in enumerate(csv.DictReader(file))
        ]
    table = make("medals", found, group="country", rule="medal")
    with (PARIS / "expected.csv").open(encoding="utf-8") as file:
        published = [
            (row["country"], *(int(row[name]) for name in ("gold", "silver", "bronze", "total")))
            for row in csv.DictReader(file)
        ]
    assert [line[1:] for line in lines(table, "gold", "silver", "bronze", "total")] == published
    assert table.rows[0].decided_by == "silver"  # the United States and China both have 40 gold


def test_equal_medals_share_a_rank_and_stand_by_name():
    found = results(("C", 9), ("B", 8), ("A", 7), s0="gold", s1="gold", s2="silver")
    assert lines(make("medals", found, rule="medal"), "gold") == [(1, "B", 1), (1, "C", 1), (3, "A", 0)]
    assert [row.decided_by for row in make("medals", found, rule="medal").rows] == [
        "shared",
        "shared",
        "gold",
    ]


def test_lines_without_a_medal_are_left_out_and_medals_may_be_named():
    found = results(("A", 9), ("B", 8), s0="first")
    assert lines(make("medals", found, rule="medal", medals=("first",)), "first", "total") == [(1, "A", 1, 1)]


def members_table(report: str) -> Table:
    found = []
    for skill in shizuoka_2007.skills():
        field = shizuoka_2007.skill(skill)
        for i, row in enumerate(field):
            better = sum(other.score > row.score for other in field)
            awards = {"medal": row.medal} if row.medal else {}
            attributes = {"member": row.member, "kind": row.kind}
            found.append(
                Result(skill, f"{i}", 1 + better, Fraction(row.score), awards=awards, attributes=attributes)
            )
    table = {"group": "member", "rule": "medal", "report": report, "unless": {"kind": ("host_member",)}}
    return make("delegation_report", found, **table)


def test_the_members_averages_and_ranks_of_2007_come_out_as_published():
    """UK Skills' table in FE News: averages and ranks of 15 members over official and demonstration skills."""
    rows = {row.subject: row for row in members_table("mean_score").rows}
    for line in shizuoka_2007.members():
        row = rows[line["member"]]
        assert (row.rank, row.measures["mean_score"], row.measures["count"]) == (
            int(line["rank"]),
            Fraction(line["average_score"]),
            int(line["competitors"]),
        )
    assert len(rows) == 46


def test_the_medals_of_2007_come_out_but_for_two_errors_of_the_article():
    rows = {row.subject: row for row in members_table("total_points").rows}
    differ = {
        line["member"]: (int(line["medallion"]), int(rows[line["member"]].measures["medallion"]))
        for line in shizuoka_2007.members()
        if [int(line[name]) for name in ("gold", "silver", "bronze", "medallion")]
        != [rows[line["member"]].measures[name] for name in ("gold", "silver", "bronze", "medallion")]
    }
    assert differ == {"BR": (11, 7), "CH": (7, 16)}


def test_medal_points_are_four_three_two_one():
    rows = {row.subject: row.measures["total_points"] for row in members_table("total_points").rows}
    assert (rows["KR"], rows["JP"]) == (88, 74)


@pytest.mark.parametrize(
    ("report", "order"),
    [
        ("name", [(None, "A"), (None, "B"), (None, "C")]),
        ("total_points", [(1, "B"), (2, "A"), (3, "C")]),
        ("mean_points", [(1, "A"), (2, "B"), (3, "C")]),
        ("total_score", [(1, "B"), (2, "A"), (3, "C")]),
        ("mean_score", [(1, "A"), (2, "C"), (3, "B")]),
    ],
)
def test_the_five_reports_rank_by_their_own_measure(report, order):
    found = results(("A", 730), ("B", 650), ("B", 640), ("C", 700), s0="gold", s1="silver", s2="bronze")
    table = make("delegation_report", found, rule="medal", report=report)
    assert [(row.rank, row.subject) for row in table.rows] == order


def test_every_report_carries_all_measures():
    found = results(("A", 730), ("A", 701), s0="gold")
    (row,) = make("delegation_report", found, rule="medal", report="mean_points", digits=1).rows
    assert row.measures == {
        "gold": 1,
        "silver": 0,
        "bronze": 0,
        "medallion": 0,
        "count": 2,
        "total_points": 4,
        "mean_points": 2,
        "total_score": 1431,
        "mean_score": Fraction("715.5"),
    }


def test_means_are_compared_as_they_are_printed():
    found = results(("A", "700.004"), ("B", "700.001"))
    table = make("delegation_report", found, rule="medal", report="mean_score")
    assert [(row.rank, row.decided_by) for row in table.rows] == [(1, "shared"), (1, "shared")]


def test_medal_points_are_a_setting():
    found = results(("A", 9), ("B", 8), s0="gold", s1="silver")
    table = make(
        "delegation_report", found, rule="medal", report="total_points", points={"gold": 1, "silver": "2.5"}
    )
    assert lines(table, "total_points") == [(1, "B", Fraction(5, 2)), (2, "A", 1)]


def test_a_delegation_without_a_ranked_result_is_not_ranked():
    found = results(("A", 9), ("B", None))
    table = make("delegation_report", found, rule="medal", report="mean_score")
    assert (table.rows[1].rank, table.rows[1].reason) == (
        None,
        Reason("too_few_results", {"count": 0, "number": 1}),
    )


def test_totals_of_each_event_are_brought_to_the_scale_of_the_table():
    found = results(("A", 3), ("B", 2), ("A", 1), event="x") + results(
        ("A", 10), ("B", 30), ("B", 20), event="y"
    )
    table = make("sum", found, scale="median_700")
    assert lines(table, "total") == [(1, "B", 700 + 720 + 700), (2, "A", 720 + 680 + 680)]


def test_a_team_is_the_sum_of_its_members():
    found = results(("A", 90), ("A", 70), ("B", 80), ("B", "80.5"))
    assert lines(make("sum", found), "total", "count") == [(1, "B", Fraction("160.5"), 2), (2, "A", 160, 2)]


def test_a_team_with_a_missing_member_is_unranked_or_counts_what_it_has():
    found = results(("A", 90), ("A", None), ("B", 40), ("B", 41))
    table = make("sum", found, members=2)
    assert lines(table, "total") == [(1, "B", 81), (None, "A", 90)]
    assert table.rows[1].reason == Reason("too_few_results", {"count": 1, "number": 2})
    assert table.rows[1].decided_by == ""
    assert lines(make("sum", found, members=2, missing="counts"), "total") == [(1, "A", 90), (2, "B", 81)]


def test_nobody_is_no_team():
    table = make("sum", results(("A", None)))
    assert table.rows[0].reason == Reason("too_few_results", {"count": 0, "number": 1})


def test_the_best_k_of_a_unit_count():
    found = results(("A", 90), ("A", 80), ("A", 10), ("B", 85), ("B", 84), ("C", 99))
    assert lines(make("best_k", found, k=2), "total") == [(1, "A", 170), (2, "B", 169), (None, "C", 99)]
    assert lines(make("best_k", found, k=2, fewer="counts"), "total") == [
        (1, "A", 170),
        (2, "B", 169),
        (3, "C", 99),
    ]


def test_the_best_results_of_several_events_are_the_highest_scores_not_the_best_places():
    found = results(("A", 90), ("B", 80), ("A", 70), event="x") + results(("B", 60), ("A", 50), event="y")
    assert lines(make("best_k", found, k=2), "total") == [(1, "A", 160), (2, "B", 140)]


def timed(*pairs: tuple[str, int]) -> list[Result]:
    """Results of a race: the shorter time has the better rank."""
    times = [time for _, time in pairs]
    return [
        Result(
            "x", f"s{i}", 1 + sum(o < time for o in times), Fraction(time), attributes={"delegation": name}
        )
        for i, (name, time) in enumerate(pairs)
    ]


def test_less_may_be_better_all_down_the_chain():
    found = timed(("A", 10), ("A", 40), ("A", 90), ("B", 20), ("B", 30), ("C", 15), ("C", 35))
    table = make("best_k", found, k=2, less=True, then=("best",))
    assert lines(table, "total", "best") == [(1, "A", 50, 10), (2, "C", 50, 15), (3, "B", 50, 20)]
    assert [row.decided_by for row in table.rows] == ["best", "best", "best"]
    back = make("best_k", found, k=2, less=True, then=("count_back",))
    assert lines(back, "best_1", "best_2") == [(1, "A", 10, 40), (2, "C", 15, 35), (3, "B", 20, 30)]
    plain = make("sum", found, less=True)
    assert [row.subject for row in plain.rows] == ["B", "C", "A"]


def test_a_team_may_be_the_mean_of_its_members():
    found = results(("A", 90), ("A", 70), ("B", 85), ("C", None))
    table = make("sum", found, take="mean")
    assert lines(table, "total", "count") == [(1, "B", 85, 1), (2, "A", 80, 2), (None, "C", 0, 0)]
    assert lines(make("best_k", found, k=1, take="mean"), "total")[0] == (1, "A", 90)


def test_the_smaller_sum_of_places_is_better():
    found = results(("A", 90), ("B", 80), ("B", 70), ("A", 60), ("C", 50), ("D", None))
    table = make("places", found, k=2, then=("best",))
    assert lines(table, "total", "best") == [
        (1, "A", 5, 1),
        (1 + 1, "B", 5, 2),
        (None, "C", 5, 5),
        (None, "D", 0, 10**15),
    ]
    assert [row.decided_by for row in table.rows[:2]] == ["best", "best"]
    assert lines(make("places", found), "total")[:3] == [(1, "A", 5), (1, "B", 5), (1, "C", 5)]
    assert lines(make("places", found, k=2, fewer="counts"), "count") == [
        (1, "A", 2),
        (1, "B", 2),
        (1, "C", 1),
        (None, "D", 0),
    ]


def test_a_missing_result_is_worst_where_less_is_better():
    found = timed(("A", 10), ("A", 20), ("B", 30))
    table = make("best_k", found, k=2, fewer="counts", less=True, then=("count_back",))
    assert [row.subject for row in table.rows] == ["A", "B"]
    assert table.rows[1].measures["best_2"] > 10**9


def test_ties_of_teams_go_down_the_stated_chain():
    found = results(("A", 90), ("A", 70), ("B", 85), ("B", 75), ("C", 90), ("C", 70))
    assert [(row.rank, row.subject, row.decided_by) for row in make("sum", found).rows] == [
        (1, "A", "shared"),
        (1, "B", "shared"),
        (1, "C", "shared"),
    ]
    best = make("sum", found, then=("best",))
    assert [(row.rank, row.subject, row.decided_by) for row in best.rows] == [
        (1, "A", "shared"),
        (1, "C", "shared"),
        (3, "B", "best"),
    ]


def test_count_back_compares_single_results_from_the_best_down():
    found = results(("A", 50), ("A", 30), ("A", 20), ("B", 50), ("B", 40), ("B", 10), ("C", 100))
    table = make("sum", found, then=("count_back",))
    assert [(row.rank, row.subject, row.decided_by) for row in table.rows] == [
        (1, "C", "best_1"),
        (2, "B", "best_2"),
        (3, "A", "best_2"),
    ]
    assert table.columns == ("total", "count", "best_1", "best_2", "best_3")
    assert table.rows[0].measures["best_3"] == 0


def test_the_best_place_decides_with_less_being_better():
    found = results(("A", 50), ("A", 30), ("B", 40), ("B", 40))
    table = make("sum", found, then=("best_place",))
    assert [(row.rank, row.subject, row.measures["best_place"]) for row in table.rows] == [
        (1, "A", 1),
        (2, "B", 2),
    ]


def test_a_part_of_the_counted_results_may_decide():
    found = [
        Result("x", key, 1, Fraction(80), parts={"practice": Fraction(part)}, attributes={"delegation": team})
        for key, team, part in (("a", "A", 40), ("b", "B", 41))
    ]
    table = make("best_k", found, k=1, then=("practice",))
    assert [(row.subject, row.measures["practice"], row.decided_by) for row in table.rows] == [
        ("B", 41, "practice"),
        ("A", 40, "practice"),
    ]


# 全国机械行业竞赛 (2024): first 8, second 4, third 2, passed in all parts 1, else 0; 0 points, no rank.
MECH = {
    "rule": "medal",
    "points": {"first": 8, "second": 4, "third": 2},
    "passed": 1,
    "needs": {"theory": 60},
}


def mech(team: str, key: str, award: str | None, theory: int | None, gates: tuple[str, ...] = ()) -> Result:
    parts = {} if theory is None else {"theory": Fraction(theory)}
    return Result(
        "x",
        key,
        1,
        Fraction(50),
        parts=parts,
        gates=gates,
        awards={"medal": award} if award else {},
        attributes={"delegation": team},
    )


def test_team_points_come_from_individual_prizes():
    found = [
        mech("A", "a1", "first", 90),
        mech("A", "a2", "third", 90),
        mech("B", "b1", "second", 90),
        mech("B", "b2", "second", 90),
        mech("B", "b3", None, 60),
        mech("C", "c1", None, 59),
        mech("C", "c2", None, None),
        mech("C", "c3", None, 90, ("practice",)),
        mech("D", "d1", "excellence", 80),
    ]
    table = make("points_by_award", found, **MECH)
    assert lines(table, "points", "first", "second", "third") == [
        (1, "A", 10, 1, 0, 1),
        (2, "B", 9, 0, 2, 0),
        (3, "D", 1, 0, 0, 0),
        (None, "C", 0, 0, 0, 0),
    ]
    assert table.rows[3].reason == Reason("no_points")
    assert lines(make("points_by_award", found, **MECH, zero="ranked"), "points")[3] == (4, "C", 0)


def test_who_is_not_ranked_does_not_earn_the_point_for_a_pass():
    absent = Result("x", "a", None, None, status="absent", attributes={"delegation": "A"})
    assert lines(
        make("points_by_award", [absent], rule="medal", points={"first": 8}, passed=1), "points"
    ) == [(None, "A", 0)]


def test_points_by_award_may_break_ties():
    found = results(("A", 9), ("B", 10), s0="first", s1="first")
    table = make("points_by_award", found, rule="medal", points={"first": 8}, then=("best",))
    assert [row.subject for row in table.rows] == ["B", "A"]


def test_points_by_place_and_shared_places():
    found = results(("A", 90), ("B", 80), ("C", 80), ("C", 70), ("D", 60))
    each = make("points_by_place", found, points=(5, 3, 2, "0.5"))
    assert lines(each, "points") == [(1, "A", 5), (2, "C", Fraction(7, 2)), (3, "B", 3), (4, "D", 0)]
    shared = make("points_by_place", found, points=(5, 3, 2, "0.5"), tied="shared")
    assert lines(shared, "points") == [(1, "A", 5), (2, "C", 3), (3, "B", Fraction(5, 2)), (4, "D", 0)]


def test_points_by_place_add_up_over_events_and_may_break_ties():
    found = results(("A", 9), ("B", 8), event="x") + results(("B", 7), ("A", 6), event="y")
    assert lines(make("points_by_place", found, points=(3, 1)), "points") == [(1, "A", 4), (1, "B", 4)]
    decided = make("points_by_place", found, points=(3, 1), then=("best",))
    assert [(row.rank, row.subject) for row in decided.rows] == [(1, "A"), (2, "B")]


@pytest.mark.parametrize("shown", [(1, 2, 2, 4), (1, 2, 2, 3), (1, Fraction(5, 2), Fraction(5, 2), 4)])
def test_places_do_not_depend_on_how_the_ranking_shows_ties(shown):
    found = [
        Result("x", key, rank, Fraction(10), attributes={"delegation": key})
        for key, rank in zip("ABCD", shown, strict=True)
    ]
    assert lines(make("points_by_place", found, points=(9, 4, 2, 1)), "points") == [
        (1, "A", 9),
        (2, "B", 4),
        (2, "C", 4),
        (4, "D", 1),
    ]


def test_unofficial_results_and_those_without_a_group_never_count():
    found = results(("A", 9), ("", 8))
    found.append(Result("x", "u", None, Fraction(99), status="unofficial", attributes={"delegation": "U"}))
    found.append(Result("x", "n", 3, Fraction(5)))
    assert lines(make("sum", found), "total") == [(1, "A", 9)]


def test_results_are_chosen_by_their_columns():
    found = [
        Result("x", key, 1, Fraction(1), attributes={"delegation": key, "kind": kind})
        for key, kind in (("A", "official"), ("B", "demonstration"), ("C", ""))
    ]
    assert [row.subject for row in make("sum", found, where={"kind": ("official", "")}).rows] == ["A", "C"]
    assert [row.subject for row in make("sum", found, unless={"kind": ("official",)}).rows] == ["B", "C"]


def test_rows_are_ranked_by_the_chain_and_say_which_key_decided():
    rows = [
        TableRow("a", {"p": Fraction(1), "q": Fraction(2)}),
        TableRow("b", {"p": Fraction(1), "q": Fraction(1)}),
        TableRow("c", {"p": Fraction(2), "q": Fraction(9)}),
        TableRow("z", {"p": Fraction(9), "q": Fraction(9)}, reason=Reason("no_points")),
    ]
    found = ranked(rows, [Order("p"), Order("q", less=True)])
    assert [(row.rank, row.subject, row.decided_by) for row in found] == [
        (1, "c", "p"),
        (2, "b", "q"),
        (3, "a", "q"),
        (None, "z", ""),
    ]


def test_a_single_line_is_decided_by_the_first_key():
    assert ranked([TableRow("a", {"p": Fraction(1)})], [Order("p")])[0].decided_by == "p"


def test_a_finished_table_carries_its_titles():
    table = make("sum", results(("A", 1)), title_zh="团体总分", title_en="Teams")
    assert (table.key, table.title_zh, table.title_en) == ("t", "团体总分", "Teams")


def test_a_table_may_be_made_for_each_event_by_itself():
    found = results(("A", 9), ("B", 8), event="y") + results(("B", 7), event="x")
    made = tabulated({"key": "t", "by": "sum", "ranking": "r", "per_event": True}, found)
    assert [(table.event, lines(table, "total")) for table in made] == [
        ("x", [(1, "B", 7)]),
        ("y", [(1, "A", 9), (2, "B", 8)]),
    ]


def test_parts_and_awards_may_be_shown_beside_the_sum_without_deciding():
    found = [
        Result(
            "x", key, 1, Fraction(10), parts={"p1": Fraction(p1)}, awards=won, attributes={"delegation": "A"}
        )
        for key, p1, won in (
            ("a", 7, {"medal": "gold"}),
            ("b", 3, {"medal": "silver"}),
            ("c", 1, {"other": "gold"}),
        )
    ]
    shown = {"parts": ("p1", "p2"), "rule": "medal", "counts": ("gold", "silver", "bronze")}
    (row,) = make("sum", found, **shown).rows
    assert row.measures == {"total": 30, "count": 3, "p1": 11, "p2": 0, "gold": 1, "silver": 1, "bronze": 0}
    (row,) = make("best_k", found, k=1, **shown).rows
    assert row.measures == {"total": 10, "count": 1, "p1": 11, "p2": 0, "gold": 1, "silver": 1, "bronze": 0}


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(0, 5)), max_size=15), st.randoms())
def test_the_order_of_results_never_shows(pairs, random):
    found = results(*pairs)
    shuffled = list(found)
    random.shuffle(shuffled)
    for by, params in (
        ("sum", {"then": ("count_back",)}),
        ("best_k", {"k": 2, "then": ("best_place", "best")}),
        ("points_by_place", {"points": (3, 2, 1), "tied": "shared"}),
    ):
        assert make(by, shuffled, **params) == make(by, found, **params)


def test_table_methods_are_registered_under_the_keys_that_rule_sets_use():
    assert TABLES.keys() == [
        "best_k",
        "delegation_report",
        "medals",
        "places",
        "points_by_award",
        "points_by_place",
        "sum",
    ]
