"""The blueprint and what all pages of the room share: crumbs, the side column, carrying out a call."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, send_file, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from contest import words
from contest.accounts.access import Actor
from contest.accounts.sessions import current_actor
from contest.db import now
from contest.entries import eligibility, queries
from contest.entries.models import Entry, EntryState
from contest.events.models import Contest, Edition, Event
from contest.events.queries import scope_of
from contest.events.views.door import carried_out, done_or_told, link
from contest.web import called

__all__ = ["Page", "bp", "carried_out", "done_or_told", "link"]

bp = Blueprint("entries", __name__)

Page = str | Response | tuple[str, int] | Any
TONES = {
    EntryState.PRESENT: "good",
    EntryState.ABSENT: "warn",
    EntryState.WITHDRAWN: "warn",
    EntryState.DISQUALIFIED: "bad",
    EntryState.UNOFFICIAL: "info",
}


def today_of(contest: Contest) -> date:
    """The present day where the contest is held."""
    return now().astimezone(ZoneInfo(contest.timezone)).date()


def is_chinese() -> bool:
    """Whether this page is read in Chinese."""
    return str(get_locale()).startswith("zh")


def word(member: Any) -> str:
    """An enum member's term in the reader's language."""
    return words.term(member, str(get_locale()))


def edition_crumbs(edition: Edition, *rest: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """From the edition's overview to this page."""
    overview = link("desk.edition", edition_id=edition.id)
    entries = (_("Entries"), url_for("entries.index", edition_id=edition.id))
    return [(called(edition), overview), entries, *rest]


def event_crumbs(event: Event, *rest: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """From the edition's overview through an event's entries to this page."""
    edition = event.sub_contest.edition
    listed = url_for("entries.index", edition_id=edition.id, event_id=event.id)
    may_list = bool(eligibility.events_for_entry(current_actor(), edition.id, may="entries.view"))
    overview = link("desk.edition", edition_id=edition.id)
    return [(called(edition), overview), (called(event), listed if may_list else None), *rest]


def edition_side(edition: Edition, current: str) -> list[dict[str, Any]]:
    """The pages of registration that this person may open."""
    actor = current_actor()
    scope = {"holder": edition.contest.holder_id, "contest": edition.contest_id}
    pages = [("index", _("Entries"), "entries.index", True)]
    pages += [("roster", _("Registration files"), "entries.roster", _may_edit(actor, edition.id))]
    pages += [("registrations", _("Registrations"), "entries.registrations", True)]
    pages += [("delegations", _("Delegations"), "entries.delegations", actor.may("entries.review", **scope))]
    pages += [
        ("organisations", _("Organisations"), "entries.organisations", actor.may("entries.review", **scope))
    ]
    return [
        {"label": label, "href": url_for(endpoint, edition_id=edition.id), "current": key == current}
        for key, label, endpoint, shown in pages
        if shown
    ]


def event_side(event: Event, current: str) -> list[dict[str, Any]]:
    """The pages of one event between registration and judging."""
    actor, scope = current_actor(), scope_of(event)
    edition_id = event.sub_contest.edition_id
    listed = url_for("entries.index", edition_id=edition_id, event_id=event.id)
    may_list = bool(eligibility.events_for_entry(actor, edition_id, may="entries.view"))
    items = [("index", _("Entries"), listed, may_list)]
    items += [("draw", _("Draw"), url_for("entries.draw", event_id=event.id), actor.may("draw.run", **scope))]
    items += [("codes", _("Work codes"), url_for("entries.codes", event_id=event.id), may_open_codes(event))]
    return [
        {"label": text, "href": href, "current": key == current} for key, text, href, shown in items if shown
    ]


def may_open_codes(event: Event) -> bool:
    """Whether the codes' page is of use to this person."""
    actor, scope = current_actor(), scope_of(event)
    return any(actor.may(act, **scope) for act in ("codes.view", "codes.issue", "draw.run", "codes.decode"))


def _may_edit(actor: Actor, edition_id: int) -> bool:
    return bool(eligibility.events_for_entry(actor, edition_id))


def may_of(entry: Entry) -> Callable[[str], bool]:
    """Asks for an act on one entry, for showing or hiding its buttons."""
    scope: dict[str, int | None] = {**scope_of(entry.event), "delegation": entry.delegation_id}
    actor = current_actor()
    return lambda act: actor.may(act, **scope)


def title_of(entry: Entry) -> str:
    """An entry's number and name."""
    return f"{entry.number} {queries.display_name(entry)}"


def pdf_response(content: bytes, name: str) -> Response:
    """A paper shown in the browser under a name of its own."""
    return send_file(io.BytesIO(content), mimetype="application/pdf", download_name=_file_name(name))


def download(content: bytes, name: str, media_type: str) -> Response:
    """A file to keep."""
    return send_file(
        io.BytesIO(content), mimetype=media_type, as_attachment=True, download_name=_file_name(name)
    )


def _file_name(name: str) -> str:
    """Without what file systems and headers don't take."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "-", name)[:150]
