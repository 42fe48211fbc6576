"""Prizes, titles and the decisions that confer them; people who held a title before."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import db, enum_type
from contest.results.models import Publication


class AwardKind(enum.StrEnum):
    PRIZE = "prize"
    TITLE = "title"
    PROMOTION = "promotion"
    HONOUR = "honour"
    PENALTY = "penalty"


class TitleState(enum.StrEnum):
    """A title is proposed by rule and conferred by the authority; no paper says conferred before."""

    PROPOSED = "proposed"  # 拟授予
    SUBMITTED = "submitted"  # 报批
    CONFERRED = "conferred"  # 授予
    REFUSED = "refused"
    REVOKED = "revoked"


class Verdict(enum.StrEnum):
    """What a rule decided for one recipient; *asked* is what the rules leave open until the organiser settles it."""

    GRANTED = "granted"
    REFUSED = "refused"
    ASKED = "asked"


class Award(db.Model):
    """What one recipient receives from one published list by one rule, with the reason. Refusals are rows too."""

    __tablename__ = "award"
    __table_args__ = (
        sa.UniqueConstraint("publication_id", "rule", "subject_kind", "subject_id", "recipient"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publication.id"), index=True)
    kind: Mapped[AwardKind] = mapped_column(enum_type(AwardKind))
    rule: Mapped[str] = mapped_column(sa.String(80))  # the award table's key in the rule set
    key: Mapped[str] = mapped_column(
        sa.String(80)
    )  # e.g. gold, technical_expert; empty where a rule gave nothing
    label: Mapped[str]
    label_en: Mapped[str] = mapped_column(default="")
    subject_kind: Mapped[str]  # of the ranked line that earned it: member, entry, organisation, delegation
    subject_id: Mapped[int] = mapped_column(index=True)
    recipient: Mapped[str] = mapped_column(sa.String(120))  # m12, e5, or a coach's name
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    rank: Mapped[str] = mapped_column(default="")  # as it stands on the list
    verdict: Mapped[Verdict] = mapped_column(enum_type(Verdict))
    reason: Mapped[dict[str, Any]]  # code and parameters from the scoring core
    settled_note: Mapped[str] = mapped_column(default="")  # why an open question was settled as it was
    position: Mapped[int]
    made_at: Mapped[datetime]
    publication: Mapped[Publication] = relationship()

    @property
    def is_granted(self) -> bool:
        """Whether the recipient has it."""
        return self.verdict is Verdict.GRANTED


class Decision(db.Model):
    """A decision (决定) that confers titles: drafted here, number and date typed in after signing."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    title_key: Mapped[str] = mapped_column(sa.String(80))
    title_label: Mapped[str]
    heading: Mapped[str]
    body: Mapped[dict[str, Any]]  # addressees, basis, paragraphs as edited
    authority: Mapped[str] = mapped_column(default="")
    document_number: Mapped[str] = mapped_column(default="")
    dated_on: Mapped[date | None]
    drafted_at: Mapped[datetime]
    conferred_at: Mapped[datetime | None]  # when number and date were entered
    scan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    version: Mapped[int] = mapped_column(default=1)
    titles: Mapped[list[Title]] = relationship(back_populates="decision", order_by="Title.position")
    __mapper_args__ = {"version_id_col": version}


class Title(db.Model):
    """One person's title from proposal to conferral: the register of titles."""

    __tablename__ = "title"
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("award.id"), unique=True)
    # A coach may be known by name only.
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    key: Mapped[str] = mapped_column(sa.String(80))
    label: Mapped[str]
    label_en: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[TitleState] = mapped_column(enum_type(TitleState), default=TitleState.PROPOSED)
    proposed_at: Mapped[datetime]
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"), index=True)
    settled_at: Mapped[datetime | None]  # conferred, refused or revoked
    settled_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    award: Mapped[Award] = relationship()
    decision: Mapped[Decision | None] = relationship(back_populates="titles")
    __mapper_args__ = {"version_id_col": version}


class EarlierHolder(db.Model):
    """Somebody who already holds a title from before this system, from an uploaded list."""

    __tablename__ = "earlier_holder"
    __table_args__ = (sa.UniqueConstraint("holder_id", "title_key", "id_digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    title_key: Mapped[str] = mapped_column(sa.String(80))
    name: Mapped[str]
    id_digest: Mapped[str] = mapped_column(sa.String(64), index=True)
    id_masked: Mapped[str]
    year: Mapped[int | None]
    document_number: Mapped[str] = mapped_column(default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    uploaded_at: Mapped[datetime]
