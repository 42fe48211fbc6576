"""A title on its way: on notice, submitted, refused, revoked. Conferring is the decision's act, see `decisions`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contest import audit
from contest.accounts.access import Actor
from contest.awards.models import Title, TitleState
from contest.awards.refusals import (
    ListNotLive,
    NotConferred,
    NothingProposed,
    NoticeOverlong,
    ReasonNeeded,
    TitleNoticeRunning,
    TitleNoticeShort,
    TitleSettled,
)
from contest.db import db
from contest.events.models import Edition
from contest.results.refusals import CalendarMissing
from contest.results.settings import setting_of
from contest.results.working_days import last_day

OPEN = (TitleState.PROPOSED, TitleState.SUBMITTED)


LONGEST = 366
"""Days that a notice lasts at most: a longer one is a mistyped year."""


def give_notice(
    titles: Sequence[Title], *, starts_on: date, ends_on: date | None, actor: Actor, at: datetime
) -> date:
    """Announce proposals (公示) from a day on, for the edition's number of working days; returns the last day.

    ends_on: later than counted, or where the calendar of the year is not known. Raises NothingProposed, ListNotLive,
    CalendarMissing, TitleNoticeShort, NoticeOverlong.
    """
    if not titles or any(one.state is not TitleState.PROPOSED for one in titles):
        raise NothingProposed()
    _must_be_live(titles)
    until = _end(starts_on, setting_of(_edition_of(titles[0]).id).notice_days, ends_on)
    for title in titles:
        before = [_written(title.notice_from), _written(title.notice_until)]
        title.notice_from, title.notice_until = starts_on, until
        _log(
            title,
            "title.announced",
            {"notice": [before, [_written(starts_on), _written(until)]]},
            actor=actor,
            at=at,
        )
    return until


def _end(start: date, days: int, typed: date | None) -> date:
    if typed is None:
        return last_day(start, days)
    if (typed - start).days > LONGEST:
        raise NoticeOverlong()
    try:
        least = last_day(start, days)
    except CalendarMissing:
        least = date.fromordinal(start.toordinal() + days - 1)
    if typed < least:
        raise TitleNoticeShort(least=least.isoformat())
    return typed


def submit_all(
    titles: Sequence[Title], *, number: str, sent_on: date, outcome: str, actor: Actor, at: datetime
) -> None:
    """Note that proposals went to the authority (报批), by which letter, and what their notice brought.

    outcome: objections and their findings, or that there were none; needed where a notice was held.
    Raises NothingProposed, ListNotLive, TitleNoticeRunning, ReasonNeeded.
    """
    if not titles or any(one.state is not TitleState.PROPOSED for one in titles):
        raise NothingProposed()
    _must_be_live(titles)
    _notice_is_over(titles, at)
    if any(one.notice_until for one in titles) and not outcome.strip():
        raise ReasonNeeded()
    for title in titles:
        title.submitted_on, title.submitted_number = sent_on, number.strip()
        title.notice_outcome = outcome.strip()
        _enter(title, TitleState.SUBMITTED, actor=actor, at=at, reason=outcome.strip())


def _must_be_live(titles: Sequence[Title]) -> None:
    if not all(one.award.publication.is_live for one in titles):
        raise ListNotLive()


def _notice_is_over(titles: Sequence[Title], at: datetime) -> None:
    for title in titles:
        if is_on_notice(title, at):
            raise TitleNoticeRunning(until=_written(title.notice_until))


def is_on_notice(title: Title, at: datetime) -> bool:
    """Whether the announced days of a proposal are still running: nothing is submitted or conferred before."""
    if title.notice_until is None or title.state is not TitleState.PROPOSED:
        return False
    today = at.astimezone(ZoneInfo(_edition_of(title).contest.timezone)).date()
    return today <= title.notice_until


def submit(title: Title, *, actor: Actor, at: datetime) -> None:
    """Note that a proposal went to the authority (报批). Raises TitleSettled, ListNotLive, TitleNoticeRunning."""
    if title.state is not TitleState.PROPOSED:
        raise TitleSettled(name=title.name)
    _must_be_live([title])
    _notice_is_over([title], at)
    _enter(title, TitleState.SUBMITTED, actor=actor, at=at)


def refuse(
    title: Title, *, reason: str, actor: Actor, at: datetime, number: str = "", dated_on: date | None = None
) -> None:
    """Take a proposal back or note the authority's refusal; it leaves its decision. Raises TitleSettled, ReasonNeeded.

    number, dated_on: of the authority's paper, where there is one.
    """
    if title.state not in OPEN:
        raise TitleSettled(name=title.name)
    title.decision_id = None
    title.settled_number, title.settled_on = number.strip(), dated_on
    _settle(title, TitleState.REFUSED, reason, actor=actor, at=at)


def revoke(
    title: Title, *, reason: str, actor: Actor, at: datetime, number: str = "", dated_on: date | None = None
) -> None:
    """Revoke a conferred title; its certificate reads *revoked* from this moment. Raises NotConferred, ReasonNeeded."""
    if title.state is not TitleState.CONFERRED:
        raise NotConferred(name=title.name)
    title.settled_number, title.settled_on = number.strip(), dated_on
    _settle(title, TitleState.REVOKED, reason, actor=actor, at=at)


def _settle(title: Title, state: TitleState, reason: str, *, actor: Actor, at: datetime) -> None:
    if not reason.strip():
        raise ReasonNeeded()
    title.settled_at, title.settled_reason = at, reason.strip()
    _enter(title, state, actor=actor, at=at, reason=reason.strip())


def _enter(title: Title, state: TitleState, *, actor: Actor, at: datetime, reason: str = "") -> None:
    before = title.state.value
    title.state = state
    changes: dict[str, list[object]] = {"state": [before, state.value]}
    if title.settled_number:
        changes["number"] = ["", title.settled_number]
    _log(title, f"title.{state.value}", changes, actor=actor, at=at, reason=reason)


def _log(
    title: Title,
    action: str,
    changes: dict[str, list[object]],
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    db.session.flush()
    contest_id = _edition_of(title).contest_id
    audit.record(actor, action, title, contest_id=contest_id, changes=changes, reason=reason, at=at)


def _edition_of(title: Title) -> Edition:
    return title.award.publication.event.sub_contest.edition


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""
