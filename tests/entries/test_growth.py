"""The number of queries does not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask

from contest.accounts.access import SYSTEM
from contest.db import db, transaction
from contest.entries import draw, imports, listing, queries, service
from tests.entries.builders import AT, TODAY, facts, make_entry, ramen_event
from tests.entries.rosters import case


def _queries(work: Callable[[], Any]) -> int:
    db.session.expire_all()
    db.session.expunge_all()
    seen: list[str] = []

    def count(*args: Any) -> None:
        seen.append(args[2])

    sa.event.listen(db.engine, "before_cursor_execute", count)
    try:
        work()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", count)
    return len(seen)


def test_reading_71_teams_takes_as_many_queries_as_reading_two(app: Flask) -> None:
    event = ramen_event()
    event_id, edition_id = event.id, event.sub_contest.edition_id
    for number in (1, 2):
        make_entry(event, f"a{number}", facts(f"李{number}", number), facts(f"王{number}", number + 10))
    content = case("roster.xlsx")

    def page() -> None:
        for entry in listing.page_of_entries(SYSTEM, edition_id, listing.Filter()).rows:
            assert (
                queries.display_name(entry)
                + entry.event.name
                + (entry.delegation.name if entry.delegation else "")
            )

    readings: dict[str, Callable[[], Any]] = {
        "roster": lambda: queries.roster_for_event(event_id),
        "page": page,
        "draw": lambda: draw.drawable(event_id),
        "plan": lambda: imports.examine(edition_id, content, "r.xlsx", actor=SYSTEM, today=TODAY),
    }
    few = {name: _queries(work) for name, work in readings.items()}
    with transaction():
        service.import_roster(edition_id, content, "r.xlsx", actor=SYSTEM, at=AT, today=TODAY)
    many = {name: _queries(work) for name, work in readings.items()}
    assert len(queries.roster_for_event(event_id)) == 73
    assert {name: many[name] - few[name] for name in few} == {"roster": 0, "page": 0, "draw": 0, "plan": 0}
