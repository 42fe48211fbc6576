"""Certificate numbers by the issuer's pattern, and verify codes. A number is given once and never again.

Pattern: `示工证〔{year}〕{serial:05}号`. Places: {year}, {edition} (its ordinal), {kind} (获奖, 称号, 聘任 …), {serial:N} with at
least N digits, exactly one. Numbers that differ only in their serial share one sequence, which only counts up.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from contest.certificates.models import Certificate, Letter, NumberSequence
from contest.certificates.refusals import NumberPatternBroken, NumberTaken
from contest.db import db

DEFAULT_PATTERN = "证字〔{year}〕{serial:05}号"
PLACES = ("year", "edition", "kind")
_PLACE = re.compile(r"\{([^{}]*)\}")
_SERIAL = re.compile(r"serial(?::(\d{1,2}))?")
# Without I, L, O, U: what is read aloud or typed from paper is not mistaken.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16  # 80 bits


@dataclass(frozen=True)
class Pattern:
    """A checked pattern with everything filled but the serial."""

    before: str
    after: str
    digits: int

    @property
    def key(self) -> str:
        """What names the sequence: the number with its serial left out."""
        return f"{self.before}#{self.after}"

    def number(self, serial: int) -> str:
        """The number of a serial."""
        return f"{self.before}{serial:0{self.digits}d}{self.after}"


def pattern_of(text: str, values: Mapping[str, object]) -> Pattern:
    """Check a pattern and fill it. Raises NumberPatternBroken when it has not exactly one serial or an unknown place."""
    serials = [match for match in _PLACE.finditer(text) if _SERIAL.fullmatch(match[1])]
    if len(serials) != 1:
        raise NumberPatternBroken(pattern=text)
    found = serials[0]
    digits = int((_SERIAL.fullmatch(found[1]) or found)[1] or 1)
    if not 1 <= digits <= 12:
        raise NumberPatternBroken(pattern=text)

    def fill(part: str) -> str:
        def value(match: re.Match[str]) -> str:
            if match[1] not in values:
                raise NumberPatternBroken(pattern=text)
            return str(values[match[1]])

        filled = _PLACE.sub(value, part)
        if "{" in filled or "}" in filled or re.search(r"[\x00-\x1f#]", filled):
            raise NumberPatternBroken(pattern=text)
        return filled

    pattern = Pattern(fill(text[: found.start()]), fill(text[found.end() :]), digits)
    # A digit next to the serial would make 1|23 and 12|3 the same number.
    if pattern.before[-1:].isdigit() or pattern.after[:1].isdigit() or len(pattern.key) > 100:
        raise NumberPatternBroken(pattern=text)
    return pattern


def allocate(holder_id: int, pattern: Pattern, count: int) -> list[str]:
    """The next `count` numbers of a holder's sequence, taken for good. Raises NumberTaken.

    One UPDATE moves the counter and locks its row, so two batches at the same moment get different numbers; a
    transaction that is rolled back gives its numbers back unused.
    """
    statement = (
        sa.update(NumberSequence)
        .where(NumberSequence.holder_id == holder_id, NumberSequence.prefix == pattern.key)
        .values(last=NumberSequence.last + count)
        .returning(NumberSequence.last)
    )
    last = db.session.scalar(statement)
    if last is None:
        _open_sequence(holder_id, pattern.key)
        last = db.session.execute(statement).scalar_one()
    numbers = [pattern.number(serial) for serial in range(last - count + 1, last + 1)]
    taken = _taken(holder_id, numbers)
    if taken:
        raise NumberTaken(number=taken[0])
    return numbers


def upcoming(holder_id: int, pattern: Pattern, count: int) -> str:
    """The last of the next `count` numbers, without taking any: for checking that it fits its box."""
    last = db.session.scalar(
        sa.select(NumberSequence.last).where(
            NumberSequence.holder_id == holder_id, NumberSequence.prefix == pattern.key
        )
    )
    return pattern.number((last or 0) + count)


def _open_sequence(holder_id: int, key: str) -> None:
    values = {"holder_id": holder_id, "prefix": key, "last": 0}
    if db.session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert

        db.session.execute(insert(NumberSequence).values(values).on_conflict_do_nothing())
    else:
        db.session.execute(sa.insert(NumberSequence).values(values))


def _taken(holder_id: int, numbers: list[str]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        for register in (Certificate, Letter):
            found += db.session.scalars(
                sa.select(register.number).where(register.holder_id == holder_id, register.number.in_(part))
            )
    return found


def verify_code() -> str:
    """A fresh code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def shown_code(code: str) -> str:
    """In groups of four, as printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def typed_code(text: str) -> str:
    """A code as somebody typed it from paper: case, blanks and hyphens don't matter, nor O for 0, I or L for 1."""
    plain = re.sub(r"[\s\-‐–—_.]", "", text).upper()
    return plain.translate(str.maketrans("OIL", "011"))
