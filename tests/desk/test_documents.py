"""Circulars and public notices: filled from frozen lists, closed by number and date, the same ever after."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
import sqlalchemy as sa

from contest.audit import Change
from contest.awards.models import Award
from contest.db import db
from contest.desk.models import OfficeDocument
from contest.results.models import ListState, Publication


@pytest.fixture
def circular(finished) -> int:
    """A fresh draft about the final list; its id."""
    answer = finished.browser("organiser").post(
        finished.path("documents/circular"),
        data={"circular-issuer": "示范省总工会", "circular-lists": [finished.world.ids["publication_id"]]},
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return int(re.search(r"/documents/(\d+)", answer.headers["Location"])[1])


def text_of_docx(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        return re.sub(r"<[^>]+>", "", bundle.read("word/document.xml").decode())


def row_of(document_id: int) -> OfficeDocument:
    db.session.rollback()
    return db.session.get_one(OfficeDocument, document_id)


def edit(finished, document_id, **changes):
    row = row_of(document_id)
    sent = {
        "version": row.version, "issuer": row.issuer, "has_red_heading": "y", "heading": row.heading,
        "to": row.content["to"], "paragraphs": "\n\n".join(row.content["paragraphs"]),
    }  # fmt: skip
    return finished.browser("organiser").post(f"/documents/{document_id}", data={**sent, **changes})


def issue(finished, document_id, **changes):
    sent = {
        "issue-version": row_of(document_id).version,
        "issue-document_number": "示工发〔2026〕9号",
        "issue-dated_on": "2026-11-20",
    }
    return finished.browser("organiser").post(f"/documents/{document_id}/issue", data={**sent, **changes})


def test_a_circular_names_everybody_who_has_a_prize_and_counts_them(finished, circular):
    text = text_of_docx(finished.browser("organiser").get(f"/documents/{circular}.docx").data)
    names = list(
        db.session.scalars(sa.select(Award.name).where(Award.kind == "prize", Award.verdict == "granted"))
    )
    assert [name for name in names if name not in text] == []
    assert f"产生奖项{len(names)}个" in text


def test_an_issued_document_stays_whatever_happens_to_its_lists(finished, circular):
    assert issue(finished, circular).status_code == 302
    client = finished.browser("organiser")
    before = {suffix: client.get(f"/documents/{circular}.{suffix}").data for suffix in ("pdf", "docx")}
    award = db.session.scalars(sa.select(Award).where(Award.kind == "prize")).first()
    old, award_id = award.name, award.id
    try:
        with db.engine.begin() as connection:
            connection.execute(sa.update(Award).where(Award.id == award_id).values(name="改了名字"))
        after = {suffix: client.get(f"/documents/{circular}.{suffix}").data for suffix in ("pdf", "docx")}
    finally:
        with db.engine.begin() as connection:
            connection.execute(sa.update(Award).where(Award.id == award_id).values(name=old))
    assert after == before
    text = text_of_docx(before["docx"])
    assert ("示工发〔2026〕9号" in text, "2026年11月20日" in text) == (True, True)


def test_after_number_and_date_the_text_stands(finished, circular):
    issue(finished, circular)
    answer = edit(finished, circular, heading="别的标题")
    assert (answer.status_code, row_of(circular).heading) == (422, "{issuer}关于{edition}结果的通报")
    assert finished.browser("organiser").post(f"/documents/{circular}/discard").status_code == 302
    assert row_of(circular).document_number == "示工发〔2026〕9号"


def test_a_red_heading_needs_a_number_and_every_document_a_date(finished, circular):
    for changes in ({"issue-document_number": ""}, {"issue-dated_on": ""}):
        assert issue(finished, circular, **changes).status_code == 422
    assert row_of(circular).issued_at is None


def test_a_place_that_nothing_fills_is_refused_and_what_was_typed_stays(finished, circular):
    answer = edit(finished, circular, heading="关于{winner}的通报")
    assert (answer.status_code, "关于{winner}的通报" in answer.get_data(as_text=True)) == (422, True)
    assert row_of(circular).heading == "{issuer}关于{edition}结果的通报"


def test_two_people_do_not_overwrite_each_other(finished, circular):
    row = row_of(circular)
    old = row.version
    assert edit(finished, circular, to="甲单位：").status_code == 302
    answer = edit(finished, circular, version=old, to="乙单位：")
    assert (answer.status_code, row_of(circular).content["to"]) == (422, "甲单位：")


def test_a_document_whose_list_was_superseded_is_not_issued(finished, circular):
    ids = finished.world.ids["publication_id"]
    try:
        with db.engine.begin() as connection:
            connection.execute(
                sa.update(Publication).where(Publication.id == ids).values(superseded_at=sa.func.now())
            )
        assert issue(finished, circular).status_code == 422
    finally:
        with db.engine.begin() as connection:
            connection.execute(sa.update(Publication).where(Publication.id == ids).values(superseded_at=None))
    assert row_of(circular).issued_at is None


def test_a_public_notice_tells_where_objections_go_and_has_no_red_heading(finished):
    ids = finished.world.ids["publication_id"]
    with db.engine.begin() as connection:
        connection.execute(
            sa.update(Publication).where(Publication.id == ids).values(state=ListState.PUBLIC_NOTICE)
        )
    try:
        client = finished.browser("organiser")
        answer = client.post(
            finished.path("documents/notice"), data={"notice-issuer": "示范省总工会", "notice-lists": [ids]}
        )
        text = text_of_docx(client.get(answer.headers["Location"] + ".docx").data)
    finally:
        with db.engine.begin() as connection:
            connection.execute(
                sa.update(Publication).where(Publication.id == ids).values(state=ListState.FINAL)
            )
    assert ("拟获奖名单的公示" in text, "受理单位：" in text, "发〔" in text) == (True, True, False)


def test_a_list_that_has_not_come_so_far_gives_no_document(finished):
    answer = finished.browser("organiser").post(
        finished.path("documents/notice"),
        data={"notice-issuer": "示范省总工会", "notice-lists": [finished.world.ids["publication_id"]]},
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("role", ["scorekeeper", "supervisor", "contestant", "stranger", "administrator"])
def test_documents_are_the_organisers(finished, circular, role):
    client = finished.browser(role)
    paths = [f"/documents/{circular}", f"/documents/{circular}.pdf", finished.path("documents")]
    posts = [f"/documents/{circular}/issue", f"/documents/{circular}/discard"]
    assert {client.get(path).status_code for path in paths} <= {403, 404}
    assert {
        client.post(path, data={"issue-version": 1, "issue-dated_on": "2026-01-01"}).status_code
        for path in posts
    } <= {403, 404}
    assert row_of(circular).issued_at is None


def test_reading_a_document_about_a_list_under_embargo_is_written_down(finished, circular):
    ids = finished.world.ids["publication_id"]
    counted = sa.select(sa.func.count(Change.id)).where(Change.action == "embargo.read")
    before = db.session.scalar(counted)
    try:
        with db.engine.begin() as connection:
            connection.execute(sa.update(Publication).where(Publication.id == ids).values(is_embargoed=True))
        finished.browser("organiser").get(f"/documents/{circular}.pdf")
    finally:
        with db.engine.begin() as connection:
            connection.execute(sa.update(Publication).where(Publication.id == ids).values(is_embargoed=False))
    db.session.rollback()
    assert db.session.scalar(counted) == before + 1
