"""Everything a result is computed from, read once: rules, subjects, current marks as integer columns, rulings."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from contest.db import db
from contest.events.models import Event, EventAspect, EventRound, RuleVersion
from contest.events.queries import rules_of
from contest.judging.queries import current_marks, last_revision, scoring_seats
from contest.results.collecting import uncollected
from contest.results.models import TieRuling
from contest.results.subjects import Roster, roster_of
from contest.scoring.field import Field, Marks, Ruling, field_of
from contest.scoring.field import Seat as FieldSeat
from contest.scoring.rules import RuleSet

COLUMNS = ("entry_id", "member_id", "seat_id", "round_id", "aspect_id", "attempt", "state", "value")


@dataclass(frozen=True)
class Inputs:
    """What one event's results follow from. `digest` is equal exactly when nothing of it changed.

    rounds: key → row of the event's rounds (empty for an event held once). last_mark_id: the newest revision read.
    """

    event: Event
    rules: RuleSet
    rule_version: RuleVersion
    roster: Roster
    field: Field
    rounds: Mapping[str, EventRound]
    last_mark_id: int
    digest: str


@uncollected()
def read_inputs(event: Event, *, up_to_mark: int | None = None) -> Inputs:
    """Read an event's input; `up_to_mark` leaves out later revisions, as they stood at a snapshot.

    Raises Missing("no_rules") while no rules were saved.
    """
    rules = rules_of(event)
    version = event.rule_version
    assert version is not None  # rules_of raised otherwise
    roster = roster_of(event, rules)
    seats = _seats(event.id)
    marks = _mark_columns(event.id, up_to_mark)
    rulings = _rulings(event.id)
    base = field_of(
        rules,
        roster.subjects,
        (),
        seats=list(seats.values()),
        inputs=roster.inputs,
        rulings=rulings,
        event=event.name,
    )
    rounds = {row.key: row for row in event.rounds}
    columns = _marks(marks, base, rules, seats, event)
    return Inputs(
        event=event,
        rules=rules,
        rule_version=version,
        roster=roster,
        field=dataclasses.replace(base, marks=columns),
        rounds=rounds,
        last_mark_id=last_revision(event.id) if up_to_mark is None else up_to_mark,
        digest=_digest(version.digest, roster, seats, marks, rulings),
    )


def _seats(event_id: int) -> dict[int, FieldSeat]:
    """Seats that count, by id; a voided seat's marks leave the tally."""
    return {seat_id: FieldSeat(f"s{seat_id}", kind) for seat_id, kind in scoring_seats(event_id)}


def _mark_columns(event_id: int, up_to: int | None) -> tuple[Any, ...]:
    """Current marks as COLUMNS, in an order of their own whatever the database gave."""
    marks = current_marks(event_id, up_to=up_to)
    columns = [getattr(marks, name) for name in COLUMNS]
    order = _in_order(columns[: COLUMNS.index("state")])  # unique: a place has one current mark
    return tuple(column[order] for column in columns)


def _in_order(places: Sequence[Any]) -> Any:
    """Indices that sort by these columns in turn; by one number a row where that is the same and fits."""
    if not len(places[0]):
        return np.arange(0)
    lows = [int(column.min()) for column in places]
    spans = [int(column.max()) - low + 1 for column, low in zip(places, lows, strict=True)]
    if math.prod(spans) >= 2**62:
        return np.lexsort(places[::-1])
    key = np.zeros(len(places[0]), np.int64)
    for column, low, span in zip(places, lows, spans, strict=True):
        key = key * span + (column - low)
    return np.argsort(key, kind="stable")


def _marks(
    columns: Sequence[Any], base: Field, rules: RuleSet, seats: Mapping[int, FieldSeat], event: Event
) -> Marks:
    """The field's columns: database ids become indices; marks of what the rules no longer hold are left out."""
    entry_id, member_id, seat_id, round_id, aspect_id, attempt, state, value = columns
    entry = _index(entry_id, {int(key[1:]): place for place, key in enumerate(base.entries.keys)})
    member_keys = base.members.keys if base.members is not None else ()
    members = {0: -1, **{int(key[1:]): place for place, key in enumerate(member_keys)}}
    member = _index(member_id, members, unknown=-2)
    seat = _index(seat_id, {seat_id: place for place, seat_id in enumerate(seats)})
    round_ = _index(round_id, _round_places(rules, event))
    aspect = _index(aspect_id, _aspect_places(rules, event.id))
    known = (entry >= 0) & (member >= -1) & (seat >= 0) & (round_ >= 0) & (aspect >= 0)
    return Marks(
        entry=entry[known],
        seat=seat[known],
        aspect=aspect[known],
        value=value[known],
        member=member[known],
        round=round_[known],
        attempt=attempt[known] - 1,
        state=state[known].astype(np.int8),
    )


def _index(ids: Any, places: Mapping[int, int], *, unknown: int = -1) -> Any:
    """The place of each id, `unknown` for one that isn't there; one search over the sorted ids."""
    if not places or not len(ids):
        return np.full(len(ids), unknown, np.int64)
    known = np.array(sorted(places), np.int64)
    found = np.clip(np.searchsorted(known, ids), 0, len(known) - 1)
    at = np.array([places[int(one)] for one in known], np.int64)[found]
    return np.where(known[found] == ids, at, unknown)


def _round_places(rules: RuleSet, event: Event) -> dict[int, int]:
    places = {one.key: place for place, one in enumerate(rules.rounds)}
    if not rules.rounds:
        return {row.id: 0 for row in event.rounds}
    return {row.id: places[row.key] for row in event.rounds if row.key in places}


def _aspect_places(rules: RuleSet, event_id: int) -> dict[int, int]:
    places = {aspect.key: place for place, aspect in enumerate(rules.aspects())}
    rows = db.session.execute(
        sa.select(EventAspect.id, EventAspect.key).where(EventAspect.event_id == event_id)
    )
    return {aspect_id: places[key] for aspect_id, key in rows if key in places}


def _rulings(event_id: int) -> tuple[Ruling, ...]:
    rows = db.session.scalars(
        sa.select(TieRuling)
        .where(TieRuling.event_id == event_id, TieRuling.revoked_at.is_(None))
        .order_by(TieRuling.id)
    )
    return tuple(
        Ruling(row.ranking_key, row.kind.value, {key: n for n, key in enumerate(row.order, 1)}, row.reason)
        for row in rows
    )


def _digest(
    rules: str,
    roster: Roster,
    seats: Mapping[int, FieldSeat],
    marks: Sequence[Any],
    rulings: tuple[Ruling, ...],
) -> str:
    """SHA-256 over everything the result follows from. Revision ids are no part of it: edit and undo is no change."""
    content = {
        "rules": rules,
        "subjects": [
            [
                one.key,
                one.status,
                one.reason,
                one.texts,
                [[m.key, m.status, m.reason, m.texts] for m in one.members],
            ]
            for one in roster.subjects
        ],
        "names": {key: [one.name, one.number, one.unit, one.delegation] for key, one in roster.facts.items()},
        "inputs": [dataclasses.asdict(one) for one in roster.inputs],
        "seats": [[seat_id, seat.kind] for seat_id, seat in seats.items()],
        "rulings": [[one.ranking, one.kind, sorted(one.places.items())] for one in rulings],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dict)
    found = hashlib.sha256(text.encode())
    found.update(np.stack(marks, axis=1).data)  # row by row
    return found.hexdigest()
