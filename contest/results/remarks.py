"""What judges wrote beside the marks of one subject, for the contestant: seats by their labels, never a judge's name."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.events.queries import rules_of
from contest.judging.beside import comments_of
from contest.judging.models import Seat, Sheet
from contest.results.models import Publication


@dataclass(frozen=True)
class Remark:
    """A comment: on an aspect of the scheme, or on the whole sheet with `node` its module. Titles as (zh, en)."""

    node: tuple[str, str]
    seat: str  # its key, as the breakdown has it
    text: str


def remarks_for(publication: Publication, *, kind: str, subject_id: int) -> list[Remark]:
    """Comments on a subject's own sheets that count, of the list's round; the caller has found the own line."""
    column = Sheet.member_id if kind == "member" else Sheet.entry_id
    statement = (
        sa.select(Sheet)
        .join(Seat, Sheet.seat_id == Seat.id)
        .where(
            Sheet.event_id == publication.event_id,
            column == subject_id,
            Seat.voided_at.is_(None),
            *([Sheet.round_id == publication.round_id] if publication.round_id is not None else []),
        )
        .order_by(Sheet.module_key, Sheet.seat_id, Sheet.id)
        .options(joinedload(Sheet.seat))
    )
    titles = {
        node.key: (node.title_zh or node.title_en or node.key, node.title_en or node.title_zh or node.key)
        for module in rules_of(publication.event).modules
        for node in module.walk()
    }
    return [
        Remark(titles.get(key or sheet.module_key, (key, key)), f"s{sheet.seat_id}", text)
        for sheet in db.session.scalars(statement)
        for (key, _attempt), text in comments_of(sheet.id).items()
        if text
    ]
