"""Lists that stand: rulings on ties, frozen snapshots, publications with their steps, appeals."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import db, enum_type
from contest.entries.models import Entry
from contest.events.models import Event, EventRound, RuleVersion
from contest.judging.models import Sheet


class ListState(enum.StrEnum):
    """The states of a list, in their order; each kind of award names the one that releases its paper."""

    DRAFT = "draft"
    CHECKED = "checked"
    PROVISIONAL = "provisional"  # 初步成绩: appeals open
    CONFIRMED = "confirmed"  # 成绩确认: appeals closed, signed, frozen
    PUBLIC_NOTICE = "public_notice"  # 公示 of the proposed awards
    FINAL = "final"  # 正式公布
    ARCHIVED = "archived"


class RulingKind(enum.StrEnum):
    LOT = "lot"  # drawn by hand before witnesses, recorded here
    RULING = "ruling"  # the chief judge's written decision


class AppealState(enum.StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class TieRuling(db.Model):
    """How a tie was resolved outside the marks; read by every later snapshot of the ranking."""

    __tablename__ = "tie_ruling"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event_round.id"))
    ranking_key: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[RulingKind] = mapped_column(enum_type(RulingKind))
    order: Mapped[list[Any]]  # subject keys, best first
    reason: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None]
    recorded_name: Mapped[str] = mapped_column(default="")
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(default="")


class Snapshot(db.Model):
    """A ranking computed and frozen. Recomputing from the same input must give the same rows and digest."""

    __tablename__ = "snapshot"
    __table_args__ = (
        sa.Index(
            "uq_snapshot_number", "event_id", sa.text("coalesce(round_id, 0)"), "ranking_key", "number", unique=True
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event_round.id"))  # None: all rounds
    ranking_key: Mapped[str] = mapped_column(sa.String(80))
    number: Mapped[int]
    rule_version_id: Mapped[int] = mapped_column(sa.ForeignKey("rule_version.id"))
    last_mark_id: Mapped[int]
    input_digest: Mapped[str] = mapped_column(sa.String(64))
    code_version: Mapped[str]
    digest: Mapped[str] = mapped_column(sa.String(64))  # of the canonical JSON of heading and rows
    # The digest after a merge or an erasure of people, see restating; empty: the rows are as they were frozen.
    restated_digest: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    heading: Mapped[dict[str, Any]]  # titles, hosts, columns as they stood
    taken_at: Mapped[datetime]
    taken_by: Mapped[int | None]
    event: Mapped[Event] = relationship()
    round: Mapped[EventRound | None] = relationship()
    rule_version: Mapped[RuleVersion] = relationship()
    rows: Mapped[list[SnapshotRow]] = relationship(back_populates="snapshot", order_by="SnapshotRow.position")

    @property
    def standing_digest(self) -> str:
        """What the rows' digest is today: that of the frozen list, or of the restated one."""
        return self.restated_digest or self.digest


class SnapshotRow(db.Model):
    """One line of a frozen list: names as they stood, exact total, rank and what decided it."""

    __tablename__ = "snapshot_row"
    __table_args__ = (sa.UniqueConstraint("snapshot_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshot.id"), index=True)
    position: Mapped[int]
    subject_kind: Mapped[str]  # entry, member, organisation, delegation
    subject_id: Mapped[int] = mapped_column(index=True)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(index=True)  # entries.Person of a member row
    delegation_id: Mapped[int | None] = mapped_column(index=True)
    name: Mapped[str]
    people: Mapped[str] = mapped_column(default="")  # everybody on the line, for the public's search by name
    delegation: Mapped[str] = mapped_column(default="")  # its name as it stood
    rank: Mapped[str] = mapped_column(default="")  # as shown: 1, 2, 2.5, or empty when not ranked
    rank_sort: Mapped[int] = mapped_column(default=0)  # 1 + how many are placed better; 0 when not ranked
    total: Mapped[str] = mapped_column(default="")  # as shown, rounded by the rules
    total_exact: Mapped[str] = mapped_column(default="")  # numerator/denominator
    status: Mapped[str]
    decided_by: Mapped[str] = mapped_column(default="")
    award_key: Mapped[str] = mapped_column(default="")
    data: Mapped[
        dict[str, Any]
    ]  # number, unit, delegation, group, members, module marks, grants with reasons
    snapshot: Mapped[Snapshot] = relationship(back_populates="rows")


class Publication(db.Model):
    """A snapshot made public as a numbered revision. The newest not withdrawn is the one that counts."""

    __tablename__ = "publication"
    __table_args__ = (
        sa.Index(
            "uq_publication_revision", "event_id", sa.text("coalesce(round_id, 0)"), "ranking_key", "revision", unique=True
        ),
        sa.Index(  # two live lists of one ranking can't be, whoever publishes at the same moment
            "uq_publication_live",
            "event_id",
            sa.text("coalesce(round_id, 0)"),
            "ranking_key",
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(sa.ForeignKey("snapshot.id"), index=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event_round.id"))
    ranking_key: Mapped[str] = mapped_column(sa.String(80))
    revision: Mapped[int]
    state: Mapped[ListState] = mapped_column(enum_type(ListState))
    published_at: Mapped[datetime]
    appeals_until: Mapped[datetime | None]
    is_embargoed: Mapped[bool] = mapped_column(default=False)
    superseded_at: Mapped[datetime | None]
    superseded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("publication.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    shown_places: Mapped[
        int | None
    ]  # the public reads the first so many places, ties included; None: all lines
    change_note: Mapped[str] = mapped_column(default="")  # what an amended list changed, and why
    version: Mapped[int] = mapped_column(default=1)
    snapshot: Mapped[Snapshot] = relationship()
    event: Mapped[Event] = relationship()
    round: Mapped[EventRound | None] = relationship()
    steps: Mapped[list[PublicationStep]] = relationship(
        back_populates="publication", order_by="PublicationStep.id"
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_live(self) -> bool:
        """Neither superseded nor withdrawn: the list that counts."""
        return self.superseded_at is None and self.withdrawn_at is None


class PublicationStep(db.Model):
    """A state a list entered, a signature over its digest, or a thing done to it."""

    __tablename__ = "publication_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publication.id"), index=True)
    kind: Mapped[str]  # entered, signed, superseded, withdrawn, released
    state: Mapped[ListState] = mapped_column(enum_type(ListState))
    role: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None]
    account_name: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(default="")  # of the list that was signed
    publication: Mapped[Publication] = relationship(back_populates="steps")


class PublicationBundle(db.Model):
    """The verify bundle of a publication, as it was made when the list was published."""

    __tablename__ = "publication_bundle"
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publication.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    digest: Mapped[str] = mapped_column(sa.String(64))  # of the whole ZIP
    made_at: Mapped[datetime]


class Appeal(db.Model):
    """A written objection within the window, against a list or a module before it is marked.

    While it is open no list of the event can be confirmed. Decided at level 1 and, if taken on in time, at level 2.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        sa.CheckConstraint("publication_id IS NOT NULL OR module_key <> ''", "against_list_or_module"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    publication_id: Mapped[int | None] = mapped_column(sa.ForeignKey("publication.id"), index=True)
    module_key: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    subject: Mapped[str] = mapped_column(default="other")
    text: Mapped[str]
    filed_at: Mapped[datetime]
    filed_by: Mapped[int | None]
    filed_name: Mapped[str]
    state: Mapped[AppealState] = mapped_column(enum_type(AppealState), default=AppealState.OPEN)
    level: Mapped[int] = mapped_column(default=1, server_default="1")
    decide_by: Mapped[datetime | None]  # until when the present level decides
    acknowledged_at: Mapped[datetime | None]
    assigned_to: Mapped[int | None]
    assigned_name: Mapped[str] = mapped_column(default="", server_default="")
    decision: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    decided_name: Mapped[str] = mapped_column(default="")
    event: Mapped[Event] = relationship()
    publication: Mapped[Publication | None] = relationship()
    entry: Mapped[Entry] = relationship()
    steps: Mapped[list[AppealStep]] = relationship(back_populates="appeal", order_by="AppealStep.id")
    files: Mapped[list[AppealFile]] = relationship(back_populates="appeal", order_by="AppealFile.id")


class AppealStep(db.Model):
    """What was done with an appeal, by whom: filed, acknowledged, assigned, upheld, dismissed, taken_on, withdrawn."""

    __tablename__ = "appeal_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    level: Mapped[int]
    account_id: Mapped[int | None]
    account_name: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    appeal: Mapped[Appeal] = relationship(back_populates="steps")


class AppealFile(db.Model):
    """A piece of evidence that came with an appeal."""

    __tablename__ = "appeal_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(sa.ForeignKey("appeal.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    appeal: Mapped[Appeal] = relationship(back_populates="files")


class CorrectionEffect(enum.StrEnum):
    """What a correction does to an entry's marks."""

    RE_MARK = "re_mark"  # single marks get other values
    DEDUCTION = "deduction"  # points come off an aspect, in every judge's mark
    VOID = "void"  # all marks of a module are declared void


class CorrectionState(enum.StrEnum):
    PROPOSED = "proposed"
    APPLIED = "applied"
    REJECTED = "rejected"


class Correction(db.Model):
    """A change of marks after they were locked: proposed by one person, seen with all it moves, applied by another.

    changes: [{sheet, work_code, seat, aspect, attempt, old, old_state, new, new_state}] with values in thousandths.
    effects: what it moved when it was applied, [{list, entry_ids, name, number, rank, total, awards, titles}], the
    last four as [before, after]. input_digest: of the input that the proposal was made from.
    """

    __tablename__ = "correction"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    appeal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appeal.id"), index=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    effect: Mapped[CorrectionEffect] = mapped_column(enum_type(CorrectionEffect))
    reason: Mapped[str]
    changes: Mapped[list[Any]]
    effects: Mapped[list[Any]]
    input_digest: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[CorrectionState] = mapped_column(enum_type(CorrectionState))
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int | None]
    proposed_name: Mapped[str]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]
    settled_name: Mapped[str] = mapped_column(default="")
    settled_reason: Mapped[str] = mapped_column(default="")
    event: Mapped[Event] = relationship()
    appeal: Mapped[Appeal | None] = relationship()
    entry: Mapped[Entry] = relationship()


class ResultSetting(db.Model):
    """How an edition handles appeals and public notice; an edition without a row follows the defaults here."""

    __tablename__ = "result_setting"
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("edition.id"), primary_key=True)
    closed_subjects: Mapped[list[Any]]  # subjects of appeals that this edition does not take, e.g. marking
    decision_hours: Mapped[int] = mapped_column(default=24)  # until a level decides
    second_hours: Mapped[int] = mapped_column(
        default=24
    )  # to take a decision on to level 2; 0: there is none
    is_module_open: Mapped[bool] = mapped_column(default=True)  # appeals about a module before it is marked
    notice_days: Mapped[int] = mapped_column(default=5)  # working days of the public notice
    office: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    hours: Mapped[str] = mapped_column(default="")
    supervising_office: Mapped[str] = mapped_column(default="")
    releases: Mapped[dict[str, Any]]  # kind of award → the state of a list that releases its paper
    check_people: Mapped[int] = mapped_column(
        default=1, server_default="1"
    )  # who find a list right first: 0–2
    second_person: Mapped[list[Any]] = mapped_column(
        default=list, server_default="[]"
    )  # states entered by two
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class NoticePeriod(db.Model):
    """The public notice of a list: its days and where objections go, as they were announced."""

    __tablename__ = "notice_period"
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publication.id"), primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # its last working day
    days: Mapped[int]
    office: Mapped[str]
    contact: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    hours: Mapped[str]
    supervising_office: Mapped[str]
    closed_at: Mapped[datetime | None]  # when it was put on record that no objection is open
    closed_by: Mapped[int | None]
    closed_name: Mapped[str] = mapped_column(default="")
    publication: Mapped[Publication] = relationship()


class Objection(db.Model):
    """Something that came in during a public notice, and what was answered."""

    __tablename__ = "objection"
    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publication.id"), index=True)
    received_at: Mapped[datetime]
    sender: Mapped[str]  # as given; may be anonymous
    channel: Mapped[str]
    text: Mapped[str]
    recorded_by: Mapped[int | None]
    recorded_name: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    is_upheld: Mapped[bool | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None]
    settled_name: Mapped[str] = mapped_column(default="")


class Recheck(db.Model):
    """A re-check of sheets against the marks on record: all top entries and a share of the rest, by a recorded seed."""

    __tablename__ = "recheck"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    ranking_key: Mapped[str] = mapped_column(sa.String(80))
    seed: Mapped[str]
    top: Mapped[int]  # places that are checked in full
    share_bp: Mapped[int]  # of the other entries, in hundredths of a percent
    is_everything: Mapped[bool] = mapped_column(default=False)  # the error rate was above the limit
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int | None]
    drawn_name: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    closed_name: Mapped[str] = mapped_column(default="")
    items: Mapped[list[RecheckItem]] = relationship(back_populates="recheck", order_by="RecheckItem.id")


class RecheckItem(db.Model):
    """One sheet of a re-check. is_right: None until somebody has looked."""

    __tablename__ = "recheck_item"
    __table_args__ = (sa.UniqueConstraint("recheck_id", "sheet_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    recheck_id: Mapped[int] = mapped_column(sa.ForeignKey("recheck.id"), index=True)
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("sheet.id"))
    why: Mapped[str] = mapped_column(sa.String(10))  # top, sample, all
    marks: Mapped[int]  # how many marks the sheet has
    wrong: Mapped[int | None]  # how many of them differ from the paper
    is_right: Mapped[bool | None]
    note: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[int | None]
    checked_name: Mapped[str] = mapped_column(default="")
    recheck: Mapped[Recheck] = relationship(back_populates="items")
    sheet: Mapped[Sheet] = relationship()
