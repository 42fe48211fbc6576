"""Awards by place, by share of the field, by field size and by kind of entry."""

from fractions import Fraction

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contest.scoring.awarding import Candidate, Grant, Question, Reason, Refusal, award
from tests.scoring.lineups import asked, counts, field, given, one, ranked, refused

PODIUM = (
    {"award": "gold", "places": 1},
    {"award": "silver", "places": 1},
    {"award": "bronze", "places": 1},
)
# 拉面技能大赛, rule of 2025: place 1 gold, 2–3 silver, 4–6 bronze, all others 优秀选手.
RAMEN = (
    {"award": "gold", "places": 1},
    {"award": "silver", "places": 2},
    {"award": "bronze", "places": 3},
    {"award": "excellent_contestant", "rest": True},
)


def test_each_candidate_gets_a_grant_or_a_refusal_with_its_reason():
    found = one("place", ranked(1, 2, None), bands=({"award": "gold", "places": 1},))
    assert found.grants == (
        Grant(
            "prize",
            "gold",
            "A",
            "A",
            Reason("place_in_band", {"place": 1, "first": 1, "last": 1}),
            1,
            "prize",
        ),
    )
    assert found.refusals == (
        Refusal("prize", "C", "C", Reason("not_ranked", {"status": "present"})),
        Refusal("prize", "B", "B", Reason("beyond_places", {"place": 2, "last": 1})),
    )


def test_bands_of_the_ramen_contest_reach_everybody():
    found = one("place", field(212), bands=RAMEN)
    assert counts(found) == {"gold": 1, "silver": 2, "bronze": 3, "excellent_contestant": 206}
    assert found.grants[5].reason == Reason("place_in_band", {"place": 6, "first": 4, "last": 6})
    assert found.grants[6].reason == Reason("all_others", {"place": 7})


def test_places_1_to_5_6_to_10_and_11_to_20_are_counts_of_5_5_and_10():
    bands = (
        {"award": "gold", "places": 5},
        {"award": "silver", "places": 5},
        {"award": "bronze", "places": 10},
    )
    found = given(one("place", field(21), bands=bands))
    assert [found.get(f"{place:03}") for place in (1, 5, 6, 10, 11, 20, 21)] == [
        "gold",
        "gold",
        "silver",
        "silver",
        "bronze",
        "bronze",
        None,
    ]


def test_everyone_tied_at_a_line_is_in_unless_stated_otherwise():
    tied = ranked(1, 2, 2, 4)
    assert given(one("place", tied, bands=PODIUM)) == {"A": "gold", "B": "silver", "C": "silver"}
    assert given(one("place", tied, bands=PODIUM, ties="lower")) == {
        "A": "gold",
        "B": "bronze",
        "C": "bronze",
    }


def test_those_who_fall_below_the_last_line_get_nothing():
    found = one("place", ranked(1, 2, 2), bands=PODIUM[:2], ties="lower")
    assert (given(found), refused(found)) == ({"A": "gold"}, {"B": "beyond_places", "C": "beyond_places"})


def test_a_tie_across_a_line_may_ask():
    found = one("place", ranked(1, 2, 2, 4), bands=PODIUM, ties="ask")
    assert given(found) == {"A": "gold"}
    assert found.questions == (Question("prize", Reason("tie_at_line", {"place": 2, "tied": 2}), ("B", "C")),)
    assert refused(found) == {"D": "beyond_places"}


def test_a_tie_within_one_band_asks_nothing():
    bands = ({"award": "first", "places": 3},)
    assert asked(one("place", ranked(1, 2, 2), bands=bands, ties="ask")) == {}


@pytest.mark.parametrize("ranks", [(1, 2, 2, 4), (1, 2, 2, 3), (1, Fraction(5, 2), Fraction(5, 2), 4)])
def test_places_are_counted_the_same_whatever_way_the_ranking_shows_ties(ranks):
    bands = (
        {"award": "first", "places": 1},
        {"award": "second", "places": 2},
        {"award": "third", "places": 1},
    )
    assert given(one("place", ranked(*ranks), bands=bands)) == {
        "A": "first",
        "B": "second",
        "C": "second",
        "D": "third",
    }


def test_medal_by_rank_and_prize_by_number_differ_for_the_third():
    """贵州省第一届职工职业技能大赛 (2023): first 1, second 2, third 5, and medals for ranks 1–3."""
    prizes = (
        {"award": "first", "places": 1},
        {"award": "second", "places": 2},
        {"award": "third", "places": 5},
    )
    found = award(
        [
            {"key": "medal", "by": "place", "kind": "medal", "bands": PODIUM},
            {"key": "prize", "by": "place", "bands": prizes},
        ],
        field(10),
    )
    assert [(grant.rule, grant.award, grant.kind) for grant in found.grants if grant.recipient == "003"] == [
        ("medal", "bronze", "medal"),
        ("prize", "second", "prize"),
    ]
    assert found.awards_of("003") == ("bronze", "second")
    assert found.awards_of("009") == ()


# 2025年全国数控机床装调维修工职工职业技能竞赛: 5/15/30/10 % of all entrants.
CNC = (
    {"award": "first", "share": "5%"},
    {"award": "second", "share": "15%"},
    {"award": "third", "share": "30%"},
    {"award": "excellence", "share": "10%"},
)


def test_shares_of_a_hundred_entrants():
    assert counts(one("share", field(100), bands=CNC)) == {
        "first": 5,
        "second": 15,
        "third": 30,
        "excellence": 10,
    }


@pytest.mark.parametrize(
    ("rounding", "rounded", "numbers"),
    [
        # 57 entrants: 2.85, 8.55, 17.1, 5.7; down to the line 2.85, 11.4, 28.5, 34.2.
        ("half_up", "each", (3, 9, 17, 6)),
        ("down", "each", (2, 8, 17, 5)),
        ("up", "each", (3, 9, 18, 6)),
        ("half_up", "line", (3, 8, 18, 5)),
        ("half_even", "line", (3, 8, 17, 6)),
        ("down", "line", (2, 9, 17, 6)),
        ("up", "line", (3, 9, 17, 6)),
    ],
)
def test_the_rounding_of_a_share_is_a_stated_choice(rounding, rounded, numbers):
    found = one("share", field(57), bands=CNC, rounding=rounding, rounded=rounded)
    assert tuple(counts(found).values()) == numbers


def test_the_reason_of_a_share_names_the_field_it_is_taken_of():
    found = one("share", field(20), bands=CNC)
    assert found.grants[1].reason == Reason(
        "share_in_band", {"place": 2, "first": 2, "last": 4, "size": 20, "base": "entrants"}
    )
    assert found.refusals[0].reason == Reason(
        "beyond_places", {"place": 13, "last": 12, "size": 20, "base": "entrants"}
    )


@pytest.mark.parametrize(("of", "number"), [("entrants", 5), ("present", 4), ("ranked", 3), ("eligible", 2)])
def test_a_share_is_of_all_entrants_of_those_present_ranked_or_eligible(of, number):
    candidates = [
        *[Candidate(f"w{i}", 1 + i, attributes={"group": "worker"}) for i in range(4)],
        *[Candidate(f"s{i}", 5 + i, attributes={"group": "student"}) for i in range(2)],
        *[Candidate(f"p{i}", None, status="present") for i in range(2)],
        *[Candidate(f"a{i}", None, status="absent") for i in range(2)],
        *[Candidate(f"u{i}", None, status="unofficial") for i in range(90)],
    ]
    bands = ({"award": "first", "share": "1/2"},)
    only = {"group": ("worker",)} if of == "eligible" else {}
    assert counts(one("share", candidates, bands=bands, of=of, only=only)) == {"first": number}


def test_excellence_is_below_the_medals_and_within_the_first_half_of_the_entrants():
    """全国技能大赛 (2020, 2023)."""
    found = award(
        [
            {"key": "medal", "by": "place", "bands": PODIUM},
            {
                "key": "excellence",
                "by": "share",
                "after": ("medal",),
                "bands": ({"award": "excellence", "share": "1/2"},),
            },
        ],
        field(21),
    )
    assert counts(found) == {"gold": 1, "silver": 1, "bronze": 1, "excellence": 8}
    assert [grant.recipient for grant in found.grants[-8:]] == [f"{place:03}" for place in range(4, 12)]
    assert found.refusals[18].reason == Reason("has_already", {"rule": "medal", "award": "gold"})
    assert found.refusals[18].award == "excellence"


def test_the_rest_of_a_share_takes_everybody_else():
    bands = ({"award": "first", "share": "10%"}, {"award": "passed", "rest": True})
    assert counts(one("share", field(20), bands=bands)) == {"first": 2, "passed": 18}


def test_a_share_that_rounds_to_nobody_gives_nothing():
    found = one("share", field(9), bands=({"award": "first", "share": "5%"},))
    assert (given(found), found.refusals[0].reason.params["last"]) == ({}, 0)


# Titles by field size in 安徽; exactly 10 is not settled by the rule.
ANHUI = ({"to": 9, "places": 1}, {"from": 11, "to": 30, "places": 2}, {"from": 31, "places": 3})


@pytest.mark.parametrize(("size", "places"), [(1, 1), (9, 1), (11, 2), (30, 2), (31, 3), (200, 3)])
def test_titles_by_field_size(size, places):
    found = one("size", field(size), award="technical_expert", sizes=ANHUI)
    assert [grant.recipient for grant in found.grants] == [f"{place:03}" for place in range(1, places + 1)]
    assert found.grants[0].reason == Reason(
        "size_gives", {"place": 1, "first": 1, "last": places, "size": size, "base": "present"}
    )


def test_a_field_size_that_the_rule_leaves_out_asks_instead_of_guessing():
    found = one("size", field(10), award="technical_expert", sizes=ANHUI)
    assert found.grants == ()
    assert found.questions == (
        Question("prize", Reason("size_undefined", {"size": 10, "base": "present"}), ("001", "002", "003")),
    )
    assert found.refusals[0] == Refusal(
        "prize", "004", "004", Reason("beyond_places", {"place": 4, "last": 3, "size": 10, "base": "present"})
    )
    assert len(found.refusals) == 7


def test_a_field_size_is_counted_as_stated():
    candidates = [*field(9), Candidate("x", None, status="absent"), Candidate("y", None, status="absent")]
    assert len(one("size", candidates, award="t", sizes=ANHUI).grants) == 1
    assert len(one("size", candidates, award="t", sizes=ANHUI, of="entrants").grants) == 2


def test_a_tie_at_the_line_of_a_field_size_follows_the_stated_choice():
    tied = ranked(1, 1, 3)
    assert len(one("size", tied, award="t", sizes=ANHUI).grants) == 2
    assert one("size", tied, award="t", sizes=ANHUI, ties="lower").grants == ()
    assert asked(one("size", tied, award="t", sizes=ANHUI, ties="ask")) == {"tie_at_line": ("A", "B")}


@pytest.mark.parametrize(("kind", "places"), [("individual", 5), ("pair", 3), ("trio", 2)])
def test_places_for_the_national_title_depend_on_the_kind_of_entry(kind, places):
    candidates = ranked(1, 2, 3, 4, 5, 6, kind=[kind] * 6)
    found = one("kind", candidates, award="technical_expert", places={"individual": 5, "pair": 3, "trio": 2})
    assert len(found.grants) == places
    assert found.grants[-1].reason == Reason(
        "kind_gives", {"place": places, "first": 1, "last": places, "value": kind}
    )


def test_an_unknown_kind_of_entry_asks():
    candidates = ranked(1, 2, 3, form=["pair", "quartet", ""])
    found = one("kind", candidates, award="t", attribute="form", places={"pair": 3})
    assert given(found) == {"A": "t"}
    assert found.questions == (
        Question("prize", Reason("kind_unknown", {"attribute": "form", "value": "quartet"}), ("B",)),
        Question("prize", Reason("kind_unknown", {"attribute": "form", "value": ""}), ("C",)),
    )


def test_a_tie_at_the_line_of_a_kind_follows_the_stated_choice():
    candidates = ranked(1, 1, kind=["pair", "pair"])
    assert len(one("kind", candidates, award="t", places={"pair": 1}).grants) == 2
    assert one("kind", candidates, award="t", places={"pair": 1}, ties="lower").grants == ()


# Московские мастера 2018, 10.1: six or more gold, silver, bronze; 5 gold and silver; fewer gold; 3 or fewer void.
SMALL = (
    {"from": 6},
    {"from": 5, "to": 5, "awards": ("gold", "silver")},
    {"from": 4, "to": 4, "awards": ("gold",)},
    {"to": 3, "void": True},
)


@pytest.mark.parametrize(
    ("size", "awards"),
    [(7, 3), (6, 3), (5, 2), (4, 1), (3, 0), (1, 0)],
)
def test_small_fields_get_fewer_medals_or_none(size, awards):
    found = one("place", field(size), bands=PODIUM, field=SMALL)
    assert list(given(found).values()) == ["gold", "silver", "bronze"][:awards]


def test_the_reasons_of_small_fields_name_the_medal_and_the_size():
    found = one("place", field(5), bands=PODIUM, field=SMALL)
    assert found.refusals[0].reason == Reason(
        "field_too_small", {"award": "bronze", "size": 5, "base": "present"}
    )
    assert refused(one("place", field(2), bands=PODIUM, field=SMALL)) == {
        "001": "field_void",
        "002": "field_void",
    }


def test_a_row_without_a_lower_end_holds_a_field_of_nobody():
    # Everyone ranked is unofficial to the count, so that nobody is left to count.
    listed = [Candidate("A", 1, Fraction(1), status="unofficial")]
    assert refused(one("place", listed, bands=PODIUM, field=({"to": 0, "void": True},))) == {
        "A": "field_void"
    }


def test_who_started_counts_not_who_was_entered():
    absent = [Candidate(f"x{i}", None, status="absent") for i in range(3)]
    assert given(one("place", [*field(3), *absent], bands=PODIUM, field=SMALL)) == {}
    assert len(given(one("place", [*field(3), *absent], bands=PODIUM, field=SMALL, field_of="entrants"))) == 3


def test_a_size_of_field_that_no_row_names_asks():
    found = one("place", field(2), bands=PODIUM, field=({"from": 3},))
    assert found.questions == (
        Question("prize", Reason("field_undefined", {"size": 2, "base": "present"}), ("001", "002")),
    )


def test_thirty_entrants_a_group_or_no_awards():
    floor = ({"from": 30}, {"to": 29, "void": True})
    candidates = [
        Candidate(f"{group}{place:02}", place + offset, attributes={"group": group})
        for group, size, offset in (("w", 30, 0), ("s", 29, 30))
        for place in range(1, size + 1)
    ]
    found = one("place", candidates, bands=PODIUM, field=floor, apart="group")
    assert given(found) == {"w01": "gold", "w02": "silver", "w03": "bronze"}
    assert refused(found)["s01"] == "field_void"


def test_groups_ranked_together_are_awarded_apart():
    candidates = ranked(1, 2, 3, 4, 5, group=["w", "s", "s", "w", ""])
    found = one("place", candidates, bands=PODIUM[:1], apart="group")
    assert given(found) == {"A": "gold", "B": "gold", "E": "gold"}
    assert {grant.recipient: grant.place for grant in found.grants} == {"A": 1, "B": 1, "E": 1}


ranks = st.lists(st.integers(1, 8), max_size=20)


@for_all(ranks, st.randoms(), st.sampled_from(["all", "lower", "ask"]))
def test_everyone_has_exactly_one_verdict_and_the_order_of_input_never_shows(numbers, random, ties):
    candidates = ranked(*numbers)
    tables = [
        {"key": "medal", "by": "place", "bands": PODIUM, "ties": ties},
        {"key": "rest", "by": "share", "bands": CNC, "ties": ties, "after": ("medal",)},
    ]
    found = award(tables, candidates)
    for rule in ("medal", "rest"):
        verdicts = [grant.recipient for grant in found.grants if grant.rule == rule]
        verdicts += [refusal.recipient for refusal in found.refusals if refusal.rule == rule]
        verdicts += [
            subject for question in found.questions if question.rule == rule for subject in question.subjects
        ]
        assert sorted(verdicts) == [candidate.key for candidate in candidates]
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert award(tables, shuffled) == found


@for_all(ranks)
def test_nobody_worse_gets_a_better_band(numbers):
    found = given(one("place", ranked(*numbers), bands=PODIUM))
    value = {"gold": 3, "silver": 2, "bronze": 1, None: 0}
    by_key = {candidate.key: candidate.rank for candidate in ranked(*numbers)}
    for better, rank in by_key.items():
        for worse, other in by_key.items():
            if rank < other:
                assert value[found.get(better)] >= value[found.get(worse)]


FLOORS = (
    {"award": "first", "places": 2, "at_least": 990},
    {"award": "second", "places": 2, "at_least": "997.5"},
    {"award": "third", "places": 2, "at_least": 996},
    {"award": "passed", "rest": True, "at_least": 994},
)


def test_a_band_may_ask_for_a_total_and_who_misses_it_falls_to_the_next():
    # Totals are 999, 998 … 993: place 3 has 997, which is not enough for the second prize.
    found = one("place", field(7), bands=FLOORS)
    assert list(given(found).values()) == ["first", "first", "third", "third", "passed", "passed"]
    assert found.grants[2].reason == Reason(
        "falls_to_band", {"place": 3, "part": "total", "mark": Fraction(997), "line": Fraction("997.5")}
    )
    assert found.refusals == (
        Refusal(
            "prize",
            "007",
            "007",
            Reason("below_line", {"place": 7, "part": "total", "mark": Fraction(993), "line": Fraction(994)}),
        ),
    )


def test_a_share_may_ask_for_a_total_too():
    bands = (
        {"award": "first", "share": "20%", "at_least": 999},
        {"award": "second", "rest": True, "at_least": 998},
    )
    assert given(one("share", field(10), bands=bands)) == {"001": "first", "002": "second"}


def test_a_candidate_without_a_total_reaches_no_band_that_asks_for_one():
    assert refused(one("place", [Candidate("A", 1)], bands=FLOORS[:1])) == {"A": "below_line"}


def test_a_field_size_may_give_several_awards():
    sizes = (
        {"to": 10, "bands": ({"award": "first", "places": 1}, {"award": "second", "places": 1})},
        {"from": 12, "bands": ({"award": "first", "places": 2}, {"award": "second", "places": 3})},
    )
    assert counts(one("size", field(10), sizes=sizes)) == {"first": 1, "second": 1}
    assert counts(one("size", field(12), sizes=sizes)) == {"first": 2, "second": 3}
    found = one("size", field(11), sizes=sizes)
    assert (asked(found), len(found.refusals)) == ({"size_undefined": ("001", "002", "003", "004", "005")}, 6)


def test_a_rest_in_an_undefined_field_size_asks_about_everybody():
    sizes = ({"from": 5, "bands": ({"award": "first", "places": 1}, {"award": "passed", "rest": True})},)
    assert len(asked(one("size", field(4), sizes=sizes))["size_undefined"]) == 4
