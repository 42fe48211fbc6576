"""Rows for every table there is, whatever the rooms' models hold: a backup must carry all kinds of columns."""

from __future__ import annotations

import contextlib
import enum
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from contest.db import UTCDateTime, db, transaction

NAMESPACE = UUID("00000000-0000-0000-0000-00000000c0de")
START = datetime(2026, 11, 20, 8, 30, 15, 123456, tzinfo=UTC)


def fill_every_table(copies: int = 3) -> dict[str, int]:
    """Up to `copies` rows in each table; returns how many each took. Raises AssertionError if one takes none."""
    with transaction():
        connection = db.session.connection()
        for table in db.metadata.sorted_tables:
            for number in range(copies):
                _insert(connection, table, number)
        counts = {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in db.metadata.sorted_tables
        }
    assert min(counts.values()) > 0, [name for name, count in counts.items() if not count]
    return counts


def _insert(connection: sa.Connection, table: sa.Table, number: int) -> None:
    """A full row, else one with its optional columns left empty: some rules allow only the one or the other."""
    for only_needed in (number == 1, number != 1):
        values = {
            column.name: _value(connection, column, number)
            for column in table.columns
            if column.computed is None and not (only_needed and column.nullable)
        }
        with contextlib.suppress(sa.exc.IntegrityError), connection.begin_nested():
            connection.execute(table.insert(), values)
            return


def _value(connection: sa.Connection, column: sa.Column[Any], number: int) -> Any:
    if column.foreign_keys:
        key = next(iter(column.foreign_keys)).column
        ids = list(connection.scalars(sa.select(key).order_by(key)))
        return ids[min(number, len(ids) - 1)] if ids else None
    kind = column.type
    if isinstance(kind, sa.Enum) and kind.enum_class:
        members: list[enum.Enum] = list(kind.enum_class)
        return members[0]
    if isinstance(kind, UTCDateTime):
        return START + timedelta(hours=number)
    if isinstance(kind, sa.Date):
        return date(2026, 11, 20) + timedelta(days=number)
    if isinstance(kind, sa.JSON):
        return [{"name": "才让·卓玛", "list": [1, None, 2.5]}, None, []][number % 3]
    if isinstance(kind, sa.LargeBinary):
        return bytes([0, 255, number])
    if isinstance(kind, sa.Uuid):
        return uuid5(NAMESPACE, f"{column.table.name}.{column.name}.{number}")
    if isinstance(kind, sa.Boolean):
        return number % 2 == 0
    if isinstance(kind, sa.Integer):
        return number + 1 if column.primary_key or column.unique else number + 1 + 7 * (column.name == "id")
    if isinstance(kind, sa.Numeric):
        return number + 0.5
    length = getattr(kind, "length", None) or 60
    return f"{number}䶮“{column.name}”\n"[:length]
