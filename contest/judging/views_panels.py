"""Panels, seats, judges, their sign-in cards, and the making of sheets."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import web, words
from contest.accounts.sessions import signed_in
from contest.db import now, transaction
from contest.entries.delegations import delegations_of
from contest.errors import Refused
from contest.events.models import Event
from contest.judging import cards, judges, panels, progress, queries, score_sheets, service
from contest.judging.forms import (
    AssignForm,
    ConflictForm,
    EmptyForm,
    JudgeForm,
    JudgeListForm,
    PanelForm,
    ReasonForm,
    SeatForm,
)
from contest.judging.models import SeatKind
from contest.judging.verification import rule_of
from contest.judging.views_frame import bp, in_event, make_missing_sheets, module_choices, page

MOST_PAGES = 400


def _kinds(event: Event) -> list[tuple[str, str]]:
    kind = event.sub_contest.edition.contest.kind.value
    return [(one.value, words.term(one, str(get_locale()), kind)) for one in SeatKind]


def forms_of(event: Event) -> dict[str, Any]:
    edition = event.sub_contest.edition
    panel, seat, judge, assign = PanelForm(), SeatForm(), JudgeForm(), AssignForm()
    panel.module_keys.choices = module_choices(event)
    panel.kind.choices = seat.kind.choices = _kinds(event)
    names = [(row.id, row.name) for row, _count in delegations_of(edition.id)]
    judge.delegation_id.choices = [(0, _("none")), *names]
    tie = ConflictForm()
    assign.judge_id.choices = tie.judge_id.choices = [
        (one.id, _named(one)) for one in queries.judges_of(edition.id)
    ]
    forms = {"panel_form": panel, "seat_form": seat, "judge_form": judge, "assign_form": assign}
    return {**forms, "list_form": JudgeListForm(), "conflict_form": tie}


def _named(judge: Any) -> str:
    return f"{judge.name}（{judge.unit_name}）" if judge.unit_name else judge.name


@bp.get("/events/<int:event_id>/panels")
@signed_in
def panels_page(event_id: int) -> str:
    in_event(event_id, "panels.view")
    make_missing_sheets(event_id)
    return show_panels(event_id)


def show_panels(event_id: int, **forms: Any) -> str:
    actor, event = in_event(event_id, "panels.view")
    context = page(actor, event, "judging.panels", _("Panels and judges"), **{**forms_of(event), **forms})
    return render_template(
        "judging/panels.html",
        panels=queries.panels_of(event.id),
        judges=queries.judges_of(event.sub_contest.edition_id),
        modules=dict(module_choices(event)),
        locks=queries.lock_state(event.id),
        without=queries.subjects_without_sheets(event.id),
        with_sheets=progress.seats_with_sheets(event.id),
        reason_form=ReasonForm(),
        rule=rule_of(event.id),
        notices=judges.notices_of(event.id),
        **context,
    )


bp.add_url_rule("/events/<int:event_id>/panels", "panels", panels_page)


def back_to_panels(event_id: int) -> Response:
    return redirect(url_for("judging.panels", event_id=event_id))


@bp.post("/events/<int:event_id>/panels")
@signed_in
def create_panel(event_id: int) -> tuple[str, int] | Response:
    actor, event = in_event(event_id, "panels.edit")
    form = forms_of(event)["panel_form"]
    if not form.validate_on_submit():
        return show_panels(event_id, panel_form=form), 422
    with transaction():
        actor, event = in_event(event_id, "panels.edit")
        panel = service.create_panel(
            event, name=form.name.data, module_keys=form.module_keys.data, actor=actor, at=now()
        )
        service.add_seats(panel, count=form.seats.data, kind=SeatKind(form.kind.data), actor=actor, at=now())
        service.make_when_ready(event, actor=actor, at=now())
    flash(_("The panel is made. Give its seats to judges."), "good")
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/panels/<int:panel_id>/seats")
@signed_in
def add_seats(event_id: int, panel_id: int) -> tuple[str, int] | Response:
    actor, event = in_event(event_id, "panels.edit")
    form = forms_of(event)["seat_form"]
    if not form.validate_on_submit():
        return show_panels(event_id, seat_form=form), 422
    with transaction():
        actor, event = in_event(event_id, "panels.edit")
        service.add_seats(
            panels.panel_of(event_id, panel_id),
            count=form.count.data,
            kind=SeatKind(form.kind.data),
            label=form.label.data or "",
            actor=actor,
            at=now(),
        )
        service.make_when_ready(event, actor=actor, at=now())
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/seats/<int:seat_id>/assign")
@signed_in
def assign(event_id: int, seat_id: int) -> tuple[str, int] | Response:
    actor, event = in_event(event_id, "panels.edit")
    form = forms_of(event)["assign_form"]
    if not form.validate_on_submit():
        return show_panels(event_id, assign_form=form), 422
    try:
        with transaction():
            actor, event = in_event(event_id, "panels.edit")
            judge = judges.judge_of(event.sub_contest.edition_id, form.judge_id.data)
            seat = panels.seat_of(event_id, seat_id)
            service.assign(seat, judge, actor=actor, at=now(), recuse=form.recuse.data)
    except Refused as refusal:
        flash(web.sentence(refusal.code, refusal.params), "bad")
        return show_panels(event_id, assign_form=form), refusal.status
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/holders/<int:holder_id>/release")
@signed_in
def release(event_id: int, holder_id: int) -> tuple[str, int] | Response:
    form = ReasonForm()
    in_event(event_id, "panels.edit")
    if not form.validate_on_submit():
        flash(_("Write the reason: it is kept in the log."), "bad")
        return show_panels(event_id), 422
    with transaction():
        actor, _event = in_event(event_id, "panels.edit")
        service.release(panels.holder_of(event_id, holder_id), reason=form.reason.data, actor=actor, at=now())
    flash(_("The seat is free. The marks given so far stay."), "good")
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/seats/<int:seat_id>/void")
@signed_in
def void_seat(event_id: int, seat_id: int) -> tuple[str, int] | Response:
    form = ReasonForm()
    in_event(event_id, "marks.lock")
    if not form.validate_on_submit():
        flash(_("Write the reason: it is kept in the log."), "bad")
        return show_panels(event_id), 422
    with transaction():
        actor, _event = in_event(event_id, "marks.lock")
        service.void_seat(panels.seat_of(event_id, seat_id), reason=form.reason.data, actor=actor, at=now())
    flash(_("All marks of the seat left the tally. They can still be read."), "good")
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/panels/<int:panel_id>/chief")
@signed_in
def set_chief(event_id: int, panel_id: int) -> Response:
    EmptyForm().validate_on_submit()
    in_event(event_id, "panels.edit")
    with transaction():
        actor, event = in_event(event_id, "panels.edit")
        judge = judges.judge_of(event.sub_contest.edition_id, request.form.get("judge_id", 0, type=int))
        service.set_chief(panels.panel_of(event_id, panel_id), judge, actor=actor, at=now())
    flash(_("The chief judge is named."), "good")
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/sheets")
@signed_in
def make_sheets(event_id: int) -> Response:
    EmptyForm().validate_on_submit()
    in_event(event_id, "panels.edit")
    with transaction():
        actor, event = in_event(event_id, "panels.edit")
        count = service.make_sheets(event, actor=actor, at=now())
    flash(
        _("%(count)s new sheets made.", count=count) if count else _("All sheets were there already."), "good"
    )
    return back_to_panels(event_id)


@bp.get("/events/<int:event_id>/sheets.pdf")
@signed_in
def printed_sheets(event_id: int) -> Response:
    """Score sheets to be filled by hand, in the screen's order; work codes only."""
    actor, event = in_event(event_id, "panels.view")
    locale = str(get_locale())
    sheets = queries.whole_sheets(
        actor,
        event_id,
        may="panels.view",
        locale=locale,
        round_id=request.args.get("round", type=int),
        module_key=request.args.get("module"),
        seat_id=request.args.get("seat", type=int),
    )
    if len(sheets) > MOST_PAGES:
        flash(_("That would be %(count)s pages. Print seat by seat.", count=len(sheets)), "warn")
        return back_to_panels(event_id)
    if not sheets:
        flash(_("There are no sheets yet. Make them first."), "warn")
        return back_to_panels(event_id)
    edition = event.sub_contest.edition
    html = render_template(
        "judging/papers/sheets.html", sheets=score_sheets.printed(sheets, locale), edition=edition
    )
    content = cards.pdf(
        html, title=_("Score sheets"), made_at=now(), is_demo=edition.is_demo, page="portrait"
    )
    return pdf_answer(content, _("Score sheets"))


def pdf_answer(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), mimetype="application/pdf", download_name=f"{name}.pdf")
