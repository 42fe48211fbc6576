"""Numbers of entries and of their members."""

from __future__ import annotations

import sqlalchemy as sa

from contest.db import db
from contest.entries.models import Entry
from contest.entries.refusals import NumberTaken
from contest.events.models import Event


def next_number(event_id: int) -> str:
    """The first three-digit number after those in use: 001, 002 …"""
    numbers = db.session.scalars(sa.select(Entry.number).where(Entry.event_id == event_id))
    return f"{max((int(number) for number in numbers if number.isdecimal()), default=0) + 1:03d}"


def member_number(number: str, event: Event, position: int) -> str:
    """1101-2: the second member of team 1101. Where one person is the entry, the entry's number is enough."""
    return f"{number}-{position}" if event.members_max > 1 else ""


def refuse_number(event_id: int, number: str, own_id: int) -> None:
    """Another entry of the event has this number. Raises NumberTaken."""
    taken = sa.select(Entry.id).where(Entry.event_id == event_id, Entry.number == number, Entry.id != own_id)
    if db.session.scalar(taken) is not None:
        raise NumberTaken(number=number)
