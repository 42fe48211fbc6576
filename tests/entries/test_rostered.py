"""The roster read as columns tells what the rows of the ORM tell."""

from __future__ import annotations

from flask import Flask

from contest.accounts.access import SYSTEM
from contest.db import db, transaction
from contest.entries import queries, service
from contest.entries.models import Entry, StaffRole
from contest.entries.records import RosterEntry
from contest.entries.service import MemberFacts
from tests.entries.builders import AT, TODAY, facts, make_entry, ramen_event
from tests.entries.rosters import case


def told(entry: Entry) -> dict[str, object]:
    """What a list needs to know of an entry, from its rows."""
    live = [member for member in entry.members if member.left_at is None]
    return {
        "entry": (entry.id, entry.event_id, entry.number, entry.name, entry.state, entry.state_reason),
        "display": queries.display_name(entry),
        "group": entry.group_key,
        "delegation": entry.delegation and (entry.delegation.id, entry.delegation.official_order),
        "unit": (entry.organisation.name if entry.organisation else "", entry.organisation_id),
        "members": [
            (
                (one.id, one.person_id, one.number, one.person.name, one.person.gender, one.person.born_on),
                (one.group_key or entry.group_key, one.organisation_id, one.level_held, one.job),
                (one.organisation.name if one.organisation else "", one.state, one.person.id_masked),
            )
            for one in live
        ],
        "leaders": tuple(one.name for one in entry.staff if one.role is StaffRole.LEADER),
        "coaches": tuple(one.name for one in entry.staff if one.role is StaffRole.COACH),
        "inputs": entry.inputs,
    }


def read(one: RosterEntry) -> dict[str, object]:
    """The same of what was read as columns."""
    return {
        "entry": (one.id, one.event_id, one.number, one.name, one.state, one.state_reason),
        "display": one.display_name,
        "group": one.group_key,
        "delegation": one.delegation and (one.delegation.id, one.delegation.official_order),
        "unit": (one.organisation, one.organisation_id),
        "members": [
            (
                (each.id, each.person_id, each.number, each.name, each.gender, each.born_on),
                (each.group_key, each.organisation_id, each.level_held, each.job),
                (each.organisation, each.state, each.id_masked),
            )
            for each in one.members
        ],
        "leaders": one.leaders,
        "coaches": one.coaches,
        "inputs": one.inputs,
    }


def test_71_teams_of_a_file_and_a_substitute_read_the_same_by_rows_and_by_columns(app: Flask) -> None:
    event = ramen_event()
    event_id, edition_id = event.id, event.sub_contest.edition_id
    own = make_entry(
        event, "a1", facts("李一", 1), facts("王二", 2), coaches=("教练多杰", "教练央金"), leaders=("领队",)
    )
    with transaction():
        service.substitute(
            own.members[0].id,
            facts("赵三", 3),
            MemberFacts(),
            reason="伤病",
            version=own.version,
            actor=SYSTEM,
            at=AT,
        )
        service.import_roster(edition_id, case("roster.xlsx"), "r.xlsx", actor=SYSTEM, at=AT, today=TODAY)

    roster = queries.roster_for_event(event_id)

    by_rows = {entry.id: told(entry) for entry in db.session.query(Entry).filter_by(event_id=event_id)}
    assert len(roster) == 72
    assert {one.id: read(one) for one in roster} == by_rows
    assert sum(bool(one.delegation) for one in roster) == 71
    mine = queries.roster_entry(own.id)
    assert (mine.coaches, mine.leaders, mine.codes) == (("教练多杰", "教练央金"), ("领队",), {})
    assert [one for one in roster if one.id == own.id] == [mine]
