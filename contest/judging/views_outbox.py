"""The desk's door for marks that a device could not send: upload, see what would become of them, take them."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.events.queries import rules_of
from contest.judging import outbox_files as service
from contest.judging import scheme
from contest.judging.forms import EmptyForm
from contest.judging.forms_outbox import OutboxForm
from contest.judging.views_frame import bp, in_event, page
from contest.judging.views_notes import note_sentence


@bp.get("/events/<int:event_id>/outboxes")
@signed_in
def outboxes(event_id: int) -> str:
    return _list(event_id, OutboxForm())


def _list(event_id: int, form: OutboxForm) -> str:
    actor, event = in_event(event_id, "marks.desk")
    return render_template(
        "judging/outboxes.html",
        form=form,
        rows=service.outbox_files_of(event_id),
        **page(actor, event, "judging.event_devices", _("Marks from a device's file")),
    )


@bp.post("/events/<int:event_id>/outboxes")
@signed_in
def bring_in(event_id: int) -> tuple[str, int] | Response:
    in_event(event_id, "marks.desk")
    form = OutboxForm()
    content = form.file.data.read(service.LARGEST + 1) if form.file.data else (form.text.data or "").encode()
    if not form.validate_on_submit() or not content or len(content) > service.LARGEST:
        form.file.errors = [_("Choose the file that the device saved, or paste its text.")]
        return _list(event_id, form), 422
    try:
        with transaction():
            actor, event = in_event(event_id, "marks.desk")
            row = service.bring_in(event, content=content, secret=secret(), actor=actor, at=now())
            outbox_id = row.id
    except Refused as refusal:
        form.file.errors = [web.sentence(refusal.code, refusal.params)]
        return _list(event_id, form), refusal.status
    return redirect(url_for("judging.outbox", event_id=event_id, outbox_id=outbox_id))


@bp.get("/events/<int:event_id>/outboxes/<int:outbox_id>")
@signed_in
def outbox(event_id: int, outbox_id: int) -> str:
    """Each mark of a file: what would become of it, or what became of it."""
    actor, event = in_event(event_id, "marks.desk")
    row, rules, locale = service.outbox_file_of(event_id, outbox_id), rules_of(event), str(get_locale())
    return render_template(
        "judging/outbox.html",
        row=row,
        lines=row.report["lines"],
        titles={
            aspect.key: aspect.title(locale)
            for module in rules.modules
            for aspect in scheme.aspects_of(rules, module.key)
        },
        counts=row.report["counts"],
        notes=row.report.get("notes", []),  # files of an older version held marks only
        note_counts=row.report.get("note_counts", {}),
        kinds=note_kinds(),
        why=why,
        note_why=note_why,
        form=EmptyForm(),
        **page(actor, event, "judging.event_devices", _("Marks from a device's file")),
    )


def why(line: dict[str, object]) -> str:
    """The reason of a line as a sentence."""
    params = line["params"]
    return (
        web.sentence(f"mark_{line['reason']}", params if isinstance(params, dict) else {})
        if line["reason"]
        else ""
    )


def note_kinds() -> dict[str, str]:
    """What a note of a kind is called."""
    return {
        "comment": _("Comment"),
        "timing": _("Press on the clock"),
        "problem": _("Call to the chief judge"),
        "signature": _("Signature"),
        "photo": _("Photo"),
    }


def note_why(line: dict[str, object]) -> str:
    """The reason of a note's line as a sentence."""
    params = line["params"]
    return (
        note_sentence(str(line["reason"]), params if isinstance(params, dict) else {})
        if line["reason"]
        else ""
    )


@bp.post("/events/<int:event_id>/outboxes/<int:outbox_id>/confirm")
@signed_in
def confirm_outbox(event_id: int, outbox_id: int) -> Response:
    EmptyForm().validate_on_submit()
    in_event(event_id, "marks.desk")
    with transaction():
        actor, event = in_event(event_id, "marks.desk")
        row = service.outbox_file_of(event_id, outbox_id)
        service.confirm(row, event, secret=secret(), actor=actor, at=now())
    flash(_("Taken. What was refused or overtaken is in the list below."), "good")
    return redirect(url_for("judging.outbox", event_id=event_id, outbox_id=outbox_id))


def secret() -> str:
    """What the seals of devices are made with."""
    return str(current_app.secret_key)
