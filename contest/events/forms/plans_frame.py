"""What is asked for the frame of the rules: team sizes, total, rounds."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from contest.events.forms.choices import choices
from contest.events.forms.parts import Plan
from contest.events.forms.plans import TITLES, Document, titles
from contest.events.forms.tables import FILTERS, INPUTS
from contest.scoring.registry import CONVERSIONS, METHODS, ROLLUPS


def general(_document: Document) -> list[Plan]:
    """The frame: names, team sizes, groups, decimals, declared columns."""
    return [
        *TITLES,
        Plan("source", _("Rule book or notice these rules follow")),
        Plan(
            "groups",
            _("Groups"),
            "lines",
            help=_("One in each line, with the same names as the event's groups."),
        ),
        Plan(
            "decimals",
            _("Decimals of a mark"),
            "int",
            help=_("0 to 3: how many digits a judge may type after the point."),
        ),
        Plan("notes_zh", _("Notes (Chinese)"), "area", group="more"),
        Plan("notes_en", _("Notes (English)"), "area", group="more"),
        Plan(
            "filters",
            _("Columns of entries that rules ask about"),
            "rows",
            columns=FILTERS,
            help=_("For example group, gender, prior_holder; values separated by commas."),
            group="more",
        ),
        Plan(
            "inputs",
            _("Numbers beside the marks"),
            "rows",
            columns=INPUTS,
            help=_("For example a degree of difficulty or an age."),
            group="more",
        ),
    ]


def team(_document: Document) -> list[Plan]:
    """Team sizes of the frame; their own table in the rules."""
    return [
        Plan("minimum", _("Smallest team"), "int", required=True),
        Plan("maximum", _("Largest team"), "int", required=True),
        Plan(
            "missing",
            _("A team with a missing member"),
            "choice",
            choices=choices(("unranked", "counts", "zero"), "missing"),
        ),
    ]


def total(_document: Document) -> list[Plan]:
    """How modules make the total, and rounds the total of all."""
    return [
        Plan("round", _("Rounding of the total"), "rounding"),
        Plan(
            "rounds",
            _("From rounds to the total"),
            "function",
            registry=ROLLUPS,
            help=_("Only with several rounds, stages or months."),
        ),
        Plan("gate", _("Pass mark of the total"), "number"),
        Plan(
            "aspect_method",
            _("Judges combined at each aspect by"),
            "function",
            registry=METHODS,
            group="more",
        ),
        Plan(
            "method",
            _("Judges combined on their whole totals by"),
            "function",
            registry=METHODS,
            help=_("Only if no module combines its judges itself."),
            group="more",
        ),
        Plan("judges", _("Number of judges"), "int", group="more"),
        Plan(
            "combine",
            _("Modules combined by"),
            "function",
            registry=ROLLUPS,
            help=_("Added up by their weights if nothing is chosen."),
            group="more",
        ),
        Plan("convert", _("Turn the total into points"), "function", registry=CONVERSIONS, group="more"),
        Plan("cap", _("Never above"), "number", group="more"),
        Plan("floor", _("Never below"), "number", group="more"),
    ]


def one_round(document: Document) -> list[Plan]:
    """A round: heat, stage, run, month."""
    return [
        *TITLES,
        Plan(
            "modules",
            _("Modules held in it"),
            "keys",
            choices=titles(document.get("modules", [])),
            help=_("All of them if none is ticked."),
        ),
        Plan(
            "weight",
            _("Weight of the round in percent"),
            "number",
            help=_("Only if rounds are added by weight."),
        ),
        Plan(
            "weights",
            _("Weights of modules in this round"),
            "pairs",
            help=_("One in each line: module = percent."),
            group="more",
        ),
        Plan(
            "carry",
            _("Results carried over"),
            "pairs",
            help=_("One in each line: module = round it was held in."),
            group="more",
        ),
        Plan("round", _("Rounding of this round's result"), "rounding", group="more"),
    ]


def advance(_document: Document) -> list[Plan]:
    """Who goes on to the next round."""
    return [
        Plan("first", _("The first so many go on"), "int", help=_("Everyone tied at the line goes on.")),
        Plan("share", _("Or this share of the field"), "number", help=_("For example 1/2 or 0.3.")),
        Plan("score", _("Or all from this mark on"), "number"),
    ]
