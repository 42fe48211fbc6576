"""What is kept about people as such: merges that can be taken back, requests, retention, and what was erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import db, enum_type
from contest.entries.models import Person, RequestKind, RequestState


class PersonMerge(db.Model):
    """Two rows of one human made one: what moved, so that it can be taken back exactly."""

    __tablename__ = "person_merge"
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    kept_id: Mapped[int]  # plain ids: merging moves every foreign key to a person, but never these two
    merged_id: Mapped[int] = mapped_column(index=True)
    moved: Mapped[dict[str, Any]]  # table.column → keys of the rows that moved; and what else was changed
    reason: Mapped[str]
    merged_at: Mapped[datetime]
    merged_by: Mapped[int | None]
    merged_name: Mapped[str] = mapped_column(default="")  # who did it
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
    undone_reason: Mapped[str] = mapped_column(default="")


class PersonRequest(db.Model):
    """What a person asks about their own data: that something be put right, or be taken out."""

    __tablename__ = "person_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(enum_type(RequestKind))
    field: Mapped[str] = mapped_column(sa.String(40), default="")
    wanted_cipher: Mapped[bytes | None]  # the value asked for; encrypted, whatever it is
    text: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    state: Mapped[RequestState] = mapped_column(enum_type(RequestState))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    decided_name: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    person: Mapped[Person] = relationship()


class RetentionRule(db.Model):
    """How long a holder keeps each kind of personal data after an edition ends; no row: for good."""

    __tablename__ = "retention_rule"
    __table_args__ = (sa.UniqueConstraint("holder_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    years: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]


class Erasure(db.Model):
    """One kind of data taken out of one person's (or edition's) rows; done twice it changes nothing."""

    __tablename__ = "erasure"
    __table_args__ = (sa.UniqueConstraint("kind", "subject_kind", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    subject_kind: Mapped[str] = mapped_column(sa.String(20))  # person, edition
    subject_id: Mapped[int]
    why: Mapped[str]  # policy, request
    erased_at: Mapped[datetime]
    erased_by: Mapped[int | None]
