"""Every example of docs/scoring.md about schemes is a scheme without a contradiction, and survives a round trip."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from contest.scoring.checks import validate
from contest.scoring.rules import RuleSet

DOCS = Path(__file__).parents[2] / "docs/scoring.md"
CHAPTERS = (
    "The file of rules",
    "An example from end to end",
    "Kinds of aspects",
    "From several judges to one",
    "Roll-ups",
    "Conversions",
    "Rounding",
    "Tie-breaks",
)


def examples():
    text = DOCS.read_text(encoding="utf-8")
    for title in CHAPTERS:
        found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        for number, example in enumerate(re.findall(r"```toml\n(.*?)```", found[1], re.DOTALL)):
            yield pytest.param(example, id=f"{title} {number}")


@pytest.mark.parametrize("example", list(examples()))
def test_an_example_is_a_scheme_without_a_contradiction(example):
    data = tomllib.loads(example, parse_float=Decimal)
    data.setdefault("rankings", [{"key": "r", "less": False}])
    rules = RuleSet.from_dict(data)
    assert [problem.sentence() for problem in validate(rules)] == []
    assert RuleSet.from_toml(rules.to_toml()) == rules
