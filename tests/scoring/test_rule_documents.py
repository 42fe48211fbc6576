"""A rule set as a document: read, written, frozen, changed for single events; and its parts by key."""

import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.scoring import codec
from contest.scoring.problems import RulesError
from contest.scoring.rules import RuleSet
from contest.scoring.variants import merged, rules_for
from tests.scoring.sheets_of_marks import rules_of


@given(st.fractions(max_denominator=10**6))
def test_a_number_is_written_so_that_it_reads_the_same(value):
    text = codec.plain(value)
    assert codec.number(text) == value
    assert isinstance(text, int) == (value.denominator == 1)
    if isinstance(text, str):
        assert Fraction(text) == value
        assert "/" in text or not text.endswith("0")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 2), "0.5"),
        (Fraction(-1, 2), "-0.5"),
        (Fraction(1, 8), "0.125"),
        (Fraction(7, 25), "0.28"),
        (Fraction(-37, 10), "-3.7"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-5, 6), "-5/6"),
        (Fraction(0), 0),
        (Fraction(-60), -60),
        (Fraction(1, 40), "0.025"),
    ],
)
def test_numbers_are_written_as_people_write_them(value, text):
    assert codec.plain(value) == text


@pytest.mark.parametrize("value", [0.5, True, "1e3", "x", "1/0", Decimal("NaN"), Decimal("1E+41"), "9" * 41])
def test_what_is_no_exact_number_is_refused(value):
    with pytest.raises(ValueError):
        codec.number(value)


def test_numbers_of_forty_digits_are_read():
    assert codec.number("9" * 40) == 10**40 - 1
    assert codec.number(Decimal("1E+30")) == 10**30


def problems_of(data):
    with pytest.raises(RulesError) as caught:
        RuleSet.from_dict(data)
    return [(one.code, one.path, dict(one.params)) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"modules": 3}, ("not_a_list", "modules", {"value": "3"})),
        ({"modules": ["x" * 60]}, ("not_a_table", "modules.0", {"value": "x" * 40})),
        ({"modules": [{"maximum": 3}]}, ("missing_field", "modules.0", {"field": "key"})),
        (
            {"modules": [{"key": "a", "maximum": 0.5}]},
            ("binary_float", "modules.a.maximum", {"value": "0.5"}),
        ),
        (
            {"modules": [{"key": "a", "maximum": "y" * 50}]},
            ("not_a_number", "modules.a.maximum", {"value": "y" * 40}),
        ),
        (
            {"modules": [{"key": "a", "judges": "2"}]},
            ("wrong_type", "modules.a.judges", {"wanted": "int", "value": "2"}),
        ),
        (
            {"modules": [{"key": "a", "judges": True}]},
            ("wrong_type", "modules.a.judges", {"wanted": "int", "value": "True"}),
        ),
        (
            {"modules": [{"key": "a", "method": {"low": 1}}]},
            ("missing_field", "modules.a.method", {"field": "by"}),
        ),
        (
            {"modules": [{"key": "a", "method": {"by": "mean", "low": None}}]},
            None,
        ),
        (
            {"modules": [{"key": "a", "method": {"by": "mean", "low": [None]}}]},
            ("wrong_type", "modules.a.method.low", {"wanted": "value", "value": "null"}),
        ),
        (
            {"modules": [{"key": "a", "method": {"by": "mean", "low": 0.25}}]},
            ("binary_float", "modules.a.method.low", {"value": "0.25"}),
        ),
        ({"rankings": [{"key": "r", "weights": 3}]}, ("not_a_table", "rankings.r.weights", {"value": "3"})),
        ({"total": 3}, ("not_a_table", "total", {"value": "3"})),
    ],
)
def test_what_cannot_be_read_is_told_with_place_and_value(data, problem):
    if problem is None:
        assert RuleSet.from_dict(data).modules[0].method.params == {}
    else:
        assert problems_of(data) == [problem]


def test_an_unknown_field_is_told_with_those_that_are_known():
    ((code, path, params),) = problems_of({"members": {"colour": 1}})
    assert (code, path) == ("unknown_field", "members.colour")
    assert params == {"field": "colour", "known": ("maximum", "minimum", "missing")}


def test_text_that_is_not_toml_says_where():
    with pytest.raises(RulesError) as caught:
        RuleSet.from_toml("key = [")
    (problem,) = caught.value.problems
    assert (problem.code, problem.path, problem.params) == (
        "toml",
        "",
        {"reason": "Invalid value (at end of document)"},
    )


WORDS = {
    "key": "k",
    "title_zh": "甲\x7f乙\n“丙”",
    "modules": [
        {"key": "a", "maximum": "0.5", "method": {"by": "by_kind", "weights": {"judge": 60, "审 查": "1/3"}}},
        {"key": "b", "parts": [{"key": "b-1_x", "less": True}, {"key": "2"}]},
    ],
    "rankings": [
        {"key": "r", "awards": [{"key": "p", "by": "place", "bands": [{"award": "g", "places": 1}]}]}
    ],
}


def test_a_document_is_the_same_after_toml_and_after_json():
    rules = RuleSet.from_dict(WORDS)
    assert RuleSet.from_toml(rules.to_toml()) == rules
    assert RuleSet.from_dict(rules.to_dict()) == rules
    assert rules.to_dict() == {**WORDS, "format": 1}


def test_toml_has_blocks_for_modules_and_awards_and_everything_else_on_its_line():
    assert RuleSet.from_dict(WORDS).to_toml().splitlines() == [
        'key = "k"',
        'title_zh = "甲\\u007f乙\\n“丙”"',
        "format = 1",
        "",
        "[[modules]]",
        'key = "a"',
        'maximum = "0.5"',
        'method = { by = "by_kind", weights = { judge = 60, "审 查" = "1/3" } }',
        "",
        "[[modules]]",
        'key = "b"',
        "",
        "[[modules.parts]]",
        'key = "b-1_x"',
        "less = true",
        "",
        "[[modules.parts]]",
        'key = "2"',
        "",
        "[[rankings]]",
        'key = "r"',
        "",
        "[[rankings.awards]]",
        'key = "p"',
        'by = "place"',
        'bands = [{ award = "g", places = 1 }]',
    ]


def test_tables_of_a_rule_set_are_frozen_can_be_keys_and_can_be_copied():
    table = RuleSet.from_dict(WORDS).modules[0].method.params
    for change in (
        lambda: table.update(x=1),
        lambda: table.pop("weights"),
        lambda: table.__setitem__("x", 1),
        lambda: table.clear(),
    ):
        with pytest.raises(TypeError, match=r"^a rule set is frozen; make a new one$"):
            change()
    assert hash(table) == hash(copy.copy(table)) == hash(pickle.loads(pickle.dumps(table)))
    assert pickle.loads(pickle.dumps(table)) == table


TREE = """
total = { combine = "sum", method = "mean", judges = 3, missing_judge = "zero", round_each = { digits = 1 } }
[[modules]]
key = "a"
maximum = 100
[[modules]]
key = "b"
maximum = 100
[[modules.parts]]
key = "x"
maximum = 60
[[modules.parts]]
key = "y"
maximum = 40
[[rankings]]
key = "r"
"""


def test_the_tree_is_one_node_with_the_settings_of_the_total():
    rules = rules_of(TREE)
    tree = rules.tree_of(rules.modules[1:])
    assert (tree.key, [part.key for part in tree.parts], tree.judges) == ("total", ["b"], 3)
    assert (tree.combine.by, tree.method.by, tree.aspect_method) == ("sum", "mean", None)
    assert (tree.missing_judge, tree.round_each.digits) == ("zero", 1)
    assert [part.key for part in rules.tree.parts] == ["a", "b"]
    each = RuleSet.from_dict({"total": {"aspect_method": "median"}})
    assert each.tree.aspect_method.by == "median"


def test_parts_of_a_rule_set_are_found_by_key_or_named_as_missing():
    rules = rules_of(TREE)
    assert (rules.node("y").maximum, rules.module_of("y").key, rules.ranking("r").key) == (40, "b", "r")
    assert [one.key for one in rules.aspects()] == ["a", "x", "y"]
    for find in (rules.node, rules.module_of, rules.ranking):
        with pytest.raises(KeyError) as caught:
            find("z")
        assert caught.value.args == ("z",)


VARIED = """
[[modules]]
key = "a"
maximum = 100
method = { by = "trimmed_mean", low = 1, high = 1 }
[[modules]]
key = "b"
maximum = 50
[[rankings]]
key = "r"
order = ["total"]
[[variants]]
events = ["heat *", "final"]
rules = { title_en = "Some", modules = [ { key = "a", method = { by = "median" } }, { key = "c", maximum = 5 } ] }
[[variants]]
where = { sex = "w" }
rules = { rankings = [ { key = "r", less = true } ], total = { cap = 90 } }
"""


def test_variants_change_the_rules_of_the_events_they_name_in_turn():
    rules = rules_of(VARIED)
    assert rules_for(rules, "semifinal", {"sex": "m"}) is rules

    named = rules_for(rules, "heat 3", {"sex": "m"})
    assert (named.title_en, named.total.cap, named.variants) == ("Some", None, ())
    assert [(one.key, one.maximum) for one in named.modules] == [("a", 100), ("b", 50), ("c", 5)]
    assert (named.modules[0].method.by, named.modules[0].method.params) == ("median", {})

    both = rules_for(rules, "final", {"sex": "w"})
    assert (both.title_en, both.total.cap, both.ranking("r").less) == ("Some", 90, True)
    assert [one.by for one in both.ranking("r").order] == ["total"]
    assert rules_for(rules, "Final", {}) is rules, "names are told apart by their letters' case"


@pytest.mark.parametrize(
    ("base", "patch", "result"),
    [
        ({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 4}}, {"a": 1, "b": {"c": 4, "d": 3}}),
        ({"by": "x", "low": 1}, {"by": "y"}, {"by": "y"}),
        ([{"key": 1, "v": 1}], [{"key": 2}], [{"key": 1, "v": 1}, {"key": 2}]),
        ([{"key": 1, "v": 1}], [{"key": 1, "w": 2}], [{"key": 1, "v": 1, "w": 2}]),
        ([{"key": 1}], [], []),
        ([], [{"key": 1}], [{"key": 1}]),
        ([1, 2], [3], [3]),
        ([{"key": 1}], [{"v": 1}], [{"v": 1}]),
        (None, {"a": 1}, {"a": 1}),
        ({"a": 1}, 5, 5),
    ],
)
def test_tables_merge_deeply_lists_by_key_and_the_rest_is_replaced(base, patch, result):
    assert merged(base, patch) == result
