"""Which rows of a sheet are people: subtotals, notes, signatures and repeated headings are named and left aside."""

from __future__ import annotations

import re

from contest.entries.roster.columns import Field, Layout, recognise
from contest.entries.roster.repairs import key
from contest.entries.roster.table import Cell, Row, Sheet

_TOTAL = re.compile(r".{0,16}(小计|合计|总计|共计|累计|汇总|subtotal|total)([:：(（]?.*)", re.IGNORECASE)
_NOTE = re.compile(
    r"(填表人?|填报|制表|领导|主管|签字|签章|联系|审核|审批|(单位|部门|项目)?负责人|经办|联系人|单位盖章|单位[(（]|盖章|\(盖章|注[:：1一]|备注[:：]|说明[:：]|填表说明|注意"
    r"|以上|以下空白|共\d+人|日期[:：]|\d{4}年\d{1,2}月\d{1,2}日$|prepared by|checked by|note[:：])"
)
_EXAMPLE = re.compile(r"[(（【]?(示例|样例|范例|例|example|sample)[)）】]?[\d:：]*")
FILLED_DOWN = (
    *(Field.delegation, Field.number, Field.event, Field.group, Field.organisation),
    *(Field.leader, Field.coach),
)

# A row with none of the other fields names nobody: a line to be filled in, a section's title, a note.
NOT_PERSONAL = (*FILLED_DOWN, Field.sequence, Field.remark)
SHORTEST_NUMBER = 5


def reason_to_skip(row: Row, layout: Layout) -> str | None:
    """Why a row holds no person (a code), or None. A row with a document number is always taken for a person."""
    filled = [
        (column, cell.text.strip())
        for column, cell in enumerate(row.cells)
        if cell.text.strip() or cell.formula
    ]
    if not filled:
        return "row_blank"
    headings = [recognise(text) for _, text in filled]
    if (
        sum(
            field is not None and layout.columns.get(field) == column
            for (column, _), field in zip(filled, headings, strict=True)
        )
        >= 3
    ):
        return "row_heading"
    first = [key(text) for _, text in filled[:2]]
    if filled[0][0] <= 1 and _EXAMPLE.fullmatch(first[0]):
        return "row_example"
    if len(_text(row, layout, Field.id_number)) >= SHORTEST_NUMBER:
        return None
    if any(_TOTAL.fullmatch(text) for text in first):
        return "row_total"
    name = _text(row, layout, Field.name)
    if _NOTE.match(first[0]) and (not name or name.endswith((":", "："))):
        return "row_note"
    personal = {column for field, column in layout.columns.items() if field not in NOT_PERSONAL}
    return None if personal & {column for column, _ in filled} else "row_nobody"


def _text(row: Row, layout: Layout, field: Field) -> str:
    column = layout.columns.get(field)
    if column is None:
        return ""
    cell = row.cell(column)
    return cell.text.strip() or cell.formula


def filled_down(sheet: Sheet, layout: Layout) -> dict[tuple[int, Field], Cell]:
    """(row number, field) → the value a merged block shows for a row below its first."""
    fields = {layout.columns[field]: field for field in FILLED_DOWN if field in layout.columns}
    cells: dict[tuple[int, Field], Cell] = {}
    for merge in sheet.merges:
        field = fields.get(merge.left)
        if field is None or not layout.last <= merge.top < len(sheet.rows):
            continue
        source = sheet.rows[merge.top].cell(merge.left)
        for index in range(merge.top + 1, min(merge.bottom + 1, len(sheet.rows))):
            if not sheet.rows[index].cell(merge.left).text.strip():
                cells[index + 1, field] = source
    return cells
