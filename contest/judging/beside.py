"""What stands beside the marks of a sheet, as it is shown: comments, presses on the clock, photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.judging.models import Sheet
from contest.judging.note_models import PhotoKind, SheetComment, SheetPhoto, Timing
from contest.judging.problem_lines import ProblemLine, problems_of_sheet


@dataclass(frozen=True)
class PhotoLine:
    """A photo of a sheet; `id` opens it for those who may read the sheet."""

    id: int
    uuid: str
    kind: PhotoKind
    aspect: str
    attempt: int
    taken_at: datetime
    size: int


def comments_of(sheet_id: int) -> dict[tuple[str, int], str]:
    """The comments that stand on a sheet, by (aspect key, attempt); the sheet's own has the key ""."""
    rows = db.session.execute(
        sa.select(SheetComment.aspect_key, SheetComment.attempt, SheetComment.text)
        .where(SheetComment.sheet_id == sheet_id)
        .order_by(SheetComment.id)
    )
    return {(key, attempt): text for key, attempt, text in rows}


def timings_of(sheet_id: int) -> list[Timing]:
    """All presses on the clocks of a sheet in the order they were kept."""
    return list(db.session.scalars(sa.select(Timing).where(Timing.sheet_id == sheet_id).order_by(Timing.id)))


def presses_of(sheet_id: int) -> dict[str, list[dict[str, object]]]:
    """The presses by "aspect.attempt", as the device's clock reads them: {uuid, timing, cause, seconds, at (ms)}."""
    found: dict[str, list[dict[str, object]]] = {}
    for row in timings_of(sheet_id):
        moment = row.happened_at or row.recorded_at
        found.setdefault(f"{row.aspect_key}.{row.attempt}", []).append(
            {
                "uuid": str(row.uuid),
                "timing": row.kind.value,
                "cause": row.cause.value if row.cause else "",
                "seconds": row.seconds,
                "at": round(moment.timestamp() * 1000),
            }
        )
    return found


def photos_of(sheet_id: int) -> list[PhotoLine]:
    """The photos of a sheet, oldest first."""
    rows = db.session.scalars(
        sa.select(SheetPhoto)
        .where(SheetPhoto.sheet_id == sheet_id)
        .order_by(SheetPhoto.id)
        .options(joinedload(SheetPhoto.file))
    )
    return [
        PhotoLine(
            row.id,
            str(row.uuid),
            row.kind,
            row.aspect_key,
            row.attempt,
            row.taken_at or row.recorded_at,
            row.file.size,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Beside:
    """What an office page shows of a sheet beside its marks. comments: (text, the aspect's title or "")."""

    comments: list[tuple[str, str]]
    presses: list[Timing]
    problems: list[ProblemLine]


def beside_of(public_id: str, titles: Mapping[str, str]) -> Beside | None:
    """All of it, None where there is nothing; the caller has authorised the sheet. titles: by aspect key."""
    sheet_id = db.session.scalar(sa.select(Sheet.id).where(Sheet.public_id == public_id)) or 0
    comments = [(text, titles.get(key, key)) for (key, _n), text in comments_of(sheet_id).items() if text]
    presses, problems = timings_of(sheet_id), problems_of_sheet(public_id)
    return (
        Beside(comments, presses, problems)
        if comments or presses or problems or photos_of(sheet_id)
        else None
    )
