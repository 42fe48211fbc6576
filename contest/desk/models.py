"""How an edition's prizes are handed out: the order of the batches on stage, and who presents them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import db


class CeremonyBatch(db.Model):
    """One batch on stage: a prize of an event's ranking. Without a row it stands where it would by default."""

    __tablename__ = "ceremony_batch"
    __table_args__ = (sa.UniqueConstraint("event_id", "ranking_key", "award_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    ranking_key: Mapped[str] = mapped_column(sa.String(80))
    award_key: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int]
    presenter: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")  # music, side of the stage, who brings the medals
