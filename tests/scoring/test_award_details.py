"""Which refusals let a place pass down, who counts as eligible, quotas of several tables, a person's highest promotion."""

from dataclasses import replace
from fractions import Fraction

import pytest

from contest.scoring.awarding import award
from contest.scoring.awarding.lineup import counted
from contest.scoring.tables import Result, tabulated
from tests.scoring.lineups import given, one, ranked, refused

ONE = ({"award": "gold", "places": 1},)


def with_parts(candidates, **parts):
    return [
        replace(entry, parts={name: Fraction(values[i]) for name, values in parts.items() if values[i]})
        for i, entry in enumerate(candidates)
    ]


@pytest.mark.parametrize(
    ("condition", "candidates", "table", "code"),
    [
        ("gates", [replace(ranked(1, 2)[0], gates=("theory",)), ranked(1, 2)[1]], {}, "gate_failed"),
        ("needs", with_parts(ranked(1, 2), theory=(None, 70)), {"needs": {"theory": 60}}, "part_missing"),
        ("needs", with_parts(ranked(1, 2), theory=(59, 60)), {"needs": {"theory": 60}}, "below_line"),
        ("unless", ranked(1, 2, veto=("yes", "no")), {"unless": {"veto": ("yes",)}}, "barred"),
        ("only", ranked(1, 2, group=("s", "w")), {"only": {"group": ("w",)}}, "not_eligible"),
    ],
)
def test_a_place_passes_down_by_the_conditions_that_the_table_names(condition, candidates, table, code):
    passed = one("place", candidates, bands=ONE, pass_down=(condition,), **table)
    assert (given(passed), refused(passed)["A"]) == ({"B": "gold"}, code)
    kept = one("place", candidates, bands=ONE, pass_down=(), **table)
    assert (given(kept), refused(kept)["A"]) == ({}, code)


def test_a_place_passes_down_from_those_who_lack_an_earlier_award():
    tables = [
        {"key": "medal", "by": "place", "bands": ONE, "only": {"group": ("w",)}},
        {"key": "title", "by": "place", "bands": ONE, "requires": {"medal": ()}, "pass_down": ("requires",)},
    ]
    found = award(tables, ranked(1, 2, group=("s", "w")))
    assert [(grant.rule, grant.recipient) for grant in found.grants] == [("medal", "B"), ("title", "B")]
    found = award([tables[0], {**tables[1], "pass_down": ()}], ranked(1, 2, group=("s", "w")))
    assert [(grant.rule, grant.recipient) for grant in found.grants] == [("medal", "B")]


def test_the_field_is_counted_in_four_ways():
    candidates = ranked(1, 2, None, None)
    candidates[2] = replace(candidates[2], status="absent")
    candidates[3] = replace(candidates[3], status="unofficial")
    assert counted(candidates, {"A", "C", "D"}) == {"entrants": 3, "present": 2, "ranked": 2, "eligible": 1}


def test_quotas_of_every_table_are_told():
    quota = {"key": "west", "attribute": "region", "values": ("w",), "at_least": "50%"}
    tables = [
        {"key": "first", "by": "place", "bands": ONE, "quotas": (quota,)},
        {"key": "second", "by": "place", "bands": ONE, "quotas": (quota,)},
    ]
    found = award(tables, ranked(1, 2, region=("w", "e")))
    assert [(share.rule, share.count, share.base, share.kept) for share in found.quotas] == [
        ("first", 1, 1, True),
        ("second", 1, 1, True),
    ]


def test_values_of_a_column_are_awarded_apart_and_those_without_one_together():
    found = one("place", ranked(1, 2, 3, 4, region=("w", "e", "", "")), bands=ONE, apart="region")
    assert given(found) == {"A": "gold", "B": "gold", "C": "gold"}


def results(*rows):
    """(subject, rank, total, delegation) of one event."""
    return [
        Result(
            "e", subject, rank, None if total is None else Fraction(total), attributes={"delegation": where}
        )
        for subject, rank, total, where in rows
    ]


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({"by": "best_k", "k": 2}, {"X": 17, "Y": None}),
        ({"by": "best_k", "k": 2, "take": "mean"}, {"X": Fraction(17, 2), "Y": None}),
        ({"by": "best_k", "k": 2, "fewer": "counts"}, {"X": 17, "Y": 8}),
        ({"by": "best_k", "k": 1, "less": True}, {"X": 3, "Y": 8}),
        ({"by": "sum"}, {"X": 20, "Y": 8}),
        ({"by": "sum", "take": "mean"}, {"X": Fraction(20, 3), "Y": 8}),
        ({"by": "sum", "members": 2}, {"X": 20, "Y": None}),
        ({"by": "sum", "members": 2, "missing": "counts"}, {"X": 20, "Y": 8}),
    ],
)
def test_a_line_sums_or_averages_what_counts_and_says_where_too_little_does(params, wanted):
    field = results(
        ("a", 1, 10, "X"), ("b", 3, 7, "X"), ("c", 4, 3, "X"), ("d", 2, 8, "Y"), ("e", None, None, "Y")
    )
    (table,) = tabulated({"key": "t", "ranking": "r", **params}, field)
    found = {row.subject: row.measures["total"] if row.rank is not None else None for row in table.rows}
    assert found == wanted


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({"by": "places", "k": 2}, {"X": 4, "Y": None}),
        ({"by": "places", "k": 1}, {"X": 1, "Y": 2}),
        ({"by": "places", "k": 0, "fewer": "counts"}, {"X": 8, "Y": 2}),
        ({"by": "points_by_place", "points": (5, 3, 1)}, {"X": 6, "Y": 3}),
    ],
)
def test_places_of_a_line_are_added_or_bring_points(params, wanted):
    field = results(("a", 1, 10, "X"), ("b", 3, 7, "X"), ("c", 4, 3, "X"), ("d", 2, 8, "Y"))
    (table,) = tabulated({"key": "t", "ranking": "r", **params}, field)
    measure = table.columns[0]
    found = {row.subject: row.measures[measure] if row.rank is not None else None for row in table.rows}
    assert found == wanted


def test_a_table_takes_in_and_keeps_out_by_columns_also_where_one_is_empty():
    field = [
        replace(one_, attributes={**one_.attributes, "kind": kind})
        for one_, kind in zip(
            results(("a", 1, 10, "X"), ("b", 2, 7, "X"), ("c", 3, 3, "X")), "hg ", strict=True
        )
    ]
    table = {"key": "t", "by": "sum", "ranking": "r"}
    totals = [
        tabulated({**table, **more}, field)[0].rows[0].measures["total"]
        for more in (
            {},
            {"where": {"kind": ("g", " ")}},
            {"unless": {"kind": ("g",)}},
            {"where": {"kind": ("h",)}},
        )
    ]
    assert totals == [20, 10, 13, 10]
    without = tabulated({**table, "unless": {"other": ("x",)}}, field)[0].rows[0]
    assert without.measures["total"] == 20
    assert tabulated({**table, "where": {"other": ("x",)}}, field)[0].rows == ()
