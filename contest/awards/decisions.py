"""Decisions (决定): drafted from the proposed titles, edited, and conferring once authority, number and date are known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contest import audit
from contest.accounts.access import Actor
from contest.awards import queries
from contest.awards.models import Decision, Title, TitleState
from contest.awards.refusals import (
    ConferralIncomplete,
    DecisionClosed,
    DecisionCountDiffers,
    DecisionEmpty,
    DecisionPlaceUnknown,
    ListNotLive,
    NothingProposed,
    TitleNoticeRunning,
)
from contest.awards.titles import OPEN, is_on_notice
from contest.db import db
from contest.errors import Stale
from contest.events.models import Edition

PLACES = ("first", "count", "title", "edition", "authority")
_PLACE = re.compile(r"\{([^{}]*)\}")
# A number of people written out in the text: “96名同志”, “等 12 人”.
_PEOPLE = re.compile(r"(\d+)\s*(?:名|人|位)")

HEADING = "{authority}关于授予{first}{many}同志“{title}”称号的决定"
PARAGRAPHS = (
    "为大力弘扬劳模精神、劳动精神、工匠精神，激励广大职工学技术、练本领、比贡献，{edition}圆满举办。"
    "根据竞赛规程和正式公布的竞赛成绩，经研究，决定授予{first}{many}同志“{title}”称号（名单附后）。",
    "希望获得称号的同志珍惜荣誉、再接再厉，充分发挥示范引领作用。"
    "广大职工要以他们为榜样，立足岗位、钻研技能，为高质量发展作出新的更大贡献。",
)
TO = "各有关单位："


@dataclass(frozen=True)
class Wording:
    """A decision's text with every place filled: what the paper prints."""

    heading: str
    to: str
    paragraphs: tuple[str, ...]
    count: int


def draft(
    edition: Edition, titles: Sequence[Title], *, authority: str, actor: Actor, at: datetime
) -> Decision:
    """Draft a decision for proposed titles of one name. Raises NothingProposed, ListNotLive.

    The text keeps places in braces for the people's number and the first name, so that it follows its list.
    """
    if not titles or len({title.key for title in titles}) != 1:
        raise NothingProposed()
    _must_stand(titles)
    first = titles[0]
    decision = Decision(
        contest_id=edition.contest_id, edition_id=edition.id, title_key=first.key, title_label=first.label,
        heading=HEADING, body={"to": TO, "paragraphs": list(PARAGRAPHS)}, authority=authority.strip(), drafted_at=at,
    )  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    for position, title in enumerate(titles, 1):
        title.decision_id, title.position = decision.id, position
    db.session.flush()
    db.session.refresh(decision)
    audit.record(
        actor,
        "decision.drafted",
        decision,
        changes={"people": [0, len(titles)], "title": ["", first.label]},
        at=at,
    )
    return decision


def edit(
    decision: Decision, *, heading: str, to: str, paragraphs: Sequence[str], authority: str, version: int,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Change the text of a draft. Raises DecisionClosed, Stale, DecisionPlaceUnknown, DecisionCountDiffers."""
    if decision.conferred_at is not None:
        raise DecisionClosed(number=decision.document_number)
    if decision.version != version:
        raise Stale()
    before = [decision.heading, decision.body, decision.authority]
    decision.heading, decision.authority = heading.strip(), authority.strip()
    decision.body = {"to": to.strip(), "paragraphs": [one.strip() for one in paragraphs if one.strip()]}
    wording(decision, queries.edition_of(decision))
    db.session.flush()
    audit.record(
        actor, "decision.edited", decision,
        changes={"text": [before, [decision.heading, decision.body, decision.authority]]}, at=at,
    )  # fmt: skip


def confer(
    decision: Decision, *, authority: str, document_number: str, dated_on: date | None, version: int,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Enter what the authority signed: from now on the titles are conferred.

    Raises ConferralIncomplete, DecisionClosed, DecisionEmpty, ListNotLive, TitleNoticeRunning, Stale,
    DecisionCountDiffers.
    """
    if decision.conferred_at is not None:
        raise DecisionClosed(number=decision.document_number)
    if decision.version != version:
        raise Stale()
    if not (authority.strip() and document_number.strip() and dated_on):
        raise ConferralIncomplete()
    _must_stand(decision.titles)
    for title in decision.titles:
        if is_on_notice(title, at):
            raise TitleNoticeRunning(until=title.notice_until.isoformat() if title.notice_until else "")
    decision.authority, decision.document_number = authority.strip(), document_number.strip()
    decision.dated_on, decision.conferred_at = dated_on, at
    wording(decision, queries.edition_of(decision))
    for title in decision.titles:
        title.state, title.settled_at = TitleState.CONFERRED, at
    db.session.flush()
    audit.record(
        actor, "decision.conferred", decision,
        changes={
            "document_number": ["", decision.document_number],
            "dated_on": ["", dated_on.isoformat()],
            "people": [None, len(decision.titles)],
        },
        at=at,
    )  # fmt: skip


def wording(decision: Decision, edition: Edition) -> Wording:
    """The text with its places filled from the list; the number of people in it is the list's number of rows.

    Raises DecisionEmpty, DecisionPlaceUnknown, and DecisionCountDiffers when the text states another number.
    """
    titles = decision.titles
    if not titles:
        raise DecisionEmpty()
    count = len(titles)
    values = {
        "first": titles[0].name,
        "count": str(count),
        "many": f"等{count}名" if count > 1 else "",
        "title": decision.title_label,
        "edition": edition.name,
        "authority": decision.authority,
    }

    def fill(text: str) -> str:
        def value(match: re.Match[str]) -> str:
            if match[1] not in values:
                raise DecisionPlaceUnknown(place=match[0], known="、".join(f"{{{name}}}" for name in values))
            return values[match[1]]

        return _PLACE.sub(value, text)

    filled = Wording(
        fill(decision.heading),
        fill(decision.body.get("to", "")),
        tuple(fill(one) for one in decision.body.get("paragraphs", [])),
        count,
    )
    for text in (filled.heading, *filled.paragraphs):
        for number in _PEOPLE.findall(text):
            if int(number) != count:
                raise DecisionCountDiffers(text=number, rows=count)
    return filled


def _must_stand(titles: Sequence[Title]) -> None:
    if not titles:
        raise DecisionEmpty()
    for title in titles:
        if not title.award.publication.is_live:
            raise ListNotLive()
        if title.state not in OPEN:
            raise NothingProposed()
