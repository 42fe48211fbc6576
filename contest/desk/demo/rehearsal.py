"""A small contest that is being marked right now: for trying the judge's tablet and the chief judge's board."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from contest.desk.demo import staging
from contest.desk.demo.stage import Stage
from contest.desk.demo.staging import Held, Naming, PanelPlan
from contest.entries import service as entries
from contest.entries.models import IdKind
from contest.events.models import HostRole

PEOPLE = (
    ("更尕昂宝", "男", "藏族"),
    ("才让·卓玛", "女", "藏族"),
    ("韩龑", "男", "汉族"),
    ("马秀英", "女", "回族"),
    ("祁㛃", "女", "土族"),
    ("沙里木", "男", "撒拉族"),
    ("欧阳春晓", "女", "汉族"),
    ("单明远", "男", "汉族"),
    ("曾立华", "男", "汉族"),
    ("解文博", "男", "汉族"),
)
JUDGES = ("方裁判（演示）", "卢裁判（演示）", "蔡裁判（演示）")
NAMING = Naming(
    slug="demo-union",
    holder="示范省总工会",
    holder_en="Federation of Trade Unions of Demo Province",
    contest="示范省职工职业技能大赛",
    contest_en="Demo Province skills contest of workers",
    edition="示范省第一届职工职业技能大赛（练习）",
    edition_en="Demo Province skills contest of workers (practice)",
    sub_contest="机械行业",
    hosts=((HostRole.HOST, "示范省总工会"), (HostRole.ORGANISER, "样例技师学院")),
    event="钳工",
    event_en="Bench fitting",
    trade_code="6-20-01-01",
    rules=Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"),
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_number(number: int, born: date, gender: str) -> str:
    """An ID number with a right check digit and a region that does not exist, so that it is nobody's."""
    body = f"999901{born:%Y%m%d}{number:02d}{1 if gender == '男' else 2}"
    return (
        body
        + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]
    )


def until_open(stage: Stage, holder_id: int = 0) -> Held:
    """Registered, drawn, coded, judges seated: the sheets wait for their first mark."""
    held = Held(holder_id=holder_id)
    stage.later(days=20)
    staging.set_up(stage, NAMING, held)
    staging.open_event(stage, held)
    for number, (name, gender, ethnicity) in enumerate(PEOPLE, 1):
        stage.step(lambda n=number, a=name, g=gender, e=ethnicity: _enter(stage, held, n, a, g, e))
    staging.draw_and_code(
        stage, held, seed="demo seed of the rehearsal", public_value="3 个数字 03 11 28", benches=5
    )
    staging.seat_judges(
        stage,
        held,
        [PanelPlan("实操裁判组", ["practice"], people=[(name, "示范裁判委员会") for name in JUDGES])],
    )
    stage.say("practice contest open for marking")
    return held


def _enter(stage: Stage, held: Held, number: int, name: str, gender: str, ethnicity: str) -> None:
    born = date(1980 + number, 1 + number % 12, 1 + number)
    group = staging.first_group(held)
    entries.register_entry(
        held.event_id,
        entries.EntryFacts(number=f"{number:03d}", group_key=group, organisation="样例机械有限公司"),
        [
            (
                entries.PersonFacts(
                    name=name,
                    id_kind=IdKind.RESIDENT,
                    id_number=resident_number(number, born, gender),
                    gender=gender,
                    ethnicity=ethnicity,
                    born_on=born,
                ),
                entries.MemberFacts(group_key=group),
            )
        ],
        actor=stage.actor("organiser"),
        at=stage.at,
    )
