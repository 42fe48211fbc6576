"""Every address × role × state: who gets in, and that nothing unpublished gets out. A new door needs a row here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, url_for

from contest.accounts import service as accounts
from contest.accounts.models import Account
from contest.accounts.sessions import KEY
from contest.audit import Change
from contest.db import db, now, transaction
from contest.entries.models import Person, WorkCode
from tests.conftest import own_application
from tests.world import STATES, World, held_until

ROLES = (
    "public", "stranger", "contestant", "judge", "registrar", "coder",
    "scorekeeper", "chief_judge", "supervisor", "organiser", "administrator",
)  # fmt: skip
SIGNED_IN = set(ROLES) - {"public"}
OFFICE = {"coder", "scorekeeper", "chief_judge", "supervisor", "organiser", "administrator"}
RESULTS = {"scorekeeper", "chief_judge", "supervisor", "organiser"}

# Who may read what once everything there is exists. Everybody else gets 404 (or 403 for a role's own corner);
# a visitor who is not signed in is sent to sign in.
READERS: list[tuple[set[str], str]] = [
    (
        set(ROLES),
        "accounts.open_link accounts.sign_in certificates.mine certificates.verify certificates.verify_form",
    ),
    (
        set(ROLES),
        "contestant.sign_in desk.home healthz results.edition_lists results.lists results.public_file",
    ),
    (
        set(ROLES),
        "api.description api.editions api.lists api.one_list results.embedded results.feed results.screen",
    ),
    (set(ROLES), "results.public_list results.site"),
    (set(ROLES), "tablet.manifest tablet.offline tablet.worker"),  # the app's shell, without data
    (SIGNED_IN, "accounts.password awards.earlier_template awards.register awards.register_file"),
    (
        SIGNED_IN,
        "events.holders events.index events.trades",
    ),  # lists of what the reader may see, empty for strangers
    (OFFICE | {"registrar"}, "desk.edition"),
    (OFFICE, "awards.edition events.contest events.edition_setup events.event_setup events.rules"),
    (OFFICE, "events.rules_download events.rules_frame events.rules_rankings events.rules_sheet"),
    (OFFICE, "events.rules_template events.rules_toml events.rules_versions events.sub_contest events.trial"),
    ({"organiser"}, "awards.awards awards.earlier awards.settle certificates.bundle certificates.event"),
    ({"organiser"}, "awards.kind awards.kinds awards.money awards.money_account awards.promotions_template"),
    ({"organiser", "supervisor"}, "awards.promotion_list"),
    ({"contestant"}, "records.ask records.download records.mine"),
    (SIGNED_IN, "records.people holder_people.requests_of"),  # what the reader looks after; empty for others
    ({"organiser", "registrar"}, "records.person"),
    ({"organiser"}, "holder_people.duplicates_of holder_people.merge holder_people.retention_of"),
    (set(), "holder_people.request_one holder_people.undo"),  # no such rows here; the room's tests walk them
    (set(), "awards.notice_file awards.promotion"),  # no such rows in this world; the room's tests walk them
    ({"organiser"}, "certificates.paper certificates.show entries.delegation_edit entries.delegation_new"),
    ({"organiser"}, "entries.registration_return"),
    (
        {"organiser"},
        "entries.delegations entries.organisation_edit entries.organisations events.contest_edit",
    ),
    (
        {"organiser"},
        "events.edition_edit events.edition_new events.event_edit events.event_new events.groups",
    ),
    (
        {"organiser"},
        "badges.choose labels.choose ceremony.paper ceremony.screen ceremony.show documents.index",
    ),
    ({"organiser"}, "archive.show statistics.edition statistics.event"),
    (set(), "archive.take"),  # no archive in this world: tests/desk/test_archive.py
    (set(ROLES), "statistics.public_edition"),
    (RESULTS, "progress.show"),
    (set(), "progress.screen"),  # until the organiser opens it: tests/desk/test_progress.py
    (set(), "documents.file documents.show"),  # tests/desk/test_documents.py walks them
    # No scan in this world: tests/desk/test_scans.py walks them.
    (set(), "scans.file scans.file_of_decision scans.public scans.public_file"),
    ({"organiser"}, "certificates.design_edit certificates.design_picture certificates.designs_of"),
    ({"organiser"}, "certificates.archive"),
    ({"organiser"}, "certificates.letter certificates.letter_archive certificates.letter_paper"),
    ({"organiser"}, "certificates.numbers_of certificates.numbers_paper certificates.numbers_sheet"),
    (
        {"organiser"},
        "certificates.roll certificates.roll_bundle certificates.roll_overprint certificates.rolls",
    ),
    (
        {"judge"},  # the letter's own holder
        "certificates.own_letter certificates.own_letter_archive certificates.own_letter_page",
    ),
    (set(), "certificates.own_paper certificates.own_badge"),
    (set(), "certificates.badge certificates.own_letter_badge"),  # no signing key in this world
    (set(), "certificates.roll_preview"),  # everybody on the world's roll has a paper
    ({"organiser"}, "certificates.overprint_papers certificates.overprint_show certificates.overprint_test"),
    ({"organiser"}, "events.hosts events.sub_contest_edit events.sub_contest_new"),
    ({"organiser", "administrator"}, "events.contest_new events.holder_people events.people"),
    ({"administrator"}, "events.holder_edit events.holder_new"),
    ({"coder", "organiser"}, "entries.draw entries.draw_paper"),
    ({"coder", "supervisor", "organiser"}, "entries.codes"),
    ({"coder"}, "entries.code_paper"),  # work code beside name
    ({"coder", "supervisor", "organiser"}, "entries.decoding"),
    (set(), "entries.decoding_protocol"),  # nothing is opened in this world
    ({"registrar", "organiser"}, "entries.edit entries.member_edit entries.member_leave entries.member_new"),
    ({"registrar", "organiser"}, "entries.member_rename entries.member_state entries.member_substitute"),
    ({"registrar", "organiser"}, "entries.roster entries.roster_template entries.state results.file_appeal"),
    (
        {"registrar", "supervisor", "organiser"},
        "entries.export entries.index entries.registrations entries.show",
    ),
    ({"registrar"} | RESULTS, "results.appeals"),
    ({"registrar", "organiser"}, "results.file_module_appeal"),
    ({"chief_judge", "supervisor"}, "results.propose_correction"),
    ({"organiser"}, "results.list_template results.programs results.settings"),
    (
        set(),
        "results.house_workbook results.public_scan results.scan",
    ),  # none in this world: tests/results walks them
    (set(), "api.office_list api.office_lists"),  # with a token alone, whoever is signed in
    ({"scorekeeper", "chief_judge", "supervisor"}, "results.rechecks"),
    (set(), "results.recheck results.recheck_report"),
    (RESULTS, "results.notice_record results.objections"),
    (RESULTS, "judging.board judging.mark_files judging.panels judging.panels_page judging.printed_sheets"),
    (RESULTS, "results.bundle results.event results.publication results.tally results.ties"),
    ({"scorekeeper"}, "judging.outboxes"),
    ({"scorekeeper"}, "judging.desk judging.key_sheet judging.key_submit"),
    ({"scorekeeper", "chief_judge", "supervisor"}, "judging.sheet results.explain"),
    ({"scorekeeper", "chief_judge", "supervisor"}, "judging.check_sheet judging.checking"),
    ({"scorekeeper", "chief_judge", "supervisor"}, "judging.corrections_page"),
    ({"scorekeeper"}, "judging.double judging.double_sheet"),
    (RESULTS, "judging.board_live judging.board_pulse judging.board_stream"),
    (
        {"judge", "chief_judge"},
        "tablet.check tablet.home tablet.message_list tablet.talk_list tablet.ties tablet.token",
    ),
    (RESULTS, "judging.event_devices"),
    (SIGNED_IN, "pins.pin"),
    (set(), "judging.outbox"),  # no file in this world; the room's tests walk it
    (set(), "pins.unlock"),  # only for a browser that was idle; everybody else is sent on
    ({"judge"}, "tablet.sheet tablet.submit"),  # only the judge whose sheet it is
    ({"contestant"}, "contestant.calendar contestant.me contestant.result"),
    (set(), "api.nothing"),
    # No such row in this world: closed for everybody. Their rooms' tests walk them with rows that exist.
    (
        set(),
        "awards.decision awards.decision_file awards.title certificates.job_file certificates.own_archive",
    ),
    (
        set(),
        "certificates.own_pdf certificates.preview entries.new entries.roster_findings entries.roster_preview entries.units",
    ),
    (
        set(),
        "entries.values events.part judging.mark_file judging.photo results.appeal tablet.across tablet.talk",
    ),
    (set(), "results.correction results.evidence"),
]
# Doors that send somebody on to another place than the sign-in.
ELSEWHERE = {"certificates.own_archive", "certificates.own_pdf", "pins.unlock"}
ELSEWHERE |= {"certificates.own_letter", "certificates.own_letter_archive", "certificates.own_letter_page"}
ELSEWHERE |= {"certificates.own_badge", "certificates.own_letter_badge", "certificates.own_paper"}
TABLE = {name: who for who, names in READERS for name in names.split()}


class Town:
    """The world at a state, with a browser for each role."""

    def __init__(self, app: Flask, state: str) -> None:
        self.app, self.world = app, held_until(state)
        self.secrets = {role: self._secret(role) for role in ROLES if role != "public"}

    def _secret(self, role: str) -> str:
        with transaction():
            account = db.session.get_one(Account, self.world.accounts[role])
            return accounts.open_session(account, via="password", at=now(), ip="", device="")[1]

    def browser(self, role: str) -> Any:
        client = self.app.test_client()
        # Wrong verify codes are counted by address: each role sits at one of its own.
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{ROLES.index(role) + 1}"
        if role != "public":
            with client.session_transaction() as cookie:
                cookie[KEY] = self.secrets[role]
        return client


@pytest.fixture(scope="module", params=STATES)
def town(request, postgres_url, tmp_path_factory) -> Iterator[tuple[str, Town]]:
    with own_application(tmp_path_factory.mktemp(request.param), postgres_url) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        yield request.param, Town(app, request.param)


def addresses(app: Flask, world: World, method: str) -> dict[str, str]:
    """Endpoint → an address of it, filled with rows of the world."""
    found: dict[str, str] = {}
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        values = {name: _value(rule, name, world) for name in rule.arguments}
        with app.test_request_context():
            # A whole event's score sheets take seconds to lay out; one seat's are behind the same door.
            values |= {"seat": world.ids["seat_id"]} if rule.endpoint == "judging.printed_sheets" else {}
            found[rule.endpoint] = url_for(rule.endpoint, **values)
    return found


def _value(rule: Any, name: str, world: World) -> Any:
    if name in (rule.defaults or {}):
        return rule.defaults[name]
    if rule.endpoint in ("judging.release", "judging.replace_judge") and name == "holder_id":
        return world.ids["judge_holder_id"]
    if name in world.ids:
        return world.ids[name]
    options = re.fullmatch(r"\(\?:(.+)\)", getattr(rule._converters[name], "regex", ""))
    if options and "|" in options.group(1):
        return sorted(options.group(1).split("|"))[-1]
    return {"suffix": "csv", "token": "x", "section": "frame"}.get(name, 1)


def test_every_readable_door_stands_in_the_table(town):
    _, place = town
    assert set(addresses(place.app, place.world, "GET")) - set(TABLE) == set()
    assert set(TABLE) - set(addresses(place.app, place.world, "GET")) == set()


@pytest.mark.parametrize("role", ROLES)
def test_doors_open_for_those_in_the_table_and_for_nobody_else(town, role):
    state, place = town
    browser = place.browser(role)
    statuses = {name: browser.get(url) for name, url in addresses(place.app, place.world, "GET").items()}
    opened = {name for name, answer in statuses.items() if answer.status_code == 200}
    allowed = {name for name, who in TABLE.items() if role in who}
    closed = {302, 401, 403, 404}
    assert opened - allowed == set()
    assert {
        name: answer.status_code
        for name, answer in statuses.items()
        if answer.status_code not in {200, *closed}
    } == {}
    if state == "final":
        assert allowed - opened == set()
    sent = {name for name, answer in statuses.items() if answer.status_code == 302 and name not in ELSEWHERE}
    assert {name for name in sent if "/sign-in" not in statuses[name].headers["Location"]} == set()


@pytest.mark.parametrize("role", ["public", "stranger", "contestant"])
def test_before_publication_nobody_outside_reads_a_name_or_a_code(town, role):
    state, place = town
    if state != "marking":
        return
    own = place.world.account(role).name if role == "contestant" else ""
    names = [name for name in db.session.scalars(sa.select(Person.name)) if name != own]
    secrets = [*names, *db.session.scalars(sa.select(WorkCode.code))]
    assert len(secrets) >= 19
    browser = place.browser(role)
    leaks = {
        (name, secret)
        for name, url in addresses(place.app, place.world, "GET").items()
        for text in [browser.get(url).data.decode("utf-8", "replace")]
        for secret in secrets
        if secret in text
    }
    assert leaks == set()


def test_a_judge_reads_work_codes_and_never_a_name(town):
    _, place = town
    names = list(db.session.scalars(sa.select(Person.name)))
    browser = place.browser("judge")
    tablet = {
        name: url
        for name, url in addresses(place.app, place.world, "GET").items()
        if name.startswith("tablet.")
    }
    pages = {name: browser.get(url).get_data(as_text=True) for name, url in tablet.items()}
    assert {(name, person) for name, text in pages.items() for person in names if person in text} == set()
    assert [code in pages["tablet.home"] for code in db.session.scalars(sa.select(WorkCode.code))] == [
        True
    ] * 10


@pytest.mark.parametrize("role", ["public", "stranger", "contestant", "judge", "registrar"])
def test_posting_to_every_door_changes_nothing_for_those_it_is_not_for(town, role):
    state, place = town
    if state != "final":
        return
    browser = place.browser(role)
    own = {
        "accounts.sign_out",
        "accounts.language",
        "accounts.password",
        "accounts.use_link",
        "accounts.sign_in",
    }
    own |= {"certificates.mine", "contestant.sign_in", "records.ask", "pins.idle", "pins.pin", "pins.unlock"}
    if role == "registrar":
        own |= {name for name, who in TABLE.items() if role in who} | {
            "entries.member_reveal",
            "entries.registration_hand_in",
            "entries.roster_upload",
        }
        own |= {"entries.export_in_full"}
    if role == "judge":
        own |= {"tablet.save", "tablet.submit_now", "tablet.take_back", "tablet.sync", "judging.desk_sync"}
        own |= {
            "tablet.notes",
            "tablet.take_photo",
            "tablet.theme",
            "tablet.problem",
            "tablet.message_read",
            "tablet.ties",
        }
        own |= {"tablet.report", "tablet.take_over"}
    before = db.session.scalar(sa.select(sa.func.count(Change.id)))
    statuses = {
        name: browser.post(url, data={"reason": "x", "name": "x"}).status_code
        for name, url in addresses(place.app, place.world, "POST").items()
        if name not in own
    }
    db.session.rollback()
    assert {
        name: status for name, status in statuses.items() if status not in (302, 400, 401, 403, 404, 405)
    } == {}
    assert db.session.scalar(sa.select(sa.func.count(Change.id))) == before
