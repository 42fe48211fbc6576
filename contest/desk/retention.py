"""What goes into an edition's archive, and how long each kind is kept: a default of ours, changed by the organiser.

The periods are those of 《机关文件材料归档范围和文书档案保管期限规定》 (国家档案局令第8号, 2006: 永久, 定期30年, 10年), which
enterprises follow by 令第10号 (2012). Which kind falls under which is an office's own table, approved by its archives
(第十二条): the defaults here keep for good what proves an honour, and for thirty years what it followed from.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.desk.models import Retention, RetentionPeriod
from contest.errors import Invalid
from contest.events.models import Edition

P = RetentionPeriod
# kind → (folder in the archive, default)
KINDS: dict[str, tuple[str, RetentionPeriod]] = {
    "decision": ("01 表彰决定", P.PERMANENT),
    "circular": ("02 通报", P.PERMANENT),
    "notice": ("03 公示", P.YEARS_10),
    "scan": ("04 盖章扫描件", P.PERMANENT),
    "list": ("05 公布榜单", P.PERMANENT),
    "bundle": ("06 核验包", P.PERMANENT),
    "tally": ("07 成绩汇总表", P.YEARS_30),
    "protocol": ("08 抽签、复核和公示记录", P.YEARS_30),
    "appeal": ("09 申诉与改分", P.YEARS_30),
    "rules": ("10 竞赛规则", P.YEARS_30),
    "roster": ("11 参赛名册", P.YEARS_30),
    "marks": ("12 评分记录", P.YEARS_30),
    "register": ("13 证书与称号登记册", P.PERMANENT),
    "log": ("14 操作日志", P.YEARS_30),
}


def periods_of(edition_id: int) -> dict[str, RetentionPeriod]:
    """The period of every kind in the order of the archive: the organiser's, else the default."""
    rows = db.session.scalars(sa.select(Retention).where(Retention.edition_id == edition_id))
    chosen = {row.kind: row.period for row in rows}
    return {kind: chosen.get(kind, default) for kind, (_, default) in KINDS.items()}


def change(edition: Edition, wanted: Mapping[str, str], *, actor: Actor, at: datetime) -> None:
    """Keep the periods that were chosen; kinds left out stay. Raises Invalid for a period there is not."""
    before = periods_of(edition.id)
    kept = {
        row.kind: row
        for row in db.session.scalars(sa.select(Retention).where(Retention.edition_id == edition.id))
    }
    changes = {}
    for kind, typed in wanted.items():
        if typed not in set(RetentionPeriod) or kind not in KINDS:
            raise Invalid("retention_unknown")
        period = RetentionPeriod(typed)
        if period is before[kind]:
            continue
        changes[kind] = [before[kind].value, period.value]
        if kind in kept:
            kept[kind].period = period
        else:
            db.session.add(Retention(edition_id=edition.id, kind=kind, period=period))
    db.session.flush()
    if changes:
        audit.record(
            actor, "retention.changed", edition, contest_id=edition.contest_id, changes=changes, at=at
        )
