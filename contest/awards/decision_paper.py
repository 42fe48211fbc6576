"""The decision as an official document: text, attachment with the list, and a check that both name the same people."""

from __future__ import annotations

from dataclasses import dataclass

from contest import official
from contest.awards import queries
from contest.awards.decisions import wording
from contest.awards.models import Decision
from contest.awards.refusals import DecisionCountDiffers

HEADS = ("序号", "姓名", "工作单位", "竞赛项目", "名次")
WIDTHS = (2, 4, 10, 7, 4)
ALIGNS = ("center", "left", "left", "left", "center")


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


def paper_of(decision: Decision) -> official.Paper:
    """The decision as it stands: a draft until it confers, then with number and date.

    Raises DecisionEmpty, DecisionPlaceUnknown, DecisionCountDiffers when the text names another number of people
    than the list has rows.
    """
    edition = queries.edition_of(decision)
    text, rows = wording(decision, edition), lines_of(decision)
    if text.count != len(rows):
        raise DecisionCountDiffers(text=text.count, rows=len(rows))
    title = f"“{decision.title_label}”称号人员名单"
    table = official.Table(
        HEADS,
        tuple((str(one.number), one.name, one.unit, one.event, one.place) for one in rows),
        WIDTHS,
        ALIGNS,
    )
    count = official.Line(f"共{text.count}名", "right")
    return official.Paper(
        heading=text.heading,
        to=text.to,
        blocks=tuple(text.paragraphs),
        issuer=decision.authority or "　　　　　　　　",
        number=decision.document_number,
        signer=decision.authority,
        dated_on=decision.dated_on,
        attachments=(official.Attachment(title, (table, count)),),
        is_draft=decision.conferred_at is None,
        is_demo=edition.is_demo,
    )


def file_of(decision: Decision, suffix: str) -> bytes:
    """The decision as pdf or docx. Raises what `paper_of` does, KeyError for another suffix."""
    return official.file_of(
        paper_of(decision), suffix, made_at=decision.conferred_at or decision.drafted_at,
        identifier=f"decision-{decision.id}-{decision.version}",
    )  # fmt: skip


def pdf(decision: Decision) -> bytes:
    """The decision as PDF. Raises what `paper_of` does."""
    return file_of(decision, "pdf")
