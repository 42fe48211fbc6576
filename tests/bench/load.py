"""A lean generator of requests: prebuilt bytes over kept connections from one thread, so that it costs little itself."""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Request = tuple[list[str], bytes]
"""Ids of the marks in it, and the whole request as it goes over the line."""


@dataclass
class Line:
    """One tablet's connection. It sends its next request when that is due and the last was answered."""

    port: int
    requests: Iterator[Request]
    every: float = 0.0  # seconds from one request to the next; 0: as soon as the last one was answered
    due: float = 0.0
    ids: list[str] = field(default_factory=list)
    sending: bytes = b""
    came: bytes = b""
    wanted: int = 0  # length of the whole answer, once its head is there
    line: socket.socket | None = None

    def connect(self) -> socket.socket:
        """A new connection; the old one is closed."""
        self.close()
        self.line = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.line

    def close(self) -> None:
        if self.line is not None:
            self.line.close()

    def take(self, part: bytes) -> bool:
        """Add what came; whether the answer is whole."""
        self.came += part
        if not self.wanted:
            end = self.came.find(b"\r\n\r\n")
            if end < 0:
                return False
            at = self.came.find(b"Content-Length: ")
            self.wanted = end + 4 + int(self.came[at + 16 : self.came.find(b"\r", at)])
        return len(self.came) >= self.wanted


@dataclass
class Outcome:
    """What a run brought: how long each answer took from when it was due (seconds), ids and answers in pairs."""

    taken: list[float] = field(default_factory=list)
    answers: list[tuple[list[str], bytes]] = field(default_factory=list)
    spent: float = 0.0
    processor: float = 0.0  # seconds of CPU that the generator itself took
    offered: int = 0
    again: int = 0  # sent again over a new connection, because the old one was closed without an answer

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share (0…1) of the answers came."""
        taken = sorted(self.taken)
        return 1000 * taken[min(len(taken) - 1, int(len(taken) * share))]

    def receipts(self) -> dict[str, str]:
        """Status of each mark by its id. Raises RuntimeError at an answer that is not 200."""
        found: dict[str, str] = {}
        for _, answer in self.answers:
            head, _, body = answer.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"answered {head.splitlines()[0].decode()}: {body[:200].decode()}")
            found.update((one["uuid"], one["status"]) for one in json.loads(body)["receipts"])
        return found


def drive(lines: Sequence[Line], lasting: float) -> Outcome:
    """Send what is due on every line for `lasting` seconds, then wait for the answers under way."""
    outcome, watch = Outcome(), selectors.DefaultSelector()
    for line in lines:
        watch.register(line.connect(), selectors.EVENT_READ, line)
    began, processor = time.perf_counter(), time.process_time()
    for place, line in enumerate(lines):
        line.due = began + line.every * place / len(lines)
    idle, busy = list(lines), 0
    while True:
        now = time.perf_counter()
        waiting, idle = idle, []
        for line in waiting:
            if line.due >= began + lasting:
                continue
            if line.due > now:
                idle.append(line)
            elif _send_next(line):
                busy += 1
                outcome.offered += 1
        if not idle and not busy:
            break
        pause = max(0.0, min((line.due for line in idle), default=now + 1) - time.perf_counter())
        for key, _ in watch.select(pause):
            if _receive(key.data, watch, outcome):
                busy -= 1
                idle.append(key.data)
    outcome.spent = time.perf_counter() - began
    outcome.processor = time.process_time() - processor
    for line in lines:
        line.close()
    return outcome


def _send_next(line: Line) -> bool:
    following = next(line.requests, None)
    if following is None:
        return False
    line.ids, line.sending = following
    line.came, line.wanted = b"", 0
    line.line.sendall(line.sending)  # type: ignore[union-attr]
    return True


def _receive(line: Line, watch: selectors.BaseSelector, outcome: Outcome) -> bool:
    """Whether the line's answer is whole now. One that was closed without an answer sends again: ids make it harmless."""
    try:
        part = line.line.recv(65536)  # type: ignore[union-attr]
    except ConnectionError:
        part = b""
    if not part:
        watch.unregister(line.line)  # type: ignore[arg-type]
        watch.register(line.connect(), selectors.EVENT_READ, line)
        if not line.ids:
            return False
        outcome.again += 1
        line.came, line.wanted = b"", 0
        line.line.sendall(line.sending)  # type: ignore[union-attr]
        return False
    if not line.take(part):
        return False
    now = time.perf_counter()
    outcome.taken.append(now - line.due)
    outcome.answers.append((line.ids, line.came))
    line.ids = []
    line.due = line.due + line.every if line.every else now
    return True
