"""Giving somebody a role, and the link with which they come in the first time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from contest.accounts import queries, service
from contest.accounts.access import Actor, Held
from contest.accounts.models import Account, Grant, LinkPurpose, Role, ScopeKind
from contest.errors import Forbidden, Invalid, Refused

GRANTABLE = (
    Role.ORGANISER,
    Role.REGISTRAR,
    Role.CHIEF_JUDGE,
    Role.SCOREKEEPER,
    Role.CODER,
    Role.SUPERVISOR,
)
"""Roles given on the page of roles. Judges are seated, contestants registered: these get their roles there."""


class OwnGrant(Refused):
    """Nobody takes a role from themselves: the contest could be left without anyone to give it back."""

    code = "own_grant"


class LinkNotYours(Refused):
    """The account has a password, or roles that the actor could not give; a link would hand these over."""

    code = "link_not_yours"
    status = 403


@dataclass(frozen=True)
class Place:
    """What a role may cover: a row of `kind`; `above` are it and what stands above it, for `Actor.may`."""

    kind: ScopeKind
    id: int
    label: str
    contest_id: int
    above: dict[str, int]

    @property
    def key(self) -> str:
        """As a form's choice carries it."""
        return f"{self.kind.value}:{self.id}"


@dataclass(frozen=True)
class Invitation:
    """The outcome of giving a role. `token` is for the link, shown once; None for somebody who signs in already."""

    account: Account
    grant: Grant
    token: str | None


def invite(
    *,
    role: Role,
    place: Place,
    places: Mapping[str, Place],
    actor: Actor,
    at: datetime,
    name: str = "",
    login: str = "",
    account_id: int | None = None,
) -> Invitation:
    """Give a role at a place to an account of ours, to the owner of a login, or to a new account of that name.

    Who has no password yet gets a link, if the actor could have given every role of the account. Raises Forbidden
    (the actor may not give it there), Invalid("name_needed"), Missing.
    """
    if role not in GRANTABLE or not actor.may("accounts.grant", **place.above):
        raise Forbidden("grant_not_yours")
    account = _account(name=name, login=login, account_id=account_id, at=at)
    row = service.grant(
        account,
        role=role,
        scope_kind=place.kind,
        scope_id=place.id,
        contest_id=place.contest_id,
        actor=actor,
        at=at,
    )
    needs_link = account.password_hash is None and may_link(actor, account, places)
    token = (
        service.make_link(account, purpose=LinkPurpose.INVITATION, actor=actor, at=at) if needs_link else None
    )
    return Invitation(account, row, token)


def _account(*, name: str, login: str, account_id: int | None, at: datetime) -> Account:
    if account_id:
        return queries.account_by_id(account_id)
    known = queries.account_by_login(login) if login.strip() else None
    if known:
        return known
    if not name.strip():
        raise Invalid("name_needed", field="name")
    return service.create_account(name=name, login=login or None, at=at)


def may_link(actor: Actor, account: Account, places: Mapping[str, Place]) -> bool:
    """Whether the actor could have given every live role of the account: else a link would be a way into more.

    `places`: all places of the page by their key, so that what stands above a role is known.
    """
    if actor.may("installation.manage"):
        return True
    held_roles = queries.held_by(account.id)
    return all(
        held.role is not Role.ADMINISTRATOR and _could_give(actor, held, places) for held in held_roles
    )


def _could_give(actor: Actor, held: Held, places: Mapping[str, Place]) -> bool:
    place = places.get(f"{held.scope_kind.value}:{held.scope_id}")
    if place is not None:
        return actor.may("accounts.grant", **place.above)
    holder = next(
        (one.above.get("holder") for one in places.values() if one.contest_id == held.contest_id), None
    )
    return bool(held.contest_id) and actor.may("accounts.grant", contest=held.contest_id, holder=holder)


def new_link(account: Account, *, places: Mapping[str, Place], actor: Actor, at: datetime) -> str:
    """Another invitation, for somebody who lost theirs. Raises LinkNotYours.

    Who has chosen a password is beyond an organiser: with a link one could sign in as the supervisor. The
    administrator helps those who forgot it.
    """
    if not may_link(actor, account, places) or (
        account.password_hash and not actor.may("installation.manage")
    ):
        raise LinkNotYours()
    service.revoke_links(account, purpose=LinkPurpose.INVITATION, at=at)
    return service.make_link(account, purpose=LinkPurpose.INVITATION, actor=actor, at=at)


def take_back(row: Grant, *, place: Place, actor: Actor, at: datetime, reason: str = "") -> None:
    """End a role that the actor could give. Raises Forbidden, OwnGrant."""
    if not actor.may("accounts.grant", **place.above):
        raise Forbidden("grant_not_yours")
    if row.account_id == actor.account_id:
        raise OwnGrant()
    service.revoke_grant(row, actor=actor, at=at, reason=reason)
