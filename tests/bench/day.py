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
    people, stored = _until_locked(watch, stage, held)
    yield Figure(f"import of {people} rows", watch.taken["import"], "s", "read, check, register; xlsx")
    with watch("snapshot"):
        _snapshot(stage, held)
    yield Figure(f"snapshot of {people} people", watch.taken["snapshot"], "s", f"from {stored} stored marks")
    with watch("lists"):
        for key in ramen.RANKINGS:
            publishing.publish(stage, held, key)
        (folder / "out").mkdir()
        outputs._lists(folder / "out", held)
    made = _papers(watch, stage, held)
    each, alone = watch.taken["certificates"] / made, watch.taken["plain"] / PLAIN_SAMPLE
    note = f"{1000 * each:.1f} ms each, stored and durable"
    yield Figure(f"{made} certificates", watch.taken["certificates"], "s", note)
    yield Figure("a certificate rendered alone", alone * 1000, "ms", f"{alone / each:.1f} × as long each")
    wait = watch.taken["lists"] + watch.taken["certificates"]
    yield Figure(
        "from the last lock to lists and certificates to print", wait, "s", "without waiting for people"
    )


def _until_locked(watch: Watch, stage: Stage, held: staging.Held) -> tuple[int, int]:
    """Everything up to the last lock; returns the people registered and the marks stored."""
    staging.set_up(stage, ramen.NAMING, held)
    staging.open_event(stage, held)
    with watch("import"):
        outcome = staging.register(stage, held, ramen.ROSTER.read_bytes(), ramen.ROSTER.name)
    plan = staging.PanelPlan("实操", ["practice"], people=[(name, "示范") for name in ramen.JUDGES])
    staging.draw_and_code(stage, held, seed="bench", public_value="0", benches=24)
    staging.seat_judges(stage, held, (staging.PanelPlan("理论", ["theory"], staging.SeatKind.FILE), plan))
    stored = marking.mark_all(stage, held, ramen.invent, seed="bench")
    marking.marks_from_file(stage, held, "theory", ramen.theory_file(), "theory.csv")
    marking.lock_all(stage, held)
    publishing.settle_ties(stage, held, ramen.RANKINGS)
    return outcome.members, stored


def _papers(watch: Watch, stage: Stage, held: staging.Held) -> int:
    """A few certificates one by one, the rest as a batch; returns how many the batch had."""
    for key in ramen.RANKINGS:
        publishing.give_prizes(stage, held.publications[key])
    ids = stage.step(lambda: _numbered(stage, held))
    with watch("plain"):
        certificates.make(ids[:PLAIN_SAMPLE], way="plain")
    with watch("certificates"):
        certificates.make(ids[PLAIN_SAMPLE:])
    return len(ids) - PLAIN_SAMPLE


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
