"""Ties that no key decides: blocked, resolved by a recorded lot or ruling, revoked."""

from __future__ import annotations

import pytest

from contest.db import db, transaction
from contest.results import service
from contest.results.blockers import tied_groups
from contest.results.compute import compute_event
from contest.results.models import RulingKind, TieRuling
from contest.results.refusals import Blocked, NotATie, ReasonMissing, RulingNotNamed
from tests.results.builders import NOON, RULES, fill, make_field, published

TIED = [(30, 50, 80), (30, 50, 80), (20, 30, 50), (35, 50, 70)]


@pytest.fixture
def made(app):
    field = make_field()
    fill(field, TIED)
    return field


def rule(made, order, kind=RulingKind.LOT, reason="双方领队在场抽签", **fields):
    with transaction():
        return service.record_ruling(
            event=made.event, ranking_key="all", kind=kind, order=order, reason=reason,
            actor=made.actor("chief"), at=NOON, **fields,
        ).id  # fmt: skip


def keys(made, *places):
    return [f"e{made.entry_ids[place]}" for place in places]


def ranks(made):
    lines = compute_event(made.event).listing("all").lines
    return [(line.rank, line.name, line.decided_by) for line in lines[:3]]


def test_an_unresolved_tie_blocks_publication_and_names_who_is_tied(made):
    with pytest.raises(Blocked) as refused:
        published(made)
    assert [(one.code, one.place, one.params["names"]) for one in refused.value.blockers] == [
        ("tie_unresolved", "ties", ["更尕昂宝（001）", "才让卓玛（002）"])
    ]


def test_a_recorded_lot_decides_the_place_and_lifts_the_blocker(made):
    rule(made, keys(made, 1, 0))
    assert ranks(made) == [("1", "欧阳小明", "total"), ("2", "才让卓玛", "lot"), ("3", "更尕昂宝", "lot")]
    assert published(made) > 0


def test_a_ruling_decides_where_no_lot_was_drawn(made):
    rule(made, keys(made, 0, 1), kind=RulingKind.RULING, reason="依规则第十二条")
    assert [one[2] for one in ranks(made)] == ["total", "ruling", "ruling"]


def test_a_revoked_ruling_no_longer_counts_and_stays_on_record(made):
    ruling_id = rule(made, keys(made, 1, 0))
    with transaction():
        ruling = db.session.get_one(TieRuling, ruling_id)
        service.revoke_ruling(ruling=ruling, reason="抽签程序有误", actor=made.actor("chief"), at=NOON)
    assert tied_groups(compute_event(made.event), "all") == [keys(made, 0, 1)]
    assert db.session.get_one(TieRuling, ruling_id).revoked_reason == "抽签程序有误"


@pytest.mark.parametrize("places", [(0,), (0, 1, 2), (0, 2), (0, 0)])
def test_a_ruling_over_others_than_the_tied_is_refused(made, places):
    with pytest.raises(NotATie):
        rule(made, keys(made, *places))


def test_a_ruling_without_its_protocol_is_refused(made):
    with pytest.raises(ReasonMissing):
        rule(made, keys(made, 1, 0), reason="  ")


def test_a_lot_that_the_rules_do_not_name_is_refused_and_the_blocker_points_at_the_rules(app):
    made = make_field(rules=RULES.replace(', "lot", "ruling"', ""))
    fill(made, TIED)
    with pytest.raises(RulingNotNamed):
        rule(made, keys(made, 1, 0))
    with pytest.raises(Blocked) as refused:
        published(made)
    assert [(one.code, one.place) for one in refused.value.blockers] == [("tie_without_rule", "rules")]


def test_a_ranking_that_shares_places_is_published_with_its_tie(app):
    made = make_field(rules=RULES.replace('ties = "never"', 'ties = "shared"'))
    fill(made, TIED)
    published(made)
    assert ranks(made)[1:] == [("2", "更尕昂宝", "shared"), ("2", "才让卓玛", "shared")]
