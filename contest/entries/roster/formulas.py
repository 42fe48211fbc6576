"""The second look at an xlsx whose quick reading hides formulas: their text, and errors such as #N/A."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import chain

from contest.entries.roster.table import EMPTY, Cell, CellKind, Row, Sheet, UnreadableFile


def look_again(content: bytes, sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """The same sheets, their formula and error cells named as such. A formula keeps its last worked-out value."""
    import openpyxl

    try:
        workbook = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=False, keep_links=False
        )
        try:
            found = {sheet.name: _found(workbook, sheet.name) for sheet in sheets}
        finally:
            workbook.close()
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:
        raise UnreadableFile("file_damaged") from error
    return tuple(_merged(sheet, found[sheet.name]) for sheet in sheets)


def _found(workbook: object, name: str) -> dict[tuple[int, int], tuple[CellKind, str]]:
    """(row from 1, column from 0) → formula or error."""
    cells = chain.from_iterable(workbook[name].iter_rows())  # type: ignore[index]
    return {
        (cell.row, cell.column - 1): (
            CellKind.formula if cell.data_type == "f" else CellKind.error,
            _text(cell.value),
        )
        for cell in cells
        if getattr(cell, "data_type", "") in ("f", "e")
    }


def _text(value: object) -> str:
    """An array formula comes as an object that holds its text."""
    return str(getattr(value, "text", None) or value)


def _merged(sheet: Sheet, found: dict[tuple[int, int], tuple[CellKind, str]]) -> Sheet:
    by_row: dict[int, dict[int, tuple[CellKind, str]]] = {}
    for (number, column), what in found.items():
        by_row.setdefault(number, {})[column] = what
    present = {row.number: row for row in sheet.rows}
    last = max([*present, *by_row], default=0)
    rows = (_row(present.get(n, Row(n, ())), by_row.get(n, {})) for n in range(1, last + 1))
    return replace(sheet, rows=tuple(rows))


def _row(row: Row, found: dict[int, tuple[CellKind, str]]) -> Row:
    if not found:
        return row
    width = max(len(row.cells), max(found) + 1)
    cells = [row.cell(column) for column in range(width)]
    for column, (kind, text) in found.items():
        old = cells[column]
        cells[column] = Cell(old.text if old != EMPTY else "", kind, text)
    return Row(row.number, tuple(cells))
