"""A contestant's phone: the day, its calendar, the own total down to every mark; and the badge that opens it."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pikepdf
import sqlalchemy as sa

from contest.accounts import service as accounts
from contest.accounts.models import Account, SignInLink
from contest.accounts.sessions import KEY
from contest.certificates.models import Certificate
from contest.db import db, now, transaction
from contest.desk import badges, queries, views_agenda
from contest.desk import service as desk_service
from contest.entries.listing import Filter
from contest.entries.models import Entry, Member, Staff, StaffRole
from contest.results.models import ListState, Publication, SnapshotRow


def test_a_contestant_reads_the_own_total_down_to_every_mark_and_no_judges_name(finished):
    world = finished.world
    client = finished.browser("contestant")
    page = client.get("/me").get_data(as_text=True)
    address = re.search(r'href="(/me/results/\d+)"', page)
    assert address
    text = client.get(address[1]).get_data(as_text=True)
    member = db.session.get_one(Member, world.ids["member_id"])
    line = db.session.scalars(
        sa.select(SnapshotRow).where(
            sa.tuple_(SnapshotRow.subject_kind, SnapshotRow.subject_id).in_(
                [("member", member.id), ("entry", member.entry_id)]
            )
        )
    ).first()
    assert f"<dd>{line.total}</dd>" in text
    judges = [row.name for row in db.session.scalars(sa.select(Account)) if "裁判" in row.name]
    assert [name for name in judges if name in text] == []
    assert text.count("<details") > 5


def test_somebody_elses_list_is_not_found(finished):
    assert finished.browser("contestant").get("/me/results/999").status_code == 404


def test_a_list_whose_roster_changed_is_not_explained_with_other_numbers(finished):
    world = finished.world
    member = db.session.get_one(Member, world.ids["member_id"])
    old, other = member.entry.number, "x1"
    client = finished.browser("contestant")
    address = re.search(r'href="(/me/results/\d+)"', client.get("/me").get_data(as_text=True))[1]
    try:
        with transaction():
            db.session.execute(sa.update(Entry).where(Entry.id == world.ids["entry_id"]).values(number=other))
        assert client.get(address).get_data(as_text=True).count("<details") == 1  # the menu
    finally:
        with transaction():
            db.session.execute(sa.update(Entry).where(Entry.id == world.ids["entry_id"]).values(number=old))
    assert client.get(address).get_data(as_text=True).count("<details") > 5


def test_the_day_goes_into_a_phones_calendar(finished):
    answer = finished.browser("contestant").get("/me/calendar.ics")
    text = answer.data.decode()
    unfolded = text.replace("\r\n ", "")
    assert answer.mimetype == "text/calendar"
    assert "DTSTART:20261121T010000Z" in unfolded
    assert r"LOCATION:一号厅\, 东门\; 二层" in unfolded
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 1


def test_lines_are_folded_between_characters(finished):
    app, world = finished.app, finished.world
    with app.test_request_context():
        days = queries.days_of(db.session.get_one(Member, world.ids["member_id"]).person_id)
        days[0].entry.event.venue = "很长的场地名称" * 20
        text = views_agenda.calendar(days, base_url="https://contest.example", at=now())
        db.session.rollback()
    assert [line for line in text.split("\r\n") if len(line.encode()) > 75] == []
    assert "很长的场地名称" * 20 in text.replace("\r\n ", "")


def test_a_badges_code_opens_the_own_day_and_a_new_badge_ends_the_old_code(finished):
    app, world = finished.app, finished.world
    actor = finished.actor()
    tokens = []
    for _ in range(2):
        with transaction():
            found = badges.badges_of(
                world.ids["edition_id"],
                Filter(event_id=world.ids["event_id"]),
                with_codes=True,
                with_staff=True,
                actor=actor,
                at=now(),
            )
            tokens.append(next(one.token for one in found if one.role == "contestant"))
    visitor = app.test_client()
    assert visitor.post(f"/s/{tokens[0]}").status_code != 302
    assert visitor.post(f"/s/{tokens[1]}").status_code == 302
    assert visitor.get("/me").status_code == 200


def test_the_paper_has_a_badge_for_everybody_registered(finished):
    world = finished.world
    client = finished.browser("organiser")
    before = db.session.scalar(sa.select(sa.func.count(SignInLink.id)))
    answer = client.post(
        f"/editions/{world.ids['edition_id']}/badges",
        data={"event_id": "", "delegation_id": "", "with_codes": "y"},
    )
    db.session.rollback()
    members = db.session.scalar(sa.select(sa.func.count(Member.id)).where(Member.left_at.is_(None)))
    assert answer.mimetype == "application/pdf"
    with pikepdf.open(BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) == -(-members // 8)
    assert db.session.scalar(sa.select(sa.func.count(SignInLink.id))) == before + members


def test_badges_without_codes_leave_the_older_ones_alone(finished):
    world = finished.world
    before = db.session.scalar(sa.select(sa.func.count(SignInLink.id)))
    answer = finished.browser("organiser").post(
        f"/editions/{world.ids['edition_id']}/badges", data={"event_id": "", "delegation_id": ""}
    )
    db.session.rollback()
    assert answer.status_code == 200
    assert db.session.scalar(sa.select(sa.func.count(SignInLink.id))) == before


def test_three_taps_from_the_sign_in_lead_to_the_certificate_and_wechat_is_told_how_to_keep_it(finished):
    with transaction():
        row = db.session.scalars(sa.select(Certificate).where(Certificate.person_id.is_not(None))).first()
        account = desk_service.account_of(row.person_id, at=now())
        secret = accounts.open_session(account, via="number", at=now(), ip="", device="")[1]
    client = finished.app.test_client()
    with client.session_transaction() as cookie:
        cookie[KEY] = secret
    day = client.get("/me").get_data(as_text=True)  # the first tap signs in
    second = re.search(r'href="(/my-certificate/\d+)"', day)[1]
    for agent, told in (("Mozilla/5.0 MicroMessenger/8.0", True), ("Mozilla/5.0", False)):
        page = client.get(second, headers={"User-Agent": agent}).get_data(as_text=True)
        assert ("MicroMessenger" in agent) is told is ('class="notice notice--info"' in page)
    picture, paper = re.search(r'<img class="own-paper" src="([^"]+)"', page)[1], f"{second}.pdf"
    assert [client.get(one).mimetype for one in (picture, paper)] == ["image/png", "application/pdf"]


def test_the_own_result_says_who_may_appeal_and_until_when(finished):
    world = finished.world
    with transaction():
        publication = db.session.get_one(Publication, world.ids["publication_id"])
        until = publication.appeals_until
        publication.appeals_until = now() + timedelta(hours=2)
        state, publication.state = publication.state, ListState.PROVISIONAL
        entry = db.session.get_one(Member, world.ids["member_id"]).entry
        db.session.add(Staff(entry_id=entry.id, role=StaffRole.LEADER, name="示范领队"))
    client = finished.browser("contestant")
    page = client.get("/me").get_data(as_text=True)
    assert "示范领队" in page
    assert "示范领队" in client.get(re.search(r'href="(/me/results/\d+)"', page)[1]).get_data(as_text=True)
    with transaction():
        db.session.get_one(Publication, world.ids["publication_id"]).state = state
    final = client.get("/me").get_data(as_text=True)
    assert ("示范领队" in final, "申诉时间已过" in final) == (False, True)
    with transaction():
        db.session.get_one(Publication, world.ids["publication_id"]).appeals_until = until
