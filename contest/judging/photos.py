"""Photos from the bench: evidence for an aspect, or the signed paper. Small JPEG pictures without hidden data."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from PIL import Image, UnidentifiedImageError

from contest import files
from contest.accounts.access import Actor
from contest.db import db
from contest.errors import Missing
from contest.judging import queries
from contest.judging.models import Sheet
from contest.judging.note_models import PhotoKind, SheetPhoto
from contest.judging.noted import Note, NoteRefused, place_of
from contest.judging.panels import contest_of

LARGEST = 4_000_000  # bytes; the device sends about 300,000
LONGEST_SIDE = 4096  # pixels; the device shrinks to 1600
MOST = 40  # of one sheet


def clean_picture(content: bytes) -> bytes:
    """The picture drawn anew as JPEG: position, camera and whatever else was hidden in the file are gone.

    Raises NoteRefused: photo_too_large, not_a_picture (also for another kind of file that is called .jpg).
    """
    if len(content) > LARGEST:
        raise NoteRefused("photo_too_large", limit=LARGEST // 1_000_000)
    if not content.startswith(b"\xff\xd8\xff"):
        raise NoteRefused("not_a_picture")
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
            if max(picture.size) > LONGEST_SIDE:
                raise NoteRefused("photo_too_large", limit=LARGEST // 1_000_000)
            out = io.BytesIO()
            picture.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NoteRefused("not_a_picture") from None
    return out.getvalue()


def keep_photo(
    actor: Actor, note: Note, picture: bytes, *, at: datetime, device: str = ""
) -> tuple[str, str]:
    """Keep a cleaned picture on a sheet of the actor's own, in every state of the sheet. Returns (status, reason).

    Status: stored, known, refused (not_yours, uuid_taken, no_such_kind, no_such_aspect, too_many_photos).
    """
    sheet = db.session.scalars(queries.held_sheets(actor).where(Sheet.public_id == note.sheet)).first()
    if sheet is None:
        return "refused", "not_yours"
    there = db.session.scalar(sa.select(SheetPhoto.sheet_id).where(SheetPhoto.uuid == note.uuid))
    if there is not None:
        return ("known", "") if there == sheet.id else ("refused", "uuid_taken")
    try:
        place_of(note, queries.aspects_of_sheet(sheet))
        kind = PhotoKind(str(note.body.get("photo", "")))
    except NoteRefused as refusal:
        return "refused", refusal.reason
    except ValueError:
        return "refused", "no_such_kind"
    count = sa.select(sa.func.count(SheetPhoto.id)).where(SheetPhoto.sheet_id == sheet.id)
    if (db.session.scalar(count) or 0) >= MOST:
        return "refused", "too_many_photos"
    db.session.add(_row(sheet, note, kind, picture, actor=actor, at=at, device=device))
    db.session.flush()
    return "stored", ""


def _row(
    sheet: Sheet, note: Note, kind: PhotoKind, picture: bytes, *, actor: Actor, at: datetime, device: str
) -> SheetPhoto:
    file = files.store(
        picture,
        name=f"{sheet.work_code}-{note.aspect or 'sheet'}.jpg",
        media_type="image/jpeg",
        contest_id=contest_of(sheet.event),
        actor_id=actor.account_id,
        at=at,
    )
    return SheetPhoto(
        uuid=note.uuid,
        sheet_id=sheet.id,
        aspect_key=note.aspect,
        attempt=note.attempt,
        kind=kind,
        file_id=file.id,
        account_id=actor.account_id,
        device=device[:120],
        taken_at=note.made_at,
        recorded_at=at,
    )


@dataclass(frozen=True)
class Evidence:
    """A photo as whoever decides an appeal sees it in a list: never on which judge's sheet."""

    id: int
    module_key: str
    aspect: str  # "": of the whole sheet
    kind: PhotoKind
    at: datetime


def evidence_for(actor: Actor, entry_id: int, module_key: str = "") -> list[Evidence]:
    """The photos on all sheets of an entry (of one module) that the actor may read the marks of, oldest first."""
    statement = queries.office_sheets(actor, may="marks.view").where(Sheet.entry_id == entry_id)
    if module_key:
        statement = statement.where(Sheet.module_key == module_key)
    readable = [
        sheet for sheet in db.session.scalars(statement) if not queries.owes_own_mark(actor, sheet.public_id)
    ]
    modules = {sheet.id: sheet.module_key for sheet in readable}
    rows = db.session.scalars(
        sa.select(SheetPhoto).where(SheetPhoto.sheet_id.in_(modules)).order_by(SheetPhoto.id)
    )
    return [
        Evidence(row.id, modules[row.sheet_id], row.aspect_key, row.kind, row.taken_at or row.recorded_at)
        for row in rows
    ]


def photo_for(actor: Actor, photo_id: int) -> SheetPhoto:
    """A photo of an own sheet, or of one the actor may read the marks of. Raises Missing for any other."""
    row = db.session.get(SheetPhoto, photo_id)
    if row is None:
        raise Missing()
    own = queries.held_sheets(actor).where(Sheet.id == row.sheet_id)
    office = queries.office_sheets(actor, may="marks.view").where(Sheet.id == row.sheet_id)
    is_own = db.session.scalars(own).first() is not None
    if not is_own and (
        db.session.scalars(office).first() is None or queries.owes_own_mark(actor, row.sheet.public_id)
    ):
        raise Missing()
    return row
