"""The practice contest held to its end once a module, for all tests of the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts import queries as accounts_queries
from contest.accounts import service as accounts
from contest.accounts.access import Actor
from contest.accounts.models import Account
from contest.accounts.sessions import KEY
from contest.db import db, now, transaction
from contest.events.models import Event
from tests.conftest import Browser, own_application
from tests.world import World, held_until


@dataclass(frozen=True)
class Place:
    """An application with a contest held in it."""

    app: Flask
    world: World

    def browser(self, role: str = "") -> FlaskClient:
        """A browser with somebody of the role signed in; without a role, the public's."""
        client = self.app.test_client()
        if role:
            with transaction():
                account = db.session.get_one(Account, self.world.accounts[role])
                secret = accounts.open_session(account, via="number", at=now(), ip="", device="")[1]
            with client.session_transaction() as cookie:
                cookie[KEY] = secret
        return client

    def actor(self, role: str = "organiser") -> Actor:
        return accounts_queries.actor_of(db.session.get_one(Account, self.world.accounts[role]))

    def path(self, rest: str) -> str:
        """An address below the edition."""
        return f"/editions/{self.world.ids['edition_id']}/{rest}"


@pytest.fixture(scope="module")
def finished(postgres_url, tmp_path_factory) -> Iterator[Place]:
    """The practice contest with its list final, its prizes given and its papers issued."""
    with own_application(tmp_path_factory.mktemp("finished"), postgres_url) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        app.test_client_class = Browser
        world = held_until("final")
        with transaction():
            event = db.session.get_one(Event, world.ids["event_id"])
            event.starts_at, event.venue = datetime(2026, 11, 21, 1, 0, tzinfo=UTC), "一号厅, 东门; 二层"
        yield Place(app, world)
