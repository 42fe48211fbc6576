"""The databases that marks are measured on: SQLite in the folder, and a PostgreSQL database made for the run."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from contest import config
from contest.db import db
from contest.judging.models import MarkRevision
from tests.bench.server import environment

COMMITS = 300


@contextlib.contextmanager
def on_sqlite() -> Iterator[None]:
    """DATABASE_URL is empty inside: the database is a file in the installation's folder."""
    with _named(""):
        yield


@contextlib.contextmanager
def on_postgresql() -> Iterator[None]:
    """DATABASE_URL names an empty database on the server of TEST_POSTGRES_URL inside; it is dropped afterwards."""
    name = f"contest_bench_{os.getpid()}"
    admin = sa.make_url(
        config.load({**_MINIMAL, "DATABASE_URL": os.environ["TEST_POSTGRES_URL"]}).database_url
    )
    engine = sa.create_engine(admin, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        with _named(admin.set(database=name).render_as_string(hide_password=False)):
            yield
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


_MINIMAL = {"CONTEST_MODE": "test", "CONTEST_SECRET_KEY": "bench", "CONTEST_PERSONAL_KEY": "AAAA"}

STORES: dict[str, Callable[[], contextlib.AbstractContextManager[None]]] = {"SQLite": on_sqlite}
if os.environ.get("TEST_POSTGRES_URL"):
    STORES["PostgreSQL"] = on_postgresql


@contextlib.contextmanager
def _named(url: str) -> Iterator[None]:
    before = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = url
    try:
        yield
    finally:
        if before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = before


def stored_marks(folder: Path) -> list[tuple[str, int, int, int]]:
    """Every stored mark as (its id, sheet, aspect, attempt)."""
    engine = sa.create_engine(config.load(environment(folder)).database_url)
    table: Any = db.metadatas[None].tables[MarkRevision.__tablename__]
    with engine.connect() as connection:
        rows = connection.execute(
            sa.select(table.c.uuid, table.c.sheet_id, table.c.aspect_id, table.c.attempt)
        ).all()
    engine.dispose()
    return [(str(row[0]), *row[1:]) for row in rows]


def lost_and_doubled(folder: Path, receipts: dict[str, str]) -> tuple[int, int]:
    """How many marks with a receipt are not there, and how many rows are more than one for their place or id."""
    rows = stored_marks(folder)
    taken = {mark for mark, status in receipts.items() if status in ("stored", "known")}
    lost = len(taken - {row[0] for row in rows})
    doubled = len(rows) - min(len({row[0] for row in rows}), len({row[1:] for row in rows}))
    return lost, doubled


def raw_commits(folder: Path) -> float:
    """Durable commits a second of one row each with the bare driver, one after the other."""
    url = os.environ.get("DATABASE_URL")
    if url:
        import psycopg

        connection: Any = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)
    else:
        connection = sqlite3.connect(folder / "raw.sqlite3", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE raw_commits (value integer)")
    began = time.perf_counter()
    for _ in range(COMMITS):
        for statement in ("BEGIN", "INSERT INTO raw_commits VALUES (1)", "COMMIT"):
            connection.execute(statement)
    spent = time.perf_counter() - began
    connection.execute("DROP TABLE raw_commits")
    connection.close()
    return COMMITS / spent
