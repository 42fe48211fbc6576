"""The words that circulars and public notices begin with, and the values of the places in them. Papers are Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from contest.awards.models import Award, AwardKind, Verdict
from contest.db import db
from contest.desk import participation
from contest.desk.models import DocumentKind
from contest.events.models import Edition
from contest.results.models import NoticePeriod, Publication
from contest.results.settings import setting_of

PRIZE_HEADS = ("序号", "奖项", "名次", "姓名（队名）", "单位")
RANK_HEADS = ("名次", "姓名（队名）", "单位", "成绩")
DRAFTS: dict[DocumentKind, tuple[str, str, tuple[str, ...]]] = {
    DocumentKind.CIRCULAR: (
        "{issuer}关于{edition}结果的通报",
        "各有关单位：",
        (
            "{edition}已圆满结束。本届竞赛{events}个赛项的成绩已正式公布，{taking}参赛，产生奖项{prizes}个。"
            "现将竞赛结果予以通报（名单附后）。",
            "希望获奖单位和个人珍惜荣誉、再接再厉。各单位要以竞赛为契机，广泛组织职工学技术、练本领、比贡献，"
            "为高质量发展作出新的更大贡献。",
        ),
    ),
    DocumentKind.NOTICE: (
        "关于{edition}拟获奖名单的公示",
        "",
        (
            "根据竞赛规程和评判结果，现将{edition}拟获奖名单（奖项{prizes}个，见附件）予以公示。"
            "公示时间为{start}至{end}（{days}个工作日）。",
            "公示期间如有异议，请以书面形式向{office}反映，并提供真实姓名、联系方式和有关证明材料，以便核实。",
            "受理单位：{office}",
            "联系人：{contact}　联系电话：{phone}",
            "地址：{address}　受理时间：{hours}",
            "监督单位：{supervising_office}",
        ),
    ),
}
_BLANK_DAY = "　　年　　月　　日"
_FIELDS = ("office", "contact", "phone", "address", "hours", "supervising_office")


def values_of(edition: Edition, lists: Sequence[Publication], issuer: str) -> dict[str, str]:
    """Place → text, counted from the lists as they stand."""
    ids = [one.id for one in lists]
    prizes = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Award)
        .where(Award.publication_id.in_(ids), Award.kind == AwardKind.PRIZE, Award.verdict == Verdict.GRANTED)
    )
    events = {one.event_id for one in lists}
    rows = [
        row
        for row in participation.takings(edition.contest_id, edition_id=edition.id, public_only=False)
        if row.event_id in events
    ]
    return {
        "edition": edition.name,
        "issuer": issuer,
        "events": str(len(events)),
        "people": str(len({row.person_id for row in rows})),
        "taking": _taking(rows, lists),
        "prizes": str(prizes or 0),
        **_notice(edition, ids),
    }


def _taking(rows: Sequence[participation.Taking], lists: Sequence[Publication]) -> str:
    """31个代表队、212名选手; where nobody is registered by name, the units that stand on the lists."""
    people, delegations = {row.person_id for row in rows}, {row.delegation for row in rows if row.delegation}
    if not people:
        units = {(one.event_id, row.subject_id) for one in lists for row in one.snapshot.rows if row.rank}
        return f"{len(units)}个单位"
    return (f"{len(delegations)}个代表队、" if delegations else "") + f"{len(people)}名选手"


def _notice(edition: Edition, ids: Sequence[int]) -> dict[str, str]:
    """Days and office of the notice as they were announced, else as the edition's settings say, the days in blank."""
    period = db.session.scalars(
        sa.select(NoticePeriod)
        .where(NoticePeriod.publication_id.in_(ids))
        .order_by(NoticePeriod.ends_on.desc(), NoticePeriod.publication_id)
    ).first()
    source = period or setting_of(edition.id)
    days = period.days if period else setting_of(edition.id).notice_days
    return {
        "start": _day(period.starts_on if period else None),
        "end": _day(period.ends_on if period else None),
        "days": str(days),
        **{name: getattr(source, name) or "　　　　" for name in _FIELDS},
    }


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else _BLANK_DAY
