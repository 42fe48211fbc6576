"""Address and name labels on sheets of A4, and envelopes: a grid in millimetres, filled from the first label still on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import segno

from contest.errors import Invalid

A4 = (210.0, 297.0)  # millimetres
SLACK = 0.6  # makers' sheets are cut to about half a millimetre
PADDING = 3.0
SMALLEST, EM = 6.5, 25.4 / 72  # points; millimetres in a point


class GridUnfit(Invalid):
    """The labels leave the sheet, or there are none."""

    code = "label_grid"


class LabelLong(Invalid):
    """A text does not fit its label even small."""

    code = "label_long"


@dataclass(frozen=True)
class Grid:
    """A sheet of labels: how many, their size, where the first lies, what is between them; millimetres."""

    columns: int
    rows: int
    w: float
    h: float
    left: float = 0.0
    top: float = 0.0
    between: float = 0.0  # two columns
    under: float = 0.0  # two rows
    sheet: tuple[float, float] = A4

    @property
    def count(self) -> int:
        """Labels on a sheet."""
        return self.columns * self.rows

    def check(self) -> Grid:
        """Itself. Raises GridUnfit when the labels leave the sheet by more than makers' tolerance."""
        wide = self.left + self.columns * self.w + (self.columns - 1) * self.between
        high = self.top + self.rows * self.h + (self.rows - 1) * self.under
        sane = min(self.columns, self.rows) >= 1 and min(self.w, self.h) >= 10
        sane = sane and min(self.left, self.top, self.between, self.under) >= 0
        # Written so that what is no number at all fails too.
        if not (sane and wide <= self.sheet[0] + SLACK and high <= self.sheet[1] + SLACK):
            raise GridUnfit(width=round(wide, 1), height=round(high, 1))
        return self

    def place(self, number: int) -> tuple[float, float]:
        """Left and top of the label with this number on its sheet, row by row from 0."""
        row, column = divmod(number, self.columns)
        return self.left + column * (self.w + self.between), self.top + row * (self.h + self.under)


# Sold in China and Europe alike; the sizes are the makers' own.
SHEETS = {
    "3x8": Grid(3, 8, 70, 37, top=0.5),
    "3x7": Grid(3, 7, 63.5, 38.1, left=7.2, top=15.15, between=2.55),
    "2x7": Grid(2, 7, 99.1, 38.1, left=4.65, top=15.15, between=2.5),
}
# GB/T 1416-2003, Envelope: DL (No. 5), ZL (No. 6), C5 (No. 7).
ENVELOPES = {
    "DL": Grid(1, 1, 220, 110, sheet=(220, 110)),
    "ZL": Grid(1, 1, 230, 120, sheet=(230, 120)),
    "C5": Grid(1, 1, 229, 162, sheet=(229, 162)),
}


@dataclass(frozen=True)
class Label:
    """What stands on one: the name large, further lines small; on an envelope code and address above the name."""

    name: str
    lines: tuple[str, ...] = ()
    code: str = ""  # postcode
    address: str = ""
    qr: str = ""  # what the QR code says; empty for none


def sheets_of(
    labels: Sequence[Label], grid: Grid, *, skip: int = 0
) -> Iterator[list[tuple[float, float, Label]]]:
    """Left, top and label, sheet by sheet; the first `skip` labels of the first sheet are used already."""
    page: list[tuple[float, float, Label]] = []
    for number, label in enumerate(labels, skip % grid.count):
        page.append((*grid.place(number % grid.count), label))
        if (number + 1) % grid.count == 0:
            yield page
            page = []
    if page:
        yield page


def css(grid: Grid) -> str:
    """The page and the boxes of a grid."""
    wide, high = grid.sheet
    return (
        f"@page{{size:{wide}mm {high}mm;margin:0;@bottom-center{{content:none}}}}"
        f".sheet{{position:relative;width:{wide}mm;height:{high - 0.2}mm;break-after:page;overflow:hidden}}"
        ".sheet:last-child{break-after:auto}"
        f".slip{{position:absolute;width:{grid.w}mm;height:{grid.h}mm;box-sizing:border-box;padding:{PADDING}mm;overflow:hidden}}"
        ".slip svg{float:right;margin-left:2mm}.slip p{margin:0;line-height:1.25}"
        ".cover{position:absolute;margin:0;line-height:1.4;white-space:nowrap}"
    )


def html(labels: Sequence[Label], grid: Grid, *, skip: int = 0) -> str:
    """The body of label sheets. Raises LabelLong."""
    return "".join(
        '<div class="sheet">' + "".join(_slip(x, y, label, grid) for x, y, label in page) + "</div>"
        for page in sheets_of(labels, grid, skip=skip)
    )


def _slip(x: float, y: float, label: Label, grid: Grid) -> str:
    code = min(24.0, grid.h - 2 * PADDING) if label.qr else 0.0
    room = grid.w - 2 * PADDING - (code + 2 if code else 0)
    small = [one for one in (label.address, *label.lines) if one]
    parts = [_drawn(label.qr, code)] if label.qr else []
    parts.append(
        f'<p style="font-weight:700;font-size:{_fit(label.name, room, 18)}pt">{escape(label.name)}</p>'
    )
    parts += [f'<p style="font-size:{_fit(one, room, 10, lines=2)}pt">{escape(one)}</p>' for one in small]
    return f'<div class="slip" style="left:{x}mm;top:{y}mm">{"".join(parts)}</div>'


def _fit(text: str, room: float, size: float, *, lines: int = 1) -> float:
    """The largest type in points at which a text stands in `lines` lines of `room` millimetres. Raises LabelLong."""
    wide = sum(1.0 if ord(one) > 0x2000 else 0.56 for one in text) or 1.0
    # A text that may wrap loses up to a character a line.
    fitting = room * lines / (EM * (wide + (lines - 1)))
    if fitting < SMALLEST:
        raise LabelLong(text=text)
    return round(min(size, fitting), 1)


def _drawn(content: str, side: float) -> str:
    svg = segno.make(content, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=True)
    return svg.replace("<svg ", f'<svg style="width:{side}mm;height:{side}mm" ', 1)


def covers(labels: Sequence[Label], grid: Grid, *, sender: str) -> str:
    """The body of envelopes, one a page: postcode and address above, the name in the middle, the sender below right."""
    return "".join(f'<div class="sheet">{_cover(label, grid, sender)}</div>' for label in labels)


def _cover(label: Label, grid: Grid, sender: str) -> str:
    wide, high = grid.sheet
    left, room = 30.0, wide - 60.0
    rows = [(label.code, 12.0, 14.0, "letter-spacing:4pt;")]
    rows += [(label.address, high * 0.28, 13.0, ""), (label.name, high * 0.45, 24.0, "font-weight:700;")]
    rows += [(one, high * 0.45 + 14 + 7 * place, 12.0, "") for place, one in enumerate(label.lines)]
    parts = [
        f'<p class="cover" style="left:{left}mm;top:{top}mm;{more}font-size:{_fit(text, room, size)}pt">{escape(text)}</p>'
        for text, top, size, more in rows
        if text
    ]
    if sender:
        size = _fit(sender, room, 11)
        parts.append(
            f'<p class="cover" style="right:14mm;bottom:9mm;font-size:{size}pt;text-align:right">{escape(sender)}</p>'
        )
    if label.qr:
        parts.append(f'<div style="position:absolute;left:8mm;bottom:8mm">{_drawn(label.qr, 20)}</div>')
    return "".join(parts)
