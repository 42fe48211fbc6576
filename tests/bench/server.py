"""A real server on a folder of its own, as `contest serve` starts it, and a client that keeps its connections."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contest import config
from contest.serve import web_command

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Server:
    """A started server: its port, its process, and how long it took until the first answer (seconds)."""

    port: int
    process: subprocess.Popen[bytes]
    ready_after: float

    def workers(self) -> list[int]:
        """Process ids of the web workers."""
        lines = subprocess.run(
            ["ps", "--ppid", str(self.process.pid), "-o", "pid="], capture_output=True, text=True, check=False
        ).stdout
        return [int(pid) for pid in lines.split()]

    def worker_megabytes(self) -> list[float]:
        """Proportional memory of each web worker: pages shared with others count by their share."""
        return [_pss(pid) for pid in self.workers()]

    def processor(self) -> float:
        """Seconds of CPU that all workers have taken so far."""
        return sum(_processor(pid) for pid in self.workers())


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path) -> dict[str, str]:
    """The environment of a demo installation in `folder`, on SQLite unless DATABASE_URL says otherwise."""
    return {**os.environ, "CONTEST_INSTANCE": str(folder), "CONTEST_MODE": "demo"}


def contest(folder: Path, *command: str) -> str:
    """Run a `contest` command on the folder; returns what it printed. Raises CalledProcessError."""
    full = [sys.executable, "-m", "contest.cli", *command]
    return subprocess.run(
        full, cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def prepared(folder: Path, *, seed: bool = False) -> Path:
    """Secrets, schema and, if asked for, the demo's data in `folder`."""
    for command in (["secrets"], ["translate"], ["migrate"], *([["demo", "--seed"]] if seed else [])):
        contest(folder, *command)
    return folder


@contextlib.contextmanager
def running(folder: Path, *, workers: int = 1, app: str = "wsgi:app", where: Path = ROOT) -> Iterator[Server]:
    """gunicorn with threads, stopped at the end. `app` may name another WSGI application under `where`."""
    port = free_port()
    settings = replace(config.load(environment(folder)), port=port, workers=workers)
    command = web_command(settings, app=app)
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=where, env=environment(folder))
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - began > 60:
                raise RuntimeError("the server did not start; see its messages above")
            time.sleep(0.01)
        yield Server(port, process, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def requests_a_second(
    port: int,
    path: str,
    *,
    clients: int = 8,
    lasting: float = 3.0,
    headers: Sequence[tuple[str, str]] = (),
    status: bytes = b" 200 ",
) -> float:
    """GETs answered with `status`, from `clients` kept connections. Raises RuntimeError at another one."""
    ask = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers) + "\r\n"
    )
    counts, until = [0] * clients, time.perf_counter() + lasting
    wrong: list[bytes] = []

    def client(place: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as answers:
            while time.perf_counter() < until and not wrong:
                line.sendall(ask.encode())
                first = answers.readline()
                length = 0
                while (header := answers.readline().strip()) != b"":
                    if header.lower().startswith(b"content-length:"):
                        length = int(header.split(b":")[1])
                answers.read(length)
                if status not in first:
                    wrong.append(first)
                counts[place] += 1

    threads = [threading.Thread(target=client, args=(place,)) for place in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{path} answered {wrong[0].decode().strip()}")
    return sum(counts) / (time.perf_counter() - began)
