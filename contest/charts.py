"""Pictures of figures as SVG, made by the server: they print, need no script, and say in words what they show.

A picture is for the eye; the same figures stand in a table beside it. Colours come from `charts.css` by class, every
value is written out, so that nothing depends on telling two colours apart. Lengths are SVG units, about a pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from markupsafe import Markup, escape

WIDTH = 420
LABEL = 150  # units kept for the labels of bars
ROW = 26
SHADES = 4  # classes of colour a map knows

# Where the divisions lie on the tile map: (column, row). A sketch of who lies beside whom, not a map; by the first two
# digits of the code of GB/T 2260.
TILES: dict[str, tuple[int, int, str]] = {
    "23": (6, 0, "黑龙江"), "15": (4, 1, "内蒙古"), "21": (5, 1, "辽宁"), "22": (6, 1, "吉林"),
    "65": (0, 2, "新疆"), "62": (1, 2, "甘肃"), "64": (2, 2, "宁夏"), "14": (3, 2, "山西"), "11": (4, 2, "北京"),
    "12": (5, 2, "天津"), "54": (0, 3, "西藏"), "63": (1, 3, "青海"), "61": (2, 3, "陕西"), "41": (3, 3, "河南"),
    "13": (4, 3, "河北"), "37": (5, 3, "山东"), "51": (1, 4, "四川"), "50": (2, 4, "重庆"), "42": (3, 4, "湖北"),
    "34": (4, 4, "安徽"), "32": (5, 4, "江苏"), "31": (6, 4, "上海"), "53": (1, 5, "云南"), "52": (2, 5, "贵州"),
    "43": (3, 5, "湖南"), "36": (4, 5, "江西"), "33": (5, 5, "浙江"), "45": (2, 6, "广西"), "44": (3, 6, "广东"),
    "35": (4, 6, "福建"), "71": (5, 6, "台湾"), "46": (2, 7, "海南"), "82": (3, 7, "澳门"), "81": (4, 7, "香港"),
}  # fmt: skip
_LEAST_MAPPED = 2  # delegations that must lie on the map before it is drawn


@dataclass(frozen=True)
class Bar:
    """A labelled value; `shown` is its text, None where it is kept back."""

    label: str
    value: float
    shown: str | None = None

    @property
    def text(self) -> str:
        """The value as it stands beside the bar."""
        return self.shown if self.shown is not None else f"{self.value:g}"


def bars(rows: Sequence[Bar], *, title: str, desc: str) -> Markup:
    """Lying bars, one under the other; a value below 0 goes to the left of the middle line."""
    if not rows:
        return Markup("")
    most = max(abs(row.value) for row in rows) or 1
    has_negative = any(row.value < 0 for row in rows)
    room = WIDTH - LABEL - 50
    zero = LABEL + (room / 2 if has_negative else 0)
    scale = (room / 2 if has_negative else room) / most
    parts = []
    for number, row in enumerate(rows):
        y, length = 4 + number * ROW, abs(row.value) * scale
        left = zero - length if row.value < 0 else zero
        parts.append(
            _text(LABEL - 8, y + 15, _short(row.label, 11), "chart__label", "end", whole=row.label)
            + _rect("chart__bar", left, y, length, 18)
            + _text(max(zero, zero + row.value * scale) + 6, y + 14, row.text, "chart__value")
        )
    line = _line(zero, 0, zero, len(rows) * ROW + 4)
    return _svg(Markup("").join(parts) + line, len(rows) * ROW + 8, title, desc)


def columns(rows: Sequence[Bar], *, title: str, desc: str) -> Markup:
    """Standing columns without gaps, as of a distribution; labels are the lower borders of the classes."""
    if not rows:
        return Markup("")
    most, height = max(row.value for row in rows) or 1, 150
    step = (WIDTH - 20) / len(rows)
    parts = []
    for number, row in enumerate(rows):
        tall, x = row.value / most * height, 10 + number * step
        y = 20 + height - tall
        parts.append(
            _rect("chart__bar chart__bar--joined", x, y, step, tall)
            + (_text(x + step / 2, y - 5, row.text, "chart__value", "middle") if row.value else Markup(""))
            + _text(x, 20 + height + 16, row.label, "chart__tick", "middle" if number else "start")
        )
    line = _line(8, 20 + height, WIDTH - 8, 20 + height)
    return _svg(Markup("").join(parts) + line, height + 44, title, desc)


@dataclass(frozen=True)
class Tile:
    """A place with its value; `code` is the division's, empty where it isn't known."""

    name: str
    code: str
    value: int


def tile_map(tiles: Sequence[Tile], *, title: str, desc: str) -> Markup:
    """Divisions as squares where they lie; those without a place there, or all of them if too few have one, in rows.

    The darker the more; the number stands in each square.
    """
    placed = {place_of(tile): tile for tile in tiles if place_of(tile)}
    if len(placed) < _LEAST_MAPPED:
        placed = {}
    most = max((tile.value for tile in tiles), default=0)
    size, parts = 58, []
    if placed:
        for code, (column, row, name) in TILES.items():
            tile = placed.get(code)
            parts.append(_tile(column, row, size, tile.name if tile else name, tile, most, title))
    rest = [tile for tile in tiles if tile not in placed.values()]
    first = 8.3 if placed else 0
    for number, tile in enumerate(rest):
        parts.append(_tile(number % 7, first + number // 7, size, tile.name, tile, most, title))
    rows = (first + -(-len(rest) // 7)) if rest else 8
    return _svg(Markup("").join(parts), round(rows * size) + 8, title, desc)


def place_of(tile: Tile) -> str:
    """The first two digits of the division a tile lies at, by its code or by its name; empty where there is none.

    A prefecture's code does not put it on the map of the provinces.
    """
    if tile.code[:2] in TILES and tile.code[2:].strip("0") == "":
        return tile.code[:2]
    return next((code for code, (_, _, name) in TILES.items() if tile.name.startswith(name)), "")


def _tile(
    column: float, row: float, size: int, name: str, tile: Tile | None, most: int, title: str
) -> Markup:
    shade = 0 if tile is None or not tile.value else 1 + min(SHADES - 1, tile.value * SHADES // (most + 1))
    x, y = 6 + column * size, 4 + row * size
    inner = _rect(f"chart__tile chart__tile--{shade}", x, y, size - 4, size - 4)
    name_class = "chart__place" + (" chart__place--light" if shade > 2 else "")
    middle = x + (size - 4) / 2
    inner += _text(middle, y + 22, _short(name, 4), name_class, "middle", whole=name)
    if tile is not None:
        inner += _text(middle, y + 43, str(tile.value), f"{name_class} chart__count", "middle")
    return inner


def _rect(name: str, x: float, y: float, width: float, height: float) -> Markup:
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        name, x, y, width, height
    )


def _line(x: float, y: float, right: float, bottom: float) -> Markup:
    return Markup('<line class="chart__axis" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        x, y, right, bottom
    )


def _short(text: str, most: int) -> str:
    wide = sum(1 if sign > "\u2e7f" else 0.55 for sign in text)
    if wide <= most:
        return text
    kept, used = "", 0.0
    for sign in text:
        used += 1 if sign > "\u2e7f" else 0.55
        if used > most - 1:
            break
        kept += sign
    return f"{kept}…"


def _text(x: float, y: float, text: str, name: str, anchor: str = "start", whole: str = "") -> Markup:
    title = Markup("<title>{}</title>").format(whole) if whole and whole != text else Markup("")
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}{}</text>').format(
        name, x, y, anchor, title, text
    )


def _svg(inner: Markup, height: float, title: str, desc: str) -> Markup:
    """The frame with what a screen reader says. Its id follows from what it shows, so equal pages are equal."""
    key = "c" + sha256(f"{title}\0{desc}\0{inner}".encode()).hexdigest()[:10]
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" role="img" aria-labelledby="{k}t {k}d" focusable="false">'
        '<title id="{k}t">{t}</title><desc id="{k}d">{d}</desc>{i}</svg>'
    ).format(w=WIDTH, h=round(height), k=key, t=escape(title), d=escape(desc), i=inner)
