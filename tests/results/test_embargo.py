"""Ranks under embargo: which door gives them to whom, and that each reading is on record."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from contest.audit import Change
from contest.db import db, transaction
from contest.results import service
from contest.results.models import Correction, ListState, Publication, Recheck
from tests.results.builders import NOON, advanced, fill, make_field, published
from tests.results.test_corrections import proposed, re_mark

NAMED = {"organiser", "chief", "supervisor"}
ROLES = ("organiser", "chief", "supervisor", "scorekeeper", "registrar", "judge", "coder", "stranger", None)

# Every address of the office that tells places: who reads it under embargo, and the door that the record names.
DOORS = {
    "/events/{event}/results": (NAMED, "event"),
    "/events/{event}/results?ranking=table:delegations": (NAMED, "event"),
    "/events/{event}/results/tally.pdf": (NAMED, "tally"),
    "/events/{event}/results/ties": (NAMED, "ties"),
    "/events/{event}/results/all/e{entry}": ({"chief", "supervisor"}, "explain"),
    "/publications/{list}": (NAMED, "publication"),
    "/publications/{list}/bundle.zip": (NAMED, "bundle"),
    "/publications/{older}": (NAMED, "publication"),
    "/corrections/{correction}": (NAMED, "correction"),
    "/publications/{list}/awards": ({"organiser"}, "awards"),
}
# What the public could reach: closed for everybody, signed in or not.
CLOSED = (
    "/lists/{list}", "/lists/{list}.csv", "/lists/{list}.json", "/lists/{list}.xlsx", "/lists/{list}.pdf",
    "/lists/{list}/table", "/lists/{list}/screen", "/api/v1/lists/{list}", "/me/results/{list}",
)  # fmt: skip


@pytest.fixture
def embargoed(app):
    """(event, addresses): a second revision under embargo, the first under it too, a proposed correction."""
    app.config["WTF_CSRF_ENABLED"] = False
    made = make_field()
    fill(made)
    older = published(made, is_embargoed=True)
    made.mark(0, "dough", 35_000)
    newer = published(made, is_embargoed=True)
    advanced(made, newer, ListState.CONFIRMED)
    correction = proposed(made, 1, re_mark(made, 1, "dough", 40_000))
    ids = {
        "event": made.event_id, "entry": made.entry_ids[0], "list": newer, "older": older, "correction": correction,
    }  # fmt: skip
    return made, ids


def opened(app, sign_in, made, who, address):
    client = app.test_client() if who is None else sign_in(app.test_client(), made.account(who))
    return client.get(address).status_code == 200


@pytest.mark.parametrize("address", DOORS)
def test_places_under_embargo_are_read_by_the_named_alone_and_each_reading_is_on_record(
    app, sign_in, embargoed, address
):
    made, ids = embargoed
    readers, door = DOORS[address]
    found = {who for who in ROLES if opened(app, sign_in, made, who, address.format(**ids))}
    assert found == readers
    lines = db.session.scalars(
        sa.select(Change).where(Change.action == "embargo.read").order_by(Change.id)
    ).all()
    assert [(line.account_name, line.values["door"][1]) for line in lines] == [
        (who, door) for who in ROLES if who in readers
    ]


@pytest.mark.parametrize("address", CLOSED)
def test_no_public_address_of_a_list_under_embargo_opens_for_anybody(app, sign_in, embargoed, address):
    made, ids = embargoed
    assert {who for who in ROLES if opened(app, sign_in, made, who, address.format(**ids))} == set()


def test_the_scorekeeper_keeps_the_office_pages_that_tell_no_place(app, sign_in, embargoed):
    made, ids = embargoed
    client = sign_in(app.test_client(), made.account("scorekeeper"))
    page = client.get(f"/events/{ids['event']}/appeals")
    assert page.status_code == 200
    assert f"/events/{ids['event']}/results/ties" not in page.get_data(as_text=True)


def test_who_stands_among_the_first_is_not_told_by_a_re_check_under_embargo(app, sign_in, embargoed):
    made, _ids = embargoed
    with transaction():
        recheck = service.draw_recheck(
            event=made.event,
            ranking_key="all",
            top=1,
            share_bp=5000,
            seed="红",
            actor=made.actor("chief"),
            at=NOON,
        ).id
    assert {one.why for one in db.session.get_one(Recheck, recheck).items} == {"top", "sample"}
    pages = {
        who: sign_in(app.test_client(), made.account(who))
        .get(f"/rechecks/{recheck}?lang=en")
        .get_data(as_text=True)
        for who in ("chief", "scorekeeper")
    }
    assert {who: "first places" in text for who, text in pages.items()} == {
        "chief": True,
        "scorekeeper": False,
    }


def test_when_the_embargo_ends_the_office_reads_again_without_a_record(app, sign_in, embargoed):
    made, ids = embargoed
    with transaction():
        service.release(
            publication=db.session.get_one(Publication, ids["list"]), actor=made.actor("organiser"), at=NOON
        )
    addresses = [one.format(**ids) for one, (readers, _) in DOORS.items() if readers != {"organiser"}]
    assert [opened(app, sign_in, made, "scorekeeper", one) for one in addresses] == [True] * len(addresses)
    assert db.session.scalar(sa.select(sa.func.count(Change.id)).where(Change.action == "embargo.read")) == 0
    assert db.session.get_one(Correction, ids["correction"]).effects == []
