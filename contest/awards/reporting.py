"""Titles as they are reported upward: one line a person with the usual columns; full numbers only where asked and logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from contest import audit, personal
from contest.accounts.access import Actor
from contest.awards import queries
from contest.awards.models import Award, Title, TitleState
from contest.db import db
from contest.entries.models import IdKind, Member, Person
from contest.errors import Forbidden
from contest.events.models import Edition
from contest.events.queries import scope_of

REPORTED = (TitleState.PROPOSED, TitleState.SUBMITTED, TitleState.CONFERRED)


@dataclass(frozen=True)
class Particulars:
    """What a list for an authority says of a person; blank where it is not known."""

    name: str
    gender: str = ""
    ethnicity: str = ""
    born_on: date | None = None
    id_kind: IdKind | None = None
    id_number: str = ""
    phone: str = ""
    education: str = ""
    unit: str = ""
    job: str = ""
    level: str = ""
    years: int | None = None
    event: str = ""
    trade: str = ""
    trade_code: str = ""
    contest: str = ""
    rank: str = ""


def particulars(awards: Sequence[Award], *, full: bool) -> dict[int, Particulars]:
    """Award id → what is known of its person. full: document and telephone in full; the caller authorises and logs."""
    people = _people({one.person_id for one in awards if one.person_id})
    members = _members([one for one in awards if one.person_id])
    found = {}
    for award in awards:
        event = award.publication.event
        person = people.get(award.person_id or 0)
        member = members.get((award.entry_id, award.person_id))
        found[award.id] = Particulars(
            name=award.name,
            unit=award.unit,
            rank=award.rank,
            event=event.name,
            trade=event.trade_name,
            trade_code=event.trade_code or "",
            contest=event.sub_contest.edition.name,
            **(_of_person(person, full) if person else {}),
            **(_of_member(member) if member else {}),
        )
    return found


def _people(ids: set[int]) -> dict[int, Person]:
    rows = db.session.scalars(sa.select(Person).where(Person.id.in_(sorted(ids))))
    return {one.id: one for one in rows}


def _members(awards: Sequence[Award]) -> dict[tuple[int | None, int | None], Member]:
    rows = db.session.scalars(
        sa.select(Member)
        .where(Member.entry_id.in_(sorted({one.entry_id for one in awards if one.entry_id})))
        .order_by(Member.id)
    )
    return {(one.entry_id, one.person_id): one for one in rows}


def _of_person(person: Person, full: bool) -> dict[str, object]:
    return {
        "gender": person.gender,
        "ethnicity": person.ethnicity,
        "born_on": person.born_on,
        "id_kind": person.id_kind,
        "id_number": personal.decrypt(person.id_cipher) if full else person.id_masked,
        "phone": (personal.decrypt(person.phone_cipher) if person.phone_cipher else "")
        if full
        else person.phone_masked,
        "education": person.education,
    }


def _of_member(member: Member) -> dict[str, object]:
    return {"job": member.job, "level": member.level_held, "years": member.years_in_trade}


def may_read_in_full(actor: Actor, awards: Sequence[Award]) -> bool:
    """Whether the actor may read every one of these people's document numbers."""
    events = {one.publication.event_id: one.publication.event for one in awards}
    return all(actor.may("entries.personal", **scope_of(event)) for event in events.values())


def title_report(
    edition: Edition, *, full: bool, actor: Actor, at: datetime
) -> list[tuple[Title, Particulars]]:
    """The titles of an edition that go up, in the order of the register; who took them out is kept.

    full: with document and telephone numbers in full. Raises Forbidden where the actor may not read them all.
    """
    titles = [
        one for one in reversed(queries.register(actor, edition_id=edition.id)) if one.state in REPORTED
    ]
    titles.sort(key=lambda one: (one.key, one.award.publication.event_id, one.position, one.id))
    awards = [one.award for one in titles]
    if full and not may_read_in_full(actor, awards):
        raise Forbidden()
    known = particulars(awards, full=full)
    audit.record(
        actor, "personal.exported" if full else "titles.reported", edition, contest_id=edition.contest_id,
        changes={"people": [None, len(titles)]}, reason="titles reported upward", at=at,
    )  # fmt: skip
    return [(one, known[one.award_id]) for one in titles]
