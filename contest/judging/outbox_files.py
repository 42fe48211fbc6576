"""The last resort: marks and notes of a device that can't send them, brought to the desk as a file.

The file is text: {"format", "payload", "digest", "seal"}. The payload is itself JSON, kept as text so that digest
(SHA-256) and seal (HMAC-SHA256) are over the very characters. The seal's key is known to the server and to the pages of
one judge on one device, so a file that was written or changed by hand is told from one that a tablet made.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from contest import audit, files
from contest.accounts.access import Actor
from contest.accounts.models import Account, Device
from contest.accounts.queries import actor_of
from contest.db import db
from contest.errors import Invalid, Missing, Refused
from contest.events.models import Event
from contest.judging import outbox_notes
from contest.judging.arriving import LARGEST_BATCH, read_batch
from contest.judging.marks import Receipt, Typed, record_marks
from contest.judging.models import Judge, MarkSource, OutboxFile, Seat, SeatHolder, Sheet

FORMAT = "contest-outbox-1"
LARGEST = 16 * 1024 * 1024  # bytes; 5,000 marks have about 1.5 MB, a photo about 0.4 MB as text


def seal_key(secret: str, device: str, account_id: int) -> str:
    """The key that a device seals a judge's file with, as hexadecimal text."""
    return hmac.new(secret.encode(), f"outbox:{device}:{account_id}".encode(), hashlib.sha256).hexdigest()


def owner_of(secret: str, account_id: int) -> str:
    """What an account is called on a device: enough to keep two judges' marks apart, and no more."""
    return hashlib.sha256(str(account_id).encode() + secret.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Outbox:
    """A file that was read and is what it says: whose marks, from which device."""

    account_id: int
    device_id: int
    device: str
    marks: list[Any]
    notes: list[Any]


def read_outbox(content: bytes, event: Event, *, secret: str) -> Outbox:
    """Raises Invalid: outbox_unreadable, outbox_damaged (not as it left the device), outbox_foreign (no judge here)."""
    try:
        outer = json.loads(content.decode("utf-8-sig"))
        payload, digest, seal = outer["payload"], outer["digest"], outer["seal"]
        inner = json.loads(payload)
        owner, name, marks = inner["owner"], inner["device"], inner["marks"]
        notes = inner.get("notes", [])
        known_format = outer["format"] == FORMAT and isinstance(marks, list) and isinstance(notes, list)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid("outbox_unreadable") from None
    if not known_format or len(marks) > LARGEST_BATCH or len(notes) > outbox_notes.MOST:
        raise Invalid("outbox_unreadable")
    if hashlib.sha256(payload.encode()).hexdigest() != digest:
        raise Invalid("outbox_damaged")
    account_id = next((one for one in _judges(event) if owner_of(secret, one) == owner), None)
    device = db.session.scalars(sa.select(Device).where(Device.name == str(name))).first()
    if account_id is None or device is None:
        raise Invalid("outbox_foreign")
    key = seal_key(secret, device.name, account_id)
    if not hmac.compare_digest(
        hmac.new(key.encode(), payload.encode(), hashlib.sha256).hexdigest(), str(seal)
    ):
        raise Invalid("outbox_damaged")
    return Outbox(account_id, device.id, device.name, marks, notes)


def _judges(event: Event) -> list[int]:
    edition_id = event.sub_contest.edition_id
    return list(db.session.scalars(sa.select(Judge.account_id).where(Judge.edition_id == edition_id)))


def bring_in(event: Event, *, content: bytes, secret: str, actor: Actor, at: datetime) -> OutboxFile:
    """Keep a file and say what would become of each mark; nothing counts before `confirm`. Raises what read_outbox does."""
    found = read_outbox(content, event, secret=secret)
    contest_id = event.sub_contest.edition.contest_id
    stored = files.store(
        content,
        name=f"outbox-{found.device}.json",
        media_type="application/json",
        contest_id=contest_id,
        actor_id=actor.account_id,
        at=at,
    )
    row = OutboxFile(
        event_id=event.id,
        file_id=stored.id,
        account_id=found.account_id,
        device_id=found.device_id,
        uploaded_at=at,
        uploaded_by=actor.account_id,
    )
    row.report = _report(_tried(actor, event, found, at=at))
    db.session.add(row)
    db.session.flush()
    changes = {
        "device": [None, found.device],
        "marks": [None, len(found.marks)],
        "notes": [None, len(found.notes)],
        "digest": [None, stored.digest],
    }
    audit.record(actor, "outbox.uploaded", row, contest_id=contest_id, changes=changes, at=at)
    return row


def confirm(row: OutboxFile, event: Event, *, secret: str, actor: Actor, at: datetime) -> OutboxFile:
    """Record the marks of a file as its judge's. Raises Refused("outbox_done") the second time.

    What another mark overtook is not taken: the judge, or the desk, decides on it as on any other.
    """
    if row.confirmed_at is not None:
        raise Refused("outbox_done")
    stored = db.session.get_one(files.StoredFile, row.file_id)
    found = read_outbox(files.read(stored), event, secret=secret)
    row.report = _report(_recorded(actor, event, found, at=at))
    row.confirmed_at, row.confirmed_by = at, actor.account_id
    counts = {status: [None, count] for status, count in row.report["counts"].items()}
    counts |= {f"notes_{status}": [None, count] for status, count in row.report["note_counts"].items()}
    contest_id = event.sub_contest.edition.contest_id
    changes = {"device": [None, found.device], **counts}
    audit.record(actor, "outbox.imported", row, contest_id=contest_id, changes=changes, at=at)
    return row


def outbox_file_of(event_id: int, outbox_id: int) -> OutboxFile:
    """A file of an event that the caller has authorised. Raises Missing."""
    row = db.session.get(OutboxFile, outbox_id)
    if row is None or row.event_id != event_id:
        raise Missing()
    return row


@dataclass(frozen=True)
class Brought:
    """A file as the list shows it."""

    row: OutboxFile
    judge: str
    device: str


def outbox_files_of(event_id: int) -> list[Brought]:
    """The files of an event, newest first. The caller has authorised the event."""
    rows = db.session.execute(
        sa.select(OutboxFile, Account.name, Device.name)
        .join(Account, OutboxFile.account_id == Account.id)
        .join(Device, OutboxFile.device_id == Device.id)
        .where(OutboxFile.event_id == event_id)
        .order_by(OutboxFile.id.desc())
    )
    return [Brought(*row) for row in rows]


@dataclass(frozen=True)
class _Answer:
    """One line of the report."""

    mark: Typed
    receipt: Receipt
    work_code: str


@dataclass(frozen=True)
class _Outcome:
    """What became of a file, or would become of it: answers to its marks and notes, and how many can't be read."""

    answers: list[_Answer]
    notes: list[outbox_notes.NoteAnswer]
    unreadable: int
    unreadable_notes: int
    codes: dict[str, str]


def _tried(actor: Actor, event: Event, found: Outbox, *, at: datetime) -> _Outcome:
    """What recording would answer: done in a savepoint and undone."""
    nested = db.session.begin_nested()
    try:
        return _recorded(actor, event, found, at=at)
    finally:
        nested.rollback()


def _recorded(actor: Actor, event: Event, found: Outbox, *, at: datetime) -> _Outcome:
    marks, unreadable = read_batch(found.marks)
    sheets = _sheets(event, found.account_id)
    own = [mark for mark in marks if mark.sheet in sheets]
    receipts = record_marks(actor, own, at=at, source=MarkSource.DESK, device=found.device) if own else []
    answers = {mark.uuid: receipt for mark, receipt in zip(own, receipts, strict=True)}
    foreign = [Receipt(mark.uuid, "refused", "not_yours") for mark in marks if mark.sheet not in sheets]
    answers.update({receipt.uuid: receipt for receipt in foreign})
    judge = actor_of(db.session.get_one(Account, found.account_id), via="outbox", ip=actor.ip)
    notes, unread = outbox_notes.record(judge, found.notes, at=at, device=found.device)
    lines = [_Answer(mark, answers[mark.uuid], sheets.get(mark.sheet, "")) for mark in marks]
    return _Outcome(lines, notes, len(unreadable), unread, sheets)


def _sheets(event: Event, account_id: int) -> dict[str, str]:
    """Public id → work code of the sheets of this event whose seat the judge holds or held."""
    held = sa.exists().where(
        SeatHolder.seat_id == Seat.id, SeatHolder.judge_id == Judge.id, Judge.account_id == account_id
    )
    rows = db.session.execute(
        sa.select(Sheet.public_id, Sheet.work_code)
        .join(Seat, Sheet.seat_id == Seat.id)
        .where(Sheet.event_id == event.id, held)
    )
    return {public_id: code for public_id, code in rows}


def _report(found: _Outcome) -> dict[str, Any]:
    return {
        "counts": _counted([one.receipt.status for one in found.answers], found.unreadable),
        "note_counts": _counted([one.receipt.status for one in found.notes], found.unreadable_notes),
        "unreadable": found.unreadable,
        "unreadable_notes": found.unreadable_notes,
        "notes": outbox_notes.lines(found.notes, found.codes),
        "lines": [
            {
                "sheet": one.work_code,
                "aspect": one.mark.aspect,
                "attempt": one.mark.attempt,
                "state": one.mark.state.value,
                "value": one.mark.value,
                "status": one.receipt.status,
                "reason": one.receipt.reason,
                "params": {name: str(value) for name, value in one.receipt.params.items()},
                "current": one.receipt.current,
            }
            for one in found.answers
        ],
    }


def _counted(statuses: list[str], unreadable: int) -> dict[str, int]:
    counts = Counter(statuses)
    if unreadable:
        counts["refused"] += unreadable
    return dict(counts)
