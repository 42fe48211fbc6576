"""docs/scoring.md describes every registered method: a paragraph, its parameters, its source, an example."""

import re
import tomllib
from pathlib import Path

import pytest

import contest.scoring.checks  # noqa: F401 - importing fills the registries
from contest.scoring import (  # noqa: F401 - these too
    awarding,  # noqa: F401 - and these
    delegations,
    presets,
    scales,
)
from contest.scoring.awarding.checks import check_awards
from contest.scoring.awarding.spec import OPTIONS
from contest.scoring.registry import (
    AWARD_RULES,
    CONVERSIONS,
    KINDS,
    METHODS,
    ROLLUPS,
    ROUNDING,
    SCALES,
    TABLES,
    TIE_BREAKS,
)
from contest.scoring.table_checks import check_tables
from contest.scoring.tables import OPTIONS as TABLE_OPTIONS

DOCS = Path(__file__).parents[1] / "docs/scoring.md"

#: The chapter of docs/scoring.md in which the methods of a registry stand.
CHAPTERS = {
    "Kinds of aspects": KINDS,
    "From several judges to one": METHODS,
    "Roll-ups": ROLLUPS,
    "Conversions": CONVERSIONS,
    "Rounding": ROUNDING,
    "Tie-breaks": TIE_BREAKS,
    "Scales": SCALES,
    "Tables": TABLES,
    "Awards": AWARD_RULES,
}
METHODS_BY_CHAPTER = [(chapter, item.key) for chapter, registry in CHAPTERS.items() for item in registry]


def chapter(title: str) -> str:
    """The text of a `## ` chapter; empty if there is none."""
    text = DOCS.read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def section(title: str, key: str) -> str:
    """The text under the heading ### `key` of a chapter; empty if there is none."""
    found = re.search(rf"^### `{re.escape(key)}`\n(.*?)(?=^##|\Z)", chapter(title), re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


@pytest.mark.parametrize(("title", "key"), METHODS_BY_CHAPTER)
def test_every_registered_method_has_its_paragraph_source_and_example(title, key):
    text = section(title, key)
    assert text, f"docs/scoring.md: write “### `{key}`” under “## {title}”"
    item = CHAPTERS[title].get(key)
    words = re.sub(r"```.*?```|^Source: .*$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert len(words.split()) >= 8, f"{title}, {key}: say what it does"
    assert f"Source: {item.source}" in " ".join(text.split()).replace(" .", "."), (
        f"{title}, {key}: name its source"
    )
    missing = [
        parameter.name for parameter in item.parameters if not re.search(rf"\b{parameter.name}\b", text)
    ]
    assert missing == [], f"{title}, {key}: parameters without a word"


@pytest.mark.parametrize("title", CHAPTERS)
def test_the_docs_describe_no_method_that_is_not_there(title):
    described = re.findall(r"^### `([^`]+)`", chapter(title), re.MULTILINE)
    assert set(described) - set(CHAPTERS[title].keys()) == set()


@pytest.mark.parametrize(("title", "options"), [("Awards", OPTIONS), ("Tables", TABLE_OPTIONS)])
def test_every_common_option_is_described(title, options):
    assert [name for name in sorted(options - {"source"}) if f"`{name}`" not in chapter(title)] == []


def test_every_preset_is_listed():
    listed = set(re.findall(r"^\| `([^`]+)` \|", chapter("Presets") + chapter("Rule books"), re.MULTILINE))
    assert listed == set(presets.names())


def examples(title: str) -> list[dict]:
    """The TOML examples of a chapter."""
    return [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", chapter(title), re.DOTALL)]


@pytest.mark.parametrize("title", [*CHAPTERS, "Quotas"])
def test_every_example_is_toml(title):
    assert examples(title)


@pytest.mark.parametrize("title", ["Scales", "Tables", "Awards"])
def test_examples_of_awards_and_tables_are_rules_that_would_be_saved(title):
    rankings = {name: ("medal", "prize") for name in ("event", "individual", "contest")}
    parts = ("theory", "practice", "p1", "p2", "p3")
    for example in examples(title):
        assert check_tables(example.get("tables", ()), rankings=rankings, parts=parts) == []
        # An example shows [[rankings.awards]] without the ranking around it, which TOML reads as one table.
        awards = example.get("rankings", {}).get("awards", [])
        before = {"key": "medal", "by": "place", "bands": [{"award": "gold", "places": 1}]}
        earlier = [] if any(award["key"] == "medal" for award in awards) else [before]
        assert check_awards([*earlier, *awards], parts=parts) == []
