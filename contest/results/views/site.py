"""The published lists of an edition as a static site: one ZIP that a union unpacks on a web server of its own.

No script, no outside address, links relative; every file stands in SHA256SUMS. What the public may not read here is
not in it: lists under embargo, and lines beyond the places that a list shows.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

from flask import Response, current_app, g, render_template, request

from contest.results import cells, exports, public, wording
from contest.results.models import Publication
from contest.results.views.door import bp, locale

STAMP = (1980, 1, 1, 0, 0, 0)  # equal lists give equal bytes
STYLES = ("tokens", "base", "tables")
MOST = 1000  # lists of one edition


@bp.get("/editions/<int:edition_id>/site.zip")
def site(edition_id: int) -> Response:
    """Every live public list of the edition with an index page, the files of each list, and digests."""
    edition = public.edition_of(edition_id)
    g.timezone = edition.contest.timezone
    rows = _rows(edition.id)
    files = {f"css/{name}.css": _style(name) for name in STYLES}
    for row in rows:
        files |= _list(row)
    entries = [_entry(row) for row in rows]
    title = wording.titled({"zh": edition.name, "en": edition.name_en}, locale())
    files["index.html"] = _page(
        "results/site_index.html", title=title, entries=entries, root="", is_demo=edition.is_demo
    )
    body = packed(files)
    answer = current_app.response_class(body, content_type="application/zip")
    answer.headers["Content-Disposition"] = f"attachment; filename=edition-{edition_id}.zip"
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


def _rows(edition_id: int) -> list[Publication]:
    found: list[Publication] = []
    for page in range(1, MOST // public.PAGE + 2):
        part, total = public.lists(public.Wanted(edition_id=edition_id), page=page)
        found += part
        if len(found) >= total or not part:
            break
    return found


def packed(files: dict[str, bytes]) -> bytes:
    """The ZIP, in the order of the names, without a time of its own; SHA256SUMS as `sha256sum -c` reads it."""
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*sorted(files.items()), ("SHA256SUMS", sums.encode())]:
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _style(name: str) -> bytes:
    """A style sheet without the fonts that it loads: system fonts do, and a ZIP of lists stays small."""
    with current_app.open_resource(f"{current_app.static_folder}/css/{name}.css") as file:
        lines = file.read().decode().split("\n")
    return "\n".join(line for line in lines if "url(" not in line).encode()


def _page(template: str, **values: Any) -> bytes:
    return render_template(template, language="en" if locale() == "en" else "zh-CN", **values).encode()


def _entry(row: Publication) -> dict[str, Any]:
    heading = row.snapshot.heading
    return {
        "title": exports.title_of(heading, locale()),
        "state": wording.say(wording.STATES[exports.state_of(row)], locale()),
        "revision": wording.text("revision", locale(), n=row.revision),
        "href": f"lists/{row.id}/index.html",
    }


def _list(row: Publication) -> dict[str, bytes]:
    """The page of a list and its files, under a folder of its own."""
    heading, lines, folder = row.snapshot.heading, public.rows_for(row), f"lists/{row.id}"
    files = {
        f"{folder}/list.{suffix}": exports.file_of(row, lines, suffix, locale())
        for suffix in ("csv", "json", "xlsx")
    }
    files[f"{folder}/index.html"] = _page(
        "results/site_list.html",
        root="../../",
        edition=wording.titled(heading["edition"], locale()),
        title=exports.title_of(heading, locale()),
        facts=exports.facts_of(row, locale()),
        is_demo=heading["is_demo"],
        labels=cells.labels(heading, locale()),
        kinds=cells.kinds(heading),
        rows=cells.table(heading, lines, locale()),
        files=("list.csv", "list.json", "list.xlsx"),
    )
    return files
