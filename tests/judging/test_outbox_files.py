"""Marks of a device brought to the desk as a file: looked at, then taken, and nothing that was changed by hand."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import pytest
import sqlalchemy as sa

from contest.accounts import devices as accounts_devices
from contest.accounts.models import Role
from contest.audit import Change
from contest.db import db, transaction
from contest.errors import Invalid, Refused
from contest.judging import outbox_files, queries
from contest.judging.models import MarkRevision, OutboxFile
from tests.judging.builders import actor_of, make_hall, make_officer, mark, typed

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRET = "test-only"


@pytest.fixture
def hall(app):
    return make_hall(judges=2)


@pytest.fixture
def desk(hall):
    return actor_of(make_officer(hall, Role.SCOREKEEPER).id)


@pytest.fixture
def tablet(hall) -> str:
    with transaction():
        return accounts_devices.add_device(agent="test", at=NOON)[0].name


def entry(sheet, aspect, value, **fields):
    return {
        "uuid": str(uuid4()), "sheet": sheet.public_id, "aspect": aspect, "attempt": 1, "state": "value", "value": value,
        "replaces": None, "comment": "", "typed_at": NOON.isoformat(), **fields,
    }  # fmt: skip


def sealed(hall, tablet, marks, judge=0, **changes) -> bytes:
    """A file as the tablet's script writes it."""
    account_id = hall.actor(judge).account_id
    owner = outbox_files.owner_of(SECRET, account_id)
    payload = json.dumps({"owner": owner, "device": tablet, "made_at": NOON.isoformat(), "marks": marks})
    key = outbox_files.seal_key(SECRET, tablet, account_id)
    outer = {
        "format": outbox_files.FORMAT,
        "payload": payload,
        "digest": hashlib.sha256(payload.encode()).hexdigest(),
        "seal": hmac.new(key.encode(), payload.encode(), hashlib.sha256).hexdigest(),
    }
    return json.dumps({**outer, **changes}).encode()


def bring(hall, desk, content) -> int:
    with transaction():
        return outbox_files.bring_in(hall.event, content=content, secret=SECRET, actor=desk, at=NOON).id


def revisions() -> int:
    return int(db.session.scalar(sa.select(sa.func.count(MarkRevision.id))) or 0)


def test_the_preview_tells_the_four_outcomes_and_writes_no_mark(hall, desk, tablet):
    mine, other = hall.sheets(0), hall.sheets(1)
    sent = typed(mine[0], "dough", "38")
    mark(hall.actor(0), sent, typed(mine[0], "cut", "1"))
    marks = [
        entry(mine[0], "dough", "38", uuid=str(sent.uuid)),
        entry(mine[0], "cut", "2"),
        entry(mine[1], "dough", "39.5"),
        entry(mine[1], "cut", "99"),
        entry(other[0], "dough", "20"),
        {"uuid": "nonsense"},
    ]
    row = db.session.get_one(OutboxFile, bring(hall, desk, sealed(hall, tablet, marks)))
    assert row.report["counts"] == {"known": 1, "stale": 1, "stored": 1, "refused": 3}
    assert [(one["status"], one["reason"]) for one in row.report["lines"]] == [
        ("known", ""), ("stale", "overtaken"), ("stored", ""), ("refused", "above"), ("refused", "not_yours"),
    ]  # fmt: skip
    assert revisions() == 2


def test_taking_a_file_records_what_the_preview_said_once_and_in_the_log(hall, desk, tablet):
    sheet = hall.sheets(0)[0]
    outbox_id = bring(
        hall, desk, sealed(hall, tablet, [entry(sheet, "dough", "38"), entry(sheet, "cut", "2")])
    )
    with transaction():
        row = outbox_files.outbox_file_of(hall.event_id, outbox_id)
        outbox_files.confirm(row, hall.event, secret=SECRET, actor=desk, at=NOON)
    assert {key: one.milli for (key, _), one in queries.marks_of(sheet.id).items()} == {
        "dough": 38000,
        "cut": 2000,
    }
    kept = db.session.scalars(sa.select(MarkRevision)).all()
    assert {(one.source.value, one.account_id, one.device) for one in kept} == {
        ("desk", desk.account_id, tablet)
    }
    with pytest.raises(Refused, match="outbox_done"), transaction():
        row = outbox_files.outbox_file_of(hall.event_id, outbox_id)
        outbox_files.confirm(row, hall.event, secret=SECRET, actor=desk, at=NOON)
    actions = db.session.scalars(
        sa.select(Change.action).where(Change.action.like("outbox.%")).order_by(Change.id)
    )
    assert (list(actions), revisions()) == (["outbox.uploaded", "outbox.imported"], 2)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"payload": '{"owner": "x"'}, "outbox_unreadable"),
        ({"format": "other"}, "outbox_unreadable"),
        ({"digest": "0" * 64}, "outbox_damaged"),
        ({"seal": "0" * 64}, "outbox_damaged"),
    ],
)
def test_a_file_that_is_not_as_it_left_the_device_is_refused(hall, desk, tablet, changes, code):
    content = sealed(hall, tablet, [entry(hall.sheets(0)[0], "dough", "38")], **changes)
    with pytest.raises(Invalid) as refused:
        bring(hall, desk, content)
    assert (refused.value.code, revisions()) == (code, 0)


def test_marks_changed_by_hand_with_a_fitting_digest_are_refused_by_the_seal(hall, desk, tablet):
    made = json.loads(sealed(hall, tablet, [entry(hall.sheets(0)[0], "dough", "38")]))
    made["payload"] = made["payload"].replace('"38"', '"40"')
    made["digest"] = hashlib.sha256(made["payload"].encode()).hexdigest()
    with pytest.raises(Invalid, match="outbox_damaged"):
        bring(hall, desk, json.dumps(made).encode())


def test_a_file_of_another_editions_judge_is_refused(hall, desk, tablet):
    other = make_hall(judges=1)
    with pytest.raises(Invalid, match="outbox_foreign"):
        bring(hall, desk, sealed(other, tablet, [entry(hall.sheets(0)[0], "dough", "38")]))


def test_the_scorekeeper_uploads_looks_and_takes_and_a_judge_can_not(app, hall, desk, tablet, sign_in):
    app.config["WTF_CSRF_ENABLED"] = False
    content = sealed(hall, tablet, [entry(hall.sheets(0)[0], "dough", "38")])
    address = f"/events/{hall.event_id}/outboxes"
    officer = sign_in(app.test_client(), make_officer(hall, Role.SCOREKEEPER, "示范统分员"))
    answer = officer.post(address, data={"file": (BytesIO(content), "marks.json")})
    page = officer.get(answer.headers["Location"]).get_data(as_text=True)
    assert (answer.status_code, "K01" in page, "和面" in page, "38" in page) == (302, True, True, True)
    assert officer.post(f"{answer.headers['Location']}/confirm").status_code == 302
    assert revisions() == 1
    pasted = officer.post(address, data={"text": content.decode()})
    assert pasted.status_code == 302
    empty = officer.post(address, data={})
    assert (empty.status_code, officer.post(address, data={"text": "x"}).status_code) == (422, 422)
    judge = sign_in(app.test_client(), hall.account(0))
    assert (judge.get(address).status_code, judge.post(address, data={"text": "x"}).status_code) == (404, 404)
