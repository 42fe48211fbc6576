"""A long public list goes out while it is made: the same bytes, the same answers, kept once it is whole."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from email.message import Message
from urllib.request import Request, urlopen

import pytest

from contest.db import db
from contest.results.views import public as door
from tests.results.builders import NAMES, make_field, published


@pytest.fixture
def address(app, monkeypatch):
    made = make_field(NAMES[:5])
    for entry in range(5):
        for aspect in made.aspect_ids:
            made.mark(entry, aspect, 1000 * (entry + 1))
    address = f"/lists/{published(made)}"
    db.session.remove()
    monkeypatch.setattr(door, "BATCH", 2)  # five lines are a long list then
    return address


@dataclass
class Answer:
    status: int
    headers: Message
    data: bytes


def asked(served, address, **headers) -> Answer:
    """The whole answer over a real connection: the contexts of the tests are not those of a request."""
    with urlopen(Request(served.address + address, headers=headers)) as answer:
        return Answer(answer.status, answer.headers, answer.read())


def test_a_long_list_is_sent_in_parts_and_is_the_same_as_when_it_is_kept(served, address):
    first = asked(served, address)
    again = asked(served, address)
    assert first.status == again.status == 200
    assert "Content-Length" not in first.headers
    assert int(again.headers["Content-Length"]) == len(again.data)
    assert first.data == again.data
    assert all(name in first.data.decode() for name in NAMES[:5])
    assert first.headers["ETag"] == again.headers["ETag"]


def test_parts_are_compressed_for_browsers_that_take_it(served, address):
    first = asked(served, address, **{"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.data) == asked(served, address).data


def test_a_list_that_was_cut_off_is_not_kept(served, address):
    with urlopen(served.address + address) as answer:
        answer.read(10)
    assert asked(served, address).data.decode().rstrip().endswith("</html>")
