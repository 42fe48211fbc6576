"""Who takes part: delegations, organisations, people, entries with their members, draw and codes."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import db, enum_type
from contest.events.models import Event


class EntryState(enum.StrEnum):
    """Only *present* is ranked; absent is not zero; unofficial is listed without a rank."""

    PRESENT = "present"
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"
    UNOFFICIAL = "unofficial"


class IdKind(enum.StrEnum):
    RESIDENT = "resident"  # 居民身份证, GB 11643
    PASSPORT = "passport"
    HKMO_PERMIT = "hkmo_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    FOREIGN_PERMIT = "foreign_permit"  # 外国人永久居留身份证
    RESIDENCE_PERMIT = "residence_permit"  # 港澳台居民居住证, numbered like a resident's card
    OTHER = "other"


class StaffRole(enum.StrEnum):
    LEADER = "leader"  # 领队
    COACH = "coach"  # 教练


class FreezeKind(enum.StrEnum):
    """What relies on the roster: a locked draw fixes who is in it, a confirmed list fixes states as well."""

    DRAW = "draw"
    RESULTS = "results"


class DrawMethod(enum.StrEnum):
    SEED = "seed"  # committed to first, revealed later, repeatable by anyone
    HAND = "hand"  # drawn on the spot and keyed, confirmed by a second person


class Handing(enum.StrEnum):
    """How far a delegation's registration is: no step at all is *being prepared*."""

    HANDED_IN = "handed_in"  # 上报: its registrar says it is complete
    ACCEPTED = "accepted"  # 审核通过
    RETURNED = "returned"  # 退回, with the reason


class RequestKind(enum.StrEnum):
    CORRECTION = "correction"
    DELETION = "deletion"


class RequestState(enum.StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class ImportState(enum.StrEnum):
    PREVIEWED = "previewed"
    COMMITTED = "committed"
    REFUSED = "refused"


class Delegation(db.Model):
    """A delegation (代表队) of an edition, in its official order."""

    __tablename__ = "delegation"
    __table_args__ = (sa.UniqueConstraint("edition_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    name: Mapped[str]
    short_name: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str] = mapped_column(default="")
    official_order: Mapped[int]
    division_code: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class HandingStep(db.Model):
    """One step of a delegation's registration, append-only; the last one is where it stands."""

    __tablename__ = "handing_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int] = mapped_column(sa.ForeignKey("delegation.id"), index=True)
    state: Mapped[Handing] = mapped_column(enum_type(Handing))
    reason: Mapped[str] = mapped_column(default="")
    entries: Mapped[int]  # how many stood in it at that moment
    at: Mapped[datetime]
    by: Mapped[int | None]


class Organisation(db.Model):
    """A unit (单位) that people belong to, within one contest."""

    __tablename__ = "organisation"
    __table_args__ = (sa.UniqueConstraint("contest_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    name: Mapped[str]
    short_name: Mapped[str] = mapped_column(default="")
    official_order: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Person(db.Model):
    """One human in one holder's contests, over the years. ID number and telephone are encrypted, see personal.py."""

    __tablename__ = "person"
    __table_args__ = (sa.UniqueConstraint("holder_id", "id_digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    name: Mapped[str] = mapped_column(index=True)
    name_sort: Mapped[str] = mapped_column(default="", index=True)  # pinyin
    gender: Mapped[str] = mapped_column(default="")  # 男, 女 or empty
    ethnicity: Mapped[str] = mapped_column(default="")
    id_kind: Mapped[IdKind] = mapped_column(enum_type(IdKind))
    id_cipher: Mapped[bytes]
    id_digest: Mapped[str] = mapped_column(sa.String(64))
    id_tail_digest: Mapped[str] = mapped_column(sa.String(64))  # last six, for the certificate door
    id_masked: Mapped[str]
    phone_cipher: Mapped[bytes | None]
    phone_masked: Mapped[str] = mapped_column(default="")
    born_on: Mapped[date | None]
    education: Mapped[str] = mapped_column(default="")
    # The level of vocational skill that was last confirmed here, see awards.promotions.
    level: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    level_on: Mapped[date | None]
    level_certificate: Mapped[str] = mapped_column(default="", server_default="")
    merged_into_id: Mapped[int | None] = mapped_column(index=True)  # a duplicate: this person is that one
    erased_at: Mapped[datetime | None]  # personal values were taken out by policy or at the person's wish
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Entry(db.Model):
    """What takes part in an event: one to n members, a unit or a project."""

    __tablename__ = "entry"
    __table_args__ = (sa.UniqueConstraint("event_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    number: Mapped[str] = mapped_column(sa.String(40))  # 队伍编号 / 参赛号, unique in the event
    name: Mapped[str] = mapped_column(default="")  # of a team, unit or project; empty: its members' names
    group_key: Mapped[str] = mapped_column(default="")
    delegation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegation.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    state: Mapped[EntryState] = mapped_column(enum_type(EntryState), default=EntryState.PRESENT)
    state_reason: Mapped[str] = mapped_column(default="")
    state_at: Mapped[datetime | None]
    # Values the rules name: difficulty, factor, …
    inputs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(default="")
    registered_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    event: Mapped[Event] = relationship()
    delegation: Mapped[Delegation | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    members: Mapped[list[Member]] = relationship(back_populates="entry", order_by="Member.position")
    staff: Mapped[list[Staff]] = relationship(back_populates="entry", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}


class Member(db.Model):
    """A person in an entry. A substituted member keeps the row, with when and why they left."""

    __tablename__ = "member"
    __table_args__ = (
        sa.Index(
            "uq_member_live_person",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        ),
        sa.CheckConstraint("(left_at IS NULL) = (left_reason = '')", "reason_when_left"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    number: Mapped[str] = mapped_column(default="", index=True)  # 准考证号 / 参赛号 of the member
    position: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    group_key: Mapped[str] = mapped_column(default="")  # empty: the entry's
    job: Mapped[str] = mapped_column(default="")
    level_held: Mapped[str] = mapped_column(default="")
    level_certificate: Mapped[str] = mapped_column(default="")
    years_in_trade: Mapped[int | None]
    state: Mapped[EntryState] = mapped_column(enum_type(EntryState), default=EntryState.PRESENT)
    state_reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_reason: Mapped[str] = mapped_column(default="")
    entry: Mapped[Entry] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class Staff(db.Model):
    """A leader or coach of an entry; by name, and by person where known."""

    __tablename__ = "entry_staff"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    role: Mapped[StaffRole] = mapped_column(enum_type(StaffRole))
    name: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    entry: Mapped[Entry] = relationship(back_populates="staff")


class RosterImport(db.Model):
    """An uploaded roster: the file kept (encrypted, it is full of ID numbers), its counts, whether it was taken over.

    Errors and notices are worked out anew whenever they are looked at, so no personal value is kept in `report`.
    """

    __tablename__ = "roster_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    name: Mapped[str]  # of the file as it was uploaded
    digest: Mapped[str] = mapped_column(sa.String(64), index=True)  # SHA-256 of the file as it was uploaded
    state: Mapped[ImportState] = mapped_column(enum_type(ImportState))
    report: Mapped[dict[str, Any]]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None]
    committed_at: Mapped[datetime | None]
    committed_by: Mapped[int | None]


class RosterFreeze(db.Model):
    """Something to the right relies on an event's roster; while it stands, what it fixes can't be changed."""

    __tablename__ = "roster_freeze"
    __table_args__ = (
        sa.Index(
            "uq_roster_freeze_live",
            "event_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    kind: Mapped[FreezeKind] = mapped_column(enum_type(FreezeKind))
    reason: Mapped[str] = mapped_column(default="")
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[int | None]
    released_at: Mapped[datetime | None]
    released_reason: Mapped[str] = mapped_column(default="")


class Draw(db.Model):
    """A draw of order and benches for an event (or one of its rounds). Once locked it is never changed."""

    __tablename__ = "draw"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    round_key: Mapped[str] = mapped_column(default="")
    module_key: Mapped[str] = mapped_column(default="")
    method: Mapped[DrawMethod] = mapped_column(enum_type(DrawMethod))
    commitment: Mapped[str] = mapped_column(default="")  # SHA-256 of the seed, shown before the draw
    seed: Mapped[str] = mapped_column(default="")  # empty until it is revealed with the draw
    public_value: Mapped[str] = mapped_column(default="")  # named by somebody else after the commitment
    benches: Mapped[int] = mapped_column(default=1)  # per session
    roster_digest: Mapped[str] = mapped_column(default="")  # of the numbers drawn from, see draw.py
    committed_at: Mapped[datetime | None]
    committed_by: Mapped[int | None]
    drawn_at: Mapped[datetime | None]
    drawn_by: Mapped[int | None]
    second_by: Mapped[int | None]
    locked_at: Mapped[datetime | None]
    places: Mapped[list[DrawPlace]] = relationship(back_populates="draw", order_by="DrawPlace.position")


class DrawPlace(db.Model):
    """Where and when an entry (or one member of it) performs."""

    __tablename__ = "draw_place"
    __table_args__ = (sa.UniqueConstraint("draw_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(sa.ForeignKey("draw.id"), index=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    position: Mapped[int]
    session: Mapped[str] = mapped_column(default="")
    bench: Mapped[str] = mapped_column(default="")
    draw: Mapped[Draw] = relationship(back_populates="places")


class WorkCode(db.Model):
    """The code a judge sees instead of a name. Its tie to the entry is read by the coder only until it is decoded."""

    __tablename__ = "work_code"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "code"),
        sa.Index(
            "uq_work_code_subject",
            "event_id",
            "round_key",
            "entry_id",
            sa.text("coalesce(member_id, 0)"),
            unique=True,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    round_key: Mapped[str] = mapped_column(default="")  # empty: all rounds
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    code: Mapped[str] = mapped_column(sa.String(12))
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None]


class Decoding(db.Model):
    """Work codes of an event (or round) were opened: from then on others than coder and supervisor may read them."""

    __tablename__ = "decoding"
    __table_args__ = (sa.UniqueConstraint("event_id", "round_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    round_key: Mapped[str] = mapped_column(default="")
    decoded_at: Mapped[datetime]
    decoded_by: Mapped[int | None]
    reason: Mapped[str]
