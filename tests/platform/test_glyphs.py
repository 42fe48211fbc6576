"""Names that fonts tend to lack are shown by the shipped ones, and what is not shown is told."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from contest import glyphs

HERE = Path(__file__).parent
NAMES = [
    "䶮",
    "𠅤",
    "㛃",
    "龑",
    "喆",
    "堃",
    "更尕昂宝",
    "才让·卓玛",
    "བཀྲ་ཤིས",
    "ئايگۈل",
    "阿依古丽·买买提",
    "李\u3000明",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_other_fonts_lack_is_shown(name: str) -> None:
    assert glyphs.missing(name) == []
    assert glyphs.missing(name, glyphs.TEXT_CHAIN) == []


@pytest.mark.parametrize("font", [glyphs.KAI, glyphs.SONG, glyphs.SONG_BOLD])
def test_every_character_of_the_general_standard_list_is_in_each_text_face(font: str) -> None:
    # 通用规范汉字表 (2013), 8,105 characters in its own order, after the property kTGH of Unihan 15.
    characters = (HERE / "tongyong.txt").read_text(encoding="utf-8").strip()
    assert (len(characters), characters[:5], characters[-1]) == (8105, "一乙二十丁", "蠼")
    assert glyphs.missing(characters, [font, glyphs.RARE]) == []


def test_characters_of_identity_cards_beyond_the_code_pages_are_shown() -> None:
    # Three ideographs that China submitted from its register of identity cards (kIRG_GSource GIDC).
    characters = "\U0002b74b\U0002b766\U0002b767"
    assert glyphs.families_for(characters) == dict.fromkeys(characters, glyphs.RARE)


def test_a_character_without_a_glyph_is_told_once_and_in_order() -> None:
    assert glyphs.missing("王\ue000五\uf8ff\ue000") == ["\ue000", "\uf8ff"]


def test_joiners_selectors_and_spaces_need_no_glyph() -> None:
    assert glyphs.missing("葛\U000e0100 \u200d\n\u3000") == []


def test_a_compatibility_ideograph_counts_as_its_normal_form() -> None:
    assert glyphs.missing("\U0002f800", [glyphs.KAI]) == []
    assert not glyphs.covers(glyphs.SONG, "\U0002f800")


def test_the_chain_says_which_font_shows_a_character() -> None:
    assert glyphs.families_for("卓·ཀ\ue000") == {
        "卓": glyphs.KAI,
        "·": glyphs.KAI,
        "ཀ": glyphs.TIBETAN,
        "\ue000": None,
    }


def test_a_font_nobody_shipped_is_a_named_error() -> None:
    with pytest.raises(glyphs.CoverageMissing):
        glyphs.missing("王", ["Helvetica"])


def test_the_kept_coverage_is_what_the_fonts_say() -> None:
    lines = [
        f"{path.stem}: {glyphs.as_ranges(TTFont(path, lazy=True).getBestCmap())}"
        for path in sorted(glyphs.FONTS.glob("*.ttf"))
    ]
    assert glyphs.COVERAGE.read_text(encoding="ascii").splitlines() == lines


def test_the_fonts_are_the_ones_that_were_made_and_small_enough() -> None:
    sums = dict(
        reversed(line.split("  "))
        for line in (glyphs.FONTS / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    )
    paths = sorted(glyphs.FONTS.glob("*.ttf"))
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths} == sums
    assert sum(path.stat().st_size for path in paths) <= 60_000_000
