"""The draw of order and benches: by a seed committed to beforehand, or by hand and confirmed by a second person.

How anyone repeats a draw by seed (the protocol prints the same text). Let the seed and the public value be texts, and
take the numbers of the entries. For each number, the SHA-256 of the UTF-8 text `seed:public value:number` is written
in lower-case hexadecimal; entries are put in ascending order of these 64 characters. The first one has position 1.
With n benches, position p is in session ⌈p/n⌉ at bench ((p − 1) mod n) + 1. On any Linux machine:
`printf '%s' 'SEED:PUBLIC:1101' | sha256sum`.

The commitment is the SHA-256 of the seed alone and is published before the draw; the public value is named afterwards
by somebody else (a team leader, a lottery result of the day), so that nobody could have chosen a convenient seed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import freezing, queries, registration
from contest.entries.models import Draw, DrawMethod, DrawPlace, Entry, EntryState, FreezeKind
from contest.entries.refusals import DrawInvalid, DrawLocked, ReasonMissing
from contest.errors import Forbidden, Missing
from contest.events import queries as events
from contest.events.models import Event

MIN_SEED = 16  # characters; 32 hexadecimal ones are offered


@dataclass(frozen=True)
class KeyedPlace:
    """One line of a draw made by hand. A blank bench is none."""

    entry_id: int
    position: int
    session: str = ""
    bench: str = ""


def new_seed() -> str:
    """A seed nobody can guess: 128 bits as 32 hexadecimal characters, to be written down and sealed."""
    return secrets.token_hex(16)


def commitment_of(seed: str) -> str:
    """What is published of a seed before the draw."""
    return hashlib.sha256(seed.encode()).hexdigest()


def order_by_seed(seed: str, public_value: str, numbers: Sequence[str]) -> list[str]:
    """The drawn order of entry numbers (see the module's text). Doesn't depend on the order they come in."""
    return sorted(numbers, key=lambda number: (_key(seed, public_value, number), number))


def _key(seed: str, public_value: str, number: str) -> str:
    return hashlib.sha256(f"{seed}:{public_value}:{number}".encode()).hexdigest()


def roster_digest(numbers: Sequence[str]) -> str:
    """SHA-256 of the entries' numbers, sorted, one a line: shows that nobody joined or left between the steps."""
    return hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()


def draw_for(actor: Actor, draw_id: int, *, may: str = "draw.run") -> Draw:
    """A draw the actor may act on. Raises Missing."""
    row = db.session.get(Draw, draw_id)
    if row is None:
        raise Missing()
    events.event_for(actor, row.event_id, may=may)
    return row


def drawable(event_id: int) -> list[Entry]:
    """Entries that are drawn: all but the withdrawn and disqualified, in official order."""
    rows = db.session.scalars(
        sa.select(Entry)
        .where(
            Entry.event_id == event_id,
            Entry.state.not_in([EntryState.WITHDRAWN, EntryState.DISQUALIFIED]),
        )
        .order_by(sa.func.length(Entry.number), Entry.number)
    )
    return list(rows)


def commit_seed(
    event_id: int, commitment: str, *, benches: int, actor: Actor, at: datetime, round_key: str = ""
) -> Draw:
    """Publish the SHA-256 of a seed and the entries it will order. Raises Missing, DrawLocked, DrawInvalid."""
    event = _event(actor, event_id, round_key)
    if len(commitment) != 64 or not set(commitment) <= set("0123456789abcdef"):
        raise DrawInvalid("draw_commitment")
    entries = _entries(event_id)
    draw = Draw(
        event_id=event_id,
        round_key=round_key,
        method=DrawMethod.SEED,
        commitment=commitment,
        benches=_benches(benches),
        roster_digest=roster_digest([entry.number for entry in entries]),
        committed_at=at,
        committed_by=actor.account_id,
    )
    db.session.add(draw)
    db.session.flush()
    _log(actor, "draw.committed", draw, event, {"commitment": [None, commitment]}, "", at)
    return draw


def reveal_seed(draw_id: int, seed: str, public_value: str, *, actor: Actor, at: datetime) -> Draw:
    """Reveal the seed and make the draw. Raises Missing, DrawLocked, DrawInvalid (another seed; the roster changed)."""
    draw = draw_for(actor, draw_id)
    event = _event(actor, draw.event_id, draw.round_key)
    if draw.drawn_at is not None:
        raise DrawLocked("draw_done")
    seed, public_value = seed.strip(), public_value.strip()
    if commitment_of(seed) != draw.commitment:
        raise DrawInvalid("draw_seed_differs")
    if not public_value:
        raise DrawInvalid("draw_public_value")
    entries = {entry.number: entry for entry in _entries(draw.event_id)}
    if roster_digest(list(entries)) != draw.roster_digest:
        raise DrawInvalid("draw_roster_changed")
    draw.seed, draw.public_value, draw.drawn_at, draw.drawn_by = seed, public_value, at, actor.account_id
    for position, number in enumerate(order_by_seed(seed, public_value, list(entries)), start=1):
        session, bench = divmod(position - 1, draw.benches)
        draw.places.append(
            DrawPlace(
                entry_id=entries[number].id, position=position, session=str(session + 1), bench=str(bench + 1)
            )
        )
    db.session.flush()
    _log(
        actor, "draw.made", draw, event, {"seed": [None, seed], "public_value": [None, public_value]}, "", at
    )
    return draw


def draw_by_seed(
    event_id: int,
    *,
    seed: str,
    public_value: str,
    benches: int,
    actor: Actor,
    at: datetime,
    round_key: str = "",
) -> Draw:
    """Commit and reveal in one step, for the command line and the demo."""
    draw = commit_seed(
        event_id, commitment_of(seed), benches=benches, actor=actor, at=at, round_key=round_key
    )
    return reveal_seed(draw.id, seed, public_value, actor=actor, at=at)


def key_by_hand(
    event_id: int,
    places: Sequence[KeyedPlace],
    *,
    benches: int,
    actor: Actor,
    at: datetime,
    round_key: str = "",
) -> Draw:
    """Record a draw made on the spot, all entries at once. Raises DrawInvalid naming what doesn't fit."""
    event = _event(actor, event_id, round_key)
    _refuse_places(places, _entries(event_id))
    draw = Draw(
        event_id=event_id,
        round_key=round_key,
        method=DrawMethod.HAND,
        benches=_benches(benches),
        drawn_at=at,
        drawn_by=actor.account_id,
    )
    draw.places = [
        DrawPlace(entry_id=p.entry_id, position=p.position, session=p.session, bench=p.bench)
        for p in sorted(places, key=lambda place: place.position)
    ]
    db.session.add(draw)
    db.session.flush()
    _log(actor, "draw.keyed", draw, event, {"places": [None, len(draw.places)]}, "", at)
    return draw


def _refuse_places(places: Sequence[KeyedPlace], entries: Sequence[Entry]) -> None:
    numbers = {entry.id: entry.number for entry in entries}
    missing = sorted(set(numbers.values()) - {numbers.get(place.entry_id, "") for place in places})
    if missing or len(places) != len(numbers):
        raise DrawInvalid("draw_missing", numbers="、".join(missing[:10]) or "-")
    doubled = [p for p, count in Counter(place.position for place in places).items() if count > 1]
    if doubled:
        raise DrawInvalid("draw_position_twice", positions="、".join(map(str, sorted(doubled))))
    if min(place.position for place in places) < 1:
        raise DrawInvalid("draw_position_low")
    seats = Counter((place.session, place.bench) for place in places if place.bench)
    taken = [f"{session}/{bench}" for (session, bench), count in seats.items() if count > 1]
    if taken:
        raise DrawInvalid("draw_bench_twice", benches="、".join(sorted(taken)))


def lock_draw(draw_id: int, *, actor: Actor, at: datetime) -> Draw:
    """Make a draw final: nothing in it changes any more, and nobody joins the event.

    A draw by hand is locked by another person than the one who keyed it. Raises Missing, DrawLocked, Forbidden.
    """
    draw = draw_for(actor, draw_id)
    event = _event(actor, draw.event_id, draw.round_key)
    if draw.drawn_at is None:
        raise DrawInvalid("draw_not_made")
    is_same = draw.drawn_by == actor.account_id and not actor.is_system
    if draw.method is DrawMethod.HAND and is_same:
        raise Forbidden("draw_second_person")
    draw.locked_at, draw.second_by = at, actor.account_id
    db.session.flush()
    freezing.freeze(draw.event_id, FreezeKind.DRAW, actor=actor, reason=f"draw {draw.id}", at=at)
    _log(actor, "draw.locked", draw, event, {"locked": [False, True]}, "", at)
    return draw


def discard_draw(draw_id: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """Give up a draw that isn't locked, on record with its reason. Raises Missing, DrawLocked, ReasonMissing."""
    draw = draw_for(actor, draw_id)
    event = events.event_for(actor, draw.event_id, may="draw.run")
    if draw.locked_at is not None:
        raise DrawLocked()
    if not reason.strip():
        raise ReasonMissing()
    old: dict[str, list[object]] = {
        "commitment": [draw.commitment, None],
        "seed": [draw.seed, None],
        "places": [len(draw.places), None],
    }
    _log(actor, "draw.discarded", draw, event, old, reason, at)
    for place in draw.places:
        db.session.delete(place)
    db.session.flush()
    db.session.delete(draw)
    db.session.flush()


def _event(actor: Actor, event_id: int, round_key: str) -> Event:
    """The event, as long as its round has no locked draw."""
    event = events.event_for(actor, event_id, may="draw.run")
    if round_key and round_key not in {one.key for one in event.rounds}:
        raise Missing()
    locked = sa.select(Draw.id).where(
        Draw.event_id == event_id, Draw.round_key == round_key, Draw.locked_at.is_not(None)
    )
    if db.session.scalar(locked) is not None:
        raise DrawLocked()
    return event


def _entries(event_id: int) -> list[Entry]:
    entries = drawable(event_id)
    if not entries:
        raise DrawInvalid("draw_nobody")
    return entries


def _benches(benches: int) -> int:
    if not 1 <= benches <= 999:
        raise DrawInvalid("draw_benches")
    return benches


def _log(
    actor: Actor,
    action: str,
    draw: Draw,
    event: Event,
    changes: dict[str, list[object]],
    reason: str,
    at: datetime,
) -> None:
    contest_id = registration.contest_id_of(event)
    audit.record(actor, action, draw, contest_id=contest_id, changes=changes, reason=reason.strip(), at=at)


def is_changed_since(draw: Draw) -> bool:
    """Whether entries came or went since the seed was committed to: then it can't be revealed any more."""
    numbers = [entry.number for entry in drawable(draw.event_id)]
    return bool(draw.roster_digest) and roster_digest(numbers) != draw.roster_digest


def places_with_entries(draw: Draw) -> list[tuple[DrawPlace, Entry]]:
    """Places in their order, each with its entry."""
    ids = [place.entry_id for place in draw.places]
    rows = db.session.scalars(sa.select(Entry).where(Entry.id.in_(ids)).options(*queries.PEOPLE))
    entries = {entry.id: entry for entry in rows}
    return [(place, entries[place.entry_id]) for place in draw.places]
