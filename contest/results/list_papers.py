"""A published list and the summary to sign (成绩汇总表) as DOCX: the same columns and words as on their PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from contest import official
from contest.results import cells, wording
from contest.results.exports import WIDE, facts_of, state_of, title_of
from contest.results.models import Publication, SnapshotRow
from contest.results.tally import Sheet, signing

WIDTHS = {"rank": 5, "number": 7, "name": 10, "unit": 14, "delegation": 12, "remark": 12, "award": 8}
CENTRED = ("rank", "number", "award")


def list_docx(publication: Publication, rows: Sequence[SnapshotRow], locale: str = "zh_CN") -> bytes:
    """A published list; equal lists give equal bytes."""
    heading = publication.snapshot.heading
    colon = "：" if locale.startswith("zh") else ": "
    facts = "　".join(f"{label}{colon}{value}" for label, value in facts_of(publication, locale))
    notes = [official.Line(text, "center", True) for text in _notes(publication, locale)]
    paper = official.Paper(
        heading=f"{wording.titled(heading['edition'], locale)}\n{title_of(heading, locale)}",
        subtitle=facts,
        blocks=(*notes, _table(heading, rows, locale)),
        is_signed=False,
        sheet="landscape" if len(heading["columns"]) > WIDE else "portrait",
        lang=_lang(locale),
        is_demo=bool(heading["is_demo"]),
    )
    return official.docx(paper, made_at=publication.published_at)


def tally_docx(sheet: Sheet, *, locale: str = "zh_CN") -> bytes:
    """The summary to sign; the lines for signatures stand at the foot of every page."""
    heading = sheet.heading
    about = f"{sheet.state}　{wording.text('digest', locale)} {sheet.mark[:16]}"
    is_people = all(len(line.data["members"]) == 1 for line in sheet.lines)
    count = wording.text("people" if is_people else "units", locale, n=len(sheet.lines))
    places = "　".join(f"{label}____________" for label in signing(heading, locale))
    paper = official.Paper(
        heading=f"{wording.titled(heading['edition'], locale)}\n{title_of(heading, locale)} {wording.text('tally', locale)}",
        subtitle=about,
        blocks=(_table(heading, sheet.lines, locale), official.Line(count, "right", True)),
        footer=(places,),
        is_signed=False,
        sheet="landscape",
        lang=_lang(locale),
        is_demo=bool(heading["is_demo"]),
    )
    return official.docx(paper, made_at=sheet.at)


def _lang(locale: str) -> str:
    return "zh-CN" if locale.startswith("zh") else "en"


def _notes(publication: Publication, locale: str) -> list[str]:
    if publication.withdrawn_at is not None:
        return [wording.text("withdrawn_for", locale, reason=publication.withdrawn_reason)]
    if publication.superseded_at is not None:
        return [wording.say(wording.STATES[state_of(publication)], locale)]
    return [wording.text("changed", locale, note=publication.change_note)] if publication.change_note else []


def _table(heading: Mapping[str, Any], lines: Sequence[cells.ListLine], locale: str) -> official.Table:
    kinds = cells.kinds(heading)
    aligns = ["right" if kind in cells.NUMERIC else "center" if kind in CENTRED else "left" for kind in kinds]
    return official.Table(
        heads=tuple(cells.labels(heading, locale)),
        rows=tuple(tuple(line) for line in cells.table(heading, lines, locale)),
        widths=tuple(WIDTHS.get(kind, 8) for kind in kinds),
        aligns=tuple(aligns),
    )
