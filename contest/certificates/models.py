"""The register of certificates: every number accounted for; states follow from what lies to the left."""

from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

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


class Numbered:
    """What every paper with a number keeps. The bytes are kept by digest; a re-issue is a new row and a new number."""

    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    name: Mapped[str]  # the holder as printed
    number: Mapped[str] = mapped_column(sa.String(120))
    verify_code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    layout: Mapped[str] = mapped_column(sa.String(80))
    layout_digest: Mapped[str] = mapped_column(sa.String(64))
    fields: Mapped[dict[str, Any]]  # exactly what was printed
    # None while the paper is being made: such a number is taken, but says nothing to anybody yet.
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    stock_serial: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None]
    void_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(default="")
    replaced_at: Mapped[
        datetime | None
    ]  # set with the row that replaces it: the index of live papers needs it here
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(default="")
    reissue_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr
    def edition(cls) -> Mapped[Edition]:
        return relationship(Edition)

    @declared_attr
    def entry(cls) -> Mapped[Entry | None]:
        return relationship(Entry)

    @declared_attr
    def file(cls) -> Mapped[StoredFile | None]:
        return relationship(StoredFile)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    @property
    def delegation(self) -> str:
        """The delegation of the entry that it was given for; empty for none."""
        has_one = self.entry is not None and self.entry.delegation is not None
        return self.entry.delegation.name if has_one else ""  # type: ignore[union-attr]

    @property
    def is_settled(self) -> bool:
        """Replaced, void or revoked by its own row."""
        return bool(self.replaced_at or self.void_at or self.revoked_at)


_LIVE = "void_at IS NULL AND revoked_at IS NULL AND replaced_at IS NULL"


class Certificate(Numbered, db.Model):
    """A paper that an award or a title stands behind."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("holder_id", "number"),
        sa.Index(  # two live papers of one award can't be, whoever issues at the same moment
            "uq_certificate_live_award",
            "award_id",
            unique=True,
            sqlite_where=sa.text(_LIVE),
            postgresql_where=sa.text(_LIVE),
        ),
    )
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("award.id"), index=True)
    title_id: Mapped[int | None] = mapped_column(sa.ForeignKey("title.id"), index=True)
    snapshot_digest: Mapped[str] = mapped_column(sa.String(64))  # the frozen list that released it
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"), unique=True)
    award: Mapped[Award] = relationship()
    title: Mapped[Title | None] = relationship()
    event: Mapped[Event] = relationship()
    replaces: Mapped[Certificate | None] = relationship(
        remote_side="Certificate.id", back_populates="replaced_by"
    )
    replaced_by: Mapped[Certificate | None] = relationship(back_populates="replaces", uselist=False)


class Roll(db.Model):
    """A list of recipients that no award stands behind: judges, coaches, organisers, participants. Frozen when issued."""

    __tablename__ = "roll"
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))  # of layout: appointment, coach, honour, participation
    source: Mapped[str] = mapped_column(sa.String(40))  # seats, coaches, present, typed
    name: Mapped[str] = mapped_column(sa.String(120))
    is_of_bodies: Mapped[bool] = mapped_column(default=False)  # their names are public
    made_at: Mapped[datetime]
    made_by: Mapped[int | None]
    frozen_at: Mapped[datetime | None]  # its numbers are given: nobody is added or left out any more
    digest: Mapped[str] = mapped_column(sa.String(64), default="")  # of the recipients, when frozen
    version: Mapped[int] = mapped_column(default=1)
    edition: Mapped[Edition] = relationship()
    event: Mapped[Event | None] = relationship()
    recipients: Mapped[list[Recipient]] = relationship(
        back_populates="roll", order_by="Recipient.position", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": version}


class Recipient(db.Model):
    """One line of a roll, as it will be printed."""

    __tablename__ = "recipient"
    id: Mapped[int] = mapped_column(primary_key=True)
    roll_id: Mapped[int] = mapped_column(sa.ForeignKey("roll.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(120))
    unit: Mapped[str] = mapped_column(sa.String(200), default="")
    role: Mapped[str] = mapped_column(
        sa.String(120), default=""
    )  # what they serve as, or what they are honoured as
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    roll: Mapped[Roll] = relationship(back_populates="recipients")


class Letter(Numbered, db.Model):
    """A paper given to a recipient of a frozen roll: its state is its own, because no list or title stands behind it."""

    __tablename__ = "letter"
    __table_args__ = (
        sa.UniqueConstraint("holder_id", "number"),
        sa.Index(
            "uq_letter_live_recipient",
            "recipient_id",
            unique=True,
            sqlite_where=sa.text(_LIVE),
            postgresql_where=sa.text(_LIVE),
        ),
    )
    recipient_id: Mapped[int] = mapped_column(sa.ForeignKey("recipient.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("letter.id"), unique=True)
    recipient: Mapped[Recipient] = relationship()
    replaces: Mapped[Letter | None] = relationship(remote_side="Letter.id", back_populates="replaced_by")
    replaced_by: Mapped[Letter | None] = relationship(back_populates="replaces", uselist=False)
