"""The archive of an edition: one ZIP with everything that proves its results, made as a job, with a list of contents.

Each part (the edition, then each event) becomes a ZIP of its own aside and is renamed when whole, so a part done twice
does no harm; the finish puts them together. `sha256sums.txt` is checked anywhere by `sha256sum -c`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from contest import audit, files, jobs, official
from contest.accounts.access import SYSTEM, Actor
from contest.certificates.making import keep_bundle
from contest.db import db, now, transaction
from contest.desk import archive_pieces as pieces
from contest.desk import ceremony, retention
from contest.desk.models import RetentionPeriod
from contest.errors import Missing
from contest.events import queries as events
from contest.events.models import Edition
from contest.jobs import Job, job_kind
from contest.results.models import Publication
from contest.web import neutral

if TYPE_CHECKING:
    from contest.chunks import Work

KIND = "desk.archive"
SHOWN = 5
EPOCH = (1980, 1, 1, 0, 0, 0)
PERIODS = {
    RetentionPeriod.PERMANENT: "永久",
    RetentionPeriod.YEARS_30: "30年",
    RetentionPeriod.YEARS_10: "10年",
}
HEADS = ("序号", "类别", "文件", "字节数", "SHA-256", "保管期限")


def start(edition: Edition, *, actor: Actor, at: datetime) -> Job:
    """Begin to make the archive; `jobs.deliver` it after the commit. Reading lists under embargo is put on record."""
    found = events.events_for(actor, may="awards.manage", edition_id=edition.id)
    lists = db.session.scalars(
        sa.select(Publication).where(Publication.event_id.in_([one.id for one in found]))
    )
    ceremony.log_readings(lists, "archive", actor=actor, at=at)
    params = {"edition": edition.id, "events": [one.id for one in found], "by": actor.name}
    return jobs.start(
        KIND, params, total=1 + len(found), actor=actor, at=at, contest_id=edition.contest_id, chunk_size=1
    )


def jobs_of(edition: Edition) -> list[Job]:
    """The newest archives of an edition, the last first."""
    rows = sa.select(Job).where(Job.contest_id == edition.contest_id, Job.kind == KIND)
    found = db.session.scalars(rows.order_by(Job.id.desc()).limit(SHOWN * 5))
    return [one for one in found if one.params["edition"] == edition.id][:SHOWN]


def job_for(actor: Actor, job_id: int) -> tuple[Job, Edition]:
    """An archive's job with its edition, for its organiser. Raises Missing."""
    job = jobs.job_with(job_id)
    if job.kind != KIND:
        raise Missing()
    return job, events.edition_for(actor, int(job.params["edition"]), may="awards.manage")


def taken(job: Job, edition: Edition, *, actor: Actor, at: datetime) -> files.StoredFile:
    """The finished archive; that it was taken is put on record. Raises Missing while it isn't finished."""
    stored = db.session.get(files.StoredFile, int((job.result or {}).get("zip", 0)))
    if stored is None:
        raise Missing()
    audit.record(
        actor, "archive.downloaded", job, contest_id=edition.contest_id, changes={"digest": [None, stored.digest]}, at=at
    )  # fmt: skip
    return stored


def _folder(job_id: int) -> Path:
    folder = files.workshop() / f"archive-{job_id}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _finish(work: Work) -> dict[str, Any]:
    """All parts in one ZIP with the list of contents, stored; the parts go away."""
    folder = _folder(work.job_id)
    whole = folder / "archive.zip"
    edition = db.session.get_one(Edition, work.params["edition"])
    periods = retention.periods_of(edition.id)
    lines: list[dict[str, Any]] = []
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as target:
        for place in range(work.total):
            lines += _copied(folder / f"part-{place}.zip", target)
        lines.sort(key=lambda line: line["path"])
        for line in lines:
            line["retention"] = PERIODS[periods[line["kind"]]]
        for name, content in _contents(edition, lines, work).items():
            target.writestr(_entry(name), content)
    kept = files.keep_file(whole)
    with transaction():
        edition = db.session.get_one(Edition, work.params["edition"])
        stored = keep_bundle(
            kept, name=f"{pieces.safe(edition.name)} 档案.zip", media_type="application/zip",
            contest_id=work.contest_id, actor_id=work.created_by,
        )  # fmt: skip
        result = {"zip": stored.id, "files": len(lines), "size": kept.size, "digest": kept.digest}
    shutil.rmtree(folder, ignore_errors=True)
    return result


@job_kind(KIND, finish=_finish)
def _make(work: Work) -> None:
    folder = _folder(work.job_id)
    for place in work.places:
        part = folder / f"part-{place}.zip"
        unfinished = part.with_suffix(".new")
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as target:
            for piece in _pieces(work, place):
                _write(target, piece)
        unfinished.replace(part)
        db.session.rollback()
        work.step()


def _pieces(work: Work, place: int) -> Any:
    if place == 0:
        return pieces.of_edition(db.session.get_one(Edition, work.params["edition"]))
    return pieces.of_event(events.event_for(SYSTEM, work.params["events"][place - 1], may="results.view"))


def _entry(name: str, kind: str = "") -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type, entry.external_attr, entry.comment = (
        zipfile.ZIP_DEFLATED,
        0o600 << 16,
        kind.encode(),
    )
    return entry


def _write(target: zipfile.ZipFile, piece: pieces.Piece) -> None:
    with target.open(_entry(piece.path, piece.kind), "w", force_zip64=True) as file:
        for chunk in piece.chunks:
            file.write(chunk)


def _copied(part: Path, target: zipfile.ZipFile) -> list[dict[str, Any]]:
    """Take the files of a part over; kind, path, size and digest of each."""
    lines = []
    with zipfile.ZipFile(part) as source:
        for entry in source.infolist():
            digest = hashlib.sha256()
            kind = entry.comment.decode()
            with (
                source.open(entry) as file,
                target.open(_entry(entry.filename), "w", force_zip64=True) as out,
            ):
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
                    out.write(chunk)
            lines.append(
                {"kind": kind, "path": entry.filename, "size": entry.file_size, "sha256": digest.hexdigest()}
            )
    return lines


def _contents(edition: Edition, lines: list[dict[str, Any]], work: Work) -> dict[str, bytes]:
    """The list of contents: to read (PDF), to sort (CSV), for programs (JSON), to check (sha256sum -c)."""
    rows = [
        (
            str(number), retention.KINDS[line["kind"]][0][3:], line["path"], str(line["size"]), line["sha256"],
            line["retention"],
        )
        for number, line in enumerate(lines, 1)
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [HEADS, *([neutral(cell) for cell in row] for row in rows)]
    )
    made_at = now()
    about = {
        "contest": edition.contest.name,
        "edition": edition.name,
        "made_at": made_at.isoformat(),
        "made_by": work.params["by"],
        "files": lines,
    }
    table = official.Table(
        ("序号", "类别", "文件", "字节数", "SHA-256（前16位）", "保管期限"),
        tuple((*row[:4], row[4][:16], row[5]) for row in rows),
        (2, 5, 20, 4, 7, 3),
        ("center", "left", "left", "right", "left", "center"),
    )
    paper = official.Paper(
        heading=f"{edition.name}\n档案目录", blocks=(table,), is_signed=False, sheet="landscape", is_demo=edition.is_demo,
        subtitle=f"共{len(rows)}件　{made_at:%Y-%m-%d %H:%M} UTC　经办人：{work.params['by']}",
    )  # fmt: skip
    return {
        "00 目录.pdf": official.pdf(paper, made_at=made_at, identifier=f"archive-{work.job_id}"),
        "00 目录.csv": b"\xef\xbb\xbf" + out.getvalue().encode(),
        "contents.json": json.dumps(about, ensure_ascii=False, indent=1).encode() + b"\n",
        "sha256sums.txt": "".join(f"{line['sha256']}  {line['path']}\n" for line in lines).encode(),
    }
