"""Files of a list: the usual columns, equal bytes, nothing that a spreadsheet would run."""

from __future__ import annotations

import io

import openpyxl
import pypdf
import pytest

from contest.db import db, transaction
from contest.entries.models import Person
from contest.events.models import Edition
from contest.results import cells, exports, queries
from contest.results.canonical import list_digest
from contest.results.compute import compute_event
from contest.results.models import Publication
from contest.results.tally import Sheet, tally_pdf
from tests.results.builders import NAMES, NOON, fill, make_field, published


@pytest.fixture
def made(app):
    field = make_field()
    fill(field, [(30, 50, 80), (40, 60, 90), (20, 30, 50), (35, 50, 70)])
    return field


def frozen(made):
    one = db.session.get_one(Publication, published(made))
    return one, queries.rows_for(one)


def test_a_list_has_the_usual_columns_in_their_order(made):
    one, rows = frozen(made)
    assert exports.csv_bytes(one, rows).decode("utf-8-sig").split("\r\n") == [
        "名次,编号,姓名,单位,代表队,组别,实际操作,理论考试,总成绩,奖项,备注",
        "1,002,才让卓玛,示范集团,乙地区代表队,职工组,100.00,90.00,97.00,金奖,",
        "2,004,欧阳小明,示范集团,乙地区代表队,职工组,85.00,70.00,80.50,银奖,",
        "3,001,更尕昂宝,示范集团,甲地区代表队,职工组,80.00,80.00,80.00,铜奖,",
        "4,003,曾阿牛,示范集团,甲地区代表队,职工组,50.00,50.00,50.00,,",
        "",
    ]


def test_an_english_list_has_english_heads_and_the_names_as_registered(made):
    one, rows = frozen(made)
    lines = exports.csv_bytes(one, rows, "en").decode("utf-8-sig").split("\r\n")
    assert lines[:2] == [
        "Rank,No.,Name,Organisation,Delegation,Group,Practice,Theory,Total,Award,Remarks",
        "1,002,才让卓玛,示范集团,乙地区代表队,职工组,100.00,90.00,97.00,Gold,",
    ]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "pdf"])
def test_equal_lists_give_equal_bytes(made, suffix):
    one, rows = frozen(made)
    first = exports.file_of(one, rows, suffix, "zh_CN")
    db.session.expire_all()
    again, lines = frozen(made)
    assert exports.file_of(again, lines, suffix, "zh_CN") == first


def test_a_name_that_looks_like_a_formula_stays_text(app):
    made = make_field(["=1+1", "@SUM(A1)", "+86", "-1"])
    fill(made)
    one, rows = frozen(made)
    names = [
        line.split(",")[2] for line in exports.csv_bytes(one, rows).decode("utf-8-sig").split("\r\n")[1:5]
    ]
    assert sorted(names) == ["'+86", "'-1", "'=1+1", "'@SUM(A1)"]
    sheet = openpyxl.load_workbook(io.BytesIO(exports.xlsx_bytes(one, rows))).active
    found = [(sheet.cell(row, 3).value, sheet.cell(row, 3).data_type) for row in range(5, 9)]
    assert sorted(found) == [("'+86", "s"), ("'-1", "s"), ("'=1+1", "s"), ("'@SUM(A1)", "s")]


def test_a_workbook_has_marks_as_numbers_and_codes_as_text(made):
    one, rows = frozen(made)
    sheet = openpyxl.load_workbook(io.BytesIO(exports.xlsx_bytes(one, rows))).active
    assert [cell.value for cell in sheet[5]] == [
        1, "002", "才让卓玛", "示范集团", "乙地区代表队", "职工组", 100, 90, 97, "金奖", "",
    ]  # fmt: skip
    assert sheet["I5"].number_format == "0.00"
    assert ("演示样张" in sheet["A3"].value, one.snapshot.digest[:16] in sheet["A3"].value) == (True, True)


def test_a_pdf_list_carries_names_revision_and_digest(made):
    one, rows = frozen(made)
    text = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(exports.pdf_bytes(one, rows))).pages
    )
    for wanted in ("才让卓玛", "第1版", one.snapshot.digest[:16], "演示样张"):
        assert (wanted, wanted in text) == (wanted, True)


def test_file_names_are_readable(made):
    one, _ = frozen(made)
    assert exports.file_name(one, "xlsx") == "示范杯首届职业技能竞赛-拉面制作-总成绩排名-第1版.xlsx"


def tally(made, **fields):
    listing = compute_event(made.event).listing("all")
    mark = list_digest(listing.heading, listing.lines)
    return tally_pdf(Sheet(listing.heading, listing.lines, "初步成绩", mark, NOON), **fields)


@pytest.mark.parametrize("size,width", [("a4", 842), ("a3", 1191)])
def test_each_page_of_the_summary_has_its_own_lines_to_sign_and_its_own_count(app, size, width):
    made = make_field([f"{NAMES[n % 8]}{n}" for n in range(45)])
    fill(made, [(30 + n % 10, 20 + n % 37, 40 + n % 53) for n in range(45)])
    pages = pypdf.PdfReader(io.BytesIO(tally(made, size=size))).pages
    texts = [page.extract_text().replace("\u3000", " ") for page in pages]
    counts = []
    for number, text in enumerate(texts, 1):
        for wanted in (
            "裁判员签名",
            "裁判长签名",
            "统分员签名",
            "监督仲裁签名",
            f"第 {number} 页",
            f"共 {len(texts)} 页",
        ):
            assert (number, wanted, wanted in text) == (number, wanted, True)
        counts.append(int(text.split("本页")[1].split("人")[0]))
    assert (sum(counts), round(float(pages[0].mediabox.width))) == (45, width)


def test_the_summary_is_the_same_bytes_for_the_same_list(made):
    assert tally(made) == tally(made)


def test_a_contest_that_is_no_demonstration_prints_no_demo_mark(made):
    with transaction():
        db.session.query(Edition).one().is_demo = False
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(tally(made))).pages)
    assert "演示样张" not in text


def test_a_name_corrected_after_publication_stays_on_the_list_as_it_was_published(made):
    one, _ = frozen(made)
    with transaction():
        person = db.session.query(Person).filter_by(name="才让卓玛").one()
        person.name = "才让·卓玛"
    rows = queries.rows_for(db.session.get_one(Publication, one.id))
    assert [row.name for row in rows][0] == "才让卓玛"
    assert cells.table(one.snapshot.heading, rows, "zh_CN")[0][2] == "才让卓玛"
