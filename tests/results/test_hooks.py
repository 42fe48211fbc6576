"""Webhooks: told of what is public, signed, tried again, never sent into the own network; tokens for programs."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import sqlalchemy as sa

from contest import personal
from contest.audit import Change
from contest.db import db, now, transaction
from contest.results import hooks, sending, service, tokens
from contest.results.models import Publication
from contest.results.models_hooks import ApiToken, Delivery, Webhook
from contest.results.refusals import HookRefused
from tests.results.builders import NAMES, NOON, fill, make_field, published


@pytest.fixture
def made(app):
    app.config["WTF_CSRF_ENABLED"] = False
    field = make_field()
    fill(field)
    return field


@pytest.fixture
def ear():
    """A server on this machine that keeps what it is told and answers what it is asked to."""
    heard, answers = [], []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers.pop(0) if answers else 204)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook?a=1", heard, answers
    server.shutdown()
    server.server_close()


def contest_of(made):
    return made.event.sub_contest.edition.contest


def hook(made, url) -> tuple[int, str]:
    with transaction():
        row, secret = hooks.add_webhook(
            contest=contest_of(made), url=url, actor=made.actor("organiser"), at=NOON
        )
        return row.id, secret


def open_settings(app):
    return replace(app.config["CONTEST"], hooks_private=True)


def test_a_published_list_is_told_once_signed_with_the_secret(app, made, ear):
    url, heard, _answers = ear
    _number, secret = hook(made, url)
    one = published(made, at=now())
    assert sending.send_due(now(), open_settings(app)) == 1
    assert sending.send_due(now(), open_settings(app)) == 0
    ((headers, body),) = heard
    told = json.loads(body)
    assert (told["kind"], told["list"], told["state"], told["revision"]) == (
        "list.entered",
        one,
        "provisional",
        1,
    )
    assert told["api"].endswith(f"/api/v1/lists/{one}")
    stamp, sign = (part.partition("=")[2] for part in headers["Contest-Signature"].split(","))
    assert sign == hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert [name for name in NAMES if name in body.decode()] == []
    row = db.session.query(Delivery).one()
    assert (row.last_status, row.due_at, row.delivered_at is not None) == (204, None, True)


def test_a_list_under_embargo_is_told_only_when_it_is_released(app, made, ear):
    url, heard, _answers = ear
    hook(made, url)
    one = published(made, is_embargoed=True, at=now())
    assert sending.send_due(now(), open_settings(app)) == 0
    with transaction():
        service.release(
            publication=db.session.get_one(Publication, one), actor=made.actor("organiser"), at=now()
        )
    assert sending.send_due(now(), open_settings(app)) == 1
    assert json.loads(heard[0][1])["kind"] == "list.released"


def test_a_failed_delivery_is_tried_again_with_growing_pauses_and_then_given_up(app, made, ear):
    url, heard, answers = ear
    hook(made, url)
    published(made, at=now())
    answers += [500] * 20
    at, pauses = now(), []
    for _try in range(len(hooks.PAUSES) + 1):
        assert sending.send_due(at, open_settings(app)) == 1
        row = db.session.query(Delivery).one()
        if row.due_at is None:
            break
        pauses.append(row.due_at - now())
        at = row.due_at
    assert [round(pause / timedelta(minutes=1)) for pause in pauses] == [1, 5, 30, 120, 360, 720]
    row = db.session.query(Delivery).one()
    assert (row.attempts, row.due_at, row.delivered_at, row.last_error) == (7, None, None, "answered 500")
    assert len({body for _headers, body in heard}) == 1  # the same bytes at every try


def test_what_a_dead_worker_held_is_sent_by_another(app, made, ear):
    url, heard, _answers = ear
    hook(made, url)
    published(made, at=now())
    with transaction():
        assert len(hooks.take_due(now())) == 1
        assert hooks.take_due(now()) == []
    assert sending.send_due(now(), open_settings(app)) == 0
    assert sending.send_due(now() + hooks.LEASE, open_settings(app)) == 1
    assert len(heard) == 1


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.1.2.3", "192.168.1.5", "172.16.0.9", "169.254.169.254", "0.0.0.0", "::1",
     "fe80::1", "fc00::1", "::ffff:127.0.0.1", "100.64.0.1", "224.0.0.1"],
)  # fmt: skip
def test_nothing_is_sent_to_this_machine_or_a_private_network(host):
    with pytest.raises(sending.Unreachable):
        sending.checked_address(host, 443, private_too=False)


def test_a_public_address_is_taken_and_plain_http_is_not():
    assert sending.checked_address("93.184.216.34", 443, private_too=False) == "93.184.216.34"
    with pytest.raises(sending.Unreachable, match="https"):
        sending.post("http://93.184.216.34/", b"{}", {}, private_too=False)


def test_without_the_setting_the_own_network_is_refused_and_the_log_says_so(app, made, ear):
    url, heard, _answers = ear
    hook(made, url)
    published(made, at=now())
    sending.send_due(now(), app.config["CONTEST"])
    assert heard == []
    assert db.session.query(Delivery).one().last_error == "only https is used"


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "file:///etc/passwd", "https://", "https://u:p@a.example/", "nonsense"]
)
def test_what_is_no_web_address_is_refused(made, url):
    with pytest.raises(HookRefused):
        hook(made, url)


def test_the_secret_is_shown_once_and_an_ended_webhook_is_told_nothing(app, made, sign_in):
    organiser = sign_in(app.test_client(), made.account("organiser"))
    address = f"/contests/{contest_of(made).id}/programs"
    page = organiser.post(
        f"/contests/{contest_of(made).id}/webhooks", data={"url": "https://a.example/hook"}
    ).get_data(as_text=True)
    row = db.session.query(Webhook).one()
    secret = personal.decrypt(row.secret_cipher)
    assert (secret in page, secret in organiser.get(address).get_data(as_text=True)) == (True, False)
    for who in ("chief", "supervisor", "scorekeeper", "registrar", "stranger"):
        other = sign_in(app.test_client(), made.account(who))
        assert (other.get(address).status_code, other.post(f"/webhooks/{row.id}/end").status_code) == (
            404,
            404,
        )
    assert organiser.post(f"/webhooks/{row.id}/end").status_code == 302
    published(made, at=now())
    assert db.session.query(Delivery).count() == 0


def test_a_token_reads_lists_under_embargo_in_the_name_of_its_account_and_each_reading_is_on_record(
    app, made
):
    one = published(made, is_embargoed=True)
    with transaction():
        _row, token = tokens.add_token(
            contest=contest_of(made), name="官网", actor=made.actor("organiser"), at=NOON
        )
    browser, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    assert browser.get("/api/v1/office/lists").status_code == 401
    assert browser.get("/api/v1/office/lists", headers={"Authorization": "Bearer ct_x"}).status_code == 401
    listed = browser.get("/api/v1/office/lists", headers=headers)
    assert [(row["id"], row["is_embargoed"]) for row in listed.json["lists"]] == [(one, True)]
    answer = browser.get(f"/api/v1/office/lists/{one}", headers=headers)
    assert [row["name"] for row in answer.json["rows"]] == [NAMES[3], NAMES[2], NAMES[1], NAMES[0]]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert browser.get(f"/api/v1/lists/{one}").status_code == 404
    read = db.session.scalars(sa.select(Change).where(Change.action == "embargo.read")).all()
    assert [(line.account_name, line.values["door"][1]) for line in read] == [("organiser", "api")]
    row = db.session.query(ApiToken).one()
    assert row.last_used_at is not None and token not in str(vars(row))
    with transaction():
        tokens.end_token(token=row, actor=made.actor("organiser"), at=NOON)
    assert browser.get("/api/v1/office/lists", headers=headers).status_code == 401


def test_a_token_opens_no_other_contest_and_nothing_that_its_account_may_not_read(app, made):
    one = published(made, is_embargoed=True)
    with transaction():
        _row, token = tokens.add_token(
            contest=contest_of(made), name="x", actor=made.actor("scorekeeper"), at=NOON
        )
    headers = {"Authorization": f"Bearer {token}"}
    browser = app.test_client()
    assert browser.get("/api/v1/office/lists", headers=headers).json == {"lists": []}
    assert browser.get(f"/api/v1/office/lists/{one}", headers=headers).status_code == 404
