"""A real server and a real Chromium for tests; the fixtures are known everywhere through tests/conftest.py."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP hall.test 127.0.0.1",
]  # fmt: skip
PLAIN_HOST = "hall.test"  # this machine under a name that is no secure context on plain HTTP: as in a hall
SIZES = {"desktop": (1280, 900), "tablet": (1024, 768), "phone": (390, 844)}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}

in_chromium = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium: install it, or set CHROMIUM to its path"),
]
"""For `pytestmark` of a module whose tests drive a browser."""
on_a_device = [*in_chromium, pytest.mark.device]
"""The same for what the browser itself does: keeping, sending again, showing. The server's database is not its matter."""


class Server:
    """The application on a port of this machine; it can go away and come back at the same address."""

    def __init__(self, app: Flask) -> None:
        self.app, self.port, self.thread, self.server = app, 0, None, None
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()
            self.server = None


@pytest.fixture
def served(app: Flask) -> Iterator[Server]:
    """A server that a test may stop and start: what a tablet meets when the hall's machine is restarted."""
    server = Server(app)
    yield server
    server.stop()


@pytest.fixture
def address(served: Server) -> str:
    """Where the application of this test answers."""
    return served.address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser a module."""
    if not CHROMIUM:
        pytest.skip("no chromium: install it, or set CHROMIUM to its path")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def device(chromium: Any, size: str = "tablet", language: str = "zh", **options: Any) -> Any:
    """A new device: a browser context of a size and language of its own, with nothing kept."""
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        has_touch=size != "desktop",
        locale=LOCALES[language],
        **options,
    )
    context.set_default_timeout(20_000)
    return context


@pytest.fixture
def tablet(chromium: Any) -> Iterator[Any]:
    """A tablet held sideways, in Chinese."""
    context = device(chromium)
    yield context
    context.close()
