"""The database object, its types, and the only place that commits."""

from __future__ import annotations

import contextlib
import enum
import fcntl
import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, registry

T = TypeVar("T")

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An instant, stored in UTC; a naive datetime is refused, because nobody knows what it means."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Typed models: an annotation is enough to choose the column's type."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            int: BigInt,
            datetime: UTCDateTime,
            date: sa.Date(),
            dict[str, Any]: sa.JSON(),
            list[Any]: sa.JSON(),
            bytes: sa.LargeBinary(),
            UUID: sa.Uuid(),
        },
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def enum_type(kind: type[enum.Enum]) -> sa.Enum:
    """A column for an enum: its values as text with a CHECK, the same on both databases."""
    return sa.Enum(
        kind,
        native_enum=False,
        length=32,
        create_constraint=True,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def now() -> datetime:
    """The clock of the house, in UTC. Services take `at=` and never call it."""
    return datetime.now(UTC)


class WriteOutsideTransaction(RuntimeError):
    """A change was flushed without `with transaction():` around it."""


_writing = threading.local()


def is_writing() -> bool:
    """Whether this thread is inside `transaction()`."""
    return bool(getattr(_writing, "depth", 0))


@contextlib.contextmanager
def transaction() -> Iterator[None]:
    """One writing transaction around one service call; commits at the end, rolls back on any error.

    The reading transaction is ended first, the writer's gate taken, BEGIN IMMEDIATE sent on SQLite: what the
    service reads inside can't be stale. Nesting is refused: a service never opens one.
    """
    if is_writing():
        raise WriteOutsideTransaction("transaction() inside transaction(): services flush, doors commit")
    session = db.session
    session.rollback()
    with _gate():
        _writing.depth = 1
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _writing.depth = 0


@contextlib.contextmanager
def savepoint() -> Iterator[None]:
    """One item of a batch: its failure undoes the item alone."""
    with db.session.begin_nested():
        yield


_gate_lock = threading.Lock()


@contextlib.contextmanager
def _gate() -> Iterator[None]:
    """One writer at a time over all threads and processes of a SQLite installation.

    SQLite's own busy wait is unfair: a bare writer may starve for seconds. PostgreSQL needs no gate.
    """
    path = current_app.extensions["contest.gate"]
    if path is None:
        yield
        return
    with _gate_lock, Path(path).open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)


class GroupCommitter:
    """Marks of many requests in one commit: a savepoint each, the answer only after the commit.

    One thread a process, started at the first use, so that a forked worker gets its own.
    """

    LIMIT = 64

    def __init__(self, app: Any) -> None:
        self.app, self.pid, self.queue = app, 0, queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]]()
        self.start = threading.Lock()

    def submit(self, work: Callable[[], T]) -> T:
        """Run `work` in a savepoint of the next group; returns its result after the commit, or raises its error.

        `work` runs in another thread with another session: it takes plain values, never rows.
        """
        with self.start:
            if self.pid != os.getpid():
                self.pid, self.queue = os.getpid(), queue.SimpleQueue()
                threading.Thread(target=self._run, name="mark-writer", daemon=True).start()
        future: Future[T] = Future()
        self.queue.put((work, future))
        return future.result()

    def _run(self) -> None:
        while True:
            group = [self.queue.get()]
            while len(group) < self.LIMIT and not self.queue.empty():
                group.append(self.queue.get())
            with self.app.app_context():
                self._write(group)

    def _write(self, group: list[tuple[Callable[[], Any], Future[Any]]]) -> None:
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with transaction():
                for work, future in group:
                    try:
                        with savepoint():
                            outcomes.append((future, work(), None))
                    except Exception as error:
                        outcomes.append((future, None, error))
        except Exception as error:
            outcomes = [(future, None, error) for _, future in group]
        for future, result, error in outcomes:
            future.set_exception(error) if error else future.set_result(result)


def in_group(work: Callable[[], T]) -> T:
    """Write through the group committer on SQLite, in a plain transaction elsewhere.

    As with `transaction()`, the caller's reading transaction ends: what it reads afterwards is what stands then.
    """
    db.session.rollback()
    if current_app.extensions["contest.gate"] is not None:
        return current_app.extensions["contest.group"].submit(work)
    with transaction():
        return work()


def init_app(app: Any) -> None:
    """Bind the database, its pragmas and the gate to an application."""
    db.init_app(app)
    url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    sqlite_file = url.database if url.get_backend_name() == "sqlite" else None
    app.extensions["contest.gate"] = f"{sqlite_file}.gate" if sqlite_file else None
    app.extensions["contest.group"] = GroupCommitter(app)
    with app.app_context():
        if url.get_backend_name() == "sqlite":
            event.listen(db.engine, "connect", _sqlite_pragmas)
            event.listen(db.engine, "begin", _sqlite_begin)


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: BEGIN is sent by _sqlite_begin.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing() else "BEGIN")


@event.listens_for(db.session, "before_flush")
def _writes_need_the_gate(session: Any, _context: Any, _instances: Any) -> None:
    if not is_writing() and (session.new or session.deleted or session.dirty):
        raise WriteOutsideTransaction("open `with transaction():` around the service call")
