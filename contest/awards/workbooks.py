"""Lists that leave the room as workbooks of plain text cells."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

Neutral = Callable[[object], object]


def workbook(
    name: str,
    headings: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[object]],
    neutral: Neutral,
    *,
    title: str = "",
    foot: Sequence[str] = (),
) -> bytes:
    """headings: (text, width in characters). `neutral` takes the formula out of a cell; every cell is text."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(name[:31])
        line = {"num_format": "@", "border": 1, "valign": "vcenter", "text_wrap": True}
        text, bold = (
            book.add_format(line),
            book.add_format({**line, "bold": True, "align": "center", "bg_color": "#F1F1F1"}),
        )
        first = 0
        if title:
            large = book.add_format({"bold": True, "font_size": 15, "align": "center"})
            sheet.merge_range(0, 0, 0, len(headings) - 1, title, large)
            first = 1
        for column, (heading, wide) in enumerate(headings):
            sheet.set_column(column, column, wide)
            sheet.write_string(first, column, heading, bold)
        for number, row in enumerate(rows, first + 1):
            for column, value in enumerate(row):
                sheet.write_string(number, column, str(neutral("" if value is None else value)), text)
        for number, words in enumerate(foot, first + len(rows) + 2):
            sheet.write_string(number, 0, str(neutral(words)))
        sheet.freeze_panes(first + 1, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(first)
    return out.getvalue()
