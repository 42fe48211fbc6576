"""Webhooks: what is told, when it is tried again, and how it is signed. Sending itself is in `sending`."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from contest import audit, personal
from contest.accounts.access import Actor
from contest.db import db
from contest.events.models import Contest
from contest.results.models import Publication, PublicationStep
from contest.results.models_hooks import Delivery, Webhook
from contest.results.refusals import HookRefused

TOLD = ("entered", "released", "superseded", "withdrawn")
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
LEASE = timedelta(minutes=5)  # a delivery in hand is given out again if its worker died
BATCH = 20


def add_webhook(*, contest: Contest, url: str, actor: Actor, at: datetime) -> tuple[Webhook, str]:
    """The webhook and its secret, which is told this once. Raises HookRefused for what is no web address."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or len(url) > 500:
        raise HookRefused()
    secret = secrets.token_urlsafe(32)
    row = Webhook(
        contest_id=contest.id,
        url=url.strip(),
        secret_cipher=personal.encrypt(secret),
        created_at=at,
        created_by=actor.account_id,
        created_name=actor.name,
    )
    db.session.add(row)
    db.session.flush()
    changes: dict[str, list[object]] = {"url": [None, row.url]}
    audit.record(actor, "webhook.added", row, contest_id=contest.id, changes=changes, at=at)
    return row, secret


def end_webhook(*, webhook: Webhook, actor: Actor, at: datetime) -> None:
    """Nothing more is sent to it, what waits neither. A second time changes nothing."""
    if webhook.ended_at is not None:
        return
    webhook.ended_at = at
    waiting = sa.update(Delivery).where(Delivery.webhook_id == webhook.id, Delivery.due_at.is_not(None))
    db.session.execute(waiting.values(due_at=None, last_error="webhook ended"))
    changes: dict[str, list[object]] = {"url": [webhook.url, None]}
    audit.record(actor, "webhook.ended", webhook, contest_id=webhook.contest_id, changes=changes, at=at)


def announce(publication: Publication, step: PublicationStep) -> None:
    """Queue a message to every webhook of the contest about a step that the public can see, in its transaction."""
    if step.kind not in TOLD or publication.is_embargoed:
        return
    edition = publication.event.sub_contest.edition
    hooks = db.session.scalars(
        sa.select(Webhook).where(Webhook.contest_id == edition.contest_id, Webhook.ended_at.is_(None))
    ).all()
    payload: dict[str, Any] = {
        "kind": f"list.{step.kind}",
        "list": publication.id,
        "edition": edition.id,
        "event": publication.event_id,
        "state": publication.state.value,
        "revision": publication.revision,
        "digest": publication.snapshot.digest,
        "at": step.at.isoformat(timespec="seconds"),
    }
    db.session.add_all(
        Delivery(webhook_id=hook.id, step_id=step.id, payload=payload, created_at=step.at, due_at=step.at)
        for hook in hooks
    )
    db.session.flush()


def take_due(at: datetime) -> list[int]:
    """Deliveries that are to be tried now; they are leased, so that no second worker takes them too."""
    rows = db.session.scalars(
        sa.select(Delivery)
        .where(Delivery.due_at <= at)
        .order_by(Delivery.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.attempts, row.due_at = row.attempts + 1, at + LEASE
    db.session.flush()
    return [row.id for row in rows]


def note_outcome(delivery: Delivery, *, status: int | None, error: str, at: datetime) -> None:
    """Delivered (any 2xx), to be tried again after a pause, or given up after the last one."""
    delivery.last_status, delivery.last_error = status, error[:300]
    if status is not None and 200 <= status < 300:
        delivery.delivered_at, delivery.due_at = at, None
    elif delivery.attempts <= len(PAUSES):
        delivery.due_at = at + PAUSES[delivery.attempts - 1]
    else:
        delivery.due_at = None
    db.session.flush()


def body_of(delivery: Delivery, base_url: str) -> bytes:
    """What is sent: the payload with the addresses of the list; equal at every try."""
    number = delivery.payload["list"]
    whole = delivery.payload | {
        "delivery": delivery.id,
        "url": f"{base_url}/lists/{number}",
        "api": f"{base_url}/api/v1/lists/{number}",
    }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def signature(secret: str, stamp: int, body: bytes) -> str:
    """HMAC-SHA-256 over “stamp.body”, as the header `Contest-Signature` carries it."""
    made = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={made}"
