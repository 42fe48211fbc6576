"""What an import says about a file: errors that stop it, notices of what was put right, rows left aside."""

from __future__ import annotations

from dataclasses import dataclass, field

from contest.entries.roster.columns import Field


@dataclass(frozen=True)
class Place:
    """A cell as the office finds it. `row` 0 and `field` None mean the file or the whole row."""

    sheet: str
    row: int
    field: Field | None = None
    heading: str = ""


@dataclass(frozen=True)
class Finding:
    """One error. `code` and `params` become a sentence in `messages`; `value` is what stands in the cell."""

    place: Place
    code: str
    value: str = ""
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Notice:
    """One repair, or one row or column left aside: before, after and the codes that say why."""

    place: Place
    before: str
    after: str
    codes: tuple[str, ...]
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """A value that can't be put right."""

    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Repaired:
    """A value in its one form. `codes` is empty where the cell already had it."""

    text: str
    codes: tuple[str, ...] = ()
