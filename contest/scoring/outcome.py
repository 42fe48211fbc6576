"""What comes out: rankings as columns, read row by row on demand."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contest.scoring.explanation import Explanation
    from contest.scoring.problems import Problem
    from contest.scoring.rules import Ranking

SHARED = "shared"
"""`decided_by` of a rank that no key of the chain could decide."""


@dataclass(frozen=True)
class Row:
    """One line of a ranking.

    total: exact; None without a result. shown: as the rules print it. rank: None if not ranked, a Fraction for
    averaged ranks. shown_rank: "3", "2.5" or "". decided_by: the last key of the order that was needed to separate
    this row from its neighbours ("total", "practice", "lot" …), "shared" where none could, "" without a rank.
    status: that of the subject, or why there is no result: incomplete, absent, no_result, gate, knocked_out.
    parts: exact results of the modules (before their weight), and of every node the ranking's order names.
    gates_failed: keys of nodes below their pass mark. awards: keys of what the award rules grant. index: the
    subject's index in the field.
    """

    subject: str
    total: Fraction | None
    shown: str
    rank: int | Fraction | None
    shown_rank: str
    decided_by: str
    status: str
    reason: str = ""
    parts: Mapping[str, Fraction | None] = dataclasses.field(default_factory=dict)
    gates_failed: tuple[str, ...] = ()
    awards: tuple[str, ...] = ()
    index: int = 0


class Rows(Sequence[Row]):
    """Rows made only when they are read, so that half a million results cost nothing until someone looks."""

    def __init__(self, length: int, make: Callable[[int], Row]) -> None:
        self._length, self._make = length, make

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self._make(index) for index in range(*place.indices(self._length))]
        if not -self._length <= place < self._length:
            raise IndexError(place)
        return self._make(place % self._length)

    def __iter__(self) -> Iterator[Row]:
        return (self._make(index) for index in range(self._length))


class Later(Mapping[str, Any]):
    """A mapping whose values are made when they are asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], Any]]) -> None:
        self._makers = makers

    def __getitem__(self, key: str) -> Any:
        return self._makers[key]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@dataclass(frozen=True)
class Standing:
    """One order: of a ranking over all rounds (`round` empty) or of one round of it. Rows in order of place.

    advancing: keys that go on to the next round (rounds with a cut line only).
    columns: the same as arrays (order, total, denominator, rank, decided), for speed.
    """

    ranking: Ranking
    round: str
    rows: Rows
    columns: Mapping[str, Any]
    advancing: frozenset[str] = frozenset()
    without_awards: Rows | None = None

    @property
    def bare(self) -> Rows:
        """The rows without their awards, for whoever decides them."""
        return self.rows if self.without_awards is None else self.without_awards

    def row(self, subject: str) -> Row:
        """The row of a subject key; raises KeyError."""
        for row in self.rows:
            if row.subject == subject:
                return row
        raise KeyError(subject)


@dataclass(frozen=True)
class Outcome:
    """The results of one event.

    rankings: by key. rounds: by (ranking key, round key). problems: what blocks (severity "error") or informs.
    awarding: ranking key → what its award rules decide, with reasons, made on demand.
    explain(ranking, subject): the tree from the total down to every judge's mark, made on demand.
    aspects(): the value of each aspect as rows, for aspects.csv, made on demand.
    """

    rankings: Mapping[str, Standing]
    rounds: Mapping[tuple[str, str], Standing]
    problems: tuple[Problem, ...]
    explain: Callable[[str, str], Explanation]
    aspects: Callable[[], Sequence[AspectRow]]
    awarding: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def blockers(self) -> tuple[Problem, ...]:
        """The problems that must be mended before a list may be published."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


@dataclass(frozen=True)
class AspectRow:
    """The result of one node of the scheme for one subject, before its weight.

    attempt: from 1, or 0 for the node's own result. state: ok, absent, void, no_result, blocked. is_member: whether
    the subject is a member rather than an entry.
    """

    subject: str
    round: str
    aspect: str
    value: Fraction | None
    state: str
    attempt: int = 0
    is_member: bool = False
