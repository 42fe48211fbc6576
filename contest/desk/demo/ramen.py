"""The ramen contest at its real size: 31 delegations, 71 teams, 212 invented people."""

from __future__ import annotations

import random
from pathlib import Path

from python_calamine import CalamineWorkbook

from contest.desk.demo import marking, publishing, staging
from contest.desk.demo.stage import Stage
from contest.desk.demo.staging import Held, Naming, PanelPlan
from contest.events.models import HostRole
from contest.judging.models import SeatKind

ROSTER = Path(__file__).with_name("roster.xlsx")
JUDGES = ("沈一鸣", "韩秋实", "曹文清", "许立夏", "蒋知远")
NAMING = Naming(
    slug="demo-union",
    holder="示范省总工会",
    holder_en="Federation of Trade Unions of Demo Province",
    contest="示范杯拉面制作职业技能竞赛",
    contest_en="Demo Cup skills contest, hand-pulled noodles",
    edition="首届示范杯拉面制作职业技能竞赛",
    edition_en="First Demo Cup skills contest, hand-pulled noodles",
    sub_contest="餐饮行业",
    hosts=(
        (HostRole.HOST, "示范省总工会"),
        (HostRole.HOST, "示范省人力资源厅（虚构）"),
        (HostRole.ORGANISER, "示范市总工会"),
        (HostRole.CO_ORGANISER, "示范餐饮行业协会"),
    ),
    event="拉面制作",
    event_en="Hand-pulled noodles",
    trade_code=None,
    preset="ramen",
)
RANKINGS = ("individual", "team")
MAXIMA = {"dough": 20, "pulling": 35, "taste": 30, "hygiene": 15}


def invent(dice: random.Random, code: str, seat: str, aspect: str) -> str:
    """A mark in half points: the contestant's skill by work code, a judge's own severity, and chance."""
    skill = random.Random(code).betavariate(6, 2.2)
    severity = random.Random(seat).uniform(-0.04, 0.04)
    share = min(1.0, max(0.2, skill + severity + dice.gauss(0, 0.04)))
    return str(round(share * MAXIMA[aspect] * 2) / 2)


def until_marked(stage: Stage) -> Held:
    """From nothing to all practice marks locked."""
    held = Held()
    stage.say("setting up the contest")
    staging.set_up(stage, NAMING, held)
    staging.open_event(stage, held)
    outcome = staging.register(stage, held, ROSTER.read_bytes(), ROSTER.name)
    stage.say(f"registered {outcome.entries} teams with {outcome.members} people")
    stage.later(days=1)
    staging.draw_and_code(
        stage, held, seed="demo seed of the ramen contest", public_value="3 个数字 07 19 42", benches=24
    )
    staging.seat_judges(
        stage,
        held,
        (
            PanelPlan("理论考务组", ["theory"], SeatKind.FILE),
            PanelPlan("实操裁判组", ["practice"], people=[(name, "示范裁判委员会") for name in JUDGES]),
        ),
    )
    stage.later(days=1)
    stored = marking.mark_all(stage, held, invent, seed="ramen marks")
    stage.say(f"{stored} marks by {len(JUDGES)} judges")
    return held


def until_final(stage: Stage, held: Held) -> None:
    """Theory from its file, locks, ties settled, both lists published until final."""
    stored = marking.marks_from_file(stage, held, "theory", theory_file(), "理论成绩.csv")
    stage.say(f"theory marks of {stored} people from a file, confirmed by a second person")
    locked, waiting = marking.lock_all(stage, held)
    stage.say(f"{locked} sheets locked, {waiting} waiting")
    lots = publishing.settle_ties(stage, held, RANKINGS)
    stage.say(f"{lots} ties settled by recorded lots")
    stage.later(hours=2)
    for key in RANKINGS:
        publishing.publish(stage, held, key)
    stage.say("both lists published: provisional, confirmed, public notice, final")


def until_papers(stage: Stage, held: Held) -> None:
    """Prizes, titles with their decision, and every certificate."""
    for key in RANKINGS:
        publishing.give_prizes(stage, held.publications[key])
    held.decision_id = publishing.confer_titles(
        stage,
        held,
        held.publications["individual"],
        authority="示范省人力资源厅（虚构）",
        number="示范人社发〔2026〕7号",
    )
    count = publishing.issue_certificates(stage, held)
    count += publishing.appoint_judges(stage, held)
    stage.say(f"{count} certificates issued")


def theory_file() -> bytes:
    """What a computer test hands over: ID number, name, mark; some below the pass mark of 60."""
    dice, rows = random.Random("ramen theory"), ["证件号码,姓名,成绩"]
    workbook = CalamineWorkbook.from_path(ROSTER)
    for row in workbook.get_sheet_by_index(0).to_python()[2:]:
        mark = min(100.0, max(40.0, dice.gauss(80, 10)))
        rows.append(f"{row[9]},{row[5]},{round(mark * 2) / 2}")
    return ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()
