"""Marks a second from 16 judges' devices, one mark a request, each answered after its commit."""

from __future__ import annotations

import http.client
import json
import os
import re
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from contest import config
from contest.accounts import service as accounts
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, LinkPurpose
from contest.app import create_app
from contest.db import db, now, transaction
from contest.desk.demo import ramen, staging
from contest.desk.demo.stage import Stage
from contest.judging import queries as judging
from contest.judging.models import Judge
from tests.bench.figures import Figure
from tests.bench.server import environment, prepared, running

TITLE = "Marks from 16 devices"
JUDGES = 16
LASTING = 8.0  # seconds


@dataclass
class Device:
    """One judge's tablet: its sign-in link, its sheets, and how long each mark took (seconds)."""

    token: str
    marks: list[tuple[str, str]]
    taken: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def open(self, port: int) -> None:
        """Sign in by the personal link, as a scan does."""
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        page = self._ask("GET", f"/s/{self.token}")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        self._ask(
            "POST",
            f"/s/{self.token}",
            f"csrf_token={found[1] if found else ''}",
            "application/x-www-form-urlencoded",
        )
        self.csrf = json.loads(self._ask("GET", "/judge/token"))["token"]

    def work(self, until: float) -> None:
        """Send mark after mark until the time is up or all are sent."""
        for sheet, aspect in self.marks:
            if time.perf_counter() > until:
                return
            mark = {
                "uuid": str(uuid.uuid4()),
                "sheet": sheet,
                "aspect": aspect,
                "state": "value",
                "value": "7.5",
            }
            began = time.perf_counter()
            answer = json.loads(
                self._ask("POST", "/judge/sync", json.dumps({"device": "bench", "marks": [mark]}))
            )
            self.taken.append(time.perf_counter() - began)
            self.refused += [str(one) for one in answer["receipts"] if one["status"] != "stored"]

    def _ask(self, method: str, path: str, body: str | None = None, kind: str = "application/json") -> str:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Content-Type": kind}
        headers["X-CSRFToken"] = getattr(self, "csrf", "")
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        text = answer.read().decode()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {text[:200]}")
        return text


def figures() -> Iterator[Figure]:
    """A real server with two workers of eight threads; SQLite with durable commits unless DATABASE_URL names another."""
    with tempfile.TemporaryDirectory() as name:
        folder = prepared(Path(name))
        os.environ["CONTEST_MODE"] = "demo"
        with create_app(config.load(environment(folder))).app_context():
            devices = _devices()
        with running(folder, workers=2) as server:
            for device in devices:
                device.open(server.port)
            began = time.perf_counter()
            threads = [threading.Thread(target=device.work, args=(began + LASTING,)) for device in devices]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            spent = time.perf_counter() - began
    refused = [one for device in devices for one in device.refused]
    if refused:
        raise RuntimeError(f"{len(refused)} marks were refused, the first: {refused[0]}")
    taken = sorted(one for device in devices for one in device.taken)
    yield Figure(
        "marks stored", len(taken) / spent, "marks/s", f"{len(taken)} marks, none refused, one a request"
    )
    for share in (50, 99):
        yield Figure(f"receipt after, {share} % of marks", 1000 * taken[len(taken) * share // 100], "ms")
    yield Figure("receipt after, the slowest mark", 1000 * taken[-1], "ms")


def _devices() -> list[Device]:
    """The ramen contest with a panel of 16, and what each judge holds."""
    stage, held = Stage(), staging.Held()
    staging.set_up(stage, ramen.NAMING, held)
    staging.open_event(stage, held)
    staging.register(stage, held, ramen.ROSTER.read_bytes(), ramen.ROSTER.name)
    staging.draw_and_code(stage, held, seed="bench", public_value="0", benches=24)
    people = [(f"裁判{number}", "示范") for number in range(JUDGES)]
    staging.seat_judges(stage, held, (staging.PanelPlan("实操", ["practice"], people=people),))
    devices = []
    for judge_id in held.judges:
        account_id = db.session.get_one(Judge, judge_id).account_id
        stage.cast["device"] = account_id
        lines = judging.my_sheets(stage.actor("device"), locale="zh_CN")
        marks = [(line.public_id, aspect) for line in lines for aspect in ramen.MAXIMA]
        with transaction():
            account = db.session.get_one(Account, account_id)
            token = accounts.make_link(account, purpose=LinkPurpose.PERSONAL_QR, actor=SYSTEM, at=now())
        devices.append(Device(token, marks))
    return devices
