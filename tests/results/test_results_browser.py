"""From a tie to a final list in a real browser, in both languages, at a desk and on a telephone."""

from __future__ import annotations

import pytest

from contest.accounts import service as accounts
from contest.accounts.sessions import KEY
from contest.db import db, now, transaction
from contest.results.models import ListState, Publication
from tests.browsers import in_chromium
from tests.results.builders import far_end, fill, make_field, notice_over
from tests.results.test_ties import TIED

pytestmark = in_chromium
SIZES = {"desk": {"width": 1280, "height": 900}, "telephone": {"width": 390, "height": 844}}


class Office:
    """Signed-in browsers by person; every page they open must fit its width and log no error of a script."""

    def __init__(self, app, chromium, address, made, size, locale):
        self.app, self.chromium, self.address, self.made = app, chromium, address, made
        self.size, self.locale, self.contexts, self.problems = size, locale, {}, []

    def page(self, who):
        if who not in self.contexts:
            context = self.chromium.new_context(viewport=SIZES[self.size], locale=self.locale)
            context.set_default_timeout(20_000)
            context.add_cookies([{"name": "contest", "value": self._cookie(who), "url": self.address}])
            self.contexts[who] = context.new_page()
            self.contexts[who].on("pageerror", lambda error: self.problems.append(str(error)))
            self.contexts[who].on("dialog", lambda dialog: dialog.accept())
        return self.contexts[who]

    def _cookie(self, who) -> str:
        with transaction():
            _, secret = accounts.open_session(
                self.made.account(who), via="password", at=now(), ip="127.0.0.1", device="test"
            )
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        return serializer.dumps({KEY: secret})

    def open(self, who, path):
        page = self.page(who)
        page.goto(self.address + path)
        self.fits(page)
        return page

    def fits(self, page) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if wide:
            self.problems.append(f"{page.url} is wider than the screen")

    def close(self):
        for page in self.contexts.values():
            page.context.close()


@pytest.mark.parametrize("size,locale", [("desk", "zh-CN"), ("telephone", "en")])
def test_a_tie_is_resolved_and_the_list_goes_all_its_steps(app, chromium, address, size, locale, tmp_path):
    made = make_field()
    fill(made, TIED)
    office = Office(app, chromium, address, made, size, locale)
    results = f"/events/{made.event_id}/results"

    page = office.open("organiser", results)
    assert page.locator("input[name=is_embargoed]").count() == 0
    page = office.open("chief", f"{results}/ties")
    first, second = (f"e{made.entry_ids[place]}" for place in (1, 0))
    page.fill(f"input[name=place-{first}]", "1")
    page.fill(f"input[name=place-{second}]", "2")
    page.check("input[name=kind][value=lot]")
    page.fill("textarea[name=reason]", "双方领队在场，现场抽签")
    page.click("main form .form-actions button")
    page.wait_for_load_state()
    office.fits(page)

    page = office.open("chief", results)
    page.click("main form[action$='/check'] .form-actions button")
    page.wait_for_load_state()
    office.fits(page)

    page = office.open("organiser", results)
    page.click("main details.card .form-actions button")
    page.wait_for_url("**/publications/*")
    office.fits(page)
    steps = page.url.removeprefix(address)
    for who in ("chief", "supervisor"):
        page = office.open(who, steps)
        page.click("main form[action$='/sign'] button")
        page.wait_for_load_state()
    page = office.open("organiser", steps)
    page.fill("textarea[name=waiver]", "各队书面放弃申诉")
    for action in ("confirm", "notice", "final"):
        if action == "notice":
            page.fill("input[name=ends_on]", far_end())
        if action == "final":
            notice_over(db.session.query(Publication.id).scalar())
        page.click(f"main form[action$='/{action}'] .form-actions button")
        page.wait_for_selector(f"main form[action$='/{action}']", state="detached")
        office.fits(page)
    page.screenshot(path=tmp_path / "final.png", full_page=True)

    page = office.open("organiser", "/lists?q=才让" + ("" if locale == "zh-CN" else "&lang=en"))
    page.click("main article h3 a")
    page.wait_for_selector("table.list")
    office.fits(page)
    assert page.locator("table.list tbody th").all_inner_texts() == [
        "欧阳小明",
        "才让卓玛",
        "更尕昂宝",
        "曾阿牛",
    ]
    assert page.locator("html").get_attribute("lang") == ("zh-CN" if locale == "zh-CN" else "en")
    office.close()
    db.session.rollback()
    assert (db.session.query(Publication).one().state, office.problems) == (ListState.FINAL, [])
