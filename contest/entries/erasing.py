"""Taking a person's personal values out of the register: what is left counts and stays, but names nobody."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from contest import personal
from contest.accounts.models import Account, AccountSession
from contest.db import db
from contest.entries.models import Entry, Member, Person, Staff
from contest.entries.record_models import Erasure, PersonRequest
from contest.events.models import Event, RuleVersion
from contest.scoring.rules import RuleSet

CONTACT, IDENTITY, UPLOADS, NAMES, WINNERS = "contact", "identity", "uploads", "names", "winners"
KINDS = (CONTACT, IDENTITY, UPLOADS, NAMES, WINNERS)


def pseudonym(person_id: int) -> str:
    """What stands for a name that was taken out; the same wherever the person stood."""
    return f"匿名{person_id:06d}"


def with_duplicates(ids: Iterable[int]) -> list[Person]:
    """The people, and the rows that were merged into them: the same human's values."""
    wanted = sorted(set(ids))
    return list(
        db.session.scalars(
            sa.select(Person)
            .where(sa.or_(Person.id.in_(wanted), Person.merged_into_id.in_(wanted)))
            .order_by(Person.id)
        )
    )


def erase_contact(people: Iterable[Person]) -> None:
    """Telephones."""
    for person in people:
        person.phone_cipher, person.phone_masked = None, ""
    db.session.flush()


def erase_identity(people: Iterable[Person]) -> None:
    """Document, date of birth and what a roster says beside them. Gender and level stay: rankings filter by them.

    A date of birth stays where the rules of one of the person's events rank by age: without it the list could not be
    computed again.
    """
    rows = list(people)
    aged = _with_age({one.id for one in rows})
    for person in rows:
        person.id_cipher = personal.encrypt("")
        # Nobody's number gives these digests, and no two people share one.
        person.id_digest, person.id_tail_digest = secrets.token_hex(32), secrets.token_hex(32)
        person.id_masked = ""
        person.ethnicity, person.education = "", ""
        if person.id not in aged:
            person.born_on = None
    ids = [one.id for one in rows]
    db.session.execute(
        sa.update(Member)
        .where(Member.person_id.in_(ids))
        .values(job="", level_certificate="", years_in_trade=None, note="")
    )
    db.session.execute(
        sa.update(PersonRequest).where(PersonRequest.person_id.in_(ids)).values(wanted_cipher=None, text="")
    )
    db.session.flush()


def _with_age(ids: set[int]) -> set[int]:
    rows = db.session.execute(
        sa.select(Member.person_id, RuleVersion.document)
        .join(Entry, Member.entry_id == Entry.id)
        .join(Event, Entry.event_id == Event.id)
        .join(RuleVersion, Event.rule_version_id == RuleVersion.id)
        .where(Member.person_id.in_(sorted(ids)))
    )
    return {
        person_id
        for person_id, document in rows
        if any(one.name == "age" for one in RuleSet.from_dict(document).inputs)
    }


def erase_names(people: Iterable[Person], at: datetime) -> dict[str, str]:
    """Names in the register; the own account is closed. Returns name as it was → what stands for it."""
    names: dict[str, str] = {}
    rows = list(people)
    for person in rows:
        # A duplicate goes by the pseudonym of the person it was merged into.
        new = pseudonym(person.merged_into_id or person.id)
        names[person.name] = new
        person.name, person.name_sort, person.erased_at = new, new, at
    ids = [one.id for one in rows]
    for staff in db.session.scalars(sa.select(Staff).where(Staff.person_id.in_(ids))):
        staff.name = pseudonym(staff.person_id or 0)
    for account in db.session.scalars(sa.select(Account).where(Account.person_id.in_(ids))):
        account.name, account.login, account.disabled_at = pseudonym(account.person_id or 0), None, at
        db.session.execute(
            sa.update(AccountSession).where(AccountSession.account_id == account.id).values(revoked_at=at)
        )
    db.session.flush()
    return names


def note(
    holder_id: int, kind: str, subjects: Mapping[str, Iterable[int]], *, why: str, actor_id: int | None, at: datetime
) -> None:  # fmt: skip
    """Keep that this was taken out, so that it is not looked for again. subjects: person or edition → ids."""
    for subject, ids in subjects.items():
        for one in ids:
            db.session.add(
                Erasure(
                    holder_id=holder_id, kind=kind, subject_kind=subject, subject_id=one, why=why, erased_at=at, erased_by=actor_id
                )
            )  # fmt: skip
    db.session.flush()


def erased(kind: str, subject: str, ids: Iterable[int]) -> set[int]:
    """Those of the ids from which this kind was taken out before."""
    wanted = sorted(set(ids))
    found: set[int] = set()
    for start in range(0, len(wanted), 500):
        found |= set(
            db.session.scalars(
                sa.select(Erasure.subject_id).where(
                    Erasure.kind == kind,
                    Erasure.subject_kind == subject,
                    Erasure.subject_id.in_(wanted[start : start + 500]),
                )
            )
        )
    return found
