"""A small open event with entries, work codes and a panel, made through the rooms' services."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa

from contest.accounts import queries as account_queries
from contest.accounts.access import SYSTEM, Actor
from contest.accounts.models import Account, Role, ScopeKind
from contest.db import db, now, transaction
from contest.entries.models import Delegation, Entry, Organisation, WorkCode
from contest.events import rulebook
from contest.events.models import ContestKind, Event, EventState
from contest.judging import service
from contest.judging.models import Judge, MarkState, Panel, Sheet
from contest.scoring.rules import RuleSet
from tests.builders import make_account, make_event

RULES = """
key = "judging-test"
title_zh = "示范赛项"
title_en = "Demo event"
[[modules]]
key = "practice"
title_zh = "实际操作"
title_en = "Practice"
maximum = 100
weight = 100
[[modules.parts]]
key = "work"
title_zh = "操作过程"
title_en = "Work"
maximum = 70
[[modules.parts.parts]]
key = "dough"
title_zh = "和面"
title_en = "Dough"
maximum = 40
kind = { by = "marks", step = "0.5" }
[[modules.parts.parts]]
key = "cut"
title_zh = "刀工"
title_en = "Cutting"
maximum = 30
kind = "deduction"
[[modules.parts]]
key = "look"
title_zh = "成品"
title_en = "Finish"
maximum = 30
[[modules.parts.parts]]
key = "shape"
title_zh = "形态"
title_en = "Shape"
maximum = 20
kind = "judgement"
benchmarks_zh = ["低于行业标准", "达到行业标准", "部分优于标准", "明显优于标准"]
benchmarks_en = ["below", "at", "above in places", "excellent"]
[[modules.parts.parts]]
key = "clean"
title_zh = "工位整洁"
title_en = "Clean bench"
maximum = 10
kind = "measurement"
[[modules.parts]]
key = "safety"
title_zh = "违反安全操作规程"
title_en = "Safety breach"
kind = "knockout"
[[rankings]]
key = "individual"
title_zh = "个人成绩"
title_en = "Individual"
subject = "entry"
order = ["total"]
"""
VALUES = {"dough": "38.5", "cut": "2.5", "shape": "3", "clean": "1"}
"""One good mark for every aspect that must be marked."""


@dataclass
class Hall:
    """Ids of an event with entries and a panel of judges; every judge has an actor."""

    event_id: int
    edition_id: int
    contest_id: int
    panel_id: int
    seat_ids: list[int]
    judge_ids: list[int]
    entry_ids: list[int]

    @property
    def event(self) -> Event:
        return db.session.get_one(Event, self.event_id)

    def actor(self, index: int = 0) -> Actor:
        return actor_of(db.session.get_one(Judge, self.judge_ids[index]).account_id)

    def account(self, index: int = 0) -> Account:
        return db.session.get_one(Account, db.session.get_one(Judge, self.judge_ids[index]).account_id)

    def sheets(self, seat: int = 0) -> list[Sheet]:
        """Sheets of the n-th seat in the order of the draw."""
        return list(
            db.session.scalars(
                sa.select(Sheet)
                .where(Sheet.seat_id == self.seat_ids[seat])
                .order_by(Sheet.position, Sheet.id)
            )
        )


def actor_of(account_id: int) -> Actor:
    return account_queries.actor_of(account_queries.account_by_id(account_id), via="test", ip="127.0.0.1")


def make_hall(
    entries: int = 3,
    judges: int = 2,
    *,
    rules: str = RULES,
    kind: ContestKind = ContestKind.SKILLS,
    codes: bool = True,
) -> Hall:
    """An open event, `entries` entries each of its own unit and delegation, one panel with `judges` single seats."""
    event_id = open_event(rules, kind)
    with transaction():
        event = db.session.get_one(Event, event_id)
        edition, contest = event.sub_contest.edition, event.sub_contest.edition.contest
        entry_ids = [_entry(event, index, codes) for index in range(1, entries + 1)]
    with transaction():
        event = db.session.get_one(Event, event_id)
        modules = [module.key for module in RuleSet.from_toml(rules).modules]
        panel = service.create_panel(event, name="第一裁判组", module_keys=modules, actor=SYSTEM, at=now())
        seats = service.add_seats(panel, count=judges, actor=SYSTEM, at=now()) if judges else []
        people = [
            service.add_judge(
                event.sub_contest.edition,
                name=f"裁判{index}",
                unit_name=f"示范技术学院{index}",
                actor=SYSTEM,
                at=now(),
            )
            for index in range(1, judges + 1)
        ]
        for seat, judge in zip(seats, people, strict=True):
            service.assign(seat, judge, actor=SYSTEM, at=now())
        if judges:
            service.make_sheets(event, actor=SYSTEM, at=now())
        return Hall(
            event.id,
            edition.id,
            contest.id,
            panel.id,
            [s.id for s in seats],
            [j.id for j in people],
            entry_ids,
        )


def open_event(rules: str, kind: ContestKind) -> int:
    """A draft event whose rules are saved and whose aspects and rounds are fixed, as opening does."""
    event = make_event(kind=kind)
    event_id = event.id
    with transaction():
        event = db.session.get_one(Event, event_id)
        rule_set = RuleSet.from_toml(rules)
        event.rule_version_id = rulebook.save_rules(event, rule_set, actor=SYSTEM, at=now()).id
        rulebook.sync_aspects(event, rule_set, at=now())
        rulebook.sync_rounds(event, rule_set, at=now())
        event.state, event.opened_at = EventState.OPEN, now()
    return event_id


def _entry(event: Event, index: int, codes: bool) -> int:
    edition = event.sub_contest.edition
    delegation = Delegation(edition_id=edition.id, name=f"示范市{index}代表队", official_order=index)
    unit = Organisation(contest_id=edition.contest_id, name=f"示范厂{index}")
    db.session.add_all([delegation, unit])
    db.session.flush()
    entry = Entry(
        event_id=event.id,
        number=f"{index:03d}",
        name=f"示范队{index}",
        delegation_id=delegation.id,
        organisation_id=unit.id,
        registered_at=now(),
    )
    db.session.add(entry)
    db.session.flush()
    if codes:
        db.session.add(WorkCode(event_id=event.id, entry_id=entry.id, code=f"K{index:02d}", issued_at=now()))
    return entry.id


def make_officer(hall: Hall, role: Role, name: str = "示范人员") -> Account:
    """An account with a role in the hall's event."""
    return make_account(name, (role, ScopeKind.EVENT, hall.event_id), contest_id=hall.contest_id)


def typed(sheet: Sheet, aspect: str, value: str | None = None, **fields: object) -> service.Typed:
    """A mark as a tablet makes it."""
    values = {"uuid": uuid4(), "state": MarkState.VALUE, "value": value, **fields}
    return service.Typed(sheet=sheet.public_id, aspect=aspect, **values)  # type: ignore[arg-type]


def mark(actor: Actor, *marks: service.Typed, **options: object) -> list[service.Receipt]:
    """Record marks in a transaction of their own."""
    with transaction():
        return service.record_marks(actor, marks, at=now(), **options)  # type: ignore[arg-type]


def fill(hall: Hall, sheet: Sheet, actor: Actor, values: dict[str, str] | None = None) -> None:
    """Mark every aspect of a sheet."""
    receipts = mark(actor, *[typed(sheet, key, value) for key, value in (values or VALUES).items()])
    assert [receipt.status for receipt in receipts] == ["stored"] * len(receipts), receipts


def submit(sheet_id: int, actor: Actor) -> None:
    """Submit a sheet as it stands."""
    with transaction():
        sheet = db.session.get_one(Sheet, sheet_id)
        service.submit(sheet, digest=service.digest_of_marks(sheet.id), actor=actor, at=now())


__all__ = [
    "Hall",
    "Panel",
    "RULES",
    "VALUES",
    "actor_of",
    "fill",
    "make_hall",
    "make_officer",
    "mark",
    "open_event",
    "submit",
    "typed",
]
