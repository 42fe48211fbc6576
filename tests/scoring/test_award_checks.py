"""Mistakes in award tables, tables and overall awards are refused with a sentence that says how to mend them."""

from typing import Any

import pytest

from contest.scoring.awarding.amounts import UnreadableAmount, exact, one_decimal, people
from contest.scoring.awarding.checks import check_awards
from contest.scoring.awarding.mistakes import PROBLEMS
from contest.scoring.problems import Problem
from contest.scoring.registry import TABLES
from contest.scoring.table_checks import check_overall, check_tables

GOLD = ({"award": "gold", "places": 1},)
PLACE: dict[str, Any] = {"key": "medal", "by": "place", "bands": GOLD}
SHARE: dict[str, Any] = {"key": "prize", "by": "share", "bands": ({"award": "first", "share": "10%"},)}


def found(*tables: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    problems = check_awards(tables, parts=("theory", "practice"))
    for problem in problems:
        for language in ("en", "zh"):
            assert problem.sentence(language).startswith(problem.path)
    return [(problem.code, problem.path, dict(problem.params)) for problem in problems]


def test_award_tables_without_a_mistake_have_no_problem():
    everything = {
        **PLACE,
        "key": "all",
        "title_zh": "奖",
        "kind": "title",
        "to": "members",
        "only": {"group": ("w",)},
        "unless": {"veto": ["yes"]},
        "needs": {"theory": 60, "total": "59.5"},
        "gates": "ignore",
        "holders": {"attribute": "holder", "values": ("x",), "policy": "bar"},
        "requires": {"medal": ("gold",)},
        "after": ("medal",),
        "pass_down": ("only", "unless", "holders", "gates", "needs", "requires", "after"),
        "apart": "group",
        "field": ({"from": 6}, {"from": 3, "to": 5, "awards": ("gold",)}, {"to": 2, "void": True}),
        "field_of": "entrants",
        "quotas": ({"key": "q", "attribute": "c", "values": ("i",), "at_least": "35%"},),
        "names": {"gold": ("金", "Gold")},
    }
    assert found(PLACE, everything, SHARE) == []


@pytest.mark.parametrize("name", ["key", "by"])
def test_key_and_rule_must_be_there(name):
    table = {k: v for k, v in PLACE.items() if k != name}
    where = "awards.0" if name == "key" else "awards.medal"
    assert found(table) == [("award_incomplete", where, {"field": name})]


def test_an_unknown_rule_names_the_known_ones():
    (problem,) = found({"key": "m", "by": "magic"})
    assert problem == (
        "award_rule_unknown",
        "awards.m",
        {
            "by": "magic",
            "known": ("full_mark", "gap", "hand", "kind", "place", "promotion", "score", "share", "size"),
        },
    )


def test_a_key_used_twice_in_a_ranking_is_refused():
    assert found(PLACE, PLACE) == [("award_key_twice", "awards.medal", {"key": "medal"})]


def test_unknown_missing_and_mistyped_parameters_are_refused():
    assert found({**PLACE, "colour": "red"}) == [
        ("award_parameter", "awards.medal", {"name": "colour", "reason": "unknown", "value": "red"})
    ]
    assert found({"key": "m", "by": "place"}) == [
        ("award_parameter", "awards.m", {"name": "bands", "reason": "missing", "value": None})
    ]
    assert found({**PLACE, "ties": "maybe"}) == [
        ("award_parameter", "awards.medal", {"name": "ties", "reason": "choice", "value": "maybe"})
    ]


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("only", ("w",), "table"),
        ("needs", 60, "table"),
        ("names", "x", "table"),
        ("after", "medal", "list"),
        ("pass_down", "only", "list"),
        ("field", {}, "list"),
        ("quotas", {}, "list"),
        ("apart", 1, "text"),
        ("to", None, "text"),
    ],
)
def test_common_options_have_their_types(name, value, kind):
    assert found({**PLACE, name: value}) == [
        ("award_parameter", "awards.medal", {"name": name, "reason": kind, "value": str(value)})
    ]


@pytest.mark.parametrize("name", ["only", "unless", "requires"])
def test_values_of_a_condition_are_a_list(name):
    assert found({**PLACE, name: {"group": "worker"}}) == [
        ("award_parameter", "awards.medal", {"name": f"{name}.group", "reason": "list", "value": "worker"})
    ]


@pytest.mark.parametrize(
    ("name", "value", "choices"),
    [
        ("kind", "cup", ("prize", "medal", "title", "promotion", "penalty")),
        ("gates", "maybe", ("refuse", "ignore")),
        ("field_of", "all", ("entrants", "present", "ranked", "eligible")),
    ],
)
def test_choices_are_named(name, value, choices):
    assert found({**PLACE, name: value}) == [
        ("award_choice", "awards.medal", {"name": name, "value": value, "choices": choices})
    ]


def test_pass_down_names_conditions():
    ((code, path, params),) = found({**PLACE, "pass_down": ("only", "luck")})
    assert (code, path, params["value"]) == ("award_choice", "awards.medal", "luck")


def test_prior_holders_need_a_column_and_a_policy():
    problems = found({**PLACE, "holders": {"policy": "shoot"}})
    assert [(code, path) for code, path, _ in problems] == [
        ("award_incomplete", "awards.medal.holders"),
        ("award_choice", "awards.medal"),
    ]
    assert problems[1][2] == {
        "name": "holders.policy",
        "value": "shoot",
        "choices": ("bar", "pass_down", "no_repeat"),
    }


def test_values_that_mean_a_prior_holder_are_a_list():
    holders = {"attribute": "title", "policy": "bar", "values": "技术能手"}
    assert found({**PLACE, "holders": holders}) == [
        ("award_parameter", "awards.medal", {"name": "holders.values", "reason": "list", "value": "技术能手"})
    ]


@pytest.mark.parametrize("names", ["金牌", ("金牌",), ("a", "b", "c")])
def test_an_award_has_a_chinese_and_an_english_name(names):
    assert found({**PLACE, "names": {"gold": names}}) == [
        ("award_parameter", "awards.medal", {"name": "names.gold", "reason": "2", "value": str(names)})
    ]


def test_a_pass_line_is_on_a_part_that_is_there_and_is_exact():
    assert found({**PLACE, "needs": {"swimming": 60, "theory": "sixty"}}) == [
        ("award_part_unknown", "awards.medal.needs", {"part": "swimming"}),
        ("award_amount", "awards.medal.needs.theory", {"value": "sixty"}),
    ]


def test_earlier_awards_must_be_earlier():
    later = {**PLACE, "key": "order", "after": ("prize",), "requires": {"medal": ()}}
    assert found(PLACE, later, SHARE) == [("award_rule_later", "awards.order", {"rule": "prize"})]
    assert found({**PLACE, "after": ("medal",)}) == [("award_rule_later", "awards.medal", {"rule": "medal"})]


def test_awards_of_rounds_name_a_round_and_only_see_awards_of_the_same():
    rounds = ("m1", "m2")
    monthly = {**PLACE, "key": "flag", "round": "each"}
    assert check_awards([PLACE, monthly, {**PLACE, "key": "x", "round": "m2"}], parts=(), rounds=rounds) == []
    assert check_awards([{**PLACE, "round": "m3"}], parts=(), rounds=rounds) == [
        Problem(
            "award_choice",
            "awards.medal",
            {"name": "round", "value": "m3", "choices": ("", "each", "m1", "m2")},
        )
    ]
    assert found(monthly) == [
        ("award_choice", "awards.flag", {"name": "round", "value": "each", "choices": ("",)})
    ]
    assert check_awards([PLACE, {**monthly, "after": ("medal",)}], parts=(), rounds=rounds) == [
        Problem("award_rule_later", "awards.flag", {"rule": "medal"})
    ]
    later = {**monthly, "key": "next", "after": ("flag",)}
    assert check_awards([monthly, later], parts=(), rounds=rounds) == []


def bands(by: str, *rows: Any, **more: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return found({"key": "m", "by": by, "bands": rows, **more})


def test_a_rule_needs_a_band_and_a_band_its_award():
    assert bands("place") == [("award_bands_empty", "awards.m", {})]
    assert bands("place", {"places": 1}, "gold") == [
        ("award_incomplete", "awards.m.bands.1", {"field": "award"}),
        ("award_incomplete", "awards.m.bands.2", {"field": "award"}),
    ]


def test_a_band_says_how_far_it_reaches():
    assert bands("place", {"award": "g"}) == [("award_incomplete", "awards.m.bands.1", {"field": "places"})]
    assert bands("share", {"award": "g"}) == [("award_incomplete", "awards.m.bands.1", {"field": "share"})]
    assert bands("score", {"award": "g"}) == [("award_incomplete", "awards.m.bands.1", {"field": "at_least"})]
    assert bands("score", {"award": "g", "below": "x"}) == [
        ("award_amount", "awards.m.bands.1", {"value": "x"})
    ]
    assert bands("score", {"award": "g", "below": 60}) == []
    assert bands("place", {"award": "g", "rest": True}) == []
    assert bands("promotion", {"rest": True, "level": "senior"}) == []


@pytest.mark.parametrize("places", [0, -1, "3", True, None])
def test_a_band_covers_at_least_one_place(places):
    assert bands("place", {"award": "g", "places": places}) == [
        ("award_band_empty", "awards.m.bands.1", {"award": "g", "field": "places"})
    ]


def test_a_share_is_positive_readable_and_not_more_than_the_field():
    assert bands("share", {"award": "g", "share": "0%"}) == [
        ("award_band_empty", "awards.m.bands.1", {"award": "g", "field": "share"})
    ]
    assert bands("share", {"award": "g", "share": "some"}) == [
        ("award_amount", "awards.m.bands.1", {"value": "some"})
    ]
    assert bands("share", {"award": "g", "share": "60%"}, {"award": "s", "share": "1/2"}) == [
        ("award_share_over", "awards.m", {"sum": "110%"})
    ]
    assert bands("share", {"award": "g", "share": "60%"}, {"award": "s", "share": "40%"}) == []
    assert bands("share", {"award": "g", "share": "60%"}, {"award": "s", "rest": True}) == []


def test_nothing_comes_after_the_band_that_takes_the_rest():
    assert bands("place", {"award": "a", "rest": True}, {"award": "b", "places": 1}) == [
        ("award_band_unreachable", "awards.m.bands.2", {"award": "b"})
    ]


def test_levels_of_a_promotion_are_levels_that_a_contest_may_lead_to():
    assert bands("promotion", {"places": 1, "level": "boss"})[0][:2] == (
        "award_level_unknown",
        "awards.m.bands.1",
    )
    assert bands("promotion", {"places": 1, "level": "特级技师"}) == [
        ("award_level_high", "awards.m.bands.1", {"level": "special_technician", "cap": "senior_technician"})
    ]
    assert bands("promotion", {"places": 1, "level": "高级技师"}) == []
    assert bands("promotion", {"places": 0, "level": "技师"}) == [
        ("award_band_empty", "awards.m.bands.1", {"award": "技师", "field": "places"})
    ]
    assert bands("promotion", {"places": 1}) == [("award_incomplete", "awards.m.bands.1", {"field": "level"})]
    assert bands("promotion", {"places": 1, "level": "技师"}, cap="chief_technician") == [
        ("award_level_high", "awards.m", {"level": "chief_technician", "cap": "senior_technician"})
    ]


def test_groups_that_get_a_lower_level_are_complete():
    band = {"places": 1, "level": "技师"}
    assert bands("promotion", band, lower={"attribute": "g", "values": ("s",), "steps": 2}) == []
    assert bands("promotion", band, lower={"values": "s", "steps": 0}) == [
        ("award_incomplete", "awards.m.lower", {"field": "attribute"}),
        ("award_parameter", "awards.m.lower", {"name": "values", "reason": "list", "value": "s"}),
        ("award_band_empty", "awards.m.lower", {"award": "lower", "field": "steps"}),
    ]


def test_a_score_is_judged_on_a_part_and_a_scale_that_are_there():
    assert bands("score", {"award": "g", "at_least": 1}, on="swimming") == [
        ("award_part_unknown", "awards.m", {"part": "swimming"})
    ]
    assert bands("score", {"award": "g", "at_least": 1}, on="theory") == []
    ((code, path, params),) = found({"key": "m", "by": "gap", "scale": "mean_9000"})
    assert (code, path, params["scale"]) == ("award_scale_unknown", "awards.m", "mean_9000")
    assert found({"key": "m", "by": "gap", "scale": "median_700"}) == []


def test_medals_by_gaps_have_four_names():
    assert found({"key": "m", "by": "gap", "awards": ("g", "s", "b")}) == [
        ("award_parameter", "awards.m", {"name": "awards", "reason": "4", "value": 3})
    ]


def test_each_kind_of_entry_has_at_least_one_place():
    assert found({"key": "m", "by": "kind", "award": "t", "places": {"pair": 0, "trio": 2}}) == [
        ("award_band_empty", "awards.m.places", {"award": "pair", "field": "places"})
    ]


def sizes(*rows: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return found({"key": "m", "by": "size", "award": "t", "sizes": rows})


def test_field_sizes_must_not_overlap_but_may_leave_a_gap():
    assert sizes({"to": 9, "places": 1}, {"from": 11, "places": 2}) == []
    assert sizes({"to": 10, "places": 1}, {"from": 10, "places": 2}) == [
        ("award_sizes_overlap", "awards.m.sizes", {"size": 10})
    ]
    assert sizes({"to": 9, "places": 1}, {"from": 5, "to": 7, "places": 2}) == [
        ("award_sizes_overlap", "awards.m.sizes", {"size": 5}),
        ("award_sizes_overlap", "awards.m.sizes", {"size": 7}),
    ]


def test_field_sizes_are_whole_numbers_and_have_places():
    assert sizes({"to": 9}) == [("award_incomplete", "awards.m.sizes.1", {"field": "places"})]
    assert sizes({"to": "9", "places": 1}) == [("award_incomplete", "awards.m.sizes.1", {"field": "to"})]
    assert sizes("9") == [("award_incomplete", "awards.m.sizes.1", {"field": "from"})]
    assert found({**PLACE, "field": ({"to": 9}, {"from": 9, "void": True})}) == [
        ("award_sizes_overlap", "awards.medal.field", {"size": 9})
    ]


def test_the_awards_of_a_small_field_are_a_list():
    assert found({**PLACE, "field": ({"to": 5, "awards": "gold"},)}) == [
        ("award_parameter", "awards.medal.field.1", {"name": "awards", "reason": "list", "value": "gold"})
    ]


@pytest.mark.parametrize(
    "quota",
    [
        {"attribute": "c", "values": (), "at_least": "1%"},
        {"key": "q", "values": (), "at_least": "1%"},
        {"key": "q", "attribute": "c", "at_least": "1%"},
        {"key": "q", "attribute": "c", "values": ()},
        {"key": "q", "attribute": "c", "values": (), "at_least": "1%", "at_most": "2%"},
        "35%",
    ],
)
def test_a_quota_is_complete(quota):
    assert found({**PLACE, "quotas": (quota,)}) == [("quota_incomplete", "awards.medal.quotas.1", {})]


def test_a_quota_has_an_exact_limit_and_a_list_of_values():
    quota = {"key": "q", "attribute": "c", "values": "industrial", "at_least": "1%"}
    assert found({**PLACE, "quotas": (quota,)}) == [
        (
            "award_parameter",
            "awards.medal.quotas.1",
            {"name": "values", "reason": "list", "value": "industrial"},
        )
    ]
    quota = {"key": "q", "attribute": "c", "values": (), "at_most": "some"}
    assert found({**PLACE, "quotas": (quota,)}) == [
        ("award_amount", "awards.medal.quotas.1", {"value": "some"})
    ]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (60, "60"),
        ("59.5", "59.5"),
        ("1/3", "1/3"),
        ("5%", "1/20"),
        ("12.5%", "1/8"),
        ("-3", "-3"),
        ("0", "0"),
    ],
)
def test_amounts_are_read_exactly(written, value):
    assert str(exact(written)) == str(exact(value))
    assert exact("12.5%") * 8 == 1


@pytest.mark.parametrize(
    "written",
    [0.1, True, None, "", "nan", "inf", "1e999999999", "１", "1/0", "5 %", "--1", "1" * 13, "1." + "0" * 10],
)
def test_what_is_not_exact_is_a_named_error(written):
    with pytest.raises(UnreadableAmount):
        exact(written)


def test_people_and_percentages_are_rounded_as_stated():
    assert [people(exact("2.5"), how) for how in ("up", "down", "half_up", "half_even")] == [3, 2, 3, 2]
    assert (str(one_decimal(exact("1/3"))), str(one_decimal(exact("-0.0005")))) == ("333/10", "-1/10")


RANKINGS = {"event": ("medal",)}


def tables(*rows: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    problems = check_tables(rows, rankings=RANKINGS, parts=("theory",))
    assert all(problem.sentence("zh") and problem.sentence("en") for problem in problems)
    return [(problem.code, problem.path, dict(problem.params)) for problem in problems]


SUM: dict[str, Any] = {"key": "t", "by": "sum", "ranking": "event"}


def test_tables_without_a_mistake_have_no_problem():
    full = {
        **SUM,
        "key": "u",
        "group": "team",
        "where": {"kind": ("official",)},
        "scale": "median_700",
        "per_event": True,
        "then": ("best", "best_place", "count_back", "theory"),
        "parts": ("theory",),
        "rule": "medal",
        "counts": ("gold",),
        "awards": ({**PLACE, "needs": {"points": 1, "gold": 1}},),
    }
    assert tables(SUM, full) == []


@pytest.mark.parametrize("name", ["key", "by", "ranking"])
def test_a_table_needs_key_method_and_ranking(name):
    table = {k: v for k, v in SUM.items() if k != name}
    assert tables(table) == [
        ("award_incomplete", "tables.1" if name == "key" else "tables.t", {"field": name})
    ]


def test_a_table_key_is_used_once():
    assert tables(SUM, SUM) == [("award_key_twice", "tables.t", {"key": "t"})]


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [("group", 1, "text"), ("where", (), "table"), ("awards", {}, "list"), ("per_event", "yes", "bool")],
)
def test_options_of_a_table_have_their_types(name, value, kind):
    assert tables({**SUM, name: value}) == [
        ("table_parameter", "tables.t", {"name": name, "reason": kind, "value": str(value)})
    ]


def test_methods_parameters_and_references_of_a_table_are_checked():
    assert tables({**SUM, "by": "magic"})[0] == (
        "table_unknown",
        "tables.t",
        {
            "by": "magic",
            "known": tuple(TABLES.keys()),
        },
    )
    assert tables({**SUM, "members": "two"}) == [
        ("table_parameter", "tables.t", {"name": "members", "reason": "int", "value": "two"})
    ]
    assert tables({**SUM, "ranking": "nowhere"}) == [
        ("table_ranking_unknown", "tables.t", {"ranking": "nowhere", "known": ("event",)})
    ]
    assert tables({**SUM, "by": "medals", "rule": "prize"}) == [
        ("table_award_unknown", "tables.t", {"rule": "prize", "known": ("medal",)})
    ]
    known = ("mean_500", "median_700", "percentile", "share_of_best", "z_score")
    assert tables({**SUM, "scale": "x"}) == [
        ("award_scale_unknown", "tables.t", {"scale": "x", "known": known})
    ]
    assert tables({**SUM, "then": ("swimming",)}) == [
        ("award_part_unknown", "tables.t", {"part": "swimming"})
    ]
    assert tables({**SUM, "parts": ("swimming",)}) == [
        ("award_part_unknown", "tables.t", {"part": "swimming"})
    ]
    needs = {**SUM, "by": "points_by_award", "rule": "medal", "points": {}, "needs": {"swimming": 60}}
    assert tables(needs) == [("award_part_unknown", "tables.t", {"part": "swimming"})]


def test_points_and_pass_lines_of_a_table_are_exact():
    assert tables({**SUM, "by": "points_by_place", "points": ("9", "many", 0)}) == [
        ("award_amount", "tables.t.points", {"value": "many"})
    ]
    by_award = {
        **SUM,
        "by": "points_by_award",
        "rule": "medal",
        "points": {"gold": "x"},
        "needs": {"theory": "y"},
    }
    assert tables(by_award) == [
        ("award_amount", "tables.t.points", {"value": "x"}),
        ("award_amount", "tables.t.needs", {"value": "y"}),
    ]


def test_the_awards_of_a_table_are_checked_too():
    assert tables({**SUM, "awards": ({"key": "m", "by": "place"},)})[0][:2] == (
        "award_parameter",
        "tables.t.awards.m",
    )
    assert tables({**SUM, "awards": ({**PLACE, "needs": {"practice": 1}},)}) == [
        ("award_part_unknown", "tables.t.awards.medal.needs", {"part": "practice"})
    ]


def test_overall_awards_name_a_ranking_and_a_scale():
    table = {**PLACE, "key": "best", "ranking": "event", "scale": "median_700", "after": ("medal",)}
    assert check_overall([table], rankings=RANKINGS, parts=()) == []
    wrong = {**table, "ranking": "nowhere", "scale": "x", "after": ()}
    assert check_overall([wrong], rankings=RANKINGS, parts=()) == [
        Problem("table_ranking_unknown", "overall.best", {"ranking": "nowhere", "known": ("event",)}),
        Problem(
            "award_scale_unknown",
            "overall.best",
            {"scale": "x", "known": ("mean_500", "median_700", "percentile", "share_of_best", "z_score")},
        ),
    ]
    (problem,) = check_overall(
        [{"by": "place", "bands": GOLD, "ranking": "event"}], rankings=RANKINGS, parts=()
    )
    assert (problem.code, problem.path) == ("award_incomplete", "overall.1")


def test_every_problem_has_words_in_both_languages():
    assert all(english and chinese and english != chinese for english, chinese in PROBLEMS.values())


def test_limits_are_whole_numbers_and_name_a_column():
    assert found({**PLACE, "within": 3, "limit": {"attribute": "unit", "number": 2}}) == []
    assert found({**PLACE, "within": 0}) == [
        ("award_band_empty", "awards.medal", {"award": "within", "field": "within"})
    ]
    for limit in (
        {},
        {"attribute": "unit"},
        {"number": 2},
        {"attribute": "unit", "number": 0},
        {"attribute": 1, "number": 2},
    ):
        assert found({**PLACE, "limit": limit}) == [("award_limit", "awards.medal.limit", {})]
    assert found({**PLACE, "limit": {"attribute": "unit", "number": True}}) == [
        ("award_limit", "awards.medal.limit", {})
    ]


def test_a_total_that_a_band_asks_for_is_exact():
    assert bands("place", {"award": "g", "places": 1, "at_least": "x"}) == [
        ("award_amount", "awards.m.bands.1", {"value": "x"})
    ]
    assert bands("share", {"award": "g", "rest": True, "at_least": "x"}) == [
        ("award_amount", "awards.m.bands.1", {"value": "x"})
    ]


def test_bands_of_a_field_size_are_checked_like_any_others():
    row = {"to": 9, "bands": ({"award": "g", "places": 0},)}
    assert found({"key": "m", "by": "size", "sizes": (row,)}) == [
        ("award_band_empty", "awards.m.sizes.1.bands.1", {"award": "g", "field": "places"})
    ]
    assert found({"key": "m", "by": "size", "sizes": ({"to": 9, "bands": GOLD},)}) == []


def test_problems_of_conditions_name_everything_there_is_to_know():
    assert found({**PLACE, "requires": {"gone": ()}}) == [
        ("award_rule_later", "awards.medal", {"rule": "gone"})
    ]
    assert found({**PLACE, "pass_down": ("luck",)}) == [
        (
            "award_choice",
            "awards.medal",
            {
                "name": "pass_down",
                "value": "luck",
                "choices": ("only", "within", "unless", "holders", "gates", "needs", "requires", "after"),
            },
        )
    ]
    assert found({**PLACE, "holders": {"policy": "bar"}}) == [
        ("award_incomplete", "awards.medal.holders", {"field": "attribute"})
    ]
    assert found({**PLACE, "holders": {"attribute": "h"}}) == [
        (
            "award_choice",
            "awards.medal",
            {"name": "holders.policy", "value": "None", "choices": ("bar", "pass_down", "no_repeat")},
        )
    ]


def test_an_unknown_level_names_all_eight():
    ((_, _, params),) = bands("promotion", {"places": 1, "level": "boss"})
    assert params == {
        "level": "boss",
        "known": (
            "apprentice",
            "junior",
            "intermediate",
            "senior",
            "technician",
            "senior_technician",
            "special_technician",
            "chief_technician",
        ),
    }


def test_only_shares_count_towards_the_whole_field():
    assert bands("share", {"award": "a", "share": "90%"}, {"award": "b", "share": "90%", "rest": True}) == []
    assert (
        bands(
            "score",
            {"award": "a", "at_least": 90, "share": "90%"},
            {"award": "b", "below": 9, "share": "90%"},
        )
        == []
    )


def test_every_edge_of_a_row_of_sizes_is_looked_at():
    assert sizes({"from": "1", "places": 1}) == [("award_incomplete", "awards.m.sizes.1", {"field": "from"})]
    assert sizes({"to": 9, "places": 1}, {"from": 5, "to": 20, "places": 1}, {"from": 30, "places": 2}) == [
        ("award_sizes_overlap", "awards.m.sizes", {"size": 5}),
        ("award_sizes_overlap", "awards.m.sizes", {"size": 9}),
    ]
    assert sizes({"from": 1, "to": "x", "places": 1}, {"from": 1, "places": 1}) == [
        ("award_incomplete", "awards.m.sizes.1", {"field": "to"})
    ]


def test_field_sizes_have_a_row_and_an_award():
    assert found({"key": "m", "by": "size", "award": "t", "sizes": ()}) == [
        ("award_bands_empty", "awards.m.sizes", {})
    ]
    assert found({"key": "m", "by": "size", "sizes": ({"to": 9, "places": 1},)}) == [
        ("award_incomplete", "awards.m", {"field": "award"})
    ]
    assert found({"key": "m", "by": "full_mark", "award": ""}) == [
        ("award_incomplete", "awards.m", {"field": "award"})
    ]


@pytest.mark.parametrize("junk", [{}, {"a": 1}, [1], 5, None])
def test_keys_that_are_no_text_are_refused_and_nothing_breaks(junk):
    assert [code for code, _, _ in found({**PLACE, "key": junk})] == ["award_incomplete"] * (not junk) + [
        "award_parameter"
    ] or junk in ([1], 5)
    assert check_overall([{**PLACE, "ranking": junk, "scale": junk}], rankings=RANKINGS, parts=())
