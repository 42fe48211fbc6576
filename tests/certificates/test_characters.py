"""Characters of names: all of 通用规范汉字表 are on the page, every other Han character is printed or refused by name."""

from pathlib import Path

import numpy
import pytest

from contest import glyphs, papers
from contest.certificates import fitting, pages, pixels

TONGYONG = Path(__file__).parent.parent / "platform" / "tongyong.txt"
ACROSS, POINTS, SCALE = 90, 16, 3  # characters a line, points of a square, pixels a point
# Han of GB 18030-2022: the basic block, extensions A to F, and the twelve unified ones beside them.
GB18030 = [
    (0x4E00, 0x9FEF), (0x3400, 0x4DB5), (0x20000, 0x2A6D6), (0x2A700, 0x2B734), (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0),
]  # fmt: skip
# Twelve ideographs of the compatibility block are unified ones in fact.
UNIFIED = [0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29]


def tongyong():
    return "".join(TONGYONG.read_text("utf-8").split())


@pytest.mark.parametrize("role", ["kai", "song", "bold"])
def test_each_character_of_the_table_leaves_ink_in_its_own_square(role):
    characters = tongyong()
    lines = [characters[at : at + ACROSS] for at in range(0, len(characters), ACROSS)]
    body = "".join(
        f"<p>{''.join(pages.run_html(run) for run in fitting.line(line, role).runs)}</p>" for line in lines
    )
    sheet = (
        f"@page{{size:{ACROSS * POINTS}pt {(len(lines) + 2) * POINTS}pt;margin:0}}html,body{{margin:0}}"
        f"p{{margin:0;padding-left:2pt;height:{POINTS}pt;font-size:11pt;letter-spacing:{POINTS - 11}pt;line-height:{POINTS}pt;white-space:pre}}"
    )
    laid_out = papers.document(f"<!doctype html><html lang='zh-CN'><body>{body}</body></html>", css=[sheet])
    assert len(laid_out.pages) == 1
    dark = 255 - pixels.raster(papers.write(laid_out, title="", made_at=None), dpi=72 * SCALE).min(axis=2)
    side = POINTS * SCALE
    squares = (
        dark.astype(int)[: len(lines) * side].reshape(len(lines), side, ACROSS, side).sum(axis=(1, 3)).ravel()
    )
    # Each square has room around its character, so that no neighbour's stroke is taken for its own.
    assert [one for one, ink in zip(characters, squares, strict=False) if ink < 2 * 255] == []
    assert int(numpy.count_nonzero(squares)) == len(characters) == 8105


def test_every_han_character_of_the_national_standard_is_printed_or_refused_by_name():
    han = [chr(code) for first, last in GB18030 for code in range(first, last + 1)]
    han += [chr(code) for code in UNIFIED]
    refused = [one for one in han if fitting.missing(fitting.printable(one), "kai")]
    assert refused == glyphs.missing("".join(han))
    # The figure changes with the fonts that ship; docs/operating.md tells it.
    assert (len(han), len(han) - len(refused)) == (87887, 41574)


@pytest.mark.parametrize(
    "name",
    [
        "བཀྲ་ཤིས་རྡོ་རྗེ།",
        "ئابدۇللا تۇرسۇن",
        "才让·卓玛",
        "阿卜杜拉·买买提·吐尔逊",
        "更尕昂宝",
        "䶮𠅤㛃",
        "龑喆堃",
        "O’Brien-Łukasz",
        "Zoë",
    ],
)
def test_names_of_many_scripts_have_all_their_glyphs(name):
    runs = fitting.line(fitting.printable(name), "kai").runs
    assert (
        fitting.missing(name, "kai"),
        [run for run in runs if any(one.gid == 0 for one in run.glyphs)],
    ) == ([], [])
