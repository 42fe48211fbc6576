"""A title on its way: submitted, refused, revoked. Conferring is the decision's act, see `decisions`."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts.access import Actor
from contest.awards.models import Title, TitleState
from contest.awards.refusals import ListNotLive, NotConferred, ReasonNeeded, TitleSettled
from contest.db import db

OPEN = (TitleState.PROPOSED, TitleState.SUBMITTED)


def submit(title: Title, *, actor: Actor, at: datetime) -> None:
    """Note that a proposal went to the authority (报批). Raises TitleSettled, ListNotLive."""
    if title.state is not TitleState.PROPOSED:
        raise TitleSettled(name=title.name)
    if not title.award.publication.is_live:
        raise ListNotLive()
    _enter(title, TitleState.SUBMITTED, actor=actor, at=at)


def refuse(title: Title, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take a proposal back or note the authority's refusal; it leaves its decision. Raises TitleSettled, ReasonNeeded."""
    if title.state not in OPEN:
        raise TitleSettled(name=title.name)
    title.decision_id = None
    _settle(title, TitleState.REFUSED, reason, actor=actor, at=at)


def revoke(title: Title, *, reason: str, actor: Actor, at: datetime) -> None:
    """Revoke a conferred title; its certificate reads *revoked* from this moment. Raises NotConferred, ReasonNeeded."""
    if title.state is not TitleState.CONFERRED:
        raise NotConferred(name=title.name)
    _settle(title, TitleState.REVOKED, reason, actor=actor, at=at)


def _settle(title: Title, state: TitleState, reason: str, *, actor: Actor, at: datetime) -> None:
    if not reason.strip():
        raise ReasonNeeded()
    title.settled_at, title.settled_reason = at, reason.strip()
    _enter(title, state, actor=actor, at=at, reason=reason.strip())


def _enter(title: Title, state: TitleState, *, actor: Actor, at: datetime, reason: str = "") -> None:
    before = title.state.value
    title.state = state
    db.session.flush()
    contest_id = title.award.publication.event.sub_contest.edition.contest_id
    audit.record(
        actor, f"title.{state.value}", title, contest_id=contest_id,
        changes={"state": [before, state.value]}, reason=reason, at=at,
    )  # fmt: skip
