"""`contest restore FILE`: fills an empty database and the files folder from a backup, after checking all of it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from contest import files, personal
from contest.backup import FORMAT, KEY_CHECK, ROWS_AT_ONCE, BackupRefused
from contest.db import UTCDateTime, db, transaction
from contest.doctor import ROOT, revisions


def restore(source: Path, *, other_key: bool = False) -> dict[str, Any]:
    """Fill an empty database and the files folder from a backup. Raises BackupRefused; then nothing was changed.

    The whole backup is checked first. One of an older version is restored as that version left it and brought to
    the newest revision afterwards, as `contest migrate` would have done. With `other_key` the installation's key may
    differ from the one that the personal data were encrypted with; they stay unreadable until that key is put back.
    """
    import flask_migrate

    with _opened(source) as archive:
        manifest = _checked(archive)
        if manifest["key_check"] != personal.digest(KEY_CHECK) and not other_key:
            raise BackupRefused(
                "The ID numbers in this backup were encrypted with another key. Put the secrets file of that "
                "installation back first; --other-key restores without being able to read them."
            )
        _prepare(manifest)
        for name in archive.namelist():
            if name.startswith("files/"):
                _put_file(archive.read(name), name.removeprefix("files/"))
        with transaction():
            connection = db.session.connection()
            tables = _tables(connection, manifest)
            with _without_guards(connection, tables):
                for table in tables:
                    _load_table(connection, table, manifest["tables"][table.name]["columns"], archive)
            _set_sequences(connection, tables)
    if manifest["revision"] is not None:
        flask_migrate.upgrade()
    return manifest


def _tables(connection: sa.Connection, manifest: dict[str, Any]) -> list[sa.Table]:
    """The backup's tables as the database has them now; a column's type as the models say, where they still have it."""
    inspector, present = sa.inspect(connection), sa.MetaData()
    for name in manifest["tables"]:
        model = db.metadata.tables.get(name)
        known = model.columns if model is not None else {}
        keys = inspector.get_pk_constraint(name)["constrained_columns"]
        sa.Table(
            name,
            present,
            *(
                sa.Column(
                    row["name"],
                    known[row["name"]].type if row["name"] in known else row["type"],
                    primary_key=row["name"] in keys,
                )
                for row in inspector.get_columns(name)
            ),
        )
    return [present.tables[name] for name in manifest["tables"]]


def _typed(value: Any, kind: sa.types.TypeEngine[Any]) -> Any:
    """The value again, for a column of this type."""
    if isinstance(kind, sa.JSON):  # saved as its text: SQL's NULL is not JSON's null
        return sa.null() if value is None else (sa.JSON.NULL if value == "null" else json.loads(value))
    if value is None:
        return None
    if isinstance(kind, UTCDateTime | sa.DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(value)
    return UUID(value) if isinstance(kind, sa.Uuid) else value


@contextlib.contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupRefused(f"{source} can't be read as a backup: {error}. Nothing was changed.") from error


def _checked(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, after every part was read and compared with its digest."""
    try:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError) as error:
        raise BackupRefused("The file has no manifest: it is no backup, or not a whole one.") from error
    if manifest["format"] != FORMAT:
        raise BackupRefused(
            f"The backup has format {manifest['format']}; this version reads format {FORMAT}."
        )
    parts = {f"tables/{name}.jsonl": table["sha256"] for name, table in manifest["tables"].items()}
    stored = [name for name in archive.namelist() if name.startswith("files/")]
    parts |= {name: name.removeprefix("files/") for name in stored}
    present = set(archive.namelist())
    broken = sorted(name for name in parts if name not in present or _digest(archive, name) != parts[name])
    if broken or len(stored) != manifest["files"]:
        raise BackupRefused(
            f"The backup is damaged: {', '.join(broken) or 'stored files are missing'}. Take another."
        )
    return manifest


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    try:
        with archive.open(name) as part:
            return hashlib.file_digest(part, "sha256").hexdigest()  # type: ignore[arg-type]
    except zipfile.BadZipFile:
        return ""


def _prepare(manifest: dict[str, Any]) -> None:
    """An empty schema of the backup's revision. Raises BackupRefused if there can be none, or the database holds rows."""
    import flask_migrate
    from alembic.script import ScriptDirectory

    revision, version = manifest["revision"], manifest["version"]
    known = {script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()}
    if revision is not None and revision not in known:
        raise BackupRefused(
            f"The backup is of revision {revision} (version {version}), which this program does not know: it was made "
            "by a newer one. Update the program to that version, then restore."
        )
    if not set(sa.inspect(db.engine).get_table_names()) & set(db.metadata.tables):
        flask_migrate.upgrade(revision=revision or "head")
    present = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
    _refuse_rows(present)
    if revisions()[0] != revision or set(manifest["tables"]) != present:
        raise BackupRefused(
            f"The backup is of revision {revision} (version {version}), the empty database of {revisions()[0]}. "
            "Restore into a database without tables: name another with DATABASE_URL, or another folder with "
            "CONTEST_INSTANCE."
        )


def _refuse_rows(names: set[str]) -> None:
    """Raises BackupRefused if any of the tables holds a row."""
    with db.engine.connect() as connection:
        for name in sorted(names):
            if connection.scalar(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)):
                raise BackupRefused(
                    f"The database holds data already (table {name}). Restore into an empty one: name another "
                    "with DATABASE_URL, or another folder with CONTEST_INSTANCE."
                )


def _put_file(content: bytes, digest: str) -> None:
    path = files.path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


@contextlib.contextmanager
def _without_guards(connection: sa.Connection, tables: list[sa.Table]) -> Iterator[None]:
    """Foreign keys are checked at the end, and triggers that guard new rows rest: these rows are not new."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        triggers = list(
            connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        )
        for name, _ in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in triggers:
            connection.exec_driver_sql(sql)
        return
    keys = _foreign_keys(connection)
    for owner, name, _ in keys:
        connection.exec_driver_sql(f'ALTER TABLE {owner} DROP CONSTRAINT "{name}"')
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
    yield
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')
    for owner, name, definition in keys:
        connection.exec_driver_sql(f'ALTER TABLE {owner} ADD CONSTRAINT "{name}" {definition}')


def _foreign_keys(connection: sa.Connection) -> list[tuple[str, str, str]]:
    """PostgreSQL's foreign keys of this schema: table, name, definition."""
    rows = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
    )
    return [(table, name, definition) for table, name, definition in rows]


def _load_table(
    connection: sa.Connection, table: sa.Table, columns: list[str], archive: zipfile.ZipFile
) -> None:
    kinds = [table.columns[name].type for name in columns]
    batch: list[dict[str, Any]] = []
    with archive.open(f"tables/{table.name}.jsonl") as lines:
        for line in lines:
            values = zip(columns, json.loads(line), kinds, strict=True)
            batch.append({name: _typed(value, kind) for name, value, kind in values})
            if len(batch) == ROWS_AT_ONCE:
                connection.execute(table.insert(), batch)
                batch = []
    if batch:
        connection.execute(table.insert(), batch)


def _set_sequences(connection: sa.Connection, tables: list[sa.Table]) -> None:
    """PostgreSQL counts on from the highest restored number; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        column = table.autoincrement_column
        if column is None:
            continue
        name = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
        highest = connection.scalar(sa.select(sa.func.max(column)))
        if name and highest:
            connection.execute(sa.select(sa.func.setval(name, highest)))
