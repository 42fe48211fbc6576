"""What a judge typed → thousandths, or a named refusal. `static/js/tablet/typed.js` says the same on the device.

Both are tested with tests/judging/typed_cases.json. Nothing here is ever a binary float.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST_RAW = 64
LONGEST = 14  # digits, sign and point; far above any mark and far below 64 bits of thousandths

_NUMBER = re.compile(r"(-?)([0-9]*)(?:\.([0-9]*))?")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])(\.[0-9]*)?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")


@dataclass(frozen=True)
class Limits:
    """What may be typed: bounds and step in thousandths (None: none), decimals allowed (at most 3).

    A step counts from `low`, or from 0 where there is none. `clock`: minutes:seconds is taken as seconds.
    """

    low: int | None
    high: int | None
    step: int | None = None
    decimals: int = 2
    clock: bool = False


class NotTaken(ValueError):
    """A typed value that is refused: `code` and `params` name the sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def read_typed(typed: str, limits: Limits) -> int:
    """Thousandths of what was typed. Full-width digits and 。 are read as digits and point.

    Raises NotTaken: too_long, empty, comma, not_a_number, too_many_decimals, negative_zero, below, above, off_step.
    """
    text = _normal(typed, limits)
    match = _NUMBER.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise NotTaken("not_a_number")
    fraction = (match[3] or "").rstrip("0")
    if len(fraction) > limits.decimals:
        raise NotTaken("too_many_decimals", decimals=limits.decimals)
    size = int(match[2] or "0") * 1000 + int(fraction.ljust(3, "0"))
    if match[1] and size == 0:
        raise NotTaken("negative_zero")
    return _within(-size if match[1] else size, limits)


def _normal(typed: str, limits: Limits) -> str:
    if len(typed) > LONGEST_RAW:
        raise NotTaken("too_long")
    text = unicodedata.normalize("NFKC", typed).replace("。", ".").replace("｡", ".").strip()
    if not text:
        raise NotTaken("empty")
    clock = _CLOCK.fullmatch(text) if limits.clock else None
    if clock:
        text = f"{int(clock[1]) * 60 + int(clock[2])}{clock[3] or ''}"
    if len(text) > LONGEST:
        raise NotTaken("too_long")
    if _COMMA.fullmatch(text):
        raise NotTaken("comma")
    return text


def _within(milli: int, limits: Limits) -> int:
    if limits.low is not None and milli < limits.low:
        raise NotTaken("below", low=shown(limits.low))
    if limits.high is not None and milli > limits.high:
        raise NotTaken("above", high=shown(limits.high))
    if limits.step and (milli - (limits.low or 0)) % limits.step:
        raise NotTaken("off_step", step=shown(limits.step))
    return milli


def shown(milli: int) -> str:
    """Thousandths as people write them: 8500 → "8.5"."""
    whole, rest = divmod(abs(milli), 1000)
    fraction = f"{rest:03d}".rstrip("0")
    return f"{'-' if milli < 0 else ''}{whole}{'.' + fraction if fraction else ''}"
