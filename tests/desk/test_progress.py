"""How many sheets are marked: counts without a score, open to everybody only where the organiser chose so."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from contest.audit import Change
from contest.db import db
from contest.desk import marking_progress
from contest.entries.models import Person, WorkCode
from contest.judging.models import Sheet


@pytest.fixture
def opened(finished):
    """The screen is open to everybody."""
    client = finished.browser("organiser")
    assert client.post(finished.path("progress"), data={"is_public": "y"}).status_code == 302
    yield finished
    client.post(finished.path("progress"), data={})


def test_the_screen_is_nobodys_until_the_organiser_opens_it(finished):
    assert finished.browser().get(finished.path("progress/screen")).status_code == 404


def test_an_open_screen_shows_counts_and_neither_names_codes_nor_totals(opened):
    text = opened.browser().get(opened.path("progress/screen")).get_data(as_text=True)
    sheets = db.session.scalar(sa.select(sa.func.count(Sheet.id)))
    assert f"{sheets} / {sheets}" in text
    secrets = [*db.session.scalars(sa.select(Person.name)), *db.session.scalars(sa.select(WorkCode.code))]
    assert [one for one in secrets if one in text] == []
    assert re.findall(r'<td class="num">([^<]*)</td>', text) == [f"{sheets} / {sheets}", "100"]


def test_a_sheet_counts_when_it_is_handed_in_and_all_of_them_make_a_hundred(opened):
    (one,) = marking_progress.for_everybody(opened.world.ids["edition_id"])[1]
    sheet = db.session.scalar(sa.select(sa.func.min(Sheet.id)))
    with db.engine.begin() as connection:
        old = connection.scalar(sa.select(Sheet.submitted_at).where(Sheet.id == sheet))
        connection.execute(sa.update(Sheet).where(Sheet.id == sheet).values(submitted_at=None))
    db.session.rollback()
    try:
        (less,) = marking_progress.for_everybody(opened.world.ids["edition_id"])[1]
    finally:
        with db.engine.begin() as connection:
            connection.execute(sa.update(Sheet).where(Sheet.id == sheet).values(submitted_at=old))
    assert (less.marked, less.sheets, one.percent) == (one.marked - 1, one.sheets, 100)
    assert less.percent == less.marked * 100 // less.sheets < 100


def test_a_screen_that_did_not_change_is_not_sent_again(opened):
    client = opened.browser()
    first = client.get(opened.path("progress/screen"))
    again = client.get(opened.path("progress/screen"), headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_closing_it_shows_at_once_and_both_are_on_record(finished):
    client = finished.browser("organiser")
    client.post(finished.path("progress"), data={"is_public": "y"})
    client.post(finished.path("progress"), data={})
    assert finished.browser().get(finished.path("progress/screen")).status_code == 404
    db.session.rollback()
    kept = db.session.scalars(
        sa.select(Change).where(Change.action == "edition.desk_changed").order_by(Change.id.desc()).limit(2)
    ).all()
    assert [one.values["is_progress_public"] for one in kept] == [[True, False], [False, True]]


def test_only_the_organiser_opens_it(finished):
    for role in ("scorekeeper", "chief_judge", "supervisor", "administrator", "contestant"):
        answer = finished.browser(role).post(finished.path("progress"), data={"is_public": "y"})
        assert answer.status_code in (403, 404)
    assert finished.browser().get(finished.path("progress/screen")).status_code == 404
