"""Registration files: kept, previewed, taken over whole or not at all; the same file again changes nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from contest import audit, files, glyphs, personal
from contest.accounts.access import Actor
from contest.db import db
from contest.entries import eligibility, queries
from contest.entries.applying import Applying, ImportOutcome
from contest.entries.models import ImportState, RosterImport
from contest.entries.plan import (
    Plan,
    make_plan,
)
from contest.entries.refusals import ImportChanged, ImportRefused
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
    return Preview(roster, make_plan(roster.rows, edition_id, actor, today))


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
    outcome = Applying(row, plan, actor, at).run()
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
