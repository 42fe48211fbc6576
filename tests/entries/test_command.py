"""`contest roster` on a real database."""

from __future__ import annotations

import argparse

import pytest
import sqlalchemy as sa
from flask import Flask

from contest.db import db
from contest.entries import cli
from contest.entries.models import Member
from tests.entries.builders import ramen_event
from tests.entries.rosters import CASES


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    args = parser.parse_args(["roster", *words])
    return int(args.run(args))


def test_a_file_is_checked_then_taken_over(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    edition = str(ramen_event().sub_contest.edition_id)
    assert _run(edition, str(CASES / "roster.xlsx")) == 0
    assert capsys.readouterr().out == "212 people: 71 new entries, 0 people changed, 0 as before\n"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Member)) == 0
    assert _run(edition, str(CASES / "roster.xlsx"), "--import") == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Member)) == 212


def test_errors_are_lines_without_values_and_the_exit_code_says_so(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    edition = str(ramen_event().sub_contest.edition_id)
    assert _run(edition, str(CASES / "roster_messy.xlsx"), "--import") == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21
    assert "100\t证件号码\tid_check" in lines
    assert "379901197903125650" not in "\n".join(lines)
    assert _run("77", str(CASES / "roster.xlsx")) == 2
    assert _run(edition, "/nowhere.xlsx") == 2
