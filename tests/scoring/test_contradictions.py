"""Contradictory rules are refused with a code, and with a sentence in both languages that says how to mend them."""

import string
from pathlib import Path

import pytest

from contest.scoring.checks import validate
from contest.scoring.problems import Problem, RulesError
from contest.scoring.registry import KINDS, METHODS, ROLLUPS, ROUNDING, SCALES
from contest.scoring.rules import RuleSet
from contest.scoring.sentences import SENTENCES

FACTS = (Path(__file__).parent / "facts/contradictions.txt").read_text(encoding="utf-8")
SHORT = {
    "MODULE A": '[[modules]]\nkey = "a"\nmaximum = 100',
    "RANKING": '[[rankings]]\nkey = "r"',
}


def facts():
    """(rules as TOML, what is wrong with them) of each block of the file."""
    for block in FACTS.split("\n\n")[1:]:
        lines = [SHORT.get(line, line) for line in block.splitlines()]
        wrong = [line.removeprefix("=> ") for line in lines if line.startswith("=> ")]
        yield "\n".join(lines[: -len(wrong)]) + "\n", wrong


def told(problem):
    """A problem as the file writes it; the functions that a registry knows are left to the next test."""
    values = [f"{name}={value!r}" for name, value in problem.params.items() if name != "known"]
    return " ".join([problem.code, "@", problem.path, *values])


BLOCKS = list(facts())


@pytest.mark.parametrize("start", range(0, len(BLOCKS), 20))
def test_contradictions_are_named_with_their_place_and_values(start):
    wanted = dict(BLOCKS[start : start + 20])
    found = {toml: [told(problem) for problem in validate(RuleSet.from_toml(toml))] for toml in wanted}
    assert {toml: problems or ["fine"] for toml, problems in found.items()} == wanted


@pytest.mark.parametrize(
    ("toml", "registry"),
    [
        ("MODULE A\nmethod = 'magic'\nRANKING\n", METHODS),
        ("MODULE A\nkind = 'magic'\nRANKING\n", KINDS),
        ("MODULE A\nround = { digits = 2, mode = 'magic' }\nRANKING\n", ROUNDING),
        ("MODULE A\nconvert = { by = 'scale', scale = 'magic' }\nRANKING\n", SCALES),
        (
            "MODULE A\nRANKING\norder = [{ by = 'attempts', node = 'a', rollup = 'magic' }]\n",
            ROLLUPS,
        ),
    ],
)
def test_an_unknown_function_comes_with_those_that_are_known(toml, registry):
    for name, text in SHORT.items():
        toml = toml.replace(name, text)
    (problem,) = validate(RuleSet.from_toml(toml))
    assert problem.params == {
        "registry": registry.name,
        "key": "magic",
        "known": tuple(registry.keys()),
    }
    assert problem.severity == "error"


@pytest.mark.parametrize(
    ("toml", "code", "path"),
    [
        ("key = [", "toml", ""),
        ("modules = 3", "not_a_list", "modules"),
        ("modules = [3]", "not_a_table", "modules.0"),
        ("[[modules]]\nmaximum = 3", "missing_field", "modules.0"),
        ("[[modules]]\nkey = 'a'\nmaximum = 'ten'", "not_a_number", "modules.a.maximum"),
        ("[[modules]]\nkey = 'a'\nmaximum = '1e9'", "not_a_number", "modules.a.maximum"),
        ("[[modules]]\nkey = 'a'\nmaximum = true", "not_a_number", "modules.a.maximum"),
        ("[[modules]]\nkey = 'a'\nmaximum = nan", "not_a_number", "modules.a.maximum"),
        ("[[modules]]\nkey = 'a'\nmaximum = " + "9" * 50, "not_a_number", "modules.a.maximum"),
        ("[[modules]]\nkey = 'a'\njudges = 2.5", "wrong_type", "modules.a.judges"),
        ("[[modules]]\nkey = 'a'\njudges = true", "wrong_type", "modules.a.judges"),
        ("[[modules]]\nkey = 'a'\nmethod = { low = 1 }", "missing_field", "modules.a.method"),
        (
            "[[modules]]\nkey = 'a'\nmethod = { by = 'mean', low = inf }",
            "not_a_number",
            "modules.a.method.low",
        ),
        ("colour = 'red'", "unknown_field", "colour"),
        ("[[rankings]]\nkey = 'r'\nweights = 3", "not_a_table", "rankings.r.weights"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(toml, code, path):
    with pytest.raises(RulesError) as caught:
        RuleSet.from_toml(toml)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [(code, path)]
    assert str(caught.value) == caught.value.problems[0].sentence()


def test_all_unreadable_fields_are_named_at_once():
    with pytest.raises(RulesError) as caught:
        RuleSet.from_dict({"key": 3, "modules": [{"key": "a", "maximum": 0.5, "weight": "x"}], "foo": 1})
    assert [problem.code for problem in caught.value.problems] == [
        "wrong_type",
        "binary_float",
        "not_a_number",
        "unknown_field",
    ]


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_sentence_exists_in_both_languages_with_the_same_values(code):
    fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in SENTENCES[code]]
    english, chinese = SENTENCES[code]
    assert fields[0] == fields[1]
    assert any("一" <= letter <= "鿿" for letter in chinese) or code == "award_question"
    problem = Problem(code, "here", dict.fromkeys(fields[0] - {"path"}, "x"))
    assert "{" not in problem.sentence("en") + problem.sentence("zh_CN")


def test_values_of_a_sentence_are_put_in():
    problem = Problem("weights_not_100", "rankings.r", {"sum": 90})
    assert problem.sentence().startswith("rankings.r: the weights add to 90, not 100; change them")
    assert (
        problem.sentence("zh")
        == "rankings.r：权重合计为 90，不是 100；请调整为合计 100，或改用 factor 作为乘数。"
    )
    listed = Problem("weights_partly", "modules", {"missing": ("a", "b")})
    assert listed.sentence().startswith("modules: a, b has no weight")
