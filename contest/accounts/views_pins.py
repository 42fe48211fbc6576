"""Doors of the PIN: choose one, and open the pages again after a pause."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import web
from contest.accounts import pins, queries, service
from contest.accounts.forms import EmptyForm, PinForm
from contest.accounts.sessions import current_actor, open_while_idle, signed_in
from contest.db import now, transaction
from contest.errors import Invalid

bp = Blueprint("pins", __name__, url_prefix="/account")


@bp.route("/pin", methods=["GET", "POST"])
@signed_in
def pin() -> str | Response | tuple[str, int]:
    """Choose a PIN. Whoever forgot it scans the personal code again and chooses another here."""
    actor, form = current_actor(), PinForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    try:
        with transaction():
            account = queries.account_by_id(actor.account_id or 0)
            pins.set_pin(account, pin=form.pin.data, actor=actor, at=now())
    except Invalid as refusal:
        form.pin.errors = [web.sentence(refusal.code, refusal.params)]
        return _page(form), 422
    flash(_("The PIN is set. After a pause this device asks for it."), "good")
    return redirect(_next())


@bp.route("/unlock", methods=["GET", "POST"])
@signed_in
@open_while_idle
def unlock() -> str | Response | tuple[str, int]:
    """Type the PIN after a pause."""
    actor, form = current_actor(), PinForm()
    if not actor.is_pin_wanted and request.method == "GET":
        return redirect(_next())
    if not form.validate_on_submit():
        return _unlock_page(form), 422 if form.errors else 200
    try:
        pins.check_pin(queries.account_by_id(actor.account_id or 0), pin=form.pin.data, at=now())
        with transaction():
            pins.unlock(queries.session_by_id(actor.session_id or 0))
    except Invalid as refusal:
        if isinstance(refusal, pins.WrongPin):
            with transaction():
                service.note_failure([pins.tries_key(actor.account_id or 0)], at=now())
        form.pin.errors = [web.sentence(refusal.code, refusal.params)]
        return _unlock_page(form), 422
    return redirect(_next())


@bp.post("/idle")
@signed_in
@open_while_idle
def idle() -> Response:
    """The page saw nobody for a while. Answers whether the PIN is asked for from now on."""
    EmptyForm().validate_on_submit()
    with transaction():
        is_asked = pins.want_pin(queries.session_by_id(current_actor().session_id or 0), at=now())
    return jsonify(pin=is_asked)


def _page(form: PinForm) -> str:
    return render_template("accounts/pin.html", form=form, next=_next(), has_pin=_has_pin())


def _unlock_page(form: PinForm) -> str:
    return render_template("accounts/unlock.html", form=form, next=_next())


def _has_pin() -> bool:
    return queries.account_by_id(current_actor().account_id or 0).pin_hash is not None


def _next() -> str:
    return web.safe_path(request.values.get("next"), url_for("tablet.home"))
