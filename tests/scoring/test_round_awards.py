"""Awards of single rounds: the flag of the month beside the honours of the year."""

from contest.scoring import presets
from contest.scoring.compute import compute
from contest.scoring.field import Mark, Seat, Subject, field_of
from contest.scoring.honours import awarding_of, awards_for, honours, ranked_fields
from contest.scoring.rules import RuleSet


def year(vetoed: str = "") -> tuple[RuleSet, object]:
    """Three enterprises over six months: A leads the first month, B all others, C never."""
    rules = presets.load("labour-yellow-river")
    subjects = [
        Subject(key, texts={"project": "P1", "veto": "accident" if key == vetoed else "no"}) for key in "ABC"
    ]
    marks = []
    for month in range(1, 7):
        for key, lost in (("A", 1 if month == 1 else 3), ("B", 2), ("C", 9)):
            for aspect in rules.aspects():
                # Deductions; the share of the plan is 100 % for everybody.
                milli = 100_000 if aspect.key == "progress_share" else 0
                if aspect.key == "quality_process":
                    milli = lost * 1000
                marks.append(Mark(key, "office", aspect.key, milli, round=f"m{month}"))
    return rules, field_of(rules, subjects, marks, seats=[Seat("office", "department")], event="e")


def flags(vetoed: str = "") -> list[str]:
    rules, field = year(vetoed)
    outcome = compute(rules, field)
    assert outcome.blockers == ()
    given = honours(ranked_fields("e", rules, field, outcome), rules.tables, rules.overall)
    return [
        grant.recipient
        for month in range(1, 7)
        for grant in given.awarding("e", f"enterprises@m{month}").grants
        if grant.award == "flag"
    ]


def test_the_best_of_each_month_holds_the_flag():
    assert flags() == ["A", "B", "B", "B", "B", "B"]


def test_a_vetoed_enterprise_does_not_get_the_flag():
    assert flags("B") == ["A", "A", "A", "A", "A", "A"]


def test_the_year_has_its_own_awards_and_no_flag():
    rules, field = year()
    outcome = compute(rules, field)
    assert [award["key"] for award in awards_for(rules.ranking("enterprises"))] == ["winner", "consequences"]
    assert [award["key"] for award in awards_for(rules.ranking("enterprises"), "m3")] == ["flag"]
    overall = awarding_of(rules, field, outcome.rankings["enterprises"])
    assert {grant.award for grant in overall.grants} == {"winner", "reward"}
    month = awarding_of(rules, field, outcome.rounds["enterprises", "m1"])
    assert [(grant.award, grant.recipient) for grant in month.grants] == [("flag", "A")]


def test_an_award_may_be_for_one_round_alone():
    rules = presets.load("labour-yellow-river").to_dict()
    rules["rankings"][0]["awards"][2]["round"] = "m2"
    ranking = RuleSet.from_dict(rules).ranking("enterprises")
    assert [[award["key"] for award in awards_for(ranking, month)] for month in ("m1", "m2")] == [
        [],
        ["flag"],
    ]


def test_rankings_that_nothing_is_given_for_come_without_candidates():
    document = presets.load("labour-yellow-river").to_dict()
    ranking = document["rankings"][0]
    document["rankings"] = [
        ranking,
        {**ranking, "key": "plain", "awards": []},
        {**ranking, "key": "listed", "awards": []},
    ]
    document["tables"] = [{"key": "t", "by": "sum", "ranking": "listed", "group": "project"}]
    rules, (_, field) = RuleSet.from_dict(document), year()
    fields = {
        one.ranking: len(one.candidates) for one in ranked_fields("e", rules, field, compute(rules, field))
    }
    assert fields == {"enterprises": 3, "plain": 0, "listed": 3} | {
        f"enterprises@m{month}": 3 for month in range(1, 7)
    }
