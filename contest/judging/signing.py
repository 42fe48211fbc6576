"""Signatures made on a device: over the exact list of marks the judge saw there, online or not.

The device names every mark it showed, by value and uuid. The server takes the signature only when its own list is
the same: a mark that has not arrived yet postpones it (*later*), another value refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contest.accounts.access import Actor
from contest.db import db
from contest.errors import Invalid, Refused
from contest.judging import queries, sheets
from contest.judging.models import MarkRevision, MarkState, Sheet
from contest.judging.noted import Note, NoteLater, NoteRefused
from contest.judging.sheets import Signed
from contest.judging.typed import NotTaken, read_typed

LONGEST_DRAWING = 20_000
_STROKES = re.compile(r"(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})*)+")

Listed = tuple[str, int, str, int | None, str]
"""One mark of the list: aspect key, attempt, state, thousandths or None, uuid."""


def sign(sheet: Sheet, note: Note, *, actor: Actor, at: datetime, device: str) -> None:
    """Sign a sheet with what a device sent. body: {marks: [[aspect, attempt, state, value, uuid]…], drawing, judge,
    word}. Raises NoteLater("marks_missing"), NoteRefused: malformed, marks_moved, drawing, not_holder, and the
    refusals of `sheets.submit` by their own codes."""
    listed = _listed(sheet, note.body.get("marks"))
    current = {
        (key, attempt, mark.state.value, mark.milli): mark.uuid
        for (key, attempt), mark in queries.marks_of(sheet.id).items()
    }
    _same(sheet, listed, current)
    signed = Signed(
        drawing=read_drawing(str(note.body.get("drawing") or "")),
        uuid=note.uuid,
        device=device,
        drawn_at=note.made_at,
    )
    try:
        sheets.submit(
            sheet,
            digest=sheets.digest_of_marks(sheet.id),
            actor=actor,
            at=at,
            method="drawn" if signed.drawing else "submit",
            signed=signed,
            judge_ids=_signer(sheet, note.body.get("judge")),
            word=str(note.body.get("word") or ""),
        )
    except Refused as refusal:
        raise NoteRefused(refusal.code, **refusal.params) from None


def sign_here(
    sheet: Sheet, *, digest: str, drawing: str, judge: str, word: str, actor: Actor, at: datetime
) -> None:
    """Sign the summary that a page shows. Raises the refusals of `sheets.submit`, Invalid("note_drawing"),
    Invalid("note_not_holder")."""
    try:
        signed, judge_ids = Signed(drawing=read_drawing(drawing)), _signer(sheet, judge)
    except NoteRefused as refusal:
        raise Invalid(f"note_{refusal.reason}", **refusal.params) from None
    method = "drawn" if drawing else "submit"
    sheets.submit(
        sheet, digest=digest, actor=actor, at=at, method=method, judge_ids=judge_ids, signed=signed, word=word
    )


def read_drawing(text: str) -> str:
    """A drawn signature as an SVG path of whole coordinates, or "". Raises NoteRefused("drawing")."""
    if text and (len(text) > LONGEST_DRAWING or not _STROKES.fullmatch(text)):
        raise NoteRefused("drawing")
    return text


def _listed(sheet: Sheet, rows: Any) -> list[Listed]:
    """The device's list, values as thousandths. Raises NoteRefused("malformed")."""
    limits = {aspect.key: aspect.limits for aspect in queries.aspects_of_sheet(sheet)}
    try:
        return [_one(limits, *row) for row in rows]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise NoteRefused("malformed") from None


def _one(limits: Any, aspect: str, attempt: int, state: str, value: str | None, uuid: str) -> Listed:
    milli = None
    if MarkState(state) is MarkState.VALUE:
        try:
            milli = read_typed(str(value or ""), limits[aspect])
        except NotTaken:
            raise ValueError(aspect) from None
    return (aspect, int(attempt), state, milli, str(UUID(uuid)))


def _same(
    sheet: Sheet, listed: Sequence[Listed], current: dict[tuple[str, int, str, int | None], str]
) -> None:
    """The two lists hold the same marks. One that another judge of the group typed as well counts by its value."""
    seen = {row[:4] for row in listed}
    missing = [row for row in listed if row[:4] not in current]
    if missing and not _arrived(sheet, [UUID(row[4]) for row in missing]):
        raise NoteLater("marks_missing", count=len(missing))
    if missing or set(current) - seen:
        raise NoteRefused("marks_moved")


def _arrived(sheet: Sheet, uuids: Sequence[UUID]) -> bool:
    """Whether all of the marks have been here: then something else stands in their place now."""
    statement = sa.select(sa.func.count(MarkRevision.id)).where(
        MarkRevision.sheet_id == sheet.id, MarkRevision.uuid.in_(uuids)
    )
    return db.session.scalar(statement) == len(set(uuids))


def _signer(sheet: Sheet, judge_id: Any) -> tuple[int, ...]:
    """Who signs: on a shared device any judge of the seat's group, else the acting one."""
    if judge_id in (None, ""):
        return ()
    holders = [judge.id for judge in queries.holders_of_sheet(sheet)]
    if not str(judge_id).isdigit() or int(judge_id) not in holders:
        raise NoteRefused("not_holder")
    return (int(judge_id),)
