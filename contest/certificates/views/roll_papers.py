"""The papers of a roll: form and wording before issuing, preview, bundles."""

from __future__ import annotations

import io
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import current_actor, signed_in
from contest.certificates import (
    designs,
    letter_queries,
    letters,
    numbers,
    overprint,
    pixels,
    rendering,
    service,
)
from contest.certificates.forms import RollIssueForm
from contest.certificates.models import Roll
from contest.certificates.views.door import base_url, bp, bundled, sent
from contest.db import now
from contest.errors import Missing, Refused


def issue_form(row: Roll, *, fresh: bool = False) -> RollIssueForm:
    """The form of a roll, begun with what was used last for this kind of paper in the edition."""
    last = letter_queries.last_of(row.edition_id, row.kind)
    begin = {"dated_on": now().date()}
    if last is not None:
        begin |= {"layout": last.layout, "pattern": last.fields.get("pattern", "")}
    form = RollIssueForm(formdata=None, **begin) if fresh else RollIssueForm()
    english = web.choose_locale() == "en"
    offered = designs.choices(row.edition.contest_id, row.kind)
    form.layout.choices = [(key, en if english else zh) for key, zh, en in offered]
    if form.layout.data not in {key for key, _zh, _en in offered}:
        form.layout.data = offered[0][0]
    return form


def texts_sent(key: str | None) -> dict[str, str]:
    """The organiser's wording as sent; only where it differs from what the layout says by itself."""
    layout, found = designs.load(key or ""), {}
    for one in layout.fields:
        value = request.form.get(f"text-{one.name}")
        if value is not None and (plain := value.replace("\r\n", "\n")) != layout.text_of(one.name):
            found[one.name] = plain.strip()
    return found


def wording_of(row: Roll, form: RollIssueForm) -> dict[str, Any]:
    """Fields of the chosen layout with what was typed, else what was used last."""
    key = form.layout.data or ""
    layout = designs.load(key)
    last = letter_queries.last_of(row.edition_id, row.kind)
    kept = last.fields.get("texts", {}) if last is not None and last.layout == key else {}
    english = web.choose_locale() == "en"
    fields = [
        {
            "name": f"text-{one.name}", "label": one.label_en if english else one.label_zh,
            "value": request.form.get(f"text-{one.name}", kept.get(one.name, layout.text_of(one.name))),
            "is_long": "\n" in one.default or len(one.default) > 24,
        }
        for one in layout.fields
    ]  # fmt: skip
    width, height = layout.width, layout.height
    size = (round(561 * min(1.0, width / height)), round(561 * min(height / width, 1.0)))
    return {"fields": fields, "size": size, "key": key}


def problems_of(row: Roll, form: RollIssueForm) -> list[dict[str, Any]]:
    """Recipients whose paper can't be printed with the layout as it stands, before anybody presses the button."""
    try:
        style = letters.dressed(row, form.layout.data or "", texts_sent(form.layout.data))
        waiting = service.waiting(row)
        code, day = numbers.ALPHABET[:16], now().date()
        records = [letters.record_for(row, one, "1", code, day, base_url()) for one in waiting]
        found = letters.check(style, records)
    except Refused as refusal:
        return [{"name": row.name, "code": refusal.code, "params": refusal.params}]
    names = {str(one.id): one.name for one in waiting}
    return [{"name": names[one.key], "code": one.code, "params": one.params} for one in found]


@bp.route("/rolls/<int:roll_id>/preview", methods=["GET", "POST"])
@signed_in
def roll_preview(roll_id: int) -> Response:
    """The first paper that would be issued, with layout and wording as sent; takes no number."""
    row = letter_queries.roll_for(current_actor(), roll_id)
    waiting = service.waiting(row)
    key = request.values.get("layout") or row.kind
    if not waiting or key not in {one for one, _zh, _en in designs.choices(row.edition.contest_id, row.kind)}:
        raise Missing()
    style = letters.dressed(row, key, texts_sent(key) if request.method == "POST" else {})
    code = numbers.ALPHABET[:16]
    record = letters.record_for(row, waiting[0], "——", code, now().date(), base_url())
    content = rendering.plain(style, record, demo=row.edition.is_demo, made_at=None)
    if request.args.get("as") == "png" and pixels.is_available():
        return Response(pixels.png(content, dpi=96), mimetype="image/png")
    return sent(content, _("preview") + ".pdf")


@bp.get("/rolls/<int:roll_id>/papers.<any(pdf, zip):kind>")
@signed_in
def roll_bundle(roll_id: int, kind: str) -> Response:
    """All papers of a roll that are in force: one PDF in the chosen order, or a ZIP."""
    row = letter_queries.roll_for(current_actor(), roll_id)
    held = [
        one for one in letter_queries.letters_of(roll_id) if one.file_id is not None and not one.is_settled
    ]
    return bundled(held, kind, name=row.name)


@bp.get("/rolls/<int:roll_id>/overprint.pdf")
@signed_in
def roll_overprint(roll_id: int) -> Response:
    """The variable texts alone, for pre-printed sheets such as bound letters of appointment."""
    row = letter_queries.roll_for(current_actor(), roll_id)
    held = [
        one for one in letter_queries.letters_of(roll_id) if one.file_id is not None and not one.is_settled
    ]
    if not held:
        raise Missing()
    asked = request.args.get("printer", 0, type=int)
    printer = overprint.printer_of(row.edition.contest_id, asked) if asked else None
    order = request.args.get("order", "delegation")
    ordered = service.in_order(held, order if order in service.ORDERS else "delegation")
    out = io.BytesIO()
    service.merged(overprint.layer_of(ordered, printer), title=row.name, into=out)
    return sent(out.getvalue(), f"{row.name}-overprint.pdf", inline=False)
