"""Registration files: kept, previewed, taken over whole or not at all; the same file again changes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from contest import audit, files, glyphs, personal
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import delegations, eligibility, people, queries, registration
from contest.entries.models import Delegation, Entry, ImportState, RosterImport, StaffRole
from contest.entries.plan import (
    Plan,
    Step,
    entry_facts,
    group_key,
    make_plan,
    member_facts,
    person_facts,
    split_names,
)
from contest.entries.refusals import ImportChanged, ImportRefused
from contest.entries.roster.catalogue import PROVINCES
from contest.entries.roster.columns import HEADINGS, Field
from contest.entries.roster.findings import Notice, Place
from contest.entries.roster.importing import Roster, read_roster
from contest.entries.roster.table import UnreadableFile


@dataclass(frozen=True)
class Preview:
    """All that is known of an upload. `roster` is None where the file itself couldn't be read: see `unreadable`."""

    roster: Roster | None
    plan: Plan | None
    unreadable: UnreadableFile | None = None

    @property
    def errors(self) -> tuple[Any, ...]:
        """Errors of the file, then those of its rows against the database."""
        return (self.roster.errors if self.roster else ()) + (self.plan.errors if self.plan else ())

    @property
    def may_take_over(self) -> bool:
        """Readable, free of errors, and with something in it."""
        return self.roster is not None and self.roster.is_clean and not self.errors


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did."""

    import_id: int
    entries: int
    members: int
    changed: int
    same: int


def upload(
    edition_id: int, content: bytes, name: str, *, actor: Actor, at: datetime, today: date
) -> RosterImport:
    """Keep a file and its counts. A file that can't be read is kept too: the office may ask what they sent.

    Raises Missing where the actor registers nobody in this edition.
    """
    edition = queries.edition_for(actor, edition_id, may="entries.edit")
    preview = examine(edition_id, content, name, actor=actor, today=today)
    stored = files.store(
        personal.encrypt_bytes(content),
        name=f"{name}.sealed",
        media_type="application/octet-stream",
        contest_id=edition.contest_id,
        actor_id=actor.account_id,
        at=at,
    )
    row = RosterImport(
        edition_id=edition_id,
        file_id=stored.id,
        name=name[:200],
        digest=hashlib.sha256(content).hexdigest(),
        state=ImportState.PREVIEWED if preview.may_take_over else ImportState.REFUSED,
        report=_report(preview),
        uploaded_at=at,
        uploaded_by=actor.account_id,
    )
    db.session.add(row)
    db.session.flush()
    changes = {"file": [None, row.digest], "errors": [None, row.report["errors"]]}
    audit.record(actor, "roster.uploaded", row, contest_id=edition.contest_id, changes=changes, at=at)
    return row


def _report(preview: Preview) -> dict[str, Any]:
    """Counts only: what stands in the cells is looked up in the file."""
    roster, plan = preview.roster, preview.plan
    return {
        "rows": roster.rows_read if roster else 0,
        "errors": len(preview.errors) + (preview.unreadable is not None),
        "notices": len(roster.notices) if roster else 0,
        "unreadable": preview.unreadable.code if preview.unreadable else "",
        "new_entries": plan.new_entries if plan else 0,
        "changed": plan.count("changed") if plan else 0,
    }


def examine(edition_id: int, content: bytes, name: str, *, actor: Actor, today: date) -> Preview:
    """Read, check and plan; nothing is written."""
    terms = eligibility.terms_for(actor, edition_id, today)
    try:
        roster = read_roster(content, name, terms)
    except UnreadableFile as error:
        return Preview(None, None, error)
    roster = replace(roster, notices=(*roster.notices, *_without_glyphs(roster)))
    return Preview(roster, make_plan(roster.rows, edition_id, actor))


def _without_glyphs(roster: Roster) -> list[Notice]:
    """Names that the shipped fonts can't print whole: said now, not when certificates are made."""
    found = []
    for row in roster.rows:
        for field, name in ((Field.name, row.name), (Field.leader, row.leader), (Field.coach, row.coach)):
            lacking = glyphs.missing(name)
            if lacking:
                place = Place(row.sheet, row.row, field, HEADINGS[field][0])
                found.append(Notice(place, name, " ".join(lacking), ("glyph_missing",)))
    return found


def content_of(row: RosterImport) -> bytes:
    """The uploaded bytes again; the caller has authorised, and logs where they leave the house."""
    stored = db.session.get_one(files.StoredFile, row.file_id)
    return personal.decrypt_bytes(files.read(stored))


def original(import_id: int, *, actor: Actor, at: datetime) -> tuple[bytes, str]:
    """The uploaded file and its name; taking it is kept, because it is full of numbers. Raises Missing."""
    row = queries.import_for(actor, import_id)
    contest_id = queries.edition_by_id(row.edition_id).contest_id
    audit.record(actor, "personal.read", row, contest_id=contest_id, reason="uploaded file", at=at)
    return content_of(row), row.name


def preview_of(row: RosterImport, *, actor: Actor, today: date) -> Preview:
    """The upload as it stands against the database now."""
    return examine(row.edition_id, content_of(row), row.name, actor=actor, today=today)


def take_over(
    import_id: int, *, fingerprint: str | None, actor: Actor, at: datetime, today: date
) -> ImportOutcome:
    """Take a previewed file over, whole. With `fingerprint`, only if it would do what was shown.

    Raises Missing, ImportRefused (errors), ImportChanged (somebody changed the roster meanwhile).
    """
    row = queries.import_for(actor, import_id)
    preview = preview_of(row, actor=actor, today=today)
    if not preview.may_take_over or preview.plan is None:
        raise ImportRefused(errors=len(preview.errors) or 1)
    plan = preview.plan
    if fingerprint is not None and fingerprint != plan.fingerprint:
        raise ImportChanged()
    outcome = _apply(row, plan, actor, at)
    row.state, row.committed_at, row.committed_by = ImportState.COMMITTED, at, actor.account_id
    db.session.flush()
    contest_id = queries.edition_by_id(row.edition_id).contest_id
    counts = {"entries": [None, outcome.entries], "changed": [None, outcome.changed]}
    audit.record(actor, "roster.imported", row, contest_id=contest_id, changes=counts, at=at)
    return outcome


def import_roster(
    edition_id: int, content: bytes, name: str, *, actor: Actor, at: datetime, today: date
) -> ImportOutcome:
    """Upload and take over in one step, for the command line. Raises ImportRefused, with the number of errors."""
    row = upload(edition_id, content, name, actor=actor, at=at, today=today)
    return take_over(row.id, fingerprint=None, actor=actor, at=at, today=today)


def _apply(row: RosterImport, plan: Plan, actor: Actor, at: datetime) -> ImportOutcome:
    by_name = _delegations(row.edition_id, plan, actor, at)
    made: dict[tuple[int, str], Entry] = {}
    joined: dict[int, list[str]] = {}
    for step in plan.steps:
        if step.kind in ("new_entry", "new_member"):
            entry = _enter(step, made, by_name, at)
            joined.setdefault(entry.id, []).append(step.row.name)
        elif step.kind == "changed":
            _change(step, by_name, actor, at)
    _log_new(joined, actor, at)
    same = plan.count("same")
    return ImportOutcome(row.id, len(made), sum(map(len, joined.values())), plan.count("changed"), same)


def _delegations(edition_id: int, plan: Plan, actor: Actor, at: datetime) -> dict[str, Delegation]:
    """All delegations of the edition by name. New ones follow the official order of provinces, else the file's."""
    rows = db.session.scalars(
        sa.select(Delegation).where(Delegation.edition_id == edition_id).order_by(Delegation.official_order)
    )
    by_name = {row.name: row for row in rows}
    last = max((row.official_order for row in by_name.values()), default=0)
    new = plan.new_delegations
    if all(name in PROVINCES for name in new):
        new = tuple(sorted(new, key=PROVINCES.index))
    for order, name in enumerate(new, start=last + 1):
        by_name[name] = delegations.make_delegation(edition_id, name, order=order)
    db.session.flush()
    contest_id = queries.edition_by_id(edition_id).contest_id
    for name in new:
        audit.record(
            actor,
            "delegation.added",
            by_name[name],
            contest_id=contest_id,
            changes={"name": [None, name]},
            at=at,
        )
    return by_name


def _enter(
    step: Step, made: dict[tuple[int, str], Entry], by_name: dict[str, Delegation], at: datetime
) -> Entry:
    row, event = step.row, step.event
    entry = step.entry or (made.get((event.id, row.number)) if row.number else None)
    if entry is None:
        delegation = by_name.get(row.delegation)
        facts = entry_facts(row, event, delegation.id if delegation else None)
        entry = registration.make_entry(event, facts, at)
        made[event.id, entry.number] = entry
    person = step.person or people.make_person(event.sub_contest.edition.contest.holder_id, person_facts(row))
    if step.person is not None:
        people.update_person(person, person_facts(row))
    db.session.flush()
    facts_of_member = member_facts(row)
    own_group = group_key(event, row.group)
    if own_group != entry.group_key:
        facts_of_member = replace(facts_of_member, group_key=own_group)
    registration.join(entry, event, person, facts_of_member, at)
    return entry


def _change(step: Step, by_name: dict[str, Delegation], actor: Actor, at: datetime) -> None:
    member, row = step.member, step.row
    assert member is not None
    entry = member.entry
    contest_id = registration.contest_id_of(step.event)
    people.update_person(member.person, person_facts(row))
    registration.member_differences(member, member_facts(row), contest_id, apply=True)
    if "entry.delegation" in step.changes:
        entry.delegation = by_name[row.delegation]
    if "entry.group" in step.changes:
        entry.group_key = group_key(step.event, row.group)
    for role, text in ((StaffRole.LEADER, row.leader), (StaffRole.COACH, row.coach)):
        if f"entry.{role.value}" in step.changes:
            registration.set_staff(entry, role, split_names(text))
    db.session.flush()
    audit.record(actor, "member.imported", member, contest_id=contest_id, changes=step.changes, at=at)


def _log_new(joined: dict[int, list[str]], actor: Actor, at: datetime) -> None:
    for entry_id, names in joined.items():
        entry = db.session.get_one(Entry, entry_id)
        changes = {"number": [None, entry.number], "members": [None, names]}
        contest_id = registration.contest_id_of(entry.event)
        audit.record(actor, "entry.imported", entry, contest_id=contest_id, changes=changes, at=at)
