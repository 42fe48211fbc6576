"""Outcomes as rows of plain text: the files that `tabulate` writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from contest.scoring.field import Field
from contest.scoring.honours import Honours
from contest.scoring.numbers import decimal_text
from contest.scoring.outcome import Outcome, Row, Standing
from contest.scoring.problems import Problem

RANKING = ("event", "ranking", "entry", "total", "rank", "decided_by", "status", "award")
ROUNDS = ("event", "ranking", "round", "entry", "total", "rank", "decided_by", "status", "advances")
ASPECTS = ("event", "round", "entry", "member", "aspect", "attempt", "value", "state")
PROBLEMS = ("event", "severity", "code", "path", "sentence_en", "sentence_zh")

Line = tuple[str, ...]


def ranking_lines(event: str, outcome: Outcome, honours: Honours) -> Iterator[Line]:
    """Lines of ranking.csv: every ranking in the order of the rules, best first, those without a rank last.

    `entry` is the key of the ranked subject, which is a member's in a ranking of members.
    """
    for key, standing in outcome.rankings.items():
        awarding = honours.awarding(event, key)
        for row in standing.bare:
            awards = "; ".join(awarding.awards_of(row.subject))
            yield (event, key, row.subject, row.shown, row.shown_rank, row.decided_by, row.status, awards)


def round_lines(event: str, outcome: Outcome) -> Iterator[Line]:
    """Lines of rounds.csv; subjects that did not take part in a round are left out of it."""
    for (key, round_), standing in outcome.rounds.items():
        for row in standing.rows:
            if row.total is None and row.status == "incomplete":
                continue
            yield (event, key, round_, row.subject, *_figures(row), _advances(standing, row))


def _figures(row: Row) -> Line:
    return row.shown, row.shown_rank, row.decided_by, row.status


def _advances(standing: Standing, row: Row) -> str:
    return "yes" if row.subject in standing.advancing else ""


def aspect_lines(event: str, outcome: Outcome, field: Field) -> Iterator[Line]:
    """Lines of aspects.csv: each node's result, and each attempt where attempts are combined at the node."""
    owners: Mapping[str, str] = {}
    if field.members is not None and field.member_entry is not None:
        owners = {
            str(key): str(field.entries.keys[int(owner)])
            for key, owner in zip(field.members.keys, field.member_entry, strict=True)
        }
    for row in outcome.aspects():
        entry, member = (owners[row.subject], row.subject) if row.is_member else (row.subject, "")
        attempt = str(row.attempt) if row.attempt else ""
        value = "" if row.value is None else decimal_text(row.value)
        yield (
            event,
            row.round,
            entry,
            member,
            row.aspect,
            attempt,
            value,
            "" if row.state == "ok" else row.state,
        )


def problem_lines(event: str, problems: Sequence[Problem]) -> Iterator[Line]:
    """Lines of problems.csv, in words."""
    for problem in problems:
        yield (
            event,
            problem.severity,
            problem.code,
            problem.path,
            problem.sentence("en"),
            problem.sentence("zh"),
        )
