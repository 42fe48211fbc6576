"""A browser without scripts for tests that walk through the front doors: pages, forms, links, as people use them."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """One person's browser. Forms are sent with the safety token of the page they stand on."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.read = ""  # the safety token of the last page that had one

    def open(self, url: str, status: int = 200) -> str:
        """The page's text; any other status is a failure that shows the page."""
        answer = self.client.get(url, follow_redirects=True)
        assert answer.status_code == status, f"{url}: {answer.status_code}\n{_words(answer)}"
        text = answer.get_data(as_text=True)
        found = TOKEN.search(text)
        self.read = found.group(1) if found else self.read
        return text

    def bytes_of(self, url: str) -> bytes:
        """A download."""
        answer = self.client.get(url)
        assert answer.status_code == 200, f"{url}: {answer.status_code}\n{_words(answer)}"
        return answer.data

    def token(self) -> str:
        """The safety token of the page last read in this session, or of the start page."""
        if not self.read:
            self.open("/")
        return self.read

    def send(self, url: str, status: int = 302, **form: Any) -> TestResponse:
        """Post a form (a file is given as (stream, name)); checks the status, returns the answer."""
        data = {"csrf_token": self.token(), **form}
        answer = self.client.post(url, data=data, content_type="multipart/form-data")
        assert answer.status_code == status, f"{url}: {answer.status_code}\n{_words(answer)}"
        return answer

    def send_json(self, url: str, body: Any) -> Any:
        """Post JSON as the tablet does."""
        answer = self.client.post(url, json=body, headers={"X-CSRFToken": self.token()})
        assert answer.status_code == 200, f"{url}: {answer.status_code}\n{_words(answer)}"
        return answer.get_json()

    def sign_in_by_link(self, token: str) -> None:
        """Open a personal link and press its button."""
        self.open(f"/s/{token}")
        self.send(f"/s/{token}")
        self.read = ""  # a new session has a new token


def _words(answer: TestResponse) -> str:
    """What a person would read on a page that came out wrong."""
    text = re.sub(r"<(script|style|svg).*?</\1>", "", answer.get_data(as_text=True), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())[:1500]
