"""What every test stands on: an application with a fresh real database, and people signed in to it."""

from __future__ import annotations

import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from contest import config
from contest.accounts import service as accounts
from contest.accounts.models import Account
from contest.accounts.sessions import KEY
from contest.app import create_app
from contest.db import db, now, transaction
from contest.languages import compile_catalogues
from tests.browsers import address, chromium, served, tablet  # noqa: F401  # fixtures of all tests that need them


def pytest_configure(config: pytest.Config) -> None:
    compile_catalogues()
    remember_url_builders()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays; looking through it again and again for rubbish is a fifth of all tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With a server given, only what is its matter: all else was or will be run on SQLite, the same way."""
    if not os.environ.get("TEST_POSTGRES_URL"):
        return
    kept = [
        item
        for item in items
        if "postgres_url" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("device")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def remember_url_builders() -> None:
    """Werkzeug writes and compiles two functions for each address: once for all tests, not again for each application.

    It is most of what making an application costs (70 of 85 ms), and nearly every test makes one.
    """
    made: dict[Any, Any] = {}
    compiled = Rule._compile_builder

    def remembered(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, repr(rule.defaults), rule.subdomain, rule.host, append_unknown)
        if key not in made:
            made[key] = compiled(rule, append_unknown)
        return made[key]

    Rule._compile_builder = remembered  # type: ignore[method-assign]


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
    with own_schema(postgres_url) as url:
        yield url


@contextmanager
def own_schema(postgres_url: str) -> Iterator[str]:
    """The address of an empty schema on the server; it is dropped afterwards."""
    schema, engine = f"t_{uuid.uuid4().hex[:12]}", sa.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    yield f"{postgres_url}?options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@contextmanager
def own_application(folder: Path, postgres_url: str | None, **changes: object) -> Iterator[Flask]:
    """An application on a complete empty database of its own, for a world that many tests only look at."""
    with own_schema(postgres_url) if postgres_url else nullcontext(None) as url:
        application = create_app(settings_for(folder, url, **changes))
        with application.app_context():
            db.create_all()
            yield application
            db.session.remove()
            db.engine.dispose()


class Browser(FlaskClient):
    """A browser whose every request starts with an empty `g`, as in production.

    The fixture holds an application context open, and Flask lets requests share it: without this the person of one
    request would be taken for the sender of the next.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


@pytest.fixture(scope="session")
def shelf(postgres_url: str | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The whole schema, made once: a SQLite file that each test copies, or a PostgreSQL schema each test empties."""
    folder = tmp_path_factory.mktemp("shelf")
    if postgres_url is None:
        url = f"sqlite:///{folder / 'contest.sqlite3'}"
        _make_schema(folder, url)
        yield str(folder / "contest.sqlite3")
        return
    with own_schema(postgres_url) as url:
        _make_schema(folder, url)
        yield url


def _make_schema(folder: Path, url: str) -> None:
    application = create_app(settings_for(folder, url))
    with application.app_context():
        db.create_all()
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


@pytest.fixture(scope="session")
def compiled_pages(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once a session, not once a test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("pages")))


@pytest.fixture
def app(shelf: str, compiled_pages: FileSystemBytecodeCache, tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty, complete schema."""
    is_server = "://" in shelf
    if not is_server:
        shutil.copy(shelf, tmp_path / "contest.sqlite3")
    application = create_app(settings_for(tmp_path, shelf if is_server else None))
    application.jinja_env.bytecode_cache = compiled_pages
    application.test_client_class = Browser
    with application.app_context():
        yield application
        db.session.remove()
        if is_server:
            _empty_all_tables()
        db.engine.dispose()


def _empty_all_tables() -> None:
    """Empty what was filled: truncating every table would write a new file for each of them."""
    tables = [table.name for table in reversed(db.metadata.sorted_tables)]
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)
    with db.engine.begin() as connection:
        filled = set(connection.scalars(sa.text(asked)))
        connection.execute(sa.text("ALTER TABLE mark_revision DISABLE TRIGGER USER"))
        for name in (one for one in tables if one in filled):
            connection.execute(sa.text(f'DELETE FROM "{name}"'))
            if "id" not in db.metadata.tables[name].columns:
                continue
            counter = f"pg_get_serial_sequence('\"{name}\"', 'id')"
            connection.execute(sa.text(f"SELECT setval({counter}, 1, false) WHERE {counter} IS NOT NULL"))
        connection.execute(sa.text("ALTER TABLE mark_revision ENABLE TRIGGER USER"))


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
