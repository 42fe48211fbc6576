"""What is done to a frozen list before anybody outside sees it: found right, asked to be published."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import db
from contest.results.models import Snapshot


class SnapshotCheck(db.Model):
    """A person's word on a frozen list; it holds for exactly its digest.

    kind: checked (compared with the score sheets) or asked (wants it published; a second person publishes it).
    """

    __tablename__ = "snapshot_check"
    __table_args__ = (sa.UniqueConstraint("snapshot_id", "kind", "account_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshot.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    role: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None]
    account_name: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(sa.String(64))
    snapshot: Mapped[Snapshot] = relationship()
