"""The workbook that an edition's lists are filled into."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import db


class ListTemplate(db.Model):
    """An edition's own workbook with placeholders; without a row lists have the usual form only."""

    __tablename__ = "list_template"
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    name: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[int | None]
    added_name: Mapped[str]
