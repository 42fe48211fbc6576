"""Every shipped rule set is valid, says where it is from, survives a round trip and can be computed."""

import json
import re

import pytest

from contest.scoring import presets
from contest.scoring.checks import validate
from contest.scoring.rules import RuleSet
from tests.scoring.dry_run import computed

CONTESTS = (
    "animal-health",
    "chorus",
    "craftsman",
    "delegation",
    "enterprise-skills",
    "five-small",
    "housekeeping",
    "kite",
    "labour-5b1c",
    "labour-monthly",
    "labour-yellow-river",
    "may-first",
    "most-beautiful-courier",
    "photovoltaic",
    "provincial-games",
    "provincial-skills",
    "quiz",
    "ramen",
    "safety",
    "startup",
    "team-leader",
    "unit-appraisal",
    "writing",
)
RULEBOOKS = (
    "rulebook-anhui",
    "rulebook-cnc",
    "rulebook-elevator",
    "rulebook-guizhou",
    "rulebook-guzhen",
    "rulebook-hengshui-housekeeping",
    "rulebook-machinery",
    "rulebook-moscow",
    "rulebook-national-games",
    "rulebook-shanxi",
    "rulebook-worldskills",
)


def test_there_is_a_preset_for_every_kind_of_contest_and_for_every_rule_book():
    assert presets.names() == tuple(sorted(CONTESTS + RULEBOOKS))


def test_an_unknown_preset_is_a_named_error():
    for function in (presets.load, presets.text):
        with pytest.raises(presets.UnknownPreset) as error:
            function("../rules")
        assert error.value.args == ("../rules",)


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_has_no_contradiction(name):
    assert [problem.sentence("en") for problem in validate(presets.load(name))] == []


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_survives_toml_and_json(name):
    rules = presets.load(name)
    assert RuleSet.from_toml(rules.to_toml()) == rules
    assert RuleSet.from_dict(json.loads(json.dumps(rules.to_dict()))) == rules


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_is_titled_described_and_sourced_in_both_languages(name):
    rules = presets.load(name)
    assert rules.key == name
    assert all((rules.title_zh, rules.title_en, rules.source, rules.notes_zh, rules.notes_en))
    for node in (node for module in rules.modules for node in module.walk()):
        assert node.title_zh and node.title_en, node.key
    for table in (
        *rules.rankings,
        *(award for ranking in rules.rankings for award in ranking.awards),
        *rules.tables,
    ):
        titles = (
            (table["title_zh"], table["title_en"])
            if isinstance(table, dict)
            else (table.title_zh, table.title_en)
        )
        assert all(titles)


NUMBERS = re.compile(
    r'^\W*(weight|gate|gap|medallion|k|passed|award = "\w+", (places|share|at_least|below)) = ', re.MULTILINE
)


@pytest.mark.parametrize("name", presets.names())
def test_the_source_stands_beside_the_numbers_of_a_preset(name):
    """In every block with numbers that rule books set, a comment says where they are from or that they are examples."""
    blocks = re.split(r"(?m)^(?=\[\[)", presets.text(name))
    assert blocks[0].startswith("#")
    assert [block for block in blocks if NUMBERS.search(block) and "#" not in block] == []


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_can_be_computed_from_a_whole_field_of_marks(name):
    rules = presets.load(name)
    outcome, given = computed(rules, 40)
    assert [problem.sentence("en") for problem in outcome.blockers] == []
    for key, standing in outcome.rankings.items():
        assert any(row.rank is not None for row in standing.rows), key
    verdicts = [len(found.grants) + len(found.questions) for _, _, found in given.awardings]
    assert not any(ranking.awards for ranking in rules.rankings) or sum(verdicts) > 0
    assert len(given.tables) == len(rules.tables)
    assert all(table.rows for table in given.tables)
