"""The decoding ceremony: layers chosen by the coder, opened by the supervisor, and the protocol to sign."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.entries import layers
from contest.entries.forms.entry import LayersForm, WitnessForm
from contest.entries.queries import display_name, may_see_codes
from contest.entries.views import papers
from contest.entries.views.door import (
    Page,
    bp,
    carried_out,
    done_or_told,
    event_crumbs,
    event_side,
    may_open_codes,
    pdf_response,
)
from contest.errors import Missing
from contest.events import queries as events
from contest.events.models import Event


def _event(event_id: int) -> Event:
    event = events.event_for(current_actor(), event_id, may="contest.view")
    if not may_open_codes(event) and not may_see_codes(current_actor(), event, events.scope_of(event)):
        raise Missing()
    return event


def _page(event_id: int, form: WitnessForm, status: int = 200) -> Page:
    event, actor = _event(event_id), current_actor()
    openings, scope = layers.openings_of(event_id), events.scope_of(event)
    opened_to = openings[-1].layer if openings else layers.layers_of(event_id) + 1
    page = render_template(
        "entries/decoding.html",
        event=event,
        form=form,
        layers=layers.layers_of(event_id),
        openings=openings,
        opened_to=opened_to,
        turn=layers.next_layer(event_id),
        chains=layers.chains_of(event_id, opened_to=opened_to) if openings else [],
        can_open=actor.may("codes.decode", **scope),
        can_choose=actor.may("codes.issue", **scope),
        layers_form=LayersForm(formdata=None, layers=layers.layers_of(event_id)),
        display_name=display_name,
        side=event_side(event, "codes"),
        crumbs=event_crumbs(
            event,
            (_("Work codes"), url_for("entries.codes", event_id=event_id)),
            (_("Decoding ceremony"), None),
        ),
    )
    return page, status


@bp.get("/events/<int:event_id>/decoding")
@signed_in
def decoding(event_id: int) -> Page:
    return _page(event_id, WitnessForm())


@bp.post("/events/<int:event_id>/decoding/layers")
@signed_in
def decoding_layers(event_id: int) -> Page:
    """How many layers the codes of this event have."""
    form = LayersForm()
    chosen = form.layers.data or 0
    done_or_told(
        lambda: layers.set_layers(event_id, chosen, actor=current_actor(), at=now()),
        _("Saved. Now issue the codes."),
    )
    return redirect(url_for("entries.decoding", event_id=event_id))


@bp.post("/events/<int:event_id>/decoding/<int:layer>")
@signed_in
def decoding_open(event_id: int, layer: int) -> Page:
    """Open one layer before the witness that is named."""
    form = WitnessForm()

    def work() -> None:
        layers.open_layer(event_id, layer, witness=form.witness.data or "", actor=current_actor(), at=now())

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Layer %(layer)s is open and on record.", layer=layer), "good")
        return redirect(url_for("entries.decoding", event_id=event_id))
    return _page(event_id, form, 422)


@bp.get("/events/<int:event_id>/decoding/protocol.pdf")
@signed_in
def decoding_protocol(event_id: int) -> Response:
    """What was opened, by whom, before whom, with the codes side by side and lines to sign."""
    event, openings = _event(event_id), layers.openings_of(event_id)
    if not openings:
        raise Missing()
    chains = layers.chains_of(event_id, opened_to=openings[-1].layer)
    content, name = papers.decoding_paper(event, openings, chains, layers.layers_of(event_id))
    return pdf_response(content, name)
