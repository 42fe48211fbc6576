"""The table beside a field tells what the computation does, value by value; the page shows the row that is reached."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import contest.scoring.conversions  # noqa: F401
from contest.judging import scheme, sheet_rows
from contest.judging.bands import bands_of, reached
from contest.judging.models import MarkState
from contest.scoring.columns import Column
from contest.scoring.conversions import Field
from contest.scoring.registry import CONVERSIONS
from contest.scoring.rules import Node, RuleSet, Spec

NUMBERS = st.integers(-60_000, 60_000).map(lambda n: Fraction(n, 3000))  # finer than a mark may be, too
POINTS = st.integers(0, 40).map(Fraction)
ROWS = st.lists(st.tuples(NUMBERS, POINTS), min_size=1, max_size=5, unique_by=lambda row: row[0])
SPECS = st.one_of(
    st.builds(
        lambda rows, target: Spec("tolerance", {"target": target, "table": rows}),
        ROWS.map(lambda rows: tuple((abs(limit), points) for limit, points in rows)),
        NUMBERS,
    ),
    st.builds(lambda rows, rest: Spec("steps", {"steps": tuple(rows), "otherwise": rest}), ROWS, POINTS),
    st.builds(
        lambda rows, between: Spec("table", {"table": tuple(rows), "between": between}),
        ROWS,
        st.sampled_from(["refuse", "lower", "upper"]),
    ),
)


def computed(spec: Spec, milli: int, *, less: bool) -> Fraction | None:
    """What scoring makes of a value; None where it is told as a problem."""
    problems: list[str] = []
    field = Field(None, less, np.array([True]), None, lambda code, mask, **_: problems.append(code), None)  # type: ignore[arg-type]
    column = Column(np.array([milli], np.int64), 1000, abs(milli))
    found = CONVERSIONS.call(spec.by, column, field, params=spec.params)
    return None if problems else Fraction(int(found.num[0]), found.den)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
@given(SPECS, st.integers(-21_000, 21_000), st.booleans())
def test_the_row_that_is_reached_gives_what_is_computed(spec, milli, less):
    bands = bands_of(Node("hole", kind=Spec("value"), convert=spec, less=less))
    found = reached(bands, milli)
    assert (found.points if found else None) == computed(spec, milli, less=less)


def test_a_straight_line_has_a_row_of_its_own_between_the_values():
    spec = Spec("table", {"table": ((0, 0), (10, 20)), "between": "linear"})
    bands = bands_of(Node("lift", kind=Spec("value"), convert=spec))
    assert [(one.kind, one.points) for one in bands] == [("exactly", 0), ("exactly", 20), ("between", None)]
    found = [reached(bands, milli) for milli in (0, 5_000, 10_000, 10_001)]
    assert [one and one.kind for one in found] == ["exactly", "between", "exactly", None]


@pytest.mark.parametrize("kind", ["deduction", "judgement", "count"])
def test_a_mark_that_is_changed_before_the_table_shows_none(kind):
    spec = Spec("steps", {"steps": ((5, 10),)})
    assert bands_of(Node("a", maximum=Fraction(3), kind=Spec(kind), convert=spec)) == ()


RULES = """
key = "bands"
[[modules]]
key = "practice"
maximum = 20
weight = 100
[[modules.parts]]
key = "hole"
title_zh = "孔径"
title_en = "Bore"
maximum = 10
kind = { by = "value", low = 0, high = 100 }
convert = { by = "tolerance", target = 50, table = [["0.02", 10], ["0.05", 5]] }
[[modules.parts]]
key = "burr"
title_zh = "无毛刺"
title_en = "No burrs"
maximum = 10
kind = "measurement"
"""


def view_of(milli: int | None):
    aspects = scheme.aspects_of(RuleSet.from_toml(RULES), "practice")
    marks = (
        {("hole", 1): sheet_rows.MarkView("", MarkState.VALUE, milli, "", "device", None)} if milli else {}
    )  # type: ignore[arg-type]
    return sheet_rows.SheetView(
        None,
        "judge",
        False,
        aspects,
        marks,
        (),
        (),
        False,
        None,
        None,
        "skills",  # type: ignore[arg-type]
    )


def test_the_rows_name_range_and_points_and_the_one_that_is_reached():
    hole, burr = sheet_rows.rows_of(view_of(50_030), "en")
    assert [(one.kind, one.low, one.high, one.points, one.is_reached) for one in hole.bands] == [
        ("within", "49.98", "50.02", "10", False),
        ("within", "49.95", "50.05", "5", True),
        ("otherwise", "", "", "0", False),
    ]
    assert [(one.words, one.points) for one in burr.buttons] == [("Met", "10"), ("Not met", "0")]


def test_nothing_is_reached_before_anything_is_typed():
    hole, _ = sheet_rows.rows_of(view_of(None), "en")
    assert [one.is_reached for one in hole.bands] == [False, False, False]
