"""Messages of the chief judge to a judge's tablet: shown at its next contact, until the judge has read them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.errors import Invalid
from contest.events.models import Event
from contest.judging.models import Judge
from contest.judging.models_desk import JudgeMessage
from contest.judging.panels import contest_of

LONGEST = 200


def send(event: Event, judge: Judge, *, text: str, actor: Actor, at: datetime) -> JudgeMessage | None:
    """A message to one judge; None when the same one still waits there: nudging twice is not shown twice.

    Raises Invalid("message_missing"), Invalid("message_too_long").
    """
    text = " ".join(text.split())
    if not text:
        raise Invalid("message_missing")
    if len(text) > LONGEST:
        raise Invalid("message_too_long", limit=LONGEST)
    same = sa.select(JudgeMessage.id).where(
        JudgeMessage.judge_id == judge.id, JudgeMessage.text == text, JudgeMessage.seen_at.is_(None)
    )
    if db.session.scalar(same):
        return None
    row = JudgeMessage(
        event_id=event.id,
        judge_id=judge.id,
        text=text,
        sent_at=at,
        sent_by=actor.account_id,
        sent_name=actor.name,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor,
        "judge.messaged",
        judge,
        contest_id=contest_of(event),
        changes={"message": [None, text]},
        at=at,
    )
    return row


def waiting_for(actor: Actor) -> list[JudgeMessage]:
    """The messages that an actor has not read yet, oldest first."""
    return list(
        db.session.scalars(
            sa.select(JudgeMessage)
            .join(Judge, JudgeMessage.judge_id == Judge.id)
            .where(Judge.account_id == (actor.account_id or 0), JudgeMessage.seen_at.is_(None))
            .order_by(JudgeMessage.id)
        )
    )


def mark_seen(actor: Actor, message_id: int, *, at: datetime) -> None:
    """The judge has read an own message; anybody else's is left as it is."""
    for row in waiting_for(actor):
        if row.id == message_id:
            row.seen_at = at
    db.session.flush()


def unread_of(event_id: int) -> dict[int, int]:
    """Judge id → how many messages of an event they have not read; the caller has authorised the event."""
    rows = db.session.execute(
        sa.select(JudgeMessage.judge_id, sa.func.count())
        .where(JudgeMessage.event_id == event_id, JudgeMessage.seen_at.is_(None))
        .group_by(JudgeMessage.judge_id)
    )
    return {judge_id: int(count) for judge_id, count in rows}
