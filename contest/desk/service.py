"""A contestant's sign-in: an account of the person, made at the first use."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from contest.accounts import service as accounts
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, AccountSession, Role, ScopeKind
from contest.certificates import service as papers
from contest.db import db
from contest.entries.models import Person


def sign_in_contestant(
    *, number: str, name: str, digits: str, at: datetime, ip: str, device: str
) -> tuple[AccountSession, str]:
    """Open a session for a contestant by number, name and the last six of the ID.

    Raises NoSuchCertificate, TooManyTries of the certificates room, which counts the tries of both doors together;
    the caller notes a failure there in a transaction of its own.
    """
    person_id = papers.find_own(number=number, name=name, digits=digits, ip=ip, at=at)
    return accounts.open_session(account_of(person_id, at=at), via="number", at=at, ip=ip, device=device)


def account_of(person_id: int, *, at: datetime) -> Account:
    """The account of a person, with the contestant's grant; made if there is none."""
    account = db.session.scalars(sa.select(Account).where(Account.person_id == person_id)).first()
    if account is None:
        person = db.session.get_one(Person, person_id)
        account = accounts.create_account(name=person.name, person_id=person_id, at=at)
    accounts.grant(
        account, role=Role.CONTESTANT, scope_kind=ScopeKind.PERSON, scope_id=person_id, actor=SYSTEM, at=at
    )
    return account
