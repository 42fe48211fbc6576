"""Rows that tests of this room start from, made through its services."""

from __future__ import annotations

from datetime import UTC, date, datetime

from contest.accounts.access import SYSTEM
from contest.db import transaction
from contest.entries import service
from contest.entries.models import Entry, IdKind
from contest.entries.roster.identity import check_character
from contest.entries.service import EntryFacts, MemberFacts, PersonFacts
from contest.events.models import Event, Group
from tests.builders import make_event

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def id_number(serial: int, born: str = "19900105") -> str:
    """A resident number with a right check character and a region that doesn't exist."""
    body = f"639901{born}{serial:03d}"
    return body + check_character(body)


def facts(name: str, serial: int, **changes: object) -> PersonFacts:
    """A person with a document of their own."""
    values: dict[str, object] = {
        "name": name,
        "id_kind": IdKind.RESIDENT,
        "id_number": id_number(serial),
        "gender": "男" if serial % 2 else "女",
        "born_on": date(1990, 1, 5),
        "phone": f"138{serial:08d}",
    }
    return PersonFacts(**(values | changes))  # type: ignore[arg-type]


def ramen_event() -> Event:
    """拉面制作: teams of two or three, groups 职工组 and 学生组."""
    event = make_event("拉面制作", members_min=2, members_max=3)
    with transaction():
        event.groups.append(Group(key="students", name="学生组", is_student=True, position=1))
    return event


def make_entry(event: Event, number: str, *people: PersonFacts, **fields: object) -> Entry:
    """A registered entry."""
    event_id = event.id
    with transaction():
        return service.register_entry(
            event_id,
            EntryFacts(number=number, **fields),  # type: ignore[arg-type]
            [(person, MemberFacts(organisation="示范公司")) for person in people],
            actor=SYSTEM,
            at=AT,
        )
