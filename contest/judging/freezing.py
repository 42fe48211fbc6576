"""Sheets that a confirmed list stands on are frozen by the results room, and thawed when the list is withdrawn."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from contest.db import db
from contest.entries.models import Entry
from contest.judging.current import COMPETING
from contest.judging.models import Seat, Sheet
from contest.judging.refusals import SheetSubmitted


def freeze(event_id: int, *, at: datetime, round_id: int | None = None) -> int:
    """A confirmed list stands on these sheets from now on: no unlocking, no correction. Returns how many.

    For the results room; it freezes what it relies on, and records that in its own log line.
    Raises SheetSubmitted if one of them is not locked: nothing unlocked may be frozen.
    """
    chosen = [Sheet.event_id == event_id, *([Sheet.round_id == round_id] if round_id is not None else [])]
    open_one = db.session.scalar(
        sa.select(Sheet.work_code)
        .join(Seat)
        .join(Entry)
        .where(*chosen, Sheet.locked_at.is_(None), Seat.voided_at.is_(None), Entry.state.in_(COMPETING))
    )
    if open_one is not None:
        raise SheetSubmitted("sheet_not_locked", sheet=open_one)
    result = db.session.execute(
        sa.update(Sheet).where(*chosen, Sheet.frozen_at.is_(None)).values(frozen_at=at)
    )
    db.session.expire_all()
    return int(getattr(result, "rowcount", 0))


def thaw(event_id: int, *, round_id: int | None = None) -> int:
    """The list was withdrawn or an appeal upheld: sheets may be corrected again. Returns how many."""
    chosen = [Sheet.event_id == event_id, *([Sheet.round_id == round_id] if round_id is not None else [])]
    result = db.session.execute(
        sa.update(Sheet).where(*chosen, Sheet.frozen_at.is_not(None)).values(frozen_at=None)
    )
    db.session.expire_all()
    return int(getattr(result, "rowcount", 0))
