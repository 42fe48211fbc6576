"""Marks from files: upload, preview of every bad row, confirmation by a second person."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.judging import mark_files as service
from contest.judging import queries
from contest.judging.forms import EmptyForm, MarkFileForm, ReasonForm
from contest.judging.views_frame import bp, in_event, module_choices, page, round_choices


@bp.get("/events/<int:event_id>/mark-files")
@signed_in
def mark_files(event_id: int) -> str:
    return _list(event_id, None)


def _list(event_id: int, form: MarkFileForm | None) -> str:
    actor, event = in_event(event_id, "marks.progress")
    return render_template(
        "judging/mark_files.html",
        form=form or _form(event),
        rows=queries.mark_files_of(event_id),
        modules=dict(module_choices(event)),
        **page(actor, event, "judging.mark_files", _("Marks from files")),
    )


def _form(event: Any) -> MarkFileForm:
    form = MarkFileForm()
    form.module_key.choices, form.round_id.choices = module_choices(event), round_choices(event)
    return form


@bp.post("/events/<int:event_id>/mark-files")
@signed_in
def upload_marks(event_id: int) -> tuple[str, int] | Response:
    actor, event = in_event(event_id, "marks.desk")
    form = _form(event)
    if not form.validate_on_submit():
        return _list(event_id, form), 422
    content, name = form.file.data.read(), form.file.data.filename or "marks"
    module_key, round_id = form.module_key.data, form.round_id.data
    try:
        with transaction():
            actor, event = in_event(event_id, "marks.desk")
            row = service.upload(
                event,
                content=content,
                name=name,
                module_key=module_key,
                round_id=round_id,
                actor=actor,
                at=now(),
            )
            file_id = row.id
    except Refused as refusal:
        form.file.errors = [web.sentence(refusal.code, refusal.params)]
        return _list(event_id, form), 422
    return redirect(url_for("judging.mark_file", event_id=event_id, file_id=file_id))


@bp.get("/events/<int:event_id>/mark-files/<int:file_id>")
@signed_in
def mark_file(event_id: int, file_id: int) -> str:
    return _one(event_id, file_id, ReasonForm())


def _one(event_id: int, file_id: int, form: ReasonForm, problem: str = "") -> str:
    actor, event = in_event(event_id, "marks.progress")
    row = service.mark_file_of(event_id, file_id)
    errors = [{**one, "text": web.sentence(one["code"], one["params"])} for one in row.report["errors"]]
    return render_template(
        "judging/mark_file.html",
        row=row,
        kept=queries.stored_file(row.file_id),
        errors=errors,
        problem=problem,
        form=form,
        is_own=row.uploaded_by == actor.account_id,
        modules=dict(module_choices(event)),
        **page(actor, event, "judging.mark_files", _("Marks from files")),
    )


@bp.post("/events/<int:event_id>/mark-files/<int:file_id>/confirm")
@signed_in
def confirm_marks(event_id: int, file_id: int) -> tuple[str, int] | Response:
    EmptyForm().validate_on_submit()
    in_event(event_id, "marks.confirm")
    try:
        with transaction():
            actor, _event = in_event(event_id, "marks.confirm")
            count = service.confirm(service.mark_file_of(event_id, file_id), actor=actor, at=now())
    except Refused as refusal:
        return _one(
            event_id, file_id, ReasonForm(), web.sentence(refusal.code, refusal.params)
        ), refusal.status
    flash(_("%(count)s marks recorded. The chief judge can lock them now.", count=count), "good")
    return redirect(url_for("judging.mark_file", event_id=event_id, file_id=file_id))


@bp.post("/events/<int:event_id>/mark-files/<int:file_id>/reject")
@signed_in
def reject_marks(event_id: int, file_id: int) -> tuple[str, int] | Response:
    form = ReasonForm()
    in_event(event_id, "marks.confirm")
    if not form.validate_on_submit():
        return _one(event_id, file_id, form), 422
    with transaction():
        actor, _event = in_event(event_id, "marks.confirm")
        service.reject(
            service.mark_file_of(event_id, file_id), reason=form.reason.data, actor=actor, at=now()
        )
    flash(_("The file was sent back. It stays kept, and nothing of it counts."), "good")
    return redirect(url_for("judging.mark_files", event_id=event_id))
