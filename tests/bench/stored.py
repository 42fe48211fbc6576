"""A million current marks in SQLite to a frozen ranking: what reading, computing and writing take of it.

The path is the product's own: `read_inputs`, `compute`, the list's lines, `take_snapshot`. 10,000 people, five judges,
twenty aspects in one module, three keys; a hundredth of the marks were corrected once.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from contest.app import create_app
from contest.db import db, transaction
from contest.judging.models import SeatKind
from contest.results import service
from contest.results.compute import Computation
from contest.results.inputs import read_inputs
from contest.results.models import SnapshotRow
from contest.scoring.compute import compute
from tests.bench.figures import Figure
from tests.conftest import settings_for
from tests.results.builders import NOON, Field, make_field

TITLE = "A million stored marks to a frozen ranking"
PEOPLE = int(os.environ.get("BENCH_STORED_PEOPLE", "10000"))
JUDGES, ASPECTS, TIMES = 5, 20, 3
GOAL = 5.0
"""Seconds from a million stored marks to the ranking, on two cores."""

RULES = (
    'key = "many"\ntitle_zh = "多人赛"\ntitle_en = "Many"\n'
    '[[modules]]\nkey = "practice"\ntitle_zh = "实际操作"\ntitle_en = "Practice"\nmaximum = 100\njudges = 5\n'
    'aspect_method = { by = "trimmed_mean", low = 1, high = 1 }\n'
    + "".join(
        f'[[modules.parts]]\nkey = "a{n:02d}"\nmaximum = 5\nkind = {{ by = "marks", step = "0.5" }}\n'
        for n in range(ASPECTS)
    )
    + '[[rankings]]\nkey = "all"\ntitle_zh = "总成绩"\ntitle_en = "Overall"\n'
    'order = ["total", { by = "node", node = "a00" }, { by = "node", node = "a01" }]\nshow = { digits = 2 }\n'
)


def figures() -> Iterator[Figure]:
    """The median of some runs, whole and by part."""
    with tempfile.TemporaryDirectory() as name:
        app = create_app(settings_for(Path(name)))
        with app.app_context():
            db.create_all()
            made = held(PEOPLE)
            runs = sorted((_run(made, number) for number in range(TIMES)), key=lambda run: run["whole"])
            db.session.remove()
            db.engine.dispose()
    yield from _told(runs[len(runs) // 2])


def _told(run: dict[str, float]) -> Iterator[Figure]:
    whole = run["whole"]
    marks = f"{PEOPLE * JUDGES * ASPECTS:,} current marks of {PEOPLE:,} people"
    yield Figure("stored marks to frozen ranking", whole, "s", f"{marks}; the goal is {GOAL:g} s")
    for part in ("reading", "computing", "writing"):
        yield Figure(f"{part}", run[part], "s", f"{100 * run[part] / whole:.0f} % of it")
    yield Figure("by the clock", run["clock"], "s", "the same, with whatever else the machine did meanwhile")


def _run(made: Field, number: int) -> dict[str, float]:
    """Seconds of processor time of one run, which is of one thread; each freezes anew, because a mark was corrected."""
    _correct(made, number)
    db.session.expunge_all()
    event, actor = made.event, made.actor("organiser")
    with transaction():
        clock, start = time.perf_counter(), time.process_time()
        inputs = read_inputs(event)
        read = time.process_time()
        computation = Computation(inputs, compute(inputs.rules, inputs.field), None)
        order = computation.standing("all").columns["order"]
        computed = time.process_time()
        snapshot = service.take_snapshot(
            event=event, ranking_key="all", actor=actor, at=NOON, computation=computation
        )
        db.session.flush()
        written = snapshot.id
    end = time.process_time()
    clock = time.perf_counter() - clock
    stored = sa.select(sa.func.count()).where(SnapshotRow.snapshot_id == written)
    assert len(order) == db.session.scalar(stored) == PEOPLE
    return {
        "whole": end - start,
        "reading": read - start,
        "computing": computed - read,
        "writing": end - computed,
        "clock": clock,
    }


def _correct(made: Field, number: int) -> None:
    """One mark is corrected, so that the next snapshot is a new one."""
    db.session.execute(
        sa.text(_INSERT_CORRECTIONS), {"every": PEOPLE * JUDGES * ASPECTS // 2, "shift": number}
    )
    db.session.commit()


def held(people: int) -> Field:
    """An open event of so many people with every sheet marked; rows are multiplied inside the database."""
    made = make_field(("更尕昂宝",), rules=RULES, seats=[SeatKind.JUDGE] * JUDGES)
    first = made.entry_ids[0]
    _multiplied(
        "person", people, {"id_digest": "id_digest || ':' || n", "id_tail_digest": "id_tail_digest || n"}
    )
    _multiplied("entry", people, {"number": "printf('%05d', n)"})
    _multiplied("member", people, {"number": "printf('%05d', n)", "entry_id": "n", "person_id": "n"})
    _multiplied(
        "sheet",
        people,
        {"public_id": "public_id || n", "entry_id": "n", "work_code": "'K' || n", "position": "n"},
    )
    assert first == 1, "a fresh database counts from 1"
    db.session.execute(sa.text(_INSERT_MARKS))
    db.session.execute(sa.text(_INSERT_CORRECTIONS), {"every": 100, "shift": 0})
    db.session.commit()
    assert len(read_inputs(made.event).field.marks) == people * JUDGES * ASPECTS
    return made


def _multiplied(table: str, copies: int, changed: dict[str, str]) -> None:
    """Copies of every row of a table, numbered n = 2 … copies, with these columns changed."""
    columns = [
        column["name"] for column in sa.inspect(db.engine).get_columns(table) if column["name"] != "id"
    ]
    values: Any = [changed.get(name, name) for name in columns]
    db.session.execute(
        sa.text(
            f"WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < :copies) "  # noqa: S608
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM numbers, {table} ORDER BY n"
        ),
        {"copies": copies},
    )
    db.session.commit()


_INSERT_MARKS = """
INSERT INTO mark_revision (uuid, sheet_id, aspect_id, attempt, state, value_milli, source, comment, reason, device,
    recorded_at, previous, hash)
SELECT lower(hex(randomblob(16))), sheet.id, event_aspect.id, 1, 'value',
    ((sheet.id * 7919 + event_aspect.id * 104729 + sheet.id / 7) % 11) * 500, 'desk', '', '', '',
    '2026-05-01 12:00:00.000000', '', ''
FROM sheet, event_aspect
"""
_INSERT_CORRECTIONS = """
INSERT INTO mark_revision (uuid, sheet_id, aspect_id, attempt, state, value_milli, replaces_id, source, comment, reason,
    device, recorded_at, previous, hash)
SELECT lower(hex(randomblob(16))), sheet_id, aspect_id, attempt, state, (value_milli + 500) % 5500, id, source, comment,
    'typing error', device, recorded_at, '', ''
FROM mark_revision AS old
WHERE old.id % :every = :shift AND NOT EXISTS (SELECT 1 FROM mark_revision AS later WHERE later.replaces_id = old.id)
"""
