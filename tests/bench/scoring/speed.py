"""Speed of the scoring core beside a plain numpy kernel, and its growth. Run: python -m tests.bench.scoring.speed

Both get the same integer columns (entry, judge, aspect, mark), in random order. The kernel scatters them into judge
planes, takes sum − max − min, weights and sorts on three keys, in integers, without a single check. The core does the
same through `compute`, with its checks of codes, range, step, doubles and missing judges, ranks and deciding keys.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from contest.scoring.compute import compute
from contest.scoring.field import Field, Marks, Seat, Subjects
from contest.scoring.rules import RuleSet

JUDGES, ASPECTS = 5, 20


def rules() -> RuleSet:
    """Twenty aspects of 5 % each, five judges without one highest and one lowest, three keys."""
    return RuleSet.from_dict(
        {
            "modules": [
                {
                    "key": f"a{number:02d}",
                    "maximum": 100,
                    "weight": 5,
                    "judges": JUDGES,
                    "kind": {"by": "marks", "step": "0.5"},
                    "method": {"by": "trimmed_mean", "low": 1, "high": 1},
                }
                for number in range(ASPECTS)
            ],
            "rankings": [
                {
                    "key": "all",
                    "order": ["total", {"by": "node", "node": "a00"}, {"by": "node", "node": "a01"}],
                }
            ],
        }
    )


def columns(entries: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Random marks in steps of half a point, rows shuffled."""
    random = np.random.default_rng(seed)
    total = entries * JUDGES * ASPECTS
    order = random.permutation(total)
    entry = (order // (JUDGES * ASPECTS)).astype(np.int32)
    judge = (order // ASPECTS % JUDGES).astype(np.int16)
    aspect = (order % ASPECTS).astype(np.int16)
    del order
    mark = random.integers(100, 201, total) * 500
    return entry, judge, aspect, mark


def kernel(
    entries: int, entry: np.ndarray, judge: np.ndarray, aspect: np.ndarray, mark: np.ndarray
) -> np.ndarray:
    """The plain numpy kernel: order of the entries."""
    planes = np.zeros((JUDGES, ASPECTS, entries), np.int64)
    planes[judge, aspect, entry] = mark
    inner = planes.sum(axis=0) - planes.max(axis=0) - planes.min(axis=0)
    weights = np.full(ASPECTS, 5)
    total = weights @ inner
    return np.lexsort((-inner[1], -inner[0], -total))


def core(
    entries: int, entry: np.ndarray, judge: np.ndarray, aspect: np.ndarray, mark: np.ndarray
) -> np.ndarray:
    """The scoring core from the same columns: order of the entries, with ranks and deciding keys."""
    field = Field(
        entries=Subjects(range(entries)),  # type: ignore[arg-type]
        seats=[Seat(f"J{number}") for number in range(JUDGES)],
        marks=Marks(entry, judge, aspect, mark),
    )
    outcome = compute(rules(), field)
    assert not outcome.problems
    columns_of = outcome.rankings["all"].columns
    assert len(columns_of["rank"]) == len(columns_of["decided"]) == entries
    return columns_of["order"]


def best_of(times: int, function, *arguments) -> tuple[float, np.ndarray]:
    """The shortest of several runs, and the result."""
    found, result = [], None
    for _ in range(times):
        start = time.perf_counter()
        result = function(*arguments)
        found.append(time.perf_counter() - start)
    return min(found), result


def compare(entries: int, times: int) -> float:
    """Print both times and their ratio."""
    data = columns(entries)
    plain, _ = best_of(times, kernel, entries, *data)
    mine, order = best_of(times, core, entries, *data)
    assert sorted(order.tolist()) == list(range(entries))
    print(f"{entries:>9,} entries  kernel {plain:8.3f} s   core {mine:8.3f} s   ratio {mine / plain:5.2f}")
    return mine / plain


def growth(base: int, times: int) -> None:
    """Print the time for 1, 2, 4, 8 times as many entries, and by entry."""
    for factor in (1, 2, 4, 8):
        data = columns(base * factor)
        mine, _ = best_of(times, core, base * factor, *data)
        print(
            f"{factor}x  {base * factor:>9,} entries  {mine:8.3f} s   {mine / (base * factor) * 1e6:6.2f} µs an entry"
        )


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=500_000)
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    compare(10_000, args.times)
    growth(20_000, args.times)
    compare(args.large, min(args.times, 2))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
    print(f"peak memory {peak:.2f} GiB")


if __name__ == "__main__":
    main()
