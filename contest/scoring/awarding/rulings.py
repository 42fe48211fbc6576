"""The shape of an award rule: contenders in, one ruling for each out.

Every rule registered in `registry.AWARD_RULES` is a function (field, *, its parameters) → rulings, one per
contender and in their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from contest.scoring.awarding.amounts import exact
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
    """A band resolved for one field: places `first` to `last` (no end where `last` is None) earn `award`.

    at_least: the total that the band asks for besides the place, if any.
    """

    award: str
    first: int
    last: int | None
    at_least: Fraction | None = None

    def is_reached_by(self, one: Contender) -> bool:
        """Whether a contender's total is enough for this band."""
        total = one.candidate.total
        return self.at_least is None or (total is not None and total >= self.at_least)

    def holds(self, place: int) -> bool:
        """Whether a place lies in this band."""
        return self.first <= place and (self.last is None or place <= self.last)


def lines_of(bands: Sequence[Mapping[str, Any]], name: str = "award") -> list[Line]:
    """Bands that follow each other, each with its number of `places`; the last may take the `rest`.

    name: the key under which a band says what it gives.
    """
    lines: list[Line] = []
    start = 1
    for band in bands:
        last = None if band.get("rest") else start + band["places"] - 1
        lines.append(Line(band[name], start, last, least_of(band)))
        start = start if last is None else last + 1
    return lines


def least_of(band: Mapping[str, Any]) -> Fraction | None:
    """The total that a band asks for, or None."""
    return exact(band["at_least"]) if "at_least" in band else None


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
    if not line.is_reached_by(one):
        return _fallen(one, line, lines)
    if line.last is None:
        return Ruling(line.award, Reason("all_others", {"place": one.place}))
    params: dict[str, Parameter] = {"place": one.place, "first": line.first, "last": line.last, **extra}
    return Ruling(line.award, Reason(code, params))


def _fallen(one: Contender, line: Line, lines: Sequence[Line]) -> Ruling:
    """A contender whose total is not enough for the band of its place falls to the next band it is enough for."""
    params: dict[str, Parameter] = {
        "place": one.place,
        "part": "total",
        "mark": one.candidate.total,
        "line": line.at_least,
    }
    lower = next((other for other in lines[lines.index(line) + 1 :] if other.is_reached_by(one)), None)
    if lower is None:
        return Ruling(None, Reason("below_line", params))
    return Ruling(lower.award, Reason("falls_to_band", params))
