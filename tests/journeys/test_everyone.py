"""One whole contest in a real browser: every user's own path, once in Chinese and once in English."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter
from pypdf import PdfReader

from contest.accounts import service as accounts
from contest.accounts.access import SYSTEM
from contest.db import db, now, transaction
from contest.desk.demo.rehearsal import PEOPLE, resident_number
from contest.events.models import Edition, Event
from contest.judging import service as judging
from contest.judging.models import Judge, Seat
from contest.results.models import Publication
from tests.results.builders import far_end, notice_over

pytestmark = pytest.mark.journey
RULES = Path(__file__).with_name("rules.toml")
JUDGES = ("方正", "卢平")
FIELDS = (
    "代表队",
    "队伍编号",
    "赛项",
    "姓名",
    "性别",
    "民族",
    "证件类型",
    "证件号码",
    "出生日期",
    "工作单位",
)


@dataclass
class Contest:
    """What one language's walk has made, and the people in it."""

    make: Any
    address: str
    language: str
    people: dict[str, Any] = field(default_factory=dict)
    edition: int = 0
    event: int = 0
    publication: int = 0
    verify: str = ""

    def newcomer(self, part: str, size: str = "desktop") -> Any:
        self.people[part] = self.make(size, self.language)
        return self.people[part]


def roster() -> bytes:
    """Four contestants of two delegations as an office would send them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("报名汇总表")
    sheet.write_row(0, 0, FIELDS)
    for index, (name, gender, ethnicity) in enumerate(PEOPLE[:4], 1):
        born = f"19{80 + index}-0{1 + index}-1{index}"
        number = resident_number(index, date.fromisoformat(born), gender)
        delegation = "甲地区代表队" if index < 3 else "乙地区代表队"
        line = [
            delegation,
            f"{index:03d}",
            "钳工",
            name,
            gender,
            ethnicity,
            "居民身份证",
            number,
            born,
            "样例机械有限公司",
        ]
        for column, value in enumerate(line):
            sheet.write_string(index, column, value)
    book.close()
    return out.getvalue()


def test_a_whole_contest_in_chinese(person, address):
    walk(Contest(person, address, "zh"))


def test_a_whole_contest_in_english(person, address):
    walk(Contest(person, address, "en"))


def rows(statement: Any) -> list[Any]:
    """What the database holds now: the reading transaction of the step before is ended first."""
    db.session.rollback()
    return list(db.session.scalars(statement))


def walk(contest: Contest) -> None:
    """From the first organiser's link to a verified certificate."""
    first_organiser(contest)
    set_up(contest)
    invite(contest)
    register(contest)
    draw_and_code(contest)
    seat_judges(contest)
    mark_on_tablets(contest)
    lock(contest)
    publish(contest)
    confer(contest)
    issue(contest)
    contestant_downloads(contest)
    public_verifies(contest)
    spoken = {part: one.language() for part, one in contest.people.items()}
    assert spoken == dict.fromkeys(spoken, "zh-CN" if contest.language == "zh" else "en")


def first_organiser(contest: Contest) -> None:
    with transaction():
        token = accounts.first_link(actor=SYSTEM, at=now())
    organiser = contest.newcomer("organiser")
    organiser.go(f"/s/{token}")
    organiser.send()
    organiser.fill(login="organiser", password="a long sentence", again="a long sentence")
    organiser.send()
    organiser.go("/holders/new")
    organiser.fill(slug="demo-union", name="示范省总工会", name_en="Demo Federation of Trade Unions")
    organiser.send()


def set_up(contest: Contest) -> None:
    page = contest.people["organiser"]
    page.go("/contests/new")
    page.fill(name="示范杯职业技能竞赛", name_en="Demo Cup")
    page.send()
    page.go("/contests/1/editions/new")
    page.fill(
        name="首届示范杯职业技能竞赛", name_en="First Demo Cup", ordinal="1", year="2026", appeal_hours="2"
    )
    page.send()
    contest.edition = rows(sa.select(Edition.id))[0]
    page.go(f"/editions/{contest.edition}/sub-contests/new")
    page.fill(name="机械行业", name_en="Machinery")
    page.send()
    page.go("/sub-contests/1/hosts")
    page.fill(
        **{
            "hosts-0-name": "示范省总工会",
            "hosts-0-role": "host",
            "hosts-1-name": "样例技师学院",
            "hosts-1-role": "organiser",
        }
    )
    page.send()
    page.go("/sub-contests/1/events/new")
    page.fill(name="钳工", name_en="Bench fitting")
    page.send()
    contest.event = rows(sa.select(Event.id))[0]
    page.go(f"/events/{contest.event}/rules/text")
    page.fill(text=RULES.read_text(encoding="utf-8"))
    page.send(f"/events/{contest.event}/rules/text")
    page.go(f"/events/{contest.event}/rules")
    page.picture("01-rules")
    page.send(f"/events/{contest.event}/rules/save")
    page.go(f"/events/{contest.event}/dry-run")
    page.picture("02-dry-run")
    page.send()
    page.go(f"/events/{contest.event}/setup")
    page.send(f"/events/{contest.event}/open")


def invite(contest: Contest) -> None:
    """Each office role gets an invitation that is shown once, and signs in with it on a device of its own."""
    organiser = contest.people["organiser"]
    names = {"chief_judge": "陆鸣", "coder": "高远", "supervisor": "范正", "scorekeeper": "何静"}
    for role, name in names.items():
        organiser.go(f"/editions/{contest.edition}/people")
        organiser.fill(name=name, role=role)
        organiser.send(having="role")
        (link,) = set(re.findall(r"/s/[\w-]+", organiser.page.content()))
        newcomer = contest.newcomer(role)
        newcomer.go(link)
        newcomer.send()
    organiser.go(f"/editions/{contest.edition}/people")
    organiser.picture("03-people")


def register(contest: Contest) -> None:
    organiser = contest.people["organiser"]
    organiser.go(f"/editions/{contest.edition}/roster")
    organiser.page.set_input_files(
        'main input[type="file"]',
        {"name": "roster.xlsx", "mimeType": "application/octet-stream", "buffer": roster()},
    )
    organiser.send(f"/editions/{contest.edition}/roster")
    organiser.picture("04-roster-preview")
    organiser.send("/take-over")
    organiser.go(f"/editions/{contest.edition}/entries")
    assert all(name in organiser.words() for name, _, _ in PEOPLE[:4])
    organiser.picture("05-entries")


def draw_and_code(contest: Contest) -> None:
    coder = contest.people["coder"]
    coder.go(f"/events/{contest.event}/draw")
    coder.unfold("/draw/by-hand")
    for place in range(4):
        coder.page.locator('main [name^="p-"]').nth(place).fill(str(4 - place))
        coder.page.locator('main [name^="b-"]').nth(place).fill(str(place + 1))
    coder.send("/draw/by-hand")
    organiser = contest.people["organiser"]
    organiser.go(f"/events/{contest.event}/draw")
    organiser.send("/lock")
    coder.go(f"/events/{contest.event}/codes")
    coder.send("/codes/issue")
    coder.picture("06-codes")


def seat_judges(contest: Contest) -> None:
    organiser, event = contest.people["organiser"], contest.event
    organiser.go(f"/events/{event}/panels")
    organiser.page.locator('main form[action$="/panels"] [name="name"]').fill("裁判组")
    organiser.page.locator('main form[action$="/panels"] [name="seats"]').fill("2")
    organiser.page.locator('main form[action$="/panels"] [name="module_keys"]').first.check()
    organiser.send(f"/events/{event}/panels")
    for name in JUDGES:
        organiser.page.locator(f'main form[action$="/events/{event}/judges"] [name="name"]').fill(name)
        organiser.send(f"/events/{event}/judges")
    judges = {row.name: row.id for row in rows(sa.select(Judge))}
    for name, seat in zip(JUDGES, rows(sa.select(Seat.id).order_by(Seat.id)), strict=True):
        organiser.unfold(f"/seats/{seat}/assign")
        organiser.page.locator(f'main form[action$="/seats/{seat}/assign"] [name="judge_id"]').select_option(
            str(judges[name])
        )
        organiser.send(f"/seats/{seat}/assign")
    organiser.send(f"/events/{event}/sheets")
    organiser.picture("07-panels")


def mark_on_tablets(contest: Contest) -> None:
    """Two judges key every sheet by Enter; the network fails under the first one and comes back."""
    for place, name in enumerate(JUDGES):
        with transaction():
            judge = db.session.scalars(sa.select(Judge).where(Judge.name == name)).one()
            token = judging.issue_code(judge, actor=SYSTEM, at=now())
        tablet = contest.newcomer(f"judge{place}", "tablet")
        tablet.go(f"/s/{token}")
        tablet.send()
        for number in range(4):
            mark_sheet(tablet, number, place, is_cut=place == 0 and number == 0)


def mark_sheet(tablet: Any, number: int, judge: int, *, is_cut: bool) -> None:
    tablet.go("/judge/")
    if number == 0:
        tablet.picture(f"08-sheets-of-judge-{judge + 1}")
    tablet.page.locator(".sheetlink").nth(number).click()
    tablet.page.wait_for_selector("[data-plain-save]", state="hidden")
    code = tablet.page.locator("body").inner_text()
    marks = {"size": str(30 + (sum(map(ord, code[:400])) + number * 7) % 20), "work": str(number)}
    for step, (aspect, text) in enumerate(marks.items()):
        if is_cut and step == 1:
            tablet.context.set_offline(True)
        box = tablet.page.locator(f'[name="value.{aspect}.1"]')
        box.fill(text)
        box.press("Enter")
    if is_cut:
        tablet.page.wait_for_timeout(600)
        tablet.picture("09-network-lost")
        tablet.context.set_offline(False)
    tablet.page.wait_for_function(
        "() => document.querySelectorAll('[data-state=stored], .is-stored').length >= 0"
    )
    tablet.page.wait_for_timeout(300)
    wait_until_stored(tablet)
    if number == 0:
        tablet.picture(f"10-sheet-of-judge-{judge + 1}")
    public_id = tablet.page.url.rstrip("/").rpartition("/")[2]
    tablet.go(f"/judge/sheets/{public_id}/submit")
    tablet.send(f"/judge/sheets/{public_id}/submit")


def wait_until_stored(tablet: Any) -> None:
    """Until the device holds nothing that the server has not."""
    for _ in range(60):
        waiting = (
            tablet.page.locator("[data-unsent]").first.get_attribute("data-unsent")
            if tablet.page.locator("[data-unsent]").count()
            else "0"
        )
        if waiting in ("0", "", None):
            return
        tablet.page.wait_for_timeout(250)


def lock(contest: Contest) -> None:
    chief = contest.people["chief_judge"]
    chief.go(f"/events/{contest.event}/board")
    chief.picture("11-board")
    chief.send(f"/events/{contest.event}/lock")


def publish(contest: Contest) -> None:
    organiser = contest.people["organiser"]
    scorekeeper = contest.people["scorekeeper"]
    scorekeeper.go(f"/events/{contest.event}/results")
    scorekeeper.send(f"/events/{contest.event}/results/check")
    organiser.go(f"/events/{contest.event}/results")
    organiser.picture("12-results")
    organiser.send(f"/events/{contest.event}/results/publish")
    contest.publication = rows(sa.select(Publication.id))[0]
    path = f"/publications/{contest.publication}"
    for part in ("chief_judge", "supervisor"):
        contest.people[part].go(path)
        contest.people[part].send(f"{path}/sign")
    organiser.go(path)
    organiser.fill(waiver="各队书面放弃申诉")
    organiser.send(f"{path}/confirm")
    organiser.picture("13-confirmed")
    organiser.fill(ends_on=far_end())
    organiser.send(f"{path}/notice")
    notice_over(contest.publication)
    organiser.send(f"{path}/final")


def confer(contest: Contest) -> None:
    organiser = contest.people["organiser"]
    organiser.go(f"/editions/{contest.edition}/awards")
    organiser.send("/awards/draw-up")
    organiser.go(f"/editions/{contest.edition}/awards")
    organiser.send("/titles/propose")
    organiser.go(f"/editions/{contest.edition}/awards")
    organiser.page.locator('main form[action$="/decisions"] [name="authority"]').fill(
        "示范省人力资源厅（虚构）"
    )
    organiser.send("/decisions")
    organiser.picture("14-decision")
    organiser.page.locator('main form[action$="/confer"] [name$="document_number"]').fill(
        "示范人社发〔2026〕7号"
    )
    organiser.page.locator('main form[action$="/confer"] [name$="dated_on"]').fill("2026-11-20")
    organiser.send("/confer")


def issue(contest: Contest) -> None:
    organiser = contest.people["organiser"]
    organiser.go(f"/events/{contest.event}/certificates")
    organiser.page.locator(
        f'main form[action$="/events/{contest.event}/certificates"] [name="dated_on"]'
    ).fill("2026-11-20")
    organiser.send(f"/events/{contest.event}/certificates", button="button:not([formaction])")
    organiser.go(f"/events/{contest.event}/certificates")
    organiser.picture("15-certificates")


def contestant_downloads(contest: Contest) -> None:
    """The champion signs in on a phone by number, name and last six of the ID, and has the paper in three taps."""
    row = rows(sa.select(Publication))[0].snapshot.rows[0]
    number = int(row.data["number"])
    name, gender, _ = PEOPLE[number - 1]
    born = f"19{80 + number}-0{1 + number}-1{number}"
    tail = resident_number(number, date.fromisoformat(born), gender)[-6:]
    phone = contest.newcomer("contestant", "phone")
    phone.go("/contestant")
    phone.fill(number=row.data["number"], name=name, digits=tail)
    phone.send()
    phone.picture("16-my-day")
    phone.follow('main a[href*="/my-certificate/"]')
    phone.picture("16-my-paper")
    paper = phone.download('main a[href$=".pdf"]')
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(paper)).pages)
    assert name in text
    contest.verify = re.findall(r"查验码：([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})", text)[0]


def public_verifies(contest: Contest) -> None:
    public = contest.newcomer("public", "phone")
    language = "?lang=en" if contest.language == "en" else ""
    public.go(f"/lists/{contest.publication}{language}")
    public.picture("17-public-list")
    assert "更尕昂宝" in public.words()
    public.go(f"/verify/{contest.verify}{language}")
    public.picture("18-verify")
    assert ("有效" if contest.language == "zh" else "Valid") in public.words()
