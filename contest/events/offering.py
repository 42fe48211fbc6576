"""Events of a sub-contest: their trade, groups, team sizes; made from a preset or empty, removed while unused."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import Actor
from contest.db import db
from contest.events import occupations, rulebook
from contest.events.models import DryRun, Event, EventState, Group, RuleDraft, RuleVersion, SubContest
from contest.events.refusals import GroupKeyTwice, NotDraft, NotEmpty, SizesBad, TradeUnknown
from contest.events.rows import amend, require, told
from contest.scoring import presets
from contest.scoring.rules import Members, RuleSet

FIELDS = ("name", "name_en", "second_name", "trade_name", "venue", "starts_at", "conditions", "position")


def create_event(
    *,
    sub_contest: SubContest,
    name: str,
    actor: Actor,
    at: datetime,
    trade_name: str = "",
    trade_code: str | None = None,
    name_en: str = "",
    second_name: str = "",
    venue: str = "",
    starts_at: datetime | None = None,
    members_min: int = 1,
    members_max: int = 1,
    conditions: Mapping[str, Any] | None = None,
    preset: str = "",
) -> Event:
    """A draft event, put last. With `preset` its rules become version 1, and groups and team sizes follow them.

    An empty trade name is the catalogue's, else the event's. Raises NameEmpty, SizesBad, TradeUnknown,
    presets.UnknownPreset.
    """
    require({"name": name}, "name")
    check_sizes(members_min, members_max)
    values = {
        "name": name.strip(),
        "name_en": name_en.strip(),
        "second_name": second_name.strip(),
        "venue": venue.strip(),
        "starts_at": starts_at,
        "members_min": members_min,
        "members_max": members_max,
        "conditions": dict(conditions or {}),
        **trade_of(trade_name, trade_code, fallback=name),
    }
    event = _added(sub_contest, values, actor=actor, at=at)
    if preset:
        adopt_preset(event, preset=preset, actor=actor, at=at)
    return event


def _added(sub_contest: SubContest, values: Mapping[str, Any], *, actor: Actor, at: datetime) -> Event:
    """Put an event last in its sub-contest and log it."""
    last = db.session.scalar(
        sa.select(sa.func.max(Event.position)).where(Event.sub_contest_id == sub_contest.id)
    )
    event = Event(sub_contest=sub_contest, position=0 if last is None else int(last) + 1, **values)
    db.session.add(event)
    db.session.flush()
    contest_id = sub_contest.edition.contest_id
    changes = {field: [None, told(value)] for field, value in values.items() if value}
    audit.record(actor, "event.created", event, contest_id=contest_id, changes=changes, at=at)
    return event


def adopt_preset(event: Event, *, preset: str, actor: Actor, at: datetime) -> RuleVersion:
    """Save a shipped rule set as the event's rules; groups it names are added. Raises presets.UnknownPreset."""
    rules = presets.load(preset)
    if rules.groups and not event.groups:
        groups = [(f"g{index}", name, "", "学生" in name) for index, name in enumerate(rules.groups, start=1)]
        set_groups(event, groups=groups, actor=actor, at=at)
    return rulebook.save_rules(event, rules, preset=preset, actor=actor, at=at)


def update_event(
    event: Event, *, values: Mapping[str, Any], version: int, actor: Actor, at: datetime
) -> None:
    """Change names, trade, venue, time, conditions, and while it is a draft the team sizes.

    Team sizes are part of the rules: a change makes the next rule version. Raises Stale, NameEmpty, SizesBad,
    TradeUnknown, NotDraft.
    """
    require(values, "name")
    given = dict(values)
    sizes = (given.pop("members_min", event.members_min), given.pop("members_max", event.members_max))
    check_sizes(*sizes)
    if "trade_name" in given or "trade_code" in given:
        trade = trade_of(
            given.pop("trade_name", event.trade_name),
            given.pop("trade_code", event.trade_code),
            fallback=event.name,
        )
        given.update(trade)
    contest_id = event.sub_contest.edition.contest_id
    if sizes != (event.members_min, event.members_max):
        if event.state is not EventState.DRAFT:
            raise NotDraft(field="members_max")
        given.update(members_min=sizes[0], members_max=sizes[1])
    fields = (*FIELDS, "trade_code", "trade_catalogue", "members_min", "members_max")
    changes = amend(
        event,
        fields,
        given,
        version=version,
        actor=actor,
        action="event.changed",
        contest_id=contest_id,
        at=at,
    )
    if event.rule_version and {"members_min", "members_max"} & changes.keys():
        _sizes_into_rules(event, actor=actor, at=at)


def _sizes_into_rules(event: Event, *, actor: Actor, at: datetime) -> None:
    assert event.rule_version is not None
    rules = RuleSet.from_dict(event.rule_version.document)
    members = Members(event.members_min, event.members_max, rules.members.missing)
    changed = dataclasses.replace(rules, members=members)
    rulebook.save_rules(event, changed, preset=event.rule_version.preset, actor=actor, at=at)


def set_groups(
    event: Event, *, groups: Sequence[tuple[str, str, str, bool]], actor: Actor, at: datetime
) -> None:
    """All groups of an event anew, as (key, name, English name, students?), in their order.

    A group that is kept (same key) stays the same row. Raises NameEmpty, GroupKeyTwice.
    """
    keys = [key for key, *_ in groups]
    if len(set(keys)) != len(keys):
        raise GroupKeyTwice(field="groups")
    for _, name, _, _ in groups:
        require({"groups": name}, "groups")
    before = [group.name for group in event.groups]
    kept = {group.key: group for group in event.groups}
    rows = []
    for position, (key, name, name_en, is_student) in enumerate(groups):
        row = kept.get(key) or Group(key=key)
        row.name, row.name_en, row.is_student, row.position = (
            name.strip(),
            name_en.strip(),
            is_student,
            position,
        )
        rows.append(row)
    event.groups = rows
    db.session.flush()
    after = [group.name for group in rows]
    if before != after:
        audit.record(
            actor,
            "event.groups_set",
            event,
            contest_id=event.sub_contest.edition.contest_id,
            changes={"groups": [before, after]},
            at=at,
        )


def delete_event(event: Event, *, actor: Actor, at: datetime) -> None:
    """Remove a draft event with its rules. Raises NotDraft, and NotEmpty once another room keeps rows of it."""
    if event.state is not EventState.DRAFT:
        raise NotDraft(field="name")
    contest_id = event.sub_contest.edition.contest_id
    audit.record(
        actor, "event.deleted", event, contest_id=contest_id, changes={"name": [event.name, None]}, at=at
    )
    event_id = event.id
    try:
        with db.session.begin_nested():
            event.rule_version = None
            db.session.flush()
            for model in (RuleDraft, DryRun, Group, RuleVersion):
                db.session.execute(sa.delete(model).where(model.event_id == event_id))
            db.session.expire(event)
            db.session.delete(event)
            db.session.flush()
    except sa.exc.IntegrityError:
        raise NotEmpty(what="entries") from None


def check_sizes(smallest: int, largest: int) -> None:
    """Raises SizesBad unless 1 ≤ smallest ≤ largest."""
    if not 1 <= smallest <= largest:
        raise SizesBad(field="members_max")


def trade_of(trade_name: str, trade_code: str | None, *, fallback: str) -> dict[str, str | None]:
    """Name, code and catalogue edition to store; a trade without a code has no edition. Raises TradeUnknown."""
    code = (trade_code or "").strip() or None
    line = occupations.occupation(code) if code else None
    if code and line is None:
        raise TradeUnknown(field="trade_code", trade=code)
    name = trade_name.strip() or (line.name if line else fallback.strip())
    return {"trade_name": name, "trade_code": code, "trade_catalogue": occupations.EDITION if code else None}
