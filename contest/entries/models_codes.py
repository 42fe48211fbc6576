"""Layered work codes (一次加密, 二次加密, 三次加密) and how they are opened again, one layer after the other."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import db


class CodePlan(db.Model):
    """How many layers of codes an event has; an event without a row has one, the work code itself."""

    __tablename__ = "code_plan"
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), primary_key=True)
    layers: Mapped[int]


class LayerCode(db.Model):
    """A subject's code of a lower layer; the uppermost is its work code, the only one that a judge sees."""

    __tablename__ = "layer_code"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "layer", "code"),
        sa.Index(
            "uq_layer_code_subject",
            "event_id",
            "layer",
            "entry_id",
            sa.text("coalesce(member_id, 0)"),
            unique=True,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    layer: Mapped[int]  # counted from the contestant: 1 stands next to the name
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    code: Mapped[str] = mapped_column(sa.String(12))
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None]


class LayerOpening(db.Model):
    """One layer opened at the decoding ceremony, before a witness. The uppermost comes first, names come last."""

    __tablename__ = "layer_opening"
    __table_args__ = (sa.UniqueConstraint("event_id", "layer"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    layer: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None]
    opened_name: Mapped[str]
    witness: Mapped[str]
