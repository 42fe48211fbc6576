"""The steps of holding a skills contest, each through the service that its screen calls."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from contest.accounts.access import Actor
from contest.accounts.models import Role, ScopeKind
from contest.awards import queries as awards_queries
from contest.awards import service as awards
from contest.certificates import service as certificates
from contest.db import db
from contest.desk.demo.stage import PARTS, Stage
from contest.entries import service as entries
from contest.events import queries as events_queries
from contest.events import service as events
from contest.events.models import ContestKind, Edition, Event, Holder, HostRole
from contest.judging import queries as judging_queries
from contest.judging import service as judging
from contest.judging.models import Judge, MarkState, SeatKind
from contest.results import queries as results_queries
from contest.results import service as results
from contest.results.blockers import tied_groups
from contest.results.compute import compute_event
from contest.results.models import RulingKind
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
    """Holder (once), contest, edition, sub-contest with hosts, event by preset, dry run, people with roles."""
    system = stage.actor("nobody")

    def make() -> None:
        holder = (
            db.session.get_one(Holder, held.holder_id)
            if held.holder_id
            else events.create_holder(
                slug=naming.slug, name=naming.holder, name_en=naming.holder_en, actor=system, at=stage.at
            )
        )
        contest = events.create_contest(
            holder=holder,
            kind=naming.kind,
            name=naming.contest,
            name_en=naming.contest_en,
            actor=system,
            at=stage.at,
        )
        edition = events.create_edition(
            contest=contest,
            ordinal=1,
            name=naming.edition,
            name_en=naming.edition_en,
            year=stage.at.year,
            starts_on=stage.at.date(),
            is_demo=True,
            actor=system,
            at=stage.at,
        )
        sub = events.create_sub_contest(edition=edition, name=naming.sub_contest, actor=system, at=stage.at)
        for role, name in naming.hosts:
            events.add_host(sub, role=role, name=name, actor=system, at=stage.at)
        event = events.create_event(
            sub_contest=sub,
            name=naming.event,
            name_en=naming.event_en,
            trade_code=naming.trade_code,
            second_name=naming.second_name,
            venue=naming.venue,
            starts_at=stage.at + timedelta(days=2),
            preset=naming.preset,
            actor=system,
            at=stage.at,
        )
        if naming.rules:
            events.save_rules(event, RuleSet.from_toml(naming.rules), actor=system, at=stage.at)
        held.holder_id, held.contest_id, held.edition_id, held.event_id = (
            holder.id,
            contest.id,
            edition.id,
            event.id,
        )

    stage.step(make)
    _cast(stage, held)


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


Invent = Callable[[random.Random, str, str, str], str]
"""(dice, subject's code, judge's seat, aspect) → the mark as typed."""


def mark_all(stage: Stage, held: Held, invent: Invent, *, seed: str, leave: int = 0) -> int:
    """Every judge marks and submits every sheet (`leave`: the last so many stay untouched). Returns marks stored."""
    dice, stored = random.Random(seed), 0
    for judge_id in held.judges:
        judge = db.session.get_one(Judge, judge_id)
        part = f"judge{judge_id}"
        stage.cast[part] = judge.account_id
        stored += _mark_own(stage, stage.actor(part), invent, dice, leave)
    return stored


def _mark_own(stage: Stage, actor: Actor, invent: Invent, dice: random.Random, leave: int) -> int:
    lines = judging_queries.my_sheets(actor, locale="zh_CN")
    lines = lines[: len(lines) - leave] if leave else lines
    aspects = _aspects_by_kind_of_sheet(actor, lines)
    typed = [
        judging.Typed(
            uuid=UUID(int=dice.getrandbits(128), version=4),
            sheet=line.public_id,
            aspect=key,
            state=MarkState.VALUE,
            value=invent(dice, line.work_code, str(line.seat_id), key),
        )
        for line in lines
        for key in aspects[line.module_key, line.round_name]
    ]
    receipts = stage.step(lambda: judging.record_marks(actor, typed, at=stage.at, device="demo"))
    refused = [receipt for receipt in receipts if receipt.status != "stored"]
    if refused:
        raise RuntimeError(f"the demo's marks were refused: {refused[:3]}")
    wanted = {line.public_id for line in lines}

    def submit() -> None:
        for sheet in db.session.scalars(judging_queries.held_sheets(actor)).all():
            if sheet.public_id in wanted:
                digest = judging.digest_of_marks(sheet.id)
                judging.submit(sheet, digest=digest, actor=actor, at=stage.at)

    stage.step(submit)
    return len(typed)


def _aspects_by_kind_of_sheet(
    actor: Actor, lines: Sequence[judging_queries.SheetLine]
) -> dict[tuple[str, str], list[str]]:
    """Keys of the aspects on a sheet, by module and round: all sheets of a module have the same."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        if (line.module_key, line.round_name) not in found:
            view = judging_queries.my_sheet(actor, line.public_id, locale="zh_CN")
            found[line.module_key, line.round_name] = [aspect.key for aspect in view.aspects]
    return found


def lock_all(stage: Stage, held: Held) -> tuple[int, int]:
    """The chief judge locks everything that is submitted. Returns (locked, still open)."""
    chief = stage.actor("chief_judge")

    def work() -> tuple[int, int]:
        event = events_queries.event_for(chief, held.event_id, may="marks.lock")
        return judging.lock_all(event, actor=chief, at=stage.at)

    return stage.step(work)


def settle_ties(stage: Stage, held: Held, keys: Sequence[str]) -> int:
    """Record a lot for every tie that the rules leave open. Returns how many."""
    chief, count = stage.actor("chief_judge"), 0
    for key in keys:
        event = events_queries.event_for(chief, held.event_id, may="results.rule")
        for group in tied_groups(compute_event(event), key, ""):
            count += 1

            def work(key: str = key, group: Sequence[str] = group) -> None:
                results.record_ruling(
                    event=events_queries.event_for(chief, held.event_id, may="results.rule"),
                    ranking_key=key,
                    kind=RulingKind.LOT,
                    order=list(group),
                    reason="演示：双方领队在场，现场抽签决定。",
                    actor=chief,
                    at=stage.at,
                )

            stage.step(work)
    return count


def publish(stage: Stage, held: Held, key: str, *, until: str = "final", round_id: int | None = None) -> int:
    """Provisional → (signed) confirmed → public notice → final; stops at `until`. Returns the publication's id."""
    organiser, stages = stage.actor("organiser"), ["provisional", "confirmed", "public_notice", "final"]

    def provisional() -> int:
        event = events_queries.event_for(organiser, held.event_id, may="results.publish")
        shot = results.take_snapshot(
            event=event, ranking_key=key, round_id=round_id, actor=organiser, at=stage.at
        )
        return results.publish(snapshot=shot, actor=organiser, at=stage.at).id

    publication_id = stage.step(provisional)
    for state in stages[1 : stages.index(until) + 1]:
        _advance(stage, publication_id, state)
    held.publications[key if round_id is None else f"{key}/{round_id}"] = publication_id
    return publication_id


def _advance(stage: Stage, publication_id: int, state: str) -> None:
    organiser = stage.actor("organiser")
    if state == "confirmed":
        for part, role in (("chief_judge", Role.CHIEF_JUDGE), ("supervisor", Role.SUPERVISOR)):
            signer = stage.actor(part)
            stage.step(
                lambda signer=signer, role=role: results.sign(
                    publication=results_queries.publication_for(signer, publication_id, may="results.sign"),
                    role=role,
                    actor=signer,
                    at=stage.at,
                )
            )
        stage.later(hours=3)
    if state == "final":
        stage.later(days=7)
    act = {"confirmed": results.confirm, "public_notice": results.enter_notice, "final": results.finalise}[
        state
    ]
    stage.step(
        lambda: act(
            publication=results_queries.publication_for(organiser, publication_id, may="results.publish"),
            actor=organiser,
            at=stage.at,
        )
    )


def give_prizes(stage: Stage, publication_id: int) -> int:
    """Prizes from the confirmed list. Returns how many lines, refusals included."""
    organiser = stage.actor("organiser")
    return stage.step(
        lambda: len(
            awards.draw_up(
                results_queries.publication_for(organiser, publication_id, may="awards.manage"),
                actor=organiser,
                at=stage.at,
            )
        )
    )


def confer_titles(
    stage: Stage, held: Held, publication_id: int, *, authority: str, number: str
) -> int | None:
    """Titles proposed from the final list, a decision drafted, then conferred. Returns the decision's id."""
    organiser = stage.actor("organiser")

    def propose() -> int:
        publication = results_queries.publication_for(organiser, publication_id, may="awards.manage")
        return len(awards.propose_titles(publication, actor=organiser, at=stage.at))

    if not stage.step(propose):
        return None

    def draft() -> int:
        edition = db.session.get_one(Edition, held.edition_id)
        titles = awards_queries.waiting_titles(organiser, held.edition_id)
        return awards.draft(edition, titles, authority=authority, actor=organiser, at=stage.at).id

    decision_id = stage.step(draft)
    stage.later(days=2)

    def confer() -> None:
        decision = awards_queries.decision_for(organiser, decision_id)
        awards.confer(
            decision,
            authority=authority,
            document_number=number,
            dated_on=stage.at.date(),
            version=decision.version,
            actor=organiser,
            at=stage.at,
        )

    stage.step(confer)
    return decision_id


def issue_certificates(stage: Stage, held: Held) -> int:
    """Numbers for every award that is ready, then the papers. Returns how many papers were made."""
    organiser = stage.actor("organiser")

    def give_numbers() -> list[int]:
        event = events_queries.event_for(organiser, held.event_id, may="certificates.issue")
        made = certificates.issue(
            event, base_url=stage.base_url, dated_on=stage.at.date(), actor=organiser, at=stage.at
        )
        return [one.id for one in made]

    return certificates.make(stage.step(give_numbers))


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
