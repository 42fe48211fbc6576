"""A worker in a process of its own, with a kind of job that can kill it: `python -m tests.platform.kinds FOLDER URL`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from flask import Flask

from contest import chunks, jobs, worker
from contest.app import create_app
from tests.conftest import settings_for

FATAL = "fatal"  # while this file lies in the folder, the third item ends the process


def note_places(work: chunks.Work) -> None:
    """Write one file an item; doing an item again changes nothing."""
    folder = Path(work.params["folder"])
    for place in work.places:
        if place == 2 and (folder / FATAL).exists():
            os._exit(9)
        (folder / f"item-{place}").write_text("done")
        work.step()


def open_app(folder: Path, url: str) -> Flask:
    """An application with a real queue in `folder`, and the kind registered."""
    jobs.KINDS["test.note"] = jobs.Kind("test.note", note_places, None)
    return create_app(settings_for(folder, url, mode="demo"))


if __name__ == "__main__":
    app = open_app(Path(sys.argv[1]), sys.argv[2])
    with app.app_context():
        sys.exit(worker.work_until_told(app.extensions["contest.queue"], drain=True))
