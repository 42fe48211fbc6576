"""Which columns a list of rows in the rules has: prize bands, field sizes, declared columns."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from contest.events.forms.rows import Column

AWARD = Column("award", _("Award"), "award")
PLACES = Column("places", _("Number of places"), "int")
REST = Column("rest", _("All the rest"), "bool")

ROW_COLUMNS: dict[tuple[str, str, str], tuple[Column, ...]] = {
    ("award_rules", "place", "bands"): (AWARD, PLACES, REST),
    ("award_rules", "share", "bands"): (
        AWARD,
        Column("share", _("Share of the field (a percentage or 1/10)"), "amount"),
        REST,
    ),
    ("award_rules", "score", "bands"): (
        AWARD,
        Column("at_least", _("From this mark on"), "number"),
        Column("below", _("Below this mark"), "number"),
    ),
    ("award_rules", "size", "sizes"): (
        Column("from", _("From (people)"), "int"),
        Column("to", _("To (people)"), "int"),
        PLACES,
    ),
    ("award_rules", "promotion", "bands"): (Column("level", _("Level")), PLACES, REST),
}
"""(registry, function, parameter) → columns. A list that is not here is typed one value in each line."""

INPUTS = (
    Column("name", _("Key")),
    Column("title_zh", _("Chinese name")),
    Column("title_en", _("English name")),
    Column("decimals", _("Decimals"), "int"),
    Column("low", _("Lowest"), "number"),
    Column("high", _("Highest"), "number"),
)
FILTERS = (
    Column("name", _("Key")),
    Column("title_zh", _("Chinese name")),
    Column("title_en", _("English name")),
    Column("values", _("Values"), "words"),
)
CONDITIONS = (
    Column("column", _("Column")),
    Column("values", _("One of these values"), "words"),
    Column("at_least", _("At least"), "number"),
    Column("at_most", _("At most"), "number"),
)
FIELD_SIZES = (
    Column("from", _("From (people)"), "int"),
    Column("to", _("To (people)"), "int"),
    Column("awards", _("Awards given"), "words"),
    Column("void", _("Not held"), "bool"),
)
NAMES = (AWARD, Column("zh", _("Chinese name")), Column("en", _("English name")))
