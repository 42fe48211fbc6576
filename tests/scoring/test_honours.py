"""Awards and tables over several events, and their way into awards.csv and tables.csv."""

from fractions import Fraction

from contest.scoring.awarding import Awarding, Candidate, Member, Reason
from contest.scoring.honours import OVERALL, Honours, RankedField, honours
from contest.scoring.honours_rows import AWARDS_HEADER, TABLES_HEADER, award_rows, table_rows, titles_of
from contest.scoring.rules import RuleSet

GOLD = {"key": "medal", "by": "place", "kind": "medal", "bands": ({"award": "gold", "places": 1},)}


def field(
    event: str, *lines: tuple[str, int | None, str], awards: tuple = (GOLD,), ranking: str = "r"
) -> RankedField:
    """One event of (key, total, delegation)."""
    totals = [total for _, total, _ in lines if total is not None]
    candidates = [
        Candidate(
            key,
            None if total is None else 1 + sum(other > total for other in totals),
            None if total is None else Fraction(total),
            status="present" if total is not None else "absent",
            attributes={"delegation": team},
        )
        for key, total, team in lines
    ]
    return RankedField(event, ranking, awards, candidates)


WELDING = field("welding", ("a", 90, "A"), ("b", 80, "B"), ("c", 70, "A"), ("d", None, "B"))
TURNING = field("turning", ("a", 60, "B"), ("b", 50, "A"), ("c", 40, "B"))


def test_each_ranking_of_each_event_has_its_awards():
    found = honours([WELDING, TURNING])
    assert found.awarding("welding", "r").awards_of("a") == ("gold",)
    assert [grant.recipient for grant in found.awarding("turning", "r").grants] == ["a"]
    assert found.awarding("nowhere", "r") == Awarding()
    assert found.awarding("welding", "other") == Awarding()


def test_a_table_draws_on_the_ranking_it_names_in_all_events():
    other = field("welding", ("z", 1000, "A"), ranking="other")
    table = {"key": "t", "by": "medals", "ranking": "r", "rule": "medal", "medals": ("gold",)}
    (made,) = honours([WELDING, other, TURNING], [table]).tables
    assert [(row.rank, row.subject, row.measures["gold"]) for row in made.rows] == [(1, "A", 1), (1, "B", 1)]


def test_a_table_may_have_awards_of_its_own():
    table = {
        "key": "teams",
        "by": "best_k",
        "ranking": "r",
        "k": 2,
        "awards": (
            {
                "key": "team",
                "by": "place",
                "needs": {"total": 120},
                "bands": ({"award": "first", "places": 2},),
            },
        ),
    }
    found = honours([WELDING, TURNING], [table])
    given = found.awarding(OVERALL, "teams")
    # A: 90 + 70 = 160; B: 80 + 60 = 140.
    assert [(grant.recipient, grant.place) for grant in given.grants] == [("A", 1), ("B", 2)]
    found = honours([WELDING], [table])
    assert found.awarding(OVERALL, "teams").refusals[0].reason == Reason("not_ranked", {"status": "present"})


def test_a_measure_of_a_table_may_decide_its_awards():
    table = {
        "key": "teams",
        "by": "sum",
        "ranking": "r",
        "awards": (
            {"key": "team", "by": "score", "on": "count", "bands": ({"award": "full", "at_least": 3},)},
        ),
    }
    found = honours([WELDING, TURNING], [table])
    assert [grant.recipient for grant in found.awarding(OVERALL, "teams").grants] == ["A", "B"]


def test_tables_for_each_event_are_awarded_for_each_event():
    table = {"key": "t", "by": "sum", "ranking": "r", "per_event": True, "awards": (GOLD,)}
    found = honours([WELDING, TURNING], [table])
    assert [table.event for table in found.tables] == ["turning", "welding"]
    assert found.awarding("welding", "t").awards_of("A") == ("gold",)
    assert found.awarding("turning", "t").awards_of("B") == ("gold",)


OVERALL_TABLE = {
    "key": "best",
    "by": "place",
    "ranking": "r",
    "bands": ({"award": "albert_vidal", "places": 1},),
}


def test_the_highest_on_the_scale_over_all_events_ties_all():
    """Albert Vidal Award: both winners stand at 720 on the scale of their own event."""
    found = honours([WELDING, TURNING], overall=[{**OVERALL_TABLE, "scale": "median_700"}])
    assert [grant.recipient for grant in found.awarding(OVERALL, "r").grants] == ["turning/a", "welding/a"]


def test_without_a_scale_the_totals_themselves_are_compared():
    found = honours([WELDING, TURNING], overall=[OVERALL_TABLE])
    assert [grant.recipient for grant in found.awarding(OVERALL, "r").grants] == ["welding/a"]


def test_the_best_of_each_delegation_who_has_no_medal():
    """参赛队最佳奖: one per delegation."""
    table = {
        "key": "best",
        "by": "place",
        "ranking": "r",
        "apart": "delegation",
        "after": ("medal",),
        "pass_down": ("after",),
        "bands": ({"award": "best_of_delegation", "places": 1},),
    }
    found = honours([WELDING, TURNING], overall=[table])
    assert [(grant.recipient, grant.place) for grant in found.awarding(OVERALL, "r").grants] == [
        ("welding/c", 1),
        ("welding/b", 1),
    ]


def test_overall_awards_leave_other_rankings_and_unranked_subjects_out():
    other = field("welding", ("z", 1000, "A"), ranking="other")
    guest = Candidate("u", None, Fraction(2000), status="unofficial")
    listed = RankedField("guests", "r", (), [guest])
    rest = {**OVERALL_TABLE, "bands": ({"award": "x", "rest": True},)}
    found = honours([other, listed, WELDING], overall=[rest]).awarding(OVERALL, "r")
    assert [(grant.recipient, grant.place) for grant in found.grants] == [
        ("welding/a", 1),
        ("welding/b", 2),
        ("welding/c", 3),
    ]
    assert found.refusals == ()


def test_a_person_is_promoted_once_over_all_events():
    def event(name: str, level: str, person: str) -> RankedField:
        table = {"key": "level", "by": "promotion", "bands": ({"places": 1, "level": level},)}
        return RankedField(
            name, "r", (table,), [Candidate("e", 1, Fraction(1), attributes={"person": person})]
        )

    found = honours([event("x", "senior", "P1"), event("y", "technician", "P1"), event("z", "senior", "P2")])
    assert [len(found.awarding(name, "r").grants) for name in "xyz"] == [0, 1, 1]
    assert found.awarding("x", "r").refusals[0].reason == Reason(
        "promoted_elsewhere", {"event": "y", "level": "technician"}
    )


def test_members_are_the_same_person_by_their_own_column():
    def event(name: str, member: str) -> RankedField:
        table = {
            "key": "level",
            "by": "promotion",
            "to": "members",
            "bands": ({"places": 1, "level": "senior"},),
        }
        team = Candidate(
            "t", 1, Fraction(1), members=(Member(member, {"person": "P1"}), Member(f"{member}2"))
        )
        return RankedField(name, "r", (table,), [team])

    found = honours([event("x", "m"), event("y", "n")])
    assert [[grant.recipient for grant in found.awarding(name, "r").grants] for name in "xy"] == [
        ["m", "m2"],
        ["n2"],
    ]


def test_awards_become_rows_with_their_reasons_in_both_languages():
    rows = [dict(zip(AWARDS_HEADER, row, strict=True)) for row in award_rows(honours([TURNING]))]
    assert rows[0] == {
        "event": "turning",
        "ranking": "r",
        "rule": "medal",
        "kind": "medal",
        "verdict": "granted",
        "award": "gold",
        "entry": "a",
        "recipient": "a",
        "place": "1",
        "code": "place_in_band",
        "reason_en": "Place 1, within places 1 to 1.",
        "reason_zh": "第 1 名，在第 1 至 1 名之内。",
    }
    assert [
        (row["verdict"], row["award"], row["recipient"], row["place"], row["code"]) for row in rows[1:]
    ] == [
        ("refused", "", "b", "", "beyond_places"),
        ("refused", "", "c", "", "beyond_places"),
    ]


def test_a_refusal_names_the_award_that_was_lost():
    table = {**GOLD, "needs": {"total": 100}}
    rows = list(award_rows(honours([field("x", ("a", 90, "A"), awards=(table,))])))
    assert rows[0][4:6] == ("refused", "gold")


def test_questions_and_quotas_become_rows_too():
    table = {
        **GOLD,
        "ties": "ask",
        "quotas": (
            {"key": "least", "attribute": "delegation", "values": ("A",), "at_least": "1/3"},
            {"key": "most", "attribute": "delegation", "values": ("A",), "at_most": "1/3"},
        ),
        "bands": ({"award": "gold", "places": 2},),
    }
    tied = field("x", ("a", 9, "A"), ("b", 8, "B"), ("c", 8, "B"), awards=(table,))
    rows = list(award_rows(honours([tied])))
    assert [row[:10] for row in rows] == [
        ("x", "r", "medal", "medal", "granted", "gold", "a", "a", "1", "place_in_band"),
        ("x", "r", "medal", "", "asked", "", "b", "b", "", "tie_at_line"),
        ("x", "r", "medal", "", "asked", "", "c", "c", "", "tie_at_line"),
        ("x", "r", "medal", "", "quota", "least", "", "", "", "quota_kept"),
        ("x", "r", "medal", "", "quota", "most", "", "", "", "quota_broken"),
    ]
    assert rows[3][10] == "1 of 1 are 100 %, limit 33.3 %, margin 66.7."


def test_titles_of_the_rule_set_reach_the_rows():
    titles = {"zh": {"theory": "理论考试"}, "en": {"theory": "Theory"}}
    table = {**GOLD, "needs": {"theory": 60}}
    rows = list(award_rows(honours([field("x", ("a", 90, "A"), awards=(table,))]), titles))
    assert rows[0][-2:] == ("There is no mark for Theory.", "没有理论考试成绩。")


def test_tables_become_rows_with_a_column_for_every_measure():
    tables = [
        {"key": "sum", "by": "sum", "ranking": "r", "members": 3},
        {
            "key": "medals",
            "by": "medals",
            "ranking": "r",
            "rule": "medal",
            "medals": ("gold",),
            "per_event": True,
        },
    ]
    header, rows = table_rows(honours([WELDING], tables))
    assert header == (*TABLES_HEADER, "total", "count", "gold")
    assert rows == [
        ("", "sum", "", "A", "", "too_few_results", "160", "2", ""),
        ("", "sum", "", "B", "", "too_few_results", "80", "1", ""),
        ("welding", "medals", "1", "A", "gold", "", "1", "", "1"),
    ]


def test_no_tables_are_a_header_alone():
    assert table_rows(Honours(())) == (TABLES_HEADER, [])


def test_titles_are_those_of_nodes_columns_award_tables_and_awards():
    rules = RuleSet.from_dict(
        {
            "filters": [{"name": "veto", "title_zh": "一票否决", "title_en": "Veto"}],
            "inputs": [{"name": "age", "title_zh": "年龄", "title_en": "Age"}],
            "modules": [
                {"key": "m", "title_zh": "模块", "title_en": "Module", "parts": [{"key": "a", "maximum": 5}]},
            ],
            "rankings": [
                {
                    "key": "r",
                    "awards": [
                        {
                            "key": "p",
                            "title_zh": "奖",
                            "title_en": "Prize",
                            "names": {"g": ["金", "Gold"]},
                            "by": "place",
                        }
                    ],
                }
            ],
            "overall": [{"key": "o", "title_zh": "总", "title_en": "Over", "ranking": "r", "by": "place"}],
        }
    )
    assert titles_of(rules) == {
        "en": {"m": "Module", "a": "", "veto": "Veto", "age": "Age", "p": "Prize", "g": "Gold", "o": "Over"},
        "zh": {"m": "模块", "a": "", "veto": "一票否决", "age": "年龄", "p": "奖", "g": "金", "o": "总"},
    }
