"""The public notice in the office: objections, their answers, the record."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.errors import Missing
from contest.events.queries import scope_of
from contest.results import exports, queries, service
from contest.results.forms import AnswerForm, ObjectionForm
from contest.results.models import ListState, Objection
from contest.results.notice_paper import record_pdf
from contest.results.notices import notice_of, objections_of
from contest.results.views.door import bp, carried_out, crumbs, locale, zoned

ACT = "results.publish"


@bp.get("/publications/<int:publication_id>/objections")
@signed_in
def objections(publication_id: int) -> str:
    """Objections during the public notice of a list, with forms to log and to settle them."""
    return _page(publication_id)


def _page(publication_id: int, **forms: Any) -> str:
    actor = current_actor()
    row = queries.publication_for(actor, publication_id, may="results.view")
    zoned(row.event)
    answering = AnswerForm(formdata=None)
    answering.verdict.choices = _verdicts()
    title = exports.title_of(row.snapshot.heading, locale())
    back = url_for("results.publication", publication_id=row.id)
    return render_template(
        "results/objections.html",
        publication=row,
        event=row.event,
        title=title,
        crumbs=crumbs(row.event, (title, back), (_("Objections"), None)),
        period=notice_of(row),
        objections=objections_of(row.id),
        may=actor.may(ACT, **scope_of(row.event)),
        is_running=row.is_live and row.state is ListState.PUBLIC_NOTICE,
        **{"form": ObjectionForm(formdata=None), "answer_form": answering, "answered": 0} | forms,
    )


def _verdicts() -> list[tuple[str, str]]:
    return [
        ("dismissed", _("Not founded: the list stands")),
        ("upheld", _("Founded: the list must be amended")),
    ]


@bp.post("/publications/<int:publication_id>/objections")
@signed_in
def record_objection(publication_id: int) -> Response | tuple[str, int]:
    form = ObjectionForm()

    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may=ACT)
        service.record_objection(
            publication=row,
            sender=form.sender.data or "",
            channel=form.channel.data or "",
            text=form.text.data,
            actor=current_actor(),
            at=now(),
        )

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Logged."), "good")
        return redirect(url_for("results.objections", publication_id=publication_id))
    return _page(publication_id, form=form), 422


@bp.post("/publications/<int:publication_id>/objections/<int:objection_id>")
@signed_in
def answer_objection(publication_id: int, objection_id: int) -> Response | tuple[str, int]:
    form = AnswerForm()
    form.verdict.choices = _verdicts()

    def work() -> None:
        row = queries.publication_for(current_actor(), publication_id, may=ACT)
        service.answer_objection(
            publication=row,
            objection=_one(publication_id, objection_id),
            is_upheld=form.verdict.data == "upheld",
            answer=form.answer.data,
            actor=current_actor(),
            at=now(),
        )

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Settled and recorded."), "good")
        return redirect(url_for("results.objections", publication_id=publication_id))
    return _page(publication_id, answer_form=form, answered=objection_id), 422


def _one(publication_id: int, objection_id: int) -> Objection:
    found = next((one for one in objections_of(publication_id) if one.id == objection_id), None)
    if found is None:
        raise Missing()
    return found


@bp.get("/publications/<int:publication_id>/notice-record.pdf")
@signed_in
def notice_record(publication_id: int) -> Response:
    """The record of the public notice, to sign: its days, objections, or that there were none."""
    row = queries.publication_for(current_actor(), publication_id, may="results.view")
    period = notice_of(row)
    if period is None:
        raise Missing()
    paper = record_pdf(row, period, objections_of(row.id), locale())
    return send_file(io.BytesIO(paper), mimetype="application/pdf", download_name="notice-record.pdf")
