"""The stamped list lies beside the list: for the public where it was said so, and only while the list stands."""

from __future__ import annotations

import io

import pytest

from contest.audit import Change
from contest.db import db, transaction
from contest.results import service
from contest.results.models import Publication
from contest.results.models_scans import ListScan
from tests.results.builders import NOON, fill, make_field, published

PDF = b"%PDF-1.7 stamped"


@pytest.fixture
def made(app):
    app.config["WTF_CSRF_ENABLED"] = False
    field = make_field()
    fill(field)
    return field


def added(browser, one, *, content=PDF, **fields):
    return browser.post(
        f"/publications/{one}/scans",
        data={"title": "盖章榜单", "scan": (io.BytesIO(content), "a.pdf"), **fields},
        content_type="multipart/form-data",
    )


def test_the_public_reads_the_scan_that_is_for_it_and_no_other(app, made, sign_in):
    one = published(made)
    organiser, visitor = sign_in(app.test_client(), made.account("organiser")), app.test_client()
    before = visitor.get(f"/lists/{one}")
    assert added(organiser, one, is_public="y").status_code == 302
    assert added(organiser, one, title="签字汇总表").status_code == 302
    shown, inner = [row.id for row in db.session.query(ListScan).order_by(ListScan.id)]
    answer = visitor.get(f"/lists/{one}/scans/{shown}")
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert visitor.get(f"/lists/{one}/scans/{inner}").status_code == 404
    assert organiser.get(f"/publications/{one}/scans/{inner}").data == PDF
    app.extensions.pop("contest.pages")  # as half a second later
    page = visitor.get(f"/lists/{one}", headers={"If-None-Match": before.headers["ETag"]})
    assert page.status_code == 200
    assert ["盖章榜单" in page.text, "签字汇总表" in page.text] == [True, False]
    assert organiser.post(f"/publications/{one}/scans/{shown}/remove").status_code == 302
    assert visitor.get(f"/lists/{one}/scans/{shown}").status_code == 404
    actions = [row.action for row in db.session.query(Change).filter(Change.action.like("publication.scan%"))]
    assert actions == ["publication.scan_added", "publication.scan_added", "publication.scan_removed"]


def test_a_scan_of_a_list_under_embargo_or_withdrawn_is_not_public(app, made, sign_in):
    one = published(made, is_embargoed=True)
    organiser = sign_in(app.test_client(), made.account("organiser"))
    added(organiser, one, is_public="y")
    scan = db.session.query(ListScan).one().id
    address = f"/lists/{one}/scans/{scan}"
    assert app.test_client().get(address).status_code == 404
    keeper = sign_in(app.test_client(), made.account("scorekeeper"))
    assert keeper.get(f"/publications/{one}/scans/{scan}").status_code == 404
    with transaction():
        service.release(
            publication=db.session.get_one(Publication, one), actor=made.actor("organiser"), at=NOON
        )
    assert app.test_client().get(address).status_code == 200
    with transaction():
        service.withdraw(
            publication=db.session.get_one(Publication, one),
            reason="错",
            actor=made.actor("organiser"),
            at=NOON,
        )
    assert app.test_client().get(address).status_code == 404


@pytest.mark.parametrize("content", [b"<html>", b"", b"MZ", b"\x00\x00\x00\x18ftypmp42"])
def test_what_is_no_scan_is_refused_and_the_title_kept(app, made, sign_in, content):
    one = published(made)
    answer = added(
        sign_in(app.test_client(), made.account("organiser")), one, content=content, title="第一页"
    )
    assert answer.status_code == 422
    assert 'value="第一页"' in answer.get_data(as_text=True)
    assert db.session.query(ListScan).count() == 0


def test_a_scan_of_another_list_is_not_found(app, made, sign_in):
    one, two = published(made), published(made, ranking="table:delegations")
    organiser = sign_in(app.test_client(), made.account("organiser"))
    added(organiser, one, is_public="y")
    scan = db.session.query(ListScan).one().id
    assert app.test_client().get(f"/lists/{two}/scans/{scan}").status_code == 404
    assert organiser.post(f"/publications/{two}/scans/{scan}/remove").status_code == 404
