"""Order: chains of keys, ties, statuses, gates, and which key decided."""

import pytest

from contest.scoring.compute import compute
from contest.scoring.field import Mark, Member, Ruling, Subject, field_of
from tests.scoring.sheets_of_marks import event_of, outcome_of, problems, ranks, rules_of

SCHEME = """
{}
[[modules]]
key = "theory"
maximum = 100
weight = 30
[[modules]]
key = "practice"
maximum = 100
weight = 70
[[modules.parts]]
key = "work"
maximum = 100
[[modules.parts]]
key = "minutes"
kind = "time"
weight = 0
less = true
[[rankings]]
key = "r"
{}
"""
HEAD = "entry,aspect,mark\n"


def marks(**subjects):
    """Rows for subjects given as (theory, work, minutes)."""
    rows = []
    for key, numbers in subjects.items():
        rows += [
            f"{key},{aspect},{number}"
            for aspect, number in zip(("theory", "work", "minutes"), numbers, strict=True)
        ]
    return HEAD + "\n".join(rows)


def test_each_result_says_which_key_decided():
    order = 'order = ["total", { by = "node", node = "practice" }, { by = "node", node = "minutes" }]'
    text = marks(A=(100, 70, 9), B=(30, 100, 9), C=(30, 100, 8), D=(30, 100, 8), E=(90, 90, 7), F=(0, 0, 1))
    # Totals: A 79, B C D 79, E 90, F 0. B, C and D tie in practice too; the time separates B, nothing C and D.
    assert ranks(outcome_of(SCHEME.format("", order), text)) == [
        "1 E 90 total",
        "2 C 79 shared",
        "2 D 79 shared",
        "4 B 79 minutes",
        "5 A 79 practice",
        "6 F 0 total",
    ]


@pytest.mark.parametrize(
    ("ties", "wanted"),
    [
        ("shared", ["1", "2", "2", "4"]),
        ("dense", ["1", "2", "2", "3"]),
        ("average", ["1", "2.5", "2.5", "4"]),
        ("never", ["1", "2", "2", "4"]),
    ],
)
def test_ways_to_show_ties(ties, wanted):
    text = marks(A=(50, 50, 1), B=(60, 60, 1), C=(50, 50, 2), D=(0, 0, 1))
    outcome = outcome_of(SCHEME.format("", f'ties = "{ties}"'), text)
    assert [row.shown_rank for row in outcome.rankings["r"].rows] == wanted
    assert [row.subject for row in outcome.rankings["r"].rows] == ["B", "A", "C", "D"]
    assert problems(outcome) == (["tie_unresolved"] if ties == "never" else [])


def test_an_unresolved_tie_names_those_tied_and_a_lot_or_a_ruling_resolves_it():
    event = event_of(
        SCHEME.format("", 'ties = "never"\norder = ["total", "lot", "ruling"]'),
        marks(A=(50, 50, 1), B=(50, 50, 1), C=(50, 50, 1)),
    )
    outcome = compute(event.rules, event.field)
    assert outcome.problems[0].params["subjects"] == ("A", "B", "C")
    lots = Ruling("r", "lot", {"A": 2, "B": 1, "C": 2})
    half = compute(event.rules, with_rulings(event.field, lots))
    assert ranks(half) == ["1 B 50 lot", "2 A 50 shared", "2 C 50 shared"]
    assert half.problems[0].params["subjects"] == ("A", "C")
    done = compute(
        event.rules, with_rulings(event.field, lots, Ruling("r", "ruling", {"A": 2, "C": 1}, "faster start"))
    )
    assert ranks(done) == ["1 B 50 lot", "2 C 50 ruling", "3 A 50 ruling"]
    assert done.problems == ()
    assert problems(compute(event.rules, with_rulings(event.field, Ruling("other", "lot", {"A": 1})))) == [
        "tie_unresolved"
    ]


def with_rulings(field, *rulings):
    import dataclasses

    return dataclasses.replace(field, rulings=rulings)


def test_lots_may_stand_in_the_file():
    text = "entry,aspect,mark,lot\n" + "".join(
        f"{key},{aspect},5,{lot}\n"
        for key, lot in (("A", 2), ("B", 1))
        for aspect in ("theory", "work", "minutes")
    )
    assert ranks(outcome_of(SCHEME.format("", 'order = ["total", "lot"]'), text)) == [
        "1 B 5 lot",
        "2 A 5 lot",
    ]


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ('"modules"', ["1 A 50 theory", "2 B 50 theory"]),
        ('{ by = "modules", modules = ["practice"] }', ["1 B 50 practice", "2 A 50 practice"]),
        ('{ by = "node", node = "theory", less = "yes" }', ["1 B 50 theory", "2 A 50 theory"]),
        ('{ by = "node", node = "minutes" }', ["1 A 50 minutes", "2 B 50 minutes"]),
        ('{ by = "node", node = "minutes", less = "no" }', ["1 B 50 minutes", "2 A 50 minutes"]),
        ('{ by = "input", name = "age" }', ["1 B 50 age", "2 A 50 age"]),
        ('{ by = "input", name = "age", less = "no" }', ["1 A 50 age", "2 B 50 age"]),
    ],
)
def test_keys_of_an_order(order, wanted):
    rows = (
        marks(A=(50, 50, 3), B=(50, 50, 4))
        .replace("A,theory,50", "A,theory,85")
        .replace("A,work,50", "A,work,35")
    )
    text = "\n".join(
        f"{line},{('age' if index == 0 else 30 if line.startswith('A') else 25)}"
        for index, line in enumerate(rows.splitlines())
    )
    scheme = SCHEME.format('inputs = [ { name = "age", decimals = 0 } ]', f'order = ["total", {order}]')
    assert ranks(outcome_of(scheme, text)) == wanted


JUDGED = """
[[modules]]
key = "a"
maximum = 10
[[modules]]
key = "b"
maximum = 10
[[rankings]]
key = "r"
order = ["total", {}]
"""


def test_the_best_single_mark_of_a_judge():
    rows = [("A", "a", 5, 5), ("A", "b", 5, 5), ("B", "a", 9, 1), ("B", "b", 2, 8)]
    text = "entry,aspect,judge,mark\n" + "".join(f"{e},{a},J1,{x}\n{e},{a},J2,{y}\n" for e, a, x, y in rows)
    assert ranks(outcome_of(JUDGED.format('{ by = "best_mark", node = "a" }'), text)) == [
        "1 B 10 best_mark:a",
        "2 A 10 best_mark:a",
    ]
    # Judges' whole totals: A 10 and 10, B 11 and 9.
    assert ranks(outcome_of(JUDGED.format('"best_mark"'), text)) == [
        "1 B 10 best_mark:total",
        "2 A 10 best_mark:total",
    ]


def test_the_mark_of_a_named_judge():
    rows = [("A", 5, 7), ("B", 6, 6), ("C", 7, 5)]
    text = "entry,aspect,judge,mark\n" + "".join(
        f"{e},{a},J1,{x}\n{e},{a},chief,{y}\n" for e, x, y in rows for a in "ab"
    )
    scheme = JUDGED.format('{ by = "judge_mark", judge = "chief" }')
    assert ranks(outcome_of(scheme, text)) == [
        f"{place + 1} {key} 12 judge_mark:chief" for place, key in enumerate("ABC")
    ]
    nobody = outcome_of(scheme.replace('"chief"', '"nobody"'), text)
    assert [row.decided_by for row in nobody.rankings["r"].rows] == ["shared"] * 3


def test_first_places_of_judges():
    table = {"A": (9, 9, 1), "B": (7, 6, 6), "C": (8, 1, 9)}
    text = "entry,aspect,judge,mark\n" + "".join(
        f"{entry},{aspect},J{judge},{mark if aspect == 'a' else 0}\n"
        for entry, row in table.items()
        for aspect in "ab"
        for judge, mark in enumerate(row)
    )
    scheme = JUDGED.format('"first_places"')
    assert ranks(outcome_of(scheme, text)) == [
        "1 A 6.333333 first_places",
        "2 B 6.333333 first_places",
        "3 C 6 total",
    ]


RUNS = """
total = {{ rounds = "best" }}
[[modules]]
key = "run"
maximum = 100
[[rounds]]
key = "1"
[[rounds]]
key = "2"
[[rounds]]
key = "3"
[[rankings]]
key = "r"
order = ["total", {}]
"""


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ('"count_back"', ["1 B 90 count_back:2", "2 A 90 count_back:2", "3 C 90 count_back:2"]),
        ('{ by = "count_back", most = 1 }', ["1 A 90 shared", "1 B 90 shared", "1 C 90 shared"]),
        ('{ by = "round", round = "last" }', ["1 B 90 shared", "1 C 90 shared", "3 A 90 round:last"]),
        ('{ by = "round", round = "1" }', ["1 A 90 round:1", "2 B 90 round:1", "3 C 90 round:1"]),
        ('"reached"', ["1 B 90 shared", "1 C 90 shared", "3 A 90 reached"]),
        ('{ by = "first_places", of = "rounds" }', ["1 A 90 shared", "1 B 90 shared", "1 C 90 shared"]),
        # Places by round: A 1 2, B 2 3 1, C 3 1 2; A has no third place to compare.
        ('{ by = "count_back", of = "places" }', ["1 B 90 shared", "1 C 90 shared", "3 A 90 count_back:3"]),
    ],
)
def test_rounds_break_ties(order, wanted):
    table = {"A": (90, 60, ""), "B": (70, 50, 90), "C": (55, 90, 50)}
    text = "entry,round,mark\n" + "".join(
        f"{entry},{index + 1},{mark}\n" for entry, row in table.items() for index, mark in enumerate(row)
    )
    if 'round = "last"' in order or "reached" in order:
        text = text.replace("C,3,50", "C,3,90")
        text = text.replace("C,2,90", "C,2,60")
    assert ranks(outcome_of(RUNS.format(order), text)) == wanted


def test_attempts_rolled_up_in_another_way_break_ties():
    scheme = """
    [[modules]]
    key = "solve"
    kind = "time"
    less = true
    attempts = { by = "mean", count = 2 }
    [[rankings]]
    key = "r"
    less = true
    no_total = "behind"
    order = ["total", { by = "attempts", node = "solve", rollup = "best" }]
    """
    table = {
        "A": (10, 12),
        "B": (9, 13),
        "C": (8, "DNF"),
        "D": ("DNF", "DNF"),
        "E": ("DNS", "DNS"),
        "F": ("", ""),
    }
    text = "entry,attempt,mark\n" + "".join(
        f"{entry},{index + 1},{mark}\n" for entry, row in table.items() for index, mark in enumerate(row)
    )
    assert ranks(outcome_of(scheme, text)) == [
        "1 B 11 solve:best",
        "2 A 11 solve:best",
        "3 C - solve:best",
        "4 D - shared",
        "4 E - shared",
        "- F - incomplete",
    ]


def test_only_present_subjects_are_ranked():
    text = marks(A=(50, 50, 1), B=(90, 90, 1), C=(80, 80, 1), D=(60, 60, 1), E=(70, 70, 1))
    text = "\n".join(f"{line}," for line in text.splitlines()).replace(
        "entry,aspect,mark,", "entry,aspect,mark,status"
    )
    text += "\nB,,,disqualified\nC,,,unofficial\nD,,,withdrawn\nG,,,absent\nH,,,void"
    outcome = outcome_of(SCHEME.format("", ""), text)
    assert ranks(outcome) == [
        "1 E 70 total",
        "2 A 50 total",
        "- G - absent",
        "- D 60 withdrawn",
        "- B 90 disqualified",
        "- H - void",
        "- C 80 unofficial",
    ]
    assert problems(outcome) == []


def test_absent_is_not_zero_and_not_marked_is_neither():
    text = marks(A=(50, 50, 1), B=(50, "absent", 1), C=("absent", "absent", "absent"), D=(50, "", 1))
    outcome = outcome_of(SCHEME.format("", ""), text)
    assert ranks(outcome) == ["1 A 50 total", "- B - absent", "- C - absent", "- D - incomplete"]
    assert [(problem.code, problem.params["subjects"]) for problem in outcome.problems] == [
        ("mark_missing", ("D",))
    ]


def test_absent_may_be_zero_if_the_rules_say_so_but_not_for_those_who_took_no_part():
    scheme = SCHEME.format("", "").replace('key = "practice"', 'key = "practice"\nabsent = "zero"')
    text = marks(A=(50, 50, 1), B=(50, "absent", 1), C=("absent", "absent", "absent"))
    assert ranks(outcome_of(scheme, text)) == ["1 A 50 total", "2 B 15 total", "- C - absent"]


def test_a_missing_tie_break_of_weight_0_is_only_a_note():
    outcome = outcome_of(SCHEME.format("", ""), marks(A=(50, 50, "")))
    assert (ranks(outcome), [(problem.code, problem.severity) for problem in outcome.problems]) == (
        ["1 A 50 total"],
        [("mark_missing", "note")],
    )


@pytest.mark.parametrize(
    ("gates", "wanted"),
    [
        ("ranked", ["1 A 79 total", "2 B 61 total", "3 C 60 total"]),
        ("unranked", ["1 B 61 total", "2 C 60 total", "- A 79 gate"]),
        ("behind", ["1 B 61 total", "2 C 60 total", "3 A 79 gate"]),
    ],
)
def test_pass_gates_of_modules(gates, wanted):
    scheme = SCHEME.format("", f'gates = "{gates}"').replace('key = "theory"', 'key = "theory"\ngate = 60')
    outcome = outcome_of(scheme, marks(A=(58, 88, 1), B=(61, 61, 1), C=(60, 60, 1)))
    assert ranks(outcome) == wanted
    assert {row.subject: row.gates_failed for row in outcome.rankings["r"].rows} == {
        "A": ("theory",),
        "B": (),
        "C": (),
    }


def test_gates_of_the_total_and_of_times():
    scheme = SCHEME.format("total = { gate = 60 }", 'gates = "unranked"').replace(
        'kind = "time"', 'kind = "time"\ngate = 10'
    )
    outcome = outcome_of(scheme, marks(A=(60, 60, 10), B=(90, 90, 11), C=(59, 59, 1)))
    assert ranks(outcome) == ["1 A 60 total", "- B 90 gate", "- C 59 gate"]
    assert {row.subject: row.gates_failed for row in outcome.rankings["r"].rows} == {
        "A": (),
        "B": ("minutes",),
        "C": ("total",),
    }


def test_ranking_is_by_the_exact_total_unless_it_is_rounded():
    scheme = SCHEME.format("{}", "show = {{ digits = 1 }}")
    text = marks(A=("50.1", "50.02", 1), B=("50.1", "50.04", 1))
    # A 50.044, B 50.058: shown 50.0 and 50.1; rounded to whole points they are equal.
    assert ranks(outcome_of(scheme.format("").replace("{{", "{").replace("}}", "}"), text)) == [
        "1 B 50.1 total",
        "2 A 50.0 total",
    ]
    rounded = scheme.format("total = { round = { digits = 0 } }").replace("{{", "{").replace("}}", "}")
    assert ranks(outcome_of(rounded, text)) == ["1 A 50.0 shared", "1 B 50.0 shared"]


def test_filters_make_several_rankings_from_one_set_of_marks():
    scheme = """
    inputs = [ { name = "age", decimals = 0 } ]
    [[modules]]
    key = "a"
    maximum = 10
    [[rankings]]
    key = "r"
    [[rankings]]
    key = "women"
    filter = [ { column = "gender", values = ["f"] } ]
    [[rankings]]
    key = "young"
    filter = [ { column = "age", at_least = 18, at_most = 35 } ]
    """
    outcome = outcome_of(scheme, "entry,gender,age,mark\nA,f,35,5\nB,m,36,9\nC,f,17,7\nD,m,18,8\nE,m,,9")
    assert ranks(outcome) == ["1 B 9 shared", "1 E 9 shared", "3 D 8 total", "4 C 7 total", "5 A 5 total"]
    assert ranks(outcome, "women") == ["1 C 7 total", "2 A 5 total"]
    assert ranks(outcome, "young") == ["1 D 8 total", "2 A 5 total"]


TEAMS = """
members = {{ minimum = 2, maximum = 3, missing = "{}" }}
[[modules]]
key = "solo"
maximum = 100
per = "member"
members = "{}"
[[modules]]
key = "together"
maximum = 100
[[rankings]]
key = "r"
[[rankings]]
key = "people"
subject = "member"
modules = ["solo"]
[[rankings]]
key = "both"
subject = "member"
[[rankings]]
key = "sums"
modules = ["solo"]
members = "sum"
"""
SQUADS = (
    "entry,member,aspect,mark,status\nT,,together,50,\nT,a,solo,80,\nT,b,solo,60,\n"
    "U,,together,40,\nU,c,solo,90,\nU,d,,,absent\nV,,together,10,\nV,e,solo,99,\n"
)


@pytest.mark.parametrize(
    ("missing", "rollup", "wanted"),
    [
        ("unranked", "sum", ["1 T 190 total", "- U - no_result", "- V - no_result"]),
        ("counts", "mean", ["1 U 130 total", "2 T 120 total", "3 V 109 total"]),
        ("zero", "mean", ["1 T 120 total", "2 U 85 total", "3 V 59.5 total"]),
        ("zero", "best", ["1 T 130 total", "2 U 130 total", "3 V 109 total"]),
    ],
)
def test_a_missing_member_is_a_stated_choice(missing, rollup, wanted):
    outcome = outcome_of(TEAMS.format(missing, rollup), SQUADS)
    shared = [
        line.replace("2 U 130 total", "1 U 130 shared").replace("1 T 130 total", "1 T 130 shared")
        for line in wanted
    ]
    assert ranks(outcome) == shared
    assert problems(outcome) == (["member_missing", "member_missing"] if missing == "unranked" else [])


def test_members_and_teams_are_ranked_from_one_set_of_marks():
    outcome = outcome_of(TEAMS.format("counts", "sum"), SQUADS)
    assert ranks(outcome, "people") == [
        "1 e 99 total",
        "2 c 90 total",
        "3 a 80 total",
        "4 b 60 total",
        "- d - absent",
    ]
    assert ranks(outcome, "both") == [
        "1 a 130 shared",
        "1 c 130 shared",
        "3 b 110 total",
        "4 e 109 total",
        "- d - absent",
    ]
    assert ranks(outcome, "sums") == ["1 T 140 total", "2 V 99 total", "3 U 90 total"]


def test_a_team_with_an_unmarked_member_has_no_result_yet():
    outcome = outcome_of(TEAMS.format("counts", "sum"), SQUADS.replace("T,b,solo,60,", "T,b,solo,,"))
    assert ranks(outcome)[-1] == "- T - incomplete"
    assert [problem.params["subjects"] for problem in outcome.problems] == [("b",)]


def test_a_withdrawn_member_is_out_of_the_team():
    text = SQUADS.replace("U,d,,,absent", "U,d,,,withdrawn\nU,f,solo,70,")
    outcome = outcome_of(TEAMS.format("unranked", "mean"), text)
    assert ranks(outcome) == ["1 T 120 shared", "1 U 120 shared", "- V - no_result"]


def test_a_disqualified_entry_takes_its_members_along():
    outcome = outcome_of(TEAMS.format("counts", "sum"), SQUADS + "T,,,,disqualified")
    assert ranks(outcome, "people") == [
        "1 e 99 total",
        "2 c 90 total",
        "- d - absent",
        "- a 80 disqualified",
        "- b 60 disqualified",
    ]


def test_a_gate_of_members_holds_for_the_team():
    scheme = TEAMS.format("counts", "sum").replace('key = "solo"\n', 'key = "solo"\ngate = 70\n', 1)
    outcome = outcome_of(scheme, SQUADS)
    failed = {row.subject: row.gates_failed for row in outcome.rankings["r"].rows}
    assert failed == {"T": ("solo",), "U": ("solo",), "V": ()}


def test_reasons_of_a_status_are_shown():
    rules = rules_of(
        '[[modules]]\nkey = "a"\nmaximum = 10\nper = "member"\n[[rankings]]\nkey = "r"\nsubject = "member"'
    )
    subjects = [
        Subject("E", status="disqualified", reason="doping", members=(Member("m"),)),
        Subject("F", members=(Member("n", status="absent", reason="ill"), Member("o"))),
    ]
    outcome = compute(
        rules,
        field_of(
            rules, subjects, [Mark("E", "J", "a", 5000, member="m"), Mark("F", "J", "a", 4000, member="o")]
        ),
    )
    assert [(row.subject, row.status, row.reason) for row in outcome.rankings["r"].rows] == [
        ("o", "present", ""),
        ("n", "absent", "ill"),
        ("m", "disqualified", "doping"),
    ]


def test_members_of_an_entry_that_was_absent_have_no_total():
    outcome = outcome_of(
        TEAMS.format("counts", "sum"), SQUADS.replace("T,,together,50,", "T,,together,absent,")
    )
    assert ranks(outcome, "both")[-3:] == ["- a - absent", "- b - absent", "- d - absent"]
    assert ranks(outcome, "people")[2:4] == ["3 a 80 total", "4 b 60 total"]
