"""How far the judges of a panel agreed, module by module: figures about seats, never a single mark or a name.

Told only when every sheet of the event is locked: before, a judge could be spoken to about marks still to be given.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from contest.db import db
from contest.events.models import Event, EventAspect, EventRound
from contest.judging import queries as judging
from contest.judging.models import Panel, SeatKind
from contest.scoring import judges

MILLI = 1000


@dataclass(frozen=True)
class SeatFigures:
    """One seat beside its panel; None where too few marks are there to tell."""

    seat: str
    count: int
    severity: Fraction | None
    spread: Fraction | None


@dataclass(frozen=True)
class Agreement:
    """One panel in one module and round: Kendall's W, ICC of a single judge and of the panel's mean, and its seats."""

    panel: str
    module: str
    round: EventRound
    subjects: int
    concordance: Fraction | None
    single: Fraction | None
    panels: Fraction | None
    seats: tuple[SeatFigures, ...]


def agreement_of(event: Event) -> list[Agreement]:
    """The agreement of every panel of two judges or more; [] while a sheet is open. The caller authorised the event."""
    if not judging.lock_state(event.id).is_locked:
        return []
    marks = judging.current_marks(event.id)
    modules = {row.id: row.module_key for row in db.session.query(EventAspect).filter_by(event_id=event.id)}
    keys = np.array([modules.get(int(one), "") for one in marks.aspect_id])
    found = []
    for panel in judging.panels_of(event.id):
        seats = [one for one in panel.seats if one.voided_at is None and one.kind is SeatKind.JUDGE]
        names = {one.id: one.label or str(one.position) for one in seats}
        if len(names) < 2:
            continue
        for round_row in event.rounds:
            for module in panel.module_keys:
                chosen = (keys == module) & (marks.round_id == round_row.id)
                made = _of_module(panel, module, round_row, marks, chosen, names)
                if made is not None:
                    found.append(made)
    return found


def _of_module(
    panel: Panel, module: str, round_row: EventRound, marks: judging.CurrentMarks, chosen: np.ndarray,
    names: dict[int, str],
) -> Agreement | None:  # fmt: skip
    """Each judge's sum over the module's aspects for each subject, as one plane."""
    seats, sums = list(names), dict[tuple[tuple[int, int], int], int]()
    for place in np.flatnonzero(chosen):
        subject, seat = (int(marks.entry_id[place]), int(marks.member_id[place])), int(marks.seat_id[place])
        if seat in names:
            sums[subject, seat] = sums.get((subject, seat), 0) + int(marks.value[place])
    subjects = sorted({subject for subject, _ in sums})
    if not subjects:
        return None
    plane = np.zeros((len(subjects), len(seats)), np.int64)
    given = np.zeros(plane.shape, bool)
    rows = {subject: row for row, subject in enumerate(subjects)}
    for (subject, seat), value in sums.items():
        plane[rows[subject], seats.index(seat)], given[rows[subject], seats.index(seat)] = value, True
    labels = [names[one] for one in seats]
    return Agreement(
        panel=panel.name,
        module=module,
        round=round_row,
        subjects=len(subjects),
        concordance=_known(judges.concordance(plane, labels, given)),
        single=_known(judges.intraclass_correlation(plane, labels, given)),
        panels=_known(judges.intraclass_correlation(plane, labels, given, panel=True)),
        seats=tuple(
            SeatFigures(one.judge, one.count, _known(one.severity), _known(one.spread))
            for one in judges.figures(plane, labels, given, unit=MILLI)
        ),
    )


def _known(value: Fraction | judges.TooFew) -> Fraction | None:
    return None if isinstance(value, judges.TooFew) else value
