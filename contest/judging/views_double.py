"""Blind double entry: two people key the same paper sheet unseen by each other, only what differs comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import signed_in
from contest.db import now, transaction
from contest.errors import Refused
from contest.judging import double_entry, keyed_sheets, queries, service, sheet_rows
from contest.judging.double_entry import KeyingState
from contest.judging.forms import EmptyForm, ReasonForm
from contest.judging.models import MarkState
from contest.judging.views_frame import bp, in_event, page


@bp.get("/events/<int:event_id>/double")
@signed_in
def double(event_id: int) -> tuple[str, int] | str:
    """Which sheets wait for a first or a second person, and which come back; never what was keyed."""
    actor, event = in_event(event_id, "marks.desk")
    code = request.args.get("code", "").strip().upper()
    lines = keyed_sheets.lines_of(actor, event_id, work_code=code or None, locale=str(get_locale()))
    problem = web.sentence("code_not_found", {"sheet": code}) if code and not lines else ""
    text = render_template(
        "judging/double.html",
        lines=lines,
        code=code,
        problem=problem,
        counts=keyed_sheets.counts(lines),
        **page(actor, event, "judging.desk", _("Blind double entry")),
    )
    return text, 404 if problem else 200


@bp.get("/double/sheets/<public_id>")
@signed_in
def double_sheet(public_id: str) -> str | tuple[str, int]:
    """The empty sheet, or only the fields on which the two differ, empty too."""
    try:
        return _page(public_id)
    except Refused as refusal:
        if refusal.code not in ("keyed_agreed", "not_second_person"):
            raise
        return _told(public_id, refusal)


def _page(
    public_id: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    actor, event = in_event(queries.event_id_of(public_id), "marks.desk")
    row = queries.office_sheet_row(actor, public_id, may="marks.desk")
    wanted = double_entry.wanted_of(row, actor)
    view = queries.office_sheet(actor, public_id, may="marks.desk", locale=str(get_locale()))
    # What stands, and what the other person keyed, is left out: this page shows an empty sheet.
    rows = sheet_rows.rows_of(replace(view, marks={}), str(get_locale()), typed=typed, errors=errors)
    return render_template(
        "judging/double_sheet.html",
        line=view.line,
        rows=[one for one in rows if wanted is None or one.name in wanted],
        only_differing=wanted is not None,
        states=request.form,
        form=ReasonForm(),
        **page(actor, event, "judging.desk", _("Key sheet %(code)s", code=view.line.work_code)),
    )


def _told(public_id: str, refusal: Refused) -> tuple[str, int]:
    """Why this person can't key the sheet now."""
    actor, event = in_event(queries.event_id_of(public_id), "marks.desk")
    view = queries.office_sheet(actor, public_id, may="marks.desk", locale=str(get_locale()))
    text = render_template(
        "judging/double_told.html",
        line=view.line,
        problem=web.sentence(refusal.code, refusal.params),
        form=ReasonForm(),
        **page(actor, event, "judging.desk", _("Key sheet %(code)s", code=view.line.work_code)),
    )
    return text, refusal.status


@bp.post("/double/sheets/<public_id>")
@signed_in
def double_key(public_id: str) -> tuple[str, int] | str | Response:
    """One person's turn, as a whole: nothing is kept while a value is not possible."""
    _actor, event = in_event(queries.event_id_of(public_id), "marks.desk")
    event_id = event.id
    EmptyForm().validate_on_submit()
    fields = _typed_fields(request.form)
    try:
        with transaction():
            actor, _event = in_event(event_id, "marks.desk")
            row = queries.office_sheet_row(actor, public_id, may="marks.desk")
            outcome = service.key(row, fields, actor=actor, at=now())
    except Refused as refusal:
        return _told(public_id, refusal)
    if outcome.errors:
        sentences = {
            name: web.sentence(f"mark_{code}", params) for name, (code, params) in outcome.errors.items()
        }
        return _page(
            public_id, typed={name: text for name, (_s, text) in fields.items()}, errors=sentences
        ), 422
    _tell(outcome)
    return redirect(url_for("judging.double", event_id=event_id))


def _typed_fields(form: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Field → (state, text) of a sheet's form; a state that there is not counts as a value."""
    states = {state.value for state in MarkState}
    found = {}
    for key, text in form.items():
        kind, _dot, name = key.partition(".")
        if kind == "value":
            state = form.get(f"state.{name}", "value")
            found[name] = (state if state in states else "value", text)
    return found


def _tell(outcome: Any) -> None:
    if outcome.state is KeyingState.FIRST:
        flash(_("Kept. A second person keys the same sheet now, without seeing yours."), "good")
    elif outcome.state is KeyingState.DIFFERS:
        flash(
            _(
                "%(count)s fields differ from the other person's. Look at the paper again, both of you, and key only those.",
                count=len(outcome.differs),
            ),
            "warn",
        )
    elif outcome.left:
        flash(
            _(
                "Both agree and the marks are recorded, but %(count)s fields are empty on the paper: ask the judges.",
                count=outcome.left,
            ),
            "warn",
        )
    else:
        flash(_("Both agree: recorded and submitted as signed on paper."), "good")


@bp.post("/double/sheets/<public_id>/anew")
@signed_in
def double_anew(public_id: str) -> tuple[str, int] | str | Response:
    """Put both keyings away, with a reason."""
    _actor, event = in_event(queries.event_id_of(public_id), "marks.desk")
    event_id, form = event.id, ReasonForm()
    if not form.validate_on_submit():
        flash(_("Write the reason: it is kept in the log."), "bad")
        return redirect(url_for("judging.double_sheet", public_id=public_id))
    try:
        with transaction():
            actor, _event = in_event(event_id, "marks.desk")
            row = queries.office_sheet_row(actor, public_id, may="marks.desk")
            service.begin_anew(row, reason=form.reason.data, actor=actor, at=now())
    except Refused as refusal:
        return _told(public_id, refusal)
    flash(_("Both keyings are put away. Two people key the sheet anew."), "good")
    return redirect(url_for("judging.double", event_id=event_id))
