"""Ineligible people are a finding: told by name, with where to mend it, and no list is published over them."""

from __future__ import annotations

from datetime import date

import pytest

from contest.db import db, transaction
from contest.entries.models import Entry, EntryState, Member
from contest.results.blockers import findings_of
from contest.results.compute import compute_event
from contest.results.refusals import Blocked
from contest.results.views.sentences import finding_items
from tests.results.builders import NOON, fill, make_field, published


@pytest.fixture
def made(app):
    field = make_field()
    fill(field)
    return field


def conditions(made, **values):
    with transaction():
        made.event.conditions = values


def member(made, place=0) -> Member:
    return db.session.get_one(Entry, made.entry_ids[place]).members[0]


def told(made):
    return [
        (one.code, one.severity, one.params["count"]) for one in findings_of(compute_event(made.event), "all")
    ]


FACTS = [
    ({"min_level": "三级/高级工"}, {"level_held": "四级/中级工"}, {"level_held": "三级/高级工"}),
    ({"min_level": "三级/高级工"}, {"level_held": "中级工"}, {"level_held": "高级工"}),
    ({"min_years": 3}, {"years_in_trade": 2}, {"years_in_trade": 3}),
]


@pytest.mark.parametrize(("asked", "bad", "good"), FACTS)
def test_a_condition_that_is_not_met_blocks_and_one_without_a_fact_warns(made, asked, bad, good):
    assert told(made) == []
    conditions(made, **asked)
    assert told(made) == [("people_unproved", "warning", 4)]
    with transaction():
        for place in range(4):
            for name, value in (bad if place == 0 else good).items():
                setattr(member(made, place), name, value)
    assert told(made) == [("people_ineligible", "blocker", 1)]
    with pytest.raises(Blocked):
        published(made)
    with transaction():
        for name, value in good.items():
            setattr(member(made), name, value)
    assert told(made) == []


def test_the_days_of_birth_at_the_edges_are_within(made):
    conditions(made, born_from="1990-01-01", born_to="2000-12-31")
    days = [date(1990, 1, 1), date(2000, 12, 31), date(1989, 12, 31), date(2001, 1, 1)]
    with transaction():
        for place, day in enumerate(days):
            member(made, place).person.born_on = day
    found = findings_of(compute_event(made.event), "all")
    assert [(one.code, one.params["names"]) for one in found] == [
        ("people_ineligible", ["曾阿牛（003）", "欧阳小明（004）"])
    ]


def test_whoever_is_not_ranked_stands_in_nobodys_way(made):
    conditions(made, min_years=3)
    with transaction():
        for place in range(4):
            member(made, place).years_in_trade = 5
        member(made).years_in_trade = 1
        db.session.get_one(Entry, made.entry_ids[0]).state = EntryState.UNOFFICIAL
    assert told(made) == []


def test_a_person_in_two_events_of_an_edition_is_told_where_it_asks_for_one(made):
    from contest.events.models import Event

    with transaction():
        other = Event(
            sub_contest_id=made.event.sub_contest_id,
            name="第二赛项",
            trade_name="拉面",
            trade_code="",
            trade_catalogue="",
            state=made.event.state,
            position=2,
        )
        db.session.add(other)
        db.session.flush()
        entry = Entry(event_id=other.id, number="009", registered_at=NOON)
        db.session.add(entry)
        db.session.flush()
        db.session.add(
            Member(
                event_id=other.id,
                entry_id=entry.id,
                person_id=member(made).person_id,
                position=1,
                joined_at=NOON,
            )
        )
    assert told(made) == []
    conditions(made, one_event_each=True)
    assert told(made) == [("people_ineligible", "blocker", 1)]


def test_the_finding_says_who_and_leads_to_the_entries(app, made):
    conditions(made, min_years=3)
    with transaction():
        for place in range(4):
            member(made, place).years_in_trade = 1
    with app.test_request_context("/?lang=zh_CN"):
        (item,) = finding_items(findings_of(compute_event(made.event), "all"), made.event)
    assert item["href"] == f"/editions/{made.event.sub_contest.edition_id}/entries"
    assert "更尕昂宝（001）" in item["text"]
