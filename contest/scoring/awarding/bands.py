"""Prizes by bands of places: fixed numbers, shares of the field, numbers by field size or by kind of entry."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from contest.scoring.awarding.amounts import exact, people
from contest.scoring.awarding.lineup import Lineup
from contest.scoring.awarding.rulings import Line, Ruling, Ties, by_lines, least_of, lines_of
from contest.scoring.awarding.verdicts import Reason
from contest.scoring.registry import AWARD_RULES

Base = Literal["entrants", "present", "ranked", "eligible"]

TIES = ("界线上并列时", "ties at a line")
OF = ("人数基数", "share of whom")


@AWARD_RULES.register(
    "place",
    title_zh="按名次设奖",
    title_en="Awards by place",
    source="bands met: 1/2/5 (贵州省第一届职工职业技能大赛, 2023); gold 1, silver 2–3, bronze 4–6 (拉面技能大赛, 2025)",
    parameters={"bands": ("奖项与名额", "awards and places"), "ties": TIES},
)
def by_place(lineup: Lineup, *, bands: tuple[Mapping[str, Any], ...], ties: Ties = "all") -> list[Ruling]:
    """Awards by place: each band covers its number of `places`, the last may take the `rest`.

    bands: in order, e.g. {award = "gold", places = 1}, {award = "excellent", rest = true}.
    A band may also ask for a total of `at_least`; who does not reach it falls to the next band reached.
    ties: "all" (everyone tied at a line is in), "lower" (all of them fall below it) or "ask".
    """
    return by_lines(lineup.contenders, lines_of(bands), ties, "place_in_band", {})


@AWARD_RULES.register(
    "share",
    title_zh="按人数比例设奖",
    title_en="Awards by share of the field",
    source=(
        "5/15/30/10 % of all entrants (2025年全国数控机床装调维修工职工职业技能竞赛); "
        "excellence within the first half of the entrants (全国技能大赛, 2020 and 2023)"
    ),
    parameters={
        "bands": ("奖项与比例", "awards and shares"),
        "of": OF,
        "rounding": ("名额取整", "rounding of the number"),
        "rounded": ("取整对象", "what is rounded"),
        "ties": TIES,
    },
)
def by_share(
    lineup: Lineup,
    *,
    bands: tuple[Mapping[str, Any], ...],
    of: Base = "entrants",
    rounding: Literal["up", "down", "half_up", "half_even"] = "half_up",
    rounded: Literal["each", "line"] = "each",
    ties: Ties = "all",
) -> list[Ruling]:
    """Awards by share of the field: each band covers its `share`, the last may take the `rest`.

    of: the field that is shared out: all entrants, those present, those ranked, or those eligible for
    this rule. rounding: how a share of the field becomes a number. rounded: "each" rounds the number of
    every band, "line" the sum of the shares down to the end of the band. A band may also ask for a total
    of `at_least`; who does not reach it falls to the next band reached.
    """
    size = lineup.size(of)
    lines: list[Line] = []
    start, total = 1, Fraction(0)
    for band in bands:
        if band.get("rest"):
            lines.append(Line(band["award"], start, None, least_of(band)))
            break
        share = exact(band["share"])
        total += share
        last = (
            start - 1 + people(share * size, rounding)
            if rounded == "each"
            else people(total * size, rounding)
        )
        lines.append(Line(band["award"], start, last, least_of(band)))
        start = last + 1
    return by_lines(lineup.contenders, lines, ties, "share_in_band", {"size": size, "base": of})


@AWARD_RULES.register(
    "size",
    title_zh="按参赛规模定名额",
    title_en="Places by field size",
    source="titles by field size in 安徽: up to 10 → 1, 11–30 → 2, more than 30 → 3; exactly 10 is not settled",
    parameters={
        "award": ("奖项", "award"),
        "sizes": ("人数与名额", "field sizes and places"),
        "of": OF,
        "ties": TIES,
    },
)
def by_size(
    lineup: Lineup,
    *,
    award: str = "",
    sizes: tuple[Mapping[str, Any], ...],
    of: Base = "present",
    ties: Ties = "all",
) -> list[Ruling]:
    """Awards for as many places as the size of the field gives; a size that the table leaves out asks.

    sizes: e.g. {to = 9, places = 1}, {from = 11, to = 30, places = 2}, {from = 31, places = 3}, each for
    `award`; or with `bands` as in the rule `place` instead of places.
    """
    size = lineup.size(of)
    row = next((row for row in sizes if size_fits(row, size)), None)
    extra = {"size": size, "base": of}
    if row is not None:
        return by_lines(lineup.contenders, _lines_at(row, award), ties, "size_gives", extra)
    most = max(line.last or len(lineup.contenders) for row in sizes for line in _lines_at(row, award))
    undefined = Ruling(None, Reason("size_undefined", extra), asks=True)
    return [
        undefined
        if one.place <= most
        else Ruling(None, Reason("beyond_places", {"place": one.place, "last": most, **extra}))
        for one in lineup.contenders
    ]


def _lines_at(row: Mapping[str, Any], award: str) -> list[Line]:
    """The lines of one row of field sizes."""
    return lines_of(row["bands"]) if "bands" in row else [Line(award, 1, row["places"])]


def size_fits(row: Mapping[str, Any], size: int) -> bool:
    """Whether a field size lies in a row's `from` … `to`, either of which may be left out."""
    return row.get("from", 0) <= size and ("to" not in row or size <= row["to"])


@AWARD_RULES.register(
    "kind",
    title_zh="按参赛形式定名额",
    title_en="Places by kind of entry",
    source="places for 全国技术能手 at the national games: individual 5, pair 3, trio 2",
    parameters={
        "award": ("奖项", "award"),
        "attribute": ("参赛形式所在列", "column of the kind"),
        "places": ("各形式名额", "places of each kind"),
        "ties": TIES,
    },
)
def by_kind(
    lineup: Lineup, *, award: str, attribute: str = "kind", places: Mapping[str, Any], ties: Ties = "all"
) -> list[Ruling]:
    """One award for a number of places that depends on the kind of entry; an unknown kind asks.

    attribute: the column that says the kind; places: the number for each of its values.
    """
    rulings: list[Ruling] = []
    for one in lineup.contenders:
        kind = one.candidate.attributes.get(attribute, "")
        if kind in places:
            lines = [Line(award, 1, places[kind])]
            rulings += by_lines([one], lines, ties, "kind_gives", {"value": kind})
        else:
            unknown = Reason("kind_unknown", {"attribute": attribute, "value": kind})
            rulings.append(Ruling(None, unknown, asks=True))
    return rulings
