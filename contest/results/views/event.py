"""The results of an event as they stand: what blocks, every list live, and how far each is published."""

from __future__ import annotations

import io
from typing import Any

from flask import render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug import Response

from contest import web, words
from contest.accounts.access import Actor
from contest.accounts.sessions import current_actor, signed_in
from contest.errors import Refused
from contest.events import queries as events
from contest.events.models import Event
from contest.official import MEDIA_TYPES
from contest.results import cells, checks, exports, queries, wording
from contest.results.blockers import BLOCKER, LATER, findings_of
from contest.results.canonical import list_digest
from contest.results.compute import Computation, Listing, compute_event
from contest.results.forms import CheckListForm, PublishForm
from contest.results.list_papers import tally_docx
from contest.results.models import ListState, Publication
from contest.results.refusals import ListUnknown
from contest.results.settings import setting_of
from contest.results.steps import ASKED
from contest.results.tables import TABLE
from contest.results.tally import Sheet, tally_pdf
from contest.results.views.door import bp, crumbs, locale, read_ranks, tabs, zoned
from contest.results.views.sentences import finding_items

PAGE = 100
STEPS = (
    ListState.DRAFT,
    ListState.CHECKED,
    ListState.PROVISIONAL,
    ListState.CONFIRMED,
    ListState.PUBLIC_NOTICE,
    ListState.FINAL,
    ListState.ARCHIVED,
)


@bp.get("/events/<int:event_id>/results")
@signed_in
def event(event_id: int) -> str:
    """One list of the event, chosen by `ranking` and `round`, computed now, with what keeps it from publication."""
    actor = current_actor()
    row = zoned(events.event_for(actor, event_id, may="results.view"))
    try:
        computation = compute_event(row)
    except Refused as refusal:
        return render_template(
            "results/nothing.html",
            event=row,
            crumbs=crumbs(row),
            text=web.sentence(refusal.code, refusal.params),
        )
    keys = computation.list_keys()
    chosen = _chosen(keys)
    listing = computation.listing(*chosen)
    live = _live(row, computation, chosen)
    read_ranks(row, "event", chosen[0], live.round_id if live else None)
    findings = findings_of(computation, *chosen)
    checking = _checking(row, computation, chosen, actor)
    return render_template(
        "results/event.html",
        event=row,
        crumbs=crumbs(row),
        tabs=tabs(row, actor, "event"),
        picks=_picks(row, computation, chosen),
        title=exports.title_of(listing.heading, locale()),
        items=finding_items(findings, row),
        is_blocked=any(one.severity == BLOCKER and one.place not in LATER for one in findings),
        steps=list_steps(live, row, checked=checking["is_done"]),
        checking=checking,
        live=live,
        is_current=live is not None
        and live.snapshot.standing_digest == list_digest(listing.heading, listing.lines),
        scope=events.scope_of(row),
        form=PublishForm(),
        check_form=CheckListForm(),
        chosen=chosen,
        **_shown(row, computation, listing, chosen),
    )


def _chosen(keys: list[tuple[str, str]]) -> tuple[str, str]:
    wanted = (request.args.get("ranking", ""), request.args.get("round", ""))
    if not request.args.get("ranking"):
        overall = [key for key in keys if not key[1]]
        wanted = (overall or keys)[0]
    if wanted not in keys:
        raise ListUnknown()
    return wanted


def _picks(row: Event, computation: Computation, chosen: tuple[str, str]) -> list[dict[str, Any]]:
    """Every list of the event as a tab."""
    rules = computation.inputs.rules
    titles: dict[str, dict[str, Any]] = {
        ranking.key: {"key": ranking.key, "zh": ranking.title_zh, "en": ranking.title_en}
        for ranking in rules.rankings
    }
    titles |= {
        TABLE + str(table["key"]): {
            "key": table["key"],
            "zh": table.get("title_zh"),
            "en": table.get("title_en"),
        }
        for table in rules.tables
    }
    rounds = {one.key: {"key": one.key, "zh": one.title_zh, "en": one.title_en} for one in rules.rounds}
    picks = []
    for key in computation.list_keys():
        parts = [wording.titled(titles[key[0]], locale())]
        if key[1]:
            parts.append(wording.titled(rounds[key[1]], locale()))
        elif len(rounds) > 1 and not key[0].startswith(TABLE):
            parts.append(_("overall"))
        href = url_for("results.event", event_id=row.id, ranking=key[0], round=key[1] or None)
        picks.append({"label": " · ".join(parts), "href": href, "current": key == chosen})
    return picks


def _live(row: Event, computation: Computation, chosen: tuple[str, str]) -> Publication | None:
    round_row = computation.inputs.rounds.get(chosen[1]) if chosen[1] else None
    return queries.latest_publication(row.id, chosen[0], round_row.id if round_row else None)


def _checking(row: Event, computation: Computation, chosen: tuple[str, str], actor: Actor) -> dict[str, Any]:
    """Who found exactly this list right, how many are wanted, and what the reader may do about it."""
    round_row = computation.inputs.rounds.get(chosen[1]) if chosen[1] else None
    snapshot = checks.checked_as(computation, *chosen, round_row.id if round_row else None)
    found = checks.checks_of(snapshot) if snapshot else []
    asked = [one.account_id for one in checks.checks_of(snapshot, ASKED)] if snapshot else []
    edition_id = row.sub_contest.edition_id
    wanted, mine = setting_of(edition_id).check_people, actor.account_id
    return {
        "wanted": wanted,
        "rows": found,
        "is_done": len(found) >= wanted,
        "may": actor.may("results.check", **events.scope_of(row))
        and mine not in [one.account_id for one in found],
        "needs_second": checks.needs_second(edition_id, ListState.PROVISIONAL)
        and not any(one != mine for one in asked),
        "asked_by_me": mine in asked,
    }


def _shown(row: Event, computation: Computation, listing: Listing, chosen: tuple[str, str]) -> dict[str, Any]:
    page = max(1, request.args.get("page", 1, type=int))
    lines = listing.lines[(page - 1) * PAGE : page * PAGE]
    keys = {"member": "m", "entry": "e"}
    may_explain = current_actor().may("marks.view", **events.scope_of(row)) and not chosen[0].startswith(
        TABLE
    )
    table = [
        {
            "cells": line_cells,
            "is_off": not line.rank,
            "decided": line.decided_by,
            "explain": url_for(
                "results.explain",
                event_id=row.id,
                ranking_key=chosen[0],
                subject=f"{keys[line.subject_kind]}{line.subject_id}",
                round=chosen[1] or None,
            )
            if may_explain and line.subject_kind in keys
            else None,
        }
        for line, line_cells in zip(lines, cells.table(listing.heading, lines, locale()), strict=True)
    ]
    return {
        "labels": cells.labels(listing.heading, locale()),
        "kinds": cells.kinds(listing.heading),
        "rows": table,
        "may_explain": may_explain,
        "page": page,
        "pages": -(-len(listing.lines) // PAGE) or 1,
        "total": len(listing.lines),
        "size": PAGE,
    }


def list_steps(live: Publication | None, row: Event, *, checked: bool = False) -> list[dict[str, Any]]:
    """The states of a list as steps: done, where it stands, and what is still to come."""
    kind = row.sub_contest.edition.contest.kind.value
    reached = (
        STEPS.index(live.state)
        if live is not None
        else STEPS.index(ListState.CHECKED if checked else ListState.DRAFT)
    )
    entered = {step.state: step for step in live.steps if step.kind == "entered"} if live is not None else {}
    return [
        {
            "label": words.term(state, locale(), kind),
            "href": None,
            "state": "done" if index <= reached else "current" if index == reached + 1 else "todo",
            "note": web.instant(entered[state].at) if state in entered else "",
        }
        for index, state in enumerate(STEPS)
    ]


@bp.get("/events/<int:event_id>/results/tally.pdf", defaults={"suffix": "pdf"})
@bp.get("/events/<int:event_id>/results/tally.docx", defaults={"suffix": "docx"})
@signed_in
def tally(event_id: int, suffix: str) -> Response:
    """成绩汇总表 of a list as it stands now, to be checked and signed on paper."""
    row = events.event_for(current_actor(), event_id, may="results.view")
    computation = compute_event(row)
    listing = computation.listing(*_chosen(computation.list_keys()))
    live = _live(row, computation, (listing.ranking_key, listing.round_key))
    read_ranks(row, "tally", listing.ranking_key, live.round_id if live else None)
    mark = list_digest(listing.heading, listing.lines)
    if live is not None and live.snapshot.standing_digest == mark:
        state = f"{wording.say(wording.STATES[live.state.value], locale())} {wording.text('revision', locale(), n=live.revision)}"
    else:
        state = wording.text("draft", locale())
    size = "a3" if request.args.get("size") == "a3" else "a4"
    sheet = Sheet(listing.heading, listing.lines, state, mark, None)
    paper = (
        tally_docx(sheet, locale=locale())
        if suffix == "docx"
        else tally_pdf(sheet, size=size, locale=locale())
    )
    name = f"{exports.title_of(listing.heading, locale()).replace(' · ', '-')}-{wording.text('tally', locale())}.{suffix}"
    return send_file(
        io.BytesIO(paper), mimetype=MEDIA_TYPES[suffix], download_name=name, as_attachment=suffix == "docx"
    )
