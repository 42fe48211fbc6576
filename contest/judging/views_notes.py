"""Doors for what a judge records beside the marks: notes in batches, photos one by one, a problem as a plain form."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, flash, jsonify, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response as BaseResponse

from contest import files, web
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.judging import photos, service
from contest.judging.arriving import read_notes, read_photo
from contest.judging.forms import EmptyForm
from contest.judging.noted import Note, NoteRefused
from contest.judging.views_frame import bp as office
from contest.judging.views_tablet import bp, judges_only

MOST = 500
"""Notes of one batch; a device that was away for a day has fewer."""
OF_SHEETS = {"sheet_locked", "sheet_incomplete", "comments_missing", "marks_unlikely"}
"""Refusals of signing that are the sheet's own, with their sentences."""


@bp.post("/notes")
@judges_only
def notes() -> tuple[Response, int] | Response:
    """A batch from a device: {"device": …, "notes": [{uuid, kind, sheet, aspect, attempt, text, …}]} → receipts."""
    body: Any = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("notes"), list) or len(body["notes"]) > MOST:
        return jsonify(error="malformed", message=web.sentence("note_malformed")), 400
    read, unreadable = read_notes(body["notes"])
    device = str(body.get("device", ""))
    with transaction():
        receipts = service.record_notes(current_actor(), read, at=now(), device=device)
    told = [_told(str(one.uuid), one.status, one.reason, one.params) for one in receipts]
    return jsonify(receipts=[*told, *unreadable], at=now().isoformat())


@bp.post("/photos")
@judges_only
def take_photo() -> tuple[Response, int] | Response:
    """One picture with its note as fields of a form → a receipt."""
    actor, file = current_actor(), request.files.get("picture")
    note = read_photo(request.form)
    if note is None or file is None:
        return jsonify(error="malformed", message=web.sentence("note_malformed")), 400
    try:
        picture = photos.clean_picture(file.read(photos.LARGEST + 1))
    except NoteRefused as refusal:
        return jsonify(receipts=[_told(str(note.uuid), "refused", refusal.reason, refusal.params)])
    with transaction():
        status, reason = service.keep_photo(
            actor, note, picture, at=now(), device=request.form.get("device", "")
        )
    return jsonify(receipts=[_told(str(note.uuid), status, reason, {"limit": photos.MOST})])


@bp.post("/sheets/<public_id>/problem")
@judges_only
def problem(public_id: str) -> BaseResponse:
    """The call to the chief judge of a browser without scripts."""
    EmptyForm().validate_on_submit()
    note = Note(
        uuid=uuid.uuid4(),
        kind="problem",
        sheet=public_id,
        text=request.form.get("text", "")[:500],
        made_at=now(),
        body={"problem": request.form.get("kind", "")},
    )
    with transaction():
        receipt = service.record_notes(current_actor(), [note], at=now())[0]
    if receipt.status == "refused":
        flash(web.sentence(f"note_{receipt.reason}", receipt.params), "bad")
    else:
        flash(_("The chief judge sees your call on the board."), "good")
    return redirect(url_for("tablet.sheet", public_id=public_id))


@office.get("/photos/<int:photo_id>")
@signed_in
def photo(photo_id: int) -> BaseResponse:
    """A picture, for the judge whose sheet it is and for those who may read the marks."""
    row = photos.photo_for(current_actor(), photo_id)
    return send_file(files.path_of(row.file.digest), mimetype="image/jpeg", max_age=0)


def _told(note_id: str, status: str, reason: str, params: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"uuid": note_id, "status": status}
    if reason:
        told.update(reason=reason, message=note_sentence(reason, params))
    return told


def note_sentence(reason: str, params: dict[str, Any]) -> str:
    """Why a note was not taken."""
    return web.sentence(reason if reason in OF_SHEETS else f"note_{reason}", params)
