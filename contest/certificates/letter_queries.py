"""Reading rolls and the papers given to those on them, authorised in the query."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest.accounts.access import Actor, scope_filter
from contest.certificates.models import Letter, Recipient, Roll
from contest.certificates.queries import ACT
from contest.db import db
from contest.entries.models import Entry
from contest.errors import Missing
from contest.events.models import Contest, Edition, Event, SubContest
from contest.events.queries import EVENT_SCOPE

_LOADED = (
    joinedload(Letter.recipient).joinedload(Recipient.roll).joinedload(Roll.event),
    joinedload(Letter.file),
    joinedload(Letter.entry).joinedload(Entry.delegation),
)


def _up(statement: sa.Select[Any]) -> sa.Select[Any]:
    """From a SELECT that has Roll up to the contest; a roll of a whole edition has no event."""
    return (
        statement.join(Edition, Roll.edition_id == Edition.id)
        .join(Contest, Edition.contest_id == Contest.id)
        .outerjoin(Event, Roll.event_id == Event.id)
        .outerjoin(SubContest, Event.sub_contest_id == SubContest.id)
    )


def rolls_for(actor: Actor, edition_id: int) -> list[Roll]:
    """The rolls of an edition that the actor may issue from, the newest first."""
    statement = _up(sa.select(Roll)).where(
        Roll.edition_id == edition_id, scope_filter(actor, ACT, EVENT_SCOPE)
    )
    return list(db.session.scalars(statement.order_by(Roll.id.desc()).options(joinedload(Roll.event))))


def roll_for(actor: Actor, roll_id: int) -> Roll:
    """One roll. Raises Missing."""
    row = db.session.scalars(
        _up(sa.select(Roll)).where(Roll.id == roll_id, scope_filter(actor, ACT, EVENT_SCOPE))
    ).first()
    if row is None:
        raise Missing()
    return row


def counts_of(roll_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Roll → how many are on it, and to how many a paper was issued that still is in force."""
    live = sa.and_(Letter.void_at.is_(None), Letter.replaced_at.is_(None), Letter.revoked_at.is_(None))
    rows = db.session.execute(
        sa.select(
            Recipient.roll_id, sa.func.count(sa.distinct(Recipient.id)), sa.func.count(sa.distinct(Letter.id))
        )
        .outerjoin(Letter, sa.and_(Letter.recipient_id == Recipient.id, live))
        .where(Recipient.roll_id.in_(list(roll_ids)))
        .group_by(Recipient.roll_id)
    )
    return {roll_id: (people, papers) for roll_id, people, papers in rows}


def held_recipients(roll_id: int) -> set[int]:
    """Recipients with a live or a revoked paper: they get no other."""
    return set(
        db.session.scalars(
            sa.select(Letter.recipient_id)
            .join(Recipient, Letter.recipient_id == Recipient.id)
            .where(Recipient.roll_id == roll_id, Letter.void_at.is_(None), Letter.replaced_at.is_(None))
        )
    )


def letters_of(roll_id: int, *, text: str = "") -> list[Letter]:
    """The papers of a roll, line by line; the caller has authorised the roll. `text` is sought in number and name."""
    statement = (
        sa.select(Letter)
        .join(Recipient, Letter.recipient_id == Recipient.id)
        .where(Recipient.roll_id == roll_id)
        .order_by(Recipient.position, Letter.id)
        .options(*_LOADED)
    )
    if wanted := text.strip():
        found = [one.icontains(wanted, autoescape=True) for one in (Letter.number, Letter.name)]
        statement = statement.where(sa.or_(*found))
    return list(db.session.scalars(statement))


def letter_for(actor: Actor, letter_id: int) -> Letter:
    """One paper of a roll that the actor may issue from. Raises Missing."""
    statement = _up(
        sa.select(Letter)
        .join(Recipient, Letter.recipient_id == Recipient.id)
        .join(Roll, Recipient.roll_id == Roll.id)
    ).where(Letter.id == letter_id, scope_filter(actor, ACT, EVENT_SCOPE))
    row = db.session.scalars(statement.options(*_LOADED)).first()
    if row is None:
        raise Missing()
    return row


def with_ids(ids: Collection[int]) -> list[Letter]:
    """These papers in the order given; for a job that was authorised when it was started."""
    found: list[Letter] = []
    listed = list(ids)
    for start in range(0, len(listed), 500):
        part = sa.select(Letter).where(Letter.id.in_(listed[start : start + 500]))
        found += db.session.scalars(part.options(*_LOADED))
    order = {one: place for place, one in enumerate(listed)}
    return sorted(found, key=lambda one: order[one.id])


def unmade(roll_id: int) -> list[int]:
    """Numbers taken whose paper was not made: a job that was stopped."""
    return list(
        db.session.scalars(
            sa.select(Letter.id)
            .join(Recipient, Letter.recipient_id == Recipient.id)
            .where(Recipient.roll_id == roll_id, Letter.file_id.is_(None), Letter.void_at.is_(None))
            .order_by(Letter.id)
        )
    )


def own(*, person_id: int | None, account_id: int | None) -> list[Letter]:
    """The papers in force of a person, or of an account that served as a judge; the newest first."""
    mine = [Letter.person_id == person_id] if person_id is not None else []
    mine += [Recipient.account_id == account_id] if account_id is not None else []
    if not mine:
        return []
    statement = (
        sa.select(Letter)
        .join(Recipient, Letter.recipient_id == Recipient.id)
        .where(
            sa.or_(*mine), Letter.file_id.is_not(None), Letter.void_at.is_(None), Letter.replaced_at.is_(None),
            Letter.revoked_at.is_(None),
        )
        .order_by(Letter.issued_at.desc(), Letter.id.desc())
        .options(*_LOADED)
    )  # fmt: skip
    return list(db.session.scalars(statement))


def own_letter(letter_id: int, *, person_id: int | None, account_id: int | None) -> Letter:
    """One of one's own. Raises Missing."""
    for one in own(person_id=person_id, account_id=account_id):
        if one.id == letter_id:
            return one
    raise Missing()


def last_of(edition_id: int, kind: str) -> Letter | None:
    """The last paper of a kind in an edition: its layout, wording and pattern are offered again."""
    return db.session.scalars(
        sa.select(Letter)
        .join(Recipient, Letter.recipient_id == Recipient.id)
        .join(Roll, Recipient.roll_id == Roll.id)
        .where(Roll.edition_id == edition_id, Roll.kind == kind)
        .order_by(Letter.id.desc())
        .options(*_LOADED)
    ).first()
