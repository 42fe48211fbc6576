"""`contest serve`: the web server and the job workers under one parent that stops them together."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contest import config
from contest.worker import RETIRE

ROOT = Path(__file__).resolve().parent.parent
GRACE = 25.0  # seconds that a child gets to finish what it has in hand
READY_WITHIN = 60.0
PR_SET_PDEATHSIG = 1
DEMO_MARK = "demo-data"


@dataclass
class Child:
    """One process under the parent. A child that exits with RETIRE is started afresh."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start in a session of its own, so that Ctrl-C reaches the parent alone, which then stops all in order."""
        self.process = subprocess.Popen(  # noqa: S603
            list(self.command),
            env=self.environment,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    @property
    def status(self) -> int | None:
        """The exit status, or None while it runs."""
        return self.process.poll() if self.process else None


def _end_with_parent() -> None:
    """Even a parent that was killed outright leaves no child behind: the kernel tells them."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def supervise(
    children: Sequence[Child],
    *,
    grace: float = GRACE,
    on_start: Callable[[Callable[[], bool]], None] | None = None,
) -> int:
    """Run the children until SIGTERM or SIGINT comes or one of them ends; then stop them all.

    Returns 0 when told to stop, 1 when a child ended by itself: a half-running installation helps nobody, and
    whatever keeps the parent alive (systemd, a container) starts the whole anew.
    """
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: told.append(got))
    for child in children:
        child.start()
    if on_start:
        on_start(lambda: bool(told) or any(child.status is not None for child in children))
    status = 0
    while not told and status == 0:
        time.sleep(0.2)
        for child in children:
            if child.status == RETIRE:
                child.start()
            elif child.status is not None and not told:
                say(f"{child.name} ended with status {child.status}; stopping the rest.")
                status = 1
    _stop(children, grace)
    return status


def _stop(children: Sequence[Child], grace: float) -> None:
    running = [child.process for child in children if child.process and child.status is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + grace
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def web_command(settings: config.Settings, *, app: str = "wsgi:app") -> list[str]:
    """gunicorn with threads. The application is loaded once, before the workers are forked off.

    A worker is retired after very many requests, in case a library leaks; its successor is forked, not loaded anew.
    """
    options = {
        "bind": f"{settings.host}:{settings.port}",
        "worker-class": "gthread",
        "workers": settings.workers,
        "threads": settings.threads,
        "keep-alive": 75,  # tablets keep their connection between marks
        "graceful-timeout": 20,
        "timeout": 120,
        "max-requests": 200_000,
        "max-requests-jitter": 20_000,
        "log-level": "warning",
    }
    if Path("/dev/shm").is_dir():  # noqa: S108  (the heartbeat file must not wait for a slow disk)
        options["worker-tmp-dir"] = "/dev/shm"  # noqa: S108
    if settings.hall:
        options.update(certfile=settings.hall.leaf, keyfile=settings.hall.leaf_key)
    named = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    return [sys.executable, "-m", "gunicorn", app, *named, "--preload", "--no-control-socket"]


def children_for(settings: config.Settings) -> list[Child]:
    """The web server and as many job workers as CONTEST_JOB_WORKERS says (one)."""
    work = [sys.executable, "-m", "contest.cli", "work"]
    workers = int(os.environ.get("CONTEST_JOB_WORKERS", "1"))
    children = [Child("web server", web_command(settings))]
    if settings.hall:
        children.append(Child("page of the hall", hall_page_command(settings)))
    return children + [Child(f"job worker {n + 1}", work) for n in range(workers)]


def hall_page_command(settings: config.Settings) -> list[str]:
    """The plain page beside the HTTPS one: one small process."""
    bind = f"{settings.host}:{os.environ.get('HALL_PAGE_PORT', '8080')}"
    options = ["--bind", bind, "--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", "contest.hall:create_page()", *options, "--no-control-socket"]


def register(subparsers: argparse._SubParsersAction) -> None:
    """`contest serve [--demo]`."""
    parser = subparsers.add_parser("serve", help="run web server and job worker under one parent")
    parser.add_argument("--demo", action="store_true", help="make secrets, migrate and seed the demo first")
    parser.set_defaults(run=_run, needs_app=False)


def _run(args: argparse.Namespace) -> int:
    return start(is_demo=args.demo)


def start(*, is_demo: bool) -> int:
    """Check, prepare, and run everything until told to stop. Returns the exit status of the command."""
    os.chdir(ROOT)
    os.umask(0o077)  # database, files and queue hold personal data: their owner alone reads them
    os.environ["CONTEST_MODE"] = "demo" if is_demo else "production"
    instance = Path(os.environ.get("CONTEST_INSTANCE", "instance")).resolve()
    mixed = _mixes_demo_and_real(instance, is_demo=is_demo)
    if mixed:
        say(mixed)
        return 2
    if is_demo:
        config.write_secrets(instance)
        (instance / DEMO_MARK).touch()
    try:
        settings = config.load()
    except config.SettingMissing as missing:
        say(f"{missing}\nHere that is: .venv/bin/contest secrets")
        return 2
    if not _port_is_free(settings):
        say(
            f"Port {settings.port} on {settings.host} is taken. Choose another: PORT={settings.port + 1} make …"
        )
        return 2
    if not is_demo and not os.environ.get("CONTEST_BASE_URL"):
        say(f"CONTEST_BASE_URL is not set: links and QR codes on papers will point to {settings.base_url}")
    # One process of its own does all preparing, so that the parent stays small and the libraries load once.
    prepare = [sys.executable, "-m", "contest.serve", *_preparation(is_demo=is_demo)]
    if subprocess.run(prepare, check=False).returncode:  # noqa: S603
        return 1
    return supervise(children_for(settings), on_start=lambda ended: _announce(settings, ended))


def _mixes_demo_and_real(instance: Path, *, is_demo: bool) -> str:
    """Why this start would mix invented and real people; empty if it would not."""
    has_mark = (instance / DEMO_MARK).exists()
    elsewhere = "Give this start a folder of its own: CONTEST_INSTANCE=/path/to/folder make …"
    if has_mark and not is_demo:
        return f"{instance} holds the demo's invented people, and production never serves those. {elsewhere}"
    if is_demo and not has_mark and (instance / config.SECRETS_FILE).exists():
        return f"{instance} belongs to a real installation, and the demo would write into it. {elsewhere}"
    return ""


def _preparation(*, is_demo: bool) -> list[str]:
    """Commands before the start. Production migrates an empty database only: an upgrade begins with a backup."""
    if is_demo:
        return ["translate", "migrate", "demo --seed"]
    return ["translate", "migrate --if-empty", "first-link"]


def _prepare(commands: Sequence[str]) -> int:
    """Run `contest` commands one after the other; the first that fails ends it."""
    from contest.cli import main

    for command in commands:
        try:
            status = main(command.split())
        except SystemExit as end:
            status = int(end.code or 0)
        if status:
            say(f"`contest {command}` failed: nothing was started. Its message is above.")
            return 1
    return 0


def _port_is_free(settings: config.Settings) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


def _announce(settings: config.Settings, ended: Callable[[], bool]) -> None:
    """Say the address once the server answers, so that nobody opens it too early."""
    host = "127.0.0.1" if settings.host in ("", "0.0.0.0") else settings.host  # noqa: S104
    trusted = ssl.create_default_context(cafile=str(settings.hall.authority)) if settings.hall else None
    scheme = "https" if trusted else "http"
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and not ended():
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(  # noqa: S310
                f"{scheme}://{host}:{settings.port}/healthz", timeout=2, context=trusted
            ),
        ):
            say(f"Ready: {settings.base_url}   (stop with Ctrl-C)")
            return
        time.sleep(0.2)


def say(text: str) -> None:
    """One line for whoever started the command, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(_prepare(sys.argv[1:]))
