"""An organiser with a contest of their own, signed in."""

from __future__ import annotations

import re

import pytest

from contest.accounts.models import Role, ScopeKind
from contest.db import db
from contest.events.models import Event
from tests.builders import make_account, make_event


@pytest.fixture
def event(app) -> Event:
    """A draft event without rules, in a contest of its own."""
    return make_event()


@pytest.fixture
def organiser(event):
    """The organiser of that contest."""
    contest = event.sub_contest.edition.contest
    return make_account("赵组织", (Role.ORGANISER, ScopeKind.CONTEST, contest.id), contest_id=contest.id)


class Browser:
    """A signed-in client that sends the safety token by itself, as a page's form does."""

    def __init__(self, client) -> None:
        self.client = client

    def get(self, url: str, status: int = 200) -> str:
        answer = self.client.get(url)
        assert answer.status_code == status, (answer.status_code, answer.get_data(as_text=True)[:2000])
        return answer.get_data(as_text=True)

    def post(self, url: str, data: dict, status: int = 302, page: str | None = None, **options):
        text = self.client.get(page or "/contests").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', text)
        answer = self.client.post(url, data={"csrf_token": token[1] if token else "", **data}, **options)
        assert answer.status_code == status, (answer.status_code, _notices(answer.get_data(as_text=True)))
        db.session.rollback()
        return answer


def _notices(text: str) -> str:
    return " | ".join(re.findall(r"notice__body\">(.*?)</div>", text, re.S))[:1500] or text[:1500]


@pytest.fixture
def office(client, sign_in, organiser) -> Browser:
    """The organiser's browser."""
    return Browser(sign_in(client, organiser))


@pytest.fixture
def browser_of(app, sign_in):
    """Another person's browser."""
    return lambda account: Browser(sign_in(app.test_client(), account))
