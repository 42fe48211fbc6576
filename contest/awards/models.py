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


class TitleLevel(enum.StrEnum):
    """The rungs of a ladder of titles, from the top: who confers it."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"
    ENTERPRISE = "enterprise"


class PromotionState(enum.StrEnum):
    """A promotion is proposed by rule, approved by a second person, reported, and recorded once the body confirms."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REPORTED = "reported"  # went to the assessment body in its own workbook
    RECORDED = "recorded"  # confirmed: the person holds the level
    REFUSED = "refused"


class Split(enum.StrEnum):
    """What a sum of prize money is for, where several people share an award."""

    TEAM = "team"  # one sum for all, split in equal parts
    EACH = "each"  # the sum for everyone


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
    # The days on which the proposal was announced (公示), and what came of it.
    notice_from: Mapped[date | None]
    notice_until: Mapped[date | None]
    notice_outcome: Mapped[str] = mapped_column(default="", server_default="")
    submitted_on: Mapped[date | None]
    submitted_number: Mapped[str] = mapped_column(default="", server_default="")  # of the letter that went up
    settled_at: Mapped[datetime | None]  # conferred, refused or revoked
    settled_reason: Mapped[str] = mapped_column(default="")
    # Reference and date of the authority's paper that refused or revoked it.
    settled_number: Mapped[str] = mapped_column(default="", server_default="")
    settled_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    award: Mapped[Award] = relationship()
    decision: Mapped[Decision | None] = relationship(back_populates="titles")
    __mapper_args__ = {"version_id_col": version}


class TitleKind(db.Model):
    """What a holder says of a title that its rules can give: its ladder, its rung, who confers it, what it opens."""

    __tablename__ = "title_kind"
    __table_args__ = (sa.UniqueConstraint("holder_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(80))
    label: Mapped[str]
    label_en: Mapped[str] = mapped_column(default="")
    ladder: Mapped[str] = mapped_column(sa.String(80), default="")  # e.g. 技术能手, 工匠
    level: Mapped[TitleLevel] = mapped_column(enum_type(TitleLevel))
    authority: Mapped[str] = mapped_column(default="")
    rights: Mapped[str] = mapped_column(default="")  # one right a line
    rights_en: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Promotion(db.Model):
    """One person's step in the eight levels, from the rules' grant to the level written down with the person."""

    __tablename__ = "promotion"
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("award.id"), unique=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(default="")
    year: Mapped[int]  # one promotion a person a year
    level_before: Mapped[str] = mapped_column(sa.String(40), default="")  # keys of scoring.awarding.levels
    level_after: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[int] = mapped_column(default=0)
    state: Mapped[PromotionState] = mapped_column(enum_type(PromotionState))
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int | None]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None]
    approved_name: Mapped[str] = mapped_column(default="")
    reported_at: Mapped[datetime | None]
    recorded_on: Mapped[date | None]  # the date of the level's certificate
    certificate_number: Mapped[str] = mapped_column(default="")  # made by the assessment body, never by us
    settled_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    award: Mapped[Award] = relationship()
    __mapper_args__ = {"version_id_col": version}


class ReportTemplate(db.Model):
    """A body's own workbook that a list is filled into; the newest of a holder and use counts."""

    __tablename__ = "report_template"
    id: Mapped[int] = mapped_column(primary_key=True)
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("holder.id"), index=True)
    use: Mapped[str] = mapped_column(sa.String(40))  # promotions
    name: Mapped[str]
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None]


class PrizeMoney(db.Model):
    """The sum that one award of an edition is worth; a row for one event goes before the row for all."""

    __tablename__ = "prize_money"
    __table_args__ = (sa.UniqueConstraint("edition_id", "event_id", "award_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), index=True)
    event_id: Mapped[int] = mapped_column(default=0)  # 0: every event of the edition
    award_key: Mapped[str] = mapped_column(sa.String(80))
    amount_cents: Mapped[int]  # 分, before tax
    split: Mapped[Split] = mapped_column(enum_type(Split))


class MoneyRule(db.Model):
    """How the prize money of an edition is taxed, as the organiser states it."""

    __tablename__ = "money_rule"
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), primary_key=True)
    rate_bp: Mapped[int]  # hundredths of a per cent: 2000 is 20 %
    is_exempt: Mapped[bool]
    basis: Mapped[str] = mapped_column(default="")  # the rule it rests on, printed below the table
    payer: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class BankAccount(db.Model):
    """Where a person's prize money goes; the number is encrypted, see personal.py."""

    __tablename__ = "bank_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    bank: Mapped[str]
    number_cipher: Mapped[bytes]
    number_masked: Mapped[str]
    changed_at: Mapped[datetime]


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
