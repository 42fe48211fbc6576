"""Words for the choices that rules offer. A choice without a word here is shown as it is written in the rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _

WORDS: dict[str, Any] = {
    "all": _("all"),
    "any": _("a single one is enough"),
    "ask": _("ask the organiser"),
    "attempts": _("attempts"),
    "auto": _("by the kind of result"),
    "average": _("the mean of the places (1, 2.5, 2.5, 4)"),
    "block": _("blocks the result"),
    "cap": _("limits the result"),
    "counts": _("counts what is there"),
    "dense": _("shared, the next follows (1, 2, 2, 3)"),
    "down": _("down"),
    "each": _("each by itself"),
    "eligible": _("those who may receive it"),
    "entrants": _("all who entered"),
    "fail": _("counts as not passed"),
    "half_even": _("half to even"),
    "half_up": _("half up"),
    "highest": _("the highest"),
    "ignore": _("does not matter"),
    "judges": _("judges"),
    "line": _("the running sum"),
    "linear": _("in proportion"),
    "lower": _("the lower one"),
    "lowest": _("the lowest"),
    "majority": _("more than half"),
    "mean": _("the mean"),
    "mean_points": _("mean of medal points"),
    "mean_score": _("mean of totals"),
    "median": _("the median"),
    "name": _("name"),
    "no": _("no"),
    "note": _("is noted only"),
    "one_each": _("drop one highest and one lowest"),
    "one_step": _("one step further up"),
    "out": _("not ranked at all"),
    "out_of_round": _("no result in this round"),
    "places": _("places"),
    "points": _("points"),
    "present": _("those present"),
    "ranked": _("ranked"),
    "refuse": _("refuse"),
    "rounds": _("rounds"),
    "shared": _("shared (1, 2, 2, 4)"),
    "skip": _("is left out"),
    "sum": _("the sum"),
    "total_points": _("sum of medal points"),
    "total_score": _("sum of totals"),
    "unranked": _("not ranked"),
    "up": _("up"),
    "upper": _("the upper one"),
    "worst": _("counts as the worst"),
    "yes": _("yes"),
    "yes_no": _("yes or no"),
    "zero": _("zero"),
    "entry": _("entries (teams)"),
    "member": _("members (people)"),
    "never": _("never shared: a lot or a ruling decides"),
    "behind": _("listed behind all others"),
    "prize": _("prize"),
    "medal": _("medal"),
    "title": _("title"),
    "promotion": _("promotion"),
    "penalty": _("penalty"),
    "bar": _("barred: may not receive it again"),
    "pass_down": _("their place passes down to the next"),
    "no_repeat": _("keep their place, but don't get it twice"),
    "only": _("not in a group that may receive it"),
    "unless": _("barred by a mark of theirs"),
    "holders": _("earlier holders"),
    "gates": _("below a pass mark"),
    "needs": _("below a least mark"),
    "requires": _("lacking another award"),
    "after": _("winners of an earlier award"),
    "judge": _("judges"),
    "self": _("self-score"),
    "department": _("department"),
    "nobody": _("nobody"),
}

BY_PARAMETER: dict[tuple[str, str], Any] = {
    ("ties", "all"): _("all tied at the line are in"),
    ("ties", "lower"): _("all tied fall below the line"),
    ("votes", "all"): _("all judges say so"),
    ("effect", "zero"): _("the result is zero"),
    ("held", "refuse"): _("no promotion"),
    ("gates", "refuse"): _("nobody below a pass mark receives it"),
    ("gates", "unranked"): _("not ranked below a pass mark"),
    ("gates", "ranked"): _("ranked, but refused awards"),
    ("missing_judge", "zero"): _("counts as zero"),
    ("missing_judge", "mean"): _("the mean of the others"),
    ("missing_judge", "ignore"): _("the others decide"),
    ("absent", "zero"): _("counts as zero"),
    ("less", "auto"): _("as the item itself says"),
}


def word_of(value: str, parameter: str = "") -> Any:
    """The word people see for a choice of a parameter."""
    return BY_PARAMETER.get((parameter, value)) or WORDS.get(value, value)


def choices(values: Iterable[str], parameter: str = "", *, empty: Any = None) -> list[tuple[str, Any]]:
    """Choices of a select with their words; `empty` names the choice of none."""
    listed = [(value, word_of(value, parameter)) for value in values]
    return listed if empty is None else [("", empty), *listed]
