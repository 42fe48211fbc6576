"""The chief judge's board and the second person's walk in a real browser: live without reloading, by keyboard alone."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from contest.accounts import service as accounts
from contest.accounts.access import SYSTEM
from contest.accounts.models import Account, LinkPurpose, Role
from contest.db import db, now, transaction
from contest.judging import progress, service, verification
from contest.judging.models import Judge
from tests.browsers import device, on_a_device
from tests.judging.builders import VALUES, fill, make_hall, make_officer, mark, submit, typed

pytestmark = on_a_device
LOOK = os.environ.get("LOOK_DIR")  # where to leave pictures for somebody to look at


@pytest.fixture
def hall(app):
    hall = make_hall(entries=4, judges=3)
    for seat, value in enumerate(("0", "2", "1")):
        sheets = hall.sheets(seat)
        fill(hall, sheets[0], hall.actor(seat), {**VALUES, "shape": value})
        fill(hall, sheets[1], hall.actor(seat))
        submit(sheets[1].id, hall.actor(seat))
    mark(hall.actor(0), typed(hall.sheets(0)[2], "dough", "8"))
    with transaction():
        judge = db.session.get_one(Judge, hall.judge_ids[1])
        service.send(hall.event, judge, text="请尽快提交", actor=SYSTEM, at=now())
    return hall


@pytest.fixture
def visit(app, address, chromium):
    """Open a page as somebody, in a window of a size; the window closes itself."""
    contexts = []

    def _visit(account, path, size="desktop", language="zh"):
        with transaction():
            row = db.session.get_one(Account, account.id)
            token = accounts.make_link(row, purpose=LinkPurpose.PERSONAL_QR, actor=SYSTEM, at=now())
        context = device(chromium, size, language)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}/s/{token}")
        page.click("main form button")
        page.goto(address + path)
        return page

    yield _visit
    for context in contexts:
        context.close()


def look(page, name):
    if LOOK:
        page.screenshot(path=str(Path(LOOK) / f"{name}.png"), full_page=True)


def test_the_board_shows_a_new_mark_without_being_reloaded(hall, visit):
    page = visit(make_officer(hall, Role.CHIEF_JUDGE), f"/events/{hall.event_id}/board")
    page.wait_for_selector('[data-live][data-state="live"]')
    look(page, "board-zh")
    page.evaluate("window.stillHere = true")
    assert (
        page.locator(".table--grid tbody tr", has_text="K04").locator("td").first.inner_text().strip()
        == "未开始"
    )
    mark(hall.actor(0), typed(hall.sheets(0)[3], "dough", "8"))
    page.locator(".table--grid tr", has_text="K04").get_by_text("1/4").wait_for()
    assert page.evaluate("window.stillHere") is True


def a_stream(event_id: int):
    """One of the process's streams, taken; one that the test before left open ends with its next beat."""
    for _ in range(100):
        stream = progress.beats(event_id, seconds=600, every=0)
        if next(stream).startswith("retry"):
            return stream
        time.sleep(0.2)
    raise AssertionError("no stream became free")


def test_a_board_that_gets_no_stream_asks_instead(hall, visit):
    held = [a_stream(hall.event_id) for _ in range(progress.STREAMS)]
    page = visit(make_officer(hall, Role.CHIEF_JUDGE), f"/events/{hall.event_id}/board", language="en")
    page.wait_for_selector('[data-live][data-state="asking"]')
    look(page, "board-en")
    for one in held:
        one.close()
    mark(hall.actor(0), typed(hall.sheets(0)[3], "dough", "8"))
    row = page.locator(".table--grid tr", has_text="K04")
    row.get_by_text("1/4").wait_for()
    assert [text for text in row.locator("td").all_inner_texts() if "1/4" in text] != []
    assert page.get_attribute("[data-live]", "data-state") in (
        "asking",
        "live",
    )  # the freed stream may be taken again


def test_an_open_menu_is_left_alone_until_it_is_closed(hall, visit):
    page = visit(make_officer(hall, Role.CHIEF_JUDGE), f"/events/{hall.event_id}/board")
    page.wait_for_selector('[data-live][data-state="live"]')
    page.locator("#board summary", has_text="消息").first.click()
    page.locator("#board input[name=text]").first.fill("请到三号工位")
    mark(hall.actor(0), typed(hall.sheets(0)[3], "dough", "8"))
    page.wait_for_selector('[data-live][data-state="held"]')
    assert page.locator("#board input[name=text]").first.input_value() == "请到三号工位"


def listening(page):
    """The page's script hears keys: it has put the focus on the button for right."""
    page.wait_for_function(
        "document.activeElement && document.activeElement.closest('[data-check]') !== null"
    )


def test_the_pile_is_walked_with_plus_and_minus_alone(hall, visit):
    page = visit(make_officer(hall, Role.SCOREKEEPER), f"/events/{hall.event_id}/checking")
    look(page, "checking-zh")
    page.get_by_role("link", name="从第一张未复核的开始").click()
    listening(page)
    look(page, "check-sheet-zh")
    page.keyboard.press("+")
    page.wait_for_selector("text=2 张未复核")
    listening(page)
    page.keyboard.press("-")
    page.keyboard.type("第 3 项应为 2")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 张未复核")
    listening(page)
    page.keyboard.press("+")
    page.wait_for_selector("text=这一摞已全部复核完毕")
    found = [(row.state, row.note) for row in verification.pile(hall.event_id)]
    assert found == [("right", ""), ("wrong", "第 3 项应为 2"), ("right", "")]


def test_a_tablet_shows_the_message_and_the_talk_and_takes_the_mark_after_it(hall, visit):
    page = visit(hall.account(1), "/judge/", size="tablet")
    page.wait_for_selector("text=请尽快提交")
    page.wait_for_selector("text=您所在的裁判组有 1 项得分须合议")
    look(page, "tablet-home-zh")
    page.get_by_role("button", name="我已知悉").click()
    page.wait_for_selector("text=请尽快提交", state="detached")
    page.get_by_role("link", name="打开").click()
    page.locator("a.sheetlink").click()
    look(page, "talk-zh")
    boxes = [one.bounding_box() for one in page.locator(".bigbutton").all()]
    assert min(box["height"] for box in boxes) >= 44
    page.locator(".bigbutton").nth(1).click()
    page.get_by_label("合议意见").fill("边缘不齐")
    page.get_by_role("button", name="保存得分").click()
    page.wait_for_selector("text=没有需要合议的评分点")
