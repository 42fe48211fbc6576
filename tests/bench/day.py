"""One whole contest at its real size: import, snapshot, certificates, and how long people wait after the last lock."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contest import config
from contest.app import create_app
from contest.certificates import service as certificates
from contest.db import now, transaction
from contest.desk.demo import marking, outputs, publishing, ramen, staging
from contest.desk.demo.stage import Stage
from contest.results import service as results
from tests.bench.figures import Figure
from tests.bench.server import environment, prepared

TITLE = "A contest of 212 people in 71 teams"
PLAIN_SAMPLE = 8


class Watch:
    """Seconds by name."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.taken[name] = self.taken.get(name, 0.0) + time.perf_counter() - began


def figures() -> Iterator[Figure]:
    """The demo's own steps, timed one by one."""
    with tempfile.TemporaryDirectory() as name:
        folder = prepared(Path(name))
        os.environ["CONTEST_MODE"] = "demo"
        with create_app(config.load(environment(folder))).app_context():
            yield from _measured(folder)


def _measured(folder: Path) -> Iterator[Figure]:
    watch, stage, held = Watch(), Stage(), staging.Held()
    staging.set_up(stage, ramen.NAMING, held)
    staging.open_event(stage, held)
    with watch("import"):
        outcome = staging.register(stage, held, ramen.ROSTER.read_bytes(), ramen.ROSTER.name)
    yield Figure(
        f"import of {outcome.members} rows", watch.taken["import"], "s", "read, check, register; xlsx"
    )
    plan = staging.PanelPlan("实操", ["practice"], people=[(name, "示范") for name in ramen.JUDGES])
    staging.draw_and_code(stage, held, seed="bench", public_value="0", benches=24)
    staging.seat_judges(stage, held, (staging.PanelPlan("理论", ["theory"], staging.SeatKind.FILE), plan))
    stored = marking.mark_all(stage, held, ramen.invent, seed="bench")
    marking.marks_from_file(stage, held, "theory", ramen.theory_file(), "theory.csv")
    marking.lock_all(stage, held)
    publishing.settle_ties(stage, held, ramen.RANKINGS)
    with watch("snapshot"):
        _snapshot(stage, held)
    yield Figure(
        f"snapshot of {outcome.members} people", watch.taken["snapshot"], "s", f"from {stored} stored marks"
    )
    with watch("lists"):
        for key in ramen.RANKINGS:
            publishing.publish(stage, held, key)
        (folder / "out").mkdir()
        outputs._lists(folder / "out", held)
    for key in ramen.RANKINGS:
        publishing.give_prizes(stage, held.publications[key])
    ids = stage.step(lambda: _numbered(stage, held))
    sample, rest = ids[:PLAIN_SAMPLE], ids[PLAIN_SAMPLE:]
    with watch("plain"):
        certificates.make(sample, way="plain")
    with watch("certificates"):
        certificates.make(rest)
    each, plainly = watch.taken["certificates"] / len(rest), watch.taken["plain"] / len(sample)
    note = f"{1000 * each:.1f} ms each, stored and durable"
    yield Figure(f"{len(rest)} certificates", watch.taken["certificates"], "s", note)
    yield Figure("a certificate rendered alone", plainly * 1000, "ms", f"{plainly / each:.1f} × as long each")
    wait = watch.taken["lists"] + watch.taken["certificates"]
    yield Figure(
        "from the last lock to lists and certificates ready to print",
        wait,
        "s",
        "signing and waiting left out",
    )


def _snapshot(stage: Stage, held: staging.Held) -> None:
    with transaction():
        results.take_snapshot(
            event=staging.event_of(held), ranking_key="individual", actor=stage.actor("organiser"), at=now()
        )


def _numbered(stage: Stage, held: staging.Held) -> list[int]:
    made = certificates.issue(
        staging.event_of(held),
        base_url=stage.base_url,
        dated_on=stage.at.date(),
        actor=stage.actor("organiser"),
        at=stage.at,
    )
    return [one.id for one in made]
