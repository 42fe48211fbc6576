"""Layout folders: what is shipped renders, what is wrong is named."""

import shutil

import pytest

from contest.certificates import layouts, rendering
from contest.certificates.layouts import LayoutBroken
from contest.certificates.pages import Record


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


def test_the_shipped_layouts_are_the_prize_the_team_and_the_title():
    assert {key: layouts.load(key).kind for key in layouts.names()} == {
        "prize": "prize",
        "team": "team",
        "title": "title",
    }


@pytest.mark.parametrize("key", layouts.names())
def test_each_shipped_sample_renders_on_one_a4_page(key):
    layout = layouts.load(key)
    sample = Record("sample", layout.sample, "https://contest.example.org/verify/ABCDEFGH23456789")
    assert rendering.plain(layout, sample, demo=True, made_at=None).startswith(b"%PDF")
    assert (layout.width, layout.height) == (297.0, 210.0)


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
        layouts.layer(layout, layout.html, demo=False)
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
