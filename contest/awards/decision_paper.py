"""The decision as an official document: text, attachment with the list, and a check that both name the same people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from contest import papers
from contest.awards import queries
from contest.awards.decisions import wording
from contest.awards.models import Decision
from contest.awards.refusals import DecisionCountDiffers

# “…”, and “某某等 N 名同志”: what a heading must not part.
_PHRASE = re.compile(r"(“[^”]{1,18}”(?:称号的决定)?|[^于予]{1,12}等\d+名同志)")
TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Line:
    """One row of the attachment."""

    number: int
    name: str
    unit: str
    event: str
    place: str


def lines_of(decision: Decision) -> list[Line]:
    """The people of a decision as rows, in the order of the list, by event."""
    return [
        Line(
            number,
            title.name,
            title.unit,
            title.award.publication.event.name,
            f"第{title.award.rank}名" if title.award.rank else "",
        )
        for number, title in enumerate(decision.titles, 1)
    ]


def pdf(decision: Decision) -> bytes:
    """The decision as PDF: a draft until it confers, then with number and date.

    Raises DecisionEmpty, DecisionPlaceUnknown, DecisionCountDiffers when the text names another number of people
    than the list has rows.
    """
    edition = queries.edition_of(decision)
    text, rows = wording(decision, edition), lines_of(decision)
    if text.count != len(rows):
        raise DecisionCountDiffers(text=text.count, rows=len(rows))
    body = _ENVIRONMENT.get_template("awards/decision_paper.html").render(
        decision=decision,
        text=text,
        heading=whole_phrases(text.heading),
        groups=[(event, list(lines)) for event, lines in groupby(rows, key=lambda one: one.event)],
        date=chinese_date(decision.dated_on),
        is_draft=decision.conferred_at is None,
    )
    return papers.pdf(
        body, title=text.heading, made_at=decision.conferred_at or decision.drafted_at,
        identifier=f"decision-{decision.id}-{decision.version}", demo=edition.is_demo, page="official",
    )  # fmt: skip


def whole_phrases(heading: str) -> Markup:
    """The heading with its phrases kept whole at a line's end, as GB/T 9704-2012 asks (7.3.1: 词意完整)."""
    parts = _PHRASE.split(heading)
    return Markup("<wbr>").join(
        Markup('<span class="nowrap">{}</span>').format(part) if _PHRASE.fullmatch(part) else part
        for part in parts
    )


def chinese_date(day: date | None) -> str:
    """2026年11月20日, or blanks to be filled in by hand."""
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　　　年　　月　　日"
