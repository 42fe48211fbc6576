"""Characters that an old machine has no font for, in slices of the shipped fonts: a page fetches only what stands on it.

Names are shown in the device's own fonts; those of an old office PC end with GBK. `static/css/rare.css` (written by
`.make/slices.py`) names one slice for each 256 code points that a shipped font has beyond GBK, so a browser fetches a
slice of some tens of kilobytes when such a character stands on the page, and nothing otherwise.
"""

from __future__ import annotations

import io
import threading
from functools import lru_cache

from contest import glyphs

# Family on the screen → the font file it is cut from; in the order in which they are asked.
FAMILIES = {
    "Shipped Kai": glyphs.KAI,
    "Rare Han": glyphs.RARE,
    "Shipped Tibetan": glyphs.TIBETAN,
    "Shipped Naskh": glyphs.NASKH,
}
LETTERS = {"k": "Shipped Kai", "r": "Rare Han", "t": "Shipped Tibetan", "n": "Shipped Naskh"}
_HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_RANGES = {"k": _HAN, "r": _HAN, "t": ((0x0F00, 0x0FFF),), "n": ((0x0600, 0x06FF), (0x0750, 0x077F), (0xFB50, 0xFEFF))}  # fmt: skip
WHOLE = "tn"  # letters join across blocks: these fonts come in one piece
_CUTTING = threading.Lock()


@lru_cache(maxsize=1)
def slices() -> dict[str, tuple[int, ...]]:
    """Key of a slice (a font's letter and the code points without their last two digits, `k200`) → its code points."""
    found: dict[str, list[int]] = {}
    for letter, family in LETTERS.items():
        for first, last in _RANGES[letter]:
            for code in range(first, last + 1):
                if glyphs.covers(FAMILIES[family], chr(code)) and not _is_common(code):
                    found.setdefault(f"{letter}{code >> 8:x}", []).append(code)
    return {key: tuple(codes) for key, codes in found.items()}


def _is_common(code: int) -> bool:
    """In GBK: every Chinese system font has it."""
    try:
        chr(code).encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def style() -> str:
    """The style sheet: a rule for each slice."""
    rules = []
    for letter, family in LETTERS.items():
        keys = [key for key in slices() if key[0] == letter]
        if letter in WHOLE:
            keys, ranges = keys[:1], ",".join(f"U+{first:X}-{last:X}" for first, last in _RANGES[letter])
            rules += [_rule(family, f"{key}.woff", ranges) for key in keys]
        else:
            rules += [_rule(family, f"{key}.woff2", f"U+{key[1:]}??") for key in keys]
    return "/* Written by .make/slices.py. */\n" + "\n".join(rules) + "\n"


def _rule(family: str, file: str, ranges: str) -> str:
    return f'@font-face{{font-family:"{family}";src:url("../fonts/slices/{file}");unicode-range:{ranges};font-display:swap}}'


def cut(key: str) -> bytes | None:
    """A slice as WOFF2, or a font whose letters join as WOFF, made once a process; None for a key that no rule names."""
    codes = slices().get(key)
    if codes is None:
        return None
    path = str(glyphs.FONTS / f"{FAMILIES[LETTERS[key[0]]]}.ttf")
    with _CUTTING:  # several pages at once ask for the same slice
        return _whole(path) if key[0] in WHOLE else _cut(path, codes)


@lru_cache(maxsize=len(WHOLE))
def _whole(path: str) -> bytes:
    """A font as it is, packed: working out which of its joined letters a few characters need would take seconds."""
    from fontTools.ttLib import TTFont

    out = io.BytesIO()
    with TTFont(path) as font:
        font.flavor = "woff"
        font.save(out, reorderTables=False)
    return out.getvalue()


@lru_cache(maxsize=600)
def _cut(path: str, codes: tuple[int, ...]) -> bytes:
    """These characters of a font file, without what only print needs."""
    from fontTools import subset

    options = subset.Options(
        flavor="woff2", hinting=False, name_IDs=[], notdef_outline=True, layout_features=[]
    )
    options.drop_tables += ["DSIG", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    font = subset.load_font(path, options, lazy=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    out = io.BytesIO()
    font.flavor = "woff2"
    font.save(out, reorderTables=False)
    return out.getvalue()
