"""Sign-in cards of judges: name, unit, code. Printed once, because only a digest of the code is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno

from contest import papers


@dataclass(frozen=True)
class Card:
    """One judge's card; `address` opens the sign-in page."""

    name: str
    unit: str
    address: str

    @property
    def qr(self) -> str:
        """The code as SVG without a style, for print."""
        return segno.make(self.address, error="m", micro=False).svg_inline(scale=4, border=2, omitsize=True)


CARD_CSS = (
    ".label.card-label { width: 92mm; height: 56mm; padding: 4mm; } .label.card-label svg { width: 36mm; height: 36mm; }"
    " .card-label .note { clear: both; padding-top: 2mm; }"
)


def pdf(html: str, *, title: str, made_at: datetime, is_demo: bool, page: str = "labels") -> bytes:
    """A paper of this room through the one door to PDF."""
    return papers.pdf(html, title=title, made_at=made_at, demo=is_demo, page=page, css=[CARD_CSS])
