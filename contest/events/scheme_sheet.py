"""A marking scheme from a spreadsheet: every bad row reported, the stated totals checked, all or nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from contest.events import scheme
from contest.events.sheet_files import SheetUnreadable, table_of
from contest.scoring import codec

COLUMNS: dict[str, tuple[str, ...]] = {
    "module": ("模块", "考核模块", "module"),
    "criterion": ("评分项", "考核项目", "项目", "criterion"),
    "aspect": ("评分点", "考核内容", "评分要点", "aspect"),
    "kind": ("评分方式", "类型", "kind"),
    "maximum": ("配分", "分值", "满分", "maximum", "marks"),
    "weight": ("权重", "权重（%）", "权重(%)", "weight", "weight (%)"),
    "benchmarks": ("评分标准", "评分细则", "基准", "benchmarks"),
}
"""Column → the heads by which it is known."""

KIND_WORDS: dict[str, str] = {
    "直接评分": "marks",
    "评分": "marks",
    "扣分": "deduction",
    "测量": "measurement",
    "测量分": "measurement",
    "评价": "judgement",
    "评价分": "judgement",
    "否定项": "knockout",
    "一票否决": "knockout",
    "加分": "bonus",
    "违规扣分": "penalty",
    "罚分": "penalty",
    "用时": "time",
    "时间": "time",
    "计数": "count",
    "knock-out": "knockout",
    "plain marks": "marks",
    **{
        key: key
        for key in (
            "marks",
            "deduction",
            "measurement",
            "judgement",
            "knockout",
            "bonus",
            "penalty",
            "time",
            "count",
        )
    },
}
NEEDS_MAXIMUM = frozenset({"marks", "deduction", "measurement", "judgement"})
TOTAL_WORDS = ("合计", "总计", "总分", "total")
SUBTOTAL_WORDS = ("小计", "subtotal")


@dataclass(frozen=True)
class BadRow:
    """One thing to mend in the file. `row` as the spreadsheet numbers it, `column` a key of COLUMNS."""

    row: int
    column: str
    value: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Reading:
    """What a file says: the modules it makes, the bad rows, the sum of maxima and the total it states itself."""

    modules: list[dict[str, Any]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    total: Fraction = Fraction(0)
    stated: Fraction | None = None
    aspects: int = 0


def read(content: bytes, name: str, before: Mapping[str, Any]) -> Reading:
    """Read a workbook (xlsx, xls) or CSV (UTF-8, GB18030). Raises SheetUnreadable.

    `before` is the present document: a node that keeps its place and title keeps its key and its further settings.
    """
    rows = table_of(content, name)
    heads, start = _heads(rows)
    reading = Reading()
    known = {path: node for path, node in _paths(before.get("modules", []), ())}
    _Builder(heads, reading, known).take(rows, start)
    if not reading.modules and not reading.bad:
        raise SheetUnreadable("empty")
    return reading


def _heads(rows: Sequence[Sequence[str]]) -> tuple[dict[str, int], int]:
    """Column → its place, and the row after the head; the head is the first row that names 评分点 or aspect."""
    known = {word: column for column, words in COLUMNS.items() for word in words}
    for index, row in enumerate(rows[:20]):
        found: dict[str, int] = {}
        for place, cell in enumerate(row):
            column = known.get(cell.replace("\n", "").lower().strip(" *"))
            if column and column not in found:
                found[column] = place
        if "aspect" in found and "maximum" in found:
            return found, index + 1
    raise SheetUnreadable("no_head")


def _paths(
    nodes: Sequence[Mapping[str, Any]], above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    for node in nodes:
        path = (*above, str(node.get("title_zh") or node.get("title_en") or node.get("key")))
        yield path, node
        yield from _paths(node.get("parts", []), path)


class _Builder:
    """Row by row: module and criterion are carried down as in merged cells."""

    def __init__(
        self, heads: Mapping[str, int], reading: Reading, known: Mapping[tuple[str, ...], Mapping[str, Any]]
    ) -> None:
        self.heads, self.reading, self.known = heads, reading, known
        self.module: dict[str, Any] | None = None
        self.criterion: dict[str, Any] | None = None
        self.names = ("", "")
        self.seen: set[tuple[str, ...]] = set()
        self.taken = {str(node.get("key")) for node in known.values()}
        self.module_sum = Fraction(0)

    def take(self, rows: Sequence[Sequence[str]], start: int) -> None:
        for index, row in enumerate(rows[start:], start=start + 1):
            cells = {
                column: row[place].strip() if place < len(row) else "" for column, place in self.heads.items()
            }
            if any(cells.values()):
                self._row(index, cells)

    def _bad(self, row: int, column: str, value: str, code: str, **params: object) -> None:
        self.reading.bad.append(BadRow(row, column, value, code, params))

    def _row(self, row: int, cells: dict[str, str]) -> None:
        words = [cells.get(name, "") for name in ("module", "criterion", "aspect")]
        if any(_is_one_of(word, TOTAL_WORDS) for word in words):
            self._stated(row, cells, self.reading.total, is_total=True)
            return
        if any(_is_one_of(word, SUBTOTAL_WORDS) for word in words):
            self._stated(row, cells, self.module_sum, is_total=False)
            return
        self._open(row, cells)
        if self.module is None:
            self._bad(row, "module", "", "module_missing")
        elif not cells["aspect"]:
            self._bad(row, "aspect", "", "aspect_missing")
        else:
            self._aspect(row, cells)

    def _stated(self, row: int, cells: dict[str, str], summed: Fraction, *, is_total: bool) -> None:
        stated = self._number(row, "maximum", cells)
        if is_total:
            self.reading.stated = stated
        if stated is not None and stated != summed:
            code = "total_differs" if is_total else "subtotal_differs"
            self._bad(row, "maximum", cells["maximum"], code, sum=scheme.shown(summed))

    def _open(self, row: int, cells: dict[str, str]) -> None:
        """Begin a new module or criterion where its cell is filled with another name."""
        module, criterion = cells.get("module", ""), cells.get("criterion", "")
        if module and module != self.names[0]:
            self.module = self._node((module,), self.reading.modules, "")
            self.names, self.criterion, self.module_sum = (module, ""), None, Fraction(0)
        weight = self._number(row, "weight", cells) if cells.get("weight") else None
        if weight is not None and self.module is not None:
            before = self.module.get("weight")
            if before is not None and module == "" and codec.number(before) != weight:
                self._bad(row, "weight", cells["weight"], "weight_twice", before=before)
            self.module["weight"] = codec.plain(weight)
        if criterion and criterion != self.names[1] and self.module is not None:
            self.criterion = self._node(
                (self.names[0], criterion), self.module.setdefault("parts", []), self.module["key"]
            )
            self.names = (self.names[0], criterion)

    def _aspect(self, row: int, cells: dict[str, str]) -> None:
        assert self.module is not None
        parent = self.criterion or self.module
        path = (*[name for name in self.names if name], cells["aspect"])
        if path in self.seen:
            self._bad(row, "aspect", cells["aspect"], "aspect_twice")
            return
        self.seen.add(path)
        kind = KIND_WORDS.get((cells.get("kind") or "marks").lower())
        if kind is None:
            self._bad(row, "kind", cells["kind"], "kind_unknown", known="、".join(list(KIND_WORDS)[:14]))
        maximum = self._number(row, "maximum", cells)
        if maximum is None and not cells["maximum"] and (kind or "marks") in NEEDS_MAXIMUM:
            self._bad(row, "maximum", "", "maximum_missing")
        if maximum is not None and maximum <= 0 and (kind or "marks") in NEEDS_MAXIMUM:
            self._bad(row, "maximum", cells["maximum"], "maximum_not_positive")
        node = self._node(path, parent.setdefault("parts", []), parent["key"])
        self.reading.aspects += 1
        if kind and kind != "marks" and self._kind_of(node) != kind:
            node["kind"] = kind
        elif kind == "marks" and cells.get("kind"):
            node.pop("kind", None)
        if maximum is not None:
            node["maximum"] = codec.plain(maximum)
            if kind in NEEDS_MAXIMUM or kind == "count":
                self.reading.total += maximum
                self.module_sum += maximum
        lines = [
            line.strip()
            for line in cells.get("benchmarks", "").replace("|", "\n").splitlines()
            if line.strip()
        ]
        if lines:
            node["benchmarks_zh"] = lines

    def _kind_of(self, node: Mapping[str, Any]) -> str:
        chosen = node.get("kind", "marks")
        return str(chosen["by"] if isinstance(chosen, Mapping) else chosen)

    def _node(self, path: tuple[str, ...], siblings: list[dict[str, Any]], above: str) -> dict[str, Any]:
        """A node at the end of its siblings; known from before by its titles, it keeps its key and settings."""
        before = self.known.get(path)
        if before is not None and not any(one["key"] == before.get("key") for one in siblings):
            node = {name: value for name, value in before.items() if name != "parts"}
        else:
            stem = f"{above}-" if above else "m"
            key = next(f"{stem}{n}" for n in range(1, 10_000) if f"{stem}{n}" not in self.taken)
            node = {"key": key, "title_zh": path[-1]}
        self.taken.add(str(node["key"]))
        siblings.append(node)
        return node

    def _number(self, row: int, column: str, cells: dict[str, str]) -> Fraction | None:
        text = cells.get(column, "").rstrip("%分 ")
        if not text:
            return None
        try:
            return codec.number(text)
        except ValueError:
            self._bad(row, column, cells[column], "not_a_number")
            return None


def _is_one_of(word: str, words: Sequence[str]) -> bool:
    return word.replace(" ", "").lower().rstrip(":：") in words
