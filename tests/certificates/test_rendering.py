"""Certificates as PDF: the holder's name and nobody else's, equal pixels, refusals by name."""

from collections import Counter
from datetime import UTC, datetime

import pypdfium2
import pytest

from contest.certificates import fitting, layers, layouts, pages, pixels, qr, rendering
from tests.certificates.records import LONG_EDITION, SPECIAL, holders

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def _batch(layout, records, **options):
    made = {}
    report = rendering.render_batch(
        layout, records, lambda r, b: made.update({r.key: b}), made_at=NOON, **options
    )
    return report, made


def _text(content: bytes) -> str:
    """A paper's text; by pdfium, which reads a batch of papers in the time pypdf takes for one or two."""
    with pypdfium2.PdfDocument(content) as document:
        (page,) = document
        return "".join(page.get_textpage().get_text_range().split())


def test_every_paper_of_a_batch_holds_its_holders_name_and_nobody_elses():
    records = [r for r in holders(60) if r.values["name"] not in ("བཀྲ་ཤིས", "ئابدۇللا")]
    report, made = _batch(layouts.load("prize"), records)
    texts = {key: _text(content) for key, content in made.items()}
    names = [r.values["name"] for r in records]
    found = {r.key: [name for name in names if name in texts[r.key]] for r in records}
    assert found == {r.key: [r.values["name"]] for r in records}
    assert (report.asked, report.made, report.way, report.refusals) == (58, 58, "layered", [])


def test_number_unit_and_prize_of_each_paper_are_its_own():
    records = holders(12)
    _, made = _batch(layouts.load("prize"), records, sample=1)
    wrong = [
        (r.key, field)
        for r in records
        for field in ("number", "unit", "prize")
        if r.values[field].replace(" ", "") not in _text(made[r.key])
    ]
    assert wrong == []


# Every script in as few papers as can be: plain rendering, the judge, takes half a second a paper.
MIXED = ("更尕昂宝", "才让·卓玛、བཀྲ་ཤིས", "䶮𠅤㛃、ئابدۇللا")


def _mixed(key: str) -> list[pages.Record]:
    return [
        pages.Record(one.key, {**one.values, "name": name}, one.url, one.title)
        for one, name in zip(holders(len(MIXED), key), MIXED, strict=True)
    ]


@pytest.mark.parametrize("key", layouts.names())
def test_layered_papers_look_exactly_like_plain_ones(key):
    layout = layouts.load(key)
    # One layout has each script in a paper of its own as well, and plain names beside them.
    records = holders(len(SPECIAL) + 2, key) if key == "prize" else _mixed(key)
    _, made = _batch(layout, records, sample=0)
    version = qr.version_for(*(r.url for r in records))
    differing = {
        r.values["name"]: pixels.difference(
            made[r.key], rendering.plain(layout, r, demo=False, made_at=NOON, version=version)
        )
        for r in records
    }
    assert differing == dict.fromkeys((r.values["name"] for r in records), 0)


def test_two_different_papers_do_differ_in_pixels():
    layout, (one, other) = layouts.load("prize"), holders(2)
    plain = [rendering.plain(layout, r, demo=False, made_at=NOON) for r in (one, other)]
    assert pixels.difference(*plain) > 1000


def test_a_batch_gives_the_same_bytes_again_and_in_another_order():
    layout, records = layouts.load("prize"), holders(10)
    _, first = _batch(layout, records, sample=1)
    _, again = _batch(layout, records, sample=1)
    assert first == again


def test_plain_rendering_one_by_one_gives_the_same_names():
    layout, records = layouts.load("prize"), holders(3)
    report, made = _batch(layout, records, way="plain")
    assert report.way == "plain"
    assert [r.values["name"] in _text(made[r.key]) for r in records] == [True] * 3


def test_a_layered_paper_that_differs_from_plain_stops_the_batch(monkeypatch):
    real = qr.pdf_path
    monkeypatch.setattr(qr, "pdf_path", lambda made: real(made).split(b"\n", 1)[1])  # one rectangle is lost
    with pytest.raises(rendering.PixelsDiffer):
        _batch(layouts.load("prize"), holders(2))


def test_without_a_rasteriser_every_paper_is_rendered_plainly(monkeypatch):
    monkeypatch.setattr(pixels, "is_available", lambda: False)
    report, made = _batch(layouts.load("prize"), holders(2))
    assert (report.way, report.made, len(made)) == ("plain", 2, 2)


def test_a_name_with_a_missing_glyph_refuses_the_whole_batch_and_lists_it():
    records = holders(3)
    bad = pages.Record("entry-bad", {**records[0].values, "name": "王\U0002fa1f\U000e0fff🍜"}, records[0].url)
    report, made = _batch(layouts.load("prize"), [*records, bad])
    assert made == {}
    assert [(r.key, r.code, r.params["slot"]) for r in report.refusals] == [
        ("entry-bad", "missing_glyphs", "name")
    ]
    assert "🍜 (U+1F35C)" in report.refusals[0].params["characters"]


def test_a_text_too_long_for_its_box_refuses_the_whole_batch_and_lists_every_one():
    records = holders(3)
    bad = [
        pages.Record(f"bad-{i}", {**records[0].values, "name": "长" * (40 + i)}, records[0].url)
        for i in range(2)
    ]
    report, made = _batch(layouts.load("prize"), [*records, *bad])
    assert made == {}
    assert [(r.key, r.code) for r in report.refusals] == [
        ("bad-0", "text_too_long"),
        ("bad-1", "text_too_long"),
    ]


def test_the_long_contest_name_and_a_long_unit_fit_and_are_printed_whole():
    layout, (record,) = layouts.load("prize"), holders(1)
    unit = "示范省黄河上游水电开发有限责任公司工会"
    long = pages.Record("long", {**record.values, "edition": LONG_EDITION, "unit": unit}, record.url)
    text = _text(rendering.plain(layout, long, demo=False, made_at=NOON))
    assert (LONG_EDITION in text, unit in text) == (True, True)


def test_a_value_the_record_does_not_bring_is_an_error_and_never_a_blank():
    layout, (record,) = layouts.load("prize"), holders(1)
    values = {name: value for name, value in record.values.items() if name != "unit"}
    report, made = _batch(layout, [pages.Record("short", values, record.url)])
    assert made == {}
    assert [(r.code, r.params["field"]) for r in report.refusals] == [("unknown_field", "unit")]


def test_markup_in_a_name_is_printed_as_typed():
    layout, (record,) = layouts.load("prize"), holders(1)
    odd = pages.Record("odd", {**record.values, "name": "<b>&王"}, record.url)
    assert "<b>&王" in _text(rendering.plain(layout, odd, demo=False, made_at=NOON))


def test_a_demo_paper_says_so_and_a_real_one_does_not():
    layout, records = layouts.load("title"), holders(2, "title")
    _, demo = _batch(layout, records, demo=True)
    _, real = _batch(layout, records)
    assert [Counter({True: 2}), Counter({False: 2})] == [
        Counter("演示样张" in _text(content) for content in made.values()) for made in (demo, real)
    ]


def test_two_processes_give_the_same_bytes_as_one(monkeypatch):
    monkeypatch.setattr(rendering, "CHUNK", 2)
    layout, records = layouts.load("prize"), holders(4)
    _, one = _batch(layout, records, sample=1)
    report, two = _batch(layout, records, sample=1, processes=2)
    assert two == one
    assert (report.made, report.compared) == (4, 1)


def test_papers_of_the_first_chunk_and_of_every_fifth_are_compared_with_plain_rendering():
    assert [rendering.compared_of(chunk, 3) for chunk in range(11)] == [3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]


def test_a_papers_bytes_do_not_depend_on_what_was_made_before_in_the_process():
    layout, records = layouts.load("prize"), holders(6)
    layers._presses.clear()
    _, cold = _batch(layout, records[:3], sample=0)
    layers._presses.clear()
    _batch(layout, records[3:], sample=0)
    _, warm = _batch(layout, records[:3], sample=0)
    assert warm == cold


def test_a_broken_name_is_never_parted_within_a_tibetan_syllable_or_a_latin_word():
    assert fitting._words("བཀྲ་ཤིས") == ["བཀྲ་", "ཤིས"]
    assert fitting._words("第3届Noodle Cup（A）") == ["第", "3", "届", "Noodle ", "Cup", "（A）"]


def test_a_compatibility_ideograph_without_a_glyph_is_printed_in_its_normal_form():
    assert fitting.missing("王\uf900", "kai") == ["\uf900"]
    assert fitting.printable("王\uf900") == "王\u8c48"
    # U+2F81A has a glyph of its own and stays as it was typed.
    assert fitting.printable("王\U0002f81a") == "王\U0002f81a"
