"""Re-checks: drawn by a seed, recorded sheet by sheet, ended with a report to sign."""

from __future__ import annotations

import io
import secrets
from typing import Any

from flask import flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.events import queries as events
from contest.events.queries import rules_of
from contest.results import service
from contest.results.forms import CheckForm, PlainForm, RecheckForm
from contest.results.recheck_paper import report_pdf
from contest.results.rechecks import recheck_for, rechecks_of, tally_of
from contest.results.views.door import bp, carried_out, crumbs, locale, tabs, zoned

ACT = "results.recheck"


@bp.get("/events/<int:event_id>/rechecks")
@signed_in
def rechecks(event_id: int) -> str:
    """The re-checks of an event, and the form to draw one."""
    return _index(event_id)


def _index(event_id: int, form: RecheckForm | None = None) -> str:
    actor = current_actor()
    event = zoned(events.event_for(actor, event_id, may=ACT))
    blank = RecheckForm(formdata=None, top=3, share=15, seed=secrets.token_hex(8))
    return render_template(
        "results/rechecks.html",
        event=event,
        crumbs=crumbs(event, (_("Re-check"), None)),
        tabs=tabs(event, actor, "rechecks"),
        rows=[(row, tally_of(row)) for row in rechecks_of(event_id)],
        form=form or blank,
    )


@bp.post("/events/<int:event_id>/rechecks")
@signed_in
def draw_recheck(event_id: int) -> Response | tuple[str, int]:
    form = RecheckForm()
    made: list[int] = []

    def work() -> None:
        event = events.event_for(current_actor(), event_id, may=ACT)
        row = service.draw_recheck(
            event=event,
            ranking_key=rules_of(event).rankings[0].key,
            top=form.top.data,
            share_bp=(form.share.data or 0) * 100,
            seed=form.seed.data,
            actor=current_actor(),
            at=now(),
        )
        made.append(row.id)

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Drawn. Compare each sheet with the marks on record."), "good")
        return redirect(url_for("results.recheck", recheck_id=made[0]))
    return _index(event_id, form), 422


@bp.get("/rechecks/<int:recheck_id>")
@signed_in
def recheck(recheck_id: int) -> str:
    return _page(recheck_id)


def _page(recheck_id: int, **forms: Any) -> str:
    row, event = recheck_for(current_actor(), recheck_id, may=ACT)
    zoned(event)
    back = url_for("results.rechecks", event_id=event.id)
    return render_template(
        "results/recheck.html",
        recheck=row,
        event=event,
        crumbs=crumbs(event, (_("Re-check"), back), (row.seed, None)),
        tally=tally_of(row),
        tells_why=service.may_read_ranks(current_actor(), event),  # "first places" is a rank too
        **{"form": CheckForm(formdata=None, wrong=0), "plain": PlainForm(), "item_id": 0} | forms,
    )


@bp.post("/rechecks/<int:recheck_id>/items/<int:item_id>")
@signed_in
def check_item(recheck_id: int, item_id: int) -> Response | tuple[str, int]:
    form = CheckForm()

    def work() -> None:
        row, _event = recheck_for(current_actor(), recheck_id, may=ACT)
        service.check_item(
            recheck=row,
            item_id=item_id,
            wrong=form.wrong.data,
            note=form.note.data or "",
            actor=current_actor(),
            at=now(),
        )

    if form.validate_on_submit() and carried_out(form, work):
        return redirect(url_for("results.recheck", recheck_id=recheck_id, _anchor=f"item-{item_id}"))
    return _page(recheck_id, form=form, item_id=item_id), 422


@bp.post("/rechecks/<int:recheck_id>/close")
@signed_in
def close_recheck(recheck_id: int) -> Response | tuple[str, int]:
    form = PlainForm()
    closed: list[bool] = []

    def work() -> None:
        row, _event = recheck_for(current_actor(), recheck_id, may=ACT)
        service.close_recheck(recheck=row, actor=current_actor(), at=now())
        closed.append(row.closed_at is not None)

    if form.validate_on_submit() and carried_out(form, work):
        if closed[0]:
            flash(_("Ended. Print the report and sign it."), "good")
        else:
            flash(_("More than 5 percent of the marks differ: all other sheets were added."), "bad")
        return redirect(url_for("results.recheck", recheck_id=recheck_id))
    return _page(recheck_id, plain=form), 409


@bp.get("/rechecks/<int:recheck_id>/report.pdf")
@signed_in
def recheck_report(recheck_id: int) -> Response:
    """The report of a re-check, to sign."""
    row, event = recheck_for(current_actor(), recheck_id, may=ACT)
    paper = report_pdf(row, event, locale())
    return send_file(io.BytesIO(paper), mimetype="application/pdf", download_name="recheck.pdf")
