"""The draw of an event: committing to a seed, revealing it, keying a draw made by hand, locking, papers."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.entries import draw as nouns
from contest.entries import queries, service
from contest.entries.forms.entry import CommitSeedForm, RevealSeedForm
from contest.entries.models import Draw, Entry
from contest.entries.refusals import DrawInvalid
from contest.entries.views import papers
from contest.entries.views.door import (
    Page,
    bp,
    carried_out,
    done_or_told,
    event_crumbs,
    event_side,
    pdf_response,
)
from contest.errors import Missing
from contest.events import queries as events
from contest.events.models import Event
from contest.web import called


def _round_key(event: Event) -> str:
    """The round that the page is about, by `?round=`; "" is the draw for all rounds. Raises Missing for another."""
    key = request.args.get("round", "")
    if key and key not in {one.key for one in events.rounds_of(event)}:
        raise Missing()
    return key


def _address(event_id: int, round_key: str) -> str:
    return url_for("entries.draw", event_id=event_id, round=round_key or None)


def _page(event_id: int, status: int = 200, **forms: object) -> Page:
    event = events.event_for(current_actor(), event_id, may="draw.run")
    round_key = _round_key(event)
    draws = [one for one in queries.draws_of(event_id) if one.round_key == round_key]
    current = draws[0] if draws else None
    named = [one for one in events.rounds_of(event) if one.key]
    shown: dict[str, object] = {
        "commit": CommitSeedForm(),
        "reveal": RevealSeedForm(),
        "keyed": {},
        "offered": None,
    }
    page = render_template(
        "entries/draw.html",
        event=event,
        draws=draws,
        round_key=round_key,
        rounds=[("", _("All rounds"))] + [(one.key, called(one)) for one in named] if len(named) > 1 else [],
        current=current,
        places=nouns.places_with_entries(current) if current else [],
        entries=nouns.drawable(event_id),
        is_changed=current is not None and nouns.is_changed_since(current),
        display_name=queries.display_name,
        side=event_side(event, "draw"),
        crumbs=event_crumbs(event, (_("Draw"), None)),
        **(shown | forms),
    )
    return page, status


@bp.get("/events/<int:event_id>/draw")
@signed_in
def draw(event_id: int) -> Page:
    return _page(event_id)


@bp.post("/events/<int:event_id>/draw/seed")
@signed_in
def draw_offer_seed(event_id: int) -> Page:
    """Make a seed and show it this once; only its SHA-256 is filled into the form."""
    _round_key(events.event_for(current_actor(), event_id, may="draw.run"))
    seed = nouns.new_seed()
    form = CommitSeedForm(formdata=None, data={"commitment": nouns.commitment_of(seed), "benches": 1})
    return _page(event_id, commit=form, offered=seed)


@bp.post("/events/<int:event_id>/draw/commit")
@signed_in
def draw_commit(event_id: int) -> Page:
    round_key = _round_key(events.event_for(current_actor(), event_id, may="draw.run"))
    form = CommitSeedForm()

    def work() -> None:
        service.commit_seed(
            event_id,
            (form.commitment.data or "").strip().lower(),
            benches=form.benches.data or 1,
            round_key=round_key,
            actor=current_actor(),
            at=now(),
        )

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Committed. Publish the SHA-256; reveal the seed at the draw, before everyone."), "good")
        return redirect(_address(event_id, round_key))
    return _page(event_id, 422, commit=form)


@bp.post("/draws/<int:draw_id>/reveal")
@signed_in
def draw_reveal(draw_id: int) -> Page:
    event_id, round_key = _of(draw_id)
    form = RevealSeedForm()

    def work() -> None:
        service.reveal_seed(
            draw_id, form.seed.data or "", form.public_value.data or "", actor=current_actor(), at=now()
        )

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Drawn. Check the list, then lock it."), "good")
        return redirect(_address(event_id, round_key))
    return _page(event_id, 422, reveal=form)


@bp.post("/events/<int:event_id>/draw/by-hand")
@signed_in
def draw_by_hand(event_id: int) -> Page:
    """All places at once, as they were drawn on the spot."""
    round_key = _round_key(events.event_for(current_actor(), event_id, may="draw.run"))
    keyed = {
        name: value.strip() for name, value in request.form.items() if name.startswith(("p-", "s-", "b-"))
    }
    form = CommitSeedForm(formdata=None)

    def work() -> None:
        places = [_keyed(entry, keyed) for entry in nouns.drawable(event_id)]
        values = {"benches": 1, "round_key": round_key}
        service.key_by_hand(event_id, places, **values, actor=current_actor(), at=now())

    if carried_out(form, work):
        flash(_("Kept. Another person compares it with the slips and locks it."), "good")
        return redirect(_address(event_id, round_key))
    return _page(event_id, 422, keyed=keyed, hand_errors=form.form_errors)


def _of(draw_id: int) -> tuple[int, str]:
    """The event and the round of a draw that the actor may run."""
    row = nouns.draw_for(current_actor(), draw_id)
    return row.event_id, row.round_key


def _keyed(entry: Entry, keyed: dict[str, str]) -> service.KeyedPlace:
    position = keyed.get(f"p-{entry.id}", "")
    if not position.isdecimal():
        raise DrawInvalid("draw_missing", numbers=entry.number)
    return service.KeyedPlace(
        entry.id, int(position), keyed.get(f"s-{entry.id}", "")[:20], keyed.get(f"b-{entry.id}", "")[:20]
    )


@bp.post("/draws/<int:draw_id>/lock")
@signed_in
def draw_lock(draw_id: int) -> Page:
    event_id, round_key = _of(draw_id)
    done_or_told(
        lambda: service.lock_draw(draw_id, actor=current_actor(), at=now()),
        _("Locked. Order and benches stay as they are, and nobody joins the event any more."),
    )
    return redirect(_address(event_id, round_key))


@bp.post("/draws/<int:draw_id>/discard")
@signed_in
def draw_discard(draw_id: int) -> Page:
    event_id, round_key = _of(draw_id)
    reason = request.form.get("reason", "")[:300]
    done_or_told(
        lambda: service.discard_draw(draw_id, reason=reason, actor=current_actor(), at=now()),
        _("Given up, on record with the reason. A new draw can begin."),
    )
    return redirect(_address(event_id, round_key))


@bp.get("/draws/<int:draw_id>/<any('protocol', 'door-list', 'labels'):paper>.pdf")
@signed_in
def draw_paper(draw_id: int, paper: str) -> Response:
    """Protocol, door list or desk labels of a draw that was made."""
    row = nouns.draw_for(current_actor(), draw_id)
    if row.drawn_at is None:
        raise Missing()
    content, name = papers.draw_paper(_with_event(row), paper)
    return pdf_response(content, name)


def _with_event(row: Draw) -> papers.DrawnEvent:
    event = events.event_for(current_actor(), row.event_id, may="draw.run")
    return papers.DrawnEvent(event, row, nouns.places_with_entries(row))
