"""Versions of rules, and what opening an event fixes."""

import dataclasses

import pytest
import sqlalchemy as sa

from contest.accounts.access import SYSTEM
from contest.db import db, now, transaction
from contest.errors import Stale
from contest.events import queries, service
from contest.events.models import Event, EventState
from contest.events.refusals import NotDraft, NotReady, ReasonNeeded, RulesRefused
from contest.scoring import presets
from contest.scoring.rules import Node, RuleSet

BY = {"actor": SYSTEM, "at": now()}


def again(event_id: int) -> Event:
    return db.session.get_one(Event, event_id)


@pytest.fixture
def ruled(event) -> int:
    """The id of a draft event with the rules of the ramen preset."""
    with transaction():
        service.adopt_preset(again(event.id), preset="ramen", **BY)
    return event.id


def opened(event_id: int) -> int:
    with transaction():
        event = again(event_id)
        service.set_groups(event, groups=[("g1", "职工", "", False), ("g2", "学生", "", True)], **BY)
        service.record_dry_run(event, **BY)
        service.open_event(event, **BY)
    return event_id


def with_aspect(rules: RuleSet, key: str) -> RuleSet:
    """The rules with one aspect's key changed: one aspect goes, one comes."""
    practice = rules.node("practice")
    parts = (*practice.parts[:-1], dataclasses.replace(practice.parts[-1], key=key))
    modules = tuple(dataclasses.replace(m, parts=parts) if m.key == "practice" else m for m in rules.modules)
    return dataclasses.replace(rules, modules=modules)


def test_a_preset_brings_rules_and_team_sizes(ruled):
    event = again(ruled)
    assert (event.rule_version.number, event.members_min, event.members_max) == (1, 2, 3)
    assert queries.rules_of(event) == presets.load("ramen")


def test_saving_the_same_rules_again_makes_no_version(ruled):
    with transaction():
        service.save_rules(again(ruled), presets.load("ramen"), **BY)
    assert [version.number for version in queries.versions_of(again(ruled))] == [1]


def test_a_change_makes_the_next_version_and_keeps_the_first(ruled):
    with transaction():
        service.save_rules(again(ruled), dataclasses.replace(presets.load("ramen"), decimals=1), **BY)
    versions = queries.versions_of(again(ruled))
    assert [(v.number, RuleSet.from_dict(v.document).decimals) for v in versions] == [(2, 1), (1, 3)]
    assert versions[0].digest != versions[1].digest


def test_contradictory_rules_are_refused_with_the_places_to_mend(ruled):
    wrong = RuleSet(modules=(Node(key="a", maximum=None, parts=()),))
    with pytest.raises(RulesRefused) as refused, transaction():
        service.save_rules(again(ruled), wrong, **BY)
    assert "no_rankings" in {problem.code for problem in refused.value.problems}
    assert again(ruled).rule_version.number == 1


def test_changing_the_team_size_changes_the_rules_too(ruled):
    with transaction():
        event = again(ruled)
        service.update_event(event, values={"members_min": 1, "members_max": 4}, version=event.version, **BY)
    rules = queries.rules_of(again(ruled))
    assert (rules.members.minimum, rules.members.maximum, again(ruled).rule_version.number) == (1, 4, 2)


def test_an_event_without_rules_does_not_open(event):
    with pytest.raises(NotReady) as refused, transaction():
        service.open_event(again(event.id), **BY)
    assert refused.value.blockers == (("no_rules", {}),)


def test_an_event_opens_only_after_the_dry_run_of_its_present_rules(ruled):
    with transaction():
        service.record_dry_run(again(ruled), **BY)
        service.save_rules(again(ruled), dataclasses.replace(presets.load("ramen"), decimals=1), **BY)
        service.set_groups(again(ruled), groups=[("g1", "职工", "", False), ("g2", "学生", "", True)], **BY)
    assert service.blockers_of(again(ruled)) == [("dry_run_missing", {})]
    with pytest.raises(NotReady), transaction():
        service.open_event(again(ruled), **BY)
    assert again(ruled).state is EventState.DRAFT


def test_groups_that_the_rules_name_must_exist(ruled):
    assert ("groups_missing", {"names": "职工、学生"}) in service.blockers_of(again(ruled))


def test_opening_copies_aspects_in_the_order_of_the_sheet(ruled):
    event = again(opened(ruled))
    assert [(row.module_key, row.key) for row in queries.aspects_of(event)] == [
        ("theory", "theory"),
        ("practice", "dough"),
        ("practice", "pulling"),
        ("practice", "taste"),
        ("practice", "hygiene"),
    ]


def test_rules_without_rounds_have_one_round_for_all(ruled):
    event = again(opened(ruled))
    assert [(row.key, row.name, row.name_en) for row in queries.rounds_of(event)] == [("", "全部", "All")]


def test_rules_with_rounds_have_theirs(event):
    with transaction():
        service.adopt_preset(again(event.id), preset="labour-monthly", **BY)
        service.record_dry_run(again(event.id), **BY)
        service.open_event(again(event.id), **BY)
    rules = presets.load("labour-monthly")
    assert [row.key for row in queries.rounds_of(again(event.id))] == [one.key for one in rules.rounds]


def test_an_open_event_is_not_opened_twice(ruled):
    opened(ruled)
    with pytest.raises(NotDraft), transaction():
        service.open_event(again(ruled), **BY)


def test_rules_of_an_open_event_change_with_a_reason_only(ruled):
    opened(ruled)
    changed = dataclasses.replace(presets.load("ramen"), decimals=1)
    with pytest.raises(ReasonNeeded), transaction():
        service.save_rules(again(ruled), changed, **BY)
    with transaction():
        version = service.save_rules(again(ruled), changed, reason="裁判组决议", **BY)
    assert (version.number, version.reason) == (2, "裁判组决议")


def test_an_aspect_that_leaves_the_rules_is_retired_and_comes_back_as_the_same_row(ruled):
    event = again(opened(ruled))
    before = {row.key: row.id for row in event.aspects}
    rules = presets.load("ramen")
    with transaction():
        service.save_rules(again(ruled), with_aspect(rules, "cleanliness"), reason="改名", **BY)
    assert [row.key for row in queries.aspects_of(again(ruled))][-1] == "cleanliness"
    assert [row.key for row in again(ruled).aspects if row.retired_at] == ["hygiene"]
    with transaction():
        service.save_rules(again(ruled), rules, reason="改回", **BY)
    live = {row.key: row.id for row in queries.aspects_of(again(ruled))}
    assert live == before


def test_a_closed_event_opens_again_with_a_reason(ruled):
    opened(ruled)
    with transaction():
        service.close_event(again(ruled), **BY)
    assert again(ruled).state is EventState.CLOSED
    with transaction():
        service.reopen_event(again(ruled), reason="补赛", **BY)
    assert again(ruled).state is EventState.OPEN


def test_a_draft_that_changed_meanwhile_is_not_overwritten(ruled):
    document = presets.load("ramen").to_dict()
    with transaction():
        service.put_draft(again(ruled), {**document, "decimals": 1}, version=0, **BY)
    with pytest.raises(Stale), transaction():
        service.put_draft(again(ruled), {**document, "decimals": 2}, version=0, **BY)
    assert service.draft_of(again(ruled)).document["decimals"] == 1


def test_saving_a_version_takes_the_draft_away(ruled):
    document = {**presets.load("ramen").to_dict(), "decimals": 1}
    with transaction():
        service.put_draft(again(ruled), document, version=0, **BY)
        service.save_rules(again(ruled), RuleSet.from_dict(document), **BY)
    assert service.draft_of(again(ruled)) is None


@pytest.mark.parametrize("preset", presets.names())
def test_every_preset_gives_full_marks_the_best_total_and_no_errors(preset):
    report = service.dry_run(presets.load(preset))
    assert [problem.sentence("en") for problem in report.errors] == []
    for order in report.orders:
        assert [line.level for line in order.lines] in (["full", "middle", "zero"], [])


def test_versions_can_not_be_told_apart_by_order_of_fields(ruled):
    rules = presets.load("ramen")
    turned = RuleSet.from_dict(dict(reversed(list(rules.to_dict().items()))))
    assert service.digest_of(turned) == service.digest_of(rules) == again(ruled).rule_version.digest
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 1
