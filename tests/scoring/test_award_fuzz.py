"""Whatever stands in an award table or a table: it is refused with a problem, or it can be applied."""

from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest.scoring import delegations  # noqa: F401 - registers the table methods
from contest.scoring.awarding import Candidate, Member, award
from contest.scoring.awarding.checks import check_awards
from contest.scoring.awarding.wording import sentence
from contest.scoring.registry import AWARD_RULES, TABLES
from contest.scoring.table_checks import check_overall, check_tables
from contest.scoring.tables import Result, tabulated

PARTS = ("theory", "practice")
words = st.sampled_from(
    [
        "gold",
        "w",
        "s",
        "group",
        "theory",
        "total",
        "yes",
        "level",
        "技师",
        "medal",
        "each",
        "all",
        "x",
        "",
        "5%",
        "1/3",
    ]
)
scalars = st.one_of(words, st.integers(-3, 12), st.booleans(), st.none(), st.floats(allow_nan=True))
junk = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple), st.dictionaries(words, inner, max_size=3)
    ),
    max_leaves=6,
)
column = st.dictionaries(
    st.sampled_from(["group", "veto"]), st.lists(words, max_size=2).map(tuple), max_size=2
)
amount = st.one_of(st.integers(0, 100), st.sampled_from(["59.5", "5%", "1/2", "60"]))
band = st.fixed_dictionaries(
    {"award": st.sampled_from(["gold", "silver"])},
    optional={
        "places": st.integers(1, 4),
        "share": st.sampled_from(["5%", "1/3", "50%"]),
        "at_least": amount,
        "below": amount,
        "rest": st.booleans(),
        "level": st.sampled_from(["technician", "三级", "senior_technician"]),
    },
)
size = st.fixed_dictionaries(
    {},
    optional={
        "from": st.integers(0, 9),
        "to": st.integers(0, 9),
        "places": st.integers(1, 3),
        "awards": st.just(("gold",)),
        "void": st.booleans(),
        "bands": st.lists(band, min_size=1, max_size=2).map(tuple),
    },
)
SENSIBLE = {
    "bands": st.lists(band, min_size=1, max_size=3).map(tuple),
    "sizes": st.lists(size, max_size=2).map(tuple),
    "field": st.lists(size, max_size=2).map(tuple),
    "award": st.just("gold"),
    "places": st.one_of(st.integers(1, 4), st.dictionaries(st.sampled_from(["pair"]), st.integers(1, 3))),
    "only": column,
    "unless": column,
    "needs": st.dictionaries(st.sampled_from(["theory", "total"]), amount, max_size=2),
    "holders": st.fixed_dictionaries(
        {"attribute": st.just("holder"), "policy": st.sampled_from(["bar", "pass_down", "no_repeat"])}
    ),
    "pass_down": st.lists(st.sampled_from(["only", "needs", "unless"]), max_size=2).map(tuple),
    "to": st.sampled_from(["subject", "members", "coach"]),
    "ties": st.sampled_from(["all", "lower", "ask"]),
    "apart": st.just("group"),
    "within": st.integers(1, 5),
    "limit": st.just({"attribute": "group", "number": 1}),
    "kind": st.sampled_from(["prize", "title"]),
    "of": st.sampled_from(["entrants", "present", "ranked", "eligible"]),
    "held": st.sampled_from(["one_step", "refuse"]),
    "lower": st.just({"attribute": "group", "values": ("s",), "steps": 2}),
    "quotas": st.just(({"key": "q", "attribute": "group", "values": ("w",), "at_least": "35%"},)),
    "scale": st.sampled_from(["median_700", ""]),
    "names": st.just({"gold": ("金", "Gold")}),
}
everything = st.fixed_dictionaries(
    {"key": st.sampled_from(["medal", "prize"]), "by": st.sampled_from(AWARD_RULES.keys())},
    optional={name: st.one_of(sensible, sensible, sensible, junk) for name, sensible in SENSIBLE.items()},
)
CANDIDATES = [
    Candidate(
        f"e{n}",
        rank,
        Fraction(90 - 7 * n) if rank else None,
        status="present" if rank else "absent",
        parts={"theory": Fraction(50 + 10 * n)},
        full=frozenset({"p1"}) if n % 2 else frozenset(),
        attributes={"group": "ws"[n % 2], "holder": "yes" if n == 1 else "", "kind": "pair", "level": "三级"},
        members=(Member(f"m{n}"),) if n % 3 else (),
        gates=("practice",) if n == 4 else (),
    )
    for n, rank in enumerate([1, 2, 2, 4, 5, None])
]


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.lists(everything, min_size=1, max_size=2))
def test_award_tables_are_refused_with_a_problem_or_can_be_applied(tables):
    problems = check_awards(tables, parts=PARTS)
    assert all(problem.sentence("zh") for problem in problems)
    if problems:
        return
    found = award(tables, CANDIDATES)
    for verdict in (*found.grants, *found.refusals, *found.questions):
        assert sentence(verdict.reason, "zh")
        assert sentence(verdict.reason, "en")


@given(st.dictionaries(st.sampled_from(["key", "by", *SENSIBLE]), junk, max_size=8))
def test_junk_is_refused_and_never_breaks_the_check(table):
    for check in (
        lambda: check_awards([table], parts=PARTS),
        lambda: check_overall([table], rankings={"r": ()}, parts=PARTS),
        lambda: check_tables([table], rankings={"r": ()}, parts=PARTS),
    ):
        assert all(problem.sentence("en") for problem in check())


TABLE = {
    "points": st.one_of(
        st.lists(amount, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from(["gold"]), amount, max_size=1),
    ),
    "k": st.integers(0, 3),
    "rule": st.sampled_from(["medal", "other"]),
    "then": st.lists(st.sampled_from(["best", "best_place", "count_back", "theory", "x"]), max_size=3).map(
        tuple
    ),
    "parts": st.just(("theory",)),
    "counts": st.just(("gold",)),
    "report": st.sampled_from(["name", "mean_score", "total_points"]),
    "members": st.integers(0, 3),
    "fewer": st.sampled_from(["counts", "unranked"]),
    "scale": st.sampled_from(["median_700", "z_score", ""]),
    "per_event": st.booleans(),
    "less": st.booleans(),
    "take": st.sampled_from(["sum", "mean"]),
    "tied": st.sampled_from(["each", "shared"]),
    "needs": st.dictionaries(st.just("theory"), amount, max_size=1),
    "digits": st.integers(0, 3),
}
any_table = st.fixed_dictionaries(
    {"key": st.just("t"), "by": st.sampled_from(TABLES.keys()), "ranking": st.just("r")},
    optional={name: st.one_of(sensible, sensible, sensible, junk) for name, sensible in TABLE.items()},
)
RESULTS = [
    Result(
        event,
        one.key,
        one.rank,
        one.total,
        parts=one.parts,
        gates=one.gates,
        status=one.status,
        awards={"medal": "gold"} if one.rank == 1 else {},
        attributes={"delegation": "AB"[n % 2]},
    )
    for event in "xy"
    for n, one in enumerate(CANDIDATES)
]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(any_table)
def test_tables_are_refused_with_a_problem_or_can_be_made(table):
    problems = check_tables([table], rankings={"r": ("medal",)}, parts=PARTS)
    assert all(problem.sentence("zh") for problem in problems)
    if not problems:
        assert tabulated(table, RESULTS)
