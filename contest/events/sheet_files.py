"""Spreadsheet files of a marking scheme: read as text cells whatever their format, and the template to fill in."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 3000


class SheetUnreadable(ValueError):
    """The file as a whole can't be read; `code` says why: empty, too_large, not_a_table, no_head, encoding."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def table_of(content: bytes, name: str) -> list[list[str]]:
    """The first sheet of a file as text cells. Raises SheetUnreadable."""
    if not content.strip():
        raise SheetUnreadable("empty")
    if len(content) > MOST_BYTES:
        raise SheetUnreadable("too_large")
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        rows = _workbook(content)
    elif name.lower().endswith((".csv", ".txt")):
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(_text(content)))]
    else:
        raise SheetUnreadable("not_a_table")
    if len(rows) > MOST_ROWS:
        raise SheetUnreadable("too_large")
    return rows


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetUnreadable("encoding")


def _workbook(content: bytes) -> list[list[str]]:
    from python_calamine import CalamineWorkbook

    try:
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                if sum(item.file_size for item in packed.infolist()) > MOST_UNPACKED:
                    raise SheetUnreadable("too_large")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + 1)
    except SheetUnreadable:
        raise
    except Exception as error:  # the reader's own errors have no common class
        raise SheetUnreadable("not_a_table") from error
    return [[_cell(value) for value in row] for row in cells]


def _cell(value: Any) -> str:
    """A cell as text; 20.0 is 20, because spreadsheets keep every number as a float."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()


SAMPLE = (
    ("操作技能", "准备", "工具与材料准备", "扣分", 10, 100, "缺一件扣 2 分"),
    ("", "", "劳保穿戴", "测量", 5, "", "符合为满分，不符合为零分"),
    ("", "加工", "尺寸精度", "直接评分", 45, "", ""),
    ("", "", "表面质量", "评价", 20, "", "0 不可用|1 低于行业水平|2 达到行业水平|3 优于行业水平"),
    ("", "安全文明", "安全操作", "扣分", 20, "", "每违反一次扣 5 分"),
    ("", "", "发生安全事故", "否定项", "", "", "发生即本模块零分"),
)


def template_workbook() -> bytes:
    """The workbook to fill in: heads, a sample scheme that adds up to 100, and the kinds to choose from."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("评分标准")
    head = book.add_format({"bold": True, "bg_color": "#F3F0EA", "border": 1, "text_wrap": True})
    heads = ("模块", "评分项", "评分点", "评分方式", "配分", "权重（%）", "评分标准")
    for place, word in enumerate(heads):
        sheet.write(0, place, word, head)
    for index, row in enumerate(SAMPLE, start=1):
        for place, value in enumerate(row):
            sheet.write(index, place, value)
    last = len(SAMPLE) + 1
    sheet.write(last, 0, "合计", head)
    sheet.write(last, 4, 100, head)
    for place, width in enumerate((16, 16, 26, 12, 8, 10, 44)):
        sheet.set_column(place, place, width)
    sheet.data_validation(
        1,
        3,
        500,
        3,
        {
            "validate": "list",
            "source": ["直接评分", "扣分", "测量", "评价", "否定项", "加分", "违规扣分", "用时", "计数"],
        },
    )
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()
