"""The tables of an archive as CSV, row by row: UTF-8 with a BOM, formulas neutralised, personal numbers masked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from contest.audit import Change
from contest.awards.models import Award, Decision, Title
from contest.certificates import states
from contest.certificates.models import Certificate, Letter
from contest.db import db
from contest.entries.models import (
    Decoding,
    Delegation,
    Draw,
    Entry,
    Member,
    Organisation,
    Person,
    WorkCode,
)
from contest.entries.models_codes import LayerOpening
from contest.events.models import Event, EventAspect, EventRound
from contest.judging.models import MarkRevision, Panel, Seat, Sheet
from contest.results.models import Appeal, Correction, Publication
from contest.results.models_checks import SnapshotCheck
from contest.web import neutral

BATCH = 2000


def _csv(heads: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """A table in parts of BATCH rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow(heads)
    for count, row in enumerate(rows, 1):
        writer.writerow([_cell(value) for value in row])
        if count % BATCH == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list):
        return neutral(json.dumps(value, ensure_ascii=False, sort_keys=True))
    return neutral(getattr(value, "value", value))


def _all(statement: Any) -> Iterator[Any]:
    """Rows of a statement, read in parts: a log of a million lines needs no memory."""
    return iter(db.session.execute(statement.execution_options(yield_per=BATCH)))


def roster(event_id: int) -> Iterator[bytes]:
    """Everybody registered, with who left; identity and telephone masked."""
    own = aliased(Organisation)
    statement = (
        sa.select(
            Entry.number, Entry.name, Entry.state, Entry.state_reason, Delegation.name, Member.number, Person.name,
            Person.gender, Person.id_kind, Person.id_masked, Person.phone_masked,
            sa.func.coalesce(own.name, Organisation.name), Member.job, Member.level_held, Member.state, Member.left_at,
            Member.left_reason,
        )
        .select_from(Entry)
        .outerjoin(Member, Member.entry_id == Entry.id)
        .outerjoin(Person, Member.person_id == Person.id)
        .outerjoin(Delegation, Entry.delegation_id == Delegation.id)
        .outerjoin(Organisation, Entry.organisation_id == Organisation.id)
        .outerjoin(own, Member.organisation_id == own.id)
        .where(Entry.event_id == event_id)
        .order_by(Entry.id, Member.position, Member.id)
    )  # fmt: skip
    heads = (
        "编号", "队名", "状态", "原因", "代表队", "选手编号", "姓名", "性别", "证件种类", "证件号（遮盖）", "电话（遮盖）",
        "单位", "岗位", "技能等级", "选手状态", "退出时间", "退出原因",
    )  # fmt: skip
    return _csv(heads, _all(statement))


def marks(event_id: int) -> Iterator[bytes]:
    """Every revision of every mark by work code and seat, with its place in the sheet's hash chain."""
    statement = (
        sa.select(
            MarkRevision.id, Sheet.public_id, Sheet.work_code, EventRound.key, Sheet.module_key, Panel.name, Seat.position,
            EventAspect.key, MarkRevision.attempt, MarkRevision.state, MarkRevision.value_milli, MarkRevision.replaces_id,
            MarkRevision.source, MarkRevision.reason, MarkRevision.recorded_at, MarkRevision.previous, MarkRevision.hash,
        )
        .join(Sheet, MarkRevision.sheet_id == Sheet.id)
        .join(EventAspect, MarkRevision.aspect_id == EventAspect.id)
        .join(EventRound, Sheet.round_id == EventRound.id)
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(Panel, Seat.panel_id == Panel.id)
        .where(Sheet.event_id == event_id)
        .order_by(MarkRevision.id)
    )  # fmt: skip
    heads = (
        "序号", "评分表", "加密号", "轮次", "模块", "裁判组", "席位", "评分点", "次", "状态", "分值（千分之一分）", "替代的序号",
        "来源", "原因", "时间", "前一散列", "散列",
    )  # fmt: skip
    return _csv(heads, _all(statement))


def codes(event_id: int) -> Iterator[bytes]:
    """Work codes with the entries they stood for, of the rounds that the supervisor has opened."""
    opened = sa.select(Decoding.id).where(
        Decoding.event_id == event_id, Decoding.round_key.in_([WorkCode.round_key, ""])
    )
    statement = (
        sa.select(WorkCode.round_key, WorkCode.code, Entry.number, Member.number)
        .join(Entry, WorkCode.entry_id == Entry.id)
        .outerjoin(Member, WorkCode.member_id == Member.id)
        .where(WorkCode.event_id == event_id, opened.correlate(WorkCode).exists())
        .order_by(WorkCode.id)
    )
    return _csv(("轮次", "加密号", "编号", "选手编号"), _all(statement))


def decodings(event_id: int) -> Iterator[bytes]:
    """When codes were opened and why."""
    statement = sa.select(Decoding.round_key, Decoding.decoded_at, Decoding.decoded_by, Decoding.reason)
    return _csv(
        ("轮次", "时间", "账号", "原因"),
        _all(statement.where(Decoding.event_id == event_id).order_by(Decoding.id)),
    )


def openings(event_id: int) -> Iterator[bytes]:
    """Layers of codes as they were opened, the uppermost first, with who opened them and who looked on."""
    statement = sa.select(
        LayerOpening.layer, LayerOpening.opened_at, LayerOpening.opened_name, LayerOpening.witness
    )
    return _csv(
        ("层", "时间", "解密人", "见证人"),
        _all(statement.where(LayerOpening.event_id == event_id).order_by(LayerOpening.id)),
    )


def draw(row: Draw) -> Iterator[bytes]:
    """A locked draw with what makes it repeatable, and every place."""
    numbers = dict(
        db.session.execute(sa.select(Entry.id, Entry.number).where(Entry.event_id == row.event_id)).all()
    )
    facts = (row.method, row.commitment, row.public_value, row.seed, row.drawn_at, row.locked_at)
    heads = (
        "顺序", "场次", "工位", "编号", "方式", "种子摘要", "公开值", "种子", "抽签时间", "锁定时间",
    )  # fmt: skip
    lines = (
        (one.position, one.session, one.bench, numbers.get(one.entry_id, ""), *facts) for one in row.places
    )
    return _csv(heads, lines)


def appeals(event_id: int) -> Iterator[bytes]:
    """Appeals with what was decided."""
    statement = sa.select(
        Appeal.id, Appeal.publication_id, Appeal.module_key, Appeal.entry_id, Appeal.subject, Appeal.text, Appeal.filed_at,
        Appeal.filed_name, Appeal.state, Appeal.level, Appeal.decision, Appeal.decided_at, Appeal.decided_name,
    )  # fmt: skip
    heads = (
        "申诉", "榜单", "模块", "参赛项", "类别", "内容", "提出时间", "提出人", "状态", "层级", "裁决", "裁决时间", "裁决人",
    )  # fmt: skip
    return _csv(heads, _all(statement.where(Appeal.event_id == event_id).order_by(Appeal.id)))


def corrections(event_id: int) -> Iterator[bytes]:
    """Corrections after the lock: what changed, why, who proposed and who applied."""
    statement = sa.select(
        Correction.id, Correction.appeal_id, Correction.entry_id, Correction.effect, Correction.reason, Correction.changes,
        Correction.effects, Correction.state, Correction.proposed_at, Correction.proposed_name, Correction.settled_at,
        Correction.settled_name, Correction.settled_reason,
    )  # fmt: skip
    heads = (
        "改分", "申诉", "参赛项", "方式", "原因", "改动", "影响", "状态", "提出时间", "提出人", "处理时间", "处理人", "处理原因",
    )  # fmt: skip
    return _csv(heads, _all(statement.where(Correction.event_id == event_id).order_by(Correction.id)))


def steps(publication: Publication) -> Iterator[bytes]:
    """What was done to a list before it was published, every state it entered and every signature over it."""
    checks = sa.select(SnapshotCheck).where(SnapshotCheck.snapshot_id == publication.snapshot_id)
    lines = [
        (one.at, one.kind, "", one.role, one.account_name, one.note, one.digest)
        for one in db.session.scalars(checks.order_by(SnapshotCheck.id))
    ]
    lines += [
        (one.at, one.kind, one.state.value, one.role, one.account_name, one.note, one.digest)
        for one in publication.steps
    ]
    return _csv(("时间", "事项", "状态", "身份", "经办人", "说明", "榜单摘要"), lines)


def certificates(edition_id: int) -> Iterator[bytes]:
    """Every number that was given, with the state of its paper; of a letter the digest of its frozen roll."""
    rows = db.session.scalars(
        sa.select(Certificate).where(Certificate.edition_id == edition_id).order_by(Certificate.id)
    )
    letters = db.session.scalars(sa.select(Letter).where(Letter.edition_id == edition_id).order_by(Letter.id))
    papers = [(one, one.snapshot_digest) for one in rows]
    papers += [(one, one.recipient.roll.digest) for one in letters]
    lines = (
        (one.number, one.name, one.layout, one.issued_at, states.state_of(one), digest)
        for one, digest in papers
    )
    return _csv(("编号", "持有人", "版式", "签发时间", "状态", "榜单摘要"), lines)


def titles(edition_id: int) -> Iterator[bytes]:
    """The register of titles with the decisions that conferred them."""
    statement = (
        sa.select(
            Title.name, Title.unit, Title.label, Title.state, Title.proposed_at, Title.settled_at, Title.settled_reason,
            Decision.authority, Decision.document_number, Decision.dated_on,
        )
        .join(Award, Title.award_id == Award.id)
        .join(Publication, Award.publication_id == Publication.id)
        .join(Event, Publication.event_id == Event.id)
        .outerjoin(Decision, Title.decision_id == Decision.id)
        .where(Event.sub_contest.has(edition_id=edition_id))
        .order_by(Title.id)
    )  # fmt: skip
    heads = (
        "姓名", "单位", "称号", "状态", "提出时间", "办结时间", "原因", "授予单位", "文号", "成文日期",
    )  # fmt: skip
    return _csv(heads, _all(statement))


def changes(contest_id: int) -> Iterator[bytes]:
    """The contest's whole log with its hash chain; it is one chain over all editions."""
    statement = sa.select(
        Change.sequence, Change.at, Change.account_name, Change.via, Change.ip, Change.action, Change.subject_kind,
        Change.subject_id, Change.values, Change.reason, Change.previous, Change.hash,
    )  # fmt: skip
    heads = (
        "序号", "时间", "账号", "途径", "地址", "操作", "对象", "对象号", "改动", "原因", "前一散列", "散列",
    )  # fmt: skip
    return _csv(heads, _all(statement.where(Change.contest_id == contest_id).order_by(Change.sequence)))
