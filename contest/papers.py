"""The one door from HTML to PDF: lists, sheets, labels, decisions and the layers of certificates.

Only what ships with the product gets onto paper. Fonts come from `static/fonts`, style sheets from `static/css`,
every other address is refused by name, so that neither a template nor a typed text can make the server fetch
anything. The same HTML, date and identifier give the same bytes, because papers are kept and compared by digest.
"""

from __future__ import annotations

import atexit
import hashlib
import html as markup
import re
import threading
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contest.errors import Refused

if TYPE_CHECKING:
    from weasyprint import CSS, Document
    from weasyprint.text.fonts import FontConfiguration

STATIC = Path(__file__).resolve().parent.parent / "static"
FONTS = STATIC / "fonts"

# Pango and fontconfig keep process-wide state: two threads laying out at once have crashed the process.
_LOCK = threading.RLock()


@dataclass(frozen=True)
class Face:
    """A shipped font file and the family name under which papers know it."""

    family: str
    weight: int
    file: str

    @property
    def path(self) -> Path:
        """Where the whole font lies."""
        return FONTS / self.file


class FontMissing(Refused):
    """A shipped font file is not where it belongs: `contest doctor` tells how to mend it."""

    code = "font_missing"
    status = 500

    def __init__(self, file: str) -> None:
        super().__init__(file=file)


class OutsideResource(Refused):
    """A paper asked for something that does not ship with the product."""

    code = "outside_resource"
    status = 422

    def __init__(self, url: str) -> None:
        super().__init__(url=url[:200])


# Own family names keep an installed font of the same name from slipping in with other glyphs or other widths.
FACES: tuple[Face, ...] = (
    Face("Paper Song", 400, "NotoSerifSC-Regular.ttf"),
    Face("Paper Song", 700, "NotoSerifSC-Bold.ttf"),
    Face("Paper Kai", 400, "LXGWWenKai-Regular.ttf"),
    Face("Paper Tibetan", 400, "NotoSerifTibetan-Regular.ttf"),
    Face("Paper Naskh", 400, "NotoNaskhArabic-Regular.ttf"),
    Face("Paper Rare", 400, "ContestRareHan-Regular.ttf"),
)


def face(family: str, weight: int = 400) -> Face:
    """The face of a family and weight. Raises FontMissing when the product ships none."""
    for one in FACES:
        if (one.family, one.weight) == (family, weight):
            return one
    raise FontMissing(f"{family} {weight}")


def _allowed(url: str) -> Path | None:
    """The shipped file behind `shipped:/fonts/…` or `shipped:/css/…`; None for every other address."""
    match = re.fullmatch(r"shipped:/(fonts|css)/([A-Za-z0-9._-]+)", url)
    if match is None:
        return None
    root = FONTS if match[1] == "fonts" else STATIC / "css"
    path = root / match[2]
    return path if path.is_file() else None


def _fetcher(pictures: Mapping[str, bytes] | None = None) -> Any:
    """A fetcher that answers for shipped files and these pictures; the first refused address is in `refused`."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class ShippedOnly(URLFetcher):
        refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            if pictures and url in pictures:
                kind = "image/png" if pictures[url].startswith(b"\x89PNG") else "image/jpeg"
                return URLFetcherResponse(url, pictures[url], {"Content-Type": kind})
            path = _allowed(url)
            if path is None:
                self.refused.append(url)
                raise ValueError(f"not shipped: {url}")
            kind = "text/css" if path.suffix == ".css" else "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    fetcher = ShippedOnly()
    fetcher.refused = []
    return fetcher


@dataclass(frozen=True)
class _Faces:
    """The fonts of this process, read once: registering 60 MB anew for every paper would cost seconds."""

    configuration: FontConfiguration
    sheet: CSS


@cache
def _faces(root: Path) -> _Faces:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    for one in FACES:
        if not one.path.is_file():
            raise FontMissing(one.file)
    rules = "".join(
        f"@font-face{{font-family:'{one.family}';font-weight:{one.weight};src:url(shipped:/fonts/{one.file})}}\n"
        for one in FACES
    )
    configuration = FontConfiguration()
    return _Faces(configuration, CSS(string=rules, font_config=configuration, url_fetcher=_fetcher()))


# The font registry has a finaliser that needs the libraries: it goes before the interpreter takes them down.
atexit.register(_faces.cache_clear)


@cache
def _sheet(path: Path, changed: int) -> CSS:
    from weasyprint import CSS

    return CSS(filename=str(path), font_config=_faces(FONTS).configuration, url_fetcher=_fetcher())


def style(name: str) -> CSS:
    """A parsed style sheet of `static/css`; parsed again only when the file has changed."""
    path = STATIC / "css" / name
    if not path.is_file():
        raise OutsideResource(f"shipped:/css/{name}")
    return _sheet(path, path.stat().st_mtime_ns)


def document(
    html: str,
    *,
    css: Sequence[str] = (),
    styles: Iterable[str] = (),
    pictures: Mapping[str, bytes] | None = None,
) -> Document:
    """Lay a whole HTML text out with shipped fonts only; `css` are texts, `styles` names under `static/css`.

    pictures: address (`shipped:/pictures/…`) → bytes of checked PNG or JPEG images that the caller holds.

    Raises FontMissing, or OutsideResource naming the first address that does not ship with the product.
    """
    from weasyprint import CSS, HTML

    with _LOCK:
        faces, fetcher = _faces(FONTS), _fetcher(pictures)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            sheets = [faces.sheet, *(style(name) for name in styles)]
            sheets += [CSS(string=text, font_config=faces.configuration, url_fetcher=fetcher) for text in css]
            page = HTML(string=html, base_url="shipped:/", url_fetcher=fetcher)
            laid_out = page.render(stylesheets=sheets, font_config=faces.configuration)
        if fetcher.refused:
            raise OutsideResource(fetcher.refused[0])
        return laid_out


def write(
    laid_out: Document, *, title: str, made_at: datetime | None, identifier: str = "", **options: Any
) -> bytes:
    """Bytes of a laid-out document; date and identifier are arguments, so equal input gives equal bytes."""
    stamp = (made_at or datetime(2000, 1, 1, tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata = laid_out.metadata
    metadata.title, metadata.generator = title, "contest"
    metadata.created, metadata.modified = (stamp, stamp) if made_at else (None, None)
    digest = hashlib.sha256(f"{identifier}\0{title}\0{stamp}".encode()).hexdigest()[:32]
    with _LOCK:
        return laid_out.write_pdf(pdf_identifier=digest.encode(), **options)


_DEMO = '<div class="demo-mark" lang="zh-CN">演示样张</div>'


def furnished(
    body: str, *, title: str, lang: str = "zh-CN", demo: bool = False, page: str = "portrait"
) -> str:
    """A whole HTML text around a body; `page` is a class of `paper.css`: portrait, landscape, official, labels."""
    mark = _DEMO if demo else ""
    return (
        f'<!doctype html><html lang="{markup.escape(lang)}"><head><meta charset="utf-8">'
        f'<title>{markup.escape(title)}</title></head><body class="{markup.escape(page)}">{mark}{body}</body></html>'
    )


def pdf(
    html: str,
    *,
    title: str,
    lang: str = "zh-CN",
    made_at: datetime | None = None,
    identifier: str = "",
    demo: bool = False,
    page: str = "portrait",
    css: Sequence[str] = (),
) -> bytes:
    """An office paper as PDF.

    html: the body's markup (already escaped), or a whole document, which is then taken as it is.
    page: portrait, landscape (A4, “page n of m”), official (GB/T 9704-2012: margins, — 1 —) or labels (no margin text).
    made_at, identifier: written into the file in place of the clock and of chance; the same arguments give the same
    bytes. demo: prints 演示样张 on every page.
    Raises FontMissing, OutsideResource.
    """
    whole = html if html.lstrip()[:9].lower().startswith(("<!doctype", "<html")) else None
    text = whole or furnished(html, title=title, lang=lang, demo=demo, page=page)
    laid_out = document(text, css=css, styles=["paper.css"])
    return write(laid_out, title=title, made_at=made_at, identifier=identifier)
