"""Where a total comes from: the tree down to each judge's mark, for those who may see marks."""

from __future__ import annotations

from fractions import Fraction

from flask import abort, render_template, request
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor, signed_in
from contest.events import queries as events
from contest.results import exports
from contest.results.compute import compute_event
from contest.results.seating import seat_names
from contest.results.views.door import bp, crumbs, locale, read_ranks
from contest.scoring.explain_words import STATES, shown


@bp.app_template_filter("exact")
def exact(value: Fraction) -> str:
    """An exact number for people; ≈ before it where it does not end within six decimals."""
    return shown(value)


@bp.get("/events/<int:event_id>/results/<ranking_key>/<subject>")
@signed_in
def explain(event_id: int, ranking_key: str, subject: str) -> str:
    """The explanation of one subject's total in a ranking (with `round`: in one round)."""
    row = events.event_for(current_actor(), event_id, may="marks.view")
    round_key = request.args.get("round", "")
    read_ranks(
        row,
        "explain",
        ranking_key,
        next((one.id for one in row.rounds if one.key == round_key), None) if round_key else None,
    )
    computation = compute_event(row)
    facts = computation.inputs.roster.facts.get(subject)
    if facts is None or (ranking_key, "") not in computation.list_keys():
        abort(404)
    try:
        standing = computation.standing(ranking_key, round_key)
        line = standing.row(subject)
    except KeyError:
        abort(404)
    listing = computation.listing(ranking_key, round_key)
    return render_template(
        "results/explain.html",
        event=row,
        crumbs=crumbs(row, (facts.name, None)),
        title=exports.title_of(listing.heading, locale()),
        facts=facts,
        line=line,
        tree=computation.outcome.explain(ranking_key, subject),
        seats=seat_names(event_id),
        members={key: one.name for key, one in computation.inputs.roster.facts.items()},
        state_words=STATES | {"value": ("", "")},
        language="en" if locale() == "en" else "zh",
        subtitle=_("Every number is exact; it is rounded only where the rules say."),
    )
