"""Freezing a list as it stands: to find it right, and to publish it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.events import queries as events
from contest.results import service
from contest.results.compute import Computation, compute_event
from contest.results.forms import CheckListForm, PublishForm
from contest.results.models import Snapshot
from contest.results.refusals import ListUnknown
from contest.results.views.door import bp


@bp.post("/events/<int:event_id>/results/publish")
@signed_in
def publish(event_id: int) -> Response:
    """Freeze the chosen list and publish it as provisional results."""
    form = PublishForm()
    if not form.validate_on_submit():
        flash(_("Nothing was published. Check the note and try again."), "bad")
        return redirect(_back(event_id))
    made: list[int] = []

    def work(snapshot: Snapshot, computation: Computation) -> None:
        if request.form.get("ask"):
            service.ask_to_publish(snapshot=snapshot, actor=current_actor(), at=now())
            return
        publication = service.publish(
            snapshot=snapshot,
            actor=current_actor(),
            at=now(),
            is_embargoed=bool(form.is_embargoed.data),
            note=form.note.data or "",
            shown_places=form.shown_places.data,
            computation=computation,
        )
        made.append(publication.id)

    if not _frozen(event_id, "results.publish", work):
        return redirect(_back(event_id))
    if not made:
        flash(_("Asked. Somebody else publishes the list."), "good")
        return redirect(_back(event_id))
    flash(_("Published as provisional results. Appeals are open."), "good")
    return redirect(url_for("results.publication", publication_id=made[0]))


@bp.post("/events/<int:event_id>/results/check")
@signed_in
def check(event_id: int) -> Response:
    """Freeze the chosen list and put on record that it was compared with the score sheets and found right."""
    form = CheckListForm()

    def work(snapshot: Snapshot, computation: Computation) -> None:
        service.check_list(
            snapshot=snapshot,
            actor=current_actor(),
            at=now(),
            note=form.note.data or "",
            computation=computation,
        )

    if not form.validate_on_submit():
        flash(_("Nothing was recorded. Shorten the note and try again."), "bad")
    elif _frozen(event_id, "results.check", work):
        flash(_("Checked. It holds for exactly this list."), "good")
    return redirect(_back(event_id))


def _back(event_id: int) -> str:
    ranking, round_key = request.form.get("ranking", ""), request.form.get("round", "")
    return url_for("results.event", event_id=event_id, ranking=ranking or None, round=round_key or None)


def _frozen(event_id: int, act: str, work: Callable[[Snapshot, Computation], None]) -> bool:
    """Freeze the list that the form names and do one thing with it; a refusal becomes a line on the page."""
    actor, round_key = current_actor(), request.form.get("round", "")
    try:
        with transaction():
            row = events.event_for(actor, event_id, may=act)
            computation = compute_event(row)
            round_row = computation.inputs.rounds.get(round_key) if round_key else None
            if round_key and round_row is None:
                raise ListUnknown()
            snapshot = service.take_snapshot(
                event=row,
                ranking_key=request.form.get("ranking", ""),
                round_id=round_row.id if round_row else None,
                actor=actor,
                at=now(),
                computation=computation,
            )
            work(snapshot, computation)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        flash(web.sentence(refusal.code, refusal.params), "bad")
        return False
    return True
