"""Repairs and refusals of single cells, rows and teams."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from contest.entries.roster import catalogue, repairs
from contest.entries.roster.findings import Problem, Repaired
from contest.entries.roster.importing import Roster, read_roster
from contest.entries.roster.terms import DelegationTerms, EventTerms
from tests.entries.rosters import HEADING, RAMEN, SOLO, person, terms, workbook


def _read(rows: list[list[object]], *events: EventTerms, **more: object) -> Roster:
    return read_roster(workbook(rows), "a.xlsx", terms(*(events or (SOLO,)), **more))


def _errors(roster: Roster) -> list[tuple[int, str, str]]:
    return [(error.place.row, error.place.heading, error.code) for error in roster.errors]


def test_there_are_56_ethnic_groups_and_eight_levels() -> None:
    assert len(set(catalogue.ETHNIC_GROUPS)) == 56
    assert len(catalogue.LEVELS) == 8


@pytest.mark.parametrize(
    "written", ["三级", "高级工", "三级/高级工", "高级工（三级）", "3级", "三级高级工", "高级工/三级"]
)
def test_one_level_has_many_writings(written: str) -> None:
    assert repairs.choice(written, catalogue.LEVELS, catalogue.LEVEL_ALIASES, "x").text == "三级/高级工"


def test_a_bare_digit_is_no_level() -> None:
    assert isinstance(
        repairs.choice("3", catalogue.LEVELS, catalogue.LEVEL_ALIASES, "level_unknown"), Problem
    )


@pytest.mark.parametrize(
    "written",
    [
        "1976-2-3",
        "1976.2.3",
        "1976/02/03",
        "1976年2月3日",
        "19760203",
        "１９７６．２．３",
        "1976-02-03 00:00:00",
        "1976年 2月 3日",
    ],
)
def test_a_date_is_read_in_each_of_its_writings(written: str) -> None:
    assert repairs.calendar_date(written).text == "1976-02-03"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1999-02-29", "date_impossible"),
        ("76.2.3", "date_unreadable"),
        ("3/2/1976", "date_unreadable"),
        ("1976年2月", "date_no_day"),
    ],
)
def test_a_date_that_could_be_two_days_is_not_guessed(written: str, code: str) -> None:
    found = repairs.calendar_date(written)
    assert isinstance(found, Problem)
    assert found.code == code


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("郑　平", "郑平"),
        ("才让•卓玛", "才让·卓玛"),
        ("买买提．艾力", "买买提·艾力"),
        ("才让 · 卓玛", "才让·卓玛"),
        ("John  Smith", "John Smith"),
        ("杨䶮㛃", "杨䶮㛃"),
        ("𠅤喆", "𠅤喆"),
        ("བཀྲ་ཤིས", "བཀྲ་ཤིས"),
        ("\u200b李明\ufeff", "李明"),
    ],
)
def test_names_keep_their_characters_and_lose_what_crept_in(written: str, name: str) -> None:
    assert repairs.person_name(written).text == name


@pytest.mark.parametrize(
    ("written", "code"),
    [("李明1", "name_characters"), ("=1+1", "name_characters"), ("李\ue863", "name_private_use")],
)
def test_what_is_no_name_is_refused(written: str, code: str) -> None:
    found = repairs.person_name(written)
    assert isinstance(found, Problem)
    assert found.code == code


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+86 138-0000-1234", "13800001234"),
        ("0971-6123456", "09716123456"),
        ("8613800001234", "13800001234"),
        ("+852 2345 6789", "+85223456789"),
    ],
)
def test_telephone_numbers(written: str, number: str) -> None:
    assert repairs.phone(written) == Repaired(number, repairs.phone(written).codes)


def test_a_group_and_a_level_that_the_event_does_not_know_are_refused_with_the_choice() -> None:
    heading = [*HEADING, "组别", "队伍编号"]
    rows = [heading, [*person(赛项="拉面制作"), "老年组", "1"], [*person(赛项="拉面制作"), "职工", "1"]]
    roster = _read(rows, RAMEN)
    (error,) = [e for e in roster.errors if e.code == "group_unknown"]
    assert (error.value, error.params["options"]) == ("老年组", "职工组、学生组")


def test_a_number_kept_as_a_number_lost_its_digits() -> None:
    roster = _read([HEADING, person(证件号码=110105194912310020)])
    assert _errors(roster) == [(2, "证件号码", "digits_lost")]
    assert _errors(
        read_roster(
            "姓名,代表队,证件号码,工作单位\n李,青海,1.10105E+17,示范\n".encode(), "a.csv", terms(SOLO)
        )
    ) == [(2, "证件号码", "digits_lost")]


def test_a_formula_is_no_name_but_a_number_may_be_worked_out() -> None:
    assert _errors(_read([HEADING, person(姓名='=HYPERLINK("x")')])) == [(2, "姓名", "formula")]
    roster = _read([HEADING, person(从事本职业年限="=2*0")])
    assert (roster.errors, roster.rows[0].years) == ((), 0)
    assert [(notice.before, notice.after, notice.codes) for notice in roster.notices if notice.before] == [
        ("=2*0", "0", ("formula_value",))
    ]


def test_a_date_cell_and_a_day_number_are_dates() -> None:
    roster = _read([HEADING, person(出生日期=18263)])
    assert roster.errors == ()
    assert roster.rows[0].born_on == date(1949, 12, 31)
    assert ("date_serial",) in [notice.codes for notice in roster.notices]


def test_what_the_document_says_fills_the_blanks() -> None:
    roster = _read([HEADING, person(证件类型="", 出生日期="")])
    row = roster.rows[0]
    assert (row.id_kind, row.born_on, row.gender) == ("居民身份证", date(1949, 12, 31), "女")
    assert {n.codes for n in roster.notices if n.place.row} == {("from_document",)}
    month = _read([HEADING, person(出生日期="1949年12月")])
    assert (month.errors, month.rows[0].born_on) == ((), date(1949, 12, 31))
    assert _errors(_read([HEADING, person(出生日期="1949年11月")])) == [(2, "出生日期", "date_no_day")]


def test_a_passport_holder_needs_a_date_of_birth() -> None:
    roster = _read([HEADING, person(证件类型="护照", 证件号码="E12345678", 出生日期="")])
    assert _errors(roster) == [(2, "出生日期", "missing")]


def test_the_later_of_two_equal_rows_is_the_second_one() -> None:
    roster = _read([HEADING, person(), person(姓名="李二")])
    assert _errors(roster) == [(3, "证件号码", "person_twice")]
    assert roster.errors[0].params == {"row": 2, "name": "李示范"}


def test_a_person_may_enter_two_events_unless_ruled_out() -> None:
    second = EventTerms(8, "钳工")
    rows = [HEADING, person(), person(赛项="钳工")]
    assert _errors(_read(rows, SOLO, second)) == []
    assert _errors(_read(rows, SOLO, second, one_event_each=True)) == [(3, "证件号码", "person_twice")]


def test_age_level_and_years_follow_the_event() -> None:
    strict = replace(SOLO, born_from=date(1950, 1, 1), min_level="三级/高级工", min_years=5)
    roster = _read([[*HEADING, "现有技能等级"], [*person(), "中级工"]], strict)
    assert _errors(roster) == [
        (2, "出生日期", "too_old"),
        (2, "现有技能等级", "level_too_low"),
        (2, "从事本职业年限", "years_too_few"),
    ]
    edge = replace(SOLO, born_from=date(1949, 12, 31), born_to=date(1949, 12, 31))
    assert _errors(_read([HEADING, person()], edge)) == []


def test_a_delegation_of_another_registrar_is_refused() -> None:
    known = (DelegationTerms("青海省", "青海", may_import=False), DelegationTerms("甘肃省", "甘肃"))
    assert _errors(_read([HEADING, person(代表队="青海")], delegations=known)) == [
        (2, "代表队", "delegation_not_yours")
    ]
    fixed = _read([HEADING, person(代表队="甘肃代表队")], delegations=known, delegations_are_fixed=True)
    assert fixed.rows[0].delegation == "甘肃省"
    unknown = _read([HEADING, person(代表队="甘省")], delegations=known, delegations_are_fixed=True)
    assert unknown.errors[0].params["suggestions"] == ("甘肃省",)


def test_a_team_is_whole_and_of_one_delegation() -> None:
    heading = ["代表队", "队伍编号", "赛项", "组别", "姓名", "证件号码", "工作单位"]
    people = [
        ("11010519491231002X", "李一"),
        ("34052419800101001X", "李二"),
        ("120223198902021249", "李三"),
        ("130132199210293822", "李四"),
    ]
    rows = [[*("青海省", "1101", "拉面制作", "职工组"), name, number, "示范"] for number, name in people]
    assert [error.code for error in _read([heading, *rows], RAMEN).errors] == ["team_too_large"]
    assert _errors(_read([heading, *rows[:1]], RAMEN)) == [(2, "队伍编号", "team_too_small")]
    assert _errors(_read([heading, *rows[:2]], RAMEN)) == []
    rows[2][0] = "甘肃省"
    assert _errors(_read([heading, *rows[:3]], RAMEN)) == [(4, "代表队", "team_differs")]


def test_merged_cells_speak_for_the_rows_below() -> None:
    import io

    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("报名")
        lines = [HEADING, person(), person(证件号码="34052419800101001X", 出生日期="", 代表队="")]
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
        sheet.merge_range(1, 1, 2, 1, "青海省")
    roster = read_roster(buffer.getvalue(), "a.xlsx", terms(SOLO))
    assert roster.errors == ()
    assert [row.delegation for row in roster.rows] == ["青海省", "青海省"]
    assert ("merged",) in [notice.codes for notice in roster.notices]


def test_a_heading_of_two_rows_and_pages_with_repeated_headings() -> None:
    upper = ["序号", "代表队", "赛项", "选手信息", "", "", "", "工作单位", "联系电话", "从事本职业年限"]
    lower = ["", "", "", "姓名", "证件类型", "证件号码", "出生日期", "", "", ""]
    roster = _read(
        [
            ["关于报名的通知"],
            upper,
            lower,
            person(),
            HEADING,
            person(证件号码="34052419800101001X", 出生日期=""),
        ]
    )
    assert (roster.errors, len(roster.rows)) == ((), 2)


def test_two_sheets_of_people_are_both_read_and_others_named() -> None:
    content = workbook(
        [HEADING, person()],
        sheet="青海",
        more={
            "甘肃": [HEADING, person(证件号码="34052419800101001X", 出生日期="")],
            "填表示例": [HEADING, person()],
            "备忘": [["电话"]],
        },
    )
    roster = read_roster(content, "a.xlsx", terms(SOLO))
    assert [(row.sheet, row.row) for row in roster.rows] == [("青海", 2), ("甘肃", 2)]
    assert [n.place.sheet for n in roster.notices if n.codes == ("sheet_skipped",)] == ["填表示例", "备忘"]


def test_a_missing_column_is_one_error_and_stops_the_file() -> None:
    roster = read_roster("姓名,代表队,工作单位\n李,青海,示范\n张,青海,示范\n".encode(), "a.csv", terms(SOLO))
    assert _errors(roster) == [(1, "证件号码", "column_missing")]
    assert (roster.rows, roster.is_clean) == ((), False)


def test_a_person_named_like_a_total_is_not_lost() -> None:
    roster = _read([HEADING, person(姓名="合计")])
    assert [row.name for row in roster.rows] == ["合计"]


def test_text_kept_in_a_formula_is_text_and_other_formulas_are_refused_in_csv_too() -> None:
    text = '姓名,代表队,证件号码,工作单位\n李,青海省,"=""11010519491231002X""",=cmd|x\n'
    roster = read_roster(text.encode(), "a.csv", terms(SOLO))
    assert _errors(roster) == [(2, "工作单位", "formula")]
    good = read_roster(text.replace("=cmd|x", "示范").encode(), "a.csv", terms(SOLO))
    assert good.rows[0].id_number == "11010519491231002X"
    assert ("formula_text",) in [notice.codes for notice in good.notices]


def test_columns_a_file_does_without_are_worked_out_and_said_once() -> None:
    people = ["李,青海省,11010519491231002X,示范", "张,青海省,34052419800101001X,示范"]
    roster = read_roster(
        ("姓名,代表队,证件号码,工作单位\n" + "\n".join(people)).encode(), "a.csv", terms(SOLO)
    )
    assert (roster.errors, [row.id_kind for row in roster.rows]) == ((), ["居民身份证"] * 2)
    assert [(n.place.row, n.place.heading, n.codes) for n in roster.notices] == [
        (0, heading, ("column_filled",)) for heading in ("赛项", "性别", "证件类型", "出生日期")
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (["北京市小计", "", "", "", "", "12人"], "row_total"),
        (["合计：24人"], "row_total"),
        (["", "共计", "", "24"], "row_total"),
        (["注：1.以上人员均已审核"], "row_note"),
        (["单位负责人签字：", "", "", "联系电话："], "row_note"),
        (["职工组"], "row_nobody"),
        (["25", "青海省", "电工"], "row_nobody"),
        (["示例", "青海省", "电工", "张三", "居民身份证", "11010519491231002X"], "row_example"),
    ],
)
def test_rows_that_name_nobody_are_left_aside_and_said(line: list[object], code: str) -> None:
    roster = _read([HEADING, person(), line, person(证件号码="34052419800101001X", 出生日期="")])
    assert (roster.errors, len(roster.rows)) == ((), 2)
    assert [notice.codes for notice in roster.notices if notice.place.row == 3] == [(code,)]
