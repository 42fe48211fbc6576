"""`contest doctor`: is everything here that papers, marks and backups need? Each fault says how to mend it."""

from __future__ import annotations

import argparse
import enum
import hashlib
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from contest import config, glyphs

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
TRIAL_NAMES = "䶮 𠅤 㛃 龑 喆 堃 更尕昂宝 才让·卓玛 བཀྲ་ཤིས ئايگۈل"
FREE_WANTED, FREE_NEEDED = 1_000_000_000, 200_000_000  # bytes


class Verdict(enum.Enum):
    """How a check came out; only BAD makes the command fail."""

    GOOD = "ok"
    WARN = "warning"
    BAD = "FAULT"


@dataclass(frozen=True)
class Finding:
    """One checked thing, what was found, and what to do about it."""

    verdict: Verdict
    subject: str
    found: str
    remedy: str = ""


def good(subject: str, found: str) -> Finding:
    """Nothing to do."""
    return Finding(Verdict.GOOD, subject, found)


def bad(subject: str, found: str, remedy: str) -> Finding:
    """The product can't be trusted until this is mended."""
    return Finding(Verdict.BAD, subject, found, remedy)


def warn(subject: str, found: str, remedy: str) -> Finding:
    """Works, but not for long, or not for all."""
    return Finding(Verdict.WARN, subject, found, remedy)


def check_fonts(folder: Path = glyphs.FONTS) -> Finding:
    """Every shipped font lies there, byte for byte as it was made."""
    remedy = "restore static/fonts from the repository: git checkout -- static/fonts"
    sums = folder / "SHA256SUMS"
    if not sums.exists():
        return bad("fonts", f"{sums} is missing", remedy)
    faults = []
    lines = sums.read_text(encoding="ascii").splitlines()
    for line in lines:
        digest, name = line.split("  ")
        path = folder / name
        if not path.exists():
            faults.append(f"{name} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            faults.append(f"{name} was changed")
    return bad("fonts", "; ".join(faults), remedy) if faults else good("fonts", f"{len(lines)} files as made")


def check_glyphs() -> Finding:
    """Names that fonts tend to lack can be shown."""
    try:
        lacking = glyphs.missing(TRIAL_NAMES)
    except glyphs.CoverageMissing as error:
        return bad("glyphs", f"no coverage: {error}", "restore static/fonts/coverage.txt from the repository")
    if lacking:
        return bad("glyphs", f"no font shows {' '.join(lacking)}", "restore static/fonts from the repository")
    return good("glyphs", f"shown: {TRIAL_NAMES}")


def check_libraries() -> Iterator[Finding]:
    """Pango, and the subsetter that WeasyPrint would silently do without, thirty times slower."""
    try:
        from weasyprint.text import ffi
    except OSError as error:
        yield bad("libpango", str(error).splitlines()[0], f"run: {LIBRARIES}")
        return
    version = ffi.pango.pango_version()
    yield good("libpango", f"{version // 10000}.{version // 100 % 100}.{version % 100}")
    if ffi.harfbuzz_subset is None:
        yield bad("libharfbuzz-subset", "not found: each paper would take four seconds", f"run: {LIBRARIES}")
    else:
        yield good("libharfbuzz-subset", "loaded the way the PDF writer loads it")


def check_packages(lock: Path = ROOT / "requirements.lock") -> Finding:
    """What is installed is what the lock file names."""
    from packaging.markers import Marker

    faults, count = [], 0
    for line in lock.read_text(encoding="utf-8").splitlines():
        if "==" not in line or line[0] in " #":
            continue
        wanted, _, marker = line.rstrip("\\ ").partition(";")
        name, _, version = wanted.strip().partition("==")
        if marker and not Marker(marker.strip()).evaluate():
            continue
        count += 1
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = "nothing"
        if found != version:
            faults.append(f"{name}: {found}, locked {version}")
    if faults:
        return bad("packages", "; ".join(faults[:8]), "run: rm -rf .venv && make install")
    return good("packages", f"{count} as locked")


def check_secrets(instance: Path) -> Finding:
    """The secrets file is there, and nobody but its owner reads it; secrets in the environment do as well."""
    path = instance / config.SECRETS_FILE
    if not path.exists():
        if all(os.environ.get(name) for name in config.SECRET_NAMES):
            return good("secrets", "given in the environment")
        return bad(
            "secrets", f"{path} is missing", "run: .venv/bin/contest secrets   (or put your copy back)"
        )
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return bad("secrets", f"{path} has mode {mode:04o}: others can read it", f"run: chmod 600 {path}")
    return good("secrets", f"{path}, mode {mode:04o}")


def check_disk(instance: Path) -> Finding:
    """Room for marks, files and backups."""
    free = shutil.disk_usage(instance if instance.exists() else ROOT).free
    found, remedy = f"{free / 1e9:.1f} GB free", "make room: remove old backups, or move the instance folder"
    if free < FREE_NEEDED:
        return bad("disk", found, remedy)
    return warn("disk", found, remedy) if free < FREE_WANTED else good("disk", found)


def revisions() -> tuple[str | None, str | None]:
    """The database's revision (None: empty) and the newest one in `migrations/`; needs an application context."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from contest.db import db

    with db.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present, ScriptDirectory(str(ROOT / "migrations")).get_current_head()


def check_database() -> Finding:
    """The database answers and has the newest revision."""
    from contest.app import create_app

    try:
        with create_app().app_context():
            from contest.db import db

            where = db.engine.url.render_as_string(hide_password=True)
            present, newest = revisions()
    except config.SettingMissing as missing:
        return bad("database", str(missing), "see the secrets above")
    except Exception as error:  # whatever a driver raises: the operator gets its first line
        return bad("database", str(error).splitlines()[0], "check DATABASE_URL and that the server runs")
    if present == newest:
        return good("database", f"{where} at revision {present}")
    return bad(
        "database", f"{where} is at revision {present}, newest is {newest}", "back up, then run: make migrate"
    )


def check_optional() -> Iterator[Finding]:
    """What only the tests need."""
    chromium = find_chromium()
    if chromium:
        yield good("chromium (tests only)", chromium)
    else:
        yield warn(
            "chromium (tests only)", "not found", "apt-get install chromium, or set CHROMIUM to its path"
        )
    if not shutil.which("pdftotext"):
        yield warn("poppler-utils (tests only)", "not found", "apt-get install poppler-utils")


def find_chromium() -> str | None:
    """The browser that the tests drive, or None: one script decides, because `make test` asks it before Python is there."""
    answer = subprocess.run([ROOT / ".make" / "chromium"], capture_output=True, text=True, check=False)  # noqa: S603
    return answer.stdout.strip() or None


def examine() -> list[Finding]:
    """Every check, in the order in which faults cause each other."""
    instance = Path(os.environ.get("CONTEST_INSTANCE", "instance")).resolve()
    findings = [
        good("Python", sys.version.split()[0]),
        check_packages(),
        *check_libraries(),
        check_fonts(),
        check_glyphs(),
    ]
    if not instance.exists() and not os.environ.get("DATABASE_URL"):
        findings.append(warn("instance", f"{instance} is not made yet", "make run or make serve makes it"))
    else:
        findings += [check_secrets(instance), check_database()]
    return [*findings, check_disk(instance), *check_optional()]


def register(subparsers: argparse._SubParsersAction) -> None:
    """`contest doctor`."""
    parser = subparsers.add_parser("doctor", help="check fonts, libraries, packages, secrets, database, disk")
    parser.set_defaults(run=lambda _args: report(examine(), sys.stdout.write), needs_app=False)


def report(findings: list[Finding], write: Callable[[str], object]) -> int:
    """Print the findings; 1 if there is a fault."""
    for finding in findings:
        write(f"{finding.verdict.value:8}{finding.subject}: {finding.found}\n")
        if finding.remedy:
            write(f"        → {finding.remedy}\n")
    faults = sum(finding.verdict is Verdict.BAD for finding in findings)
    write(f"{faults} faults.\n" if faults else "All that is needed is here.\n")
    return 1 if faults else 0
