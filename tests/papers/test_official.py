"""Official documents: the same words on PDF and DOCX, in the measures of GB/T 9704-2012, and files that open anywhere."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pypdfium2
from hypothesis import given
from hypothesis import strategies as st

from contest import official
from contest.docx_parts import PAGES, TIGHT, W

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
LONG = "为大力弘扬劳模精神劳动精神工匠精神激励广大职工学技术练本领比贡献" * 4
PEOPLE = official.Table(
    ("序号", "姓名"), tuple((str(n), f"张三{n}") for n in range(1, 41)), (1, 3), ("center", "left")
)
PAPER = official.Paper(
    heading="示范省总工会关于授予张三等40名同志“示范省技术能手”称号的决定",
    to="各有关单位：",
    blocks=(LONG, "一、基本情况", "希望获得称号的同志再接再厉。"),
    issuer="示范省总工会文件",
    number="示工发〔2026〕18号",
    signer="示范省总工会",
    dated_on=date(2026, 11, 20),
    attachments=(official.Attachment("名单", (PEOPLE, official.Line("共40名", "right"))),),
    is_demo=True,
)


def pages_of(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as book:
        return [page.get_textpage().get_text_range() for page in book]


def words_of_pdf(content: bytes) -> str:
    return "".join("".join(pages_of(content)).split())


def parts_of(content: bytes) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        return {name: ElementTree.fromstring(bundle.read(name)) for name in bundle.namelist()}


def paragraphs_of(content: bytes) -> list[str]:
    body = parts_of(content)["word/document.xml"]
    return ["".join(t.text or "" for t in p.iter(f"{{{W}}}t")) for p in body.iter(f"{{{W}}}p")]


def test_both_forms_say_the_same(app):
    written = "".join("".join(paragraphs_of(official.docx(PAPER, made_at=NOON))).split())
    printed = words_of_pdf(official.pdf(PAPER, made_at=NOON, identifier="x"))
    for mark in ("演示样张", "—1—", "—2—", "—3—", "序号姓名"):  # repeated on every page of the print
        printed, written = printed.replace(mark, ""), written.replace(mark, "")
    assert printed == written


def test_equal_documents_give_equal_bytes(app):
    again = official.Paper.from_dict(PAPER.to_dict())
    assert again == PAPER
    assert official.docx(again, made_at=NOON) == official.docx(PAPER, made_at=NOON)
    assert official.pdf(again, made_at=NOON, identifier="x") == official.pdf(
        PAPER, made_at=NOON, identifier="x"
    )


def test_a_line_of_print_holds_28_characters_and_a_page_22_lines(app):
    paper = official.Paper("标题", (LONG * 12,), is_signed=False)
    second = pages_of(official.pdf(paper, made_at=NOON, identifier="x"))[1]
    lines = [line for line in second.split("\r\n") if "—" not in line]
    assert ({len(line) for line in lines}, len(lines)) == ({28}, 22)


def test_the_pages_measures_are_those_of_the_standard():
    page, mm = PAGES["official"], 1440 / 25.4
    assert [round(x / mm) for x in (page.width, page.height, page.top, page.left)] == [210, 297, 37, 28]
    assert [round(x / mm) for x in (page.room, page.height - page.top - page.bottom)] == [156, 225]
    pitch = int(re.search(r'linePitch="(\d+)"', page.grid)[1])
    assert (page.height - page.top - page.bottom) // pitch == 22
    character = 320 + int(re.search(r'val="(-\d+)"', TIGHT)[1])
    assert page.room // character == 28


def test_a_document_without_number_and_date_has_blanks_to_fill_in(app):
    draft = official.Paper("通报", ("正文。",), issuer="示范省总工会", signer="示范省总工会", is_draft=True)
    content = official.docx(draft, made_at=None)
    blanks = [official.BLANK_NUMBER, official.BLANK_DATE]
    assert [text for text in paragraphs_of(content) if text in blanks] == blanks
    assert "".join(parts_of(content)["word/header1.xml"].itertext()) == official.DRAFT


def test_a_public_notice_needs_no_red_heading(app):
    notice = official.Paper("公示", ("正文。",), signer="示范省总工会", dated_on=date(2026, 1, 2))
    texts = [text for text in paragraphs_of(official.docx(notice, made_at=None)) if text]
    assert texts == ["公示", "正文。", "示范省总工会", "2026年1月2日"]
    assert "redline" not in official.html_of(notice)


def test_typed_markup_and_control_characters_stay_text(app):
    odd = official.Paper("a<b>&\x01\ud800c", ('<w:p/>"\x0b', official.Line("]]>")), is_signed=False)
    texts = paragraphs_of(official.docx(odd, made_at=None))
    assert [text for text in texts if text] == ["a<b>&c", '<w:p/>"', "]]>"]
    assert official.html_of(odd).startswith("<h1>a&lt;b&gt;&amp;c</h1>")


def test_every_part_is_named_once_and_is_there():
    parts = parts_of(official.docx(PAPER, made_at=NOON))
    named = {one.get("PartName", "")[1:] for one in parts["[Content_Types].xml"] if one.get("PartName")}
    linked = {f"word/{one.get('Target')}" for one in parts["word/_rels/document.xml.rels"]}
    assert named - set(parts) == set()
    assert linked - named == set()
    used = {
        value
        for part in parts.values()
        for one in part.iter(f"{{{W}}}pStyle")
        for value in one.attrib.values()
    }
    known = {one.get(f"{{{W}}}styleId") for one in parts["word/styles.xml"].iter(f"{{{W}}}style")}
    assert used - known == set()


def test_several_attachments_are_numbered_one_is_not():
    many = (official.Attachment("甲", ()), official.Attachment("乙", ()))
    assert official.attachment_names(many) == ["附件：1. 甲", "2. 乙"]
    assert official.attachment_marks(many) == ["附件1", "附件2"]
    assert (official.attachment_names(many[:1]), official.attachment_marks(many[:1])) == (
        ["附件：甲"],
        ["附件"],
    )


def test_a_headings_phrases_stay_whole():
    assert official.heading_lines(PAPER.heading) == [
        "示范省总工会关于授予张三等40名同志",
        "“示范省技术能手”称号的决定",
    ]
    assert official.heading_lines("长" * 25) == ["长" * 20, "长" * 5]


@given(st.text("总工会A1", max_size=40), st.dates())
def test_the_signer_stands_over_the_middle_of_the_date(signer, day):
    dated = official.chinese_date(day)
    right, date_right = official.sign_off_indents(signer, dated)
    middle = right + official.width_of(signer) / 2
    assert middle == date_right + official.width_of(dated) / 2
    assert min(right, date_right) >= 0
    assert date_right == 4 or right == 0
