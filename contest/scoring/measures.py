"""What the lines of tables are measured by: totals, places, single results, parts, awards."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from contest.scoring.tables import Order, Result

#: What is not there is sorted behind everything that is, where less is better.
NOTHING = Fraction(10**15)


def ranked_results(results: Sequence[Result]) -> list[Result]:
    """The results that count, best first; equal ones in the order of their events and subjects."""
    counted = [one for one in results if one.rank is not None and one.total is not None]
    return sorted(counted, key=lambda one: (one.rank, one.event, one.subject))


def score_of(result: Result) -> Fraction:
    """The total on the table's scale; a result without one counts nothing."""
    return Fraction(0) if result.scaled is None else result.scaled


def best_first(results: Sequence[Result], less: bool) -> list[Result]:
    """The results that count by their scores, best first; equal ones in order of rank, event and subject."""
    sign = 1 if less else -1
    return sorted(ranked_results(results), key=lambda one: sign * score_of(one))


def chain(then: Sequence[str], longest: int, less: bool = False) -> list[Order]:
    """The order after the main measure; "count_back" becomes one key for each of the `longest` single results.

    less: whether smaller scores are better.
    """
    keys: list[Order] = []
    for name in then:
        if name == "count_back":
            keys += [Order(f"best_{place}", less) for place in range(1, longest + 1)]
        else:
            keys.append(Order(name, less=name == "best_place" or (less and name == "best")))
    return keys


def chain_measures(
    counted: Sequence[Result], then: Sequence[str], longest: int, less: bool = False
) -> dict[str, Fraction]:
    """The measures that a chain asks for: best single total, best place, single results, sums of parts."""
    nothing = NOTHING if less else Fraction(0)
    scores = [score_of(one) for one in best_first(counted, less)]
    padded = scores + [nothing] * (longest - len(scores))
    measures: dict[str, Fraction] = {}
    for name in then:
        if name == "best":
            measures[name] = scores[0] if scores else nothing
        elif name == "best_place":
            measures[name] = min(
                (Fraction(one.rank) for one in counted if one.rank is not None), default=NOTHING
            )
        elif name == "count_back":
            measures.update({f"best_{place}": value for place, value in enumerate(padded, start=1)})
        else:
            measures[name] = part_sum(counted, name)
    return measures


def part_sum(counted: Sequence[Result], part: str) -> Fraction:
    """The sum of one part over results; a result without it counts nothing."""
    return sum((one.parts.get(part, Fraction(0)) for one in counted), Fraction(0))


def award_counts(results: Sequence[Result], rule: str, awards: Sequence[str]) -> dict[str, Fraction]:
    """How often each award of the award table `rule` was won."""
    won = [one.awards.get(rule) for one in results]
    return {award: Fraction(won.count(award)) for award in awards}


def longest_line(lines: Sequence[Sequence[Result]]) -> int:
    """The number of results in the longest line."""
    return max(map(len, lines), default=0)
