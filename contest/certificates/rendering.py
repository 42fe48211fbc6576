"""`render_batch()`: the one door through which certificates become PDF.

Every record is checked first (glyphs, then fit); one refusal and nothing is made, so no batch is ever half issued.
The layered way is taken when it can prove itself: a sample of the batch is rendered plainly as well and compared
pixel by pixel; where it cannot, everything is rendered plainly, one by one.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contest import papers
from contest.certificates import fitting, pages, pixels, qr
from contest.certificates.layouts import Layout
from contest.certificates.pages import Placed, Record
from contest.errors import Refused

log = logging.getLogger(__name__)

CHUNK = 200  # people who share fonts: more would make each file larger, fewer would subset fonts more often
COMPARED_EVERY = 5  # after the first chunk, one paper of every fifth is compared with plain rendering
CHUNKS_A_LIFE = 30  # of a rendering process: the layout engine's memory grows
Sink = Callable[[Record, bytes], None]


@dataclass(frozen=True)
class Refusal:
    """Why a record cannot be printed: its key, a code and parameters."""

    key: str
    code: str
    params: dict[str, Any]


@dataclass
class RenderReport:
    """What a batch came to: `made` of `asked` papers, by which way, and every refusal."""

    asked: int
    made: int = 0
    way: str = ""  # layered or plain
    compared: int = 0
    seconds: float = 0.0
    refusals: list[Refusal] = field(default_factory=list)


class MissingGlyphs(Refused):
    """A text holds characters that no shipped font has."""

    code = "missing_glyphs"
    status = 422


class ValueEmpty(Refused):
    """The layout prints a value that is empty here, such as an English name: a gap would be worse than no paper."""

    code = "value_empty"
    status = 422


class PixelsDiffer(Refused):
    """The layered paper is not the plain one; the batch stops."""

    code = "pixels_differ"
    status = 500


def check(layout: Layout, records: Sequence[Record]) -> tuple[list[list[Placed]], list[Refusal]]:
    """Fit every record; the refusals name each character without a glyph and each text too long for its box."""
    fitted: list[list[Placed]] = []
    refusals = []
    for record in records:
        try:
            _check_glyphs(layout, record)
            fitted.append(pages.placed(layout, record))
        except Refused as refused:
            refusals.append(Refusal(record.key, refused.code, dict(refused.params)))
    return fitted, refusals


def _check_glyphs(layout: Layout, record: Record) -> None:
    for name in layout.required:
        if not record.values.get(name, "").strip():
            raise ValueEmpty(layout=layout.key, field=name)
    for slot in layout.slots:
        if slot.kind == "text":
            text = layout.filled(slot, record.values)
            lacking = fitting.missing(text.replace("\n", ""), slot.font)
            if lacking:
                codes = " ".join(f"{character} (U+{ord(character):04X})" for character in lacking)
                raise MissingGlyphs(slot=slot.name, text=text, characters=codes)


def plain(
    layout: Layout,
    record: Record,
    slots: Sequence[Placed] | None = None,
    *,
    demo: bool,
    made_at: datetime | None,
    version: int | None = None,
    is_archival: bool = False,
) -> bytes:
    """One certificate through WeasyPrint alone: the preview, the fallback and the judge of the layered way.

    is_archival: as PDF/A-3b, for keeping and signing. Raises MissingGlyphs, TextTooLong, LayoutBroken, OutsideResource.
    """
    if slots is None:
        _check_glyphs(layout, record)
        slots = pages.placed(layout, record)
    version = version or qr.version_for(record.url)
    text = pages.full_html(layout, record, slots, demo=demo, version=version)
    laid_out = papers.document(
        text, css=[pages.sheet(layout), layout.css], pictures=pages.pictures_of(layout)
    )
    if len(laid_out.pages) != 1:
        raise Refused("layout_broken", layout=layout.key, detail=f"{len(laid_out.pages)} pages")
    options = {"pdf_variant": "pdf/a-3b"} if is_archival else {}
    return papers.write(laid_out, title=record.title, made_at=made_at, identifier=record.key, **options)


def render_batch(
    layout: Layout,
    records: Sequence[Record],
    out: Sink,
    *,
    made_at: datetime | None,
    demo: bool = False,
    way: str = "layered",
    sample: int = 3,
    processes: int = 1,
    progress: Callable[[int], None] | None = None,
) -> RenderReport:
    """Render every record and hand its bytes to `out`, in the order given.

    With a refusal nothing is rendered; the report lists all of them. `way="plain"` forces one-by-one rendering.
    `sample` papers of the batch's first chunk (0: none) and one of every fifth further chunk are compared with plain
    rendering; PixelsDiffer stops the batch. processes: how many render at once; each is recycled after some chunks.
    """
    started = time.perf_counter()
    report = RenderReport(asked=len(records))
    fitted, report.refusals = check(layout, records)
    if report.refusals or not records:
        return report
    report.way = way if way == "plain" or pixels.is_available() else "plain"
    if report.way != way:
        log.warning("no rasteriser to compare pixels with: certificates are rendered plainly, one by one")
    works = _works(layout, records, report.way, demo, made_at, sample)
    for work, (contents, compared) in zip(works, _rendered(works, processes), strict=True):
        report.compared += compared
        for record, content in zip(work.records, contents, strict=True):
            out(record, content)
            report.made += 1
        if progress is not None:
            progress(report.made)
    report.seconds = time.perf_counter() - started
    return report


@dataclass(frozen=True)
class ChunkWork:
    """What one process needs to render a chunk; plain values, so that it can be sent there."""

    layout: Layout
    records: Sequence[Record]
    way: str
    demo: bool
    made_at: datetime | None
    version: int
    sample: int


def _works(
    layout: Layout, records: Sequence[Record], way: str, demo: bool, made_at: datetime | None, sample: int
) -> list[ChunkWork]:
    version = qr.version_for(*(record.url for record in records))
    return [
        ChunkWork(
            layout, records[at : at + CHUNK], way, demo, made_at, version, compared_of(at // CHUNK, sample)
        )
        for at in range(0, len(records), CHUNK)
    ]


def compared_of(chunk: int, sample: int) -> int:
    """How many papers of a batch's chunk, counted from 0, are compared with plain rendering."""
    if chunk == 0:
        return sample
    return 1 if chunk % COMPARED_EVERY == 0 else 0


def _rendered(works: Sequence[ChunkWork], processes: int) -> Iterator[tuple[list[bytes], int]]:
    if processes < 2 or len(works) < 2:
        yield from map(render_chunk, works)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # A forked child would inherit locks of other threads; a spawned one starts clean. Recycling bounds its memory.
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), max_tasks_per_child=CHUNKS_A_LIFE
    ) as pool:
        waiting: deque[Future[tuple[list[bytes], int]]] = deque()
        for work in works:
            waiting.append(pool.submit(render_chunk, work))
            # Not more than one chunk ahead of each process: finished papers are large and wait in memory.
            if len(waiting) > processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def render_chunk(work: ChunkWork) -> tuple[list[bytes], int]:
    """A chunk's papers and how many of them were compared. Raises PixelsDiffer."""
    fitted = [pages.placed(work.layout, record) for record in work.records]
    pairs = list(zip(work.records, fitted, strict=True))

    def plainly(record: Record, slots: Sequence[Placed]) -> bytes:
        return plain(work.layout, record, slots, demo=work.demo, made_at=work.made_at, version=work.version)

    if work.way == "plain":
        return [plainly(record, slots) for record, slots in pairs], 0
    from contest.certificates import layers

    batch = layers.Batch(work.layout, fitted, demo=work.demo, version=work.version)
    numbers = _sampled(fitted, work.sample)
    for number in numbers:
        record, slots = pairs[number]
        difference = pixels.difference(
            batch.assemble(record, slots, made_at=work.made_at), plainly(record, slots)
        )
        if difference:
            raise PixelsDiffer(key=record.key, pixels=difference)
    return [batch.assemble(record, slots, made_at=work.made_at) for record, slots in pairs], len(numbers)


def _sampled(fitted: Sequence[Sequence[Placed]], sample: int) -> list[int]:
    """Numbers of the longest, the shortest and the first paper, then evenly spread ones."""
    lengths = [
        sum(len(line.text) for one in slots if one.fitted for line in one.fitted.lines) for slots in fitted
    ]
    wanted = [lengths.index(max(lengths)), lengths.index(min(lengths)), 0]
    wanted += [len(fitted) * number // max(sample, 1) for number in range(1, sample)]
    return sorted(list(dict.fromkeys(wanted))[:sample])
