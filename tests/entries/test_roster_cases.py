"""The four registration files of a contest of real size."""

from __future__ import annotations

import csv
import io

import pytest

from contest.entries.roster.columns import HEADINGS
from contest.entries.roster.importing import read_roster
from tests.entries.rosters import case, terms


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(case(name).decode("utf-8-sig"))))


def test_the_clean_workbook_gives_212_people_without_an_error_or_a_repair() -> None:
    roster = read_roster(case("roster.xlsx"), "roster.xlsx", terms())
    assert (len(roster.rows), roster.errors, roster.notices) == (212, (), ())
    assert len({row.number for row in roster.rows}) == 71
    assert len({row.delegation for row in roster.rows}) == 31


def test_every_planted_error_is_found_in_one_pass_at_its_row_and_column() -> None:
    planted = {(int(row["sheet_row"]), row["column"]) for row in _rows("messy_expected.csv")}
    roster = read_roster(case("roster_messy.xlsx"), "roster_messy.xlsx", terms())
    found = {(error.place.row, error.place.heading) for error in roster.errors}
    assert len(planted) == 18
    assert planted - found == set()


def test_no_clean_row_is_accused() -> None:
    planted_rows = {int(row["sheet_row"]) for row in _rows("messy_expected.csv")}
    roster = read_roster(case("roster_messy.xlsx"), "roster_messy.xlsx", terms())
    assert {error.place.row for error in roster.errors} == planted_rows
    second_rule = [(e.place.row, e.code) for e in roster.errors if e.place.row == 85]
    assert sorted(second_rule) == [(85, "birth_differs"), (85, "gender_differs"), (85, "person_twice")]
    assert len(roster.errors) == 21


def test_an_unknown_event_comes_with_the_one_that_was_meant() -> None:
    roster = read_roster(case("roster_messy.xlsx"), "roster_messy.xlsx", terms())
    (error,) = [error for error in roster.errors if error.place.row == 213]
    assert (error.code, error.value, error.params["suggestions"]) == (
        "event_unknown",
        "拉面制做",
        ("拉面制作",),
    )


@pytest.mark.parametrize("name", ["office.xls", "office_gb18030.csv"])
def test_what_offices_really_send_reads_as_the_expected_rows(name: str) -> None:
    roster = read_roster(case(name), name, terms())
    expected = _rows("office_expected.csv")
    headings = {field: names[0].replace("(", "（").replace(")", "）") for field, names in HEADINGS.items()}
    got = [{headings[field]: text for field, text in row.texts().items()} for row in roster.rows]
    assert roster.errors == ()
    assert got == expected


@pytest.mark.parametrize("name", ["office.xls", "office_gb18030.csv"])
def test_each_repair_of_an_office_file_is_a_notice_with_before_and_after(name: str) -> None:
    roster = read_roster(case(name), name, terms())
    repairs = [
        (n.place.row, n.place.heading, n.before, n.after, n.codes)
        for n in roster.notices
        if n.place.field is not None
    ]
    assert repairs == [
        (5, "证件号码", "１１９９０１２００２０８２３４８０６", "119901200208234806", ("full_width",)),
        (6, "证件号码", " 119901 197603267822 ", "119901197603267822", ("spaces",)),
        (8, "姓名", "郑　平", "郑平", ("spaces",)),
        (8, "出生日期", "1996.1.24", "1996-01-24", ("date_form",)),
        (9, "出生日期", "1982年10月1日", "1982-10-01", ("date_form",)),
        (10, "出生日期", "1976/02/03", "1976-02-03", ("date_form",)),
        (11, "联系电话", "137-3928-9911", "13739289911", ("hyphens",)),
        (12, "联系电话", "+86 15721870751", "15721870751", ("spaces", "country_code")),
        (13, "性别", "男 ", "男", ("spaces",)),
        (14, "民族", "回", "回族", ("standard_form",)),
        (15, "现有技能等级", "高级工", "三级/高级工", ("standard_form",)),
        (16, "从事本职业年限", "12年", "12", ("unit_removed",)),
        (19, "姓名", "才让•卓玛", "才让·卓玛", ("middle_dot",)),
        (21, "组别", "职工", "职工组", ("standard_form",)),
    ]
    aside = [(n.place.row, n.codes) for n in roster.notices if n.place.field is None and n.place.row]
    assert aside == [(17, ("row_total",)), (31, ("row_total",)), (32, ("row_note",))]
