"""The link that opens a new installation: one person, one use, and no second door."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts import service
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, Grant, Role, ScopeKind
from contest.db import db, now, transaction
from tests.builders import csrf_of, make_account


def link() -> str | None:
    with transaction():
        return service.first_link(actor=SYSTEM, at=now())


def test_the_first_person_holds_both_roles_of_the_whole_installation(app: Flask, client: FlaskClient) -> None:
    token = link()
    answer = client.post(f"/s/{token}", data={"csrf_token": csrf_of(client, f"/s/{token}")})
    assert (answer.status_code, answer.location) == (302, "/account/password")
    roles = db.session.execute(
        sa.select(Grant.role, Grant.scope_kind, Grant.scope_id).order_by(Grant.id)
    ).all()
    assert [tuple(row) for row in roles] == [
        (Role.ADMINISTRATOR, "installation", 0),
        (Role.ORGANISER, "installation", 0),
    ]


def test_a_second_start_gives_a_new_link_to_the_same_account_and_ends_the_first(app: Flask) -> None:
    first, second = link(), link()
    assert first != second
    assert db.session.scalar(sa.select(sa.func.count(Account.id))) == 1
    with pytest.raises(service.LinkUnusable) as refused, transaction():
        service.sign_in_by_link(str(first), at=now(), ip="", device="")
    assert refused.value.code == "link_replaced"


def test_once_somebody_signed_in_there_is_no_first_link_any_more(app: Flask) -> None:
    token = link()
    with transaction():
        service.sign_in_by_link(str(token), at=now(), ip="", device="")
    assert link() is None


def test_an_installation_with_people_gives_no_first_link(app: Flask) -> None:
    make_account("周敏", (Role.ORGANISER, ScopeKind.INSTALLATION, 0))
    assert link() is None


def test_the_command_prints_the_link_under_the_public_address(app: Flask, tmp_path: Path) -> None:
    secrets = {
        "CONTEST_SECRET_KEY": "x",
        "CONTEST_PERSONAL_KEY": base64.urlsafe_b64encode(bytes(32)).decode(),
    }
    environment = {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONTEST_INSTANCE": str(tmp_path),
        "CONTEST_BASE_URL": "https://c.example",
    }
    answer = subprocess.run(
        [sys.executable, "-m", "contest.cli", "first-link"],
        env={**os.environ, **secrets, **environment, "CONTEST_MODE": "production"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.findall(r"^    (https://c\.example/s/)[\w-]{43}$", answer.stdout, re.M) == [
        "https://c.example/s/"
    ]
