"""Setting up a demo contest: each step through the service that its screen calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from contest.accounts.models import Role, ScopeKind
from contest.db import db
from contest.desk.demo.stage import PARTS, Stage
from contest.entries import service as entries
from contest.events import queries as events_queries
from contest.events import service as events
from contest.events.models import ContestKind, Edition, Event, Holder, HostRole
from contest.judging import service as judging
from contest.judging.models import SeatKind
from contest.scoring.rules import RuleSet


@dataclass
class Held:
    """Ids of what was held, for the steps that follow and for the caller."""

    holder_id: int = 0
    contest_id: int = 0
    edition_id: int = 0
    event_id: int = 0
    judges: list[int] = field(default_factory=list)
    publications: dict[str, int] = field(default_factory=dict)  # ranking key (/round id) → publication
    decision_id: int | None = None


@dataclass(frozen=True)
class Naming:
    """Everything a contest is called; all invented."""

    slug: str
    holder: str
    holder_en: str
    contest: str
    contest_en: str
    edition: str
    edition_en: str
    sub_contest: str
    hosts: Sequence[tuple[HostRole, str]]
    event: str
    event_en: str
    trade_code: str | None
    preset: str = ""
    rules: str = ""  # TOML, instead of a preset
    kind: ContestKind = ContestKind.SKILLS
    second_name: str = ""
    venue: str = "示范会展中心"


def set_up(stage: Stage, naming: Naming, held: Held) -> None:
    """Holder (once), contest, edition, sub-contest with hosts, event with its rules, people with roles."""
    stage.step(lambda: _above(stage, naming, held))
    stage.step(lambda: _event(stage, naming, held))
    _cast(stage, held)


def _above(stage: Stage, naming: Naming, held: Held) -> None:
    who: Any = {"actor": stage.actor("nobody"), "at": stage.at}
    if held.holder_id:
        holder = db.session.get_one(Holder, held.holder_id)
    else:
        holder = events.create_holder(slug=naming.slug, name=naming.holder, name_en=naming.holder_en, **who)
    contest = events.create_contest(
        holder=holder, kind=naming.kind, name=naming.contest, name_en=naming.contest_en, **who
    )
    edition = events.create_edition(
        contest=contest,
        ordinal=1,
        name=naming.edition,
        name_en=naming.edition_en,
        year=stage.at.year,
        starts_on=stage.at.date(),
        is_demo=True,
        **who,
    )
    held.holder_id, held.contest_id, held.edition_id = holder.id, contest.id, edition.id


def _event(stage: Stage, naming: Naming, held: Held) -> None:
    who: Any = {"actor": stage.actor("nobody"), "at": stage.at}
    edition = db.session.get_one(Edition, held.edition_id)
    sub = events.create_sub_contest(edition=edition, name=naming.sub_contest, **who)
    for role, name in naming.hosts:
        events.add_host(sub, role=role, name=name, **who)
    event = events.create_event(
        sub_contest=sub,
        name=naming.event,
        name_en=naming.event_en,
        trade_code=naming.trade_code,
        second_name=naming.second_name,
        venue=naming.venue,
        starts_at=stage.at + timedelta(days=2),
        preset=naming.preset,
        **who,
    )
    if naming.rules:
        events.save_rules(event, RuleSet.from_toml(naming.rules), **who)
    held.event_id = event.id


def _cast(stage: Stage, held: Held) -> None:
    for part, name in PARTS.items():
        stage.account(part, name)
    roles = {
        "coder": Role.CODER,
        "chief_judge": Role.CHIEF_JUDGE,
        "scorekeeper": Role.SCOREKEEPER,
        "second_scorekeeper": Role.SCOREKEEPER,
        "supervisor": Role.SUPERVISOR,
    }
    stage.grant("organiser", Role.ORGANISER, ScopeKind.HOLDER, held.holder_id)
    for part, role in roles.items():
        stage.grant(part, role, ScopeKind.CONTEST, held.contest_id, held.contest_id)


def open_event(stage: Stage, held: Held) -> None:
    """The dry run of one sheet, then the event opens."""
    organiser = stage.actor("organiser")

    def work() -> None:
        event = events_queries.event_for(organiser, held.event_id, may="contest.configure")
        events.record_dry_run(event, actor=organiser, at=stage.at)
        events.open_event(event, actor=organiser, at=stage.at)

    stage.step(work)


def register(stage: Stage, held: Held, workbook: bytes, name: str) -> entries.ImportOutcome:
    """The roster from its workbook, all or nothing."""
    organiser = stage.actor("organiser")
    return stage.step(
        lambda: entries.import_roster(
            held.edition_id, workbook, name, actor=organiser, at=stage.at, today=stage.at.date()
        )
    )


def draw_and_code(stage: Stage, held: Held, *, seed: str, public_value: str, benches: int) -> None:
    """Draw by a committed seed, lock, and issue work codes."""
    coder = stage.actor("coder")
    draw = stage.step(
        lambda: (
            entries.draw_by_seed(
                held.event_id, seed=seed, public_value=public_value, benches=benches, actor=coder, at=stage.at
            ).id
        )
    )
    stage.step(lambda: entries.lock_draw(draw, actor=coder, at=stage.at))
    stage.step(lambda: entries.issue_codes(held.event_id, actor=coder, at=stage.at))


@dataclass(frozen=True)
class PanelPlan:
    """A panel: its modules, the kind of its seats, and who sits there as (name, unit).

    Each person has a seat of their own, but *self* is one seat that every unit's own scorer shares.
    """

    name: str
    modules: Sequence[str]
    kind: SeatKind = SeatKind.JUDGE
    people: Sequence[tuple[str, str]] = ()


def seat_judges(stage: Stage, held: Held, panels: Sequence[PanelPlan]) -> None:
    """Panels with their seats and judges, then all sheets."""
    organiser = stage.actor("organiser")

    def work() -> None:
        event = events_queries.event_for(organiser, held.event_id, may="panels.edit")
        for plan in panels:
            _seat(stage, held, event, plan)
        judging.make_sheets(event, actor=organiser, at=stage.at)

    stage.step(work)


def _seat(stage: Stage, held: Held, event: Event, plan: PanelPlan) -> None:
    organiser, edition = stage.actor("organiser"), db.session.get_one(Edition, held.edition_id)
    panel = judging.create_panel(
        event, name=plan.name, module_keys=plan.modules, actor=organiser, at=stage.at
    )
    count = 1 if plan.kind is SeatKind.SELF else max(1, len(plan.people))
    seats = judging.add_seats(panel, count=count, kind=plan.kind, actor=organiser, at=stage.at)
    for place, (name, unit) in enumerate(plan.people):
        judge = judging.add_judge(edition, name=name, unit_name=unit, actor=organiser, at=stage.at)
        judging.assign(seats[place % count], judge, actor=organiser, at=stage.at)
        held.judges.append(judge.id)


def event_of(held: Held) -> Event:
    """The event's row in the running session."""
    return db.session.get_one(Event, held.event_id)


def rules_of(held: Held) -> RuleSet:
    """The rules in force."""
    return events_queries.rules_of(event_of(held))


def first_group(held: Held) -> str:
    """The key of the event's first group; empty if it has none."""
    groups = event_of(held).groups
    return groups[0].key if groups else ""
