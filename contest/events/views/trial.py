"""The dry run: the rules tried with invented sheets before anyone is judged by them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.events import queries, service
from contest.events.forms.fields import is_chinese
from contest.events.forms.rows import award_word
from contest.events.views.desk_of_rules import language
from contest.events.views.door import bp, crumbs_of
from contest.events.views.events import event_here, side
from contest.events.views.holders import Page
from contest.scoring.awarding.sentences import WORDS


def status_word(status: str) -> str:
    """Why a subject has no rank, in the reader's language; empty for one that has."""
    if status == "present":
        return ""
    pair = WORDS.get(status, (status, status))
    return pair[1] if is_chinese() else pair[0]


@bp.get("/events/<int:event_id>/dry-run")
@signed_in
def trial(event_id: int) -> Page:
    """What the rules in force make of full, middle and zero marks. Nothing is stored by looking."""
    event = queries.event_for(current_actor(), event_id, may="contest.view")
    report = service.dry_run(queries.rules_of(event)) if event.rule_version else None
    return render_template(
        "events/trial.html",
        **side(event, "trial"),
        report=report,
        done=service.last_dry_run(event),
        lang=language(),
        award_word=award_word,
        status_word=status_word,
        crumbs=crumbs_of(event, _("Dry run")),
    )


@bp.post("/events/<int:event_id>/dry-run")
@signed_in
def trial_record(event_id: int) -> Response:
    """Keep that the rules in force were tried and looked at."""
    with transaction():
        row, report = service.record_dry_run(event_here(event_id), actor=current_actor(), at=now())
    if row is None:
        flash(_("The dry run shows errors, so it does not count yet. Mend the rules first."), "bad")
        return redirect(url_for("events.trial", event_id=event_id))
    flash(_("Noted: these rules were tried. The event can be opened now."), "good")
    return redirect(url_for("events.event_setup", event_id=event_id, _anchor="open"))
