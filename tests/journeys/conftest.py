"""A real server and a real browser whose network ends at that server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsers import device

PICTURES = Path(os.environ.get("JOURNEY_PICTURES", Path(__file__).parent.parent.parent / "out" / "journey"))


class Person:
    """Somebody with a device of their own. Requests that leave this machine are cut and remembered."""

    def __init__(self, context: Any, address: str, pictures: Path) -> None:
        self.context, self.address, self.pictures = context, address, pictures
        self.left: list[str] = []
        self.errors: list[str] = []
        context.route("**/*", self._guard)
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        # Whoever clicks a button that asks again means it.
        self.page.on("dialog", lambda dialog: dialog.accept())

    def _guard(self, route: Any) -> None:
        url = route.request.url
        if url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.left.append(url)
            route.abort()

    def go(self, path: str) -> None:
        answer = self.page.goto(path if path.startswith("http") else self.address + path)
        assert answer.status == 200, f"{path}: {answer.status}\n{self.words()[:1500]}"

    def unfold(self, action: str) -> None:
        """Click the heading under which the form that goes to `action` is folded away, if it is."""
        fold = self.page.locator(f'main details:not([open]):has(form[action$="{action}"]) > summary')
        if fold.count():
            fold.first.click()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            field = self.page.locator(f'main [name="{name}"]').first
            if field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def send(self, action: str = "", *, having: str = "", button: str = "button") -> None:
        """Press the last button of the form that goes to `action`, or has a field, or of the page's first form."""
        form = (
            f'main form[action$="{action}"]'
            if action
            else f"main form:has([name={having}])"
            if having
            else "main form"
        )
        with self.page.expect_navigation():
            self.page.locator(form).first.locator(button).last.click()
        assert self.page.locator(".errors, .field__error").count() == 0, self.words()[:1500]

    def language(self) -> str:
        """The language the page says it is in."""
        return str(self.page.locator("html").get_attribute("lang"))

    def words(self) -> str:
        return self.page.locator("body").inner_text()

    def picture(self, name: str) -> None:
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(self.pictures / f"{name}.png"), full_page=True)

    def follow(self, selector: str) -> None:
        """Tap a link that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def download(self, selector: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.page.locator(selector).first.click()
        return Path(waiting.value.path()).read_bytes()


@pytest.fixture
def person(address: str, chromium: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Person]]:
    """`person("tablet", "en")`: a new browser of that size and language."""
    made: list[Person] = []

    def make(size: str = "desktop", language: str = "zh") -> Person:
        context = device(chromium, size, language, accept_downloads=True)
        made.append(Person(context, address, PICTURES / request.node.name.replace("/", "_")))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    assert [url for one in made for url in one.left] == []
    assert [error for one in made for error in one.errors] == []
