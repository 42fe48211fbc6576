"""The five-comparisons labour contest by month: enterprises as entries, self-score beside review, one veto."""

from __future__ import annotations

import random

from contest.db import db
from contest.desk.demo import marking, publishing, staging
from contest.desk.demo.stage import Stage
from contest.desk.demo.staging import Held, Naming, PanelPlan
from contest.entries import service as entries
from contest.events import queries as events_queries
from contest.events.models import ContestKind, Event, HostRole
from contest.judging import queries as judging
from contest.judging.models import SeatKind

UNITS = (
    "示范路桥建设有限公司",
    "虚构水利工程局",
    "样例盐湖化工公司",
    "示范铁路工务段",
    "样例电力建设公司",
    "虚构矿业有限公司",
    "示范城市建设集团",
    "样例建材有限公司",
)
VETOED = "虚构矿业有限公司"
MODULES = ("quality", "schedule", "innovation", "management", "safety", "harmony")
NAMING = Naming(
    slug="demo-union",
    holder="示范省总工会",
    holder_en="Federation of Trade Unions of Demo Province",
    contest="示范省“五比一创”劳动竞赛",
    contest_en="Demo Province labour contest, five comparisons and one creation",
    edition="示范省“五比一创”劳动竞赛（演示年度）",
    edition_en="Demo Province labour contest",
    sub_contest="重点工程",
    hosts=((HostRole.HOST, "示范省总工会"), (HostRole.ORGANISER, "示范省重点工程办公室（虚构）")),
    event="重点工程劳动竞赛",
    event_en="Key projects",
    trade_code=None,
    preset="labour-monthly",
    kind=ContestKind.LABOUR,
    venue="",
)


def until_marked(stage: Stage, holder_id: int = 0) -> Held:
    """From nothing to every month marked and locked."""
    held = Held(holder_id=holder_id)
    staging.set_up(stage, NAMING, held)
    staging.open_event(stage, held)
    for number, unit in enumerate(UNITS, 1):
        stage.step(lambda number=number, unit=unit: _enter(stage, held, number, unit))
    staging.seat_judges(
        stage,
        held,
        (
            PanelPlan("自评", MODULES, SeatKind.SELF, [(f"{unit}自评员", unit) for unit in UNITS]),
            PanelPlan(
                "考评组", MODULES, SeatKind.DEPARTMENT, [("田考评（演示）", "示范省重点工程办公室（虚构）")]
            ),
        ),
    )
    marking.mark_all(stage, held, invent_for(stage, held), seed="labour marks")
    marking.lock_all(stage, held)
    return held


def _enter(stage: Stage, held: Held, number: int, unit: str) -> None:
    organiser = stage.actor("organiser")
    entries.register_entry(
        held.event_id,
        entries.EntryFacts(number=f"{number:02d}", name=unit, organisation=unit),
        (),
        actor=organiser,
        at=stage.at,
    )


def invent_for(stage: Stage, held: Held) -> marking.Invent:
    """Points taken off, or points given, by what the aspect asks for; the vetoed unit has its accident in one month."""
    event = db.session.get_one(Event, held.event_id)
    vetoed = f"{UNITS.index(VETOED) + 1:02d}"
    reviewers = {
        str(seat.id)
        for panel in judging.panels_of(held.event_id)
        for seat in panel.seats
        if seat.kind is SeatKind.DEPARTMENT
    }
    struck: set[str] = set()  # the accident happens in the first month that is reviewed
    kinds = {node.key: node for node in events_queries.rules_of(event).aspects()}

    def invent(dice: random.Random, code: str, seat: str, aspect: str) -> str:
        node = kinds[aspect]
        kind = node.kind.by if node.kind else "marks"
        if kind == "knockout":
            has_accident = code == vetoed and seat in reviewers and not struck
            struck.update({code} if has_accident else ())
            return "1" if has_accident else "0"
        if kind == "deduction":
            return str(dice.choice((0, 0, 0, 1, 1, 2)))
        top = float(node.maximum or 10)
        return str(round(top * dice.uniform(0.7, 1.0)))

    return invent


def until_final(stage: Stage, held: Held) -> None:
    """A list for every month, then the list of all months; prizes and papers."""
    event = db.session.get_one(Event, held.event_id)
    rounds = [one.id for one in events_queries.rounds_of(event)]
    for round_id in rounds:
        publishing.publish(stage, held, "units", round_id=round_id, until="confirmed")
    publishing.publish(stage, held, "units")
    publishing.give_prizes(stage, held.publications["units"])
    publishing.issue_certificates(stage, held)
    stage.say("labour contest: three months and the overall list published")
