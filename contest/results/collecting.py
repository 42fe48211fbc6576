"""Large reading without the garbage collector walking everything that was just read, again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Automatic collection rests inside: ten thousand people are a million objects that all stay.

    A third of the time of a large list went into looking whether any of them could go. Counting references frees
    what is done with meanwhile. Whoever finds collection resting already leaves it so.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
