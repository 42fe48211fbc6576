"""What a judge records beside the marks: comments, times, photos, problems. Append-only like marks, but never scored."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import db, enum_type
from contest.files import StoredFile
from contest.judging.models import Sheet


class TimingKind(enum.StrEnum):
    """What happened to the clock of a time aspect."""

    START = "start"
    STOP = "stop"
    EXTRA = "extra"  # 补时: minutes given back to the contestant
    RESET = "reset"  # begun anew; the earlier run stays in the log


class TimingCause(enum.StrEnum):
    """Why the clock was stopped, or why minutes were given."""

    FINISHED = "finished"
    EQUIPMENT = "equipment"  # a fault that is not the contestant's gives extra minutes
    MATERIAL = "material"
    VENUE = "venue"  # power, light, evacuation
    JUDGING = "judging"  # the panel needed the contestant to wait
    OWN_FAULT = "own_fault"  # the contestant's own: the clock may stand, minutes are never given
    TIME_UP = "time_up"
    OTHER = "other"


class PhotoKind(enum.StrEnum):
    EVIDENCE = "evidence"
    SIGNED_PAPER = "signed_paper"


class ProblemKind(enum.StrEnum):
    """What a judge calls the chief judge for."""

    EQUIPMENT = "equipment"
    MATERIAL = "material"
    TIME = "time"
    SAFETY = "safety"
    DISPUTE = "dispute"
    OTHER = "other"


class SheetComment(db.Model):
    """A judge's words on an aspect, or on the whole sheet where `aspect_key` is empty. The newest one stands."""

    __tablename__ = "sheet_comment"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("sheet.id"), index=True)
    aspect_key: Mapped[str] = mapped_column(sa.String(80), default="")
    attempt: Mapped[int] = mapped_column(default=1)
    text: Mapped[str]  # empty: taken back
    account_id: Mapped[int | None]
    device: Mapped[str] = mapped_column(default="")
    typed_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class Timing(db.Model):
    """One press on the clock of a time aspect, as the device saw it. The time itself is a mark, made of these."""

    __tablename__ = "timing"
    __table_args__ = (sa.CheckConstraint("seconds >= 0", "seconds_not_negative"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("sheet.id"), index=True)
    aspect_key: Mapped[str] = mapped_column(sa.String(80))
    attempt: Mapped[int] = mapped_column(default=1)
    kind: Mapped[TimingKind] = mapped_column(enum_type(TimingKind))
    cause: Mapped[TimingCause | None] = mapped_column(enum_type(TimingCause))
    seconds: Mapped[int] = mapped_column(default=0)  # of EXTRA: given; of STOP: what the clock showed
    text: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None]
    device: Mapped[str] = mapped_column(default="")
    happened_at: Mapped[datetime | None]  # the device's clock, as it said
    recorded_at: Mapped[datetime]


class SheetPhoto(db.Model):
    """A photo taken at the bench: evidence for an aspect, or the signed paper."""

    __tablename__ = "sheet_photo"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("sheet.id"), index=True)
    aspect_key: Mapped[str] = mapped_column(sa.String(80), default="")
    attempt: Mapped[int] = mapped_column(default=1)
    kind: Mapped[PhotoKind] = mapped_column(enum_type(PhotoKind))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    account_id: Mapped[int | None]
    device: Mapped[str] = mapped_column(default="")
    taken_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    file: Mapped[StoredFile] = relationship()
    sheet: Mapped[Sheet] = relationship()


class Problem(db.Model):
    """A judge's call to the chief judge. Open until the chief judge answers it."""

    __tablename__ = "problem"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("sheet.id"), index=True)
    kind: Mapped[ProblemKind] = mapped_column(enum_type(ProblemKind))
    text: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None]
    device: Mapped[str] = mapped_column(default="")
    raised_at: Mapped[datetime | None]  # the device's clock, as it said
    recorded_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None]
    answer: Mapped[str] = mapped_column(default="")
    sheet: Mapped[Sheet] = relationship()
