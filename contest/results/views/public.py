"""The public's pages: published lists, looked up by event, delegation or name. No session is touched."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import quote

from flask import (
    Response,
    abort,
    current_app,
    g,
    get_template_attribute,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from markupsafe import Markup

from contest import assets, web
from contest.errors import Refused
from contest.results import cells, exports, public, wording
from contest.results.models import Publication
from contest.results.notices import notice_of
from contest.results.pages import PageStore, packing
from contest.results.scans import scans_of
from contest.results.views.door import bp, locale

BATCH = 200  # lines that are read and sent together
PLACE = Markup("<!-- lines -->")  # where they go; no text of a list can hold it, because texts are escaped


class ListWithdrawn(Refused):
    """A file of a list that was taken down."""

    code = "list_withdrawn"
    status = 404


def _store() -> PageStore:
    return current_app.extensions.setdefault("contest.pages", PageStore())


@bp.get("/lists")
def lists() -> Response:
    """All published lists; with a name or delegation, the lines that were looked for."""
    return _index(None)


@bp.get("/editions/<int:edition_id>/lists")
def edition_lists(edition_id: int) -> Response:
    """The published lists of one edition."""
    return _index(public.edition_of(edition_id).id)


def _index(edition_id: int | None) -> Response:
    wanted = public.Wanted(
        text=request.args.get("q", "").strip(),
        edition_id=edition_id or request.args.get("edition", type=int),
        event_id=request.args.get("event", type=int),
        delegation=request.args.get("delegation", "").strip(),
    )
    page = max(1, request.args.get("page", 1, type=int))
    found, total = public.lists(wanted, page=page)
    lines = public.found_lines(wanted, found)
    editions, events, delegations = public.choices()
    in_english = locale() == "en"
    body = render_template(
        "results/lists.html",
        wanted=wanted,
        edition=next((one for one in editions if one[0] == edition_id), None),
        groups=_by_edition([_entry(one, lines.get(one.snapshot_id, [])) for one in found]),
        editions=[(one[0], (one[2] if in_english else one[1]) or one[1]) for one in editions],
        events=[
            (one[0], (one[3] if in_english else one[2]) or one[2])
            for one in events
            if wanted.edition_id in (None, one[1])
        ],
        delegations=[(name, name) for name in delegations],
        page=page,
        pages=-(-total // public.PAGE) or 1,
        total=total,
        size=public.PAGE,
        edition_fixed=edition_id is not None,
    )
    response = current_app.response_class(body)
    response.add_etag(weak=True)
    response.headers.update(CACHING)
    response.make_conditional(request)
    return response


def _entry(publication: Publication, lines: list[Any]) -> dict[str, Any]:
    heading = publication.snapshot.heading
    return {
        "edition": wording.titled(heading["edition"], locale()),
        "title": exports.title_of(heading, locale()),
        "state": wording.say(wording.STATES[exports.state_of(publication)], locale()),
        "state_key": publication.state.value,
        "revision": publication.revision,
        "published_at": publication.published_at,
        "href": url_for("results.public_list", publication_id=publication.id, lang=request.args.get("lang")),
        "is_demo": heading["is_demo"],
        "lines": [
            {
                "rank": line.rank,
                "name": line.name,
                "people": line.people if line.people != line.name else "",
                "delegation": line.delegation,
                "total": line.total,
                "award": cells.award_text(line, locale()),
            }
            for line in lines
        ],
    }


def _by_edition(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lists under the name of their edition, in the order given."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        groups.setdefault(entry["edition"], []).append(entry)
    return [{"title": title, "entries": members} for title, members in groups.items()]


@bp.get("/lists/<int:publication_id>")
def public_list(publication_id: int) -> Response:
    """One published list. The page is kept by its validator; superseded and withdrawn lists say so."""
    standing = _store().standing(publication_id, public.standing_of)
    # The language comes straight from the address: asking Babel for it would cost as much as all the rest.
    validator = standing.etag("html", web.choose_locale(), assets.digest(), _query())
    if _knows(validator):
        return _answered(b"", validator, "text/html; charset=utf-8", status=304)
    kind, wants_packed = "text/html; charset=utf-8", "gzip" in request.environ.get("HTTP_ACCEPT_ENCODING", "")
    page = _store().kept(validator)
    if page is None:
        first, rest = _begun(publication_id, standing.newest_id)
        if rest is not None:
            return _streamed(_store().passing(validator, chain([first], rest)), validator, kind, wants_packed)
        page = _store().keep(validator, first)
    if wants_packed:
        return _answered(page.packed, validator, kind, ("Content-Encoding", "gzip"))
    return _answered(page.plain, validator, kind)


def _streamed(parts: Iterator[bytes], validator: str, kind: str, wants_packed: bool) -> Response:
    """A long page that goes out while it is made. An error on the way cuts it off, and nothing is kept."""
    packed = (("Content-Encoding", "gzip"),) if wants_packed else ()
    answer = _answered(b"", validator, kind, *packed)
    answer.response = stream_with_context(packing(parts) if wants_packed else parts)
    answer.headers.pop("Content-Length", None)
    return answer


def _query() -> str:
    """The rest of the address: links on the page keep it."""
    return str(request.environ.get("QUERY_STRING", ""))[:200]


def _knows(validator: str) -> bool:
    """Whether the browser has the page: a validator is 32 hexadecimal digits, so finding it in the header is enough."""
    return validator in request.environ.get("HTTP_IF_NONE_MATCH", "")


def _begun(publication_id: int, newest_id: int | None) -> tuple[bytes, Iterator[bytes] | None]:
    """The page with its first lines, and what follows as it is made; None when the first part is all of it."""
    row = public.publication_of(publication_id)
    g.timezone = public.zone_of(row)
    heading, state = row.snapshot.heading, exports.state_of(row)
    batches = iter(()) if state == "withdrawn" else public.batches_of(row, BATCH)
    first = next(batches, [])
    lang = request.args.get("lang")
    links = [
        (suffix.upper(), url_for("results.public_file", publication_id=row.id, suffix=suffix, lang=lang))
        for suffix in ("xlsx", "pdf", "csv", "json")
    ]
    frame = render_template(
        "results/public_list.html",
        screen=url_for("results.screen", publication_id=row.id, lang=lang),
        publication=row,
        heading=heading,
        edition=wording.titled(heading["edition"], locale()),
        edition_id=row.event.sub_contest.edition_id,
        title=exports.title_of(heading, locale()),
        facts=exports.facts_of(row, locale()),
        state=state,
        state_word=wording.say(wording.STATES[state], locale()),
        newest=url_for("results.public_list", publication_id=newest_id, lang=lang) if newest_id else None,
        lang=lang,
        links=[] if state == "withdrawn" else links,
        labels=cells.labels(heading, locale()),
        kinds=cells.kinds(heading),
        body=PLACE if first else "",
        second_name=heading["second_name"],
        period=notice_of(row),
        scans=[] if state == "withdrawn" else scans_of(row, public_only=True),
        amended=None if state == "withdrawn" else public.amended_from(row),
    )
    before, _, after = frame.partition(PLACE)
    if len(first) < BATCH:
        return (before + _lines(heading, first) + after).encode(), None
    rest = chain((_lines(heading, batch) for batch in batches), [after])
    return (before + _lines(heading, first)).encode(), (part.encode() for part in rest)


def _lines(heading: dict[str, Any], lines: list[Any]) -> str:
    """The lines of a part of the list."""
    if not lines:
        return ""
    rows = [
        {"cells": texts, "is_off": not line.rank}
        for line, texts in zip(lines, cells.table(heading, lines, locale()), strict=True)
    ]
    macro = get_template_attribute("results/_list.html", "lines")
    return str(macro(cells.labels(heading, locale()), cells.kinds(heading), rows))


@bp.get("/lists/<int:publication_id>.<suffix>")
def public_file(publication_id: int, suffix: str) -> Response:
    """The list as a file; equal lists give equal bytes."""
    if suffix not in exports.SUFFIXES:
        abort(404)
    standing = _store().standing(publication_id, public.standing_of)
    validator = standing.etag(suffix, web.choose_locale())
    kind = exports.SUFFIXES[suffix]
    if _knows(validator):
        return _answered(b"", validator, kind, status=304)
    page = _store().page(validator, lambda: _file(publication_id, suffix))
    name = exports.file_name(public.publication_of(publication_id), suffix, locale())
    disposition = _disposition(name, f"list-{publication_id}.{suffix}")
    return _answered(page.plain, validator, kind, ("Content-Disposition", disposition))


def _disposition(name: str, fallback: str) -> str:
    """A file name that reads well in Chinese, with a plain one for old browsers."""
    return f"attachment; filename={fallback}; filename*=UTF-8''{quote(name)}"


def _file(publication_id: int, suffix: str) -> bytes:
    row = public.publication_of(publication_id)
    if row.withdrawn_at is not None:
        raise ListWithdrawn()
    return exports.file_of(row, public.rows_for(row), suffix, locale())


CACHING = (("Cache-Control", "public, no-cache"), ("Vary", "Accept-Encoding"))
"""Kept by anyone, asked about every time: a withdrawal must show at once."""


def _answered(body: bytes, validator: str, kind: str, *more: tuple[str, str], status: int = 200) -> Response:
    """An answer with its headers made at once. The validator is weak: one content, compressed or not."""
    headers = [("ETag", f'W/"{validator}"'), *CACHING, *more]
    return current_app.response_class(body, status, headers, content_type=kind)
