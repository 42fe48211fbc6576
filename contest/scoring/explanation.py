"""What an explanation is: nodes with their steps and marks, and the same as indented lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from contest.scoring import explain_words as words

Pair = tuple[str, str]
"""The same words in Chinese and in English."""


@dataclass(frozen=True)
class Step:
    """One thing that was done to a value, in words, and what came out."""

    zh: str
    en: str
    value: str


@dataclass(frozen=True)
class JudgeMark:
    """One judge's mark as typed; `counted` is false for seats that the rules leave out (self-scores)."""

    seat: str
    attempt: int
    value: str
    state: str
    counted: bool = True


@dataclass(frozen=True)
class Explanation:
    """A node of the tree: its value, how it came about, the marks (of an aspect) and its parts.

    exact: None without a value. weight: percent with which it counts in the node above, None for plain points.
    subject: the key of the member whose node this is, in the tree of a team.
    """

    key: str
    title: Pair
    exact: Fraction | None
    value: str
    state: str
    weight: Fraction | None = None
    steps: tuple[Step, ...] = ()
    marks: tuple[JudgeMark, ...] = ()
    parts: tuple[Explanation, ...] = ()
    notes: tuple[Pair, ...] = field(default=())
    subject: str = ""

    def text(self, language: str = "en", depth: int = 0) -> str:
        """The tree as indented lines."""
        return "\n".join(self._lines(0 if language.startswith("zh") else 1, depth))

    def _lines(self, side: int, depth: int) -> Iterator[str]:
        indent = "  " * depth
        weight = "" if self.weight is None else f" × {words.shown(self.weight)} %"
        title = f"{self.title[side]} · {self.subject}" if self.subject else self.title[side]
        yield f"{indent}{title}: {self.value or words.STATES[self.state][side]}{weight}"
        for note in self.notes:
            yield f"{indent}  {note[side]}"
        if self.marks:
            yield f"{indent}  {words.marks_line(self.marks, side)}"
        for step in self.steps:
            yield f"{indent}  {(step.zh, step.en)[side]} → {step.value or '—'}"
        for part in self.parts:
            yield from part._lines(side, depth + 1)
