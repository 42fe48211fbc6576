"""Guilloche ornament as SVG: interwoven curves of the kind that engine lathes cut for securities and diplomas.

Pure geometry; everything is a function of its arguments, so a layout's border is the same on every machine.
"""

from __future__ import annotations

from math import cos, pi, sin


def _path(points: list[tuple[float, float]], *, closed: bool = False) -> str:
    first, *rest = points
    return (
        f"M{first[0]:.2f} {first[1]:.2f}L"
        + " ".join(f"{x:.2f} {y:.2f}" for x, y in rest)
        + ("z" if closed else "")
    )


def band(length: float, height: float, *, waves: int, threads: int, beat: int = 1) -> str:
    """A woven band along the x axis, from 0 to `length`, `height` high and centred on 0; path data.

    waves: full waves of each thread; threads: pairs of curves, each the other's mirror image; beat: how often the
    amplitude swells. The band is symmetric about its axis.
    """
    steps = waves * 8
    paths = []
    for thread in range(threads):
        phase = pi * thread / threads
        for side in (1, -1):
            points = []
            for step in range(steps + 1):
                along = step / steps
                swell = 0.66 + 0.34 * cos(2 * pi * beat * along + 2 * phase)
                points.append(
                    (length * along, side * height / 2 * swell * sin(2 * pi * waves * along + phase))
                )
            paths.append(_path(points))
    return "".join(paths)


def rosette(radius: float, *, petals: int, threads: int, depth: float = 0.55) -> str:
    """A closed rosette around the origin; `depth` is the share of the radius that the threads swing through."""
    steps = petals * 12
    paths = []
    for thread in range(threads):
        phase = 2 * pi * thread / threads
        points = []
        for step in range(steps):
            angle = 2 * pi * step / steps
            reach = radius * (1 - depth / 2 + depth / 2 * sin(petals * angle + phase))
            points.append((reach * cos(angle), reach * sin(angle)))
        paths.append(_path(points, closed=True))
    return "".join(paths)


def frame(width: float, height: float, *, inset: float, thickness: float, colour: str, accent: str) -> str:
    """A whole frame for a page in millimetres: four bands, four corner rosettes, fine rules inside and outside."""
    middle, corner = inset + thickness / 2, thickness * 0.86
    across, down = width - 2 * middle, height - 2 * middle
    long_band = band(across, thickness * 0.92, waves=round(across / 4.6), threads=3, beat=8)
    short_band = band(down, thickness * 0.92, waves=round(down / 4.6), threads=3, beat=6)
    parts = [_rules(width, height, inset, thickness, colour, accent)]
    parts.append(f'<g fill="none" stroke="{colour}" stroke-width="0.13">')
    for x, y, turn, data in (
        (middle, middle, 0, long_band),
        (middle, height - middle, 0, long_band),
        (middle, middle, 90, short_band),
        (width - middle, middle, 90, short_band),
    ):
        parts.append(f'<path transform="translate({x:.2f} {y:.2f}) rotate({turn})" d="{data}"/>')
    parts.append("</g>")
    for x, y in (
        (middle, middle),
        (width - middle, middle),
        (middle, height - middle),
        (width - middle, height - middle),
    ):
        parts.append(f'<g transform="translate({x:.2f} {y:.2f})"><circle r="{corner:.2f}" fill="#ffffff"/>')
        parts.append(f'<circle r="{corner:.2f}" fill="none" stroke="{accent}" stroke-width="0.35"/>')
        parts.append(f'<g fill="none" stroke="{colour}" stroke-width="0.12">')
        parts.append(f'<path d="{rosette(corner * 0.94, petals=12, threads=5, depth=0.8)}"/>')
        parts.append(f'<path d="{rosette(corner * 0.5, petals=8, threads=4, depth=0.7)}"/></g></g>')
    return "".join(parts)


def _rules(width: float, height: float, inset: float, thickness: float, colour: str, accent: str) -> str:
    rules = []
    for offset, stroke, weight in (
        (inset - 1.5, accent, 0.7),
        (inset - 0.4, colour, 0.2),
        (inset + thickness + 0.4, colour, 0.2),
        (inset + thickness + 1.5, accent, 0.45),
    ):
        rules.append(
            f'<rect x="{offset:.2f}" y="{offset:.2f}" width="{width - 2 * offset:.2f}" '
            f'height="{height - 2 * offset:.2f}" fill="none" stroke="{stroke}" stroke-width="{weight}"/>'
        )
    return "".join(rules)
