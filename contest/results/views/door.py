"""The blueprint and what its pages share: crumbs, tabs, carrying out one service call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, g, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from contest import web, words
from contest.accounts.access import Actor
from contest.accounts.models import Role
from contest.accounts.sessions import current_actor
from contest.db import now, transaction
from contest.errors import Refused
from contest.events.models import Event
from contest.events.queries import scope_of
from contest.results import service
from contest.results.models import Publication
from contest.results.readings import must_log

bp = Blueprint("results", __name__)
PUBLIC = {
    "lists",
    "edition_lists",
    "public_list",
    "public_file",
    "feed",
    "embedded",
    "screen",
    "site",
    "public_scan",
}


@bp.url_value_preprocessor
def _know_the_public_pages(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Before the language is chosen: a public page's bytes follow from its address alone.
    if request.endpoint and request.endpoint.rpartition(".")[2] in PUBLIC:
        g.public_page = True


@bp.app_template_filter("role_term")
def role_term(value: str, kind: str = "skills") -> str:
    """The word for a role that a row keeps by its value."""
    return words.term(Role(value), locale(), kind)


def locale() -> str:
    """en or zh_CN, as the lists' own words take it."""
    return "en" if str(get_locale()).startswith("en") else "zh_CN"


def carried_out(form: Any, work: Callable[[], Any], field: str | None = None) -> bool:
    """Run one service call in a transaction; a refusal becomes an error of the form, with what was typed kept."""
    try:
        with transaction():
            work()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        text = web.sentence(refusal.code, refusal.params)
        if field is None:
            form.form_errors = [*(form.form_errors or []), text]
        else:
            getattr(form, field).errors = [text]
        return False
    return True


def read_under_embargo(publication: Publication | None, door: str) -> None:
    """Put on record that somebody reads ranks under embargo; Missing for whoever may not."""
    if publication is None or not must_log(publication):
        return
    with transaction():
        service.log_reading(publication=publication, door=door, actor=current_actor(), at=now())


def read_ranks(event: Event, door: str, ranking_key: str = "", round_id: int | None = None) -> None:
    """The same for what is computed now: it gives away any list of the event that is under embargo."""
    read_under_embargo(service.embargo_over(event.id, ranking_key, round_id), door)


def zoned(event: Event) -> Event:
    """From here on the request shows instants in the time zone of the event's contest."""
    g.timezone = event.sub_contest.edition.contest.timezone
    return event


def crumbs(event: Event, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """Edition › event › results › …; parts of the product that are not there have no address."""
    edition = event.sub_contest.edition
    known = current_app.view_functions
    home = url_for("desk.edition", edition_id=edition.id) if "desk.edition" in known else None
    results = url_for("results.event", event_id=event.id)
    return [
        (web.called(edition), home),
        (web.called(event), None),
        (_("Results"), results if more else None),
        *more,
    ]


def tabs(event: Event, actor: Actor, current: str) -> list[dict[str, Any]]:
    """The pages of an event's results that the actor may open."""
    scope = scope_of(event)
    items = []
    if actor.may("results.view", **scope) and service.may_read_ranks(actor, event):
        items.append(("event", _("Results")))
        items.append(("ties", _("Ties")))
    items.append(("appeals", _("Appeals")))
    if actor.may("results.recheck", **scope):
        items.append(("rechecks", _("Re-check")))
    return [
        {"label": label, "href": url_for(f"results.{name}", event_id=event.id), "current": name == current}
        for name, label in items
    ]
