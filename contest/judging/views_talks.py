"""What reaches a judge's tablet beside the sheets: the panel's talk about a spread, messages, and telling of a tie."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Response as Answer
from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts.sessions import current_actor
from contest.db import now, transaction
from contest.errors import Refused
from contest.judging import judges, messages, queries, service, talks
from contest.judging.forms import EmptyForm, TieForm
from contest.judging.typed import shown
from contest.judging.views_tablet import bp, frame, judges_only


@bp.get("/talks")
@judges_only
def talk_list() -> str:
    """The aspects that the judge's panels have to talk about."""
    found = talks.talks_of(current_actor(), locale=str(get_locale()))
    return render_template("tablet/talks.html", talks=found, **_page())


@bp.get("/talks/<public_id>/<key>")
@judges_only
def talk(public_id: str, key: str) -> str:
    """One aspect: what each seat gave for it, and the own mark to give again."""
    return _talk(public_id, key)


def _talk(public_id: str, key: str, problem: str = "") -> str:
    found = talks.talk_of(current_actor(), public_id, key, locale=str(get_locale()))
    typed = {"value": request.form.get("value", ""), "reason": request.form.get("reason", "")}
    return render_template(
        "tablet/talk.html", talk=found, typed=typed, problem=problem, fresh=uuid4(), **_page()
    )


@bp.post("/talks/<public_id>/<key>")
@judges_only
def mark_again(public_id: str, key: str) -> tuple[str, int] | Response:
    """The mark after the talk; both marks are kept, with the reason."""
    actor = current_actor()
    EmptyForm().validate_on_submit()
    try:
        ids = {name: UUID(request.form.get(name, "")) for name in ("uuid", "seen")}
    except ValueError:
        return _talk(public_id, key, web.sentence("mark_malformed")), 422
    try:
        with transaction():
            row = queries.my_sheet_row(actor, public_id)
            was_submitted = row.submitted_at is not None
            values = {name: request.form.get(name, "").strip()[:500] for name in ("value", "reason")}
            receipt = service.mark_again(row, key, **ids, **values, actor=actor, at=now())
    except Refused as refusal:
        if refusal.code == "spread_settled":
            flash(web.sentence(refusal.code, refusal.params), "info")
            return redirect(url_for("tablet.talk_list"))
        return _talk(public_id, key, web.sentence(refusal.code, refusal.params)), refusal.status
    if receipt.status in ("refused", "stale"):
        return _talk(public_id, key, web.sentence(f"mark_{receipt.reason}", receipt.params)), 422
    if was_submitted and receipt.status == "stored":
        flash(_("Stored. The sheet is open again: submit it once more."), "warn")
        return redirect(url_for("tablet.submit", public_id=public_id))
    flash(_("Stored."), "good")
    return redirect(url_for("tablet.talk_list"))


@bp.get("/messages")
@judges_only
def message_list() -> Answer:
    """What the chief judge wrote and the judge has not read yet; the tablet asks whenever it is in touch."""
    found = messages.waiting_for(current_actor())
    told = [
        {
            "id": row.id,
            "text": row.text,
            "from": row.sent_name,
            "at": web.instant(row.sent_at, "HH:mm"),
            "read": url_for("tablet.message_read", message_id=row.id),
        }
        for row in found
    ]
    count = len(talks.talks_of(current_actor(), locale=str(get_locale())))
    return jsonify(messages=told, talks=count)


@bp.post("/messages/<int:message_id>/read")
@judges_only
def message_read(message_id: int) -> Response:
    EmptyForm().validate_on_submit()
    actor = current_actor()
    with transaction():
        service.mark_seen(actor, message_id, at=now())
    return redirect(request.form.get("back") or url_for("tablet.home"))


@bp.route("/ties", methods=["GET", "POST"])
@judges_only
def ties() -> tuple[str, int] | str | Response:
    """Telling of a tie; whom it concerns is found by the office, never shown here."""
    actor, form = current_actor(), TieForm()
    form.event_id.choices = [(event.id, web.called(event)) for _judge, event in judges.seats_at(actor)]
    if form.validate_on_submit():
        with transaction():
            seats = {event.id: (judge, event) for judge, event in judges.seats_at(actor)}
            judge, event = seats[form.event_id.data]
            values = {"who": form.who.data, "relation": form.relation.data}
            service.tell_of_tie(judge, event, **values, actor=actor, at=now())
        flash(_("Told. The office finds the entry, and its sheet leaves your list."), "good")
        return redirect(url_for("tablet.ties"))
    page = render_template("tablet/ties.html", form=form, told=judges.told_by(actor), **_page())
    return page, 422 if form.errors else 200


def _page() -> dict[str, Any]:
    return {**frame(), "shown": shown, "locale": str(get_locale())}


@bp.context_processor
def _waiting() -> dict[str, Any]:
    """Every page of the tablet tells what waits, also in a browser without scripts."""
    actor = current_actor()
    return {"waiting_messages": [] if actor.is_anonymous else messages.waiting_for(actor)}
