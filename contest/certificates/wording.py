"""What stands on a paper: the values of its slots, from the award, its frozen row and the bodies that issue it."""

from __future__ import annotations

import re
from datetime import date

import sqlalchemy as sa

from contest.awards.decisions import wording as decision_wording
from contest.awards.models import Award, Title
from contest.certificates.models import Recipient, Roll
from contest.db import db
from contest.events.models import Edition, Event, HostRole
from contest.official import chinese_date
from contest.results.models import SnapshotRow

TEAM, PRIZE, TITLE, HONOUR, COACH = "team", "prize", "title", "honour", "coach"
APPOINTMENT, PARTICIPATION = "appointment", "participation"
# What a number's pattern may call a kind of paper.
KIND_WORDS = {
    PRIZE: "获奖", TEAM: "获奖", TITLE: "称号", HONOUR: "荣誉", COACH: "教练", APPOINTMENT: "聘任",
    PARTICIPATION: "参赛",
}  # fmt: skip
BODIES = frozenset({TEAM, HONOUR})  # kinds whose holder is no person, so that its name may be shown
_SUBJECT = re.compile(r"([meod])\d+")


def row_of(award: Award) -> SnapshotRow | None:
    """The frozen row that earned an award."""
    return db.session.scalars(
        sa.select(SnapshotRow).where(
            SnapshotRow.snapshot_id == award.publication.snapshot_id,
            SnapshotRow.subject_kind == award.subject_kind,
            SnapshotRow.subject_id == award.subject_id,
        )
    ).first()


def kind_of(award: Award, title: Title | None) -> str:
    """Which kind of layout an award needs; each kind's default is the shipped folder of the same name."""
    if title is not None:
        return TITLE
    subject = _SUBJECT.fullmatch(award.recipient)
    if award.person_id is not None or (subject and subject[1] == "m"):
        return PRIZE
    if subject is None:  # a coach is named, not numbered
        return COACH
    return TEAM if subject[1] == "e" else HONOUR


def values_for(
    award: Award, title: Title | None, *, number: str, name: str, dated_on: date, code: str
) -> dict[str, str]:
    """The values of a layout's slots. `dated_on` is the day printed on prizes; a title carries its decision's."""
    event = award.publication.event
    edition = event.sub_contest.edition
    row = row_of(award)
    values = {
        "name": name,
        "unit": award.unit,
        "members": _members(row),
        "edition": edition.name + (f"暨{event.second_name}" if event.second_name else ""),
        "event": event.name + _group(event, row),
        "prize": award.label,
        "basis": "",
        "issuers": "\n".join(_issuers(event)),
        "date": chinese_date(dated_on),
        "number": number,
        "code": code,
        "edition_en": edition.name_en,
        "event_en": event.name_en,
        "prize_en": award.label_en,
        "issuers_en": "\n".join(_issuers_en(event)),
        "date_en": english_date(dated_on),
    }
    if title is not None and title.decision is not None:
        values.update(_of_decision(title, edition))
    return values


def values_for_letter(
    roll: Roll, one: Recipient, *, number: str, name: str, dated_on: date, code: str
) -> dict[str, str]:
    """The values of a paper that no award stands behind; a roll of a whole edition has no event."""
    edition, event = roll.edition, roll.event
    holder = edition.contest.holder
    return {
        "name": name,
        "unit": one.unit,
        "members": "",
        "edition": edition.name + (f"暨{event.second_name}" if event and event.second_name else ""),
        "event": event.name if event else "",
        "role": one.role,
        "prize": one.role,
        "basis": "",
        "issuers": "\n".join(_issuers(event)) if event else holder.name,
        "date": chinese_date(dated_on),
        "number": number,
        "code": code,
        "edition_en": edition.name_en,
        "event_en": event.name_en if event else "",
        "prize_en": "",
        "issuers_en": "\n".join(_issuers_en(event)) if event else holder.name_en,
        "date_en": english_date(dated_on),
    }


def _of_decision(title: Title, edition: Edition) -> dict[str, str]:
    decision = title.decision
    assert decision is not None
    heading = decision_wording(decision, edition).heading
    return {
        "prize": title.label,
        "basis": f"《{heading}》（{decision.document_number}）",
        "issuers": decision.authority,
        "date": chinese_date(decision.dated_on),
        "prize_en": title.label_en,
        "date_en": english_date(decision.dated_on) if decision.dated_on else "",
    }


def english_date(day: date) -> str:
    """20 November 2026, whatever the server's locale."""
    months = "January February March April May June July August September October November December"
    return f"{day.day} {months.split()[day.month - 1]} {day.year}"


def _issuers(event: Event) -> list[str]:
    hosts = [host.name for host in event.sub_contest.hosts if host.role is HostRole.HOST]
    return hosts or [event.sub_contest.edition.contest.holder.name]


def _issuers_en(event: Event) -> list[str]:
    """The hosts in English; empty when one has no English name, so that none is left out unseen."""
    hosts = [host.name_en for host in event.sub_contest.hosts if host.role is HostRole.HOST]
    names = hosts or [event.sub_contest.edition.contest.holder.name_en]
    return names if all(names) else []


def _group(event: Event, row: SnapshotRow | None) -> str:
    """The group belongs into the event's name where there are several."""
    group = str(row.data.get("group", "")) if row else ""
    return f"（{group}）" if group and len(event.groups) > 1 else ""


def _members(row: SnapshotRow | None) -> str:
    if row is None or not row.data.get("members"):
        return ""
    names = "　".join(one["name"] for one in row.data["members"])
    coaches = "　".join(row.data.get("coaches", []))
    return f"队员：{names}" + (f"　　教练：{coaches}" if coaches else "")
