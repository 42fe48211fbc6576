"""The signed-in person of a request. For views only."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import after_this_request, current_app, redirect, request, session, url_for
from werkzeug import Response

from contest.accounts import devices, queries
from contest.accounts.access import ANONYMOUS, Actor
from contest.accounts.models import AccountSession, Device, Role
from contest.db import now
from contest.errors import Forbidden
from contest.web import wants_json

KEY = "secret"
DEVICE = "device"  # a cookie of its own: it outlives signing out
DEVICE_LIFE = timedelta(days=400)  # the longest that browsers keep a cookie
FRESH_DEVICE = "contest.device"
OPEN_WHILE_IDLE = "is_open_while_idle"
KEPT = "contest.actor"  # kept with the request itself: one application context may serve several requests


def current_actor() -> Actor:
    """Who sends this request; ANONYMOUS when nobody is signed in. Read once a request."""
    if KEPT not in request.environ:
        request.environ[KEPT] = _load()
    return request.environ[KEPT]


def _load() -> Actor:
    secret = session.get(KEY)
    device = _device_secret()
    row = queries.live_session(secret, now(), device=device) if secret else None
    return row.actor(request.remote_addr or "") if row is not None else ANONYMOUS


def current_device() -> Device | None:
    """The device this browser is known as, if it has been signed in with before."""
    return devices.device_of(_device_secret())


def _device_secret() -> str:
    """The secret of this browser's device, also while the answer that brings its cookie is still being made."""
    return str(request.environ.get(FRESH_DEVICE) or request.cookies.get(DEVICE, ""))


def device_for_signing_in() -> Device:
    """The same, made and given its cookie where there is none yet. Call it inside the transaction of the sign-in."""
    device = current_device()
    if device is None:
        device, secret = devices.add_device(agent=request.user_agent.string, at=now())
        request.environ[FRESH_DEVICE] = secret
        after_this_request(lambda response: _with_device(response, secret))
    return device


def _with_device(response: Response, secret: str) -> Response:
    response.set_cookie(
        DEVICE,
        secret,
        max_age=DEVICE_LIFE,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["CONTEST"].is_secure,
    )
    return response


def keep(row: AccountSession, secret: str) -> None:
    """Put a freshly opened session into the browser's cookie; the old cookie's content is dropped."""
    locale = session.get("locale")
    session.clear()
    session[KEY] = secret
    if locale:  # chosen by hand; otherwise the browser's own language decides
        session["locale"] = locale
    session.permanent = True
    request.environ.pop(KEPT, None)


def forget() -> int | None:
    """Empty the cookie; returns the id of the session it named, for the caller to close."""
    session_id, locale = current_actor().session_id, session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    request.environ.pop(KEPT, None)
    return session_id


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view for signed-in people; others are asked to sign in and brought back."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if current_actor().is_anonymous:
            if wants_json():
                return {"error": "signed_out"}, 401
            return redirect(
                url_for("accounts.sign_in", next=request.full_path if request.method == "GET" else "/")
            )
        if current_actor().is_pin_wanted and not hasattr(view, OPEN_WHILE_IDLE):
            if wants_json():
                return {"error": "pin"}, 403
            return redirect(
                url_for("pins.unlock", next=request.full_path if request.method == "GET" else "/")
            )
        return view(*args, **kwargs)

    return guarded


def open_while_idle(view: Callable[..., Any]) -> Callable[..., Any]:
    """A door that needs no PIN after a long pause: marks that were typed still come in."""
    setattr(view, OPEN_WHILE_IDLE, True)
    return view


def roles_required(*roles: Role) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For pages that belong to roles as such (the judge's tablet). What is shown is still authorised in queries."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @signed_in
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_actor().has_role(*roles):
                raise Forbidden()
            return view(*args, **kwargs)

        return guarded

    return decorate
