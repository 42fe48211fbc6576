"""From rows to lists."""

from __future__ import annotations

from contest.results.compute import compute_event
from tests.results.builders import fill, make_field


def lines(made, ranking="all", round_key=""):
    return [
        (line.rank, line.name, line.total, line.award_key)
        for line in compute_event(made.event).listing(ranking, round_key).lines
    ]


def test_marks_become_lines_in_order_of_place_with_their_awards(app):
    made = make_field()
    fill(made, [(30, 50, 80), (40, 60, 90), (20, 30, 50), (35, 50, 70)])

    assert lines(made) == [
        ("1", "才让卓玛", "97.00", "gold"),
        ("2", "欧阳小明", "80.50", "silver"),
        ("3", "更尕昂宝", "80.00", "bronze"),
        ("4", "曾阿牛", "50.00", ""),
    ]
