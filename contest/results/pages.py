"""Pages of public lists kept ready: found by what they follow from, so that a changed list is never served stale.

How a list stands is read from the database at most twice a second in each process; a withdrawal therefore shows
everywhere within that time. The bytes themselves are found by their validator, which changes with the list.
"""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from contest.results.public import Standing

FRESH = 0.5  # seconds
KEPT = 64 * 1024 * 1024  # bytes of bodies


@dataclass(frozen=True)
class Page:
    """The bytes of one answer, as they are and compressed."""

    plain: bytes
    packed: bytes

    @classmethod
    def of(cls, body: bytes) -> Page:
        """Compress once; without a time stamp, so that equal bodies give equal bytes."""
        return cls(body, gzip.compress(body, 6, mtime=0))

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.packed)


class PageStore:
    """Pages by validator and standings by list, for one process; the least used pages go first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock, self.lock = clock, threading.Lock()
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self.standings: dict[int, tuple[float, Standing]] = {}
        self.size = 0

    def standing(self, publication_id: int, read: Callable[[int], Standing]) -> Standing:
        """How a list stands, at most FRESH seconds old. What `read` raises is not kept."""
        known = self.standings.get(publication_id)
        if known is not None and self.clock() - known[0] < FRESH:
            return known[1]
        try:
            found = read(publication_id)
        except Exception:
            self.standings.pop(publication_id, None)
            raise
        if len(self.standings) > 10_000:
            self.standings.clear()
        self.standings[publication_id] = (self.clock(), found)
        return found

    def kept(self, validator: str) -> Page | None:
        """The page of a validator, if it is here."""
        with self.lock:
            found = self.pages.get(validator)
            if found is not None:
                self.pages.move_to_end(validator)
            return found

    def keep(self, validator: str, body: bytes) -> Page:
        """Keep a page that was made; the least used ones make room."""
        made = Page.of(body)
        with self.lock:
            if validator not in self.pages:
                self.pages[validator] = made
                self.size += made.size
            while self.size > KEPT and len(self.pages) > 1:
                self.size -= self.pages.popitem(last=False)[1].size
        return made

    def page(self, validator: str, make: Callable[[], bytes]) -> Page:
        """The page of a validator, made if it isn't kept."""
        return self.kept(validator) or self.keep(validator, make())

    def passing(self, validator: str, parts: Iterable[bytes]) -> Iterator[bytes]:
        """Hand a long page on while it is made, and keep it when it is whole."""
        whole = []
        for part in parts:
            whole.append(part)
            yield part
        self.keep(validator, b"".join(whole))


def packing(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same compressed, each part sent on at once."""
    packer = zlib.compressobj(6, wbits=31)
    for part in parts:
        yield packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
