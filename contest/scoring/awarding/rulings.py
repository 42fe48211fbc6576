"""The shape of an award rule: contenders in, one ruling for each out.

Every rule registered in `registry.AWARD_RULES` is a function (field, *, its parameters) → rulings, one per
contender and in their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from contest.scoring.awarding.lineup import Contender
from contest.scoring.awarding.verdicts import Parameter, Reason

#: What happens to contenders tied across the end of a band: all are in, all fall below it, or it asks.
Ties = Literal["all", "lower", "ask"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule says of one contender: an award, none, or a question that the organiser must settle."""

    award: str | None
    reason: Reason
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A band resolved for one field: places `first` to `last` (no end where `last` is None) earn `award`."""

    award: str
    first: int
    last: int | None

    def holds(self, place: int) -> bool:
        """Whether a place lies in this band."""
        return self.first <= place and (self.last is None or place <= self.last)


def line_at(lines: Sequence[Line], place: int) -> Line | None:
    """The band of a place, or None beyond the last band."""
    return next((line for line in lines if line.holds(place)), None)


def by_lines(
    contenders: Sequence[Contender],
    lines: Sequence[Line],
    ties: Ties,
    code: str,
    extra: Mapping[str, Parameter],
) -> list[Ruling]:
    """Rule on each contender by its place; `code` and `extra` make the reason of a grant."""
    return [_by_line(one, lines, ties, code, extra) for one in contenders]


def _by_line(
    one: Contender, lines: Sequence[Line], ties: Ties, code: str, extra: Mapping[str, Parameter]
) -> Ruling:
    upper, lower = line_at(lines, one.place), line_at(lines, one.last_place)
    if ties == "ask" and upper != lower:
        return Ruling(None, Reason("tie_at_line", {"place": one.place, "tied": one.tied}), asks=True)
    line = lower if ties == "lower" else upper
    if line is None:
        last = max((line.last or 0 for line in lines), default=0)
        return Ruling(None, Reason("beyond_places", {"place": one.place, "last": last, **extra}))
    if line.last is None:
        return Ruling(line.award, Reason("all_others", {"place": one.place}))
    params: dict[str, Parameter] = {"place": one.place, "first": line.first, "last": line.last, **extra}
    return Ruling(line.award, Reason(code, params))
