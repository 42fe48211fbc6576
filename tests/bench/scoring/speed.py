"""Speed of the scoring core beside a plain numpy kernel, and its growth. Run: python -m tests.bench.scoring.speed

Both get the same integer columns (entry, judge, aspect, mark), in random order. The kernel scatters them into judge
planes, takes sum − max − min, weights and sorts on three keys, in integers, without a single check. The core does the
same through `compute`, with its checks of codes, range, step, doubles and missing judges, ranks and deciding keys.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator

import numpy as np

from contest.scoring.compute import compute
from contest.scoring.field import Field, Marks, Seat, Subjects
from contest.scoring.rules import RuleSet
from tests.bench.figures import Figure

JUDGES, ASPECTS = 5, 20
LARGE = 500_000
LIMIT, MOST_MEMORY = 3, 4
"""What is asked for: so many times the kernel's time, so many GiB."""


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
    """The shortest processor time of several runs, and the result: one core does all, whatever else the machine does."""
    found, result = [], None
    for _ in range(times):
        start = time.process_time()
        result = function(*arguments)
        found.append(time.process_time() - start)
    return min(found), result


def compare(entries: int, times: int) -> Iterator[Figure]:
    """Both times and their ratio."""
    data = columns(entries)
    plain, _ = best_of(times, kernel, entries, *data)
    mine, order = best_of(times, core, entries, *data)
    assert sorted(order.tolist()) == list(range(entries))
    marks = f"{entries * JUDGES * ASPECTS:,} marks"
    yield Figure(f"kernel, {entries:,} entries", plain, "s", marks)
    yield Figure(
        f"core, {entries:,} entries",
        mine,
        "s",
        f"{mine / plain:.2f} × kernel; the limit is {LIMIT:g} ×; checks included",
    )


def growth(base: int, times: int) -> Iterator[Figure]:
    """Time an entry for 1, 2, 4, 8 times as many entries."""
    for factor in (1, 2, 4, 8):
        entries = base * factor
        mine, _ = best_of(times, core, entries, *columns(entries))
        yield Figure(
            f"core, {factor} × {base:,} entries", mine, "s", f"{mine / entries * 1e6:.2f} µs an entry"
        )


def figures(large: int = LARGE, times: int = 3) -> Iterator[Figure]:
    """Everything, smaller fields first."""
    yield from compare(10_000, times)
    yield from growth(20_000, times)
    yield from compare(large, min(times, 2))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
    yield Figure("peak memory", peak, "GiB", f"input and kernel included; the limit is {MOST_MEMORY} GiB")


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=LARGE)
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    for one in figures(args.large, args.times):
        print(f"{one.name:32} {one.shown:>8} {one.unit:4} {one.note}", flush=True)


if __name__ == "__main__":
    main()
