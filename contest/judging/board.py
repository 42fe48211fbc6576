"""The board: one grid a round and module, work codes down, seats across."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from contest.judging.shown import SheetLine


@dataclass
class Grid:
    """Sheets by (work code, seat); rows in the order of the draw, seats in the order of the panel."""

    round_name: str
    module: str
    seats: dict[int, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)  # work code → name, where nothing is blind
    cells: dict[tuple[str, int], SheetLine] = field(default_factory=dict)

    def count(self, *states: str) -> int:
        """How many sheets are in one of the states."""
        return sum(line.state in states for line in self.cells.values())


def grids_of(lines: Iterable[SheetLine]) -> list[Grid]:
    """The grids of an event's sheets, in their order."""
    grids: dict[tuple[str, str], Grid] = {}
    for line in lines:
        grid = grids.setdefault((line.round_name, line.module), Grid(line.round_name, line.module))
        grid.seats.setdefault(line.seat_id, line.seat)
        grid.codes.setdefault(line.work_code, line.name)
        grid.cells[(line.work_code, line.seat_id)] = line
    return list(grids.values())
