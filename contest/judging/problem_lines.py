"""Problems as they are shown: to the chief judge's board, and to the judge who called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.errors import Missing
from contest.events.models import Event, SubContest
from contest.judging.models import Judge, Sheet
from contest.judging.note_models import Problem, ProblemKind


@dataclass(frozen=True)
class ProblemLine:
    """A problem as the board and the judge's sheet show it: work code and bench, never a name of an entry."""

    id: int
    sheet: str
    work_code: str
    bench: str
    module_key: str
    seat: str
    judge: str
    kind: ProblemKind
    text: str
    raised_at: datetime
    answered_at: datetime | None
    answer: str


def problem_of(event_id: int, problem_id: int) -> Problem:
    """A problem of an event that the caller has authorised. Raises Missing."""
    row = db.session.scalars(
        sa.select(Problem).where(Problem.id == problem_id, Problem.event_id == event_id)
    ).first()
    if row is None:
        raise Missing()
    return row


def open_problems(event_id: int) -> list[ProblemLine]:
    """What judges of an event wait for, oldest first; the caller has authorised the event."""
    return _lines(sa.select(Problem).where(Problem.event_id == event_id, Problem.answered_at.is_(None)))


def answered_problems(event_id: int, *, limit: int = 50) -> list[ProblemLine]:
    """What was dealt with, newest first; the caller has authorised the event."""
    statement = sa.select(Problem).where(Problem.event_id == event_id, Problem.answered_at.is_not(None))
    return sorted(_lines(statement), key=lambda line: line.answered_at or line.raised_at, reverse=True)[
        :limit
    ]


def problems_of_sheet(public_id: str) -> list[ProblemLine]:
    """The problems of one sheet, oldest first; the caller has authorised the sheet."""
    return _lines(sa.select(Problem).join(Sheet).where(Sheet.public_id == public_id))


def _lines(statement: sa.Select[tuple[Problem]]) -> list[ProblemLine]:
    near = joinedload(Problem.sheet).joinedload(Sheet.seat)
    rows = list(db.session.scalars(statement.options(near).order_by(Problem.id)))
    names = _judges(rows)
    return [_line(row, names.get((row.sheet_id, row.account_id or 0), "")) for row in rows]


def _line(row: Problem, judge: str) -> ProblemLine:
    sheet = row.sheet
    return ProblemLine(
        id=row.id,
        sheet=sheet.public_id,
        work_code=sheet.work_code,
        bench=sheet.bench,
        module_key=sheet.module_key,
        seat=sheet.seat.label or str(sheet.seat.position),
        judge=judge,
        kind=row.kind,
        text=row.text,
        raised_at=row.raised_at or row.recorded_at,
        answered_at=row.answered_at,
        answer=row.answer,
    )


def _judges(rows: Sequence[Problem]) -> dict[tuple[int, int], str]:
    """Names of the judges who called, by (sheet, account): a judge is one of the seat's edition."""
    if not rows:
        return {}
    found = db.session.execute(
        sa.select(Problem.sheet_id, Judge.account_id, Judge.name)
        .join(Event, Event.id == Problem.event_id)
        .join(SubContest, SubContest.id == Event.sub_contest_id)
        .join(
            Judge,
            sa.and_(Judge.account_id == Problem.account_id, Judge.edition_id == SubContest.edition_id),
        )
        .where(Problem.id.in_([row.id for row in rows]))
    )
    return {(sheet_id, account_id): name for sheet_id, account_id, name in found}
