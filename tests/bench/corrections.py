"""Seeing what a correction would move, and computing a whole contest of many trades again."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from contest.app import create_app
from contest.db import db, transaction
from contest.judging.models import MarkRevision, SeatKind
from contest.results.compute import compute_event
from contest.results.mark_lines import marks_of, re_marked
from contest.results.previews import after, effects
from tests.bench.figures import Figure
from tests.conftest import settings_for
from tests.results.builders import NAMES, NOON, Field, make_field

TITLE = "Corrections and whole contests"
ENTRIES, JUDGES, ASPECTS = 1000, 5, 20
TRADES, PEOPLE = 172, 60
SAMPLED = int(os.environ.get("BENCH_TRADES", "4"))  # trades that are computed; the rest is reckoned from them


def rules() -> str:
    """One module of many aspects, five judges trimmed, three medals."""
    parts = "".join(f'[[modules.parts]]\nkey = "a{n}"\nmaximum = 5\n' for n in range(ASPECTS))
    return (
        '[[modules]]\nkey = "practice"\nmaximum = 100\njudges = 5\n'
        f'aspect_method = {{ by = "trimmed_mean", low = 1, high = 1 }}\n{parts}'
        '[[rankings]]\nkey = "all"\n[[rankings.awards]]\nkey = "medals"\nby = "place"\nkind = "medal"\n'
        'bands = [ { award = "gold", places = 1 }, { award = "silver", places = 2 } ]\n'
    )


def figures() -> Iterator[Figure]:
    """A preview on 1,000 entries with 100,000 marks; a trade of 60 entries, times 172."""
    with tempfile.TemporaryDirectory() as name:
        app = create_app(settings_for(Path(name)))
        with app.app_context():
            db.create_all()
            yield _preview(_held(ENTRIES))
            yield _trades([_held(PEOPLE) for _ in range(SAMPLED)])
            db.session.remove()
            db.engine.dispose()


def _held(people: int) -> Field:
    made = make_field(
        [f"{NAMES[n % 8]}{n}" for n in range(people)], rules=rules(), seats=[SeatKind.JUDGE] * JUDGES
    )
    sheets = sorted(made.sheets.values())
    values = (
        {
            "uuid": uuid4(), "sheet_id": sheet, "aspect_id": aspect, "attempt": 1, "state": "value",
            "value_milli": 1000 + (sheet * 7 + aspect * 13) % 4000, "source": "desk", "recorded_at": NOON,
            "previous": "0" * 64, "hash": "0" * 64, "comment": "", "reason": "", "device": "",
        }
        for sheet in sheets
        for aspect in made.aspect_ids.values()
    )  # fmt: skip
    with transaction():
        db.session.execute(sa.insert(MarkRevision), list(values))
    return made


def _preview(made: Field) -> Figure:
    entry_id = made.entry_ids[ENTRIES // 2]
    lines = marks_of(made.event_id, entry_id)
    changes = re_marked(lines, {line.place: 4999 for line in lines[:JUDGES]})
    db.session.rollback()
    start, begun = time.perf_counter(), time.process_time()
    before = compute_event(made.event)
    moved = effects(before, after(before, changes))
    took, cpu = time.perf_counter() - start, time.process_time() - begun
    name = f"preview of a correction on {ENTRIES} entries, {len(before.inputs.field.marks)} marks"
    return Figure(
        name, took, "s", f"{cpu:.2f} s of processor time; {len(moved)} lines move; at most 1 s is asked"
    )


def _trades(fields: list[Field]) -> Figure:
    start, begun = time.perf_counter(), time.process_time()
    for made in fields:
        db.session.rollback()
        computation = compute_event(made.event)
        for key in computation.list_keys():
            computation.listing(*key)
    took = (time.perf_counter() - start) / len(fields) * TRADES
    cpu = (time.process_time() - begun) / len(fields) * TRADES
    name = f"{TRADES} trades of {PEOPLE} entries, {JUDGES} judges, {ASPECTS} aspects"
    note = f"{cpu:.1f} s of processor time; reckoned from {len(fields)} of them; at most 30 s is asked"
    return Figure(name, took, "s", note)
