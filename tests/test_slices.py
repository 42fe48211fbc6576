"""Characters that old machines lack come in slices of the shipped fonts, and only when they stand on a page."""

import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from contest import glyphs, slices
from tests.browsers import on_a_device

ROOT = Path(__file__).resolve().parent.parent
TABLE = (ROOT / "tests" / "platform" / "tongyong.txt").read_text("utf-8").split()
RARE = [one for one in "".join(TABLE) if slices.slices() and not slices._is_common(ord(one))]


def test_the_style_sheet_is_what_the_fonts_say():
    assert (ROOT / "static" / "css" / "rare.css").read_text("utf-8") == slices.style()


def test_every_character_of_the_table_is_in_gbk_or_in_a_slice():
    held = {code for codes in slices.slices().values() for code in codes}
    assert (len(set("".join(TABLE))), len(RARE)) == (8105, 276)
    assert [one for one in RARE if ord(one) not in held] == []


def test_no_slice_holds_what_every_chinese_font_has():
    common = set("人民赛奖裁判员一二三，。")
    assert common & {chr(code) for codes in slices.slices().values() for code in codes} == set()


@pytest.mark.parametrize("name", ["䶮", "𠅤", "㛃", "𬭎"])
def test_a_slice_holds_its_character_and_is_small(app, client, name):
    letter = "k" if glyphs.covers(glyphs.KAI, name) else "r"
    answer = client.get(f"/static/fonts/slices/{letter}{ord(name) >> 8:x}.woff2")
    assert (answer.status_code, answer.mimetype) == (200, "font/woff2")
    assert len(answer.data) < 80_000
    assert ord(name) in TTFont(io.BytesIO(answer.data)).getBestCmap()


@pytest.mark.parametrize("file", ["k4e.woff2", "x200.woff2", "k2000.woff2", "k200.ttf"])
def test_there_is_no_slice_that_the_style_sheet_does_not_name(app, client, file):
    assert client.get(f"/static/fonts/slices/{file}").status_code == 404


def test_tibetan_and_uyghur_come_whole_because_their_letters_join(app, client):
    found = {key: client.get(f"/static/fonts/slices/{key}.woff") for key in ("tf", "n6")}
    assert [one.status_code for one in found.values()] == [200, 200]
    assert all("GSUB" in TTFont(io.BytesIO(one.data)) for one in found.values())


@on_a_device[0]
@on_a_device[1]
def test_a_page_fetches_the_slices_of_its_own_rare_characters_and_no_other(chromium, address):
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/fonts/" in one.url else None)
    page.goto(f"{address}/verify")
    page.evaluate("document.fonts.ready")
    assert asked == []
    # 𬭎 and 㛃 in no font of the list: the device is told to have none by asking for the fallback families alone.
    page.evaluate(
        "() => { document.body.style.fontFamily = getComputedStyle(document.documentElement)"
        ".getPropertyValue('--font-rare'); document.querySelector('h1').textContent = '𬭎㛃'; }"
    )
    page.wait_for_timeout(1500)
    assert sorted(re.search(r"slices/(\w+)\.", url)[1] for url in asked) == ["k2cb", "k36"]
    page.close()
