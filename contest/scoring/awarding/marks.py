"""Awards by marks instead of places: cut-offs, gaps on a scale, full marks on single aspects, by hand."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from contest.scoring.awarding.amounts import exact
from contest.scoring.awarding.lineup import Candidate, Lineup
from contest.scoring.awarding.rulings import Ruling
from contest.scoring.awarding.verdicts import Parameter, Reason
from contest.scoring.registry import AWARD_RULES, SCALES
from contest.scoring.scales import medals_by_gaps

#: The part that means the total of the ranking wherever a rule names a part.
TOTAL = "total"


def mark_of(candidate: Candidate, part: str) -> Fraction | None:
    """A candidate's exact total or part; None if there is no such mark."""
    return candidate.total if part == TOTAL else candidate.parts.get(part)


@AWARD_RULES.register(
    "score",
    title_zh="按分数线设奖",
    title_en="Awards by score",
    source=(
        "cut-offs set by the jury (International Mathematical Olympiad); reward from 90 and penalty below 70 "
        "(labour contest by monthly rounds, 2014)"
    ),
    parameters={
        "bands": ("奖项与分数线", "awards and cut-offs"),
        "on": ("依据", "judged on"),
        "scale": ("换算标准分", "scale"),
    },
)
def by_score(
    lineup: Lineup, *, bands: tuple[Mapping[str, Any], ...], on: str = TOTAL, scale: str = ""
) -> list[Ruling]:
    """Awards by marks: the first band whose `at_least` is reached and whose `below` is not.

    bands: e.g. {award = "gold", at_least = 32}, {award = "penalty", below = 70}. on: total or a part.
    scale: a registered scale that the totals of the contenders are brought to first (instead of `on`).
    """
    if not scale:
        return [_by_score(mark_of(one.candidate, on), bands, on) for one in lineup.contenders]
    return [_by_score(score, bands, TOTAL) for score in scores_of(lineup, scale)]


def scores_of(lineup: Lineup, scale: str) -> list[Fraction]:
    """The totals of the contenders on a registered scale, or as they are if `scale` is empty."""
    totals = [one.candidate.total or Fraction(0) for one in lineup.contenders]
    return list(SCALES.call(scale, totals, params={})) if scale and totals else totals


def _by_score(mark: Fraction | None, bands: tuple[Mapping[str, Any], ...], part: str) -> Ruling:
    if mark is None:
        return Ruling(None, Reason("part_missing", {"part": part}))
    for band in bands:
        if "at_least" in band and mark < exact(band["at_least"]):
            continue
        if "below" in band and mark >= exact(band["below"]):
            continue
        code, limit = ("score_reached", "at_least") if "at_least" in band else ("score_under", "below")
        return Ruling(band["award"], Reason(code, {"part": part, "mark": mark, "line": exact(band[limit])}))
    return Ruling(None, Reason("score_in_no_band", {"part": part, "mark": mark}))


@AWARD_RULES.register(
    "gap",
    title_zh="按分差设奖牌",
    title_en="Medals by gaps on a scale",
    source="WorldSkills Competition Rules (text of 2015); medallion from 500, later 700",
    parameters={
        "gap": ("视为并列的最大分差", "largest gap that is a tie"),
        "medallion": ("优胜奖章分数线", "medallion from"),
        "scale": ("换算标准分", "scale"),
        "awards": ("金、银、铜、优胜的奖项", "awards for gold, silver, bronze, medallion"),
    },
)
def by_gap(
    lineup: Lineup,
    *,
    gap: int = 2,
    medallion: int = 700,
    scale: str = "",
    awards: tuple[str, ...] = ("gold", "silver", "bronze", "medallion"),
) -> list[Ruling]:
    """Medals by gaps on a common scale, so that a gap of at most `gap` points is a tie.

    scale: a registered scale that the totals of the contenders are brought to first; empty when the
    totals already are on a scale. awards: the keys of gold, silver, bronze and medallion.
    See `scales.medals_by_gaps`.
    """
    scores = scores_of(lineup, scale)
    names = dict(zip(("gold", "silver", "bronze", "medallion"), awards, strict=True))
    rulings = []
    for score, medal in zip(scores, medals_by_gaps(scores, gap=gap, medallion=medallion), strict=True):
        params: dict[str, Parameter] = {
            "score": score,
            "against": medal.against,
            "gap": gap,
            "line": medallion,
        }
        rulings.append(Ruling(names[medal.award] if medal.award else None, Reason(medal.code, params)))
    return rulings


@AWARD_RULES.register(
    "full_mark",
    title_zh="单题满分鼓励奖",
    title_en="Award for a full mark",
    source="honourable mention of the International Mathematical Olympiad: no medal, full mark on one problem",
    parameters={
        "award": ("奖项", "award"),
        "aspects": ("评分点", "aspects"),
        "number": ("至少满分个数", "at least so many"),
    },
)
def full_mark(lineup: Lineup, *, award: str, aspects: tuple[str, ...] = (), number: int = 1) -> list[Ruling]:
    """An award for the full mark on at least `number` of the named aspects (of any, if none is named)."""
    rulings = []
    for one in lineup.contenders:
        full = tuple(sorted(one.candidate.full & set(aspects) if aspects else one.candidate.full))
        reached = len(full) >= number
        code = "full_mark_reached" if reached else "full_mark_missing"
        params: dict[str, Parameter] = {"aspects": full, "count": len(full), "number": number}
        rulings.append(Ruling(award if reached else None, Reason(code, params)))
    return rulings


@AWARD_RULES.register(
    "hand",
    title_zh="名额内评定",
    title_en="By hand within a quota",
    source="organisation prizes are granted by hand within a quota (中国创新创业大赛青海赛区: 14 organisation prizes)",
    parameters={
        "award": ("奖项", "award"),
        "places": ("名额", "places"),
        "attribute": ("提名所在列", "column of the nomination"),
        "values": ("视为提名的值", "values that nominate"),
    },
)
def by_hand(
    lineup: Lineup,
    *,
    award: str,
    places: int,
    attribute: str = "nominated",
    values: tuple[str, ...] = ("yes", "是"),
) -> list[Ruling]:
    """An award for those whose column says so, within a number of places; naming more than that asks."""
    named = [one.candidate.attributes.get(attribute) in values for one in lineup.contenders]
    count = sum(named)
    if count > places:
        chosen = Ruling(None, Reason("over_quota", {"count": count, "places": places}), asks=True)
    else:
        chosen = Ruling(award, Reason("named_by_hand", {"count": count, "places": places}))
    passed_over = Ruling(None, Reason("not_named", {"attribute": attribute}))
    return [chosen if is_named else passed_over for is_named in named]
