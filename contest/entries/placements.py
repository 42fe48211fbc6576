"""Reading draws and work codes. Imported through `queries`."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from contest import personal
from contest.accounts.access import Actor
from contest.db import db
from contest.entries.models import Decoding, Draw, DrawPlace, Entry, Member, Person, WorkCode
from contest.entries.records import CodeSubject, Place
from contest.errors import Missing
from contest.events.models import Event


def codes_by_subject(event_id: int) -> dict[tuple[int, int | None], dict[str, str]]:
    codes: dict[tuple[int, int | None], dict[str, str]] = defaultdict(dict)
    for row in db.session.scalars(sa.select(WorkCode).where(WorkCode.event_id == event_id)):
        codes[row.entry_id, row.member_id][row.round_key] = row.code
    return codes


def codes_for_event(event_id: int, round_key: str = "") -> dict[tuple[int, int | None], str]:
    """(entry id, member id or None) → work code of a round; a code issued for all rounds counts for each."""
    chosen = (
        (subject, codes.get(round_key) or codes.get(""))
        for subject, codes in codes_by_subject(event_id).items()
    )
    return {subject: code for subject, code in chosen if code}


def subject_for_code(event_id: int, code: str, round_key: str = "") -> CodeSubject:
    """Whom a work code stands for. Case and blanks don't matter. Raises Missing("work_code_unknown")."""
    wanted = "".join(code.split()).upper()
    row = db.session.scalars(
        sa.select(WorkCode).where(
            WorkCode.event_id == event_id,
            WorkCode.code == wanted,
            WorkCode.round_key.in_([round_key, ""]),
        )
    ).first()
    if row is None:
        raise Missing("work_code_unknown", work_code=wanted)
    return CodeSubject(row.entry_id, row.member_id)


def find_subject(
    event_id: int, *, number: str | None = None, id_number: str | None = None
) -> CodeSubject | None:
    """An entry or live member by entry number, member number or identity document; None where nobody fits."""
    live = sa.select(Member).where(Member.event_id == event_id, Member.left_at.is_(None))
    if id_number:
        found = live.join(Person).where(Person.id_digest == personal.digest(id_number))
        member = db.session.scalars(found).first()
        return CodeSubject(member.entry_id, member.id) if member else None
    if not number:
        return None
    entry_id = db.session.scalar(
        sa.select(Entry.id).where(Entry.event_id == event_id, Entry.number == number.strip())
    )
    if entry_id is not None:
        return CodeSubject(entry_id)
    member = db.session.scalars(live.where(Member.number == number.strip())).first()
    return CodeSubject(member.entry_id, member.id) if member else None


def is_decoded(event_id: int, round_key: str = "") -> bool:
    """Whether the work codes of a round were opened under supervision."""
    statement = sa.select(Decoding.id).where(
        Decoding.event_id == event_id, Decoding.round_key.in_([round_key, ""])
    )
    return db.session.scalar(statement) is not None


def may_see_codes(actor: Actor, event: Event, scope: dict[str, int], round_key: str = "") -> bool:
    """The mapping code ↔ name: the coder, others with `entries.view` only after decoding."""
    if actor.may("codes.view", **scope):
        return True
    return is_decoded(event.id, round_key) and actor.may("entries.view", **scope)


def draws_of(event_id: int) -> list[Draw]:
    """All draws of an event, newest first, with their places."""
    return list(
        db.session.scalars(
            sa.select(Draw)
            .where(Draw.event_id == event_id)
            .order_by(Draw.id.desc())
            .options(selectinload(Draw.places))
        )
    )


def draw_places(event_id: int, round_key: str = "") -> list[Place]:
    """The places of the newest locked draw of a round; of the draw for all rounds where it has none."""
    draws = db.session.scalars(
        sa.select(Draw)
        .where(Draw.event_id == event_id, Draw.locked_at.is_not(None), Draw.round_key.in_([round_key, ""]))
        .order_by((Draw.round_key == round_key).desc(), Draw.id.desc())
        .limit(1)
    ).first()
    return [place_of(row) for row in draws.places] if draws else []


def place_of(row: DrawPlace) -> Place:
    """A stored place as a plain value."""
    return Place(row.entry_id, row.member_id, row.position, row.session, row.bench)


def changed_since_draw(event_id: int) -> bool:
    """Whether people joined or left after the newest draw was locked."""
    locked = db.session.scalar(
        sa.select(sa.func.max(Draw.locked_at)).where(Draw.event_id == event_id, Draw.locked_at.is_not(None))
    )
    if locked is None:
        return False
    statement = sa.select(Member.id).where(
        Member.event_id == event_id, sa.or_(Member.joined_at > locked, Member.left_at > locked)
    )
    return db.session.scalar(statement.limit(1)) is not None
