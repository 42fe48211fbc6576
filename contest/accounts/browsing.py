"""A browser's signed-in time: opened by whatever way somebody signs in, ended, and asked for the PIN after a pause."""

from __future__ import annotations

from datetime import datetime, timedelta

from contest.accounts.models import Account, AccountSession
from contest.accounts.secrets import digest_of, new_token
from contest.db import db

SESSION_LIFE = timedelta(days=14)


def open_session(
    account: Account,
    *,
    via: str,
    at: datetime,
    ip: str,
    device: str,
    link_id: int | None = None,
    device_id: int | None = None,
) -> tuple[AccountSession, str]:
    """Every way to sign in ends here. Returns the row and the secret for the browser's cookie.

    device: what the browser calls itself. device_id: the device the session is bound to; None binds it to none.
    """
    secret = new_token()
    row = AccountSession(
        account_id=account.id,
        secret_digest=digest_of(secret),
        via=via,
        link_id=link_id,
        device=device[:200],
        device_id=device_id,
        ip=ip,
        created_at=at,
        expires_at=at + SESSION_LIFE,
    )
    db.session.add(row)
    db.session.flush()
    return row, secret


def close_session(row: AccountSession, *, at: datetime) -> None:
    """Sign one browser out."""
    row.revoked_at = row.revoked_at or at
