"""The public notice: working days by the official calendar, objections, and a final list only after it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from contest.audit import Change
from contest.awards import service as awards
from contest.awards.refusals import ListNotReady
from contest.db import db, transaction
from contest.results import service
from contest.results.models import ListState, NoticePeriod, Objection, Publication
from contest.results.notices import notice_of
from contest.results.refusals import (
    CalendarMissing,
    NoticeRunning,
    NoticeTooShort,
    ObjectionsOpen,
    ObjectionUpheld,
)
from contest.results.settings import released_by
from contest.results.working_days import is_working, last_day
from tests.results.builders import NOON, advanced, fill, make_field, published


@pytest.fixture
def made(app):
    field = make_field()
    fill(field)
    return field


def publication(one) -> Publication:
    return db.session.get_one(Publication, one)


def under_notice(made, **fields) -> int:
    one = published(made)
    advanced(made, one, ListState.CONFIRMED)
    with transaction():
        service.enter_notice(publication=publication(one), actor=made.actor("organiser"), at=NOON, **fields)
    return one


def final(made, one, at):
    with transaction():
        service.finalise(publication=publication(one), actor=made.actor("organiser"), at=at)


def test_working_days_follow_the_official_calendar_with_its_holidays_and_worked_weekends():
    assert is_working(date(2026, 2, 14)) and not is_working(date(2026, 2, 16))
    assert last_day(date(2026, 9, 28), 5) == date(
        2026, 10, 9
    )  # National Day 1–7 October; the 10th is not reached
    assert last_day(date(2026, 11, 21), 1) == date(2026, 11, 23)  # a Saturday: counting begins on Monday
    with pytest.raises(CalendarMissing):
        last_day(date(2026, 12, 30), 5)


def test_the_notice_of_five_working_days_from_a_friday_ends_on_the_next_thursday(made):
    period = db.session.get_one(NoticePeriod, under_notice(made))
    assert (period.starts_on, period.ends_on, period.days) == (date(2026, 11, 20), date(2026, 11, 26), 5)


def test_a_year_without_a_table_asks_for_the_last_day_and_takes_no_shorter_one(made):
    one = published(made)
    advanced(made, one, ListState.CONFIRMED)
    late = datetime(2030, 3, 1, 4, tzinfo=UTC)
    with pytest.raises(CalendarMissing), transaction():
        service.enter_notice(publication=publication(one), actor=made.actor("organiser"), at=late)
    with pytest.raises(NoticeTooShort), transaction():
        service.enter_notice(
            publication=publication(one), actor=made.actor("organiser"), at=late, ends_on=date(2030, 3, 4)
        )
    with transaction():
        service.enter_notice(
            publication=publication(one), actor=made.actor("organiser"), at=late, ends_on=date(2030, 3, 7)
        )
    assert notice_of(publication(one)).ends_on == date(2030, 3, 7)


def test_a_list_becomes_final_the_day_after_its_notice_and_not_before(made):
    one = under_notice(made)
    last_minute = datetime(2026, 11, 26, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    with pytest.raises(NoticeRunning):
        final(made, one, last_minute)
    final(made, one, last_minute + timedelta(minutes=1))
    period = notice_of(publication(one))
    assert (publication(one).state, period.closed_name) == (ListState.FINAL, "organiser")


def test_an_open_objection_holds_the_list_up_and_a_founded_one_stops_it(made):
    one = under_notice(made)
    organiser, over = made.actor("organiser"), NOON + timedelta(days=8)
    with transaction():
        service.record_objection(
            publication=publication(one),
            sender="某单位",
            channel="电话",
            text="003 号不符合年龄条件",
            actor=organiser,
            at=NOON,
        )
    with pytest.raises(ObjectionsOpen):
        final(made, one, over)
    with transaction():
        service.answer_objection(
            publication=publication(one),
            objection=db.session.scalars(sa.select(Objection)).one(),
            is_upheld=True,
            answer="经查属实",
            actor=organiser,
            at=over,
        )
    with pytest.raises(ObjectionUpheld):
        final(made, one, over)


def test_the_office_of_the_notice_is_what_was_announced_even_if_the_setting_changes_later(made):
    edition = made.event.sub_contest.edition
    for version, phone in ((0, "0971-111"), (1, "0971-222")):
        with transaction():
            service.change_setting(
                edition=made.event.sub_contest.edition,
                values={"phone": phone},
                version=version,
                actor=made.actor("organiser"),
                at=NOON,
            )
        if version == 0:
            one = under_notice(made)
    assert notice_of(publication(one)).phone == "0971-111"
    assert edition is not None


def test_the_public_reads_days_telephone_and_office_while_the_notice_runs(app, made):
    with transaction():
        service.change_setting(
            edition=made.event.sub_contest.edition,
            values={"phone": "0971-8888", "office": "示范省总工会劳动和经济工作部"},
            version=0,
            actor=made.actor("organiser"),
            at=NOON,
        )
    one = under_notice(made)
    page = app.test_client().get(f"/lists/{one}").get_data(as_text=True)
    assert "0971-8888" in page and "示范省总工会劳动和经济工作部" in page and "2026年11月26日" in page


def test_each_reading_of_ranks_under_embargo_is_on_record_and_only_the_named_roles_read(app, made, sign_in):
    app.config["WTF_CSRF_ENABLED"] = False
    one = published(made, is_embargoed=True)
    address = f"/publications/{one}"
    assert sign_in(app.test_client(), made.account("scorekeeper")).get(address).status_code == 404
    assert sign_in(app.test_client(), made.account("supervisor")).get(address).status_code == 200
    assert (
        sign_in(app.test_client(), made.account("chief")).get(f"/events/{made.event_id}/results").status_code
        == 200
    )
    read = db.session.scalars(
        sa.select(Change).where(Change.action == "embargo.read").order_by(Change.id)
    ).all()
    assert [(row.account_name, row.values["door"][1]) for row in read] == [
        ("supervisor", "publication"),
        ("chief", "event"),
    ]


def test_prizes_are_released_by_a_confirmed_list_and_titles_by_a_final_one_unless_the_edition_says_otherwise(
    made,
):
    edition = made.event.sub_contest.edition
    assert released_by(edition.id, "prize") is ListState.CONFIRMED
    assert released_by(edition.id, "title") is ListState.FINAL
    with transaction():
        service.change_setting(
            edition=edition,
            values={"releases": {"prize": "final"}},
            version=0,
            actor=made.actor("organiser"),
            at=NOON,
        )
    assert released_by(edition.id, "prize") is ListState.FINAL
    one = published(made)
    advanced(made, one, ListState.CONFIRMED)
    with pytest.raises(ListNotReady), transaction():
        awards.draw_up(publication(one), actor=made.actor("organiser"), at=NOON)


def test_an_amended_list_names_to_the_public_what_changed(app, made):
    one = published(made)
    made.mark(0, "dough", 35_000)
    two = published(made, note="001 号和面补记 5 分")
    page = app.test_client().get(f"/lists/{two}").get_data(as_text=True)
    assert "001 号和面补记 5 分" in page and "4 → <b>1</b>" in page
    assert "4 → " not in app.test_client().get(f"/lists/{one}").get_data(as_text=True)


def test_a_final_list_is_archived_and_stays_public(app, made):
    one = published(made)
    advanced(made, one, ListState.FINAL)
    with transaction():
        service.archive(publication=publication(one), actor=made.actor("organiser"), at=NOON)
    assert app.test_client().get(f"/lists/{one}").status_code == 200


def test_editing_a_mark_and_undoing_it_gives_the_same_standings_and_publishes_nothing_new(made):
    one = published(made)
    digest = publication(one).snapshot.digest
    made.mark(0, "dough", 35_000)
    made.mark(0, "dough", 30_000)
    assert published(made) == one
    assert publication(one).snapshot.digest == digest
