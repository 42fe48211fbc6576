"""Evidence that comes with an appeal: photographs, videos and papers, told apart by their content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from contest import files
from contest.accounts.access import Actor
from contest.db import db
from contest.results.models import Appeal, AppealFile
from contest.results.refusals import EvidenceRefused

MOST_FILES = 6
MOST_BYTES = 15 * 1024 * 1024
SUFFIXES = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "video/mp4": ".mp4",
}


def type_of(content: bytes) -> str:
    """The media type by the first bytes; empty for what isn't taken."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "video/mp4" if content[4:8] == b"ftyp" else ""


def add_evidence(
    *, appeal: Appeal, pieces: Sequence[tuple[str, bytes]], actor: Actor, at: datetime
) -> list[AppealFile]:
    """Keep (name, bytes) beside an appeal. Raises EvidenceRefused naming the file that can't be taken."""
    if len(pieces) + len(appeal.files) > MOST_FILES:
        raise EvidenceRefused(name=pieces[-1][0], most=MOST_FILES, size=MOST_BYTES // 1024 // 1024)
    made = []
    for name, content in pieces:
        media_type = type_of(content)
        if not media_type or len(content) > MOST_BYTES:
            raise EvidenceRefused(name=name, most=MOST_FILES, size=MOST_BYTES // 1024 // 1024)
        stored = files.store(
            content,
            name=name[:120],
            media_type=media_type,
            contest_id=appeal.event.sub_contest.edition.contest_id,
            actor_id=actor.account_id,
            at=at,
        )
        made.append(AppealFile(file_id=stored.id, name=name[:120], media_type=media_type))
    appeal.files.extend(made)
    db.session.flush()
    return made


def evidence_of(appeal: Appeal, file_id: int) -> tuple[AppealFile, bytes] | None:
    """A piece of evidence of this appeal with its bytes; None for another's."""
    row = next((one for one in appeal.files if one.id == file_id), None)
    return (row, files.read(db.session.get_one(files.StoredFile, row.file_id))) if row else None
