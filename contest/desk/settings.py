"""What an edition's organiser chose for its screens and orders: one row, or the defaults."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.desk.models import EditionDesk
from contest.events.models import Edition

RESERVE = 5  # percent


def setting_of(edition_id: int) -> EditionDesk:
    """The edition's row, or one that is not stored and holds the defaults."""
    row = db.session.get(EditionDesk, edition_id)
    return row or EditionDesk(edition_id=edition_id, is_progress_public=False, reserve_percent=RESERVE)


def change(edition: Edition, *, actor: Actor, at: datetime, **values: bool | int) -> EditionDesk:
    """Keep some of the fields of EditionDesk; what is not given stays."""
    row = setting_of(edition.id)
    changes = {
        name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value
    }
    for name, value in values.items():
        setattr(row, name, value)
    db.session.add(row)
    db.session.flush()
    if changes:
        audit.record(
            actor, "edition.desk_changed", edition, contest_id=edition.contest_id, changes=changes, at=at
        )
    return row
