"""Short ways to write an event in a test: rules as TOML, marks as CSV, and the result as plain text."""

import csv
import textwrap

from contest.scoring import tidy
from contest.scoring.checks import validate
from contest.scoring.compute import compute
from contest.scoring.rules import RuleSet


def rules_of(toml):
    """A rule set that has no contradiction."""
    rules = RuleSet.from_toml(textwrap.dedent(toml))
    assert [problem.sentence() for problem in validate(rules)] == []
    return rules


def table_of(text):
    """Marks written as CSV, indented at will."""
    lines = [line.strip() for line in text.strip().splitlines()]
    rows = list(csv.reader(lines))
    return tidy.table(rows[1:], range(2, len(rows) + 1), rows[0])


def event_of(toml, text):
    """The one event of a file: its rules and its field, without a bad row."""
    table = table_of(text)
    (event,) = tidy.events(rules_of(toml), table)
    assert table.bad == []
    return event


def outcome_of(toml, text):
    """The outcome of the one event of a file."""
    event = event_of(toml, text)
    return compute(event.rules, event.field)


def ranks(outcome, ranking="r"):
    """Lines "rank subject total decided_by" of a ranking, "-" without a rank, with the status then."""
    lines = []
    for row in outcome.rankings[ranking].rows:
        if row.rank is None:
            lines.append(f"- {row.subject} {row.shown or '-'} {row.status}")
        else:
            lines.append(f"{row.shown_rank} {row.subject} {row.shown or '-'} {row.decided_by}")
    return lines


def totals(outcome, ranking="r"):
    """Subject → total as text."""
    return {row.subject: row.shown for row in outcome.rankings[ranking].rows}


def problems(outcome):
    """Codes of the problems."""
    return [problem.code for problem in outcome.problems]
