"""An event with rules, people, locked sheets and marks, as rows: what results are computed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from contest import personal
from contest.accounts.access import SYSTEM, Actor
from contest.accounts.models import Account, Role, ScopeKind
from contest.accounts.queries import actor_of
from contest.db import db, now, transaction
from contest.entries.models import Delegation, Entry, IdKind, Member, Organisation, Person
from contest.events import service as events
from contest.events.models import ContestKind, Event, EventAspect, EventRound, EventState, Host, HostRole
from contest.judging.models import (
    MarkRevision,
    MarkSource,
    MarkState,
    Panel,
    Seat,
    SeatKind,
    Sheet,
)
from contest.results import service
from contest.results.checks import checks_of
from contest.results.models import ListState, NoticePeriod, Publication, Snapshot
from contest.scoring.rules import RuleSet
from tests.builders import make_account, make_event

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)

RULES = """
key = "noodles"
title_zh = "拉面"
title_en = "Noodles"
[[modules]]
key = "practice"
title_zh = "实际操作"
title_en = "Practice"
maximum = 100
weight = 70
[[modules.parts]]
key = "dough"
title_zh = "和面"
title_en = "Dough"
maximum = 40
[[modules.parts]]
key = "pull"
title_zh = "拉制"
title_en = "Pulling"
maximum = 60
[[modules]]
key = "theory"
title_zh = "理论考试"
title_en = "Theory"
maximum = 100
weight = 30
[[rankings]]
key = "all"
title_zh = "总成绩排名"
title_en = "Overall ranking"
order = ["total", { by = "node", node = "pull" }, "lot", "ruling"]
ties = "never"
show = { digits = 2 }
[[rankings.awards]]
key = "medals"
by = "place"
kind = "medal"
title_zh = "奖牌"
title_en = "Medals"
bands = [ { award = "gold", places = 1 }, { award = "silver", places = 1 }, { award = "bronze", places = 1 } ]
[[tables]]
key = "delegations"
by = "sum"
title_zh = "代表队成绩"
title_en = "Delegations"
ranking = "all"
group = "delegation"
"""


@dataclass
class Field:
    """An event under test: ids of its rows, people who act, and how its marks are given."""

    event_id: int
    entry_ids: list[int]
    seat_ids: list[int]
    aspect_ids: dict[str, int]
    round_ids: dict[str, int]
    sheets: dict[tuple[int, int, str, str], int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    @property
    def event(self) -> Event:
        return db.session.get_one(Event, self.event_id)

    def actor(self, who: str) -> Actor:
        return actor_of(db.session.get_one(Account, self.people[who]))

    def account(self, who: str) -> Account:
        return db.session.get_one(Account, self.people[who])

    def mark(self, entry: int, aspect: str, value: int | None, *, seat: int = 0, round_key: str = "") -> None:
        """A mark in thousandths (None: absent) by the numbered seat for the numbered entry; again: a correction."""
        with transaction():
            self.put(entry, aspect, value, seat=seat, round_key=round_key)

    def put(self, entry: int, aspect: str, value: int | None, *, seat: int = 0, round_key: str = "") -> None:
        module = db.session.get_one(EventAspect, self.aspect_ids[aspect]).module_key
        sheet_id = self.sheets[self.entry_ids[entry], self.seat_ids[seat], module, round_key]
        old = db.session.query(MarkRevision).filter_by(sheet_id=sheet_id, aspect_id=self.aspect_ids[aspect])
        last = old.order_by(MarkRevision.id.desc()).first()
        db.session.add(
            MarkRevision(
                uuid=uuid4(),
                sheet_id=sheet_id,
                aspect_id=self.aspect_ids[aspect],
                state=MarkState.ABSENT if value is None else MarkState.VALUE,
                value_milli=value,
                replaces_id=last.id if last else None,
                source=MarkSource.DESK,
                recorded_at=NOON,
                previous="0" * 64,
                hash="0" * 64,
            )
        )
        db.session.flush()


def make_person(holder_id: int, name: str, number: str) -> Person:
    """A person with an ID number that could leak."""
    return Person(
        holder_id=holder_id,
        name=name,
        gender="女",
        id_kind=IdKind.OTHER,
        id_cipher=personal.encrypt(number),
        id_digest=personal.digest(number),
        id_tail_digest=personal.digest(number[-6:]),
        id_masked=personal.mask_id(number),
        phone_cipher=personal.encrypt("13900001234"),
        phone_masked="139****1234",
    )


NAMES = ("更尕昂宝", "才让卓玛", "曾阿牛", "欧阳小明", "韩梅梅", "李雷", "马超", "赵云")


def make_field(
    names: Sequence[str] = NAMES[:4],
    *,
    rules: str = RULES,
    seats: Sequence[SeatKind] = (SeatKind.JUDGE,),
    kind: ContestKind = ContestKind.SKILLS,
    inputs: Mapping[int, dict[str, Any]] | None = None,
) -> Field:
    """An open event of single contestants from two delegations, with submitted and locked sheets without marks."""
    event = make_event(kind=kind)
    event_id = event.id
    parsed = RuleSet.from_toml(rules)
    with transaction():
        event = db.session.get_one(Event, event_id)
        edition = event.sub_contest.edition
        event.sub_contest.hosts = [Host(role=HostRole.HOST, name="示范省总工会", position=1)]
        events.save_rules(event, parsed, actor=SYSTEM, at=NOON)
        event.state, event.opened_at = EventState.OPEN, NOON
        aspects = [
            EventAspect(
                event_id=event.id, key=aspect.key, module_key=parsed.module_of(aspect.key).key, position=place
            )
            for place, aspect in enumerate(parsed.aspects(), 1)
        ]
        rounds = [
            EventRound(event_id=event.id, key=one.key, name=one.title_zh, position=place)
            for place, one in enumerate(parsed.rounds, 1)
        ] or [EventRound(event_id=event.id, key="", name="全部", position=1)]
        teams = [
            Delegation(edition_id=edition.id, name=name, official_order=place)
            for place, name in enumerate(("甲地区代表队", "乙地区代表队"), 1)
        ]
        unit = Organisation(contest_id=edition.contest_id, name="示范集团")
        db.session.add_all([*aspects, *rounds, *teams, unit])
        db.session.flush()
        entries = []
        for place, name in enumerate(names):
            person = make_person(edition.contest.holder_id, name, f"63010119900101{place:04d}")
            entry = Entry(
                event_id=event.id,
                number=f"{place + 1:03d}",
                name="" if kind is ContestKind.SKILLS else name,
                group_key="workers",
                delegation_id=teams[place % 2].id,
                organisation_id=unit.id,
                registered_at=NOON,
                inputs=(inputs or {}).get(place, {}),
            )
            db.session.add_all([person, entry])
            db.session.flush()
            if kind is ContestKind.SKILLS:
                db.session.add(
                    Member(
                        event_id=event.id,
                        entry_id=entry.id,
                        person_id=person.id,
                        number=entry.number,
                        position=1,
                        joined_at=NOON,
                    )
                )
            entries.append(entry)
        panel = Panel(event_id=event.id, name="裁判组", module_keys=[module.key for module in parsed.modules])
        panel.seats = [Seat(kind=one, position=place, label=str(place)) for place, one in enumerate(seats, 1)]
        db.session.add(panel)
        db.session.flush()
        made = Field(
            event_id,
            [entry.id for entry in entries],
            [seat.id for seat in panel.seats],
            {aspect.key: aspect.id for aspect in aspects},
            {one.key: one.id for one in rounds},
        )
        _sheets(made, parsed, panel, rounds)
        scope = (event.sub_contest.edition.contest_id, event.id, teams[0].id)
    _people(made, *scope)
    return made


def _sheets(made: Field, rules: RuleSet, panel: Panel, rounds: Iterable[EventRound]) -> None:
    for round_row in rounds:
        for module in rules.modules:
            for seat in panel.seats:
                for place, entry_id in enumerate(made.entry_ids, 1):
                    sheet = Sheet(
                        public_id=uuid4().hex[:22],
                        event_id=made.event_id,
                        seat_id=seat.id,
                        entry_id=entry_id,
                        round_id=round_row.id,
                        module_key=module.key,
                        work_code=f"K{place:03d}",
                        position=place,
                        submitted_at=NOON,
                        locked_at=NOON,
                    )
                    db.session.add(sheet)
                    db.session.flush()
                    made.sheets[entry_id, seat.id, module.key, round_row.key] = sheet.id


def _people(made: Field, contest_id: int, event_id: int, delegation_id: int) -> None:
    wanted = {
        "organiser": (Role.ORGANISER, ScopeKind.CONTEST, contest_id),
        "chief": (Role.CHIEF_JUDGE, ScopeKind.EVENT, event_id),
        "supervisor": (Role.SUPERVISOR, ScopeKind.CONTEST, contest_id),
        "scorekeeper": (Role.SCOREKEEPER, ScopeKind.EVENT, event_id),
        "registrar": (Role.REGISTRAR, ScopeKind.DELEGATION, delegation_id),
        "judge": (Role.JUDGE, ScopeKind.EVENT, event_id),
        "coder": (Role.CODER, ScopeKind.EVENT, event_id),
        "contestant": (Role.CONTESTANT, ScopeKind.PERSON, 1),
        "administrator": (Role.ADMINISTRATOR, ScopeKind.INSTALLATION, 0),
    }
    for who, (role, kind, scope_id) in wanted.items():
        made.people[who] = make_account(who, (role, kind, scope_id), contest_id=contest_id).id
    made.people["stranger"] = make_account(
        "stranger", (Role.ORGANISER, ScopeKind.CONTEST, contest_id + 99)
    ).id


def fill(made: Field, marks: Sequence[tuple[int, int, int]] = ()) -> None:
    """Marks of dough, pull and theory in whole points for each entry in turn, from the first seat."""
    rows = list(marks) or [(30 + place, 50, 80 - place) for place in range(len(made.entry_ids))]
    with transaction():
        for place, (dough, pull, theory) in enumerate(rows):
            for aspect, value in (("dough", dough), ("pull", pull), ("theory", theory)):
                made.put(place, aspect, value * 1000)


def published(
    made: Field, *, ranking: str = "all", round_key: str = "", at: datetime = NOON, **fields: Any
) -> int:
    """Freeze and publish a list; returns the publication's id."""
    with transaction():
        snapshot = service.take_snapshot(
            event=made.event,
            ranking_key=ranking,
            round_id=made.round_ids[round_key] if round_key else None,
            actor=made.actor("organiser"),
            at=at,
        )
        checked(made, snapshot, at)
        return service.publish(snapshot=snapshot, actor=made.actor("organiser"), at=at, **fields).id


def checked(made: Field, snapshot: Snapshot, at: datetime = NOON) -> None:
    """The list found right by the scorekeeper, once."""
    if not checks_of(snapshot):
        service.check_list(snapshot=snapshot, actor=made.actor("scorekeeper"), at=at)


def signed(made: Field, publication_id: int, at: datetime = NOON) -> None:
    """Signatures of the chief judge and of the supervisor."""
    for who, role in (("chief", Role.CHIEF_JUDGE), ("supervisor", Role.SUPERVISOR)):
        with transaction():
            publication = db.session.get_one(Publication, publication_id)
            service.sign(publication=publication, role=role, actor=made.actor(who), at=at)


def advanced(made: Field, publication_id: int, state: ListState) -> None:
    """The list signed and brought to a state, the time for appeals waived."""
    signed(made, publication_id)
    steps = [
        lambda one: service.confirm(
            publication=one, actor=made.actor("organiser"), at=NOON, waiver="各队书面放弃"
        ),
        lambda one: service.enter_notice(publication=one, actor=made.actor("organiser"), at=NOON),
        lambda one: service.finalise(
            publication=one,
            actor=made.actor("organiser"),
            at=NOON + timedelta(days=8),  # five working days and a weekend
            note="公示无异议",
        ),
    ]
    order = [ListState.CONFIRMED, ListState.PUBLIC_NOTICE, ListState.FINAL]
    for step in steps[: order.index(state) + 1]:
        with transaction():
            step(db.session.get_one(Publication, publication_id))


def far_end() -> str:
    """A last day of a notice that is late enough in any year, as a form sends it."""
    return (now() + timedelta(days=20)).date().isoformat()


def notice_over(publication_id: int) -> None:
    """The notice of a list as if it had ended the day before yesterday: nobody can wait for a working week."""
    with transaction():
        period = db.session.get_one(NoticePeriod, publication_id)
        period.ends_on = (now() - timedelta(days=2)).date()
