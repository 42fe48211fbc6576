"""Which characters the shipped fonts can show: asked when a roster is imported and before a paper is made.

The fonts' character maps are kept as ranges in `static/fonts/coverage.txt` (written by `.make/fonts.py`), because
reading them out of 55 MB of fonts would cost a second at every start.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
COVERAGE = FONTS / "coverage.txt"

KAI = "LXGWWenKai-Regular"
SONG = "NotoSerifSC-Regular"
SONG_BOLD = "NotoSerifSC-Bold"
TIBETAN = "NotoSerifTibetan-Regular"
NASKH = "NotoNaskhArabic-Regular"
RARE = "ContestRareHan-Regular"
# The order in which a name looks for its glyphs; a text in 宋体 puts SONG first.
NAME_CHAIN = (KAI, SONG, TIBETAN, NASKH, RARE)
TEXT_CHAIN = (SONG, KAI, TIBETAN, NASKH, RARE)


class CoverageMissing(Exception):
    """`coverage.txt` is not there or names no such font: the checkout is incomplete, see `contest doctor`."""


@lru_cache(maxsize=1)
def _coverage() -> dict[str, tuple[list[int], list[int]]]:
    """Font file without suffix → the first and the last code points of its ranges, ascending."""
    if not COVERAGE.exists():
        raise CoverageMissing(str(COVERAGE))
    found = {}
    for line in COVERAGE.read_text(encoding="ascii").splitlines():
        name, ranges = line.split(":", 1)
        pairs = [part.partition("-") for part in ranges.split()]
        firsts = [int(first, 16) for first, _, _ in pairs]
        lasts = [int(last or first, 16) for first, _, last in pairs]
        found[name] = (firsts, lasts)
    return found


def covers(font: str, character: str) -> bool:
    """Whether the font file (name without suffix) has a glyph for one character. Raises CoverageMissing."""
    try:
        firsts, lasts = _coverage()[font]
    except KeyError:
        raise CoverageMissing(font) from None
    place = bisect_right(firsts, ord(character)) - 1
    return place >= 0 and ord(character) <= lasts[place]


def missing(text: str, families: Iterable[str] = NAME_CHAIN) -> list[str]:
    """The characters of `text` that none of the fonts can show, each once, in order; empty is good news.

    Spaces, line breaks, joiners and variation selectors need no glyph. A compatibility ideograph counts as shown
    when its normal form is, because the layout falls back to that.
    """
    chain = tuple(families)
    wanted = dict.fromkeys(character for character in text if not _needs_no_glyph(character))
    return [character for character in wanted if not any(_shows(font, character) for font in chain)]


def families_for(text: str, families: Iterable[str] = NAME_CHAIN) -> dict[str, str | None]:
    """Each character → the first font of the chain that shows it, None where none does."""
    chain = tuple(families)
    return {
        character: next((font for font in chain if _shows(font, character)), None)
        for character in dict.fromkeys(text)
        if not _needs_no_glyph(character)
    }


def _shows(font: str, character: str) -> bool:
    return covers(font, character) or (
        (normal := unicodedata.normalize("NFC", character)) != character
        and all(covers(font, one) for one in normal)
    )


def _needs_no_glyph(character: str) -> bool:
    code = ord(character)
    return (
        character.isspace()
        or unicodedata.category(character) == "Cf"
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
    )


def as_ranges(codes: Iterable[int]) -> str:
    """`4e00-9fff a0`: ascending code points as hexadecimal ranges, the form kept in `coverage.txt`."""
    parts: list[list[int]] = []
    for code in sorted(codes):
        if parts and code == parts[-1][1] + 1:
            parts[-1][1] = code
        else:
            parts.append([code, code])
    return " ".join(f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in parts)
