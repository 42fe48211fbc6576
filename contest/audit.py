"""Who did what to which row, from where, old → new, and why. Hash-chained per contest."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import db, now

if TYPE_CHECKING:
    from contest.accounts.access import Actor

GENESIS = "0" * 64


class Change(db.Model):
    """One line of the log. The chain covers salted commitments, so `values` may be erased without breaking it."""

    __tablename__ = "change"
    __table_args__ = (sa.UniqueConstraint("contest_id", "sequence"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(index=True)  # 0 is the installation itself
    sequence: Mapped[int]
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(index=True)
    account_name: Mapped[str]
    via: Mapped[str] = mapped_column(default="")
    ip: Mapped[str] = mapped_column(default="")
    action: Mapped[str] = mapped_column(index=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int | None]
    values: Mapped[dict[str, Any]]  # field → [old, new]
    reason: Mapped[str] = mapped_column(default="")
    salt: Mapped[str]
    commitment: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


def record(
    actor: Actor,
    action: str,
    subject: Any = None,
    *,
    contest_id: int | None = None,
    changes: dict[str, Any] | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Change:
    """Append one line inside the running transaction. `changes`: field → [old, new], plain JSON values.

    Never put a full ID number, telephone or secret into `changes`; masked forms are enough.
    """
    contest = contest_id if contest_id is not None else int(getattr(subject, "contest_id", 0) or 0)
    _hold_the_chain(contest)
    last = db.session.scalars(
        sa.select(Change).where(Change.contest_id == contest).order_by(Change.sequence.desc()).limit(1)
    ).first()
    line = Change(
        contest_id=contest,
        sequence=last.sequence + 1 if last else 1,
        at=at or now(),
        account_id=actor.account_id,
        account_name=actor.name,
        via=actor.via,
        ip=actor.ip,
        action=action,
        subject_kind=type(subject).__name__ if subject is not None else "",
        subject_id=getattr(subject, "id", None),
        values=changes or {},
        reason=reason,
        salt=secrets.token_hex(16),
        previous=last.hash if last else GENESIS,
    )
    line.commitment = _commitment(line)
    line.hash = _link(line)
    db.session.add(line)
    db.session.flush()
    return line


def broken_links(contest_id: int) -> list[int]:
    """Sequence numbers whose hash doesn't follow from the line before; empty when the chain is whole."""
    broken, previous, expected = [], GENESIS, 1
    lines = db.session.scalars(
        sa.select(Change).where(Change.contest_id == contest_id).order_by(Change.sequence)
    )
    for line in lines:
        if (line.previous, line.sequence, line.hash) != (previous, expected, _link(line)):
            broken.append(line.sequence)
        previous, expected = line.hash, line.sequence + 1
    return broken


def _commitment(line: Change) -> str:
    content = json.dumps(
        [line.values, line.reason, line.account_name, line.ip], ensure_ascii=False, sort_keys=True
    )
    return hashlib.sha256((line.salt + content).encode()).hexdigest()


def _link(line: Change) -> str:
    parts = [line.previous, line.contest_id, line.sequence, line.at.isoformat(), line.account_id, line.action]
    parts += [line.subject_kind, line.subject_id, line.commitment]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _hold_the_chain(contest_id: int) -> None:
    # Two PostgreSQL writers would fork the chain; on SQLite the writer's gate already stands before them.
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": 7_000_000 + contest_id})
