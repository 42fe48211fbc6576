"""Scans that lie beside a published list: the stamped list itself, the signed summary."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import db


class ListScan(db.Model):
    """A scan of a signed or stamped paper of a list; the public reads it only where it was said so."""

    __tablename__ = "list_scan"
    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publication.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    title: Mapped[str]
    media_type: Mapped[str]
    is_public: Mapped[bool]
    added_at: Mapped[datetime]
    added_by: Mapped[int | None]
    added_name: Mapped[str]
    removed_at: Mapped[datetime | None]
