"""Marks that changed after they were signed: the list, and the chief judge's own correction."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.judging import corrections, queries, service
from contest.judging.forms import EmptyForm
from contest.judging.models import MarkState
from contest.judging.typed import shown
from contest.judging.views_board import show_sheet
from contest.judging.views_frame import aspect_titles, bp, in_event, module_choices, page


@bp.get("/events/<int:event_id>/corrections")
@signed_in
def corrections_page(event_id: int) -> str:
    """By whom, why, old → new."""
    actor, event = in_event(event_id, "marks.view")
    return render_template(
        "judging/corrections.html",
        changes=corrections.changes_of(event_id),
        titles=aspect_titles(event, str(get_locale())),
        modules=dict(module_choices(event)),
        shown=shown,
        **page(actor, event, "judging.corrections_page", _("Changed marks")),
    )


@bp.post("/sheets/<public_id>/correct")
@signed_in
def correct(public_id: str) -> tuple[str, int] | Response:
    """The chief judge's decision about one mark of a locked sheet; it stays locked."""
    event_id = queries.event_id_of(public_id)
    in_event(event_id, "marks.lock")
    EmptyForm().validate_on_submit()
    typed = _typed(public_id)
    if typed is None:
        flash(_("Choose the aspect, and type what its mark should be."), "bad")
        return show_sheet(public_id), 422
    try:
        with transaction():
            actor, _event = in_event(event_id, "marks.lock")
            row = queries.office_sheet_row(actor, public_id, may="marks.lock")
            reason = request.form.get("reason", "")[:500]
            receipt = service.correct(row, typed, reason=reason, actor=actor, at=now())
    except Refused as refusal:
        flash(web.sentence(refusal.code, refusal.params), "bad")
        return show_sheet(public_id), refusal.status
    if receipt.status in ("refused", "stale"):
        flash(web.sentence(f"mark_{receipt.reason}", receipt.params), "bad")
        return show_sheet(public_id), 422
    flash(_("Corrected. Both marks are kept, with your reason."), "good")
    return redirect(url_for("judging.sheet", public_id=public_id))


def _typed(public_id: str) -> service.Typed | None:
    """The correction as typed; `field` is "aspect.attempt" and, after a bar, the uuid of the mark that was shown."""
    name, _bar, seen = request.form.get("field", "").partition("|")
    aspect, _dot, attempt = name.rpartition(".")
    try:
        state = MarkState(request.form.get("state") or "value")
        value = request.form.get("value", "").strip() if state is MarkState.VALUE else None
        replaces = UUID(seen) if seen else None
        return service.Typed(uuid4(), public_id, aspect, state, value, replaces, int(attempt), typed_at=now())
    except ValueError:
        return None
