"""What the chief judge and the desk keep beside the marks: messages, checks, blind keying, ties that judges declare."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import db
from contest.judging.models import Judge, Sheet


class JudgeMessage(db.Model):
    """A sentence from the chief judge that the judge's tablet shows until the judge has read it."""

    __tablename__ = "judge_message"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"), index=True)
    text: Mapped[str]
    sent_at: Mapped[datetime]
    sent_by: Mapped[int | None]
    sent_name: Mapped[str]
    seen_at: Mapped[datetime | None]
    judge: Mapped[Judge] = relationship()


class DeskRule(db.Model):
    """How an event's sheets are controlled before they are locked; no row is neither of the two."""

    __tablename__ = "desk_rule"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), unique=True)
    wants_check: Mapped[bool]  # a second person compares every submitted sheet before it can be locked
    wants_two_keyers: Mapped[bool]  # paper sheets are keyed twice, blind, by two people
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]


class SheetCheck(db.Model):
    """A second person compared a sheet with its paper; it holds for exactly the marks of its digest."""

    __tablename__ = "sheet_check"
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("sheet.id"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    is_right: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")  # what is wrong
    checked_at: Mapped[datetime]
    checked_by: Mapped[int | None]
    checked_name: Mapped[str]
    sheet: Mapped[Sheet] = relationship()


class Keying(db.Model):
    """What one of two people keyed from a paper sheet, unseen by the other."""

    __tablename__ = "keying"
    __table_args__ = (
        sa.UniqueConstraint("sheet_id", "turn"),
        sa.UniqueConstraint("sheet_id", "account_id"),
        sa.CheckConstraint("turn IN (1, 2)", "one_of_two"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("sheet.id"), index=True)
    turn: Mapped[int]  # 1 the first, 2 the second person
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    fields: Mapped[dict[str, Any]]  # "aspect.attempt" → [state, thousandths or null]
    passes: Mapped[int] = mapped_column(
        default=1
    )  # how often this person keyed, the differing fields included
    keyed_at: Mapped[datetime]
    sheet: Mapped[Sheet] = relationship()


class RelationNotice(db.Model):
    """A tie that a judge told of in words; the office finds the entry, because a judge may not look for it."""

    __tablename__ = "relation_notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"), index=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    who: Mapped[str]  # name and unit, as the judge wrote them
    relation: Mapped[str]
    told_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"))  # None: nobody here is meant
    judge: Mapped[Judge] = relationship()
