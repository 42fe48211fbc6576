"""Doors of stamped papers: kept beside their documents, shown to everybody beside the published lists."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.awards import queries as awards
from contest.db import now, transaction
from contest.desk import documents, scans
from contest.desk.forms import PlainForm, ScanForm
from contest.desk.views_documents import carried_out, page, sent
from contest.errors import Refused
from contest.web import sentence

bp = Blueprint("scans", __name__)
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
PUBLIC = ("scans.public", "scans.public_file")


@bp.url_value_preprocessor
def _know_the_public_pages(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if request.endpoint in PUBLIC:
        g.public_page = True


@bp.post("/documents/<int:document_id>/scan")
@signed_in
def keep(document_id: int) -> Response | tuple[str, int]:
    """The signed and stamped paper beside its text."""
    form = ScanForm()

    def work() -> None:
        row, _edition = documents.document_for(current_actor(), document_id)
        file = form.scan.data
        scans.keep(row, file.read(), name=file.filename or "scan", actor=current_actor(), at=now())

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("The scan is kept beside the document."), "good")
        return redirect(url_for("documents.show", document_id=document_id))
    return page(document_id, scan_form=form), 422


@bp.get("/documents/<int:document_id>/scan")
@signed_in
def file(document_id: int) -> Response:
    """The scan as it was uploaded."""
    row, _edition = documents.document_for(current_actor(), document_id)
    stored, content = scans.content_of(row.scan_id)
    return sent(content, stored.media_type, stored.name, "inline")


@bp.post("/documents/<int:document_id>/<any(show, hide):act>")
@signed_in
def show(document_id: int, act: str) -> Response:
    """Let everybody read the document beside the lists, or nobody any more."""
    PlainForm().validate_on_submit()
    try:
        with transaction():
            row, _edition = documents.document_for(current_actor(), document_id)
            scans.show(row, act == "show", actor=current_actor(), at=now())
    except Refused as refusal:
        _tell(refusal)
    return redirect(url_for("documents.show", document_id=document_id))


@bp.post("/decisions/<int:decision_id>/scan")
@signed_in
def keep_of_decision(decision_id: int) -> Response:
    """The signed and stamped decision."""
    form = ScanForm()
    decision = awards.decision_for(current_actor(), decision_id)
    edition_id = decision.edition_id
    if not form.validate_on_submit():
        flash(_("Choose a file first."), "bad")
        return redirect(url_for("documents.index", edition_id=edition_id))
    try:
        with transaction():
            decision, given = awards.decision_for(current_actor(), decision_id), form.scan.data
            scans.keep_of_decision(
                decision, given.read(), name=given.filename or "scan", actor=current_actor(), at=now()
            )
        flash(_("The scan is kept beside the document."), "good")
    except Refused as refusal:
        _tell(refusal)
    return redirect(url_for("documents.index", edition_id=edition_id))


@bp.get("/decisions/<int:decision_id>/scan")
@signed_in
def file_of_decision(decision_id: int) -> Response:
    """A decision's scan as it was uploaded."""
    decision = awards.decision_for(current_actor(), decision_id)
    row = scans.decisions_of([decision]).get(decision_id)
    stored, content = scans.content_of(row.file_id if row else None)
    return sent(content, stored.media_type, stored.name, "inline")


@bp.post("/decisions/<int:decision_id>/scan/<any(show, hide):act>")
@signed_in
def show_of_decision(decision_id: int, act: str) -> Response:
    """Let everybody read a decision's scan beside the lists, or nobody any more."""
    PlainForm().validate_on_submit()
    edition_id = awards.decision_for(current_actor(), decision_id).edition_id
    try:
        with transaction():
            decision = awards.decision_for(current_actor(), decision_id)
            scans.show_of_decision(decision, act == "show", actor=current_actor(), at=now())
    except Refused as refusal:
        _tell(refusal)
    return redirect(url_for("documents.index", edition_id=edition_id))


def _tell(refusal: Refused) -> None:
    if refusal.status in (403, 404):
        raise refusal
    flash(sentence(refusal.code, refusal.params), "bad")


@bp.get("/editions/<int:edition_id>/lists/documents")
def public(edition_id: int) -> Response:
    """The documents of an edition that everybody may read."""
    edition, found = scans.public_of(edition_id)
    return _cached(render_template("desk/public_documents.html", edition=edition, found=found))


@bp.get("/editions/<int:edition_id>/lists/documents/<any(decision, circular, notice):kind>/<int:row_id>")
def public_file(edition_id: int, kind: str, row_id: int) -> Response:
    """One of them: its scan, or the paper made here where there is none."""
    media_type, content = scans.public_file(edition_id, kind, row_id)
    answer = _cached(content, media_type)
    name = f"{kind}-{row_id}.{ENDINGS[media_type]}"
    answer.headers["Content-Disposition"] = f"inline; filename={name}"
    return answer


def _cached(body: str | bytes, media_type: str = "text/html") -> Response:
    answer = current_app.response_class(body, mimetype=media_type)
    answer.headers.update({"Cache-Control": "public, no-cache", "Vary": "Accept-Encoding"})
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer
