"""The account of numbers as a workbook: one row a number, so that nothing is summed up unseen."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

from contest.certificates.account import Series

WIDTHS = (8, 30, 14, 26, 14, 34, 12, 30, 34)


def xlsx(
    sequences: Sequence[Series], *, headings: Sequence[str], states: Mapping[str, str], kinds: Mapping[str, str],
    neutral: Callable[[object], object],
) -> bytes:  # fmt: skip
    """A sheet for each pattern. `neutral` takes the formula out of a cell; states and kinds are in the reader's words."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for place, sequence in enumerate(sequences, 1):
            sheet = book.add_worksheet(str(place))
            sheet.write_string(0, 0, str(neutral(sequence.pattern)), bold)
            sheet.write_row(1, 0, list(headings), bold)
            for line, one in enumerate(sequence.numbers, 2):
                cells = (
                    one.number, states[one.state], one.holder, kinds.get(one.kind, one.kind), one.place, one.issued,
                    one.replaced_by, one.reason,
                )  # fmt: skip
                sheet.write_number(line, 0, one.serial)
                for column, value in enumerate(cells, 1):
                    sheet.write_string(line, column, str(neutral(value)))
            for column, wide in enumerate(WIDTHS):
                sheet.set_column(column, column, wide)
            sheet.freeze_panes(2, 0)
        if not sequences:
            book.add_worksheet("1")
    return out.getvalue()
