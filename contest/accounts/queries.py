"""Reading accounts, sessions and grants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from contest import personal
from contest.accounts.access import Actor, Held
from contest.accounts.models import (
    Account,
    AccountSession,
    Device,
    FailedAttempt,
    Grant,
    ScopeKind,
    SignInLink,
)
from contest.accounts.secrets import digest_of
from contest.db import db, read_together
from contest.errors import Missing
from contest.prepared import Prepared, any_of

ATTEMPTS_ALLOWED = 5
ATTEMPTS_WINDOW = timedelta(minutes=15)


def held_by(account_id: int) -> tuple[Held, ...]:
    """The live grants of an account as plain values."""
    rows = db.session.execute(
        sa.select(Grant.role, Grant.scope_kind, Grant.scope_id, Grant.contest_id)
        .where(Grant.account_id == account_id, Grant.revoked_at.is_(None))
        .order_by(Grant.id)
    )
    return tuple(Held(*row) for row in rows)


def actor_of(account: Account, *, via: str = "", ip: str = "", session_id: int | None = None) -> Actor:
    """The actor an account is, with its grants as they stand now."""
    return Actor(
        account_id=account.id,
        name=account.name,
        grants=held_by(account.id),
        via=via,
        ip=ip,
        person_id=account.person_id,
        session_id=session_id,
    )


@dataclass(frozen=True)
class LiveSession:
    """A browser's session with its account and the grants that stand now, as plain values."""

    id: int
    via: str
    device_id: int | None
    pin_wanted_at: datetime | None
    account_id: int
    name: str
    person_id: int | None
    grants: tuple[Held, ...]

    def actor(self, ip: str) -> Actor:
        """Who acts in this session, from an address."""
        return Actor(
            account_id=self.account_id,
            name=self.name,
            grants=self.grants,
            via=self.via,
            ip=ip,
            person_id=self.person_id,
            session_id=self.id,
            is_pin_wanted=self.pin_wanted_at is not None,
        )


def _build_live_session(dialect: str) -> sa.Select[Any]:
    known_by = (AccountSession.secret_digest, Device.secret_digest, AccountSession.expires_at)
    session = (AccountSession.id, AccountSession.via, AccountSession.device_id, AccountSession.pin_wanted_at)
    account = (Account.id, Account.name, Account.person_id)
    held = (Grant.role, Grant.scope_kind, Grant.scope_id, Grant.contest_id)
    return (
        sa.select(*known_by, *session, *account, *held)
        .join(Account, AccountSession.account_id == Account.id)
        .outerjoin(Device, AccountSession.device_id == Device.id)
        .outerjoin(Grant, sa.and_(Grant.account_id == Account.id, Grant.revoked_at.is_(None)))
        .where(
            any_of(AccountSession.secret_digest, "digests", dialect),
            AccountSession.revoked_at.is_(None),
            AccountSession.expires_at > sa.bindparam("at"),
            Account.disabled_at.is_(None),
        )
        .order_by(Grant.id)
    )


_LIVE_SESSION = Prepared(_build_live_session)  # every request of every signed-in person begins with it


def live_session(secret: str, at: datetime, *, device: str = "") -> LiveSession | None:
    """The session a browser's secret belongs to, unless revoked, expired, its account disabled, or of another device.

    device: the secret of the browser's device. A session that began on a device is worth nothing on another.
    """
    return read_together(_live_sessions, (digest_of(secret), digest_of(device), at))


def _live_sessions(asked: Sequence[tuple[str, str, datetime]]) -> list[LiveSession | None]:
    """For each (digest of the secret, digest of the device's secret, instant) its session, if it has a live one."""
    wanted = {"digests": list({digest for digest, _, _ in asked}), "at": min(at for _, _, at in asked)}
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in _LIVE_SESSION.rows(wanted):
        found.setdefault(row[0], []).append(row)
    return [_live(found.get(digest, ()), device, at) for digest, device, at in asked]


def _live(rows: Sequence[tuple[Any, ...]], device: str, at: datetime) -> LiveSession | None:
    if not rows or (rows[0][5] is not None and rows[0][1] != device) or rows[0][2] <= at:
        return None
    return LiveSession(*rows[0][3:10], grants=tuple(Held(*row[10:]) for row in rows if row[10] is not None))


def link_by_token(token: str) -> SignInLink | None:
    """The link of a token, live or not: the door says what is wrong with it."""
    return db.session.scalars(
        sa.select(SignInLink).where(SignInLink.token_digest == digest_of(token))
    ).first()


def account_by_login(login: str) -> Account | None:
    """The account of a login name; case and surrounding blanks don't matter."""
    return db.session.scalars(sa.select(Account).where(Account.login == login.strip().lower())).first()


def account_by_id(account_id: int) -> Account:
    """Raises Missing."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise Missing()
    return account


def attempts_left(key: str, at: datetime) -> int:
    """How many wrong tries the key still has in the window; 0 means wait."""
    failed = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(FailedAttempt)
        .where(FailedAttempt.key == personal.digest(key), FailedAttempt.at > at - ATTEMPTS_WINDOW)
    )
    return max(0, ATTEMPTS_ALLOWED - int(failed or 0))


def grants_within(scopes: dict[ScopeKind, set[int]], contest_id: int) -> list[Grant]:
    """Live grants of one contest, and those at the given wider scopes, with their accounts."""
    wider = [
        sa.and_(Grant.scope_kind == kind, Grant.scope_id.in_(ids)) for kind, ids in scopes.items() if ids
    ]
    return list(
        db.session.scalars(
            sa.select(Grant)
            .join(Account)
            .where(Grant.revoked_at.is_(None), sa.or_(Grant.contest_id == contest_id, *wider))
            .order_by(Grant.role, Account.name)
            .options(sa.orm.joinedload(Grant.account))
        )
    )


def is_fresh_installation() -> bool:
    """Whether nobody was ever given a role here."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Grant)) == 0


def session_by_id(session_id: int) -> AccountSession:
    """A session row by its id. Raises Missing."""
    row = db.session.get(AccountSession, session_id)
    if row is None:
        raise Missing()
    return row


def grant_by_id(grant_id: int) -> Grant:
    """Raises Missing."""
    row = db.session.get(Grant, grant_id)
    if row is None:
        raise Missing()
    return row
