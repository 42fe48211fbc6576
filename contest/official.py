"""The one door from an official document to PDF and DOCX: equal content on both, in the form of GB/T 9704-2012.

A document is plain values (heading, addressees, paragraphs, tables, signer, date, attachments), so that a room can
keep it as JSON and print it again in ten years. Sheets that are no official document (a list, a summary to sign) take
the same door with `sheet` portrait or landscape. Sizes and places of GB/T 9704-2012 stand beside what follows them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from html import escape as escape_markup
from typing import Any

from contest import papers

SHEETS = ("official", "portrait", "landscape")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
BLANK_DATE = "　　　　年　　月　　日"
BLANK_NUMBER = "　　发〔　　　　〕　　号"
DRAFT = "代拟稿 · 未印发"
HEADING_WIDTH = 20  # characters of 22 pt in 156 mm
DATE_INDENT = 4.0  # characters right of the date on a document that is sealed (7.3.5.1)

# “…”, “某某等 N 名同志” and words of the field: what a heading must not part (7.3.1: 词意完整).
_WORDS = "职业技能|技能竞赛|技能大赛|劳动竞赛|竞赛|大赛|总工会|获奖名单|结果的通报|名单的公示|的决定|技术能手"
_PHRASE = re.compile(
    rf"(“[^”]{{1,18}}”(?:称号的决定|称号的公示|的公示|的通报)?|[^于予]{{1,12}}等\d+名同志|职业技能竞赛|{_WORDS})"
)
_FIRST_LEVEL = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SECOND_LEVEL = re.compile(r"（[一二三四五六七八九十]{1,3}）")


# Characters that XML 1.0 does not know; a pasted text may hold them, and Word refuses the whole file for one.
_UNKNOWN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Line:
    """A line that is no body text: without an indent, at the left, in the middle or at the right."""

    text: str
    align: str = "left"
    is_small: bool = False


@dataclass(frozen=True)
class Table:
    """Columns with their heads; `widths` are relative, `aligns` left, center or right for each column."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    aligns: tuple[str, ...] = ()

    def align(self, column: int) -> str:
        """How a column stands; at the left where nothing is said."""
        return self.aligns[column] if column < len(self.aligns) else "left"


Block = str | Line | Table
"""A paragraph of body text, a line, or a table."""


@dataclass(frozen=True)
class Attachment:
    """What follows on pages of its own under 附件."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Paper:
    """A document as it stands, before any form.

    issuer: the red heading (发文机关标志); empty leaves heading, number and red line away, as on a public notice.
    signer, dated_on: 发文机关署名 and 成文日期; is_signed False leaves both away. A document without its date has
    blanks to be filled in by hand. footer: lines at the foot of every page of a sheet.
    """

    heading: str
    blocks: tuple[Block, ...]
    to: str = ""
    issuer: str = ""
    number: str = ""
    signer: str = ""
    dated_on: date | None = None
    is_signed: bool = True
    attachments: tuple[Attachment, ...] = ()
    subtitle: str = ""
    footer: tuple[str, ...] = ()
    sheet: str = "official"
    lang: str = "zh-CN"
    is_draft: bool = False
    is_demo: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The document as JSON values; `from_dict` gives an equal one back."""
        kept = asdict(self)
        kept["dated_on"] = self.dated_on.isoformat() if self.dated_on else None
        return kept

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Paper:
        """A document from what `to_dict` gave. Raises KeyError, TypeError for anything else."""
        values = dict(kept)
        values["dated_on"] = date.fromisoformat(kept["dated_on"]) if kept["dated_on"] else None
        values["blocks"] = tuple(map(_block, kept["blocks"]))
        values["attachments"] = tuple(
            Attachment(one["title"], tuple(map(_block, one["blocks"]))) for one in kept["attachments"]
        )
        values["footer"] = tuple(kept["footer"])
        return cls(**values)


def _block(kept: Any) -> Block:
    if isinstance(kept, str):
        return kept
    if "heads" in kept:
        rows = tuple(tuple(row) for row in kept["rows"])
        return Table(tuple(kept["heads"]), rows, tuple(kept["widths"]), tuple(kept["aligns"]))
    return Line(**kept)


def pdf(paper: Paper, *, made_at: datetime | None, identifier: str) -> bytes:
    """The document as PDF; equal content, date and identifier give equal bytes. Raises FontMissing."""
    return papers.pdf(
        html_of(paper), title=paper.heading, lang=paper.lang, made_at=made_at, identifier=identifier,
        demo=paper.is_demo, page=paper.sheet,
    )  # fmt: skip


def docx(paper: Paper, *, made_at: datetime | None) -> bytes:
    """The document as DOCX, to be edited in WPS, Word or LibreOffice; equal content and date give equal bytes."""
    from contest import docx as writer

    return writer.document(paper, made_at=made_at)


def file_of(paper: Paper, suffix: str, *, made_at: datetime | None, identifier: str) -> bytes:
    """The document in one of MEDIA_TYPES. Raises KeyError for another suffix."""
    if suffix == "docx":
        return docx(paper, made_at=made_at)
    if suffix == "pdf":
        return pdf(paper, made_at=made_at, identifier=identifier)
    raise KeyError(suffix)


def chinese_date(day: date | None) -> str:
    """2026年11月20日 (7.3.5.4: without leading zeros), or blanks to be filled in by hand."""
    return f"{day.year}年{day.month}月{day.day}日" if day else BLANK_DATE


def cleaned(text: str) -> str:
    """A text without the characters that no document may hold."""
    return _UNKNOWN.sub("", text)


def escape(text: str) -> str:
    """A text as markup."""
    return escape_markup(cleaned(text))


def level_of(paragraph: str) -> int:
    """1 for “一、…”, 2 for “（一）…” that stand alone as a heading, 0 for body text (7.3.3)."""
    if len(paragraph) > 40 or paragraph.rstrip().endswith(("。", "；", "：", "，")):
        return 0
    return 1 if _FIRST_LEVEL.match(paragraph) else 2 if _SECOND_LEVEL.match(paragraph) else 0


def width_of(text: str) -> float:
    """How wide a text stands, in characters of its own size: Latin letters and digits take half of one."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def sign_off_indents(signer: str, dated: str) -> tuple[float, float]:
    """How many characters stay free right of the signer and of the date.

    The date has four free at its right and the signer is centred on it; a signer too long for that keeps to the
    edge and the date is centred under it (GB/T 9704-2012, 7.3.5.1).
    """
    gap = (width_of(dated) - width_of(signer)) / 2
    if DATE_INDENT + gap >= 0:
        return DATE_INDENT + gap, DATE_INDENT
    return 0.0, -gap


def attachment_names(attachments: Sequence[Attachment]) -> list[str]:
    """附件说明: the titles, numbered where there are several, without a mark at the end (7.3.4)."""
    if len(attachments) == 1:
        return [f"附件：{attachments[0].title}"]
    return [
        ("附件：" if number == 1 else "") + f"{number}. {one.title}"
        for number, one in enumerate(attachments, 1)
    ]


def attachment_marks(attachments: Sequence[Attachment]) -> list[str]:
    """What stands over each attachment: 附件, or 附件1, 附件2 …"""
    if len(attachments) == 1:
        return ["附件"]
    return [f"附件{number}" for number in range(1, len(attachments) + 1)]


def html_of(paper: Paper) -> str:
    """The document's body as markup of the papers' style sheet."""
    parts = [f'<p class="draft">{DRAFT}</p>'] if paper.is_draft else []
    if paper.issuer:
        number = escape(paper.number) or BLANK_NUMBER
        parts += [f'<div class="issuer">{escape(paper.issuer)}</div>', f'<p class="docnumber">{number}</p>']
        parts += ['<div class="redline"></div>']
    parts += [f"<h1>{_whole_phrases(paper.heading)}</h1>"]
    parts += [f'<p class="subtitle">{escape(paper.subtitle)}</p>'] if paper.subtitle else []
    parts += [f'<p class="to">{escape(paper.to)}</p>'] if paper.to else []
    parts += [_markup(block) for block in paper.blocks]
    for place_of_name, name in enumerate(attachment_names(paper.attachments) if paper.attachments else []):
        place = "attachment" if place_of_name == 0 else "attachment attachment--next"
        parts.append(f'<p class="{place}">{escape(name)}</p>')
    if paper.is_signed:
        parts.append(_sign_off(paper))
    for mark, one in zip(attachment_marks(paper.attachments), paper.attachments, strict=True):
        inner = "".join(map(_markup, one.blocks))
        parts.append(
            f'<div class="attachment-page"><p class="which to">{mark}</p><h1>{_whole_phrases(one.title)}</h1>{inner}</div>'
        )
    parts += [f'<p class="center">{escape(text)}</p>' for text in paper.footer]
    return "".join(parts)


def _sign_off(paper: Paper) -> str:
    dated = chinese_date(paper.dated_on)
    right, date_right = sign_off_indents(paper.signer, dated)
    return (
        f'<div class="sign-off"><p style="padding-right: {right}em">{escape(paper.signer)}</p>'
        f'<p style="padding-right: {date_right}em">{dated}</p></div>'
    )


def heading_lines(heading: str) -> list[str]:
    """The heading parted where its phrases stay whole, for a form that knows no such rule: at most 20 characters."""
    lines = []
    for typed in heading.split("\n"):
        line = ""
        for part in _PHRASE.split(typed):
            for piece in [part] if _PHRASE.fullmatch(part) else part:
                if line and width_of(line + piece) > HEADING_WIDTH:
                    lines.append(line)
                    line = ""
                line += piece
        lines.append(line)
    return lines


def _whole_phrases(heading: str) -> str:
    """The heading with its phrases kept whole at a line's end, as 7.3.1 asks; a line break in it is kept."""
    lines = []
    for line in heading.split("\n"):
        parts = _PHRASE.split(line)
        lines.append(
            "<wbr>".join(
                f'<span class="nowrap">{escape(part)}</span>' if _PHRASE.fullmatch(part) else escape(part)
                for part in parts
            )
        )
    return "<br>".join(lines)


def _markup(block: Block) -> str:
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Line):
        names = f"{block.align}{' note' if block.is_small else ''} to"
        return f'<p class="{names}">{escape(block.text)}</p>'
    level = level_of(block)
    name = {1: ' class="level-1"', 2: ' class="level-2"'}.get(level, "")
    return f"<p{name}>{escape(block)}</p>"


def _table(table: Table) -> str:
    whole = sum(table.widths) or 1
    columns = "".join(f'<col style="width: {100 * one / whole:.2f}%">' for one in table.widths)
    head = "".join(f"<th>{escape(text)}</th>" for text in table.heads)
    rows = []
    for row in table.rows:
        tds = [f"<td{_class(table.align(column))}>{escape(text)}</td>" for column, text in enumerate(row)]
        rows.append(f"<tr>{''.join(tds)}</tr>")
    group = f"<colgroup>{columns}</colgroup>" if columns else ""
    return f"<table>{group}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _class(align: str) -> str:
    return {"center": ' class="center"', "right": ' class="mark"'}.get(align, "")
