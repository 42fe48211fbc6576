"""`contest backup FILE`: everything but the secrets, in a form that either database can take back.

The file is a ZIP: `tables/<name>.jsonl` (a row a line, in the order of the manifest's columns), `files/<digest>`, and
`manifest.json` with a SHA-256 of every part. A table travels as plain JSON, so that what was saved on SQLite can be
restored on PostgreSQL and the other way round (`contest.restore`). The secrets are kept apart on purpose: whoever finds the backup must
not be able to read the ID numbers in it.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from importlib import metadata
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa

from contest import files, personal
from contest.db import db, now
from contest.doctor import revisions
from contest.errors import Refused

FORMAT = 1
ROWS_AT_ONCE = 1000
KEY_CHECK = "the key of a backup"


class BackupRefused(Refused):
    """The backup or the restore can't be done; the text says why and what to do."""

    code = "backup_refused"

    def __init__(self, text: str) -> None:
        super().__init__(text=text)
        self.text = text

    def __str__(self) -> str:
        return self.text


def back_up(target: Path) -> dict[str, Any]:
    """Write a consistent copy to `target` and return its manifest. Raises BackupRefused.

    The tables are read in one snapshot while the contest goes on. Stored files never change once written and are
    there before their row is, so copying them afterwards misses nothing.
    """
    if target.exists():
        raise BackupRefused(f"{target} exists already, and no backup is overwritten. Name another file.")
    present, newest = revisions()
    if present not in (None, newest):
        raise BackupRefused(
            f"The database is at revision {present}, this program at {newest}. Back up with the version that the "
            "database belongs to (git checkout it), before the program is updated."
        )
    part = target.with_name(target.name + ".part")
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": now().isoformat(),
        "version": _version(),
        "revision": present,
        "key_check": personal.digest(KEY_CHECK),
        "tables": {},
        "files": 0,
    }
    with _private(part) as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        with _snapshot() as connection:
            for table in db.metadata.sorted_tables:
                manifest["tables"][table.name] = _save_table(connection, table, archive)
            digests = sorted(set(connection.scalars(sa.select(files.StoredFile.digest))))
        for digest in digests:
            _save_file(digest, archive)
        manifest["files"] = len(digests)
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))
    part.replace(target)
    return manifest


def _plain(value: Any) -> Any:
    """A column's value as JSON can carry it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, UUID):
        return str(value)
    return getattr(value, "value", value)  # enum members travel as their value


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.columns if column.computed is None]


@contextlib.contextmanager
def _snapshot() -> Iterator[sa.Connection]:
    """A connection that sees one instant of the database, whatever is written meanwhile."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def _save_table(connection: sa.Connection, table: sa.Table, archive: zipfile.ZipFile) -> dict[str, Any]:
    columns = _columns(table)
    wanted = [sa.cast(c, sa.Text).label(c.name) if isinstance(c.type, sa.JSON) else c for c in columns]
    rows = connection.execute(
        sa.select(*wanted).order_by(*table.primary_key.columns), execution_options={"yield_per": ROWS_AT_ONCE}
    )
    digest, count = hashlib.sha256(), 0
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
        for row in rows:
            line = json.dumps([_plain(value) for value in row], ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            out.write(line)
            count += 1
    return {"rows": count, "sha256": digest.hexdigest(), "columns": [column.name for column in columns]}


def _save_file(digest: str, archive: zipfile.ZipFile) -> None:
    path = files.path_of(digest)
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise BackupRefused(
            f"The stored file {path} is missing or was changed, so this would be no whole backup. Restore that file "
            "from an older backup (there it is files/<the same name>), then back up again."
        )
    archive.write(path, f"files/{digest}", zipfile.ZIP_STORED)


@contextlib.contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file that its owner alone can read; removed again when writing fails."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _version() -> str:
    try:
        return metadata.version("contest")
    except metadata.PackageNotFoundError:
        return "unreleased"


def register(subparsers: argparse._SubParsersAction) -> None:
    """`contest backup FILE` and `contest restore FILE`."""
    save = subparsers.add_parser("backup", help="write database and stored files to FILE; never the secrets")
    save.add_argument("file", type=Path)
    save.set_defaults(run=_run_backup)
    load = subparsers.add_parser("restore", help="fill an empty database and the files folder from FILE")
    load.add_argument("file", type=Path)
    load.add_argument(
        "--other-key", action="store_true", help="although the secrets are not those of the backup"
    )
    load.set_defaults(run=_run_restore)


def _run_backup(args: argparse.Namespace) -> int:
    return _told(lambda: back_up(args.file), f"{args.file}: saved")


def _run_restore(args: argparse.Namespace) -> int:
    from contest.restore import restore

    return _told(lambda: restore(args.file, other_key=args.other_key), f"{args.file}: restored")


def _told(work: Any, done: str) -> int:
    try:
        manifest = work()
    except BackupRefused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    rows = sum(table["rows"] for table in manifest["tables"].values())
    sys.stdout.write(
        f"{done} {rows} rows of {len(manifest['tables'])} tables and {manifest['files']} stored files.\n"
        "The secrets are not in it: keep a copy of instance/secrets.env apart. Without it ID numbers stay unreadable.\n"
    )
    return 0
