"""Cold start and memory of a worker."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, seconds
from tests.bench.server import ROOT, environment, prepared, requests_a_second, running

TITLE = "Start and memory"


def figures() -> Iterator[Figure]:
    """From nothing to the first answer; what a worker weighs before and after work."""
    with tempfile.TemporaryDirectory() as name:
        folder = prepared(Path(name))
        code = "from contest.app import create_app; create_app()"
        command = [sys.executable, "-c", code]
        loading = seconds(lambda: subprocess.run(command, cwd=ROOT, env=environment(folder), check=True))
        yield Figure("load the application", loading, "s", "a new process, its exit included")
        with running(folder) as server:
            yield Figure("cold start", server.ready_after, "s", "from the server's start to its first answer")
            before = max(server.worker_megabytes())
            yield Figure("memory of a worker", before, "MB", "after the first answer (PSS)")
            requests_a_second(server.port, "/healthz")
            after = max(server.worker_megabytes())
            yield Figure("memory of a worker", after, "MB", "after three seconds of requests (PSS)")
