"""Making sheets from panels, entries, work codes and the draw. Safe to repeat; no sheet with marks is touched."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import queries as roster
from contest.entries.models import Entry, Member, WorkCode
from contest.events.models import Contest, ContestKind, Edition, Event, EventRound, EventState, SubContest
from contest.events.queries import rounds_of, rules_of
from contest.judging import queries, scheme
from contest.judging.current import COMPETING
from contest.judging.models import MarkRevision, Panel, Seat, SeatKind, Sheet
from contest.judging.panels import contest_of
from contest.judging.refusals import CodesMissing, NothingToMark

NO_SHEETS = (SeatKind.VERIFIER,)


@dataclass(frozen=True)
class Place:
    """Where a subject stands in a round: what its sheet shows instead of a name."""

    code: str
    position: int
    bench: str


def make_sheets(event: Event, *, actor: Actor, at: datetime) -> int:
    """Make every sheet that is not there yet: seat × competing subject × module × round. Safe to repeat.

    A sheet without any mark follows the draw and the codes as they stand now; one with marks is left alone.
    Returns how many are new. Raises NothingToMark, CodesMissing(count) when some subjects of a skills contest have
    no work code; labour contests and appraisals without codes go by the entry's number.
    """
    rules = rules_of(event)
    panels = queries.panels_of(event.id)
    rounds = rounds_of(event)
    entries = _competing(event.id)
    if not panels or not rounds or not entries:
        raise NothingToMark()
    there = _there(event.id)
    fresh: list[Sheet] = []
    moved = 0
    for one in rounds:
        for module in scheme.modules_in_round(rules, one.key):
            places = _places(event, one, _subjects(entries, module.per))
            for seat in _seats(panels, module.key):
                for (entry_id, member_id), place in places.items():
                    made = there.get((seat.id, entry_id, member_id, module.key, one.id))
                    if made is None:
                        fresh.append(_sheet(event, seat, entry_id, member_id, module.key, one.id, place))
                    else:
                        moved += _follow(made, place)
    db.session.add_all(fresh)
    db.session.flush()
    if fresh or moved:
        changes = {"count": [None, len(fresh)], "moved": [None, moved]}
        audit.record(actor, "sheets.made", event, contest_id=contest_of(event), changes=changes, at=at)
    return len(fresh)


@dataclass(frozen=True)
class _Made:
    """A sheet that is there, as far as a new draw or code may still move it."""

    id: int
    place: Place
    is_untouched: bool


def _there(event_id: int) -> dict[tuple[Any, ...], _Made]:
    """What has a sheet already, by seat, entry, member or 0, module, round."""
    marked = sa.exists().where(MarkRevision.sheet_id == Sheet.id)
    rows = db.session.execute(
        sa.select(
            Sheet.seat_id,
            Sheet.entry_id,
            sa.func.coalesce(Sheet.member_id, 0),
            Sheet.module_key,
            Sheet.round_id,
            Sheet.id,
            Sheet.work_code,
            Sheet.position,
            Sheet.bench,
            sa.or_(marked, Sheet.submitted_at.is_not(None)),
        ).where(Sheet.event_id == event_id)
    )
    return {tuple(row[:5]): _Made(row[5], Place(row[6], row[7], row[8]), not row[9]) for row in rows}


def _follow(made: _Made, place: Place) -> int:
    """A sheet without any mark goes by the draw and the code as they stand now. Returns 1 if it changed."""
    if made.place == place or not made.is_untouched:
        return 0
    sheet = db.session.get_one(Sheet, made.id)
    sheet.work_code, sheet.position, sheet.bench = place.code, place.position, place.bench
    return 1


def lacks_sheets(event_id: int) -> bool:
    """Whether an open event has a seat and a competing entry, with all codes it needs, and no sheet of the two."""
    has_sheet = sa.exists().where(Sheet.seat_id == Seat.id, Sheet.entry_id == Entry.id)
    has_code = sa.exists().where(WorkCode.entry_id == Entry.id)
    statement = (
        sa.select(Entry.id)
        .join(Event, Entry.event_id == Event.id)
        .join(SubContest, Event.sub_contest_id == SubContest.id)
        .join(Edition, SubContest.edition_id == Edition.id)
        .join(Contest, Edition.contest_id == Contest.id)
        .join(Panel, Panel.event_id == Event.id)
        .join(Seat, Seat.panel_id == Panel.id)
        .where(
            Event.id == event_id,
            Event.state == EventState.OPEN,
            Entry.state.in_(COMPETING),
            Seat.voided_at.is_(None),
            Seat.kind.not_in(NO_SHEETS),
            sa.or_(has_code, Contest.kind != ContestKind.SKILLS),
            ~has_sheet,
        )
    )
    return db.session.scalar(statement.limit(1)) is not None


def make_when_ready(event: Event, *, actor: Actor, at: datetime) -> int:
    """The same as far as panels, entries and codes allow it by now; 0 while something is missing."""
    try:
        return make_sheets(event, actor=actor, at=at)
    except (NothingToMark, CodesMissing):
        return 0


def _competing(event_id: int) -> list[Entry]:
    return list(
        db.session.scalars(
            sa.select(Entry)
            .where(Entry.event_id == event_id, Entry.state.in_(COMPETING))
            .order_by(Entry.number)
            .options(sa.orm.selectinload(Entry.members))
        )
    )


def _subjects(entries: Sequence[Entry], per: str) -> list[tuple[Entry, Member | None]]:
    if per != "member":
        return [(entry, None) for entry in entries]
    return [
        (entry, member)
        for entry in entries
        for member in entry.members
        if member.left_at is None and member.state in COMPETING
    ]


def _seats(panels: Iterable[Panel], module_key: str) -> list[Seat]:
    return [
        seat
        for panel in panels
        if module_key in panel.module_keys
        for seat in panel.seats
        if seat.voided_at is None and seat.kind not in NO_SHEETS
    ]


def _places(
    event: Event, one: EventRound, subjects: list[tuple[Entry, Member | None]]
) -> dict[tuple[int, int], Place]:
    """Code, position and bench of each subject: by its own row, else by its entry's, else by its number."""
    codes = {
        (entry, member or 0): code
        for (entry, member), code in roster.codes_for_event(event.id, one.key).items()
    }
    drawn = {
        (place.entry_id, place.member_id or 0): (place.position, place.bench)
        for place in roster.draw_places(event.id, one.key)
    }
    needs_codes = bool(codes) or event.sub_contest.edition.contest.kind is ContestKind.SKILLS
    places, missing = {}, 0
    for index, (entry, member) in enumerate(subjects, start=1):
        key = (entry.id, member.id if member else 0)
        code = codes.get(key) or codes.get((entry.id, 0))
        if code is None and needs_codes:
            missing += 1
            continue
        position, bench = drawn.get(key) or drawn.get((entry.id, 0)) or (index, "")
        places[key] = Place(code or entry.number, position, bench)
    if missing:
        raise CodesMissing(count=missing)
    return places


def _sheet(
    event: Event, seat: Seat, entry_id: int, member_id: int, module_key: str, round_id: int, place: Place
) -> Sheet:
    return Sheet(
        public_id=secrets.token_urlsafe(12),
        event_id=event.id,
        seat_id=seat.id,
        entry_id=entry_id,
        member_id=member_id or None,
        round_id=round_id,
        module_key=module_key,
        work_code=place.code,
        position=place.position,
        bench=place.bench,
    )
