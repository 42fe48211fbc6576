"""Files kept by their digest: uploads as they came, papers as they were issued."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import db


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
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    row = StoredFile(
        contest_id=contest_id,
        digest=digest,
        name=name,
        media_type=media_type,
        size=len(content),
        stored_at=at,
        account_id=actor_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def path_of(digest: str) -> Path:
    """Where the bytes of a digest lie."""
    return Path(current_app.config["CONTEST"].files) / digest[:2] / digest


def read(row: StoredFile) -> bytes:
    """The bytes again. Raises OSError if the disk changed them: a wrong paper is worse than none."""
    content = path_of(row.digest).read_bytes()
    if hashlib.sha256(content).hexdigest() != row.digest:
        raise OSError(f"{row.digest}: the stored file was changed on disk")
    return content
