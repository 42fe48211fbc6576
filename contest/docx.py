"""Official documents as OOXML (ISO/IEC 29500), written by hand: the few parts that WPS, Word and LibreOffice need.

Fonts are named as offices have them (仿宋_GB2312, 方正小标宋简体, 楷体_GB2312, 黑体) with other names beside them, because
a DOCX carries none: on a machine without them the word processor takes the nearest. Lengths are twips (1/1440 inch),
sizes half-points. Equal documents give equal bytes: the ZIP's dates are fixed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from contest import docx_parts as parts
from contest.official import (
    BLANK_NUMBER,
    DRAFT,
    Block,
    Line,
    Paper,
    Table,
    attachment_marks,
    attachment_names,
    chinese_date,
    cleaned,
    heading_lines,
    level_of,
    sign_off_indents,
)

KEPT = "<w:p><w:pPr><w:keepNext/></w:pPr></w:p>"
BODY = 320  # twips of a character of 3号, 16 pt


def document(paper: Paper, *, made_at: datetime | None) -> bytes:
    """The whole file. made_at: the date in its properties, in place of the clock."""
    stamp = (made_at or datetime(2000, 1, 1, tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    files = {
        "[Content_Types].xml": parts.TYPES,
        "_rels/.rels": parts.ROOT_LINKS,
        "docProps/core.xml": parts.CORE.format(title=_text(paper.heading.replace("\n", "")), stamp=stamp),
        "word/_rels/document.xml.rels": parts.LINKS,
        "word/document.xml": parts.DOCUMENT.format(body=_body(paper), section=_section(paper)),
        "word/styles.xml": parts.styles(is_official=paper.sheet == "official", lang=paper.lang),
        "word/settings.xml": parts.SETTINGS,
        "word/fontTable.xml": parts.FONTS,
        "word/header1.xml": _header(paper),
        "word/footer1.xml": _footer(paper, is_even=False),
        "word/footer2.xml": _footer(paper, is_even=True),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            bundle.writestr(entry, text.encode())
    return out.getvalue()


def _aligned(align: str) -> str:
    return f'<w:jc w:val="{align}"/>'


def _text(text: str) -> str:
    return escape(cleaned(text), {'"': "&quot;"})


def _run(text: str, properties: str = "") -> str:
    """A text in one form; a line break in it stays one."""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{_text(line)}</w:t>' for line in text.split("\n"))
    form = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{form}{lines}</w:r>"


def _paragraph(text: str, style: str = "", properties: str = "", run: str = "") -> str:
    inner = (f'<w:pStyle w:val="{style}"/>' if style else "") + properties
    form = f"<w:pPr>{inner}</w:pPr>" if inner else ""
    return f"<w:p>{form}{_run(text, run)}</w:p>"


def _body(paper: Paper) -> str:
    found = []
    if paper.issuer:
        found += [_paragraph(paper.issuer, "Issuer"), _paragraph(paper.number or BLANK_NUMBER, "DocNumber")]
        # Two lines stay free between the red line and the title (7.3.1).
        found += ["<w:p/>", "<w:p/>"]
    found.append(_title(paper.heading, paper))
    found += [_paragraph(paper.subtitle, "Subtitle")] if paper.subtitle else []
    found += ["<w:p/>"] if paper.sheet == "official" else []
    found += [_paragraph(paper.to, "To")] if paper.to else []
    found += [_block(block, paper) for block in paper.blocks]
    # The signer never stands on a page without any text before: these lines go over with it.
    if paper.attachments:
        found += [KEPT, *_names(paper)]
    if paper.is_signed:
        found += [KEPT, KEPT, *_sign_off(paper)]
    for mark, one in zip(attachment_marks(paper.attachments), paper.attachments, strict=True):
        found.append(_paragraph(mark, "Attachment", "<w:pageBreakBefore/>"))
        found += ["<w:p/>", _title(one.title, paper), "<w:p/>"]
        found += [_block(block, paper) for block in one.blocks]
    return "".join(found)


def _title(text: str, paper: Paper) -> str:
    is_official = paper.sheet == "official"
    return _paragraph("\n".join(heading_lines(text)) if is_official else text, "Title")


def _names(paper: Paper) -> list[str]:
    """附件说明: two characters in; a long name goes on under its own first character."""
    found = []
    many = len(paper.attachments) > 1
    for number, name in enumerate(attachment_names(paper.attachments)):
        left = 6 if many else 5
        hanging = 1 if number else left - 2
        indent = f'<w:ind w:left="{left * BODY}" w:hanging="{hanging * BODY}"/>'
        found.append(_paragraph(name, "To", f"<w:keepNext/>{indent}"))
    return found


def _sign_off(paper: Paper) -> list[str]:
    dated = chinese_date(paper.dated_on)
    right, date_right = sign_off_indents(paper.signer, dated)
    return [
        _paragraph(paper.signer, "SignOff", f'<w:keepNext/><w:ind w:right="{round(right * BODY)}"/>'),
        _paragraph(dated, "SignOff", f'<w:ind w:right="{round(date_right * BODY)}"/>'),
    ]


def _block(block: Block, paper: Paper) -> str:
    if isinstance(block, Table):
        return _table(block, paper)
    if isinstance(block, Line):
        style = "Small" if block.is_small else "To"
        return _paragraph(block.text, style, _aligned(block.align))
    level = level_of(block)
    if level:
        return _paragraph(block, f"Heading{level}")
    return _paragraph(block, "BodyText")


def _table(table: Table, paper: Paper) -> str:
    """A table over the whole type area; its head is repeated, no row is parted."""
    weights = table.widths or (1,) * len(table.heads)
    room = parts.PAGES[paper.sheet].room
    widths = [round(room * one / sum(weights)) for one in weights]
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    head = _row(table.heads, widths, ["center"] * len(widths), is_head=True)
    aligns = [table.align(column) for column in range(len(widths))]
    rows = "".join(_row(row, widths, aligns) for row in table.rows)
    # An empty paragraph keeps two tables apart, and a document may not end with a table.
    return f"<w:tbl>{parts.TABLE.format(width=sum(widths))}<w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl><w:p>{parts.GAP}</w:p>"


def _row(texts: Sequence[str], widths: Sequence[int], aligns: Sequence[str], *, is_head: bool = False) -> str:
    bold = "<w:b/>" if is_head else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        + _paragraph(text, "Cell", _aligned(align), bold)
        + "</w:tc>"
        for text, width, align in zip(texts, widths, aligns, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if is_head else ''}</w:trPr>{cells}</w:tr>"


def _header(paper: Paper) -> str:
    """演示样张 on every page of a demo edition, and that a draft is one: in the margin, where it moves no line."""
    marks = [_paragraph("演示样张", "Header")] if paper.is_demo else []
    marks += [_paragraph(DRAFT, "Draft")] if paper.is_draft else []
    return parts.header("".join(marks) or "<w:p/>")


def _footer(paper: Paper, *, is_even: bool) -> str:
    """— 1 — outside, one character in (7.5); on a sheet its own lines and “page of pages”."""
    if paper.sheet != "official":
        lines = "".join(_paragraph(text, "Small", _aligned("center")) for text in paper.footer)
        return parts.footer(lines + parts.pages_line(is_chinese=paper.lang.startswith("zh")))
    side = _aligned("left" if is_even else "right")
    indent = '<w:ind w:left="280"/>' if is_even else '<w:ind w:right="280"/>'
    return parts.footer(
        f'<w:p><w:pPr><w:pStyle w:val="Footer"/>{indent}{side}</w:pPr>'
        f"{_run('— ')}{parts.field('PAGE')}{_run(' —')}</w:p>"
    )


def _section(paper: Paper) -> str:
    return parts.PAGES[paper.sheet].section()
