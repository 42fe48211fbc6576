"""The marks of one entry as they stand, sheet by sheet: what a correction is proposed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from contest.db import db
from contest.events.models import EventAspect, EventRound
from contest.judging.models import MarkRevision, MarkState, Panel, Seat, Sheet
from contest.scoring.rules import RuleSet

_later = aliased(MarkRevision)


@dataclass(frozen=True)
class MarkLine:
    """One current mark of an entry (or of a member of it), with the ids that find it again. milli: thousandths."""

    sheet: str
    sheet_id: int
    work_code: str
    seat_id: int
    seat: str
    entry_id: int
    member_id: int | None
    round_key: str
    module: str
    aspect: str
    attempt: int
    state: str
    milli: int | None
    uuid: UUID

    @property
    def place(self) -> tuple[str, str, int]:
        """(sheet, aspect, attempt): what a form field and a change name."""
        return self.sheet, self.aspect, self.attempt


def marks_of(event_id: int, entry_id: int) -> list[MarkLine]:
    """Current marks of an entry in live seats, by round, module, aspect and seat."""
    rows = db.session.execute(
        sa.select(Sheet, Seat, EventRound.key, EventAspect.key, MarkRevision)
        .select_from(MarkRevision)
        .join(Sheet, MarkRevision.sheet_id == Sheet.id)
        .join(Seat, Sheet.seat_id == Seat.id)
        .join(Panel, Seat.panel_id == Panel.id)
        .join(EventRound, Sheet.round_id == EventRound.id)
        .join(EventAspect, MarkRevision.aspect_id == EventAspect.id)
        .where(
            Sheet.event_id == event_id,
            Sheet.entry_id == entry_id,
            Seat.voided_at.is_(None),
            ~sa.exists().where(_later.replaces_id == MarkRevision.id),
        )
        .order_by(
            EventRound.position, EventAspect.position, MarkRevision.attempt, Panel.id, Seat.position, Sheet.id
        )
    )
    return [
        MarkLine(
            sheet=sheet.public_id,
            sheet_id=sheet.id,
            work_code=sheet.work_code,
            seat_id=seat.id,
            seat=seat.label or str(seat.position),
            entry_id=sheet.entry_id,
            member_id=sheet.member_id,
            round_key=round_key,
            module=sheet.module_key,
            aspect=aspect,
            attempt=mark.attempt,
            state=mark.state.value,
            milli=mark.value_milli,
            uuid=mark.uuid,
        )
        for sheet, seat, round_key, aspect, mark in rows
    ]


def takes_off(rules: RuleSet, aspect: str) -> bool:
    """Whether a mark of the aspect is points taken off, so that a greater one is worse."""
    kind = rules.node(aspect).kind
    return kind is not None and kind.by in ("deduction", "penalty")


def changed(line: MarkLine, milli: int | None, state: str = MarkState.VALUE.value) -> dict[str, object]:
    """A change of one mark as a correction keeps it."""
    return {
        "sheet": line.sheet,
        "work_code": line.work_code,
        "seat": line.seat,
        "seat_id": line.seat_id,
        "entry_id": line.entry_id,
        "member_id": line.member_id,
        "round": line.round_key,
        "aspect": line.aspect,
        "attempt": line.attempt,
        "old": line.milli,
        "old_state": line.state,
        "new": milli,
        "new_state": state,
    }


def re_marked(lines: Sequence[MarkLine], wanted: dict[tuple[str, str, int], int]) -> list[dict[str, object]]:
    """Changes to the wanted values (thousandths by place); those that stand so already are left out."""
    return [
        changed(line, wanted[line.place])
        for line in lines
        if line.place in wanted and (line.state, line.milli) != (MarkState.VALUE.value, wanted[line.place])
    ]


def deducted(lines: Sequence[MarkLine], rules: RuleSet, aspect: str, milli: int) -> list[dict[str, object]]:
    """Changes that take points off one aspect in every judge's mark, never below zero."""
    found = []
    for line in lines:
        if line.aspect != aspect or line.milli is None:
            continue
        value = line.milli + milli if takes_off(rules, aspect) else max(0, line.milli - milli)
        if value != line.milli:
            found.append(changed(line, value))
    return found


def voided(lines: Sequence[MarkLine], module: str) -> list[dict[str, object]]:
    """Changes that declare all marks of a module void."""
    void = MarkState.VOID.value
    return [changed(line, None, void) for line in lines if line.module == module and line.state != void]
