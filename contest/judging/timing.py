"""The clock of a time aspect: every press is kept; the time itself is a mark that the judge confirms."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.judging.models import Sheet
from contest.judging.note_models import Timing, TimingCause, TimingKind
from contest.judging.noted import Note, NoteRefused, place_of
from contest.judging.panels import contest_of
from contest.judging.shown import aspects_of_sheet

LONGEST_EXTRA = 3 * 3600  # seconds; more than that is another day's batch
EXTRA_CAUSES = (
    TimingCause.EQUIPMENT,
    TimingCause.MATERIAL,
    TimingCause.VENUE,
    TimingCause.JUDGING,
    TimingCause.OTHER,
)
"""Why minutes may be given: never for the contestant's own fault."""
STOP_CAUSES = (TimingCause.FINISHED, TimingCause.TIME_UP, TimingCause.OWN_FAULT, *EXTRA_CAUSES)


def record(sheet: Sheet, note: Note, *, actor: Actor, at: datetime, device: str) -> Timing:
    """Keep one press; extra minutes are logged too. Raises NoteRefused: locked, submitted, no_such_kind,
    no_such_cause, own_fault, seconds, timing_words_missing."""
    aspect = place_of(note, aspects_of_sheet(sheet))
    if aspect is None or aspect.kind != "time":
        raise NoteRefused("no_such_aspect")
    if sheet.locked_at is not None:
        raise NoteRefused("locked")
    if sheet.submitted_at is not None:
        raise NoteRefused("submitted")
    kind, cause, seconds = _read(note)
    row = Timing(
        uuid=note.uuid,
        sheet_id=sheet.id,
        aspect_key=note.aspect,
        attempt=note.attempt,
        kind=kind,
        cause=cause,
        seconds=seconds,
        text=note.text.strip(),
        account_id=actor.account_id,
        device=device,
        happened_at=note.made_at,
        recorded_at=at,
    )
    db.session.add(row)
    db.session.flush()
    if kind is TimingKind.EXTRA:
        changes = {"seconds": [0, seconds], "cause": [None, str(cause)], "aspect": [None, note.aspect]}
        audit.record(
            actor, "time.extra", sheet, contest_id=contest_of(sheet.event), changes=changes,
            reason=row.text, at=at,
        )  # fmt: skip
    return row


def _read(note: Note) -> tuple[TimingKind, TimingCause | None, int]:
    """Kind, cause and seconds of a press. Raises NoteRefused."""
    try:
        kind = TimingKind(str(note.body.get("timing", "")))
    except ValueError:
        raise NoteRefused("no_such_kind") from None
    seconds = note.body.get("seconds") or 0
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds <= 100 * 3600:
        raise NoteRefused("seconds")
    if kind in (TimingKind.START, TimingKind.RESET):
        return kind, None, 0
    try:
        cause = TimingCause(str(note.body.get("cause", "")))
    except ValueError:
        raise NoteRefused("no_such_cause") from None
    if kind is TimingKind.EXTRA:
        if cause not in EXTRA_CAUSES:
            raise NoteRefused("own_fault")
        if not 1 <= seconds <= LONGEST_EXTRA:
            raise NoteRefused("seconds")
    if cause is TimingCause.OTHER and not note.text.strip():
        raise NoteRefused("timing_words_missing")
    return kind, cause, seconds
