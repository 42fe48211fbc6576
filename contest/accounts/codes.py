"""A link as a QR code, drawn as SVG without any style, so that it may stand in a page under our content rules."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_svg(text: str, *, title: str) -> Markup:
    """The code of a text at error level M, for inlining; it fills the box it is given. `title` is for screen readers."""
    made = segno.make(text, error="m", micro=False)
    drawn = made.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass=None, title=title, light="#fff")
    return Markup(drawn)  # noqa: S704  # segno escapes the title; the rest is its own drawing
