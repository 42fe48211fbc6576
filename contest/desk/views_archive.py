"""Doors of an edition's archive: how long each kind is kept, making it, taking it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import files, jobs, web
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.desk import archive, retention
from contest.desk.forms import PlainForm
from contest.desk.models import RetentionPeriod
from contest.errors import Refused
from contest.events import queries as events
from contest.jobs import LIVE
from contest.web import called

bp = Blueprint("archive", __name__)


@bp.get("/editions/<int:edition_id>/archive")
@signed_in
def show(edition_id: int) -> str:
    return _page(edition_id)


def _page(edition_id: int, problem: str = "") -> str:
    edition = events.edition_for(current_actor(), edition_id, may="awards.manage")
    found = archive.jobs_of(edition)
    crumbs: list[tuple[str, Any]] = [
        (called(edition), url_for("desk.edition", edition_id=edition.id)),
        (_("Archive"), None),
    ]
    return render_template(
        "desk/archive.html", edition=edition, crumbs=crumbs, jobs=found, problem=problem, words=_words(),
        periods=retention.periods_of(edition.id), choices=list(RetentionPeriod), sentence=web.sentence,
        is_busy=any(one.state in LIVE for one in found), kept=retention.KINDS,
    )  # fmt: skip


def _words() -> dict[str, str]:
    return {
        "decision": _("Decisions that confer titles"),
        "circular": _("Circulars"),
        "notice": _("Public notices"),
        "scan": _("Stamped scans"),
        "list": _("Published lists with their steps"),
        "bundle": _("Verify bundles"),
        "tally": _("Summaries of results"),
        "protocol": _("Protocols of draws, re-checks and notices"),
        "appeal": _("Appeals with evidence, corrections"),
        "rules": _("Rules, every version"),
        "roster": _("Rosters, personal numbers masked"),
        "marks": _("Marks of final events, every revision"),
        "register": _("Registers of certificates and titles"),
        "log": _("Log of changes"),
    }


@bp.post("/editions/<int:edition_id>/archive/retention")
@signed_in
def keep(edition_id: int) -> Response | tuple[str, int]:
    """The periods as they were chosen."""
    wanted = {kind: request.form[kind] for kind in retention.KINDS if kind in request.form}
    try:
        with transaction():
            edition = events.edition_for(current_actor(), edition_id, may="awards.manage")
            retention.change(edition, wanted, actor=current_actor(), at=now())
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return _page(edition_id, web.sentence(refusal.code, refusal.params)), 422
    flash(_("The periods are kept. An archive that is made from now on names them."), "good")
    return redirect(url_for("archive.show", edition_id=edition_id))


@bp.post("/editions/<int:edition_id>/archive")
@signed_in
def make(edition_id: int) -> Response:
    """Begin to make the archive as it stands now."""
    PlainForm().validate_on_submit()
    with transaction():
        edition = events.edition_for(current_actor(), edition_id, may="awards.manage")
        job_id = archive.start(edition, actor=current_actor(), at=now()).id
    jobs.deliver(job_id)
    flash(_("The archive is being made. You may leave this page."), "good")
    return redirect(url_for("archive.show", edition_id=edition_id))


@bp.post("/archive-jobs/<int:job_id>/<any(pause, cancel, resume):act>")
@signed_in
def steer(job_id: int, act: str) -> Response:
    """Pause, cancel or resume the making."""
    with transaction():
        job, edition = archive.job_for(current_actor(), job_id)
        edition_id = edition.id
        try:
            getattr(jobs, act)(job, actor=current_actor(), at=now())
        except jobs.JobNotLive as refusal:
            flash(web.sentence(refusal.code, refusal.params), "bad")
            return redirect(url_for("archive.show", edition_id=edition_id))
    if act == "resume":
        jobs.deliver(job_id)
    return redirect(url_for("archive.show", edition_id=edition_id))


@bp.get("/archive-jobs/<int:job_id>.zip")
@signed_in
def take(job_id: int) -> Response:
    """The finished archive; each taking is put on record."""
    with transaction():
        job, edition = archive.job_for(current_actor(), job_id)
        stored = archive.taken(job, edition, actor=current_actor(), at=now())
    answer = send_file(
        files.opened(stored), mimetype="application/zip", as_attachment=True, download_name=stored.name
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
