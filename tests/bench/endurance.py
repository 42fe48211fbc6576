"""`make endurance`: the server killed 100 times in mid-batch, then under load for minutes, watched for growing memory.

Fails on a mark lost or doubled, on a wrong answer, and on memory that keeps growing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.hall import open_hall
from tests.bench.killing import survive
from tests.bench.server import Server, prepared, requests_a_second, running
from tests.bench.stores import STORES

PATHS = ("/", "/lists", "/sign-in", "/verify", "/healthz")
TURN = 10.0  # seconds of load between two looks at the memory
GROWTH_ALLOWED = 1.25  # of the memory after the first third
TABLETS = 32  # 848 marks each


def main() -> int:
    """Returns 1 when a mark was lost or doubled, something grew, or an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.endurance", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="of load; 0 leaves it out")
    parser.add_argument("--kills", type=int, default=100, help="in mid-batch; 0 leaves them out")
    args = parser.parse_args()
    is_good = all([_killed(name, args.kills) for name in STORES]) if args.kills else True
    if args.minutes:
        is_good = _loaded(args.minutes) and is_good
    return 0 if is_good else 1


def _killed(name: str, kills: int) -> bool:
    with tempfile.TemporaryDirectory() as place, STORES[name]():
        folder = prepared(Path(place))
        began = time.monotonic()
        left = survive(folder, open_hall(folder, TABLETS), kills)
    print(
        f"{name}: killed {left.kills} times, {left.cut} batches cut off; {left.marks} marks stored, "
        f"{left.again} of them had lost their first receipt; {left.lost} lost, {left.doubled} doubled, "
        f"{left.broken} broken histories; {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return left.is_whole


def _loaded(minutes: float) -> bool:
    with tempfile.TemporaryDirectory() as name:
        folder = prepared(Path(name), seed=True)
        with running(folder, workers=2) as server:
            samples = _load(server, minutes)
    settled, last = max(samples[len(samples) // 3]), max(samples[-1])
    grew = last > settled * GROWTH_ALLOWED
    print(f"memory of the largest worker: {settled:.0f} MB after a third, {last:.0f} MB at the end")
    print("FAILED: memory keeps growing" if grew else "passed")
    return not grew


def _load(server: Server, minutes: float) -> list[list[float]]:
    """Ask for one page after the other; returns the workers' memory (MB) after each turn."""
    until, samples, turn = time.monotonic() + minutes * 60, [], 0
    while time.monotonic() < until or turn < 3:
        path = PATHS[turn % len(PATHS)]
        rate = requests_a_second(server.port, path, lasting=TURN)
        samples.append(server.worker_megabytes())
        print(f"{path:10} {rate:7.0f} requests/s   {max(samples[-1]):6.1f} MB", flush=True)
        turn += 1
    return samples


if __name__ == "__main__":
    sys.exit(main())
