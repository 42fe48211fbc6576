"""Text fitted into boxes by the metrics of the shipped fonts themselves.

Both ways of rendering (plain and layered) take the lines, sizes and font runs from here, so they cannot disagree,
and nothing is left to a fallback font that one machine has and another lacks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from contest import papers
from contest.errors import Refused

# Chains by role: the first font that has the character sets it. Scripts with shaping of their own go by block.
CHAINS: dict[str, tuple[tuple[str, int], ...]] = {
    "kai": (("Paper Kai", 400), ("Paper Song", 400), ("Paper Rare", 400)),
    "song": (("Paper Song", 400), ("Paper Kai", 400), ("Paper Rare", 400)),
    "bold": (("Paper Song", 700), ("Paper Song", 400), ("Paper Kai", 400), ("Paper Rare", 400)),
}
TIBETAN, NASKH = ("Paper Tibetan", 400), ("Paper Naskh", 400)
COMPLEX = frozenset({TIBETAN, NASKH})

NOT_AT_START = frozenset("，。、；：？！）》〉」』】〕”’·…—％%,.;:?!)]}་།")
NOT_AT_END = frozenset("（《〈「『【〔“‘([{")


@dataclass(frozen=True)
class Glyph:
    """One shaped glyph: its number in the font, its advance and its advance before kerning, in font units."""

    gid: int
    advance: int
    natural: int


@dataclass(frozen=True)
class Run:
    """A piece of text set in one font."""

    family: str
    weight: int
    text: str
    width: float  # em
    glyphs: tuple[Glyph, ...]
    is_simple: bool  # one glyph a character, nothing moved: another text of equal advances lies the same way


@dataclass(frozen=True)
class Line:
    """A line of a fitted text; `width` in em of the chosen size, tracking not included."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The characters of the line."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Fitted:
    """A text with its size in points and its lines."""

    size: float
    lines: tuple[Line, ...]


class TextTooLong(Refused):
    """Even at the smallest size the text does not fit its box."""

    code = "text_too_long"
    status = 422

    def __init__(self, slot: str, text: str) -> None:
        super().__init__(slot=slot, text=text)


@dataclass(frozen=True)
class _Loaded:
    face: Any
    font: Any
    coverage: frozenset[int]
    upem: int


@cache
def _loaded(root: Path, family: str, weight: int) -> _Loaded:
    import uharfbuzz as hb

    path = papers.face(family, weight).path
    if not path.is_file():
        raise papers.FontMissing(path.name)
    face = hb.Face(hb.Blob.from_file_path(str(path)))
    return _Loaded(face, hb.Font(face), frozenset(face.unicodes), face.upem)


def _font(family: str, weight: int) -> _Loaded:
    return _loaded(papers.FONTS, family, weight)


def _own_script(code: int) -> tuple[str, int] | None:
    if 0x0F00 <= code <= 0x0FFF:
        return TIBETAN
    arabic = ((0x0600, 0x06FF), (0x0750, 0x077F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
    return NASKH if any(first <= code <= last for first, last in arabic) else None


def _sticks(code: int) -> bool:
    """Marks, joiners and variation selectors stay in the run of the character before them."""
    return 0x0300 <= code <= 0x036F or code in (0x200C, 0x200D) or 0xFE00 <= code <= 0xFE0F or code >= 0xE0100


def printable(text: str) -> str:
    """The text with compatibility ideographs (U+FA0C and the like) in their normal form where no font has them."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    return "".join(
        one
        if any(ord(one) in _font(*font).coverage for font in CHAINS["kai"])
        else unicodedata.normalize("NFC", one)
        for one in text
    )


def missing(text: str, role: str) -> list[str]:
    """Characters of a text that no font of the role's chain has; each once, in order."""
    return list(_missing(text, role, papers.FONTS))


@lru_cache(maxsize=20_000)
def _missing(text: str, role: str, root: Path) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for character in text:
        code = ord(character)
        if _sticks(code):
            continue
        own = _own_script(code)
        chain = (own,) if own else CHAINS[role]
        if not any(code in _font(*one).coverage for one in chain):
            seen[character] = None
    return tuple(seen)


def _itemised(text: str, role: str) -> Iterator[tuple[tuple[str, int], str]]:
    chain, current, piece = CHAINS[role], None, ""
    for character in text:
        code = ord(character)
        font = _own_script(code)
        if font is None:
            if current and (_sticks(code) or (character == " " and current in chain)):
                font = current
            else:
                font = next((one for one in chain if code in _font(*one).coverage), chain[0])
        if font != current and piece and current:
            yield current, piece
            piece = ""
        current, piece = font, piece + character
    if piece and current:
        yield current, piece


def _shape(font: tuple[str, int], text: str) -> Run:
    import uharfbuzz as hb

    loaded = _font(*font)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    plain = font not in COMPLEX
    hb.shape(loaded.font, buffer, {"kern": False, "liga": False, "clig": False} if plain else {})
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    glyphs = tuple(
        Glyph(info.codepoint, position.x_advance, loaded.font.get_glyph_h_advance(info.codepoint))
        for info, position in zip(infos, positions, strict=True)
    )
    still = all(p.x_offset == 0 and p.y_offset == 0 for p in positions)
    simple = plain and still and len(glyphs) == len(text) and all(glyph.gid for glyph in glyphs)
    return Run(*font, text, sum(glyph.advance for glyph in glyphs) / loaded.upem, glyphs, simple)


@lru_cache(maxsize=20_000)
def _runs(text: str, role: str, root: Path) -> tuple[Run, ...]:
    return tuple(_shape(font, piece) for font, piece in _itemised(text, role))


def line(text: str, role: str) -> Line:
    """One line of text in the fonts of a role."""
    return Line(_runs(text, role, papers.FONTS))


@lru_cache(maxsize=20_000)
def _width(text: str, role: str, root: Path) -> float:
    return sum(run.width for run in _runs(text, role, root))


def width(text: str, role: str, tracking: float = 0.0) -> float:
    """Width of a line in em; tracking is added between characters, not after the last."""
    return _width(text, role, papers.FONTS) + tracking * max(len(text) - 1, 0)


def _words(text: str) -> list[str]:
    """Smallest pieces that may not be parted: single Han characters, Latin words, with their punctuation."""
    words: list[str] = []
    for character in text:
        previous = words[-1] if words else ""
        last = previous[-1:] if previous else ""
        joins = bool(previous) and (
            character in NOT_AT_START
            or last in NOT_AT_END
            or (character == " ")
            or (_is_wordlike(character) and _is_wordlike(last))
        )
        if joins:
            words[-1] += character
        else:
            words.append(character)
    return words


def _is_wordlike(character: str) -> bool:
    code = ord(character) if character else 0x4E00
    return (
        (character.isalnum() and code < 0x2E80 and not 0x0F00 <= code <= 0x0FFF)
        or character in "-'’/_"
        or (
            0x0F40 <= code <= 0x0FBC  # a Tibetan syllable is parted after its tsheg only
        )
    )


def _broken(words: list[str], role: str, tracking: float, limit: float) -> list[str] | None:
    lines: list[str] = [""]
    for word in words:
        if width((lines[-1] + word).rstrip(), role, tracking) <= limit or not lines[-1]:
            lines[-1] += word
        else:
            lines.append(word)
        if width(lines[-1].rstrip(), role, tracking) > limit:
            return None
    # An indent at the beginning of a paragraph is meant; blanks at the edges of other lines are not.
    return [lines[0].rstrip(), *(one.strip() for one in lines[1:])]


def _balanced(words: list[str], role: str, tracking: float, limit: float) -> list[str] | None:
    """Lines of nearly equal length: the narrowest limit that needs no more lines than the given one."""
    best = _broken(words, role, tracking, limit)
    if best is None or len(best) == 1:
        return best
    low, high = 0.0, limit
    for _ in range(12):
        middle = (low + high) / 2
        tried = _broken(words, role, tracking, middle)
        if tried is not None and len(tried) <= len(best):
            best, high = tried, middle
        else:
            low = middle
    return best


def fit(slot: Any, text: str) -> Fitted:
    """The largest size of a slot at which the text fits its box, in half points.

    slot: has name, w, h (millimetres), size and smallest (points), lines (most), leading, tracking (em), font (role).
    Line feeds in the text are kept. Raises TextTooLong.
    """
    return _fit(slot, text, papers.FONTS)


@lru_cache(maxsize=20_000)
def _fit(slot: Any, text: str, root: Path) -> Fitted:
    paragraphs = [part for part in text.split("\n") if part.strip()] or [""]
    pieces = [_words(part) for part in paragraphs]
    box_width, box_height = slot.w * 72 / 25.4, slot.h * 72 / 25.4
    size = slot.size
    while size >= slot.smallest:
        lines = _lines(pieces, slot, box_width / size)
        if lines and len(lines) <= slot.lines and len(lines) * size * slot.leading <= box_height + 0.01:
            return Fitted(size, tuple(line(one, slot.font) for one in lines))
        size -= 0.5
    raise TextTooLong(slot.name, text)


def _lines(pieces: Iterable[list[str]], slot: Any, limit: float) -> list[str] | None:
    lines: list[str] = []
    for words in pieces:
        # Justified-looking left text is filled line by line; centred text looks better with lines of like length.
        breaker = _broken if slot.align == "left" else _balanced
        broken = breaker(words, slot.font, slot.tracking, limit)
        if broken is None:
            return None
        lines += broken
    return lines
