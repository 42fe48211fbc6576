"""Many devices at once, through the writer's gate: one history, nothing lost, nothing doubled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from contest.db import db, in_group, now
from contest.judging import service
from contest.judging.models import MarkRevision, MarkSource
from tests.judging.builders import VALUES, make_hall, typed


def record(app, actor, marks) -> list[str]:
    """One request's worth, in a thread and a context of its own."""
    with app.app_context():
        at = now()
        receipts = in_group(lambda: service.record_marks(actor, marks, at=at, source=MarkSource.DEVICE))
        return [receipt.status for receipt in receipts]


def test_of_many_first_marks_for_one_place_exactly_one_is_stored(app):
    hall = make_hall(entries=1, judges=1)
    sheet, actor = hall.sheets()[0], hall.actor()
    marks = [typed(sheet, "dough", str(value)) for value in range(8)]
    db.session.rollback()
    with ThreadPoolExecutor(8) as pool:
        found = [
            status
            for statuses in pool.map(lambda mark: record(app, actor, [mark]), marks)
            for status in statuses
        ]
    assert sorted(found) == ["stale"] * 7 + ["stored"]
    assert service.broken_links(sheet.id) == []


def test_a_mark_sent_by_many_requests_at_once_is_one_row(app):
    hall = make_hall(entries=1, judges=1)
    one, actor = typed(hall.sheets()[0], "dough", "1"), hall.actor()
    db.session.rollback()
    with ThreadPoolExecutor(8) as pool:
        found = [
            status
            for statuses in pool.map(lambda _n: record(app, actor, [one]), range(8))
            for status in statuses
        ]
    assert sorted(found) == ["known"] * 7 + ["stored"]
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(MarkRevision.id))) == 1


def test_sheets_filled_side_by_side_have_each_a_whole_chain(app):
    hall = make_hall(entries=4, judges=4)
    work = [(hall.actor(seat), sheet) for seat in range(4) for sheet in hall.sheets(seat)]
    batches = [(actor, [typed(sheet, key, value)]) for key, value in VALUES.items() for actor, sheet in work]
    ids = [sheet.id for _, sheet in work]
    db.session.rollback()
    with ThreadPoolExecutor(8) as pool:
        found = [
            status for statuses in pool.map(lambda batch: record(app, *batch), batches) for status in statuses
        ]
    assert found == ["stored"] * len(batches)
    db.session.rollback()
    assert [service.broken_links(sheet_id) for sheet_id in ids] == [[]] * 16
