"""From rows to lists."""

from __future__ import annotations

import contextlib
import gc
from datetime import timedelta

from contest.db import db, transaction
from contest.entries.models import Entry, Staff, StaffRole
from contest.judging.queries import current_marks, last_revision
from contest.results.blockers import findings_of
from contest.results.collecting import uncollected
from contest.results.compute import compute_event
from tests.results.builders import NAMES, NOON, RULES, fill, make_field


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


def test_what_the_award_rules_leave_open_is_told_and_blocks_nothing(app):
    rules = RULES.replace(
        'by = "place"\nkind = "medal"\ntitle_zh = "奖牌"\ntitle_en = "Medals"\nbands = [ { award = "gold", places = 1 }, '
        '{ award = "silver", places = 1 }, { award = "bronze", places = 1 } ]',
        'by = "size"\nkind = "title"\naward = "technical_expert"\nsizes = [ { from = 5, to = 9, places = 1 } ]',
    )
    made = make_field(rules=rules)
    fill(made)
    found = findings_of(compute_event(made.event), "all")
    assert [(one.code, one.severity) for one in found] == [("award_question", "warning")]


def test_substitutions_after_the_draw_are_told(app):
    from contest.entries.models import Draw

    made = make_field()
    fill(made)
    with transaction():
        db.session.add(Draw(event_id=made.event_id, method="hand", drawn_at=NOON, locked_at=NOON))
        member = db.session.get_one(Entry, made.entry_ids[0]).members[0]
        member.joined_at = NOON + timedelta(hours=1)
    found = findings_of(compute_event(made.event), "all")
    assert [(one.code, one.severity) for one in found] == [("roster_changed", "warning")]


def test_a_name_that_no_font_can_print_is_told(app):
    made = make_field(["张\U0003fffd", "李雷"])
    fill(made)
    found = findings_of(compute_event(made.event), "all")
    assert [(one.code, one.params["names"]) for one in found] == [("names_without_glyphs", ["张\U0003fffd"])]


def test_only_marks_that_nothing_replaced_are_read_and_earlier_ones_as_they_stood(app):
    made = make_field()
    fill(made)
    before = last_revision(made.event_id)
    made.mark(0, "dough", 12_500)
    made.mark(0, "dough", None)
    now, then = current_marks(made.event_id), current_marks(made.event_id, up_to=before)
    first = made.aspect_ids["dough"], made.entry_ids[0]

    def states(marks):
        here = (marks.aspect_id == first[0]) & (marks.entry_id == first[1])
        return list(zip(marks.state[here].tolist(), marks.value[here].tolist(), strict=True))

    assert (len(now), states(now)) == (12, [(1, 0)])
    assert (len(then), states(then)) == (12, [(0, 30_000)])
    assert current_marks(made.event_id, round_id=made.round_ids[""] + 1).value.size == 0


def test_a_voided_seat_leaves_the_tally(app):
    from contest.judging.models import Seat, SeatKind

    made = make_field(NAMES[:2], seats=(SeatKind.JUDGE, SeatKind.JUDGE))
    with transaction():
        for entry in range(2):
            for aspect in ("dough", "pull", "theory"):
                made.put(entry, aspect, 30_000, seat=0)
                made.put(entry, aspect, 10_000 + entry * 2000, seat=1)
        seat = db.session.get_one(Seat, made.seat_ids[1])
        seat.voided_at, seat.voided_reason = NOON, "回避"
    assert [row[2] for row in lines(made)] == ["51.00", "51.00"]


def test_gender_and_group_are_spelt_as_the_rules_spell_them(app):
    rules = RULES.replace(
        'order = ["total", {',
        'filter = [{ column = "gender", values = ["f"] }, { column = "group", values = ["职工组"] }]\norder = ["total", {',
    )
    made = make_field(rules=rules)
    fill(made)
    with transaction():
        db.session.get_one(Entry, made.entry_ids[0]).members[0].person.gender = "男"
    assert [row[1] for row in lines(made)] == ["欧阳小明", "曾阿牛", "才让卓玛"]


def test_the_table_of_delegations_names_them_and_counts_their_people(app):
    made = make_field()
    fill(made)
    listing = compute_event(made.event).listing("table:delegations")
    assert [(line.rank, line.name, line.total, line.subject_kind) for line in listing.lines] == [
        ("1", "乙地区代表队", "161.60", "delegation"),
        ("2", "甲地区代表队", "160.80", "delegation"),
    ]


def test_the_collector_rests_while_a_list_is_read_and_is_back_afterwards():
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with contextlib.suppress(ValueError), uncollected():
        raise ValueError
    assert gc.isenabled()


COACHES = """
[[rankings.awards]]
key = "coach"
by = "place"
kind = "title"
to = "coach"
title_zh = "优秀教练"
title_en = "Excellent coach"
bands = [ { award = "coach", places = 1 } ]
"""


def test_both_coaches_of_the_first_are_titled_each_by_their_own_name(app):
    made = make_field(rules=RULES.replace("[[tables]]", COACHES + "[[tables]]"))
    fill(made, [(30, 50, 80), (40, 60, 90), (20, 30, 50), (35, 50, 70)])
    first = made.entry_ids[NAMES.index("才让卓玛")]
    with transaction():
        for name in ("教练多杰", "教练央金"):
            db.session.add(Staff(entry_id=first, role=StaffRole.COACH, name=name))

    line = compute_event(made.event).listing("all").lines[0]

    assert line.data["coaches"] == ["教练多杰", "教练央金"]
    assert [one["recipient"] for one in line.data["grants"] if one["rule"] == "coach"] == [
        "教练多杰",
        "教练央金",
    ]
