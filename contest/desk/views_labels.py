"""Doors of labels and envelopes: whom for and on which sheet is chosen on a page, the paper comes back as PDF."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from werkzeug import Response
from wtforms import BooleanField, DecimalField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from contest import papers, web
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.desk import label_sources, labels
from contest.entries import eligibility
from contest.entries import queries as entries
from contest.entries.listing import Filter
from contest.errors import Missing, Refused
from contest.events.models import Edition
from contest.events.queries import event_for
from contest.web import called

bp = Blueprint("labels", __name__)
MESSAGES = {
    "label_grid": lazy_gettext(
        "The labels don't fit the sheet: together they take %(width)s × %(height)s mm. Measure a sheet and correct the "
        "numbers."
    ),
    "label_long": lazy_gettext("“%(text)s” does not fit the label. Choose larger labels or shorten it."),
}
SHEET_WORDS = {
    "3x8": lazy_gettext("A4, 3 × 8 labels of 70 × 37 mm"),
    "3x7": lazy_gettext("A4, 3 × 7 labels of 63.5 × 38.1 mm"),
    "2x7": lazy_gettext("A4, 2 × 7 labels of 99.1 × 38.1 mm"),
    "own": lazy_gettext("A4, a grid of your own (below)"),
    "DL": lazy_gettext("Envelope DL (No. 5), 220 × 110 mm"),
    "ZL": lazy_gettext("Envelope ZL (No. 6), 230 × 120 mm"),
    "C5": lazy_gettext("Envelope C5 (No. 7), 229 × 162 mm"),
}
SOURCE_WORDS = {
    "contestants": lazy_gettext("Contestants"),
    "delegations": lazy_gettext("Delegations, with their leaders"),
    "judges": lazy_gettext("Judges"),
    "benches": lazy_gettext("Desks: the benches of an event's draw"),
    "typed": lazy_gettext("A list of your own (below)"),
}


def _millimetres(label: Any, default: float) -> DecimalField:
    return DecimalField(label, places=2, default=default, validators=[Optional(), NumberRange(0, 300)])


class LabelsForm(web.BaseForm):
    """Whom for, on what, and the grid where no preset fits."""

    source = SelectField(lazy_gettext("Labels for"), choices=list(SOURCE_WORDS.items()))
    event_id = SelectField(lazy_gettext("Event"))
    delegation_id = SelectField(lazy_gettext("Delegation"))
    sheet = SelectField(lazy_gettext("Label sheet or envelope"), choices=list(SHEET_WORDS.items()))
    skip = IntegerField(
        lazy_gettext("Labels used already on the first sheet"),
        default=0,
        validators=[Optional(), NumberRange(0, 200)],
    )
    with_qr = BooleanField(
        lazy_gettext("With a QR code that opens the contestant's sign-in with the number filled in")
    )
    sender = StringField(lazy_gettext("Sender (on envelopes)"), validators=[Length(max=120)])
    text = TextAreaField(lazy_gettext("A list of your own"), validators=[Length(max=100_000)])
    columns = IntegerField(lazy_gettext("Columns"), default=3, validators=[Optional(), NumberRange(1, 12)])
    rows = IntegerField(lazy_gettext("Rows"), default=8, validators=[Optional(), NumberRange(1, 30)])
    w = _millimetres(lazy_gettext("Label's width, mm"), 70)
    h = _millimetres(lazy_gettext("Label's height, mm"), 37)
    left = _millimetres(lazy_gettext("Left edge, mm"), 0)
    top = _millimetres(lazy_gettext("Upper edge, mm"), 0.5)
    between = _millimetres(lazy_gettext("Between columns, mm"), 0)
    under = _millimetres(lazy_gettext("Between rows, mm"), 0)


def _edition(edition_id: int) -> Edition:
    return entries.edition_for(current_actor(), edition_id, may="entries.review")


def _form(edition: Edition) -> LabelsForm:
    actor, form = current_actor(), LabelsForm()
    rows = eligibility.events_for_entry(actor, edition.id, may="entries.review")
    own = eligibility.delegations_for_entry(actor, edition.id, may="entries.review")
    form.event_id.choices = [("", _("All events")), *((str(row.id), called(row)) for row in rows)]
    form.delegation_id.choices = [("", _("All delegations")), *((str(row.id), row.name) for row in own)]
    return form


@bp.get("/editions/<int:edition_id>/labels")
@signed_in
def choose(edition_id: int) -> str:
    edition = _edition(edition_id)
    return _page(edition, _form(edition))


def _page(edition: Edition, form: LabelsForm) -> str:
    crumbs: list[tuple[str, Any]] = [
        (called(edition), url_for("desk.edition", edition_id=edition.id)),
        (_("Labels and envelopes"), None),
    ]
    return render_template("desk/labels.html", edition=edition, form=form, crumbs=crumbs)


@bp.post("/editions/<int:edition_id>/labels")
@signed_in
def printed(edition_id: int) -> Response | tuple[str, int]:
    """The chosen labels or envelopes as PDF."""
    edition = _edition(edition_id)
    form = _form(edition)
    if not form.validate_on_submit():
        return _page(edition, form), 422
    found = label_sources.all_of(_labels(edition, form))
    if not found:
        flash(_("There is nobody for whom a label could be printed. Choose others, or type a list."), "warn")
        return redirect(url_for("labels.choose", edition_id=edition_id))
    try:
        html, css = _sheets(found, form)
    except Refused as refusal:
        form.form_errors = [web.sentence(refusal.code, refusal.params)]
        return _page(edition, form), 422
    content = papers.pdf(
        html, title=called(edition), made_at=now(), demo=edition.is_demo, css=[css],
        lang="en" if str(get_locale()) == "en" else "zh-CN",
    )  # fmt: skip
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _labels(edition: Edition, form: LabelsForm) -> list[labels.Label]:
    actor, event_id = current_actor(), int(form.event_id.data or 0) or None
    wanted = Filter(event_id=event_id, delegation_id=int(form.delegation_id.data or 0) or None)
    if form.source.data == "delegations":
        return label_sources.delegations(edition.id, wanted, actor=actor, leader=_("Team leader") + _(": "))
    if form.source.data == "judges":
        return label_sources.judges(edition.id)
    if form.source.data == "typed":
        return label_sources.typed(form.text.data or "")
    if form.source.data == "benches":
        if event_id is None:
            return []
        event = event_for(actor, event_id, may="entries.review")
        if event.sub_contest.edition_id != edition.id:
            raise Missing()
        return label_sources.benches(event, bench=_("Bench %s"), position=_("Position %s"))
    base = current_app.config["CONTEST"].base_url + url_for("contestant.sign_in") + "?number="
    return label_sources.contestants(
        edition.id, wanted, actor=actor, address=base if form.with_qr.data else ""
    )


def _sheets(found: list[labels.Label], form: LabelsForm) -> tuple[str, str]:
    """Markup and style. Raises GridUnfit, LabelLong."""
    key = form.sheet.data
    if key in labels.ENVELOPES:
        grid = labels.ENVELOPES[key]
        return labels.covers(found, grid, sender=(form.sender.data or "").strip()), labels.css(grid)
    grid = labels.SHEETS.get(key) or _own_grid(form)
    return labels.html(found, grid.check(), skip=form.skip.data or 0), labels.css(grid)


def _own_grid(form: LabelsForm) -> labels.Grid:
    sides = {name: float(form[name].data or 0) for name in ("w", "h", "left", "top", "between", "under")}
    return labels.Grid(form.columns.data or 0, form.rows.data or 0, **sides)
