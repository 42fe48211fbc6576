"""Marks that changed after they were signed: by whom, why, old → new."""

from __future__ import annotations

from flask import current_app, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from contest.accounts.sessions import signed_in
from contest.events.queries import scope_of
from contest.judging import corrections
from contest.judging.typed import shown
from contest.judging.views_frame import aspect_titles, bp, in_event, module_choices, page


@bp.get("/events/<int:event_id>/corrections")
@signed_in
def corrections_page(event_id: int) -> str:
    """Every such mark of the event, newest first; a new correction is proposed in the room that shows its effect."""
    actor, event = in_event(event_id, "marks.view")
    known = "results.propose_correction" in current_app.view_functions
    there = known and actor.may("results.correct", **scope_of(event))
    return render_template(
        "judging/corrections.html",
        changes=corrections.changes_of(event_id),
        titles=aspect_titles(event, str(get_locale())),
        modules=dict(module_choices(event)),
        shown=shown,
        proposal=url_for("results.propose_correction", event_id=event_id) if there else "",
        **page(actor, event, "judging.corrections_page", _("Changed marks")),
    )
