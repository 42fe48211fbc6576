"""成绩汇总表: the summary of results to sign, each page with its own lines and the number of people on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from contest import papers
from contest.results import cells, wording
from contest.results.exports import state_of, table_html, title_of
from contest.results.models import Publication, SnapshotRow

ROWS = {"a4": 19, "a3": 31}
"""Lines on a page to begin with; fewer are tried until every page holds what was meant for it."""
PAGES = {"a4": "landscape", "a3": "a3"}
CSS = """
@page landscape { margin: 12mm 14mm 10mm; @bottom-center { content: none; } }
@page a3 { margin: 14mm 16mm 12mm; @bottom-center { content: none; } }
.tally { break-after: page; }
.tally:last-child { break-after: auto; }
.tally h1 { font-size: 15pt; margin: 0 0 1mm; }
.tally .subtitle { margin: 0 0 2mm; }
.tally td, .tally th { padding: .9mm 1.2mm; }
.tally .sign { margin: 4mm 0 0; font-size: 10pt; }
.tally .sign td { border: 0; padding: 2mm 1mm 0; white-space: nowrap; }
.tally .sign i { display: inline-block; border-bottom: .5pt solid #333; width: 29mm; font-style: normal; }
.tally .foot { text-align: center; font-size: 9pt; margin: 3mm 0 0; }
"""


@dataclass(frozen=True)
class Sheet:
    """What a summary is printed from: a heading and lines, frozen or just computed, and how far they have come.

    state: words that say so (provisional, revision 2 …). mark: digest that ties the paper to the list.
    """

    heading: Mapping[str, Any]
    lines: Sequence[cells.ListLine]
    state: str
    mark: str
    at: datetime | None


def tally_pdf(sheet: Sheet, *, size: str = "a4", locale: str = "zh_CN") -> bytes:
    """The summary on A4 or A3 across (`size`: a4, a3). Equal lists give equal bytes. Raises KeyError for another size."""
    rows = ROWS[size]
    while True:
        chunks = [sheet.lines[start : start + rows] for start in range(0, len(sheet.lines), rows)] or [[]]
        html = papers.furnished(
            _body(sheet, chunks, locale),
            title=_title(sheet, locale),
            lang="zh-CN" if locale.startswith("zh") else "en",
            demo=bool(sheet.heading["is_demo"]),
            page=PAGES[size],
        )
        laid_out = papers.document(html, css=[CSS], styles=["paper.css"])
        if len(laid_out.pages) == len(chunks) or rows <= 3:
            break
        rows -= 1
    identifier = f"tally/{size}/{locale}/{sheet.mark}/{sheet.state}"
    return papers.write(laid_out, title=_title(sheet, locale), made_at=sheet.at, identifier=identifier)


def sheet_of(publication: Publication, rows: Sequence[SnapshotRow], locale: str = "zh_CN") -> Sheet:
    """The summary of a published list, with its state, revision and digest."""
    state = wording.say(wording.STATES[state_of(publication)], locale)
    revision = wording.text("revision", locale, n=publication.revision)
    snapshot = publication.snapshot
    return Sheet(snapshot.heading, rows, f"{state} {revision}", snapshot.digest, publication.published_at)


def _title(sheet: Sheet, locale: str) -> str:
    return f"{title_of(sheet.heading, locale)} {wording.text('tally', locale)}"


def _body(sheet: Sheet, chunks: Sequence[Sequence[cells.ListLine]], locale: str) -> str:
    pages = [_page(sheet, chunk, number, len(chunks), locale) for number, chunk in enumerate(chunks, 1)]
    return "".join(pages)


def _page(sheet: Sheet, chunk: Sequence[cells.ListLine], number: int, pages: int, locale: str) -> str:
    edition = escape(wording.titled(sheet.heading["edition"], locale))
    about = f"{escape(sheet.state)}　{wording.text('digest', locale)} {escape(sheet.mark[:16])}"
    is_people = all(len(line.data["members"]) == 1 for line in sheet.lines)
    counted = "page" if is_people else "page_units"
    foot = wording.text(counted, locale, page=number, pages=pages, rows=len(chunk))
    return (
        f'<section class="tally"><h1>{edition}<br>{escape(_title(sheet, locale))}</h1>'
        f'<p class="subtitle">{about}</p>{table_html(sheet.heading, chunk, locale)}'
        f'{_signatures(sheet.heading, locale)}<p class="foot">{escape(foot)}</p></section>'
    )


def signing(heading: Mapping[str, Any], locale: str) -> list[str]:
    """Who signs a summary, each with the mark that a line to write on follows."""
    labour = "_labour" if heading["kind"] == "labour" else ""
    keys = (f"judges{labour}", f"chief_judge{labour}", "scorekeeper", "supervisor", "date")
    colon = "：" if locale.startswith("zh") else ": "
    return [f"{wording.text(key, locale)}{colon}" for key in keys]


def _signatures(heading: Mapping[str, Any], locale: str) -> str:
    tds = "".join(f"<td>{escape(label)}<i>&nbsp;</i></td>" for label in signing(heading, locale))
    return f'<table class="sign"><tr>{tds}</tr></table>'
