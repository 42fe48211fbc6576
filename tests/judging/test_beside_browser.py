"""What stands beside the marks, on a tablet in a real browser: with a network, without one, and after a reload."""

from __future__ import annotations

import base64
import io
from uuid import UUID

import pytest
import sqlalchemy as sa
from PIL import Image

from contest.db import db, now, transaction
from contest.judging import queries, service
from contest.judging.models import MarkRevision, SheetSignature
from contest.judging.note_models import Problem, SheetComment, SheetPhoto, Timing
from tests.browsers import on_a_device
from tests.judging.builders import Hall, make_hall, typed
from tests.judging.test_notes import COMMENTED, TIMED
from tests.judging.test_tablet_browser import current, open_sheet, ready, sign_in, type_mark

pytestmark = on_a_device


@pytest.fixture
def hall(app) -> Hall:
    return make_hall(entries=3, judges=2, rules=TIMED)


def count(table: type) -> int:
    db.session.rollback()
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def until(page, table: type, wanted: int) -> None:
    """The server holds so many rows; asked again and again, as a person would reload."""
    for _ in range(60):
        if count(table) == wanted:
            return
        page.wait_for_timeout(100)
    assert count(table) == wanted


def opened(page, address: str, hall: Hall) -> None:
    sign_in(page, address, hall)
    open_sheet(page, address, hall)


def comment(page, aspect: str, text: str) -> None:
    page.click(f"[data-aspect={aspect}] [data-comment] summary")
    page.fill(f"[data-aspect={aspect}] [data-comment] textarea", text)
    page.focus("[data-aspect=dough] input.markfield")


def test_a_comment_written_without_a_network_survives_the_reload_and_is_sent_once(address, tablet, hall):
    page = tablet.new_page()
    opened(page, address, hall)
    page.route("**/judge/notes", lambda route: route.abort())
    comment(page, "dough", "面团偏干")
    page.reload()
    ready(page)
    page.wait_for_selector("[data-aspect=dough] [data-comment-text]:has-text('面团偏干')", state="attached")
    assert count(SheetComment) == 0
    page.unroute("**/judge/notes")
    page.reload()
    until(page, SheetComment, 1)
    page.reload()
    ready(page)
    assert page.input_value("[data-aspect=dough] [data-comment] textarea") == "面团偏干"
    assert count(SheetComment) == 1


def test_a_server_that_stumbles_after_keeping_a_comment_keeps_it_once(address, tablet, hall):
    page = tablet.new_page()
    opened(page, address, hall)
    sent = []

    def stumble(route):
        sent.append(1)
        if len(sent) == 1:
            route.fetch()
            route.fulfill(status=503, body="busy")
        else:
            route.continue_()

    page.route("**/judge/notes", stumble)
    comment(page, "dough", "面团偏干")
    page.wait_for_function(
        "() => document.querySelector('[data-aspect=dough] [data-comment-receipt]').textContent.includes('已送达')"
    )
    assert (len(sent), count(SheetComment)) == (2, 1)


def test_the_clock_goes_on_through_a_reload_and_its_time_becomes_the_mark_when_confirmed(
    address, tablet, hall
):
    page = tablet.new_page()
    page.clock.install()
    opened(page, address, hall)
    page.click("[data-clock-start]")
    until(page, Timing, 1)
    page.clock.fast_forward(90_000)
    page.route("**/judge/notes", lambda route: route.abort())
    page.click("[data-clock-extra]")
    page.fill("[data-clock-minutes]", "1")
    page.click("[data-clock-give]")
    page.reload()
    ready(page)
    page.wait_for_function("() => /^0:3[0-9]$/.test(document.querySelector('[data-clock-face]').textContent)")
    page.clock.fast_forward(600_000)
    page.unroute("**/judge/notes")
    page.click("[data-clock-stop]")
    page.click("[data-clock-cause=finished]")
    face = page.inner_text("[data-clock-face]")
    assert page.input_value("[data-aspect=used] input.markfield") == ""
    page.click("[data-clock-use]")
    minutes, seconds = map(int, face.split(":"))
    assert 10 * 60 + 30 <= minutes * 60 + seconds <= 10 * 60 + 50
    page.wait_for_selector('[data-aspect=used][data-receipt="stored"]')
    assert current(hall) == {"used": (minutes * 60 + seconds) * 1000}
    page.clock.run_for(70_000)
    until(page, Timing, 3)


def test_one_tap_calls_the_chief_judge_and_without_a_network_the_call_waits(address, tablet, hall):
    page = tablet.new_page()
    opened(page, address, hall)
    page.click("[data-problem] summary")
    page.click("[data-problem] button[value=equipment]")
    until(page, Problem, 1)
    tablet.set_offline(True)
    page.click("[data-problem] button[value=other]")
    assert "文字" in page.inner_text("[data-problem-said]")
    page.fill("[data-problem] textarea", "选手对工件有异议")
    page.click("[data-problem] button[value=dispute]")
    tablet.set_offline(False)
    until(page, Problem, 2)
    assert [line.kind.value for line in queries.open_problems(hall.event_id)] == ["equipment", "dispute"]


def big_picture() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Demo camera"
    out = io.BytesIO()
    Image.effect_noise((2000, 900), 10).convert("RGB").save(out, "JPEG", quality=70, exif=exif.tobytes())
    return out.getvalue()


def test_a_photo_is_shrunk_on_the_device_loses_its_hidden_data_and_waits_for_the_network(
    address, tablet, hall
):
    page = tablet.new_page()
    opened(page, address, hall)
    before = big_picture()
    assert b"Demo camera" in before
    told = page.evaluate(
        """async (text) => {
            const here = document.querySelector("script[src*='sheet.js']").src;
            const { shrunk } = await import(here.replace("sheet.js", "camera.js"));
            const source = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
            const bytes = new Uint8Array(await shrunk(new Blob([source], { type: "image/jpeg" })));
            return new TextDecoder("latin1").decode(bytes).includes("Demo camera");
        }""",
        base64.b64encode(before).decode(),
    )
    assert told is False
    page.route("**/judge/photos", lambda route: route.abort())
    field = "[data-aspect=dough] [data-camera] input[type=file]"
    page.set_input_files(field, {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": before})
    page.wait_for_selector("[data-aspect=dough] [data-photos] img")
    page.unroute("**/judge/photos")
    page.reload()
    until(page, SheetPhoto, 1)
    row = db.session.scalars(sa.select(SheetPhoto)).one()
    with Image.open(io.BytesIO(page.request.get(f"{address}/photos/{row.id}").body())) as stored:
        assert (stored.format, max(stored.size), dict(stored.getexif())) == ("JPEG", 1600, {})


def test_what_is_no_picture_is_refused_on_the_device_in_words(address, tablet, hall):
    page = tablet.new_page()
    opened(page, address, hall)
    fake = {"name": "IMG_2.jpg", "mimeType": "image/jpeg", "buffer": b"<script>alert(1)</script>"}
    page.set_input_files("[data-aspect=dough] [data-camera] input[type=file]", fake)
    page.wait_for_function(
        "() => document.querySelector('[data-aspect=dough] [data-photo-receipt]').textContent.includes('JPEG')"
    )
    assert count(SheetPhoto) == 0


def test_undo_puts_the_former_value_back_as_a_revision_that_says_so(address, tablet, hall):
    page = tablet.new_page()
    opened(page, address, hall)
    type_mark(page, "dough", "38")
    type_mark(page, "dough", "3.5")
    type_mark(page, "cut", "2")
    page.click("[data-undo]")
    assert page.evaluate("document.activeElement.closest('section').dataset.aspect") == "cut"
    page.click("[data-undo]")
    page.wait_for_function("() => document.querySelector('[data-aspect=dough] input').value === '38'")
    until(page, MarkRevision, 4)
    rows = db.session.execute(
        sa.select(MarkRevision.value_milli, MarkRevision.comment).order_by(MarkRevision.id)
    ).all()
    assert sorted(map(tuple, rows)) == [(2000, ""), (3500, ""), (38000, ""), (38000, "裁判员撤销")]
    assert current(hall) == {"dough": 38000, "cut": 2000}


def test_one_aspect_is_marked_for_all_contestants_each_on_the_own_sheet(address, tablet, hall):
    page = tablet.new_page()
    opened(page, address, hall)
    page.click("[data-aspect=dough] a.across")
    page.wait_for_selector("[data-undo]:not([hidden])")
    page.focus("input.markfield >> nth=0")
    for keys in ("31", "32", "33"):
        page.keyboard.type(keys)
        page.keyboard.press("Enter")
    until(page, MarkRevision, 3)
    found = [queries.marks_of(sheet.id)[("dough", 1)].milli for sheet in hall.sheets()]
    assert found == [31000, 32000, 33000]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1024


def draw(page) -> None:
    box = page.locator("[data-pad] canvas:visible").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(8):
        page.mouse.move(box["x"] + 60 + 40 * step, box["y"] + 40 + 60 * (step % 2))
    page.mouse.up()


def fill_sheet(page) -> None:
    type_mark(page, "dough", "38.5")
    type_mark(page, "cut", "2.5")
    page.click("[data-aspect=shape] .bigbutton >> nth=3")
    page.click("[data-aspect=clean] .bigbutton >> nth=0")
    type_mark(page, "used", "12:30")


def test_a_sheet_is_signed_without_a_network_over_the_marks_on_the_screen(address, tablet, hall):
    page = tablet.new_page()
    opened(page, address, hall)
    tablet.set_offline(True)
    fill_sheet(page)
    page.click("[data-to-summary]")
    page.wait_for_selector("[data-signing] h1")
    assert (
        page.inner_text("[data-sign-rows]").count("12:30") + page.inner_text("[data-sign-rows]").count("750")
        == 1
    )
    page.click("[data-sign-do]")
    assert "签名" in page.inner_text("[data-sign-problem]")
    draw(page)
    page.click("[data-sign-do]")
    page.wait_for_selector("[data-signed]")
    assert page.is_disabled("[data-aspect=dough] input.markfield")
    assert (count(MarkRevision), count(SheetSignature)) == (0, 0)
    tablet.set_offline(False)
    until(page, SheetSignature, 1)
    page.wait_for_url("**/judge/")
    db.session.rollback()
    sheet = hall.sheets()[0]
    (signature,) = db.session.scalars(sa.select(SheetSignature)).all()
    assert sheet.submitted_digest == signature.digest == service.digest_of_marks(sheet.id)
    assert signature.method == "drawn" and signature.drawing.startswith("M")
    assert current(hall) == {"dough": 38500, "cut": 2500, "shape": 3000, "clean": 1000, "used": 750_000}


def test_a_signature_over_marks_that_another_device_changed_comes_back_to_the_judge(address, tablet, hall):
    page = tablet.new_page()
    opened(page, address, hall)
    fill_sheet(page)
    until(page, MarkRevision, 5)
    tablet.set_offline(True)
    page.click("[data-to-summary]")
    page.wait_for_selector("[data-signing] h1")
    draw(page)
    page.click("[data-sign-do]")
    page.wait_for_selector("[data-signed]")
    sheet = hall.sheets()[0]
    standing = queries.marks_of(sheet.id)[("dough", 1)].uuid
    other = typed(sheet, "dough", "12", replaces=UUID(standing))
    with transaction():
        assert service.record_marks(hall.actor(), [other], at=now())[0].status == "stored"
    tablet.set_offline(False)
    page.wait_for_function("() => document.querySelector('[data-signed-text]').textContent.includes('不同')")
    assert count(SheetSignature) == 0
    page.click("[data-unsign]")
    ready(page)
    page.wait_for_selector("[data-aspect=dough] input.markfield:enabled")


def test_drawn_on_the_summary_the_signature_is_kept_with_the_sheet(address, tablet, hall):
    page = tablet.new_page()
    opened(page, address, hall)
    fill_sheet(page)
    page.click("[data-to-summary]")
    page.wait_for_url("**/submit")
    draw(page)
    page.click("[data-submit] button.btn--primary")
    page.wait_for_url("**/judge/")
    assert [one.method for one in db.session.scalars(sa.select(SheetSignature))] == ["drawn"]


def test_a_comment_that_the_rules_ask_for_is_asked_for_at_its_place(app, address, tablet):
    hall = make_hall(entries=1, judges=1, rules=COMMENTED)
    page = tablet.new_page()
    opened(page, address, hall)
    type_mark(page, "dough", "39.5")
    page.wait_for_selector("[data-aspect=dough] [data-comment-wanted]:not([hidden])")
    type_mark(page, "cut", "2.5")
    page.click("[data-aspect=shape] .bigbutton >> nth=2")
    page.click("[data-aspect=clean] .bigbutton >> nth=0")
    page.click("[data-to-summary]")
    page.wait_for_selector("[data-aspect=dough] [data-comment][open]")
    page.fill("[data-aspect=dough] [data-comment] textarea", "几乎完美")
    page.click("[data-to-summary]")
    page.wait_for_url("**/submit")
    page.wait_for_selector("text=几乎完美")
    assert not page.is_disabled("[data-submit] button.btn--primary")
