"""The hall's screens in a real browser: names one key at a time, paging, size, hold; all sizes and both languages fit."""

from __future__ import annotations

import pytest

from contest.accounts import service as accounts
from contest.accounts.models import Account
from contest.accounts.sessions import KEY
from contest.db import db, now, transaction
from contest.desk import ceremony, settings
from contest.events.models import Edition
from tests.browsers import device, on_a_device
from tests.desk.conftest import Place
from tests.world import held_until

pytestmark = on_a_device
PAGES = (
    "statistics", "lists/statistics", "progress", "ceremony", "documents", "archive", "progress/screen",
)  # fmt: skip


@pytest.fixture
def place(app) -> Place:
    """The practice contest at its end, its progress open to everybody."""
    found = Place(app, held_until("final"))
    with transaction():
        edition = db.session.get_one(Edition, found.world.ids["edition_id"])
        settings.change(edition, actor=found.actor(), at=now(), is_progress_public=True)
    return found


def signed_in(place: Place, context, address: str):
    with transaction():
        account = db.session.get_one(Account, place.world.accounts["organiser"])
        secret = accounts.open_session(account, via="password", at=now(), ip="", device="test")[1]
    cookie = place.app.session_interface.get_signing_serializer(place.app).dumps({KEY: secret})
    context.add_cookies([{"name": "contest", "value": cookie, "url": address}])
    return context.new_page()


def shown(page) -> list[str]:
    return page.locator(".slide:not([hidden]) li:not([hidden]) b").all_inner_texts()


def text_size(page, selector: str) -> float:
    return page.evaluate(f"parseFloat(getComputedStyle(document.querySelector('{selector}')).fontSize)")


def test_names_come_one_by_one_from_the_last_place_and_go_back(place, chromium, address):
    context = device(chromium, "desktop")
    page = signed_in(place, context, address)
    page.goto(address + place.path("ceremony/screen"))
    with transaction():
        batches = ceremony.batches_of(place.actor(), place.world.ids["edition_id"], at=now())
        names = [award.name for award in reversed(batches[0].awards)]
    assert shown(page) == []
    page.keyboard.press("Space")  # from the title to the first batch, with nobody yet
    for count in range(1, len(names) + 1):
        page.keyboard.press("Space")
        assert shown(page) == names[:count]
    page.keyboard.press("Backspace")
    assert shown(page) == names[:-1]
    page.mouse.click(20, 300)  # the left quarter goes back, for hands on a touch screen
    assert shown(page) == names[:-2]
    before = text_size(page, ".slide:not([hidden]) .slide__names")
    page.keyboard.press("+")
    assert text_size(page, ".slide:not([hidden]) .slide__names") > before
    page.keyboard.press("b")
    assert page.evaluate("document.body.classList.contains('is-black')")
    page.reload()
    assert shown(page) == names[:-2]  # a reload shows the same
    context.close()


def test_the_progress_screen_grows_and_holds(place, chromium, address):
    context = device(chromium, "desktop")
    page = context.new_page()
    page.goto(address + place.path("progress/screen"))
    before = text_size(page, "table")
    page.keyboard.press("+")
    larger = text_size(page, "table")
    page.keyboard.press("-")
    assert (larger > before, text_size(page, "table")) == (True, before)
    page.keyboard.press("Space")
    assert page.locator("[data-page]").inner_text().endswith("暂停")
    context.close()


@pytest.mark.parametrize("size,language", [("phone", "zh"), ("tablet", "en")])
def test_pages_fit_their_width_and_break_no_rule_of_the_browser(place, chromium, address, size, language):
    context = device(chromium, size, language)
    page = signed_in(place, context, address)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
    for path in PAGES:
        answer = page.goto(address + place.path(path))
        assert answer is not None and answer.status == 200, path
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            problems.append(f"{path} is wider than the screen")
    assert problems == []
    context.close()
