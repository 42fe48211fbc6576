"""The summary in large type, and signing what it shows."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import current_actor
from contest.db import now, transaction
from contest.errors import Refused
from contest.judging import queries, service, sheet_rows
from contest.judging.forms import EmptyForm
from contest.judging.views_device import marking_here
from contest.judging.views_tablet import bp, frame, judges_only


@bp.get("/sheets/<public_id>/submit")
@judges_only
def submit(public_id: str) -> str:
    """The summary in large type: what will be signed."""
    view = queries.my_sheet(current_actor(), public_id, locale=str(get_locale()))
    return _summary(view)


@bp.post("/sheets/<public_id>/submit")
@judges_only
@marking_here
def submit_now(public_id: str) -> tuple[str, int] | Response:
    """Sign with a press or a drawing; a group's other judges may sign on this device, each for themselves."""
    actor = current_actor()
    EmptyForm().validate_on_submit()
    try:
        with transaction():
            service.sign_here(
                queries.my_sheet_row(actor, public_id),
                digest=request.form.get("digest", ""),
                drawing=request.form.get("drawing", ""),
                judge=request.form.get("judge", ""),
                word=request.form.get("word", ""),
                actor=actor,
                at=now(),
            )
    except Refused as refusal:
        view = queries.my_sheet(actor, public_id, locale=str(get_locale()))
        problem = web.sentence(refusal.code, refusal.params)
        return _summary(view, problem=problem, word=request.form.get("word", "")), refusal.status
    view = queries.my_sheet(actor, public_id, locale=str(get_locale()))
    if view.unsigned:
        flash(_("Signed. Still to sign: %(names)s", names="、".join(view.unsigned)), "good")
        return redirect(url_for("tablet.submit", public_id=public_id))
    flash(_("Submitted. The chief judge can lock the sheet now."), "good")
    return redirect(url_for("tablet.home"))


@bp.post("/sheets/<public_id>/take-back")
@judges_only
@marking_here
def take_back(public_id: str) -> Response:
    actor = current_actor()
    EmptyForm().validate_on_submit()
    with transaction():
        service.take_back(queries.my_sheet_row(actor, public_id), actor=actor, at=now())
    flash(_("The sheet is yours again. Submit it when you are done."), "info")
    return redirect(url_for("tablet.sheet", public_id=public_id))


def _summary(view: queries.SheetView, problem: str = "", word: str = "") -> str:
    locale = str(get_locale())
    rows = sheet_rows.rows_of(view, locale)
    noticed = service.noticed(queries.my_sheet_row(current_actor(), view.line.public_id))
    return render_template(
        "tablet/submit.html",
        view=view,
        line=view.line,
        rows=rows,
        digest=service.digest_of_view(view),
        problem=problem,
        word=word,
        sheet_comment=view.comments.get(("", 1), ""),
        mute=[row for row in rows if (row.aspect.key, row.attempt) in noticed.comments_missing],
        odd=[(one, sheet_rows.row_of(rows, one.aspect, one.attempt)) for one in noticed.findings],
        sum=sheet_rows.running_sum(view),
        full=sheet_rows.full_sum(view),
        **frame(),
    )
