"""Registration files: template, upload, preview with every error and repair, taking over."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.entries import eligibility, imports, queries, service
from contest.entries.forms.entry import UploadForm
from contest.entries.forms.sentences import (
    changed_words,
    file_sentence,
    finding_sentence,
    heading,
    notice_sentence,
    told,
)
from contest.entries.models import RosterImport
from contest.entries.refusals import ImportChanged, ImportRefused
from contest.entries.roster.findings import Place
from contest.entries.views import workbooks
from contest.entries.views.door import Page, bp, download, edition_crumbs, edition_side, today_of
from contest.entries.views.listing import XLSX
from contest.web import called, sentence

SHOWN = 500  # errors or notices on the page; the workbook of findings has them all


@bp.get("/editions/<int:edition_id>/roster")
@signed_in
def roster(edition_id: int) -> Page:
    return _roster_page(edition_id, UploadForm())


def _roster_page(edition_id: int, form: UploadForm) -> Page:
    actor = current_actor()
    edition = queries.edition_for(actor, edition_id, may="entries.edit")
    page = render_template(
        "entries/roster.html",
        edition=edition,
        form=form,
        events=eligibility.events_for_entry(actor, edition_id),
        uploads=queries.imports_of(actor, edition_id),
        side=edition_side(edition, "roster"),
        crumbs=edition_crumbs(edition, (_("Registration files"), None)),
    )
    return page, 422 if form.errors else 200


@bp.get("/editions/<int:edition_id>/roster/template.xlsx")
@signed_in
def roster_template(edition_id: int) -> Response:
    """The workbook to fill in, in the reader's language."""
    actor = current_actor()
    edition = queries.edition_for(actor, edition_id, may="entries.edit")
    terms = eligibility.terms_for(actor, edition_id, today_of(edition.contest))
    title = _("%(edition)s: registration", edition=called(edition))
    return download(workbooks.template_workbook(terms, title), f"{title}.xlsx", XLSX)


@bp.post("/editions/<int:edition_id>/roster")
@signed_in
def roster_upload(edition_id: int) -> Page:
    """Keep the file and go on to its preview; nothing is taken over yet."""
    actor = current_actor()
    edition = queries.edition_for(actor, edition_id, may="entries.edit")
    form = UploadForm()
    if not form.validate_on_submit():
        return _roster_page(edition_id, form)
    content, name = form.file.data.read(), form.file.data.filename or "?"
    today = today_of(edition.contest)
    with transaction():
        row = service.upload(edition_id, content, name, actor=actor, at=now(), today=today)
        import_id = row.id
    return redirect(url_for("entries.roster_preview", import_id=import_id))


@bp.get("/roster-imports/<int:import_id>")
@signed_in
def roster_preview(import_id: int) -> Page:
    return _preview_page(import_id)


def _preview_page(import_id: int, problem: str = "", status: int = 200) -> Page:
    actor = current_actor()
    row = queries.import_for(actor, import_id)
    edition = queries.edition_for(actor, row.edition_id, may="entries.edit")
    preview = imports.preview_of(row, actor=actor, today=today_of(edition.contest))
    notices = preview.roster.notices if preview.roster else ()
    steps = preview.plan.steps if preview.plan else ()
    page = render_template(
        "entries/preview.html",
        row=row,
        edition=edition,
        preview=preview,
        problem=problem,
        unreadable=preview.unreadable and file_sentence(preview.unreadable.code, preview.unreadable.params),
        errors=[
            _shown(error.place, error.value, finding_sentence(error), "") for error in preview.errors[:SHOWN]
        ],
        notices=[_shown(n.place, n.before, notice_sentence(n), n.after) for n in notices[:SHOWN]],
        changed=[step for step in steps if step.kind == "changed"][:SHOWN],
        limit=SHOWN,
        changed_words=changed_words,
        told=told,
        side=edition_side(edition, "roster"),
        crumbs=edition_crumbs(
            edition,
            (_("Registration files"), url_for("entries.roster", edition_id=edition.id)),
            (row.name, None),
        ),
    )
    return page, status


def _shown(place: Place, value: str, text: str, after: str) -> dict[str, object]:
    return {
        "sheet": place.sheet,
        "row": place.row or "",
        "column": place.heading or heading(place.field),
        "value": value,
        "text": text,
        "after": after,
    }


@bp.post("/roster-imports/<int:import_id>/take-over")
@signed_in
def roster_take_over(import_id: int) -> Page:
    """Take the file over whole, if it still does what was shown."""
    actor = current_actor()
    row = queries.import_for(actor, import_id)
    edition_id = row.edition_id
    today = today_of(queries.edition_for(actor, edition_id, may="entries.edit").contest)
    fingerprint = request.form.get("fingerprint", "")
    try:
        with transaction():
            done = service.take_over(import_id, fingerprint=fingerprint, actor=actor, at=now(), today=today)
    except (ImportChanged, ImportRefused) as refusal:
        return _preview_page(import_id, sentence(refusal.code, refusal.params), refusal.status)
    if done.entries or done.members or done.changed:
        text = _(
            "Imported: %(entries)s new entries with %(members)s people, %(changed)s people changed, %(same)s as before.",
            entries=done.entries,
            members=done.members,
            changed=done.changed,
            same=done.same,
        )
    else:
        text = _(
            "All %(same)s people stand here already as in the file. Nothing was changed.", same=done.same
        )
    flash(text, "good")
    return redirect(url_for("entries.index", edition_id=edition_id))


@bp.get("/roster-imports/<int:import_id>/findings.xlsx")
@signed_in
def roster_findings(import_id: int) -> Response:
    """Errors and notices as a workbook, to send back to the office."""
    actor = current_actor()
    row = queries.import_for(actor, import_id)
    edition = queries.edition_for(actor, row.edition_id, may="entries.edit")
    preview = imports.preview_of(row, actor=actor, today=today_of(edition.contest))
    return download(workbooks.findings_workbook(preview), f"{_('Findings')}-{_stem(row)}.xlsx", XLSX)


@bp.post("/roster-imports/<int:import_id>/original")
@signed_in
def roster_original(import_id: int) -> Response:
    """The file as it was uploaded; it is full of numbers, so taking it is kept."""
    with transaction():
        content, name = service.original(import_id, actor=current_actor(), at=now())
    return download(content, name, "application/octet-stream")


def _stem(row: RosterImport) -> str:
    return row.name.rsplit(".", 1)[0][:60]
