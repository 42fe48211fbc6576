"""The register of titles, and what happens to a title outside its decision."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import web, words
from contest.accounts.sessions import current_actor, signed_in
from contest.awards import exports, kinds, queries, service
from contest.awards.forms import EndingForm, ReasonForm
from contest.awards.models import Title, TitleState
from contest.awards.views.door import bp, carried_out, crumbs, label_of, language, tabs
from contest.db import now
from contest.events.queries import edition_for

PAGE = 50


def _found() -> tuple[list[Title], int | None, str, str]:
    edition_id = request.args.get("edition", type=int)
    text, state = request.args.get("q", ""), request.args.get("state", "")
    chosen = TitleState(state) if state in {one.value for one in TitleState} else None
    return (
        queries.register(current_actor(), edition_id=edition_id, text=text, state=chosen),
        edition_id,
        text,
        state,
    )


@bp.get("/titles")
@signed_in
def register() -> str:
    rows, edition_id, text, state = _found()
    page = max(1, request.args.get("page", 1, type=int))
    edition = edition_for(current_actor(), edition_id, may="contest.view") if edition_id else None
    return render_template(
        "awards/register.html",
        rows=rows[(page - 1) * PAGE : page * PAGE], total=len(rows), page=page, pages=-(-len(rows) // PAGE) or 1, size=PAGE,
        q=text, state=state, states=list(TitleState), edition=edition, label_of=label_of,
        crumbs=crumbs(edition, (_("Register of titles"), None)) if edition else [(_("Register of titles"), None)],
        tabs=tabs(edition, "register") if edition else [],
    )  # fmt: skip


@bp.get("/titles.xlsx")
@signed_in
def register_file() -> Response:
    rows, _edition, _text, _state = _found()
    headings = [
        _("No."), _("Name"), _("Organisation"), _("Title"), _("State"), _("Contest"), _("Event"), _("Rank"), _("Authority"),
        _("Reference of the document"), _("Date"), _("Reason"),
    ]  # fmt: skip
    content = exports.register_xlsx(
        rows, headings, lambda one: words.term(one.state, str(get_locale())), web.neutral
    )
    return Response(
        content,
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": "attachment; filename=titles.xlsx"},
    )


@bp.route("/titles/<int:title_id>", methods=["GET", "POST"])
@signed_in
def title(title_id: int) -> str | Response | tuple[str, int]:
    """One title; the form refuses a proposal or revokes a conferred title, whichever its state allows."""
    row = queries.title_for(current_actor(), title_id)
    form = EndingForm()

    def work() -> None:
        found = queries.title_for(current_actor(), title_id)
        act = service.revoke if found.state is TitleState.CONFERRED else service.refuse
        act(
            found, reason=form.reason.data or "", number=form.number.data or "", dated_on=form.dated_on.data,
            actor=current_actor(), at=now(),
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Recorded, with the reason."), "good")
        return redirect(url_for("awards.title", title_id=title_id))
    row = queries.title_for(current_actor(), title_id)
    kind = kinds.kinds_of(row.holder_id).get(row.key)
    page = render_template(
        "awards/title.html", title=row, form=form, label=label_of(row), kind=kind,
        rights=kinds.rights_of(kind, english=language() == "en"),
        crumbs=crumbs(row.award.publication.event.sub_contest.edition, (row.name, None)),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@bp.post("/titles/<int:title_id>/submit")
@signed_in
def submit(title_id: int) -> Response:
    form = ReasonForm()
    ok = carried_out(
        form,
        lambda: service.submit(queries.title_for(current_actor(), title_id), actor=current_actor(), at=now()),
    )
    flash(_("Noted as submitted.") if ok else "; ".join(map(str, form.form_errors)), "good" if ok else "bad")
    return redirect(url_for("awards.title", title_id=title_id))
