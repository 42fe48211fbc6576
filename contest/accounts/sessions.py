"""The signed-in person of a request. For views only."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import redirect, request, session, url_for

from contest.accounts import queries
from contest.accounts.access import ANONYMOUS, Actor
from contest.accounts.models import AccountSession, Role
from contest.db import now
from contest.errors import Forbidden
from contest.web import wants_json

KEY = "secret"
KEPT = "contest.actor"  # kept with the request itself: one application context may serve several requests


def current_actor() -> Actor:
    """Who sends this request; ANONYMOUS when nobody is signed in. Read once a request."""
    if KEPT not in request.environ:
        request.environ[KEPT] = _load()
    return request.environ[KEPT]


def _load() -> Actor:
    secret = session.get(KEY)
    row = queries.live_session(secret, now()) if secret else None
    return row.actor(request.remote_addr or "") if row is not None else ANONYMOUS


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
        return view(*args, **kwargs)

    return guarded


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
