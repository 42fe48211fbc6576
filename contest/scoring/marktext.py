"""A mark as text → thousandths or a state, or the reason why not."""

from __future__ import annotations

import re

from contest.scoring.field import ABSENT, VALUE, VOID
from contest.scoring.planes import MOST_MILLI

NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?")
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


def thousandths(text: str, decimals: int = 3) -> int | str:
    """The exact value in thousandths, or the code of REASONS that says why it is refused."""
    text = text.strip()
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
    """A cell of the column `mark`: (state, thousandths), or the code of a reason. An empty cell is BLANK."""
    word = text.strip().lower()
    if not word:
        return BLANK, 0
    if word in WORDS:
        return WORDS[word], 0
    value = thousandths(text, decimals)
    return value if isinstance(value, str) else (VALUE, value)
