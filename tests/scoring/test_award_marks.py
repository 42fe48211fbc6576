"""Awards by cut-offs, by gaps on a scale, by full marks and by hand."""

from fractions import Fraction

import pytest

from contest.scoring.awarding import Candidate, Question, Reason, Refusal, award
from tests.scoring.facts import shizuoka_2007
from tests.scoring.lineups import asked, counts, given, one, refused


def scored(*totals: int | str, **parts: str) -> list[Candidate]:
    """Candidates A, B, C … with these totals, best first."""
    ordered = [Fraction(total) for total in totals]
    return [
        Candidate(
            chr(ord("A") + i),
            1 + sum(other > total for other in ordered),
            total,
            parts={name: Fraction(value) for name, value in parts.items()},
        )
        for i, total in enumerate(ordered)
    ]


# International Mathematical Olympiad 1992: gold from 32, silver from 24, bronze from 14.
IMO = (
    {"award": "gold", "at_least": 32},
    {"award": "silver", "at_least": 24},
    {"award": "bronze", "at_least": 14},
)


def test_cut_offs_decide_by_the_total_alone():
    found = one("score", scored(42, 32, 31, 24, 23, 14, 13), bands=IMO)
    assert list(given(found).values()) == ["gold", "gold", "silver", "silver", "bronze", "bronze"]
    assert found.grants[2].reason == Reason(
        "score_reached", {"part": "total", "mark": Fraction(31), "line": Fraction(24)}
    )
    assert found.refusals == (
        Refusal("prize", "G", "G", Reason("score_in_no_band", {"part": "total", "mark": Fraction(13)})),
    )


def test_a_cut_off_is_compared_exactly():
    bands = ({"award": "first", "at_least": "59.5"},)
    assert list(given(one("score", scored("59.5", "59.499999"), bands=bands))) == ["A"]


# Labour contest by monthly rounds (2014): 90 and more is rewarded, below 70 penalised.
CONSEQUENCES = ({"award": "reward", "at_least": 90}, {"award": "penalty", "below": 70})


def test_reward_from_90_and_penalty_below_70():
    found = one("score", scored(95, 90, "89.99", 70, "69.99"), bands=CONSEQUENCES, kind="penalty")
    assert given(found) == {"A": "reward", "B": "reward", "E": "penalty"}
    assert found.grants[2].reason == Reason(
        "score_under", {"part": "total", "mark": Fraction("69.99"), "line": Fraction(70)}
    )


def test_bands_may_stand_in_any_order():
    bands = (
        {"award": "penalty", "below": 70},
        {"award": "reward", "at_least": 90},
        {"award": "good", "at_least": 80},
    )
    assert given(one("score", scored(95, 85, 60), bands=bands)) == {
        "A": "reward",
        "B": "good",
        "C": "penalty",
    }
    bands = ({"award": "middle", "at_least": 60, "below": 80}, {"award": "high", "at_least": 80})
    assert given(one("score", scored(85, 70), bands=bands)) == {"A": "high", "B": "middle"}


def test_a_band_may_have_both_ends():
    bands = ({"award": "merit", "at_least": 60, "below": 80},)
    found = one("score", scored(80, 79, 60, 59), bands=bands)
    assert (list(given(found)), found.grants[0].reason.params["line"]) == (["B", "C"], 60)


def test_a_cut_off_may_be_on_a_part():
    found = one(
        "score", scored(10, practice="61"), bands=({"award": "passed", "at_least": 60},), on="practice"
    )
    assert given(found) == {"A": "passed"}
    missing = one("score", scored(10), bands=({"award": "passed", "at_least": 60},), on="practice")
    assert missing.refusals[0].reason == Reason("part_missing", {"part": "practice"})


@pytest.mark.parametrize("skill", ["01", "18", "40", "D3"])
def test_medals_by_gaps_on_scores_that_are_on_the_scale_already(skill):
    rows = shizuoka_2007.skill(skill)
    candidates = [
        Candidate(f"{i:02}", 1 + sum(other.score > row.score for other in rows), Fraction(row.score))
        for i, row in enumerate(rows)
    ]
    found = given(one("gap", candidates, medallion=500))
    assert [found.get(f"{i:02}") for i in range(len(rows))] == [row.medal for row in rows]


def test_totals_are_brought_to_the_scale_before_gaps_are_measured():
    # Median 70, MAD 10: 733, 713, 700, 687, 660 on the scale, where 713 and 700 are no tie.
    found = one("gap", scored(86, 80, 70, 60, "50"), scale="median_700", medallion=680)
    assert [grant.award for grant in found.grants] == ["gold", "silver", "bronze", "medallion"]
    assert found.grants[0].reason.params == {
        "score": Fraction(732),
        "against": Fraction(732),
        "gap": 2,
        "line": 680,
    }
    assert found.refusals[0].reason == Reason(
        "scale_below", {"score": Fraction(660), "against": None, "gap": 2, "line": 680}
    )


def test_the_medals_by_gaps_may_have_other_names_and_another_gap():
    found = one("gap", scored(710, 707, 700, 690), gap=3, medallion=690, awards=("g", "s", "b", "m"))
    assert list(given(found).values()) == ["g", "g", "b", "m"]


def test_an_empty_field_has_no_medals_by_gaps():
    assert one("gap", [], scale="median_700").grants == ()


def full(*aspects: str, key: str = "A", rank: int = 1) -> Candidate:
    return Candidate(key, rank, Fraction(10), full=frozenset(aspects))


def test_an_honourable_mention_is_for_one_full_mark_without_a_medal():
    candidates = [full("p1", key="A"), full("p2", "p3", key="B", rank=2), full(key="C", rank=3)]
    tables = [
        {"key": "medal", "by": "place", "bands": ({"award": "gold", "places": 1},)},
        {"key": "mention", "by": "full_mark", "award": "honourable_mention", "after": ("medal",)},
    ]
    found = award(tables, candidates)
    assert given(found) == {"A": "gold", "B": "honourable_mention"}
    assert found.grants[1].reason == Reason(
        "full_mark_reached", {"aspects": ("p2", "p3"), "count": 2, "number": 1}
    )
    assert [(one.recipient, one.reason.code) for one in found.refusals if one.rule == "mention"] == [
        ("A", "has_already"),
        ("C", "full_mark_missing"),
    ]


def test_full_marks_may_be_asked_on_named_aspects_and_on_several():
    candidates = [full("p1", "p2", key="A"), full("p2", "p3", key="B"), full("p1", "p2", "p3", key="C")]
    assert list(given(one("full_mark", candidates, award="m", aspects=("p1", "p3"), number=2))) == ["C"]
    found = one("full_mark", candidates, award="m", aspects=("p1",))
    assert list(given(found)) == ["A", "C"]
    assert found.refusals[0].reason.params == {"aspects": (), "count": 0, "number": 1}


def nominated(*values: str) -> list[Candidate]:
    return [
        Candidate(chr(ord("A") + i), 1, Fraction(1), attributes={"nominated": value})
        for i, value in enumerate(values)
    ]


def test_prizes_by_hand_go_to_those_named_within_the_quota():
    found = one("hand", nominated("yes", "no", "是", ""), award="organisation", places=2)
    assert given(found) == {"A": "organisation", "C": "organisation"}
    assert found.grants[0].reason == Reason("named_by_hand", {"count": 2, "places": 2})
    assert found.refusals[0] == Refusal("prize", "B", "B", Reason("not_named", {"attribute": "nominated"}))


def test_naming_more_than_the_quota_asks():
    found = one("hand", nominated("yes", "yes", "no"), award="organisation", places=1)
    assert found.questions == (
        Question("prize", Reason("over_quota", {"count": 2, "places": 1}), ("A", "B")),
    )
    assert (given(found), refused(found)) == ({}, {"C": "not_named"})


def test_the_column_and_the_values_of_a_nomination_are_settings():
    candidates = [
        Candidate("A", 1, attributes={"chosen": "x"}),
        Candidate("B", 2, attributes={"chosen": "yes"}),
    ]
    assert given(one("hand", candidates, award="o", places=1, attribute="chosen", values=("x",))) == {
        "A": "o"
    }


def test_a_gap_award_without_a_scale_takes_the_totals_as_they_are():
    assert counts(one("gap", scored(705, 704, 700, 699))) == {"gold": 2, "bronze": 2}
    assert asked(one("gap", scored(705))) == {}


def test_a_cut_off_may_be_on_a_scale():
    """Medallion from 500 on the 500 scale (Russian national final, 2018)."""
    found = one(
        "score", scored(90, 80, 40), bands=({"award": "medallion", "at_least": 500},), scale="mean_500"
    )
    assert given(found) == {"A": "medallion", "B": "medallion"}
    assert found.grants[0].reason == Reason(
        "score_reached", {"part": "total", "mark": Fraction(528), "line": Fraction(500)}
    )
    assert one("score", [], bands=({"award": "m", "at_least": 1},), scale="mean_500").grants == ()
