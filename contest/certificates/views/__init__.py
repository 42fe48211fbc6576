"""The room's door: issuing, the register, checking, one's own papers."""

from __future__ import annotations

from flask import Flask

from contest import web
from contest.certificates.views import (  # noqa: F401 - each adds its pages
    designs,
    issuing,
    letters,
    numbers,
    overprint,
    public,
    register,
    roll_papers,
    rolls,
)
from contest.certificates.views.door import MESSAGES, bp


def init_app(app: Flask) -> None:
    """Register the room's door and its sentences."""
    web.register_messages(MESSAGES)
    app.register_blueprint(bp)
