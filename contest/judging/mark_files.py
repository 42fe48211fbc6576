"""Theory marks from a file: uploaded, checked whole, kept with its digest, confirmed by a second person, recorded."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa

from contest import audit, files, personal
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import queries as roster
from contest.entries.models import Entry, Member
from contest.errors import Missing
from contest.events.models import Event, EventRound
from contest.events.queries import rules_of
from contest.judging import queries, scheme
from contest.judging.current import COMPETING
from contest.judging.mark_rows import MarkError, MarkRow, read_marks
from contest.judging.marks import Receipt, Typed, record_marks
from contest.judging.models import (
    MarkFile,
    MarkFileState,
    MarkSource,
    MarkState,
    Panel,
    Seat,
    SeatKind,
    Sheet,
)
from contest.judging.panels import contest_of
from contest.judging.refusals import FileNotReady, ReasonMissing, SamePerson
from contest.judging.typed import shown


def upload(
    event: Event, *, content: bytes, name: str, module_key: str, round_id: int, actor: Actor, at: datetime
) -> MarkFile:
    """Keep a file of marks with the report of its check. With errors it is only *previewed*, else *staged*.

    Raises entries.roster.table.UnreadableFile; then nothing is kept.
    """
    report = examine(event, content=content, name=name, module_key=module_key)
    kept = files.store(
        content,
        name=name,
        media_type="application/octet-stream",
        contest_id=contest_of(event),
        actor_id=actor.account_id,
        at=at,
    )
    row = MarkFile(
        event_id=event.id,
        round_id=db.session.get_one(EventRound, round_id).id,
        module_key=module_key,
        file_id=kept.id,
        state=MarkFileState.PREVIEWED if report["errors"] else MarkFileState.STAGED,
        report=report,
        uploaded_at=at,
        uploaded_by=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    changes = {"file": [None, name], "digest": [None, kept.digest], "rows": [None, len(report["rows"])]}
    audit.record(actor, "mark_file.uploaded", row, contest_id=contest_of(event), changes=changes, at=at)
    return row


def examine(event: Event, *, content: bytes, name: str, module_key: str) -> dict[str, Any]:
    """Check a file against the roster; changes nothing. Keys: rows, errors, missing (competing, not in the file)."""
    rules = rules_of(event)
    aspects = scheme.aspects_of(rules, module_key, "file")
    per_member = next(module for module in rules.modules if module.key == module_key).per == "member"
    rows, errors = read_marks(content, name, aspects)
    accepted, places = [], set()
    for row in rows:
        found = _subject(event.id, row, per_member)
        if isinstance(found, MarkError):
            errors.append(found)
            continue
        accepted.append({**_told(row), "entry_id": found[0], "member_id": found[1]})
        places.add(found)
    absentees = [name for place, name in _field(event.id, per_member).items() if place not in places]
    errors.sort(key=lambda error: (error.line, error.column))
    return {"rows": accepted, "errors": [error.told() for error in errors], "missing": absentees}


def _told(row: MarkRow) -> dict[str, Any]:
    return {
        "line": row.line,
        "number": row.number,
        "name": row.name,
        "aspect": row.aspect,
        "value": shown(row.milli) if row.milli is not None else "",
        "absent": row.absent,
    }


def _subject(event_id: int, row: MarkRow, per_member: bool) -> tuple[int, int] | MarkError:
    """(entry id, member id or 0) of a row, or what is wrong with who it names."""
    found = roster.find_subject(event_id, number=row.number or None, id_number=row.id_number or None)
    told = row.number or personal.mask_id(row.id_number)
    if found is None:
        return MarkError(row.line, "", told, "file_who_unknown")
    entry = db.session.get_one(Entry, found.entry_id)
    if not per_member:
        return entry.id, 0
    people = [member for member in entry.members if member.left_at is None]
    member = next(
        (one for one in people if one.id == found.member_id), people[0] if len(people) == 1 else None
    )
    if member is None:
        return MarkError(row.line, "", told, "file_who_team")
    if row.name and row.name.replace(" ", "") != member.person.name.replace(" ", ""):
        return MarkError(row.line, "", row.name, "file_name_differs", {"number": told})
    return entry.id, member.id


def _field(event_id: int, per_member: bool) -> dict[tuple[int, int], str]:
    """Every competing subject with what the office calls it."""
    entries = db.session.scalars(
        sa.select(Entry).where(Entry.event_id == event_id, Entry.state.in_(COMPETING)).order_by(Entry.number)
    )
    if not per_member:
        return {(entry.id, 0): f"{entry.number} {entry.name}".strip() for entry in entries}
    members = db.session.scalars(
        sa.select(Member)
        .join(Entry)
        .where(
            Member.event_id == event_id,
            Member.left_at.is_(None),
            Member.state.in_(COMPETING),
            Entry.state.in_(COMPETING),
        )
        .order_by(Entry.number, Member.position)
    )
    return {(one.entry_id, one.id): f"{one.number} {one.person.name}".strip() for one in members}


def confirm(row: MarkFile, *, actor: Actor, at: datetime) -> int:
    """A second person confirms: the kept bytes are checked once more, then recorded. Returns how many marks.

    Raises SamePerson, FileNotReady (also when the roster changed so that rows no longer fit).
    """
    if row.uploaded_by == actor.account_id and not actor.is_system:
        raise SamePerson()
    if row.state is not MarkFileState.STAGED:
        raise FileNotReady()
    event = db.session.get_one(Event, row.event_id)
    kept = db.session.get_one(files.StoredFile, row.file_id)
    report = examine(event, content=files.read(kept), name=kept.name, module_key=row.module_key)
    if report["errors"]:
        raise FileNotReady()
    sheets = _sheets(event, row, report["rows"])
    receipts = record_marks(
        actor,
        [_typed(kept.digest, sheets[(one["entry_id"], one["member_id"])], one) for one in report["rows"]],
        at=at,
        source=MarkSource.FILE,
        may="marks.confirm",
    )
    _all_there(receipts)
    for sheet in sheets.values():
        if sheet.submitted_at is None:
            sheet.submitted_at, sheet.submitted_by = at, actor.account_id
    row.state, row.confirmed_at, row.confirmed_by = MarkFileState.CONFIRMED, at, actor.account_id
    changes = {
        "state": ["staged", "confirmed"],
        "digest": [None, kept.digest],
        "marks": [None, len(receipts)],
    }
    audit.record(actor, "mark_file.confirmed", row, contest_id=contest_of(event), changes=changes, at=at)
    return len(receipts)


def _all_there(receipts: Sequence[Receipt]) -> None:
    bad = [receipt for receipt in receipts if receipt.status not in ("stored", "known")]
    if bad:
        raise FileNotReady("mark_file_refused", count=len(bad), reason=bad[0].reason)


def _typed(digest: str, sheet: Sheet, one: dict[str, Any]) -> Typed:
    """The id follows from file and place, so that confirming again could never double a mark."""
    head = queries.marks_of(sheet.id).get((one["aspect"], 1))
    state = MarkState.ABSENT if one["absent"] else MarkState.VALUE
    return Typed(
        uuid=uuid5(NAMESPACE_URL, f"{digest}:{sheet.public_id}:{one['aspect']}"),
        sheet=sheet.public_id,
        aspect=one["aspect"],
        state=state,
        value=None if one["absent"] else one["value"],
        replaces=_uuid(head),
    )


def _uuid(head: queries.MarkView | None) -> Any:
    from uuid import UUID

    return UUID(head.uuid) if head else None


def reject(row: MarkFile, *, reason: str, actor: Actor, at: datetime) -> None:
    """Send a file back, with a reason; it stays kept. Raises ReasonMissing, FileNotReady once it was confirmed."""
    if not reason.strip():
        raise ReasonMissing()
    if row.state is MarkFileState.CONFIRMED:
        raise FileNotReady()
    before, row.state, row.rejected_reason = row.state, MarkFileState.REJECTED, reason.strip()
    event = db.session.get_one(Event, row.event_id)
    changes = {"state": [before.value, "rejected"]}
    audit.record(
        actor,
        "mark_file.rejected",
        row,
        contest_id=contest_of(event),
        changes=changes,
        reason=reason.strip(),
        at=at,
    )


def mark_file_of(event_id: int, file_id: int) -> MarkFile:
    """A file of an event that the caller has authorised. Raises Missing."""
    row = db.session.scalars(
        sa.select(MarkFile).where(MarkFile.id == file_id, MarkFile.event_id == event_id)
    ).first()
    if row is None:
        raise Missing()
    return row


def _sheets(event: Event, row: MarkFile, rows: Sequence[dict[str, Any]]) -> dict[tuple[int, int], Sheet]:
    """The sheet of each subject on the file's own seat; seat and sheets are made where they aren't there yet."""
    seat = _file_seat(event, row.module_key)
    there = {
        (sheet.entry_id, sheet.member_id or 0): sheet
        for sheet in db.session.scalars(
            sa.select(Sheet).where(
                Sheet.seat_id == seat.id, Sheet.module_key == row.module_key, Sheet.round_id == row.round_id
            )
        )
    }
    for position, one in enumerate(rows, start=1):
        place = (one["entry_id"], one["member_id"])
        if place not in there:
            there[place] = Sheet(
                public_id=secrets.token_urlsafe(12),
                event_id=event.id,
                seat_id=seat.id,
                entry_id=place[0],
                member_id=place[1] or None,
                round_id=row.round_id,
                module_key=row.module_key,
                work_code=(one["number"] or f"#{position}")[:12],
                position=position,
            )
            db.session.add(there[place])
    db.session.flush()
    wanted = {(one["entry_id"], one["member_id"]) for one in rows}
    return {place: sheet for place, sheet in there.items() if place in wanted}


def _file_seat(event: Event, module_key: str) -> Seat:
    for panel in queries.panels_of(event.id):
        for seat in panel.seats:
            if seat.kind is SeatKind.FILE and module_key in panel.module_keys and seat.voided_at is None:
                return seat
    panel = Panel(event_id=event.id, name="成绩文件", module_keys=[module_key])
    db.session.add(panel)
    db.session.flush()
    seat = Seat(panel_id=panel.id, kind=SeatKind.FILE, position=1)
    db.session.add(seat)
    db.session.flush()
    return seat
