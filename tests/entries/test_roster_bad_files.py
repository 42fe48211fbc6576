"""Files that can't be taken at all: each has its own name, and none is opened further than needed."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest

from contest.entries.forms.sentences import FILE
from contest.entries.roster.importing import read_roster
from contest.entries.roster.reading import MAX_BYTES, read_table
from contest.entries.roster.table import UnreadableFile
from tests.entries.rosters import HEADING, SOLO, case, person, terms, workbook


def _refusal(content: bytes, name: str) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_roster(content, name, terms(SOLO))
    return refused.value.code


def _package(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def _with_part(content: bytes, name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, data)
    return buffer.getvalue()


def test_an_empty_file_and_an_empty_workbook_are_empty() -> None:
    assert _refusal(b"", "a.xlsx") == "file_empty"
    assert _refusal(b"  \r\n ", "a.csv") == "file_empty"
    assert _refusal(workbook([]), "a.xlsx") == "file_empty"


def test_a_heading_without_people_says_so() -> None:
    assert _refusal(workbook([HEADING]), "a.xlsx") == "no_rows"


def test_a_workbook_of_something_else_has_no_heading() -> None:
    assert _refusal(workbook([["菜单", "价格"], ["拉面", "12"]]), "a.xlsx") == "no_heading"


def test_fifty_megabytes_are_refused_before_anything_is_opened() -> None:
    content = b"PK\x03\x04" + bytes(50 * 1024 * 1024)
    started = time.perf_counter()
    assert _refusal(content, "a.xlsx") == "file_too_large"
    assert time.perf_counter() - started < 0.5
    assert MAX_BYTES == 20 * 1024 * 1024


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"%PDF-1.7\n...", "a.pdf", "file_type"),
        (b"\x89PNG\r\n\x1a\n....", "a.xlsx", "file_damaged"),
        (b"\x00\x01\x02\x03 binary", "a.csv", "file_type"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "file_web_page"),
        (b"PK\x03\x04 torn", "a.xlsx", "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 torn", "a.xls", "file_damaged"),
        (b"\xff\xfe\x00", "a.csv", "file_encoding"),
        (b"\x81", "a.csv", "file_encoding"),
    ],
)
def test_wrong_and_damaged_types_are_named(content: bytes, name: str, code: str) -> None:
    assert _refusal(content, name) == code


def test_other_packages_are_not_taken_for_workbooks() -> None:
    assert _refusal(_package(**{"word/document.xml": b"<w/>"}), "a.xlsx") == "file_not_a_workbook"
    assert _refusal(_package(**{"content.xml": b"<o/>", "mimetype": b"x"}), "a.xlsx") == "file_open_document"
    assert _refusal(_package(**{"photo.jpg": b"x"}), "a.xlsx") == "file_not_a_workbook"


def test_a_zip_bomb_is_refused_by_its_ratio() -> None:
    bomb = _with_part(workbook([HEADING, person()]), "xl/worksheets/sheet9.xml", b" " * 60_000_000)
    assert len(bomb) < 200_000
    assert _refusal(bomb, "a.xlsx") == "file_bomb"


def test_a_bomb_that_lies_about_its_size_is_still_counted() -> None:
    zeros = 200_000_000
    content = _with_part(workbook([HEADING, person()]), "xl/media/x.bin", bytes(zeros))
    claimed = content.replace(struct.pack("<I", zeros), struct.pack("<I", 1000))
    assert claimed != content
    started = time.perf_counter()
    assert _refusal(claimed, "a.xlsx") in ("file_bomb", "file_damaged")
    assert time.perf_counter() - started < 5


def test_an_entity_declaration_is_not_expanded() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'
    assert (
        _refusal(_with_part(workbook([HEADING, person()]), "xl/sharedStrings.xml", laughs), "a.xlsx")
        == "file_damaged"
    )


def test_one_cell_far_out_does_not_lay_out_the_plain_before_it() -> None:
    far_down = workbook([HEADING, person()]).replace(b"x", b"x")
    sheet = (
        b'<worksheet><sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert _refusal(_with_part(far_down, "xl/worksheets/sheet1.xml", sheet), "a.xlsx") == "file_too_many_rows"
    sheet = b'<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>'
    assert (
        _refusal(_with_part(far_down, "xl/worksheets/sheet1.xml", sheet), "a.xlsx") == "file_too_many_columns"
    )


def test_a_csv_too_long_or_too_wide_is_refused() -> None:
    assert _refusal(b"a,b\n" * 20_001, "a.csv") == "file_too_many_rows"
    assert _refusal(b"a," * 300, "a.csv") == "file_too_many_columns"


def test_a_password_is_asked_to_be_taken_off() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert _refusal(ole, "a.xlsx") == "file_password"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_each_encoding_offices_save(encoding: str) -> None:
    text = case("office_gb18030.csv").decode("gb18030")
    table = read_table(text.encode(encoding), "a.csv")
    assert table.sheets[0].rows[7].cells[5].text == "郑　平"
    assert table.encoding == {"utf-8": "utf-8-sig"}.get(encoding, encoding)


@pytest.mark.parametrize("name", ["roster.xlsx", "office.xls"])
def test_a_file_that_lost_bytes_on_its_way_is_read_or_refused_never_an_accident(name: str) -> None:
    sound = case(name)
    outcomes = set()
    for turn in range(40):
        torn = bytearray(sound)
        for step in range(1 + turn % 7):
            torn[(turn * 7919 + step * 104_729) % len(torn)] ^= 1 << (turn % 8)
        content = bytes(torn[: len(torn) - turn * 200])
        try:
            read_roster(content, name, terms())
            outcomes.add("read")
        except UnreadableFile as refused:
            outcomes.add(refused.code)
    assert "file_damaged" in outcomes
    assert outcomes <= {"read", *FILE}
