"""Who may be registered twice: by the document first, then by a similar name and the same date of birth."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import sqlalchemy as sa

from contest import personal
from contest.db import db
from contest.entries.models import IdKind, Person
from contest.entries.roster.identity import check_character

SAME_DOCUMENT, NEAR_DOCUMENT, SAME_BIRTH = "same_document", "near_document", "same_birth"
ORDER = (SAME_DOCUMENT, NEAR_DOCUMENT, SAME_BIRTH)
MOST = 200
"""Pairs shown at once; more means that a file was imported twice and should be looked into."""
_DROPPED = str.maketrans("", "", " 　·•・‧∙.-—")


@dataclass(frozen=True)
class Pair:
    """Two rows that may be one human, and why; the one registered first comes first."""

    first: Person
    second: Person
    why: str


@dataclass(frozen=True)
class _Known:
    person: Person
    number: str  # in its one form: 15 digits are written as 18
    name: str
    born_on: date | None


def candidates(holder_id: int) -> list[Pair]:
    """Pairs of a holder's people, the surest first. Document numbers are compared here and never leave.

    The caller has authorised for the whole holder.
    """
    people = db.session.scalars(
        sa.select(Person)
        .where(Person.holder_id == holder_id, Person.merged_into_id.is_(None), Person.erased_at.is_(None))
        .order_by(Person.id)
    )
    known = [_known(one) for one in people]
    found: dict[tuple[int, int], Pair] = {}
    for why, pairs in (
        (SAME_DOCUMENT, _same(known)),
        (NEAR_DOCUMENT, _near(known)),
        (SAME_BIRTH, _born(known)),
    ):
        for one, other in pairs:
            found.setdefault((one.person.id, other.person.id), Pair(one.person, other.person, why))
            if len(found) >= MOST:
                return _sorted(found.values())
    return _sorted(found.values())


def _sorted(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: (ORDER.index(pair.why), pair.first.id, pair.second.id))


def _known(person: Person) -> _Known:
    number = long_form(personal.decrypt(person.id_cipher), person.id_kind)
    born = person.born_on
    if born is None and person.id_kind is IdKind.RESIDENT and len(number) == 18:
        born = _date(number[6:14])
    return _Known(person, number, plain_name(person.name), born)


def long_form(number: str, kind: IdKind) -> str:
    """A document number in one form: blanks out, capitals, an old resident number of 15 digits written as 18."""
    plain = "".join(unicodedata.normalize("NFKC", number).split()).upper().replace("-", "")
    if kind is IdKind.RESIDENT and len(plain) == 15 and plain.isdigit():
        first = f"{plain[:6]}19{plain[6:]}"
        return first + check_character(first)
    return plain


def plain_name(name: str) -> str:
    """A name without blanks and dots, so that 才让·卓玛 and 才让卓玛 are one."""
    return unicodedata.normalize("NFKC", name).translate(_DROPPED).casefold()


def similar(one: str, other: str) -> bool:
    """Equal, or of three characters and more with one different, left out or put in (欧阳建国, 欧阳建囯)."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < 2 or len(long) < 3 or len(long) - len(short) > 1:
        return False
    if len(short) == len(long):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def nearly_equal(one: str, other: str) -> bool:
    """Numbers of one length with a single character different, or two neighbours exchanged: typing mistakes."""
    if len(one) != len(other) or one == other:
        return False
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return True
    first, second = (places[0], places[1]) if len(places) == 2 else (0, 2)
    return (
        len(places) == 2
        and second == first + 1
        and (one[first], one[second]) == (other[second], other[first])
    )


def _same(known: list[_Known]) -> Iterator[tuple[_Known, _Known]]:
    groups: dict[str, list[_Known]] = {}
    for one in known:
        if one.number:  # taken out by policy: that makes nobody the same
            groups.setdefault(one.number, []).append(one)
    for group in groups.values():
        yield from combinations(group, 2)


def _near(known: list[_Known]) -> Iterator[tuple[_Known, _Known]]:
    """Same name, and a number mistyped by a character: only people of one name are compared."""
    groups: dict[str, list[_Known]] = {}
    for one in known:
        groups.setdefault(one.name, []).append(one)
    for group in groups.values():
        for one, other in combinations(group, 2):
            # A resident number ends in a check character: one slip before it changes two.
            if nearly_equal(one.number, other.number) or (
                len(one.number) == 18 and nearly_equal(one.number[:17], other.number[:17])
            ):
                yield one, other


def _born(known: list[_Known]) -> Iterator[tuple[_Known, _Known]]:
    groups: dict[date, list[_Known]] = {}
    for one in known:
        if one.born_on:
            groups.setdefault(one.born_on, []).append(one)
    for group in groups.values():
        for one, other in combinations(group, 2):
            same_sound = bool(one.person.name_sort) and one.person.name_sort == other.person.name_sort
            if similar(one.name, other.name) or same_sound:
                yield one, other


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
