"""What other sites take from here: a feed of new lists, and a list as a table to be put into a page of theirs."""

from __future__ import annotations

import hashlib
from xml.sax.saxutils import escape, quoteattr

from flask import Response, current_app, render_template, request, url_for
from flask_babel import gettext as _

from contest.results import cells, exports, public, wording
from contest.results.models import Publication
from contest.results.views.door import bp, locale
from contest.results.views.public import CACHING

EMBEDDED_CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *"
"""A public table may stand in anybody's page: it has no form, no script, and nobody is signed in on it."""


@bp.get("/lists/feed.atom")
def feed() -> Response:
    """The newest published lists as Atom (RFC 4287); an amended or withdrawn list is an entry that changed."""
    newest = public.newest()
    base = current_app.config["CONTEST"].base_url
    own = base + url_for("results.feed")
    updated = max((_changed(one) for one in newest), default="1970-01-01T00:00:00+00:00")
    title = escape(_("Labour and Skills Contests"))
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{escape(own)}</id><title>{title}</title><updated>{updated}</updated>\n"
        f'<link rel="self" href={quoteattr(own)}/>\n<author><name>{title}</name></author>\n'
        + "".join(_entry(one, base) for one in newest)
        + "</feed>\n"
    )
    answer = current_app.response_class(body, content_type="application/atom+xml; charset=utf-8")
    answer.headers.update(CACHING)
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


def _changed(publication: Publication) -> str:
    steps = [step.at for step in publication.steps]
    return max([publication.published_at, *steps]).isoformat(timespec="seconds")


def _entry(publication: Publication, base: str) -> str:
    heading, language = publication.snapshot.heading, locale()
    address = base + url_for("results.public_list", publication_id=publication.id)
    state = wording.say(wording.STATES[exports.state_of(publication)], language)
    title = f"{wording.titled(heading['edition'], language)} {exports.title_of(heading, language)}"
    told = wording.text("revision", language, n=publication.revision)
    return (
        f"<entry><id>{escape(address)}</id><title>{escape(title)}</title><updated>{_changed(publication)}</updated>"
        f"<link href={quoteattr(address)}/><summary>{escape(state)} · {escape(told)}</summary></entry>\n"
    )


@bp.get("/lists/<int:publication_id>/table")
def embedded(publication_id: int) -> Response:
    """The list alone, for an iframe; it grows old with the list itself, never before."""
    answer = _alone(publication_id, "results/embedded.html")
    answer.headers["Content-Security-Policy"] = EMBEDDED_CSP
    return answer


@bp.get("/lists/<int:publication_id>/screen")
def screen(publication_id: int) -> Response:
    """The list for a big screen: large type, page after page, the space bar holds it."""
    return _alone(publication_id, "results/screen.html")


def _alone(publication_id: int, template: str) -> Response:
    """The list without the frame of our pages, rendered by `template`."""
    standing = public.standing_of(publication_id)
    row = public.publication_of(publication_id)
    heading, state = row.snapshot.heading, exports.state_of(row)
    lines = [] if state == "withdrawn" else public.rows_for(row)
    body = render_template(
        template,
        title=exports.title_of(heading, locale()),
        edition=wording.titled(heading["edition"], locale()),
        state=state,
        state_word=wording.say(wording.STATES[state], locale()),
        revision=wording.text("revision", locale(), n=row.revision),
        is_demo=heading["is_demo"],
        labels=cells.labels(heading, locale()),
        kinds=cells.kinds(heading),
        rows=cells.table(heading, lines, locale()),
        whole=url_for("results.public_list", publication_id=standing.newest_id or row.id),
    )
    answer = current_app.response_class(body)
    answer.headers.update(CACHING)
    answer.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32], weak=True)
    answer.make_conditional(request)
    return answer
