"""Signed and stamped papers beside their documents, and what of them everybody may read beside the published lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from contest import audit, files
from contest.accounts.access import Actor
from contest.awards import queries as awards
from contest.awards import service as awards_service
from contest.awards.models import Decision
from contest.db import db
from contest.desk import documents
from contest.desk.models import DecisionScan, OfficeDocument
from contest.errors import Invalid, Missing, Refused
from contest.events.models import Edition

MOST = 20 * 1024 * 1024  # bytes
TYPES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@dataclass(frozen=True)
class Shown:
    """A document as everybody sees it: the scan where there is one, else the paper made here."""

    kind: str  # decision, circular, notice
    id: int
    title: str
    number: str
    dated_on: date | None
    has_scan: bool


def keep(row: OfficeDocument, content: bytes, *, name: str, actor: Actor, at: datetime) -> None:
    """Keep the scan of an issued document; a later one takes its place. Raises Invalid."""
    if row.issued_at is None:
        raise Invalid("document_not_issued")
    before = row.scan_id
    row.scan_id = _stored(content, name, row.contest_id, actor, at).id
    db.session.flush()
    audit.record(actor, "document.scanned", row, changes={"scan": [before, row.scan_id]}, at=at)


def keep_of_decision(decision: Decision, content: bytes, *, name: str, actor: Actor, at: datetime) -> None:
    """Keep the scan of a decision that confers; a later one takes its place. Raises Invalid."""
    if decision.conferred_at is None:
        raise Invalid("document_not_issued")
    row = db.session.get(DecisionScan, decision.id)
    before = row.file_id if row else None
    stored = _stored(content, name, decision.contest_id, actor, at)
    if row is None:
        row = DecisionScan(decision_id=decision.id, edition_id=decision.edition_id, is_public=False)
    row.file_id = stored.id
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "decision.scanned", decision, changes={"scan": [before, stored.id]}, at=at)


def show(row: OfficeDocument, is_public: bool, *, actor: Actor, at: datetime) -> None:
    """Let everybody read an issued document, or nobody any more. Raises Invalid for one not issued or under embargo."""
    if is_public and row.issued_at is None:
        raise Invalid("document_not_issued")
    if is_public and documents.embargoed(row):
        raise Invalid("document_embargoed")
    before, row.is_public = row.is_public, is_public
    db.session.flush()
    audit.record(actor, "document.shown", row, changes={"public": [before, is_public]}, at=at)


def show_of_decision(decision: Decision, is_public: bool, *, actor: Actor, at: datetime) -> None:
    """Let everybody read a decision's scan, or nobody any more. Raises Invalid without a scan."""
    row = db.session.get(DecisionScan, decision.id)
    if row is None:
        raise Invalid("document_not_issued")
    before, row.is_public = row.is_public, is_public
    db.session.flush()
    audit.record(actor, "decision.shown", decision, changes={"public": [before, is_public]}, at=at)


def decisions_of(decisions: Sequence[Decision]) -> dict[int, DecisionScan]:
    """Decision id → its scan."""
    rows = db.session.scalars(
        sa.select(DecisionScan).where(DecisionScan.decision_id.in_([one.id for one in decisions]))
    )
    return {row.decision_id: row for row in rows}


def content_of(file_id: int | None) -> tuple[files.StoredFile, bytes]:
    """A scan with its bytes. Raises Missing."""
    stored = db.session.get(files.StoredFile, file_id) if file_id else None
    if stored is None:
        raise Missing()
    return stored, files.read(stored)


def public_of(edition_id: int) -> tuple[Edition, list[Shown]]:
    """What everybody may read of an edition, newest first. Raises Missing where there is nothing."""
    edition = db.session.get(Edition, edition_id)
    found = [
        Shown(row.kind.value, row.id, documents.paper_of(row, edition).heading, row.document_number, row.dated_on,
              row.scan_id is not None)
        for row in _public_documents(edition_id)
    ] if edition else []  # fmt: skip
    rows = sa.select(DecisionScan).where(DecisionScan.edition_id == edition_id, DecisionScan.is_public)
    for scan in db.session.scalars(rows.order_by(DecisionScan.decision_id.desc())):
        decision = db.session.get_one(Decision, scan.decision_id)
        heading = _heading_of(decision)
        found.append(
            Shown("decision", decision.id, heading, decision.document_number, decision.dated_on, True)
        )
    if edition is None or not found:
        raise Missing()
    return edition, sorted(found, key=lambda one: (one.dated_on or date.min, one.id), reverse=True)


def _heading_of(decision: Decision) -> str:
    """As it stands on the paper; the title alone where nobody is left in the decision."""
    try:
        return awards_service.wording(decision, awards.edition_of(decision)).heading
    except Refused:
        return decision.title_label


def has_public(edition_id: int) -> bool:
    """Whether everybody may read some document of the edition."""
    scan = sa.select(DecisionScan.decision_id).where(
        DecisionScan.edition_id == edition_id, DecisionScan.is_public
    )
    return db.session.scalar(scan.limit(1)) is not None or bool(_public_documents(edition_id))


def public_file(edition_id: int, kind: str, row_id: int) -> tuple[str, bytes]:
    """Media type and bytes of what everybody may read. Raises Missing for anything else."""
    if kind == "decision":
        scan = db.session.get(DecisionScan, row_id)
        if scan is None or not scan.is_public or scan.edition_id != edition_id:
            raise Missing()
        stored, content = content_of(scan.file_id)
        return stored.media_type, content
    row = next((one for one in _public_documents(edition_id) if one.id == row_id), None)
    if row is None or row.kind.value != kind:
        raise Missing()
    if row.scan_id is not None:
        stored, content = content_of(row.scan_id)
        return stored.media_type, content
    return "application/pdf", documents.file_of(row, db.session.get_one(Edition, edition_id), "pdf")


def _public_documents(edition_id: int) -> list[OfficeDocument]:
    rows = sa.select(OfficeDocument).where(
        OfficeDocument.edition_id == edition_id,
        OfficeDocument.is_public,
        OfficeDocument.issued_at.is_not(None),
    )
    return [
        row for row in db.session.scalars(rows.order_by(OfficeDocument.id)) if not documents.embargoed(row)
    ]


def _stored(content: bytes, name: str, contest_id: int, actor: Actor, at: datetime) -> files.StoredFile:
    media_type = next((kind for head, kind in TYPES.items() if content.startswith(head)), "")
    if not media_type or len(content) > MOST:
        raise Invalid("scan_refused", size=MOST // 1024 // 1024)
    return files.store(
        content,
        name=name[:120],
        media_type=media_type,
        contest_id=contest_id,
        actor_id=actor.account_id,
        at=at,
    )
