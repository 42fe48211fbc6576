"""Which person of the register a judge is: judges sign in by accounts of their own, so nobody knows until it is said."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import db


class JudgeRecord(db.Model):
    """A judge of an edition is this person; their service stands in the person's record."""

    __tablename__ = "judge_record"
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    linked_at: Mapped[datetime]
    linked_by: Mapped[int | None]
