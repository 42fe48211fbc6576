"""A figure, how to take one, and the table they are printed in."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured thing: `value` in `unit`; `note` says beside what it was measured, because machines differ."""

    name: str
    value: float
    unit: str
    note: str = ""

    @property
    def shown(self) -> str:
        """Three significant digits are all that a shared machine can promise."""
        return f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:.3g}"


def seconds(work: Callable[[], object], *, repeat: int = 3) -> float:
    """The median time of `repeat` runs."""
    taken = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def machine() -> str:
    """What the figures were taken on."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        "?",
    )
    memory = next(
        (int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0
    )
    return (
        f"{os.cpu_count()} × {model}, {memory / 2**20:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []


def as_table(title: str, figures: Iterable[Figure]) -> str:
    """A Markdown table under its heading."""
    rows = [f"| {one.name} | {one.shown} {one.unit} | {one.note} |" for one in figures]
    return "\n".join([f"### {title}", "", "| what | figure | beside |", "|---|---:|---|", *rows, ""])
