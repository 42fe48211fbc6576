"""Bytes of many one-page PDFs that share everything but a content stream and their information dictionary.

The shared objects are written once; each paper then costs a copy, one deflate and a cross-reference table.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime

import pikepdf

_HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"


class Mould:
    """The shared part of a batch: a one-page PDF whose page content is still empty."""

    def __init__(self, template: pikepdf.Pdf, content: pikepdf.Object) -> None:
        """template: a page whose /Contents is the stream object `content`, to be replaced for each paper."""
        self._content = content.objgen[0]
        body = bytearray(_HEADER)
        offsets: dict[int, int] = {}
        for number, item in _numbered(template):
            if number != self._content:
                offsets[number] = len(body)
                body += _written(number, item)
        self._body = bytes(body)
        self._info = max([*offsets, self._content]) + 1
        self._root = template.Root.objgen[0]
        self._offsets = offsets
        self._entries = [
            f"{offsets[number]:010d} 00000 n \n".encode() if number in offsets else b"0000000000 00000 f \n"
            for number in range(self._info)
        ]

    def cast(self, operators: bytes, *, title: str, made_at: datetime | None) -> bytes:
        """One paper: the shared objects, its operators, its title and date. Equal input gives equal bytes."""
        packed = zlib.compress(operators, 6)
        stream = b"%d 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
            self._content,
            len(packed),
            packed,
        )
        info = b"%d 0 obj\n%s\nendobj\n" % (self._info, _information(title, made_at))
        at = len(self._body)
        entries = list(self._entries)
        entries[0] = b"0000000000 65535 f \n"
        entries[self._content] = b"%010d 00000 n \n" % at
        entries.append(b"%010d 00000 n \n" % (at + len(stream)))
        digest = hashlib.sha256(stream + info).hexdigest()[:32].encode()
        tail = (
            b"xref\n0 %d\n%strailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (
                self._info + 1,
                b"".join(entries),
                self._info + 1,
                self._root,
                self._info,
                digest,
                digest,
                at + len(stream) + len(info),
            )
        )
        return b"".join((self._body, stream, info, tail))


def _numbered(template: pikepdf.Pdf) -> list[tuple[int, pikepdf.Object]]:
    """Objects by number after unused ones are gone: pikepdf numbers what it writes anew, so it is read back."""
    return [(item.objgen[0], item) for item in template.objects if item.is_indirect and item.objgen[0]]


def _written(number: int, item: pikepdf.Object) -> bytes:
    if isinstance(item, pikepdf.Stream):
        raw = item.read_raw_bytes()
        dictionary = pikepdf.Dictionary(dict(item.stream_dict.items()))
        dictionary["/Length"] = len(raw)
        head = dictionary.unparse(resolved=True)
        return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, raw)
    return b"%d 0 obj\n%s\nendobj\n" % (number, item.unparse(resolved=True))


def _information(title: str, made_at: datetime | None) -> bytes:
    text = (b"\xfe\xff" + title.encode("utf-16-be")).hex().upper().encode()
    stamp = b""
    if made_at is not None:
        moment = made_at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ").encode()
        stamp = b"/CreationDate(%s)/ModDate(%s)" % (moment, moment)
    return b"<</Title<%s>/Creator(contest)/Producer(contest)%s>>" % (text, stamp)


def moulded(
    size: tuple[float, float],
    forms: Mapping[str, tuple[pikepdf.Pdf, bytes]],
    shared: pikepdf.Pdf,
    lang: str,
) -> Mould:
    """A mould of a page of `size` points: layers as named forms (document, its page's operators), and the
    resources of the variable layer's document."""
    template = pikepdf.Pdf.new()
    page = template.add_blank_page(page_size=size)
    resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary())
    for name, (source, operators) in forms.items():
        form = template.make_stream(operators)
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = pikepdf.Array([0, 0, *size])
        held = source.make_indirect(source.pages[0].obj["/Resources"])
        form.Resources = template.copy_foreign(held)
        resources.XObject[f"/{name}"] = template.make_indirect(form)
    # Fonts and graphic states of the variable layer are common to all its pages.
    for kind in ("/Font", "/ExtGState"):
        items = shared.pages[0].obj["/Resources"].get(kind, pikepdf.Dictionary())
        resources[kind] = template.copy_foreign(shared.make_indirect(items))
    content = template.make_indirect(template.make_stream(b" "))
    page.obj["/Resources"], page.obj["/Contents"] = resources, content
    template.Root.Lang = pikepdf.String(lang)
    # Saving drops what nothing refers to and packs streams; the copy read back has its final numbers.
    packed = io.BytesIO()
    template.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=True)
    packed.seek(0)
    reread = pikepdf.open(packed)
    return Mould(reread, reread.pages[0].obj["/Contents"])
