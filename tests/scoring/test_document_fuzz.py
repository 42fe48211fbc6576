"""Whatever stands in a rule set: it is refused with a sentence that says how to mend it, or it can be computed.

Schemes of the documentation and the presets are changed at one or two places: another type, an extreme number, a piece
of another place, a field that does not belong there.
"""

import copy
import tomllib
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest.scoring import honours_rows, presets, reports
from contest.scoring.checks import validate
from contest.scoring.problems import RulesError
from contest.scoring.rules import RuleSet
from tests.scoring.dry_run import computed, invented
from tests.scoring.test_documentation_examples import examples


def schemes():
    texts = [example.values[0] for example in examples()] + [presets.text(name) for name in presets.names()]
    for text in texts:
        yield {"rankings": [{"key": "r"}], **tomllib.loads(text, parse_float=Decimal)}


SCHEMES = list(schemes())
JUNK = [
    0, 1, -1, 9, 10**6, 10**19, True, "", "x", "total", "1/3", "-2", "1e400", "nan", "50%", "a b", "a.b", "practice",
    "median_700", Decimal("0.1"), Decimal("1e-9"), 0.1, None, [], ["x"], [1], [None], [[1, 2]], [{}], [{"x": 1}], {},
    {"x": 1}, {"by": "mean"}, {"by": "x"}, {"by": []}, {"by": "best", "n": 10**19}, {"by": "trimmed_mean", "low": 9},
    {"digits": 99}, {"digits": 2, "mode": "x"}, {"at_least": 1}, {"by": "formula", "formula": "1/0"},
    {"by": "formula", "formula": "value**99999999"}, {"by": "steps", "steps": []}, {"by": "by_kind", "weights": {}},
    {"by": "scale", "scale": "z_score"}, {"by": "points_by_place", "points": []},
]  # fmt: skip
FIELDS = [
    "method", "attempts", "combine", "convert", "convert_each", "round", "gate", "cap", "floor", "absent", "less",
    "marks_of", "times", "judges", "missing_judge", "seats", "kind", "weight", "factor", "scale_to", "per",
    "members", "order", "filter", "ties", "gates", "no_total", "modules", "weights", "awards", "rounds",
    "advance", "carry", "parts", "by", "ranking", "group", "then", "field", "quotas", "needs", "scale", "maximum",
    "key", "rule", "inputs", "panel", "decimals", "format", "where",
]  # fmt: skip


def places(value, path=()):
    """The path of every value below."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


@st.composite
def changed(draw):
    scheme = copy.deepcopy(draw(st.sampled_from(SCHEMES)))
    for _ in range(draw(st.integers(1, 2))):
        everywhere = list(places(scheme))
        path = draw(st.sampled_from(everywhere))
        above, key = at(scheme, path[:-1]), path[-1]
        how = draw(st.sampled_from(["junk", "junk", "field", "copied"]))
        if how == "field" and isinstance(above, dict):
            key = draw(st.sampled_from(FIELDS))
        new = (
            at(scheme, draw(st.sampled_from(everywhere))) if how == "copied" else draw(st.sampled_from(JUNK))
        )
        above[key] = copy.deepcopy(new)
    return scheme


def refused(scheme):
    """The rule set, or None after looking at the sentences of what is wrong."""
    try:
        rules = RuleSet.from_dict(scheme)
        problems = validate(rules)
    except RulesError as error:
        rules, problems = None, error.problems
        assert problems
    assert all(problem.sentence("en") and problem.sentence("zh") for problem in problems)
    return None if any(problem.severity == "error" for problem in problems) else rules


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(changed())
def test_a_rule_set_is_refused_with_a_sentence_or_can_be_computed(scheme):
    rules = refused(scheme)
    if rules is None:
        return
    assert RuleSet.from_toml(rules.to_toml()) == rules
    outcome, given_ = computed(rules, 5)
    for key in outcome.rankings:
        assert len(list(outcome.rankings[key].rows)) <= 5 * rules.members.maximum
    list(reports.ranking_lines("e", outcome, given_))
    list(reports.round_lines("e", outcome))
    list(reports.aspect_lines("e", outcome, invented(rules, 5)))
    list(honours_rows.award_rows(given_, honours_rows.titles_of(rules)))
    honours_rows.table_rows(given_)
    assert all(problem.sentence("en") and problem.sentence("zh") for problem in outcome.problems)


WORK = {"modules": [{"key": "work", "maximum": 10}], "rankings": [{"key": "r"}]}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"tables": [{"key": "t", "by": "sum", "ranking": "r", "awards": ["x"]}]}, "award_parameter"),
        ({"tables": [{"key": "t", "by": "sum", "ranking": "r", "where": {"c": 1}}]}, "award_parameter"),
        ({"modules": [{"key": "work", "attempts": {"by": "best", "n": 10**18}}]}, "number_range"),
        ({"modules": [{"key": "work", "method": {"by": "by_kind", "weights": {}}}]}, "weights_not_100"),
        (
            {"modules": [{"key": "work", "method": {"by": "by_kind", "weights": {"a": 60}}}]},
            "weights_not_100",
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_named(more, code):
    assert code in [problem.code for problem in validate(RuleSet.from_dict(WORK | more))]


def test_nothing_in_a_list_is_named_and_nothing_in_a_table_leaves_it_out():
    with pytest.raises(RulesError) as caught:
        RuleSet.from_dict(WORK | {"tables": [{"key": "t", "by": "sum", "ranking": "r", "parts": [None]}]})
    assert [problem.code for problem in caught.value.problems] == ["wrong_type"]
    rules = RuleSet.from_dict(WORK | {"tables": [{"key": "t", "by": "sum", "ranking": "r", "then": None}]})
    assert "then" not in rules.tables[0]
