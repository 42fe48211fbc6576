"""What is asked for a module, criterion or aspect of the marking scheme."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from contest.events import scheme
from contest.events.forms.choices import choices
from contest.events.forms.parts import Plan
from contest.events.forms.plans import TITLES, Document, names
from contest.scoring.registry import CONVERSIONS, KINDS, METHODS, ROLLUPS

BY_PARENT = _("as above it")


def node(document: Document, row: scheme.SchemeRow) -> list[Plan]:
    """A module, criterion or aspect."""
    plans = [*TITLES]
    if row.is_aspect:
        plans += [
            Plan(
                "kind",
                _("How it is marked"),
                "function",
                registry=KINDS,
                help=_("Plain marks if nothing is chosen."),
            ),
            Plan(
                "maximum",
                _("Maximum (allotted points)"),
                "number",
                help=_(
                    "The full mark of this aspect; for deductions the allotted points from which is deducted."
                ),
            ),
        ]
    else:
        plans.append(
            Plan("maximum", _("Maximum"), "number", help=_("What the parts add up to; may stay empty."))
        )
    plans.append(
        Plan(
            "weight",
            _("Weight in percent"),
            "number",
            help=_(
                "Either none of the neighbours has a weight, or all have and they add up to 100. 0: held, but not counted."
            ),
        )
    )
    if row.is_aspect:
        plans += _aspect_words()
    if row.depth == 0:
        plans += _module(document)
    return [*plans, *_judging(row), *_reckoning(document)]


def _aspect_words() -> list[Plan]:
    return [
        Plan(
            "benchmarks_zh",
            _("Benchmarks (Chinese)"),
            "lines",
            help=_("What earns which mark, one in each line; for judgement four lines, from 0 to 3."),
        ),
        Plan("benchmarks_en", _("Benchmarks (English)"), "lines", group="more"),
        Plan("less", _("A smaller value is better (time, errors)"), "bool", group="more"),
        Plan("convert", _("Turn the value into points"), "function", registry=CONVERSIONS, group="more"),
    ]


def _module(document: Document) -> list[Plan]:
    return [
        Plan(
            "per",
            _("Marked for each"),
            "choice",
            choices=choices(("entry", "member"), "per", empty=BY_PARENT),
            help=_("Whether a team gets one sheet together or each of its members one."),
        ),
        Plan(
            "members",
            _("From members to the team"),
            "function",
            registry=ROLLUPS,
            help=_("How the members' results make the team's result in a ranking of teams."),
        ),
        Plan(
            "gate",
            _("Pass mark"),
            "number",
            help=_("Who is below it can't receive awards; what else follows is set in each ranking."),
        ),
    ]


ASPECT_METHOD = Plan(
    "aspect_method",
    _("Judges combined at each aspect by"),
    "function",
    registry=METHODS,
    help=_("For example each aspect without the highest and lowest mark. The mean if nothing is chosen."),
)

WHO_COUNTS: tuple[Plan, ...] = (
    Plan(
        "seats",
        _("Whose marks count"),
        "keys",
        choices=choices(("judge", "self", "department"), "seats"),
        help=_(
            "Judges if nothing is ticked. A self-score is shown beside the review and not counted unless ticked."
        ),
        group="more",
    ),
    Plan(
        "missing_judge",
        _("A judge's mark is missing"),
        "choice",
        choices=choices(("block", "ignore", "zero", "mean"), "missing_judge", empty=BY_PARENT),
        group="more",
    ),
    Plan(
        "absent",
        _("The contestant was absent"),
        "choice",
        choices=choices(("unranked", "zero", "skip"), "absent", empty=BY_PARENT),
        group="more",
    ),
)
"""Whose marks count, and what stands for a missing one."""


COMMENTS: tuple[Plan, ...] = (
    Plan("comment_low", _("Comment needed from this mark down"), "number", group="more"),
    Plan(
        "comment_high",
        _("Comment needed from this mark up"),
        "number",
        help=_("The mark as it is typed: for a deduction the points taken off."),
        group="more",
    ),
    Plan("comment_ends", _("Comment needed on 0 and on full marks"), "bool", group="more"),
)
"""From which mark on a judge has to say why."""


def _judging(row: scheme.SchemeRow) -> list[Plan]:
    """Who marks and how several judges' marks become one."""
    return [
        *([] if row.is_aspect else [ASPECT_METHOD]),
        Plan(
            "method",
            _("Judges combined here by"),
            "function",
            registry=METHODS,
            help=_(
                "Here each judge's own sum is combined, for example without the highest and lowest total. Choose one of the two places only."
            ),
            group="main" if row.depth == 0 else "more",
        ),
        Plan("judges", _("Number of judges"), "int", group="main" if row.depth == 0 else "more"),
        *WHO_COUNTS,
    ]


def _reckoning(document: Document) -> list[Plan]:
    """Rounding, attempts, factors, limits."""
    return [
        Plan("round", _("Rounding of this result"), "rounding", group="more"),
        Plan(
            "attempts",
            _("Several attempts"),
            "function",
            registry=ROLLUPS,
            help=_("How attempts become one result; “number of items” is how many attempts there are."),
            group="more",
        ),
        Plan(
            "combine",
            _("Parts combined by"),
            "function",
            registry=ROLLUPS,
            help=_("Added up if nothing is chosen."),
            group="more",
        ),
        Plan("scale_to", _("Scale the maximum to"), "number", group="more"),
        Plan("factor", _("Multiply by"), "number", group="more"),
        Plan(
            "times",
            _("Multiply by the input"),
            "keys",
            choices=names(document.get("inputs", [])),
            group="more",
        ),
        Plan("cap", _("Never above"), "number", group="more"),
        Plan("floor", _("Never below"), "number", group="more"),
        *COMMENTS,
        Plan("source", _("Source in the rule book"), group="more"),
    ]
