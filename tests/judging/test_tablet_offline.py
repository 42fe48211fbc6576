"""The tablet as an app: without a network after the first visit, with another judge, with a full storage, after a day."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from contest.accounts import pins
from contest.accounts.access import SYSTEM
from contest.accounts.models import AccountSession, Role
from contest.db import db, now, transaction
from contest.judging import outbox_files, queries, views_check
from contest.judging.models import DeviceReport, MarkRevision
from tests.browsers import PLAIN_HOST, device, on_a_device
from tests.judging.builders import Hall, actor_of, make_hall, make_officer
from tests.judging.test_tablet_browser import current, ready, revisions, sign_in, status, type_mark

pytestmark = on_a_device
DAY = 24 * 3600 * 1000
WHOLE = {"dough": 38500, "cut": 2500, "shape": 3000, "clean": 1000}


@pytest.fixture
def hall(app) -> Hall:
    return make_hall(entries=3, judges=2)


def open_list(page, address, hall, judge=0) -> str:
    """Sign in and wait until every sheet of the list can be opened without a network. Returns the code's token."""
    token = sign_in(page, address, hall, judge)
    page.goto(f"{address}/judge/")
    page.wait_for_selector("[data-ready]:not([hidden])")
    return token


def mark_whole(page) -> None:
    type_mark(page, "dough", "38.5")
    type_mark(page, "cut", "2.5")
    page.focus("[data-aspect=shape] input >> nth=0")
    page.keyboard.press("3")
    page.focus("[data-aspect=clean] input >> nth=0")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-aspect=clean][data-receipt="kept"]')


def shown(page) -> dict[str, str]:
    """What the fields of the sheet show, by aspect."""
    return page.evaluate(
        """() => Object.fromEntries(Array.from(document.querySelectorAll("[data-aspect]")).map((one) => {
            const chosen = one.querySelector("[data-buttons] input:checked");
            const field = one.querySelector("[data-field]");
            return [one.dataset.aspect, field ? field.value : chosen ? chosen.value : ""];
        }).filter(([, value]) => value))"""
    )


def sent(page) -> None:
    """Nothing waits any more."""
    page.wait_for_function("() => !document.querySelector('[data-unsent]:not([hidden])')")
    status(page, "online")


def test_a_whole_sheet_never_opened_before_is_marked_without_a_network_and_arrives_as_typed(
    address, served, tablet, hall
):
    page = tablet.new_page()
    open_list(page, address, hall)
    served.stop()
    page.goto(f"{address}/judge/")
    page.click(".sheetlink >> nth=0")
    ready(page)
    mark_whole(page)
    status(page, "offline")
    page.reload()
    ready(page)
    page.wait_for_selector('[data-aspect=clean][data-receipt="kept"]')
    assert shown(page) == {"dough": "38.5", "cut": "2.5", "shape": "3", "clean": "1"}
    page.close()
    again = tablet.new_page()
    again.goto(f"{address}/judge/")
    again.wait_for_selector("[data-unsent]:not([hidden])")
    assert again.inner_text("[data-unsent]:not([hidden])").strip() == "4 项评分"
    assert revisions() == 0
    served.start()
    again.evaluate("window.dispatchEvent(new Event('online'))")
    sent(again)
    assert (current(hall), revisions()) == (WHOLE, 4)


def test_marks_acknowledged_after_the_page_was_kept_are_shown_on_the_kept_page(address, served, tablet, hall):
    page = tablet.new_page()
    open_list(page, address, hall)
    page.click(".sheetlink >> nth=0")
    ready(page)
    type_mark(page, "dough", "38")
    page.wait_for_selector('[data-aspect=dough][data-receipt="stored"]')
    served.stop()
    page.reload()
    ready(page)
    page.wait_for_selector("html[data-kept]")
    page.wait_for_function("() => document.querySelector('[data-aspect=dough] input').value === '38'")
    type_mark(page, "dough", "39")
    status(page, "offline")
    served.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector('[data-aspect=dough][data-receipt="stored"]')
    assert (current(hall), revisions()) == ({"dough": 39000}, 2)


def test_two_tablets_on_one_sheet_the_second_reads_until_it_takes_over_and_nothing_is_lost(
    address, chromium, tablet, hall
):
    first = tablet.new_page()
    token = open_list(first, address, hall)
    first.click(".sheetlink >> nth=0")
    ready(first)
    tablet.set_offline(True)
    type_mark(first, "dough", "38")
    other = device(chromium)
    second = other.new_page()
    second.goto(f"{address}/s/{token}")  # the same code, scanned with another tablet
    second.click("main form button")
    second.goto(f"{address}/judge/")
    second.wait_for_selector("[data-elsewhere]:not([hidden])")
    second.click(".sheetlink >> nth=0")
    ready(second)
    second.wait_for_selector("[data-aspect=dough] input.markfield:disabled")
    second.click("[data-elsewhere] button")
    second.wait_for_url("**/judge/")
    second.click(".sheetlink >> nth=0")
    ready(second)
    assert second.is_visible("[data-elsewhere]") is False
    type_mark(second, "cut", "1")
    second.wait_for_selector('[data-aspect=cut][data-receipt="stored"]')
    tablet.set_offline(False)
    first.wait_for_selector("[data-elsewhere]:not([hidden])")
    first.wait_for_selector('[data-aspect=dough][data-receipt="stored"]')
    first.wait_for_selector("[data-aspect=cut] input.markfield:disabled")
    assert (current(hall), revisions()) == ({"dough": 38000, "cut": 1000}, 2)
    other.close()


def test_a_clock_wrong_by_a_day_changes_no_mark_and_is_told_to_the_hall(address, tablet, hall):
    tablet.add_init_script(
        f"const real = Date.now; Date.now = () => real() - {DAY}; "
        f"const Old = Date; window.Date = class extends Old {{ constructor(...a) {{ a.length ? super(...a) : super(Date.now()); }}"
        f" static now() {{ return real() - {DAY}; }} }};"
    )
    page = tablet.new_page()
    open_list(page, address, hall)
    page.click(".sheetlink >> nth=0")
    ready(page)
    type_mark(page, "dough", "38")
    page.wait_for_selector('[data-aspect=dough][data-receipt="stored"]')
    assert current(hall) == {"dough": 38000}
    mark = db.session.scalars(sa.select(MarkRevision)).one()
    assert 86_000 < (mark.recorded_at - mark.typed_at).total_seconds() < 86_800
    report = db.session.scalars(sa.select(DeviceReport)).one()
    assert abs(report.skew_ms + DAY) < 60_000


def test_with_a_full_storage_the_judge_is_told_and_the_mark_is_sent_all_the_same(address, tablet, hall):
    page = tablet.new_page()
    open_list(page, address, hall)
    page.click(".sheetlink >> nth=0")
    ready(page)
    page.evaluate(
        """() => { IDBObjectStore.prototype.put = function () {
            this.transaction.abort(); throw new DOMException("full", "QuotaExceededError"); }; }"""
    )
    tablet.set_offline(True)
    type_mark(page, "dough", "38")
    page.wait_for_selector("[data-not-durable]:not([hidden])")
    status(page, "offline")
    tablet.set_offline(False)
    page.wait_for_selector('[data-aspect=dough][data-receipt="stored"]')
    assert current(hall) == {"dough": 38000}


def test_an_outbox_ten_hours_old_is_sent_whole_and_says_its_age(address, served, tablet, hall):
    page = tablet.new_page()
    open_list(page, address, hall)
    served.stop()
    page.click(".sheetlink >> nth=0")
    ready(page)
    mark_whole(page)
    page.evaluate(
        """async () => {
            const database = await new Promise((done) => {
                const asked = indexedDB.open("judging-outbox");
                asked.onsuccess = () => done(asked.result);
            });
            const store = () => database.transaction("marks", "readwrite").objectStore("marks");
            const rows = await new Promise((done) => { const all = store().getAll(); all.onsuccess = () => done(all.result); });
            for (const row of rows) {
                row.typed_at = new Date(Date.parse(row.typed_at) - 10 * 3600 * 1000).toISOString();
                row.sequence -= 10 * 3600 * 1000;
                await new Promise((done) => { store().put(row).onsuccess = done; });
            }
            database.close();
        }"""
    )
    page.reload()
    status(page, "offline")
    assert re.search(r"4 项.*600 分钟", page.inner_text("[data-conn]"))
    served.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector('[data-aspect=clean][data-receipt="stored"]')
    assert (current(hall), revisions()) == (WHOLE, 4)


def test_revoked_while_offline_the_marks_stay_the_pages_go_and_the_page_says_what_to_do(
    address, served, tablet, hall
):
    page = tablet.new_page()
    open_list(page, address, hall)
    page.click(".sheetlink >> nth=0")
    ready(page)
    served.stop()
    type_mark(page, "dough", "38")
    status(page, "offline")
    with transaction():
        db.session.execute(sa.update(AccountSession).values(revoked_at=now()))
    served.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    status(page, "signedout")
    assert "1 项" in page.inner_text("[data-signed-out-note]")
    page.wait_for_function("async () => !(await caches.has('judge-pages'))")
    assert revisions() == 0
    served.stop()
    page.goto(f"{address}/judge/")
    assert hall.sheets()[0].work_code not in page.inner_text("body")
    served.start()
    sign_in(page, address, hall)
    page.goto(f"{address}/judge/")
    sent(page)
    assert current(hall) == {"dough": 38000}


def test_kept_pages_of_one_judge_are_never_shown_to_the_next_on_the_same_device(
    address, served, tablet, hall
):
    page = tablet.new_page()
    open_list(page, address, hall, 0)
    sheet = f"{address}/judge/sheets/{hall.sheets(0)[0].public_id}"
    page.click("[data-sign-out] button")
    page.wait_for_url(f"{address}/")
    served.stop()
    page.goto(sheet)
    assert "K01" not in page.inner_text("body")
    served.start()
    open_list(page, address, hall, 0)
    sign_in(page, address, hall, 1)  # without signing out: the second judge takes the tablet
    served.stop()
    page.goto(sheet)
    assert "K01" not in page.inner_text("body")


def test_a_new_version_takes_over_and_the_outbox_stays(address, app, served, tablet, hall, tmp_path):
    page = tablet.new_page()
    open_list(page, address, hall)
    page.click(".sheetlink >> nth=0")
    ready(page)
    page.route("**/judge/sync", lambda route: route.abort())
    type_mark(page, "dough", "38")
    page.wait_for_selector('[data-aspect=dough][data-receipt="kept"]')
    changed = tmp_path / "static"
    shutil.copytree(app.static_folder, changed, ignore=shutil.ignore_patterns("fonts"))
    style = changed / "css" / "tablet.css"
    style.write_text(style.read_text() + "\n.newer { color: red; }\n")
    app.static_folder = str(changed)
    page.goto(f"{address}/judge/")
    page.wait_for_function(
        """async () => {
            const shells = (await caches.keys()).filter((name) => name.startsWith("shell-"));
            return shells.length === 1 && document.querySelector("link[href*=tablet]").href.includes(shells[0].slice(6));
        }"""
    )
    served.stop()
    page.goto(f"{address}/judge/")
    page.click(".sheetlink >> nth=0")
    ready(page)
    assert shown(page) == {"dough": "38"}
    served.start()
    page.unroute("**/judge/sync")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector('[data-aspect=dough][data-receipt="stored"]')
    assert (current(hall), revisions()) == ({"dough": 38000}, 1)


def test_the_first_load_of_the_app_is_at_most_100_kilobytes_compressed(address, tablet, hall):
    page = tablet.new_page()
    sign_in(page, address, hall)
    session = tablet.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    found: list[tuple[str, int]] = []
    names: dict[str, str] = {}
    session.on("Network.responseReceived", lambda e: names.update({e["requestId"]: e["response"]["url"]}))
    session.on(
        "Network.loadingFinished",
        lambda e: found.append((names.get(e["requestId"], ""), int(e["encodedDataLength"]))),
    )
    page.goto(f"{address}/judge/")
    page.click(".sheetlink >> nth=0")
    ready(page)
    page.wait_for_timeout(500)
    total = sum(size for _, size in found)
    print(f"first load: {total / 1000:.1f} kB in {len(found)} answers, headers included")
    assert 10_000 < total <= 100_000


def test_the_outbox_leaves_as_a_file_without_a_network_and_sending_it_later_doubles_nothing(
    address, served, tablet, hall, app
):
    page = tablet.new_page()
    open_list(page, address, hall)
    page.click(".sheetlink >> nth=0")
    ready(page)
    served.stop()
    mark_whole(page)
    page.goto(f"{address}/judge/")
    page.click("[data-last-resort] summary")
    with page.expect_download() as waiting:
        page.click("[data-save-file]")
    content = Path(waiting.value.path()).read_bytes()
    page.click("[data-show-text]")
    assert json.loads(page.input_value("[data-last-resort] textarea"))["format"] == "contest-outbox-1"
    scorekeeper = actor_of(make_officer(hall, Role.SCOREKEEPER).id)
    with transaction():
        row = outbox_files.bring_in(
            hall.event, content=content, secret=app.secret_key, actor=scorekeeper, at=now()
        )
        assert row.report["counts"] == {"stored": 4}
        row_id = row.id
    assert revisions() == 0
    with transaction():
        kept = outbox_files.outbox_file_of(hall.event_id, row_id)
        outbox_files.confirm(kept, hall.event, secret=app.secret_key, actor=scorekeeper, at=now())
    assert (current(hall), revisions()) == (WHOLE, 4)
    served.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    sent(page)
    page.wait_for_selector("[data-last-resort]", state="hidden")
    assert (current(hall), revisions()) == (WHOLE, 4)


def with_pin(hall, app, pin="2580") -> None:
    app.config["IDLE_SECONDS"] = 2
    with transaction():
        pins.set_pin(hall.account(), pin=pin, actor=SYSTEM, at=now())


def test_after_a_pause_the_list_asks_for_the_pin_and_an_open_sheet_never_does(address, app, tablet, hall):
    page = tablet.new_page()
    with_pin(hall, app)
    sign_in(page, address, hall)
    page.wait_for_url("**/judge/")
    page.click(".sheetlink >> nth=0")
    ready(page)
    page.fill("[data-aspect=dough] input.markfield", "38")
    page.wait_for_timeout(5000)
    assert "/judge/sheets/" in page.url
    page.press("[data-aspect=dough] input.markfield", "Enter")
    page.wait_for_selector('[data-aspect=dough][data-receipt="stored"]')
    page.goto(f"{address}/judge/")
    page.wait_for_url("**/account/unlock**", timeout=15_000)
    page.fill("#pin", "2580")
    page.press("#pin", "Enter")
    page.wait_for_url("**/judge/")
    assert current(hall) == {"dough": 38000}


def test_without_a_network_the_device_itself_asks_for_the_pin(address, app, served, tablet, hall):
    page = tablet.new_page()
    sign_in(page, address, hall)
    app.config["IDLE_SECONDS"] = 3
    page.wait_for_url("**/account/pin**")
    page.fill("#pin", "2580")
    page.press("#pin", "Enter")
    page.wait_for_url("**/judge/")
    page.wait_for_selector("[data-ready]:not([hidden])")
    served.stop()
    page.wait_for_selector("[data-cover]:not([hidden])")
    assert page.is_visible(".sheetlink") is False
    page.reload()
    page.wait_for_selector("[data-cover]:not([hidden])")
    page.fill("#cover-pin", "0000")
    page.press("#cover-pin", "Enter")
    assert page.is_visible("[data-cover-error]")
    page.fill("#cover-pin", "2580")
    page.press("#cover-pin", "Enter")
    page.wait_for_selector("[data-cover]", state="hidden")
    assert page.is_visible(".sheetlink >> nth=0")


def test_the_device_check_says_what_the_tablet_can_do_and_the_hall_reads_it(address, tablet, hall):
    page = tablet.new_page()
    sign_in(page, address, hall)
    page.goto(f"{address}/judge/check")
    page.wait_for_function("() => document.querySelector('[data-told]').textContent !== ''")
    states = page.evaluate(
        "() => Object.fromEntries(Array.from(document.querySelectorAll('[data-test]')).map((r) => [r.dataset.test, r.dataset.state]))"
    )
    assert set(states) == set(views_check.TESTS)
    assert "bad" not in states.values()
    [check] = queries.checks_of(hall.event_id)
    assert (check.judge, check.is_good, {name: one["state"] for name, one in check.results.items()}) == (
        "裁判1",
        True,
        states,
    )


def test_on_plain_http_there_is_no_worker_and_a_closed_tab_loses_nothing_all_the_same(served, tablet, hall):
    address = f"http://{PLAIN_HOST}:{served.port}"
    page = tablet.new_page()
    sign_in(page, address, hall)
    page.goto(f"{address}/judge/")
    page.wait_for_selector("[data-no-worker]:not([hidden])")
    assert page.evaluate("window.isSecureContext") is False
    page.click(".sheetlink >> nth=0")
    ready(page)
    served.stop()
    mark_whole(page)
    status(page, "offline")
    page.close()
    served.start()
    again = tablet.new_page()
    again.goto(f"{address}/judge/")
    sent(again)
    assert (current(hall), revisions()) == (WHOLE, 4)


@pytest.mark.parametrize("app_name", ["MicroMessenger/8.0.49", "DingTalk/7.6.0", "QQ/9.0.60"])
def test_inside_another_apps_web_view_a_banner_asks_for_the_browser_and_marking_works(
    address, chromium, hall, app_name
):
    agent = f"Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/107.0.5304.141 Mobile Safari/537.36 {app_name}"
    context = device(chromium, "phone", user_agent=agent, service_workers="block")
    page = context.new_page()
    sign_in(page, address, hall)
    page.goto(f"{address}/judge/")
    page.wait_for_selector("[data-inside-app]:not([hidden])")
    assert page.is_visible("[data-no-worker]") is False
    page.click(".sheetlink >> nth=0")
    ready(page)
    type_mark(page, "dough", "38")
    page.wait_for_selector('[data-aspect=dough][data-receipt="stored"]')
    assert current(hall) == {"dough": 38000}
    context.close()
