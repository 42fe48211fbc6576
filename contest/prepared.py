"""Statements that are built and compiled once a process, for the few places that run hundreds of times a second.

They run on the session's own connection and transaction and give plain tuples. SQLAlchemy still writes the SQL and
converts the values; what is left out is its work at each execution, which for a mark would be most of the time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from contest.db import WriteOutsideTransaction, db, is_writing

Convert = Callable[[Any], Any]
TOGETHER = 64  # rows of one INSERT on SQLite; more would hardly be faster and take long to compile


class _Listed(sa.types.TypeDecorator[Sequence[Any]]):
    """A list of values as one parameter, for SQLite: JSON of what the column's own type makes of each."""

    impl = sa.String
    cache_ok = True

    def __init__(self, item: Any) -> None:
        super().__init__()
        self.item = item

    def process_bind_param(self, value: Sequence[Any] | None, dialect: sa.Dialect) -> str:
        convert = _converter(self.item, dialect, "bind")
        return json.dumps([convert(one) if convert else one for one in value or ()])


def any_of(column: Any, name: str, dialect: str) -> Any:
    """`column` is one of the values given as the list `name`: one parameter, so one statement for any length."""
    if dialect == "postgresql":
        return column == sa.any_(sa.bindparam(name, type_=postgresql.ARRAY(column.type)))
    listed = sa.func.json_each(sa.bindparam(name, type_=_Listed(column.type))).table_valued("value")
    return column.in_(sa.select(listed.c.value))


class Insert:
    """INSERT of rows, given as one list a column; answers these columns of each row that no unique index knew before."""

    def __init__(self, table: Any, *answers: str) -> None:
        self.table, self.answers = table, answers
        self.columns = [column for column in table.columns if not column.primary_key]
        self.written: dict[int, Prepared] = {}
        self._of(1)  # known from the start, so that it is compiled with the others

    def rows(
        self, lists: Mapping[str, Sequence[Any]], *, on: sa.Connection | None = None
    ) -> list[tuple[Any, ...]]:
        """Write them in the order given, inside the session's transaction."""
        connection = on if on is not None else db.session.connection()
        if connection.dialect.name == "postgresql":
            return self._of(1).rows(lists, on=connection)
        found: list[tuple[Any, ...]] = []
        start, wanted = 0, len(next(iter(lists.values())))
        while start < wanted:
            count = min(TOGETHER, 1 << ((wanted - start).bit_length() - 1))  # powers of two: few statements
            values = {
                f"{name}_{place}": items[start + place]
                for name, items in lists.items()
                for place in range(count)
            }
            found += self._of(count).rows(values, on=connection)
            start += count
        return found

    def _of(self, count: int) -> Prepared:
        if count not in self.written:
            self.written[count] = Prepared(
                lambda dialect: self._unnested() if dialect == "postgresql" else self._values(count)
            )
        return self.written[count]

    def _unnested(self) -> Any:
        """One array a column: one round trip and one plan, however many rows."""
        arrays = [sa.bindparam(column.name, type_=postgresql.ARRAY(column.type)) for column in self.columns]
        names = [column.name for column in self.columns]
        rows = sa.func.unnest(*arrays).table_valued(*names).render_derived()
        chosen = sa.select(*(rows.c[name] for name in names))
        start = postgresql.insert(self.table).from_select(names, chosen, include_defaults=False)
        return start.on_conflict_do_nothing().returning(*self._answers())

    def _values(self, count: int) -> Any:
        values = [
            {
                column.name: sa.bindparam(f"{column.name}_{place}", type_=column.type)
                for column in self.columns
            }
            for place in range(count)
        ]
        start = sqlite.insert(self.table).values(values).on_conflict_do_nothing()
        return start.returning(*self._answers())

    def _answers(self) -> list[Any]:
        return [self.table.c[name] for name in self.answers]


@dataclass(frozen=True)
class _Compiled:
    """One statement for one database: its SQL, converters of parameters and of columns (None: as it is)."""

    sql: str
    places: Sequence[str] | None  # names in order where parameters go by place
    fixed: Mapping[str, Any]
    into: Mapping[str, Convert]
    out: tuple[tuple[int, Convert], ...]
    is_select: bool
    options: Mapping[str, Any]  # for the driver: psycopg keeps the plan from the first execution on

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
    """A statement by the function that builds it from the dialect's name."""

    known: ClassVar[list[Prepared]] = []

    def __init__(self, build: Callable[[str], Any]) -> None:
        self.build = build
        self.compiled: dict[str, _Compiled] = {}
        self.known.append(self)

    def rows(self, values: Mapping[str, Any], *, on: sa.Connection | None = None) -> list[tuple[Any, ...]]:
        """Run it inside the session's transaction; a value of an `any_of` is a list.

        on: the session's connection, where the caller has it at hand for many statements.
        """
        connection = on if on is not None else db.session.connection()
        compiled = self.compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = self.compile(connection.dialect)
        if not compiled.is_select and not is_writing():
            raise WriteOutsideTransaction("open `with transaction():` around the service call")
        raw: Any = connection.connection.driver_connection
        dialect: Any = connection.dialect
        try:
            found = raw.execute(compiled.sql, compiled.parameters(values), **compiled.options).fetchall()
        except dialect.dbapi.Error as error:
            if dialect.is_disconnect(error, raw, None):
                connection.exec_driver_sql(
                    "SELECT 1"
                )  # SQLAlchemy sees it too, and drops all that it has kept
            raise
        return [compiled.row(row) for row in found] if compiled.out else found

    def compile(self, dialect: sa.Dialect) -> _Compiled:
        """Write its SQL for a database; later executions take it from here."""
        compiled = self.compiled[dialect.name] = _compile(self.build(dialect.name), dialect)
        return compiled


def compile_all(dialect: sa.Dialect) -> None:
    """Compile every statement of the loaded rooms, so that the first requests after a start don't wait for it."""
    for one in list(Prepared.known):
        one.compile(dialect)


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
        options={"prepare": True} if dialect.name == "postgresql" else {},
    )


def _converter(kind: Any, dialect: sa.Dialect, way: str) -> Convert | None:
    """The function between Python's value and the driver's; None where there is nothing to do."""
    impl = kind.dialect_impl(dialect)
    return impl.bind_processor(dialect) if way == "bind" else impl.result_processor(dialect, None)
