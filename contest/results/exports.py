"""A published list as CSV, XLSX, PDF and JSON: equal lists give equal bytes. Plain functions, no request behind them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from contest import papers
from contest.official import MEDIA_TYPES
from contest.results import cells, wording
from contest.results.models import Publication, SnapshotRow
from contest.results.portable import document, state_of
from contest.web import neutral

SUFFIXES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
    "docx": MEDIA_TYPES["docx"],
}
NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
WIDE = 8  # a list of more columns is printed across


def title_of(heading: Mapping[str, Any], locale: str) -> str:
    """The list's title: event, ranking and round."""
    parts = [heading["event"], heading["ranking"], heading["round"]]
    words = [wording.titled(part, locale) for part in parts if part]
    return ("" if locale.startswith("zh") else " ").join(
        f"{word}" if index == 0 else (f" · {word}" if locale.startswith("zh") else f"· {word}")
        for index, word in enumerate(words)
    )


def facts_of(publication: Publication, locale: str) -> list[tuple[str, str]]:
    """(label, value) pairs that stand on every form of a list: edition, state, revision, time, digest."""
    heading = publication.snapshot.heading
    zone = ZoneInfo(publication.event.sub_contest.edition.contest.timezone)
    stamp = publication.published_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    hosts = [host for host in heading["hosts"] if host["role"] in ("host", "organiser")]
    pairs = [(wording.text(host["role"], locale), wording.titled(host, locale)) for host in hosts]
    state = wording.say(wording.STATES[state_of(publication)], locale)
    revision = wording.text("revision", locale, n=publication.revision)
    comma = "，" if locale.startswith("zh") else ", "
    places = publication.shown_places
    if places is not None:
        pairs.append((wording.text("shown", locale), wording.text("first", locale, n=places)))
    return [
        *pairs,
        (wording.text("state", locale), f"{state}{comma}{revision}"),
        (wording.text("published", locale), stamp),
        (wording.text("digest", locale), publication.snapshot.digest[:16]),
    ]


def file_name(publication: Publication, suffix: str, locale: str = "zh_CN") -> str:
    """A readable file name: edition, event, ranking, round and revision."""
    heading = publication.snapshot.heading
    parts = [
        wording.titled(heading["edition"], locale),
        title_of(heading, locale).replace(" · ", "-"),
        wording.text("revision", locale, n=publication.revision),
    ]
    stem = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", "-".join(parts))
    return f"{stem}.{suffix}"


def file_of(publication: Publication, rows: Sequence[SnapshotRow], suffix: str, locale: str) -> bytes:
    """The list in one of SUFFIXES; raises KeyError for another."""
    from contest.results.list_papers import list_docx

    making = {"csv": csv_bytes, "xlsx": xlsx_bytes, "pdf": pdf_bytes, "json": json_bytes, "docx": list_docx}
    return making[suffix](publication, rows, locale)


def json_bytes(publication: Publication, rows: Sequence[SnapshotRow], _locale: str = "zh_CN") -> bytes:
    """Both languages in one document, as `/api/v1/lists/<id>` gives it."""
    return json.dumps(document(publication, rows), ensure_ascii=False, indent=1).encode() + b"\n"


def csv_bytes(publication: Publication, rows: Sequence[SnapshotRow], locale: str = "zh_CN") -> bytes:
    """UTF-8 with a BOM, so that spreadsheets read the Chinese; text that would run as a formula is neutralised."""
    heading = publication.snapshot.heading
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(label) for label in cells.labels(heading, locale)])
    column_kinds = cells.kinds(heading)
    for line in cells.table(heading, rows, locale):
        pairs = zip(line, column_kinds, strict=True)
        writer.writerow([value if _is_number(value, kind) else neutral(value) for value, kind in pairs])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _is_number(value: str, kind: str) -> bool:
    """Marks and ranks are numbers; a name or a code that looks like one stays text."""
    return kind in (*cells.NUMERIC, "rank") and NUMBER.fullmatch(value) is not None


def xlsx_bytes(publication: Publication, rows: Sequence[SnapshotRow], locale: str = "zh_CN") -> bytes:
    """A workbook of one sheet: title, facts, heads, lines. Marks are numbers shown with the list's decimals."""
    import xlsxwriter  # heavy, and no other door needs it

    heading = publication.snapshot.heading
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    stamp = publication.published_at.replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": title_of(heading, locale), "created": stamp})
    sheet = book.add_worksheet(wording.text("list", locale))
    head = book.add_format(
        {"bold": True, "border": 1, "bg_color": "#EEEEEE", "text_wrap": True, "align": "center"}
    )
    title = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, wording.titled(heading["edition"], locale), title)
    sheet.write_string(1, 0, title_of(heading, locale), title)
    facts = [f"{label}：{value}" for label, value in facts_of(publication, locale)]
    if heading["is_demo"]:
        facts.insert(0, wording.text("demo", locale))
    sheet.write_string(2, 0, "　".join(facts))
    names, column_kinds = cells.labels(heading, locale), cells.kinds(heading)
    for column, name in enumerate(names):
        sheet.write_string(3, column, str(neutral(name)), head)
        sheet.set_column(
            column, column, {"rank": 6, "number": 12, "remark": 28}.get(column_kinds[column], 16)
        )
    for number, line in enumerate(cells.table(heading, rows, locale), 4):
        _write_line(book, sheet, number, line, column_kinds)
    sheet.freeze_panes(4, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    sheet.set_footer("&C&P / &N")
    book.close()
    return out.getvalue()


def _write_line(book: Any, sheet: Any, number: int, line: Sequence[str], column_kinds: Sequence[str]) -> None:
    for column, (value, kind) in enumerate(zip(line, column_kinds, strict=True)):
        if _is_number(value, kind):
            digits = len(value.partition(".")[2])
            sheet.write_number(number, column, float(value), _number_format(book, digits))
        else:
            sheet.write_string(number, column, str(neutral(value)), _text_format(book))


def _number_format(book: Any, digits: int) -> Any:
    return _format(book, f"0.{'0' * digits}" if digits else "0")


def _text_format(book: Any) -> Any:
    return _format(book, "@")


def _format(book: Any, pattern: str) -> Any:
    made = book.__dict__.setdefault("formats_by_pattern", {})
    if pattern not in made:
        made[pattern] = book.add_format({"num_format": pattern, "border": 1})
    return made[pattern]


def pdf_bytes(publication: Publication, rows: Sequence[SnapshotRow], locale: str = "zh_CN") -> bytes:
    """The list to print: A4 upright, across if it has many columns; head repeated, pages numbered."""
    heading = publication.snapshot.heading
    title = title_of(heading, locale)
    facts = "　".join(f"{escape(label)}：{escape(value)}" for label, value in facts_of(publication, locale))
    body = (
        f"<h1>{escape(wording.titled(heading['edition'], locale))}<br>{escape(title)}</h1>"
        f'<p class="subtitle">{facts}</p>{_banner(publication, locale)}{table_html(heading, rows, locale)}'
    )
    return papers.pdf(
        body,
        title=title,
        lang="zh-CN" if locale.startswith("zh") else "en",
        made_at=publication.published_at,
        identifier=f"{publication.snapshot.digest}/{publication.revision}/{state_of(publication)}/{locale}",
        demo=heading["is_demo"],
        page="landscape" if len(heading["columns"]) > WIDE else "portrait",
    )


def _banner(publication: Publication, locale: str) -> str:
    if publication.change_note and publication.is_live:
        return f"<p>{escape(wording.text('changed', locale, note=publication.change_note))}</p>"
    if publication.withdrawn_at is not None:
        text = wording.text("withdrawn_for", locale, reason=publication.withdrawn_reason)
    elif publication.superseded_at is not None:
        text = wording.say(wording.STATES["superseded"], locale)
    else:
        return ""
    return f'<p class="center"><b>{escape(text)}</b></p>'


def table_html(heading: Mapping[str, Any], rows: Sequence[cells.ListLine], locale: str) -> str:
    """The list's table as markup of the papers' style sheet."""
    column_kinds = cells.kinds(heading)
    classes = [
        "mark" if kind in cells.NUMERIC else "center" if kind in ("rank", "number", "award") else ""
        for kind in column_kinds
    ]
    head = "".join(f"<th>{escape(label)}</th>" for label in cells.labels(heading, locale))
    lines = []
    for line in cells.table(heading, rows, locale):
        tds = [
            f'<td class="{name}">{escape(value)}</td>' if name else f"<td>{escape(value)}</td>"
            for name, value in zip(classes, line, strict=True)
        ]
        lines.append(f"<tr>{''.join(tds)}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
