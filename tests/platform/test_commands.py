"""The commands that a newcomer is told about are there, and the house's own checks find what they are for."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROMISED = ["bench", "doctor", "endurance", "help", "lint", "migrate", "mutation", "run", "serve", "test"]


def test_make_alone_lists_every_command() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = re.findall(r"^make (\w+) ", listed.stdout, re.M)
    assert [name for name in PROMISED if name not in found] == []
    assert found == sorted(found)


def test_every_make_command_in_the_documents_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    told = {
        (page.name, name)
        for page in pages
        if page.exists()
        for name in re.findall(r"`(?:[A-Z]+=\S+ )*make ([a-z]+)", page.read_text(encoding="utf-8"))
    }
    assert {(page, name) for page, name in told if name not in targets} == set()
    assert ("operating.md", "run") in told


PLANTED = [
    ("contest/a.py", "# see https://py{}pi.org/simple\n".replace("{}", "")),
    ("contest/a.py", "PATH = '/wo{}rk/main'\n".replace("{}", "")),
    ("docs/a.md", "Closes is{}sue 12.\n".replace("{}", "")),
    ("templates/a.html", '<script src="https://cdn.example/x.js"></script>\n'),
    ("templates/a.html", '<p style="color:red">\n'),
    ("static/css/a.css", "p { background: url(https://cdn.example/x.png) }\n"),
]


@pytest.mark.parametrize(("name", "text"), PLANTED)
def test_what_does_not_belong_into_the_repository_is_found(name: str, text: str, tmp_path: Path) -> None:
    script = tmp_path / ".make" / "words"
    script.parent.mkdir()
    script.write_bytes((ROOT / ".make" / "words").read_bytes())
    script.chmod(0o755)
    for folder in ("contest", "templates", "static/css", "migrations", "docs"):
        (tmp_path / folder).mkdir(parents=True)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    (tmp_path / name).write_text("nothing to see\n", encoding="utf-8")
    subprocess.run([*git, "add", "."], check=True)
    assert subprocess.run([script], cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = subprocess.run([script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout.count("\n")) == (1, 1)
    assert found.stdout.startswith(f"{name}:1:")
