"""Who may sign in, by what, and to do what where."""

from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import db, enum_type


class Role(enum.StrEnum):
    """What a person does in a contest; one account may hold several, each within a scope."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    REGISTRAR = "registrar"
    JUDGE = "judge"
    CHIEF_JUDGE = "chief_judge"
    SCOREKEEPER = "scorekeeper"
    CODER = "coder"
    SUPERVISOR = "supervisor"
    CONTESTANT = "contestant"


class ScopeKind(enum.StrEnum):
    """What a grant covers: one row of this kind and everything under it."""

    INSTALLATION = "installation"
    HOLDER = "holder"
    CONTEST = "contest"
    SUB_CONTEST = "sub_contest"
    EVENT = "event"
    DELEGATION = "delegation"
    PERSON = "person"


class LinkPurpose(enum.StrEnum):
    """Why a sign-in link was made: it decides how often and how long it opens."""

    FIRST_ORGANISER = "first_organiser"
    DEMO = "demo"
    INVITATION = "invitation"
    PERSONAL_QR = "personal_qr"


class Account(db.Model):
    """One per human. Every way to sign in ends in a session of this account."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    login: Mapped[str | None] = mapped_column(unique=True)  # lower case; None: signs in by QR or number only
    password_hash: Mapped[str | None]
    pin_hash: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="zh_CN")
    person_id: Mapped[int | None] = mapped_column(
        unique=True
    )  # entries.Person, a plain id: this room looks left only
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    grants: Mapped[list[Grant]] = relationship(back_populates="account")


class Grant(db.Model):
    """A role within a scope. Withdrawn grants stay, so that the log can be read."""

    __tablename__ = "grant"
    __table_args__ = (
        sa.Index(
            "uq_grant_live",
            "account_id",
            "role",
            "scope_kind",
            "scope_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role))
    contest_id: Mapped[int] = mapped_column(default=0, index=True)  # 0: installation or holder
    scope_kind: Mapped[ScopeKind] = mapped_column(enum_type(ScopeKind))
    scope_id: Mapped[int] = mapped_column(default=0)
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None]
    revoked_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship(back_populates="grants")


class SignInLink(db.Model):
    """A link or QR that signs one account in. Only the digest of its token is kept."""

    __tablename__ = "sign_in_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(enum_type(LinkPurpose))
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    expires_at: Mapped[datetime | None]
    is_single_use: Mapped[bool]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship()


class AccountSession(db.Model):
    """One browser signed in. Revoking the row signs that browser out at its next request."""

    __tablename__ = "account_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    secret_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    via: Mapped[str]  # password, link, qr, number
    link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sign_in_link.id"))
    device: Mapped[str] = mapped_column(default="")
    ip: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    # A plain id, because SQLite can't add a foreign key to a table in use. Set: no other device may use the session.
    device_id: Mapped[int | None]
    pin_wanted_at: Mapped[datetime | None]  # idle since then: pages open after the PIN, marks still come in
    account: Mapped[Account] = relationship()


class Device(db.Model):
    """A browser that somebody signed in with, known by a cookie of its own. `name` is what people call it by."""

    __tablename__ = "device"
    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(12), unique=True)
    agent: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class FailedAttempt(db.Model):
    """A wrong password, number or code; counted per key in the database, the same for every worker."""

    __tablename__ = "failed_attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)  # keyed digest of what was tried, or of the address
    at: Mapped[datetime] = mapped_column(index=True)
