"""Work codes: issued and printed by the coder, opened under supervision."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.entries import codes as nouns
from contest.entries import queries, service
from contest.entries.forms.entry import ReasonForm
from contest.entries.layers import layers_of
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
    if not may_open_codes(event) and not _sees(event):
        raise Missing()
    return event


def _sees(event: Event) -> bool:
    return queries.may_see_codes(current_actor(), event, events.scope_of(event))


def _page(event_id: int, form: ReasonForm, status: int = 200) -> Page:
    event = _event(event_id)
    actor, scope = current_actor(), events.scope_of(event)
    sees = _sees(event)
    page = render_template(
        "entries/codes.html",
        event=event,
        form=form,
        sees=sees,
        rows=nouns.codes_with_entries(event_id) if sees else [],
        counts=nouns.counts(event_id),
        is_open=queries.is_decoded(event_id),
        layers=layers_of(event_id),
        can_issue=actor.may("codes.issue", **scope),
        can_open=actor.may("codes.decode", **scope),
        display_name=queries.display_name,
        side=event_side(event, "codes"),
        crumbs=event_crumbs(event, (_("Work codes"), None)),
    )
    return page, status


@bp.get("/events/<int:event_id>/codes")
@signed_in
def codes(event_id: int) -> Page:
    return _page(event_id, ReasonForm())


@bp.post("/events/<int:event_id>/codes/issue")
@signed_in
def codes_issue(event_id: int) -> Page:
    done_or_told(
        lambda: service.issue_codes(event_id, actor=current_actor(), at=now()),
        _("Codes were issued to everyone who had none."),
    )
    return redirect(url_for("entries.codes", event_id=event_id))


@bp.post("/events/<int:event_id>/codes/open")
@signed_in
def codes_open(event_id: int) -> Page:
    """Decode under supervision, on record."""
    form = ReasonForm()

    def work() -> None:
        service.decode(event_id, actor=current_actor(), reason=form.reason.data or "", at=now())

    if form.validate_on_submit() and carried_out(form, work):
        flash(
            _(
                "The codes are open. From now on names and codes stand side by side for those who see entries."
            ),
            "good",
        )
        return redirect(url_for("entries.codes", event_id=event_id))
    return _page(event_id, form, 422)


@bp.get("/events/<int:event_id>/codes/<any('list', 'labels'):paper>.pdf")
@signed_in
def code_paper(event_id: int, paper: str) -> Response:
    """The coder's list, or labels to hand out at the door; only for those who see the mapping."""
    event = _event(event_id)
    if not _sees(event):
        raise Missing()
    content, name = papers.code_paper(event, nouns.codes_with_entries(event_id), paper)
    return pdf_response(content, name)
