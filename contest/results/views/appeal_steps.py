"""What is done with an appeal: filed about a module, acknowledged, assigned, decided, taken on, taken back; its evidence."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.errors import Missing, Refused
from contest.results import queries, service
from contest.results.appeals import open_modules
from contest.results.correction_queries import deciders, entries_to_appeal
from contest.results.evidence import evidence_of
from contest.results.forms import AssignForm, DecisionForm, ModuleAppealForm, PlainForm, RevokeForm
from contest.results.views.appeals import (
    ACCEPTED,
    appeal_page,
    module_titles,
    pieces_of,
    readable,
    subject_choices,
    verdicts,
)
from contest.results.views.door import bp, carried_out, crumbs, zoned


@bp.route("/events/<int:event_id>/appeals/module", methods=["GET", "POST"])
@signed_in
def file_module_appeal(event_id: int) -> str | Response | tuple[str, int]:
    """The form of an appeal about a module before it is marked."""
    actor = current_actor()
    event, entries = entries_to_appeal(actor, event_id)
    zoned(event)
    form, titles = ModuleAppealForm(), module_titles(event)
    form.entry_id.choices = [(one.id, f"{one.number} {one.name}".strip()) for one in entries]
    form.subject.choices = subject_choices(event, without=("marking",))
    form.module_key.choices = [(key, titles[key]) for key in open_modules(event)]
    made: list[int] = []

    def work() -> None:
        row, allowed = entries_to_appeal(actor, event_id)
        entry = next((one for one in allowed if one.id == form.entry_id.data), None)
        if entry is None:
            raise Missing()
        appeal = service.file_module_appeal(
            event=row,
            module_key=form.module_key.data,
            entry=entry,
            text=form.text.data,
            subject=form.subject.data,
            evidence=pieces_of(form),
            actor=actor,
            at=now(),
        )
        made.append(appeal.id)

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Filed. You find the decision on this page."), "good")
        return redirect(url_for("results.appeal", appeal_id=made[0]))
    back = url_for("results.appeals", event_id=event.id)
    page = render_template(
        "results/module_appeal.html",
        event=event,
        crumbs=crumbs(event, (_("Appeals"), back), (_("Before marking"), None)),
        form=form,
        accepted=ACCEPTED,
    )
    return (page, 422) if request.method == "POST" else page


@bp.get("/appeals/<int:appeal_id>/evidence/<int:file_id>")
@signed_in
def evidence(appeal_id: int, file_id: int) -> Response:
    """A piece of evidence, for those who may read the appeal."""
    found = evidence_of(readable(appeal_id), file_id)
    if found is None:
        raise Missing()
    row, content = found
    return send_file(io.BytesIO(content), mimetype=row.media_type, download_name=row.name, as_attachment=True)


def _done(appeal_id: int, work: Callable[[], object], text: str) -> Response:
    """A step of one button: done, or the sentence of its refusal on the appeal's page."""
    try:
        with transaction():
            work()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        flash(web.sentence(refusal.code, refusal.params), "bad")
    else:
        flash(text, "good")
    return redirect(url_for("results.appeal", appeal_id=appeal_id))


@bp.post("/appeals/<int:appeal_id>/acknowledge")
@signed_in
def acknowledge_appeal(appeal_id: int) -> Response:
    def work() -> None:
        row = queries.appeal_for(current_actor(), appeal_id, may="appeals.decide")
        service.acknowledge(appeal=row, actor=current_actor(), at=now())

    PlainForm().validate_on_submit()
    return _done(appeal_id, work, _("Acknowledged: the team leader sees it."))


@bp.post("/appeals/<int:appeal_id>/assign")
@signed_in
def assign_appeal(appeal_id: int) -> Response:
    form = AssignForm()
    row = queries.appeal_for(current_actor(), appeal_id, may="appeals.decide")
    people = dict(deciders(row.event))
    form.account_id.choices = list(people.items())
    chosen = form.account_id.data or 0

    def work() -> None:
        again = queries.appeal_for(current_actor(), appeal_id, may="appeals.decide")
        if chosen not in people:
            raise Missing()
        service.assign(appeal=again, account_id=chosen, name=people[chosen], actor=current_actor(), at=now())

    return _done(appeal_id, work, _("Assigned."))


@bp.post("/appeals/<int:appeal_id>/second")
@signed_in
def take_on(appeal_id: int) -> Response | tuple[str, int]:
    form = RevokeForm()

    def work() -> None:
        row = queries.appeal_for(current_actor(), appeal_id, may="appeals.file")
        service.take_on(appeal=row, reason=form.reason.data or "", actor=current_actor(), at=now())

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Taken to the second level. Somebody else decides there."), "good")
        return redirect(url_for("results.appeal", appeal_id=appeal_id))
    return appeal_page(appeal_id, second_form=form), 422


@bp.post("/appeals/<int:appeal_id>/decide")
@signed_in
def decide_appeal(appeal_id: int) -> Response | tuple[str, int]:
    form = DecisionForm()
    form.verdict.choices = verdicts()

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
    return appeal_page(appeal_id, decision_form=form), 422


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
    return appeal_page(appeal_id, withdraw_form=form), 422
