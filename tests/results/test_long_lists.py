"""A long public list goes out while it is made: the same bytes, the same answers, kept once it is whole."""

from __future__ import annotations

import gzip

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


def asked(app, address, **headers):
    """The answer, read to its end."""
    return app.test_client().get(address, headers=headers, buffered=True)


def test_a_long_list_is_sent_in_parts_and_is_the_same_as_when_it_is_kept(app, address):
    first = asked(app, address)
    again = asked(app, address)
    assert first.status_code == again.status_code == 200
    assert "Content-Length" not in first.headers
    assert int(again.headers["Content-Length"]) == len(again.data)
    assert first.data == again.data
    assert all(name in first.text for name in NAMES[:5])
    assert first.headers["ETag"] == again.headers["ETag"]


def test_parts_are_compressed_for_browsers_that_take_it(app, address):
    first = asked(app, address, **{"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.data) == asked(app, address).data


def test_a_list_that_was_cut_off_is_not_kept(app, address):
    cut = app.test_client().get(address, buffered=False)
    next(iter(cut.response))
    cut.close()
    assert asked(app, address).text.rstrip().endswith("</html>")
