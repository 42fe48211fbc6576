"""Promotion in the eight levels of vocational skill by place."""

from collections.abc import Mapping
from typing import Any, Literal

from contest.scoring.awarding.levels import CONTEST_CAP, LEVELS, UnknownLevel, step_of
from contest.scoring.awarding.lineup import Candidate, Contender, Lineup
from contest.scoring.awarding.rulings import Ruling, Ties, by_lines, lines_of
from contest.scoring.awarding.verdicts import Parameter, Reason
from contest.scoring.registry import AWARD_RULES

_YES = ("yes", "是")


@AWARD_RULES.register(
    "promotion",
    title_zh="按名次晋升职业技能等级",
    title_en="Promotion by place",
    source="places 1–10 → 技师, who has it already → one step up, capped; students lower; one promotion a person a year",
    parameters={
        "bands": ("名次与等级", "places and levels"),
        "held": ("已达该等级者", "who has the level already"),
        "cap": ("最高等级", "highest level"),
        "level": ("现有等级所在列", "column of the present level"),
        "promoted": ("本年度已晋升所在列", "column of a promotion this year"),
        "lower": ("降级授予的组别", "groups that get a lower level"),
        "ties": ("界线上并列时", "ties at a line"),
    },
)
def promotion(
    lineup: Lineup,
    *,
    bands: tuple[Mapping[str, Any], ...],
    held: Literal["one_step", "refuse"] = "one_step",
    cap: str = CONTEST_CAP,
    level: str = "level",
    promoted: str = "promoted_this_year",
    lower: Mapping[str, Any] | None = None,
    ties: Ties = "all",
) -> list[Ruling]:
    """The level each contender is put forward for; the award of a ruling is the key of that level.

    bands: {places, level} in order, the last may take the `rest`. held: who already has the level of the
    band goes one step further up, or is refused. cap: no one goes above it, and no contest above
    高级技师. lower: {attribute, values, steps}: these groups get a level so many steps lower. An
    unreadable level asks, because an order cannot be guessed.
    """
    rulings = by_lines(lineup.contenders, lines_of(bands, "level"), ties, "place_in_band", {})
    top = min(step_of(cap), step_of(CONTEST_CAP))
    return [
        ruling
        if ruling.award is None
        else _promoted(one, step_of(ruling.award), top, held, level, promoted, lower)
        for one, ruling in zip(lineup.contenders, rulings, strict=True)
    ]


def _promoted(
    one: Contender, step: int, top: int, held: str, level: str, promoted: str, lower: Mapping[str, Any] | None
) -> Ruling:
    attributes = one.candidate.attributes
    if attributes.get(promoted) in _YES:
        return Ruling(None, Reason("promoted_this_year", {"place": one.place}))
    written = attributes.get(level, "")
    try:
        present = step_of(written) if written else -1
    except UnknownLevel:
        return Ruling(None, Reason("level_unknown", {"value": written}), asks=True)
    target = step - steps_lower(one.candidate, lower)
    if target < 0:
        return Ruling(None, Reason("level_below_all", {"place": one.place}))
    if present < target:
        return _up_to(one, min(target, top), "level_by_place", present, top)
    if held == "refuse":
        return Ruling(None, Reason("level_held", _params(one, present, target)))
    return _up_to(one, present + 1, "level_one_step", present, top)


def steps_lower(candidate: Candidate, lower: Mapping[str, Any] | None) -> int:
    """How many steps below the band's level this candidate's group is put."""
    if lower is None or candidate.attributes.get(lower["attribute"]) not in lower["values"]:
        return 0
    return int(lower.get("steps", 1))


def _up_to(one: Contender, target: int, code: str, present: int, top: int) -> Ruling:
    if target > top or target <= present:
        return Ruling(None, Reason("level_at_cap", _params(one, present, top)))
    return Ruling(LEVELS[target].key, Reason(code, _params(one, present, target)))


def _params(one: Contender, present: int, level: int) -> dict[str, Parameter]:
    return {
        "place": one.place,
        "present": LEVELS[present].key if present >= 0 else "",
        "level": LEVELS[level].key,
    }
