"""A server that is killed outright in mid-batch, again and again, while tablets send what lies in their outboxes."""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import random
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contest import config
from contest.app import create_app
from contest.judging import service
from tests.bench.hall import Tablet
from tests.bench.server import Server, environment, running
from tests.bench.stores import lost_and_doubled, stored_marks

BATCH = 25  # marks a request
PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Outbox:
    """What one tablet has still to send, and the receipts it holds. A batch leaves when its receipts are here."""

    tablet: Tablet
    batches: deque[tuple[list[str], bytes]]
    receipts: dict[str, str] = field(default_factory=dict)

    def send_all(self, port: int, life: Life) -> None:
        """Send batch after batch until all are answered or the server is gone."""
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            line.connect()
            while self.batches:
                life.sent()
                line.sock.sendall(self.batches[0][1])
                answer = http.client.HTTPResponse(line.sock, method="POST")
                answer.begin()
                body = answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"a batch was answered {answer.status}: {body[:200]!r}")
                self.receipts.update((one["uuid"], one["status"]) for one in json.loads(body)["receipts"])
                self.batches.popleft()
        except (OSError, http.client.HTTPException):
            life.cut += 1  # no receipts: the batch stays, and is sent again
        finally:
            line.close()


class Life:
    """One life of the server: how many batches were sent in it, and how many were cut off without an answer."""

    def __init__(self, ends_after: int) -> None:
        self.left, self.cut, self.is_time = ends_after, 0, threading.Event()

    def sent(self) -> None:
        """Count a batch that goes out now; the last one that this life may see lets the killer go."""
        self.left -= 1
        if self.left <= 0:
            self.is_time.set()


@dataclass(frozen=True)
class Survival:
    """What was left after all lives. again: receipts *known*, stored before a kill whose answer never arrived."""

    kills: int
    cut: int
    marks: int
    again: int
    lost: int
    doubled: int
    broken: int

    @property
    def is_whole(self) -> bool:
        """Nothing was lost or doubled, and every history is a chain."""
        return not (self.lost or self.doubled or self.broken)


def survive(folder: Path, tablets: Sequence[Tablet], kills: int, *, seed: int = 1) -> Survival:
    """Kill the server `kills` times in mid-batch, then let it live until every outbox is empty, and compare."""
    ctypes.CDLL(None).prctl(
        PR_SET_CHILD_SUBREAPER, 1
    )  # the workers of a killed parent come to us to be buried
    dice = random.Random(seed)
    cut = 0
    outboxes: list[Outbox] = []
    for left in range(kills, -1, -1):
        with running(folder, workers=2) as server:
            if not outboxes:
                for tablet in tablets:
                    tablet.sign_in(server.port)
                outboxes = [Outbox(tablet, deque(tablet.requests(BATCH))) for tablet in tablets]
            waiting = sum(len(box.batches) for box in outboxes)
            life = Life(dice.randint(1, max(1, 2 * waiting // (left + 1))))
            threads = [threading.Thread(target=box.send_all, args=(server.port, life)) for box in outboxes]
            for thread in threads:
                thread.start()
            if left:
                life.is_time.wait(60)
                time.sleep(dice.uniform(0, 0.03))
                kill(server)
            for thread in threads:
                thread.join()
            cut += life.cut
    receipts = {mark: status for box in outboxes for mark, status in box.receipts.items()}
    return _compared(folder, receipts, kills, cut)


def kill(server: Server) -> None:
    """SIGKILL to the parent and its workers: no handler runs, no connection is closed in order."""
    workers = server.workers()
    for pid in (server.process.pid, *workers):
        os.kill(pid, signal.SIGKILL)
    server.process.wait()
    for pid in workers:
        os.waitpid(pid, 0)


def _compared(folder: Path, receipts: dict[str, str], kills: int, cut: int) -> Survival:
    lost, doubled = lost_and_doubled(folder, receipts)
    statuses = Counter(receipts.values())
    rows = stored_marks(folder)
    with create_app(config.load(environment(folder))).app_context():
        broken = sum(bool(service.broken_links(sheet)) for sheet in sorted({row[1] for row in rows}))
    return Survival(
        kills=kills,
        cut=cut,
        marks=len(rows),
        again=statuses["known"],
        lost=lost + len(receipts) - statuses["stored"] - statuses["known"],
        doubled=doubled,
        broken=broken,
    )
