"""What an edition keeps across its rooms: the stage, official documents, how long papers are kept, what its screens show."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import db, enum_type


class DocumentKind(enum.StrEnum):
    """The genre of an official document; a decision (决定) has its own room."""

    CIRCULAR = "circular"  # 通报
    NOTICE = "notice"  # 公示


class RetentionPeriod(enum.StrEnum):
    """How long a kind of record is kept (国家档案局令第8号, 第10号): for good, 30 years, 10 years."""

    PERMANENT = "permanent"
    YEARS_30 = "years_30"
    YEARS_10 = "years_10"


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


class EditionDesk(db.Model):
    """What an edition's organiser chose for the screens and orders of all its events; without a row the defaults here."""

    __tablename__ = "edition_desk"
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), primary_key=True)
    is_progress_public: Mapped[bool] = mapped_column(
        default=False
    )  # how many sheets are marked, never a score
    reserve_percent: Mapped[int] = mapped_column(
        default=5
    )  # medals and certificates ordered beyond those counted


class OfficeDocument(db.Model):
    """A circular or public notice of an edition: drafted here, number and date typed in after signing.

    content: {to, paragraphs} as edited, with places in braces; publications: ids of the lists it tells of. frozen: the
    whole document as it was when number and date were entered, from which every later copy is made.
    """

    __tablename__ = "office_document"
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"))
    kind: Mapped[DocumentKind] = mapped_column(enum_type(DocumentKind))
    heading: Mapped[str]
    content: Mapped[dict[str, Any]]
    publications: Mapped[list[Any]]
    issuer: Mapped[str]
    has_red_heading: Mapped[bool]
    document_number: Mapped[str] = mapped_column(default="")
    dated_on: Mapped[date | None]
    frozen: Mapped[dict[str, Any] | None]
    drafted_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]  # when number and date were entered
    scan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    is_public: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class DecisionScan(db.Model):
    """The signed and stamped paper of a decision: what the public sees beside the lists, once it may."""

    __tablename__ = "decision_scan"
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    is_public: Mapped[bool] = mapped_column(default=False)


class Retention(db.Model):
    """How long an edition's organiser keeps a kind of record; without a row the default of the kind."""

    __tablename__ = "retention"
    __table_args__ = (sa.UniqueConstraint("edition_id", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    period: Mapped[RetentionPeriod] = mapped_column(enum_type(RetentionPeriod))
