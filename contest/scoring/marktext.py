"""A mark as text → thousandths or a state, or the reason why not."""

from __future__ import annotations

import re

from contest.scoring.field import ABSENT, VALUE, VOID
from contest.scoring.planes import MOST_MILLI

CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):([0-5]\d(?:\.\d+)?)")
NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?")
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2212: "-"}
"""Full-width letters, digits and signs, and the minus sign of printers. Superscripts and fractions stay what they are."""
WORDS = {
    "absent": ABSENT,
    "dns": ABSENT,
    "dni": ABSENT,
    "缺赛": ABSENT,
    "缺考": ABSENT,
    "弃权": ABSENT,
    "void": VOID,
    "dnf": VOID,
    "无效": VOID,
    "作废": VOID,
}
"""Words for a mark's state, in the column `mark` or `status`: did not start or take part; void, did not finish."""
BLANK = -1
"""The state of an empty cell: not yet marked."""
REASONS = {
    "not_a_number": ("is not a number", "不是数"),
    "not_finite": ("is not a finite number", "不是有限的数"),
    "negative_zero": ("is a negative zero; write 0", "是负零，请写 0"),
    "too_long": ("has too many digits", "位数过多"),
    "too_many_decimals": ("has more decimals than the rules allow", "小数位数超过规则允许"),
}
"""Why a number is refused: code → (English, Chinese)."""


def narrow(text: str) -> str:
    """Full-width digits and signs as people type them with a Chinese keyboard, in their usual form: ８．５ → 8.5."""
    return text.strip().translate(NARROW)


def seconds(text: str) -> str | None:
    """A time as 1:23.45 or 1:02:03 in seconds, as text; None for anything else."""
    found = CLOCK.fullmatch(narrow(text))
    if found is None:
        return None
    hours, minutes, rest = int(found[1] or 0), int(found[2]), found[3]
    if found[1] is not None and minutes > 59:
        return None
    whole, point, part = rest.partition(".")
    return f"{(hours * 60 + minutes) * 60 + int(whole)}{point}{part}"


def thousandths(text: str, decimals: int = 3) -> int | str:
    """The exact value in thousandths, or the code of REASONS that says why it is refused."""
    text = narrow(text)
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return "not_finite"
    if len(text) > 60:
        return "too_long"
    found = NUMBER.fullmatch(text)
    if found is None or not text.isascii():
        return "not_a_number"
    sign, whole, part = found[1], found[2], (found[3] or "").rstrip("0")
    if len(part) > min(decimals, 3):
        return "too_many_decimals"
    value = int(whole) * 1000 + int(part.ljust(3, "0") or 0)
    if value > MOST_MILLI:
        return "too_long"
    if sign == "-" and value == 0:
        return "negative_zero"
    return -value if sign == "-" else value


def mark(text: str, decimals: int) -> tuple[int, int] | str:
    """A cell of the column `mark`: (state, thousandths), or the code of a reason. An empty cell is BLANK.

    A time with a colon is read as seconds; whether the aspect is one of time is for the caller to look at.
    """
    word = text.strip().lower()
    if not word:
        return BLANK, 0
    if word in WORDS:
        return WORDS[word], 0
    value = thousandths(seconds(text) or text, decimals)
    return value if isinstance(value, str) else (VALUE, value)
