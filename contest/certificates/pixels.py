"""Two PDFs compared as they look: rasterised by pdfium, pixel by pixel."""

from __future__ import annotations

import importlib.util
import threading
from typing import Any

_LOCK = threading.Lock()  # pdfium is not safe for several threads


def is_available() -> bool:
    """Whether a rasteriser is installed; without one the layered way cannot prove itself."""
    return importlib.util.find_spec("pypdfium2") is not None


def raster(content: bytes, *, dpi: int = 110, page: int = 0) -> Any:
    """A page as a numpy array (height, width, 3) of bytes."""
    import pypdfium2

    with _LOCK:
        document = pypdfium2.PdfDocument(content)
        try:
            return document[page].render(scale=dpi / 72, rev_byteorder=True).to_numpy()[..., :3].copy()
        finally:
            document.close()


def png(content: bytes, *, dpi: int = 150) -> bytes:
    """The first page as PNG, for a preview or a phone."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(raster(content, dpi=dpi)).save(out, "PNG", optimize=False)
    return out.getvalue()


def difference(one: bytes, other: bytes, *, dpi: int = 110) -> int:
    """How many pixels of the first pages differ; all of them when the pages differ in size."""
    import numpy

    left, right = raster(one, dpi=dpi), raster(other, dpi=dpi)
    if left.shape != right.shape:
        return int(max(left.size, right.size) // 3)
    return int(numpy.any(left != right, axis=2).sum())
