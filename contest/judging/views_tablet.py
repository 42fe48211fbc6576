"""The judge's tablet: list, sheet, summary, and the endpoint that takes marks. Work codes and sheet ids only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug import Response

from contest import web
from contest.accounts.access import Actor
from contest.accounts.models import Role
from contest.accounts.sessions import current_actor, open_while_idle, roles_required
from contest.db import now, transaction, write_together
from contest.judging import queries, service, sheet_rows
from contest.judging.arriving import LARGEST_BATCH, read_batch, read_comments, read_form
from contest.judging.forms import EmptyForm
from contest.judging.models import MarkSource
from contest.judging.note_models import ProblemKind
from contest.judging.outbox_files import owner_of
from contest.judging.timing import EXTRA_CAUSES, STOP_CAUSES
from contest.judging.views_device import app_urls, app_values, app_words, marking_here
from contest.judging.views_frame import make_sheets_of
from contest.judging.views_words import note_words

bp = Blueprint("tablet", __name__, url_prefix="/judge")
THEMES = ("light", "dark", "sun")
judges_only = roles_required(Role.JUDGE, Role.CHIEF_JUDGE)


@bp.get("/")
@judges_only
def home() -> str:
    """All sheets of the judge in the order of the draw."""
    make_sheets_of(current_actor())
    lines = queries.my_sheets(current_actor(), locale=str(get_locale()))
    return render_template("tablet/home.html", lines=lines, **frame())


@bp.get("/sheets/<public_id>")
@judges_only
def sheet(public_id: str) -> str:
    """One sheet. Every field is saved as it is left; without scripts the whole page is one form."""
    view = queries.my_sheet(current_actor(), public_id, locale=str(get_locale()))
    return _page(view)


@bp.post("/sheets/<public_id>")
@judges_only
@marking_here
def save(public_id: str) -> tuple[str, int] | Response:
    """The form of a browser without scripts: the same marks by the same way."""
    actor, locale = current_actor(), str(get_locale())
    view = queries.my_sheet(actor, public_id, locale=locale)
    EmptyForm().validate_on_submit()
    marks, refused = read_form(view, request.form, at=now())
    notes = read_comments(view, request.form, at=now())
    with transaction():
        service.record_notes(actor, notes, at=now())
    receipts = take(actor, marks, MarkSource.DEVICE)
    errors = refusals_by_field(marks, receipts, refused)
    view = queries.my_sheet(actor, public_id, locale=locale)
    if errors:
        typed = {
            name.partition("value.")[2]: text
            for name, text in request.form.items()
            if name.startswith("value.")
        }
        return _page(view, typed=typed, errors=errors), 422
    if marks:
        flash(_("%(count)s marks stored.", count=len(marks)), "good")
    return redirect(
        url_for(
            "tablet.submit" if request.form.get("then") == "submit" else "tablet.sheet", public_id=public_id
        )
    )


@bp.post("/sync")
@judges_only
@open_while_idle
def sync() -> tuple[Response, int] | Response:
    """A batch of marks from a device: {"device": …, "marks": [{uuid, sheet, aspect, state, value, …}]} → receipts."""
    return answer(current_actor(), MarkSource.DEVICE)


@bp.get("/token")
@judges_only
@open_while_idle
def token() -> Response:
    """A fresh safety token for a page that outlived its session."""
    return jsonify(token=generate_csrf())


def answer(actor: Actor, source: MarkSource) -> tuple[Response, int] | Response:
    """Read a batch, record it, answer with one receipt a mark."""
    body: Any = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("marks"), list):
        return jsonify(error="malformed", message=web.sentence("mark_malformed")), 400
    if len(body["marks"]) > LARGEST_BATCH:
        told = web.sentence("batch_too_large", {"limit": LARGEST_BATCH})
        return jsonify(error="batch_too_large", limit=LARGEST_BATCH, message=told), 413
    marks, unreadable = read_batch(body["marks"])
    receipts = take(actor, marks, source, device=str(body.get("device", ""))[:120])
    return jsonify(receipts=[*map(_told, receipts), *unreadable], at=now().isoformat())


def take(
    actor: Actor, marks: list[service.Typed], source: MarkSource, device: str = ""
) -> list[service.Receipt]:
    """Record marks through the writer's gate, in one commit with those of other requests."""
    if not marks:
        return []
    return write_together(service.record_batches, service.Batch(actor, marks, now(), source, device))


def _told(receipt: service.Receipt) -> dict[str, Any]:
    told: dict[str, Any] = {"uuid": str(receipt.uuid), "status": receipt.status, "current": receipt.current}
    if receipt.reason:
        told.update(reason=receipt.reason, message=web.sentence(f"mark_{receipt.reason}", receipt.params))
    return told


def refusals_by_field(
    marks: list[service.Typed], receipts: list[service.Receipt], unread: dict[str, str]
) -> dict[str, str]:
    """What a plain form has to be shown again with: field name → sentence."""
    found = {name: web.sentence(code) for name, code in unread.items()}
    for mark, receipt in zip(marks, receipts, strict=True):
        if receipt.status in ("refused", "stale"):
            found[f"{mark.aspect}.{mark.attempt}"] = web.sentence(f"mark_{receipt.reason}", receipt.params)
    return found


def _page(view: queries.SheetView, **typed: Any) -> str:
    rows = sheet_rows.rows_of(view, str(get_locale()), **typed)
    urls = {"save": url_for("tablet.save", public_id=view.line.public_id), "back": url_for("tablet.home")}
    urls["submit"] = url_for("tablet.submit", public_id=view.line.public_id)
    urls["take_back"] = url_for("tablet.take_back", public_id=view.line.public_id)
    urls["sync"] = url_for("tablet.sync")
    urls["problem"] = url_for("tablet.problem", public_id=view.line.public_id)
    problems = queries.problems_of_sheet(view.line.public_id)
    return render_template("tablet/sheet.html", problems=problems, **sheet_page(view, rows, urls))


def sheet_page(view: queries.SheetView, rows: list[sheet_rows.Row], urls: dict[str, str]) -> dict[str, Any]:
    """What the sheet's template needs, for the tablet and for the desk."""
    total, full = sheet_rows.running_sum(view), sheet_rows.full_sum(view)
    return {
        "view": view,
        "line": view.line,
        "rows": rows,
        "urls": urls,
        "sum": total,
        "full": full,
        "problem_kinds": list(ProblemKind),
        "stop_causes": STOP_CAUSES,
        "extra_causes": EXTRA_CAUSES,
        "sheet_comment": view.comments.get(("", 1), ""),
        **frame(),
    }


def frame() -> dict[str, Any]:
    """What every page of the tablet carries: whose marks the outbox holds, where to send them, the scripts' words."""
    owner = owner_of(str(current_app.secret_key), current_actor().account_id or 0)
    return {
        "owner": owner,
        "theme": chosen if (chosen := request.cookies.get("theme")) in THEMES else "",
        "words": {**words_for_scripts(), **note_words(), **app_words()},
        "app": app_values(),
        "app_urls": app_urls(),
    }


def words_for_scripts() -> dict[str, str]:
    """Sentences that the scripts show; {n} and {age} are filled in there."""
    return {
        "seconds": _("{n} s"),
        "minutes": _("{n} min"),
        "all_stored": _("All marks stored"),
        "waiting": _("{n} waiting, oldest {age}"),
        "offline": _("No network. Marks are kept on this device"),
        "offline_waiting": _("No network. {n} kept on this device, oldest {age}"),
        "signed_out": _("Signed out. Kept here: {n}. Scan your code again"),
        "marks_only": _("{n} marks"),
        "notes_only": _("{m} notes"),
        "marks_and_notes": _("{n} marks · {m} notes"),
        "held": _("{n} marks need your decision"),
        "not_durable": _("This browser can't keep marks on the device. Keep this page open until all are stored."),
        "kept": _("kept here, not sent yet"),
        "stored": _("stored"),
        "state_none": _("not yet marked"),
        "state_value": _("marked"),
        "state_absent": _("absent"),
        "state_void": _("void"),
        "left": _("{n} not yet marked"),
        "complete": _("all marked"),
        "keep_mine": _("Keep mine: {value}"),
        "keep_theirs": _("Keep the other: {value}"),
        "refused": _("not taken"),
        "stale": _("two values"),
        "others": _("{n} marks of another judge wait on this device. They are sent when that judge signs in here."),
        **{
            name: web.sentence(f"mark_{name}", {"decimals": "{decimals}", "low": "{low}", "high": "{high}", "step": "{step}"})
            for name in (
                "empty", "emptied", "too_long", "comma", "not_a_number", "too_many_decimals", "negative_zero", "below",
                "above", "off_step",
            )
        },
    }  # fmt: skip
