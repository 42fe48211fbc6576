"""A team event: members are ranked by themselves, teams by their members, theory sat but not counted."""

from __future__ import annotations

from uuid import uuid4

import pytest

from contest.db import db, transaction
from contest.entries.models import Entry, EntryState, Member
from contest.events.models import Event
from contest.judging.models import Seat, Sheet
from contest.results import cells
from contest.results.blockers import findings_of
from contest.results.bundle import unpacked
from contest.results.compute import compute_event
from tests.results.builders import NOON, make_field, make_person, published
from tests.results.test_bundle import bundle, changed, second_reading

RULES = """
key = "noodles"
members = { minimum = 2, maximum = 3, missing = "counts" }
[[modules]]
key = "theory"
title_zh = "理论考试"
maximum = 100
weight = 0
gate = 60
per = "member"
[[modules]]
key = "practice"
title_zh = "实际操作"
maximum = 100
weight = 100
per = "member"
members = "mean"
[[rankings]]
key = "individual"
title_zh = "个人成绩"
subject = "member"
order = ["total", { by = "node", node = "theory" }]
show = { digits = 2 }
[[rankings.awards]]
key = "medals"
by = "place"
kind = "medal"
bands = [ { award = "gold", places = 1 }, { award = "excellent_contestant", rest = true } ]
[[rankings.awards]]
key = "title"
by = "place"
kind = "title"
needs = { theory = 60 }
bands = [ { award = "technical_expert", places = 1 } ]
[[rankings]]
key = "team"
title_zh = "团体成绩"
members = { by = "best", n = 2 }
show = { digits = 2 }
"""
TEAMS = {
    "甲队": [(90, 95), (50, 88), (70, 80)],
    "乙队": [(80, 92), (88, 90)],
}  # (theory, practice) of each member


@pytest.fixture
def made(app):
    return teams_under(RULES)


def teams_under(rules):
    field = make_field(list(TEAMS), rules=rules)
    with transaction():
        event = db.session.get_one(Event, field.event_id)
        db.session.query(Sheet).delete()
        holder_id, seat = event.sub_contest.edition.contest.holder_id, db.session.query(Seat).one()
        for entry_id, (team, marks) in zip(field.entry_ids, TEAMS.items(), strict=True):
            entry = db.session.get_one(Entry, entry_id)
            entry.name = team
            for member in entry.members:
                member.left_at, member.left_reason = NOON, "换人"
            for place, values in enumerate(marks, 1):
                person = make_person(holder_id, f"{team}{place}号", f"{entry.id}{place}0199001010000")
                db.session.add(person)
                db.session.flush()
                member = Member(
                    event_id=event.id, entry_id=entry.id, person_id=person.id, number=f"{entry.number}-{place}",
                    position=place, joined_at=NOON,
                )  # fmt: skip
                db.session.add(member)
                db.session.flush()
                for module, value in zip(("theory", "practice"), values, strict=True):
                    sheet = Sheet(
                        public_id=uuid4().hex[:22], event_id=event.id, seat_id=seat.id, entry_id=entry.id,
                        member_id=member.id, round_id=field.round_ids[""], module_key=module, work_code="K1",
                        position=place, submitted_at=NOON, locked_at=NOON,
                    )  # fmt: skip
                    db.session.add(sheet)
                    db.session.flush()
                    field.sheets[entry.id, seat.id, module, ""] = sheet.id
                    field.put(field.entry_ids.index(entry.id), module, value * 1000)
    return field


def table(made, ranking):
    listing = compute_event(made.event).listing(ranking)
    return [cells.labels(listing.heading, "zh_CN"), *cells.table(listing.heading, listing.lines, "zh_CN")]


def test_members_are_ranked_by_themselves_with_their_team_beside_them(made):
    assert table(made, "individual") == [
        ["名次", "编号", "姓名", "所在队", "单位", "代表队", "组别", "理论考试", "实际操作", "总成绩", "奖项", "备注"],
        ["1", "001-1", "甲队1号", "甲队", "示范集团", "甲地区代表队", "职工组", "90.00", "95.00", "95.00", "金奖", ""],
        ["2", "002-1", "乙队1号", "乙队", "示范集团", "乙地区代表队", "职工组", "80.00", "92.00", "92.00", "优秀选手奖", ""],
        ["3", "002-2", "乙队2号", "乙队", "示范集团", "乙地区代表队", "职工组", "88.00", "90.00", "90.00", "优秀选手奖", ""],
        ["4", "001-2", "甲队2号", "甲队", "示范集团", "甲地区代表队", "职工组", "50.00", "88.00", "88.00", "", "理论考试未合格"],
        ["5", "001-3", "甲队3号", "甲队", "示范集团", "甲地区代表队", "职工组", "70.00", "80.00", "80.00", "优秀选手奖", ""],
    ]  # fmt: skip


def test_teams_are_ranked_by_their_best_members_and_name_all_of_them(made):
    listing = compute_event(made.event).listing("team")
    assert [(line.rank, line.name, line.total, line.people) for line in listing.lines] == [
        ("1", "甲队", "183.00", "甲队1号 甲队2号 甲队3号"),
        ("2", "乙队", "182.00", "乙队1号 乙队2号"),
    ]


def test_a_title_is_granted_in_the_data_and_not_printed_as_an_award(made):
    first = compute_event(made.event).listing("individual").lines[0]
    assert [(one["award"], one["kind"]) for one in first.data["grants"]] == [
        ("gold", "medal"),
        ("technical_expert", "title"),
    ]
    assert table(made, "individual")[1][-2] == "金奖"


def test_who_was_substituted_stands_on_no_list_and_blocks_nothing(made):
    computation = compute_event(made.event)
    names = [line.name for line in computation.listing("individual").lines]
    assert (len(names), findings_of(computation, "individual")) == (5, [])


def test_a_frozen_row_carries_what_award_rules_need_to_decide_again(made):
    line = compute_event(made.event).listing("individual").lines[3]
    candidate = line.data["candidate"]
    assert (candidate["rank"], candidate["total"], candidate["parts"]["theory"], candidate["gates"]) == (
        "4",
        "88/1",
        "50/1",
        ["theory"],
    )
    assert [one["reason"]["code"] for one in line.data["refusals"]] != []
    assert (candidate["attributes"]["team"], candidate["attributes"]["delegation"][0]) == (
        f"e{made.entry_ids[0]}",
        "d",
    )


def test_a_disqualified_team_takes_its_members_out_of_the_ranking_with_the_reason(made):
    with transaction():
        entry = db.session.get_one(Entry, made.entry_ids[0])
        entry.state, entry.state_reason = EntryState.DISQUALIFIED, "顶替参赛"
    rows = table(made, "individual")[1:]
    assert [(row[0], row[2], row[-1]) for row in rows if row[3] == "甲队"] == [
        (
            "",
            f"甲队{place}号",
            "取消资格（顶替参赛）" if place != 2 else "取消资格（顶替参赛）；理论考试未合格",
        )
        for place in (1, 2, 3)
    ]


def test_a_second_program_recomputes_a_list_of_members(app, tmp_path):
    head, individual, team = RULES.split("[[rankings]]")
    made = teams_under(
        "[[rankings]]".join(
            [head.replace("gate = 60\n", ""), individual.split("[[rankings.awards]]")[0], team]
        )
    )
    path = tmp_path / "members.zip"
    path.write_bytes(bundle(published(made, ranking="individual")))
    assert second_reading(path) == (0, "same")
    _, files = unpacked(path.read_bytes())
    row = next(line for line in files["marks.csv"].splitlines() if ",practice," in line)
    path.write_bytes(changed(path.read_bytes(), "marks.csv", row, row.rsplit(",", 1)[0] + ",1000"))
    code, text = second_reading(path)
    assert code == 1 and text.startswith("line 1, m")
