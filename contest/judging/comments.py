"""Comments: a judge's words on an aspect or on the whole sheet; where the rules ask for them, no signature without."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from contest.accounts.access import Actor
from contest.db import db
from contest.judging.beside import comments_of
from contest.judging.models import MarkState, Sheet
from contest.judging.note_models import SheetComment
from contest.judging.noted import Note, NoteRefused, place_of
from contest.judging.scheme import AspectView, asks_for_comment
from contest.judging.shown import MarkView, aspects_of_sheet

__all__ = ["comments_of", "missing_comments", "record"]


def record(sheet: Sheet, note: Note, *, actor: Actor, at: datetime, device: str) -> SheetComment:
    """Append a comment; an empty one takes the former back. Raises NoteRefused: locked, submitted, too_long."""
    place_of(note, aspects_of_sheet(sheet))
    if sheet.locked_at is not None:
        raise NoteRefused("locked")
    if sheet.submitted_at is not None:
        raise NoteRefused("submitted")
    row = SheetComment(
        uuid=note.uuid,
        sheet_id=sheet.id,
        aspect_key=note.aspect,
        attempt=note.attempt,
        text=note.text.strip(),
        account_id=actor.account_id,
        device=device,
        typed_at=note.made_at,
        recorded_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def missing_comments(
    aspects: tuple[AspectView, ...],
    marks: Mapping[tuple[str, int], MarkView],
    comments: Mapping[tuple[str, int], str],
) -> list[tuple[str, int]]:
    """Where the rules ask for a comment and there is none, as (aspect key, attempt) in the order of the sheet."""
    found = []
    for aspect in aspects:
        for attempt in range(1, aspect.attempts + 1):
            mark = marks.get((aspect.key, attempt))
            if mark is None or mark.state is not MarkState.VALUE or mark.milli is None:
                continue
            if asks_for_comment(aspect, mark.milli) and not (
                comments.get((aspect.key, attempt)) or mark.comment
            ):
                found.append((aspect.key, attempt))
    return found
