"""How soon a key that a judge presses is on the screen: Chromium's own timing of each key, from the press to the frame."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contest.app import create_app
from contest.db import db
from tests.bench.figures import Figure
from tests.browsers import CHROMIUM, FLAGS, Server, device
from tests.conftest import settings_for
from tests.judging.builders import make_hall
from tests.judging.test_tablet_browser import LONG, open_sheet, sign_in

TITLE = "A key on the tablet"
FRAME = 1000 / 60  # milliseconds of one frame at 60 Hz
WATCH = """() => {
    window.keys = [];
    const frame = () => new Promise((done) => requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now());
        channel.port2.postMessage(0);
    }));
    document.addEventListener("input", async (event) => {
        const pressed = event.timeStamp;
        window.keys.push([pressed, await frame()]);
    }, true);
}"""


def figures() -> Iterator[Figure]:
    """The keys of a sheet of twenty aspects, typed one by one while marks are kept and sent."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as engine:
        app = create_app(settings_for(Path(name)))
        with app.app_context():
            db.create_all()
            hall = make_hall(entries=1, judges=1, rules=LONG)
            server = Server(app)
            browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = device(browser).new_page()
            sign_in(page, server.address, hall)
            open_sheet(page, server.address, hall)
            times = _typed(page)
            browser.close()
            server.stop()
            db.session.remove()
            db.engine.dispose()
    yield Figure(
        "keys typed", len(times), "", "digits of 20 aspects, each kept on the device and sent as it is left"
    )
    yield Figure(
        "from key to frame, half of them within",
        statistics.median(times),
        "ms",
        f"a frame has {FRAME:.1f} ms",
    )
    yield Figure("from key to frame, 95 % within", sorted(times)[int(len(times) * 0.95)], "ms", "")
    yield Figure("from key to frame, slowest", max(times), "ms", f"{max(times) / FRAME:.1f} frames")


def _typed(page: Any) -> list[float]:
    """Milliseconds from each key to the end of the frame that shows it."""
    page.evaluate(WATCH)
    page.focus("[data-aspect=a1] input.markfield")
    for digits in ["4.5", "1", "2", "1"] * 5:
        for key in digits:
            page.keyboard.press(key)
            page.wait_for_timeout(40)  # twenty-five keys a second: faster than anybody types
        page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    return [shown - pressed for pressed, shown in page.evaluate("window.keys")]
