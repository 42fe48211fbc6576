"""What keeps a list from being published, and what only warns: recomputed whenever somebody looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from contest.db import db
from contest.entries.ineligible import ineligible_of
from contest.entries.queries import changed_since_draw
from contest.events.models import EventState
from contest.judging.models import MarkFile, MarkFileState
from contest.judging.queries import missing_sheets, subjects_without_sheets, unchecked
from contest.results.compute import Computation, Listing
from contest.results.concerns import concerns_of
from contest.results.finding import BLOCKER, NAMED, WARNING, Finding
from contest.results.lines import modules_of
from contest.results.models import Appeal, AppealState, RulingKind
from contest.results.tables import TABLE
from contest.scoring.awarding.wording import sentence
from contest.scoring.outcome import SHARED
from contest.scoring.rules import Ranking

LATER = ("appeals", "recheck")
"""Places whose findings stand in the way of confirming, not of a provisional list."""


def findings_of(computation: Computation, ranking_key: str, round_key: str = "") -> list[Finding]:
    """All findings for one list, blockers first. Appeals are among them; they stand in the way of confirming."""
    listing = computation.listing(ranking_key, round_key)
    found = [
        *_event(computation, listing),
        *_sheets(computation, ranking_key, round_key),
        *_files(computation, round_key),
        *_rows(computation, listing),
        *_ties(computation, ranking_key, round_key),
        *_problems(computation, ranking_key, round_key),
        *open_appeals(computation.event.id),
        *_names(listing),
        *_questions(computation, ranking_key, round_key),
        *_roster(computation),
        *_eligibility(computation),
        *concerns_of(computation, round_key, _module_keys(computation, ranking_key, round_key)),
    ]
    return sorted(found, key=lambda one: one.severity != BLOCKER)


def blockers(findings: Iterable[Finding], *, appeals_too: bool = True) -> list[Finding]:
    """Those that block; a new provisional list may answer an open appeal's marks, so it may leave appeals out."""
    return [one for one in findings if one.severity == BLOCKER and (appeals_too or one.place not in LATER)]


def _event(computation: Computation, listing: Listing) -> list[Finding]:
    if computation.event.state is EventState.DRAFT:
        return [Finding("event_not_open", BLOCKER, "event")]
    if not any(line.rank for line in listing.lines):
        return [Finding("nobody_ranked", BLOCKER, "board")]
    return []


def _sheets(computation: Computation, ranking_key: str, round_key: str) -> list[Finding]:
    """Sheets of those who take part that are not marked, not submitted, or not locked by the chief judge."""
    modules = set(_module_keys(computation, ranking_key, round_key))
    round_row = computation.inputs.rounds.get(round_key) if round_key else None
    missing = missing_sheets(computation.event.id, round_id=round_row.id if round_row else None)
    counts = Counter(one.reason for one in missing if one.module_key in modules)
    found = [
        Finding(f"sheets_{reason}", BLOCKER, "board", {"count": counts[reason]})
        for reason in ("marks", "submission", "lock")
        if counts[reason]
    ]
    if waiting := unchecked(computation.event.id, round_id=round_row.id if round_row else None):
        found.append(Finding("sheets_unchecked", BLOCKER, "checking", {"count": waiting}))
    without = subjects_without_sheets(computation.event.id)
    return found + ([Finding("sheets_not_made", BLOCKER, "panels", {"count": without})] if without else [])


def _module_keys(computation: Computation, ranking_key: str, round_key: str) -> list[str]:
    rules = computation.inputs.rules
    if ranking_key.startswith(TABLE):
        return [module.key for module in rules.modules]
    return [module.key for module in modules_of(rules, rules.ranking(ranking_key), round_key)]


def _files(computation: Computation, round_key: str) -> list[Finding]:
    """Files of marks that wait for the second person."""
    statement = sa.select(sa.func.count()).where(
        MarkFile.event_id == computation.event.id, MarkFile.state == MarkFileState.STAGED
    )
    round_row = computation.inputs.rounds.get(round_key)
    if round_key and round_row is not None:
        statement = statement.where(MarkFile.round_id == round_row.id)
    count = int(db.session.scalar(statement) or 0)
    return [Finding("mark_file_waiting", BLOCKER, "desk", {"count": count})] if count else []


def _rows(computation: Computation, listing: Listing) -> list[Finding]:
    """Subjects who take part and whose marks are not complete."""
    facts = computation.inputs.roster.facts
    missing = [line for line in listing.lines if line.status == "incomplete"]
    if not missing:
        return []
    names = [_called(line.name, line.data.get("number", "")) for line in missing[:NAMED]]
    seen = {int(entry) for entry in computation.inputs.field.marks.entry}
    keys = computation.inputs.field.entries.keys
    marked = {facts[keys[index]].entry_id for index in seen}
    without = [line for line in missing if line.entry_id is not None and line.entry_id not in marked]
    found = [Finding("marks_missing", BLOCKER, "board", {"count": len(missing), "names": names})]
    if without:
        named = [_called(line.name, line.data.get("number", "")) for line in without[:NAMED]]
        found.append(Finding("entries_unmarked", WARNING, "roster", {"count": len(without), "names": named}))
    return found


def _called(name: str, number: str) -> str:
    return f"{name}（{number}）" if number else name


def tied_groups(computation: Computation, ranking_key: str, round_key: str = "") -> list[list[str]]:
    """Subject keys of each tie that no key of the order could decide, best place first."""
    if ranking_key.startswith(TABLE):
        return []
    groups: dict[Any, list[str]] = {}
    for row in computation.standing(ranking_key, round_key).rows:
        if row.rank is not None and row.decided_by == SHARED:
            groups.setdefault(row.rank, []).append(row.subject)
    return [groups[rank] for rank in sorted(groups)]


def _ties(computation: Computation, ranking_key: str, round_key: str) -> list[Finding]:
    """Ties where the rules don't let a place be shared; where they name no lot or ruling, the rules must change."""
    if ranking_key.startswith(TABLE) or computation.ranking(ranking_key).ties != "never":
        return []
    facts = computation.inputs.roster.facts
    is_named = bool(ruling_kinds(computation.ranking(ranking_key)))
    return [
        Finding(
            "tie_unresolved" if is_named else "tie_without_rule",
            BLOCKER,
            "ties" if is_named else "rules",
            {"names": [_called(facts[key].name, facts[key].number) for key in group], "count": len(group)},
        )
        for group in tied_groups(computation, ranking_key, round_key)
    ]


def ruling_kinds(ranking: Ranking) -> list[RulingKind]:
    """Which of lot and ruling the order of a ranking names; only those count."""
    named = {spec.by for spec in ranking.order}
    return [kind for kind in RulingKind if kind.value in named]


def _problems(computation: Computation, ranking_key: str, round_key: str) -> list[Finding]:
    """What the scoring core itself reports about this list's modules and round.

    Missing marks and ties are told elsewhere, with names and the place to mend them.
    """
    modules = set(_module_keys(computation, ranking_key, round_key))
    rules = computation.inputs.rules
    module_of = {node.key: module.key for module in rules.modules for node in module.walk()}
    words = _words(computation)
    found = []
    for one in computation.outcome.problems:
        aspect, place = str(one.params.get("aspect", "")), str(one.params.get("place", ""))
        elsewhere = module_of.get(aspect, "") not in {*modules, ""}
        other_round = bool(round_key) and place not in ("", f" ({round_key})")
        if one.code in ("tie_unresolved", "mark_missing") or elsewhere or other_round:
            continue
        severity = BLOCKER if one.severity == "error" else WARNING
        found.append(Finding("scoring", severity, "board", {"problem": one, "words": words}))
    return found


def _words(computation: Computation) -> dict[str, dict[str, str]]:
    """By language: what a key that a problem names is called (a subject, a node of the scheme, a round)."""
    rules = computation.inputs.rules
    names = {key: _called(one.name, one.number) for key, one in computation.inputs.roster.facts.items()}
    nodes = [node for module in rules.modules for node in module.walk()]
    titled: list[Any] = [*nodes, *rules.rankings]
    return {
        "zh": names
        | {one.key: one.title_zh or one.title_en or one.key for one in titled}
        | {f" ({one.key})": f"（{one.title_zh or one.key}）" for one in rules.rounds},
        "en": names
        | {one.key: one.title_en or one.title_zh or one.key for one in titled}
        | {f" ({one.key})": f" ({one.title_en or one.key})" for one in rules.rounds},
    }


def open_appeals(event_id: int) -> list[Finding]:
    """A finding if appeals of the event are undecided."""
    count = int(
        db.session.scalar(
            sa.select(sa.func.count()).where(Appeal.event_id == event_id, Appeal.state == AppealState.OPEN)
        )
        or 0
    )
    return [Finding("appeals_undecided", BLOCKER, "appeals", {"count": count})] if count else []


def _questions(computation: Computation, ranking_key: str, round_key: str) -> list[Finding]:
    """What the award rules leave open: nobody named there gets anything until the organiser settles it."""
    if round_key or ranking_key.startswith(TABLE):
        return []
    questions = computation.outcome.awarding[ranking_key].questions
    return [
        Finding(
            "award_question", WARNING, "rules", {one: sentence(question.reason, one) for one in ("zh", "en")}
        )
        for question in questions
    ]


def _roster(computation: Computation) -> list[Finding]:
    """People who joined or left after the draw was locked."""
    changed = changed_since_draw(computation.event.id)
    return [Finding("roster_changed", WARNING, "roster")] if changed else []


def _eligibility(computation: Computation) -> list[Finding]:
    """Ranked people against the event's conditions: a block; people whose facts are not on record: a warning."""
    found = ineligible_of(computation.event)
    return [
        Finding(
            code,
            severity,
            "roster",
            {"names": [_called(one.name, one.number) for one in those[:NAMED]], "count": len(those)},
        )
        for code, severity, is_unknown in (
            ("people_ineligible", BLOCKER, False),
            ("people_unproved", WARNING, True),
        )
        if (those := [one for one in found if one.is_unknown is is_unknown])
    ]


def _names(listing: Listing) -> list[Finding]:
    """Names with characters that no shipped font can print."""
    from contest.glyphs import missing  # the fonts' tables are read at the first use

    people = dict.fromkeys(name for line in listing.lines for name in [line.name, *line.people.split(" ")])
    bad = [name for name in people if name and missing(name)]
    return (
        [Finding("names_without_glyphs", WARNING, "roster", {"names": bad[:NAMED], "count": len(bad)})]
        if bad
        else []
    )
