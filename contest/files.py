"""Files kept by their digest: uploads as they came, papers as they were issued."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import db
from contest.errors import Refused

WRITERS = 8  # files written to disk at the same moment


class DiskFull(Refused):
    """No room is left for a file; nothing of it was kept."""

    code = "disk_full"
    status = 507


class StoredFile(db.Model):
    """One file's name and digest; the bytes lie in the instance's `files/` folder under the digest."""

    __tablename__ = "stored_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(index=True)  # 0 is the installation itself
    digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    stored_at: Mapped[datetime]
    account_id: Mapped[int | None]


def store(
    content: bytes, *, name: str, media_type: str, contest_id: int, actor_id: int | None, at: datetime
) -> StoredFile:
    """Write the bytes (whole or not at all: temporary file, then rename) and return their flushed row."""
    kept = Kept(_write(content, path_of(digest := _digest(content))), digest, len(content))
    row = row_of(kept, name=name, media_type=media_type, contest_id=contest_id, actor_id=actor_id, at=at)
    db.session.add(row)
    db.session.flush()
    return row


@dataclass(frozen=True)
class Kept:
    """Bytes that lie safely under their digest."""

    path: Path
    digest: str
    size: int


def keep_all(contents: Iterable[bytes]) -> list[Kept]:
    """Write many contents, each whole or not at all, all on disk when this returns; rows are made by the caller.

    The disk confirms several files at once about eight times faster than one after the other. Call it outside the
    transaction: bytes that get no row in the end are found again by their digest.
    """
    placed = [(content, digest, path_of(digest)) for content in contents for digest in [_digest(content)]]
    with ThreadPoolExecutor(WRITERS) as pool:
        paths = pool.map(lambda one: _write(one[0], one[2]), placed)
        return [
            Kept(path, digest, len(content)) for path, (content, digest, _) in zip(paths, placed, strict=True)
        ]


def keep_file(source: Path) -> Kept:
    """Take a finished file of the same file system in, without reading it into memory."""
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    path = path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    source.replace(path)
    return Kept(path, digest, path.stat().st_size)


def row_of(
    kept: Kept, *, name: str, media_type: str, contest_id: int, actor_id: int | None, at: datetime
) -> StoredFile:
    """The row of bytes that are kept already, not yet in the session."""
    return StoredFile(
        contest_id=contest_id, digest=kept.digest, name=name, media_type=media_type, size=kept.size,
        stored_at=at, account_id=actor_id,
    )  # fmt: skip


def workshop() -> Path:
    """A folder on the file system of the stored files, for files that are still being written."""
    folder = Path(current_app.config["CONTEST"].files) / "unfinished"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(content: bytes, path: Path) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)  # a half-written file would take the room that others need
            if is_full(error):
                raise DiskFull() from error
            raise
    return path


def is_full(error: BaseException) -> bool:
    """Whether an error says that no room is left on the disk, or within what this installation may use of it."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def path_of(digest: str) -> Path:
    """Where the bytes of a digest lie."""
    return Path(current_app.config["CONTEST"].files) / digest[:2] / digest


def opened(row: StoredFile) -> BinaryIO:
    """The bytes as an open file, for files too large for memory; checked against the digest as `read` does."""
    file = path_of(row.digest).open("rb")
    if hashlib.file_digest(file, "sha256").hexdigest() != row.digest:
        file.close()
        raise OSError(f"{row.digest}: the stored file was changed on disk")
    file.seek(0)
    return file


def read(row: StoredFile) -> bytes:
    """The bytes again. Raises OSError if the disk changed them: a wrong paper is worse than none."""
    content = path_of(row.digest).read_bytes()
    if hashlib.sha256(content).hexdigest() != row.digest:
        raise OSError(f"{row.digest}: the stored file was changed on disk")
    return content
