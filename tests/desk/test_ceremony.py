"""The award ceremony: confirmed prizes in the order of the stage, counted with their ties, and told under embargo to the log."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
import sqlalchemy as sa

from contest.audit import Change
from contest.awards.models import Award
from contest.db import db, now, transaction
from contest.desk import ceremony
from contest.errors import Invalid
from contest.events.models import Edition
from contest.results.models import Publication
from tests.desk.conftest import Place


def batches(place: Place) -> list[ceremony.Batch]:
    with transaction():
        return ceremony.batches_of(place.actor(), place.world.ids["edition_id"], at=now())


def test_the_lowest_prize_comes_on_stage_first_with_the_people_of_the_frozen_list(finished):
    granted = db.session.execute(
        sa.select(Award.key, Award.name).where(Award.kind == "prize").order_by(Award.position)
    ).all()
    found = batches(finished)
    assert [batch.award_key for batch in found] == ["bronze", "silver", "gold"]
    assert {batch.award_key: [award.name for award in batch.awards] for batch in found} == {
        key: [name for other, name in granted if other == key] for key in ("bronze", "silver", "gold")
    }


def test_a_medal_and_a_certificate_are_counted_for_everybody_on_stage(finished):
    orders = ceremony.orders_of(batches(finished))
    assert [(order.medals, order.certificates, order.is_tied) for order in orders] == [
        (len(order.batch.awards), len(order.batch.awards), False) for order in orders
    ]


def test_the_order_that_was_chosen_is_kept_with_presenters(finished):
    world = finished.world
    client = finished.browser("organiser")
    keys = [batch.key for batch in batches(finished)]
    sent = {"batch": keys}
    for place, key in zip((30, 10, 20), keys, strict=True):
        sent |= {f"position-{key}": place, f"presenter-{key}": f"颁奖人{place}"}
    assert client.post(f"/editions/{world.ids['edition_id']}/ceremony", data=sent).status_code == 302
    db.session.rollback()
    assert [(batch.award_key, batch.presenter) for batch in batches(finished)] == [
        ("silver", "颁奖人10"),
        ("gold", "颁奖人20"),
        ("bronze", "颁奖人30"),
    ]


def test_a_text_too_long_is_refused_and_what_was_typed_stays(finished):
    world = finished.world
    key = batches(finished)[0].key
    answer = finished.browser("organiser").post(
        f"/editions/{world.ids['edition_id']}/ceremony",
        data={"batch": [key], f"position-{key}": "7", f"presenter-{key}": "长" * 121},
    )
    assert (answer.status_code, "长" * 121 in answer.get_data(as_text=True)) == (422, True)
    with pytest.raises(Invalid), transaction():
        actor = finished.actor()
        edition = db.session.get_one(Edition, world.ids["edition_id"])
        ceremony.arrange(edition, {key: ceremony.Wanted(1, "长" * 121, "")}, actor=actor, at=now())


def test_the_workbook_has_a_line_for_everybody_on_stage(finished):
    world = finished.world
    answer = finished.browser("organiser").get(f"/editions/{world.ids['edition_id']}/ceremony/list.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    names = [award.name for batch in batches(finished) for award in batch.awards]
    assert [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)] == names


def test_the_screen_begins_with_nobody_and_has_the_last_place_first(finished):
    world = finished.world
    text = (
        finished.browser("organiser")
        .get(f"/editions/{world.ids['edition_id']}/ceremony/screen")
        .get_data(as_text=True)
    )
    shown = re.findall(r"<li data-step( hidden)?><b>([^<]+)</b>", text)
    expected = [award.name for batch in batches(finished) for award in reversed(batch.awards)]
    assert shown == [(" hidden", name) for name in expected]


def test_reading_a_list_under_embargo_is_written_down(finished):
    world = finished.world
    with transaction():
        db.session.execute(sa.update(Publication).values(is_embargoed=True))
    before = db.session.scalar(sa.select(sa.func.count(Change.id)).where(Change.action == "embargo.read"))
    try:
        finished.browser("organiser").get(f"/editions/{world.ids['edition_id']}/ceremony")
        db.session.rollback()
        count = sa.select(sa.func.count(Change.id)).where(Change.action == "embargo.read")
        assert db.session.scalar(count) == before + 1
    finally:
        with transaction():
            db.session.execute(sa.update(Publication).values(is_embargoed=False))


def test_what_is_ordered_is_counted_by_prize_with_the_reserve_rounded_up(finished):
    orders = ceremony.orders_of(batches(finished))
    needs = ceremony.needs_of([*orders, *orders], percent=10)  # two events with the same prizes
    by_label = {order.batch.label: order for order in orders}
    assert {need.label: need.medals for need in needs} == {
        label: 2 * order.medals for label, order in by_label.items()
    }
    assert [need.all_medals - need.medals for need in needs] == [-(-need.medals // 10) for need in needs]
    assert {need.all_medals for need in ceremony.needs_of([], percent=10)} == set()
    assert [need.medal_reserve for need in ceremony.needs_of(orders, percent=0)] == [0] * len(orders)


def test_the_reserve_is_typed_kept_and_refused_beyond_its_bounds(finished):
    client = finished.browser("organiser")
    path = finished.path("ceremony/reserve")
    assert [client.post(path, data={"reserve": value}).status_code for value in ("101", "x", "20")] == [
        422,
        422,
        302,
    ]
    sheet = openpyxl.load_workbook(BytesIO(client.get(finished.path("ceremony/list.xlsx")).data)).worksheets[
        1
    ]
    counted = {row[0]: row[1:4] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert {name: (n + r == a, r == -(-n // 5)) for name, (n, r, a) in counted.items()} == dict.fromkeys(
        counted, (True, True)
    )


def test_a_batch_too_large_for_one_picture_is_shown_in_several_and_nobody_is_left_out(finished):
    (batch, *_) = batches(finished)
    crowd = replace(batch, awards=batch.awards * 40)
    slides = ceremony.slides_of([batch, crowd])
    assert slides[0].is_crowd is (len(batch.awards) > ceremony.SLIDE)
    own = [slide for slide in slides if slide.batch is crowd]
    assert [award for slide in own for award in slide.awards] == list(reversed(crowd.awards))
    assert {len(slide.awards) <= ceremony.CROWD for slide in own} == {True}
    assert [slide.number for slide in own] == list(range(1, own[0].slides + 1))
