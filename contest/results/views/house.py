"""The edition's own workbook for lists: uploaded, taken away, filled."""

from __future__ import annotations

import io
from typing import Any

from flask import flash, make_response, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.errors import Missing
from contest.events import queries as events
from contest.results import exports, house, queries
from contest.results.forms import PlainForm, TemplateForm
from contest.results.views.door import bp, carried_out, locale, read_under_embargo

ACT = "results.publish"


@bp.get("/editions/<int:edition_id>/list-template")
@signed_in
def list_template(edition_id: int) -> Response:
    return _page(edition_id, TemplateForm(formdata=None))


def _page(edition_id: int, form: TemplateForm, status: int = 200) -> Response:
    edition = events.edition_for(current_actor(), edition_id, may=ACT)
    body = render_template(
        "results/list_template.html",
        edition=edition,
        crumbs=[
            (edition.name, url_for("desk.edition", edition_id=edition.id)),
            (_("Workbook of lists"), None),
        ],
        row=house.template_of(edition_id),
        form=form,
        plain=PlainForm(),
        head=house.HEAD,
        line=house.LINE,
        mark=house.MARK,
    )
    return make_response(body, status)


@bp.post("/editions/<int:edition_id>/list-template")
@signed_in
def keep_list_template(edition_id: int) -> Response:
    events.edition_for(current_actor(), edition_id, may=ACT)
    form = TemplateForm()

    def work() -> None:
        house.keep_template(
            edition=events.edition_for(current_actor(), edition_id, may=ACT),
            name=form.workbook.data.filename or "list.xlsx",
            content=form.workbook.data.read(),
            actor=current_actor(),
            at=now(),
        )

    if form.validate_on_submit() and carried_out(form, work, "workbook"):
        flash(_("Kept. Lists can be filled into it now."), "good")
        return redirect(url_for("results.list_template", edition_id=edition_id))
    return _page(edition_id, form, 422)


@bp.post("/editions/<int:edition_id>/list-template/drop")
@signed_in
def drop_list_template(edition_id: int) -> Response:
    with transaction():
        edition: Any = events.edition_for(current_actor(), edition_id, may=ACT)
        house.drop_template(edition=edition, actor=current_actor(), at=now())
    flash(_("Taken away. Lists have the usual form."), "good")
    return redirect(url_for("results.list_template", edition_id=edition_id))


@bp.get("/publications/<int:publication_id>/house.xlsx")
@signed_in
def house_workbook(publication_id: int) -> Response:
    """The list in the edition's own workbook."""
    row = queries.publication_for(current_actor(), publication_id, may="results.view")
    read_under_embargo(row, "workbook")
    template = house.template_of(row.event.sub_contest.edition_id)
    if template is None:
        raise Missing()
    content = house.filled(house.content_of(template), row, queries.rows_for(row), locale())
    name = exports.file_name(row, "xlsx", locale())
    return send_file(
        io.BytesIO(content), mimetype=exports.SUFFIXES["xlsx"], download_name=name, as_attachment=True
    )
