"""Printing onto pre-printed stock: printers with their corrections, test pages, the variable layer, the serials used."""

from __future__ import annotations

import tempfile
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import files
from contest.accounts.sessions import current_actor, signed_in
from contest.certificates import designs, overprint, queries, service, wording
from contest.certificates.forms import PrinterForm, SerialsForm
from contest.certificates.models import Certificate, Printer
from contest.certificates.views.door import bp, carried_out, crumbs, sent
from contest.db import now
from contest.errors import Missing
from contest.events.models import Event
from contest.events.queries import event_for

PAGE = 25


def _event(event_id: int) -> Event:
    return event_for(current_actor(), event_id, may=queries.ACT)


def _valid(event_id: int) -> list[Certificate]:
    """The papers to print, in printing order."""
    rows = queries.certificates_for(current_actor(), event_id)
    return [one for one in rows if service.state_of(one).value == "valid"]


def _printer(row: Event) -> Printer | None:
    asked = request.args.get("printer", 0, type=int)
    return overprint.printer_of(row.sub_contest.edition.contest_id, asked) if asked else None


@bp.get("/events/<int:event_id>/certificates/overprint")
@signed_in
def overprint_show(event_id: int) -> str:
    return _page(_event(event_id))


def _page(row: Event, **forms: Any) -> str:
    held, page = _valid(row.id), max(1, request.args.get("page", 1, type=int))
    return render_template(
        "certificates/overprint.html", event=row, certificates=held[(page - 1) * PAGE : page * PAGE], total=len(held),
        page=page, pages=-(-len(held) // PAGE) or 1, size=PAGE,
        without=sum(1 for one in held if not one.stock_serial),
        printers=overprint.printers_of(row.sub_contest.edition.contest_id), crumbs=crumbs(row, (_("Pre-printed stock"), None)),
        **{"printer_form": PrinterForm(formdata=None), "serials_form": SerialsForm(formdata=None)} | forms,
    )  # fmt: skip


@bp.post("/events/<int:event_id>/certificates/overprint/printers")
@signed_in
def overprint_printer(event_id: int) -> Response | tuple[str, int]:
    """Keep a printer's correction."""
    form = PrinterForm()

    def work() -> None:
        overprint.set_printer(
            _event(event_id).sub_contest.edition.contest, name=form.name.data or "",
            x_milli=overprint.milli(form.right.data), y_milli=overprint.milli(form.down.data),
            actor=current_actor(), at=now(),
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        flash(_("Kept. Print the test page again and hold it against a sheet."), "good")
        return redirect(url_for("certificates.overprint_show", event_id=event_id))
    return _page(_event(event_id), printer_form=form), 422


@bp.get("/events/<int:event_id>/certificates/overprint/test.pdf")
@signed_in
def overprint_test(event_id: int) -> Response:
    """Rulers and boxes of the layout in use, moved as the printer's papers would be."""
    row = _event(event_id)
    printer, used = _printer(row), queries.last_layouts(event_id)
    layout = designs.load(next(iter(used.values()), wording.PRIZE))
    words = [
        printer.name if printer else _("without correction"),
        _("The crosses lie at 50, 100, 150 … mm from the left and upper edge."),
    ]
    return sent(overprint.test_page(layout, printer, words=words), "test.pdf")


@bp.get("/events/<int:event_id>/certificates/overprint/papers.pdf")
@signed_in
def overprint_papers(event_id: int) -> Response:
    """The variable layer of every valid paper in printing order."""
    row, held = _event(event_id), _valid(event_id)
    if not held:
        raise Missing()
    file = tempfile.TemporaryFile(dir=files.workshop())  # noqa: SIM115 - closed with the answer
    service.merged(overprint.layer_of(held, _printer(row)), title=row.name, into=file)
    file.seek(0)
    return send_file(file, "application/pdf", as_attachment=True, download_name=f"{row.name}-overprint.pdf")


@bp.post("/events/<int:event_id>/certificates/overprint/serials")
@signed_in
def overprint_serials(event_id: int) -> Response | tuple[str, int]:
    """Record the sheets used, counting up in printing order."""
    form, noted = SerialsForm(), []

    def work() -> None:
        row, held = _event(event_id), _valid(event_id)
        wanted = (form.start.data or "").strip()
        places = [place for place, one in enumerate(held) if not wanted or one.number == wanted]
        if not places:
            raise Missing()
        some = held[places[0] :][: form.count.data or len(held)]
        noted.extend(
            overprint.note_serials(
                some, first=form.first.data or "", contest_id=row.sub_contest.edition.contest_id,
                actor=current_actor(), at=now(),
            )
        )  # fmt: skip

    if form.validate_on_submit() and carried_out(form, work):
        flash(
            _("Recorded: %(n)s sheets, %(first)s to %(last)s.", n=len(noted), first=noted[0], last=noted[-1]),
            "good",
        )
        return redirect(url_for("certificates.overprint_show", event_id=event_id))
    return _page(_event(event_id), serials_form=form), 422
