"""The layered way: static layers once, and each slot's shape once; a paper is then a matter of glyph numbers.

Two texts with the same sequence of advances, in the same slot and size, lie in the same place glyph by glyph. So one
of them is laid out by WeasyPrint on a page of its own, and the operators of that page serve the others with their own
glyph numbers in it. Texts that need real shaping (Tibetan, Uyghur) are laid out for themselves.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import pikepdf

from contest import papers
from contest.certificates import assembling, pages, qr
from contest.certificates.layouts import Layout
from contest.certificates.pages import Placed, Record

_SHOWN = re.compile(rb"<([0-9a-f]+)>")
_DOT = re.compile(rb"(?:0 0 m\n)+1 0 l\n1 1 l\n0 1 l\nh\n(?=f\n)")
_OPERATORS = re.compile(rb"\[.*?\] TJ", re.DOTALL)


@dataclass(frozen=True)
class Pattern:
    """Operators of a slot with gaps for glyph numbers; no gaps when it was laid out for its own text."""

    pieces: tuple[bytes, ...]

    def filled(self, glyphs: Sequence[bytes]) -> bytes:
        """The operators with these glyph numbers, four hexadecimal digits each."""
        if len(self.pieces) == 1:
            return self.pieces[0]
        parts = [self.pieces[0]]
        for glyph, piece in zip(glyphs, self.pieces[1:], strict=True):
            parts.append(glyph)
            parts.append(piece)
        return b"".join(parts)


def _glyphs(one: Placed) -> list[int]:
    """Glyph numbers of a fitted slot in the order in which they are shown."""
    assert one.fitted is not None
    return [glyph.gid for line in one.fitted.lines for run in line.runs for glyph in run.glyphs]


def _is_simple(one: Placed) -> bool:
    assert one.fitted is not None
    return all(run.is_simple for line in one.fitted.lines for run in line.runs)


def _shape(one: Placed) -> tuple:
    """What the place of each glyph depends on: slot, size, fonts and advances; the text too where it is shaped."""
    assert one.fitted is not None
    lines = tuple(
        tuple(
            (run.family, run.weight, tuple((g.advance, g.natural) for g in run.glyphs)) for run in line.runs
        )
        for line in one.fitted.lines
    )
    return (one.slot.name, one.fitted.size, lines, "" if _is_simple(one) else _text(one))


def _text(one: Placed) -> str:
    assert one.fitted is not None
    return "\n".join(line.text for line in one.fitted.lines)


class Batch:
    """Everything that up to a few hundred papers share; `assemble` then gives one paper's bytes."""

    def __init__(
        self, layout: Layout, fitted: Sequence[Sequence[Placed]], *, demo: bool, version: int
    ) -> None:
        """layout: with the organiser's wording; fitted: each record's slots; version: of all QR codes."""
        self.layout, self.version = layout, version
        shown: dict[tuple, Placed] = {}
        own: dict[tuple[str, str], Placed] = {}
        for slots in fitted:
            for one in slots:
                if one.fitted is not None:
                    shown.setdefault(_shape(one), one)
                    own.setdefault((one.slot.name, _text(one)), one)
        self._patterns: dict[tuple, Pattern] = {}
        self._codes: dict[str, tuple[bytes, bytes]] = {}
        source = self._variable(shown, own)
        forms = {"S": _layer(_Whole(layout, pages.static_html(layout, demo=demo)))}
        if layout.upper:
            forms["U"] = _layer(_Whole(layout, pages.upper_html(layout, demo=demo)))
        size = (layout.width * 72 / 25.4, layout.height * 72 / 25.4)
        self._mould = assembling.moulded(size, forms, source, layout.lang)

    def _variable(self, shown: dict[tuple, Placed], own: dict[tuple[str, str], Placed]) -> pikepdf.Pdf:
        """Lay each shape and each code's place out on a page of its own, and every glyph of the batch on a last one."""
        codes = [slot for slot in self.layout.slots if slot.kind == "qr"]
        dot = qr.QrCode(17 + 4 * self.version, ((0, 0, 1, 1),))
        inner = [pages.slot_html(one) for one in shown.values()] + [
            pages.qr_html(slot, dot) for slot in codes
        ]
        sheets = [f'<div class="one">{one}</div>' for one in inner]
        style = (
            f"<style>.one{{position:relative;width:{self.layout.width}mm;height:{self.layout.height}mm;"
            "break-after:page}.all{font-size:75pt;width:100%;word-break:break-all}</style>"
        )
        source = _opened(
            self.layout, style + "".join(sheets) + f'<div class="all">{_every_glyph(own.values())}</div>'
        )
        for (shape, one), page in zip(shown.items(), source.pages, strict=False):
            self._patterns[shape] = _pattern(_operators(page), one)
        for number, slot in enumerate(codes, len(shown)):
            self._codes[slot.name] = _around_path(_operators(source.pages[number]))
        return source

    def assemble(self, record: Record, slots: Sequence[Placed], *, made_at: datetime | None) -> bytes:
        """One paper's bytes."""
        parts = [b"q\n/S Do\nQ\n"]
        for one in slots:
            if one.fitted is None:
                parts.append(self._code(record, one))
            else:
                glyphs = [b"%04x" % number for number in _glyphs(one)] if _is_simple(one) else []
                parts += (b"q\n", self._patterns[_shape(one)].filled(glyphs), b"\nQ\n")
        if self.layout.upper:
            parts.append(b"q\n/U Do\nQ\n")
        return self._mould.cast(b"".join(parts), title=record.title, made_at=made_at)

    def _code(self, record: Record, one: Placed) -> bytes:
        before, after = self._codes[one.slot.name]
        return b"q\n" + before + qr.pdf_path(qr.code(record.url, self.version)) + after + b"\nQ\n"


def _opened(layout: Layout, body: str) -> pikepdf.Pdf:
    laid_out = papers.document(pages.whole(layout, body), css=[pages.sheet(layout), layout.css])
    return pikepdf.open(io.BytesIO(papers.write(laid_out, title="", made_at=None)))


@dataclass(frozen=True)
class _Whole:
    """A layer's markup; two with the same markup and folder are the same layer, whatever their wording."""

    layout: Layout = field(compare=False)
    body: str
    digest: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", self.layout.digest)


@lru_cache(maxsize=4)
def _layer(whole: _Whole) -> tuple[pikepdf.Pdf, bytes]:
    """A layer laid out once for all chunks of a batch."""
    source = _opened(whole.layout, whole.body)
    return source, _operators(source.pages[0])


def _operators(page: pikepdf.Page) -> bytes:
    page.contents_coalesce()
    return page.obj["/Contents"].read_bytes()


def _around_path(operators: bytes) -> tuple[bytes, bytes]:
    """The operators before and after the path of a code's only module."""
    found = _DOT.search(operators)
    if found is None:
        raise AssertionError("the page of a code does not show its module")
    return operators[: found.start()], operators[found.end() :]


def _pattern(operators: bytes, one: Placed) -> Pattern:
    """Cut the operators at the glyph numbers, after checking that they are the ones that were fitted."""
    if not _is_simple(one):
        return Pattern((operators,))
    spots: list[tuple[int, int]] = []
    for shown in _OPERATORS.finditer(operators):
        for match in _SHOWN.finditer(operators, shown.start(), shown.end()):
            spots += [(at, at + 4) for at in range(match.start(1), match.end(1), 4)]
    if [int(operators[start:end], 16) for start, end in spots] != _glyphs(one):
        raise AssertionError(f"{one.slot.name}: the page shows other glyphs than were fitted")
    edges = [0, *(edge for spot in spots for edge in spot), len(operators)]
    return Pattern(tuple(operators[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2)))


def _every_glyph(texts: object) -> str:
    """Each character of the batch once for each font that shows it, so that the fonts hold all of them."""
    wanted: dict[tuple[str, int], dict[str, pages.Run]] = {}
    for one in texts:  # type: ignore[attr-defined]
        for line in one.fitted.lines:
            for run in line.runs:
                if run.is_simple:
                    wanted.setdefault((run.family, run.weight), {}).update(dict.fromkeys(run.text, run))
    spans = []
    for (family, weight), characters in wanted.items():
        text = "".join(sorted(characters))
        spans.append(pages.run_html(pages.Run(family, weight, text, 0.0, (), True)))
    return "".join(f"<p>{span}</p>" for span in spans)
