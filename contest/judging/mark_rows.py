"""A file of marks → rows: who, which aspect, what value; every row that can't be taken is named, all in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from contest.entries.roster.reading import read_table
from contest.entries.roster.repairs import tidy
from contest.entries.roster.table import Row, Sheet, UnreadableFile
from contest.judging.scheme import AspectView
from contest.judging.typed import NotTaken, read_typed
from contest.personal import mask_id

NUMBER = (
    "准考证号",
    "参赛号",
    "考号",
    "选手编号",
    "参赛编号",
    "编号",
    "队伍编号",
    "number",
    "bib",
    "candidate number",
)
ID_NUMBER = ("身份证号", "身份证号码", "证件号码", "证件号", "id number", "id")
NAME = ("姓名", "选手姓名", "name")
MARK = ("成绩", "得分", "分数", "理论成绩", "理论得分", "总分", "mark", "score", "result")
ABSENT = ("缺考", "缺赛", "缺席", "absent", "dns")
LOOKED_AT = 20  # rows in which the headings may stand


@dataclass(frozen=True)
class MarkRow:
    """One accepted value. `absent` and no value, or thousandths."""

    line: int
    number: str
    id_number: str
    name: str
    aspect: str
    milli: int | None
    absent: bool = False


@dataclass(frozen=True)
class MarkError:
    """One thing to mend in the file: line and column as the office sees them, the value, the reason's code."""

    line: int
    column: str
    value: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Plain values for the report."""
        return asdict(self)


@dataclass(frozen=True)
class _Columns:
    number: int | None
    id_number: int | None
    name: int | None
    marks: dict[int, AspectView]
    heads: dict[int, str]


def read_marks(
    content: bytes, name: str, aspects: Sequence[AspectView]
) -> tuple[list[MarkRow], list[MarkError]]:
    """Rows and errors of a workbook or CSV. Raises UnreadableFile when it is no table, or has no such columns."""
    for sheet in read_table(content, name).sheets:
        if sheet.is_hidden:
            continue
        for index, row in enumerate(sheet.rows[:LOOKED_AT]):
            columns = _columns(row, aspects)
            if columns:
                return _read(sheet, index, columns)
    raise UnreadableFile("mark_columns_missing")


def _columns(row: Row, aspects: Sequence[AspectView]) -> _Columns | None:
    """The columns that a heading row names; None unless it tells who and what."""
    heads = {index: _plain(cell.text) for index, cell in enumerate(row.cells) if cell.text.strip()}
    marks = {index: found for index, head in heads.items() if (found := _aspect(head, aspects))}
    number, id_number = _where(heads, NUMBER), _where(heads, ID_NUMBER)
    if not marks or (number is None and id_number is None):
        return None
    shown = {index: row.cell(index).text.strip() for index in heads}
    return _Columns(number, id_number, _where(heads, NAME), marks, shown)


def _aspect(head: str, aspects: Sequence[AspectView]) -> AspectView | None:
    for aspect in aspects:
        if head in {_plain(aspect.key), _plain(aspect.title_zh), _plain(aspect.title_en)} - {""}:
            return aspect
    return aspects[0] if len(aspects) == 1 and head in map(_plain, MARK) else None


def _where(heads: dict[int, str], names: Sequence[str]) -> int | None:
    wanted = {_plain(name) for name in names}
    return next((index for index, head in heads.items() if head in wanted), None)


def _plain(text: str) -> str:
    """A heading without brackets, spaces and case: 成绩（分） is 成绩."""
    return re.sub(r"[（(].*?[)）]|\s|[*：:]", "", text).lower()


def _read(sheet: Sheet, head: int, columns: _Columns) -> tuple[list[MarkRow], list[MarkError]]:
    rows: list[MarkRow] = []
    errors: list[MarkError] = []
    for row in sheet.rows[head + 1 :]:
        if not row.is_blank:
            for found in _row(row, columns):
                (rows if isinstance(found, MarkRow) else errors).append(found)  # type: ignore[arg-type]
    seen: dict[tuple[str, str], int] = {}
    for one in rows:
        key = (one.id_number or one.number, one.aspect)
        if key in seen:
            errors.append(
                MarkError(
                    one.line, "", one.number or mask_id(one.id_number), "file_row_twice", {"line": seen[key]}
                )
            )
        seen.setdefault(key, one.line)
    return rows, sorted(errors, key=lambda error: error.line)


def _row(row: Row, columns: _Columns) -> Iterator[MarkRow | MarkError]:
    number, id_number, name = (
        tidy(row.cell(index).text, codes=True).text if index is not None else ""
        for index in (columns.number, columns.id_number, columns.name)
    )
    if not number and not id_number:
        yield MarkError(
            row.number,
            columns.heads.get(columns.number or columns.id_number or 0, ""),
            "",
            "file_who_missing",
        )
        return
    for index, aspect in columns.marks.items():
        text = tidy(row.cell(index).text, codes=True).text
        who = (row.number, number, id_number.upper(), name, aspect.key)
        if text.lower() in ABSENT:
            yield MarkRow(*who, milli=None, absent=True)
            continue
        try:
            yield MarkRow(*who, milli=read_typed(text, aspect.limits))
        except NotTaken as refused:
            yield MarkError(
                row.number, columns.heads[index], text[:40], f"mark_{refused.code}", refused.params
            )
