"""A hall of judges' tablets for the benches: the ramen contest with its roster, and sheets for every judge."""

from __future__ import annotations

import http.client
import json
import os
import re
import uuid
from collections.abc import Iterator, Sequence
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
from tests.bench.server import environment

PANEL = 16  # seats of one panel


@dataclass
class Tablet:
    """One judge's tablet: its sign-in link and the places it may mark, as (sheet, aspect)."""

    token: str
    places: list[tuple[str, str]]
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""

    def sign_in(self, port: int) -> None:
        """By the personal link, as a scan does. Raises RuntimeError when a page answers an error."""
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        page = self._ask(line, "GET", f"/s/{self.token}")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        form = f"csrf_token={found[1] if found else ''}"
        self._ask(line, "POST", f"/s/{self.token}", form)
        self.csrf = json.loads(self._ask(line, "GET", "/judge/token"))["token"]
        line.close()

    def requests(self, size: int = 1, places: slice = slice(None)) -> Iterator[tuple[list[str], bytes]]:
        """Each request as bytes, with the ids of its marks: every place once, `size` marks a request."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            "POST /judge/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Cookie: {cookies}\r\nX-CSRFToken: {self.csrf}\r\n"
        )
        wanted = self.places[places]
        for start in range(0, len(wanted), size):
            marks = [marked(sheet, aspect) for sheet, aspect in wanted[start : start + size]]
            body = json.dumps({"device": "bench", "marks": marks})
            ids = [str(mark["uuid"]) for mark in marks]
            yield ids, f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    def _ask(self, line: http.client.HTTPConnection, method: str, path: str, form: str = "") -> str:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, form or None, headers)
        answer = line.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        text = answer.read().decode()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {text[:200]}")
        return text


def marked(sheet: str, aspect: str) -> dict[str, str]:
    """A mark as a tablet sends it, with an id of its own."""
    return {"uuid": str(uuid.uuid4()), "sheet": sheet, "aspect": aspect, "state": "value", "value": "7.5"}


def open_hall(folder: Path, judges: int) -> list[Tablet]:
    """Set the contest up in a prepared folder's database; returns the tablets, not yet signed in."""
    os.environ["CONTEST_MODE"] = "demo"
    with create_app(config.load(environment(folder))).app_context():
        stage, held = Stage(), staging.Held()
        staging.set_up(stage, ramen.NAMING, held)
        staging.open_event(stage, held)
        staging.register(stage, held, ramen.ROSTER.read_bytes(), ramen.ROSTER.name)
        staging.draw_and_code(stage, held, seed="bench", public_value="0", benches=24)
        staging.seat_judges(stage, held, _panels(judges))
        return [_tablet(stage, judge_id) for judge_id in held.judges]


def _panels(judges: int) -> Sequence[staging.PanelPlan]:
    people = [(f"裁判{number}", "示范") for number in range(judges)]
    return [
        staging.PanelPlan(f"实操{start}", ["practice"], people=people[start : start + PANEL])
        for start in range(0, judges, PANEL)
    ]


def _tablet(stage: Stage, judge_id: int) -> Tablet:
    account_id = db.session.get_one(Judge, judge_id).account_id
    stage.cast["tablet"] = account_id
    lines = judging.my_sheets(stage.actor("tablet"), locale="zh_CN")
    places = [(line.public_id, aspect) for line in lines for aspect in ramen.MAXIMA]
    with transaction():
        account = db.session.get_one(Account, account_id)
        token = accounts.make_link(account, purpose=LinkPurpose.PERSONAL_QR, actor=SYSTEM, at=now())
    return Tablet(token, places)
