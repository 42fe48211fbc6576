"""Proposed titles on their way: announced, submitted, and never conferred while a notice runs; ladders and rights."""

import io
from datetime import date, timedelta

import openpyxl
import pytest

from contest import audit
from contest.accounts.access import SYSTEM, Actor, Held
from contest.accounts.models import Role, ScopeKind
from contest.awards import kinds, queries, service, titles
from contest.awards.models import Decision, Title, TitleLevel, TitleState
from contest.awards.refusals import (
    ListNotLive,
    NothingProposed,
    ReasonNeeded,
    TitleNoticeRunning,
    TitleNoticeShort,
)
from contest.db import db, transaction
from contest.errors import Forbidden, Stale
from contest.events.models import Edition
from contest.results.models import ListState, Publication
from tests.awards.builders import NAMES, NOON, edition_of, id_number, make_list, supersede

FRIDAY = date(2026, 11, 20)  # NOON is noon of this day in Qinghai


def proposed():
    listed = make_list(ListState.FINAL)
    with transaction():
        service.propose_titles(db.session.get_one(Publication, listed.id), actor=SYSTEM, at=NOON)
    return listed


def all_titles():
    return list(db.session.scalars(db.select(Title).order_by(Title.position)))


def announce(starts_on=FRIDAY, ends_on=None, at=NOON):
    with transaction():
        return service.give_notice(all_titles(), starts_on=starts_on, ends_on=ends_on, actor=SYSTEM, at=at)


def send_up(at, outcome="公示期间未收到异议"):
    with transaction():
        service.submit_all(
            all_titles(), number="示竞报〔2026〕3号", sent_on=FRIDAY, outcome=outcome, actor=SYSTEM, at=at
        )


def test_a_notice_lasts_five_working_days_the_first_counted(app):
    proposed()
    assert announce() == date(2026, 11, 26)
    assert {(one.notice_from, one.notice_until) for one in all_titles()} == {(FRIDAY, date(2026, 11, 26))}


def test_a_typed_last_day_before_the_counted_one_is_refused_and_a_later_one_taken(app):
    proposed()
    with pytest.raises(TitleNoticeShort) as refused:
        announce(ends_on=date(2026, 11, 25))
    assert refused.value.params == {"least": "2026-11-26"}
    assert announce(ends_on=date(2026, 12, 1)) == date(2026, 12, 1)


def test_a_year_without_a_calendar_takes_a_typed_end(app):
    proposed()
    assert announce(starts_on=date(2031, 3, 3), ends_on=date(2031, 3, 10)) == date(2031, 3, 10)


def test_nothing_goes_up_before_the_last_day_is_over(app):
    proposed()
    announce()
    with pytest.raises(TitleNoticeRunning) as refused:
        send_up(NOON + timedelta(days=6))
    assert refused.value.params == {"until": "2026-11-26"}
    send_up(NOON + timedelta(days=7))
    assert {(one.state, one.submitted_number, one.notice_outcome) for one in all_titles()} == {
        (TitleState.SUBMITTED, "示竞报〔2026〕3号", "公示期间未收到异议")
    }


def test_what_a_notice_brought_is_written_down_before_anything_goes_up(app):
    proposed()
    announce()
    with pytest.raises(ReasonNeeded):
        send_up(NOON + timedelta(days=8), outcome=" ")


def test_no_decision_confers_while_the_notice_runs(app):
    listed = proposed()
    announce()
    with transaction():
        edition = db.session.get_one(Edition, edition_of(listed).id)
        decision_id = service.draft(edition, all_titles(), authority="示范厅", actor=SYSTEM, at=NOON).id

    def confer(at):
        with transaction():
            decision = db.session.get_one(Decision, decision_id)
            service.confer(
                decision, authority="示范厅", document_number="示〔2026〕1号", dated_on=FRIDAY, version=decision.version,
                actor=SYSTEM, at=at,
            )  # fmt: skip

    with pytest.raises(TitleNoticeRunning):
        confer(NOON)
    assert {one.state for one in all_titles()} == {TitleState.PROPOSED}
    confer(NOON + timedelta(days=7))
    assert {one.state for one in all_titles()} == {TitleState.CONFERRED}


def test_a_superseded_list_is_neither_announced_nor_submitted(app):
    listed = proposed()
    supersede(listed.id)
    with pytest.raises(ListNotLive):
        announce()
    with pytest.raises(ListNotLive):
        send_up(NOON)


def test_titles_that_went_up_are_not_announced_again(app):
    proposed()
    send_up(NOON, outcome="")
    with pytest.raises(NothingProposed):
        announce()


def test_a_revocation_keeps_the_authoritys_paper(app):
    proposed()
    with transaction():
        title = all_titles()[0]
        title.state = TitleState.CONFERRED
        service.revoke(
            title, reason="弄虚作假", number="示〔2027〕9号", dated_on=date(2027, 5, 1), actor=SYSTEM, at=NOON
        )
    row = all_titles()[0]
    assert (row.state, row.settled_number, row.settled_on) == (
        TitleState.REVOKED,
        "示〔2027〕9号",
        date(2027, 5, 1),
    )


def test_ladders_stand_together_from_the_highest_rung_down_and_rights_are_lines(app):
    listed = proposed()
    holder_id, contest_id = edition_of(listed).contest.holder_id, edition_of(listed).contest_id
    common = {"label_en": "", "authority": "示范省人社厅", "rights_en": ""}
    for key, ladder, level, rights in (
        ("city", "技术能手", TitleLevel.MUNICIPAL, ""),
        (
            "technical_expert",
            "技术能手",
            TitleLevel.PROVINCIAL,
            "可推荐参评五一劳动奖章\n\n 优先推荐参加国赛 ",
        ),
        ("craftsman", "工匠", TitleLevel.ENTERPRISE, ""),
    ):
        with transaction():
            kinds.describe(
                holder_id, key, common | {"label": key, "ladder": ladder, "level": level, "rights": rights},
                version=0, contest_id=contest_id, actor=SYSTEM, at=NOON,
            )  # fmt: skip
    found = kinds.kinds_of(holder_id)
    assert list(found) == ["craftsman", "technical_expert", "city"]
    assert kinds.rights_of(found["technical_expert"], english=True) == [
        "可推荐参评五一劳动奖章",
        "优先推荐参加国赛",
    ]
    with pytest.raises(Stale), transaction():
        kinds.describe(
            holder_id, "city", common | {"label": "x", "ladder": "", "level": TitleLevel.NATIONAL, "rights": ""},
            version=0, contest_id=contest_id, actor=SYSTEM, at=NOON,
        )  # fmt: skip


def report(listed, actor, full):
    with transaction():
        edition = db.session.get_one(Edition, edition_of(listed).id)
        return service.title_report(edition, full=full, actor=actor, at=NOON)


def test_the_list_for_the_authority_is_masked_unless_asked_and_each_taking_is_logged(app):
    listed = proposed()
    masked = report(listed, SYSTEM, False)
    full = report(listed, SYSTEM, True)
    assert [title.name for title, _ in full] == list(NAMES[:3])
    assert [one.id_number for _, one in full] == [id_number(serial) for serial in (1, 2, 3)]
    assert {("*" in one.id_number) for _, one in masked} == {True}
    lines = db.session.scalars(db.select(audit.Change).order_by(audit.Change.id.desc()).limit(2)).all()
    assert [(one.action, one.values) for one in reversed(lines)] == [
        ("titles.reported", {"people": [None, 3]}), ("personal.exported", {"people": [None, 3]}),
    ]  # fmt: skip


def test_full_numbers_are_refused_to_who_may_not_read_them(app, monkeypatch):
    listed = proposed()
    contest_id = edition_of(listed).contest_id
    supervisor = Actor(7, "S", (Held(Role.SUPERVISOR, ScopeKind.CONTEST, contest_id, contest_id),))
    organiser = Actor(8, "O", (Held(Role.ORGANISER, ScopeKind.CONTEST, contest_id, contest_id),))
    assert report(listed, supervisor, False) == []
    assert len(report(listed, organiser, True)) == 3
    monkeypatch.setitem(
        __import__("contest.accounts.access", fromlist=["ACTS"]).ACTS, "entries.personal", frozenset()
    )
    with pytest.raises(Forbidden):
        report(listed, organiser, True)


def test_the_notice_is_over_on_the_day_after_in_the_contests_zone(app):
    proposed()
    announce()
    title = all_titles()[0]
    last_evening = NOON.replace(day=26, hour=15)  # 23:00 in Qinghai
    assert (
        titles.is_on_notice(title, last_evening),
        titles.is_on_notice(title, last_evening + timedelta(hours=1)),
    ) == (True, False)


@pytest.fixture
def place(app):
    listed = proposed()
    return {
        "edition": listed.event.sub_contest.edition_id,
        "contest": listed.event.sub_contest.edition.contest_id,
    }


@pytest.fixture
def organiser(client, sign_in, place):
    from tests.builders import make_account

    return sign_in(
        client,
        make_account(
            "Ann", (Role.ORGANISER, ScopeKind.CONTEST, place["contest"]), contest_id=place["contest"]
        ),
    )


def post(browser, url, page, **values):
    from tests.builders import csrf_of

    return browser.post(url, data={"csrf_token": csrf_of(browser, page), **values})


def test_an_organiser_announces_describes_and_reports_on_the_pages(organiser, place):
    home = f"/editions/{place['edition']}/awards"
    key = {"notice-title_key": "technical_expert"}
    answer = post(
        organiser, f"/editions/{place['edition']}/titles/notice", home, **key, **{"notice-starts_on": ""}
    )
    assert answer.status_code == 422
    answer = post(
        organiser,
        f"/editions/{place['edition']}/titles/notice",
        home,
        **key,
        **{"notice-starts_on": "2026-11-20"},
    )
    assert answer.status_code == 302
    paper = organiser.get(f"/editions/{place['edition']}/titles/technical_expert/notice.pdf")
    assert (paper.status_code, paper.data[:5]) == (200, b"%PDF-")
    url = f"/editions/{place['edition']}/title-kinds/technical_expert"
    answer = post(
        organiser, url, url, version="0", label="示范省技术能手", level="provincial", ladder="技术能手", rights="可推荐参评五一劳动奖章",
    )  # fmt: skip
    assert answer.status_code == 302
    title_page = organiser.get(f"/titles/{all_titles()[0].id}").get_data(as_text=True)
    assert "可推荐参评五一劳动奖章" in title_page
    answer = post(organiser, f"/editions/{place['edition']}/titles/report.xlsx", home, full="1")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert [row[6] for row in rows[2:]] == [id_number(serial) for serial in (1, 2, 3)]


def test_a_formula_in_a_unit_leaves_the_house_as_text(organiser, place):
    with transaction():
        all_titles()[0].unit = '=HYPERLINK("x")'
    answer = post(
        organiser, f"/editions/{place['edition']}/titles/report.xlsx", f"/editions/{place['edition']}/awards"
    )
    cells = [row[8] for row in openpyxl.load_workbook(io.BytesIO(answer.data)).active.values]
    assert '\'=HYPERLINK("x")' in cells


def test_waiting_titles_of_a_draft_are_still_announced(app):
    listed = proposed()
    with transaction():
        service.draft(
            db.session.get_one(Edition, edition_of(listed).id),
            all_titles(),
            authority="示",
            actor=SYSTEM,
            at=NOON,
        )
    edition_id = edition_of(listed).id
    assert [len(queries.waiting_titles(SYSTEM, edition_id, with_drafted=both)) for both in (False, True)] == [
        0,
        3,
    ]
