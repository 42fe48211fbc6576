"""Who marks, on which sheet, and the marks: append-only revisions."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import Account
from contest.db import db, enum_type
from contest.entries.models import Entry, Member
from contest.events.models import Event, EventAspect, EventRound


class SeatKind(enum.StrEnum):
    """Only the kinds that the rules name count towards the total."""

    JUDGE = "judge"
    SELF = "self"  # 自评
    DEPARTMENT = "department"  # the department an indicator belongs to
    SECOND_KEYER = "second_keyer"
    VERIFIER = "verifier"
    FILE = "file"  # marks that arrive as a file, e.g. theory


class MarkState(enum.StrEnum):
    """Not yet marked is no row at all; 0 is a value."""

    VALUE = "value"
    ABSENT = "absent"
    VOID = "void"


class MarkSource(enum.StrEnum):
    DEVICE = "device"
    DESK = "desk"
    FILE = "file"
    VOTE = "vote"
    CORRECTION = "correction"


class MarkFileState(enum.StrEnum):
    PREVIEWED = "previewed"
    STAGED = "staged"  # without errors, waits for the second person
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Judge(db.Model):
    """A judge of an edition: an account with the unit and delegation that exclude conflicts."""

    __tablename__ = "judge"
    __table_args__ = (sa.UniqueConstraint("edition_id", "account_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    name: Mapped[str]
    unit_name: Mapped[str] = mapped_column(default="")
    delegation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegation.id"))
    certificate_number: Mapped[str] = mapped_column(default="")
    account: Mapped[Account] = relationship()


class DeclaredConflict(db.Model):
    """A relation a judge (or anybody) declared: relative, coach, colleague. Unit and delegation follow from rows."""

    __tablename__ = "declared_conflict"
    __table_args__ = (sa.UniqueConstraint("judge_id", "entry_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"), index=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    relation: Mapped[str]
    declared_at: Mapped[datetime]
    declared_by: Mapped[int | None]


class Panel(db.Model):
    """The judges of one or more modules of an event."""

    __tablename__ = "panel"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    name: Mapped[str]
    module_keys: Mapped[list[Any]]  # the modules it marks
    chief_judge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("judge.id"))
    seats: Mapped[list[Seat]] = relationship(back_populates="panel", order_by="Seat.position")


class Seat(db.Model):
    """A place in a panel, held by one judge, or by a group that agrees and signs one sheet together."""

    __tablename__ = "seat"
    __table_args__ = (sa.UniqueConstraint("panel_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panel.id"), index=True)
    kind: Mapped[SeatKind] = mapped_column(enum_type(SeatKind), default=SeatKind.JUDGE)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(default="")
    voided_at: Mapped[datetime | None]  # all its marks leave the tally
    voided_reason: Mapped[str] = mapped_column(default="")
    panel: Mapped[Panel] = relationship(back_populates="seats")
    holders: Mapped[list[SeatHolder]] = relationship(back_populates="seat")


class SeatHolder(db.Model):
    """A judge who holds a seat, from when until when."""

    __tablename__ = "seat_holder"
    __table_args__ = (
        sa.Index(
            "uq_seat_holder_live",
            "seat_id",
            "judge_id",
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(sa.ForeignKey("seat.id"), index=True)
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"), index=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    until_reason: Mapped[str] = mapped_column(default="")
    seat: Mapped[Seat] = relationship(back_populates="holders")
    judge: Mapped[Judge] = relationship()


class Sheet(db.Model):
    """Seat × subject (entry or member) × module × round. A judge knows it by `public_id` and work code only."""

    __tablename__ = "sheet"
    __table_args__ = (
        sa.Index(
            "uq_sheet_place",
            "seat_id",
            "entry_id",
            sa.text("coalesce(member_id, 0)"),
            "module_key",
            "round_id",
            unique=True,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(22), unique=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    seat_id: Mapped[int] = mapped_column(sa.ForeignKey("seat.id"), index=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("event_round.id"), index=True)
    module_key: Mapped[str] = mapped_column(sa.String(80))
    work_code: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]  # order of the draw
    bench: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None]
    submitted_digest: Mapped[str] = mapped_column(default="")  # of the exact list of marks that was signed
    locked_at: Mapped[datetime | None]
    locked_by: Mapped[int | None]
    frozen_at: Mapped[datetime | None]  # a confirmed list stands on it: no unlocking, no correction
    version: Mapped[int] = mapped_column(default=1)
    event: Mapped[Event] = relationship()
    seat: Mapped[Seat] = relationship()
    entry: Mapped[Entry] = relationship()
    member: Mapped[Member | None] = relationship()
    round: Mapped[EventRound] = relationship()
    __mapper_args__ = {"version_id_col": version}


class SheetSignature(db.Model):
    """One judge's signature over the exact list of marks; a group sheet needs one of each holder."""

    __tablename__ = "sheet_signature"
    __table_args__ = (sa.Index("uq_sheet_signature_uuid", "uuid", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("sheet.id"), index=True)
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    method: Mapped[str]  # submit, drawn, paper
    signed_at: Mapped[datetime]
    void_at: Mapped[datetime | None]  # the sheet was re-opened
    void_reason: Mapped[str] = mapped_column(default="", server_default="")
    uuid: Mapped[UUID | None]  # made on the device: sending twice is harmless
    drawing: Mapped[str] = mapped_column(default="", server_default="")  # strokes as an SVG path, 600 × 200
    account_id: Mapped[int | None]  # whose device it was signed on
    device: Mapped[str] = mapped_column(default="", server_default="")
    drawn_at: Mapped[datetime | None]  # the device's clock, as it said


class MarkRevision(db.Model):
    """A judge's mark for one aspect, as typed. A correction is a new row, never an update."""

    __tablename__ = "mark_revision"
    __table_args__ = (
        sa.CheckConstraint("(state = 'value') = (value_milli IS NOT NULL)", "value_when_state_says"),
        sa.CheckConstraint("attempt >= 1", "attempt_from_one"),
        sa.Index(
            "uq_mark_revision_first",
            "sheet_id",
            "aspect_id",
            "attempt",
            unique=True,
            sqlite_where=sa.text("replaces_id IS NULL"),
            postgresql_where=sa.text("replaces_id IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[UUID] = mapped_column(unique=True)  # made on the tablet: sending twice is harmless
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("sheet.id"), index=True)
    aspect_id: Mapped[int] = mapped_column(sa.ForeignKey("event_aspect.id"))
    attempt: Mapped[int] = mapped_column(default=1)
    state: Mapped[MarkState] = mapped_column(enum_type(MarkState))
    value_milli: Mapped[int | None]  # thousandths; for a deduction the points taken off
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("mark_revision.id"), unique=True)
    source: Mapped[MarkSource] = mapped_column(enum_type(MarkSource))
    comment: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")  # why a correction was made
    account_id: Mapped[int | None]
    device: Mapped[str] = mapped_column(default="")
    typed_at: Mapped[datetime | None]  # the tablet's clock, as it said
    recorded_at: Mapped[datetime]
    previous: Mapped[str] = mapped_column(sa.String(64))  # hash of the sheet's revision before
    hash: Mapped[str] = mapped_column(sa.String(64))
    sheet: Mapped[Sheet] = relationship()
    aspect: Mapped[EventAspect] = relationship()


class MarkFile(db.Model):
    """Marks that arrived as a file (theory): kept with its digest; a second person confirms before they count."""

    __tablename__ = "mark_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("event_round.id"))
    module_key: Mapped[str] = mapped_column(sa.String(80))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    state: Mapped[MarkFileState] = mapped_column(enum_type(MarkFileState))
    report: Mapped[dict[str, Any]]  # {"rows": accepted, "errors": refused, "notices": repaired}
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None]  # never the one who uploaded
    rejected_reason: Mapped[str] = mapped_column(default="")


class MarkingDevice(db.Model):
    """The device that a judge marks on. On any other the judge only reads, until that one takes over."""

    __tablename__ = "marking_device"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), unique=True)
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("device.id"))
    since_at: Mapped[datetime]


class DeviceReport(db.Model):
    """What a judge's device last said about itself; one row a judge and device, overwritten each time."""

    __tablename__ = "device_report"
    __table_args__ = (sa.UniqueConstraint("account_id", "device_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("device.id"), index=True)
    unsent: Mapped[int]  # marks that wait on the device
    notes: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # comments, photos … that wait beside them
    held: Mapped[int]  # marks the server did not take, which wait for the judge's decision
    oldest_at: Mapped[datetime | None]  # of the waiting ones, on the server's clock
    skew_ms: Mapped[int]  # the device's clock less the server's
    reported_at: Mapped[datetime]


class DeviceCheck(db.Model):
    """A device check that a judge ran: what the device can do, and when it was looked at."""

    __tablename__ = "device_check"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("device.id"), index=True)
    checked_at: Mapped[datetime]
    is_good: Mapped[bool]
    results: Mapped[dict[str, Any]]  # test → {"state": good|warn|bad, "value": short text}


class OutboxFile(db.Model):
    """The marks of a device that could not send them, brought to the desk as a file; they count once confirmed."""

    __tablename__ = "outbox_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))  # whose marks they are
    device_id: Mapped[int] = mapped_column(sa.ForeignKey("device.id"))
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None]
    report: Mapped[dict[str, Any]]  # receipts by status when it was confirmed: {"stored": 12, "known": 1, …}


# Append-only, kept by the database itself. The migration repeats these texts; a test compares the two.
APPEND_ONLY_SQLITE = [
    "CREATE TRIGGER mark_revision_no_update BEFORE UPDATE ON mark_revision "
    "BEGIN SELECT RAISE(ABORT, 'mark revisions are append-only'); END",
    "CREATE TRIGGER mark_revision_no_delete BEFORE DELETE ON mark_revision "
    "BEGIN SELECT RAISE(ABORT, 'mark revisions are append-only'); END",
]
APPEND_ONLY_POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'mark revisions are append-only'; END $$",
    "CREATE TRIGGER mark_revision_append_only BEFORE UPDATE OR DELETE ON mark_revision "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
]
for _statement in APPEND_ONLY_SQLITE:
    sa_event.listen(MarkRevision.__table__, "after_create", sa.DDL(_statement).execute_if(dialect="sqlite"))
for _statement in APPEND_ONLY_POSTGRESQL:
    sa_event.listen(
        MarkRevision.__table__, "after_create", sa.DDL(_statement).execute_if(dialect="postgresql")
    )
