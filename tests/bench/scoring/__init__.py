"""The scoring core beside a plain numpy kernel; `speed` holds what is measured, and runs by itself too."""

from collections.abc import Iterator

from tests.bench.figures import Figure

TITLE = "Scoring beside a plain numpy kernel"


def figures() -> Iterator[Figure]:
    """Both times at 10,000 and 500,000 entries, growth, memory."""
    from tests.bench.scoring import (
        speed,
    )  # not at import: `python -m tests.bench.scoring.speed` must find it unloaded

    yield from speed.figures()
