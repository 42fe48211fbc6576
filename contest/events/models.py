"""What is held: holder → contest → edition → sub-contest → event, with versions of its rules."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import db, enum_type


class ContestKind(enum.StrEnum):
    """The kind decides words (裁判员 / 评委 / 考评员) and which presets are offered first."""

    SKILLS = "skills"  # 职业技能竞赛
    LABOUR = "labour"  # 劳动竞赛
    APPRAISAL = "appraisal"  # 评选、考核


class HostRole(enum.StrEnum):
    HOST = "host"  # 主办
    ORGANISER = "organiser"  # 承办
    CO_ORGANISER = "co_organiser"  # 协办


class EventState(enum.StrEnum):
    """draft: rules may change freely · open: aspects are fixed, marks may come · closed: nothing more is taken."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Holder(db.Model):
    """A union, ministry or enterprise that holds contests here. Several share an installation, none sees another's."""

    __tablename__ = "holder"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    short_name: Mapped[str] = mapped_column(default="")
    number_pattern: Mapped[str] = mapped_column(default="")  # certificates' numbers, see certificates.service
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Contest(db.Model):
    """A contest that comes back, edition after edition."""

    __tablename__ = "contest"
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    kind: Mapped[ContestKind] = mapped_column(enum_type(ContestKind))
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str] = mapped_column(default="Asia/Shanghai")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    holder: Mapped[Holder] = relationship()
    editions: Mapped[list[Edition]] = relationship(back_populates="contest", order_by="Edition.ordinal")
    __mapper_args__ = {"version_id_col": version}


class Edition(db.Model):
    """One holding (届) of a contest."""

    __tablename__ = "edition"
    __table_args__ = (sa.UniqueConstraint("contest_id", "ordinal"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    ordinal: Mapped[int]
    name: Mapped[str]  # the full name as it stands on papers
    name_en: Mapped[str] = mapped_column(default="")
    year: Mapped[int]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    appeal_hours: Mapped[int] = mapped_column(default=2)
    # Until the end of this day, where the contest is held, delegations register by themselves; empty: no end.
    register_until: Mapped[date | None]
    is_demo: Mapped[bool] = mapped_column(default=False)  # every page of it carries 演示样张
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    contest: Mapped[Contest] = relationship(back_populates="editions")
    sub_contests: Mapped[list[SubContest]] = relationship(
        back_populates="edition", order_by="SubContest.position"
    )
    __mapper_args__ = {"version_id_col": version}


class SubContest(db.Model):
    """A part of an edition (industry, site) with hosts and organisers of its own, who see only theirs."""

    __tablename__ = "sub_contest"
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    industry: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    edition: Mapped[Edition] = relationship(back_populates="sub_contests")
    hosts: Mapped[list[Host]] = relationship(
        back_populates="sub_contest", order_by="Host.position", cascade="all, delete-orphan"
    )
    events: Mapped[list[Event]] = relationship(back_populates="sub_contest", order_by="Event.position")
    __mapper_args__ = {"version_id_col": version}


class Host(db.Model):
    """A body named as host, organiser or co-organiser, in the order it is printed."""

    __tablename__ = "host"
    id: Mapped[int] = mapped_column(primary_key=True)
    sub_contest_id: Mapped[int] = mapped_column(sa.ForeignKey("sub_contest.id"), index=True)
    role: Mapped[HostRole] = mapped_column(enum_type(HostRole))
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    sub_contest: Mapped[SubContest] = relationship(back_populates="hosts")


class Event(db.Model):
    """A trade held in one sub-contest by one rule set (赛项)."""

    __tablename__ = "event"
    __table_args__ = (
        sa.CheckConstraint("members_min >= 1 AND members_max >= members_min", "members_range"),
        sa.CheckConstraint("(trade_code IS NULL) = (trade_catalogue IS NULL)", "code_with_catalogue"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    sub_contest_id: Mapped[int] = mapped_column(sa.ForeignKey("sub_contest.id"), index=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    second_name: Mapped[str] = mapped_column(default="")  # …暨…: the other contest this event is held under
    trade_name: Mapped[str]
    trade_code: Mapped[str | None] = mapped_column(sa.String(16))
    trade_catalogue: Mapped[
        str | None
    ]  # edition of the catalogue the code is from; codes change between editions
    members_min: Mapped[int] = mapped_column(default=1)
    members_max: Mapped[int] = mapped_column(default=1)
    state: Mapped[EventState] = mapped_column(enum_type(EventState), default=EventState.DRAFT)
    opened_at: Mapped[datetime | None]
    # The version in force; None until the rules are first saved. A plain id: rule_version points here already, and
    # two tables that point at each other can't be restored row by row.
    rule_version_id: Mapped[int | None]
    venue: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime | None]
    conditions: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # who may enter: born between, levels, workers
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    sub_contest: Mapped[SubContest] = relationship(back_populates="events")
    groups: Mapped[list[Group]] = relationship(
        back_populates="event", order_by="Group.position", cascade="all, delete-orphan"
    )
    rule_version: Mapped[RuleVersion | None] = relationship(
        primaryjoin="foreign(Event.rule_version_id) == RuleVersion.id", post_update=True
    )
    aspects: Mapped[list[EventAspect]] = relationship(order_by="EventAspect.position")
    rounds: Mapped[list[EventRound]] = relationship(order_by="EventRound.position")
    __mapper_args__ = {"version_id_col": version}


class Group(db.Model):
    """A group of an event (职工组, 学生组): an attribute of entry or member."""

    __tablename__ = "event_group"
    __table_args__ = (sa.UniqueConstraint("event_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    is_student: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    event: Mapped[Event] = relationship(back_populates="groups")


class RuleVersion(db.Model):
    """One immutable version of an event's rules. After the first mark a change needs a reason; marks are kept."""

    __tablename__ = "rule_version"
    __table_args__ = (sa.UniqueConstraint("event_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    number: Mapped[int]
    document: Mapped[dict[str, Any]]  # scoring.rules.RuleSet.to_dict()
    digest: Mapped[str] = mapped_column(sa.String(64))
    preset: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]


class RuleDraft(db.Model):
    """The rules of an event while they are being edited: one an event, possibly not yet valid, never computed with.

    Saving it makes the next RuleVersion and takes the draft away.
    """

    __tablename__ = "rule_draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), unique=True)
    document: Mapped[dict[str, Any]]
    preset: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class DryRun(db.Model):
    """A trial of one rule version with invented sheets. An event opens only with one of its present rules' digest."""

    __tablename__ = "dry_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    run_at: Mapped[datetime]
    run_by: Mapped[int | None]


class EventAspect(db.Model):
    """An aspect of an open event, copied from its rules as the foreign key of marks."""

    __tablename__ = "event_aspect"
    __table_args__ = (sa.UniqueConstraint("event_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(80))
    module_key: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int]
    retired_at: Mapped[datetime | None]  # gone from the rules by a later version; its marks stay


class EventRound(db.Model):
    """A round of an open event (heat, stage, month): its own sheets, lock and list."""

    __tablename__ = "event_round"
    __table_args__ = (sa.UniqueConstraint("event_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    retired_at: Mapped[datetime | None]  # gone from the rules by a later version; its sheets stay
