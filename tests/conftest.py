"""What every test stands on: an application with a fresh real database, and people signed in to it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient

from contest import config
from contest.accounts import service as accounts
from contest.accounts.models import Account
from contest.accounts.sessions import KEY
from contest.app import create_app
from contest.db import db, now, transaction
from contest.languages import compile_catalogues


def pytest_configure(config: pytest.Config) -> None:
    compile_catalogues()


def settings_for(folder: Path, url: str | None = None, **changes: object) -> config.Settings:
    """Settings of an application under test: keys of its own, files in `folder`."""
    values: dict[str, object] = {
        "mode": "test",
        "instance": folder,
        "database_url": url or f"sqlite:///{folder / 'contest.sqlite3'}",
        "secret_key": "test-only",
        "personal_key": bytes(range(32)),
        "base_url": "http://localhost",
    }
    return config.Settings(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def postgres_url() -> str | None:
    """The server given for tests, or None: then everything runs on SQLite."""
    url = os.environ.get("TEST_POSTGRES_URL")
    return config._database_url(url) if url else None


@pytest.fixture
def database_url(postgres_url: str | None, tmp_path: Path) -> Iterator[str]:
    """An empty database of this test's own: a file, or a schema on the server that is dropped afterwards."""
    if postgres_url is None:
        yield f"sqlite:///{tmp_path / 'contest.sqlite3'}"
        return
    schema = f"t_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    yield f"{postgres_url}?options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


class Browser(FlaskClient):
    """A browser whose every request starts with an empty `g`, as in production.

    The fixture holds an application context open, and Flask lets requests share it: without this the person of one
    request would be taken for the sender of the next.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty, complete schema."""
    application = create_app(settings_for(tmp_path, database_url))
    application.test_client_class = Browser
    with application.app_context():
        db.create_all()
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript; CSRF is on, as in production."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[FlaskClient, Account], FlaskClient]:
    """Sign an account in to a client the way a door does, without typing a password."""

    def _sign_in(browser: FlaskClient, account: Account) -> FlaskClient:
        account_id = account.id
        with transaction():
            row, secret = accounts.open_session(
                db.session.get_one(Account, account_id),
                via="password",
                at=now(),
                ip="127.0.0.1",
                device="test",
            )
        with browser.session_transaction() as cookie:
            cookie[KEY] = secret
        return browser

    return _sign_in
