"""A published list in the office: where it stands, who signed, and what the next step waits for."""

from __future__ import annotations

import io
from typing import Any

from flask import render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest.accounts.access import Actor
from contest.accounts.sessions import current_actor, signed_in
from contest.db import now
from contest.events.queries import scope_of
from contest.results import bundles, cells, exports, queries
from contest.results.amendments import amended_from
from contest.results.blockers import blockers, findings_of
from contest.results.canonical import list_digest
from contest.results.checks import FOLLOWING, askers, holds, needs_second
from contest.results.compute import compute_event
from contest.results.forms import (
    ConfirmForm,
    NoteForm,
    NoticeForm,
    PlacesForm,
    PlainForm,
    ScanForm,
    WithdrawForm,
)
from contest.results.house import template_of
from contest.results.models import ListState, Publication
from contest.results.notices import notice_of, objections_of
from contest.results.publications import SIGNING
from contest.results.scans import scans_of
from contest.results.snapshots import round_key_of
from contest.results.steps import SIGNED
from contest.results.views.door import bp, crumbs, locale, read_under_embargo, zoned
from contest.results.views.event import list_steps
from contest.results.views.sentences import finding_items

PAGE = 100


@bp.get("/publications/<int:publication_id>")
@signed_in
def publication(publication_id: int) -> str:
    return publication_page(publication_id)


def publication_page(publication_id: int, **forms: Any) -> str:
    """The page; a form that was refused is given as it was sent."""
    actor = current_actor()
    row = queries.publication_for(actor, publication_id, may="results.view")
    zoned(row.event)
    read_under_embargo(row, "publication")
    heading, language = row.snapshot.heading, locale()
    return render_template(
        "results/publication.html",
        publication=row,
        heading=heading,
        event=row.event,
        crumbs=crumbs(row.event, (exports.title_of(heading, language), None)),
        title=exports.title_of(heading, language),
        facts=exports.facts_of(row, language),
        steps=list_steps(row, row.event),
        state=exports.state_of(row),
        newest=None
        if row.is_live
        else queries.latest_publication(row.event_id, row.ranking_key, row.round_id),
        signatures=_signatures(row, actor),
        waiting=_waiting(row),
        period=notice_of(row),
        objections=objections_of(row.id),
        amended=amended_from(row),
        scans=scans_of(row),
        has_workbook=template_of(row.event.sub_contest.edition_id) is not None,
        may_publish=actor.may("results.publish", **scope_of(row.event)),
        seconding=_seconding(row, actor),
        is_window_open=row.appeals_until is not None and now() < row.appeals_until,
        ListState=ListState,
        **_lines(row),
        **_forms() | forms,
    )


def _lines(row: Publication) -> dict[str, Any]:
    """The page of the list's lines that was asked for."""
    heading, lines = row.snapshot.heading, queries.rows_for(row)
    page = max(1, request.args.get("page", 1, type=int))
    shown = lines[(page - 1) * PAGE : page * PAGE]
    return {
        "labels": cells.labels(heading, locale()),
        "kinds": cells.kinds(heading),
        "rows": [
            {"cells": texts, "is_off": not line.rank}
            for line, texts in zip(shown, cells.table(heading, shown, locale()), strict=True)
        ],
        "page": page,
        "pages": -(-len(lines) // PAGE) or 1,
        "total": len(lines),
        "size": PAGE,
    }


def _forms() -> dict[str, Any]:
    return {
        "confirm_form": ConfirmForm(),
        "note_form": NoteForm(),
        "notice_form": NoticeForm(),
        "withdraw_form": WithdrawForm(),
        "plain": PlainForm(),
        "scan_form": ScanForm(formdata=None),
        "places_form": PlacesForm(formdata=None),
    }


def _seconding(row: Publication, actor: Actor) -> str:
    """Where the next step stands with its two people: none (one is enough), ask, mine (I asked), asked (I may go on)."""
    state = FOLLOWING.get(row.state)
    if state is None or not needs_second(row.event.sub_contest.edition_id, state):
        return "none"
    asked = askers(row, state)
    if any(one != actor.account_id for one in asked):
        return "asked"
    return "mine" if asked else "ask"


def _signatures(row: Publication, actor: Actor) -> list[dict[str, Any]]:
    """Each role that signs, its signature if there is one, and whether the actor holds it."""
    signed = {step.role: step for step in row.steps if step.kind == SIGNED}
    scope = scope_of(row.event)
    return [
        {"role": role, "step": signed.get(role.value), "may": holds(actor, role, scope)} for role in SIGNING
    ]


def _waiting(row: Publication) -> list[dict[str, Any]]:
    """What stands in the way of confirming a provisional list, recomputed now."""
    if not row.is_live or row.state is not ListState.PROVISIONAL:
        return []
    computation = compute_event(row.event)
    round_key = round_key_of(row.event, row.round_id)
    items = finding_items(blockers(findings_of(computation, row.ranking_key, round_key)), row.event)
    listing = computation.listing(row.ranking_key, round_key)
    if list_digest(listing.heading, listing.lines) != row.snapshot.standing_digest:
        href = url_for(
            "results.event", event_id=row.event_id, ranking=row.ranking_key, round=round_key or None
        )
        text = _("Marks or entries changed since this list was published. Publish the list again.")
        items.append({"severity": "blocker", "text": text, "href": href})
    return items


@bp.get("/publications/<int:publication_id>/bundle.zip")
@signed_in
def bundle(publication_id: int) -> Response:
    """The verify bundle of the list: everything it follows from, without names."""
    row = queries.publication_for(current_actor(), publication_id, may="results.view")
    read_under_embargo(row, "bundle")
    name = exports.file_name(row, "zip", locale())
    content = bundles.content_of(row)
    return send_file(io.BytesIO(content), mimetype="application/zip", download_name=name, as_attachment=True)
