"""One parent: what it starts ends together, however the end comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contest import config, serve

ROOT = Path(__file__).resolve().parents[2]
SLEEPER = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
PARENT = """
import sys
from contest.serve import Child, supervise
first, second, folder = sys.argv[1:4]
note = "import os, pathlib; pathlib.Path({path!r}).open('a').write(str(os.getpid()) + chr(10)); "
def child(name, code):
    return Child(name, [sys.executable, "-c", note.format(path=f"{folder}/{name}") + code])
sys.exit(supervise([child("first", first), child("second", second)], grace=1.0))
"""


def parent_of(first: str, second: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PARENT, first, second, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def pids(folder: Path, *, count: int = 2, within: float = 60.0) -> list[int]:
    """The processes the children noted, once there are as many as expected."""
    deadline = time.monotonic() + within
    found: list[int] = []
    while len(found) < count and time.monotonic() < deadline:
        time.sleep(0.05)
        lines = [line for name in ("first", "second") for line in _lines(folder / name)]
        found = [int(line) for line in lines]
    assert len(found) == count
    return found


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def all_gone(numbers: list[int], within: float = 30.0) -> bool:
    deadline = time.monotonic() + within
    while any(alive(number) for number in numbers) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(alive(number) for number in numbers)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_parent_that_is_told_to_stop_stops_both_children(told: signal.Signals, tmp_path: Path) -> None:
    parent = parent_of(SLEEPER, SLEEPER, tmp_path)
    children = pids(tmp_path)
    parent.send_signal(told)
    assert (parent.wait(60), all_gone(children)) == (0, True)


def test_a_child_that_dies_takes_the_other_one_and_the_parent_along(tmp_path: Path) -> None:
    parent = parent_of(SLEEPER, "import time; time.sleep(1); os._exit(3)", tmp_path)
    children = pids(tmp_path)
    output, _ = parent.communicate(timeout=60)
    assert (parent.returncode, output) == (1, "second ended with status 3; stopping the rest.\n")
    assert all_gone(children)


def test_a_child_that_does_not_listen_is_ended_after_the_grace(tmp_path: Path) -> None:
    parent = parent_of(DEAF, SLEEPER, tmp_path)
    children = pids(tmp_path)
    time.sleep(0.5)
    parent.terminate()
    assert (parent.wait(60), all_gone(children)) == (0, True)


def test_a_child_that_retires_is_started_afresh(tmp_path: Path) -> None:
    retire_once = f"p = pathlib.Path({str(tmp_path / 'second')!r}); n = len(p.read_text().splitlines()); "
    retire_once += "import time, sys; sys.exit(75) if n == 1 else time.sleep(60)"
    parent = parent_of(SLEEPER, retire_once, tmp_path)
    children = pids(tmp_path, count=3)
    assert parent.poll() is None
    parent.terminate()
    assert (parent.wait(60), all_gone(children)) == (0, True)


def test_a_parent_that_is_killed_outright_leaves_no_child_behind(tmp_path: Path) -> None:
    parent = parent_of(SLEEPER, SLEEPER, tmp_path)
    children = pids(tmp_path)
    parent.kill()
    parent.wait(60)
    assert all_gone(children)


def contest(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    keep = {
        name: value for name, value in os.environ.items() if not name.startswith(("CONTEST_", "DATABASE_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "contest.cli", *arguments],
        cwd=ROOT,
        env={**keep, "CONTEST_INSTANCE": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_production_without_secrets_says_how_to_make_them_and_starts_nothing(tmp_path: Path) -> None:
    answer = contest("serve", folder=tmp_path / "new", PORT="28411")
    assert answer.returncode == 2
    assert answer.stdout == (
        f"CONTEST_SECRET_KEY is not set. Run `contest secrets` once to write {tmp_path}/new/secrets.env, "
        "or export it.\nHere that is: .venv/bin/contest secrets\n"
    )


def test_production_refuses_the_demo_and_the_demo_refuses_production(tmp_path: Path) -> None:
    config.write_secrets(tmp_path)
    demo = contest("serve", "--demo", folder=tmp_path, PORT="28412")
    assert (demo.returncode, "belongs to a real installation" in demo.stdout) == (2, True)
    (tmp_path / serve.DEMO_MARK).touch()
    production = contest("serve", folder=tmp_path, PORT="28413")
    assert (production.returncode, "production never serves those" in production.stdout) == (2, True)
