"""Handing registrations in, accepting and returning them: one row a delegation."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.entries import delegations, eligibility, handing_in, queries, service
from contest.entries.forms.entry import ReasonForm
from contest.entries.models import Handing
from contest.entries.views.door import (
    Page,
    bp,
    carried_out,
    done_or_told,
    edition_crumbs,
    edition_side,
    today_of,
)
from contest.events.models import EventState

TONES = {Handing.HANDED_IN: "info", Handing.ACCEPTED: "good", Handing.RETURNED: "warn"}


@bp.get("/editions/<int:edition_id>/registrations")
@signed_in
def registrations(edition_id: int) -> Page:
    actor = current_actor()
    edition = queries.edition_for(actor, edition_id, may="entries.view")
    own = {row.id for row in eligibility.delegations_for_entry(actor, edition_id)}
    may_check = actor.may("entries.review", holder=edition.contest.holder_id, contest=edition.contest_id)
    return render_template(
        "entries/registrations.html",
        edition=edition,
        rows=handing_in.standings_for(actor, edition_id),
        own=own if _is_open(edition_id) else set(),
        may_check=may_check,
        limited=queries.is_limited(actor, edition_id),
        over=handing_in.is_over(edition, today_of(edition.contest)),
        Handing=Handing,
        tones=TONES,
        side=edition_side(edition, "registrations"),
        crumbs=edition_crumbs(edition, (_("Registrations"), None)),
    )


@bp.post("/delegations/<int:delegation_id>/hand-in")
@signed_in
def registration_hand_in(delegation_id: int) -> Page:
    """The registrar says it is complete; an organiser may do it for a delegation."""
    actor, edition_id = current_actor(), _edition_of(delegation_id)
    done_or_told(
        lambda: service.hand_in(delegation_id, actor=actor, at=now()),
        _("The registration was handed in. The organiser checks it now."),
    )
    return redirect(url_for("entries.registrations", edition_id=edition_id))


@bp.post("/delegations/<int:delegation_id>/accept")
@signed_in
def registration_accept(delegation_id: int) -> Page:
    """The organiser has checked it."""
    actor = current_actor()
    edition_id = delegations.delegation_for(actor, delegation_id).edition_id
    done_or_told(
        lambda: service.accept(delegation_id, actor=actor, at=now()), _("The registration was accepted.")
    )
    return redirect(url_for("entries.registrations", edition_id=edition_id))


@bp.route("/delegations/<int:delegation_id>/return", methods=["GET", "POST"])
@signed_in
def registration_return(delegation_id: int) -> Page:
    """Back to the registrar, with the reason they read."""
    actor = current_actor()
    row = delegations.delegation_for(actor, delegation_id)
    edition = queries.edition_for(actor, row.edition_id, may="entries.review")
    form, name = ReasonForm(), row.name
    back = url_for("entries.registrations", edition_id=edition.id)

    def work() -> None:
        service.give_back(delegation_id, reason=form.reason.data or "", actor=actor, at=now())

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("The registration was returned; its registrar can change it again."), "good")
        return redirect(back)
    title = _("Return the registration of %(name)s", name=name)
    page = render_template(
        "entries/reason.html",
        form=form,
        title=title,
        lead=_("The registrar reads the reason and can change the registration again."),
        back=back,
        side=edition_side(edition, "registrations"),
        crumbs=edition_crumbs(edition, (_("Registrations"), back), (title, None)),
    )
    return page, 422 if request.method == "POST" else 200


def _is_open(edition_id: int) -> bool:
    """Whether any event that this person registers for isn't closed yet."""
    events = eligibility.events_for_entry(current_actor(), edition_id)
    return any(event.state is not EventState.CLOSED for event in events)


def _edition_of(delegation_id: int) -> int:
    """The edition to come back to; only for whoever registers people of this delegation."""
    return handing_in.delegation_for_entry(current_actor(), delegation_id).edition_id
