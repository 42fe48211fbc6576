"""Every column that rules ask about is found with its place, and told where the file lacks it."""

from contest.scoring.asked import asked_columns, missing_columns
from tests.scoring.sheets_of_marks import rules_of

RULES = """
inputs = [ { name = "heat" }, { name = "wind" } ]
filters = [ { name = "club" }, { name = "age_class" }, { name = "jury" } ]
[[modules]]
key = "a"
maximum = 100
convert = { by = "place", within = "club" }
[[modules]]
key = "b"
maximum = 100
convert_each = { by = "place", within = "heat" }
[[rounds]]
key = "1"
convert = { by = "points_by_place", points = [3, 1], within = "jury" }
[[rankings]]
key = "r"
filter = [ { column = "age_class", values = ["x"] }, { column = "wind", at_most = 2 } ]
[[rankings.awards]]
key = "prize"
by = "place"
bands = [ { award = "first", places = 1 } ]
only = { group = ["workers"] }
unless = { barred = ["yes"] }
holders = { attribute = "holds", values = ["yes"], policy = "bar" }
limit = { attribute = "delegation", number = 2 }
apart = "gender"
to = "coach"
quotas = [ { attribute = "kind", values = ["worker"], at_least = "35%", key = "workers" } ]
[[rankings.awards]]
key = "level"
by = "promotion"
bands = [ { places = 1, level = "technician" } ]
level = "level_held"
lower = { attribute = "pupil", values = ["yes"], steps = 1 }
[[tables]]
key = "t"
by = "sum"
ranking = "r"
group = "delegation"
where = { official = ["yes"] }
unless = { guest = ["yes"] }
[[overall]]
key = "best"
by = "place"
ranking = "r"
bands = [ { award = "first", places = 1 } ]
to = "members"
only = { worker = ["yes"] }
"""

ASKED = [
    ("club", "a.convert", True),
    ("jury", "1.convert", True),
    ("age_class", "rankings.r.filter", True),
    ("wind", "rankings.r.filter", True),
    ("group", "rankings.r.awards.prize.only", True),
    ("barred", "rankings.r.awards.prize.unless", False),
    ("holds", "rankings.r.awards.prize.holders", False),
    ("delegation", "rankings.r.awards.prize.limit", True),
    ("gender", "rankings.r.awards.prize.apart", True),
    ("coach", "rankings.r.awards.prize.to", True),
    ("kind", "rankings.r.awards.prize.quotas", True),
    ("level_held", "rankings.r.awards.level.level", True),
    ("promoted_this_year", "rankings.r.awards.level.promoted", False),
    ("pupil", "rankings.r.awards.level.lower", True),
    ("worker", "overall.best.only", True),
    ("delegation", "tables.t.group", True),
    ("official", "tables.t.where", True),
    ("guest", "tables.t.unless", False),
]


def test_every_column_is_found_with_its_place_and_whether_nobody_is_in_without_it():
    assert list(asked_columns(rules_of(RULES))) == ASKED


def test_what_a_file_lacks_is_an_error_where_nobody_would_be_listed_and_else_a_note():
    present = {name for name, _, _ in ASKED} - {"group", "holds", "guest"}
    found = [
        (one.code, one.path, one.params, one.severity) for one in missing_columns(rules_of(RULES), present)
    ]
    assert found == [
        ("column_missing", "rankings.r.awards.prize.only", {"column": "group"}, "error"),
        ("column_missing_bar", "rankings.r.awards.prize.holders", {"column": "holds"}, "note"),
        ("column_missing_bar", "tables.t.unless", {"column": "guest"}, "note"),
    ]


TWICE = """
[[modules]]
key = "a"
maximum = 100
[[rankings]]
key = "r"
[[rankings.awards]]
key = "one"
by = "place"
bands = [ { award = "first", places = 1 } ]
unless = { state = ["barred"], other = ["x"] }
[[rankings.awards]]
key = "two"
by = "place"
bands = [ { award = "first", places = 1 } ]
only = { state = ["free"] }
[[rankings.awards]]
key = "three"
by = "place"
bands = [ { award = "first", places = 1 } ]
only = { state = ["free"] }
unless = { state = ["barred"] }
"""


def test_a_column_is_told_once_and_an_error_stands_before_a_note():
    found = [(one.params["column"], one.path, one.severity) for one in missing_columns(rules_of(TWICE), ())]
    assert found == [
        ("state", "rankings.r.awards.two.only", "error"),
        ("other", "rankings.r.awards.one.unless", "note"),
    ]


def test_nothing_is_told_where_every_column_is_there():
    assert missing_columns(rules_of(RULES), {name for name, _, _ in ASKED}) == []
