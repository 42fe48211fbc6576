"""A list from stored marks: how long freezing takes and where, and what a public page costs beside the smallest one.

The pages are asked for inside one process, without sockets: what is compared is the application's own work.
"""

from __future__ import annotations

import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from contest.app import create_app
from contest.db import db, transaction
from contest.judging.models import MarkRevision, SeatKind
from contest.results import exports, queries, service
from contest.results.blockers import findings_of
from contest.results.compute import compute_event
from contest.results.inputs import read_inputs
from contest.results.models import Publication
from contest.results.tally import sheet_of, tally_pdf
from contest.scoring.compute import compute
from tests.bench.figures import Figure, seconds
from tests.conftest import settings_for
from tests.results.builders import NAMES, NOON, Field, make_field, published

TITLE = "Lists from stored marks"
PEOPLE, JUDGES = 212, 5
LONG = int(os.environ.get("BENCH_LIST_ROWS", "5000"))
LASTING = 2.0  # seconds of requests a route


def figures() -> Iterator[Figure]:
    """Freezing and publishing a list, its papers, its page."""
    with tempfile.TemporaryDirectory() as name:
        app = create_app(settings_for(Path(name)))
        with app.app_context():
            db.create_all()
            gc.collect()
            gc.freeze()  # as wsgi.py does
            made = _held(PEOPLE, JUDGES)
            yield from _freezing(made)
            yield from _pages(app, published(made), PEOPLE)
            yield from _long(app)
            db.session.remove()
            db.engine.dispose()


def _held(people: int, judges: int) -> Field:
    """An event with every sheet marked: people × judges × 3 aspects."""
    made = make_field([f"{NAMES[n % 8]}{n}" for n in range(people)], seats=[SeatKind.JUDGE] * judges)
    rows = [
        {
            "uuid": uuid4(), "sheet_id": sheet, "aspect_id": made.aspect_ids[aspect], "attempt": 1, "state": "value",
            "value_milli": 20_000 + (entry * 7919 + seat * 104_729 + made.aspect_ids[aspect] * 31) % 20_000,
            "source": "desk", "comment": "", "reason": "", "device": "", "recorded_at": NOON, "previous": "0" * 64,
            "hash": "0" * 64,
        }
        for (entry, seat, module, _), sheet in made.sheets.items()
        for aspect in ("dough", "pull", "theory")
        if (module == "theory") == (aspect == "theory")
    ]  # fmt: skip
    with transaction():
        db.session.execute(sa.insert(MarkRevision), rows)
    return made


def _freezing(made: Field) -> Iterator[Figure]:
    marks = PEOPLE * JUDGES * 3
    event = made.event
    inputs = read_inputs(event)
    yield Figure(
        f"read {marks:,} marks and {PEOPLE} people", seconds(lambda: read_inputs(event)) * 1000, "ms"
    )
    yield Figure("compute, rows unread", seconds(lambda: compute(inputs.rules, inputs.field)) * 1000, "ms")
    yield Figure(
        "blockers",
        seconds(lambda: findings_of(compute_event(event), "all")) * 1000,
        "ms",
        "all of it, recomputed",
    )
    began = time.perf_counter()
    with transaction():
        snapshot = service.take_snapshot(
            event=made.event, ranking_key="all", actor=made.actor("organiser"), at=NOON
        )
        snapshot_id = snapshot.id
    yield Figure(
        f"snapshot of {PEOPLE} entries",
        (time.perf_counter() - began) * 1000,
        "ms",
        "read, compute, freeze, commit",
    )
    publication = db.session.get_one(Publication, published(made))
    rows = queries.rows_of(snapshot_id)
    yield Figure("its PDF", seconds(lambda: exports.pdf_bytes(publication, rows)) * 1000, "ms")
    yield Figure("its XLSX", seconds(lambda: exports.xlsx_bytes(publication, rows)) * 1000, "ms")
    yield Figure(
        "its summary to sign, A4",
        seconds(lambda: tally_pdf(sheet_of(publication, rows)), repeat=1) * 1000,
        "ms",
    )


def _pages(app: Flask, publication_id: int, rows: int) -> Iterator[Figure]:
    """Requests a second of the list, whole and unchanged, beside the smallest route and beside bare Flask."""
    bare = Flask("bare")
    bare.add_url_rule("/healthz", "healthz", lambda: "ok\n")
    smallest, hello = _rate(bare, "/healthz"), _rate(app, "/healthz")
    yield Figure("bare Flask, “ok”", smallest, "requests/s", "in process, one thread")
    yield Figure("this application, “ok”", hello, "requests/s", f"{hello / smallest:.2f} × bare Flask")
    address = f"/lists/{publication_id}"
    with app.app_context():
        answer = app.test_client().get(address, headers={"Accept-Encoding": "gzip"})
    whole = _rate(app, address, {"Accept-Encoding": "gzip"})
    size = f"{len(answer.data) / 1000:.0f} kB compressed"
    yield Figure(
        f"list of {rows} rows, whole",
        whole,
        "requests/s",
        f"{whole / hello:.2f} × “ok” of this application; {size}",
    )
    known = _rate(app, address, {"If-None-Match": answer.headers["ETag"]}, status="304")
    yield Figure(
        "the same, unchanged (304)", known, "requests/s", f"{known / hello:.2f} × “ok” of this application"
    )


def _long(app: Flask) -> Iterator[Figure]:
    made = _held(LONG, 1)
    publication_id = published(made)
    begun, whole = _stream(app, publication_id)
    name = f"list of {LONG:,} rows, first time"
    yield Figure(f"{name}: first byte", begun * 1000, "ms", "the goal is 300 ms; sent while it is made")
    yield Figure(f"{name}: whole", whole * 1000, "ms", "later requests take it from the store")
    kept = seconds(_first(app, publication_id))
    yield Figure(f"list of {LONG:,} rows, again", kept * 1000, "ms")


def _stream(app: Flask, publication_id: int) -> tuple[float, float]:
    """Seconds until the first byte and until the last of a list that nobody has asked for."""
    environ = EnvironBuilder(
        path=f"/lists/{publication_id}", headers={"Accept-Encoding": "gzip"}
    ).get_environ()
    began = time.perf_counter()
    body, _, _ = run_wsgi_app(app.wsgi_app, environ)
    parts = iter(body)
    next(parts)
    begun = time.perf_counter() - began
    for _ in parts:
        pass
    return begun, time.perf_counter() - began


def _first(app: Flask, publication_id: int) -> Callable[[], Any]:
    return lambda: _answer(app, f"/lists/{publication_id}", {}, "200")


def _rate(app: Flask, path: str, headers: dict[str, str] | None = None, status: str = "200") -> float:
    """Requests a second, one after the other, after a warm-up."""
    for _ in range(20):
        _answer(app, path, headers or {}, status)
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < LASTING:
        _answer(app, path, headers or {}, status)
        count += 1
    return count / (time.perf_counter() - began)


def _answer(app: Flask, path: str, headers: dict[str, str], status: str) -> bytes:
    """The body; raises AssertionError for another status than expected, so that no error page is measured."""
    body, found, _ = run_wsgi_app(app.wsgi_app, EnvironBuilder(path=path, headers=headers).get_environ())
    if not found.startswith(status):
        raise AssertionError(f"{path}: {found}")
    return b"".join(body)
