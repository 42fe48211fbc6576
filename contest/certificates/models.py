"""The register of certificates: every number accounted for; states follow from what lies to the left."""

from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.awards.models import Award, Title
from contest.db import db
from contest.entries.models import Entry
from contest.events.models import Edition, Event
from contest.files import StoredFile


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


class Design(db.Model):
    """One version of a layout as an organiser dressed it. Never changed: papers name the version they were made with."""

    __tablename__ = "design"
    __table_args__ = (sa.UniqueConstraint("contest_id", "name", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    number: Mapped[int]  # of the version, from 1
    base: Mapped[str] = mapped_column(sa.String(80))  # the shipped folder
    # {"texts": {field: text}, "colours": {name: "#rrggbb"}, "pictures": {place: {"file": id, "x": mm, "y", "w", "h"}}}
    settings: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    retired_at: Mapped[datetime | None]  # no longer offered; papers made with it can still be made again


class Printer(db.Model):
    """How far a printer's sheets come out beside where they should: pre-printed stock is met by moving the text."""

    __tablename__ = "printer"
    __table_args__ = (sa.UniqueConstraint("contest_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    x_milli: Mapped[int]  # thousandths of a millimetre to the right
    y_milli: Mapped[int]  # thousandths of a millimetre downwards
    changed_at: Mapped[datetime]

    @property
    def right(self) -> Decimal:
        """Millimetres to the right."""
        return Decimal(self.x_milli) / 1000

    @property
    def down(self) -> Decimal:
        """Millimetres downwards."""
        return Decimal(self.y_milli) / 1000


class Certificate(db.Model):
    """One paper with its number. The bytes are kept by digest; a re-issue is a new row and a new number."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("holder_id", "number"),
        sa.Index(  # two live papers of one award can't be, whoever issues at the same moment
            "uq_certificate_live_award",
            "award_id",
            unique=True,
            sqlite_where=sa.text("void_at IS NULL AND revoked_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("void_at IS NULL AND revoked_at IS NULL AND replaced_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("award.id"), index=True)
    title_id: Mapped[int | None] = mapped_column(sa.ForeignKey("title.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    name: Mapped[str]  # the holder as printed
    number: Mapped[str] = mapped_column(sa.String(120))
    verify_code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    layout: Mapped[str] = mapped_column(sa.String(80))
    layout_digest: Mapped[str] = mapped_column(sa.String(64))
    fields: Mapped[dict[str, Any]]  # exactly what was printed
    snapshot_digest: Mapped[str] = mapped_column(sa.String(64))  # the frozen list that released it
    # None while the paper is being made: such a number is taken, but says nothing to anybody yet.
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    stock_serial: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None]
    void_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")
    replaced_at: Mapped[datetime | None]  # set with the row that replaces it: the index above needs it here
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(default="")
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"), unique=True)
    reissue_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    award: Mapped[Award] = relationship()
    title: Mapped[Title | None] = relationship()
    edition: Mapped[Edition] = relationship()
    event: Mapped[Event] = relationship()
    entry: Mapped[Entry | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    replaces: Mapped[Certificate | None] = relationship(
        remote_side="Certificate.id", back_populates="replaced_by"
    )
    replaced_by: Mapped[Certificate | None] = relationship(back_populates="replaces", uselist=False)
    __mapper_args__ = {"version_id_col": version}
