"""Many papers in one file: a PDF to print, in the order given, and a ZIP with a name for each paper."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pikepdf

from contest.certificates import pixels

# How papers are named in a ZIP: rule → pattern.
NAMING = {
    "number_name": "{number}_{name}",
    "name_number": "{name}_{number}",
    "delegation_number_name": "{delegation}/{number}_{name}",
    "delegation_name": "{delegation}/{name}",
}
PICTURE_DPI = 150  # A4 becomes 1,240 × 1,754 dots, sharp on every phone
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_EPOCH = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Paper:
    """A finished paper with what names it."""

    number: str
    name: str
    delegation: str
    content: bytes


def merged(papers: Iterable[Paper], *, title: str, into: Path | BinaryIO) -> int:
    """All papers in one PDF, a page each; returns how many. What papers of a batch share (fonts, border) is kept once."""
    book = pikepdf.Pdf.new()
    shared: dict[str, pikepdf.Object] = {}
    count = 0
    for paper in papers:
        with pikepdf.open(io.BytesIO(paper.content)) as source:
            for page in source.pages:
                count += 1
                key = _resources_digest(page)
                if key not in shared:
                    resources = source.make_indirect(page.obj["/Resources"])
                    shared[key] = book.copy_foreign(resources)
                target = book.add_blank_page(page_size=(float(page.mediabox[2]), float(page.mediabox[3])))
                page.contents_coalesce()
                target.obj["/Contents"] = book.make_stream(page.obj["/Contents"].read_bytes())
                target.obj["/Resources"] = shared[key]
    if count == 0:
        raise ValueError("no paper")
    book.docinfo["/Title"] = title
    book.save(into, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return count


def _resources_digest(page: pikepdf.Page) -> str:
    """Equal for pages whose layers and fonts are byte for byte the same."""
    digest = hashlib.sha256()
    for kind in ("/XObject", "/Font"):
        for name, item in sorted(page.obj["/Resources"].get(kind, pikepdf.Dictionary()).items()):
            digest.update(kind.encode() + str(name).encode())
            for stream in _streams(item):
                digest.update(stream)
    return digest.hexdigest()


def _streams(item: pikepdf.Object) -> Iterable[bytes]:
    if isinstance(item, pikepdf.Stream):
        yield item.read_raw_bytes()
        return
    yield bytes(item["/ToUnicode"].read_raw_bytes()) if "/ToUnicode" in item else b""
    for descendant in item.get("/DescendantFonts", []):
        descriptor = descendant["/FontDescriptor"]
        for key in ("/FontFile2", "/FontFile3"):
            if key in descriptor:
                yield descriptor[key].read_raw_bytes()


def zipped(
    papers: Iterable[Paper],
    *,
    rule: str,
    into: Path | BinaryIO,
    pictures: bool = False,
    dpi: int = PICTURE_DPI,
) -> None:
    """A ZIP with each paper under its name. Names that come out equal get their number appended.

    pictures: a PNG of `dpi` beside each PDF, for phones. Raises KeyError for an unknown rule. Papers are deflated already, so they are stored as they are.
    """
    pattern, used = NAMING[rule], set()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for paper in papers:
            parts = {
                "number": paper.number, "name": paper.name, "delegation": paper.delegation or "—",
            }  # fmt: skip
            name = pattern.format(**{key: file_name(value) for key, value in parts.items()})
            if name in used:
                name = f"{name}_{file_name(paper.number)}"
            used.add(name)
            archive.writestr(zipfile.ZipInfo(f"{name}.pdf", _EPOCH), paper.content)
            if pictures:
                archive.writestr(zipfile.ZipInfo(f"{name}.png", _EPOCH), pixels.png(paper.content, dpi=dpi))


def file_name(text: str) -> str:
    """A text as part of a file name that Windows, macOS and Linux take."""
    return _FORBIDDEN.sub("_", text).strip(" .")[:80] or "_"
