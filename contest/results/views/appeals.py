"""Appeals: filed by a team's registrar or the organiser, decided by supervision and arbitration."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug import Response

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.errors import Missing
from contest.events.queries import scope_of
from contest.results import exports, queries, service
from contest.results.appeals import SUBJECTS
from contest.results.forms import AppealForm, DecisionForm, RevokeForm
from contest.results.models import Appeal, AppealState, Publication
from contest.results.views.door import bp, carried_out, crumbs, locale, tabs, zoned

READERS = ("results.view", "appeals.file", "appeals.decide")
SUBJECT_WORDS = {
    "marking": lazy_gettext("Marks"),
    "procedure": lazy_gettext("Procedure"),
    "equipment": lazy_gettext("Equipment or site"),
    "eligibility": lazy_gettext("Eligibility"),
    "other": lazy_gettext("Other"),
}


@bp.get("/events/<int:event_id>/appeals")
@signed_in
def appeals(event_id: int) -> str:
    """The appeals of an event that the reader may see."""
    actor = current_actor()
    found = queries.appeals_for(actor, may=READERS, event_id=event_id)
    row = zoned(queries.event_of_appeals(actor, event_id, found))
    return render_template(
        "results/appeals.html",
        event=row,
        crumbs=crumbs(row, (_("Appeals"), None)),
        tabs=tabs(row, actor, "appeals"),
        appeals=found,
        words=SUBJECT_WORDS,
        title_of=lambda one: exports.title_of(one.snapshot.heading, locale()),
        open_lists=[one for one in queries.publications_of(event_id) if is_open(one)],
        may_file=actor.may("appeals.file", **scope_of(row)) or not actor.may("results.view", **scope_of(row)),
        AppealState=AppealState,
    )


def is_open(publication: Publication) -> bool:
    """Whether appeals against the list may be filed now."""
    until = publication.appeals_until
    return (
        publication.is_live
        and not publication.is_embargoed
        and publication.state.value == "provisional"
        and until is not None
        and now() <= until
    )


@bp.route("/publications/<int:publication_id>/appeal", methods=["GET", "POST"])
@signed_in
def file_appeal(publication_id: int) -> str | Response | tuple[str, int]:
    """The form of an appeal, for entries of the registrar's delegation or, for the organiser, any entry."""
    actor = current_actor()
    publication, entries = queries.open_publications_for(actor, publication_id)
    zoned(publication.event)
    form = AppealForm()
    form.entry_id.choices = [(one.id, f"{one.number} {one.name}".strip()) for one in entries]
    form.subject.choices = [(key, str(SUBJECT_WORDS[key])) for key in SUBJECTS]
    made: list[int] = []

    def work() -> None:
        row, allowed = queries.open_publications_for(actor, publication_id)
        entry = next((one for one in allowed if one.id == form.entry_id.data), None)
        if entry is None:
            raise Missing()
        appeal = service.file_appeal(
            publication=row,
            entry=entry,
            text=form.text.data,
            subject=form.subject.data,
            actor=actor,
            at=now(),
        )
        made.append(appeal.id)

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Filed. You find the decision on this page."), "good")
        return redirect(url_for("results.appeal", appeal_id=made[0]))
    page = render_template(
        "results/appeal_form.html",
        publication=publication,
        event=publication.event,
        crumbs=crumbs(publication.event, (_("Appeals"), url_for("results.appeals", event_id=publication.event_id)), (_("File an appeal"), None)),
        title=exports.title_of(publication.snapshot.heading, locale()),
        form=form,
        is_open=is_open(publication),
    )  # fmt: skip
    return (page, 422) if request.method == "POST" else page


@bp.get("/appeals/<int:appeal_id>")
@signed_in
def appeal(appeal_id: int) -> str:
    return _page(appeal_id)


def _page(appeal_id: int, **forms: Any) -> str:
    actor = current_actor()
    row = _readable(appeal_id)
    event = zoned(row.publication.event)
    scope = {**scope_of(event), "delegation": row.entry.delegation_id}
    decision = DecisionForm(formdata=None)
    decision.verdict.choices = _verdicts()
    is_undecided = row.state is AppealState.OPEN
    return render_template(
        "results/appeal.html",
        appeal=row,
        event=event,
        crumbs=crumbs(
            event, (_("Appeals"), url_for("results.appeals", event_id=event.id)), (row.entry.number, None)
        ),
        title=exports.title_of(row.publication.snapshot.heading, locale()),
        subject=SUBJECT_WORDS[row.subject],
        may_decide=is_undecided and actor.may("appeals.decide", **scope) and row.filed_by != actor.account_id,
        may_withdraw=is_undecided and actor.may("appeals.file", **scope),
        **{"decision_form": decision, "withdraw_form": RevokeForm(formdata=None)} | forms,
    )


def _verdicts() -> list[tuple[str, str]]:
    return [("upheld", _("Upheld: the marks or the list are corrected")), ("dismissed", _("Dismissed"))]


def _readable(appeal_id: int) -> Appeal:
    actor = current_actor()
    for act in READERS:
        try:
            return queries.appeal_for(actor, appeal_id, may=act)
        except Missing:
            continue
    raise Missing()


@bp.post("/appeals/<int:appeal_id>/decide")
@signed_in
def decide_appeal(appeal_id: int) -> Response | tuple[str, int]:
    form = DecisionForm()
    form.verdict.choices = _verdicts()

    def work() -> None:
        row = queries.appeal_for(current_actor(), appeal_id, may="appeals.decide")
        service.decide_appeal(
            appeal=row,
            is_upheld=form.verdict.data == "upheld",
            decision=form.decision.data,
            actor=current_actor(),
            at=now(),
        )

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Decided and recorded."), "good")
        return redirect(url_for("results.appeal", appeal_id=appeal_id))
    return _page(appeal_id, decision_form=form), 422


@bp.post("/appeals/<int:appeal_id>/withdraw")
@signed_in
def withdraw_appeal(appeal_id: int) -> Response | tuple[str, int]:
    form = RevokeForm()

    def work() -> None:
        row = queries.appeal_for(current_actor(), appeal_id, may="appeals.file")
        service.withdraw_appeal(appeal=row, reason=form.reason.data or "", actor=current_actor(), at=now())

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("The appeal is withdrawn."), "good")
        return redirect(url_for("results.appeal", appeal_id=appeal_id))
    return _page(appeal_id, withdraw_form=form), 422
