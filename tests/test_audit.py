"""The change log: every line follows from the one before, and a rewritten one shows."""

from __future__ import annotations

import sqlalchemy as sa

from contest import audit
from contest.accounts.access import SYSTEM
from contest.db import db, now, transaction


def write(*reasons: str, contest_id: int = 5) -> None:
    for reason in reasons:
        with transaction():
            audit.record(
                SYSTEM,
                "test.done",
                contest_id=contest_id,
                changes={"x": [None, reason]},
                reason=reason,
                at=now(),
            )


def test_an_untouched_log_has_no_broken_link(app):
    write("one", "two", "three")
    assert audit.broken_links(5) == []


def test_a_rewritten_action_breaks_its_own_line(app):
    write("one", "two", "three")
    with transaction():
        db.session.execute(
            sa.update(audit.Change).where(audit.Change.sequence == 2).values(action="test.undone")
        )
    assert audit.broken_links(5) == [2]


def test_a_removed_line_breaks_the_chain_after_it(app):
    write("one", "two", "three")
    with transaction():
        db.session.execute(sa.delete(audit.Change).where(audit.Change.sequence == 2))
    assert audit.broken_links(5) == [3]


def test_values_can_be_erased_without_breaking_the_chain(app):
    write("one", "two")
    with transaction():
        db.session.execute(
            sa.update(audit.Change)
            .where(audit.Change.sequence == 1)
            .values(values={}, account_name="", ip="")
        )
    assert audit.broken_links(5) == []


def test_each_contest_has_a_chain_of_its_own(app):
    write("one", contest_id=1)
    write("one", "two", contest_id=2)
    lines = db.session.execute(
        sa.select(audit.Change.contest_id, audit.Change.sequence).order_by(audit.Change.id)
    ).all()
    assert [tuple(line) for line in lines] == [(1, 1), (2, 1), (2, 2)]
