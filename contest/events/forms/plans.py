"""What is asked for each part of the rules, in the order people think of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from contest.events import scheme
from contest.events.forms.choices import choices
from contest.events.forms.fields import is_chinese
from contest.events.forms.parts import Plan
from contest.events.forms.tables import CONDITIONS, FIELD_SIZES, FILTERS, INPUTS, NAMES
from contest.scoring.registry import AWARD_RULES, CONVERSIONS, KINDS, METHODS, ROLLUPS, TABLES, TIE_BREAKS

Document = Mapping[str, Any]

TITLES = (
    Plan("title_zh", _("Chinese name")),
    Plan("title_en", _("English name")),
)
KEY = Plan(
    "key",
    _("Key"),
    help=_(
        "A short name without blanks by which other rules refer to this part. It stays the same for ever."
    ),
    required=True,
)
BY_PARENT = _("as above it")


def titles(nodes: Any) -> list[tuple[str, str]]:
    """Keys of tables with a title, for choosing several."""
    first, second = ("title_zh", "title_en") if is_chinese() else ("title_en", "title_zh")
    return [(one["key"], one.get(first) or one.get(second) or one["key"]) for one in nodes if one.get("key")]


def names(tables: Any) -> list[tuple[str, str]]:
    """Names of declared inputs or columns."""
    title = "title_zh" if is_chinese() else "title_en"
    return [(one["name"], one.get(title) or one["name"]) for one in tables if one.get("name")]


def known_parts(document: Document) -> dict[str, list[tuple[str, str]]]:
    """What parameters of functions may name in these rules: nodes by number and title, rounds, declared inputs."""
    rows = scheme.rows(document)
    nodes = [
        (str(row.node["key"]), f"{row.number} {titles([row.node])[0][1]}")
        for row in rows
        if row.node.get("key")
    ]
    rounds = titles(document.get("rounds", []))
    return {
        "node": nodes,
        "target": nodes,
        "round": [*rounds, ("last", _("the last round"))] if rounds else [],
        "name": names(document.get("inputs", [])),
        "on": [("total", _("the total")), *nodes],
    }


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


def _judging(row: scheme.SchemeRow) -> list[Plan]:
    """Who marks and how several judges' marks become one."""
    plans = []
    if not row.is_aspect:
        plans.append(
            Plan(
                "aspect_method",
                _("Judges combined at each aspect by"),
                "function",
                registry=METHODS,
                help=_(
                    "For example each aspect without the highest and lowest mark. The mean if nothing is chosen."
                ),
            )
        )
    plans += [
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
    ]
    return plans


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
        Plan("source", _("Source in the rule book"), group="more"),
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


def ranking(document: Document) -> list[Plan]:
    """One order of people or teams."""
    rounds = [("", _("all rounds together")), *titles(document.get("rounds", []))]
    return [
        *TITLES,
        Plan("subject", _("Ranked are"), "choice", choices=choices(("entry", "member"), "subject")),
        Plan(
            "modules",
            _("Modules counted"),
            "keys",
            choices=titles(document.get("modules", [])),
            help=_("All of them if none is ticked."),
        ),
        Plan(
            "order",
            _("Order, and what decides ties"),
            "order",
            registry=TIE_BREAKS,
            help=_(
                "First key first; change the numbers to change the order. Usually: total, then one module or aspect after the other, then a lot or a ruling."
            ),
        ),
        Plan(
            "ties",
            _("Equal in everything"),
            "choice",
            choices=choices(("shared", "never", "dense", "average"), "equal"),
        ),
        Plan(
            "members",
            _("A team's total from its members'"),
            "function",
            registry=ROLLUPS,
            help=_("Only for a ranking of teams whose modules are marked for each member."),
        ),
        Plan(
            "show",
            _("Totals are printed with"),
            "rounding",
            help=_("Ranking uses the exact value all the same."),
        ),
        Plan(
            "gates",
            _("Who missed a pass mark is"),
            "choice",
            choices=choices(("ranked", "unranked", "behind"), "gates"),
            group="more",
        ),
        Plan(
            "no_total",
            _("Who has no total is"),
            "choice",
            choices=choices(("unranked", "behind"), "no_total"),
            group="more",
        ),
        Plan(
            "filter",
            _("Only those whose"),
            "rows",
            columns=CONDITIONS,
            help=_("For example column group, value 职工: a list of workers only."),
            group="more",
        ),
        Plan(
            "weights",
            _("Other weights in this ranking"),
            "pairs",
            help=_("One in each line: module = percent."),
            group="more",
        ),
        Plan("round", _("Round"), "choice", choices=rounds, group="more"),
        Plan("less", _("A smaller total is better"), "bool", group="more"),
    ]


def award(_document: Document) -> list[Plan]:
    """Prizes, titles, promotions of a ranking."""
    return [
        *TITLES,
        Plan(
            "kind",
            _("What is given"),
            "choice",
            choices=choices(("prize", "medal", "title", "promotion", "penalty"), "award"),
            help=_(
                "Prizes follow from the confirmed list; titles and promotions only from the final one, by decision."
            ),
        ),
        Plan("function", _("Who receives it"), "function", registry=AWARD_RULES, required=True),
        Plan(
            "only",
            _("Only for"),
            "lists",
            help=_("One in each line: column = values, for example group = 职工."),
        ),
        Plan(
            "needs",
            _("Least marks"),
            "pairs",
            help=_("One in each line: module = mark, for example theory = 60."),
        ),
        Plan("holder_column", _("Column that marks earlier holders"), help=_("For example prior_holder.")),
        Plan(
            "holder_policy",
            _("Earlier holders"),
            "choice",
            choices=choices(("bar", "pass_down", "no_repeat"), "policy", empty=_("do not matter")),
        ),
        Plan(
            "names",
            _("Names of the awards"),
            "rows",
            columns=NAMES,
            help=_("Only where a name of your own is to be printed."),
            group="more",
        ),
        Plan("unless", _("Not for"), "lists", help=_("One in each line: column = values."), group="more"),
        Plan(
            "gates",
            _("Missed pass marks"),
            "choice",
            choices=choices(("refuse", "ignore"), "gates"),
            group="more",
        ),
        Plan(
            "to",
            _("Received by"),
            help=_("subject, members, or the column that names the recipient, such as coach."),
            group="more",
        ),
        Plan(
            "apart",
            _("Awarded apart by column"),
            help=_("For example group: workers and students each have their own places."),
            group="more",
        ),
        Plan("requires", _("Only with an earlier award"), "lists", group="more"),
        Plan("after", _("Winners of these are passed over"), "words", group="more"),
        Plan(
            "pass_down",
            _("Places pass down when refused because"),
            "keys",
            choices=choices(("only", "unless", "gates", "needs", "requires", "after"), "pass"),
            group="more",
        ),
        Plan("field", _("By size of the field"), "rows", columns=FIELD_SIZES, group="more"),
        Plan(
            "field_of",
            _("Size counted as"),
            "choice",
            choices=choices(("present", "entrants", "ranked", "eligible"), "of"),
            group="more",
        ),
        Plan("quotas", _("Shares to check"), "items", group="more"),
        Plan("source", _("Source in the rule book"), group="more"),
    ]


def table(document: Document) -> list[Plan]:
    """A table of teams, units or delegations."""
    return [
        *TITLES,
        Plan("function", _("How it is reckoned"), "function", registry=TABLES, required=True),
        Plan("ranking", _("From the ranking"), "choice", choices=titles(document.get("rankings", []))),
        Plan("group", _("One line for each"), help=_("The column that groups, for example delegation.")),
    ]
