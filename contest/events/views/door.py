"""The blueprint and what all pages of the room share: carrying out a call, crumbs, the steps at the side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, request, url_for
from flask_babel import gettext as _

from contest.db import transaction
from contest.errors import Refused
from contest.events.forms.fields import RowForm
from contest.events.models import Contest, Edition, Event, EventState, SubContest
from contest.web import called, sentence

bp = Blueprint("events", __name__)

Crumbs = list[tuple[str, str | None]]


def carried_out(form: RowForm, work: Callable[[], Any], row: Any = None) -> bool:
    """Run one service call in a transaction; a refusal is put on the form, with what was typed kept."""
    try:
        with transaction():
            work()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        form.refuse(refusal, row)
        return False
    return True


def done_or_told(work: Callable[[], Any], done: str) -> bool:
    """For a single button: carry it out and say so, or say why not."""
    try:
        with transaction():
            work()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        flash(sentence(refusal.code, refusal.params), "bad")
        return False
    flash(done, "good")
    return True


def link(endpoint: str, **values: Any) -> str | None:
    """The address of a page of any room, or None where that room is not installed."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def crumbs_of(row: Contest | Edition | SubContest | Event | None, last: str | None = None) -> Crumbs:
    """From the list of contests down to a row; `last` names a page below it."""
    trail: Crumbs = [(_("Contests"), url_for("events.index"))]
    for step in _ancestors(row):
        trail.append((called(step), address_of(step)))
    return [*trail, (last, None)] if last else trail


def _ancestors(row: Any) -> list[Any]:
    if row is None:
        return []
    if isinstance(row, Event):
        return [*_ancestors(row.sub_contest), row]
    if isinstance(row, SubContest):
        return [*_ancestors(row.edition), row]
    if isinstance(row, Edition):
        return [row.contest, row]
    return [row]


def address_of(row: Any) -> str:
    """The page of a contest, edition, sub-contest or event."""
    if isinstance(row, Event):
        return url_for("events.event_setup", event_id=row.id)
    if isinstance(row, SubContest):
        return url_for("events.sub_contest", sub_contest_id=row.id)
    if isinstance(row, Edition):
        return url_for("events.edition_setup", edition_id=row.id)
    return url_for("events.contest", contest_id=row.id)


def event_steps(event: Event, current: str, *, has_trial: bool, has_draft: bool) -> list[dict[str, Any]]:
    """What remains to do on the event itself: details, groups, rules, dry run, opening."""
    is_open = event.state is not EventState.DRAFT
    done = {
        "details": True,
        "groups": bool(event.groups),
        "rules": event.rule_version is not None and not has_draft,
        "trial": has_trial or is_open,
        "open": is_open,
    }
    labels = [
        ("details", _("Details"), "events.event_setup"),
        ("groups", _("Groups"), "events.groups"),
        ("rules", _("Rules"), "events.rules"),
        ("trial", _("Dry run"), "events.trial"),
        ("open", _("Open the event"), "events.event_setup"),
    ]
    return [
        {
            "label": label,
            "href": url_for(endpoint, event_id=event.id, _anchor="open" if key == "open" else None),
            "state": "current" if key == current else "done" if done[key] else "todo",
            "note": _("unsaved changes") if key == "rules" and has_draft and key != current else None,
        }
        for key, label, endpoint in labels
    ]


def contest_steps(edition: Edition, event: Event | None = None) -> list[dict[str, Any]]:
    """The way of a contest from set-up to certificates; pages of rooms that are not there have no link."""
    here = {"event_id": event.id} if event else None
    of_edition = {"edition_id": edition.id}
    steps = [
        (_("Overview"), "desk.edition", of_edition),
        (_("Contest set-up"), "events.edition_setup", of_edition),
        (_("Roles and people"), "events.people", of_edition),
        (_("Delegations"), "entries.delegations", of_edition),
        (_("Registration"), "entries.index", of_edition),
        (_("Draw"), "entries.draw", here),
        (_("Judges"), "judging.panels", here),
        (_("Marks"), "judging.board", here),
        (_("Results"), "results.event", here),
        (_("Awards"), "awards.edition", of_edition),
        (_("Certificates"), "certificates.event", here),
    ]
    hrefs = [link(endpoint, **values) if values is not None else None for _label, endpoint, values in steps]
    return [
        {"label": label, "href": href, "current": href == request.path}
        for (label, _endpoint, _values), href in zip(steps, hrefs, strict=True)
    ]
