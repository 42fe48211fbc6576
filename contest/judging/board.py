"""The chief judge's board: a grid a round and module, work codes down, seats across, and who still owes what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from contest.judging.queues import Queue
from contest.judging.shown import SheetLine


@dataclass(frozen=True)
class Cell:
    """One sheet on the board. state: that of the line, or *signed* once everybody who marks it has signed.

    spread, problem: the panel has to talk about it; its judge signalled a problem. barred: ties keep all holders off.
    """

    line: SheetLine
    state: str
    has_spread: bool
    has_problem: bool
    is_barred: bool


@dataclass
class Grid:
    """Cells by (work code, seat); rows in the order of the draw, seats in the order of the panel."""

    round_name: str
    module: str
    round_id: int
    module_key: str
    seats: dict[int, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)  # work code → name, where nothing is blind
    cells: dict[tuple[str, int], Cell] = field(default_factory=dict)

    def count(self, *states: str) -> int:
        """How many sheets are in one of the states."""
        return sum(cell.state in states for cell in self.cells.values())


@dataclass(frozen=True)
class Standing:
    """What the cells follow from beside the sheets themselves; sheets by public id."""

    hands: Mapping[str, Mapping[int, bool]] = field(default_factory=dict)
    spreads: Collection[str] = ()
    problems: Collection[str] = ()


def grids_of(lines: Iterable[SheetLine], standing: Standing) -> list[Grid]:
    """The grids of an event's sheets, in their order."""
    grids: dict[tuple[int, str], Grid] = {}
    for line in lines:
        grid = grids.setdefault(
            (line.round_id, line.module_key),
            Grid(line.round_name, line.module, line.round_id, line.module_key),
        )
        grid.seats.setdefault(line.seat_id, line.seat)
        grid.codes.setdefault(line.work_code, line.name)
        grid.cells[(line.work_code, line.seat_id)] = _cell(line, standing)
    return list(grids.values())


def _cell(line: SheetLine, standing: Standing) -> Cell:
    hands = standing.hands.get(line.public_id, {})
    is_signed = line.state == "submitted" and bool(hands) and all(hands.values())
    return Cell(
        line=line,
        state="signed" if is_signed else line.state,
        has_spread=line.public_id in standing.spreads,
        has_problem=line.public_id in standing.problems,
        is_barred=not hands and line.state in ("new", "begun", "ready"),
    )


@dataclass
class Owing:
    """A judge on a seat: sheets by how far they are, what waits on the judge's devices, and messages not yet read.

    oldest_s, silent_s: seconds. open_codes: work codes of the sheets that are not submitted, in the order of the draw.
    """

    judge_id: int
    holder_id: int
    seat_id: int
    judge: str
    panel: str
    seat: str
    sheets: int = 0
    new: int = 0
    begun: int = 0
    ready: int = 0
    to_sign: int = 0
    open_codes: list[str] = field(default_factory=list)
    queues: list[Queue] = field(default_factory=list)
    unread: int = 0

    @property
    def owes(self) -> int:
        """How many sheets wait for this judge: not submitted, or submitted by the group and not signed by this one."""
        return self.new + self.begun + self.ready + self.to_sign

    @property
    def unsent(self) -> int:
        """Marks that wait on the judge's devices, those the server did not take included."""
        return sum(queue.unsent + queue.held for queue in self.queues)

    @property
    def oldest_s(self) -> int:
        """Age of the oldest waiting mark in seconds; 0 without one."""
        return max((queue.oldest_s for queue in self.queues), default=0)


def owing_of(
    holders: Iterable[Owing], lines: Iterable[SheetLine], hands: Mapping[str, Mapping[int, bool]]
) -> list[Owing]:
    """The same rows with their sheets counted, those who owe most first."""
    rows = list(holders)
    by_seat: dict[int, list[Owing]] = {}
    for row in rows:
        by_seat.setdefault(row.seat_id, []).append(row)
    for line in lines:
        for row in by_seat.get(line.seat_id, ()):
            signed = hands.get(line.public_id, {})
            if row.judge_id in signed:
                _count(row, line, signed[row.judge_id])
    return sorted(rows, key=lambda row: (-row.owes, row.panel, row.seat))


def _count(row: Owing, line: SheetLine, has_signed: bool) -> None:
    row.sheets += 1
    if line.state in ("new", "begun", "ready"):
        setattr(row, line.state, getattr(row, line.state) + 1)
        row.open_codes.append(line.work_code)
    elif line.state == "submitted" and not has_signed:
        row.to_sign += 1
        row.open_codes.append(line.work_code)
