"""Make the fonts under static/fonts from Debian packages; run by hand, never at install.

    apt-get download fonts-lxgw-wenkai fonts-noto-cjk fonts-noto-core fonts-babelstone-han unicode-data
    python .make/fonts.py FOLDER_WITH_THE_DEB_FILES

The result depends on the packages alone: time stamps are kept from the sources, so that two runs give
the same bytes and `SHA256SUMS` can be checked by anyone. `static/fonts/README.md` tells what is what.
"""

import bz2
import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from contest.glyphs import as_ranges  # noqa: E402

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
TEST_DATA = FONTS.parent.parent / "tests" / "platform" / "tongyong.txt"
SIMPLIFIED_CHINESE = 2  # index of the SC face in Noto's collection: JP, KR, SC, TC, HK
QUADRATIC_ERROR = 1.0  # of 1000 units per em, the usual bound when cubic outlines become quadratic
HAN_BLOCKS = (
    (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x31C0, 0x31E3), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAD9), (0x20000, 0x2FA1D), (0x30000, 0x323AF),
)  # fmt: skip
SERIF_SYMBOL_BLOCKS = (
    (0x20, 0x17F), (0x2B0, 0x2FF), (0x370, 0x45F), (0x1E00, 0x1EFF), (0x2000, 0x27BF), (0x2E80, 0x303F),
    (0x3040, 0x312F), (0x31A0, 0x31FF), (0x3220, 0x325F), (0x3280, 0x33FF), (0xFE10, 0xFE4F), (0xFF00, 0xFFEF),
)  # fmt: skip
COPIED = {
    "LXGWWenKai-Regular.ttf": "truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
    "NotoSerifTibetan-Regular.ttf": "truetype/noto/NotoSerifTibetan-Regular.ttf",
    "NotoSerifTibetan-Bold.ttf": "truetype/noto/NotoSerifTibetan-Bold.ttf",
    "NotoNaskhArabic-Regular.ttf": "truetype/noto/NotoNaskhArabic-Regular.ttf",
    "NotoNaskhArabic-Bold.ttf": "truetype/noto/NotoNaskhArabic-Bold.ttf",
}
LICENCES = {
    "fonts-lxgw-wenkai": "LICENCE-LXGWWenKai.txt",
    "fonts-noto-cjk": "LICENCE-NotoSerifSC.txt",
    "fonts-noto-core": "LICENCE-NotoSerifTibetan-NotoNaskhArabic.txt",
    "fonts-babelstone-han": "LICENCE-ContestRareHan.txt",
}


def in_blocks(code: int, blocks: tuple[tuple[int, int], ...]) -> bool:
    """Whether a code point lies in one of the inclusive ranges."""
    return any(first <= code <= last for first, last in blocks)


def tongyong_characters(unicode_folder: Path) -> list[str]:
    """The 8,105 characters of 通用规范汉字表 in its own order, from the Unihan property kTGH."""
    text = bz2.decompress((unicode_folder / "Unihan_OtherMappings.txt.bz2").read_bytes()).decode()
    numbered = []
    for line in text.splitlines():
        if "\tkTGH\t" in line:
            code, _, place = line.split("\t")
            numbered.append((int(place.split(":")[1]), chr(int(code[2:], 16))))
    return [character for _, character in sorted(numbered)]


def mainland_characters(unicode_folder: Path) -> set[int]:
    """Every ideograph that China itself submitted to Unicode (kIRG_GSource), identity cards' included."""
    text = bz2.decompress((unicode_folder / "Unihan_IRGSources.txt.bz2").read_bytes()).decode()
    rows = (line.split("\t") for line in text.splitlines() if "\tkIRG_GSource\t" in line)
    return {int(row[0][2:], 16) for row in rows}


def gbk_characters() -> set[int]:
    """Every ideograph that the GBK code page can hold: 21,003 with its compatibility characters."""
    every = (bytes((lead, trail)) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF))
    found = {ord(text) for pair in every if len(text := pair.decode("gbk", "ignore")) == 1}
    return {code for code in found if in_blocks(code, HAN_BLOCKS)}


def reduce_to(font: TTFont, codes: set[int]) -> None:
    """Keep only the glyphs that the code points need, without hints and without other languages' forms."""
    options = subset.Options()
    options.hinting = False
    options.glyph_names = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += ["meta", "VORG"]
    options.layout_features = [tag for tag in options.layout_features if tag != "locl"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)


def to_truetype(font: TTFont) -> None:
    """Replace the cubic outlines by quadratic ones, in place.

    PDF writers embed a TrueType subset in a seventh of the bytes that this CID-keyed face needs.
    """
    order, outlines = font.getGlyphOrder(), font.getGlyphSet()
    glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, QUADRATIC_ERROR, reverse_direction=True))
        glyf.glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), glyf
    for name in order:
        width, _ = font["hmtx"][name]
        glyf[name].recalcBounds(glyf)
        font["hmtx"][name] = (width, getattr(glyf[name], "xMin", 0))
    del font["CFF "]
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):  # fmt: skip
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\000\001\000\000"


def rename(font: TTFont, family: str, style: str) -> None:
    """Give the font its family and style name in every record that programs read."""
    compact = family.replace(" ", "")
    words = {1: family, 2: style, 3: f"{compact}-{style};contest", 4: f"{family} {style}",
             6: f"{compact}-{style}", 16: family, 17: style}  # fmt: skip
    table = font["name"]
    table.names = [
        record for record in table.names if record.nameID in (0, 5, 7, 13, 14) and record.platformID == 3
    ]
    for number, text in words.items():
        table.setName(text, number, 3, 1, 0x409)


def saved(font: TTFont, name: str) -> Path:
    """Write the font under static/fonts; its time stamp stays the source's."""
    font.recalcTimestamp = False
    buffer = io.BytesIO()
    font.save(buffer, reorderTables=True)
    path = FONTS / name
    path.write_bytes(buffer.getvalue())
    return path


def make_serif(collection: Path, style: str, wanted: set[int]) -> None:
    """Noto Serif SC: one face of the collection, the characters of GBK and 通用规范汉字表, TrueType."""
    font = TTCollection(collection, lazy=True).fonts[SIMPLIFIED_CHINESE]
    codes = {code for code in font.getBestCmap() if code in wanted or in_blocks(code, SERIF_SYMBOL_BLOCKS)}
    reduce_to(font, codes)
    to_truetype(font)
    rename(font, "Noto Serif SC", style)
    saved(font, f"NotoSerifSC-{style}.ttf")


def make_rare(source: Path, wanted: set[int]) -> None:
    """Contest Rare Han: the wanted characters of BabelStone Han that neither WenKai nor Noto Serif SC has."""
    covered: set[int] = set()
    for name in ("LXGWWenKai-Regular.ttf", "NotoSerifSC-Regular.ttf"):
        covered |= set(TTFont(FONTS / name, lazy=True).getBestCmap())
    font = TTFont(source)
    reduce_to(font, (set(font.getBestCmap()) & wanted) - covered)
    rename(font, "Contest Rare Han", "Regular")
    saved(font, "ContestRareHan-Regular.ttf")


def write_sums() -> None:
    """SHA256SUMS in the format of sha256sum, and coverage.txt for `contest.glyphs`."""
    paths = sorted(FONTS.glob("*.ttf"))
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths]
    (FONTS / "SHA256SUMS").write_text("".join(lines))
    lines = [f"{path.stem}: {as_ranges(TTFont(path, lazy=True).getBestCmap())}\n" for path in paths]
    (FONTS / "coverage.txt").write_text("".join(lines), encoding="ascii")
    sizes = [(path.stat().st_size, path.name) for path in paths]
    for size, name in [*sizes, (sum(size for size, _ in sizes), "together")]:
        sys.stdout.write(f"{size / 1e6:7.2f} MB  {name}\n")


def main(packages: Path) -> None:
    """Unpack the packages and write every font, licence and sum."""
    FONTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for package in sorted(packages.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", package, root], check=True)  # noqa: S603, S607
        share = root / "usr" / "share"
        for package, licence in LICENCES.items():
            shutil.copyfile(share / "doc" / package / "copyright", FONTS / licence)
        for name, path in COPIED.items():
            shutil.copyfile(share / "fonts" / path, FONTS / name)
        standard = tongyong_characters(share / "unicode")
        TEST_DATA.parent.mkdir(parents=True, exist_ok=True)
        TEST_DATA.write_text("".join(standard) + "\n", encoding="utf-8")
        wanted = gbk_characters() | {ord(character) for character in standard}
        for style in ("Regular", "Bold"):
            make_serif(share / "fonts/opentype/noto" / f"NotoSerifCJK-{style}.ttc", style, wanted)
        mainland = mainland_characters(share / "unicode") | wanted
        make_rare(share / "fonts/truetype/babelstone/BabelStoneHan.ttf", mainland)
    write_sums()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
