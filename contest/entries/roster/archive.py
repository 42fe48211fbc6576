"""A look into an xlsx package before any library opens it: bombs, foreign packages, sheets beyond all bounds.

The sizes in a ZIP's directory are claims. Every part is unpacked here once, in small pieces and counted, and thrown
away, so that nothing that lies about its size reaches a reader that would believe it.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from contest.entries.roster.table import UnreadableFile

MAX_UNPACKED = 150 * 1024 * 1024  # bytes of all parts together
MAX_RATIO = 300  # unpacked to packed, looked at from SMALL on; real sheets stay under 60
SMALL = 1024 * 1024
MAX_PARTS = 3000
MAX_ROWS = 20_000
MAX_COLUMNS = 200
PIECE = 256 * 1024

_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,4})(\d{1,9})"')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d{1,9})"')
_FORMULA = re.compile(rb'<(?:\w+:)?f[\s>/]|\bt="e"')
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


@dataclass(frozen=True)
class PackageFacts:
    """What the look found. `has_formulas`: some cell is a formula or an error, so a second reading is needed."""

    has_formulas: bool


def inspect(content: bytes) -> PackageFacts:
    """Refuse a package that is no workbook or not safe to open. Raises UnreadableFile with a code that says why."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            _refuse_foreign([part.filename for part in parts])
            _refuse_claims(parts)
            return _unpack_and_count(package, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnreadableFile("file_damaged") from error


def _refuse_foreign(names: list[str]) -> None:
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise UnreadableFile("file_not_a_workbook")
    if "content.xml" in names and "mimetype" in names:
        raise UnreadableFile("file_open_document")
    if "xl/workbook.bin" in names:
        raise UnreadableFile("file_binary_workbook")
    if "xl/workbook.xml" not in names:
        raise UnreadableFile("file_not_a_workbook")


def _refuse_claims(parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or total > MAX_UNPACKED:
        raise UnreadableFile("file_bomb", megabytes=total // SMALL)
    for part in parts:
        if part.flag_bits & 0x1:
            raise UnreadableFile("file_password")
        if part.file_size > SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise UnreadableFile("file_bomb", megabytes=part.file_size // SMALL)


def _unpack_and_count(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> PackageFacts:
    total, has_formulas = 0, False
    for part in parts:
        is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
        is_xml = part.filename.endswith((".xml", ".rels", ".vml"))
        claim = copy.copy(part)
        claim.file_size = (
            MAX_UNPACKED + 1
        )  # read to the stream's own end, not to where the directory says it is
        tail = b""
        with package.open(claim) as stream:
            while piece := stream.read(PIECE):
                total += len(piece)
                if total > MAX_UNPACKED:
                    raise UnreadableFile("file_bomb", megabytes=total // SMALL)
                window = tail + piece
                if is_xml and _DOCTYPE.search(window):
                    raise UnreadableFile("file_damaged")
                if is_sheet:
                    _refuse_bounds(window)
                    has_formulas = has_formulas or bool(_FORMULA.search(window))
                tail = piece[-512:]
    return PackageFacts(has_formulas)


def _refuse_bounds(window: bytes) -> None:
    """One cell far out makes a reader lay out every empty cell before it."""
    rows = {int(number) for number in _ROW.findall(window)}
    cells = set(_CELL.findall(window))
    rows |= {int(number) for _, number in cells}
    if rows and max(rows) > MAX_ROWS:
        raise UnreadableFile("file_too_many_rows", limit=MAX_ROWS)
    if any(column_number(letters) > MAX_COLUMNS for letters in {letters for letters, _ in cells}):
        raise UnreadableFile("file_too_many_columns", limit=MAX_COLUMNS)


def column_number(letters: bytes | str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.decode() if isinstance(letters, bytes) else letters:
        number = number * 26 + ord(letter) - 64
    return number
