"""One certificate as HTML: the static layer, the slots in their boxes, the upper layer, in painting order.

Plain rendering takes the whole page; the layered way takes the same parts apart. Both get every slot from here.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from contest.certificates import fitting, qr, sandbox
from contest.certificates.fitting import Fitted, Run
from contest.certificates.layouts import Layout, Slot


@dataclass(frozen=True)
class Record:
    """What one certificate says: `key` names it to the caller, `url` is what its QR code points to."""

    key: str
    values: Mapping[str, str]
    url: str
    title: str = ""


@dataclass(frozen=True)
class Placed:
    """A slot with its fitted text, or without one when it holds the code."""

    slot: Slot
    fitted: Fitted | None


def placed(layout: Layout, record: Record) -> list[Placed]:
    """All slots of a record, fitted. Raises TextTooLong, or LayoutBroken for a name the record does not bring."""
    done = []
    for slot in layout.slots:
        if slot.kind == "qr":
            done.append(Placed(slot, None))
            continue
        text = layout.filled(slot, record.values)
        if text:
            done.append(Placed(replace(slot, colour=layout.ink_of(slot)), fitting.fit(slot, text)))
    return done


def sheet(layout: Layout) -> str:
    """The style of the page itself and of the boxes; the layout's own style is added by the caller."""
    rules = [
        f"@page{{size:{layout.width}mm {layout.height}mm;margin:0}}",
        "html,body{margin:0;padding:0;font-size:10pt;line-height:1.4}",
        ".slot{position:absolute}.slot div{position:absolute;left:0;width:100%;white-space:pre;margin:0}",
        ".layer{position:absolute;left:0;top:0;width:100%;height:100%}",
    ]
    return "".join(rules)


_LANG = {"Paper Tibetan": ' lang="bo"', "Paper Naskh": ' lang="ug" dir="rtl"'}


def run_html(run: Run) -> str:
    """A run in exactly one shipped font. Kerning and ligatures stay off where one glyph is one character."""
    features = "" if run.family in _LANG else ";font-kerning:none;font-variant-ligatures:none"
    style = f"font-family:'{run.family}';font-weight:{run.weight}{features}"
    return f'<span{_LANG.get(run.family, "")} style="{style}">{html.escape(run.text)}</span>'


def slot_html(one: Placed) -> str:
    """A slot's box: each line is a block of its own at a computed height, so no font's metrics move another line."""
    slot, fitted = one.slot, one.fitted
    box = f"left:{slot.x}mm;top:{slot.y}mm;width:{slot.w}mm;height:{slot.h}mm"
    if fitted is None:
        return ""
    step = fitted.size * slot.leading
    spare = slot.h * 72 / 25.4 - step * len(fitted.lines)
    top = {"top": 0.0, "middle": spare / 2, "bottom": spare}[slot.valign]
    # Tracking follows each character, the last one too: the line is shifted so that the ink is centred.
    shift = (
        f";left:{slot.tracking * fitted.size / 2:.3f}pt" if slot.tracking and slot.align == "center" else ""
    )
    tracking = f";letter-spacing:{slot.tracking}em" if slot.tracking else ""
    family, weight = fitting.CHAINS[slot.font][0]
    lines = "".join(
        f'<div style="top:{top + step * number:.3f}pt{shift}">{"".join(run_html(run) for run in line.runs)}</div>'
        for number, line in enumerate(fitted.lines)
    )
    style = f"font:{weight} {fitted.size}pt/{step:.3f}pt '{family}';text-align:{slot.align};color:{slot.colour}{tracking}"
    return f'<div class="slot" style="{box};{style}">{lines}</div>'


def qr_html(slot: Slot, made: qr.QrCode) -> str:
    """The code as one SVG path in its box."""
    return (
        f'<svg style="position:absolute;left:{slot.x}mm;top:{slot.y}mm;width:{slot.w}mm;height:{slot.h}mm" '
        f'viewBox="0 0 {made.size} {made.size}" xmlns="http://www.w3.org/2000/svg">'
        f'<path fill="#000000" d="{qr.svg_path(made)}"/></svg>'
    )


def whole(layout: Layout, body: str) -> str:
    """A complete HTML text around a body."""
    return (
        f'<!doctype html><html lang="{html.escape(layout.lang)}"><head><meta charset="utf-8">'
        f"<title></title></head><body>{body}</body></html>"
    )


def static_html(layout: Layout, *, demo: bool) -> str:
    """The body of the static layer: pictures that lie under everything, then the layout's own markup."""
    inner = _pictures(layout, above=False) + sandbox.layer(layout, layout.html, demo=demo)
    return f'<div class="layer">{inner}</div>'


def upper_html(layout: Layout, *, demo: bool) -> str:
    """The body of the upper layer; empty when nothing lies above the texts."""
    if not layout.has_upper:
        return ""
    own = sandbox.layer(layout, layout.upper, demo=demo) if layout.upper else ""
    return f'<div class="layer">{own}{_pictures(layout, above=True)}</div>'


def pictures_of(layout: Layout) -> dict[str, bytes]:
    """Address → bytes of the organiser's pictures, for the layout engine."""
    return {one.url: one.content for one in layout.pictures.values()}


def _pictures(layout: Layout, *, above: bool) -> str:
    """The organiser's pictures of one layer, each whole within its place."""
    parts = []
    for one in layout.pictures.values():
        at = one.place
        if at.above is above:
            box = f"left:{at.x}mm;top:{at.y}mm;width:{at.w}mm;height:{at.h}mm"
            fit = "contain" if above else "cover"
            parts.append(f'<img src="{one.url}" alt="" style="position:absolute;{box};object-fit:{fit}">')
    return "".join(parts)


def full_html(layout: Layout, record: Record, slots: Iterable[Placed], *, demo: bool, version: int) -> str:
    """The whole certificate, as plain rendering takes it."""
    parts = [static_html(layout, demo=demo)]
    for one in slots:
        if one.fitted is None:
            parts.append(qr_html(one.slot, qr.code(record.url, version)))
        else:
            parts.append(slot_html(one))
    parts.append(upper_html(layout, demo=demo))
    return whole(layout, "".join(parts))
