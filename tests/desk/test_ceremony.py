"""The award ceremony: confirmed prizes in the order of the stage, counted with their ties, and told under embargo to the log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from contest.accounts import queries as accounts
from contest.accounts.models import Account
from contest.app import create_app
from contest.audit import Change
from contest.awards.models import Award
from contest.db import db, now, transaction
from contest.desk import ceremony
from contest.errors import Invalid
from contest.events.models import Edition
from contest.results.models import Publication
from tests.conftest import Browser, settings_for
from tests.desk.test_contestant_pages import browser
from tests.world import World, held_until


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Iterator[tuple[Flask, World]]:
    """The practice contest with its prizes given."""
    app = create_app(settings_for(tmp_path_factory.mktemp("stage")))
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    with app.app_context():
        db.create_all()
        yield app, held_until("final")
        db.session.remove()
        db.engine.dispose()


def batches(world: World) -> list[ceremony.Batch]:
    with transaction():
        actor = accounts.actor_of(db.session.get_one(Account, world.accounts["organiser"]))
        return ceremony.batches_of(actor, world.ids["edition_id"], at=now())


def test_the_lowest_prize_comes_on_stage_first_with_the_people_of_the_frozen_list(finished):
    _, world = finished
    granted = db.session.execute(
        sa.select(Award.key, Award.name).where(Award.kind == "prize").order_by(Award.position)
    ).all()
    found = batches(world)
    assert [batch.award_key for batch in found] == ["bronze", "silver", "gold"]
    assert {batch.award_key: [award.name for award in batch.awards] for batch in found} == {
        key: [name for other, name in granted if other == key] for key in ("bronze", "silver", "gold")
    }


def test_a_medal_and_a_certificate_are_counted_for_everybody_on_stage(finished):
    _, world = finished
    orders = ceremony.orders_of(batches(world))
    assert [(order.medals, order.certificates, order.is_tied) for order in orders] == [
        (len(order.batch.awards), len(order.batch.awards), False) for order in orders
    ]


def test_the_order_that_was_chosen_is_kept_with_presenters(finished):
    _, world = finished
    client = browser(finished, "organiser")
    keys = [batch.key for batch in batches(world)]
    sent = {"batch": keys}
    for place, key in zip((30, 10, 20), keys, strict=True):
        sent |= {f"position-{key}": place, f"presenter-{key}": f"颁奖人{place}"}
    assert client.post(f"/editions/{world.ids['edition_id']}/ceremony", data=sent).status_code == 302
    db.session.rollback()
    assert [(batch.award_key, batch.presenter) for batch in batches(world)] == [
        ("silver", "颁奖人10"),
        ("gold", "颁奖人20"),
        ("bronze", "颁奖人30"),
    ]


def test_a_text_too_long_is_refused_and_what_was_typed_stays(finished):
    _, world = finished
    key = batches(world)[0].key
    answer = browser(finished, "organiser").post(
        f"/editions/{world.ids['edition_id']}/ceremony",
        data={"batch": [key], f"position-{key}": "7", f"presenter-{key}": "长" * 121},
    )
    assert (answer.status_code, "长" * 121 in answer.get_data(as_text=True)) == (422, True)
    with pytest.raises(Invalid), transaction():
        actor = accounts.actor_of(db.session.get_one(Account, world.accounts["organiser"]))
        edition = db.session.get_one(Edition, world.ids["edition_id"])
        ceremony.arrange(edition, {key: ceremony.Wanted(1, "长" * 121, "")}, actor=actor, at=now())


def test_the_workbook_has_a_line_for_everybody_on_stage(finished):
    _, world = finished
    answer = browser(finished, "organiser").get(f"/editions/{world.ids['edition_id']}/ceremony/list.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    names = [award.name for batch in batches(world) for award in batch.awards]
    assert [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)] == names


def test_the_screen_begins_with_nobody_and_has_the_last_place_first(finished):
    _, world = finished
    text = (
        browser(finished, "organiser")
        .get(f"/editions/{world.ids['edition_id']}/ceremony/screen")
        .get_data(as_text=True)
    )
    shown = re.findall(r"<li data-step( hidden)?><b>([^<]+)</b>", text)
    expected = [award.name for batch in batches(world) for award in reversed(batch.awards)]
    assert shown == [(" hidden", name) for name in expected]


def test_reading_a_list_under_embargo_is_written_down(finished):
    _, world = finished
    with transaction():
        db.session.execute(sa.update(Publication).values(is_embargoed=True))
    before = db.session.scalar(
        sa.select(sa.func.count(Change.id)).where(Change.action == "list.read_under_embargo")
    )
    try:
        browser(finished, "organiser").get(f"/editions/{world.ids['edition_id']}/ceremony")
        db.session.rollback()
        count = sa.select(sa.func.count(Change.id)).where(Change.action == "list.read_under_embargo")
        assert db.session.scalar(count) == before + 1
    finally:
        with transaction():
            db.session.execute(sa.update(Publication).values(is_embargoed=False))
