"""Requests a second of the public list, beside a route that only says ok and beside bare Flask."""

from __future__ import annotations

import http.client
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.server import prepared, requests_a_second, running

TITLE = "Public list under load"
BARE = """
from flask import Flask
app = Flask(__name__)
@app.get("/healthz")
def hello():
    return "ok\\n"
"""


def figures() -> Iterator[Figure]:
    """One worker with eight threads, eight kept connections; client and server share the machine."""
    with tempfile.TemporaryDirectory() as name:
        folder = prepared(Path(name), seed=True)
        (folder / "bare.py").write_text(BARE)
        with running(folder, app="bare:app", where=folder) as server:
            bare = requests_a_second(server.port, "/healthz")
        yield Figure("bare Flask, “ok”", bare, "requests/s", "1.00 ×")
        with running(folder) as server:
            hello = requests_a_second(server.port, "/healthz")
            yield Figure("this application, “ok”", hello, "requests/s", f"{hello / bare:.2f} × bare Flask")
            address, etag, size = a_list(server.port)
            whole = requests_a_second(server.port, address)
            yield Figure(
                "published list, whole",
                whole,
                "requests/s",
                f"{whole / hello:.2f} × “ok” of this application, {whole / bare:.2f} × bare Flask; {size} kB",
            )
            if etag:
                known = requests_a_second(
                    server.port, address, headers=[("If-None-Match", etag)], status=b" 304 "
                )
                yield Figure(
                    "published list, unchanged (304)",
                    known,
                    "requests/s",
                    f"{known / hello:.2f} × “ok” of this application, {known / bare:.2f} × bare Flask",
                )


def a_list(port: int) -> tuple[str, str | None, int]:
    """The longest published list: its address, its ETag, its size in kB. Raises RuntimeError if none is public."""
    page, _ = _page(port, "/lists")
    found = sorted(set(re.findall(r'href="(/lists/\d+)"', page)))
    if not found:
        raise RuntimeError("the demo shows no published list on /lists")
    pages = [(address, *_page(port, address)) for address in found]
    address, text, etag = max(pages, key=lambda row: len(row[1]))
    return address, etag, len(text.encode()) // 1000


def _page(port: int, path: str) -> tuple[str, str | None]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return text, answer.getheader("ETag")
