"""From computed rankings and rounds to candidates, and the awards of single rounds."""

from contest.scoring import presets
from contest.scoring.compute import compute
from contest.scoring.field import Mark, Member, Seat, Subject, field_of
from contest.scoring.honours import (
    awarding_of,
    awards_for,
    candidates_of,
    honours,
    parts_needed,
    ranked_fields,
)
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


def test_a_subject_that_is_a_person_receives_what_members_receive():
    document = {
        "members": {"maximum": 2},
        "modules": [{"key": "m", "maximum": 9, "per": "member"}],
        "rankings": [
            {
                "key": key,
                "subject": key,
                "members": "sum" if key == "entry" else None,
                "awards": [
                    {"key": "t", "by": "place", "to": "members", "bands": [{"award": "t", "places": 1}]}
                ],
            }
            for key in ("entry", "member")
        ],
    }
    del document["rankings"][1]["members"]
    rules = RuleSet.from_dict(document)
    team = Subject("a", members=(Member("a1"), Member("a2")))
    marks = [Mark("a", "j", "m", 5000, member="a1"), Mark("a", "j", "m", 4000, member="a2")]
    field = field_of(rules, [team], marks)
    outcome = compute(rules, field)
    given = {key: awarding_of(rules, field, standing) for key, standing in outcome.rankings.items()}
    assert [grant.recipient for grant in given["entry"].grants] == ["a1", "a2"]
    assert [grant.recipient for grant in given["member"].grants] == ["a1"]


def test_an_entry_of_a_field_without_members_is_its_own_member():
    rules = RuleSet.from_dict(
        {
            "modules": [{"key": "m", "maximum": 9}],
            "rankings": [
                {
                    "key": "r",
                    "awards": [
                        {"key": "t", "by": "place", "to": "members", "bands": [{"award": "t", "places": 1}]}
                    ],
                }
            ],
        }
    )
    field = field_of(rules, [Subject("a")], [Mark("a", "j", "m", 5000)])
    found = awarding_of(rules, field, compute(rules, field).rankings["r"])
    assert ([grant.recipient for grant in found.grants], found.questions) == (["a"], ())


def test_candidates_carry_columns_parts_gates_and_members():
    document = {
        "members": {"maximum": 2},
        "modules": [
            {"key": "theory", "maximum": 100, "weight": 0, "gate": 60, "per": "member"},
            {"key": "task", "maximum": 100, "weight": 100, "per": "member"},
        ],
        "rankings": [
            {
                "key": "people",
                "subject": "member",
                "awards": [{"key": "f", "by": "full_mark", "award": "m", "aspects": ["task"]}],
            },
            {"key": "teams", "subject": "entry", "members": "sum"},
        ],
    }
    rules = RuleSet.from_dict(document)
    members = (Member("a1", texts={"group": "学生", "level": "三级"}), Member("a2", texts={"group": ""}))
    team = Subject("a", texts={"group": "职工", "delegation": "D"}, members=members)
    marks = [Mark("a", "j", "theory", 50_000, member="a1"), Mark("a", "j", "theory", 70_000, member="a2")]
    marks += [Mark("a", "j", "task", 90_000, member="a1"), Mark("a", "j", "task", 100_000, member="a2")]
    field = field_of(rules, [team], marks)
    outcome = compute(rules, field)
    second, first = candidates_of(rules, field, outcome.rankings["people"])[::-1]
    assert (first.key, first.rank, first.total, first.full, first.gates) == (
        "a2",
        1,
        100,
        frozenset({"task"}),
        (),
    )
    assert first.attributes == {"group": "职工", "delegation": "D"}
    assert (second.key, second.gates, second.full) == ("a1", ("theory",), frozenset())
    assert (second.attributes["group"], second.attributes["level"], second.attributes["delegation"]) == (
        "学生",
        "三级",
        "D",
    )
    assert (second.parts["theory"], second.parts["task"], second.status) == (50, 90, "present")
    (entry,) = candidates_of(rules, field, outcome.rankings["teams"])
    assert [(one.key, one.attributes["group"]) for one in entry.members] == [("a1", "学生"), ("a2", "职工")]
    assert entry.attributes == {"group": "职工", "delegation": "D"}


def test_only_parts_that_awards_or_tables_ask_for_are_needed():
    rules = RuleSet.from_dict(
        {
            "modules": [
                {"key": "A", "parts": [{"key": "a", "maximum": 5}, {"key": "b", "maximum": 5}]},
                {"key": "C", "maximum": 9},
                {"key": "D", "maximum": 9},
            ],
            "rankings": [
                {
                    "key": "r",
                    "awards": [
                        {"key": "1", "by": "place", "needs": {"C": 5, "total": 1}, "bands": []},
                        {"key": "2", "by": "score", "on": "A", "bands": []},
                        {"key": "3", "by": "full_mark", "award": "m", "aspects": ["a"]},
                    ],
                },
                {"key": "s", "awards": [{"key": "3", "by": "full_mark", "award": "m"}]},
                {"key": "t"},
            ],
        }
    )
    needed = {ranking.key: parts_needed(rules, ranking) for ranking in rules.rankings}
    assert needed == {"r": {"A", "C", "a"}, "s": {"a", "b", "C", "D"}, "t": frozenset()}
    more = {"key": "t", "by": "sum", "ranking": "t", "then": ["b", "best"], "parts": ["a"]}
    points = {"key": "u", "by": "points_by_award", "ranking": "t", "needs": {"D": 1}}
    tabled = RuleSet.from_dict({**rules.to_dict(), "tables": [more, points]})
    assert parts_needed(tabled, tabled.ranking("t")) == {"a", "b", "D"}
