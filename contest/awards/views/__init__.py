"""The room's door: prizes, titles, decisions, earlier holders."""

from __future__ import annotations

from flask import Flask

from contest import web
from contest.awards.views import decisions, earlier, kinds, lists, money, promotions, steps, titles  # noqa: F401 - each adds its pages
from contest.awards.views.door import MESSAGES, bp


def init_app(app: Flask) -> None:
    """Register the room's door and its sentences."""
    web.register_messages(MESSAGES)
    app.register_blueprint(bp)
