"""Promotion in the eight levels, and ring-fenced quotas."""

from fractions import Fraction

import pytest

from contest.scoring.awarding import Awarding, Grant, Question, QuotaShare, Reason, Refusal
from contest.scoring.awarding.levels import CONTEST_CAP, LEVELS, UnknownLevel, step_of
from contest.scoring.awarding.once import promoted_once
from contest.scoring.awarding.quotas import share_of
from tests.scoring.lineups import asked, field, given, one, ranked, refused


def test_the_eight_levels_have_an_explicit_order():
    assert [level.zh for level in LEVELS] == [
        "学徒工",
        "初级工",
        "中级工",
        "高级工",
        "技师",
        "高级技师",
        "特级技师",
        "首席技师",
    ]
    assert step_of(CONTEST_CAP) == 5


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ("学徒工", 0),
        ("五级", 1),
        ("初级工/五级", 1),
        ("5", 1),
        ("四级/中级工", 2),
        ("三级", 3),
        (" 技 师 ", 4),
        ("二级", 4),
        ("一级", 5),
        ("高级技师/一级", 5),
        ("1", 5),
        ("特级技师", 6),
        ("chief_technician", 7),
    ],
)
def test_levels_are_read_as_rosters_write_them(written, step):
    assert step_of(written) == step


@pytest.mark.parametrize("written", ["", "六级", "工程师", "0"])
def test_what_is_no_level_is_a_named_error(written):
    with pytest.raises(UnknownLevel):
        step_of(written)


TEN = ({"places": 10, "level": "technician"},)


def promoted(level: str, **table: object) -> dict[str, str]:
    found = one("promotion", ranked(1, level=[level]), bands=TEN, **table)
    return given(found) | refused(found)


@pytest.mark.parametrize(
    ("present", "verdict"),
    [
        ("", "technician"),
        ("学徒工", "technician"),
        ("高级工", "technician"),
        ("技师", "senior_technician"),
        ("高级技师", "level_at_cap"),
        ("特级技师", "level_at_cap"),
        ("首席技师", "level_at_cap"),
    ],
)
def test_places_one_to_ten_become_technician_and_who_is_one_goes_a_step_up_capped(present, verdict):
    assert promoted(present) == {"A": verdict}


def test_the_grant_of_a_promotion_says_from_where_to_where():
    found = one("promotion", ranked(1, 2, level=["三级", "二级"]), bands=TEN, kind="prize")
    assert found.grants == (
        Grant(
            "prize",
            "technician",
            "A",
            "A",
            Reason("level_by_place", {"place": 1, "present": "senior", "level": "technician"}),
            1,
            "promotion",
        ),
        Grant(
            "prize",
            "senior_technician",
            "B",
            "B",
            Reason("level_one_step", {"place": 2, "present": "technician", "level": "senior_technician"}),
            2,
            "promotion",
        ),
    )


def test_someone_without_a_level_is_promoted_from_none():
    found = one("promotion", ranked(1), bands=TEN)
    assert found.grants[0].reason.params["present"] == ""


def test_the_refusal_at_the_cap_names_the_cap():
    found = one("promotion", ranked(1, level=["一级"]), bands=TEN)
    assert found.refusals[0].reason == Reason(
        "level_at_cap", {"place": 1, "present": "senior_technician", "level": "senior_technician"}
    )


def test_a_lower_cap_holds_too_and_limits_the_level_of_the_band():
    assert promoted("技师", cap="technician") == {"A": "level_at_cap"}
    assert promoted("中级工", cap="senior") == {"A": "senior"}
    assert promoted("高级工", cap="senior") == {"A": "level_at_cap"}


def test_no_contest_leads_above_the_first_level_whatever_the_cap_says():
    assert promoted("高级技师", cap="chief_technician") == {"A": "level_at_cap"}


def test_who_has_the_level_already_may_be_refused_instead():
    found = one("promotion", ranked(1, 2, level=["技师", "高级技师"]), bands=TEN, held="refuse")
    assert found.refusals == (
        Refusal(
            "prize",
            "A",
            "A",
            Reason("level_held", {"place": 1, "present": "technician", "level": "technician"}),
        ),
        Refusal(
            "prize",
            "B",
            "B",
            Reason("level_held", {"place": 2, "present": "senior_technician", "level": "technician"}),
        ),
    )


def test_students_are_promoted_lower():
    lower = {"attribute": "group", "values": ("student",), "steps": 2}
    candidates = ranked(1, 2, group=["student", "worker"])
    assert given(one("promotion", candidates, bands=TEN, lower=lower)) == {
        "A": "intermediate",
        "B": "technician",
    }
    lower = {"attribute": "group", "values": ("student",)}
    assert given(one("promotion", candidates, bands=TEN, lower=lower))["A"] == "senior"


def test_a_group_that_would_fall_below_the_lowest_level_gets_none():
    lower = {"attribute": "group", "values": ("student",), "steps": 5}
    found = one("promotion", ranked(1, group=["student"]), bands=TEN, lower=lower)
    assert found.refusals[0].reason == Reason("level_below_all", {"place": 1})
    lower = {"attribute": "group", "values": ("student",), "steps": 4}
    assert given(one("promotion", ranked(1, group=["student"]), bands=TEN, lower=lower)) == {
        "A": "apprentice"
    }


@pytest.mark.parametrize("value", ["yes", "是"])
def test_one_promotion_a_person_a_year(value):
    found = one("promotion", ranked(1, promoted_this_year=[value]), bands=TEN)
    assert found.refusals[0].reason == Reason("promoted_this_year", {"place": 1})


def test_no_earlier_promotion_is_in_the_way():
    assert given(one("promotion", ranked(1, promoted_this_year=["no"]), bands=TEN)) == {"A": "technician"}


def test_the_columns_of_level_and_promotion_are_settings():
    candidates = ranked(1, 2, grade=["二级", ""], done=["", "是"])
    found = one("promotion", candidates, bands=TEN, level="grade", promoted="done")
    assert (given(found), refused(found)) == ({"A": "senior_technician"}, {"B": "promoted_this_year"})


def test_a_level_that_cannot_be_read_asks():
    found = one("promotion", ranked(1, 2, level=["熟练工", "三级"]), bands=TEN)
    assert found.questions == (Question("prize", Reason("level_unknown", {"value": "熟练工"}), ("A",)),)
    assert given(found) == {"B": "technician"}


def test_bands_of_levels_follow_each_other_and_the_last_may_take_the_rest():
    bands = (
        {"places": 3, "level": "technician"},
        {"places": 5, "level": "senior"},
        {"rest": True, "level": "4"},
    )
    found = given(one("promotion", field(20), bands=bands))
    assert [found[f"{place:03}"] for place in (3, 4, 8, 9, 20)] == [
        "technician",
        "senior",
        "senior",
        "intermediate",
        "intermediate",
    ]


def test_ties_at_the_line_of_a_promotion_follow_the_stated_choice():
    bands = ({"places": 1, "level": "technician"},)
    assert asked(one("promotion", ranked(1, 1), bands=bands, ties="ask")) == {"tie_at_line": ("A", "B")}
    assert len(one("promotion", ranked(1, 1), bands=bands).grants) == 2
    assert refused(one("promotion", ranked(1, 2), bands=bands)) == {"B": "beyond_places"}


def promotion(recipient: str, level: str, kind: str = "promotion") -> Grant:
    return Grant("level", level, recipient, recipient, Reason("level_by_place"), 1, kind)


def test_a_person_promoted_in_two_events_keeps_the_higher_level():
    low, high = promotion("e1", "senior"), promotion("x9", "technician")
    found = promoted_once(
        [Awarding(grants=(low,)), Awarding(grants=(high, promotion("x8", "senior")))],
        ["welding", "turning"],
        [{"e1": "张三"}, {"x9": "张三"}],
    )
    reason = Reason("promoted_elsewhere", {"event": "turning", "level": "technician"})
    assert found == [
        Awarding(refusals=(Refusal("level", "e1", "e1", reason, "senior"),)),
        Awarding(grants=(high, promotion("x8", "senior"))),
    ]


def test_of_two_equal_promotions_the_first_stands():
    first, second = promotion("e1", "senior"), promotion("e1", "senior")
    found = promoted_once([Awarding(grants=(first,)), Awarding(grants=(second,))], ["a", "b"], [{}, {}])
    assert [len(one.grants) for one in found] == [1, 0]
    assert found[1].refusals[0].reason == Reason("promoted_elsewhere", {"event": "a", "level": "senior"})


def test_a_person_may_have_any_number_of_prizes_beside_one_promotion():
    grants = (promotion("e1", "gold", "medal"), promotion("e1", "senior"), promotion("e1", "first", "prize"))
    assert promoted_once([Awarding(grants=grants)], ["a"], [{}]) == [Awarding(grants=grants)]


def people(
    size: int, named: int, column: str = "category", value: str = "industrial"
) -> list[dict[str, str]]:
    return [{column: value} if i < named else {} for i in range(size)]


QUOTA = {"key": "q", "attribute": "category", "values": ("industrial",)}


# Published shares of the national May First labour medals, 2023 (991 people) and 2024 (943).
@pytest.mark.parametrize(
    ("base", "count", "share"),
    [
        (991, 412, "41.6"),
        (991, 235, "23.7"),
        (991, 215, "21.7"),
        (991, 167, "16.9"),
        (943, 380, "40.3"),
        (943, 236, "25.0"),
        (943, 206, "21.8"),  # the notice prints 21.9; the arithmetic gives 21.8
        (943, 172, "18.2"),
        (943, 45, "4.8"),
        (943, 76, "8.1"),
    ],
)
def test_published_shares_come_out_to_the_decimal(base, count, share):
    found = share_of("medal", {**QUOTA, "at_least": "1%"}, people(base, count))
    assert (found.count, found.base, found.share) == (count, base, Fraction(share))


def test_the_margin_is_positive_on_the_right_side_of_either_limit():
    least = share_of("m", {**QUOTA, "at_least": "35%"}, people(40, 18))
    most = share_of("m", {**QUOTA, "at_most": "13%"}, people(40, 5))
    assert least == QuotaShare("m", "q", 18, 40, Fraction(45), Fraction(35), Fraction(10), True)
    assert most == QuotaShare("m", "q", 5, 40, Fraction("12.5"), Fraction(13), Fraction("0.5"), True)


def test_a_quota_is_decided_by_the_exact_share_not_the_printed_one():
    # 349 of 998 are 34.97 %: printed 35.0, and still below 35 %.
    found = share_of("m", {**QUOTA, "at_least": "35%"}, people(998, 349))
    assert (found.share, found.margin, found.kept) == (Fraction(35), Fraction(0), False)
    assert share_of("m", {**QUOTA, "at_least": "35%"}, people(100, 35)).kept
    assert share_of("m", {**QUOTA, "at_most": "13%"}, people(100, 13)).kept
    over = share_of("m", {**QUOTA, "at_most": "13%"}, people(100, 14))
    assert (over.margin, over.kept) == (Fraction(-1), False)


def test_a_quota_over_nobody_is_a_share_of_zero():
    found = share_of("m", {**QUOTA, "at_least": "35%"}, [])
    assert (found.share, found.margin, found.kept) == (0, Fraction(-35), False)


def test_quotas_are_taken_over_everybody_to_whom_the_rule_gave_something():
    candidates = ranked(1, 2, 3, 4, category=["industrial", "head", "industrial", "industrial"])
    found = one(
        "place",
        candidates,
        bands=({"award": "m", "places": 3},),
        quotas=(
            {"key": "industrial", "attribute": "category", "values": ("industrial",), "at_least": "35%"},
            {"key": "heads", "attribute": "category", "values": ("head",), "at_most": "13%"},
        ),
    )
    assert found.quotas == (
        QuotaShare("prize", "industrial", 2, 3, Fraction("66.7"), Fraction(35), Fraction("31.7"), True),
        QuotaShare("prize", "heads", 1, 3, Fraction("33.3"), Fraction(13), Fraction("-20.3"), False),
    )


def test_a_person_of_two_kinds_counts_in_both_quotas():
    candidates = ranked(1, 2, category=["industrial", ""], migrant=["yes", ""])
    quotas = (
        {"key": "a", "attribute": "category", "values": ("industrial",), "at_least": "35%"},
        {"key": "b", "attribute": "migrant", "values": ("yes",), "at_least": "10%"},
    )
    found = one("place", candidates, bands=({"award": "m", "places": 2},), quotas=quotas)
    assert [(quota.count, quota.share) for quota in found.quotas] == [(1, 50), (1, 50)]
