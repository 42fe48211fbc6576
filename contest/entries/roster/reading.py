"""Bytes of an upload → sheets of cells, or a named refusal. xlsx and xls through calamine, CSV by hand."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from contest.entries.roster import archive, csvfile, formulas
from contest.entries.roster.table import Cell, CellKind, Merge, Row, Sheet, Table, UnreadableFile

MAX_BYTES = 20 * 1024 * 1024
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".txt")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WEB_PAGE = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta")


def read_table(content: bytes, name: str) -> Table:
    """Read a registration file by what its bytes are; its name only decides what text may be.

    Raises UnreadableFile: empty, too large (over MAX_BYTES), of a wrong type, damaged, protected by a password, a
    ZIP bomb, too many rows or columns, an unknown encoding.
    """
    _refuse_size(content)
    suffix = PurePath(name).suffix.lower()
    if content.startswith(_ZIP):
        return _read_xlsx(content)
    if content.startswith(_OLE):
        return _read_xls(content)
    head = content[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith(_WEB_PAGE):
        raise UnreadableFile("file_web_page")
    if suffix not in (".csv", ".txt"):
        code = "file_damaged" if suffix in SUFFIXES else "file_type"
        raise UnreadableFile(code, suffix=suffix or name)
    return csvfile.read_csv(content)


def _refuse_size(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise UnreadableFile("file_too_large", megabytes=len(content) // 1048576, limit=MAX_BYTES // 1048576)
    if not content.strip():
        raise UnreadableFile("file_empty")


def _read_xlsx(content: bytes) -> Table:
    facts = archive.inspect(content)
    sheets = _sheets(content)
    if facts.has_formulas:
        sheets = formulas.look_again(content, sheets)
    return Table("xlsx", sheets)


def _read_xls(content: bytes) -> Table:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableFile("file_password")
    if "WordDocument".encode("utf-16-le") in content:
        raise UnreadableFile("file_not_a_workbook")
    return Table("xls", _sheets(content))


def _sheets(content: bytes) -> tuple[Sheet, ...]:
    import python_calamine as calamine

    try:
        with calamine.load_workbook(io.BytesIO(content)) as workbook:
            hidden = {
                meta.name
                for meta in workbook.sheets_metadata
                if meta.visible != calamine.SheetVisibleEnum.Visible
            }
            worksheets = [
                meta.name for meta in workbook.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            sheets = tuple(_sheet(workbook.get_sheet_by_name(name), name in hidden) for name in worksheets)
    except calamine.PasswordError as error:
        raise UnreadableFile("file_password") from error
    except UnreadableFile:
        raise
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # A panic of the reader arrives as a BaseException; for the office it is a damaged file like any other.
        raise UnreadableFile("file_damaged") from error
    if all(row.is_blank for sheet in sheets for row in sheet.rows):
        raise UnreadableFile("file_empty")
    return sheets


def _sheet(source: Any, is_hidden: bool) -> Sheet:
    if source.start is None:
        return Sheet(source.name, (), (), is_hidden)
    bottom, right = source.end
    if bottom >= archive.MAX_ROWS:
        raise UnreadableFile("file_too_many_rows", limit=archive.MAX_ROWS)
    if right >= archive.MAX_COLUMNS:
        raise UnreadableFile("file_too_many_columns", limit=archive.MAX_COLUMNS)
    values = source.to_python(skip_empty_area=False)
    rows = tuple(
        Row(number, tuple(_cell(value) for value in line)) for number, line in enumerate(values, start=1)
    )
    merges = tuple(Merge(*first, *last) for first, last in source.merged_cell_ranges or ())
    return Sheet(source.name, rows, merges, is_hidden)


def _cell(value: object) -> Cell:
    """A value as the text a person would read; whole numbers without the `.0` the file format gives them."""
    if isinstance(value, str):
        return Cell(value)
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return Cell(number_text(value), CellKind.number)
    if isinstance(value, datetime):
        return Cell(
            value.date().isoformat() if value.time() == time() else value.isoformat(" "), CellKind.date
        )
    if isinstance(value, date):
        return Cell(value.isoformat(), CellKind.date)
    return Cell(str(value), CellKind.date if isinstance(value, time | timedelta) else CellKind.text)


def number_text(value: int | float) -> str:
    """`4` for 4.0, `3.5` for 3.5; a long number with the fifteen digits a spreadsheet keeps and zeros after them."""
    if isinstance(value, float) and value.is_integer():
        return str(int(Decimal(f"{value:.14e}")))
    return repr(value)
