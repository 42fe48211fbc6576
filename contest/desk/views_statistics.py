"""Doors of the figures: an edition for its organiser, an event while it is judged, an edition for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, g, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug import Response

from contest import assets, charts
from contest.accounts.sessions import current_actor, signed_in
from contest.charts import Bar, Tile
from contest.db import now, transaction
from contest.desk import agreement, ceremony, participation, standings
from contest.errors import Refused
from contest.events import queries as events
from contest.events.models import Edition
from contest.results import exports, public
from contest.results import service as results
from contest.results.compute import compute_event
from contest.results.pages import PageStore
from contest.scoring.numbers import decimal_text
from contest.web import called

bp = Blueprint("statistics", __name__)
DIGITS = 2


@dataclass(frozen=True)
class Figure:
    """A picture with the table that says the same. rows: texts, the first the row's head."""

    title: str
    picture: Markup
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""


@bp.url_value_preprocessor
def _know_the_public_page(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if request.endpoint == "statistics.public_edition":
        g.public_page = True


@bp.get("/editions/<int:edition_id>/statistics")
@signed_in
def edition(edition_id: int) -> str:
    """The edition in figures for its organiser: the whole roster, every live list."""
    actor = current_actor()
    row = events.edition_for(actor, edition_id, may="awards.manage")
    lists = standings.lists_of(row.id, public_only=False)
    if any(one.is_embargoed for one in lists):
        with transaction():
            ceremony.log_readings(lists, "statistics", actor=actor, at=now())
        lists = standings.lists_of(edition_id, public_only=False)
        row = events.edition_for(actor, edition_id, may="awards.manage")
    own = [(called(one), url_for("statistics.event", event_id=one.id)) for one in _events(row)]
    crumbs = [(called(row), url_for("desk.edition", edition_id=row.id)), (_("Statistics"), None)]
    return render_template(
        "desk/statistics.html", frame="base.html", edition=row, crumbs=crumbs, events=own, is_public=False,
        **_figures(row, lists, public_only=False),
    )  # fmt: skip


def _events(row: Edition) -> list[Any]:
    return events.events_for(current_actor(), may="awards.manage", edition_id=row.id)


@bp.get("/editions/<int:edition_id>/lists/statistics")
def public_edition(edition_id: int) -> Response:
    """The edition in figures for everybody: only what follows from published lists."""
    row = public.edition_of(edition_id)
    validator = participation.validator(row, str(get_locale()), assets.digest())
    store = current_app.extensions.setdefault("contest.figures", PageStore())
    # A page that anybody may ask for is made once for each state of the lists, not once for each visitor.
    is_known = request.if_none_match.contains_weak(validator)
    page = None if is_known else store.page(validator, lambda: _public_page(row))
    answer = current_app.response_class(page.plain if page else b"", mimetype="text/html")
    answer.headers.update({"Cache-Control": "public, no-cache", "Vary": "Accept-Encoding"})
    answer.set_etag(validator, weak=True)
    answer.make_conditional(request)
    return answer


def _public_page(row: Edition) -> bytes:
    lists = standings.lists_of(row.id, public_only=True)
    return render_template(
        "desk/statistics.html", frame="public.html", edition=row, events=[], is_public=True,
        **_figures(row, lists, public_only=True),
    ).encode()  # fmt: skip


def _figures(row: Edition, lists: Sequence[Any], *, public_only: bool) -> dict[str, Any]:
    rows = participation.takings(row.contest_id, edition_id=row.id, public_only=public_only)
    is_told = not public_only or participation.is_complete(row.id)
    dimensions = [one for one in participation.DIMENSIONS if is_told or one not in participation.PERSONAL]
    by_people = [_by_dimension(rows, one, public_only) for one in dimensions]
    return {
        "parts": [
            (_("Delegations"), [_map(rows), _prizes(lists, public_only)]),
            (_("Who took part"), [one for one in by_people if one is not None]),
            (_("How totals lie"), [_spread(one) for one in standings.spreads_of(lists, public_only=public_only)]),
            (_("Over the editions"), [_over_editions(row.contest_id, public_only)]),
        ],
        "is_kept_back": not is_told,
    }  # fmt: skip


def _english() -> bool:
    return str(get_locale()) == "en"


def _by_dimension(rows: list[participation.Taking], dimension: str, public_only: bool) -> Figure | None:
    titles = {
        "event": _("People by event"),
        "trade": _("People by trade"),
        "industry": _("People by industry"),
        "delegation": _("People by delegation"),
        "unit": _("People by organisation"),
        "gender": _("People by gender"),
        "level": _("People by level held"),
    }
    groups, more = participation.shortened(participation.groups_of(rows, dimension, public_only=public_only))
    if not groups or all(not one.label for one in groups):
        return None
    words = {"男": _("men"), "女": _("women")} if dimension == "gender" else {}
    labels = [
        words.get(one.label) or (one.label_en if _english() else one.label) or _("not given")
        for one in groups
    ]
    values = [str(one.people) if one.people is not None else _("few") for one in groups]
    title = titles[dimension]
    bars = [
        Bar(label, one.people or 0, value) for label, one, value in zip(labels, groups, values, strict=True)
    ]
    notes = []
    if any(one.people is None for one in groups):
        notes.append(_("“few”: groups so small that their number would tell of single people."))
    if more:
        notes.append(_("%(count)s smaller groups are not shown.", count=more))
    picture = charts.bars(bars, title=title, desc=_described(labels, values))
    return Figure(
        title, picture, (_("Group"), _("People")), list(zip(labels, values, strict=True)), " ".join(notes)
    )


def _described(labels: Sequence[str], values: Sequence[str]) -> str:
    """What a picture shows, in a sentence: its first few values."""
    pairs = [f"{label} {value}" for label, value in zip(labels, values, strict=True)]
    told = ("，" if not _english() else ", ").join(pairs[:8])
    return told if len(pairs) <= 8 else _("%(told)s and %(more)s more", told=told, more=len(pairs) - 8)


def _map(rows: list[participation.Taking]) -> Figure:
    found = participation.people_by_delegation(rows)
    entries = participation.entries_by_delegation(rows)
    title = _("Where the contestants come from")
    tiles = [Tile(name, code, people) for name, code, people in found]
    picture = charts.tile_map(
        tiles, title=title, desc=_described([one.name for one in tiles], [str(one.value) for one in tiles])
    )
    table = [(name, str(entries[name]), str(people)) for name, _code, people in found]
    note = _("Squares stand roughly where the places lie; the darker, the more people.")
    return Figure(
        title, picture if tiles else Markup(""), (_("Delegation"), _("Entries"), _("People")), table, note
    )


def _prizes(lists: Sequence[Any], public_only: bool) -> Figure:
    lines = standings.delegations_of(lists, public_only=public_only)
    title = _("Prizes by delegation")
    bars = [Bar(one.name, one.prizes) for one in lines[: participation.MOST] if one.prizes]
    picture = charts.bars(
        bars, title=title, desc=_described([one.label for one in bars], [one.text for one in bars])
    )
    heads = (_("Delegation"), _("Prizes"), _("Places 1 to 3"), _("Best place"), _("Lines on lists"))
    table = [
        (one.name, str(one.prizes), str(one.top_three), str(one.best or "—"), str(one.lines)) for one in lines
    ]
    return Figure(title, picture, heads, table)


def _spread(one: standings.Spread) -> Figure:
    title = exports.title_of(one.heading, str(get_locale()))
    borders = [decimal_text(each.low, DIGITS) for each in one.classes]
    bars = [
        Bar(border.rstrip("0").rstrip("."), each.count)
        for border, each in zip(borders, one.classes, strict=True)
    ]
    known = one.summary
    figures = (known.least, known.lower, known.median, known.upper, known.greatest, known.mean)
    words = (_("Least"), _("Lower quartile"), _("Median"), _("Upper quartile"), _("Greatest"), _("Mean"))
    table = [(_("Ranked"), str(known.count))]
    table += [(word, decimal_text(value, DIGITS)) for word, value in zip(words, figures, strict=True)]
    table += [
        (
            _("Totals from %(low)s to %(high)s", low=border, high=decimal_text(each.high, DIGITS)),
            str(each.count),
        )
        for border, each in zip(borders, one.classes, strict=True)
    ]
    desc = _(
        "%(count)s totals from %(least)s to %(greatest)s, half of them above %(median)s.",
        count=known.count, least=decimal_text(known.least, DIGITS), greatest=decimal_text(known.greatest, DIGITS),
        median=decimal_text(known.median, DIGITS),
    )  # fmt: skip
    return Figure(
        title, charts.columns(bars, title=title, desc=desc), (_("Figure"), _("Value")), table,
        _("Columns: how many totals lie in each class; the number under a column is where its class begins."),
    )  # fmt: skip


def _over_editions(contest_id: int, public_only: bool) -> Figure:
    found = participation.by_edition(contest_id, public_only=public_only)
    title = _("People over the editions")
    bars = [Bar(str(one.edition.year), one.people) for one in found]
    picture = charts.bars(
        bars, title=title, desc=_described([one.label for one in bars], [one.text for one in bars])
    )
    heads = (_("Edition"), _("Year"), _("Events"), _("Delegations"), _("Entries"), _("People"))
    table = [
        (called(one.edition), *map(str, (one.edition.year, one.events, one.delegations, one.entries, one.people)))
        for one in found
    ]  # fmt: skip
    return Figure(title, picture, heads, table)


@bp.get("/events/<int:event_id>/statistics")
@signed_in
def event(event_id: int) -> str:
    """An event as it stands now: its totals computed on the spot, and how far its judges agreed once all is locked."""
    actor = current_actor()
    row = events.event_for(actor, event_id, may="awards.manage")
    embargoed = results.embargo_over(row.id)
    if embargoed is not None:
        with transaction():
            results.log_reading(publication=embargoed, door="statistics", actor=actor, at=now())
        row = events.event_for(actor, event_id, may="awards.manage")
    try:
        computation = compute_event(row)
        listings = [computation.listing(*key) for key in computation.list_keys()]
        found = [
            standings.spread_of(one.heading, [line.total_exact for line in one.lines if line.rank])
            for one in listings if not one.ranking_key.startswith("table:")
        ]  # fmt: skip
    except Refused:
        found = []
    edition_row = row.sub_contest.edition
    crumbs = [
        (called(edition_row), url_for("desk.edition", edition_id=edition_row.id)),
        (_("Statistics"), url_for("statistics.edition", edition_id=edition_row.id)),
        (called(row), None),
    ]
    return render_template(
        "desk/event_statistics.html", event=row, crumbs=crumbs, spreads=[_spread(one) for one in found if one],
        agreements=[_agreement(one, row) for one in agreement.agreement_of(row)],
    )  # fmt: skip


def _agreement(one: agreement.Agreement, row: Any) -> tuple[str, list[tuple[str, str]], Figure]:
    titles = {
        module.key: (module.title_en if _english() else module.title_zh) or module.title_zh or module.key
        for module in events.rules_of(row).modules
    }
    round_name = called(one.round) if len(row.rounds) > 1 else ""
    parts = [one.panel, titles.get(one.module, one.module), *([round_name] if round_name else [])]
    facts = [
        (_("Contestants marked"), str(one.subjects)),
        (_("Kendall's W (1: all put them in one order)"), _shown(one.concordance)),
        (_("ICC of one judge"), _shown(one.single)),
        (_("ICC of the panel's mean"), _shown(one.panels)),
    ]
    title = _("Mild and strict seats")
    bars = [Bar(seat.seat, float(seat.severity or 0), _shown(seat.severity)) for seat in one.seats]
    picture = charts.bars(
        bars, title=title, desc=_described([bar.label for bar in bars], [bar.text for bar in bars])
    )
    table = [(seat.seat, str(seat.count), _shown(seat.severity), _shown(seat.spread)) for seat in one.seats]
    heads = (_("Seat"), _("Marked"), _("Points beside the others"), _("Own spread"))
    note = _(
        "Points beside the others: mean of the own sum less the others' mean; above 0 is mild, below 0 strict."
    )
    return " · ".join(parts), facts, Figure(title, picture, heads, table, note)


def _shown(value: Any) -> str:
    return _("too few to tell") if value is None else decimal_text(value, DIGITS)
