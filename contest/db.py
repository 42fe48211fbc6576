"""The database object, its types, and the only place that commits."""

from __future__ import annotations

import contextlib
import enum
import fcntl
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, registry

from contest.grouping import Group, each_alone

I = TypeVar("I")  # noqa: E741
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
CHANGED = "changed"  # in a session's `info`: a statement outside `transaction()` that was no SELECT


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
    end_reading()
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


def end_reading() -> None:
    """End a transaction that only read; whatever else it did is undone.

    On PostgreSQL that is a COMMIT: psycopg forgets all its prepared statements at a ROLLBACK, and planning them anew
    would cost more than running them.
    """
    session = db.session()
    is_clean = not (session.new or session.dirty or session.deleted or session.info.pop(CHANGED, False))
    if (
        is_clean
        and session.in_transaction()
        and session.is_active
        and session.get_bind().dialect.name == "postgresql"
    ):
        session.commit()
    else:
        session.rollback()


def hold_row(row: Any) -> None:
    """Hold a row until the transaction ends, and read it again as it is now.

    The row alone is held, by its key: `refresh` would repeat the joins it was loaded with, and PostgreSQL holds no row
    through an outer join.
    """
    key = sa.inspect(type(row)).primary_key[0]
    db.session.execute(sa.select(key).where(key == row.id).with_for_update())
    db.session.refresh(row)


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


def in_group(work: Callable[[], T]) -> T:
    """Write in one commit with what other requests write just now: a durable commit costs more than many marks.

    As with `transaction()`, the caller's reading transaction ends: what it reads afterwards is what stands then.
    """
    return cast(T, write_together(each_alone, work))


def write_together(do: Callable[[Sequence[I]], Sequence[T]], item: I) -> T:
    """The same for work that is done at once for all the requests of a group: `do` gets their items, and answers each."""
    end_reading()
    return cast(T, current_app.extensions["contest.writing"].submit(do, item))


def read_together(do: Callable[[Sequence[I]], Sequence[T]], item: I) -> T:
    """Read with one statement what many requests ask for just now; each database connection saved is worth much.

    `do` gets the items of all. A session that is in a transaction already asks by itself: it may have changed something.
    """
    if db.session().in_transaction():
        return do([item])[0]
    return cast(T, current_app.extensions["contest.reading"].submit(do, item))


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    finally:
        end_reading()


def engine_options(threads: int) -> dict[str, Any]:
    """A connection for each thread stays open, and the one used last is taken first: it has its plans and pages."""
    return {"pool_size": threads, "max_overflow": 4, "pool_use_lifo": True}


def init_app(app: Any) -> None:
    """Bind the database, its pragmas and the gate to an application."""
    db.init_app(app)
    url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    sqlite_file = url.database if url.get_backend_name() == "sqlite" else None
    app.extensions["contest.gate"] = f"{sqlite_file}.gate" if sqlite_file else None
    app.extensions["contest.writing"] = Group(transaction)
    app.extensions["contest.reading"] = Group(_reading)
    app.teardown_appcontext(_end_request)  # before the session is closed, which would be a ROLLBACK
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
    raw: Any = connection.connection.driver_connection
    raw.execute("BEGIN IMMEDIATE" if is_writing() else "BEGIN")


@event.listens_for(db.session, "before_flush")
def _writes_need_the_gate(session: Any, _context: Any, _instances: Any) -> None:
    if not is_writing() and (session.new or session.deleted or session.dirty):
        raise WriteOutsideTransaction("open `with transaction():` around the service call")


@event.listens_for(db.session, "do_orm_execute")
def _notice_changes(state: Any) -> None:
    if not state.is_select and not is_writing():
        state.session.info[CHANGED] = True


def _end_request(error: BaseException | None) -> None:
    if error is None and db.session.registry.has() and not is_writing():
        with contextlib.suppress(
            sa.exc.SQLAlchemyError
        ):  # the answer is made; a dead connection is closed next
            end_reading()
