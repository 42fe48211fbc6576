"""The chief judge's board: sheets by entry and seat with their states, locking and unlocking."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import signed_in
from contest.db import now, transaction
from contest.errors import Forbidden
from contest.judging import board as boards
from contest.judging import queries, service, sheet_rows
from contest.judging.forms import EmptyForm, ReasonForm
from contest.judging.typed import shown
from contest.judging.views_frame import bp, in_event, module_choices, page, round_choices


@bp.get("/events/<int:event_id>/board")
@signed_in
def board(event_id: int) -> str:
    actor, event = in_event(event_id, "marks.progress")
    lines = queries.event_sheets(actor, event_id, may="marks.progress", locale=str(get_locale()))
    return render_template(
        "judging/board.html",
        grids=boards.grids_of(lines),
        missing=queries.missing_sheets(event_id),
        locks=queries.lock_state(event_id),
        without=queries.subjects_without_sheets(event_id),
        unheld=queries.unheld_seats(event_id),
        rounds=round_choices(event),
        modules=module_choices(event),
        form=EmptyForm(),
        **page(actor, event, "judging.board", _("Board")),
    )


@bp.get("/sheets/<public_id>")
@signed_in
def sheet(public_id: str) -> str:
    """One sheet with its marks and their history, for those who may read marks."""
    return _sheet(public_id, ReasonForm())


def _sheet(public_id: str, form: ReasonForm) -> str:
    event_id = queries.event_id_of(public_id)
    actor, event = in_event(event_id, "marks.view")
    if queries.owes_own_mark(actor, public_id):
        raise Forbidden("own_sheet_first")
    view = queries.office_sheet(actor, public_id, may="marks.view", locale=str(get_locale()))
    return render_template(
        "judging/sheet.html",
        view=view,
        line=view.line,
        rows=sheet_rows.rows_of(view, str(get_locale())),
        sum=sheet_rows.running_sum(view),
        full=sheet_rows.full_sum(view),
        history=queries.history_of(public_id),
        shown=shown,
        form=form,
        **page(actor, event, "judging.board", _("Sheet %(code)s", code=view.line.work_code)),
    )


@bp.post("/sheets/<public_id>/lock")
@signed_in
def lock(public_id: str) -> Response:
    EmptyForm().validate_on_submit()
    event_id = queries.event_id_of(public_id)
    in_event(event_id, "marks.lock")
    with transaction():
        actor, _event = in_event(event_id, "marks.lock")
        service.lock(queries.office_sheet_row(actor, public_id, may="marks.lock"), actor=actor, at=now())
    flash(_("Locked."), "good")
    return redirect(url_for("judging.sheet", public_id=public_id))


@bp.post("/sheets/<public_id>/unlock")
@signed_in
def unlock(public_id: str) -> tuple[str, int] | Response:
    form = ReasonForm()
    event_id = queries.event_id_of(public_id)
    in_event(event_id, "marks.lock")
    if not form.validate_on_submit():
        return _sheet(public_id, form), 422
    with transaction():
        actor, _event = in_event(event_id, "marks.lock")
        row = queries.office_sheet_row(actor, public_id, may="marks.lock")
        service.unlock(row, reason=form.reason.data, actor=actor, at=now())
    flash(
        _("Unlocked. The judge can change the sheet, has to submit it again, and it has to be locked again."),
        "good",
    )
    return redirect(url_for("judging.sheet", public_id=public_id))


@bp.post("/events/<int:event_id>/lock")
@signed_in
def lock_all(event_id: int) -> Response:
    """Lock all submitted sheets of the event, or of one round or module."""
    EmptyForm().validate_on_submit()
    in_event(event_id, "marks.lock")
    round_id, module_key = request.form.get("round_id", type=int), request.form.get("module_key") or None
    with transaction():
        actor, event = in_event(event_id, "marks.lock")
        done, waiting = service.lock_all(
            event, actor=actor, at=now(), round_id=round_id or None, module_key=module_key
        )
    flash(_("%(count)s sheets locked.", count=done), "good")
    if waiting:
        flash(
            _("%(count)s sheets are not submitted or not fully signed, so they stay open.", count=waiting),
            "warn",
        )
    return redirect(url_for("judging.board", event_id=event_id))
