"""Who takes part after all: absent, withdrawn, disqualified, reinstated; one member in another's place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import freezing, queries, registration
from contest.entries.models import Entry, EntryState, Member
from contest.entries.people import PersonFacts
from contest.entries.refusals import ReasonMissing, StateChange
from contest.entries.registration import MemberFacts
from contest.errors import Stale

# Withdrawing one's own people is the registrar's act; what the jury or organiser decides is theirs.
ACTS = {
    EntryState.WITHDRAWN: "entries.edit",
    EntryState.PRESENT: "entries.review",
    EntryState.ABSENT: "entries.review",
    EntryState.DISQUALIFIED: "entries.review",
    EntryState.UNOFFICIAL: "entries.review",
}


def set_state(
    entry_id: int, state: EntryState, *, reason: str, version: int, actor: Actor, at: datetime
) -> Entry:
    """Change an entry's state, for a reason that is kept. Back to *present* is reinstating.

    Raises Missing, Stale, ReasonMissing, StateChange (it is in that state already), RosterFrozen.
    """
    entry = queries.entry_for(actor, entry_id, may=ACTS[state])
    if entry.version != version:
        raise Stale()
    if not reason.strip():
        raise ReasonMissing()
    if entry.state is state:
        raise StateChange("entry_state_same", number=entry.number)
    freezing.refuse_new_states(entry.event_id)
    old = entry.state
    entry.state, entry.state_at = state, at
    entry.state_reason = "" if state is EntryState.PRESENT else reason.strip()
    db.session.flush()
    changes = {"state": [old.value, state.value]}
    _log(actor, "entry.state_set", entry, changes, reason, at)
    return entry


def set_member_state(
    member_id: int, state: EntryState, *, reason: str, version: int, actor: Actor, at: datetime
) -> Member:
    """The same for one member of a team: what it means for the team is the rules' choice. `version` is the entry's."""
    member = queries.member_for(actor, member_id, may=ACTS[state])
    _refuse_edit(member, version, reason)
    if member.left_at is not None or member.state is state:
        raise StateChange("entry_state_same", number=member.entry.number)
    old = member.state
    member.state = state
    member.state_reason = "" if state is EntryState.PRESENT else reason.strip()
    _touch(member.entry)
    _log(actor, "member.state_set", member.entry, {member.person.name: [old.value, state.value]}, reason, at)
    return member


def substitute(
    member_id: int,
    person: PersonFacts,
    facts: MemberFacts,
    *,
    reason: str,
    version: int,
    actor: Actor,
    at: datetime,
) -> Member:
    """Another person in a member's place, also after the draw. The one who left stays on record with the reason.

    `version` is the entry's. Raises Missing, Stale, ReasonMissing, StateChange, RosterFrozen, AlreadyEntered.
    """
    member = queries.member_for(actor, member_id, may="entries.edit")
    _refuse_edit(member, version, reason)
    entry, left = member.entry, member.person.name
    _leave(member, reason, at)
    new = registration.join_by_facts(entry, entry.event, person, facts, at)
    new.position, new.number = member.position, member.number
    _touch(entry)
    _log(actor, "member.substituted", entry, {"members": [left, person.name]}, reason, at)
    return new


def remove_member(member_id: int, *, reason: str, version: int, actor: Actor, at: datetime) -> Member:
    """A member leaves without another in their place. The last one can't: then the entry is withdrawn instead."""
    member = queries.member_for(actor, member_id, may="entries.edit")
    _refuse_edit(member, version, reason)
    registration.refuse_handed_in(actor, member.entry, at)
    if len(registration.live_members(member.entry)) == 1:
        raise StateChange("last_member", name=member.person.name)
    _leave(member, reason, at)
    _touch(member.entry)
    _log(actor, "member.left", member.entry, {"members": [member.person.name, None]}, reason, at)
    return member


def _refuse_edit(member: Member, version: int, reason: str) -> None:
    if member.entry.version != version:
        raise Stale()
    if not reason.strip():
        raise ReasonMissing()
    if member.left_at is not None:
        raise StateChange("member_left", name=member.person.name)
    freezing.refuse_new_states(member.event_id)


def _leave(member: Member, reason: str, at: datetime) -> None:
    member.left_at, member.left_reason = at, reason.strip()
    db.session.flush()


def _touch(entry: Entry) -> None:
    """A second editor who saw the entry before this must be told: its version moves on."""
    sa.orm.attributes.flag_modified(entry, "note")
    db.session.flush()


def _log(actor: Actor, action: str, entry: Entry, changes: dict[str, Any], reason: str, at: datetime) -> None:
    contest_id = registration.contest_id_of(entry.event)
    audit.record(actor, action, entry, contest_id=contest_id, changes=changes, reason=reason.strip(), at=at)
