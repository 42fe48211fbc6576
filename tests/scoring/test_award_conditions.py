"""Eligibility, pass gates, prior holders, vetoes, coaches and members: who gets it besides the place."""

from fractions import Fraction

import pytest

from contest.scoring.awarding import Candidate, Grant, Member, Question, Reason, Refusal, award
from tests.scoring.lineups import asked, given, one, ranked, refused

THREE = ({"award": "technical_expert", "places": 3},)
TWO = ({"award": "technical_expert", "places": 2},)


def test_titles_are_for_workers_only_and_students_do_not_take_a_place():
    candidates = ranked(1, 2, 3, 4, 5, group=["student", "worker", "student", "worker", "worker"])
    found = one("place", candidates, bands=TWO, only={"group": ("worker",)}, kind="title")
    assert [(grant.recipient, grant.place, grant.kind) for grant in found.grants] == [
        ("B", 1, "title"),
        ("D", 2, "title"),
    ]
    assert found.refusals == (
        Refusal("prize", "A", "A", Reason("not_eligible", {"attribute": "group", "value": "student"})),
        Refusal("prize", "C", "C", Reason("not_eligible", {"attribute": "group", "value": "student"})),
        Refusal("prize", "E", "E", Reason("beyond_places", {"place": 3, "last": 2})),
    )


def test_an_eligible_value_must_be_there():
    assert refused(one("place", ranked(1), bands=TWO, only={"group": ("worker",)})) == {"A": "not_eligible"}


def test_places_of_the_ineligible_may_be_kept_open_instead():
    candidates = ranked(1, 2, 3, group=["student", "worker", "worker"])
    found = one("place", candidates, bands=TWO, only={"group": ("worker",)}, pass_down=())
    assert given(found) == {"B": "technical_expert"}
    assert found.refusals[0] == Refusal(
        "prize",
        "A",
        "A",
        Reason("not_eligible", {"attribute": "group", "value": "student"}),
        "technical_expert",
    )


HOLDERS = {"attribute": "prior_holder"}


def holders() -> list[Candidate]:
    return ranked(1, 2, 3, 4, prior_holder=["", "yes", "no", "是"])


def test_the_place_of_a_prior_holder_passes_down():
    """依次递补 (山西): prior holders compete without honours and their place goes to the next."""
    found = one("place", holders(), bands=TWO, holders={**HOLDERS, "policy": "pass_down"})
    assert given(found) == {"A": "technical_expert", "C": "technical_expert"}
    assert refused(found) == {"B": "holder_pass_down", "D": "holder_pass_down"}


def test_a_prior_holder_does_not_get_it_twice_and_keeps_the_place():
    found = one("place", holders(), bands=TWO, holders={**HOLDERS, "policy": "no_repeat"})
    assert given(found) == {"A": "technical_expert"}
    assert refused(found) == {"B": "holder_no_repeat", "C": "beyond_places", "D": "holder_no_repeat"}


def test_a_barred_holder_among_the_winners_is_a_question_to_the_organiser():
    found = one("place", holders(), bands=TWO, holders={**HOLDERS, "policy": "bar"})
    assert given(found) == {"A": "technical_expert"}
    assert found.questions == (
        Question("prize", Reason("holder_bar", {"attribute": "prior_holder"}), ("B",)),
    )
    assert refused(found) == {"C": "beyond_places", "D": "holder_bar"}


def test_the_values_that_mean_a_prior_holder_are_a_setting():
    candidates = ranked(1, 2, title=["技术能手", ""])
    table = {"attribute": "title", "values": ("技术能手",), "policy": "pass_down"}
    assert given(one("place", candidates, bands=TWO[:1], holders=table)) == {"B": "technical_expert"}


def gated(theory: int | None, practice: int, gates: tuple[str, ...] = ()) -> Candidate:
    parts = {"practice": Fraction(practice)} | ({} if theory is None else {"theory": Fraction(theory)})
    return Candidate("A", 1, Fraction(practice), parts=parts, gates=gates)


def test_below_the_pass_line_there_is_no_prize_even_inside_the_band():
    """2025年全国数控机床装调维修工职工职业技能竞赛."""
    found = one("place", [gated(59, 90)], bands=THREE, needs={"theory": 60})
    assert found.refusals == (
        Refusal(
            "prize",
            "A",
            "A",
            Reason("below_line", {"part": "theory", "mark": Fraction(59), "line": Fraction(60)}),
            "technical_expert",
        ),
    )


def test_both_parts_must_be_passed_and_the_line_itself_is_a_pass():
    table = {"theory": 60, "practice": "60"}
    assert given(one("place", [gated(60, 60)], bands=THREE, needs=table)) == {"A": "technical_expert"}
    assert refused(one("place", [gated(100, 59)], bands=THREE, needs=table)) == {"A": "below_line"}


def test_a_part_without_a_mark_is_not_passed():
    found = one("place", [gated(None, 90)], bands=THREE, needs={"theory": 0})
    assert found.refusals[0].reason == Reason("part_missing", {"part": "theory"})


def test_the_total_may_have_a_pass_line():
    assert refused(one("place", [gated(60, 69)], bands=THREE, needs={"total": 70})) == {"A": "below_line"}
    assert given(one("place", [gated(60, 70)], bands=THREE, needs={"total": 70})) == {"A": "technical_expert"}


def test_the_place_of_someone_below_the_line_lapses_unless_it_passes_down():
    candidates = [gated(50, 90), Candidate("B", 2, Fraction(80), parts={"theory": Fraction(70)})]
    bands = ({"award": "first", "places": 1},)
    assert given(one("place", candidates, bands=bands, needs={"theory": 60})) == {}
    passed = one("place", candidates, bands=bands, needs={"theory": 60}, pass_down=("needs",))
    assert given(passed) == {"B": "first"}


def test_a_failed_pass_gate_of_the_scheme_refuses_unless_it_is_ignored():
    found = one("place", [gated(60, 60, ("safety", "theory"))], bands=THREE)
    assert found.refusals[0].reason == Reason("gate_failed", {"part": "safety"})
    assert given(one("place", [gated(60, 60, ("safety",))], bands=THREE, gates="ignore")) == {
        "A": "technical_expert"
    }


def test_a_veto_costs_the_honour_and_the_place_passes_down_if_stated():
    units = ranked(1, 2, 3, veto=["wage_arrears", "", "no"])
    table = {"bands": ({"award": "first", "places": 1},), "unless": {"veto": ("accident", "wage_arrears")}}
    assert given(one("place", units, **table)) == {}
    found = one("place", units, **table, pass_down=("unless",))
    assert given(found) == {"B": "first"}
    assert found.refusals[0].reason == Reason("barred", {"attribute": "veto", "value": "wage_arrears"})


MEDALS = {
    "key": "medal",
    "by": "place",
    "bands": ({"award": "gold", "places": 1}, {"award": "silver", "places": 1}),
}


def test_an_award_may_need_another_one_first():
    tables = [
        MEDALS,
        {
            "key": "order",
            "by": "place",
            "bands": ({"award": "o", "rest": True},),
            "requires": {"medal": ("gold",)},
        },
        {"key": "any", "by": "place", "bands": ({"award": "a", "rest": True},), "requires": {"medal": ()}},
    ]
    found = award(tables, ranked(1, 2, 3))
    assert [(grant.rule, grant.recipient) for grant in found.grants[2:]] == [
        ("order", "A"),
        ("any", "A"),
        ("any", "B"),
    ]
    assert found.refusals[1].reason == Reason("requirement_missing", {"rule": "medal", "awards": ("gold",)})


def test_who_has_an_earlier_award_may_be_passed_over():
    tables = [
        MEDALS,
        {"key": "next", "by": "place", "bands": THREE, "after": ("medal",), "pass_down": ("after",)},
    ]
    found = award(tables, ranked(1, 2, 3, 4, 5, 6))
    assert [grant.recipient for grant in found.grants if grant.rule == "next"] == ["C", "D", "E"]


def test_what_other_rankings_gave_can_be_asked_too():
    table = {"key": "title", "by": "place", "bands": THREE, "requires": {"team": ()}}
    found = award([table], ranked(1, 2), {"team": {"B": "gold"}})
    assert given(found) == {"B": "technical_expert"}


def test_the_first_condition_that_fails_is_the_reason():
    person = Candidate(
        "A",
        1,
        Fraction(50),
        gates=("safety",),
        attributes={"group": "student", "veto": "yes", "prior_holder": "yes"},
    )
    table = {
        "only": {"group": ("worker",)},
        "unless": {"veto": ("yes",)},
        "holders": {"attribute": "prior_holder", "policy": "no_repeat"},
        "needs": {"total": 60},
        "requires": {"medal": ()},
        "after": ("other",),
    }
    before = {"other": {"A": "x"}}
    order = []
    for name in ("only", "unless", "holders", "gates", "needs", "requires", "after"):
        found = award([{"key": "prize", "by": "place", "bands": THREE, **table}], [person], before)
        order.append(refused(found)["A"])
        table = (
            {**table, "gates": "ignore"} if name == "gates" else {k: v for k, v in table.items() if k != name}
        )
    assert order == [
        "not_eligible",
        "barred",
        "holder_no_repeat",
        "gate_failed",
        "below_line",
        "requirement_missing",
        "has_already",
    ]


def test_the_coach_of_the_champion_may_get_it_too():
    candidates = ranked(1, 2, coach=["王教练", "李教练"])
    table = {"bands": ({"award": "coach", "places": 1},), "to": "coach"}
    found = one("place", candidates, **table)
    assert found.grants == (
        Grant(
            "prize",
            "coach",
            "A",
            "王教练",
            Reason("place_in_band", {"place": 1, "first": 1, "last": 1}),
            1,
            "prize",
        ),
    )
    assert refused(found) == {"B": "beyond_places"}


@pytest.mark.parametrize("written", ["王教练; 李教练", "王教练；李教练；", " 王教练 ;李教练"])
def test_several_coaches_of_one_entry_get_one_each(written):
    table = {"bands": ({"award": "coach", "places": 1},), "to": "coach"}
    assert given(one("place", ranked(1, coach=[written]), **table)) == {"王教练": "coach", "李教练": "coach"}


def test_a_champion_without_a_named_coach_asks():
    table = {"bands": ({"award": "coach", "places": 1},), "to": "coach"}
    found = one("place", ranked(1), **table)
    assert (found.grants, asked(found)) == ((), {"recipient_unknown": ("A",)})


def pair(key: str, rank: int | None, *members: tuple[str, str]) -> Candidate:
    people = tuple(Member(name, {"group": group}) for name, group in members)
    return Candidate(key, rank, Fraction(10), attributes={"kind": "pair", "group": "mixed"}, members=people)


def test_a_title_goes_to_each_eligible_member_of_an_entry():
    pairs = [
        pair("P1", 1, ("a", "worker"), ("b", "student")),
        pair("P2", 2, ("c", "worker"), ("d", "worker")),
    ]
    table = {"bands": TWO, "to": "members", "only": {"group": ("worker",)}, "kind": "title"}
    found = one("place", pairs, **table)
    assert [(grant.subject, grant.recipient, grant.place) for grant in found.grants] == [
        ("P1", "a", 1),
        ("P2", "c", 2),
        ("P2", "d", 2),
    ]
    assert found.refusals == (
        Refusal("prize", "P1", "b", Reason("not_eligible", {"attribute": "group", "value": "student"})),
    )


def test_an_entry_without_an_eligible_member_passes_its_place_down():
    pairs = [pair("P1", 1, ("a", "student"), ("b", "student")), pair("P2", 2, ("c", "worker"))]
    table = {"bands": ({"award": "t", "places": 1},), "to": "members", "only": {"group": ("worker",)}}
    assert given(one("place", pairs, **table)) == {"c": "t"}


def test_members_of_an_unranked_entry_are_each_refused():
    found = one("place", [pair("P1", None, ("a", "w"), ("b", "w"))], bands=TWO, to="members")
    assert refused(found) == {"a": "not_ranked", "b": "not_ranked"}


def test_an_award_to_members_that_nobody_has_named_asks():
    found = one("place", [pair("P1", 1)], bands=TWO, to="members")
    assert (found.grants, asked(found)) == ((), {"members_unknown": ("P1",)})


def test_a_member_inherits_the_columns_of_its_entry_and_overrides_them():
    entry = Candidate(
        "P1",
        1,
        Fraction(1),
        attributes={"kind": "pair", "g": "x"},
        members=(Member("a"), Member("b", {"g": "y"})),
    )
    table = {"award": "t", "places": {"pair": 1}, "to": "members", "only": {"g": ("x",)}}
    assert given(one("kind", [entry], **table)) == {"a": "t"}


def test_ties_of_entries_count_entries_not_members():
    pairs = [
        pair("P1", 1, ("a", "w"), ("b", "w")),
        pair("P2", 1, ("c", "w"), ("d", "w")),
        pair("P3", 3, ("e", "w")),
    ]
    found = one("place", pairs, bands=({"award": "t", "places": 2},), to="members", ties="ask")
    assert sorted(given(found)) == ["a", "b", "c", "d"]
    assert found.refusals[0].reason == Reason("beyond_places", {"place": 3, "last": 2})


@pytest.mark.parametrize("status", ["absent", "withdrawn", "disqualified", "unofficial", "incomplete"])
def test_whoever_has_no_rank_is_refused_with_the_status(status):
    found = one("place", [Candidate("A", None, status=status)], bands=THREE)
    assert found.refusals == (Refusal("prize", "A", "A", Reason("not_ranked", {"status": status})),)


def test_places_pass_down_no_further_than_stated():
    candidates = ranked(1, 2, 3, 4, prior_holder=["yes", "yes", "", ""])
    table = {"bands": TWO, "holders": {**HOLDERS, "policy": "pass_down"}, "within": 3}
    found = one("place", candidates, **table)
    assert given(found) == {"C": "technical_expert"}
    assert found.refusals[2] == Refusal("prize", "D", "D", Reason("beyond_within", {"place": 4, "last": 3}))


def test_the_place_that_may_be_passed_down_to_is_that_of_the_whole_ranking():
    candidates = ranked(1, 2, 2, 4, group=["s", "s", "w", "w"])
    found = one("place", candidates, bands=TWO, only={"group": ("w",)}, within=2)
    assert given(found) == {"C": "technical_expert"}
    assert refused(found) == {"A": "not_eligible", "B": "not_eligible", "D": "beyond_within"}


def test_a_condition_on_the_place_may_keep_places_open():
    bands = ({"award": "x", "share": "100%"},)
    found = one("share", ranked(1, 2), bands=bands, within=1, pass_down=())
    assert found.refusals == (
        Refusal("prize", "B", "B", Reason("beyond_within", {"place": 2, "last": 1}), "x"),
    )


LIMIT = {"attribute": "unit", "number": 2}


def test_at_most_so_many_of_each_unit_and_the_next_unit_moves_up():
    candidates = ranked(1, 2, 3, 4, 5, unit=["U", "U", "U", "V", ""])
    found = one("place", candidates, bands=THREE, limit=LIMIT)
    assert given(found) == {"A": "technical_expert", "B": "technical_expert", "D": "technical_expert"}
    assert refused(found) == {"C": "limit_reached", "E": "beyond_places"}
    assert found.refusals[0].reason == Reason(
        "limit_reached", {"attribute": "unit", "value": "U", "number": 2}
    )


def test_everyone_tied_at_the_limit_of_a_unit_competes():
    candidates = ranked(1, 2, 2, 4, unit=["U", "U", "U", "U"])
    assert refused(one("place", candidates, bands=THREE, limit=LIMIT)) == {"D": "limit_reached"}


def test_who_cannot_receive_it_does_not_use_up_the_limit_of_a_unit():
    candidates = ranked(1, 2, 3, unit=["U", "U", "U"], veto=["yes", "", ""])
    found = one("place", candidates, bands=THREE, limit=LIMIT, unless={"veto": ("yes",)})
    assert given(found) == {"B": "technical_expert", "C": "technical_expert"}


def test_members_of_an_entry_beyond_the_limit_are_all_refused():
    teams = [
        Candidate(
            key, n, Fraction(9), attributes={"unit": "U"}, members=(Member(f"{key}1"), Member(f"{key}2"))
        )
        for n, key in ((1, "a"), (2, "b"))
    ]
    found = one("place", teams, bands=THREE, to="members", limit={"attribute": "unit", "number": 1})
    assert (sorted(given(found)), refused(found)) == (
        ["a1", "a2"],
        {"b1": "limit_reached", "b2": "limit_reached"},
    )
