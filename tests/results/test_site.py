"""The static site of an edition: everything public and nothing else, without script, with links that hold."""

from __future__ import annotations

import hashlib
import io
import posixpath
import re
import zipfile

import pytest

from contest.db import db, transaction
from contest.results import service
from contest.results.models import Publication
from tests.results.builders import NAMES, NOON, fill, make_field, published


@pytest.fixture
def made(app):
    field = make_field()
    fill(field)
    return field


def unpacked(app, made) -> dict[str, bytes]:
    answer = app.test_client().get(f"/editions/{made.event.sub_contest.edition_id}/site.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_lists_of_the_edition_are_pages_and_files_whose_links_hold(app, made):
    one, two = published(made), published(made, ranking="table:delegations")
    files = unpacked(app, made)
    assert {name for name in files if name.endswith(".html")} == {
        "index.html",
        f"lists/{one}/index.html",
        f"lists/{two}/index.html",
    }
    page = files[f"lists/{one}/index.html"].decode()
    assert [name for name in NAMES[:4] if name in page] == list(NAMES[:4])
    browser = app.test_client()
    assert files[f"lists/{one}/list.csv"] == browser.get(f"/lists/{one}.csv").data
    for name, content in files.items():
        if name.endswith(".html"):
            for link in re.findall(r'(?:href|src)="([^"]+)"', content.decode()):
                assert posixpath.normpath(posixpath.join(posixpath.dirname(name), link)) in files, (
                    name,
                    link,
                )


def test_it_holds_no_script_no_outside_address_and_no_absolute_link(app, made):
    published(made)
    for name, content in unpacked(app, made).items():
        if name.endswith((".html", ".css")):
            text = content.decode()
            found = re.findall(r"<script|<iframe|\bon\w+=|https?://|url\(|@import|(?:href|src)=\"/", text)
            assert found == [], name


def test_the_digests_are_those_of_the_files_and_equal_lists_give_equal_bytes(app, made):
    published(made)
    files = unpacked(app, made)
    sums = dict(line.split("  ")[::-1] for line in files.pop("SHA256SUMS").decode().strip().split("\n"))
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    address = f"/editions/{made.event.sub_contest.edition_id}/site.zip"
    assert app.test_client().get(address).data == app.test_client().get(address).data


def test_what_the_public_may_not_read_is_not_in_it(app, made):
    one = published(made, shown_places=1)
    hidden = published(made, ranking="table:delegations", is_embargoed=True)
    files = unpacked(app, made)
    assert [name for name in files if name.startswith(f"lists/{hidden}/")] == []
    text = "".join(content.decode("utf-8", "replace") for content in files.values())
    page = files[f"lists/{one}/index.html"].decode()
    best = NAMES[3]
    assert [name for name in NAMES[:4] if name in page] == [best]
    assert [name for name in NAMES[:3] if name in text] == []


def test_an_edition_without_a_public_list_has_no_site(app, made):
    address = f"/editions/{made.event.sub_contest.edition_id}/site.zip"
    assert app.test_client().get(address).status_code == 404
    one = published(made, is_embargoed=True)
    assert app.test_client().get(address).status_code == 404
    with transaction():
        service.release(
            publication=db.session.get_one(Publication, one), actor=made.actor("organiser"), at=NOON
        )
    assert app.test_client().get(address).status_code == 200
