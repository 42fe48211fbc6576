"""Judges of an edition: who they are, what ties them, and the code that signs them in."""

from __future__ import annotations

import re
from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts import service as accounts
from contest.accounts.access import Actor
from contest.accounts.models import Account, LinkPurpose
from contest.db import db
from contest.entries.models import Delegation, Entry
from contest.errors import Invalid, Missing
from contest.events.models import Edition, Event
from contest.judging.models import DeclaredConflict, Judge, Panel, Seat, SeatHolder
from contest.judging.models_desk import RelationNotice

MOST_AT_ONCE = 300


def add_judge(
    edition: Edition,
    *,
    name: str,
    actor: Actor,
    at: datetime,
    unit_name: str = "",
    delegation_id: int | None = None,
    certificate_number: str = "",
    account: Account | None = None,
) -> Judge:
    """A judge of an edition, with an account of their own that signs in by a personal code.

    Raises Invalid("judge_name_missing"), Invalid("judge_twice") for the same name and unit in the edition.
    """
    name, unit_name = name.strip(), unit_name.strip()
    if not name:
        raise Invalid("judge_name_missing")
    same = sa.select(Judge.id).where(
        Judge.edition_id == edition.id, Judge.name == name, Judge.unit_name == unit_name
    )
    if db.session.scalar(same):
        raise Invalid("judge_twice", name=name)
    account = account or accounts.create_account(name=name, at=at)
    judge = Judge(
        edition_id=edition.id,
        account_id=account.id,
        name=name,
        unit_name=unit_name,
        delegation_id=delegation_id,
        certificate_number=certificate_number.strip(),
    )
    db.session.add(judge)
    db.session.flush()
    changes = {"name": [None, name], "unit": [None, unit_name], "delegation": [None, delegation_id]}
    audit.record(actor, "judge.added", judge, contest_id=edition.contest_id, changes=changes, at=at)
    return judge


def add_judges(edition: Edition, *, text: str, actor: Actor, at: datetime) -> int:
    """Many judges from lines “name, unit, delegation, certificate number”; all or none. Returns how many are new.

    Who is in the list already is left as they are, so pasting again is harmless. Raises Invalid("judge_lines") with
    the lines that can't be read and why, Invalid("judge_lines_many").
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > MOST_AT_ONCE:
        raise Invalid("judge_lines_many", limit=MOST_AT_ONCE)
    rows = db.session.execute(
        sa.select(Delegation.name, Delegation.id).where(Delegation.edition_id == edition.id)
    )
    delegations = {name: delegation_id for name, delegation_id in rows}
    wanted, unknown = [], []
    for number, line in lines:
        name, unit, delegation, certificate = (
            [part.strip() for part in re.split(r"[\t,，;；]", line)] + [""] * 4
        )[:4]
        if not name or (delegation and delegation not in delegations):
            unknown.append(f"{number}: {delegation or line}"[:40])
        wanted.append((name, unit, delegations.get(delegation), certificate))
    if unknown:
        raise Invalid("judge_lines", lines="；".join(unknown[:10]), count=len(unknown))
    known = db.session.execute(sa.select(Judge.name, Judge.unit_name).where(Judge.edition_id == edition.id))
    there = {tuple(row) for row in known}
    fresh = {(one[0], one[1]): one for one in wanted if (one[0], one[1]) not in there}
    for name, unit, delegation_id, certificate in fresh.values():
        add_judge(
            edition,
            name=name,
            unit_name=unit,
            delegation_id=delegation_id,
            certificate_number=certificate,
            actor=actor,
            at=at,
        )
    return len(fresh)


def declare_conflict(
    judge: Judge, *, entry_id: int, relation: str, contest_id: int, actor: Actor, at: datetime
) -> DeclaredConflict:
    """Record a relation between a judge and an entry; its sheets leave the judge's tablet at once."""
    row = DeclaredConflict(
        judge_id=judge.id,
        entry_id=entry_id,
        relation=relation.strip(),
        declared_at=at,
        declared_by=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    changes = {"entry": [None, entry_id], "relation": [None, row.relation]}
    audit.record(actor, "judge.conflict_declared", judge, contest_id=contest_id, changes=changes, at=at)
    return row


def declare_by_number(
    event: Event, judge: Judge, *, number: str, relation: str, actor: Actor, at: datetime
) -> None:
    """The same by the entry's number in an event; declaring twice changes nothing. Raises Invalid("entry_unknown_here")."""
    entry_id = db.session.scalar(
        sa.select(Entry.id).where(Entry.event_id == event.id, Entry.number == number.strip())
    )
    if entry_id is None:
        raise Invalid("entry_unknown_here", number=number.strip())
    same = sa.select(DeclaredConflict.id).where(
        DeclaredConflict.judge_id == judge.id, DeclaredConflict.entry_id == entry_id
    )
    if db.session.scalar(same) is None:
        contest_id = event.sub_contest.edition.contest_id
        declare_conflict(
            judge, entry_id=entry_id, relation=relation, contest_id=contest_id, actor=actor, at=at
        )


def issue_code(judge: Judge, *, actor: Actor, at: datetime) -> str:
    """A fresh personal sign-in code; the one before dies, and the sessions it opened end."""
    account = db.session.get_one(Account, judge.account_id)
    return accounts.make_link(account, purpose=LinkPurpose.PERSONAL_QR, actor=actor, at=at)


def judge_of(edition_id: int, judge_id: int) -> Judge:
    """A judge of an edition that the caller has authorised. Raises Missing."""
    statement = sa.select(Judge).where(Judge.id == judge_id, Judge.edition_id == edition_id)
    judge = db.session.scalars(statement).first()
    if judge is None:
        raise Missing()
    return judge


def tell_of_tie(judge: Judge, event: Event, *, who: str, relation: str, actor: Actor, at: datetime) -> None:
    """A judge says in words to whom they are tied; the office finds the entry, because a judge must not look for it.

    Telling the same twice is harmless. Raises Invalid("tie_missing").
    """
    who, relation = who.strip()[:120], relation.strip()[:80]
    if not who or not relation:
        raise Invalid("tie_missing")
    same = sa.select(RelationNotice.id).where(
        RelationNotice.judge_id == judge.id,
        RelationNotice.event_id == event.id,
        RelationNotice.who == who,
        RelationNotice.relation == relation,
    )
    if db.session.scalar(same):
        return
    db.session.add(
        RelationNotice(judge_id=judge.id, event_id=event.id, who=who, relation=relation, told_at=at)
    )
    db.session.flush()
    contest_id = event.sub_contest.edition.contest_id
    changes = {"relation": [None, relation]}
    audit.record(actor, "judge.told_of_tie", judge, contest_id=contest_id, changes=changes, at=at)


def settle_tie(notice: RelationNotice, *, number: str, actor: Actor, at: datetime) -> None:
    """The office names the entry that a judge meant, or, with an empty number, says that nobody here is meant.

    Settling twice changes nothing. Raises Invalid("entry_unknown_here").
    """
    if notice.settled_at is not None:
        return
    event = db.session.get_one(Event, notice.event_id)
    if number.strip():
        values = {"number": number, "relation": notice.relation, "actor": actor, "at": at}
        declare_by_number(event, notice.judge, **values)
        notice.entry_id = db.session.scalar(
            sa.select(Entry.id).where(Entry.event_id == event.id, Entry.number == number.strip())
        )
    notice.settled_at, notice.settled_by = at, actor.account_id
    contest_id = event.sub_contest.edition.contest_id
    changes = {"entry": [None, notice.entry_id]}
    audit.record(actor, "judge.tie_settled", notice.judge, contest_id=contest_id, changes=changes, at=at)


def notices_of(event_id: int) -> list[RelationNotice]:
    """What judges of an event told of and nobody has settled; the caller has authorised the event."""
    return list(
        db.session.scalars(
            sa.select(RelationNotice)
            .where(RelationNotice.event_id == event_id, RelationNotice.settled_at.is_(None))
            .order_by(RelationNotice.id)
        )
    )


def notice_of(event_id: int, notice_id: int) -> RelationNotice:
    """One of an event that the caller has authorised. Raises Missing."""
    notice = db.session.scalars(
        sa.select(RelationNotice).where(RelationNotice.id == notice_id, RelationNotice.event_id == event_id)
    ).first()
    if notice is None:
        raise Missing()
    return notice


def told_by(actor: Actor) -> list[tuple[RelationNotice, Event]]:
    """What an actor told of as a judge, newest first. Whether an entry was found is not among it: that is blind."""
    rows = db.session.execute(
        sa.select(RelationNotice, Event)
        .join(Judge, RelationNotice.judge_id == Judge.id)
        .join(Event, RelationNotice.event_id == Event.id)
        .where(Judge.account_id == (actor.account_id or 0))
        .order_by(RelationNotice.id.desc())
    )
    return [(notice, event) for notice, event in rows]


def seats_at(actor: Actor) -> list[tuple[Judge, Event]]:
    """The actor as a judge, once for each event with a seat of theirs."""
    rows = db.session.execute(
        sa.select(Judge, Event)
        .join(SeatHolder, SeatHolder.judge_id == Judge.id)
        .join(Seat, SeatHolder.seat_id == Seat.id)
        .join(Panel, Seat.panel_id == Panel.id)
        .join(Event, Panel.event_id == Event.id)
        .where(Judge.account_id == (actor.account_id or 0), SeatHolder.until_at.is_(None))
        .order_by(Event.id)
    )
    # Not SELECT DISTINCT: PostgreSQL can't compare the JSON among an event's columns.
    return list(dict.fromkeys((judge, event) for judge, event in rows))
