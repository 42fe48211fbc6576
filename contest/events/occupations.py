"""The occupation catalogue that is shipped: search by name, by pinyin initials, by code."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

EDITION = "2022"
"""The edition of 《中华人民共和国职业分类大典》; stored beside every code, because codes change between editions."""
FILE = Path(__file__).resolve().parent.parent / "data" / "cn_occupations_2022.csv"
OCCUPATION_LEVEL = 4


@dataclass(frozen=True)
class Occupation:
    """One line of the catalogue. `level`: 1 大类, 2 中类, 3 小类, 4 职业."""

    code: str
    name: str

    @property
    def level(self) -> int:
        return self.code.count("-") + 1


@lru_cache(maxsize=1)
def catalogue() -> tuple[Occupation, ...]:
    """Every line, groups too, in the order of codes."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Occupation(row["code"], row["name"]) for row in csv.DictReader(file))


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Occupation]:
    return {line.code: line for line in catalogue()}


def occupation(code: str) -> Occupation | None:
    """The line of that code, or None."""
    return _by_code().get(code.strip())


def groups_of(code: str) -> tuple[Occupation, ...]:
    """The groups above a code, widest first, for telling like-named trades apart."""
    parts = code.split("-")
    above = ("-".join(parts[:size]) for size in range(1, len(parts)))
    return tuple(line for line in map(occupation, above) if line)


def search(text: str, limit: int = 20) -> list[Occupation]:
    """Occupations (level 4) whose name contains the text, whose code begins with it, or whose pinyin initials contain it.

    The order: names that are the text, that begin with it, that contain it; then initials; then by code.
    Digits are read with or without the dashes of a code: 6-18 and 618.
    """
    wanted = "".join(text.split())
    if not wanted:
        return []
    found = [line for line in catalogue() if line.level == OCCUPATION_LEVEL]
    if wanted.replace("-", "").isdigit():
        digits = wanted.replace("-", "")
        return [line for line in found if line.code.replace("-", "").startswith(digits)][:limit]
    if wanted.isascii():
        return _by_initials(wanted.lower(), limit)
    hits = [line for line in found if wanted in line.name]
    return sorted(hits, key=lambda line: (line.name != wanted, not line.name.startswith(wanted), line.code))[
        :limit
    ]


def _by_initials(letters: str, limit: int) -> list[Occupation]:
    hits = [(initials, line) for initials, line in _initials() if letters in initials]
    hits.sort(key=lambda hit: (hit[0] != letters, not hit[0].startswith(letters), hit[1].code))
    return [line for _, line in hits[:limit]]


@lru_cache(maxsize=1)
def _initials() -> tuple[tuple[str, Occupation], ...]:
    # Loading the pinyin tables takes a quarter of a second, so it waits for the first search by letters.
    from pypinyin import Style, lazy_pinyin

    lines = [line for line in catalogue() if line.level == OCCUPATION_LEVEL]
    return tuple(("".join(lazy_pinyin(line.name, style=Style.FIRST_LETTER)).lower(), line) for line in lines)
