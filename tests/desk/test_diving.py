"""A published contest held again through the front doors: men's 10 m platform final, Paris 2024.

Source: github.com/ericw5134/math303-project data/divingParis.csv (commit dacec974); totals and ranks from press
reports (Xinhua, 12 August 2024). Rule: World Aquatics Diving Rules 2022–25: seven judges, the two highest and two
lowest dropped, the rest added, times difficulty; six dives added.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
import xlsxwriter

from contest.accounts.access import SYSTEM
from contest.accounts.models import Role, ScopeKind
from contest.db import db, now, transaction
from contest.entries.models import Entry
from contest.events import queries as events_queries
from contest.events import service as events
from contest.events.models import ContestKind, EventRound
from contest.judging import service as judging
from contest.judging.models import Judge, Seat, Sheet
from contest.results.compute import compute_event
from contest.scoring.rules import RuleSet
from tests.builders import make_account
from tests.visitors import Visitor

CASE = Path(__file__).parent.parent / "scoring" / "cases" / "diving_paris2024"


def rows_of(name: str) -> list[dict[str, str]]:
    with (CASE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


MARKS = rows_of("input.csv")
DIVERS = sorted({row["entry"] for row in MARKS})
JUDGES = sorted({row["judge"] for row in MARKS})


def roster() -> bytes:
    """The divers as an office would send them, with invented passport numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("报名汇总表")
    sheet.write_row(
        0, 0, ["代表队", "队伍编号", "赛项", "姓名", "证件类型", "证件号码", "出生日期", "性别", "工作单位"]
    )
    for index, diver in enumerate(DIVERS, 1):
        line = [
            f"Team {index:02d}",
            f"{index:03d}",
            "十米跳台",
            diver,
            "护照",
            f"E{10000000 + index}",
            "2000-01-01",
            "男",
            f"Club {index:02d}",
        ]
        for column, value in enumerate(line):
            sheet.write_string(index, column, value)
    book.close()
    return out.getvalue()


def difficulties() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in MARKS:
        found.setdefault(row["entry"], {})[row["round"]] = row["difficulty"]
    return found


class Hall:
    """The contest with its people, each in a browser of their own."""

    def __init__(self, app, sign_in) -> None:
        self.app, self.sign_in = app, sign_in
        with transaction():
            holder = events.create_holder(slug="demo", name="示范体育协会", actor=SYSTEM, at=now())
            contest = events.create_contest(
                kind=ContestKind.SKILLS, holder=holder, name="示范跳水赛", actor=SYSTEM, at=now()
            )
            edition = events.create_edition(
                contest=contest,
                ordinal=1,
                name="示范跳水赛",
                year=2024,
                appeal_hours=0,
                is_demo=True,
                actor=SYSTEM,
                at=now(),
            )
            sub = events.create_sub_contest(edition=edition, name="跳水", actor=SYSTEM, at=now())
            event = events.create_event(sub_contest=sub, name="十米跳台", actor=SYSTEM, at=now())
            events.save_rules(
                event, RuleSet.from_toml((CASE / "scheme.toml").read_text("utf-8")), actor=SYSTEM, at=now()
            )
            self.contest_id, self.edition_id, self.event_id = contest.id, edition.id, event.id
        roles = (Role.ORGANISER, Role.CODER, Role.CHIEF_JUDGE, Role.SUPERVISOR)
        self.people = {role: self.visitor(role) for role in roles}

    def visitor(self, role: Role) -> Visitor:
        account = make_account(
            role.value, (role, ScopeKind.CONTEST, self.contest_id), contest_id=self.contest_id
        )
        visitor = Visitor(self.app)
        self.sign_in(visitor.client, account)
        return visitor

    def __getitem__(self, role: Role) -> Visitor:
        return self.people[role]


@pytest.fixture
def hall(app, sign_in):
    return Hall(app, sign_in)


def open_and_register(hall: Hall) -> None:
    organiser, event = hall[Role.ORGANISER], hall.event_id
    organiser.send(f"/events/{event}/dry-run")
    organiser.send(f"/events/{event}/open")
    answer = organiser.send(f"/editions/{hall.edition_id}/roster", file=(io.BytesIO(roster()), "divers.xlsx"))
    preview = organiser.open(answer.headers["Location"])
    fingerprints = re.findall(r'name="fingerprint" value="([^"]+)"', preview)
    assert len(fingerprints) == 1, re.sub(r"<[^>]+>", " ", preview)
    (fingerprint,) = fingerprints
    organiser.send(answer.headers["Location"] + "/take-over", fingerprint=fingerprint)
    for diver, by_round in difficulties().items():
        entry = db.session.scalars(sa.select(Entry)).all()
        one = next(row for row in entry if [member.person.name for member in row.members] == [diver])
        values = {f"difficulty.{key}": value for key, value in by_round.items()}
        organiser.send(f"/entries/{one.id}/values", version=one.version, **values)


def draw(hall: Hall) -> None:
    coder, event = hall[Role.CODER], hall.event_id
    ids = {entry.number: entry.id for entry in db.session.scalars(sa.select(Entry))}
    by_hand = {f"p-{entry_id}": str(place) for place, (_, entry_id) in enumerate(sorted(ids.items()), 1)}
    coder.send(f"/events/{event}/draw/by-hand", **by_hand)
    found = re.findall(r"/draws/(\d+)/lock", hall[Role.ORGANISER].open(f"/events/{event}/draw"))
    hall[Role.ORGANISER].send(f"/draws/{found[0]}/lock")
    coder.send(f"/events/{event}/codes/issue")


def seat(hall: Hall) -> dict[str, Visitor]:
    """A panel of seven, each judge signed in by the personal code."""
    organiser, event = hall[Role.ORGANISER], hall.event_id
    organiser.send(f"/events/{event}/panels", name="裁判组", module_keys="dive", kind="judge", seats="7")
    for name in JUDGES:
        organiser.send(f"/events/{event}/judges", name=name, delegation_id="0")
    judges = {row.name: row.id for row in db.session.scalars(sa.select(Judge))}
    seats = list(db.session.scalars(sa.select(Seat.id).order_by(Seat.position)))
    for name, seat_id in zip(JUDGES, seats, strict=True):
        organiser.send(f"/events/{event}/seats/{seat_id}/assign", judge_id=str(judges[name]))
    organiser.send(f"/events/{event}/sheets")
    visitors = {}
    for name in JUDGES:
        with transaction():
            token = judging.issue_code(db.session.get_one(Judge, judges[name]), actor=SYSTEM, at=now())
        visitors[name] = Visitor(hall.app)
        visitors[name].sign_in_by_link(token)
    return visitors


def mark(judges: dict[str, Visitor]) -> int:
    """Every judge sends all marks in one batch to the tablet's endpoint, then signs each sheet."""
    rounds = dict(db.session.execute(sa.select(EventRound.id, EventRound.key)).all())
    divers = {row.id: row.members[0].person.name for row in db.session.scalars(sa.select(Entry))}
    given = {(row["judge"], row["entry"], row["round"]): row["mark"] for row in MARKS}
    stored = 0
    for name, visitor in judges.items():
        own = sa.select(Sheet).join(Seat).where(Seat.position == JUDGES.index(name) + 1)
        sheets = [(s.public_id, divers[s.entry_id], rounds[s.round_id]) for s in db.session.scalars(own)]
        aspect = "dive"
        batch = [
            {
                "uuid": str(uuid4()),
                "sheet": sheet,
                "aspect": aspect,
                "state": "value",
                "value": given[name, diver, key],
            }
            for sheet, diver, key in sheets
        ]
        receipts = visitor.send_json("/judge/sync", {"device": name, "marks": batch})["receipts"]
        stored += sum(receipt["status"] == "stored" for receipt in receipts)
        for sheet, _, _ in sheets:
            page = visitor.open(f"/judge/sheets/{sheet}/submit")
            (digest,) = re.findall(r'name="digest" value="([^"]+)"', page)
            visitor.send(f"/judge/sheets/{sheet}/submit", digest=digest)
    return stored


def publish(hall: Hall) -> str:
    event = hall.event_id
    hall[Role.CHIEF_JUDGE].send(f"/events/{event}/lock")
    hall[Role.CHIEF_JUDGE].send(f"/events/{event}/results/check", ranking="final")
    page = hall[Role.ORGANISER].send(f"/events/{event}/results/publish", ranking="final").headers["Location"]
    hall[Role.CHIEF_JUDGE].send(f"{page}/sign", role="chief_judge")
    hall[Role.SUPERVISOR].send(f"{page}/sign", role="supervisor")
    hall[Role.ORGANISER].send(f"{page}/confirm", waiver="各队书面放弃申诉")
    return page


def test_the_published_final_comes_out_to_the_last_digit(hall):
    open_and_register(hall)
    draw(hall)
    assert mark(seat(hall)) == 504
    page = publish(hall)

    public = Visitor(hall.app)
    listed = public.bytes_of(page.replace("/publications/", "/lists/") + ".csv").decode("utf-8-sig")
    lines = {row["姓名"]: row for row in csv.DictReader(io.StringIO(listed))}
    official = {
        row["entry"]: (row["official_score"], row["official_rank"]) for row in rows_of("expected_final.csv")
    }
    assert len(lines) == 12
    found = {name: (lines[name]["综合成绩"], lines[name]["名次"]) for name in official}
    # Of two divers the reports give the rank alone.
    assert {
        name: (found[name][0] if total else "", found[name][1]) for name, (total, _) in official.items()
    } == official

    event = events_queries.event_for(SYSTEM, hall.event_id, may="results.view")
    outcome = compute_event(event).outcome
    divers = {f"e{row.id}": row.members[0].person.name for row in db.session.scalars(sa.select(Entry))}
    dives = {
        (divers[row.subject], key): float(row.total)
        for (_, key), standing in outcome.rounds.items()
        for row in standing.rows
    }
    official_dives = {
        (row["entry"], row["round"]): float(row["official_round_score"]) for row in rows_of("expected.csv")
    }
    assert len(official_dives) == 72
    assert dives == pytest.approx(official_dives, abs=1e-9)
