"""Papers of draw and codes: HTML from templates, PDF through the one door."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _

from contest import papers
from contest.entries import queries
from contest.entries.layers import Chain
from contest.entries.models import Draw, DrawPlace, Entry, WorkCode
from contest.entries.models_codes import LayerOpening
from contest.entries.views.door import is_chinese
from contest.events.models import Event
from contest.web import called


@dataclass(frozen=True)
class DrawnEvent:
    """A draw with its event and its places in order."""

    event: Event
    draw: Draw
    places: list[tuple[DrawPlace, Entry]]


def draw_paper(drawn: DrawnEvent, paper: str) -> tuple[bytes, str]:
    """Bytes and file name of a draw's protocol, door list or labels."""
    titles = {"protocol": _("Protocol of the draw"), "door-list": _("Door list"), "labels": _("Desk labels")}
    draw, event = drawn.draw, drawn.event
    html = render_template(
        f"entries/papers/{paper}.html",
        event=event,
        edition=event.sub_contest.edition,
        draw=draw,
        places=drawn.places,
        sessions=_sessions(drawn.places),
        display_name=queries.display_name,
        title=titles[paper],
    )
    page = "labels" if paper == "labels" else "portrait"
    return _pdf(html, event, titles[paper], f"draw-{draw.id}-{paper}", page, draw.locked_at or draw.drawn_at)


def _sessions(places: list[tuple[DrawPlace, Entry]]) -> list[tuple[str, list[tuple[DrawPlace, Entry]]]]:
    """Places session by session, in their order."""
    grouped: dict[str, list[tuple[DrawPlace, Entry]]] = {}
    for place, entry in places:
        grouped.setdefault(place.session, []).append((place, entry))
    return list(grouped.items())


def code_paper(event: Event, rows: list[tuple[WorkCode, Entry]], paper: str) -> tuple[bytes, str]:
    """Bytes and file name of the coder's list or of labels. Labels carry the code alone: they end on the work."""
    title = _("Work codes") if paper == "list" else _("Labels with work codes")
    members = {member.id: member for _row, entry in rows for member in entry.members}
    html = render_template(
        f"entries/papers/codes-{paper}.html",
        event=event,
        edition=event.sub_contest.edition,
        rows=rows
        if paper == "list"
        else sorted(rows, key=lambda row: (row[1].number, row[0].member_id or 0)),
        members=members,
        display_name=queries.display_name,
        title=title,
    )
    newest = max((row.issued_at for row, _entry in rows), default=None)
    return _pdf(
        html, event, title, f"codes-{event.id}-{paper}", "labels" if paper == "labels" else "portrait", newest
    )


def decoding_paper(
    event: Event, openings: list[LayerOpening], chains: list[Chain], layers: int
) -> tuple[bytes, str]:
    """Bytes and file name of the protocol of a decoding ceremony."""
    title = _("Protocol of decoding")
    html = render_template(
        "entries/papers/decoding.html",
        event=event,
        edition=event.sub_contest.edition,
        openings=openings,
        chains=chains,
        layers=layers,
        is_whole=openings[-1].layer == 1,
        display_name=queries.display_name,
        title=title,
    )
    key = f"decoding-{event.id}-{openings[-1].layer}"
    return _pdf(html, event, title, key, "portrait", openings[-1].opened_at)


def _pdf(html: str, event: Event, title: str, key: str, page: str, made_at: object) -> tuple[bytes, str]:
    content = papers.pdf(
        html,
        title=f"{called(event)} {title}",
        lang="zh-CN" if is_chinese() else "en",
        made_at=made_at,  # type: ignore[arg-type]
        identifier=key,
        demo=event.sub_contest.edition.is_demo,
        page=page,
    )
    return content, f"{called(event)}-{title}.pdf"
