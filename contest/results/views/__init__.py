"""The room's door: results of an event, lists and their steps, ties, appeals, and what the public reads."""

from __future__ import annotations

from flask import Flask

from contest import web
from contest.results.views import (  # noqa: F401  # each module adds its pages to the blueprint
    api,
    appeal_steps,
    appeals,
    corrections,
    event,
    explain,
    freezing,
    house,
    notices,
    office_api,
    outside,
    programs,
    public,
    publication,
    publication_steps,
    rechecks,
    scans,
    settings,
    site,
    ties,
)
from contest.results.views.door import bp
from contest.results.views.sentences import MESSAGES


def init_app(app: Flask) -> None:
    """Register the room's sentences and pages."""
    web.register_messages(MESSAGES)
    app.register_blueprint(bp)
    app.register_blueprint(api.bp)
