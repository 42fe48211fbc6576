"""Marks of a device brought to the desk as a file: looked at, then taken, and nothing that was changed by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import pytest
import sqlalchemy as sa
from PIL import Image

from contest.accounts import devices as accounts_devices
from contest.accounts.models import Role
from contest.audit import Change
from contest.db import db, transaction
from contest.errors import Invalid, Refused
from contest.judging import outbox_files, queries
from contest.judging.models import MarkRevision, OutboxFile, Sheet, SheetSignature
from contest.judging.note_models import Problem, SheetComment, SheetPhoto
from tests.judging.builders import VALUES, actor_of, make_hall, make_officer, mark, typed

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


def sealed(hall, tablet, marks, judge=0, notes=None, **changes) -> bytes:
    """A file as the tablet's script writes it."""
    account_id = hall.actor(judge).account_id
    owner = outbox_files.owner_of(SECRET, account_id)
    inner = {"owner": owner, "device": tablet, "made_at": NOON.isoformat(), "marks": marks}
    payload = json.dumps(inner if notes is None else {**inner, "notes": notes})
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


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "JPEG")
    return out.getvalue()


def beside(sheet, kind, **fields):
    return {
        "uuid": str(uuid4()), "kind": kind, "sheet": sheet.public_id, "aspect": "", "attempt": 1, "text": "",
        "made_at": NOON.isoformat(), **fields,
    }  # fmt: skip


def rows_of(table: type) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_comments_photos_and_a_signature_come_with_the_marks_and_count_as_the_judges_own(hall, desk, tablet):
    sheet = hall.sheets(0)[0]
    marks = [entry(sheet, key, value) for key, value in VALUES.items()]
    listed = [[one["aspect"], 1, "value", one["value"], one["uuid"]] for one in marks]
    picture = base64.b64encode(jpeg()).decode()
    notes = [
        beside(sheet, "comment", aspect="dough", text="面团偏干"),
        beside(sheet, "photo", aspect="dough", photo="evidence", picture=picture),
        beside(sheet, "problem", problem="equipment"),
        beside(sheet, "photo", aspect="dough", photo="evidence", picture="bm8gcGljdHVyZQ=="),
        beside(hall.sheets(1)[0], "comment", text="another's"),
        beside(sheet, "signature", marks=listed, drawing="M10 10L20 20", judge="", word=""),
        {"uuid": "nonsense"},
    ]
    outbox_id = bring(hall, desk, sealed(hall, tablet, marks, notes=notes))
    tried = db.session.get_one(OutboxFile, outbox_id).report
    assert [(one["kind"], one["status"], one["reason"]) for one in tried["notes"]] == [
        ("comment", "stored", ""), ("photo", "stored", ""), ("problem", "stored", ""),
        ("photo", "refused", "not_a_picture"), ("comment", "refused", "not_yours"), ("signature", "stored", ""),
    ]  # fmt: skip
    assert (tried["note_counts"], tried["unreadable_notes"]) == ({"stored": 4, "refused": 3}, 1)
    assert [rows_of(one) for one in (SheetComment, SheetPhoto, Problem, SheetSignature)] == [0, 0, 0, 0]
    with transaction():
        row = outbox_files.outbox_file_of(hall.event_id, outbox_id)
        outbox_files.confirm(row, hall.event, secret=SECRET, actor=desk, at=NOON)
    assert [rows_of(one) for one in (SheetComment, SheetPhoto, Problem, SheetSignature)] == [1, 1, 1, 1]
    judge = hall.actor(0).account_id
    assert {row.account_id for row in db.session.scalars(sa.select(SheetPhoto))} == {judge}
    assert db.session.get_one(Sheet, sheet.id).submitted_by == judge


def test_a_signature_whose_marks_are_missing_waits_and_says_so(hall, desk, tablet):
    sheet = hall.sheets(0)[0]
    listed = [["dough", 1, "value", "38", str(uuid4())]]
    notes = [beside(sheet, "signature", marks=listed, drawing="M10 10L20 20", judge="", word="")]
    row = db.session.get_one(OutboxFile, bring(hall, desk, sealed(hall, tablet, [], notes=notes)))
    assert [(one["kind"], one["status"], one["reason"]) for one in row.report["notes"]] == [
        ("signature", "later", "marks_missing")
    ]


def test_a_file_taken_twice_keeps_each_note_once(hall, desk, tablet):
    notes = [beside(hall.sheets(0)[0], "comment", text="偏咸")]
    content = sealed(hall, tablet, [], notes=notes)
    for _ in range(2):
        outbox_id = bring(hall, desk, content)
        with transaction():
            row = outbox_files.outbox_file_of(hall.event_id, outbox_id)
            outbox_files.confirm(row, hall.event, secret=SECRET, actor=desk, at=NOON)
    assert (row.report["note_counts"], rows_of(SheetComment)) == ({"known": 1}, 1)
