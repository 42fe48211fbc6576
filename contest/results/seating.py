"""What a seat is called beside its marks: its label, and who holds it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from contest.db import db
from contest.judging.models import Panel, Seat, SeatHolder


def seat_labels(event_id: int) -> dict[str, str]:
    """Seat key (`s7`) → its label or place in the panel: for those who may see marks, not who gave them."""
    seats = db.session.execute(
        sa.select(Seat.id, Seat.label, Seat.position)
        .join(Panel, Seat.panel_id == Panel.id)
        .where(Panel.event_id == event_id)
    )
    return {f"s{key}": label or str(position) for key, label, position in seats}


def seat_names(event_id: int) -> dict[str, str]:
    """Seat key (`s7`) → its label and the names of those who hold it now."""
    seats = db.session.scalars(
        sa.select(Seat)
        .join(Panel, Seat.panel_id == Panel.id)
        .where(Panel.event_id == event_id)
        .options(selectinload(Seat.holders).joinedload(SeatHolder.judge))
    )
    return {
        f"s{seat.id}": " ".join(
            [
                seat.label or str(seat.position),
                *(holder.judge.name for holder in seat.holders if holder.until_at is None),
            ]
        )
        for seat in seats
    }
