"""Frozen rows of a list as candidates for the award rules, with what only this room knows: who holds a title already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from contest.results.models import SnapshotRow
from contest.scoring.awarding.lineup import Candidate, Member
from contest.scoring.awarding.spec import AwardSpec

PREFIXES = {"member": "m", "entry": "e", "organisation": "o", "delegation": "d"}


@dataclass(frozen=True)
class Recipient:
    """Who receives an award: the key used by the rules, and the person behind it where there is one."""

    key: str
    name: str
    person_id: int | None
    unit: str


def key_of(row: SnapshotRow) -> str:
    """The subject key that the scoring core uses for a row: m12, e5 …"""
    return f"{PREFIXES[row.subject_kind]}{row.subject_id}"


def recipient_of(row: SnapshotRow, key: str) -> Recipient:
    """The recipient behind a key: the row's subject, one of its members, or a coach by name."""
    unit = str(row.data.get("unit") or row.delegation or "")
    if key == key_of(row):
        return Recipient(key, row.name, row.person_id, unit)
    for member in row.data.get("members", []):
        if key == f"m{member.get('member_id')}":
            return Recipient(key, member["name"], member.get("person_id"), str(member.get("unit") or unit))
    coaches = dict(zip(row.data.get("coaches", []), row.data.get("coach_person_ids", []), strict=False))
    return Recipient(key, key, coaches.get(key), unit)


def candidate_of(row: SnapshotRow) -> Candidate:
    """The row as the award rules see it; from its stored candidate, else from what the list itself shows."""
    stored = row.data.get("candidate")
    if stored:
        return _read(stored)
    attributes = {"delegation": row.delegation}
    for name in ("group", "unit"):
        attributes[name] = str(row.data.get(name, ""))
    return Candidate(
        key=key_of(row),
        rank=_exact(row.rank) if row.rank else None,
        total=Fraction(row.total_exact) if row.total_exact else None,
        status=row.status,
        attributes=attributes,
        members=tuple(Member(f"m{one['member_id']}") for one in row.data.get("members", [])),
    )


def _read(stored: Mapping[str, Any]) -> Candidate:
    return Candidate(
        key=stored["key"],
        rank=_exact(stored["rank"]) if stored.get("rank") not in (None, "") else None,
        total=Fraction(stored["total"]) if stored.get("total") not in (None, "") else None,
        status=stored.get("status", "present"),
        parts={name: Fraction(value) for name, value in stored.get("parts", {}).items() if value is not None},
        full=frozenset(stored.get("full", ())),
        attributes={name: str(value) for name, value in stored.get("attributes", {}).items()},
        members=tuple(
            Member(one["key"], {name: str(value) for name, value in one.get("attributes", {}).items()})
            for one in stored.get("members", ())
        ),
        gates=tuple(stored.get("gates", ())),
    )


def _exact(text: object) -> int | Fraction:
    value = Fraction(str(text))
    return int(value) if value.denominator == 1 else value


def people_of(rows: Sequence[SnapshotRow]) -> dict[str, int]:
    """Recipient key → person, for every person on the rows."""
    people = {}
    for row in rows:
        if row.person_id is not None:
            people[key_of(row)] = row.person_id
        for member in row.data.get("members", []):
            if member.get("person_id") is not None:
                people[f"m{member['member_id']}"] = member["person_id"]
    return people


def with_holders(
    candidate: Candidate,
    people: Mapping[str, int],
    holders: Collection[int],
    tables: Sequence[Mapping[str, Any]],
) -> Candidate:
    """The candidate with “yes” in the column that the title rules ask about, for everyone who holds the title.

    What the roster itself says (是) stays: a list from before this system may lack people.
    """
    columns = {spec.holders["attribute"] for table in tables if (spec := AwardSpec.read(table)).holders}
    if not columns:
        return candidate
    marked = dict.fromkeys(columns, "yes")
    members = tuple(
        replace(one, attributes={**one.attributes, **marked}) if people.get(one.key) in holders else one
        for one in candidate.members
    )
    own = {**candidate.attributes, **marked} if people.get(candidate.key) in holders else candidate.attributes
    return replace(candidate, attributes=own, members=members)
