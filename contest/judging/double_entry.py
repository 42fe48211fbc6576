"""Paper keyed twice: two people key the same sheet unseen by each other, and only what differs comes back.

The state of a sheet follows from its keyings (`TRANSITIONS` is the whole machine, and the tests walk it):

    empty    nobody has keyed it yet
    first    one person has; nobody else sees what
    differs  both have, and some fields differ: each looks at the paper again and keys only those, still unseen
    agreed   both have, and all fields are equal: the marks are recorded, and the sheet is submitted as signed on paper
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db, hold_row
from contest.errors import Refused
from contest.judging import queries, scheme, sheets
from contest.judging.marks import MarkRefused, Typed, checked, record_marks
from contest.judging.models import MarkSource, MarkState, Sheet
from contest.judging.models_desk import Keying
from contest.judging.panels import contest_of
from contest.judging.refusals import KeyedAgreed, NotSecondPerson, ReasonMissing, SheetLocked, SheetSubmitted
from contest.judging.typed import shown

Fields = dict[str, list[Any]]
"""Field "aspect.attempt" → [state, thousandths or None]; a field left empty is not there."""


class KeyingState(enum.StrEnum):
    EMPTY = "empty"
    FIRST = "first"
    DIFFERS = "differs"
    AGREED = "agreed"


class Act(enum.StrEnum):
    """What happens to a sheet: somebody keys all of it, or the differing fields with or without success."""

    KEY = "key"  # the first person, also once more while nobody else has keyed
    KEY_EQUAL = "key_equal"
    KEY_DIFFERENT = "key_different"
    BEGIN_ANEW = "begin_anew"


TRANSITIONS: dict[tuple[KeyingState, Act], KeyingState] = {
    (KeyingState.EMPTY, Act.KEY): KeyingState.FIRST,
    (KeyingState.FIRST, Act.KEY): KeyingState.FIRST,
    (KeyingState.FIRST, Act.KEY_EQUAL): KeyingState.AGREED,
    (KeyingState.FIRST, Act.KEY_DIFFERENT): KeyingState.DIFFERS,
    (KeyingState.DIFFERS, Act.KEY_EQUAL): KeyingState.AGREED,
    (KeyingState.DIFFERS, Act.KEY_DIFFERENT): KeyingState.DIFFERS,
    (KeyingState.FIRST, Act.BEGIN_ANEW): KeyingState.EMPTY,
    (KeyingState.DIFFERS, Act.BEGIN_ANEW): KeyingState.EMPTY,
    (KeyingState.AGREED, Act.BEGIN_ANEW): KeyingState.EMPTY,
}


def state_of(keyings: Sequence[Keying]) -> KeyingState:
    """The state that follows from what was keyed."""
    if not keyings:
        return KeyingState.EMPTY
    if len(keyings) == 1:
        return KeyingState.FIRST
    return KeyingState.DIFFERS if differing(keyings) else KeyingState.AGREED


def _act(keyings: Sequence[Keying]) -> Act:
    """What the last keying was."""
    if len(keyings) == 1:
        return Act.KEY
    return Act.KEY_DIFFERENT if differing(keyings) else Act.KEY_EQUAL


def differing(keyings: Sequence[Keying]) -> set[str]:
    """The fields on which two keyings differ; a field that only one of them has differs too."""
    if len(keyings) < 2:
        return set()
    one, two = keyings[0].fields, keyings[1].fields
    return {name for name in {*one, *two} if one.get(name) != two.get(name)}


def keyings_of(sheet_ids: Sequence[int]) -> dict[int, list[Keying]]:
    """What was keyed for some sheets, the first person's first; the caller has authorised them."""
    found: dict[int, list[Keying]] = {}
    for start in range(0, len(sheet_ids), 500):
        part = sheet_ids[start : start + 500]
        rows = sa.select(Keying).where(Keying.sheet_id.in_(part)).order_by(Keying.sheet_id, Keying.turn)
        for row in db.session.scalars(rows):
            found.setdefault(row.sheet_id, []).append(row)
    return found


@dataclass(frozen=True)
class Outcome:
    """What came of keying. errors: field → (code, params) of values the rules don't take; nothing is kept then.

    left: mandatory fields that both left empty, so that the agreed sheet could not be submitted.
    """

    state: KeyingState
    differs: frozenset[str] = frozenset()
    errors: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    left: int = 0


def wanted_of(sheet: Sheet, actor: Actor) -> set[str] | None:
    """The fields that the actor has to key now; None means all. Raises NotSecondPerson, KeyedAgreed.

    A judge of the sheet never keys it here, and a third person has no turn.
    """
    keyings = keyings_of([sheet.id]).get(sheet.id, [])
    state = state_of(keyings)
    if state is KeyingState.AGREED:
        raise KeyedAgreed(sheet=sheet.work_code)
    mine = any(row.account_id == actor.account_id for row in keyings)
    if state is KeyingState.DIFFERS and not mine:
        raise NotSecondPerson()
    if any(judge.account_id == actor.account_id for judge in queries.holders_of_sheet(sheet)):
        raise NotSecondPerson()
    return differing(keyings) if state is KeyingState.DIFFERS else None


def key(sheet: Sheet, typed: Mapping[str, tuple[str, str]], *, actor: Actor, at: datetime) -> Outcome:
    """Key a sheet, or the fields on which the two differ. typed: field → (state, text); an empty value is left out.

    Raises SheetLocked, SheetSubmitted, NotSecondPerson, KeyedAgreed.
    """
    hold_row(sheet)
    if sheet.locked_at is not None:
        raise SheetLocked(sheet=sheet.work_code)
    wanted = wanted_of(sheet, actor)
    if sheet.submitted_at is not None:
        raise SheetSubmitted(sheet=sheet.work_code)
    fields, errors = _read(sheet, typed, wanted)
    keyings = keyings_of([sheet.id]).get(sheet.id, [])
    before = state_of(keyings)
    if errors:
        return Outcome(before, errors=errors)
    keyings = _kept(sheet, keyings, fields, wanted, actor=actor, at=at)
    state = TRANSITIONS[before, _act(keyings)]
    changes = {"state": [before.value, state.value], "fields": [None, len(fields)]}
    audit.record(actor, "sheet.keyed", sheet, contest_id=contest_of(sheet.event), changes=changes, at=at)
    if state is not KeyingState.AGREED:
        return Outcome(state, differs=frozenset(differing(keyings)))
    return Outcome(state, left=_record(sheet, keyings[0].fields, actor=actor, at=at))


def _read(
    sheet: Sheet, typed: Mapping[str, tuple[str, str]], wanted: set[str] | None
) -> tuple[Fields, dict[str, tuple[str, Mapping[str, Any]]]]:
    """The typed fields as stored values, and those that the rules refuse."""
    fields: Fields = {}
    errors: dict[str, tuple[str, Mapping[str, Any]]] = {}
    aspects = queries.aspects_of_sheet(sheet)
    for aspect in aspects:
        for attempt in range(1, aspect.attempts + 1):
            name = f"{aspect.key}.{attempt}"
            if name not in typed or (wanted is not None and name not in wanted):
                continue
            state, text = MarkState(typed[name][0]), typed[name][1].strip()
            if state is MarkState.VALUE and not text:
                continue
            value = text if state is MarkState.VALUE else None
            try:
                mark = Typed(uuid4(), sheet.public_id, aspect.key, state, value, None, attempt)
                fields[name] = [state.value, checked(aspects, mark)]
            except MarkRefused as refusal:
                errors[name] = (refusal.reason, refusal.params)
    return fields, errors


def _kept(
    sheet: Sheet,
    keyings: list[Keying],
    fields: Fields,
    wanted: set[str] | None,
    *,
    actor: Actor,
    at: datetime,
) -> list[Keying]:
    """Keep a keying in the actor's turn; returns all of the sheet."""
    mine = next((row for row in keyings if row.account_id == actor.account_id), None)
    if mine is None:
        mine = Keying(
            sheet_id=sheet.id,
            turn=len(keyings) + 1,
            account_id=actor.account_id,
            fields=fields,
            passes=1,
            keyed_at=at,
        )
        db.session.add(mine)
        keyings = [*keyings, mine]
    else:
        kept = {name: value for name, value in mine.fields.items() if wanted and name not in wanted}
        mine.fields, mine.passes, mine.keyed_at = {**kept, **fields}, mine.passes + 1, at
    db.session.flush()
    return keyings


def _record(sheet: Sheet, fields: Fields, *, actor: Actor, at: datetime) -> int:
    """The agreed fields become marks, and the sheet is submitted as signed on paper. Returns how many are left."""
    stand = queries.marks_of(sheet.id)
    marks = []
    for name, (state, milli) in sorted(fields.items()):
        aspect, _dot, attempt = name.rpartition(".")
        present = stand.get((aspect, int(attempt)))
        value = shown(milli) if milli is not None else None
        seen = UUID(present.uuid) if present else None
        marks.append(
            Typed(
                uuid4(),
                sheet.public_id,
                aspect,
                MarkState(state),
                value,
                seen,
                int(attempt),
                typed_at=at,
            )
        )
    receipts = record_marks(actor, marks, at=at, source=MarkSource.DESK)
    for one in receipts:
        if one.status in ("refused", "stale"):
            raise Refused(f"mark_{one.reason}", **one.params)
    aspects = queries.aspects_of_sheet(sheet)
    left = scheme.wanted(aspects) - scheme.given(aspects, queries.marks_of(sheet.id))
    if not left:
        signed = [judge.id for judge in queries.holders_of_sheet(sheet)]
        digest = sheets.digest_of_marks(sheet.id)
        sheets.submit(sheet, digest=digest, actor=actor, at=at, method="paper", judge_ids=signed)
    return left


def begin_anew(sheet: Sheet, *, reason: str, actor: Actor, at: datetime) -> None:
    """Both keyings are put away, for instance because one person is not there any more; the marks stay as revisions.

    A sheet that was submitted by them is opened again. Raises ReasonMissing, SheetLocked.
    """
    if not reason.strip():
        raise ReasonMissing()
    hold_row(sheet)
    if sheet.locked_at is not None:
        raise SheetLocked(sheet=sheet.work_code)
    keyings = keyings_of([sheet.id]).get(sheet.id, [])
    if not keyings:
        return
    for row in keyings:
        db.session.delete(row)
    if sheet.submitted_at is not None:
        sheets.take_back(sheet, actor=actor, at=at)
    changes = {"state": [state_of(keyings).value, KeyingState.EMPTY.value]}
    contest_id = contest_of(sheet.event)
    audit.record(
        actor, "sheet.keyed_anew", sheet, contest_id=contest_id, changes=changes, reason=reason.strip(), at=at
    )
