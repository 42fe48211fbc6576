"""How a row of this room changes: compare the version, set the fields, write old → new to the log."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.errors import Stale
from contest.events.refusals import NameEmpty


def told(value: Any) -> Any:
    """A value as the log keeps it: plain JSON."""
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def require(values: Mapping[str, Any], *fields: str) -> None:
    """Raises NameEmpty for a field that is given and blank."""
    for field in fields:
        if field in values and not str(values[field] or "").strip():
            raise NameEmpty(field=field)


def check_version(row: Any, version: int) -> None:
    """Raises Stale if somebody changed the row since it was read."""
    if row.version != version:
        raise Stale()


def amend(
    row: Any,
    fields: Iterable[str],
    values: Mapping[str, Any],
    *,
    version: int,
    actor: Actor,
    action: str,
    contest_id: int,
    at: datetime,
) -> dict[str, list[Any]]:
    """Set those of `fields` that `values` has; nothing is logged when nothing changed. Returns field → [old, new]."""
    check_version(row, version)
    changes: dict[str, list[Any]] = {}
    for field in fields:
        if field not in values:
            continue
        new = values[field].strip() if isinstance(values[field], str) else values[field]
        old = getattr(row, field)
        if old != new:
            changes[field] = [told(old), told(new)]
            setattr(row, field, new)
    if changes:
        db.session.flush()
        audit.record(actor, action, row, contest_id=contest_id, changes=changes, at=at)
    return changes
