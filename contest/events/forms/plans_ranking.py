"""What is asked for rankings, awards and tables."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from contest.events.forms.choices import choices
from contest.events.forms.parts import Plan
from contest.events.forms.plans import TITLES, Document, titles
from contest.events.forms.tables import CONDITIONS, FIELD_SIZES, NAMES
from contest.scoring.registry import AWARD_RULES, ROLLUPS, TABLES, TIE_BREAKS

ORDERED: tuple[Plan, ...] = (
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
)
"""What is asked after the order itself."""

SELDOM: tuple[Plan, ...] = (
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
    Plan("less", _("A smaller total is better"), "bool", group="more"),
)
"""What few rankings need."""


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
        *ORDERED,
        *SELDOM,
        Plan("round", _("Round"), "choice", choices=rounds, group="more"),
    ]


AWARD: tuple[Plan, ...] = (
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
)
"""Prizes, titles, promotions of a ranking."""


def award(_document: Document) -> list[Plan]:
    """Prizes, titles, promotions of a ranking."""
    return list(AWARD)


def table(document: Document) -> list[Plan]:
    """A table of teams, units or delegations."""
    return [
        *TITLES,
        Plan("function", _("How it is reckoned"), "function", registry=TABLES, required=True),
        Plan("ranking", _("From the ranking"), "choice", choices=titles(document.get("rankings", []))),
        Plan("group", _("One line for each"), help=_("The column that groups, for example delegation.")),
    ]
