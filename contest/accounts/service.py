"""Accounts, grants, sign-in links and sessions. Nothing here commits; `at` and `actor` are arguments."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from contest import audit, personal
from contest.accounts import queries
from contest.accounts.access import Actor
from contest.accounts.browsing import close_session as close_session
from contest.accounts.browsing import open_session as open_session
from contest.accounts.models import (
    Account,
    AccountSession,
    FailedAttempt,
    Grant,
    LinkPurpose,
    Role,
    ScopeKind,
    SignInLink,
)
from contest.accounts.secrets import digest_of, hash_password, new_token, verify_password
from contest.db import db
from contest.errors import Invalid, Refused

LINK_LIFE = {
    LinkPurpose.FIRST_ORGANISER: timedelta(days=2),
    LinkPurpose.DEMO: timedelta(hours=12),
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.PERSONAL_QR: None,  # until revoked or re-issued
}
PASSWORD_LENGTH = 10


class LinkUnusable(Refused):
    """The link was used, revoked, replaced or has expired."""

    code = "link_unusable"
    status = 403


class TooManyTries(Refused):
    """Five wrong tries in fifteen minutes."""

    code = "too_many_tries"
    status = 429


class WrongCredentials(Refused):
    """Login and password don't fit together; which of the two is not said."""

    code = "wrong_credentials"
    status = 422


def create_account(
    *,
    name: str,
    at: datetime,
    login: str | None = None,
    password: str | None = None,
    person_id: int | None = None,
    locale: str = "zh_CN",
) -> Account:
    """A new account. Raises Invalid("login_taken") or Invalid("password_short")."""
    login = login.strip().lower() if login else None
    if login and queries.account_by_login(login):
        raise Invalid("login_taken", login=login)
    account = Account(
        name=name.strip(),
        login=login,
        password_hash=hash_password(_long_enough(password)) if password else None,
        person_id=person_id,
        locale=locale,
        created_at=at,
    )
    db.session.add(account)
    db.session.flush()
    return account


def set_password(account: Account, *, password: str, actor: Actor, at: datetime) -> None:
    """Raises Invalid("password_short"). Other sessions of the account end."""
    account.password_hash = hash_password(_long_enough(password))
    db.session.execute(
        sa.update(AccountSession)
        .where(AccountSession.account_id == account.id, AccountSession.id != (actor.session_id or 0))
        .values(revoked_at=at)
    )
    audit.record(actor, "account.password_set", account, at=at)


def set_login(account: Account, *, login: str, actor: Actor, at: datetime) -> None:
    """Raises Invalid("login_taken")."""
    login = login.strip().lower()
    other = queries.account_by_login(login)
    if other and other.id != account.id:
        raise Invalid("login_taken", login=login)
    audit.record(actor, "account.login_set", account, changes={"login": [account.login, login]}, at=at)
    account.login = login


def grant(
    account: Account,
    *,
    role: Role,
    scope_kind: ScopeKind,
    scope_id: int = 0,
    contest_id: int = 0,
    actor: Actor,
    at: datetime,
) -> Grant:
    """Give a role within a scope; giving it twice returns the live grant. The caller has checked that actor may."""
    live = db.session.scalars(
        sa.select(Grant).where(
            Grant.account_id == account.id,
            Grant.role == role,
            Grant.scope_kind == scope_kind,
            Grant.scope_id == scope_id,
            Grant.revoked_at.is_(None),
        )
    ).first()
    if live:
        return live
    row = Grant(
        account_id=account.id,
        role=role,
        scope_kind=scope_kind,
        scope_id=scope_id,
        contest_id=contest_id,
        granted_at=at,
        granted_by=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    changes = {
        "role": [None, role.value],
        "scope": [None, f"{scope_kind.value} {scope_id}"],
        "name": [None, account.name],
    }
    audit.record(actor, "grant.given", row, contest_id=contest_id, changes=changes, at=at)
    return row


def revoke_grant(row: Grant, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Take a role back. It stops counting at the account's next request."""
    if row.revoked_at is None:
        row.revoked_at = at
        audit.record(actor, "grant.revoked", row, contest_id=row.contest_id, reason=reason, at=at)


def make_link(account: Account, *, purpose: LinkPurpose, actor: Actor, at: datetime) -> str:
    """A token that signs the account in; a new personal QR ends the old one. Returned once, kept as a digest."""
    if purpose is LinkPurpose.PERSONAL_QR:
        revoke_links(account, purpose=purpose, at=at)
    token, life = new_token(), LINK_LIFE[purpose]
    row = SignInLink(
        account_id=account.id,
        purpose=purpose,
        token_digest=digest_of(token),
        created_at=at,
        created_by=actor.account_id,
        expires_at=at + life if life else None,
        is_single_use=purpose is not LinkPurpose.PERSONAL_QR,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "link.made", row, changes={"purpose": [None, purpose.value]}, at=at)
    return token


def first_link(*, actor: Actor, at: datetime) -> str | None:
    """The one-use link of the first organiser; None once somebody has signed in. A new one ends the one before.

    The account gets both installation-wide roles: it creates the holders, and may run the first contest itself.
    """
    if db.session.scalar(sa.select(sa.func.count()).select_from(AccountSession)):
        return None
    purpose = LinkPurpose.FIRST_ORGANISER
    account = db.session.scalars(
        sa.select(Account).join(SignInLink).where(SignInLink.purpose == purpose).order_by(Account.id).limit(1)
    ).first()
    if account is None:
        if not queries.is_fresh_installation():
            return None
        account = create_account(name="首位组织者", at=at)
        for role in (Role.ADMINISTRATOR, Role.ORGANISER):
            grant(account, role=role, scope_kind=ScopeKind.INSTALLATION, actor=actor, at=at)
    revoke_links(account, purpose=purpose, at=at)
    return make_link(account, purpose=purpose, actor=actor, at=at)


def revoke_links(account: Account, *, purpose: LinkPurpose, at: datetime) -> None:
    """End all live links of a purpose, and the sessions they opened."""
    live = list(
        db.session.scalars(
            sa.select(SignInLink).where(
                SignInLink.account_id == account.id,
                SignInLink.purpose == purpose,
                SignInLink.revoked_at.is_(None),
            )
        )
    )
    for link in live:
        link.revoked_at = at
    db.session.execute(
        sa.update(AccountSession)
        .where(AccountSession.link_id.in_([link.id for link in live]), AccountSession.revoked_at.is_(None))
        .values(revoked_at=at)
    )


def sign_in_by_link(
    token: str, *, at: datetime, ip: str, device: str, device_id: int | None = None
) -> tuple[AccountSession, str]:
    """Open a session with a link. Returns it and the browser's secret. Raises LinkUnusable(why=...)."""
    link = queries.link_by_token(token)
    if link is None or link.account.disabled_at is not None:
        raise LinkUnusable(why="unknown")
    if link.revoked_at is not None:
        raise LinkUnusable("link_replaced", why="revoked")
    if link.is_single_use and link.used_at is not None:
        raise LinkUnusable("link_used", why="used")
    if link.expires_at is not None and link.expires_at <= at:
        raise LinkUnusable("link_expired", why="expired")
    link.used_at = at
    via = {LinkPurpose.PERSONAL_QR: "qr", LinkPurpose.DEMO: "demo"}.get(link.purpose, "link")
    return open_session(
        link.account, via=via, at=at, ip=ip, device=device, link_id=link.id, device_id=device_id
    )


def sign_in_by_password(
    account: Account | None,
    *,
    login: str,
    password: str,
    at: datetime,
    ip: str,
    device: str,
    device_id: int | None = None,
) -> tuple[AccountSession, str]:
    """Open a session for a fitting pair. The caller notes failures with `note_failure` in its own transaction.

    Raises TooManyTries, WrongCredentials.
    """
    for key in (f"login:{login.strip().lower()}", f"ip:{ip}"):
        if queries.attempts_left(key, at) == 0:
            raise TooManyTries()
    fits = verify_password(account.password_hash if account else None, password)
    if account is None or not fits or account.disabled_at is not None:
        raise WrongCredentials()
    return open_session(account, via="password", at=at, ip=ip, device=device, device_id=device_id)


def note_failure(keys: list[str], *, at: datetime) -> None:
    """Count a wrong try under each key."""
    db.session.add_all([FailedAttempt(key=personal.digest(key), at=at) for key in keys])
    db.session.flush()


def _long_enough(password: str) -> str:
    if len(password) < PASSWORD_LENGTH:
        raise Invalid("password_short", length=PASSWORD_LENGTH)
    return password
