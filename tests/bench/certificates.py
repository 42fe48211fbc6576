"""Certificates a second: plain rendering one by one, the layered way, and the assembler's limit (copy + QR code).

BENCH_CERTIFICATES=5000 makes the large batch larger; each side of it runs in the same number of processes.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

from flask import Flask

from contest import files
from contest.certificates import layers, layouts, pages, qr, rendering
from contest.certificates.pages import Record
from tests.bench.figures import Figure
from tests.certificates.records import holders

TITLE = "Certificates"
EVENT = 212  # people of the ramen contest
LARGE = int(os.environ.get("BENCH_CERTIFICATES", "1000"))
PROCESSES = 2
PLAIN = 16  # plain papers measured; each takes the same time


def figures() -> Iterator[Figure]:
    """Rows of the table; ratios are those of this run."""
    layout, records = layouts.load("prize"), holders(EVENT)
    rendering.plain(layout, records[0], demo=False, made_at=None)  # fonts are read once a process
    plain = _plain(records[:PLAIN])
    yield Figure("plain rendering, each", plain * 1000, "ms", "WeasyPrint one by one, fonts shared")
    yield Figure("a preview", plain, "s", "the goal is 0.5 s")
    layered, report = _layered(records, 1)
    yield Figure(
        f"{EVENT} certificates, layered", layered, "s",
        f"{plain * EVENT / layered:.0f} × plain; {report.compared} compared pixel by pixel with plain ones",
    )  # fmt: skip
    limit = _limit(records[: rendering.CHUNK])
    yield Figure("copy + QR code, each", limit * 1000, "ms", "what no way of rendering can go below")
    many = holders(LARGE)
    plain_two = _plain_in_processes(records[: PLAIN * PROCESSES])
    taken, _ = _layered(many, PROCESSES)
    limit_two = limit / PROCESSES
    yield Figure(
        f"{LARGE} certificates as files, {PROCESSES} processes", taken, "s",
        f"{taken / LARGE * 1000:.1f} ms each: {plain_two / (taken / LARGE):.0f} × plain in as many processes, "
        f"{taken / LARGE / limit_two:.1f} × the limit",
    )  # fmt: skip
    yield Figure("100,000 would take", taken / LARGE * 100_000 / 60, "min", "the goal is 10 min")
    yield Figure("largest process", _peak(), "MiB", "the goal is 600 MiB")


def _plain(records: list[Record]) -> float:
    layout, began = layouts.load("prize"), time.perf_counter()
    for record in records:
        rendering.plain(layout, record, demo=False, made_at=None)
    return (time.perf_counter() - began) / len(records)


def _plain_in_processes(records: list[Record]) -> float:
    """Seconds for each paper, wall time, when the same number of processes renders plainly."""
    share = len(records) // PROCESSES
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_plain, [records[:1]] * PROCESSES))  # fonts
        began = time.perf_counter()
        list(pool.map(_plain, [records[i * share : (i + 1) * share] for i in range(PROCESSES)]))
        return (time.perf_counter() - began) / (share * PROCESSES)


def _layered(records: list[Record], processes: int) -> tuple[float, rendering.RenderReport]:
    """Seconds until every paper is a file of its own that the disk has confirmed, as the product stores them."""
    app, waiting = Flask("bench"), []
    with tempfile.TemporaryDirectory(dir=".") as folder, app.app_context():
        app.config["CONTEST"] = SimpleNamespace(files=folder)

        def keep(made: int) -> None:
            files.keep_all(waiting)
            waiting.clear()

        began = time.perf_counter()
        report = rendering.render_batch(
            layouts.load("prize"), records, lambda _, content: waiting.append(content), made_at=None,
            processes=processes, progress=keep,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        stored = sum(1 for path in Path(folder).rglob("*") if path.is_file())
        assert (report.made, stored) == (len(records), len(records)), report.refusals
        return seconds, report


def _limit(records: list[Record]) -> float:
    layout = layouts.load("prize")
    version = qr.version_for(*(record.url for record in records))
    fitted = [pages.placed(layout, record) for record in records]
    batch = layers.Batch(layout, fitted, demo=False, version=version)
    code = next(one for one in fitted[0] if one.fitted is None)
    began = time.perf_counter()
    for record in records:
        batch.assemble(record, [code], made_at=None)
    return (time.perf_counter() - began) / len(records)


def _peak() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
