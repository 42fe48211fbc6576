"""The job worker: takes messages from the queue, one chunk at a time, and retires before it grows too large."""

from __future__ import annotations

import argparse
import logging
import resource
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey
from huey.exceptions import ConfigurationError

from contest import chunks, jobs
from contest.config import SettingMissing, Settings
from contest.db import db, now

log = logging.getLogger(__name__)

RETIRE = 75  # exit status that asks the parent for a fresh worker
CHUNKS_A_LIFE = 200  # WeasyPrint's memory grows over many renders
MEGABYTES_A_LIFE = 1200
IDLE = 0.3  # seconds between two looks into an empty queue
SWEEP_EVERY = 15.0


def open_queue(app: Flask) -> tuple[Huey, Callable[[int, int], Any]]:
    """The queue of an application and the function that puts (job, chunk) into it.

    CONTEST_QUEUE_URL chooses Redis (`redis://…`) or PostgreSQL (`postgresql://…`); empty is a SQLite file of its
    own beside the database, so that the queue never waits for the contest's writer. Tests run everything at once.
    """
    queue = _storage(app.config["CONTEST"])

    @queue.task(name="chunk")
    def chunk(job_id: int, number: int) -> None:
        with app.app_context():
            chunks.run_chunk(job_id, number)

    return queue, chunk


def _storage_class(settings: Settings) -> type[Huey]:
    """Which queue the settings name. Raises SettingMissing for one nobody knows."""
    if settings.mode == "test":
        return MemoryHuey
    scheme = settings.queue_url.partition("://")[0]
    kinds = {
        "": SqliteHuey,
        "redis": RedisHuey,
        "rediss": RedisHuey,
        "postgres": PostgresHuey,
        "postgresql": PostgresHuey,
    }
    if scheme not in kinds:
        raise SettingMissing(
            f"CONTEST_QUEUE_URL begins with {scheme}://; leave it empty, or name postgresql://… or redis://…"
        )
    return kinds[scheme]


def _storage(settings: Settings) -> Huey:
    kind, url = _storage_class(settings), settings.queue_url
    if kind is MemoryHuey:
        return MemoryHuey("contest", immediate=True, results=False)
    if kind is SqliteHuey:
        settings.instance.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(
            "contest", filename=str(settings.instance / "queue.sqlite3"), results=False, fsync=True
        )
    if kind is PostgresHuey:
        return PostgresHuey("contest", dsn=url, results=False)
    try:
        return RedisHuey("contest", url=url, results=False)
    except ConfigurationError as error:
        raise SettingMissing(
            "CONTEST_QUEUE_URL names Redis, whose Python client is not installed: .venv/bin/python -m pip install "
            "redis. Without it, leave the setting empty or name a PostgreSQL database."
        ) from error


def work_until_told(queue: Huey, *, max_chunks: int = CHUNKS_A_LIFE, drain: bool = False) -> int:
    """Take and do chunks; returns the exit status: 0 when stopped, RETIRE when it is time for a fresh process.

    SIGTERM and SIGINT let the chunk in hand finish. With `drain` it ends when the queue is empty.
    """
    told: list[int] = []
    before = {
        number: signal.signal(number, lambda got, _frame: told.append(got))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        return _loop(queue, told, max_chunks, drain)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _loop(queue: Huey, told: list[int], max_chunks: int, drain: bool) -> int:
    done, swept = 0, -SWEEP_EVERY
    while not told:
        if time.monotonic() - swept >= SWEEP_EVERY:
            swept = time.monotonic()
            for job_id in chunks.sweep(now()):
                jobs.deliver(job_id)
            _tick()
        task = queue.dequeue()
        if task is None:
            if drain:
                return 0
            time.sleep(IDLE)
            continue
        queue.execute(task)
        done += 1
        if done >= max_chunks or _megabytes() > MEGABYTES_A_LIFE:
            return RETIRE
    return 0


def _tick() -> None:
    """What rooms asked for besides jobs; an error there must not end the worker."""
    for tick in jobs.TICKS:
        try:
            tick(now(), current_app.config["CONTEST"])
        except Exception:
            log.exception("%s failed", tick)
            db.session.rollback()


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def register(subparsers: argparse._SubParsersAction) -> None:
    """`contest work [--drain]`."""
    parser = subparsers.add_parser(
        "work", help="do the jobs of the queue (`contest serve` starts this by itself)"
    )
    parser.add_argument("--drain", action="store_true", help="end when the queue is empty")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    return work_until_told(current_app.extensions["contest.queue"], drain=args.drain)
