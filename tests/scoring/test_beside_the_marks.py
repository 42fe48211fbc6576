"""What a file says beside the marks: statuses, inputs, lots and rulings; and what of it cannot be."""

import pytest

from contest.scoring import tidy
from contest.scoring.field import Ruling
from tests.scoring.sheets_of_marks import rules_of, table_of

RULES = """
members = { minimum = 1, maximum = 2 }
inputs = [ { name = "age", decimals = 0, low = 10, high = 99 }, { name = "wind" } ]
total = { rounds = "sum" }
[[modules]]
key = "a"
maximum = 100
per = "member"
members = "sum"
[[modules]]
key = "b"
maximum = 100
[[rounds]]
key = "1"
[[rounds]]
key = "2"
[[rankings]]
key = "r"
order = ["total", "lot", "ruling"]
"""
GOOD = """entry,member,aspect,round,attempt,mark,status,age,wind,lot,ruling
A,x,a,1,,50,,20,,1,
A,y,a,1,,50,,21,,2,
A,,b,1,,50,,,1.5,,3
A,,b,2,,50,,,2.5,,
A,x,,,,,absent,,,,
B,,b,1,,40,,,,5,"""
BAD = [
    ("A,x,,,,,withdrawn,,,,", (6, "status", "absent", "another row gives this subject another status")),
    ("B,,b,2,,41,,,,6,", (8, "lot", "6", "another row gives this subject another value")),
    ("B,,,,,,,,x,,", (8, "wind", "x", "is not a number")),
    ("C,,b,1,,40,gone,,,,", (8, "status", "gone", "is no known status")),
    ("D,z,a,1,,30,,9,,,", (8, "age", "9", "is below 10")),
    ("D,z,a,1,,30,,100,,,", (8, "age", "100", "is above 99")),
    ("D,z,a,1,,30,,20.5,,,", (8, "age", "20.5", "has more decimals than the rules allow")),
]


def test_statuses_inputs_lots_and_rulings_are_those_of_entry_member_round_and_aspect():
    table = table_of(GOOD)
    (event,) = tidy.events(rules_of(RULES), table)
    field = event.field
    assert table.bad == []
    assert (list(field.entries.keys), field.entries.codes().tolist()) == (["A", "B"], [0, 0])
    assert (list(field.members.keys), field.members.codes().tolist()) == (["x", "y"], [1, 0])
    assert field.member_entry.tolist() == [0, 0]
    names = ("value", "entry", "member", "round", "attempt", "aspect")
    found = {
        key: {name: getattr(column, name).tolist() for name in names} for key, column in field.inputs.items()
    }
    assert found == {
        "age": {
            "value": [20000, 21000],
            "entry": [0, 0],
            "member": [0, 1],
            "round": [0, 0],
            "attempt": [-1, -1],
            "aspect": [0, 0],
        },
        "wind": {
            "value": [1500, 2500],
            "entry": [0, 0],
            "member": [-1, -1],
            "round": [0, 1],
            "attempt": [-1, -1],
            "aspect": [1, 1],
        },
    }
    assert field.rulings == (
        Ruling("", "lot", {"x": 1, "y": 2, "B": 5}),
        Ruling("", "ruling", {"A": 3}),
    )


@pytest.mark.parametrize(("row", "told"), BAD)
def test_what_cannot_be_is_told_with_line_column_and_value(row, told):
    table = table_of(f"{GOOD}\n{row}")
    list(tidy.events(rules_of(RULES), table))
    assert [(one.line, one.column, one.value, one.reason) for one in table.bad] == [told]
