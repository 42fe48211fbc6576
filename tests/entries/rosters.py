"""Workbooks and terms for the tests of registration files."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import xlsxwriter

from contest.entries.roster.terms import EventTerms, Terms

CASES = Path(__file__).parent / "cases"
RAMEN = EventTerms(
    1, "拉面制作", other_names=("6-02-01",), groups=("职工组", "学生组"), min_members=2, max_members=3
)
SOLO = EventTerms(7, "电工")
TODAY = date(2024, 10, 1)


def terms(*events: EventTerms, **more: object) -> Terms:
    """Terms of a day after the cases were made."""
    return Terms(events=events or (RAMEN,), today=TODAY, **more)


def case(name: str) -> bytes:
    """The bytes of a case file."""
    return (CASES / name).read_bytes()


def workbook(
    rows: list[list[object]], *, sheet: str = "报名", more: dict[str, list[list[object]]] | None = None
) -> bytes:
    """An xlsx of rows; text stays text, `=…` becomes a formula."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, lines in {sheet: rows, **(more or {})}.items():
            page = book.add_worksheet(name)
            for number, line in enumerate(lines):
                for column, value in enumerate(line):
                    if isinstance(value, str) and not value.startswith("="):
                        page.write_string(number, column, value)
                    else:
                        page.write(number, column, value)
    return buffer.getvalue()


HEADING: list[object] = [
    "序号",
    "代表队",
    "赛项",
    "姓名",
    "证件类型",
    "证件号码",
    "出生日期",
    "工作单位",
    "联系电话",
    "从事本职业年限",
]


def person(**changes: object) -> list[object]:
    """A correct row under HEADING, with cells replaced by heading."""
    row = dict(
        zip(
            [str(name) for name in HEADING],
            [
                "1",
                "青海省",
                "电工",
                "李示范",
                "居民身份证",
                "11010519491231002X",
                "1949-12-31",
                "示范公司",
                "",
                "4",
            ],
            strict=True,
        )
    )
    return list((row | changes).values())
