"""The register of certificates: every number accounted for; states follow from what lies to the left."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.awards.models import Award
from contest.db import db, enum_type


class CertificateState(enum.StrEnum):
    """What the verify page says; derived when read, never stored."""

    VALID = "valid"
    REPLACED = "replaced"
    VOID = "void"
    REVOKED = "revoked"


class NumberSequence(db.Model):
    """The last number given under one pattern; only ever counts up."""

    __tablename__ = "number_sequence"
    __table_args__ = (sa.UniqueConstraint("holder_id", "prefix"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"))
    prefix: Mapped[str] = mapped_column(sa.String(120))
    last: Mapped[int]


class Certificate(db.Model):
    """One paper with its number. The bytes are kept by digest; a re-issue is a new row and a new number."""

    __tablename__ = "certificate"
    __table_args__ = (sa.UniqueConstraint("holder_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("award.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(120))
    verify_code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    layout: Mapped[str] = mapped_column(sa.String(80))
    layout_digest: Mapped[str] = mapped_column(sa.String(64))
    fields: Mapped[dict[str, Any]]  # exactly what was printed
    snapshot_digest: Mapped[str] = mapped_column(sa.String(64))  # the frozen list that released it
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    stock_serial: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None]
    void_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(default="")
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    award: Mapped[Award] = relationship()
    __mapper_args__ = {"version_id_col": version}
