"""The chief judge's board: sheets by entry and seat with their states, locking and unlocking."""

from __future__ import annotations

from typing import Any

from flask import Response as Streamed
from flask import flash, jsonify, redirect, render_template, request, stream_with_context, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import signed_in
from contest.db import now, transaction
from contest.errors import Forbidden, Refused
from contest.judging import progress, queries, service, sheet_rows
from contest.judging.forms import EmptyForm, ReasonForm
from contest.judging.overview import overview_of
from contest.judging.typed import shown
from contest.judging.views_frame import bp, in_event, make_missing_sheets, module_choices, page, round_choices


@bp.get("/events/<int:event_id>/board")
@signed_in
def board(event_id: int) -> str:
    in_event(event_id, "marks.progress")
    make_missing_sheets(event_id)
    return render_template("judging/board.html", **_board(event_id))


@bp.get("/events/<int:event_id>/board/live")
@signed_in
def board_live(event_id: int) -> str:
    """The board's changing part alone, for the page that listens."""
    return render_template("judging/_board.html", **_board(event_id))


def _board(event_id: int) -> dict[str, Any]:
    actor, event = in_event(event_id, "marks.progress")
    locale = str(get_locale())
    return page(
        actor,
        event,
        "judging.board",
        _("Board"),
        board=overview_of(actor, event_id, locale=locale, at=now()),
        rounds=round_choices(event),
        modules=module_choices(event),
        shown=shown,
        locale=locale,
    )


@bp.get("/events/<int:event_id>/board/pulse")
@signed_in
def board_pulse(event_id: int) -> Streamed:
    """Whether the board has changed, for browsers that ask instead of listening."""
    in_event(event_id, "marks.progress")
    return jsonify(pulse=progress.pulse(event_id))


@bp.get("/events/<int:event_id>/board/stream")
@signed_in
def board_stream(event_id: int) -> Streamed:
    """The same as server-sent events; no mark and no name travels here, only that something changed."""
    in_event(event_id, "marks.progress")
    beats = stream_with_context(progress.beats(event_id))
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return Streamed(beats, mimetype="text/event-stream", headers=headers)


@bp.get("/sheets/<public_id>")
@signed_in
def sheet(public_id: str) -> str:
    """One sheet with its marks and their history, for those who may read marks."""
    return show_sheet(public_id, ReasonForm())


def show_sheet(public_id: str, form: ReasonForm | None = None) -> str:
    event_id = queries.event_id_of(public_id)
    actor, event = in_event(event_id, "marks.view")
    if queries.owes_own_mark(actor, public_id):
        raise Forbidden("own_sheet_first")
    view = queries.office_sheet(actor, public_id, may="marks.view", locale=str(get_locale()))
    return render_template(
        "judging/sheet.html",
        view=view,
        beside=queries.beside_of(public_id, {one.key: one.title(str(get_locale())) for one in view.aspects}),
        line=view.line,
        rows=sheet_rows.rows_of(view, str(get_locale())),
        sum=sheet_rows.running_sum(view),
        full=sheet_rows.full_sum(view),
        history=queries.history_of(public_id),
        shown=shown,
        form=form or ReasonForm(),
        **page(actor, event, "judging.board", _("Sheet %(code)s", code=view.line.work_code)),
    )


@bp.post("/sheets/<public_id>/lock")
@signed_in
def lock(public_id: str) -> tuple[str, int] | Response:
    EmptyForm().validate_on_submit()
    event_id = queries.event_id_of(public_id)
    in_event(event_id, "marks.lock")
    try:
        with transaction():
            actor, _event = in_event(event_id, "marks.lock")
            service.lock(queries.office_sheet_row(actor, public_id, may="marks.lock"), actor=actor, at=now())
    except Refused as refusal:
        flash(web.sentence(refusal.code, refusal.params), "bad")
        return show_sheet(public_id), refusal.status
    flash(_("Locked."), "good")
    return redirect(url_for("judging.sheet", public_id=public_id))


@bp.post("/sheets/<public_id>/unlock")
@signed_in
def unlock(public_id: str) -> tuple[str, int] | Response:
    form = ReasonForm()
    event_id = queries.event_id_of(public_id)
    in_event(event_id, "marks.lock")
    if not form.validate_on_submit():
        return show_sheet(public_id, form), 422
    with transaction():
        actor, _event = in_event(event_id, "marks.lock")
        row = queries.office_sheet_row(actor, public_id, may="marks.lock")
        service.unlock(row, reason=form.reason.data, actor=actor, at=now())
    flash(
        _("Unlocked. The judge can change the sheet, has to submit it again, and it has to be locked again."),
        "good",
    )
    return redirect(url_for("judging.sheet", public_id=public_id))


@bp.post("/events/<int:event_id>/problems/<int:problem_id>/answer")
@signed_in
def answer_problem(event_id: int, problem_id: int) -> Response:
    """The chief judge has dealt with a judge's call; the words go to the judge's sheet."""
    EmptyForm().validate_on_submit()
    in_event(event_id, "marks.lock")
    with transaction():
        actor, _event = in_event(event_id, "marks.lock")
        problem = queries.problem_of(event_id, problem_id)
        service.answer_problem(problem, answer=request.form.get("answer", "")[:500], actor=actor, at=now())
    flash(_("Dealt with. The judge sees your answer on the sheet."), "good")
    return redirect(url_for("judging.board", event_id=event_id))


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
            _(
                "%(count)s sheets stay open: not submitted, not fully signed, not checked, or their panel has to talk.",
                count=waiting,
            ),
            "warn",
        )
    return redirect(url_for("judging.board", event_id=event_id))
