"""For random schemes and marks the engine equals the plain reference; order and history of the input never matter."""

import json
import random
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest.scoring import planes
from contest.scoring.checks import validate
from contest.scoring.compute import compute
from contest.scoring.field import Mark, Seat, Subject, field_of
from contest.scoring.rules import RuleSet
from tests.scoring import reference

settings.register_profile("scoring", deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
settings.load_profile("scoring")

METHODS = st.sampled_from(
    [
        ("mean", 0, 0),
        ("sum", 0, 0),
        ("median", 0, 0),
        ("trimmed_mean", 1, 1),
        ("trimmed_mean", 0, 2),
        ("trimmed_sum", 1, 1),
    ]
)
ROLLUPS = st.sampled_from([("sum", 0), ("mean", 0), ("last", 0), ("best", 1), ("best", 2)])
ROUNDINGS = st.one_of(
    st.none(), st.tuples(st.integers(0, 3), st.sampled_from(["half_up", "half_even", "truncate"]))
)
NUMBERS = st.fractions(min_value=0, max_value=60, max_denominator=1000).map(
    lambda value: Fraction(int(value * 100), 100)
)


@st.composite
def nodes(draw, depth, keys, is_pooled):
    """A node as a dictionary of the reference; judges are combined once on every branch."""
    key = f"n{next(keys)}"
    node = {
        "key": key,
        "factor": draw(st.sampled_from([Fraction(1), Fraction(3, 2), Fraction(1, 3), Fraction(7)])),
    }
    node["round"] = draw(ROUNDINGS)
    if draw(st.booleans()):
        node["cap"] = draw(NUMBERS) + 1
    if draw(st.booleans()):
        node["floor"] = Fraction(draw(st.integers(-3, 1)))
    if depth and draw(st.booleans()):
        own = None if is_pooled or draw(st.booleans()) else draw(METHODS)
        node["method"] = own
        count = draw(st.integers(1, 3))
        node["parts"] = [draw(nodes(depth - 1, keys, is_pooled or own is not None)) for _ in range(count)]
        if draw(st.booleans()):
            weights = {1: [100], 2: [30, 70], 3: [25, 55, 20]}[count]
            for part, weight in zip(node["parts"], weights, strict=True):
                part["weight"] = weight
        return node
    node["kind"] = draw(st.sampled_from(["marks", "deduction", "judgement"]))
    node["maximum"] = Fraction(draw(st.integers(1, 30)))
    node["attempts"] = draw(st.integers(1, 3))
    node["rollup"] = draw(ROLLUPS) if node["attempts"] > 1 else ("sum", 0)
    node["method"] = None if is_pooled else draw(METHODS)
    return node


def spec(method):
    by, low, high = method
    return {"by": by, "low": low, "high": high} if by.startswith("trimmed") else by


def as_rules(node):
    """A node of the reference as a node of a rule set."""
    found = {"key": node["key"], "factor": str(node["factor"])}
    for name in ("cap", "floor"):
        if node.get(name) is not None:
            found[name] = str(node[name])
    if node.get("round"):
        found["round"] = {"digits": node["round"][0], "mode": node["round"][1]}
    if node.get("weight") is not None:
        found["weight"] = node["weight"]
    if node.get("method"):
        found["method"] = spec(node["method"])
    if "parts" in node:
        return found | {"parts": [as_rules(part) for part in node["parts"]]}
    found |= {"maximum": str(node["maximum"])}
    found["kind"] = {"by": node["kind"], **({"spread": 3} if node["kind"] == "judgement" else {})}
    by, n = node["rollup"]
    found["attempts"] = {"by": by, **({"n": n} if by == "best" else {})}
    return found


def aspects_of(node):
    return [aspect for part in node["parts"] for aspect in aspects_of(part)] if "parts" in node else [node]


def counter():
    number = 0
    while True:
        yield number
        number += 1


@st.composite
def contests(draw):
    """A scheme, rounds, and a mark for every (subject, round, aspect, attempt, judge)."""
    keys = counter()
    modules = [draw(nodes(2, keys, False)) for _ in range(draw(st.integers(1, 2)))]
    rounds = draw(st.integers(1, 3))
    rollup = draw(ROLLUPS) if rounds > 1 else ("sum", 0)
    judges = draw(st.integers(3, 5))
    subjects = [f"E{number}" for number in range(draw(st.integers(1, 5)))]
    marks = {}
    # Few different marks, so that ties are frequent and every key of the order gets to decide.
    for subject in subjects:
        for round_ in range(rounds):
            for aspect in [one for module in modules for one in aspects_of(module)]:
                for attempt in range(aspect["attempts"]):
                    for judge in range(judges):
                        top = 3 if aspect["kind"] == "judgement" else int(aspect["maximum"])
                        step = 1 if aspect["kind"] == "judgement" else Fraction(1, 2)
                        number = draw(st.integers(0, min(int(top / step), 6)))
                        marks[subject, round_, aspect["key"], attempt, judge] = Fraction(number * step)
    return (
        modules,
        rounds,
        rollup,
        judges,
        subjects,
        marks,
        draw(st.sampled_from(["shared", "dense", "average"])),
    )


def ruleset(contest):
    modules, rounds, rollup, judges, _, _, ties = contest
    data = {
        "modules": [as_rules(module) for module in modules],
        "total": {"judges": judges},
        "rankings": [
            {"key": "r", "ties": ties, "order": ["total", {"by": "node", "node": modules[-1]["key"]}]}
        ],
    }
    if rounds > 1:
        by, n = rollup
        data["rounds"] = [{"key": f"r{number}"} for number in range(rounds)]
        data["total"]["rounds"] = {"by": by, **({"n": n} if by == "best" else {})}
    return RuleSet.from_dict(data)


def mark_rows(contest, marks):
    rounds = contest[1]
    return [
        Mark(
            subject,
            f"J{judge}",
            aspect,
            int(value * 1000),
            round=f"r{round_}" if rounds > 1 else "",
            attempt=attempt + 1,
        )
        for (subject, round_, aspect, attempt, judge), value in marks.items()
    ]


def expected(contest):
    modules, rounds, rollup, judges, subjects, marks, ties = contest
    rows, totals = [], {}
    for subject in subjects:
        by_round, last = [], []
        for round_ in range(rounds):

            def mark_of(aspect, attempt, judge, subject=subject, round_=round_):
                return marks[subject, round_, aspect, attempt, judge]

            values = [reference.value(module, mark_of, judges, None)[0] for module in modules]
            by_round.append(sum(values))
            last.append(values[-1])
        totals[subject] = reference.rolled(rollup, by_round)
        rows.append((subject, [-totals[subject], -reference.rolled(rollup, last)]))
    return totals, reference.ranked(rows, ties)


def lines(outcome):
    return [
        (row.subject, row.total, row.rank, row.decided_by, row.shown, row.parts)
        for row in outcome.rankings["r"].rows
    ]


@given(contests())
def test_totals_ranks_and_deciding_keys_equal_a_reference_in_plain_fractions(contest):
    rules = ruleset(contest)
    outcome = compute(
        rules, field_of(rules, [Subject(key) for key in contest[4]], mark_rows(contest, contest[5]))
    )
    totals, ranks = expected(contest)
    assert outcome.problems == ()
    names = ["total", contest[0][-1]["key"], "shared"]
    got = {row.subject: (row.total, row.rank, row.decided_by) for row in outcome.rankings["r"].rows}
    assert got == {key: (totals[key], ranks[key][0], names[ranks[key][1]]) for key in contest[4]}


@given(contests(), st.randoms(use_true_random=False))
def test_no_order_of_the_input_changes_the_result(contest, chance):
    rules = ruleset(contest)
    subjects, rows = [Subject(key) for key in contest[4]], mark_rows(contest, contest[5])
    first = lines(compute(rules, field_of(rules, subjects, rows)))
    chance.shuffle(subjects)
    chance.shuffle(rows)
    seats = [Seat(f"J{judge}") for judge in range(contest[3])]
    chance.shuffle(seats)
    assert lines(compute(rules, field_of(rules, subjects, rows, seats=seats))) == first


@given(contests(), st.randoms(use_true_random=False))
def test_an_edit_and_its_undoing_give_the_same_result(contest, chance):
    rules = ruleset(contest)
    subjects = [Subject(key) for key in contest[4]]
    before = lines(compute(rules, field_of(rules, subjects, mark_rows(contest, contest[5]))))
    edited = dict(contest[5])
    place = chance.choice(list(edited))
    kept, edited[place] = edited[place], Fraction(1) if edited[place] != 1 else Fraction(0)
    compute(rules, field_of(rules, subjects, mark_rows(contest, edited)))
    edited[place] = kept
    assert lines(compute(rules, field_of(rules, subjects, mark_rows(contest, edited)))) == before


@given(contests())
def test_rules_survive_toml_and_json(contest):
    rules = ruleset(contest)
    assert RuleSet.from_toml(rules.to_toml()) == rules
    assert RuleSet.from_dict(json.loads(json.dumps(rules.to_dict()))) == rules
    assert RuleSet.from_toml(rules.to_toml()).to_toml() == rules.to_toml()


@given(contests())
def test_valid_random_rules_have_no_contradiction_but_their_maxima(contest):
    assert {problem.code for problem in validate(ruleset(contest))} <= {
        "parts_not_maximum",
        "gate_above_maximum",
        "cap_below_floor",
    }


@pytest.mark.parametrize("factor", ["1", "1000000007/999999937", "123456789.123456789"])
def test_results_stay_exact_where_64_bits_are_not_enough(factor):
    rules = RuleSet.from_dict(
        {
            "modules": [
                {"key": f"m{number}", "maximum": 10**9, "factor": factor, "method": "mean"}
                for number in range(3)
            ],
            "total": {"combine": "product"},
            "rankings": [{"key": "r"}],
        }
    )
    chance = random.Random(3)
    marks = {
        (subject, number, judge): chance.randrange(10**12)
        for subject in "AB"
        for number in range(3)
        for judge in range(7)
    }
    rows = [
        Mark(subject, f"J{judge}", f"m{number}", milli) for (subject, number, judge), milli in marks.items()
    ]
    outcome = compute(rules, field_of(rules, [Subject("A"), Subject("B")], rows))
    for row in outcome.rankings["r"].rows:
        wanted = Fraction(1)
        for number in range(3):
            wanted *= Fraction(sum(marks[row.subject, number, judge] for judge in range(7)), 7000) * Fraction(
                factor
            )
        assert row.total == wanted


def test_many_judges_who_each_mark_a_few_are_kept_in_slots(monkeypatch):
    rules = RuleSet.from_dict(
        {"modules": [{"key": "a", "maximum": 100}, {"key": "b", "maximum": 100}], "rankings": [{"key": "r"}]}
    )
    chance = random.Random(5)
    rows, wanted = [], {}
    for number in range(300):
        judges = chance.sample(range(400), 2)
        wanted[f"E{number}"] = Fraction(0)
        for aspect in "ab":
            marks = [chance.randrange(100_000) for _ in judges]
            wanted[f"E{number}"] += Fraction(sum(marks), 2000)
            rows += [
                Mark(f"E{number}", f"J{judge}", aspect, milli)
                for judge, milli in zip(judges, marks, strict=True)
            ]
    field = field_of(rules, [Subject(key) for key in wanted], rows)
    dense = compute(rules, field)
    monkeypatch.setattr(planes, "SPARE_CELLS", 0)
    sparse = compute(rules, field)
    assert {row.subject: row.total for row in dense.rankings["r"].rows} == wanted
    assert lines(sparse) == lines(dense)
