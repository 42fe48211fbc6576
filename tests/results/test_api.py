"""What programs and other sites read: public lists as JSON, a feed, a table to embed – and nothing unpublished."""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
import schemathesis
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from contest.db import db, transaction
from contest.entries.models import Person
from contest.results.models import Publication, SnapshotRow
from contest.results.views.openapi import DESCRIPTION
from tests.conftest import Browser, own_application
from tests.world import World, held_until

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def public(postgres_url, tmp_path_factory) -> Iterator[tuple[Flask, World]]:
    """An application with one final list."""
    with own_application(tmp_path_factory.mktemp("public"), postgres_url) as app:
        app.test_client_class = Browser
        yield app, held_until("final")


@pytest.fixture
def visitor(public):
    return public[0].test_client()


def test_a_list_has_the_lines_totals_and_places_that_were_frozen(public, visitor):
    number = visitor.get("/api/v1/lists").json["lists"][0]["id"]
    answer = visitor.get(f"/api/v1/lists/{number}").json
    rows = db.session.scalars(sa.select(SnapshotRow).order_by(SnapshotRow.position))
    assert [(row["rank"], row["name"], row["total"], row["total_exact"]) for row in answer["rows"]] == [
        (row.rank, row.name, row.total, row.total_exact) for row in rows
    ]
    assert (answer["state"], answer["revision"], len(answer["digest"])) == ("final", 1, 64)
    assert [len(row["cells"]["zh"]) for row in answer["rows"]] == [len(answer["columns"])] * 10


def test_the_file_says_what_the_interface_says(public, visitor):
    answer = visitor.get("/api/v1/lists/1").json
    answer.pop("newest_id")
    assert json.loads(visitor.get("/lists/1.json").data) == answer


def test_asking_again_with_the_etag_sends_nothing(visitor):
    for address in (
        "/api/v1/editions",
        "/api/v1/lists",
        "/api/v1/lists/1",
        "/lists/feed.atom",
        "/lists/1/table",
    ):
        first = visitor.get(address)
        again = visitor.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_a_wrong_parameter_is_named(visitor):
    refusals = {
        address: (visitor.get(address).status_code, visitor.get(address).json.get("parameter"))
        for address in (
            "/api/v1/lists?page=0",
            "/api/v1/lists?page=1e3",
            "/api/v1/lists?edition=99999999999",
            "/api/v1/lists?q=",
            "/api/v1/lists?sort=rank",
            "/api/v1/lists?page=1&page=2",
            "/api/v1/editions?x=1",
        )
    }
    assert set(refusals.values()) == {(422, "page"), (422, "edition"), (422, "q"), (422, "sort"), (422, "x")}


def test_what_is_not_there_is_told_as_json(visitor):
    answers = [
        visitor.get(f"/api/v1/{path}") for path in ("lists/999", "lists/99999999999999999999", "nothing")
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert [answer.json["error"] for answer in answers] == ["missing"] * 3


def test_a_list_under_embargo_is_nowhere(public, visitor):
    _, world = public
    publication = db.session.get_one(Publication, world.ids["publication_id"])
    names = list(db.session.scalars(sa.select(Person.name)))
    try:
        with transaction():
            db.session.execute(sa.update(Publication).values(is_embargoed=True))
        addresses = [
            "/api/v1/editions",
            "/api/v1/lists",
            "/api/v1/lists/1",
            "/lists/feed.atom",
            "/lists/1/table",
        ]
        texts = {
            address: visitor.get(address).get_data(as_text=True) for address in [*addresses, "/lists/1.json"]
        }
        assert {(address, name) for address, text in texts.items() for name in names if name in text} == set()
        assert visitor.get("/api/v1/lists").json["total"] == 0
        assert publication.id not in [row["id"] for row in visitor.get("/api/v1/lists").json["lists"]]
    finally:
        with transaction():
            db.session.execute(sa.update(Publication).values(is_embargoed=False))
    assert visitor.get("/api/v1/lists").json["total"] == 1


def test_the_feed_is_atom_with_an_entry_a_list(visitor):
    root = ElementTree.fromstring(visitor.get("/lists/feed.atom").data)
    entries = root.findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}link").get("href") for entry in entries] == ["http://localhost/lists/1"]
    assert root.find(f"{ATOM}updated").text == entries[0].find(f"{ATOM}updated").text


def test_a_table_may_stand_in_anybodys_page_and_no_other_page_may(visitor):
    table, page = visitor.get("/lists/1/table"), visitor.get("/lists/1")
    assert (
        "frame-ancestors *" in table.headers["Content-Security-Policy"],
        "X-Frame-Options" in table.headers,
    ) == (
        True,
        False,
    )
    assert page.headers["X-Frame-Options"] == "DENY"
    text = table.get_data(as_text=True)
    assert ("<script" in text, "<form" in text, text.count("<tr>")) == (False, False, 11)


@pytest.fixture(scope="module")
def described(public):
    """The interface as its own description tells of it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", public[0])


@pytest.mark.parametrize("mode", list(GenerationMode)[:2], ids=["as described", "not as described"])
@pytest.mark.parametrize("path", sorted(DESCRIPTION["paths"]))
def test_every_answer_is_as_described_whatever_is_asked(described, path, mode):
    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=described[path]["GET"].as_strategy(generation_mode=mode))
    def asked(case):
        case.call_and_validate()

    if not (mode is GenerationMode.NEGATIVE and not DESCRIPTION["paths"][path]["get"]["parameters"]):
        asked()


def test_the_big_screen_has_every_line_and_no_frame_around_it(visitor):
    text = visitor.get("/lists/1/screen").get_data(as_text=True)
    assert (text.count("data-row"), "topbar" in text) == (10, False)
