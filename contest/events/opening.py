"""Opening and closing an event: the dry run, the blockers, the rows that marks will point to."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.events.dry_run import DryRunReport, dry_run
from contest.events.models import DryRun, Event, EventState
from contest.events.refusals import NotDraft, NotOpen, NotReady
from contest.events.rulebook import problems_of, sync_aspects, sync_rounds
from contest.scoring.rules import RuleSet

Blocker = tuple[str, dict[str, object]]


def record_dry_run(event: Event, *, actor: Actor, at: datetime) -> tuple[DryRun | None, DryRunReport]:
    """Try the rules in force with invented sheets and keep that it was done; a run with errors is not kept.

    Returns the row (None after errors) and the report. Raises NotReady when there are no rules.
    """
    if event.rule_version is None:
        raise NotReady([("no_rules", {})])
    report = dry_run(RuleSet.from_dict(event.rule_version.document))
    if report.errors:
        return None, report
    row = DryRun(event_id=event.id, digest=event.rule_version.digest, run_at=at, run_by=actor.account_id)
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor,
        "event.dry_run",
        event,
        contest_id=event.sub_contest.edition.contest_id,
        changes={"digest": [None, row.digest]},
        at=at,
    )
    return row, report


def last_dry_run(event: Event) -> DryRun | None:
    """The newest dry run of the rules in force, or None."""
    if event.rule_version is None:
        return None
    statement = sa.select(DryRun).where(
        DryRun.event_id == event.id, DryRun.digest == event.rule_version.digest
    )
    return db.session.scalars(statement.order_by(DryRun.id.desc()).limit(1)).first()


def blockers_of(event: Event) -> list[Blocker]:
    """Why the event can't open yet, as (code, parameters): no_rules, rules_wrong, no_groups, dry_run_missing."""
    if event.rule_version is None:
        return [("no_rules", {})]
    found: list[Blocker] = []
    errors = [one for one in problems_of(event.rule_version.document) if one.severity == "error"]
    if errors:
        found.append(("rules_wrong", {"count": len(errors)}))
    names = {group.name for group in event.groups} | {group.key for group in event.groups}
    missing = [name for name in RuleSet.from_dict(event.rule_version.document).groups if name not in names]
    if missing:
        found.append(("groups_missing", {"names": "、".join(missing)}))
    if last_dry_run(event) is None:
        found.append(("dry_run_missing", {}))
    return found


def open_event(event: Event, *, actor: Actor, at: datetime) -> None:
    """Fix the aspects and rounds, so that panels, sheets and marks can follow. Raises NotDraft, NotReady."""
    if event.state is not EventState.DRAFT:
        raise NotDraft(field="state")
    blockers = blockers_of(event)
    if blockers:
        raise NotReady(blockers)
    assert event.rule_version is not None
    rules = RuleSet.from_dict(event.rule_version.document)
    sync_aspects(event, rules, at=at)
    sync_rounds(event, rules, at=at)
    event.state, event.opened_at = EventState.OPEN, at
    db.session.flush()
    _log(event, "event.opened", "draft", actor=actor, at=at)


def close_event(event: Event, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Take nothing more. Raises NotOpen."""
    if event.state is not EventState.OPEN:
        raise NotOpen()
    event.state, event.closed_at = EventState.CLOSED, at
    db.session.flush()
    _log(event, "event.closed", "open", actor=actor, at=at, reason=reason)


def reopen_event(event: Event, *, actor: Actor, at: datetime, reason: str) -> None:
    """Undo a closing, with a reason. Raises NotOpen unless it is closed."""
    if event.state is not EventState.CLOSED:
        raise NotOpen()
    event.state, event.closed_at = EventState.OPEN, None
    db.session.flush()
    _log(event, "event.reopened", "closed", actor=actor, at=at, reason=reason)


def _log(event: Event, action: str, before: str, *, actor: Actor, at: datetime, reason: str = "") -> None:
    audit.record(
        actor,
        action,
        event,
        contest_id=event.sub_contest.edition.contest_id,
        changes={"state": [before, event.state.value]},
        reason=reason,
        at=at,
    )
