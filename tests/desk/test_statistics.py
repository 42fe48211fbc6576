"""An edition in figures: the public sees what its lists tell, small groups are kept back, pictures stand beside tables."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from contest import charts
from contest.audit import Change
from contest.db import db
from contest.desk import participation, standings
from contest.desk.agreement import agreement_of
from contest.entries.models import Entry, Member, Person
from contest.events.models import Event
from contest.results.models import Publication, SnapshotRow
from contest.scoring.numbers import decimal_text


def page(finished, path: str, role: str = "") -> str:
    answer = finished.browser(role).get(finished.path(path))
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def change(statement) -> None:
    with db.engine.begin() as connection:
        connection.execute(statement)
    db.session.rollback()


@pytest.fixture
def without_lists(finished):
    """Every list under embargo: nothing is public."""
    change(sa.update(Publication).values(is_embargoed=True))
    yield
    change(sa.update(Publication).values(is_embargoed=False))


def test_the_public_counts_those_who_stand_on_its_lists(finished):
    rows = participation.takings(finished.world.ids["contest_id"], public_only=True)
    on_lists = set(
        db.session.scalars(sa.select(SnapshotRow.subject_id).where(SnapshotRow.status == "present"))
    )
    kind = db.session.scalar(sa.select(SnapshotRow.subject_kind).limit(1))
    column = Member.id if kind == "member" else Member.entry_id
    people = set(db.session.scalars(sa.select(Member.person_id).where(column.in_(on_lists))))
    assert {row.person_id for row in rows} == people
    assert len(people) > 5


def test_nothing_is_counted_for_the_public_while_lists_are_under_embargo(finished, without_lists):
    assert participation.takings(finished.world.ids["contest_id"], public_only=True) == []
    assert len(participation.takings(finished.world.ids["contest_id"], public_only=False)) > 5
    answer = finished.browser().get(finished.path("lists/statistics"))
    assert answer.status_code == 404


def test_the_organisers_reading_of_lists_under_embargo_is_written_down(finished, without_lists):
    counted = sa.select(sa.func.count(Change.id)).where(Change.action == "embargo.read")
    before, lists = db.session.scalar(counted), db.session.scalar(sa.select(sa.func.count(Publication.id)))
    page(finished, "statistics", "organiser")
    finished.browser("organiser").get(f"/events/{finished.world.ids['event_id']}/statistics")
    db.session.rollback()
    assert db.session.scalar(counted) == before + lists + 1


def test_a_small_group_is_few_to_the_public_and_a_number_to_the_organiser(finished):
    people = list(db.session.scalars(sa.select(Person.id).order_by(Person.id)))
    change(sa.update(Person).values(gender="男"))
    change(sa.update(Person).where(Person.id == people[0]).values(gender="女"))
    rows = participation.takings(finished.world.ids["contest_id"], public_only=True)
    public = {g.label: g.people for g in participation.groups_of(rows, "gender", public_only=True)}
    office = {g.label: g.people for g in participation.groups_of(rows, "gender", public_only=False)}
    assert (public, office["女"]) == ({"男": None, "女": None}, 1)
    text = page(finished, "lists/statistics?lang=en")
    section = re.search(r"<h3>People by gender</h3>.*?</section>", text, re.S)[0]
    assert re.findall(r'<td class="num">([^<]+)</td>', section) == ["few", "few"]
    assert re.search(r'width="(?!0\.0)', section[: section.index("</svg>")]) is None  # no bar tells it either


def test_gender_waits_until_every_event_has_its_list(finished):
    assert "People by gender" in page(finished, "lists/statistics?lang=en")
    event = db.session.get_one(Event, finished.world.ids["event_id"])
    values = {
        "sub_contest_id": event.sub_contest_id,
        "name": "另一赛项",
        "trade_name": "x",
        "state": event.state,
    }
    db.session.rollback()
    with db.engine.begin() as connection:
        made = connection.execute(
            sa.insert(Event).values(**values, conditions={}, position=9, version=1, name_en="", second_name="",
                                    members_min=1, members_max=1, venue="")
        ).inserted_primary_key[0]  # fmt: skip
    try:
        assert "People by gender" not in page(finished, "lists/statistics?lang=en")
    finally:
        change(sa.delete(Event).where(Event.id == made))


def test_the_spread_of_a_list_is_that_of_its_frozen_totals(finished):
    lists = standings.lists_of(finished.world.ids["edition_id"], public_only=True)
    (spread,) = standings.spreads_of(lists, public_only=True)
    ranked = [row for row in lists[0].snapshot.rows if row.rank]
    totals = sorted(float(row.total) for row in ranked)
    assert (spread.summary.count, decimal_text(spread.summary.greatest, 2)) == (
        len(ranked),
        f"{totals[-1]:.2f}",
    )
    assert sum(one.count for one in spread.classes) == len(ranked)


def test_a_delegations_line_counts_its_prizes_and_places(finished):
    lists = standings.lists_of(finished.world.ids["edition_id"], public_only=True)
    (line,) = standings.delegations_of(lists, public_only=True)
    rows = [row for row in lists[0].snapshot.rows if row.delegation]
    assert (line.name, line.lines) == (rows[0].delegation, len(rows))
    assert line.best == min(row.rank_sort for row in rows if row.rank_sort)


def test_places_that_the_public_does_not_read_are_in_none_of_its_figures(finished):
    contest_id, edition_id = finished.world.ids["contest_id"], finished.world.ids["edition_id"]
    change(sa.update(Publication).values(shown_places=5, version=Publication.version + 1))
    try:
        lists = standings.lists_of(edition_id, public_only=True)
        (public,) = standings.spreads_of(lists, public_only=True)
        (office,) = standings.spreads_of(lists, public_only=False)
        lines = sum(one.lines for one in standings.delegations_of(lists, public_only=True))
        entries = {row.entry_id for row in participation.takings(contest_id, public_only=True)}
    finally:
        change(sa.update(Publication).values(shown_places=None, version=Publication.version + 1))
    assert public.summary.count == len(entries) == 5 < office.summary.count
    assert lines <= 5


def test_judges_agreement_is_told_by_seat_without_names_once_all_is_locked(finished):
    event = db.session.get_one(Event, finished.world.ids["event_id"])
    found = agreement_of(event)
    # Every judge of the world gives the same marks.
    assert {one.concordance for one in found if one.concordance is not None} <= {1}
    assert {seat.severity for one in found for seat in one.seats if seat.severity is not None} <= {0}
    text = finished.browser("organiser").get(f"/events/{event.id}/statistics").get_data(as_text=True)
    assert "裁判一" not in text and len(found) > 0


def test_every_picture_has_a_name_and_words_and_a_table_beside_it(finished):
    text = page(finished, "statistics", "organiser")
    pictures = re.findall(r"<svg class=\"chart\".*?</svg>", text, re.S)
    assert len(pictures) >= 4
    for picture in pictures:
        root = ElementTree.fromstring(picture)
        title, desc = root[0], root[1]
        assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        assert title.text and desc.text
        assert re.search(r"\son\w+=|style=", picture) is None
    assert text.count('class="figure__pair"') == text.count('<table class="table table--dense">')


def test_provinces_lie_on_the_map_and_other_delegations_in_rows():
    tiles = [
        charts.Tile("青海省代表队", "630000", 3),
        charts.Tile("四川队", "", 5),
        charts.Tile("铁路", "", 2),
    ]
    assert [charts.place_of(tile) for tile in tiles] == ["63", "51", ""]
    assert charts.place_of(charts.Tile("海西州", "632800", 1)) == ""
    picture = charts.tile_map(tiles, title="t", desc="d")
    assert len(re.findall("<rect", picture)) == 34 + 1
    alone = charts.tile_map(tiles[2:], title="t", desc="d")
    assert len(re.findall("<rect", alone)) == 1


def test_no_two_places_share_a_square():
    assert len({(column, row) for column, row, _ in charts.TILES.values()}) == len(charts.TILES) == 34


def test_a_name_can_not_break_out_of_a_picture():
    picture = charts.bars([charts.Bar('"><script>', 1)], title="<b>", desc="&")
    assert ElementTree.fromstring(picture)[0].text == "<b>"
    assert "<script" not in picture


def test_the_public_page_says_unchanged_while_it_is(finished):
    client = finished.browser()
    first = client.get(finished.path("lists/statistics"))
    again = client.get(finished.path("lists/statistics"), headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, "Set-Cookie" in first.headers) == (200, 304, False)


def test_a_kept_page_is_made_anew_when_a_list_or_a_person_changes(finished):
    def people() -> int:
        return len(re.findall("few", page(finished, "lists/statistics?lang=en")))

    first = Person.id == db.session.scalar(sa.select(sa.func.min(Person.id)))
    change(sa.update(Person).values(gender="", version=Person.version + 1))
    before = people()
    change(sa.update(Person).where(first).values(gender="女", version=Person.version + 1))
    assert (before, people() > 0) == (0, True)


def test_somebody_who_was_absent_is_not_counted(finished):
    entry = db.session.scalars(sa.select(Entry).where(Entry.state == "present")).first()
    before = len(participation.takings(finished.world.ids["contest_id"], public_only=False))
    members = len([one for one in entry.members if one.left_at is None])
    entry_id = entry.id
    change(sa.update(Entry).where(Entry.id == entry_id).values(state="absent"))
    try:
        after = len(participation.takings(finished.world.ids["contest_id"], public_only=False))
    finally:
        change(sa.update(Entry).where(Entry.id == entry_id).values(state="present"))
    assert before - after == members
