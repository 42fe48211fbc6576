"""Doors of the award ceremony: the order on stage, its papers, and the screen that reveals the winners."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import papers, web
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.desk import ceremony, settings
from contest.desk.forms import ReserveForm
from contest.errors import Refused
from contest.events import queries as events
from contest.events.models import Edition
from contest.results import exports
from contest.web import called, neutral

bp = Blueprint("ceremony", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _stage(edition_id: int) -> tuple[Edition, list[ceremony.Batch]]:
    """The edition and its batches; reading under embargo is logged, so this writes."""
    with transaction():
        edition = events.edition_for(current_actor(), edition_id, may="awards.manage")
        return edition, ceremony.batches_of(current_actor(), edition_id, at=now())


def _label(prize: ceremony.Batch | ceremony.Need) -> str:
    return prize.label_en if str(get_locale()) == "en" else prize.label


def _title(batch: ceremony.Batch) -> str:
    return exports.title_of(batch.publication.snapshot.heading, str(get_locale()))


@bp.get("/editions/<int:edition_id>/ceremony")
@signed_in
def show(edition_id: int) -> str:
    edition, batches = _stage(edition_id)
    return _page(edition, batches)


def _page(
    edition: Edition,
    batches: list[ceremony.Batch],
    error: str = "",
    reserve_form: ReserveForm | None = None,
) -> str:
    orders = ceremony.orders_of(batches)
    reserve = settings.setting_of(edition.id).reserve_percent
    crumbs: list[tuple[str, Any]] = [
        (called(edition), url_for("desk.edition", edition_id=edition.id)),
        (_("Award ceremony"), None),
    ]
    return render_template(
        "desk/ceremony.html",
        edition=edition,
        orders=orders,
        needs=ceremony.needs_of(orders, percent=reserve),
        reserve_form=reserve_form or ReserveForm(formdata=None, reserve=reserve),
        label=_label,
        title=_title,
        error=error,
        crumbs=crumbs,
        typed=request.form,
    )


@bp.post("/editions/<int:edition_id>/ceremony")
@signed_in
def arrange(edition_id: int) -> Response | tuple[str, int]:
    """Order, presenters and notes of all batches at once."""
    wanted = {
        key: ceremony.Wanted(
            request.form.get(f"position-{key}", 0, type=int),
            request.form.get(f"presenter-{key}", ""),
            request.form.get(f"note-{key}", ""),
        )
        for key in request.form.getlist("batch")
    }
    try:
        with transaction():
            edition = events.edition_for(current_actor(), edition_id, may="awards.manage")
            ceremony.arrange(edition, wanted, actor=current_actor(), at=now())
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        edition, batches = _stage(edition_id)
        return _page(edition, batches, web.sentence(refusal.code, refusal.params)), 422
    flash(_("The order of the ceremony is kept."), "good")
    return redirect(url_for("ceremony.show", edition_id=edition_id))


@bp.get("/editions/<int:edition_id>/ceremony/list.<suffix>")
@signed_in
def paper(edition_id: int, suffix: str) -> Response:
    """The list for the master of ceremonies as PDF or workbook, with what must be ordered."""
    edition, batches = _stage(edition_id)
    title, orders = _("Award ceremony"), ceremony.orders_of(batches)
    needs = ceremony.needs_of(orders, percent=settings.setting_of(edition_id).reserve_percent)
    if suffix == "xlsx":
        return _kept(_workbook(batches, needs), XLSX, "xlsx", title)
    html = render_template(
        "desk/papers/ceremony.html",
        edition=edition,
        orders=orders,
        needs=needs,
        label=_label,
        title=_title,
        heading=title,
    )
    lang = "en" if str(get_locale()) == "en" else "zh-CN"
    content = papers.pdf(html, title=title, made_at=now(), demo=edition.is_demo, page="portrait", lang=lang)
    return _kept(content, "application/pdf", "pdf", title)


def _kept(content: bytes, media_type: str, suffix: str, title: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Cache-Control"] = "private, no-store"
    if suffix != "pdf":
        answer.headers["Content-Disposition"] = f"attachment; filename=ceremony.{suffix}"
    return answer


def _workbook(batches: list[ceremony.Batch], needs: list[ceremony.Need]) -> bytes:
    """One line a recipient, in the order of the stage; on a second sheet what must be ordered."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        heads = [
            _("Batch"),
            _("List"),
            _("Award"),
            _("Rank"),
            _("Name"),
            _("Organisation"),
            _("Presenter"),
            _("Note"),
        ]
        sheet.write_row(0, 0, heads, bold)
        line = 0
        for number, batch in enumerate(batches, 1):
            for award in batch.awards:
                line += 1
                values = [
                    _title(batch),
                    _label(batch),
                    award.rank,
                    award.name,
                    award.unit,
                    batch.presenter,
                    batch.note,
                ]
                sheet.write_number(line, 0, number)
                for column, value in enumerate(values, 1):
                    sheet.write_string(line, column, str(neutral(value)))
        sheet.set_column(1, 7, 22)
        sheet.freeze_panes(1, 0)
        _order_sheet(book, needs, bold)
    return out.getvalue()


def _order_sheet(book: Any, needs: list[ceremony.Need], bold: Any) -> None:
    sheet = book.add_worksheet(_("To be ordered"))
    heads = [
        _("Award"), _("Medals counted"), _("Reserve"), _("Medals to order"),
        _("Certificates counted"), _("Reserve"), _("Certificates to order"),
    ]  # fmt: skip
    sheet.write_row(0, 0, heads, bold)
    for line, need in enumerate(needs, 1):
        sheet.write_string(line, 0, str(neutral(_label(need))))
        numbers = [
            need.medals, need.medal_reserve, need.all_medals,
            need.certificates, need.certificate_reserve, need.all_certificates,
        ]  # fmt: skip
        for column, value in enumerate(numbers, 1):
            sheet.write_number(line, column, value)
    sheet.set_column(0, 6, 18)


@bp.post("/editions/<int:edition_id>/ceremony/reserve")
@signed_in
def reserve(edition_id: int) -> Response | tuple[str, int]:
    """How much more than counted is ordered."""
    form = ReserveForm()
    if not form.validate_on_submit():
        return _page(*_stage(edition_id), reserve_form=form), 422
    with transaction():
        edition = events.edition_for(current_actor(), edition_id, may="awards.manage")
        settings.change(edition, actor=current_actor(), at=now(), reserve_percent=form.reserve.data)
    flash(_("Kept."), "good")
    return redirect(url_for("ceremony.show", edition_id=edition_id))


@bp.get("/editions/<int:edition_id>/ceremony/screen")
@signed_in
def screen(edition_id: int) -> str:
    """The projector: a slide a batch, names revealed one key press at a time, the last place first."""
    edition, batches = _stage(edition_id)
    slides = ceremony.slides_of(batches)
    return render_template("desk/screen.html", edition=edition, slides=slides, label=_label, title=_title)
