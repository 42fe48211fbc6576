"""The pieces of an edition's archive: each a kind, a path and its bytes, made one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from contest import files
from contest.accounts.access import SYSTEM
from contest.awards import queries as awards
from contest.awards import service as awards_service
from contest.awards.models import Decision
from contest.db import db
from contest.desk import archive_tables as tables
from contest.desk import documents, scans
from contest.desk.models import DocumentKind, OfficeDocument
from contest.desk.retention import KINDS
from contest.entries import queries as entries
from contest.errors import Refused
from contest.events import queries as events
from contest.events.models import Edition, Event
from contest.results import bundles, exports, notice_paper, notices, recheck_paper
from contest.results import queries as results
from contest.results.models import ListState, Publication, Recheck
from contest.results.tally import sheet_of, tally_pdf
from contest.scoring.rules import RuleSet

LANGUAGE = "zh_CN"
LIST_FILES = ("pdf", "csv", "json")
SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4"}
FINAL = (ListState.FINAL, ListState.ARCHIVED)


@dataclass(frozen=True)
class Piece:
    """One file of the archive. chunks: its bytes in parts, so that a million marks need no memory."""

    kind: str
    path: str
    chunks: Iterable[bytes]


def _piece(kind: str, name: str, content: bytes | Iterable[bytes], *folders: str) -> Piece:
    parts = [KINDS[kind][0], *(safe(one) for one in folders), safe(name)]
    return Piece(kind, "/".join(parts), [content] if isinstance(content, bytes) else content)


def safe(name: str) -> str:
    """A name that every file system takes and that stays in its folder."""
    cleaned = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", name).strip(" .")
    stem, dot, suffix = cleaned.rpartition(".")
    return f"{stem[:80]}.{suffix}" if dot and len(suffix) < 6 else cleaned[:80] or "_"


def of_edition(edition: Edition) -> Iterator[Piece]:
    """What belongs to the edition as a whole."""
    for decision in awards.decisions_for(SYSTEM, edition.id):
        if decision.conferred_at is not None:
            yield from _decision(decision)
    rows = sa.select(OfficeDocument).where(
        OfficeDocument.edition_id == edition.id, OfficeDocument.issued_at.is_not(None)
    )
    for row in db.session.scalars(rows.order_by(OfficeDocument.id)):
        kind = "circular" if row.kind is DocumentKind.CIRCULAR else "notice"
        stem = f"{row.id} {documents.paper_of(row, edition).heading}"
        for suffix in ("pdf", "docx"):
            yield _piece(kind, f"{stem}.{suffix}", documents.file_of(row, edition, suffix))
        yield from _scan(row.scan_id, stem)
    yield _piece("register", "证书登记册.csv", tables.certificates(edition.id))
    yield _piece("register", "称号登记册.csv", tables.titles(edition.id))
    yield _piece("log", "操作日志.csv", tables.changes(edition.contest_id))


def _decision(decision: Decision) -> Iterator[Piece]:
    stem = f"{decision.id} {decision.title_label} {decision.document_number}"
    for suffix in ("pdf", "docx"):
        yield _piece("decision", f"{stem}.{suffix}", awards_service.decision_file(decision, suffix))
    scan = scans.decisions_of([decision]).get(decision.id)
    yield from _scan(scan.file_id if scan else decision.scan_id, stem)


def _scan(file_id: int | None, stem: str) -> Iterator[Piece]:
    stored = db.session.get(files.StoredFile, file_id) if file_id else None
    if stored is not None:
        yield _piece("scan", f"{stem}.{SUFFIXES.get(stored.media_type, 'bin')}", files.read(stored))


def of_event(event: Event) -> Iterator[Piece]:
    """What belongs to one event. Marks and codes come only with a final list: before, they are not the organiser's."""
    folder = f"{event.id} {event.name}"
    publications = list(reversed(results.publications_of(event.id)))
    for publication in publications:
        yield from _list(publication, folder)
    yield from _protocols(event, folder)
    yield _piece("appeal", "申诉.csv", tables.appeals(event.id), folder)
    yield _piece("appeal", "改分.csv", tables.corrections(event.id), folder)
    yield from _evidence(event, folder)
    for version in events.versions_of(event):
        toml = RuleSet.from_dict(version.document).to_toml()
        yield _piece("rules", f"规则 第{version.number}版.toml", toml.encode(), folder)
    yield _piece("roster", "参赛名册（证件号已遮盖）.csv", tables.roster(event.id), folder)
    if any(one.state in FINAL and one.is_live for one in publications):
        yield _piece("marks", "评分记录.csv", tables.marks(event.id), folder)
        yield _piece("marks", "加密号对照.csv", tables.codes(event.id), folder)


def _list(publication: Publication, folder: str) -> Iterator[Piece]:
    rows = results.rows_for(publication)
    stem = exports.file_name(publication, "x", LANGUAGE).removesuffix(".x")
    for suffix in LIST_FILES:
        name = f"{publication.id} {stem}.{suffix}"
        yield _piece("list", name, exports.file_of(publication, rows, suffix, LANGUAGE), folder)
    yield _piece("list", f"{publication.id} {stem} 过程.csv", tables.steps(publication), folder)
    paper = tally_pdf(sheet_of(publication, rows, LANGUAGE), locale=LANGUAGE)
    yield _piece("tally", f"{publication.id} {stem} 成绩汇总表.pdf", paper, folder)
    try:
        bundle = bundles.content_of(publication)
        yield _piece("bundle", f"{publication.id} {stem} 核验包.zip", bundle, folder)
    except Refused:
        # A list of before bundles were kept, whose marks have changed since: the archive says so.
        text = "本榜单公布时未留存核验包，其后成绩有改动，无法补做。\n".encode()
        yield _piece("bundle", f"{publication.id} {stem} 无核验包.txt", text, folder)
    period = notices.notice_of(publication)
    if period is not None:
        found = notices.objections_of(publication.id)
        record = notice_paper.record_pdf(publication, period, found, LANGUAGE)
        yield _piece("protocol", f"{publication.id} 公示情况记录.pdf", record, folder)


def _protocols(event: Event, folder: str) -> Iterator[Piece]:
    for draw in entries.draws_of(event.id):
        if draw.locked_at is not None:
            yield _piece("protocol", f"抽签 {draw.id}.csv", tables.draw(draw), folder)
    yield _piece("protocol", "解密记录.csv", tables.decodings(event.id), folder)
    yield _piece("protocol", "逐层解密记录.csv", tables.openings(event.id), folder)
    for recheck in db.session.scalars(sa.select(Recheck).where(Recheck.event_id == event.id)):
        report = recheck_paper.report_pdf(recheck, event, LANGUAGE)
        yield _piece("protocol", f"成绩复核报告 {recheck.id}.pdf", report, folder)


def _evidence(event: Event, folder: str) -> Iterator[Piece]:
    for appeal in results.appeals_for(SYSTEM, may=("results.view",), event_id=event.id):
        for one in appeal.files:
            stored = db.session.get_one(files.StoredFile, one.file_id)
            suffix = SUFFIXES.get(one.media_type, "bin")
            yield _piece("appeal", f"申诉{appeal.id} 证据{one.id}.{suffix}", files.read(stored), folder)
