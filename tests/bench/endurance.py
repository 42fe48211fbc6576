"""`make endurance`: a seeded server under load for minutes; fails on a wrong answer or on memory that keeps growing."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.server import Server, prepared, requests_a_second, running

PATHS = ("/", "/lists", "/sign-in", "/verify", "/healthz")
TURN = 10.0  # seconds of load between two looks at the memory
GROWTH_ALLOWED = 1.25  # of the memory after the first third


def main() -> int:
    """Returns 1 when something grew or answered wrongly."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.endurance", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as name:
        folder = prepared(Path(name), seed=True)
        with running(folder, workers=2) as server:
            samples = _load(server, minutes)
    settled, last = max(samples[len(samples) // 3]), max(samples[-1])
    grew = last > settled * GROWTH_ALLOWED
    print(f"memory of the largest worker: {settled:.0f} MB after a third, {last:.0f} MB at the end")
    print("FAILED: memory keeps growing" if grew else "passed")
    return 1 if grew else 0


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
