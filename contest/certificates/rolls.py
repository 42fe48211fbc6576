"""Rolls: who is given a paper that no award stands behind. Drawn from the seats, the coaches, those present, or typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest import audit
from contest.accounts.access import Actor
from contest.accounts.models import Role
from contest.certificates.models import Recipient, Roll
from contest.certificates.refusals import RollEmpty, RollFrozen, SourceUnfit
from contest.certificates.roll_lines import Line
from contest.db import db
from contest.entries.models import Entry, EntryState, Member, Staff, StaffRole
from contest.entries.queries import display_name
from contest.events.models import Edition, Event
from contest.judging.models import Judge, SeatKind
from contest.judging.queries import panels_of
from contest.words import term

# Which lists there are for each kind of paper; the first is what an organiser usually wants.
SOURCES: dict[str, tuple[str, ...]] = {
    "appointment": ("seats", "typed"),
    "coach": ("coaches", "typed"),
    "honour": ("typed",),
    "participation": ("present", "typed"),
}
ROLE = {"coach": "优秀教练", "honour": "优秀组织奖"}  # what stands on a paper whose list names nothing else


@dataclass(frozen=True)
class Drawn:
    """One recipient before the roll is kept."""

    name: str
    unit: str = ""
    role: str = ""
    person_id: int | None = None
    entry_id: int | None = None
    account_id: int | None = None


def draft(
    edition: Edition, event: Event | None, *, kind: str, source: str, name: str, role: str, is_of_bodies: bool,
    lines: Sequence[Line], actor: Actor, at: datetime,
) -> Roll:  # fmt: skip
    """A roll to look through; nobody has a paper yet.

    role: for those whose line or source names none. lines: of a typed roll, checked before.
    Raises SourceUnfit (an unknown kind, or a source that needs an event), RollEmpty.
    """
    if source not in SOURCES.get(kind, ()) or (source != "typed" and event is None):
        raise SourceUnfit()
    found = list(_drawn(event, source, role or ROLE.get(kind, ""), lines))
    if not found:
        raise RollEmpty()
    roll = Roll(
        edition_id=edition.id, event_id=event.id if event else None, kind=kind, source=source, name=name.strip(),
        is_of_bodies=is_of_bodies, made_at=at, made_by=actor.account_id,
    )  # fmt: skip
    roll.recipients = [
        Recipient(
            position=position, name=one.name, unit=one.unit, role=one.role, person_id=one.person_id,
            entry_id=one.entry_id, account_id=one.account_id,
        )
        for position, one in enumerate(found, 1)
    ]  # fmt: skip
    db.session.add(roll)
    db.session.flush()
    _log(roll, edition, "roll.made", {"kind": ["", kind], "recipients": [0, len(found)]}, actor, at)
    return roll


def _drawn(event: Event | None, source: str, role: str, lines: Sequence[Line]) -> Iterator[Drawn]:
    if source == "typed" or event is None:
        yield from (Drawn(one.name, one.unit, one.role or role) for one in lines)
    elif source == "seats":
        yield from _seated(event, role)
    elif source == "coaches":
        yield from _coaches(event, role)
    else:
        yield from _present(event, role)


def _seated(event: Event, role: str) -> Iterator[Drawn]:
    """Everybody who holds a judge's seat now, and the chief judges, first; each once."""
    panels = panels_of(event.id)
    kind = event.sub_contest.edition.contest.kind.value
    chiefs = [one.chief_judge_id for one in panels if one.chief_judge_id]
    judges: dict[int, Judge] = {}
    if chiefs:
        judges = {one.id: one for one in db.session.scalars(sa.select(Judge).where(Judge.id.in_(chiefs)))}
    chairs = set(judges)
    for panel in panels:
        for seat in panel.seats:
            if seat.kind is SeatKind.JUDGE and seat.voided_at is None:
                judges |= {one.judge_id: one.judge for one in seat.holders if one.until_at is None}
    for one in judges.values():
        word = term(Role.CHIEF_JUDGE, "zh_CN", kind) if one.id in chairs else term(Role.JUDGE, "zh_CN", kind)
        yield Drawn(one.name, one.unit_name, role or word, account_id=one.account_id)


def _coaches(event: Event, role: str) -> Iterator[Drawn]:
    """Coaches of entries that took part, in official order; one of several entries of a delegation once."""
    seen = set()
    for entry in _entries(event):
        for one in entry.staff:
            key = (one.name, one.person_id, entry.delegation_id)
            if one.role is StaffRole.COACH and key not in seen:
                seen.add(key)
                yield Drawn(one.name, _unit(entry), role, one.person_id, entry.id)


def _present(event: Event, role: str) -> Iterator[Drawn]:
    """Members present, in official order; a unit or project without members by its name."""
    for entry in _entries(event):
        members = [one for one in entry.members if one.left_at is None]
        for one in members:
            if one.state in (EntryState.PRESENT, EntryState.UNOFFICIAL):
                unit = one.organisation.name if one.organisation else _unit(entry)
                yield Drawn(one.person.name, unit, role, one.person_id, entry.id)
        if not members:
            yield Drawn(display_name(entry), _unit(entry), role, None, entry.id)


def _entries(event: Event) -> Iterable[Entry]:
    """Entries that were there, in official order, with their people."""
    rows = db.session.scalars(
        sa.select(Entry)
        .where(Entry.event_id == event.id, Entry.state.in_((EntryState.PRESENT, EntryState.UNOFFICIAL)))
        .options(
            joinedload(Entry.delegation),
            joinedload(Entry.organisation),
            sa.orm.selectinload(Entry.members).joinedload(Member.person),
            sa.orm.selectinload(Entry.staff).load_only(Staff.name, Staff.role, Staff.person_id),
        )
    )
    return sorted(
        rows,
        key=lambda one: (
            one.delegation.official_order if one.delegation else 1_000_000,
            len(one.number),
            one.number,
        ),
    )


def _unit(entry: Entry) -> str:
    if entry.delegation is not None:
        return entry.delegation.name
    return entry.organisation.name if entry.organisation else ""


def keep_only(roll: Roll, ids: Collection[int], *, actor: Actor, at: datetime) -> int:
    """Leave everybody else out of a roll that is not frozen. Returns how many. Raises RollFrozen, RollEmpty."""
    _must_be_open(roll)
    left = [one for one in roll.recipients if one.id not in set(ids)]
    if len(left) == len(roll.recipients):
        raise RollEmpty()
    before = len(roll.recipients)
    for one in left:
        roll.recipients.remove(one)
    db.session.flush()
    if left:
        changes = {
            "recipients": [before, len(roll.recipients)],
            "left_out": [[one.name for one in left], None],
        }
        _log(roll, roll.edition, "roll.shortened", changes, actor, at)
    return len(left)


def discard(roll: Roll, *, actor: Actor, at: datetime) -> None:
    """Take a roll away that nobody has a paper of. Raises RollFrozen."""
    _must_be_open(roll)
    changes = {"name": [roll.name, None], "recipients": [len(roll.recipients), 0]}
    _log(roll, roll.edition, "roll.discarded", changes, actor, at)
    db.session.delete(roll)
    db.session.flush()


def _must_be_open(roll: Roll) -> None:
    if roll.frozen_at is not None:
        raise RollFrozen()


def _log(
    roll: Roll, edition: Edition, action: str, changes: dict[str, list[object]], actor: Actor, at: datetime
) -> None:
    audit.record(actor, action, roll, contest_id=edition.contest_id, changes=changes, at=at)
