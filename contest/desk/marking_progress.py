"""How many sheets of each event are marked: counts only, never a score, a name or a work code."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from contest.accounts.access import Actor, scope_filter
from contest.db import db
from contest.desk.settings import setting_of
from contest.errors import Missing
from contest.events.models import Edition, Event, EventState, SubContest
from contest.events.queries import EVENT_SCOPE, select_up
from contest.judging import queries as judging


@dataclass(frozen=True)
class EventProgress:
    """An opened event and how many of its sheets are handed in and locked."""

    event: Event
    sheets: int
    marked: int
    locked: int

    @property
    def percent(self) -> int:
        """How much is handed in; 100 only when nothing is left."""
        return self.marked * 100 // self.sheets if self.sheets else 0


def for_office(actor: Actor, edition_id: int) -> list[EventProgress]:
    """The opened events of an edition that the actor may follow. Raises Missing where there is none to follow."""
    found = _progress(edition_id, scope_filter(actor, "marks.progress", EVENT_SCOPE))
    if not found:
        raise Missing()
    return found


def for_everybody(edition_id: int) -> tuple[Edition, list[EventProgress]]:
    """The same for the public. Raises Missing unless the organiser chose to show it."""
    edition = db.session.get(Edition, edition_id)
    if edition is None or not setting_of(edition_id).is_progress_public:
        raise Missing()
    return edition, _progress(edition_id, sa.true())


def _progress(edition_id: int, where: sa.ColumnElement[bool]) -> list[EventProgress]:
    events = db.session.scalars(
        select_up(sa.select(Event))
        .where(Edition.id == edition_id, Event.state != EventState.DRAFT, where)
        .order_by(SubContest.position, SubContest.id, Event.position, Event.id)
    ).all()
    counts = {event.id: judging.lock_state(event.id) for event in events}
    return [
        EventProgress(event, counts[event.id].sheets, counts[event.id].submitted, counts[event.id].locked)
        for event in events
    ]
