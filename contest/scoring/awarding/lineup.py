"""Who competes for an award: the ranked candidates, and their places among themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

#: Ways to count the field that a share or a field-size rule refers to.
BASES = ("entrants", "present", "ranked", "eligible")


@dataclass(frozen=True, slots=True)
class Member:
    """One person of an entry, with the attributes that a title asks about."""

    key: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One subject of a ranking as the award rules see it.

    rank: as ranked, None if not ranked. total: exact. parts: exact marks of modules, criteria or aspects
    before their weight, by key. full: keys of the aspects with the full mark. attributes: every further
    column of the subject, as text (group, delegation, level, coach …). gates: keys of the scheme's pass
    gates that were not passed.
    """

    key: str
    rank: int | Fraction | None
    total: Fraction | None = None
    status: str = "present"
    parts: Mapping[str, Fraction] = field(default_factory=dict)
    full: frozenset[str] = frozenset()
    attributes: Mapping[str, str] = field(default_factory=dict)
    members: tuple[Member, ...] = ()
    gates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contender:
    """A candidate who holds a place in the running for an award.

    place: 1 + the number of better contenders, so that 1, 2, 2, 4 whatever way the ranking shows ties.
    tied: how many share the place.
    """

    candidate: Candidate
    place: int
    tied: int = 1

    @property
    def last_place(self) -> int:
        """The last place that the contenders tied here fill together."""
        return self.place + self.tied - 1


@dataclass(frozen=True, slots=True)
class Lineup:
    """The contenders of one rule in order of place, and the sizes of the field by each way of counting."""

    contenders: tuple[Contender, ...]
    sizes: Mapping[str, int]

    def size(self, base: str) -> int:
        """The number counted by `base`: entrants, present, ranked, or eligible for this rule."""
        return self.sizes[base]


def counted(candidates: Sequence[Candidate], eligible: Collection[str]) -> dict[str, int]:
    """Sizes of a field by each of BASES; `eligible` are the keys of those whom a rule is open to.

    Unofficial entries are listed but never counted; eligible are counted only if present.
    """
    official = [one for one in candidates if one.status != "unofficial"]
    present = [one for one in official if one.status == "present"]
    return {
        "entrants": len(official),
        "present": len(present),
        "ranked": sum(1 for one in official if one.rank is not None),
        "eligible": sum(1 for one in present if one.key in eligible),
    }


def placed(candidates: Sequence[Candidate]) -> tuple[Contender, ...]:
    """Contenders in order of place; all must have a rank.

    Equal ranks share a place whatever the ranking shows for them (1, 2, 2, 4; 1, 2, 2, 3; 2.5). Within a
    place the order is that of the keys, so that the order of the input never shows.
    """
    by_rank: dict[int | Fraction, list[Candidate]] = {}
    for one in candidates:
        if one.rank is None:
            raise ValueError(one.key)
        by_rank.setdefault(one.rank, []).append(one)
    contenders: list[Contender] = []
    for rank in sorted(by_rank):
        place = len(contenders) + 1
        tied = sorted(by_rank[rank], key=lambda one: one.key)
        contenders += [Contender(one, place, len(tied)) for one in tied]
    return tuple(contenders)
