"""Keying paper sheets at the desk, by work code. The same sheet, the same checks, another source."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.judging import progress, queries, service, sheet_rows
from contest.judging.arriving import read_form
from contest.judging.forms import EmptyForm
from contest.judging.models import MarkSource
from contest.judging.refusals import TwoKeyersWanted
from contest.judging.verification import rule_of
from contest.judging.views_frame import bp, in_event, page
from contest.judging.views_tablet import answer, refusals_by_field, sheet_page, take


@bp.get("/events/<int:event_id>/desk")
@signed_in
def desk(event_id: int) -> tuple[str, int] | str | Response:
    """Look a sheet up by the work code on the paper."""
    actor, event = in_event(event_id, "marks.desk")
    if rule_of(event_id).wants_two_keyers:
        return redirect(url_for("judging.double", event_id=event_id))
    code = request.args.get("code", "").strip().upper()
    lines = queries.event_sheets(
        actor, event_id, may="marks.desk", locale=str(get_locale()), work_code=code or None
    )
    problem = web.sentence("code_not_found", {"sheet": code}) if code and not lines else ""
    context = page(actor, event, "judging.desk", _("Keying desk"))
    return render_template(
        "judging/desk.html", lines=lines, code=code, problem=problem, **context
    ), 404 if problem else 200


@bp.get("/desk/sheets/<public_id>")
@signed_in
def key_sheet(public_id: str) -> str:
    actor, event = in_event(queries.event_id_of(public_id), "marks.desk")
    _keyed_once(event.id)
    return _page(queries.office_sheet(actor, public_id, may="marks.desk", locale=str(get_locale())))


@bp.post("/desk/sheets/<public_id>")
@signed_in
def save_keyed(public_id: str) -> tuple[str, int] | Response:
    """The plain form; every changed field becomes a revision keyed at the desk."""
    actor, event = in_event(queries.event_id_of(public_id), "marks.desk")
    _keyed_once(event.id)
    EmptyForm().validate_on_submit()
    locale, event_id = str(get_locale()), event.id
    view = queries.office_sheet(actor, public_id, may="marks.desk", locale=locale)
    marks, unread = read_form(view, request.form, at=now())
    errors = refusals_by_field(marks, take(actor, marks, MarkSource.DESK), unread)
    if errors:
        typed = {
            name.partition("value.")[2]: text
            for name, text in request.form.items()
            if name.startswith("value.")
        }
        view = queries.office_sheet(actor, public_id, may="marks.desk", locale=locale)
        return _page(view, typed=typed, errors=errors), 422
    if request.form.get("then") == "submit":
        return redirect(url_for("judging.key_submit", public_id=public_id))
    flash(_("%(count)s marks stored.", count=len(marks)), "good")
    return redirect(url_for("judging.desk", event_id=event_id))


@bp.route("/desk/sheets/<public_id>/submit", methods=["GET", "POST"])
@signed_in
def key_submit(public_id: str) -> tuple[str, int] | str | Response:
    """Compare with the paper, then submit in the name of those who signed it."""
    actor, event = in_event(queries.event_id_of(public_id), "marks.desk")
    event_id, form, problem = event.id, EmptyForm(), ""
    if form.validate_on_submit():
        try:
            with transaction():
                actor, event = in_event(event_id, "marks.desk")
                row = queries.office_sheet_row(actor, public_id, may="marks.desk")
                signed = [judge.id for judge in queries.holders_of_sheet(row)]
                digest = request.form.get("digest", "")
                service.submit(row, digest=digest, actor=actor, at=now(), method="paper", judge_ids=signed)
            flash(_("Submitted as signed on paper. The chief judge can lock the sheet now."), "good")
            return redirect(url_for("judging.desk", event_id=event_id))
        except Refused as refusal:
            problem = web.sentence(refusal.code, refusal.params)
    actor, event = in_event(event_id, "marks.desk")
    view = queries.office_sheet(actor, public_id, may="marks.desk", locale=str(get_locale()))
    rows = sheet_rows.rows_of(view, str(get_locale()))
    context = page(actor, event, "judging.desk", _("Sheet %(code)s", code=view.line.work_code))
    page_text = render_template(
        "judging/desk_submit.html",
        view=view,
        line=view.line,
        rows=rows,
        digest=service.digest_of_view(view),
        problem=problem,
        sum=sheet_rows.running_sum(view),
        full=sheet_rows.full_sum(view),
        **context,
    )
    return page_text, 409 if problem else 200


@bp.post("/desk/sync")
@signed_in
def desk_sync() -> tuple[Response, int] | Response:
    """The desk's own endpoint for single fields; authorised per sheet in the query."""
    from contest.accounts.sessions import current_actor

    body: Any = request.get_json(silent=True)
    marks = body.get("marks") if isinstance(body, dict) else None
    sheets = {str(one.get("sheet"))[:40] for one in marks or [] if isinstance(one, dict)}
    for event_id in progress.events_of_sheets(sheets):
        _keyed_once(event_id)
    return answer(current_actor(), MarkSource.DESK)


def _keyed_once(event_id: int) -> None:
    """This desk is closed where two people have to key. Raises TwoKeyersWanted."""
    if rule_of(event_id).wants_two_keyers:
        raise TwoKeyersWanted()


def _page(view: queries.SheetView, **typed: Any) -> str:
    public_id = view.line.public_id
    urls = {
        "save": url_for("judging.save_keyed", public_id=public_id),
        "back": url_for("judging.desk", event_id=queries.event_id_of(public_id)),
        "submit": url_for("judging.key_submit", public_id=public_id),
        "sync": url_for("judging.desk_sync"),
    }
    rows = sheet_rows.rows_of(view, str(get_locale()), **typed)
    return render_template("tablet/sheet.html", **sheet_page(view, rows, urls), is_desk=True)
