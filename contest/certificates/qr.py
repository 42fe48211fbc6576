"""QR codes as few rectangles: a version and mask that stay fixed for a batch, dark modules merged row by row."""

from __future__ import annotations

from dataclasses import dataclass

import segno

# With a fixed mask segno need not try all eight, which is most of its time. Any mask is valid for any content.
MASK = 3


@dataclass(frozen=True)
class QrCode:
    """Dark rectangles (column, row, width, height) in modules, on a square of `size` modules without quiet zone."""

    size: int
    rectangles: tuple[tuple[int, int, int, int], ...]


def version_for(*texts: str) -> int:
    """The smallest version that holds every one of these texts at error level M; asked of the longest only."""
    longest = max(texts, key=lambda text: len(text.encode()))
    return int(segno.make(longest, error="m", micro=False, boost_error=False, mask=MASK, mode="byte").version)


def code(text: str, version: int | None = None) -> QrCode:
    """The code of a text at error level M. Raises segno.DataOverflowError when the version is too small."""
    made = segno.make(
        text, error="m", micro=False, boost_error=False, version=version, mask=MASK, mode="byte"
    )
    open_rows: dict[tuple[int, int], list[int]] = {}
    done: list[tuple[int, int, int, int]] = []
    for row, line in enumerate(made.matrix):
        runs = _runs(line)
        for key in [key for key in open_rows if key not in runs]:
            start, height = open_rows.pop(key)
            done.append((key[0], start, key[1], height))
        for key in runs:
            open_rows.setdefault(key, [row, 0])[1] += 1
    done += [(key[0], start, key[1], height) for key, (start, height) in open_rows.items()]
    return QrCode(len(made.matrix), tuple(done))


def _runs(line: bytearray | tuple[int, ...]) -> set[tuple[int, int]]:
    runs, start = set(), None
    for column, dark in enumerate([*line, 0]):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            runs.add((start, column - start))
            start = None
    return runs


def svg_path(made: QrCode) -> str:
    """The rectangles as one SVG path in module units."""
    return "".join(f"M{x} {y}h{w}v{h}h-{w}z" for x, y, w, h in made.rectangles)


def pdf_path(made: QrCode) -> bytes:
    """The rectangles as a PDF path in module units; who uses it has set matrix and colour and fills it."""
    return "".join(f"{x} {y} {w} {h} re\n" for x, y, w, h in made.rectangles).encode()
