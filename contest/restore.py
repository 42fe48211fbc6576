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
from contest.doctor import revisions


def restore(source: Path, *, other_key: bool = False) -> dict[str, Any]:
    """Fill an empty database and the files folder from a backup. Raises BackupRefused; then nothing was changed.

    The whole backup is checked first. With `other_key` the installation's key may differ from the one that the
    personal data were encrypted with; they stay unreadable until that key is put back.
    """
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
            with _without_guards(connection):
                for table in db.metadata.sorted_tables:
                    _load_table(connection, table, manifest["tables"][table.name]["columns"], archive)
            _set_sequences(connection)
    return manifest


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
    """An empty schema of the backup's revision. Raises BackupRefused if the database holds anything."""
    import flask_migrate

    present = set(sa.inspect(db.engine).get_table_names())
    if not present & set(db.metadata.tables):
        flask_migrate.upgrade()
        present = set(sa.inspect(db.engine).get_table_names())
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            if table.name in present and connection.scalar(
                sa.select(sa.literal(1)).select_from(table).limit(1)
            ):
                raise BackupRefused(
                    f"The database holds data already (table {table.name}). Restore into an empty one: name another "
                    "with DATABASE_URL, or another folder with CONTEST_INSTANCE."
                )
    revision, expected = revisions()[0], manifest["revision"]
    if revision != expected or set(manifest["tables"]) != set(db.metadata.tables):
        raise BackupRefused(
            f"The backup is of revision {expected} (version {manifest['version']}), this program's is {revision}. "
            "Check out that version, restore there, then update and run `make migrate`."
        )


def _put_file(content: bytes, digest: str) -> None:
    path = files.path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


@contextlib.contextmanager
def _without_guards(connection: sa.Connection) -> Iterator[None]:
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
    tables, keys = db.metadata.sorted_tables, _foreign_keys(connection)
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


def _set_sequences(connection: sa.Connection) -> None:
    """PostgreSQL counts on from the highest restored number; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in db.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        name = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
        highest = connection.scalar(sa.select(sa.func.max(column)))
        if name and highest:
            connection.execute(sa.select(sa.func.setval(name, highest)))
