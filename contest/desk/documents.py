"""Circulars (通报) and public notices (公示): drafted from published lists, edited, closed by number and date.

The text keeps places in braces, so that numbers in it follow the lists. What is attached comes from frozen lists and
granted prizes; once number and date are entered the whole document is kept as it was and nothing changes it any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from contest import audit, official
from contest.accounts.access import Actor
from contest.awards import queries as awards
from contest.awards.models import AwardKind
from contest.db import db
from contest.desk import document_texts as texts
from contest.desk.models import DocumentKind, OfficeDocument
from contest.errors import Invalid, Missing, Refused, Stale
from contest.events import queries as events
from contest.events.models import Edition
from contest.results.exports import title_of
from contest.results.models import ListState, Publication, Snapshot

_PLACE = re.compile(r"\{([^{}]*)\}")
STATES: dict[DocumentKind, tuple[ListState, ...]] = {
    DocumentKind.CIRCULAR: (ListState.FINAL, ListState.ARCHIVED),
    DocumentKind.NOTICE: (ListState.CONFIRMED, ListState.PUBLIC_NOTICE),
}
"""The states a list must have for a document of the kind to tell of it."""


class DocumentClosed(Refused):
    """Number and date are entered: the document stands."""

    code = "document_closed"


def lists_for(actor: Actor, edition_id: int, kind: DocumentKind) -> list[Publication]:
    """Live lists of an edition that a document of the kind may tell of."""
    return [one for one in awards.publications_for(actor, edition_id) if one.state in STATES[kind]]


def documents_for(actor: Actor, edition_id: int) -> list[OfficeDocument]:
    """The documents of an edition, newest first. Raises Missing."""
    edition = events.edition_for(actor, edition_id, may="awards.manage")
    rows = sa.select(OfficeDocument).where(OfficeDocument.edition_id == edition.id)
    return list(db.session.scalars(rows.order_by(OfficeDocument.id.desc())))


def document_for(actor: Actor, document_id: int) -> tuple[OfficeDocument, Edition]:
    """One document with its edition. Raises Missing."""
    row = db.session.get(OfficeDocument, document_id)
    if row is None:
        raise Missing()
    return row, events.edition_for(actor, row.edition_id, may="awards.manage")


def draft(
    edition: Edition,
    kind: DocumentKind,
    publication_ids: Iterable[int],
    *,
    issuer: str,
    actor: Actor,
    at: datetime,
) -> OfficeDocument:
    """Draft a document about some lists. Raises Invalid where none of them is in the state it needs."""
    known = [one.id for one in lists_for(actor, edition.id, kind)]
    chosen = [one for one in known if one in set(publication_ids)]
    if not chosen:
        raise Invalid("document_without_list")
    heading, to, paragraphs = texts.DRAFTS[kind]
    row = OfficeDocument(
        edition_id=edition.id, contest_id=edition.contest_id, kind=kind, heading=heading,
        content={"to": to, "paragraphs": list(paragraphs)}, publications=chosen, issuer=issuer.strip(),
        has_red_heading=kind is DocumentKind.CIRCULAR, drafted_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    changes = {"kind": ["", kind.value], "lists": [[], chosen]}
    audit.record(actor, "document.drafted", row, changes=changes, at=at)
    return row


def edit(
    row: OfficeDocument, edition: Edition, *, heading: str, to: str, paragraphs: Sequence[str], issuer: str,
    has_red_heading: bool, version: int, actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Change the text of a draft. Raises DocumentClosed, Stale, Invalid for a place that nothing fills."""
    _must_be_open(row, version)
    before = [row.heading, row.content, row.issuer, row.has_red_heading]
    row.heading, row.issuer, row.has_red_heading = heading.strip(), issuer.strip(), has_red_heading
    row.content = {"to": to.strip(), "paragraphs": [one.strip() for one in paragraphs if one.strip()]}
    paper_of(row, edition)
    db.session.flush()
    changes = {"text": [before, [row.heading, row.content, row.issuer, row.has_red_heading]]}
    audit.record(actor, "document.edited", row, changes=changes, at=at)


def issue(
    row: OfficeDocument, edition: Edition, *, document_number: str, dated_on: date | None, version: int,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Enter number and date as they were signed: from now on the document stands as it is.

    A public notice may have no number. Raises DocumentClosed, Stale, Invalid.
    """
    _must_be_open(row, version)
    if dated_on is None or (row.has_red_heading and not document_number.strip()):
        raise Invalid("document_incomplete")
    if any(not one.is_live for one in _lists(row)):
        raise Invalid("document_list_gone")
    row.document_number, row.dated_on, row.issued_at = document_number.strip(), dated_on, at
    row.frozen = paper_of(row, edition).to_dict()
    db.session.flush()
    changes = {"document_number": ["", row.document_number], "dated_on": ["", dated_on.isoformat()]}
    audit.record(actor, "document.issued", row, changes=changes, at=at)


def discard(row: OfficeDocument, *, actor: Actor, at: datetime) -> None:
    """Throw a draft away. Raises DocumentClosed."""
    _must_be_open(row, row.version)
    audit.record(actor, "document.discarded", row, changes={"heading": [row.heading, ""]}, at=at)
    db.session.delete(row)
    db.session.flush()


def file_of(row: OfficeDocument, edition: Edition, suffix: str) -> bytes:
    """The document as pdf or docx. Raises KeyError for another suffix, Invalid for a place that nothing fills."""
    return official.file_of(
        paper_of(row, edition), suffix, made_at=row.issued_at or row.drafted_at,
        identifier=f"document-{row.id}-{row.version}",
    )  # fmt: skip


def paper_of(row: OfficeDocument, edition: Edition) -> official.Paper:
    """The document: as it was issued, or filled from its lists as they stand."""
    if row.frozen is not None and row.issued_at is not None:
        return official.Paper.from_dict(row.frozen)
    lists = _lists(row)
    values = texts.values_of(edition, lists, row.issuer)
    attached = tuple(_attachment(one) for one in lists)
    return official.Paper(
        heading=_filled(row.heading, values),
        to=_filled(row.content.get("to", ""), values),
        blocks=tuple(_filled(one, values) for one in row.content.get("paragraphs", [])),
        issuer=row.issuer if row.has_red_heading else "",
        number=row.document_number,
        signer=row.issuer,
        dated_on=row.dated_on,
        attachments=attached,
        is_draft=row.issued_at is None,
        is_demo=edition.is_demo,
    )


def embargoed(row: OfficeDocument) -> list[Publication]:
    """The lists of a document that only named people may read: each reading is put on record."""
    return [one for one in _lists(row) if one.is_embargoed]


def _must_be_open(row: OfficeDocument, version: int) -> None:
    if row.issued_at is not None:
        raise DocumentClosed(number=row.document_number or row.heading)
    if row.version != version:
        raise Stale()


def _lists(row: OfficeDocument) -> list[Publication]:
    found = db.session.scalars(
        sa.select(Publication)
        .where(Publication.id.in_([int(one) for one in row.publications]))
        .options(sa.orm.joinedload(Publication.snapshot).selectinload(Snapshot.rows))
    )
    by_id = {one.id: one for one in found}
    return [by_id[one] for one in row.publications if one in by_id]


def _filled(text: str, values: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise Invalid(
                "document_place_unknown", place=match[0], known="、".join(f"{{{one}}}" for one in values)
            )
        return values[match[1]]

    return _PLACE.sub(value, text)


def _attachment(publication: Publication) -> official.Attachment:
    """The prizes of a list, or its ranked lines where it gives none."""
    title = title_of(publication.snapshot.heading, "zh_CN").replace(" · ", "")
    granted = [one for one in awards.awards_of(publication.id, kinds=[AwardKind.PRIZE]) if one.is_granted]
    if granted:
        rows = tuple(
            (str(number), one.label, one.rank, one.name, one.unit) for number, one in enumerate(granted, 1)
        )
        table = official.Table(texts.PRIZE_HEADS, rows, (2, 4, 2, 5, 9), ("center", "left", "center"))
        return official.Attachment(f"{title}获奖名单", (table,))
    ranked = [one for one in publication.snapshot.rows if one.rank]
    lines = tuple(
        (one.rank, one.name, str(one.data.get("unit") or one.delegation), one.total) for one in ranked
    )
    table = official.Table(texts.RANK_HEADS, lines, (2, 6, 10, 4), ("center", "left", "left", "right"))
    return official.Attachment(f"{title}成绩", (table,))
