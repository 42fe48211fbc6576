"""Spreads: who sees whose mark and when, marking again after the talk, and what stays open until then."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from contest.accounts.access import SYSTEM
from contest.db import db, now, transaction
from contest.errors import Missing
from contest.judging import queries, service, talks
from contest.judging.models import MarkRevision, Sheet
from contest.judging.refusals import SpreadOpen
from tests.builders import csrf_of
from tests.judging.builders import VALUES, fill, make_hall, mark, submit, typed


@pytest.fixture
def hall(app):
    return make_hall(entries=2, judges=3)


def shape(hall, *values):
    """Each judge's mark for the judgement aspect of the first entry."""
    for seat, value in enumerate(values):
        mark(hall.actor(seat), typed(hall.sheets(seat)[0], "shape", value))


def test_a_spread_is_told_only_when_everybody_has_marked_and_differs_by_more_than_the_limit(hall):
    shape(hall, "0", "2")
    assert queries.open_spreads(hall.event_id) == []
    mark(hall.actor(2), typed(hall.sheets(2)[0], "shape", "1"))
    (spread,) = queries.open_spreads(hall.event_id)
    assert (spread.work_code, spread.key, spread.limit) == ("K01", "shape.1", 1000)
    assert [said.milli for said in spread.said] == [0, 2000, 1000]


@pytest.mark.parametrize("values", [("1", "2", "2"), ("3", "3", "3")])
def test_marks_within_the_limit_are_no_spread(hall, values):
    shape(hall, *values)
    assert queries.open_spreads(hall.event_id) == []


def test_a_void_seat_and_an_absent_mark_take_no_part(hall):
    from contest.judging import panels

    shape(hall, "0", "2", "2")
    with transaction():
        service.void_seat(
            panels.seat_of(hall.event_id, hall.seat_ids[0]), reason="回避", actor=SYSTEM, at=now()
        )
    assert queries.open_spreads(hall.event_id) == []


def test_before_all_are_in_a_judge_sees_nothing_of_the_others_and_then_only_the_aspect_in_question(
    app, hall, sign_in
):
    for seat, marks in enumerate(({**VALUES, "shape": "0", "dough": "31.5"}, {**VALUES, "dough": "32.5"})):
        fill(hall, hall.sheets(seat)[0], hall.actor(seat), marks)
    judge = sign_in(app.test_client(), hall.account(2))
    own = hall.sheets(2)[0].public_id
    assert judge.get(f"/judge/talks/{own}/shape.1").status_code == 404
    mark(hall.actor(2), typed(hall.sheets(2)[0], "shape", "1"))
    page = judge.get(f"/judge/talks/{own}/shape.1").get_data(as_text=True)
    cells = re.findall(r'data-label="[^"]*" class="num"><span>([^<]*)</span>', page)
    assert (cells, "31.5" in page, "32.5" in page) == (["0", "3", "1"], False, False)
    assert judge.get(f"/judge/talks/{own}/dough.1").status_code == 404
    others = hall.sheets(0)[0].public_id
    assert judge.get(f"/judge/talks/{others}/shape.1").status_code == 404
    assert [name in page for name in ("示范队", "示范厂", "裁判1", "001")] == [False] * 4


def test_marking_again_keeps_both_marks_and_the_reason_and_opens_a_submitted_sheet(app, hall, sign_in):
    for seat, value in enumerate(("0", "2", "2")):
        fill(hall, hall.sheets(seat)[0], hall.actor(seat), {**VALUES, "shape": value})
        submit(hall.sheets(seat)[0].id, hall.actor(seat))
    judge = sign_in(app.test_client(), hall.account(0))
    own = hall.sheets(0)[0].public_id
    url = f"/judge/talks/{own}/shape.1"
    page = judge.get(url).get_data(as_text=True)
    fields = {name: re.search(f'name="{name}" value="([^"]+)"', page).group(1) for name in ("uuid", "seen")}
    fields["csrf_token"] = csrf_of(judge, url)
    refused = judge.post(url, data={**fields, "value": "2", "reason": ""})
    assert (refused.status_code, db.session.get_one(Sheet, hall.sheets(0)[0].id).submitted_at is None) == (
        422,
        False,
    )
    answer = judge.post(url, data={**fields, "value": "2", "reason": "边缘不齐，合议后一致"})
    assert (answer.status_code, answer.headers["Location"].endswith(f"{own}/submit")) == (302, True)
    rows = db.session.scalars(
        sa.select(MarkRevision)
        .join(Sheet)
        .where(Sheet.public_id == own, MarkRevision.aspect.has(key="shape"))
        .order_by(MarkRevision.id)
    ).all()
    assert [(row.value_milli, row.reason) for row in rows] == [(0, ""), (2000, "边缘不齐，合议后一致")]
    assert queries.open_spreads(hall.event_id) == []
    assert db.session.get_one(Sheet, hall.sheets(0)[0].id).submitted_at is None
    assert judge.post(url, data={**fields, "value": "2", "reason": "再次"}).status_code in (302, 404)
    assert service.broken_links(hall.sheets(0)[0].id) == []


def test_a_spread_holds_back_the_lock_of_its_sheets_and_of_no_other(hall):
    for seat, value in enumerate(("0", "2", "2")):
        for index, sheet in enumerate(hall.sheets(seat)):
            fill(hall, sheet, hall.actor(seat), {**VALUES, "shape": value if index == 0 else "2"})
            submit(sheet.id, hall.actor(seat))
    with pytest.raises(SpreadOpen), transaction():
        service.lock(db.session.get_one(Sheet, hall.sheets(0)[0].id), actor=SYSTEM, at=now())
    with transaction():
        assert service.lock_all(hall.event, actor=SYSTEM, at=now()) == (3, 3)


def test_after_the_talk_a_judge_outside_the_spread_finds_nothing(hall):
    shape(hall, "0", "2", "2")
    assert [len(talks.talks_of(hall.actor(n), locale="en")) for n in range(3)] == [1, 1, 1]
    with pytest.raises(Missing):
        talks.talk_of(hall.actor(0), hall.sheets(0)[1].public_id, "shape.1", locale="en")
