"""Work codes: what a judge sees instead of a name. Random, issued once, opened under supervision."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import draw, queries, registration
from contest.entries.models import Decoding, Entry, EntryState, Member, WorkCode
from contest.entries.refusals import CodesIssued, DrawInvalid, ReasonMissing
from contest.errors import Missing
from contest.events import queries as events
from contest.events.models import Event

# No letter or figure that is mistaken for another on paper or by ear (0 O, 1 I, 2 Z, 5 S, 8 B), no vowels: no words.
ALPHABET = "CDFGHJKLMNPQRTVWXY34679"
LENGTH = 5


def new_code(taken: set[str]) -> str:
    """A code that differs from every taken one in two places at least, so that one slip never meets another entry."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if all(sum(a != b for a, b in zip(code, other, strict=True)) >= 2 for other in taken):
            return code


def issue_codes(
    event_id: int, *, actor: Actor, at: datetime, round_key: str = "", per_member: bool | None = None
) -> list[WorkCode]:
    """Give a code to every entry that takes part, and to every member where the rules mark members.

    `per_member=None` asks the event's rules. Called again it serves those without a code (a substitute, a reinstated
    entry) and leaves the others as they are. Raises Missing, CodesIssued where nobody is left without one.
    """
    event = events.event_for(actor, event_id, may="codes.issue")
    if round_key and round_key not in {one.key for one in event.rounds}:
        raise Missing()
    with_members = marks_members(event) if per_member is None else per_member
    rows = db.session.scalars(sa.select(WorkCode).where(WorkCode.event_id == event_id)).all()
    served = {(row.entry_id, row.member_id) for row in rows if row.round_key in (round_key, "")}
    wanted = [subject for subject in _subjects(event_id, with_members) if subject not in served]
    if not wanted:
        raise CodesIssued() if rows else DrawInvalid("draw_nobody")
    issued = [
        WorkCode(
            event_id=event_id,
            round_key=round_key,
            entry_id=entry_id,
            member_id=member_id,
            code=code,
            issued_at=at,
            issued_by=actor.account_id,
        )
        for (entry_id, member_id), code in _with_codes(wanted, {row.code for row in rows})
    ]
    db.session.add_all(issued)
    db.session.flush()
    changes = {"codes": [len(rows), len(rows) + len(issued)], "round": [None, round_key]}
    audit.record(
        actor, "codes.issued", event, contest_id=registration.contest_id_of(event), changes=changes, at=at
    )
    return issued


def _with_codes(
    subjects: list[tuple[int, int | None]], taken: set[str]
) -> Iterator[tuple[tuple[int, int | None], str]]:
    """Subjects in random order, so that not even the row numbers tell whose code is whose."""
    secrets.SystemRandom().shuffle(subjects)
    for subject in subjects:
        code = new_code(taken)
        taken.add(code)
        yield subject, code


def marks_members(event: Event) -> bool:
    """Whether some module of the event's rules is marked per member of a team."""
    if event.rule_version is None or event.members_max == 1:
        return False
    return any(node.per == "member" for node in events.rules_of(event).tree.walk())


def _subjects(event_id: int, with_members: bool) -> list[tuple[int, int | None]]:
    entries = [entry for entry in draw.drawable(event_id) if entry.state is not EntryState.WITHDRAWN]
    subjects: list[tuple[int, int | None]] = [(entry.id, None) for entry in entries]
    if with_members:
        members = db.session.scalars(
            sa.select(Member).where(
                Member.event_id == event_id,
                Member.left_at.is_(None),
                Member.entry_id.in_([entry.id for entry in entries]),
            )
        )
        subjects += [(member.entry_id, member.id) for member in members]
    return subjects


def decode(event_id: int, *, actor: Actor, reason: str, at: datetime, round_key: str = "") -> Decoding:
    """Open the codes of a round, on record: afterwards names and codes stand side by side for those who see entries.

    Raises Missing, ReasonMissing, CodesIssued("codes_open") where it was done before.
    """
    event = events.event_for(actor, event_id, may="codes.decode")
    if not reason.strip():
        raise ReasonMissing()
    if queries.is_decoded(event_id, round_key):
        raise CodesIssued("codes_open")
    return keep_decoding(event, actor=actor, reason=reason.strip(), at=at, round_key=round_key)


def keep_decoding(event: Event, *, actor: Actor, reason: str, at: datetime, round_key: str = "") -> Decoding:
    """The record from which on names stand beside codes; the caller has checked who opens them and when."""
    row = Decoding(
        event_id=event.id, round_key=round_key, decoded_at=at, decoded_by=actor.account_id, reason=reason
    )
    db.session.add(row)
    db.session.flush()
    contest_id = registration.contest_id_of(event)
    audit.record(actor, "codes.decoded", row, contest_id=contest_id, reason=reason, at=at)
    return row


def codes_with_entries(event_id: int) -> list[tuple[WorkCode, Entry]]:
    """Every code with its entry, by code: the coder's list. The caller has asked for `codes.view`."""
    rows = db.session.scalars(
        sa.select(WorkCode).where(WorkCode.event_id == event_id).order_by(WorkCode.code)
    ).all()
    entries = {
        entry.id: entry
        for entry in db.session.scalars(
            sa.select(Entry).where(Entry.event_id == event_id).options(*queries.PEOPLE)
        )
    }
    return [(row, entries[row.entry_id]) for row in rows]


def counts(event_id: int) -> dict[str, int]:
    """How many codes there are, and how many entries take part: numbers anyone in the office may know."""
    issued = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(WorkCode)
        .where(WorkCode.event_id == event_id, WorkCode.member_id.is_(None))
    )
    return {"issued": issued or 0, "entries": len(draw.drawable(event_id))}
