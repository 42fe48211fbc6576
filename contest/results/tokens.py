"""Tokens with which a program reads an organiser's lists: shown once, kept as a digest, ended at any time."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.accounts.queries import account_by_id, actor_of
from contest.db import db
from contest.errors import Missing
from contest.events.models import Contest
from contest.events.queries import contest_for
from contest.results.models_hooks import ApiToken, Webhook

PREFIX = "ct_"
SEEN_EVERY = timedelta(minutes=10)  # how often a use is written down


def digest_of(token: str) -> str:
    """What is stored of a token: it is random enough that a plain digest can't be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_token(*, contest: Contest, name: str, actor: Actor, at: datetime) -> tuple[ApiToken, str]:
    """The token's row and the token itself, which is told this once."""
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        contest_id=contest.id,
        account_id=actor.account_id,
        account_name=actor.name,
        name=name.strip(),
        digest=digest_of(token),
        created_at=at,
    )
    db.session.add(row)
    db.session.flush()
    changes: dict[str, list[object]] = {"name": [None, row.name]}
    audit.record(actor, "token.added", row, contest_id=contest.id, changes=changes, at=at)
    return row, token


def end_token(*, token: ApiToken, actor: Actor, at: datetime) -> None:
    """The token opens nothing any more."""
    if token.ended_at is None:
        token.ended_at = at
        changes: dict[str, list[object]] = {"name": [token.name, None]}
        audit.record(actor, "token.ended", token, contest_id=token.contest_id, changes=changes, at=at)


def bearer_of(text: str) -> tuple[ApiToken, Actor] | None:
    """The live token of a header `Authorization: Bearer …`, and who reads with it: rights as they are now."""
    kind, _blank, token = text.partition(" ")
    if kind.lower() != "bearer" or not token.startswith(PREFIX) or len(token) > 100:
        return None
    row = db.session.scalars(
        sa.select(ApiToken).where(ApiToken.digest == digest_of(token), ApiToken.ended_at.is_(None))
    ).first()
    if row is None:
        return None
    return row, actor_of(account_by_id(row.account_id), via="token")


def own(actor: Actor, kind: type[Webhook] | type[ApiToken], row_id: int) -> Any:
    """A webhook or token of a contest that the actor configures. Raises Missing."""
    row = db.session.get(kind, row_id)
    if row is None:
        raise Missing()
    contest_for(actor, row.contest_id, may="contest.configure")
    return row


def webhooks_of(contest_id: int) -> list[Webhook]:
    """Live webhooks of a contest, then ended ones."""
    statement = sa.select(Webhook).where(Webhook.contest_id == contest_id)
    return list(db.session.scalars(statement.order_by(Webhook.ended_at.is_not(None), Webhook.id.desc())))


def tokens_of(contest_id: int) -> list[ApiToken]:
    """Live tokens of a contest, then ended ones."""
    statement = sa.select(ApiToken).where(ApiToken.contest_id == contest_id)
    return list(db.session.scalars(statement.order_by(ApiToken.ended_at.is_not(None), ApiToken.id.desc())))
