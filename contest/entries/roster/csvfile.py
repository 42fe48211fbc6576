"""CSV as offices save it: UTF-8 with or without its mark, GB 18030, UTF-16 “Unicode text”; comma, tab or semicolon."""

from __future__ import annotations

import csv
import io

from contest.entries.roster.archive import MAX_COLUMNS, MAX_ROWS
from contest.entries.roster.table import Cell, Row, Sheet, Table, UnreadableFile

DELIMITERS = (",", "\t", ";", "，")


def read_csv(content: bytes) -> Table:
    """Decode and split; a row's number is that of the record, as a spreadsheet program would show it.

    Raises UnreadableFile for a file that is no text, is empty, has a broken quotation, or is too long or wide.
    """
    text, encoding = _decode(content)
    if not text.strip():
        raise UnreadableFile("file_empty")
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False))
    except csv.Error as error:
        raise UnreadableFile("file_csv_broken") from error
    if len(records) > MAX_ROWS:
        raise UnreadableFile("file_too_many_rows", limit=MAX_ROWS)
    if max(map(len, records)) > MAX_COLUMNS:
        raise UnreadableFile("file_too_many_columns", limit=MAX_COLUMNS)
    rows = tuple(Row(n, tuple(Cell(value) for value in record)) for n, record in enumerate(records, start=1))
    return Table("csv", (Sheet("CSV", rows),), encoding)


def _decode(content: bytes) -> tuple[str, str]:
    """UTF-8 first: text in GB 18030 is hardly ever valid UTF-8, while almost anything is valid GB 18030."""
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    candidates = ("utf-16",) if is_utf16 else ("utf-8-sig", "gb18030")
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(character in text for character in "\x00\x01\x02\x03\x04\x05\x06\x07\x08"):
            raise UnreadableFile("file_type", suffix="CSV")
        return text, encoding
    raise UnreadableFile("file_encoding")


def _delimiter(text: str) -> str:
    """The one that splits the fullest of the first lines into the most fields."""
    lines = text.splitlines()[:40]
    return max(DELIMITERS, key=lambda delimiter: max((line.count(delimiter) for line in lines), default=0))
