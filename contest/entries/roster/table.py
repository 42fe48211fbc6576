"""What a registration file is made of, whatever its format: sheets, rows with their numbers, cells as text."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from contest.errors import Invalid


class UnreadableFile(Invalid):
    """The file as a whole can't be taken; the code says why and what to do (see `messages`)."""

    code = "file_unreadable"


class CellKind(enum.Enum):
    """How the office's program kept a value: only text keeps every digit."""

    text = "text"
    number = "number"
    date = "date"
    formula = "formula"  # with the value its program last worked out, if it kept one
    error = "error"  # #N/A and its kin


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as text. `formula` is the formula's own text where there is one."""

    text: str
    kind: CellKind = CellKind.text
    formula: str = ""


EMPTY = Cell("")


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is what the office sees at the left edge of its sheet: titles and headings count."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """The cell of a column counted from 0; short rows are empty at their end."""
        return self.cells[column] if column < len(self.cells) else EMPTY

    @property
    def is_blank(self) -> bool:
        """Nothing but spaces."""
        return all(not cell.text.strip() and not cell.formula for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged block; rows and columns count from 0, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet with its rows from the first on, blank ones included."""

    name: str
    rows: tuple[Row, ...]
    merges: tuple[Merge, ...] = ()
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A whole file. `format` is xlsx, xls or csv; `encoding` is named for CSV."""

    format: str
    sheets: tuple[Sheet, ...]
    encoding: str = ""
    notes: tuple[str, ...] = field(default=())
