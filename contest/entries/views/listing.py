"""The list of entries and its export."""

from __future__ import annotations

from flask import Response, render_template, request
from flask_babel import gettext as _

from contest.accounts.sessions import current_actor, signed_in
from contest.db import now, transaction
from contest.entries import eligibility, listing, queries, service
from contest.entries.models import EntryState
from contest.entries.views import workbooks
from contest.entries.views.door import TONES, Page, bp, download, edition_crumbs, edition_side, word
from contest.events.models import Edition
from contest.web import called

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _filter() -> listing.Filter:
    state = request.values.get("state", "")
    return listing.Filter(
        q=request.values.get("q", "")[:100],
        event_id=request.values.get("event_id", type=int),
        delegation_id=request.values.get("delegation_id", type=int),
        state=EntryState(state) if state in set(EntryState) else None,
    )


@bp.get("/editions/<int:edition_id>/entries")
@signed_in
def index(edition_id: int) -> Page:
    actor = current_actor()
    edition = queries.edition_for(actor, edition_id, may="entries.view")
    wanted = _filter()
    events = eligibility.events_for_entry(actor, edition_id, may="entries.view")
    own = eligibility.delegations_for_entry(actor, edition_id, may="entries.view")
    return render_template(
        "entries/index.html",
        edition=edition,
        page=listing.page_of_entries(actor, edition_id, wanted, request.args.get("page", 1, type=int)),
        wanted=wanted,
        display_name=queries.display_name,
        tones=TONES,
        size=listing.SIZE,
        event_choices=[("", _("All events")), *((str(row.id), called(row)) for row in events)],
        delegation_choices=[("", _("All delegations")), *((str(row.id), row.name) for row in own)],
        state_choices=[("", _("All states")), *((state.value, word(state)) for state in EntryState)],
        open_events=eligibility.events_for_entry(actor, edition_id),
        event=next((row for row in events if row.id == wanted.event_id), None),
        side=edition_side(edition, "index"),
        crumbs=edition_crumbs(edition),
    )


@bp.get("/editions/<int:edition_id>/entries/list.xlsx")
@signed_in
def export(edition_id: int) -> Response:
    """The filtered list with masked numbers: for looking at, sending around, printing."""
    edition = queries.edition_for(current_actor(), edition_id, may="entries.view")
    rows = listing.all_entries(current_actor(), edition_id, _filter(), may="entries.view")
    return _workbook(edition, [line for entry in rows for line in workbooks.lines_of(entry, {})])


@bp.post("/editions/<int:edition_id>/entries/list-in-full.xlsx")
@signed_in
def export_in_full(edition_id: int) -> Response:
    """The same with full numbers, as a file that can be imported again. Who took it is kept."""
    actor = current_actor()
    with transaction():
        edition = queries.edition_for(actor, edition_id, may="entries.personal")
        rows, known = service.read_in_full(edition_id, _filter(), actor=actor, at=now())
        lines = [line for entry in rows for line in workbooks.lines_of(entry, known)]
        return _workbook(edition, lines)


def _workbook(edition: Edition, lines: list[list[str]]) -> Response:
    content = workbooks.list_workbook(edition.name, lines)
    return download(content, f"{edition.name}-{_('Entries')}.xlsx", XLSX)
