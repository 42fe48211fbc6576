"""Contradictory rules are refused with a code, and with a sentence in both languages that says how to mend them."""

import string

import pytest

from contest.scoring.problems import Problem, RulesError
from contest.scoring.rules import RuleSet
from contest.scoring.sentences import SENTENCES
from tests.scoring.sheets_of_marks import codes_of

A = 'key = "a"\nmaximum = 100\n'
R = '[[rankings]]\nkey = "r"\n'
M = f"[[modules]]\n{A}"


@pytest.mark.parametrize(
    ("toml", "codes"),
    [
        (M + R, []),
        ("", ["no_modules", "no_rankings"]),
        ("format = 2\n" + M + R, ["format_newer"]),
        ("decimals = 4\n" + M + R, ["decimals_range"]),
        ("members = { minimum = 3, maximum = 2 }\n" + M + R, ["number_range"]),
        ('members = { missing = "guess" }\n' + M + R, ["unknown_choice"]),
        (M + M + R, ["key_twice"]),
        (M + R + R, ["key_twice"]),
        ('[[modules]]\nkey = "a b"\n' + R, ["key_bad"]),
        ('[[modules]]\nkey = "total"\n' + R, ["key_reserved"]),
        ('inputs = [ { name = "x" }, { name = "x" } ]\n' + M + R, ["key_twice"]),
        (M + "maximum = 0\n".replace("maximum", "judges") + R, ["number_range"]),
        (f"[[modules]]\nkey = 'a'\nmaximum = 0\n{R}", ["maximum_not_positive"]),
        (M + "weight = 120\n" + R, ["number_range", "weights_not_100"]),
        (M + "weight = 30\n[[modules]]\nkey = 'b'\nweight = 60\n" + R, ["weights_not_100"]),
        (M + "weight = 30\n[[modules]]\nkey = 'b'\n" + R, ["weights_partly"]),
        (M + "weight = 0\n[[modules]]\nkey = 'b'\nweight = 100\n" + R, []),
        (M + "weight = 0\n" + R, []),
        (
            M
            + "[[modules.parts]]\nkey = 'p'\nmaximum = 60\n[[modules.parts]]\nkey = 'q'\nmaximum = 30\n"
            + R,
            ["parts_not_maximum"],
        ),
        (
            M
            + "[[modules.parts]]\nkey = 'p'\nmaximum = 60\n[[modules.parts]]\nkey = 'q'\nmaximum = 40\n"
            + R,
            [],
        ),
        (
            M
            + "[[modules.parts]]\nkey = 'p'\nmaximum = 100\n[[modules.parts]]\nkey = 'q'\nmaximum = 9\nkind = 'bonus'\n"
            + R,
            [],
        ),
        (
            M + "[[modules.parts]]\nkey = 'p'\nweight = 50\n[[modules.parts]]\nkey = 'q'\nweight = 49\n" + R,
            ["weights_not_100"],
        ),
        (M + "kind = { by = 'marks', step = 3 }\n" + R, ["step_misses_maximum"]),
        (M + "kind = { by = 'marks', step = 0 }\n" + R, ["step_not_positive"]),
        (M + "kind = { by = 'marks', step = '0.0001' }\n" + R, ["step_too_fine"]),
        (M + "kind = { by = 'marks', low = 200 }\n" + R, ["low_above_high"]),
        (M + "kind = 'magic'\n" + R, ["unknown_function"]),
        (M + "kind = { by = 'marks', colour = 1 }\n" + R, ["bad_parameter"]),
        (M + "kind = { by = 'marks', step = 'x' }\n" + R, ["bad_parameter"]),
        (M + "kind = { by = 'judgement', levels = '3' }\n" + R, ["bad_parameter"]),
        ("[[modules]]\nkey = 'a'\nkind = 'deduction'\n" + R, ["maximum_missing"]),
        ("[[modules]]\nkey = 'a'\nkind = 'judgement'\n" + R, ["maximum_missing"]),
        (M + "kind = { by = 'knockout', target = 'elsewhere' }\n" + R, ["target_not_above"]),
        (M + "kind = { by = 'knockout', effect = 'cap' }\n" + R, ["bad_parameter"]),
        (M + "kind = 'marks'\n[[modules.parts]]\nkey = 'p'\nmaximum = 100\n" + R, ["kind_on_parts"]),
        (M + "judges = 2\nmethod = { by = 'trimmed_mean' }\n" + R, ["trim_too_many"]),
        (M + "judges = 2\nmethod = { by = 'trimmed_mean', small = 'mean' }\n" + R, []),
        (M + "judges = 3\nmethod = { by = 'trimmed_mean' }\n" + R, []),
        (M + "judges = 3\nmethod = { by = 'trimmed_sum', low = 1, high = 2 }\n" + R, ["trim_too_many"]),
        (M + "method = { by = 'trimmed_mean', low = -1 }\n" + R, ["number_range"]),
        (M + "method = 'wisdom'\n" + R, ["unknown_function"]),
        (M + "missing_judge = 'hope'\n" + R, ["unknown_choice"]),
        (M + "absent = 'maybe'\n" + R, ["unknown_choice"]),
        (M + "per = 'team'\n" + R, ["unknown_choice"]),
        (
            M + "method = 'mean'\n[[modules.parts]]\nkey = 'p'\nmaximum = 100\nmethod = 'sum'\n" + R,
            ["two_methods"],
        ),
        ("total = { method = 'mean' }\n" + M + "method = 'mean'\n" + R, ["two_methods"]),
        (
            M + "attempts = 'best'\n[[modules.parts]]\nkey = 'p'\nmaximum = 100\nattempts = 'sum'\n" + R,
            ["two_attempts"],
        ),
        (M + "gate = 101\n" + R, ["gate_above_maximum"]),
        (M + "gate = 100\n" + R, []),
        (M + "gate = 101\nscale_to = 120\n" + R, []),
        (M + "cap = 1\nfloor = 2\n" + R, ["cap_below_floor"]),
        ("total = { cap = 1, floor = 2 }\n" + M + R, ["cap_below_floor"]),
        (M + "round = { digits = 2, mode = 'up_and_away' }\n" + R, ["unknown_function"]),
        (M + "round = { digits = 20 }\n" + R, ["number_range"]),
        (M + "round = { digits = 2, step = 0 }\n" + R, ["step_not_positive"]),
        ("[[modules]]\nkey = 'a'\nscale_to = 50\n" + R, ["maximum_missing"]),
        (M + "times = ['difficulty']\n" + R, ["unknown_input"]),
        (M + "marks_of = 'z'\n" + R, ["unknown_node"]),
        (M + "convert = { by = 'steps', steps = [[1]] }\n" + R, ["bad_parameter"]),
        (M + "convert = { by = 'steps', steps = [] }\n" + R, ["bad_parameter"]),
        (M + "convert = { by = 'steps', steps = [['x', 1]] }\n" + R, ["bad_parameter"]),
        (M + "convert = { by = 'points_by_place', points = ['many'] }\n" + R, ["bad_parameter"]),
        (M + "convert = { by = 'formula', formula = 'open(1)' }\n" + R, ["formula_bad"]),
        (M + "convert = { by = 'formula', formula = 'value + wind' }\n" + R, ["unknown_input"]),
        (
            "inputs = [ { name = 'wind' } ]\n"
            + M
            + "convert = { by = 'formula', formula = 'value + wind' }\n"
            + R,
            [],
        ),
        (M + "convert = { by = 'scale', scale = 'ladder' }\n" + R, ["unknown_function"]),
        (M + "method = { by = 'by_kind', weights = { a = 'x' } }\n" + R, ["bad_parameter"]),
        (M + "[[rounds]]\nkey = '1'\n[[rounds]]\nkey = '2'\n" + R, ["rounds_without_rollup"]),
        (
            "total = { rounds = 'sum' }\n" + M + "[[rounds]]\nkey = '1'\n[[rounds]]\nkey = '1'\n" + R,
            ["key_twice"],
        ),
        (
            "total = { rounds = 'weighted' }\n"
            + M
            + "[[rounds]]\nkey = '1'\nweight = 50\n[[rounds]]\nkey = '2'\nweight = 40\n"
            + R,
            ["weights_not_100"],
        ),
        (
            "total = { rounds = 'weighted' }\n"
            + M
            + "[[rounds]]\nkey = '1'\nweight = 50\n[[rounds]]\nkey = '2'\n"
            + R,
            ["weights_partly"],
        ),
        (M + "[[rounds]]\nkey = '1'\nmodules = ['z']\n" + R, ["unknown_module"]),
        (M + "[[rounds]]\nkey = '1'\ncarry = { a = '0' }\n" + R, ["carry_later"]),
        (M + "[[rounds]]\nkey = '1'\ncarry = { a = '1' }\n" + R, ["carry_later"]),
        (M + "[[rounds]]\nkey = '1'\nweights = { a = 90 }\n" + R, ["weights_not_100"]),
        (M + "[[rounds]]\nkey = '1'\nadvance = { first = 3, score = 60 }\n" + R, ["advance_one_rule"]),
        (M + "[[rounds]]\nkey = '1'\nadvance = {}\n" + R, ["advance_one_rule"]),
        (M + "[[rounds]]\nkey = '1'\ntimes = ['x']\n" + R, ["unknown_input"]),
        (M + R + "modules = ['z']\n", ["unknown_module"]),
        (M + R + "order = ['fate']\n", ["unknown_function"]),
        (M + R + "order = ['total', { by = 'node', node = 'z' }]\n", ["unknown_node"]),
        (M + R + "order = ['node']\n", ["bad_parameter"]),
        (
            M
            + "[[modules]]\nkey = 'b'\n"
            + R
            + "modules = ['a']\norder = ['total', { by = 'node', node = 'b' }]\n",
            ["node_not_ranked"],
        ),
        (M + R + "order = [{ by = 'round', round = '7' }]\n", ["unknown_round"]),
        (M + R + "order = [{ by = 'input', name = 'age' }]\n", ["unknown_input"]),
        (M + R + "order = [{ by = 'attempts', node = 'a', rollup = 'magic' }]\n", ["unknown_function"]),
        (M + R + "round = '7'\n", ["unknown_round"]),
        (M + R + "ties = 'ignored'\n", ["unknown_choice"]),
        (M + R + "gates = 'open'\n", ["unknown_choice"]),
        (M + R + "no_total = 'first'\n", ["unknown_choice"]),
        (M + R + "subject = 'horse'\n", ["unknown_choice"]),
        (M + R + "subject = 'member'\n", ["member_ranking"]),
        (M + R + "filter = [ { column = 'height', values = ['x'] } ]\n", ["unknown_column"]),
        (M + R + "filter = [ { column = 'age', at_most = 35 } ]\n", ["unknown_column"]),
        (M + R + "filter = [ { column = 'group', values = ['x'] } ]\n", []),
        (
            M + "weight = 30\n[[modules]]\nkey = 'b'\nweight = 70\n" + R + "modules = ['a']\n",
            ["weights_not_100"],
        ),
        (
            M
            + "weight = 30\n[[modules]]\nkey = 'b'\nweight = 70\n"
            + R
            + "modules = ['a']\nweights = { a = 100 }\n",
            [],
        ),
    ],
)
def test_contradictions_are_named(toml, codes):
    assert codes_of(toml) == codes


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
