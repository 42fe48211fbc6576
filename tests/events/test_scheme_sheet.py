"""A marking scheme from a spreadsheet."""

import io
import zipfile
from fractions import Fraction

import openpyxl
import pytest

from contest.events import scheme, scheme_sheet, sheet_files
from contest.events.sheet_files import SheetUnreadable

HEAD = "模块,评分项,评分点,评分方式,配分,权重,评分标准"


def text(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode()


def codes(reading) -> list[tuple[int, str, str]]:
    return [(bad.row, bad.column, bad.code) for bad in reading.bad]


def test_the_template_is_read_without_a_bad_row():
    reading = scheme_sheet.read(sheet_files.template_workbook(), "scheme.xlsx", {})
    assert (reading.bad, reading.total, reading.stated, reading.aspects) == ([], 100, 100, 6)
    assert [
        (row.number, row.node["title_zh"], row.kind) for row in scheme.rows({"modules": reading.modules})
    ] == [
        ("1", "操作技能", ""),
        ("1.1", "准备", ""),
        ("1.1.1", "工具与材料准备", "deduction"),
        ("1.1.2", "劳保穿戴", "measurement"),
        ("1.2", "加工", ""),
        ("1.2.1", "尺寸精度", "marks"),
        ("1.2.2", "表面质量", "judgement"),
        ("1.3", "安全文明", ""),
        ("1.3.1", "安全操作", "deduction"),
        ("1.3.2", "发生安全事故", "knockout"),
    ]
    assert reading.modules[0]["weight"] == 100


def test_names_are_carried_down_as_in_merged_cells():
    reading = scheme_sheet.read(text("操作,准备,甲,,10,,", ",,乙,,20,,", ",加工,丙,,70,,"), "a.csv", {})
    rows = scheme.rows({"modules": reading.modules})
    assert [row.number for row in rows] == ["1", "1.1", "1.1.1", "1.1.2", "1.2", "1.2.1"]


def test_every_bad_row_is_told_at_once():
    reading = scheme_sheet.read(
        text(
            ",,没有模块,,10,,",
            "操作,准备,甲,掷骰子,10,,",
            ",,乙,,十分,,",
            ",,丙,,,,",
            ",,丙,,5,,",
            ",,丁,,-5,,",
            ",评分项,,,5,,",
            "合计,,,,90,,",
        ),
        "a.csv",
        {},
    )
    assert codes(reading) == [
        (2, "module", "module_missing"),
        (3, "kind", "kind_unknown"),
        (4, "maximum", "not_a_number"),
        (5, "maximum", "maximum_missing"),
        (6, "aspect", "aspect_twice"),
        (7, "maximum", "maximum_not_positive"),
        (8, "aspect", "aspect_missing"),
        (9, "maximum", "total_differs"),
    ]


def test_a_stated_total_is_compared_exactly():
    good = scheme_sheet.read(text("操作,,甲,,0.1,,", ",,乙,,0.2,,", "合计,,,,0.3,,"), "a.csv", {})
    assert (good.bad, good.total) == ([], Fraction(3, 10))
    wrong = scheme_sheet.read(text("操作,,甲,,60,,", "小计,,,,50,,"), "a.csv", {})
    assert codes(wrong) == [(3, "maximum", "subtotal_differs")]


def test_a_line_that_keeps_its_place_keeps_key_and_settings():
    before = {
        "modules": [
            {
                "key": "practice",
                "title_zh": "操作",
                "per": "member",
                "parts": [{"key": "dough", "title_zh": "和面", "maximum": 40, "judges": 5}],
            }
        ]
    }
    reading = scheme_sheet.read(text("操作,,和面,,45,,", ",,拉面,,55,,"), "a.csv", before)
    assert reading.modules == [
        {
            "key": "practice",
            "title_zh": "操作",
            "per": "member",
            "parts": [
                {"key": "dough", "title_zh": "和面", "maximum": 45, "judges": 5},
                {"key": "practice-1", "title_zh": "拉面", "maximum": 55},
            ],
        }
    ]


def test_a_gb18030_file_is_read_like_utf8():
    rows = text("操作,,甲,,10,,").decode()
    assert (
        scheme_sheet.read(rows.encode("gb18030"), "a.csv", {}).modules
        == scheme_sheet.read(rows.encode(), "a.csv", {}).modules
    )


def test_numbers_of_a_workbook_stay_exact():
    book = openpyxl.Workbook()
    for row in ([*HEAD.split(",")], ["操作", "", "甲", "", 0.1, "", ""], ["", "", "乙", "", 20, "", ""]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    reading = scheme_sheet.read(buffer.getvalue(), "a.xlsx", {})
    assert [part["maximum"] for part in reading.modules[0]["parts"]] == ["0.1", 20]


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (sheet_files.MOST_UNPACKED + 1))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.xlsx", "empty"),
        (b"%PDF-1.7", "a.pdf", "not_a_table"),
        (b"PK\x03\x04 broken", "a.xlsx", "not_a_table"),
        ("甲,乙\n1,2".encode(), "a.csv", "no_head"),
        (HEAD.encode(), "a.csv", "empty"),
        (b"\xff\xfe\x00\xd8\xff", "a.csv", "encoding"),
        (b"x" * (sheet_files.MOST_BYTES + 1), "a.csv", "too_large"),
        (bomb(), "a.xlsx", "too_large"),
    ],
)
def test_a_file_that_is_no_scheme_is_refused_by_name(content, name, code):
    with pytest.raises(SheetUnreadable) as refused:
        scheme_sheet.read(content, name, {})
    assert refused.value.code == code
