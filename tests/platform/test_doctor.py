"""The doctor finds what is broken, says how to mend it, and fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from contest import config, doctor, glyphs
from contest.doctor import Verdict


def copied_fonts(folder: Path) -> Path:
    """The two smallest fonts and their sums: enough to break."""
    folder.mkdir()
    names = ["NotoNaskhArabic-Regular.ttf", "NotoNaskhArabic-Bold.ttf"]
    for name in names:
        shutil.copyfile(glyphs.FONTS / name, folder / name)
    lines = (glyphs.FONTS / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    kept = [line for line in lines if line.split("  ")[1] in names]
    (folder / "SHA256SUMS").write_text("\n".join(kept) + "\n", encoding="ascii")
    return folder


def test_whole_fonts_are_good(tmp_path: Path) -> None:
    assert doctor.check_fonts(copied_fonts(tmp_path / "fonts")) == doctor.good("fonts", "2 files as made")


def test_a_missing_and_a_changed_font_are_both_named(tmp_path: Path) -> None:
    folder = copied_fonts(tmp_path / "fonts")
    (folder / "NotoNaskhArabic-Bold.ttf").unlink()
    with (folder / "NotoNaskhArabic-Regular.ttf").open("ab") as file:
        file.write(b"\0")
    finding = doctor.check_fonts(folder)
    assert (finding.verdict, finding.found) == (
        Verdict.BAD,
        "NotoNaskhArabic-Bold.ttf is missing; NotoNaskhArabic-Regular.ttf was changed",
    )


def test_a_name_no_font_shows_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "TRIAL_NAMES", "王\ue000")
    finding = doctor.check_glyphs()
    assert (finding.verdict, finding.found) == (Verdict.BAD, "no font shows \ue000")


def test_the_libraries_of_this_machine_are_there() -> None:
    assert [(one.subject, one.verdict) for one in doctor.check_libraries()] == [
        ("libpango", Verdict.GOOD),
        ("libharfbuzz-subset", Verdict.GOOD),
    ]


def test_a_missing_subsetter_is_a_fault_with_the_command_that_mends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from weasyprint.text import ffi

    monkeypatch.setattr(ffi, "harfbuzz_subset", None)
    *_, finding = doctor.check_libraries()
    assert (finding.verdict, finding.remedy) == (Verdict.BAD, f"run: {doctor.LIBRARIES}")


def test_packages_are_compared_with_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "flask==0.1 \\\n    --hash=sha256:00\n    # via contest\n"
        "nobody-wrote-this==1.0 ; python_full_version >= '3.11' \\\n"
        "only-elsewhere==1.0 ; sys_platform == 'never' \\\n"
    )
    finding = doctor.check_packages(lock)
    from importlib.metadata import version

    assert (finding.verdict, finding.found) == (
        Verdict.BAD,
        f"flask: {version('flask')}, locked 0.1; nobody-wrote-this: nothing, locked 1.0",
    )


def test_secrets_that_others_can_read_are_a_fault(tmp_path: Path) -> None:
    path = config.write_secrets(tmp_path)
    assert doctor.check_secrets(tmp_path).verdict is Verdict.GOOD
    path.chmod(0o640)
    finding = doctor.check_secrets(tmp_path)
    assert (finding.verdict, finding.remedy) == (Verdict.BAD, f"run: chmod 600 {path}")


def test_secrets_may_come_from_the_environment_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in config.SECRET_NAMES:
        monkeypatch.delenv(name, raising=False)
    assert doctor.check_secrets(tmp_path).verdict is Verdict.BAD
    for name in config.SECRET_NAMES:
        monkeypatch.setenv(name, "x")
    assert doctor.check_secrets(tmp_path).verdict is Verdict.GOOD


def test_an_empty_database_is_a_fault_that_migrating_mends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_secrets(tmp_path)
    monkeypatch.setenv("CONTEST_INSTANCE", str(tmp_path))
    monkeypatch.setenv("CONTEST_MODE", "production")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    finding = doctor.check_database()
    assert (finding.verdict, finding.remedy) == (Verdict.BAD, "back up, then run: make migrate")


def test_an_unreachable_database_is_told_in_one_line_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_secrets(tmp_path)
    monkeypatch.setenv("CONTEST_INSTANCE", str(tmp_path))
    monkeypatch.setenv("CONTEST_MODE", "production")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:hunter2@127.0.0.1:1/none")
    finding = doctor.check_database()
    assert (finding.verdict, "\n" in finding.found, "hunter2" in finding.found) == (Verdict.BAD, False, False)


def test_the_schema_and_its_revision_are_read(app: Flask) -> None:
    present, newest = doctor.revisions()
    assert (present, newest is not None) == (None, True)


@pytest.mark.parametrize(
    ("free", "verdict"), [(10**8, Verdict.BAD), (5 * 10**8, Verdict.WARN), (10**10, Verdict.GOOD)]
)
def test_a_full_disk_is_told_in_time(
    free: int, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    assert doctor.check_disk(tmp_path).verdict is verdict


def test_a_snap_is_no_browser_for_the_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for tool in ("bash", "env", "readlink", "head", "grep", "cat"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doctor.find_chromium() is None
    stub = tmp_path / "chromium"
    stub.write_text('#!/bin/sh\nexec /snap/bin/chromium "$@"\n')
    stub.chmod(0o755)
    assert doctor.find_chromium() is None
    real = tmp_path / "google-chrome"
    real.write_bytes(b"\x7fELF")
    real.chmod(0o755)
    assert doctor.find_chromium() == str(real)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "gone"))
    assert doctor.find_chromium() is None


def test_one_fault_makes_the_command_fail_and_is_counted() -> None:
    lines: list[str] = []
    findings = [doctor.good("disk", "9 GB free"), doctor.bad("fonts", "gone", "restore them")]
    assert doctor.report(findings, lines.append) == 1
    assert (
        "".join(lines) == "ok      disk: 9 GB free\nFAULT   fonts: gone\n        → restore them\n1 faults.\n"
    )
    assert doctor.report(findings[:1], lines.append) == 0
