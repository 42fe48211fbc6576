"""The rules as TOML text and from a spreadsheet."""

from __future__ import annotations

from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from contest.accounts.sessions import signed_in
from contest.errors import Refused
from contest.events import queries, scheme, scheme_sheet, sheet_files
from contest.events.scheme_sheet import BadRow, Reading
from contest.events.sheet_files import SheetUnreadable
from contest.events.views.desk_of_rules import Desk, blank_rules, context_of, desk_of, keep, read_errors
from contest.events.views.door import bp
from contest.events.views.holders import Page
from contest.scoring.problems import RulesError
from contest.scoring.rules import RuleSet
from contest.web import sentence

UNREADABLE = {
    "empty": lazy_gettext("The file has no rows. Fill in the template and upload it again."),
    "too_large": lazy_gettext(
        "The file is too large for a marking scheme. Take everything but the scheme out of it."
    ),
    "not_a_table": lazy_gettext(
        "This is not a workbook or CSV file. Save it as .xlsx, .xls or .csv and upload it again."
    ),
    "no_head": lazy_gettext(
        "No row with the heads 评分点 and 配分 (aspect, maximum) was found. Use the heads of the template."
    ),
    "encoding": lazy_gettext("The text of the file can't be read. Save the CSV in UTF-8 or GB18030."),
}
COLUMNS = {
    "module": lazy_gettext("Module"),
    "criterion": lazy_gettext("Criterion"),
    "aspect": lazy_gettext("Aspect"),
    "kind": lazy_gettext("Kind"),
    "maximum": lazy_gettext("Maximum"),
    "weight": lazy_gettext("Weight"),
    "benchmarks": lazy_gettext("Benchmarks"),
}
REASONS = {
    "module_missing": lazy_gettext("No module stands in this row or above it. Write the module's name."),
    "aspect_missing": lazy_gettext("The aspect has no name. Write what is marked, or empty the row."),
    "aspect_twice": lazy_gettext("This aspect stands in the same criterion already. Rename or remove one."),
    "kind_unknown": lazy_gettext("This kind is not known. Choose one of: %(known)s."),
    "maximum_missing": lazy_gettext("The maximum is missing. Write the allotted points."),
    "maximum_not_positive": lazy_gettext("The maximum must be above 0."),
    "not_a_number": lazy_gettext("This is not a number. Write 10 or 2.5."),
    "weight_twice": lazy_gettext(
        "The module's weight was %(before)s above. Write it once, in the module's first row."
    ),
    "total_differs": lazy_gettext(
        "The stated total differs: the aspects above add up to %(sum)s. Correct an aspect or the total."
    ),
    "subtotal_differs": lazy_gettext("The stated subtotal differs: the module's aspects add up to %(sum)s."),
}


@bp.route("/events/<int:event_id>/rules/text", methods=["GET", "POST"])
@signed_in
def rules_toml(event_id: int) -> Page:
    """The same rules as text: read, edited, pasted, uploaded."""
    desk = desk_of(event_id, may="contest.configure" if request.method == "POST" else "contest.view")
    text, errors = _posted_text(), []
    if request.method == "POST":
        try:
            keep(
                event_id, lambda _document: RuleSet.from_toml(text).to_dict(), version=_version(), what="text"
            )
        except RulesError as error:
            errors = read_errors(error)
        except Refused as refusal:
            if refusal.status in (403, 404):
                raise
            errors = [sentence(refusal.code, refusal.params)]
        else:
            flash(_("Noted in the draft. Save the draft as a version when all is right."), "good")
            return redirect(url_for("events.rules", event_id=event_id))
    else:
        text = "" if desk.is_blank else RuleSet.from_dict(desk.document).to_toml()
    page = render_template(
        "events/rules_toml.html", text=text, errors=errors, **context_of(desk, "rules_toml")
    )
    return page, 422 if errors else 200


def _version() -> int:
    text = request.form.get("version", "0")
    return int(text) if text.isdigit() else -1


def _posted_text() -> str:
    file = request.files.get("file")
    if file and file.filename:
        return file.read(1024 * 1024).decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    return request.form.get("text", "").replace("\r\n", "\n")


@bp.get("/events/<int:event_id>/rules.toml")
@signed_in
def rules_download(event_id: int) -> FlaskResponse:
    """The draft, or a version by `?version=n`, as a file."""
    desk = desk_of(event_id, may="contest.view")
    number = request.args.get("version", "")
    document = queries.version_of(desk.event, int(number)).document if number.isdigit() else desk.document
    name = f"rules-{event_id}{f'-v{number}' if number.isdigit() else ''}.toml"
    return _file(RuleSet.from_dict(document).to_toml().encode(), name, "application/toml; charset=utf-8")


@bp.get("/events/<int:event_id>/rules/template.xlsx")
@signed_in
def rules_template(event_id: int) -> FlaskResponse:
    desk_of(event_id, may="contest.view")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(sheet_files.template_workbook(), "marking-scheme.xlsx", kind)


def _file(content: bytes, name: str, media_type: str) -> FlaskResponse:
    return current_app.response_class(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@bp.route("/events/<int:event_id>/rules/spreadsheet", methods=["GET", "POST"])
@signed_in
def rules_sheet(event_id: int) -> Page:
    """Upload a marking scheme: taken whole, or nothing and every bad row told."""
    desk = desk_of(event_id, may="contest.configure" if request.method == "POST" else "contest.view")
    error, reading = "", None
    if request.method == "POST":
        error, reading = _taken(desk)
        if reading is not None and not reading.bad and not error:
            flash(
                _(
                    "%(aspects)s aspects with %(total)s points in all are in the draft now.",
                    aspects=reading.aspects,
                    total=scheme.shown(reading.total),
                ),
                "good",
            )
            return redirect(url_for("events.rules", event_id=event_id))
    bad = [_told(one) for one in reading.bad] if reading else []
    page = render_template("events/rules_sheet.html", error=error, bad=bad, **context_of(desk, "rules_sheet"))
    return page, 422 if error or bad else 200


def _taken(desk: Desk) -> tuple[str, Reading | None]:
    """What is wrong with the file as a whole, and what was read; without bad rows the draft has it."""
    event_id, document = desk.event.id, blank_rules(desk.event) if desk.is_blank else desk.document
    file = request.files.get("file")
    if not file or not file.filename:
        return _("Choose a file first."), None
    try:
        reading = scheme_sheet.read(file.read(), file.filename, document)
    except SheetUnreadable as problem:
        return str(UNREADABLE[problem.code]), None
    if reading.bad:
        return "", reading
    try:
        keep(
            event_id,
            lambda _present: {**document, "modules": reading.modules},
            version=_version(),
            what="spreadsheet",
        )
    except RulesError as problem:
        return " ".join(read_errors(problem)), reading
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        return sentence(refusal.code, refusal.params), reading
    return "", reading


def _told(bad: BadRow) -> dict[str, Any]:
    return {
        "row": bad.row,
        "column": COLUMNS[bad.column],
        "value": bad.value,
        "reason": str(REASONS[bad.code]) % dict(bad.params) if bad.params else str(REASONS[bad.code]),
    }
