"""Sheets: submitted and taken back by judges, locked and unlocked by the chief judge, frozen by results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db, hold_row
from contest.events.models import Event
from contest.judging import comments, queries, scheme, suspicion
from contest.judging.models import Judge, Seat, SeatKind, Sheet, SheetSignature
from contest.judging.panels import contest_of
from contest.judging.refusals import (
    CommentsMissing,
    MarksMoved,
    NotChecked,
    NotSubmitted,
    ReasonMissing,
    SheetFrozen,
    SheetIncomplete,
    SheetLocked,
    SpreadOpen,
    Unlikely,
    Unsigned,
)
from contest.judging.verification import HeldBack, held_back

Aspects = tuple[scheme.AspectView, ...]
Marks = Mapping[tuple[str, int], queries.MarkView]


def digest_of_marks(sheet_id: int) -> str:
    """The digest of a sheet's exact list of current marks: what a judge signs."""
    return _digest(queries.marks_of(sheet_id))


def digest_of_view(view: queries.SheetView) -> str:
    """The same digest, of the marks that a page shows."""
    return _digest(view.marks)


def _digest(marks: Marks) -> str:
    rows = [
        [key, attempt, mark.state.value, mark.milli, mark.uuid]
        for (key, attempt), mark in sorted(marks.items())
    ]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Signed:
    """What a device tells about a signature. drawing: strokes as an SVG path on 600 × 200, or ""."""

    drawing: str = ""
    uuid: UUID | None = None
    device: str = ""
    drawn_at: datetime | None = None


NOT_DRAWN = Signed()


def submit(
    sheet: Sheet,
    *,
    digest: str,
    actor: Actor,
    at: datetime,
    method: str = "submit",
    judge_ids: Sequence[int] = (),
    signed: Signed = NOT_DRAWN,
    word: str = "",
) -> None:
    """Sign a fully marked sheet: by the judges named (on paper, or drawn on a shared device), else the acting one.

    digest: of the marks shown in the summary; other marks meanwhile are refused. Signing twice changes nothing.
    method: submit (a press), drawn, paper. word: what the judge typed because the marks look very unlikely; it goes into the log. A paper was signed already.
    Raises SheetLocked, SheetIncomplete(count), MarksMoved, CommentsMissing(count), Unlikely.
    """
    _hold(sheet)
    if sheet.locked_at is not None:
        raise SheetLocked(sheet=sheet.work_code)
    aspects, marks = queries.aspects_of_sheet(sheet), queries.marks_of(sheet.id)
    left = scheme.wanted(aspects) - scheme.given(aspects, marks)
    if left:
        raise SheetIncomplete(count=left, sheet=sheet.work_code)
    if digest != _digest(marks):
        raise MarksMoved()
    found = [] if method == "paper" else _examined(sheet, aspects, marks, word)
    _sign(sheet, _signing(sheet, actor, judge_ids), signed, method=method, digest=digest, actor=actor, at=at)
    if sheet.submitted_at is None:
        sheet.submitted_at, sheet.submitted_by, sheet.submitted_digest = at, actor.account_id, digest
        changes = {"submitted": [None, digest[:12]], "method": [None, method]}
        if found:
            changes["noticed"] = [None, ", ".join(one.code for one in found)]
            changes["word"] = [None, word.strip()]
        audit.record(
            actor, "sheet.submitted", sheet, contest_id=contest_of(sheet.event), changes=changes, at=at
        )


@dataclass(frozen=True)
class Noticed:
    """What stands between a summary and a signature: comments the rules ask for, and what to look at again."""

    comments_missing: list[tuple[str, int]]
    findings: list[suspicion.Finding]


def noticed(sheet: Sheet) -> Noticed:
    """The same look as signing takes, for the page before it."""
    aspects, marks = queries.aspects_of_sheet(sheet), queries.marks_of(sheet.id)
    missing = comments.missing_comments(aspects, marks, comments.comments_of(sheet.id))
    return Noticed(missing, suspicion.findings(sheet, aspects, marks))


def _signing(sheet: Sheet, actor: Actor, judge_ids: Sequence[int]) -> list[Judge]:
    """The holders named, or the one who acts."""
    holders = queries.holders_of_sheet(sheet)
    if judge_ids:
        return [judge for judge in holders if judge.id in judge_ids]
    return [judge for judge in holders if judge.account_id == actor.account_id]


def _examined(sheet: Sheet, aspects: Aspects, marks: Marks, word: str) -> list[suspicion.Finding]:
    """What looks odd about the marks. Raises CommentsMissing, Unlikely where more than a look is asked for."""
    missing = comments.missing_comments(aspects, marks, comments.comments_of(sheet.id))
    if missing:
        raise CommentsMissing(count=len(missing))
    found = suspicion.findings(sheet, aspects, marks)
    if any(one.is_unlikely for one in found) and not suspicion.is_word(word):
        raise Unlikely()
    return found


def _hold(sheet: Sheet) -> None:
    """Nobody else changes the sheet until this transaction ends; what is read from here on is what stands."""
    hold_row(sheet)


def _sign(
    sheet: Sheet,
    judges: Iterable[Judge],
    signed: Signed,
    *,
    method: str,
    digest: str,
    actor: Actor,
    at: datetime,
) -> None:
    there = set(
        db.session.scalars(
            sa.select(SheetSignature.judge_id).where(
                SheetSignature.sheet_id == sheet.id,
                SheetSignature.void_at.is_(None),
                SheetSignature.digest == digest,
            )
        )
    )
    for judge in judges:
        if judge.id not in there:
            db.session.add(
                SheetSignature(
                    sheet_id=sheet.id,
                    judge_id=judge.id,
                    digest=digest,
                    method=method,
                    signed_at=at,
                    uuid=signed.uuid,
                    drawing=signed.drawing,
                    account_id=actor.account_id,
                    device=signed.device,
                    drawn_at=signed.drawn_at,
                )
            )
    db.session.flush()


def take_back(sheet: Sheet, *, actor: Actor, at: datetime) -> None:
    """The judge re-opens an own submitted sheet that is not locked; the signatures become void. Raises SheetLocked."""
    if sheet.locked_at is not None:
        raise SheetLocked(sheet=sheet.work_code)
    if sheet.submitted_at is None:
        return
    _reopen(sheet, at=at, reason="")
    audit.record(actor, "sheet.taken_back", sheet, contest_id=contest_of(sheet.event), at=at)


def lock(sheet: Sheet, *, actor: Actor, at: datetime) -> None:
    """Lock a submitted sheet; locking twice changes nothing.

    Raises NotSubmitted, Unsigned(names), SpreadOpen while its panel has to talk, NotChecked where the event wants it.
    """
    _lock(sheet, held_back(sheet.event_id), actor=actor, at=at)


def _lock(sheet: Sheet, held: HeldBack, *, actor: Actor, at: datetime) -> None:
    _hold(sheet)
    if sheet.locked_at is not None:
        return
    if sheet.submitted_at is None:
        raise NotSubmitted(sheet=sheet.work_code)
    if sheet.seat.kind is not SeatKind.FILE:
        unsigned = _unsigned(sheet)
        if unsigned:
            raise Unsigned(sheet=sheet.work_code, names="、".join(unsigned))
    if held.spreads[sheet.public_id]:
        raise SpreadOpen(sheet=sheet.work_code, count=held.spreads[sheet.public_id])
    if sheet.public_id in held.unchecked:
        raise NotChecked(sheet=sheet.work_code)
    sheet.locked_at, sheet.locked_by = at, actor.account_id
    audit.record(actor, "sheet.locked", sheet, contest_id=contest_of(sheet.event), at=at)


def lock_all(
    event: Event, *, actor: Actor, at: datetime, round_id: int | None = None, module_key: str | None = None
) -> tuple[int, int]:
    """Lock every submitted, signed sheet of an event, a round or a module. Returns (locked now, still open)."""
    statement = sa.select(Sheet).join(Seat).where(Sheet.event_id == event.id, Sheet.locked_at.is_(None))
    statement = statement.where(Seat.voided_at.is_(None))
    if round_id is not None:
        statement = statement.where(Sheet.round_id == round_id)
    if module_key is not None:
        statement = statement.where(Sheet.module_key == module_key)
    done, waiting, held = 0, 0, held_back(event.id)
    for sheet in list(db.session.scalars(statement.order_by(Sheet.id))):
        try:
            _lock(sheet, held, actor=actor, at=at)
            done += 1
        except (NotSubmitted, Unsigned, SpreadOpen, NotChecked):
            waiting += 1
    return done, waiting


def unlock(sheet: Sheet, *, reason: str, actor: Actor, at: datetime) -> None:
    """Give a locked sheet back to its judge, with a reason; it has to be submitted and locked again.

    Raises ReasonMissing, SheetFrozen once a confirmed list stands on it.
    """
    if not reason.strip():
        raise ReasonMissing()
    if sheet.frozen_at is not None:
        raise SheetFrozen(sheet=sheet.work_code)
    if sheet.locked_at is None:
        return
    sheet.locked_at = sheet.locked_by = None
    _reopen(sheet, at=at, reason=reason.strip())
    audit.record(
        actor, "sheet.unlocked", sheet, contest_id=contest_of(sheet.event), reason=reason.strip(), at=at
    )


def _reopen(sheet: Sheet, *, at: datetime, reason: str) -> None:
    sheet.submitted_at = sheet.submitted_by = None
    sheet.submitted_digest = ""
    db.session.execute(
        sa.update(SheetSignature)
        .where(SheetSignature.sheet_id == sheet.id, SheetSignature.void_at.is_(None))
        .values(void_at=at, void_reason=reason)
    )


def _unsigned(sheet: Sheet) -> list[str]:
    signed = queries.signers_of(sheet.id)
    return [judge.name for judge in queries.holders_of_sheet(sheet) if judge.id not in signed]
