"""What a device's file holds beside the marks: comments, presses, problems, signatures, photos. Kept as the judge's own."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contest.accounts.access import Actor
from contest.judging import photos
from contest.judging.arriving import read_notes
from contest.judging.noted import Note, NoteRefused
from contest.judging.notes import NoteReceipt, record_notes

MOST = 2_000
"""Notes of one file; a day's sheets have some hundred."""


@dataclass(frozen=True)
class NoteAnswer:
    """One line of the report."""

    note: Note
    receipt: NoteReceipt


def record(judge: Actor, items: Sequence[Any], *, at: datetime, device: str) -> tuple[list[NoteAnswer], int]:
    """Keep the notes of a file, in the order they were made; how many could not be read.

    judge: whose device it was. A note counts as the judge's own, as if the device had sent it: the file's seal says so.
    The marks of the file are recorded before, so that a signature finds what it stands on.
    """
    notes, unreadable = read_notes(list(items))
    found = []
    for note in notes:
        if note.kind == "photo":
            receipt = _photo(judge, note, at=at, device=device)
        else:
            receipt = record_notes(judge, [note], at=at, device=device)[0]
        found.append(NoteAnswer(note, receipt))
    return found, len(unreadable)


def _photo(judge: Actor, note: Note, *, at: datetime, device: str) -> NoteReceipt:
    try:
        content = base64.b64decode(str(note.body.get("picture") or ""), validate=True)
        picture = photos.clean_picture(content)
    except (binascii.Error, ValueError):
        return NoteReceipt(note.uuid, "refused", "not_a_picture")
    except NoteRefused as refusal:
        return NoteReceipt(note.uuid, "refused", refusal.reason, refusal.params)
    status, reason = photos.keep_photo(judge, note, picture, at=at, device=device)
    return NoteReceipt(note.uuid, status, reason, {"limit": photos.MOST} if reason else {})


def lines(answers: Sequence[NoteAnswer], codes: dict[str, str]) -> list[dict[str, Any]]:
    """The report's lines as plain values; `codes`: public id → work code."""
    return [
        {
            "sheet": codes.get(one.note.sheet, ""),
            "aspect": one.note.aspect,
            "attempt": one.note.attempt,
            "kind": one.note.kind,
            "text": one.note.text[:500],
            "status": one.receipt.status,
            "reason": one.receipt.reason,
            "params": {name: str(value) for name, value in one.receipt.params.items()},
        }
        for one in answers
    ]
