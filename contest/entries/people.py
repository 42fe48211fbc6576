"""People: made, changed, renamed; their documents encrypted, found by digest, shown masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contest import audit, personal
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import names, queries
from contest.entries.models import IdKind, Member, Person
from contest.entries.refusals import ReasonMissing
from contest.entries.roster import identity
from contest.errors import Missing, Stale

KINDS = {
    identity.RESIDENT: IdKind.RESIDENT,
    identity.RESIDENCE_PERMIT: IdKind.RESIDENCE_PERMIT,
    "护照": IdKind.PASSPORT,
    "港澳居民来往内地通行证": IdKind.HKMO_PERMIT,
    "台湾居民来往大陆通行证": IdKind.TAIWAN_PERMIT,
    identity.FOREIGN_PERMANENT: IdKind.FOREIGN_PERMIT,
}
KIND_NAMES = {kind: name for name, kind in KINDS.items()}


@dataclass(frozen=True)
class PersonFacts:
    """What registration knows of a person; every text in its one form (see `roster.repairs`)."""

    name: str
    id_kind: IdKind
    id_number: str
    gender: str = ""
    ethnicity: str = ""
    born_on: date | None = None
    education: str = ""
    phone: str = ""


def make_person(holder_id: int, facts: PersonFacts) -> Person:
    """A new person of a holder; flushed. The caller has looked whether the document is known."""
    number = facts.id_number
    person = Person(
        holder_id=holder_id,
        name=facts.name,
        name_sort=names.sort_key(facts.name),
        gender=facts.gender,
        ethnicity=facts.ethnicity,
        id_kind=facts.id_kind,
        id_cipher=personal.encrypt(number),
        id_digest=personal.digest(number),
        id_tail_digest=personal.digest(number[-6:]),
        id_masked=personal.mask_id(number),
        phone_cipher=None,
        born_on=facts.born_on,
        education=facts.education,
    )
    _set_phone(person, facts.phone)
    db.session.add(person)
    return person


def _set_phone(person: Person, phone: str) -> None:
    person.phone_cipher = personal.encrypt(phone) if phone else None
    person.phone_masked = personal.mask_id(phone) if phone else ""


def phone_of(person: Person) -> str:
    """The full telephone number; for comparing inside services only."""
    return personal.decrypt(person.phone_cipher) if person.phone_cipher else ""


def differences(person: Person, facts: PersonFacts) -> dict[str, list[Any]]:
    """field → [old, new] of what the facts would change. A blank never wipes out what is known. Telephones masked."""
    found: dict[str, list[Any]] = {}
    for field in ("name", "gender", "ethnicity", "education"):
        new = getattr(facts, field)
        if new and new != getattr(person, field):
            found[field] = [getattr(person, field), new]
    if facts.born_on and facts.born_on != person.born_on:
        found["born_on"] = [person.born_on.isoformat() if person.born_on else "", facts.born_on.isoformat()]
    if facts.phone and facts.phone != phone_of(person):
        found["phone"] = [person.phone_masked, personal.mask_id(facts.phone)]
    return found


def update_person(person: Person, facts: PersonFacts) -> dict[str, list[Any]]:
    """Take the differing facts over; returns them for the log."""
    found = differences(person, facts)
    for field in found:
        if field == "phone":
            _set_phone(person, facts.phone)
        else:
            setattr(person, field, getattr(facts, field))
    if "name" in found:
        person.name_sort = names.sort_key(person.name)
    return found


def correct_name(
    member_id: int, name: str, *, reason: str, version: int, actor: Actor, at: datetime
) -> Person:
    """Put a person's name right, before or after papers were issued; papers derive from the lists they were made of.

    `version` is that of the person as it was shown. Raises Missing, ReasonMissing, Stale.
    """
    member = queries.member_for(actor, member_id, may="entries.edit")
    if not reason.strip():
        raise ReasonMissing()
    person = member.person
    if person.version != version:
        raise Stale()
    old = person.name
    if name == old:
        return person
    person.name, person.name_sort = name, names.sort_key(name)
    db.session.flush()
    contest_id = member.entry.event.sub_contest.edition.contest_id
    changes = {"name": [old, name]}
    audit.record(
        actor, "person.renamed", person, contest_id=contest_id, changes=changes, reason=reason, at=at
    )
    return person


@dataclass(frozen=True)
class Revealed:
    """A person's document and telephone in full."""

    id_number: str
    phone: str


def reveal(member_id: int, *, actor: Actor, at: datetime) -> Revealed:
    """Read a member's personal data in full; who read it when is kept. Raises Missing."""
    member = queries.member_for(actor, member_id, may="entries.personal")
    person = member.person
    contest_id = member.entry.event.sub_contest.edition.contest_id
    audit.record(actor, "personal.read", person, contest_id=contest_id, reason="shown on screen", at=at)
    return Revealed(personal.decrypt(person.id_cipher), phone_of(person))


def reveal_all(members: Sequence[Member]) -> dict[int, Revealed]:
    """Member id → data in full. The caller has authorised and logs it."""
    return {
        member.id: Revealed(personal.decrypt(member.person.id_cipher), phone_of(member.person))
        for member in members
    }


def person_by_number(holder_id: int, number: str) -> Person | None:
    """A holder's person by document number."""
    return queries.people_by_digest(holder_id, [personal.digest(number)]).get(personal.digest(number))


def person_of(person_id: int) -> Person:
    """Raises Missing."""
    person = db.session.get(Person, person_id)
    if person is None:
        raise Missing()
    return person


def number_for_check(member_id: int, *, actor: Actor) -> str:
    """A member's full document number for checking typed values against it; it is never shown, so not logged."""
    member = queries.member_for(actor, member_id, may="entries.edit")
    return personal.decrypt(member.person.id_cipher)
