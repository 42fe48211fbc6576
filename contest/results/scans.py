"""Stamped and signed scans beside a list: added, taken away again, read by the public where it was said so."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from contest import files
from contest.accounts.access import Actor
from contest.db import db
from contest.errors import Missing
from contest.results.evidence import type_of
from contest.results.models import Publication
from contest.results.models_scans import ListScan
from contest.results.refusals import NotLive, ScanRefused
from contest.results.steps import log

MOST_BYTES = 15 * 1024 * 1024
TYPES = ("application/pdf", "image/jpeg", "image/png")
MOST = 20


def add_scan(
    *, publication: Publication, title: str, content: bytes, is_public: bool, actor: Actor, at: datetime
) -> ListScan:
    """Keep a scan beside a list. Raises ScanRefused, NotLive."""
    if not publication.is_live:
        raise NotLive()
    media_type = type_of(content)
    if media_type not in TYPES or len(content) > MOST_BYTES or len(scans_of(publication)) >= MOST:
        raise ScanRefused(size=MOST_BYTES // 1024 // 1024)
    stored = files.store(
        content,
        name=title.strip()[:120],
        media_type=media_type,
        contest_id=publication.event.sub_contest.edition.contest_id,
        actor_id=actor.account_id,
        at=at,
    )
    row = ListScan(
        publication_id=publication.id,
        file_id=stored.id,
        title=title.strip()[:120],
        media_type=media_type,
        is_public=is_public,
        added_at=at,
        added_by=actor.account_id,
        added_name=actor.name,
    )
    db.session.add(row)
    _touch(publication)
    changes: dict[str, list[object]] = {"scan": [None, row.title], "digest": [None, stored.digest]}
    log(actor, "publication.scan_added", publication, at, changes)
    return row


def remove_scan(*, publication: Publication, scan_id: int, actor: Actor, at: datetime) -> None:
    """Show a scan no longer; its bytes stay on record. Raises Missing."""
    row = _scan(publication, scan_id)
    row.removed_at = at
    _touch(publication)
    log(actor, "publication.scan_removed", publication, at, {"scan": [row.title, None]})


def _touch(publication: Publication) -> None:
    """The list's page changes with it, so its version moves on: kept pages follow that."""
    flag_modified(publication, "change_note")
    db.session.flush()


def scans_of(publication: Publication, *, public_only: bool = False) -> list[ListScan]:
    """The scans beside a list, oldest first."""
    statement = sa.select(ListScan).where(
        ListScan.publication_id == publication.id, ListScan.removed_at.is_(None)
    )
    if public_only:
        statement = statement.where(ListScan.is_public)
    return list(db.session.scalars(statement.order_by(ListScan.id)))


def _scan(publication: Publication, scan_id: int, *, public_only: bool = False) -> ListScan:
    row = next((one for one in scans_of(publication, public_only=public_only) if one.id == scan_id), None)
    if row is None:
        raise Missing()
    return row


def content_of(publication: Publication, scan_id: int, *, public_only: bool) -> tuple[ListScan, bytes]:
    """A scan with its bytes. Raises Missing."""
    row = _scan(publication, scan_id, public_only=public_only)
    return row, files.read(db.session.get_one(files.StoredFile, row.file_id))
