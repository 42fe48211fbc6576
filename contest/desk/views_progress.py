"""Doors of the marking's progress: the office's page, and a big screen that the organiser may open to everybody."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.desk import marking_progress, settings
from contest.desk.forms import ProgressForm
from contest.entries import queries as entries
from contest.events import queries as events
from contest.web import called

bp = Blueprint("progress", __name__)


@bp.url_value_preprocessor
def _know_the_public_page(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if request.endpoint == "progress.screen":
        g.public_page = True


@bp.get("/editions/<int:edition_id>/progress")
@signed_in
def show(edition_id: int) -> str:
    """How far the marking of each event is, for the office."""
    actor = current_actor()
    found = marking_progress.for_office(actor, edition_id)
    edition = entries.edition_for(actor, edition_id, may="contest.view")
    setting = settings.setting_of(edition_id)
    contest = edition.contest
    may_change = actor.may("contest.configure", holder=contest.holder_id, contest=contest.id)
    crumbs = [(called(edition), url_for("desk.edition", edition_id=edition.id)), (_("Progress"), None)]
    return render_template(
        "desk/progress.html", edition=edition, found=found, setting=setting, crumbs=crumbs, may_change=may_change,
        form=ProgressForm(is_public=setting.is_progress_public) if may_change else None,
    )  # fmt: skip


@bp.post("/editions/<int:edition_id>/progress")
@signed_in
def change(edition_id: int) -> Response:
    """Show the screen to everybody, or to nobody any more."""
    form = ProgressForm()
    edition = events.edition_for(current_actor(), edition_id, may="contest.configure")
    if form.validate_on_submit():
        with transaction():
            edition = events.edition_for(current_actor(), edition_id, may="contest.configure")
            settings.change(
                edition, actor=current_actor(), at=now(), is_progress_public=bool(form.is_public.data)
            )
        flash(_("Kept."), "good")
    return redirect(url_for("progress.show", edition_id=edition_id))


@bp.get("/editions/<int:edition_id>/progress/screen")
def screen(edition_id: int) -> Response:
    """The big screen: as many events as fit, page after page; it asks for itself again."""
    edition, found = marking_progress.for_everybody(edition_id)
    body = render_template("desk/progress_screen.html", edition=edition, found=found)
    answer = current_app.response_class(body)
    answer.headers.update({"Cache-Control": "public, no-cache", "Vary": "Accept-Encoding"})
    answer.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32], weak=True)
    answer.make_conditional(request)
    return answer
