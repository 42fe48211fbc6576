"""Layout folders: what is shipped renders, what is wrong is named."""

import io
import shutil

import pytest
from pypdf import PdfReader

from contest.certificates import layouts, pixels, qr, rendering, sandbox
from contest.certificates.layouts import LayoutBroken
from contest.certificates.pages import Record
from tests.certificates.records import holders


@pytest.fixture
def folder(tmp_path):
    """A copy of the prize layout to break."""
    shutil.copytree(layouts.LAYOUTS / "prize", tmp_path / "mine")
    return tmp_path / "mine"


def _replaced(folder, file, old, new):
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_shipped_layouts_are_of_these_kinds():
    assert {key: layouts.load(key).kind for key in layouts.names()} == {
        "appointment": "appointment",
        "coach": "coach",
        "honour": "honour",
        "participation": "participation",
        "prize": "prize",
        "prize_bilingual": "prize",
        "prize_english": "prize",
        "prize_fold": "prize",
        "prize_inner": "prize",
        "prize_portrait": "prize",
        "prize_tibetan": "prize",
        "team": "team",
        "title": "title",
        "title_portrait": "title",
    }


@pytest.mark.parametrize("key", layouts.names())
def test_each_shipped_sample_renders_on_one_page_of_its_size(key):
    layout = layouts.load(key)
    sample = Record("sample", layout.sample, "https://contest.example.org/verify/ABCDEFGH23456789")
    (page,) = PdfReader(io.BytesIO(rendering.plain(layout, sample, demo=True, made_at=None))).pages
    size = [round(float(side) / 72 * 25.4) for side in (page.mediabox.width, page.mediabox.height)]
    assert size == [layout.width, layout.height]
    assert "演示样张" in page.extract_text()


def test_a_bilingual_paper_without_its_english_names_is_refused():
    layout = layouts.load("prize_bilingual")
    bare = Record("bare", {**layout.sample, "event_en": ""}, "https://e.org/verify/A")
    _, refusals = rendering.check(layout, [bare])
    assert [(one.code, one.params["field"]) for one in refusals] == [("value_empty", "event_en")]


def test_an_organisers_wording_replaces_the_default():
    layout = layouts.load("prize").with_texts({"closing": "特发此证。"})
    slot = next(one for one in layout.slots if one.name == "closing")
    assert layout.filled(slot, layout.sample) == "特发此证。"


def test_wording_for_a_field_the_layout_lacks_is_refused():
    with pytest.raises(LayoutBroken) as broken:
        layouts.load("prize").with_texts({"motto": "x"})
    assert broken.value.code == "unknown_field"


@pytest.mark.parametrize("key", ["../prize", "nothing", "", "Prize"])
def test_an_unknown_layout_is_refused(key):
    with pytest.raises(LayoutBroken) as broken:
        layouts.load(key)
    assert broken.value.code == "unknown_layout"


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("layout.toml", 'text = "{unit}"', 'text = "{unti}"', "unknown_field"),
        ("layout.toml", 'font = "bold"', 'font = "comic"', "unknown_font"),
        ("layout.toml", "x = 50", "x = 250", "slot_off_page"),
        ("layout.toml", 'unit = "示范省总工会代表队"', "", "sample_missing"),
        ("layout.toml", "[page]", "[page", "unreadable_layout"),
    ],
)
def test_a_wrong_layout_is_named_when_it_is_read(folder, file, old, new, code):
    _replaced(folder, file, old, new)
    with pytest.raises(LayoutBroken) as broken:
        layouts.read(folder)
    assert broken.value.code == code


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("{{ text.motto }}", "unknown_field"),
        ("{{ name }}", "unknown_field"),
        ("{{ ''.__class__.__mro__ }}", "layout_reaches_outside"),
        ("{{ frame.__globals__ }}", "layout_reaches_outside"),
        ("{% include '/etc/hostname' %}", "template_failed"),
        ("{{ 1 / }}", "template_failed"),
    ],
)
def test_a_template_gets_plain_values_and_nothing_else(folder, expression, code):
    _replaced(folder, "layout.html", "</svg>", f"</svg>{expression}")
    layout = layouts.read(folder)
    with pytest.raises(LayoutBroken) as broken:
        sandbox.layer(layout, layout.html, demo=False)
    assert broken.value.code == code


def test_a_template_that_fetches_is_refused_when_rendered(folder):
    _replaced(folder, "layout.html", "</svg>", '</svg><img src="http://127.0.0.1:9/x.png">')
    layout = layouts.read(folder)
    with pytest.raises(rendering.papers.OutsideResource):
        rendering.plain(
            layout, Record("x", layout.sample, "https://e.org/verify/A"), demo=False, made_at=None
        )


def test_the_digest_changes_with_any_byte_of_the_folder(folder):
    before = layouts.read(folder).digest
    _replaced(folder, "layout.css", "7.5pt", "7.4pt")
    assert layouts.read(folder).digest != before


def test_what_lies_above_the_texts_covers_them_in_both_ways_of_rendering(folder):
    """A stroke across the date, as a seal would lie, on a page of another size."""
    (folder / "upper.html").write_text(
        '<svg class="ornament" viewBox="0 0 297 210" xmlns="http://www.w3.org/2000/svg">'
        '<circle cx="210" cy="172" r="9" fill="#c8102e" fill-opacity="0.6"/></svg>', "utf-8"
    )  # fmt: skip
    _replaced(folder, "layout.toml", "height = 210", "height = 220.5")
    layout, records = layouts.read(folder), holders(3)
    made: dict[str, bytes] = {}
    rendering.render_batch(layout, records, lambda r, b: made.update({r.key: b}), made_at=None, sample=1)
    version = qr.version_for(*(one.url for one in records))
    plain = [rendering.plain(layout, one, demo=False, made_at=None, version=version) for one in records]
    assert [pixels.difference(made[one.key], other) for one, other in zip(records, plain, strict=True)] == [
        0,
        0,
        0,
    ]
    without = rendering.plain(layouts.load("prize"), records[0], demo=False, made_at=None, version=version)
    assert pixels.difference(plain[0], without) > 0
