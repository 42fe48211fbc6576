"""The list of promotions in the assessment body's own workbook: the uploaded template, or the shipped one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from contest import audit, files
from contest.accounts.access import Actor
from contest.awards import promotions, templates
from contest.awards.models import Award, Promotion, PromotionState, ReportTemplate
from contest.awards.promotions import NAMES
from contest.awards.refusals import NoPromotionThere
from contest.awards.reporting import may_read_in_full, particulars
from contest.awards.workbooks import Neutral
from contest.db import db
from contest.entries.people import KIND_NAMES
from contest.errors import Forbidden
from contest.events.models import Edition

USE = "promotions"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTED = (PromotionState.APPROVED, PromotionState.REPORTED, PromotionState.RECORDED)


def template_of(holder_id: int) -> ReportTemplate | None:
    """The workbook uploaded last; None: the shipped one is used."""
    return db.session.scalars(
        sa.select(ReportTemplate)
        .where(ReportTemplate.holder_id == holder_id, ReportTemplate.use == USE)
        .order_by(ReportTemplate.id.desc())
        .limit(1)
    ).first()


def content_of(holder_id: int) -> bytes:
    """The bytes of the workbook that is filled."""
    row = template_of(holder_id)
    stored = db.session.get(files.StoredFile, row.file_id) if row else None
    return files.read(stored) if stored else templates.default()


def replace(edition: Edition, content: bytes, name: str, *, actor: Actor, at: datetime) -> ReportTemplate:
    """Keep a workbook for the holder's promotions from now on. Raises TemplateUnusable."""
    templates.check(content)
    holder_id = edition.contest.holder_id
    stored = files.store(
        content, name=name, media_type=XLSX, contest_id=edition.contest_id, actor_id=actor.account_id, at=at
    )
    row = ReportTemplate(
        holder_id=holder_id, use=USE, name=name[:120], file_id=stored.id, uploaded_at=at, uploaded_by=actor.account_id
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    changes = {"file": [None, stored.digest]}
    audit.record(actor, "promotions.template", row, contest_id=edition.contest_id, changes=changes, at=at)
    return row


def workbook(
    edition: Edition,
    reason_of: Callable[[Award], str],
    neutral: Neutral,
    *,
    full: bool,
    actor: Actor,
    at: datetime,
) -> bytes:
    """Approved promotions of an edition, filled into the workbook; taking them notes them as reported.

    full: with document numbers in full. Raises NoPromotionThere, Forbidden, TemplateUnusable.
    """
    rows = [one for one in promotions.of_edition(actor, edition.id, "awards.manage") if one.state in LISTED]
    if not rows:
        raise NoPromotionThere()
    awards = [one.award for one in rows]
    if full and not may_read_in_full(actor, awards):
        raise Forbidden()
    content = templates.fill(
        content_of(edition.contest.holder_id),
        _lines(rows, reason_of, full),
        _about(edition, rows, at),
        neutral,
    )
    promotions.report(rows, actor=actor, at=at)
    audit.record(
        actor, "personal.exported" if full else "promotions.listed", edition, contest_id=edition.contest_id,
        changes={"people": [None, len(rows)]}, reason="promotions for the assessment body", at=at,
    )  # fmt: skip
    return content


def _lines(
    rows: Sequence[Promotion], reason_of: Callable[[Award], str], full: bool
) -> list[dict[str, object]]:
    known = particulars([one.award for one in rows], full=full)
    found: list[dict[str, object]] = []
    for number, one in enumerate(rows, 1):
        who = known[one.award_id]
        found.append(
            {
                "number": number, "name": one.name, "gender": who.gender, "ethnicity": who.ethnicity,
                "born_on": who.born_on, "id_kind": KIND_NAMES.get(who.id_kind, "") if who.id_kind else "",
                "id_number": who.id_number, "education": who.education, "unit": one.unit, "job": who.job,
                "trade": who.trade, "trade_code": who.trade_code, "before": NAMES.get(one.level_before, ("", ""))[0],
                "after": NAMES.get(one.level_after, (one.level_after, ""))[0], "contest": who.contest,
                "event": who.event, "rank": who.rank, "reason": reason_of(one.award), "phone": who.phone,
            }
        )  # fmt: skip
    return found


def _about(edition: Edition, rows: Sequence[Promotion], at: datetime) -> dict[str, Any]:
    return {
        "edition": edition.name,
        "holder": edition.contest.holder.name,
        "count": len(rows),
        "date": at.date().isoformat(),
    }
