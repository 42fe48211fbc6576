"""Corrections of what was registered about a member."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contest import personal
from contest.accounts.access import Actor
from contest.entries import freezing, people, queries, registration
from contest.entries.models import Member, Person
from contest.entries.people import PersonFacts
from contest.entries.refusals import AlreadyEntered
from contest.entries.registration import MemberFacts
from contest.errors import Stale


def edit_member(
    member_id: int, person: PersonFacts, facts: MemberFacts, *, version: int, actor: Actor, at: datetime
) -> Member:
    """Change what is known of a member, the name excepted (see `people.correct_name`). A blank document keeps the old.

    `version` is the person's. Raises Missing, Stale, RegistrationClosed, AlreadyEntered where the new document is another person's.
    """
    member = queries.member_for(actor, member_id, may="entries.edit")
    if member.person.version != version:
        raise Stale()
    registration.refuse_handed_in(actor, member.entry, at)
    if facts.group_key not in ("", member.group_key):
        freezing.refuse_new_states(member.event_id)
    changes: dict[str, Any] = {}
    if person.id_number and personal.digest(person.id_number) != member.person.id_digest:
        changes["id_number"] = _change_document(member.person, person)
    changes |= people.update_person(member.person, person)
    changes |= registration.member_differences(
        member, facts, registration.contest_id_of(member.entry.event), apply=True
    )
    registration.save(member.entry, "entry.member_edited", changes, actor, at)
    return member


def _change_document(person: Person, facts: PersonFacts) -> list[str]:
    """Another document number for the same human; only a number nobody else has. Masked forms for the log."""
    taken = people.person_by_number(person.holder_id, facts.id_number)
    if taken is not None:
        raise AlreadyEntered("document_taken", name=taken.name)
    old = person.id_masked
    person.id_kind = facts.id_kind
    person.id_cipher, person.id_digest = personal.encrypt(facts.id_number), personal.digest(facts.id_number)
    person.id_tail_digest = personal.digest(facts.id_number[-6:])
    person.id_masked = personal.mask_id(facts.id_number)
    return [old, person.id_masked]
