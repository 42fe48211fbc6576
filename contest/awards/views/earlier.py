"""The list of earlier title holders: upload with every bad row shown, and who of the edition stands on it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import current_actor, signed_in
from contest.awards import earlier as reading
from contest.awards import queries, service
from contest.awards.forms import EarlierForm
from contest.awards.views.door import bp, crumbs, tabs
from contest.db import now, transaction
from contest.entries.forms.sentences import CELL
from contest.errors import Refused
from contest.events.queries import edition_for

COLUMNS = {"name": "姓名", "id": "证件号码", "kind": "证件类型", "year": "年度", "number": "文号"}


@bp.route("/editions/<int:edition_id>/earlier-holders", methods=["GET", "POST"])
@signed_in
def earlier(edition_id: int) -> str | Response | tuple[str, int]:
    form = EarlierForm()
    keys = _title_keys(edition_id)
    form.title_key.choices = list(keys.items())
    bad: tuple[reading.BadRow, ...] | None = ()
    if form.validate_on_submit():
        bad = _uploaded(form, edition_id)
        if bad is None:
            return redirect(url_for("awards.earlier", edition_id=edition_id))
    edition = edition_for(current_actor(), edition_id, may="awards.manage")
    holder_id = edition.contest.holder_id
    page = render_template(
        "awards/earlier.html",
        edition=edition,
        form=form,
        keys=keys,
        rows=queries.earlier_holders(holder_id),
        here=queries.people_of_edition_on_list(edition_id, holder_id),
        crumbs=crumbs(edition, (_("Earlier holders"), None)),
        tabs=tabs(edition, "earlier"),
        bad=[
            {"row": one.row, "column": COLUMNS[one.column], "value": one.value, "reason": _reason(one)}
            for one in bad or ()
        ],
    )
    return page, 422 if form.is_submitted() else 200


def _title_keys(edition_id: int) -> dict[str, str]:
    """Titles that the rules of the edition's lists can give, and those that a list was uploaded for before."""
    edition = edition_for(current_actor(), edition_id, may="awards.manage")
    keys = service.title_keys(queries.publications_for(current_actor(), edition_id))
    for one in queries.earlier_holders(edition.contest.holder_id):
        keys.setdefault(one.title_key, one.title_key)
    return keys or {"technical_expert": "技术能手"}


def _uploaded(form: EarlierForm, edition_id: int) -> tuple[reading.BadRow, ...] | None:
    """Take the uploaded list over; None when that was done, else its bad rows with the refusal put to the form."""
    upload = request.files["file"]
    content, name = upload.read(), upload.filename or ""
    try:
        found = service.read_earlier_holders(content, name, year_now=now().year)
        if found.bad:
            form.file.errors = [
                web.sentence("earlier_rows_bad", {"rows": len({one.row for one in found.bad})})
            ]
            return found.bad
        with transaction():
            contest = edition_for(current_actor(), edition_id, may="awards.manage").contest
            fresh, known = service.take_over_earlier_holders(
                contest,
                found,
                title_key=form.title_key.data,
                content=content,
                name=name,
                actor=current_actor(),
                at=now(),
            )
    except Refused as refusal:
        form.file.errors = [web.sentence(refusal.code, refusal.params)]
        return ()
    flash(_("%(fresh)s people taken over, %(known)s were known already.", fresh=fresh, known=known), "good")
    return None


def _reason(one: reading.BadRow) -> str:
    text = CELL.get(one.code)
    return str(text) % one.params if text is not None else web.sentence(one.code, one.params)


@bp.get("/earlier-holders-template.xlsx")
@signed_in
def earlier_template() -> Response:
    return Response(
        reading.template(),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": "attachment; filename=earlier-holders.xlsx"},
    )
