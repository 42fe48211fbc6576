"""The marks of an event as planes by kind of subject, and the numeric inputs beside them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from contest.scoring import planes
from contest.scoring.columns import Column
from contest.scoring.field import STATUSES, UNITS, Field, InputColumn, Marks
from contest.scoring.numbers import NO_MARK, OK, Array
from contest.scoring.problems import Problem
from contest.scoring.rules import Node, RuleSet

MOST_NAMED = 10
"""A problem names at most so many subjects; `count` says how many there are."""
LIVE = (STATUSES.index("present"), STATUSES.index("unofficial"))
BY_SEAT = frozenset({"by_kind", "place_points", "rank_sum", "majority_places", "pairwise"})
"""Methods that need to know which seat a mark came from."""


@dataclass(frozen=True)
class Units:
    """Subjects of one kind: their number, which of them take part, and which of those count officially."""

    kind: str
    keys: Any
    live: Array
    official: Array

    def __len__(self) -> int:
        return len(self.live)

    def named(self, mask: Array) -> tuple[str, ...]:
        """Keys of the subjects in a mask, sorted, at most MOST_NAMED."""
        return tuple(sorted(str(self.keys[index]) for index in np.flatnonzero(mask)[:10_000])[:MOST_NAMED])


class Sheets:
    """All marks of a field, scattered once. Problems found on the way are in `problems`."""

    def __init__(self, rules: RuleSet, field: Field) -> None:
        self.rules, self.field = rules, field
        self.problems: list[Problem] = []
        self.aspects = rules.aspects()
        own = {aspect.key: index for index, aspect in enumerate(self.aspects)}
        self.place = {
            aspect.key: own.get(aspect.marks_of or aspect.key, own[aspect.key]) for aspect in self.aspects
        }
        self.rounds = max(len(rules.rounds), 1)
        self.units = self._units()
        self._kind_of = self._kinds()
        self._planes: dict[tuple[int, int], planes.Plane] = {}
        self.dense: dict[str, bool] = {}
        self._scatter()

    def _units(self) -> dict[str, Units]:
        codes = self.field.entries.codes()
        live = np.isin(codes, LIVE)
        units = {"entry": Units("entry", self.field.entries.keys, live, codes == 0)}
        if self.field.members is not None and self.field.member_entry is not None:
            own, owner = self.field.members.codes(), self.field.member_entry
            official = (own == 0) & (codes[owner] == 0)
            units["member"] = Units(
                "member", self.field.members.keys, np.isin(own, LIVE) & live[owner], official
            )
        return units

    def _kinds(self) -> tuple[str, ...]:
        """For each aspect whether its sheets are per entry or per member."""
        kinds = []
        for module in self.rules.modules:
            per = "member" if module.per == "member" and "member" in self.units else "entry"
            kinds += [per] * sum(1 for _ in module.aspects())
        return tuple(kinds)

    def unit(self, aspect: str) -> Units:
        """The subjects whose sheets hold this aspect."""
        return self.units[self._kind_of[self.place[aspect]]]

    def plane(self, round_: int, aspect: str) -> planes.Plane:
        """The cells of one aspect in one round."""
        return self._planes[round_, self.place[aspect]]

    def seats_of(self, aspect: str) -> tuple[str, ...]:
        """The kind of seat of each slot; all "judge" when slots are not seats."""
        one = self._planes[0, self.place[aspect]]
        if self.dense[self._kind_of[self.place[aspect]]]:
            return tuple(seat.kind for seat in self.field.seats)
        return ("judge",) * one.cells.shape[1]

    def _scatter(self) -> None:
        marks, found = planes.checked(self.field.marks, self.field, len(self.rules.rounds), len(self.aspects))
        self.problems += found
        marks = self._counted(marks)
        for kind, units in self.units.items():
            mine = self._of_kind(marks, kind)
            self._scatter_kind(kind, len(units), *mine)

    def _counted(self, marks: Marks) -> Marks:
        """Leave out marks of seats whose kind does not count for the aspect (self-scores beside review-scores)."""
        kinds = [seat.kind for seat in self.field.seats]
        wanted = seat_kinds(self.rules)
        table = np.array([[kind in wanted[aspect.key] for kind in kinds] for aspect in self.aspects], bool)
        if table.all():
            return marks
        return planes.chosen(marks, table[marks.aspect, marks.seat])

    def _of_kind(self, marks: Marks, kind: str) -> tuple[Marks, Array]:
        """The marks of the aspects marked per `kind`, and the index of the subject of each."""
        table = np.array([one == kind for one in self._kind_of], bool)
        if not table.all():
            marks = planes.chosen(marks, table[marks.aspect])
        if kind == "entry":
            return marks, marks.entry
        subject = np.full(len(marks), -1) if marks.member is None else marks.member
        wrong = subject < 0
        if wrong.any():
            aspects = sorted({self.aspects[code].key for code in np.unique(marks.aspect[wrong])})
            self.problems.append(
                Problem(
                    "mark_subject",
                    "",
                    {
                        "count": int(wrong.sum()),
                        "aspect": ", ".join(aspects),
                        "found": "entry",
                        "wanted": "member",
                    },
                )
            )
            marks, subject = planes.chosen(marks, ~wrong), subject[~wrong]
        return marks, subject

    def _scatter_kind(self, kind: str, subjects: int, marks: Marks, subject: Array) -> None:
        aspects = len(self.aspects)
        seats = len(self.field.seats)
        if _needs_seats(self.rules):
            slot, slots = marks.seat, max(seats, 1)
        else:
            slot, slots = planes.slots_of(marks, subject, seats, self.rounds * aspects, subjects)
        self.dense[kind] = slot is marks.seat
        plan = planes.layout(marks, self.rounds, aspects, slots, subjects)
        cells = planes.scatter(marks, subject, slot, plan, aspects)
        found = self._wrap(cells, plan, kind)
        if planes.filled(found) < len(marks):
            self._double(marks, subject, slot, plan, cells)
            self._wrap(cells, plan, kind)

    def _wrap(self, cells: Array, plan: planes.Layout, kind: str) -> list[planes.Plane]:
        found = []
        for index in range(self.rounds * len(self.aspects)):
            if self._kind_of[index % len(self.aspects)] != kind:
                continue
            first, attempts = int(plan.first[index]), int(plan.attempts[index])
            one = planes.plane(cells[first : first + attempts])
            self._planes[divmod(index, len(self.aspects))] = one
            found.append(one)
        return found

    def _double(self, marks: Marks, subject: Array, slot: Array, plan: planes.Layout, cells: Array) -> None:
        """Report marks that name one cell twice and block the cell: which row came last must not matter."""
        index = planes.cell_of(marks, subject, slot, plan, len(self.aspects))
        twice = planes.repeated(index)
        cells.reshape(-1)[index[twice]] = planes.DOUBLE_CELL
        seen: dict[int, int] = {}
        for row in np.flatnonzero(twice).tolist():
            seen.setdefault(int(index[row]), row)
        for row in list(seen.values()):
            aspect = self.aspects[int(marks.aspect[row])]
            units = self.unit(aspect.key)
            params = {
                "subject": str(units.keys[int(subject[row])]),
                "seat": self.field.seats[int(marks.seat[row])].key,
                "aspect": aspect.key,
                "place": self.where(0 if marks.round is None else int(marks.round[row])),
            }
            self.problems.append(Problem("mark_twice", params["subject"], params))

    def where(self, round_: int) -> str:
        """ " in round …" for problems of events with several rounds."""
        return f" ({self.rules.rounds[round_].key})" if len(self.rules.rounds) > 1 else ""

    def in_round(self, round_: int, modules: tuple[Node, ...], kind: str) -> Array:
        """Which subjects have any row in the round."""
        units = self.units[kind]
        found = np.zeros(len(units), bool)
        for module in modules:
            for aspect in module.aspects():
                here = planes.present(self.plane(round_, aspect.key))
                found |= self.carried(here, self.unit(aspect.key).kind, kind)
        return found

    def carried(self, mask: Array, kind: str, wanted: str) -> Array:
        """A mask over one kind of subject as a mask over the other: an entry's members, any member of an entry."""
        owner = self.field.member_entry
        if kind == wanted or owner is None:
            return mask
        if wanted == "member":
            return mask[owner]
        found = np.zeros(len(self.units["entry"]), bool)
        found[owner[mask]] = True
        return found

    def input(self, name: str, node: Node, round_: int, attempts: int, kind: str) -> tuple[Column, Array]:
        """A numeric input at a node: (attempts, 1, subjects), and where two different values were given."""
        subjects = len(self.units[kind])
        values = np.full((attempts, subjects), planes.EMPTY, np.int64)
        clash = np.zeros(subjects, bool)
        column = self.field.inputs.get(name)
        if column is not None:
            wanted = {self.place[aspect.key] for aspect in node.aspects() if aspect.key in self.place}
            keep = np.ones(len(column.value), bool)
            if column.round is not None:
                keep &= (column.round < 0) | (column.round == round_)
            if column.aspect is not None:
                keep &= (column.aspect < 0) | np.isin(column.aspect, list(wanted))
            self._put(values, clash, column, np.flatnonzero(keep), kind)
        state = np.where(values == planes.EMPTY, np.int8(NO_MARK), np.int8(OK))
        num = np.where(values == planes.EMPTY, 0, values)
        result = Column(num, UNITS, int(np.abs(num).max()) if num.size else 0, state if state.any() else None)
        return result.reshape(attempts, 1, subjects), clash

    def groups(self, name: str, node: Node, round_: int, kind: str) -> Array:
        """To which group each subject belongs by an input of the round or by a text column; −1 where it is empty."""
        if any(one.name == name for one in self.rules.inputs):
            column, _ = self.input(name, node, round_, 1, kind)
            found = column.num.reshape(-1)
            known = np.unique(found)
            return np.where(column.ok.reshape(-1), np.searchsorted(known, found), -1)
        texts = self.field.texts(kind, name)
        places = {text: index for index, text in enumerate(sorted(set(texts) - {""}))}
        return np.array([places.get(text, -1) for text in texts], np.int64)

    def _put(self, values: Array, clash: Array, column: InputColumn, rows: Array, kind: str) -> None:
        """Write the chosen rows of an input into (attempts, subjects)."""
        target, given = self._targets(column, rows, kind), column.value[rows]
        attempt = (
            np.full(len(rows), -1) if column.attempt is None or len(values) == 1 else column.attempt[rows]
        )
        for number in range(len(values)):
            here = ((attempt < 0) | (attempt == number)) & (target >= 0)
            values[number, target[here]] = given[here]
            # Whoever came last stands there now, so a row that finds another value was contradicted.
            clash[target[here][values[number, target[here]] != given[here]]] = True
        for row in np.flatnonzero(target < 0):
            members = np.flatnonzero(self.field.member_entry == column.entry[rows[row]])
            numbers = range(len(values)) if attempt[row] < 0 else (int(attempt[row]),)
            for number in numbers:
                old = values[number, members]
                clash[members] |= (old != planes.EMPTY) & (old != given[row])
                values[number, members] = given[row]

    def _targets(self, column: InputColumn, rows: Array, kind: str) -> Array:
        """The subject each row is for; −1 for a row of an entry that is for all its members."""
        if kind == "entry":
            return np.asarray(column.entry[rows], np.int64)
        return np.full(len(rows), -1) if column.member is None else np.asarray(column.member[rows], np.int64)


def seat_kinds(rules: RuleSet) -> dict[str, tuple[str, ...]]:
    """For each aspect the kinds of seats whose marks count: its own, else those of the nearest node above."""
    found: dict[str, tuple[str, ...]] = {}

    def walk(node: Node, kinds: tuple[str, ...]) -> None:
        kinds = node.seats or kinds
        if node.is_aspect:
            found[node.key] = kinds
        for part in node.parts:
            walk(part, kinds)

    for module in rules.modules:
        walk(module, ("judge",))
    return found


def _needs_seats(rules: RuleSet) -> bool:
    nodes = [rules.tree, *(node for module in rules.modules for node in module.walk())]
    used = {spec.by for node in nodes for spec in (node.method, node.aspect_method) if spec is not None}
    keys = {spec.by for ranking in rules.rankings for spec in ranking.order}
    return bool(used & BY_SEAT or keys & {"judge_mark"})


def replaced(node: Node, **changes: Any) -> Node:
    """A node with some fields changed."""
    return dataclasses.replace(node, **changes)
