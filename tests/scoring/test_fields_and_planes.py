"""What goes in, from plain rows to the cells of planes: codes, inputs, bad codes, doubled rows, slots."""

from fractions import Fraction

import numpy as np
import pytest

from contest.scoring import planes
from contest.scoring.compute import compute
from contest.scoring.field import (
    Field,
    InputRow,
    Mark,
    Marks,
    Member,
    Ruling,
    Seat,
    Subject,
    Subjects,
    field_of,
)
from tests.scoring.sheets_of_marks import problems, ranks, rules_of

RULES = rules_of("""
inputs = [ { name = "age" }, { name = "wind" } ]
total = { rounds = "sum" }
[[modules]]
key = "a"
maximum = 100
[[modules]]
key = "b"
maximum = 100
[[rounds]]
key = "1"
[[rounds]]
key = "2"
[[rankings]]
key = "r"
""")


def test_plain_rows_become_columns_of_codes():
    field = field_of(
        RULES,
        [
            Subject("A", texts={"group": "x"}, members=(Member("m1"), Member("m2", "absent", "ill"))),
            Subject("B", "withdrawn", "left", texts={"unit": "u"}, inputs={"wind": "1.5"}),
        ],
        [
            Mark("A", "j1", "b", 5000, round="2", attempt=2),
            Mark("B", "j2", "a", None, "absent", round="1"),
            Mark("A", "j1", "a", 0, member="m2"),
            Mark("A", "j3", "a", 7, "void"),
        ],
        seats=[Seat("j2", "self")],
        inputs=[
            InputRow("age", "A", 35000, member="m2"),
            InputRow("age", "B", 36000),
            InputRow("wind", "A", 1, round="2", attempt=3, aspect="b"),
        ],
        rulings=[Ruling("r", "lot", {"A": 1})],
        event="e",
    )
    marks = field.marks
    assert [one.tolist() for one in (marks.entry, marks.seat, marks.aspect, marks.value)] == [
        [0, 1, 0, 0],
        [1, 0, 1, 2],
        [1, 0, 0, 0],
        [5000, 0, 0, 7],
    ]
    assert [one.tolist() for one in (marks.member, marks.round, marks.attempt, marks.state)] == [
        [-1, -1, 1, -1],
        [1, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 1, 0, 2],
    ]
    assert {str(one.dtype) for one in (marks.entry, marks.value, marks.state)} == {"int64"}
    assert field.seats == (Seat("j2", "self"), Seat("j1"), Seat("j3"))
    assert (field.entries.keys, field.entries.codes().tolist()) == (["A", "B"], [0, 2])
    assert (field.entries.texts, field.entries.reasons) == (
        {"group": ["x", ""], "unit": ["", "u"]},
        {"B": "left"},
    )
    assert (field.members.keys, field.member_entry.tolist()) == (["m1", "m2"], [0, 0])
    assert (field.members.codes().tolist(), field.members.reasons) == ([0, 1], {"m2": "ill"})
    assert (field.rulings, field.event) == ((Ruling("r", "lot", {"A": 1}),), "e")
    found = {
        name: [one.tolist() for one in (col.value, col.entry, col.member, col.round, col.attempt, col.aspect)]
        for name, col in field.inputs.items()
    }
    assert found == {
        "age": [[35000, 36000], [0, 1], [1, -1], [-1, -1], [-1, -1], [-1, -1]],
        "wind": [[1500, 1], [1, 0], [-1, -1], [-1, 1], [-1, 2], [-1, 1]],
    }


def test_an_input_of_an_entry_has_three_decimals_at_most():
    with pytest.raises(ValueError, match=r"^more than three decimals: 0.0005$"):
        field_of(RULES, [Subject("A", inputs={"age": "0.0005"})], [])
    assert field_of(RULES, [Subject("A", inputs={"age": Fraction(1, 8)})], []).inputs[
        "age"
    ].value.tolist() == [125]


@pytest.mark.parametrize(
    "mark",
    [
        Mark("Z", "j", "a", 1),
        Mark("A", "j", "z", 1),
        Mark("A", "j", "a", 1, round="9"),
        Mark("A", "j", "a", 1, member="z"),
    ],
)
def test_an_unknown_name_in_a_mark_is_an_error(mark):
    with pytest.raises(KeyError):
        field_of(RULES, [Subject("A")], [mark])


def test_texts_of_members_come_before_those_of_their_entry():
    field = field_of(
        RULES,
        [Subject("A", texts={"group": "x"}, members=(Member("m1", texts={"group": "y"}), Member("m2")))],
        [],
    )
    assert (field.texts("member", "group"), field.texts("entry", "group")) == (["y", "x"], ["x"])
    assert (field.texts("member", "unit"), field.texts("entry", "unit")) == (["", ""], [""])
    alone = field_of(RULES, [Subject("A", texts={"group": "x"})], [])
    assert alone.texts("member", "group") == ["x"]
    codes = Subjects(["A", "B"]).codes()
    assert (codes.tolist(), codes.dtype) == ([0, 0], np.int8)


def plain_field(marks, members=None):
    return Field(
        Subjects(["A", "B"]),
        marks,
        (Seat("j"), Seat("k")),
        members=members,
        member_entry=None if members is None else np.array([0, 1]),
    )


def columns_of(**changed):
    """Three good marks, with some columns changed."""
    base = {
        "entry": [0, 1, 0],
        "seat": [0, 0, 1],
        "aspect": [0, 0, 1],
        "value": [1, 2, 3],
        "member": [-1, -1, -1],
        "round": [0, 0, 0],
        "attempt": [0, 0, 0],
        "state": [0, 0, 0],
    }
    return Marks(**{name: np.array(values) for name, values in {**base, **changed}.items()})


@pytest.mark.parametrize(
    ("column", "codes", "bad"),
    [
        ("entry", [0, 2, -1], [1, 2]),
        ("entry", [0, 1, 0], []),
        ("seat", [2, 0, 1], [0]),
        ("aspect", [0, -1, 2], [1, 2]),
        ("round", [0, 1, 2], [2]),
        ("member", [-1, -2, 0], [1, 2]),
        ("attempt", [999, 1000, -1], [1, 2]),
        ("state", [2, 3, -1], [1, 2]),
        ("value", [10**15, -(10**15), 0], []),
        ("value", [10**15 + 1, -(10**15) - 1, 0], [0, 1]),
    ],
)
def test_codes_that_point_nowhere_are_left_out_and_counted(column, codes, bad):
    marks = columns_of(**{column: codes})
    kept, told = planes.checked(marks, plain_field(marks), 2, 2)
    assert [(one.code, one.path, one.params) for one in told] == (
        [("mark_code", "", {"column": column, "count": len(bad)})] if bad else []
    )
    good = [place for place in range(3) if place not in bad]
    assert kept.value.tolist() == [int(marks.value[place]) for place in good]
    assert getattr(kept, column).tolist() == [codes[place] for place in good]


def test_several_bad_columns_are_told_apart_and_left_out_together():
    marks = columns_of(entry=[5, 0, 0], attempt=[0, -1, 0])
    kept, told = planes.checked(marks, plain_field(marks), 1, 2)
    assert [one.params for one in told] == [
        {"column": "entry", "count": 1},
        {"column": "attempt", "count": 1},
    ]
    assert kept.value.tolist() == [3]


def test_members_count_up_to_the_last_one_and_columns_may_be_left_out():
    marks = columns_of(member=[0, 1, 2])
    kept, told = planes.checked(marks, plain_field(marks, Subjects(["m", "n"])), 1, 2)
    assert (kept.member.tolist(), told[0].params) == ([0, 1], {"column": "member", "count": 1})
    bare = Marks(*(np.array([0, 9]) for _ in range(3)), value=np.array([1, 2]))
    kept, told = planes.checked(bare, plain_field(bare), 0, 10)
    assert (kept.value.tolist(), kept.member, kept.state) == ([1], None, None)
    assert [one.params for one in told] == [
        {"column": "entry", "count": 1},
        {"column": "seat", "count": 1},
    ]


def test_a_few_seats_keep_their_own_slots():
    marks = columns_of()
    slot, slots = planes.slots_of(marks, marks.entry, 2, 2, 2)
    assert (slot is marks.seat, slots) == (True, 2)
    none = columns_of(**{name: [] for name in ("entry", "seat", "aspect", "value")})
    assert planes.slots_of(none, none.entry, 0, 1, 0)[1] == 1


def test_many_seats_of_whom_each_subject_meets_few_share_slots(monkeypatch):
    monkeypatch.setattr(planes, "SPARE_CELLS", 0)
    marks = Marks(
        entry=np.array([0, 0, 0, 1, 1, 2]),
        seat=np.array([70, 30, 70, 99, 5, 1]),
        aspect=np.array([0, 0, 1, 0, 0, 0]),
        value=np.array([1, 2, 3, 4, 5, 6]),
    )
    slot, slots = planes.slots_of(marks, marks.entry, 100, 2, 3)
    assert (slot.tolist(), slots) == ([1, 0, 1, 1, 0, 0], 2)
    assert planes.slots_of(marks, marks.entry, 4, 2, 3)[0] is marks.seat, "24 cells for 6 marks are few"
    assert planes.slots_of(marks, marks.entry, 5, 2, 3)[0] is not marks.seat


def test_cells_with_special_states_are_told_from_values():
    cells = np.array([[[5, planes.EMPTY, planes.ABSENT_CELL, planes.VOID_CELL, planes.DOUBLE_CELL, -7]]])
    one = planes.plane(cells)
    assert (one.low, one.high, one.full) == (-7, 5, False)
    column = one.column()
    assert (column.num.tolist(), column.den, column.bound) == ([[[5, 0, 0, 0, 0, -7]]], 1000, 7)
    assert column.states().tolist() == [[[0, 4, 1, 2, 5, 0]]]
    assert planes.present(one).tolist() == [True, False, True, True, True, True]
    full = planes.plane(np.array([[[3, 4]]]))
    assert (full.low, full.high, full.full, full.column().state) == (3, 4, True, None)
    assert planes.present(full).tolist() == [True, True]
    empty = planes.plane(np.full((1, 1, 2), planes.EMPTY))
    assert (empty.low, empty.high, empty.full) == (0, 0, False)
    assert planes.filled([one, full, empty]) == 5 + 2 + 0
    nobody = planes.plane(np.zeros((1, 1, 0), np.int64))
    assert (nobody.low, nobody.high, nobody.full) == (0, 0, True)


@pytest.mark.parametrize("twist", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)])
def test_two_marks_for_one_cell_block_it_in_whatever_order_they_come(twist):
    rows = [
        Mark("A", "j", "a", 50_000, round="1"),
        Mark("A", "j", "a", 60_000, round="1"),
        Mark("A", "j", "a", 70_000, round="2"),
        Mark("B", "j", "a", 80_000, round="2"),
    ]
    outcome = compute(RULES, field_of(RULES, [Subject("A"), Subject("B")], [rows[one] for one in twist]))
    (twice,) = [one for one in outcome.problems if one.code == "mark_twice"]
    assert (twice.path, twice.params) == (
        "A",
        {"subject": "A", "seat": "j", "aspect": "a", "place": " (1)"},
    )
    assert "- A - blocked" in ranks(outcome)


def test_marks_of_an_entry_where_members_are_marked_are_told():
    rules = rules_of("""
    members = { minimum = 1, maximum = 2 }
    [[modules]]
    key = "a"
    maximum = 100
    per = "member"
    members = "sum"
    [[rankings]]
    key = "r"
    """)
    field = field_of(
        rules,
        [Subject("A", members=(Member("m"), Member("n")))],
        [
            Mark("A", "j", "a", 5000, member="m"),
            Mark("A", "j", "a", 6000),
            Mark("A", "j", "a", 1000, member="n"),
        ],
    )
    outcome = compute(rules, field)
    (told,) = [one for one in outcome.problems if one.code == "mark_subject"]
    assert told.params == {"count": 1, "aspect": "a", "found": "entry", "wanted": "member"}
    assert ranks(outcome) == ["1 A 6 total"]
    assert problems(outcome) == ["mark_subject"]
