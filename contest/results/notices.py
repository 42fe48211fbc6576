"""The public notice of a list: its working days and office, objections and their answers, the record at its end."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from contest.accounts.access import Actor
from contest.db import db
from contest.results.models import ListState, NoticePeriod, Objection, Publication
from contest.results.refusals import (
    CalendarMissing,
    NoticeRunning,
    NoticeTooShort,
    NotLive,
    ObjectionSettled,
    ObjectionsOpen,
    ObjectionUpheld,
    ReasonMissing,
    WrongState,
)
from contest.results.settings import TEXTS, setting_of
from contest.results.steps import log
from contest.results.working_days import last_day


def open_notice(
    *, publication: Publication, actor: Actor, at: datetime, ends_on: date | None = None
) -> NoticePeriod:
    """Fix the days and the office of a notice that starts today.

    ends_on: its last day, typed in where the calendar of the year is not known; it is never shorter than counted.
    Raises CalendarMissing without it, NoticeTooShort.
    """
    edition_id = publication.event.sub_contest.edition_id
    setting = setting_of(edition_id)
    start = today(publication, at)
    end = _end(start, setting.notice_days, ends_on)
    row = NoticePeriod(
        publication_id=publication.id,
        starts_on=start,
        ends_on=end,
        days=setting.notice_days,
        **{name: getattr(setting, name) for name in TEXTS},
    )
    db.session.add(row)
    db.session.flush()
    changes: dict[str, list[object]] = {"days": [None, f"{start} – {end}"]}
    log(actor, "notice.opened", publication, at, changes)
    return row


def _end(start: date, days: int, typed: date | None) -> date:
    if typed is None:
        return last_day(start, days)
    # A typed end may be later than the counted one, never earlier; without a table the days themselves are the least.
    try:
        least = last_day(start, days)
    except CalendarMissing:
        least = date.fromordinal(start.toordinal() + days - 1)
    if typed < least:
        raise NoticeTooShort(least=least.isoformat())
    return typed


def today(publication: Publication, at: datetime) -> date:
    """The day of an instant in the contest's zone."""
    return at.astimezone(ZoneInfo(publication.event.sub_contest.edition.contest.timezone)).date()


def notice_of(publication: Publication) -> NoticePeriod | None:
    """The notice of a list; None before, and for lists whose notice was not recorded."""
    return db.session.get(NoticePeriod, publication.id)


def objections_of(publication_id: int) -> list[Objection]:
    """Objections to a list, oldest first; the caller has authorised the list."""
    statement = sa.select(Objection).where(Objection.publication_id == publication_id).order_by(Objection.id)
    return list(db.session.scalars(statement))


def record_objection(
    *, publication: Publication, sender: str, channel: str, text: str, actor: Actor, at: datetime
) -> Objection:
    """Log an objection that came in during the notice. Raises NotLive, WrongState, ReasonMissing."""
    if not publication.is_live:
        raise NotLive()
    if publication.state is not ListState.PUBLIC_NOTICE:
        raise WrongState(state=publication.state.value)
    if not text.strip():
        raise ReasonMissing()
    row = Objection(
        publication_id=publication.id,
        received_at=at,
        sender=sender.strip(),
        channel=channel.strip(),
        text=text.strip(),
        recorded_by=actor.account_id,
        recorded_name=actor.name,
    )
    db.session.add(row)
    db.session.flush()
    log(actor, "objection.recorded", publication, at, {"objection": [None, row.id]})
    return row


def answer_objection(
    *,
    publication: Publication,
    objection: Objection,
    is_upheld: bool,
    answer: str,
    actor: Actor,
    at: datetime,
) -> Objection:
    """Settle an objection with an answer. An upheld one keeps the list from becoming final.

    Raises ObjectionSettled, ReasonMissing.
    """
    if objection.settled_at is not None:
        raise ObjectionSettled()
    if not answer.strip():
        raise ReasonMissing()
    objection.answer, objection.is_upheld = answer.strip(), is_upheld
    objection.settled_at, objection.settled_by, objection.settled_name = at, actor.account_id, actor.name
    db.session.flush()
    changes: dict[str, list[object]] = {"upheld": [None, is_upheld]}
    log(actor, "objection.settled", publication, at, changes, answer.strip())
    return objection


def close_notice(*, publication: Publication, actor: Actor, at: datetime) -> NoticePeriod | None:
    """Put on record that the notice ended with no objection open; a second time changes nothing.

    None for a list that entered its notice before notices were recorded.
    Raises NoticeRunning until its last day is over, ObjectionsOpen, ObjectionUpheld.
    """
    row = notice_of(publication)
    if row is None or row.closed_at is not None:
        return row
    if today(publication, at) <= row.ends_on:
        raise NoticeRunning(until=row.ends_on.isoformat())
    found = objections_of(publication.id)
    if any(one.settled_at is None for one in found):
        raise ObjectionsOpen(count=sum(one.settled_at is None for one in found))
    if any(one.is_upheld for one in found):
        raise ObjectionUpheld()
    row.closed_at, row.closed_by, row.closed_name = at, actor.account_id, actor.name
    db.session.flush()
    log(actor, "notice.closed", publication, at, {"objections": [None, len(found)]})
    return row
