"""Marks from 64 tablets: an open loop at a given rate, as fast as it goes, and whole batches; on both databases.

The load generator runs on the same processors as the server; both shares are printed. Beside them stand bare Flask
with the same requests and the bare database's durable commits, taken in the same run.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.hall import Tablet, open_hall
from tests.bench.load import Line, Outcome, drive
from tests.bench.server import Server, prepared, running
from tests.bench.stores import STORES, lost_and_doubled, raw_commits

TITLE = "Marks from 64 tablets"
TABLETS = 64
OFFERED = 400  # single-mark requests a second, all tablets together
LASTING = 10.0  # seconds of each loop
BATCH = 500
OPEN, CLOSED, BATCHED = slice(0, 80), slice(80, 340), slice(340, 840)  # of each tablet's places
BARE = """
from flask import Flask, jsonify, request
app = Flask(__name__)
@app.get("/healthz")
def hello():
    return "ok\\n"
@app.post("/judge/sync")
def sync():
    marks = request.get_json()["marks"]
    return jsonify(receipts=[{"uuid": mark["uuid"], "status": "stored", "current": mark} for mark in marks])
"""


def figures() -> Iterator[Figure]:
    """Two workers with the threads of an installation; every commit durable (SQLite: synchronous=FULL)."""
    bare = 0.0
    for name, store in STORES.items():
        with tempfile.TemporaryDirectory() as place, store():
            folder = prepared(Path(place))
            tablets = open_hall(folder, TABLETS)
            commits = raw_commits(folder)
            if not bare:
                bare = _bare(folder, tablets)
                yield Figure(
                    "bare Flask, the same requests, as fast as it goes", bare, "requests/s", "2 workers"
                )
            yield Figure(f"{name}: raw commits", commits, "commits/s", "one row each, one after the other")
            yield from _measured(name, folder, tablets, bare, commits)


def _measured(
    name: str, folder: Path, tablets: list[Tablet], bare: float, commits: float
) -> Iterator[Figure]:
    with running(folder, workers=2) as server:
        for tablet in tablets:
            tablet.sign_in(server.port)
        runs = {}
        for kind, places, every in (("open", OPEN, TABLETS / OFFERED), ("closed", CLOSED, 0.0)):
            lines = [Line(server.port, tablet.requests(places=places), every=every) for tablet in tablets]
            runs[kind] = _run(server, lines, LASTING)
        batches = itertools.chain.from_iterable(tablet.requests(BATCH, BATCHED) for tablet in tablets)
        runs["batch"] = _run(server, [Line(server.port, batches)], 60.0)
    receipts = {mark: status for run, _ in runs.values() for mark, status in run.receipts().items()}
    refused = sum(status not in ("stored", "known") for status in receipts.values())
    lost, doubled = lost_and_doubled(folder, receipts)
    if refused or lost or doubled:
        raise RuntimeError(f"of {len(receipts)} marks {refused} refused, {lost} lost, {doubled} doubled")
    yield from _open(name, *runs["open"])
    yield from _closed(name, *runs["closed"], bare, commits)
    run, _ = runs["batch"]
    yield Figure(f"{name}: a batch of {BATCH}, 50 %", run.percentile(0.5), "ms", f"{len(run.taken)} batches")
    yield Figure(f"{name}: a batch of {BATCH}, 99 %", run.percentile(0.99), "ms", "the goal is 300 ms")
    yield Figure(f"{name}: lost or doubled", lost + doubled, "marks", f"of {len(receipts)}")


def _open(name: str, run: Outcome, processor: float) -> Iterator[Figure]:
    answered, first = len(run.taken) / run.spent, f"{name}: open loop, {OFFERED}/s offered"
    yield Figure(f"{first}: answered", answered, "marks/s", f"{len(run.taken)} marks, one a request")
    yield Figure(f"{first}: 50 % within", run.percentile(0.5), "ms", "from the moment it was due")
    yield Figure(f"{first}: 99 % within", run.percentile(0.99), "ms", "the goal is 150 ms")
    yield Figure(f"{first}: the slowest", run.percentile(1), "ms")
    yield _cost(f"{first}: processor", run, processor)


def _closed(name: str, run: Outcome, processor: float, bare: float, commits: float) -> Iterator[Figure]:
    rate, first = len(run.taken) / run.spent, f"{name}: closed loop"
    beside = f"{rate / bare:.2f} × bare Flask, {rate / commits:.2f} × raw commits"
    yield Figure(f"{first}: stored", rate, "marks/s", beside)
    yield Figure(f"{first}: 99 % within", run.percentile(0.99), "ms")
    yield _cost(f"{first}: processor", run, processor)


def _cost(name: str, run: Outcome, processor: float) -> Figure:
    count = len(run.taken)
    return Figure(
        name,
        1000 * processor / count,
        "ms a mark",
        f"web workers; generator {1000 * run.processor / count:.2f}",
    )


def _run(server: Server, lines: list[Line], lasting: float) -> tuple[Outcome, float]:
    """What came of it, and the seconds of CPU that the web workers took."""
    before = server.processor()
    return drive(lines, lasting), server.processor() - before


def _bare(folder: Path, tablets: list[Tablet]) -> float:
    (folder / "bare.py").write_text(BARE)
    with running(folder, workers=2, app="bare:app", where=folder) as server:
        lines = [Line(server.port, tablet.requests(places=CLOSED)) for tablet in tablets]
        run = drive(lines, LASTING / 2)
    return len(run.taken) / run.spent
