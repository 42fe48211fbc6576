"""The layered way: static layers once, each slot's shape once, fonts once a chunk; a paper is then glyph numbers.

What does not depend on the holders is kept by a press for as long as the process lives. A chunk adds the shapes that
the press has not met and the fonts that hold the chunk's characters; they are laid out in documents of their own, so
a paper's bytes do not depend on what the press made before.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import pikepdf

from contest import papers
from contest.certificates import assembling, pages, qr
from contest.certificates.layouts import Layout
from contest.certificates.pages import Placed, Record
from contest.certificates.patterns import (
    Pattern,
    around_path,
    glyphs_of,
    is_simple,
    pattern_of,
    shape_of,
    text_of,
)

SHAPES_KEPT = 4000  # about a kilobyte each
PRESSES_KEPT = 4
_STATE = re.compile(rb"/([A-Za-z0-9.]+) gs")


class Press:
    """What all papers of a layout share in this process: its layers, and the pattern of every shape met so far."""

    def __init__(self, layout: Layout, *, demo: bool, version: int) -> None:
        """layout: with the organiser's wording; version: of all QR codes."""
        self.layout, self.version = layout, version
        self.forms = {"S": _layer(layout, pages.static_html(layout, demo=demo))}
        if layout.has_upper:
            self.forms["U"] = _layer(layout, pages.upper_html(layout, demo=demo))
        self.patterns: dict[tuple, Pattern] = {}
        self.codes = self._places_of_codes()

    def _places_of_codes(self) -> dict[str, tuple[bytes, bytes]]:
        """What stands before and after the path of each code."""
        slots = [slot for slot in self.layout.slots if slot.kind == "qr"]
        if not slots:
            return {}
        dot = qr.QrCode(17 + 4 * self.version, ((0, 0, 1, 1),))
        source = _opened(self.layout, _sheets(self.layout, [pages.qr_html(slot, dot) for slot in slots]))
        return {
            slot.name: around_path(_operators(page)) for slot, page in zip(slots, source.pages, strict=True)
        }

    def learn(self, shown: dict[tuple, Placed]) -> None:
        """Lay the shapes that are new out, each on a page of its own."""
        if len(self.patterns) > SHAPES_KEPT:
            self.patterns.clear()
        fresh = {shape: one for shape, one in shown.items() if shape not in self.patterns}
        if not fresh:
            return
        source = _opened(self.layout, _sheets(self.layout, [pages.slot_html(one) for one in fresh.values()]))
        for (shape, one), page in zip(fresh.items(), source.pages, strict=True):
            self.patterns[shape] = pattern_of(_operators(page), one)


_presses: dict[tuple[str, bool, int], Press] = {}


def press_for(layout: Layout, *, demo: bool, version: int) -> Press:
    """The press of a layout and wording, kept for the next chunk."""
    key = (layout.identity, demo, version)
    if key not in _presses:
        while len(_presses) >= PRESSES_KEPT:
            del _presses[next(iter(_presses))]
        _presses[key] = Press(layout, demo=demo, version=version)
    return _presses[key]


class Batch:
    """Everything that up to a few hundred papers share; `assemble` then gives one paper's bytes."""

    def __init__(
        self,
        layout: Layout,
        fitted: Sequence[Sequence[Placed]],
        *,
        demo: bool,
        version: int,
        stock: tuple[float, float] | None = None,
    ) -> None:
        """layout: with the organiser's wording; fitted: each record's slots; version: of all QR codes.

        stock: for pre-printed sheets, the variable texts alone, moved so many millimetres right and down.
        """
        self.layout, self.version, self._stock = layout, version, stock
        shown: dict[tuple, Placed] = {}
        own: dict[tuple[str, str], Placed] = {}
        for slots in fitted:
            for one in slots:
                if one.fitted is not None:
                    shown.setdefault(shape_of(one), one)
                    own.setdefault((one.slot.font, text_of(one)), one)
        self._press = press_for(layout, demo=demo, version=version)
        self._press.learn(shown)
        self._patterns = {shape: self._press.patterns[shape] for shape in shown}
        source = _opened(layout, _every_glyph(layout, own.values()))
        _must_have_states(source, self._patterns.values(), self._press.codes.values())
        size = (layout.width * 72 / 25.4, layout.height * 72 / 25.4)
        forms = self._press.forms if stock is None else {}
        self._mould = assembling.moulded(size, forms, source, layout.lang)

    def assemble(self, record: Record, slots: Sequence[Placed], *, made_at: datetime | None) -> bytes:
        """One paper's bytes."""
        parts = [b"q\n/S Do\nQ\n"] if self._stock is None else [_moved(*self._stock)]
        for one in slots:
            if self._stock is not None and not self.layout.varies(one.slot):
                continue
            if one.fitted is None:
                parts.append(self._code(record, one))
            else:
                glyphs = [b"%04x" % number for number in glyphs_of(one)] if is_simple(one) else []
                parts += (b"q\n", self._patterns[shape_of(one)].filled(glyphs), b"\nQ\n")
        if self.layout.has_upper and self._stock is None:
            parts.append(b"q\n/U Do\nQ\n")
        return self._mould.cast(b"".join(parts), title=record.title, made_at=made_at)

    def _code(self, record: Record, one: Placed) -> bytes:
        before, after = self._press.codes[one.slot.name]
        return b"q\n" + before + qr.pdf_path(qr.code(record.url, self.version)) + after + b"\nQ\n"


def _moved(right: float, down: float) -> bytes:
    """The operator that moves what follows by millimetres."""
    return b"1 0 0 1 %.4f %.4f cm\n" % (right * 72 / 25.4, -down * 72 / 25.4)


def _opened(layout: Layout, body: str) -> pikepdf.Pdf:
    laid_out = papers.document(
        pages.whole(layout, body), css=[pages.sheet(layout), layout.css], pictures=pages.pictures_of(layout)
    )
    return pikepdf.open(io.BytesIO(papers.write(laid_out, title="", made_at=None)))


def _layer(layout: Layout, body: str) -> tuple[pikepdf.Pdf, bytes]:
    """A layer laid out once for all papers of a press."""
    source = _opened(layout, body)
    return source, _operators(source.pages[0])


def _sheets(layout: Layout, inner: Iterable[str]) -> str:
    """Each piece of markup on a page of its own."""
    style = (
        f"<style>.one{{position:relative;width:{layout.width}mm;height:{layout.height}mm;break-after:page}}"
        ".one:last-child{break-after:auto}</style>"
    )
    return style + "".join(f'<div class="one">{one}</div>' for one in inner)


def _operators(page: pikepdf.Page) -> bytes:
    page.contents_coalesce()
    return page.obj["/Contents"].read_bytes()


def _every_glyph(layout: Layout, texts: Iterable[Placed]) -> str:
    """Each character of the chunk once for each font that shows it, so that the fonts hold all of them.

    Shaped texts stand as they are, because their glyphs follow from their neighbours. A box in the colour of a slot
    makes sure of the graphic states that slots use.
    """
    wanted: dict[tuple[str, int], dict[str, pages.Run]] = {}
    shaped: dict[str, None] = {}
    for one in texts:
        assert one.fitted is not None
        for line in one.fitted.lines:
            for run in line.runs:
                if run.is_simple:
                    wanted.setdefault((run.family, run.weight), {}).update(dict.fromkeys(run.text, run))
                else:
                    shaped[pages.run_html(run)] = None
    spans = []
    for (family, weight), characters in sorted(wanted.items(), key=lambda item: item[0]):
        text = "".join(sorted(characters))
        spans.append(pages.run_html(pages.Run(family, weight, text, 0.0, (), True)))
    dot = qr.QrCode(1, ((0, 0, 1, 1),))
    codes = "".join(pages.qr_html(slot, dot) for slot in layout.slots if slot.kind == "qr")
    # Nothing wraps or collapses: a space at an edge would otherwise be left out of the font and its widths.
    style = "<style>.all{white-space:pre}.all p{margin:0}</style>"
    return f'{style}<div class="all">{"".join(f"<p>{span}</p>" for span in [*spans, *shaped])}</div>{codes}'


def _must_have_states(
    source: pikepdf.Pdf, patterns: Iterable[Pattern], codes: Iterable[tuple[bytes, bytes]]
) -> None:
    """The chunk's document must name every graphic state that the kept operators use."""
    wanted = {name for one in patterns for piece in one.pieces for name in _STATE.findall(piece)}
    wanted |= {name for one in codes for piece in one for name in _STATE.findall(piece)}
    held = source.pages[0].obj["/Resources"].get("/ExtGState", pikepdf.Dictionary())
    lacking = sorted(name.decode() for name in wanted if f"/{name.decode()}" not in held)
    if lacking:
        raise AssertionError(f"the chunk's document lacks graphic states: {', '.join(lacking)}")
