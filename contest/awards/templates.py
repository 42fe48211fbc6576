"""A body's own workbook, filled: the row with placeholders is repeated for each person, everything else stays.

A placeholder is a field's Chinese or English name in double braces, e.g. `{{姓名}}` or `{{name}}`. The row that holds
the most of them is the one repeated; placeholders above and below it are filled once, from `about`.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from contest.awards.refusals import TemplateUnusable
from contest.awards.workbooks import Neutral

PLACE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
MOST = 40 * 1024 * 1024  # bytes unpacked
FIELDS: dict[str, tuple[str, str]] = {
    "number": ("序号", "No."),
    "name": ("姓名", "Name"),
    "gender": ("性别", "Gender"),
    "ethnicity": ("民族", "Ethnic group"),
    "born_on": ("出生日期", "Date of birth"),
    "id_kind": ("证件类型", "Kind of document"),
    "id_number": ("证件号码", "Document number"),
    "education": ("文化程度", "Education"),
    "unit": ("工作单位", "Organisation"),
    "job": ("岗位", "Post"),
    "trade": ("职业（工种）", "Trade"),
    "trade_code": ("职业编码", "Code of the trade"),
    "before": ("原等级", "Level held"),
    "after": ("晋升等级", "Level after"),
    "contest": ("竞赛名称", "Contest"),
    "event": ("赛项", "Event"),
    "rank": ("名次", "Rank"),
    "reason": ("晋升依据", "Reason"),
    "phone": ("联系电话", "Telephone"),
}
ABOUT: dict[str, tuple[str, str]] = {
    "edition": ("届次名称", "Edition"),
    "holder": ("主办单位", "Holder"),
    "count": ("人数", "People"),
    "date": ("日期", "Date"),
}
_KEY = {
    spelling.strip().lower(): key
    for table in (FIELDS, ABOUT)
    for key, (zh, en) in table.items()
    for spelling in (key, zh, en)
}


def default() -> bytes:
    """A plain workbook with a title, headings and one row of placeholders."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    book = Workbook()
    sheet = book.active
    sheet.title = "晋升职业技能等级人员名单"
    keys = list(FIELDS)
    sheet.append(["{{届次名称}}晋升职业技能等级人员名单（共{{人数}}人）"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(keys))
    sheet.append([FIELDS[key][0] for key in keys])
    sheet.append([f"{{{{{FIELDS[key][0]}}}}}" for key in keys])
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=15), Alignment(horizontal="center")
    line = Side(style="thin")
    for row in (2, 3):
        for cell in sheet[row]:
            cell.border = Border(line, line, line, line)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cell.number_format = "@"
    for cell in sheet[2]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F1F1F1")
    wide = {"id_number": 22, "unit": 28, "contest": 32, "reason": 36, "phone": 15, "number": 6, "gender": 6}
    for column, key in enumerate(keys):
        sheet.column_dimensions[sheet.cell(2, column + 1).column_letter].width = wide.get(key, 13)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "2:2"
    return _saved(book)


def check(content: bytes) -> None:
    """Raises TemplateUnusable for what is no xlsx, has no row of placeholders, or names an unknown one."""
    _row_of(_opened(content))


def fill(
    content: bytes, rows: Sequence[Mapping[str, object]], about: Mapping[str, object], neutral: Neutral
) -> bytes:
    """The workbook with one row a person. rows: FIELDS key → value; about: ABOUT key → value. Raises TemplateUnusable.

    Values are written as text, formulas taken out; the template's own formulas elsewhere stay.
    """
    book = _opened(content)
    sheet, number = _row_of(book)
    wanted = [(cell.column, cell.value, copy.copy(cell._style)) for cell in sheet[number]]
    height = sheet.row_dimensions[number].height
    if len(rows) > 1:
        _make_room(sheet, number, len(rows) - 1)
    for offset, values in enumerate(rows or [{}]):
        for column, text, style in wanted:
            cell = sheet.cell(number + offset, column)
            cell._style = copy.copy(style)
            if isinstance(text, str) and PLACE.search(text):
                cell.value = _filled(text, values, neutral)
                cell.data_type = "s"
            elif offset:
                cell.value = text
        sheet.row_dimensions[number + offset].height = height
    for one in book.worksheets:
        for row in one.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and PLACE.search(cell.value):
                    cell.value = _filled(cell.value, about, neutral)
    return _saved(book)


def _make_room(sheet: Any, number: int, more: int) -> None:
    """Insert rows below the row of placeholders; merged cells further down move with what they belong to."""
    below = [area for area in sheet.merged_cells.ranges if area.min_row > number]
    for area in below:
        sheet.merged_cells.remove(area)
        area.shift(row_shift=more)
        sheet.merged_cells.add(area)
    sheet.insert_rows(number + 1, more)


def _filled(text: str, values: Mapping[str, object], neutral: Neutral) -> str:
    def one(match: re.Match[str]) -> str:
        key = _KEY.get(match[1].strip().lower(), "")
        value = values.get(key)
        return str(neutral("" if value is None else str(value)))

    return PLACE.sub(one, text)


def _opened(content: bytes) -> Any:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST:
                raise TemplateUnusable("template_too_large")
            if any(one.filename.endswith("vbaProject.bin") for one in archive.infolist()):
                raise TemplateUnusable("template_macros")
        return load_workbook(io.BytesIO(content))
    except TemplateUnusable:
        raise
    except Exception as error:  # the reader of workbooks raises whatever a broken part brings about
        raise TemplateUnusable() from error


def _row_of(book: Any) -> tuple[Any, int]:
    best: tuple[int, Any, int] = (0, None, 0)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            names = [
                name for cell in row if isinstance(cell.value, str) for name in PLACE.findall(cell.value)
            ]
            unknown = [name for name in names if name.strip().lower() not in _KEY]
            if unknown:
                raise TemplateUnusable("template_place_unknown", place=f"{{{{{unknown[0]}}}}}")
            fields = [name for name in names if _KEY[name.strip().lower()] in FIELDS]
            if len(fields) > best[0]:
                best = (len(fields), sheet, row[0].row)
    if best[1] is None:
        raise TemplateUnusable("template_no_row")
    return best[1], best[2]


def _saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
