"""What a standing tells beside its order: problems with their subjects, parts of its rows, who is behind, who goes on."""

from fractions import Fraction

from tests.scoring.sheets_of_marks import outcome_of, ranks

TWO = """
total = { rounds = "sum" }
[[modules]]
key = "work"
maximum = 20
[[modules.parts]]
key = "speed"
maximum = 10
[[modules.parts]]
key = "care"
maximum = 10
[[rounds]]
key = "1"
ADVANCE
[[rounds]]
key = "2"
[[rankings]]
key = "r"
MORE
"""


def two(more="", advance=""):
    return TWO.replace("MORE", more).replace("ADVANCE", advance)


def marks(**rows):
    """`A="5 6, 7 8"`: speed and care of entry A in round 1, then 2."""
    lines = ["entry,round,aspect,mark"]
    for entry, text in rows.items():
        for round_, pair in enumerate(text.split(","), 1):
            speed, care = pair.split()
            lines += [f"{entry},{round_},speed,{speed}", f"{entry},{round_},care,{care}"]
    return "\n".join(lines) + "\n"


def test_a_tie_that_may_not_be_shared_names_ranking_subjects_rank_and_round():
    outcome = outcome_of(two('ties = "never"'), marks(A="9 9,9 9", B="5 5,5 5", C="5 5,5 5"))
    found = [(one.severity, dict(one.params)) for one in outcome.problems if one.code == "tie_unresolved"]
    tied = {"ranking": "r", "subjects": ("B", "C"), "rank": 2}
    assert ("error", {**tied, "round": ""}) in found
    assert ("note", {**tied, "round": "1"}) in found
    assert ("note", {**tied, "round": "2"}) in found
    assert len(found) == 3


def test_a_standing_has_its_columns_for_whoever_computes_on():
    standing = outcome_of(two('order = ["total", "lot"]'), marks(A="5 5,5 5", B="9 9,9 9")).rankings["r"]
    assert set(standing.columns) == {"order", "rank", "rank_den", "decided", "labels", "total"}
    assert standing.columns["order"].tolist() == [1, 0]
    assert (standing.columns["rank"].tolist(), standing.columns["rank_den"]) == ([1, 2], 1)
    assert standing.columns["decided"].tolist() == [0, 0]
    assert standing.columns["labels"] == ("total", "lot")
    assert standing.columns["total"].fraction(1) == 36


def test_rows_carry_the_modules_and_the_nodes_that_the_order_names():
    order = 'order = ["total", { by = "node", node = "care" }, { by = "node", node = "total" }]'
    (row,) = outcome_of(two(order), marks(A="5 6,7 8")).rankings["r"].rows
    assert row.parts == {"work": 26, "care": 14}
    (row,) = outcome_of(two(), marks(A="5 6,7 8")).rankings["r"].rows
    assert row.parts == {"work": 26}


def test_keys_that_compare_rounds_are_left_out_inside_a_round_and_others_are_not():
    order = 'order = ["reached", { by = "round", round = "2" }, { by = "node", node = "care" }]'
    outcome = outcome_of(two(order), marks(A="9 1,5 5", B="1 9,5 5", C="5 5"))
    assert [line.split()[1] for line in ranks(outcome)] == ["B", "A", "C"]
    inside = [(row.subject, row.shown_rank, row.decided_by) for row in outcome.rounds["r", "1"].rows]
    assert inside == [("B", "1", "care"), ("C", "2", "care"), ("A", "3", "care")]


def test_a_cut_line_goes_by_the_better_side():
    for less, first in (("false", {"A"}), ("true", {"B"})):
        outcome = outcome_of(
            two(f"less = {less}", "advance = { first = 1 }"), marks(A="9 9,1 1", B="1 1,1 1", C="5 5,1 1")
        )
        assert outcome.rounds["r", "1"].advancing == first
        assert outcome.rounds["r", "2"].advancing == set()
    at_line = two("less = true", "advance = { score = 10 }")
    outcome = outcome_of(at_line, marks(A="9 9", B="1 1", C="5 5"))
    assert outcome.rounds["r", "1"].advancing == {"B", "C"}


KNOCKED = """
[[modules]]
key = "run"
kind = "time"
less = true
attempts = { by = "best", missing = "skip" }
[[modules]]
key = "fault"
kind = { by = "knockout", effect = "out" }
[[rankings]]
key = "r"
less = true
no_total = "behind"
"""


def test_who_has_no_total_is_behind_unless_it_was_knocked_out():
    text = "entry,aspect,mark,status\nA,run,10,\nB,run,DNF,\nC,run,9,\nC,fault,1,\nD,run,DNF,\nD,fault,1,\nE,,,absent\n"
    outcome = outcome_of(KNOCKED, text)
    assert ranks(outcome) == [
        "1 A 10 total",
        "2 B - total",
        "- C - knocked_out",
        "- D - knocked_out",
        "- E - absent",
    ]


def test_the_unranked_stand_by_status_then_by_what_they_lack_then_by_key():
    text = "entry,judge,mark,status\nZ,J,DNS,\nY,J,DNF,\nB,J,void,\nX,J,,\nQ,,,withdrawn\nP,,,absent\nA,J,5,\nK,J,DNS,\n"
    scheme = '[[modules]]\nkey = "a"\nmaximum = 10\n[[rankings]]\nkey = "r"\n'
    listed = [(row.subject, row.status, row.reason) for row in outcome_of(scheme, text).rankings["r"].rows]
    assert listed == [
        ("A", "present", ""),
        ("K", "absent", ""),
        ("Z", "absent", ""),
        ("B", "void", ""),
        ("Y", "void", ""),
        ("X", "incomplete", ""),
        ("P", "absent", ""),
        ("Q", "withdrawn", ""),
    ]


def test_gates_decide_the_whole_ranking_and_not_a_round():
    scheme = two('gates = "unranked"').replace("maximum = 20\n", "maximum = 20\ngate = 12\n", 1)
    outcome = outcome_of(scheme, marks(A="9 9,9 9", B="1 1,9 9"))
    assert [row.shown_rank for row in outcome.rankings["r"].rows] == ["1", ""]
    assert [row.shown_rank for row in outcome.rounds["r", "1"].rows] == ["1", "2"]


TEAM = """
members = { minimum = 2, maximum = 3 }
[[modules]]
key = "solo"
maximum = 10
per = "member"
MEMBERS
[[rankings]]
key = "r"
MORE
"""


def test_a_team_without_a_member_is_named_with_the_module():
    text = "entry,member,mark\nT,a,5\nT,b,6\nU,c,7\nV,d,DNS\nV,e,4\n"
    outcome = outcome_of(TEAM.replace("MEMBERS", "").replace("MORE", ""), text)
    (told,) = [one for one in outcome.problems if one.code == "member_missing"]
    assert (told.severity, told.path) == ("note", "solo")
    assert dict(told.params) == {"count": 2, "subjects": ("U", "V"), "module": "solo"}
    assert ranks(outcome) == ["1 T 11 total", "- U - no_result", "- V - no_result"]
    rolled = outcome_of(TEAM.replace("MEMBERS", "").replace("MORE", 'members = "best"'), text)
    (told,) = [one for one in rolled.problems if one.code == "member_missing"]
    assert (told.path, told.params["module"]) == ("total", "total")


def test_a_team_all_of_whose_members_are_absent_is_absent_and_not_noted():
    text = "entry,member,mark\nT,a,5\nT,b,6\nV,d,DNS\nV,e,DNS\n"
    outcome = outcome_of(TEAM.replace("MEMBERS", "").replace("MORE", ""), text)
    assert (ranks(outcome), outcome.problems) == (["1 T 11 total", "- V - absent"], ())


def test_members_roll_up_by_the_better_side_of_the_ranking():
    text = "entry,member,mark\nT,a,5\nT,b,6\n"
    for less, best in (("false", "6"), ("true", "5")):
        scheme = TEAM.replace("MEMBERS", 'members = "best"').replace("MORE", f"less = {less}")
        assert ranks(outcome_of(scheme, text)) == [f"1 T {best} total"]


def test_attempts_judges_and_members_keep_their_places_when_a_team_is_made():
    scheme = """
    members = { minimum = 2, maximum = 2 }
    total = { method = { by = "trimmed_mean", low = 1, high = 1 } }
    [[modules]]
    key = "solo"
    maximum = 10
    per = "member"
    [[modules]]
    key = "pair"
    maximum = 10
    [[rankings]]
    key = "r"
    """
    text = "entry,member,judge,aspect,mark\n"
    for judge, (first, second, both) in {"J1": (1, 2, 3), "J2": (4, 5, 6), "J3": (10, 10, 10)}.items():
        text += f"T,a,{judge},solo,{first}\nT,b,{judge},solo,{second}\nT,,{judge},pair,{both}\n"
    (row,) = outcome_of(scheme, text).rankings["r"].rows
    assert row.total == Fraction(4 + 5 + 6)
