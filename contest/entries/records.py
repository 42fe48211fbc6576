"""Entries as plain values, for the rooms to the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contest.entries.models import EntryState


@dataclass(frozen=True)
class RosterDelegation:
    """A delegation and its place in the official order."""

    id: int
    name: str
    short_name: str
    official_order: int


@dataclass(frozen=True)
class RosterMember:
    """A person in an entry. `codes`: round key → work code, "" standing for all rounds."""

    id: int
    person_id: int
    number: str
    name: str
    name_sort: str
    gender: str
    born_on: date | None
    group_key: str
    organisation: str
    organisation_id: int | None
    level_held: str
    job: str
    state: EntryState
    is_live: bool
    id_masked: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RosterEntry:
    """An entry with its people. `members` are the live ones unless those who left were asked for too."""

    id: int
    event_id: int
    number: str
    name: str
    display_name: str
    state: EntryState
    state_reason: str
    group_key: str
    delegation: RosterDelegation | None
    organisation: str
    organisation_id: int | None
    members: tuple[RosterMember, ...]
    leaders: tuple[str, ...] = ()
    coaches: tuple[str, ...] = ()
    coach_person_ids: tuple[int, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CodeSubject:
    """What a work code, a number or a document stands for: an entry, or one member of it."""

    entry_id: int
    member_id: int | None = None


@dataclass(frozen=True)
class Place:
    """Where and when a subject performs."""

    entry_id: int
    member_id: int | None
    position: int
    session: str
    bench: str
