"""The marking scheme: modules, criteria and aspects as a tree of any depth. Frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from contest.scoring import codec


@dataclass(frozen=True)
class Spec:
    """A registered function chosen by name, with its parameters: `{ by = "trimmed_mean", low = 1, high = 1 }`.

    Parameter values are kept as the file gives them: int, bool, text (also for decimals: "0.5"), tuple, Mapping.
    """

    by: str
    params: Mapping[str, Any] = field(default_factory=codec.Table)


@dataclass(frozen=True)
class Rounding:
    """A rounding stage: to `digits` after the point (or to a multiple of `step`), by `mode` of ROUNDING."""

    digits: int
    mode: str = "half_up"
    step: Fraction | None = None


@dataclass(frozen=True)
class Node:
    """A module, a criterion or an aspect: one node of the marking scheme.

    A node with `parts` combines them; a node without is an aspect, the smallest thing marked (`marks_of`: it reads
    the marks of another aspect in its own way, e.g. the best attempt beside the average). A value goes
    through a node in this order: judges → one (`method`), × `times`, rounded (`round_each`), `convert_each`,
    attempts → one (`attempts`), `convert`, `scale_to`, × `factor`, knock-outs, `cap`, `floor`, `round`, `gate`. `weight` (percent)
    is applied by the parent. Judges are combined once on every branch from an aspect to the total: at the node
    that names a `method` (there each judge's own sum is combined), else at the aspect, by the nearest
    `aspect_method` above it (default: mean). `seats`, `judges`, `missing_judge`, `absent`, `per` pass down,
    and so do the comment_ fields, which no result depends on: from which mark on a judge has to say why.
    """

    key: str
    title_zh: str = ""
    title_en: str = ""
    source: str = ""
    kind: Spec | None = None
    marks_of: str = ""
    maximum: Fraction | None = None
    weight: Fraction | None = None
    factor: Fraction = Fraction(1)
    scale_to: Fraction | None = None
    per: str = ""
    seats: tuple[str, ...] = ()
    judges: int | None = None
    method: Spec | None = None
    aspect_method: Spec | None = None
    missing_judge: str = ""
    times: tuple[str, ...] = ()
    round_each: Rounding | None = None
    convert_each: Spec | None = None
    attempts: Spec | None = None
    combine: Spec | None = None
    members: Spec | None = None
    convert: Spec | None = None
    cap: Fraction | None = None
    floor: Fraction | None = None
    round: Rounding | None = None
    gate: Fraction | None = None
    absent: str = ""
    less: bool = False
    benchmarks_zh: tuple[str, ...] = ()
    benchmarks_en: tuple[str, ...] = ()
    comment_low: Fraction | None = None
    comment_high: Fraction | None = None
    comment_ends: bool = False
    parts: tuple[Node, ...] = ()

    @property
    def is_aspect(self) -> bool:
        """Whether marks are given here."""
        return not self.parts

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the sheet."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def aspects(self) -> Iterator[Node]:
        """The aspects below this node, in the order of the sheet."""
        return (node for node in self.walk() if node.is_aspect)
