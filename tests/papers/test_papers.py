"""The door from HTML to PDF: equal bytes, shipped fonts, nothing fetched."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from contest import papers

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ROWS = "".join(f"<tr><td>{i}</td><td>更尕昂宝</td></tr>" for i in range(120))
LIST = f"<h1>成绩汇总表</h1><table><thead><tr><th>名次</th><th>姓名</th></tr></thead>{ROWS}</table>"


def _read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def test_the_same_paper_has_the_same_bytes():
    one = papers.pdf(LIST, title="成绩汇总表", made_at=NOON, identifier="list-1")
    assert one == papers.pdf(LIST, title="成绩汇总表", made_at=NOON, identifier="list-1")


def test_another_date_or_identifier_gives_other_bytes():
    one = papers.pdf("<p>名单</p>", title="名单", made_at=NOON, identifier="list-1")
    assert one != papers.pdf("<p>名单</p>", title="名单", made_at=NOON, identifier="list-2")
    assert one != papers.pdf("<p>名单</p>", title="名单", made_at=NOON.replace(hour=5), identifier="list-1")


def test_only_shipped_fonts_are_embedded():
    reader = _read(papers.pdf("<p>更尕昂宝 བཀྲ་ཤིས 䶮 <b>粗体</b></p>", title="字体"))
    fonts = {font["/BaseFont"].split("+")[1] for page in reader.pages for font in _fonts(page)}
    assert {name.split("-Bold")[0] for name in fonts} == {"Paper-Song", "Paper-Tibetan"}


def _fonts(page):
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "http://127.0.0.1:9/x.png",
        "shipped:/fonts/../../contest/config.py",
        "shipped:/other/x.css",
        "data:image/svg+xml,<svg/>",
        "/etc/hostname",
    ],
)
def test_every_address_outside_the_shipped_folders_is_refused_by_name(address):
    with pytest.raises(papers.OutsideResource) as refused:
        papers.pdf(f'<img src="{address}">', title="x")
    assert refused.value.code == "outside_resource"


def test_a_style_that_imports_from_outside_is_refused():
    with pytest.raises(papers.OutsideResource):
        papers.pdf("<p>x</p>", title="x", css=["@import url(http://127.0.0.1:9/x.css);"])


def test_a_missing_font_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(papers, "FONTS", tmp_path)
    with pytest.raises(papers.FontMissing) as missing:
        papers.pdf("<p>x</p>", title="x")
    assert missing.value.params == {"file": "NotoSerifSC-Regular.ttf"}


def test_a_long_list_repeats_its_head_and_counts_its_pages():
    texts = [page.extract_text() for page in _read(papers.pdf(LIST, title="成绩汇总表")).pages]
    heads = [("姓名" in text, f"第 {i} 页　共 {len(texts)} 页" in text) for i, text in enumerate(texts, 1)]
    assert heads == [(True, True)] * len(texts)
    assert len(texts) == 4


def test_official_documents_number_their_pages_between_dashes_on_the_outer_side():
    reader = _read(papers.pdf("<p>决定如下。</p>" * 40, title="决定", page="official"))
    assert [f"— {i} —" in page.extract_text() for i, page in enumerate(reader.pages, 1)] == [True] * len(
        reader.pages
    )
    assert reader.pages[0].mediabox.width < reader.pages[0].mediabox.height


def test_a_landscape_paper_lies_on_its_side():
    box = _read(papers.pdf("<p>汇总</p>", title="汇总", page="landscape")).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)


def test_a_demo_paper_says_so_on_every_page():
    demo = _read(papers.pdf(LIST, title="成绩汇总表", demo=True))
    real = _read(papers.pdf(LIST, title="成绩汇总表"))
    assert ["演示样张" in page.extract_text() for page in demo.pages] == [True] * len(demo.pages)
    assert ["演示样张" in page.extract_text() for page in real.pages] == [False] * len(real.pages)
