"""Published figures of scales, votes, quotas, titles, team points, medal points and labour contests.

`cases/rule_vectors.json` names the source of each; presets are tried with the same figures.
"""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from contest.scoring import delegations, presets, scales  # noqa: F401 - delegations registers the tables
from contest.scoring.awarding import award
from contest.scoring.awarding.quotas import share_of
from contest.scoring.tables import Result, tabulated
from tests.scoring.lineups import field, given

VECTORS = json.loads((Path(__file__).parent / "cases/rule_vectors.json").read_text(encoding="utf-8"))


def exactly(values: list[float]) -> list[Fraction]:
    """Numbers as JSON prints them, not as binary floats hold them."""
    return [Fraction(repr(value)) for value in values]


def preset_award(name: str, key: str) -> dict:
    """An award table of a preset."""
    tables = [dict(table) for ranking in presets.load(name).rankings for table in ranking.awards]
    return next(table for table in tables if table["key"] == key)


def test_the_common_scale_with_its_median_and_deviation():
    vector = VECTORS["worldskills_scale"]
    totals = exactly(vector["totals"])
    assert (scales.median(totals), scales.median_deviation(totals)) == (vector["median"], vector["mad"])
    scaled = scales.median_700(totals)
    assert list(scaled) == vector["scaled"]
    assert sum(score >= 700 for score in scaled[3:]) == vector["medallions_at_ge_700_excluding_top3"]


def test_vote_scores_and_their_weights_in_the_preset():
    vector = VECTORS["vote_score"]
    assert list(scales.share_of_best(exactly(vector["votes"]))) == vector["scores"]
    rules = presets.load("most-beautiful-courier")
    assert f"{rules.node('vote').weight}/{rules.node('expert').weight}" == vector["weight"]


@pytest.mark.parametrize("year", ["quota_2023", "quota_2024"])
def test_shares_of_quotas(year):
    base = VECTORS[year]["base"]
    for count, share in VECTORS[year]["cases"]:
        people = [{"c": "x"}] * count + [{}] * (base - count)
        quota = {"key": "q", "attribute": "c", "values": ("x",), "at_least": "1%"}
        assert share_of("medal", quota, people).share == Fraction(share)


def test_titles_by_field_size_in_the_preset():
    table = preset_award("rulebook-anhui", "title") | {"only": {}}
    for size, places in VECTORS["anhui_titles_by_field"]["cases"]:
        found = award([table], field(size))
        assert (len(found.grants) or None) == places
        assert bool(found.questions) == (places is None)


def test_team_points_in_the_preset():
    vector = VECTORS["team_points_mech"]
    (table,) = presets.load("rulebook-machinery").tables
    assert [table["points"][award] for award in ("first", "second", "third")] == [
        vector["first"],
        vector["second"],
        vector["third"],
    ]
    assert (table["passed"], table["zero"]) == (vector["pass_only"], "unranked")


@pytest.mark.parametrize("country", ["KR2007", "JP2007", "BR2007"])
def test_medal_points_of_delegations(country):
    vector = VECTORS["medal_points"]
    counts = vector[country]
    names = {"gold": "g", "silver": "s", "bronze": "b", "medallion": "m"}
    results = [
        Result(
            "e", f"{medal}{n}", 1, Fraction(1), awards={"medal": medal}, attributes={"delegation": country}
        )
        for medal, short in names.items()
        for n in range(counts[short])
    ]
    points = {medal: vector[medal] for medal in names}
    table = {"key": "t", "by": "delegation_report", "ranking": "r", "report": "total_points", "rule": "medal"}
    for more in ({}, {"points": points}):
        ((row,),) = [made.rows for made in tabulated(table | more, results)]
        assert row.measures["total_points"] == counts["points"]


def test_the_labour_contest_in_the_preset():
    vector = VECTORS["labour_contest"]
    rules = presets.load("labour-yellow-river")
    assert {module.key: module.maximum for module in rules.modules} == vector["weights"]
    bands = preset_award("labour-yellow-river", "consequences")["bands"]
    assert [dict(band) for band in bands] == [
        {"award": "reward", "at_least": vector["reward_at"]},
        {"award": "penalty", "below": vector["penalty_below"]},
    ]
    assert rules.total.rounds.by == "mean"


def test_medal_bands_of_the_ramen_contest_in_the_preset():
    bands = VECTORS["medal_bands"]["lamian_2025"]
    found = given(award([preset_award("ramen", "medals")], field(30)))
    for medal in ("gold", "silver", "bronze"):
        first, last = bands[medal]
        places = sorted(int(key) for key, won in found.items() if won == medal)
        assert places == list(range(first, last + 1))
    assert len(found) == 30


def test_gold_to_5_silver_to_10_bronze_to_20_and_excellence_to_the_middle():
    bands = VECTORS["medal_bands"]["zhenxing_S-"]
    medals = tuple(
        {"award": name, "places": bands[name][1] - bands[name][0] + 1}
        for name in ("gold", "silver", "bronze")
    )
    excellence = {
        "key": "e",
        "by": "share",
        "after": ("m",),
        "bands": ({"award": "excellence", "share": "50%"},),
    }
    found = given(award([{"key": "m", "by": "place", "bands": medals}, excellence], field(60)))
    for name in ("gold", "silver", "bronze"):
        assert {found[f"{place:03}"] for place in range(bands[name][0], bands[name][1] + 1)} == {name}
    assert sorted(key for key, won in found.items() if won == "excellence") == [
        f"{n:03}" for n in range(21, 31)
    ]
