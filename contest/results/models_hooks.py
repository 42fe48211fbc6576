"""What an organiser sets up for programs: webhooks with their deliveries, and tokens for the interface."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import db


class Webhook(db.Model):
    """An address that is told when a public list of a contest changes; the secret signs what is sent."""

    __tablename__ = "webhook"
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    url: Mapped[str]
    secret_cipher: Mapped[bytes]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    created_name: Mapped[str]
    ended_at: Mapped[datetime | None]
    deliveries: Mapped[list[Delivery]] = relationship(back_populates="webhook", order_by="Delivery.id.desc()")


class Delivery(db.Model):
    """One message to one webhook: due, tried again with growing pauses, delivered or given up."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (sa.UniqueConstraint("webhook_id", "step_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(sa.ForeignKey("webhook.id"), index=True)
    step_id: Mapped[int] = mapped_column(sa.ForeignKey("publication_step.id"))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # None: delivered or given up
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    last_status: Mapped[int | None]
    last_error: Mapped[str] = mapped_column(default="")
    webhook: Mapped[Webhook] = relationship(back_populates="deliveries")


class ApiToken(db.Model):
    """A secret with which a program reads the lists of a contest in the name of the account that made it."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    account_name: Mapped[str]
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
