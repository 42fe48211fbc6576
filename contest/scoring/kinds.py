"""Kinds of aspects: which marks may be entered, and what points a mark is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from contest.scoring.columns import Column, added, clipped, constant, times
from contest.scoring.registry import KINDS


@dataclass(frozen=True)
class KnockOut:
    """What a knock-out item does when it hits, and when it does.

    effect: "zero" (the target's result is 0), "cap" (it is at most `cap`), "fail" (the target counts as not
    passed), "out_of_round" (no result in the round), "out" (not ranked at all). target: key of a node above, empty
    for the module. votes: hits if any, more than half, or all of the judges say so.
    """

    effect: str
    target: str
    votes: str
    cap: Fraction | None


@dataclass(frozen=True)
class Kind:
    """How marks of an aspect are read.

    low, high, step: what may be entered (None: not limited). points: marks → points. default: the mark that no row
    stands for (None: a missing mark is missing). spread: the largest difference of judges that is accepted.
    """

    low: Fraction | None
    high: Fraction | None
    step: Fraction | None
    points: Callable[[Column], Column]
    default: Fraction | None = None
    spread: Fraction | None = None
    spread_blocks: bool = True
    knockout: KnockOut | None = None


def same(column: Column) -> Column:
    """Points are the mark itself."""
    return column


@KINDS.register(
    "marks",
    title_zh="直接评分",
    title_en="Plain marks",
    source="plain 0–100 marks by a panel, usual in union and vocational contests",
    parameters={
        "low": ("最低分", "lowest mark"),
        "high": ("最高分（默认为配分）", "highest mark (default: the maximum)"),
        "step": ("分值间隔", "step"),
        "default": ("未评分视为", "value of no mark"),
    },
)
def marks(
    maximum: Fraction | None,
    *,
    low: Fraction | None = Fraction(0),
    high: Fraction | None = None,
    step: Fraction | None = None,
    default: Fraction | None = None,
) -> Kind:
    """Points as typed, from `low` to `high` (else the maximum) in steps. Source: usual panels of judges."""
    return Kind(low, high if high is not None else maximum, step, same, default)


@KINDS.register(
    "judgement",
    title_zh="评价分（0–3）",
    title_en="Judgement 0–3",
    source="WorldSkills Competition Rules, judgement marking; spread rule of the same",
    parameters={
        "levels": ("最高等级", "highest level"),
        "spread": ("允许分差", "accepted spread"),
        "on_spread": ("超过分差时", "when the spread is exceeded"),
    },
)
def judgement(
    maximum: Fraction | None,
    *,
    levels: int = 3,
    spread: Fraction | None = Fraction(1),
    on_spread: Literal["block", "note"] = "block",
) -> Kind:
    """Score 0…levels against benchmarks; points = score ÷ levels × maximum, so that Σ ÷ (levels·judges) × maximum.

    Scores that differ by more than `spread` block until the judges have talked. Source: WorldSkills Competition Rules.
    """
    unit = (maximum if maximum is not None else Fraction(levels)) / levels
    return Kind(
        Fraction(0),
        Fraction(levels),
        Fraction(1),
        lambda column: times(column, unit),
        spread=spread,
        spread_blocks=on_spread == "block",
    )


@KINDS.register(
    "measurement",
    title_zh="测量分（满分或零分）",
    title_en="Measurement, full or zero",
    source="WorldSkills Competition Rules, measurement marking",
    parameters={"entered": ("录入方式", "entered as"), "step": ("分值间隔", "step")},
)
def measurement(
    maximum: Fraction | None,
    *,
    entered: Literal["yes_no", "points"] = "yes_no",
    step: Fraction | None = None,
) -> Kind:
    """Yes (1) gives the maximum, no (0) gives 0; entered as "points" the mark is 0 or the maximum, or between by `step`.

    Source: WorldSkills Competition Rules, measurement marking.
    """
    full = maximum if maximum is not None else Fraction(1)
    if entered == "points":
        return Kind(Fraction(0), full, step if step is not None else full, same)
    return Kind(Fraction(0), Fraction(1), Fraction(1), lambda column: times(column, full))


@KINDS.register(
    "value",
    title_zh="测量值（按换算得分）",
    title_en="Measured value, turned into points by `convert`",
    source="tolerance tables of mechanical trades; points tables of measured results",
    parameters={
        "low": ("最小值", "lowest value"),
        "high": ("最大值", "highest value"),
        "step": ("间隔", "step"),
    },
)
def value(
    maximum: Fraction | None,
    *,
    low: Fraction | None = None,
    high: Fraction | None = None,
    step: Fraction | None = None,
) -> Kind:
    """A measured value; `convert` of the aspect makes points of it. Source: tolerance tables of mechanical trades."""
    return Kind(low, high, step, same)


@KINDS.register(
    "deduction",
    title_zh="扣分（配分 – 扣分 = 得分）",
    title_en="Deduction from the allotted points",
    source="operation sheets 配分–扣分–得分 of Chinese vocational contests",
    parameters={"step": ("扣分间隔", "step"), "most": ("最多扣分", "most that may be typed")},
)
def deduction(
    maximum: Fraction | None, *, step: Fraction | None = None, most: Fraction | None = None
) -> Kind:
    """Points deducted are typed; the result is maximum − deducted, never below 0. Source: 配分–扣分–得分 sheets."""
    full = maximum if maximum is not None else Fraction(0)

    def points(column: Column) -> Column:
        left = added([constant(full, (1,)), column], [Fraction(1), Fraction(-1)])
        return clipped(left, Fraction(0), None)

    return Kind(Fraction(0), most if most is not None else maximum, step, points)


@KINDS.register(
    "bonus",
    title_zh="加分",
    title_en="Bonus",
    source="bonus items of labour contests; may push a part over its maximum unless capped",
    parameters={"step": ("加分间隔", "step")},
)
def bonus(maximum: Fraction | None, *, step: Fraction | None = None) -> Kind:
    """Points added beyond the allotted ones; no row is no bonus. Source: bonus items of labour contests."""
    return Kind(Fraction(0), maximum, step, same, default=Fraction(0))


@KINDS.register(
    "penalty",
    title_zh="违规扣分",
    title_en="Penalty",
    source="deductions for breaches, 5–10 points typical, recorded by whom, when, why",
    parameters={"step": ("扣分间隔", "step"), "each": ("每次扣分", "points for each")},
)
def penalty(maximum: Fraction | None, *, step: Fraction | None = None, each: Fraction = Fraction(1)) -> Kind:
    """Points (or a number of breaches × `each`) taken off the sum; no row is no penalty. Source: breach rules."""
    return Kind(Fraction(0), maximum, step, lambda column: times(column, -each), default=Fraction(0))


@KINDS.register(
    "knockout",
    title_zh="否定项（一票否决）",
    title_en="Knock-out item",
    source="否定项 of operation sheets; one-vote veto of labour contests (zhushi-pharm.org, 2014)",
    parameters={
        "effect": ("后果", "effect"),
        "target": ("作用于", "acts on"),
        "votes": ("认定票数", "votes needed"),
        "cap": ("上限", "cap"),
    },
)
def knockout(
    maximum: Fraction | None,
    *,
    effect: Literal["zero", "fail", "cap", "out_of_round", "out"] = "zero",
    target: str = "",
    votes: Literal["any", "majority", "all"] = "any",
    cap: Fraction | None = None,
) -> Kind:
    """1 = it happened, 0 or no row = it did not; the effect falls on the module or the named node above.

    Source: 否定项 of operation sheets; one-vote veto of labour contests.
    """
    hit = KnockOut(effect, target, votes, cap)
    return Kind(Fraction(0), Fraction(1), Fraction(1), same, default=Fraction(0), knockout=hit)


@KINDS.register(
    "time",
    title_zh="用时",
    title_en="Time",
    source="tie-break 用时短者优先 of vocational contests",
    parameters={"high": ("最长时间", "longest time"), "step": ("间隔", "step")},
)
def time(maximum: Fraction | None, *, high: Fraction | None = None, step: Fraction | None = None) -> Kind:
    """A time in any unit; give the aspect weight 0 if it only breaks ties. Source: tie-break 用时短者优先."""
    return Kind(Fraction(0), high, step, same)


@KINDS.register(
    "count",
    title_zh="计数",
    title_en="Count",
    source="quiz answers, hits, correct items; placements given as marks",
    parameters={
        "low": ("最小", "smallest"),
        "each": ("每个得分", "points for each"),
        "default": ("未评分视为", "value of no mark"),
    },
)
def count(
    maximum: Fraction | None,
    *,
    low: Fraction | None = Fraction(0),
    high: Fraction | None = None,
    each: Fraction = Fraction(1),
    default: Fraction | None = None,
) -> Kind:
    """A whole number, × `each` points. Source: quiz answers, hits, correct items."""
    return Kind(low, high, Fraction(1), lambda column: times(column, each), default)
