"""The room's door: contests and what is held in them, rules, opening, roles."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _

from contest import web
from contest.events.views import (  # noqa: F401  # each module adds its pages to the blueprint
    events,
    holders,
    hosting,
    people,
    rules,
    rules_exchange,
    rules_parts,
    trial,
)
from contest.events.views.door import bp

MESSAGES = {
    "name_empty": _("This can't be empty. Fill it in."),
    "slug_taken": _("Another holder uses “%(slug)s”. Choose another key."),
    "ordinal_taken": _("This contest has an edition number %(ordinal)s already. Choose another number."),
    "trade_unknown": _(
        "The occupation catalogue has no code “%(trade)s”. Pick the trade from the search, or leave the code empty."
    ),
    "sizes_bad": _("The largest team is smaller than the smallest. Correct one of them."),
    "group_key_twice": _("Two groups have the same key. Reload the page and try again."),
    "not_empty": _("Something stands below it, so it can't be deleted. Delete what is in it first."),
    "not_draft": _("The event was opened already, so this can't change any more."),
    "not_open": _("The event is not open, so this can't be done now."),
    "not_ready": _("The event can't open yet. See what is missing, mend it and open it again."),
    "rules_refused": _(
        "The rules contradict themselves, so they were not saved as a version. Mend what is listed."
    ),
    "rules_reason_needed": _(
        "The event is open: say why the rules change. The reason is kept and shown with the results."
    ),
    "no_rules": _("The event “%(event)s” has no rules yet. Ask the organiser to save them first."),
    "grant_not_yours": _(
        "You can't give this role here. Choose a role and a part that you are responsible for."
    ),
}


def init_app(app: Flask) -> None:
    """Register the room's sentences and pages."""
    web.register_messages(MESSAGES)
    app.register_blueprint(bp)
