"""Corrections of locked marks: proposed by one person, seen with all they move, applied by another as revisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries.models import Entry
from contest.events.models import Event
from contest.judging import service as judging
from contest.judging.models import MarkState, Sheet
from contest.results.compute import Computation, compute_event
from contest.results.freezing import held_again
from contest.results.mark_lines import marks_of
from contest.results.models import Appeal, AppealState, Correction, CorrectionEffect, CorrectionState
from contest.results.previews import Effect, after, effects
from contest.results.refusals import (
    AppealNotUpheld,
    CorrectionEmpty,
    CorrectionOutdated,
    CorrectionRefused,
    CorrectionSettled,
    ReasonMissing,
    SamePerson,
)
from contest.results.snapshots import hold
from contest.scoring.numbers import decimal_text


def propose_correction(
    *,
    event: Event,
    entry: Entry,
    effect: CorrectionEffect,
    changes: Sequence[Mapping[str, Any]],
    reason: str,
    actor: Actor,
    at: datetime,
    appeal: Appeal | None = None,
) -> Correction:
    """Write down a change of marks, made by `mark_lines`. Nothing is changed yet.

    appeal: the upheld appeal that it carries out. Raises ReasonMissing, CorrectionEmpty, AppealNotUpheld.
    """
    if not reason.strip():
        raise ReasonMissing()
    if not changes or entry.event_id != event.id:
        raise CorrectionEmpty()
    if appeal is not None and (appeal.state is not AppealState.UPHELD or appeal.event_id != event.id):
        raise AppealNotUpheld()
    row = Correction(
        event_id=event.id,
        appeal_id=appeal.id if appeal else None,
        entry_id=entry.id,
        effect=effect,
        reason=reason.strip(),
        changes=[dict(one) for one in changes],
        effects=[],
        input_digest=compute_event(event).inputs.digest,
        state=CorrectionState.PROPOSED,
        proposed_at=at,
        proposed_by=actor.account_id,
        proposed_name=actor.name,
    )
    row.event, row.entry = event, entry
    db.session.add(row)
    db.session.flush()
    _log(actor, "correction.proposed", row, at, {"effect": [None, effect.value], "marks": [0, len(changes)]})
    return row


def preview(correction: Correction) -> tuple[Computation, list[Effect], bool]:
    """(results as they stand, what the proposal would move, whether it still fits the marks it was made from)."""
    before = compute_event(correction.event)
    is_fresh = before.inputs.digest == correction.input_digest
    return before, effects(before, after(before, correction.changes)), is_fresh


def apply_correction(*, correction: Correction, actor: Actor, at: datetime) -> Correction:
    """Carry a proposal out as mark revisions with its reason; the lists that stood stay as they were frozen.

    Raises CorrectionSettled, SamePerson for the proposer, CorrectionOutdated if marks changed since, so that what was
    previewed is what happens, CorrectionRefused for a value that the scheme does not take.
    """
    hold(correction.event_id)
    _check(correction, actor)
    _, moved, is_fresh = preview(correction)
    if not is_fresh:
        raise CorrectionOutdated()
    judging.thaw(correction.event_id)
    heads = {line.place: line.uuid for line in marks_of(correction.event_id, correction.entry_id)}
    for change in correction.changes:
        _correct(correction, change, heads, actor, at)
    held_again(correction.event_id, at=at)
    correction.effects = [one.plain for one in moved]
    _settle(correction, CorrectionState.APPLIED, actor, at)
    return correction


def reject_correction(*, correction: Correction, reason: str, actor: Actor, at: datetime) -> Correction:
    """Leave a proposal aside, by anybody who may propose. Raises CorrectionSettled, ReasonMissing."""
    if correction.state is not CorrectionState.PROPOSED:
        raise CorrectionSettled()
    if not reason.strip():
        raise ReasonMissing()
    correction.settled_reason = reason.strip()
    _settle(correction, CorrectionState.REJECTED, actor, at)
    return correction


def _check(correction: Correction, actor: Actor) -> None:
    if correction.state is not CorrectionState.PROPOSED:
        raise CorrectionSettled()
    if actor.account_id is not None and actor.account_id == correction.proposed_by:
        raise SamePerson()


def _correct(
    correction: Correction,
    change: Mapping[str, Any],
    heads: Mapping[tuple[str, str, int], UUID],
    actor: Actor,
    at: datetime,
) -> None:
    sheet = db.session.scalars(sa.select(Sheet).where(Sheet.public_id == change["sheet"])).one()
    place = (change["sheet"], change["aspect"], change["attempt"])
    milli = change["new"]
    typed = judging.Typed(
        uuid=uuid4(),
        sheet=sheet.public_id,
        aspect=change["aspect"],
        state=MarkState(change["new_state"]),
        value=None if milli is None else decimal_text(Fraction(milli, 1000)),
        replaces=heads.get(place),
        attempt=change["attempt"],
    )
    receipt = judging.correct(sheet, typed, reason=correction.reason, actor=actor, at=at)
    if receipt.status not in ("stored", "known"):
        raise CorrectionRefused(sheet=sheet.work_code, aspect=change["aspect"], value=typed.value or "")


def _settle(correction: Correction, state: CorrectionState, actor: Actor, at: datetime) -> None:
    correction.state = state
    correction.settled_at, correction.settled_by, correction.settled_name = at, actor.account_id, actor.name
    db.session.flush()
    _log(actor, f"correction.{state.value}", correction, at, {"state": ["proposed", state.value]})


def _log(actor: Actor, action: str, row: Correction, at: datetime, changes: dict[str, list[object]]) -> None:
    contest_id = row.event.sub_contest.edition.contest_id
    reason = row.settled_reason or row.reason
    audit.record(actor, action, row, contest_id=contest_id, changes=changes, reason=reason, at=at)
