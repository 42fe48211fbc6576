"""Notes come in from a device: comments, presses on the clock, problems, signatures. Each is answered by itself.

Receipts are those of marks: *stored* (new), *known* (this very note is here already: sending twice is harmless),
*later* (marks it stands on have not arrived yet: keep it and send it again), *refused* with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contest.accounts.access import Actor
from contest.db import db
from contest.judging import comments, problems, queries, signing, timing
from contest.judging.models import Sheet, SheetSignature
from contest.judging.note_models import Problem, SheetComment, Timing
from contest.judging.noted import Note, NoteLater, NoteRefused


@dataclass(frozen=True)
class NoteReceipt:
    """The server's answer to one note. status: stored, known, later, refused."""

    uuid: UUID
    status: str
    reason: str = ""
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Way:
    """How one kind of note is kept: its table, and what appends a row."""

    table: Any
    record: Callable[..., object]


WAYS: Mapping[str, _Way] = {
    "comment": _Way(SheetComment, comments.record),
    "timing": _Way(Timing, timing.record),
    "problem": _Way(Problem, problems.signal),
    "signature": _Way(SheetSignature, signing.sign),
}


def record_notes(actor: Actor, notes: Sequence[Note], *, at: datetime, device: str = "") -> list[NoteReceipt]:
    """Keep a batch of notes on sheets of the actor's own; one receipt each, in the order given."""
    return [_one(actor, note, at=at, device=device) for note in notes]


def _one(actor: Actor, note: Note, *, at: datetime, device: str) -> NoteReceipt:
    way = WAYS.get(note.kind)
    if way is None:
        return NoteReceipt(note.uuid, "refused", "malformed")
    sheet = db.session.scalars(queries.held_sheets(actor).where(Sheet.public_id == note.sheet)).first()
    if sheet is None:
        return NoteReceipt(note.uuid, "refused", "not_yours")
    there = db.session.execute(
        sa.select(way.table.sheet_id).where(way.table.uuid == note.uuid)
    ).scalar_one_or_none()
    if there is not None:
        is_same = there == sheet.id
        return NoteReceipt(note.uuid, "known" if is_same else "refused", "" if is_same else "uuid_taken")
    try:
        with db.session.begin_nested():
            way.record(sheet, note, actor=actor, at=at, device=device[:120])
    except NoteLater as waiting:
        return NoteReceipt(note.uuid, "later", waiting.reason, waiting.params)
    except NoteRefused as refusal:
        return NoteReceipt(note.uuid, "refused", refusal.reason, refusal.params)
    except sa.exc.IntegrityError:  # the same note by another connection, a moment ago
        return NoteReceipt(note.uuid, "known")
    return NoteReceipt(note.uuid, "stored")
