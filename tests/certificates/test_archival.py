"""What ISO 19005-3 (PDF/A-3, level B) asks of a file's structure, read out of archival copies with every script.

This is no whole validator (veraPDF is one): it reads metadata, output intent, fonts, colours, actions and encryption.
Contents of the ICC profile, glyph widths against the embedded fonts and the XMP schema are not checked here.
"""

import io
import re
from datetime import UTC, datetime

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from contest.certificates import layouts, rendering, sealing
from contest.certificates.pages import Record

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
NAMES = {
    "prize_tibetan": "བཀྲ་ཤིས་རྡོ་རྗེ།",
    "prize": "更尕昂宝",
    "appointment": "䶮𠅤㛃",
    "participation": "ئابدۇللا",
}
FORBIDDEN = {
    "/JavaScript",
    "/Launch",
    "/Movie",
    "/Sound",
    "/ResetForm",
    "/ImportData",
    "/SetOCGState",
    "/Rendition",
}


@pytest.fixture(scope="module", params=sorted(NAMES))
def copy(request, tmp_path_factory):
    """An archival copy, signed, because a signature must not take the conformance away."""
    layout = layouts.load(request.param)
    values = {**layout.sample, "name": NAMES[request.param]}
    record = Record("1", values, "https://contest.example.org/verify/ABCDEFGH23456789", "荣誉证书")
    content = rendering.plain(layout, record, demo=False, made_at=AT, is_archival=True)
    keys = sealing.keys_of(tmp_path_factory.mktemp("keys"))
    sealing.make_keys(keys, name="示范省总工会", at=datetime.now(UTC))
    return sealing.signed(content, sealing.signer_of(keys), reason="1")


@pytest.fixture
def pdf(copy):
    with pikepdf.open(io.BytesIO(copy)) as opened:
        yield opened


def dictionaries(pdf):
    return [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary | pikepdf.Stream)]


def test_the_header_and_the_identifier_are_as_the_standard_asks(copy, pdf):
    assert re.match(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4}", copy)
    assert len(pdf.trailer.ID) == 2
    assert not pdf.is_encrypted


def test_the_metadata_name_the_standard_and_agree_with_the_documents_own(pdf):
    told = pdf.Root.Metadata.read_bytes().decode()
    assert ('pdfaid:part="3"' in told, 'pdfaid:conformance="B"' in told) == (True, True)
    with pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == str(pdf.docinfo["/Title"])
        made = re.sub(r"\D", "", xmp["xmp:CreateDate"])[:12]
    assert made == re.sub(r"\D", "", str(pdf.docinfo["/CreationDate"]))[:12]


def test_colours_are_told_by_one_output_intent_of_their_kind(pdf):
    (intent,) = pdf.Root.OutputIntents
    profile = intent.DestOutputProfile
    assert (str(intent.S), int(profile.N), profile.read_bytes()[36:40]) == ("/GTS_PDFA1", 3, b"acsp")
    inks = {
        operator
        for page in pdf.pages
        for _, operator in pikepdf.parse_content_stream(page)
        if str(operator) in ("k", "K")
    }
    assert inks == set()  # no CMYK without a CMYK intent
    assert [one for one in dictionaries(pdf) if str(one.get("/ColorSpace", "")) == "/DeviceCMYK"] == []


def test_every_font_is_embedded_and_tells_its_glyphs(pdf):
    fonts = [
        one for one in dictionaries(pdf) if one.get("/Type") == "/Font" and one.get("/Subtype") == "/Type0"
    ]
    assert fonts
    for font in fonts:
        (descendant,) = font.DescendantFonts
        descriptor = descendant.FontDescriptor
        embedded = descriptor.get("/FontFile2") or descriptor.get("/FontFile3")
        assert embedded is not None
        assert TTFont(io.BytesIO(embedded.read_bytes()), lazy=True)["maxp"].numGlyphs > 1
        assert "/ToUnicode" in font
        assert descendant.Subtype != "/CIDFontType2" or "/CIDToGIDMap" in descendant
    others = [
        one for one in dictionaries(pdf)
        if one.get("/Type") == "/Font" and one.get("/Subtype") in ("/Type1", "/TrueType", "/Type3")
    ]  # fmt: skip
    assert others == []


def test_nothing_acts_fetches_or_hides(pdf):
    found = dictionaries(pdf)
    assert {str(one.get("/S")) for one in found} & FORBIDDEN == set()
    assert [name for name in ("/AA", "/OpenAction", "/Names") if name in pdf.Root and name != "/Names"] == []
    assert [one for one in found if one.get("/Type") == "/Filespec" or one.get("/Subtype") == "/PS"] == []
    assert [one for one in found if "/LZWDecode" in str(one.get("/Filter", ""))] == []
    annotations = [one for page in pdf.pages for one in page.get("/Annots", [])]
    assert {str(one.Subtype) for one in annotations} == {"/Widget"}  # the signature
    assert all(int(one.F) & 0b100 and not int(one.F) & 0b100011 for one in annotations)  # printed, not hidden
    assert "/NeedAppearances" not in pdf.Root.AcroForm
