"""A module's aspects as a judge marks them: the flat order of the sheet, with what may be typed for each.

Made from the rule set alone; the tablet, the desk and the printed sheet all show this list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import contest.scoring.kinds  # noqa: F401  # fills the registry of kinds
from contest.judging.bands import Band, bands_of
from contest.judging.typed import Limits
from contest.scoring.registry import KINDS
from contest.scoring.rules import Node, RuleSet, Spec

UNBOUNDED = 10_000_000_000  # thousandths; a number without a stated maximum still has to be a sane one
STAND_INS = {"file": "judge", "second_keyer": "judge"}
"""Kinds of seats that mark what another kind counts for."""


@dataclass(frozen=True)
class Choice:
    """One button: the value it stores, and the words beside it (both languages; empty: the value itself)."""

    milli: int
    title_zh: str = ""
    title_en: str = ""


@dataclass(frozen=True)
class AspectView:
    """One aspect of a sheet.

    kind: the rule set's kind (marks, measurement, judgement, deduction, knockout, bonus, penalty, time, count).
    maximum: allotted points in thousandths, or None. choices: buttons instead of a number field.
    headings: titles of the criteria above it, outermost first. attempts: how often it is marked.
    is_optional: no mark stands for a value of the rules (no bonus, no breach), so a sheet is complete without it.
    comment_low, comment_high: a mark of this or less, this or more (thousandths) needs a comment.
    base, slope: points = base + slope × mark, in thousandths, for the running sum on the screen; slope None: not linear.
    spread: the largest difference between judges that the rules accept, in thousandths of the mark; None: not limited.
    bands: which values give how many points, where a table says so.
    """

    key: str
    title_zh: str
    title_en: str
    kind: str
    maximum: int | None
    limits: Limits
    choices: tuple[Choice, ...] = ()
    headings: tuple[tuple[str, str], ...] = ()
    attempts: int = 1
    is_optional: bool = False
    base: int = 0
    slope: Fraction | None = Fraction(1)
    comment_low: int | None = None
    comment_high: int | None = None
    spread: int | None = None
    spread_blocks: bool = True
    bands: tuple[Band, ...] = ()

    def title(self, locale: str) -> str:
        """The title in a language; the other where one is missing, the key where both are."""
        wanted, other = (self.title_en, self.title_zh) if locale == "en" else (self.title_zh, self.title_en)
        return wanted or other or self.key

    def heading(self, locale: str) -> str:
        """The criteria above, joined."""
        pairs = ((en or zh) if locale == "en" else (zh or en) for zh, en in self.headings)
        return " › ".join(text for text in pairs if text)


def aspects_of(rules: RuleSet, module_key: str, seat_kind: str = "judge") -> tuple[AspectView, ...]:
    """The aspects that a kind of seat marks in a module, in the order of the sheet.

    A kind that the module's rules name marks the aspects that name it; a kind they don't name (self-score beside
    review-score) marks them all. Raises KeyError for a module that is not there.
    """
    kind = STAND_INS.get(seat_kind, seat_kind)
    found = list(_walk(_module(rules, module_key), rules, (), Above()))
    if not any(kind in kinds for _, kinds in found) and kind != "judge":
        return tuple(aspect for aspect, _ in found)
    return tuple(aspect for aspect, kinds in found if kind in kinds)


def asks_for_comment(aspect: AspectView, milli: int) -> bool:
    """Whether the rules want the judge to say why a mark is what it is."""
    low, high = aspect.comment_low, aspect.comment_high
    return (low is not None and milli <= low) or (high is not None and milli >= high)


def wanted(aspects: Iterable[AspectView]) -> int:
    """How many marks make a sheet complete."""
    return sum(aspect.attempts for aspect in aspects if not aspect.is_optional)


def given(aspects: Iterable[AspectView], marked: Collection[tuple[str, int]]) -> int:
    """How many of those are there; `marked` holds (aspect key, attempt)."""
    return sum(
        (aspect.key, attempt) in marked
        for aspect in aspects
        if not aspect.is_optional
        for attempt in range(1, aspect.attempts + 1)
    )


_kept: dict[tuple[str, str, str], tuple[AspectView, ...]] = {}


def kept_aspects(
    digest: str, module_key: str, seat_kind: str, document: Callable[[], Mapping[str, Any]]
) -> tuple[AspectView, ...]:
    """The same for a stored rule version, by its digest: versions never change, so they are read once a process."""
    key = (digest, module_key, seat_kind)
    if key not in _kept:
        if len(_kept) > 512:
            _kept.clear()
        _kept[key] = aspects_of(RuleSet.from_dict(document()), module_key, seat_kind)
    return _kept[key]


def _module(rules: RuleSet, key: str) -> Node:
    for module in rules.modules:
        if module.key == key:
            return module
    raise KeyError(key)


def module_title(rules: RuleSet, module_key: str, locale: str) -> str:
    """A module's title in a language."""
    for module in rules.modules:
        if module.key == module_key:
            return (
                (module.title_en or module.title_zh)
                if locale == "en"
                else (module.title_zh or module.title_en)
            )
    return module_key


def modules_in_round(rules: RuleSet, round_key: str) -> tuple[Node, ...]:
    """The modules marked in a round: those it names (or all), without what is carried over from earlier rounds."""
    for one in rules.rounds:
        if one.key == round_key:
            wanted = set(one.modules) or {module.key for module in rules.modules}
            return tuple(m for m in rules.modules if m.key in wanted and m.key not in one.carry)
    return rules.modules


def seat_kinds(rules: RuleSet, module_key: str) -> frozenset[str]:
    """The kinds of seats whose marks count in a module; a file of marks stands in for a judge."""
    kinds = {kind for _, named in _walk(_module(rules, module_key), rules, (), Above()) for kind in named}
    return frozenset(kinds | ({"file"} if "judge" in kinds else set()))


@dataclass(frozen=True)
class Above:
    """What the nodes above an aspect say for it; the nearest that says anything wins."""

    attempts: Spec | None = None
    kinds: tuple[str, ...] = ("judge",)
    comment: tuple[Fraction | None, Fraction | None] = (None, None)
    comment_ends: bool = False

    def below(self, node: Node) -> Above:
        """The same for what stands below `node`, or is it."""
        own = (node.comment_low, node.comment_high)
        return Above(
            node.attempts or self.attempts,
            node.seats or self.kinds,
            self.comment if own == (None, None) else own,
            node.comment_ends or self.comment_ends,
        )


def _walk(
    node: Node, rules: RuleSet, headings: tuple[tuple[str, str], ...], above: Above
) -> Iterator[tuple[AspectView, tuple[str, ...]]]:
    """Each aspect with the kinds of seats that mark it."""
    above = above.below(node)
    if node.is_aspect:
        yield _view(node, rules, headings, above), above.kinds
    for part in node.parts:
        below = headings if not part.parts else (*headings, (part.title_zh, part.title_en))
        yield from _walk(part, rules, below, above)


def _view(node: Node, rules: RuleSet, headings: tuple[tuple[str, str], ...], above: Above) -> AspectView:
    spec = node.kind or Spec("marks")
    kind = KINDS.call(spec.by, node.maximum, params=spec.params)
    decimals = min(rules.decimals, 3)
    low, high, step = _milli(kind.low), _milli(kind.high), _milli(kind.step)
    limits = Limits(
        low=-UNBOUNDED if low is None else low,
        high=UNBOUNDED if high is None else high,
        step=step,
        decimals=0 if step and step % 1000 == 0 and (low or 0) % 1000 == 0 else decimals,
        clock=spec.by == "time",
    )
    from_low, from_high = _commented(spec.by, low, high, above)
    return AspectView(
        key=node.key,
        title_zh=node.title_zh,
        title_en=node.title_en,
        kind=spec.by,
        maximum=_milli(node.maximum),
        limits=limits,
        choices=_choices(spec.by, limits, node),
        headings=headings,
        attempts=int(above.attempts.params.get("count", 1)) if above.attempts else 1,
        is_optional=kind.default is not None,
        base=(_milli(node.maximum) or 0) if spec.by == "deduction" else 0,
        slope=_slope(spec, node, limits),
        comment_low=from_low,
        comment_high=from_high,
        spread=_milli(kind.spread),
        spread_blocks=kind.spread_blocks,
        bands=bands_of(node),
    )


UNJUDGED = ("time", "value", "count", "measurement")
"""Kinds that are read off, not judged: their ends need no words."""


def _commented(kind: str, low: int | None, high: int | None, above: Above) -> tuple[int | None, int | None]:
    """From which marks on a comment is needed. Nothing taken off, and a breach that did not happen, need no words."""
    first, last = _milli(above.comment[0]), _milli(above.comment[1])
    if above.comment_ends and kind not in UNJUDGED:
        is_taking = kind in ("deduction", "penalty", "knockout", "bonus")
        first = first if is_taking or low is None else max(low, first if first is not None else low)
        last = last if high is None else min(high, last if last is not None else high)
    return first, last


def _slope(spec: Spec, node: Node, limits: Limits) -> Fraction | None:
    """How many points one unit of the mark is worth before weights; None where a table or formula decides."""
    if node.convert is not None or spec.by in ("time", "value", "knockout"):
        return None
    if spec.by in ("deduction", "penalty"):
        return -Fraction(str(spec.params.get("each", 1)))
    if spec.by == "count":
        return Fraction(str(spec.params.get("each", 1)))
    if spec.by == "judgement" or (
        spec.by == "measurement" and spec.params.get("entered", "yes_no") == "yes_no"
    ):
        return (node.maximum or Fraction(1)) * 1000 / (limits.high or 1000)
    return Fraction(1)


def _choices(kind: str, limits: Limits, node: Node) -> tuple[Choice, ...]:
    """Buttons instead of a number field, best first for a measurement, ascending for a judgement."""
    if kind == "knockout":
        return (Choice(0, "未发生", "Did not happen"), Choice(1000, "已发生", "Happened"))
    if kind == "measurement" and limits.high == limits.step:
        return (Choice(limits.high or 0, "达标", "Met"), Choice(0, "未达标", "Not met"))
    if kind == "judgement":
        count = (limits.high or 0) // 1000 + 1
        zh, en = (*node.benchmarks_zh, *[""] * count), (*node.benchmarks_en, *[""] * count)
        return tuple(Choice(n * 1000, zh[n], en[n]) for n in range(count))
    return ()


def _milli(value: Fraction | None) -> int | None:
    """A number of the rules in thousandths; None where there is none or where it has finer parts."""
    if value is None:
        return None
    exact = value * 1000
    return exact.numerator if exact.denominator == 1 else None
