"""The rules of an event: the draft that is edited, and the immutable versions it becomes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

import contest.scoring  # noqa: F401  # fills the registries that rules are checked against
from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.errors import Stale
from contest.events.models import Event, EventAspect, EventRound, EventState, RuleDraft, RuleVersion
from contest.events.refusals import NotOpen, ReasonNeeded, RulesRefused
from contest.scoring.problems import Problem, RulesError
from contest.scoring.rules import RuleSet

WHOLE = ("", "全部", "All")
"""Key and names of the one round of rules that name none."""


def validate(rules: RuleSet) -> list[Problem]:
    """What is wrong with a rule set, errors and notes."""
    from contest.scoring.checks import validate as check

    return list(check(rules))


def digest_of(rules: RuleSet) -> str:
    """SHA-256 of the canonical document: two rule sets with one digest compute the same."""
    text = json.dumps(rules.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def problems_of(document: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with a document, unreadable fields included; notes too."""
    try:
        return list(validate(RuleSet.from_dict(document)))
    except RulesError as error:
        return error.problems


def save_rules(
    event: Event, rules: RuleSet, *, actor: Actor, at: datetime, reason: str = "", preset: str = ""
) -> RuleVersion:
    """Make the next version and put it in force; the same content as now returns the present version.

    An opened event needs a reason, and its aspects and rounds follow the new version: what is gone is retired, its
    marks stay. The event's team sizes follow the rules. Raises RulesRefused, ReasonNeeded, NotOpen once closed.
    """
    errors = [problem for problem in validate(rules) if problem.severity == "error"]
    if errors:
        raise RulesRefused(errors)
    present, digest = event.rule_version, digest_of(rules)
    if present is not None and present.digest == digest:
        discard_draft(event)
        return present
    if event.state is EventState.CLOSED:
        raise NotOpen()
    if event.state is not EventState.DRAFT and not reason.strip():
        raise ReasonNeeded(field="reason")
    version = _append(event, rules, digest, reason=reason.strip(), preset=preset, actor=actor, at=at)
    event.rule_version = version
    event.members_min, event.members_max = rules.members.minimum, rules.members.maximum
    discard_draft(event)
    if event.state is EventState.OPEN:
        sync_aspects(event, rules, at=at)
        sync_rounds(event, rules, at=at)
    db.session.flush()
    changes = {
        "number": [present.number if present else None, version.number],
        "digest": [present.digest if present else None, digest],
    }
    contest_id = event.sub_contest.edition.contest_id
    audit.record(
        actor, "rules.saved", version, contest_id=contest_id, changes=changes, reason=version.reason, at=at
    )
    return version


def _append(
    event: Event, rules: RuleSet, digest: str, *, reason: str, preset: str, actor: Actor, at: datetime
) -> RuleVersion:
    last = db.session.scalar(
        sa.select(sa.func.max(RuleVersion.number)).where(RuleVersion.event_id == event.id)
    )
    version = RuleVersion(
        event_id=event.id,
        number=int(last or 0) + 1,
        document=rules.to_dict(),
        digest=digest,
        preset=preset,
        reason=reason,
        created_at=at,
        created_by=actor.account_id,
    )
    db.session.add(version)
    db.session.flush()
    return version


def draft_of(event: Event) -> RuleDraft | None:
    """The rules being edited, or None when nothing is changed beside the version in force."""
    return db.session.scalars(sa.select(RuleDraft).where(RuleDraft.event_id == event.id)).first()


def put_draft(
    event: Event,
    document: Mapping[str, Any],
    *,
    version: int,
    actor: Actor,
    at: datetime,
    what: str = "",
    preset: str = "",
) -> RuleDraft:
    """Keep edited rules; they may be contradictory still. `version`: the draft's version that was read, 0 for none.

    `what` names the edit for the log. Raises Stale if the draft changed since it was read.
    """
    draft = draft_of(event)
    if (draft.version if draft else 0) != version:
        raise Stale()
    if draft is None:
        draft = RuleDraft(event_id=event.id)
        db.session.add(draft)
    before = digest_text(draft.document) if draft.document else None
    draft.document, draft.updated_at, draft.updated_by = dict(document), at, actor.account_id
    draft.preset = preset or draft.preset or (event.rule_version.preset if event.rule_version else "")
    db.session.flush()
    changes = {"edit": [None, what], "draft": [before, digest_text(document)]}
    audit.record(
        actor, "rules.edited", event, contest_id=event.sub_contest.edition.contest_id, changes=changes, at=at
    )
    return draft


def discard_draft(event: Event, *, actor: Actor | None = None, at: datetime | None = None) -> None:
    """Forget the edits; the version in force stays. With an actor the act is logged."""
    draft = draft_of(event)
    if draft is None:
        return
    db.session.delete(draft)
    db.session.flush()
    if actor is not None:
        audit.record(
            actor, "rules.edits_dropped", event, contest_id=event.sub_contest.edition.contest_id, at=at
        )


def digest_text(document: Mapping[str, Any]) -> str:
    """A short mark of a draft's content for the log."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def sync_aspects(event: Event, rules: RuleSet, *, at: datetime) -> None:
    """Make the event's aspect rows follow the rules; those gone are retired, those back are live again."""
    rows = {row.key: row for row in event.aspects}
    pairs = [(module.key, aspect.key) for module in rules.modules for aspect in module.aspects()]
    for position, (module_key, key) in enumerate(pairs):
        row = rows.get(key)
        if row is None:
            row = EventAspect(event_id=event.id, key=key)
            db.session.add(row)
        row.module_key, row.position, row.retired_at = module_key, position, None
    _retire(rows, {key for _, key in pairs}, at)
    db.session.flush()
    db.session.expire(event, ["aspects"])


def sync_rounds(event: Event, rules: RuleSet, *, at: datetime) -> None:
    """Make the event's rounds follow the rules; rules without rounds have one, of the key ""."""
    named = [(one.key, one.title_zh or one.title_en or one.key, one.title_en) for one in rules.rounds] or [
        WHOLE
    ]
    rows = {row.key: row for row in event.rounds}
    for position, (key, name, name_en) in enumerate(named):
        row = rows.get(key)
        if row is None:
            row = EventRound(event_id=event.id, key=key)
            db.session.add(row)
        row.name, row.name_en, row.position, row.retired_at = name, name_en, position, None
    _retire(rows, {key for key, _, _ in named}, at)
    db.session.flush()
    db.session.expire(event, ["rounds"])


def _retire(rows: Mapping[str, Any], live: set[str], at: datetime) -> None:
    for key, row in rows.items():
        if key not in live and row.retired_at is None:
            row.retired_at = at
