"""A decision: its text, its people, its paper, and the conferral."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from contest import web
from contest.accounts.sessions import current_actor, signed_in
from contest.awards import queries, service
from contest.awards.decisions import PLACES
from contest.awards.forms import ConferForm, DecisionForm, ReasonForm
from contest.awards.models import Decision
from contest.awards.views.door import bp, carried_out, crumbs, label_of
from contest.db import now
from contest.errors import Refused
from contest.official import MEDIA_TYPES


@bp.route("/decisions/<int:decision_id>", methods=["GET", "POST"])
@signed_in
def decision(decision_id: int) -> str | Response | tuple[str, int]:
    form = DecisionForm()

    def work() -> None:
        service.edit(
            queries.decision_for(current_actor(), decision_id), heading=form.heading.data or "", to=form.to.data or "",
            paragraphs=_paragraphs(form.paragraphs.data or ""), authority=form.authority.data or "",
            version=form.version.data or 0, actor=current_actor(), at=now(),
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("The draft is saved."), "good")
        return redirect(url_for("awards.decision", decision_id=decision_id))
    row = queries.decision_for(current_actor(), decision_id)
    if not form.is_submitted():
        form = _filled(row)
    return _page(row, edit_form=form), 422 if form.is_submitted() else 200


def _filled(row: Decision) -> DecisionForm:
    return DecisionForm(
        formdata=None, version=row.version, authority=row.authority, heading=row.heading, to=row.body.get("to", ""),
        paragraphs="\n\n".join(row.body.get("paragraphs", [])),
    )  # fmt: skip


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split("\n")).strip() for part in re.split(r"\r?\n\s*\r?\n", text) if part.strip()]


def _page(row: Decision, **forms: Any) -> str:
    edition = queries.edition_of(row)
    words, problem = None, None
    try:
        words = service.wording(row, edition)
    except Refused as refusal:
        problem = web.sentence(refusal.code, refusal.params)
    return render_template(
        "awards/decision.html",
        decision=row,
        edition=edition,
        words=words,
        problem=problem,
        places=" ".join(f"{{{name}}}" for name in (*PLACES, "many")),
        label_of=label_of,
        reason_form=ReasonForm(),
        crumbs=crumbs(edition, (_("Decision"), None)),
        **{
            "edit_form": _filled(row),
            "confer_form": ConferForm(
                formdata=None, prefix="confer-", version=row.version, authority=row.authority
            ),
        }
        | forms,
    )


@bp.post("/decisions/<int:decision_id>/confer")
@signed_in
def confer(decision_id: int) -> Response | tuple[str, int]:
    form = ConferForm(prefix="confer-")

    def work() -> None:
        service.confer(
            queries.decision_for(current_actor(), decision_id), authority=form.authority.data or "",
            document_number=form.document_number.data or "", dated_on=form.dated_on.data, version=form.version.data or 0,
            actor=current_actor(), at=now(),
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        count = len(queries.decision_for(current_actor(), decision_id).titles)
        flash(ngettext("%(num)s title is conferred.", "%(num)s titles are conferred.", count), "good")
        return redirect(url_for("awards.decision", decision_id=decision_id))
    return _page(queries.decision_for(current_actor(), decision_id), confer_form=form), 422


@bp.get("/decisions/<int:decision_id>.<any(docx, pdf):suffix>")
@signed_in
def decision_file(decision_id: int, suffix: str) -> Response:
    """The decision to read and print, or to be edited in a word processor."""
    row = queries.decision_for(current_actor(), decision_id)
    content = service.decision_file(row, suffix)
    name = quote(f"{row.title_label}_{row.document_number or _('draft')}.{suffix}")
    place = "inline" if suffix == "pdf" else "attachment"
    return Response(
        content,
        mimetype=MEDIA_TYPES[suffix],
        headers={"Content-Disposition": f"{place}; filename*=UTF-8''{name}"},
    )
