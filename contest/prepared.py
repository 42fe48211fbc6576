"""Statements that are built and compiled once a process, for the few places that run hundreds of times a second.

They run on the session's own connection and transaction and give plain tuples. SQLAlchemy still writes the SQL and
converts the values; what is left out is its work at each execution, which for a mark would be most of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from contest.db import WriteOutsideTransaction, db, is_writing

Convert = Callable[[Any], Any]


def each(name: str, column: Any, count: int) -> list[sa.BindParameter[Any]]:
    """Parameters for `column.in_(…)`, one for each value of the list that will be given as `name`."""
    return [sa.bindparam(f"{name}_{place}", type_=column.type) for place in range(count)]


def insert_unless_there(table: Any, *answers: str) -> Callable[..., Any]:
    """INSERT of rows, given as one list a column; answers these columns of each row that no unique index knew before.

    For `Prepared`, with as many rows at once as a power of two: other numbers would be filled up with repetitions.
    """
    columns = [column for column in table.columns if not column.primary_key]

    def build(dialect: str, count: int, *_counts: int) -> Any:
        values = [
            {column.name: sa.bindparam(f"{column.name}_{place}", type_=column.type) for column in columns}
            for place in range(count)
        ]
        start = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
        return start.values(values).on_conflict_do_nothing().returning(*(table.c[name] for name in answers))

    return build


@dataclass(frozen=True)
class _Compiled:
    """One statement for one database: its SQL, converters of parameters and of columns (None: as it is)."""

    sql: str
    places: Sequence[str] | None  # names in order where parameters go by place
    fixed: Mapping[str, Any]
    into: Mapping[str, Convert]
    out: tuple[tuple[int, Convert], ...]
    is_select: bool

    def parameters(self, values: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **values}
        for name, convert in self.into.items():
            given[name] = convert(given[name])
        return [given[name] for name in self.places] if self.places is not None else given

    def row(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for place, convert in self.out:
            values[place] = convert(values[place])
        return tuple(values)


class Prepared:
    """A statement by the function that builds it: from the dialect's name and the lengths of its lists."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self.build = build
        self.compiled: dict[tuple[Any, ...], _Compiled] = {}

    def rows(
        self,
        values: Mapping[str, Any],
        lists: Mapping[str, Sequence[Any]] | None = None,
        *,
        on: sa.Connection | None = None,
    ) -> list[tuple[Any, ...]]:
        """Run it inside the session's transaction; `lists` are the values of each `each(…)`, never empty.

        on: the session's connection, where the caller has it at hand for many statements.
        """
        connection = on if on is not None else db.session.connection()
        given, lengths = dict(values), []
        for name, items in (lists or {}).items():
            length = 1 << (len(items) - 1).bit_length()  # a power of two: few lengths, few statements
            lengths.append(length)
            filled = [*items, *[items[-1]] * (length - len(items))]
            given.update((f"{name}_{place}", item) for place, item in enumerate(filled))
        key = (connection.dialect.name, *lengths)
        compiled = self.compiled.get(key)
        if compiled is None:
            compiled = self.compiled[key] = _compile(self.build(*key), connection.dialect)
        if not compiled.is_select and not is_writing():
            raise WriteOutsideTransaction("open `with transaction():` around the service call")
        raw: Any = connection.connection.driver_connection
        dialect: Any = connection.dialect
        try:
            found = raw.execute(compiled.sql, compiled.parameters(given)).fetchall()
        except dialect.dbapi.Error as error:
            if dialect.is_disconnect(error, raw, None):
                connection.exec_driver_sql(
                    "SELECT 1"
                )  # SQLAlchemy sees it too, and drops all that it has kept
            raise
        return [compiled.row(row) for row in found] if compiled.out else found


def _compile(statement: Any, dialect: sa.Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    binds = {name: compiled.binds[name] for name in compiled.bind_names.values()}
    into = {name: _converter(bind.type, dialect, "bind") for name, bind in binds.items()}
    out = [_converter(column.type, dialect, "result") for column in statement.exported_columns]
    fixed = {
        name: convert(bind.effective_value) if (convert := into[name]) else bind.effective_value
        for name, bind in binds.items()
        if not bind.required
    }
    return _Compiled(
        sql=compiled.string,
        places=compiled.positiontup,
        fixed=fixed,
        into={name: convert for name, convert in into.items() if convert and name not in fixed},
        out=tuple((place, convert) for place, convert in enumerate(out) if convert),
        is_select=statement.is_select,
    )


def _converter(kind: Any, dialect: sa.Dialect, way: str) -> Convert | None:
    """The function between Python's value and the driver's; None where there is nothing to do."""
    impl = kind.dialect_impl(dialect)
    return impl.bind_processor(dialect) if way == "bind" else impl.result_processor(dialect, None)
