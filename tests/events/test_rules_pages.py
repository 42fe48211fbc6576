"""The rules editor, as an organiser uses it."""

import io
from dataclasses import replace

import pytest

from contest.accounts.access import SYSTEM
from contest.db import db, now, transaction
from contest.events import queries, scheme, service
from contest.events.models import Event
from contest.scoring import presets
from contest.scoring.rules import RuleSet
from tests.events.pages import filled


@pytest.fixture
def ruled(event) -> int:
    with transaction():
        service.adopt_preset(db.session.get_one(Event, event.id), preset="ramen", actor=SYSTEM, at=now())
    return event.id


def event_of(event_id: int) -> Event:
    db.session.rollback()
    return db.session.get_one(Event, event_id)


def draft(event_id: int) -> RuleSet:
    return RuleSet.from_dict(service.draft_of(event_of(event_id)).document)


def table(office, event_id: int) -> dict:
    return filled(office.get(f"/events/{event_id}/rules"), "title:theory")


def test_titles_maxima_and_weights_are_typed_into_the_table(office, ruled):
    sent = table(office, ruled)
    office.post(
        f"/events/{ruled}/rules/scheme",
        {
            **sent,
            "title:dough": "和面与醒面",
            "maximum:dough": "２２.5",
            "weight:theory": "20%",
            "weight:practice": "80",
            "do": "save",
        },
    )
    rules = draft(ruled)
    assert (rules.node("dough").title_zh, rules.node("dough").maximum, rules.node("theory").weight) == (
        "和面与醒面",
        22.5,
        20,
    )
    page = office.get(f"/events/{ruled}/rules")
    assert "合计：102.5" in page
    assert "各部分合计 102.5" in page


def test_a_maximum_that_is_no_number_is_told_and_the_rest_is_kept(office, ruled):
    sent = table(office, ruled)
    typed = {**sent, "maximum:dough": "1e999", "title:dough": "新名称", "do": "save"}
    answer = office.post(f"/events/{ruled}/rules/scheme", typed, status=422)
    again = filled(answer.get_data(as_text=True), "title:theory")
    assert (again["maximum:dough"], again["title:dough"]) == (["1e999"], ["新名称"])
    assert service.draft_of(event_of(ruled)) is None


def test_lines_are_added_moved_and_deleted(office, ruled):
    url = f"/events/{ruled}/rules/scheme"
    office.post(url, {**table(office, ruled), "do": "add:practice"})
    office.post(
        url,
        {
            **table(office, ruled),
            "title:practice-1": "摆盘",
            "maximum:practice-1": "5",
            "do": "up:practice-1",
        },
    )
    office.post(url, {**table(office, ruled), "do": "delete:dough"})
    assert [node.key for node in draft(ruled).node("practice").parts] == [
        "pulling",
        "taste",
        "practice-1",
        "hygiene",
    ]
    assert draft(ruled).node("practice-1").title_zh == "摆盘"


def test_two_people_editing_at_once_do_not_overwrite_each_other(office, ruled):
    first, second = table(office, ruled), table(office, ruled)
    office.post(f"/events/{ruled}/rules/scheme", {**first, "title:dough": "甲改", "do": "save"})
    answer = office.post(
        f"/events/{ruled}/rules/scheme", {**second, "title:dough": "乙改", "do": "save"}, status=422
    )
    assert draft(ruled).node("dough").title_zh == "甲改"
    assert filled(answer.get_data(as_text=True), "title:theory")["title:dough"] == ["乙改"]


def test_choosing_another_method_shows_its_settings_and_saves_nothing(office, ruled):
    url = f"/events/{ruled}/rules/nodes/edit?key=practice"
    sent = filled(office.get(url), "aspect_method")
    answer = office.post(
        url, {**sent, "aspect_method": "majority", "title_zh": "操作", "refresh": "aspect_method"}, status=200
    )
    again = filled(answer.get_data(as_text=True), "aspect_method")
    assert (again["aspect_method"], again["title_zh"], "aspect_method__otherwise" in again) == (
        ["majority"],
        ["操作"],
        True,
    )
    assert service.draft_of(event_of(ruled)) is None
    office.post(url, {**again, "aspect_method__otherwise": "median"})
    chosen = draft(ruled).node("practice").aspect_method
    assert (chosen.by, dict(chosen.params)) == ("majority", {"otherwise": "median"})


def test_prize_bands_are_typed_by_their_usual_names(office, ruled):
    url = f"/events/{ruled}/rules/awards/edit?key=medals&within=individual"
    sent = filled(office.get(url), "function")
    assert sent["function__bands-0-award"] == ["金奖"]
    office.post(
        url,
        {
            **sent,
            "function__bands-0-places": "2",
            "function__bands-4-award": "最佳新人",
            "function__bands-3-rest": "",
            "function__bands-4-rest": "1",
        },
    )
    bands = draft(ruled).ranking("individual").awards[0]["bands"]
    assert [dict(band) for band in bands] == [
        {"award": "gold", "places": 2},
        {"award": "silver", "places": 2},
        {"award": "bronze", "places": 3},
        {"award": "excellent_contestant"},
        {"award": "最佳新人", "rest": True},
    ]


def test_a_number_of_places_that_is_none_is_told_in_its_row(office, ruled):
    url = f"/events/{ruled}/rules/awards/edit?key=medals&within=individual"
    sent = filled(office.get(url), "function")
    answer = office.post(url, {**sent, "function__bands-1-places": "两个"}, status=422)
    assert "第 2 行：名额：“两个”不是数字。" in answer.get_data(as_text=True)
    assert filled(answer.get_data(as_text=True), "function")["function__bands-1-places"] == ["两个"]


def test_the_chain_of_tie_breaks_follows_the_numbers_beside_it(office, ruled):
    url = f"/events/{ruled}/rules/rankings/edit?key=individual"
    sent = filled(office.get(url), "order__0")
    office.post(url, {**sent, "order__1__place": "9", "order__4": ""})
    order = draft(ruled).ranking("individual").order
    assert [(one.by, one.params.get("node", "")) for one in order] == [
        ("total", ""),
        ("node", "taste"),
        ("node", "theory"),
        ("ruling", ""),
        ("node", "pulling"),
    ]


def test_rounds_rankings_awards_and_tables_are_added_and_deleted(office, ruled):
    rules = f"/events/{ruled}/rules"
    for section, data in (
        ("rounds", {"title": "初赛", "key": "heat"}),
        ("rankings", {"title": "女子"}),
        ("awards", {"title": "最佳女选手", "within": "ranking1"}),
        ("tables", {"title": "单位"}),
    ):
        version = service.draft_of(event_of(ruled)).version if service.draft_of(event_of(ruled)) else 0
        answer = office.post(f"{rules}/{section}/do", {**data, "do": "add:", "version": version})
        office.get(answer.location)
    document = service.draft_of(event_of(ruled)).document
    assert [one["key"] for one in document["rounds"]] == ["heat"]
    assert [one["key"] for one in document["rankings"]] == ["individual", "team", "ranking1"]
    assert document["rankings"][2]["awards"][0]["title_zh"] == "最佳女选手"
    office.post(
        f"{rules}/rankings/do",
        {"do": "delete:ranking1", "version": service.draft_of(event_of(ruled)).version},
    )
    assert [one.key for one in draft(ruled).rankings] == ["individual", "team"]


def test_the_text_form_has_the_same_content_and_comes_back(office, ruled):
    text = office.get(f"/events/{ruled}/rules.toml")
    assert RuleSet.from_toml(text) == presets.load("ramen")
    changed = replace(presets.load("ramen"), decimals=1).to_toml()
    office.post(f"/events/{ruled}/rules/text", {"text": changed, "version": 0})
    assert draft(ruled).decimals == 1


def test_text_that_can_not_be_read_is_kept_and_explained(office, ruled):
    answer = office.post(
        f"/events/{ruled}/rules/text", {"text": "decimals = \nmodule = []", "version": 0}, status=422
    )
    page = answer.get_data(as_text=True)
    assert "文件不是有效的 TOML" in page
    assert filled(page, "text")["text"] == ["decimals = \nmodule = []"]
    answer = office.post(f"/events/{ruled}/rules/text", {"text": "speed = 3", "version": 0}, status=422)
    assert "没有“speed”这一项" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 5000,
        "decimals = " + "9" * 5000,
        'modules = [{ key = "a", maximum = 1e99999999 }]',
        'modules = [{ key = "a", maximum = nan }]',
        "modules = 5",
        'rankings = [{ key = "a", awards = ["b"] }]',
    ],
    ids=["brackets", "digits", "exponent", "nan", "no list", "no table"],
)
def test_hostile_text_gets_a_sentence_and_changes_nothing(office, ruled, text):
    office.post(f"/events/{ruled}/rules/text", {"text": text, "version": 0}, status=422)
    assert service.draft_of(event_of(ruled)) is None


def test_a_file_counts_before_the_text(office, ruled):
    file = (io.BytesIO(replace(presets.load("ramen"), decimals=2).to_toml().encode()), "rules.toml")
    office.post(
        f"/events/{ruled}/rules/text",
        {"text": "", "file": file, "version": 0},
        content_type="multipart/form-data",
    )
    assert draft(ruled).decimals == 2


def test_a_spreadsheet_replaces_the_scheme_and_keeps_the_rankings(office, ruled):
    rows = "模块,评分项,评分点,配分\n实际操作,,和面,60\n,,拉制,40\n合计,,,100\n"
    file = (io.BytesIO(rows.encode()), "scheme.csv")
    office.post(
        f"/events/{ruled}/rules/spreadsheet", {"file": file, "version": 0}, content_type="multipart/form-data"
    )
    rules = draft(ruled)
    assert [row.number for row in scheme.rows(rules.to_dict())] == ["1", "1.1", "1.2"]
    assert (rules.modules[0].key, rules.modules[0].per, rules.modules[0].judges) == ("practice", "member", 5)
    assert [ranking.key for ranking in rules.rankings] == ["individual", "team"]


def test_bad_rows_of_a_spreadsheet_are_all_shown_and_nothing_changes(office, ruled):
    rows = "模块,评分项,评分点,配分\n实际操作,,和面,很多\n,,,40\n合计,,,100\n"
    file = (io.BytesIO(rows.encode()), "scheme.csv")
    answer = office.post(
        f"/events/{ruled}/rules/spreadsheet",
        {"file": file, "version": 0},
        status=422,
        content_type="multipart/form-data",
    )
    page = answer.get_data(as_text=True)
    assert "有 3 处需要修改" in page
    assert service.draft_of(event_of(ruled)) is None


@pytest.mark.parametrize("file", [None, (b"", "a.xlsx"), (b"%PDF", "a.pdf"), (b"PK\x03\x04", "a.xlsx")])
def test_a_file_that_is_no_spreadsheet_gets_a_sentence(office, ruled, file):
    data = {"version": 0, **({"file": (io.BytesIO(file[0]), file[1])} if file else {})}
    office.post(f"/events/{ruled}/rules/spreadsheet", data, status=422, content_type="multipart/form-data")


def test_contradictory_drafts_are_kept_but_not_saved_as_a_version(office, ruled):
    office.post(
        f"/events/{ruled}/rules/scheme", {**table(office, ruled), "weight:theory": "10", "do": "save"}
    )
    office.post(f"/events/{ruled}/rules/save", {})
    page = office.get(f"/events/{ruled}/rules")
    assert "权重合计为 110，不是 100" in page
    assert [version.number for version in queries.versions_of(event_of(ruled))] == [1]


def test_rules_of_an_open_event_are_saved_with_a_reason_only(office, ruled):
    with transaction():
        event = db.session.get_one(Event, ruled)
        groups = [("g1", "职工", "", False), ("g2", "学生", "", True)]
        service.set_groups(event, groups=groups, actor=SYSTEM, at=now())
        service.record_dry_run(event, actor=SYSTEM, at=now())
        service.open_event(event, actor=SYSTEM, at=now())
    office.post(
        f"/events/{ruled}/rules/scheme", {**table(office, ruled), "title:dough": "和面与醒面", "do": "save"}
    )
    office.post(f"/events/{ruled}/rules/save", {"reason": " "})
    assert "请说明修改规则的原因" in office.get(f"/events/{ruled}/rules")
    office.post(f"/events/{ruled}/rules/save", {"reason": "更正名称"})
    assert (event_of(ruled).rule_version.number, event_of(ruled).rule_version.reason) == (2, "更正名称")


def test_changes_can_be_dropped(office, ruled):
    office.post(f"/events/{ruled}/rules/scheme", {**table(office, ruled), "title:dough": "错", "do": "save"})
    office.post(f"/events/{ruled}/rules/discard", {})
    assert service.draft_of(event_of(ruled)) is None
    assert table(office, ruled)["title:dough"] == ["和面"]


def test_rules_begin_from_nothing_with_the_events_groups_and_sizes(office, event):
    office.post(f"/events/{event.id}/rules/start", {"version": 0})
    rules = draft(event.id)
    assert (rules.groups, [one.key for one in rules.rankings], rules.modules) == (
        ("职工组",),
        ["overall"],
        (),
    )


def test_unknown_parts_are_not_found(office, ruled):
    office.get(f"/events/{ruled}/rules/nodes/edit?key=nowhere", status=404)
    office.get(f"/events/{ruled}/rules/nothing/edit", status=404)
    office.get(f"/events/{ruled}/rules/awards/edit?key=medals&within=team", status=404)


def test_an_event_without_rules_gets_usable_ones_from_a_spreadsheet_alone(office, event):
    file = (io.BytesIO("模块,评分项,评分点,配分\n实际操作,,和面,100\n".encode()), "scheme.csv")
    data = {"file": file, "version": 0}
    office.post(f"/events/{event.id}/rules/spreadsheet", data, content_type="multipart/form-data")
    office.post(f"/events/{event.id}/rules/save", {})
    assert [aspect.key for aspect in queries.rules_of(event_of(event.id)).aspects()] == ["m1-1"]
