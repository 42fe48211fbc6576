"""What the marking itself leaves open: spreads, problems, conflicts, late marks, different papers."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from contest.db import db
from contest.entries.models import Draw, DrawPlace, Entry
from contest.events.models import EventAspect
from contest.judging.conflicts import may_mark
from contest.judging.models import (
    Judge,
    MarkRevision,
    MarkSource,
    Panel,
    Seat,
    SeatHolder,
    SeatKind,
    Sheet,
)
from contest.judging.queries import open_problems, open_spreads
from contest.results.compute import Computation
from contest.results.finding import BLOCKER, WARNING, Finding
from contest.results.models import Correction, CorrectionState, Recheck

_later = aliased(MarkRevision)


def concerns_of(computation: Computation, round_key: str, modules: Sequence[str]) -> list[Finding]:
    """Findings about the marks behind a list: of its round and modules where it has such."""
    event_id = computation.event.id
    row = computation.inputs.rounds.get(round_key) if round_key else None
    round_id = row.id if row else None
    return [
        *_spreads(event_id, round_id, modules),
        *_counted("problems_open", WARNING, "board", len(open_problems(event_id))),
        *_counted("judged_in_conflict", BLOCKER, "panels", _in_conflict(event_id, round_id)),
        *_counted("marks_after_lock", BLOCKER, "board", _after_lock(event_id, round_id)),
        *_papers(event_id, modules),
        *_counted("corrections_waiting", BLOCKER, "appeals", _corrections(event_id)),
        *_counted("rechecks_open", BLOCKER, "recheck", _rechecks(event_id)),
    ]


def _counted(code: str, severity: str, place: str, count: int) -> list[Finding]:
    return [Finding(code, severity, place, {"count": count})] if count else []


def _spreads(event_id: int, round_id: int | None, modules: Sequence[str]) -> list[Finding]:
    """Marks of one panel that lie further apart than the rules allow; only some rules hold results back for it."""
    found = [one for one in open_spreads(event_id, round_id=round_id) if one.module_key in modules]
    blocking = sum(one.is_blocking for one in found)
    return [
        *_counted("spreads_blocking", BLOCKER, "board", blocking),
        *_counted("spreads_open", WARNING, "board", len(found) - blocking),
    ]


def _in_conflict(event_id: int, round_id: int | None) -> int:
    """Sheets with marks whose judge is tied to the entry: declared or found after the marking."""
    statement = (
        sa.select(sa.func.count(sa.distinct(Sheet.id)))
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(SeatHolder, sa.and_(SeatHolder.seat_id == Seat.id, SeatHolder.until_at.is_(None)))
        .join(Judge, SeatHolder.judge_id == Judge.id)
        .join(Entry, Sheet.entry_id == Entry.id)
        .where(
            Sheet.event_id == event_id,
            Seat.voided_at.is_(None),
            Seat.kind
            != SeatKind.SELF,  # one seat that all units share: each scorer is tied to one entry, as meant
            sa.not_(may_mark()),
            sa.select(MarkRevision.id).where(MarkRevision.sheet_id == Sheet.id).correlate(Sheet).exists(),
            *([Sheet.round_id == round_id] if round_id is not None else []),
        )
    )
    return int(db.session.scalar(statement) or 0)


def _after_lock(event_id: int, round_id: int | None) -> int:
    """Current marks that arrived after their sheet was locked and are no correction with a reason."""
    statement = (
        sa.select(sa.func.count(MarkRevision.id))
        .join(Sheet, MarkRevision.sheet_id == Sheet.id)
        .join(Seat, Sheet.seat_id == Seat.id)
        .where(
            Sheet.event_id == event_id,
            Seat.voided_at.is_(None),
            Sheet.locked_at.is_not(None),
            MarkRevision.recorded_at > Sheet.locked_at,
            MarkRevision.source != MarkSource.CORRECTION,
            ~sa.exists().where(_later.replaces_id == MarkRevision.id),
            *([Sheet.round_id == round_id] if round_id is not None else []),
        )
    )
    return int(db.session.scalar(statement) or 0)


def _papers(event_id: int, modules: Sequence[str]) -> list[Finding]:
    """Sessions of the draw in which a module was marked on other aspects than in the others."""
    rows = db.session.execute(
        sa.select(DrawPlace.session, Sheet.module_key, EventAspect.key)
        .select_from(MarkRevision)
        .join(Sheet, MarkRevision.sheet_id == Sheet.id)
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(Panel, Seat.panel_id == Panel.id)
        .join(EventAspect, MarkRevision.aspect_id == EventAspect.id)
        .join(DrawPlace, DrawPlace.entry_id == Sheet.entry_id)
        .join(Draw, DrawPlace.draw_id == Draw.id)
        .where(
            Sheet.event_id == event_id,
            Seat.voided_at.is_(None),
            Sheet.module_key.in_(list(modules)),
            Draw.locked_at.is_not(None),
            DrawPlace.session != "",
        )
        .distinct()
    )
    papers: dict[str, dict[str, set[str]]] = {}
    for session, module, aspect in rows:
        papers.setdefault(module, {}).setdefault(session, set()).add(aspect)
    return [
        Finding("papers_differ", WARNING, "board", {"module": module, "sessions": sorted(sessions)})
        for module, sessions in sorted(papers.items())
        if len({frozenset(aspects) for aspects in sessions.values()}) > 1
    ]


def _corrections(event_id: int) -> int:
    return int(
        db.session.scalar(
            sa.select(sa.func.count(Correction.id)).where(
                Correction.event_id == event_id, Correction.state == CorrectionState.PROPOSED
            )
        )
        or 0
    )


def _rechecks(event_id: int) -> int:
    return int(
        db.session.scalar(
            sa.select(sa.func.count(Recheck.id)).where(
                Recheck.event_id == event_id, Recheck.closed_at.is_(None)
            )
        )
        or 0
    )
