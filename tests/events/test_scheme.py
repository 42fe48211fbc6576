"""The marking scheme as a tree: pure edits of a document."""

from fractions import Fraction

import pytest

from contest.events import scheme

DOCUMENT = {
    "modules": [
        {"key": "theory", "maximum": 100, "weight": 30},
        {
            "key": "practice",
            "maximum": 100,
            "weight": 70,
            "parts": [
                {"key": "a", "maximum": "62.5"},
                {
                    "key": "b",
                    "maximum": "37.5",
                    "parts": [{"key": "b1", "maximum": "37.5", "kind": "deduction"}],
                },
                {"key": "c", "kind": "knockout"},
            ],
        },
    ]
}


def outline(document) -> list[tuple[int, str]]:
    return [(row.depth, row.node["key"]) for row in scheme.rows(document)]


def test_rows_are_numbered_in_the_order_of_the_sheet():
    assert [(row.number, row.node["key"]) for row in scheme.rows(DOCUMENT)] == [
        ("1", "theory"),
        ("2", "practice"),
        ("2.1", "a"),
        ("2.2", "b"),
        ("2.2.1", "b1"),
        ("2.3", "c"),
    ]


def test_maxima_are_added_exactly_and_compared_with_the_whole():
    practice = scheme.rows(DOCUMENT)[1]
    assert (practice.parts_sum, practice.fits) == (Fraction(100), True)
    changed = scheme.with_values(DOCUMENT, "a", {"maximum": "62.4"})
    assert (scheme.rows(changed)[1].parts_sum, scheme.rows(changed)[1].fits) == (Fraction(999, 10), False)


def test_the_weights_of_the_modules_are_added():
    assert scheme.total_of(DOCUMENT["modules"], "weight") == 100


def test_a_new_line_goes_last_with_a_key_of_its_own():
    key = scheme.free_key(DOCUMENT, "practice")
    new = scheme.with_node(DOCUMENT, "practice", {"key": key})
    assert (key, outline(new)[-1]) == ("practice-1", (1, "practice-1"))


def test_an_aspect_that_gets_parts_is_no_longer_marked_itself():
    new = scheme.with_node(DOCUMENT, "b1", {"key": "x"})
    assert "kind" not in scheme.find(new, "b1")


@pytest.mark.parametrize(
    ("key", "direction", "expected"),
    [
        ("b", "up", ["theory", "practice", "b", "b1", "a", "c"]),
        ("a", "down", ["theory", "practice", "b", "b1", "a", "c"]),
        ("theory", "up", ["theory", "practice", "a", "b", "b1", "c"]),
        ("practice", "up", ["practice", "a", "b", "b1", "c", "theory"]),
        ("b1", "out", ["theory", "practice", "a", "b", "b1", "c"]),
        ("c", "in", ["theory", "practice", "a", "b", "b1", "c"]),
    ],
)
def test_lines_move_up_down_in_and_out(key, direction, expected):
    assert [name for _depth, name in outline(scheme.moved(DOCUMENT, key, direction))] == expected


def test_moving_in_and_out_changes_the_depth():
    assert dict((name, depth) for depth, name in outline(scheme.moved(DOCUMENT, "c", "in")))["c"] == 2
    out = scheme.moved(DOCUMENT, "b1", "out")
    assert dict((name, depth) for depth, name in outline(out))["b1"] == 1
    assert "parts" not in scheme.find(out, "b")


def test_deleting_the_last_part_makes_its_parent_an_aspect_again():
    new = scheme.without(DOCUMENT, "b1")
    assert [row.is_aspect for row in scheme.rows(new) if row.node["key"] == "b"] == [True]


def test_no_edit_changes_the_document_it_was_given():
    before = repr(DOCUMENT)
    scheme.without(DOCUMENT, "a")
    scheme.moved(DOCUMENT, "b", "up")
    scheme.with_node(DOCUMENT, "", {"key": "z"})
    assert repr(DOCUMENT) == before


def test_a_key_that_is_gone_is_named():
    with pytest.raises(scheme.NodeGone) as gone:
        scheme.find(DOCUMENT, "nowhere")
    assert gone.value.args == ("nowhere",)
