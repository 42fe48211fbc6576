"""Light, dark or for bright sun: the judge's choice for this device, kept in a cookie of its own."""

from __future__ import annotations

from flask import current_app, redirect, request, url_for
from werkzeug import Response

from contest.judging.forms import EmptyForm
from contest.judging.views_tablet import THEMES, bp, judges_only

A_YEAR = 365 * 24 * 3600


@bp.post("/theme")
@judges_only
def theme() -> Response:
    """Keep the chosen theme; an unknown one means what the device itself prefers."""
    EmptyForm().validate_on_submit()
    chosen = request.form.get("theme", "")
    response = redirect(url_for("tablet.home"))
    if chosen in THEMES:
        secure = current_app.config["CONTEST"].is_secure
        response.set_cookie(
            "theme", chosen, max_age=A_YEAR, path="/judge", secure=secure, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie("theme", path="/judge")
    return response
