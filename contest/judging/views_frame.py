"""What the office pages of the room share: the blueprint, the event they stand in, the side column."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from contest.accounts.access import SYSTEM, Actor
from contest.accounts.sessions import current_actor
from contest.db import now, transaction
from contest.events.models import Event
from contest.events.queries import event_for, rounds_of, rules_of, scope_of
from contest.judging import progress, scheme, service
from contest.judging.making import lacks_sheets
from contest.web import called

bp = Blueprint("judging", __name__)

PAGES = (
    ("panels.view", "judging.panels", "user"),
    ("marks.progress", "judging.board", "info"),
    ("marks.progress", "judging.event_devices", "net"),
    ("marks.desk", "judging.desk", "edit"),
    ("marks.confirm", "judging.checking", "ok"),
    ("marks.view", "judging.corrections_page", "undo"),
    ("marks.progress", "judging.mark_files", "file"),
)


def in_event(event_id: int, may: str) -> tuple[Actor, Event]:
    """Who acts and where. Raises Missing unless the actor may."""
    actor = current_actor()
    return actor, event_for(actor, event_id, may=may)


def page(actor: Actor, event: Event, endpoint: str, title: str, **values: Any) -> dict[str, Any]:
    """The context of an office page: crumbs, the side column, and the page's own values."""
    scope = scope_of(event)
    edition = event.sub_contest.edition
    side = _side(actor, event, endpoint, scope)
    crumbs = [
        (called(edition), url_for("desk.edition", edition_id=edition.id)),
        (
            called(event),
            url_for("judging.board", event_id=event.id) if actor.may("marks.progress", **scope) else None,
        ),
        (title, None),
    ]
    may = {
        act: actor.may(act, **scope)
        for act in ("panels.edit", "marks.lock", "marks.desk", "marks.view", "marks.confirm")
    }
    return {
        "event": event,
        "edition": edition,
        "side": side,
        "crumbs": crumbs,
        "title": title,
        "may": may,
        **values,
    }


def _side(actor: Actor, event: Event, endpoint: str, scope: dict[str, int]) -> list[dict[str, Any]]:
    words = {
        "judging.panels": _("Panels and judges"),
        "judging.board": _("Board"),
        "judging.event_devices": _("Devices"),
        "judging.desk": _("Keying desk"),
        "judging.checking": _("Checking"),
        "judging.corrections_page": _("Changed marks"),
        "judging.mark_files": _("Marks from files"),
    }
    return [
        {
            "label": words[name],
            "href": url_for(name, event_id=event.id),
            "current": name == endpoint,
            "icon": icon,
        }
        for may, name, icon in PAGES
        if actor.may(may, **scope)
    ]


def module_choices(event: Event) -> list[tuple[str, str]]:
    """The modules of an event with their titles in the reader's language."""
    rules, locale = rules_of(event), str(get_locale())
    return [(module.key, scheme.module_title(rules, module.key, locale)) for module in rules.modules]


def aspect_titles(event: Event, locale: str) -> dict[str, str]:
    """Aspect key → title in a language, over all modules and kinds of seats."""
    rules = rules_of(event)
    return {
        aspect.key: aspect.title(locale)
        for module in rules.modules
        for kind in ("judge", *sorted(scheme.seat_kinds(rules, module.key)))
        for aspect in scheme.aspects_of(rules, module.key, kind)
    }


def round_choices(event: Event) -> list[tuple[int, str]]:
    """The rounds of an event."""
    english = str(get_locale()) == "en"
    return [(row.id, (row.name_en or row.name) if english else row.name) for row in rounds_of(event)]


def make_missing_sheets(event_id: int) -> None:
    """Sheets are there as soon as panels, entries and codes are; nobody has to press a button for them.

    A page that shows sheets calls this first. Nothing is written where nothing is missing.
    """
    if not lacks_sheets(event_id):
        return
    with transaction():
        event = event_for(SYSTEM, event_id, may="contest.view")
        service.make_when_ready(event, actor=SYSTEM, at=now())


def make_sheets_of(actor: Actor) -> None:
    """The same for all events in which a judge holds a seat, when the judge opens the list."""
    for event_id in progress.events_of_seats(actor):
        make_missing_sheets(event_id)
