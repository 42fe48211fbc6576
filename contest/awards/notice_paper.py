"""The public notice (公示) of proposed titles as an official paper: who is proposed, how long, whom to tell."""

from __future__ import annotations

from collections.abc import Sequence

from contest import official
from contest.awards.decision_paper import ALIGNS, HEADS, WIDTHS
from contest.awards.models import Title
from contest.events.models import Edition
from contest.results.settings import setting_of


def pdf(edition: Edition, titles: Sequence[Title]) -> bytes:
    """The notice of these proposals, all of one title and with the same days."""
    first, setting = titles[0], setting_of(edition.id)
    many = f"等{len(titles)}名" if len(titles) > 1 else ""
    days = f"{official.chinese_date(first.notice_from)}至{official.chinese_date(first.notice_until)}"
    told = (
        ("受理单位：", setting.office),
        ("联系人：", setting.contact),
        ("联系电话：", setting.phone),
        ("地址：", setting.address),
        ("监督部门：", setting.supervising_office),
    )
    paper = official.Paper(
        heading=f"关于拟授予{first.name}{many}同志“{first.label}”称号的公示",
        blocks=(
            f"{edition.name}圆满结束。根据竞赛规程和正式公布的竞赛成绩，拟授予下列{len(titles)}名同志“{first.label}”称号，"
            "现予公示。",
            f"公示时间：{days}。公示期间，任何单位和个人对公示对象如有异议，请以书面形式实名反映，并附有关证明材料。",
            *(f"{word}{value}" for word, value in told if value),
        ),
        signer=edition.contest.holder.name,
        dated_on=first.notice_from,
        attachments=(
            official.Attachment(
                f"拟授予“{first.label}”称号人员名单", (official.Table(HEADS, _rows(titles), WIDTHS, ALIGNS),)
            ),
        ),
        is_demo=edition.is_demo,
    )
    return official.file_of(
        paper, "pdf", made_at=first.proposed_at,
        identifier=f"title-notice-{edition.id}-{first.key}-{first.notice_from}-{len(titles)}",
    )  # fmt: skip


def _rows(titles: Sequence[Title]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            str(number),
            one.name,
            one.unit,
            one.award.publication.event.name,
            f"第{one.award.rank}名" if one.award.rank else "",
        )
        for number, one in enumerate(titles, 1)
    )
