"""A second person compares sheets with their paper, in the order of the pile, and can change nothing.

A check holds for exactly the marks it was made over: its digest is that of the submitted sheet, so whoever changes a
mark afterwards makes the sheet unchecked again. Where the event wants it, only a checked sheet can be locked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db, hold_row
from contest.errors import Invalid
from contest.events.models import Event, EventRound
from contest.judging.models import Judge, MarkRevision, Seat, SeatHolder, SeatKind, Sheet
from contest.judging.models_desk import DeskRule, Keying, SheetCheck
from contest.judging.panels import contest_of
from contest.judging.refusals import MarksMoved, NotSecondPerson, NotSubmitted
from contest.judging.spread import open_spreads

LONGEST_NOTE = 500


@dataclass(frozen=True)
class Rule:
    """What an event wants before its sheets are locked; without a word neither."""

    wants_check: bool = False
    wants_two_keyers: bool = False


def rule_of(event_id: int) -> Rule:
    """The rule of an event; the caller has authorised it."""
    row = db.session.scalars(sa.select(DeskRule).where(DeskRule.event_id == event_id)).first()
    return Rule(row.wants_check, row.wants_two_keyers) if row else Rule()


def set_rule(event: Event, rule: Rule, *, actor: Actor, at: datetime) -> None:
    """Say how the event's sheets are controlled; logged."""
    before = rule_of(event.id)
    row = db.session.scalars(sa.select(DeskRule).where(DeskRule.event_id == event.id)).first()
    if row is None:
        row = DeskRule(event_id=event.id)
        db.session.add(row)
    row.wants_check, row.wants_two_keyers = rule.wants_check, rule.wants_two_keyers
    row.changed_at, row.changed_by = at, actor.account_id
    db.session.flush()
    changes = {
        "wants_check": [before.wants_check, rule.wants_check],
        "wants_two_keyers": [before.wants_two_keyers, rule.wants_two_keyers],
    }
    audit.record(actor, "desk.rule_set", event, contest_id=contest_of(event), changes=changes, at=at)


@dataclass(frozen=True)
class Checked:
    """A submitted sheet in the pile. state: unchecked, right, wrong; `by` and `note` of the last check that holds."""

    public_id: str
    work_code: str
    module_key: str
    round_id: int
    round_name: str
    seat: str
    position: int
    state: str
    by: str
    note: str
    is_locked: bool
    digest: str


def pile(event_id: int, *, round_id: int | None = None, module_key: str | None = None) -> list[Checked]:
    """The submitted sheets in the order of the paper pile: round, module, seat, draw. Void seats are left out."""
    later = sa.orm.aliased(SheetCheck)
    newest = sa.and_(
        SheetCheck.sheet_id == Sheet.id,
        SheetCheck.digest == Sheet.submitted_digest,
        ~sa.exists().where(
            later.sheet_id == Sheet.id, later.digest == Sheet.submitted_digest, later.id > SheetCheck.id
        ),
        # A decision may correct a locked sheet without a new signature: that too has to be compared again.
        ~sa.exists().where(
            MarkRevision.sheet_id == Sheet.id, MarkRevision.recorded_at > SheetCheck.checked_at
        ),
    )
    statement: Any = (
        sa.select(Sheet, Seat, EventRound.name, SheetCheck)
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(EventRound, Sheet.round_id == EventRound.id)
        .outerjoin(SheetCheck, newest)
        .where(
            Sheet.event_id == event_id,
            Seat.voided_at.is_(None),
            Seat.kind != SeatKind.FILE,
            Sheet.submitted_at.is_not(None),
        )
        .order_by(
            EventRound.position, Sheet.module_key, Seat.panel_id, Seat.position, Sheet.position, Sheet.id
        )
    )
    if round_id:
        statement = statement.where(Sheet.round_id == round_id)
    if module_key:
        statement = statement.where(Sheet.module_key == module_key)
    return [_checked(*row) for row in db.session.execute(statement)]


def _checked(sheet: Sheet, seat: Seat, round_name: str, check: SheetCheck | None) -> Checked:
    state = "unchecked" if check is None else ("right" if check.is_right else "wrong")
    return Checked(
        public_id=sheet.public_id,
        work_code=sheet.work_code,
        module_key=sheet.module_key,
        round_id=sheet.round_id,
        round_name=round_name,
        seat=seat.label or str(seat.position),
        position=sheet.position,
        state=state,
        by=check.checked_name if check else "",
        note=check.note if check else "",
        is_locked=sheet.locked_at is not None,
        digest=sheet.submitted_digest,
    )


def unchecked(event_id: int, *, round_id: int | None = None) -> int:
    """How many submitted sheets nobody has found right yet; 0 where the event does not ask for it.

    For the results room's blockers; the caller has authorised the event.
    """
    return len(_unchecked(event_id, round_id=round_id))


def check(
    sheet: Sheet, *, digest: str, is_right: bool, note: str = "", actor: Actor, at: datetime
) -> SheetCheck:
    """Find a submitted sheet right, or wrong with what is wrong; nothing on the sheet changes.

    digest: of the marks that were compared. Raises NotSubmitted, MarksMoved, NotSecondPerson, Invalid("check_note_missing").
    """
    hold_row(sheet)
    if sheet.submitted_at is None:
        raise NotSubmitted(sheet=sheet.work_code)
    if digest != sheet.submitted_digest:
        raise MarksMoved()
    if not is_second_person(sheet, actor):
        raise NotSecondPerson()
    note = note.strip()[:LONGEST_NOTE]
    if not is_right and not note:
        raise Invalid("check_note_missing")
    row = SheetCheck(
        sheet_id=sheet.id,
        digest=digest,
        is_right=is_right,
        note="" if is_right else note,
        checked_at=at,
        checked_by=actor.account_id,
        checked_name=actor.name,
    )
    db.session.add(row)
    db.session.flush()
    action = "sheet.checked" if is_right else "sheet.found_wrong"
    audit.record(actor, action, sheet, contest_id=contest_of(sheet.event), reason=row.note, at=at)
    return row


def is_second_person(sheet: Sheet, actor: Actor) -> bool:
    """Whether the actor had no hand in the sheet: entered none of its marks, did not submit it, holds not its seat."""
    if sheet.submitted_by == actor.account_id:
        return False
    entered = sa.select(MarkRevision.id).where(
        MarkRevision.sheet_id == sheet.id, MarkRevision.account_id == actor.account_id
    )
    keyed = sa.select(Keying.id).where(Keying.sheet_id == sheet.id, Keying.account_id == actor.account_id)
    holds = (
        sa.select(SeatHolder.id)
        .join(Judge, SeatHolder.judge_id == Judge.id)
        .where(SeatHolder.seat_id == sheet.seat_id, Judge.account_id == actor.account_id)
    )
    return not any(db.session.scalar(one.limit(1)) for one in (entered, keyed, holds))


@dataclass(frozen=True)
class HeldBack:
    """What keeps sheets of an event from being locked, by public id: open spreads that block, and missing checks."""

    spreads: Counter[str]
    unchecked: frozenset[str]


def held_back(event_id: int) -> HeldBack:
    """Read once for many sheets."""
    spreads = Counter(
        said.public_id for one in open_spreads(event_id) if one.is_blocking for said in one.said
    )
    return HeldBack(spreads, _unchecked(event_id))


def _unchecked(event_id: int, *, round_id: int | None = None) -> frozenset[str]:
    """Submitted sheets that the event wants compared and nobody found right; one found wrong stays among them."""
    if not rule_of(event_id).wants_check:
        return frozenset()
    twice = _keyed_twice(event_id)
    return frozenset(
        row.public_id
        for row in pile(event_id, round_id=round_id)
        if row.state == "wrong" or (row.state == "unchecked" and row.public_id not in twice)
    )


def _keyed_twice(event_id: int) -> set[str]:
    """Sheets on which two people who keyed them blindly agree: that is a second person's look already."""
    rows = db.session.execute(
        sa.select(Sheet.public_id)
        .join(Keying, Keying.sheet_id == Sheet.id)
        .where(Sheet.event_id == event_id, Sheet.submitted_at.is_not(None), Sheet.submitted_by.is_not(None))
        .group_by(Sheet.public_id)
        .having(sa.func.count(Keying.id) == 2)
    )
    return set(rows.scalars())


def next_in(rows: list[Checked], public_id: str) -> str | None:
    """The next unchecked sheet after one of the pile, from the top again at its end; None when all are done."""
    keys = [row.public_id for row in rows]
    start = keys.index(public_id) + 1 if public_id in keys else 0
    for row in [*rows[start:], *rows[:start]]:
        if row.state == "unchecked" and row.public_id != public_id:
            return row.public_id
    return None


def place_in(rows: list[Checked], public_id: str) -> tuple[int, int]:
    """Which sheet of the pile this is, from 1, and how many there are; 0 for one that is not in it."""
    keys = [row.public_id for row in rows]
    return (keys.index(public_id) + 1 if public_id in keys else 0), len(keys)


def counts(rows: list[Checked]) -> dict[str, int]:
    """How many sheets of the pile are unchecked, right and wrong."""
    found = Counter(row.state for row in rows)
    return {state: found[state] for state in ("unchecked", "right", "wrong")}
