"""Shapes of fitted texts, and the operators that one text of a shape lends to all others.

Two texts with the same sequence of advances, in the same slot and size, lie in the same place glyph by glyph. So one
of them is laid out by WeasyPrint on a page of its own, and the operators of that page serve the others with their own
glyph numbers in it. Texts that need real shaping (Tibetan, Uyghur) are laid out for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contest.certificates.pages import Placed

_SHOWN = re.compile(rb"<([0-9a-f]+)>")
_DOT = re.compile(rb"(?:0 0 m\n)+1 0 l\n1 1 l\n0 1 l\nh\n(?=f\n)")
_OPERATORS = re.compile(rb"\[.*?\] TJ", re.DOTALL)


@dataclass(frozen=True)
class Pattern:
    """Operators of a slot with gaps for glyph numbers; no gaps when it was laid out for its own text."""

    pieces: tuple[bytes, ...]

    def filled(self, glyphs: Sequence[bytes]) -> bytes:
        """The operators with these glyph numbers, four hexadecimal digits each."""
        if len(self.pieces) == 1:
            return self.pieces[0]
        parts = [self.pieces[0]]
        for glyph, piece in zip(glyphs, self.pieces[1:], strict=True):
            parts.append(glyph)
            parts.append(piece)
        return b"".join(parts)


def glyphs_of(one: Placed) -> list[int]:
    """Glyph numbers of a fitted slot in the order in which they are shown."""
    assert one.fitted is not None
    return [glyph.gid for line in one.fitted.lines for run in line.runs for glyph in run.glyphs]


def is_simple(one: Placed) -> bool:
    """Whether every run has one glyph a character, none of them moved."""
    assert one.fitted is not None
    return all(run.is_simple for line in one.fitted.lines for run in line.runs)


def shape_of(one: Placed) -> tuple:
    """What the place of each glyph depends on: slot, size, fonts and advances; the text too where it is shaped."""
    assert one.fitted is not None
    lines = tuple(
        tuple(
            (run.family, run.weight, tuple((g.advance, g.natural) for g in run.glyphs)) for run in line.runs
        )
        for line in one.fitted.lines
    )
    return (one.slot.name, one.fitted.size, lines, "" if is_simple(one) else text_of(one))


def text_of(one: Placed) -> str:
    """The fitted lines of a slot."""
    assert one.fitted is not None
    return "\n".join(line.text for line in one.fitted.lines)


def around_path(operators: bytes) -> tuple[bytes, bytes]:
    """The operators before and after the path of a code's only module."""
    found = _DOT.search(operators)
    if found is None:
        raise AssertionError("the page of a code does not show its module")
    return operators[: found.start()], operators[found.end() :]


def pattern_of(operators: bytes, one: Placed) -> Pattern:
    """Cut the operators at the glyph numbers, after checking that they are the ones that were fitted."""
    if not is_simple(one):
        return Pattern((operators,))
    spots: list[tuple[int, int]] = []
    for shown in _OPERATORS.finditer(operators):
        for match in _SHOWN.finditer(operators, shown.start(), shown.end()):
            spots += [(at, at + 4) for at in range(match.start(1), match.end(1), 4)]
    if [int(operators[start:end], 16) for start, end in spots] != glyphs_of(one):
        raise AssertionError(f"{one.slot.name}: the page shows other glyphs than were fitted")
    edges = [0, *(edge for spot in spots for edge in spot), len(operators)]
    return Pattern(tuple(operators[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2)))
