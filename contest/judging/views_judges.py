"""Judges of an edition: added one by one or as a list, their declared ties, their sign-in cards."""

from __future__ import annotations

from flask import current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.judging import cards, judges, service
from contest.judging.forms import EmptyForm
from contest.judging.views_frame import bp, in_event
from contest.judging.views_panels import back_to_panels, forms_of, pdf_answer, show_panels


@bp.post("/events/<int:event_id>/judges")
@signed_in
def add_judge(event_id: int) -> tuple[str, int] | Response:
    actor, event = in_event(event_id, "panels.edit")
    form = forms_of(event)["judge_form"]
    if not form.validate_on_submit():
        return show_panels(event_id, judge_form=form), 422
    try:
        with transaction():
            actor, event = in_event(event_id, "panels.edit")
            service.add_judge(
                event.sub_contest.edition,
                name=form.name.data,
                unit_name=form.unit_name.data or "",
                delegation_id=form.delegation_id.data or None,
                certificate_number=form.certificate_number.data or "",
                actor=actor,
                at=now(),
            )
    except Refused as refusal:
        form.name.errors = [web.sentence(refusal.code, refusal.params)]
        return show_panels(event_id, judge_form=form), 422
    flash(_("The judge is in the list. Give a seat, then print the sign-in card."), "good")
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/judges/list")
@signed_in
def add_judge_list(event_id: int) -> tuple[str, int] | Response:
    """All lines or none."""
    actor, event = in_event(event_id, "panels.edit")
    form = forms_of(event)["list_form"]
    if not form.validate_on_submit():
        return show_panels(event_id, list_form=form), 422
    try:
        with transaction():
            actor, event = in_event(event_id, "panels.edit")
            count = service.add_judges(event.sub_contest.edition, text=form.rows.data, actor=actor, at=now())
    except Refused as refusal:
        form.rows.errors = [web.sentence(refusal.code, refusal.params)]
        return show_panels(event_id, list_form=form), 422
    flash(_("%(count)s judges added.", count=count), "good")
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/judges/conflicts")
@signed_in
def declare_conflict(event_id: int) -> tuple[str, int] | Response:
    actor, event = in_event(event_id, "panels.edit")
    form = forms_of(event)["conflict_form"]
    if not form.validate_on_submit():
        return show_panels(event_id, conflict_form=form), 422
    try:
        with transaction():
            actor, event = in_event(event_id, "panels.edit")
            judge = judges.judge_of(event.sub_contest.edition_id, form.judge_id.data)
            service.declare_by_number(
                event, judge, number=form.number.data, relation=form.relation.data, actor=actor, at=now()
            )
    except Refused as refusal:
        form.number.errors = [web.sentence(refusal.code, refusal.params)]
        return show_panels(event_id, conflict_form=form), 422
    flash(_("Recorded. The judge does not get the sheets of this entry any more."), "good")
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/judges/cards")
@signed_in
def judge_cards(event_id: int) -> Response:
    """Fresh sign-in cards as PDF for the judges ticked; their older cards die at once."""
    EmptyForm().validate_on_submit()
    in_event(event_id, "panels.edit")
    ids = request.form.getlist("judge_id", type=int)
    base = current_app.config["CONTEST"].base_url
    with transaction():
        actor, event = in_event(event_id, "panels.edit")
        edition = event.sub_contest.edition
        issued = []
        for judge_id in ids:
            judge = judges.judge_of(edition.id, judge_id)
            token = service.issue_code(judge, actor=actor, at=now())
            issued.append(
                cards.Card(judge.name, judge.unit_name, base + url_for("accounts.open_link", token=token))
            )
        title, is_demo = edition.name, edition.is_demo
    if not issued:
        flash(_("Tick the judges who need a card."), "warn")
        return back_to_panels(event_id)
    html = render_template("judging/papers/cards.html", cards=issued, contest=title)
    return pdf_answer(
        cards.pdf(html, title=_("Sign-in cards"), made_at=now(), is_demo=is_demo), _("Sign-in cards")
    )


@bp.post("/events/<int:event_id>/ties/<int:notice_id>")
@signed_in
def settle_tie(event_id: int, notice_id: int) -> tuple[str, int] | Response:
    """The office names the entry that a judge told of, or says that nobody here is meant."""
    EmptyForm().validate_on_submit()
    in_event(event_id, "panels.edit")
    is_nobody = request.form.get("found") == "nobody"
    number = "" if is_nobody else request.form.get("number", "").strip()
    if not is_nobody and not number:
        flash(_("Type the number of the entry, or say that nobody here is meant."), "bad")
        return show_panels(event_id), 422
    try:
        with transaction():
            actor, _event = in_event(event_id, "panels.edit")
            notice = judges.notice_of(event_id, notice_id)
            service.settle_tie(notice, number=number, actor=actor, at=now())
    except Refused as refusal:
        flash(web.sentence(refusal.code, refusal.params), "bad")
        return show_panels(event_id), refusal.status
    flash(_("Settled."), "good")
    return back_to_panels(event_id)
