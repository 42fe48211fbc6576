"""What a judge types: the same table is read by the tablet's check (test_typed_in_browser)."""

import json
from pathlib import Path

import pytest

from contest.judging.typed import Limits, NotTaken, read_typed, shown

TABLE = json.loads((Path(__file__).parent / "typed_cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: f"{case['limits']}-{case['typed'][:16]!r}")
def test_what_was_typed_is_thousandths_or_a_named_refusal(case):
    limits = Limits(**TABLE["limits"][case["limits"]])
    if "milli" in case:
        assert read_typed(case["typed"], limits) == case["milli"]
        return
    with pytest.raises(NotTaken) as refused:
        read_typed(case["typed"], limits)
    assert refused.value.code == case["error"]


def test_refusals_carry_the_number_that_people_need():
    with pytest.raises(NotTaken) as refused:
        read_typed("101", Limits(low=0, high=100_000))
    assert (refused.value.code, refused.value.params) == ("above", {"high": "100"})


@pytest.mark.parametrize(
    ("milli", "text"), [(0, "0"), (8500, "8.5"), (-125, "-0.125"), (100_000, "100"), (10, "0.01")]
)
def test_thousandths_are_shown_as_people_write_them(milli, text):
    assert shown(milli) == text
