"""Changing a panel that is at work: another judge for a seat, seats and panels taken away, a message to a judge."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.judging import judges, panels, service
from contest.judging.forms import EmptyForm, MessageForm, ReplaceForm
from contest.judging.views_frame import bp, in_event, module_choices
from contest.judging.views_panels import back_to_panels, forms_of, show_panels


@bp.post("/events/<int:event_id>/holders/<int:holder_id>/replace")
@signed_in
def replace_judge(event_id: int, holder_id: int) -> tuple[str, int] | Response:
    """The seat goes to another judge; the marks given so far stay."""
    _actor, event = in_event(event_id, "panels.edit")
    form = ReplaceForm()
    form.judge_id.choices = forms_of(event)["assign_form"].judge_id.choices
    if not form.validate_on_submit():
        flash(_("Choose who takes over, and write the reason."), "bad")
        return show_panels(event_id), 422
    try:
        with transaction():
            actor, event = in_event(event_id, "panels.edit")
            judge = judges.judge_of(event.sub_contest.edition_id, form.judge_id.data)
            holder = panels.holder_of(event_id, holder_id)
            values = {"reason": form.reason.data, "recuse": form.recuse.data}
            service.replace(holder, judge, actor=actor, at=now(), **values)
    except Refused as refusal:
        flash(web.sentence(refusal.code, refusal.params), "bad")
        return show_panels(event_id), refusal.status
    flash(_("Handed over. The marks given so far stay; the open sheets are on the new judge's list."), "good")
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/panels/<int:panel_id>/edit")
@signed_in
def edit_panel(event_id: int, panel_id: int) -> tuple[str, int] | Response:
    """Another name, or other modules."""
    _actor, event = in_event(event_id, "panels.edit")
    known = {key for key, _title in module_choices(event)}
    keys = [key for key in request.form.getlist("module_keys") if key in known]
    EmptyForm().validate_on_submit()
    try:
        with transaction():
            actor, event = in_event(event_id, "panels.edit")
            panel = panels.panel_of(event_id, panel_id)
            name = request.form.get("name", "")[:80]
            service.edit_panel(panel, name=name, module_keys=keys, actor=actor, at=now())
            service.make_when_ready(event, actor=actor, at=now())
    except Refused as refusal:
        flash(web.sentence(refusal.code, refusal.params), "bad")
        return show_panels(event_id), refusal.status
    flash(_("The panel is changed."), "good")
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/panels/<int:panel_id>/remove")
@signed_in
def remove_panel(event_id: int, panel_id: int) -> tuple[str, int] | Response:
    """A panel without sheets goes; one with sheets stays, and the page says why."""
    return _removed(event_id, panel_id=panel_id)


@bp.post("/events/<int:event_id>/seats/<int:seat_id>/remove")
@signed_in
def remove_seat(event_id: int, seat_id: int) -> tuple[str, int] | Response:
    """The same for one seat."""
    return _removed(event_id, seat_id=seat_id)


def _removed(
    event_id: int, *, panel_id: int | None = None, seat_id: int | None = None
) -> tuple[str, int] | Response:
    EmptyForm().validate_on_submit()
    in_event(event_id, "panels.edit")
    try:
        with transaction():
            actor, _event = in_event(event_id, "panels.edit")
            if panel_id is not None:
                service.remove_panel(panels.panel_of(event_id, panel_id), actor=actor, at=now())
            elif seat_id is not None:
                service.remove_seat(panels.seat_of(event_id, seat_id), actor=actor, at=now())
    except Refused as refusal:
        flash(web.sentence(refusal.code, refusal.params), "bad")
        return show_panels(event_id), refusal.status
    flash(_("Taken away."), "good")
    return back_to_panels(event_id)


@bp.post("/events/<int:event_id>/judges/<int:judge_id>/message")
@signed_in
def message(event_id: int, judge_id: int) -> Response:
    """A sentence for the judge's tablet, shown at its next contact."""
    form = MessageForm()
    in_event(event_id, "marks.lock")
    if not form.validate_on_submit():
        flash(_("Write at most 200 characters to the judge."), "bad")
        return redirect(url_for("judging.board", event_id=event_id))
    try:
        with transaction():
            actor, event = in_event(event_id, "marks.lock")
            judge = judges.judge_of(event.sub_contest.edition_id, judge_id)
            row = service.send(event, judge, text=form.text.data, actor=actor, at=now())
            name, is_new = judge.name, row is not None
    except Refused as refusal:
        flash(web.sentence(refusal.code, refusal.params), "bad")
        return redirect(url_for("judging.board", event_id=event_id))
    if is_new:
        flash(_("%(name)s sees it when the tablet is next in touch.", name=name), "good")
    else:
        flash(_("%(name)s has not read the same message yet.", name=name), "info")
    return redirect(url_for("judging.board", event_id=event_id))
