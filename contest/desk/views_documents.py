"""Doors of circulars and public notices: draft, text, number and date, paper, scan."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import current_actor, signed_in
from contest.awards import queries as awards
from contest.db import now, transaction
from contest.desk import ceremony, documents, scans
from contest.desk.forms import DocumentForm, DraftDocumentForm, IssueForm, PlainForm, ScanForm
from contest.desk.models import DocumentKind, OfficeDocument
from contest.errors import Refused
from contest.events import queries as events
from contest.events.models import Edition
from contest.official import MEDIA_TYPES
from contest.results import exports
from contest.web import called

bp = Blueprint("documents", __name__)
PLACES = (
    "edition",
    "issuer",
    "events",
    "people",
    "taking",
    "prizes",
    "start",
    "end",
    "days",
    "office",
    "contact",
    "phone",
)


def carried_out(form: Any, work: Callable[[], Any]) -> bool:
    """Run one service call in a transaction; a refusal becomes an error of the form, with what was typed kept."""
    try:
        with transaction():
            work()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        form.form_errors = [*(form.form_errors or []), web.sentence(refusal.code, refusal.params)]
        return False
    return True


@bp.get("/editions/<int:edition_id>/documents")
@signed_in
def index(edition_id: int) -> str:
    return _index(edition_id)


def _index(edition_id: int, sent: tuple[DocumentKind, DraftDocumentForm] | None = None) -> str:
    actor = current_actor()
    edition = events.edition_for(actor, edition_id, may="awards.manage")
    decisions = [one for one in awards.decisions_for(actor, edition_id) if one.conferred_at is not None]
    forms = {kind: _draft_form(edition, kind) for kind in DocumentKind} | (dict([sent]) if sent else {})
    return render_template(
        "desk/documents.html",
        edition=edition,
        documents=documents.documents_for(actor, edition_id),
        decisions=decisions,
        scans=scans.decisions_of(decisions),
        scan_form=ScanForm(formdata=None),
        drafts=forms,
        title=_title,
        crumbs=_crumbs(edition),
    )


def _draft_form(edition: Edition, kind: DocumentKind) -> DraftDocumentForm:
    form = DraftDocumentForm(prefix=kind.value)
    rows = documents.lists_for(current_actor(), edition.id, kind)
    locale = str(get_locale())
    form.lists.choices = [(one.id, exports.title_of(one.snapshot.heading, locale)) for one in rows]
    if form.issuer.raw_data is None:  # not this one of the page's two forms was sent
        form.issuer.data, form.lists.data = edition.contest.holder.name, [one.id for one in rows]
    return form


def _title(row: OfficeDocument) -> str:
    """The heading with its places filled, or as it was typed where one can't be."""
    try:
        edition = documents.document_for(current_actor(), row.id)[1]
        return documents.paper_of(row, edition).heading
    except Refused:
        return row.heading


def _crumbs(edition: Edition, *more: tuple[str, Any]) -> list[tuple[str, Any]]:
    own = url_for("documents.index", edition_id=edition.id) if more else None
    home = url_for("desk.edition", edition_id=edition.id)
    return [(called(edition), home), (_("Official documents"), own), *more]


@bp.post("/editions/<int:edition_id>/documents/<any(circular, notice):kind>")
@signed_in
def draft(edition_id: int, kind: str) -> Response | tuple[str, int]:
    """Draft a circular or public notice about the chosen lists."""
    edition = events.edition_for(current_actor(), edition_id, may="awards.manage")
    form, made = _draft_form(edition, DocumentKind(kind)), []

    def work() -> None:
        row = documents.draft(
            events.edition_for(current_actor(), edition_id, may="awards.manage"), DocumentKind(kind),
            form.lists.data or [], issuer=form.issuer.data or "", actor=current_actor(), at=now(),
        )  # fmt: skip
        made.append(row.id)

    if form.validate_on_submit() and carried_out(form, work):
        return redirect(url_for("documents.show", document_id=made[0]))
    return _index(edition_id, (DocumentKind(kind), form)), 422


@bp.route("/documents/<int:document_id>", methods=["GET", "POST"])
@signed_in
def show(document_id: int) -> str | Response | tuple[str, int]:
    """One document: its text while it is a draft, what was signed afterwards."""
    form = DocumentForm()

    def work() -> None:
        row, edition = documents.document_for(current_actor(), document_id)
        documents.edit(
            row, edition, heading=form.heading.data or "", to=form.to.data or "",
            paragraphs=_paragraphs(form.paragraphs.data or ""), issuer=form.issuer.data or "",
            has_red_heading=bool(form.has_red_heading.data), version=form.version.data or 0,
            actor=current_actor(), at=now(),
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("The draft is saved."), "good")
        return redirect(url_for("documents.show", document_id=document_id))
    if form.is_submitted():
        return page(document_id, edit_form=form), 422
    return page(document_id)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split("\n")).strip() for part in re.split(r"\r?\n\s*\r?\n", text) if part.strip()]


def _filled(row: OfficeDocument) -> DocumentForm:
    return DocumentForm(
        formdata=None, version=row.version, issuer=row.issuer, has_red_heading=row.has_red_heading,
        heading=row.heading, to=row.content.get("to", ""), paragraphs="\n\n".join(row.content.get("paragraphs", [])),
    )  # fmt: skip


def page(document_id: int, **forms: Any) -> str:
    row, edition = documents.document_for(current_actor(), document_id)
    _log_reading(row)
    paper, problem = None, None
    try:
        paper = documents.paper_of(row, edition)
    except Refused as refusal:
        problem = web.sentence(refusal.code, refusal.params)
    return render_template(
        "desk/document.html",
        document=row,
        edition=edition,
        paper=paper,
        problem=problem,
        places=" ".join(f"{{{name}}}" for name in PLACES),
        crumbs=_crumbs(edition, (_title(row), None)),
        **{
            "edit_form": _filled(row),
            "issue_form": IssueForm(formdata=None, prefix="issue", version=row.version),
            "scan_form": ScanForm(formdata=None),
        }
        | forms,
    )


def _log_reading(row: OfficeDocument) -> None:
    found = documents.embargoed(row)
    if found:
        with transaction():
            ceremony.log_readings(found, "document", actor=current_actor(), at=now())


@bp.post("/documents/<int:document_id>/issue")
@signed_in
def issue(document_id: int) -> Response | tuple[str, int]:
    """Number and date as they were signed; after that the document stands."""
    form = IssueForm(prefix="issue")

    def work() -> None:
        row, edition = documents.document_for(current_actor(), document_id)
        documents.issue(
            row, edition, document_number=form.document_number.data or "", dated_on=form.dated_on.data,
            version=form.version.data or 0, actor=current_actor(), at=now(),
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Number and date are entered. The document stands as it is now."), "good")
        return redirect(url_for("documents.show", document_id=document_id))
    return page(document_id, issue_form=form), 422


@bp.post("/documents/<int:document_id>/discard")
@signed_in
def discard(document_id: int) -> Response:
    """Throw a draft away."""
    edition_id = 0
    form = PlainForm()
    if form.validate_on_submit():
        try:
            with transaction():
                row, edition = documents.document_for(current_actor(), document_id)
                edition_id = edition.id
                documents.discard(row, actor=current_actor(), at=now())
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            flash(web.sentence(refusal.code, refusal.params), "bad")
            return redirect(url_for("documents.show", document_id=document_id))
        flash(_("The draft is thrown away."), "good")
    return redirect(url_for("documents.index", edition_id=edition_id))


@bp.get("/documents/<int:document_id>.<any(docx, pdf):suffix>")
@signed_in
def file(document_id: int, suffix: str) -> Response:
    """The document to read and print, or to be edited in a word processor."""
    row, edition = documents.document_for(current_actor(), document_id)
    _log_reading(row)
    content = documents.file_of(row, edition, suffix)
    name = f"{documents.paper_of(row, edition).heading}.{suffix}"
    return sent(content, MEDIA_TYPES[suffix], name, "inline" if suffix == "pdf" else "attachment")


def sent(content: bytes, media_type: str, name: str, place: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(name)}"
    return answer
