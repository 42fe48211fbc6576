"""A labour contest: rounds share one scheme, self-scores beside review scores, a veto, overall by the mean of rounds."""

from __future__ import annotations

import pytest

from contest.db import db, transaction
from contest.events.models import ContestKind
from contest.judging.models import SeatKind
from contest.results import cells, queries
from contest.results.blockers import findings_of
from contest.results.compute import compute_event
from contest.results.models import Publication
from tests.results.builders import make_field, published

RULES = """
key = "five"
title_zh = "五比一创"
filters = [ { name = "veto" } ]
[[modules]]
key = "quality"
title_zh = "比质量"
title_en = "Quality"
maximum = 60
kind = "deduction"
seats = ["department"]
method = "agreed"
[[modules]]
key = "safety"
title_zh = "比安全"
title_en = "Safety"
maximum = 40
seats = ["department"]
method = "agreed"
[[modules.parts]]
key = "hazards"
title_zh = "隐患治理"
maximum = 40
[[modules.parts]]
key = "accident"
title_zh = "安全事故"
kind = { by = "knockout", effect = "out_of_round" }
[total]
combine = "sum"
rounds = "mean"
round = { digits = 2, mode = "half_up" }
[[rounds]]
key = "jan"
title_zh = "一月"
title_en = "January"
[[rounds]]
key = "feb"
title_zh = "二月"
title_en = "February"
[[rankings]]
key = "units"
title_zh = "参赛单位成绩"
title_en = "Units"
order = ["total"]
ties = "shared"
show = { digits = 2 }
[[rankings.awards]]
key = "flag"
by = "place"
title_zh = "流动红旗"
unless = { veto = ["accident"] }
pass_down = ["unless"]
bands = [{ award = "flag", places = 1 }]
"""
UNITS = ("第一项目部", "第二项目部", "第三项目部")


@pytest.fixture
def made(app):
    field = make_field(
        UNITS,
        rules=RULES,
        seats=(SeatKind.DEPARTMENT, SeatKind.SELF),
        kind=ContestKind.LABOUR,
        inputs={2: {"veto": "accident"}},
    )
    marks = {"jan": [(10, 38), (5, 30), (0, 40)], "feb": [(6, 40), (8, 35), (1, 39)]}
    with transaction():
        for key, rows in marks.items():
            for place, (off, safety) in enumerate(rows):
                field.put(place, "quality", off * 1000, round_key=key)
                field.put(place, "hazards", safety * 1000, round_key=key)
                field.put(place, "quality", 2000, seat=1, round_key=key)
                field.put(place, "hazards", 40_000, seat=1, round_key=key)
    return field


def table(made, round_key="", locale="zh_CN"):
    listing = compute_event(made.event).listing("units", round_key)
    return [cells.labels(listing.heading, locale), *cells.table(listing.heading, listing.lines, locale)]


def test_a_month_shows_self_scores_beside_review_scores_and_ranks_by_the_review(made):
    assert table(made, "jan") == [
        ["名次", "编号", "参赛单位", "单位", "代表队", "组别", "比质量·自评", "比质量·考评", "比安全·自评", "比安全·考评", "自评总分", "总成绩", "奖项", "备注"],
        ["1", "003", "第三项目部", "示范集团", "甲地区代表队", "职工组", "58.00", "60.00", "40.00", "40.00", "98.00", "100.00", "", "一票否决（安全事故）"],
        ["2", "001", "第一项目部", "示范集团", "甲地区代表队", "职工组", "58.00", "50.00", "40.00", "38.00", "98.00", "88.00", "流动红旗", ""],
        ["3", "002", "第二项目部", "示范集团", "乙地区代表队", "职工组", "58.00", "55.00", "40.00", "30.00", "98.00", "85.00", "", ""],
    ]  # fmt: skip


def test_the_overall_list_has_the_months_as_columns_and_their_mean_as_total(made):
    assert [row[-5:-2] for row in table(made)] == [
        ["一月", "二月", "综合成绩"],
        ["100.00", "98.00", "99.00"],
        ["88.00", "94.00", "91.00"],
        ["85.00", "87.00", "86.00"],
    ]


def test_a_veto_in_one_month_takes_the_unit_out_of_that_month_with_its_reason(made):
    made.mark(0, "accident", 1000, round_key="jan")
    remarks = {key: {row[2]: (row[0], row[-1]) for row in table(made, key)[1:]} for key in ("jan", "feb", "")}
    assert remarks["jan"]["第一项目部"] == ("", "一票否决（安全事故）")
    assert remarks["feb"]["第一项目部"] == ("2", "")
    assert remarks[""]["第一项目部"] == ("", "一月一票否决（安全事故）")


def test_each_month_is_published_by_itself_and_the_overall_list_as_well(made):
    with transaction():
        computation = compute_event(made.event)
        assert computation.list_keys() == [("units", "jan"), ("units", "feb"), ("units", "")]
        assert [findings_of(computation, *key) for key in computation.list_keys()] == [[], [], []]
    lists = [published(made, ranking="units", round_key=key) for key in ("jan", "feb", "")]
    found = [db.session.get_one(Publication, one) for one in lists]
    assert [(one.round.key if one.round else "", one.revision) for one in found] == [
        ("jan", 1),
        ("feb", 1),
        ("", 1),
    ]
    assert queries.latest_publication(made.event_id, "units", made.round_ids["feb"]).id == lists[1]


def test_a_month_without_all_marks_does_not_hold_up_another_month(app):
    field = make_field(UNITS, rules=RULES, seats=(SeatKind.DEPARTMENT,), kind=ContestKind.LABOUR)
    with transaction():
        for place in range(3):
            field.put(place, "quality", place * 1000, round_key="jan")
            field.put(place, "hazards", 40_000, round_key="jan")
        from contest.judging.models import Sheet

        for sheet in db.session.query(Sheet).filter_by(round_id=field.round_ids["feb"]):
            sheet.submitted_at = sheet.locked_at = None
    computation = compute_event(field.event)
    assert findings_of(computation, "units", "jan") == []
    assert [one.code for one in findings_of(computation, "units", "feb") if one.severity == "blocker"] != []
    assert published(field, ranking="units", round_key="jan") > 0
