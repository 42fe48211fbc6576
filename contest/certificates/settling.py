"""What ends a paper's life, whatever stands behind it: void, revoked. The row and its number stay for ever."""

from __future__ import annotations

from datetime import datetime

from contest import audit
from contest.accounts.access import Actor
from contest.certificates.models import Certificate, Letter
from contest.certificates.refusals import AlreadySettled, ReasonNeeded
from contest.db import db


def void(paper: Certificate | Letter, *, reason: str, actor: Actor, at: datetime) -> None:
    """Void a spoilt paper; another with another number may then be issued. Raises ReasonNeeded, AlreadySettled."""
    must_be_live(paper, reason)
    paper.void_at, paper.void_reason = at, reason.strip()
    _log(paper, "void", reason, actor, at)


def revoke(paper: Certificate | Letter, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take a paper back for good. Raises ReasonNeeded, AlreadySettled."""
    must_be_live(paper, reason)
    paper.revoked_at, paper.revoked_reason = at, reason.strip()
    _log(paper, "revoked", reason, actor, at)


def must_be_live(paper: Certificate | Letter, reason: str) -> None:
    """Raises ReasonNeeded, AlreadySettled."""
    if not reason.strip():
        raise ReasonNeeded()
    if paper.is_settled:
        raise AlreadySettled(number=paper.number)


def _log(paper: Certificate | Letter, act: str, reason: str, actor: Actor, at: datetime) -> None:
    db.session.flush()
    audit.record(
        actor, f"{type(paper).__tablename__}.{act}", paper, contest_id=paper.edition.contest_id,
        changes={"number": [paper.number, paper.number]}, reason=reason.strip(), at=at,
    )  # fmt: skip
