"""A typed or uploaded list of recipients: name, unit, role or honour. Every bad line is told, and nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from contest import glyphs
from contest.entries.roster import repairs
from contest.entries.roster.findings import Problem
from contest.entries.roster.reading import read_table

MOST = 5000
_PARTS = re.compile(r"\t|[,，;；]")
HEADINGS = {
    "name": ("姓名", "名称", "单位名称", "name", "recipient"),
    "unit": ("单位", "工作单位", "所在单位", "代表队", "unit", "organisation"),
    "role": ("职务", "聘任职务", "角色", "称号", "荣誉", "荣誉称号", "role", "honour"),
}
LIMITS = {"name": 120, "unit": 200, "role": 120}


@dataclass(frozen=True)
class Line:
    """One recipient as typed, repaired."""

    row: int
    name: str
    unit: str = ""
    role: str = ""


@dataclass(frozen=True)
class BadLine:
    """What is wrong with a line: its number as the sender counts, the value, a code and its parameters."""

    row: int
    value: str
    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What a list holds: lines that can be taken, and everything that is wrong."""

    lines: tuple[Line, ...]
    bad: tuple[BadLine, ...]


def of_text(text: str, *, are_bodies: bool) -> Reading:
    """Lines “name, unit, role”; unit and role may be left out."""
    rows = [(number, _PARTS.split(line)) for number, line in enumerate(text.splitlines(), 1)]
    return _read(rows, are_bodies)


def of_file(content: bytes, name: str, *, are_bodies: bool) -> Reading:
    """The first sheet that is shown, by its headings or, without any, in the order name, unit, role.

    Raises UnreadableFile for the file as a whole.
    """
    sheet = next(one for one in read_table(content, name).sheets if not one.is_hidden)
    rows = [(row.number, [cell.text for cell in row.cells]) for row in sheet.rows]
    return _read(rows, are_bodies)


def _read(rows: Iterable[tuple[int, Sequence[str]]], are_bodies: bool) -> Reading:
    held = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    columns = {"name": 0, "unit": 1, "role": 2}
    if held and (found := _columns(held[0][1])):
        columns, held = found, held[1:]
    lines: list[Line] = []
    bad: list[BadLine] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in held[:MOST]:
        line, wrong = _line(number, cells, columns, are_bodies)
        if line is not None and not wrong:
            first = seen.setdefault((line.name, line.unit, line.role), number)
            if first != number:
                wrong = [BadLine(number, line.name, "recipient_twice", {"other": first})]
        bad += wrong
        if line is not None and not wrong:
            lines.append(line)
    if len(held) > MOST:
        bad.append(BadLine(held[MOST][0], "", "recipients_many", {"limit": MOST}))
    return Reading(tuple(lines), tuple(bad))


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Which column is which, where the first row is a heading; empty where it is a recipient already."""
    plain = [re.sub(r"[\s　*＊:：]", "", cell).lower() for cell in cells]
    found = {
        key: plain.index(word) for key, words in HEADINGS.items() for word in reversed(words) if word in plain
    }
    return found if "name" in found else {}


def _line(
    number: int, cells: Sequence[str], columns: dict[str, int], are_bodies: bool
) -> tuple[Line | None, list[BadLine]]:
    values: dict[str, str] = {}
    wrong: list[BadLine] = []
    for key, limit in LIMITS.items():
        text = cells[columns[key]] if key in columns and columns[key] < len(cells) else ""
        is_person = key == "name" and not are_bodies
        taken = repairs.person_name(text) if is_person else repairs.free_text(text, limit=limit)
        if isinstance(taken, Problem):
            wrong.append(BadLine(number, text.strip()[:40], taken.code, dict(taken.params)))
            continue
        values[key] = taken.text
        lacking = glyphs.missing(taken.text)
        if lacking:
            shown = " ".join(f"{one} (U+{ord(one):04X})" for one in lacking)
            wrong.append(BadLine(number, taken.text[:40], "missing_glyphs", {"characters": shown, "text": taken.text[:40]}))  # fmt: skip
    if not wrong and not values.get("name"):
        wrong.append(BadLine(number, "", "recipient_nameless"))
    return (None if wrong else Line(number, **values)), wrong
