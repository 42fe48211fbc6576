"""A server killed outright while tablets send: nothing with a receipt is lost, nothing sent again is doubled."""

from __future__ import annotations

from pathlib import Path

from tests.bench.hall import open_hall
from tests.bench.killing import survive
from tests.bench.server import prepared
from tests.bench.stores import STORES

KILLS = 5  # `make endurance` kills a hundred times


def test_marks_survive_a_server_killed_in_mid_batch(tmp_path: Path, postgres_url: str | None):
    store = STORES["PostgreSQL" if postgres_url else "SQLite"]
    with store():
        folder = prepared(tmp_path)
        tablets = open_hall(folder, judges=4)
        left = survive(folder, tablets, KILLS)
    assert (left.lost, left.doubled, left.broken) == (0, 0, 0)
    assert left.marks == sum(len(tablet.places) for tablet in tablets)
    assert left.cut >= KILLS  # each kill hit at least one batch on its way
