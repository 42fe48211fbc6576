"""The tablet in a real browser: the network goes and comes back, two tabs disagree, the server stumbles after committing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from contest.accounts import service as accounts
from contest.accounts.access import SYSTEM
from contest.accounts.models import AccountSession, LinkPurpose
from contest.db import db, now, transaction
from contest.judging import queries
from contest.judging.models import MarkRevision
from tests.browsers import on_a_device
from tests.judging.builders import RULES, Hall, make_hall

pytestmark = on_a_device
TABLE = json.loads((Path(__file__).parent / "typed_cases.json").read_text(encoding="utf-8"))


@pytest.fixture
def hall(app) -> Hall:
    return make_hall(entries=2, judges=2)


def sign_in(page, address: str, hall: Hall, judge: int = 0) -> str:
    with transaction():
        token = accounts.make_link(
            hall.account(judge), purpose=LinkPurpose.PERSONAL_QR, actor=SYSTEM, at=now()
        )
    page.goto(f"{address}/s/{token}")
    page.click("main form button")
    return token


def open_sheet(page, address: str, hall: Hall) -> None:
    page.goto(f"{address}/judge/")
    page.click(".sheetlink >> nth=0")
    ready(page)


def ready(page) -> None:
    """The scripts have taken over: the plain save button is gone."""
    page.wait_for_selector("[data-plain-save]", state="hidden")


def type_mark(page, aspect: str, text: str) -> None:
    page.fill(f"[data-aspect={aspect}] input.markfield", text)
    page.press(f"[data-aspect={aspect}] input.markfield", "Enter")


def status(page, name: str) -> None:
    page.wait_for_selector(f'[data-conn][data-state="{name}"]')


def current(hall: Hall) -> dict[str, int | None]:
    db.session.rollback()
    sheet = hall.sheets()[0]
    return {key: mark.milli for (key, _), mark in queries.marks_of(sheet.id).items()}


def revisions() -> int:
    db.session.rollback()
    return int(db.session.scalar(sa.select(sa.func.count(MarkRevision.id))) or 0)


def test_the_tablet_checks_what_was_typed_exactly_as_the_server_does(address, tablet, hall):
    page = tablet.new_page()
    page.goto(f"{address}/sign-in")
    found = page.evaluate(
        """async (table) => {
            const { readTyped } = await import("/static/js/tablet/typed.js");
            return table.cases.map((one) => readTyped(one.typed, table.limits[one.limits]));
        }""",
        TABLE,
    )
    expected = [
        {"milli": one["milli"]} if "milli" in one else {"error": one["error"]} for one in TABLE["cases"]
    ]
    assert [{key: one[key] for key in want} for one, want in zip(found, expected, strict=True)] == expected
    assert [one for one in found if ("milli" in one) == ("error" in one)] == []


def test_a_whole_sheet_is_marked_by_keys_alone_and_submitted(address, tablet, hall):
    page = tablet.new_page()
    sign_in(page, address, hall)
    open_sheet(page, address, hall)
    page.focus("[data-aspect=dough] input.markfield")
    for keys in ("38.5", "2.5"):
        page.keyboard.type(keys)
        page.keyboard.press("Enter")
    for digit in ("3", "1"):
        page.keyboard.press(digit)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the knock-out item needs no mark
    page.keyboard.press("Enter")  # the button to the summary has the focus
    page.wait_for_url("**/submit")
    assert current(hall) == {"dough": 38500, "cut": 2500, "shape": 3000, "clean": 1000}
    page.click("[data-submit] button")
    page.wait_for_url("**/judge/")
    assert page.inner_text(".sheetlink >> nth=0").count("已提交") == 1


def test_arrows_and_wheel_never_change_a_mark(address, tablet, hall):
    page = tablet.new_page()
    sign_in(page, address, hall)
    open_sheet(page, address, hall)
    type_mark(page, "dough", "38.5")
    page.focus("[data-aspect=dough] input.markfield")
    page.keyboard.press("ArrowUp")
    page.mouse.wheel(0, 200)
    page.focus("[data-aspect=shape] input >> nth=2")
    page.keyboard.press("2")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    status(page, "online")
    assert current(hall) == {"dough": 38500, "shape": 2000}


def test_marks_typed_without_a_network_are_kept_shown_as_such_and_sent_when_it_is_back(address, tablet, hall):
    page = tablet.new_page()
    sign_in(page, address, hall)
    open_sheet(page, address, hall)
    tablet.set_offline(True)
    type_mark(page, "dough", "38")
    type_mark(page, "dough", "39")
    type_mark(page, "cut", "1")
    status(page, "offline")
    page.wait_for_function(
        "() => document.querySelector('[data-conn]').textContent.includes('3 项评分保存在本机')"
    )
    assert (page.get_attribute("[data-aspect=dough]", "data-receipt"), revisions()) == ("kept", 0)
    tablet.set_offline(False)
    status(page, "online")
    assert (current(hall), revisions()) == ({"dough": 39000, "cut": 1000}, 3)
    assert page.get_attribute("[data-aspect=dough]", "data-receipt") == "stored"


def test_a_closed_tab_loses_nothing(address, tablet, hall):
    page = tablet.new_page()
    sign_in(page, address, hall)
    open_sheet(page, address, hall)
    tablet.set_offline(True)
    type_mark(page, "dough", "38")
    page.wait_for_selector('[data-aspect=dough][data-receipt="kept"]')
    page.close()
    tablet.set_offline(False)
    again = tablet.new_page()
    again.goto(f"{address}/judge/")
    status(again, "online")
    again.wait_for_function("() => !document.querySelector('[data-unsent]:not([hidden])')")
    assert current(hall) == {"dough": 38000}


def test_of_two_tabs_the_second_is_asked_and_the_choice_is_a_new_revision(address, tablet, hall):
    first, second = tablet.new_page(), tablet.new_page()
    sign_in(first, address, hall)
    open_sheet(first, address, hall)
    open_sheet(second, address, hall)
    type_mark(first, "dough", "38")
    status(first, "online")
    first.wait_for_selector('[data-aspect=dough][data-receipt="stored"]')
    type_mark(second, "dough", "20")
    second.wait_for_selector("[data-aspect=dough] [data-choices] button")
    assert current(hall) == {"dough": 38000}
    texts = second.eval_on_selector_all(
        "[data-aspect=dough] [data-choices] button", "all => all.map(b => b.textContent)"
    )
    assert texts == ["保留我的：20", "保留另一个：38"]
    second.click("[data-aspect=dough] [data-choices] button >> nth=0")
    second.wait_for_selector('[data-aspect=dough][data-receipt="stored"]')
    assert (current(hall), revisions()) == ({"dough": 20000}, 2)


def test_a_server_that_answers_503_after_committing_doubles_nothing(address, tablet, hall):
    page = tablet.new_page()
    sign_in(page, address, hall)
    open_sheet(page, address, hall)
    sent = []

    def stumble(route):
        sent.append(route.request.post_data)
        if len(sent) == 1:
            route.fetch()
            route.fulfill(status=503, body="busy")
        else:
            route.continue_()

    page.route("**/judge/sync", stumble)
    type_mark(page, "dough", "38")
    page.wait_for_selector('[data-aspect=dough][data-receipt="stored"]')
    assert (len(sent), current(hall), revisions()) == (2, {"dough": 38000}, 1)


def test_signed_out_meanwhile_the_marks_stay_and_go_after_signing_in_again(address, tablet, hall):
    page = tablet.new_page()
    sign_in(page, address, hall)
    open_sheet(page, address, hall)
    with transaction():
        db.session.execute(sa.update(AccountSession).values(revoked_at=now()))
    type_mark(page, "dough", "38")
    status(page, "signedout")
    assert revisions() == 0
    sign_in(page, address, hall)
    page.goto(f"{address}/judge/")
    status(page, "online")
    page.wait_for_function("() => !document.querySelector('[data-unsent]:not([hidden])')")
    assert current(hall) == {"dough": 38000}


def test_another_judge_on_the_same_tablet_does_not_send_the_first_ones_marks(address, tablet, hall):
    page = tablet.new_page()
    sign_in(page, address, hall, 0)
    open_sheet(page, address, hall)
    tablet.set_offline(True)
    type_mark(page, "dough", "38")
    page.wait_for_selector('[data-aspect=dough][data-receipt="kept"]')
    page.route("**/judge/sync", lambda route: route.abort())
    tablet.set_offline(False)
    sign_in(page, address, hall, 1)
    page.unroute("**/judge/sync")
    page.goto(f"{address}/judge/")
    page.wait_for_selector("[data-others]:not([hidden])")
    assert revisions() == 0
    sign_in(page, address, hall, 0)
    page.goto(f"{address}/judge/")
    page.wait_for_selector("[data-others]", state="hidden")
    page.wait_for_function("() => !document.querySelector('[data-unsent]:not([hidden])')")
    assert current(hall) == {"dough": 38000}


@pytest.mark.parametrize("width", [390, 1024])
def test_the_sheet_fits_the_screen_with_targets_a_glove_can_hit(address, tablet, hall, width):
    page = tablet.new_page()
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(page, address, hall)
    open_sheet(page, address, hall)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => Array.from(document.querySelectorAll("main input:not([type=hidden]), main select, main button, header a, header button"))
            .filter((e) => e.getClientRects().length)
            .map((e) => [e.name || e.textContent.trim(), e.getBoundingClientRect().height])
            .filter(([, height]) => height < 44)"""
    )
    assert small == []
    fonts = page.evaluate(
        """() => Math.min(...Array.from(document.querySelectorAll("body *")).filter((e) => e.textContent.trim())
            .map((e) => parseFloat(getComputedStyle(e).fontSize)))"""
    )
    assert fonts >= 16


LONG = RULES[: RULES.index("[[modules]]")] + (
    '[[modules]]\nkey = "practice"\ntitle_zh = "实操"\nmaximum = 100\n'
    + "".join(
        f'[[modules.parts]]\nkey = "a{n}"\ntitle_zh = "评分点{n}"\nmaximum = 5\nkind = "{kind}"\n'
        for n, kind in enumerate(["marks", "deduction", "judgement", "measurement"] * 5, start=1)
    )
    + RULES[RULES.index("[[rankings]]") :]
)


def test_a_sheet_of_twenty_aspects_is_keyed_with_at_most_sixty_presses_beyond_its_digits(
    app, address, tablet
):
    hall = make_hall(entries=1, judges=1, rules=LONG)
    page = tablet.new_page()
    sign_in(page, address, hall)
    open_sheet(page, address, hall)
    page.focus("[data-aspect=a1] input.markfield")
    presses = 0

    def press(key: str) -> None:
        nonlocal presses
        presses += 1
        page.keyboard.press(key)

    for digits in ["4.5", "1", "2", "1"] * 5:
        page.keyboard.type(digits)
        press("Enter")
    press("Enter")  # the button to the summary has the focus
    page.wait_for_url("**/submit")
    while page.evaluate("!document.activeElement.matches('[data-submit] button.btn--primary')"):
        press("Tab")
    press("Enter")
    page.wait_for_url("**/judge/")
    print(f"{presses} presses beyond the digits for 20 aspects, signature included")
    assert presses <= 60
    assert len(current(hall)) == 20 and hall.sheets()[0].submitted_at is not None
