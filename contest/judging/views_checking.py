"""The second person's walk through the pile: compare, one key for right, one for wrong. Nothing can be changed here."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import signed_in
from contest.db import now, transaction
from contest.errors import Forbidden, Refused
from contest.judging import queries, service, sheet_rows, verification
from contest.judging.forms import EmptyForm
from contest.judging.views_frame import bp, in_event, module_choices, page, round_choices


def _chosen() -> dict[str, Any]:
    """The part of the pile that the walk goes through."""
    return {
        "round_id": request.args.get("round", type=int) or None,
        "module_key": request.args.get("module") or None,
    }


def _address(endpoint: str, **values: Any) -> str:
    """A page of the walk, with the same part of the pile."""
    chosen = {name: request.args[name] for name in ("round", "module") if request.args.get(name)}
    return url_for(endpoint, **chosen, **values)


@bp.get("/events/<int:event_id>/checking")
@signed_in
def checking(event_id: int) -> str:
    """The pile with what was found right and wrong; the walk begins at the first unchecked sheet."""
    actor, event = in_event(event_id, "marks.confirm")
    rows = verification.pile(event_id, **_chosen())
    state = request.args.get("state", "")
    first = next((row.public_id for row in rows if row.state == "unchecked"), None)
    return render_template(
        "judging/checking.html",
        rows=[row for row in rows if not state or row.state == state],
        counts=verification.counts(rows),
        first=_address("judging.check_sheet", public_id=first) if first else "",
        state=state,
        chosen=request.args,
        rule=verification.rule_of(event_id),
        rounds=round_choices(event),
        modules=module_choices(event),
        **page(actor, event, "judging.checking", _("Checking")),
    )


@bp.get("/checking/<public_id>")
@signed_in
def check_sheet(public_id: str) -> str:
    """One sheet, as it stands on the paper: the same rows in the same order."""
    return _page(public_id)


def _page(public_id: str, problem: str = "") -> str:
    event_id = queries.event_id_of(public_id)
    actor, event = in_event(event_id, "marks.confirm")
    if queries.owes_own_mark(actor, public_id):
        raise Forbidden("own_sheet_first")
    locale = str(get_locale())
    view = queries.office_sheet(actor, public_id, may="marks.confirm", locale=locale)
    rows = verification.pile(event_id, **_chosen())
    mine = next((row for row in rows if row.public_id == public_id), None)
    back = _address("judging.checking", event_id=event_id)
    return render_template(
        "judging/check_sheet.html",
        view=view,
        line=view.line,
        rows=sheet_rows.rows_of(view, locale),
        sum=sheet_rows.running_sum(view),
        full=sheet_rows.full_sum(view),
        found=mine,
        place=verification.place_in(rows, public_id),
        counts=verification.counts(rows),
        problem=problem,
        note=request.form.get("note", ""),
        act=_address("judging.check_now", public_id=public_id),
        back=back,
        **page(actor, event, "judging.checking", _("Check sheet %(code)s", code=view.line.work_code)),
    )


@bp.post("/checking/<public_id>")
@signed_in
def check_now(public_id: str) -> tuple[str, int] | Response:
    """Right, or wrong with what is wrong; then the next unchecked sheet of the pile."""
    event_id = queries.event_id_of(public_id)
    in_event(event_id, "marks.confirm")
    EmptyForm().validate_on_submit()
    is_right, digest = request.form.get("found") == "right", request.form.get("digest", "")
    try:
        with transaction():
            actor, _event = in_event(event_id, "marks.confirm")
            row = queries.office_sheet_row(actor, public_id, may="marks.confirm")
            note = request.form.get("note", "")
            service.check(row, digest=digest, is_right=is_right, note=note, actor=actor, at=now())
    except Refused as refusal:
        return _page(public_id, web.sentence(refusal.code, refusal.params)), refusal.status
    following = verification.next_in(verification.pile(event_id, **_chosen()), public_id)
    if following:
        return redirect(_address("judging.check_sheet", public_id=following))
    flash(_("The pile is done: no sheet here is unchecked."), "good")
    return redirect(_address("judging.checking", event_id=event_id))


@bp.post("/events/<int:event_id>/desk-rule")
@signed_in
def set_desk_rule(event_id: int) -> Response:
    """Whether sheets are checked before they are locked, and whether paper is keyed by two people."""
    EmptyForm().validate_on_submit()
    in_event(event_id, "panels.edit")
    rule = verification.Rule("wants_check" in request.form, "wants_two_keyers" in request.form)
    with transaction():
        actor, event = in_event(event_id, "panels.edit")
        service.set_rule(event, rule, actor=actor, at=now())
    flash(_("From now on sheets are controlled like this."), "good")
    return redirect(url_for("judging.panels", event_id=event_id) + "#control")
