"""Marks come in: appended, answered, never overwritten; each refusal has its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa

from contest.accounts.access import SYSTEM
from contest.db import db, now, transaction
from contest.errors import Missing
from contest.events.models import Event, EventState
from contest.judging import queries, service
from contest.judging.models import MarkRevision, MarkState, Seat, SeatHolder, Sheet
from tests.judging.builders import fill, make_hall, mark, submit, typed

pytestmark = pytest.mark.usefixtures("app")


def revisions() -> list[tuple[str, int | None]]:
    rows = db.session.execute(
        sa.select(MarkRevision.state, MarkRevision.value_milli).order_by(MarkRevision.id)
    )
    return [(state.value, milli) for state, milli in rows]


def test_a_mark_is_stored_exactly_and_answered():
    hall = make_hall()
    sheet = hall.sheets()[0]
    (receipt,) = mark(hall.actor(), typed(sheet, "dough", "38.5"))
    assert (receipt.status, receipt.current["value"]) == ("stored", "38.5")
    assert revisions() == [("value", 38500)]


def test_sending_the_same_mark_again_is_known_and_changes_nothing():
    hall = make_hall()
    one = typed(hall.sheets()[0], "dough", "38.5")
    assert [mark(hall.actor(), one)[0].status for _ in range(3)] == ["stored", "known", "known"]
    assert revisions() == [("value", 38500)]


def test_the_same_mark_twice_in_one_batch_is_stored_once():
    hall = make_hall()
    one = typed(hall.sheets()[0], "dough", "38.5")
    assert [receipt.status for receipt in mark(hall.actor(), one, one)] == ["stored", "known"]
    assert revisions() == [("value", 38500)]


def test_an_id_may_not_be_used_again_for_another_value():
    hall = make_hall()
    sheet = hall.sheets()[0]
    one = typed(sheet, "dough", "38.5")
    mark(hall.actor(), one)
    (receipt,) = mark(hall.actor(), typed(sheet, "dough", "40", uuid=one.uuid))
    assert (receipt.status, receipt.reason) == ("refused", "uuid_taken")


def test_a_correction_is_a_new_row_that_names_the_old_one():
    hall = make_hall()
    sheet = hall.sheets()[0]
    one = typed(sheet, "dough", "38.5")
    mark(hall.actor(), one)
    (receipt,) = mark(hall.actor(), typed(sheet, "dough", "39", replaces=one.uuid))
    assert receipt.status == "stored"
    assert revisions() == [("value", 38500), ("value", 39000)]
    assert queries.marks_of(sheet.id)[("dough", 1)].milli == 39000
    assert service.broken_links(sheet.id) == []


def test_a_chain_of_marks_typed_offline_arrives_in_one_batch():
    hall = make_hall()
    sheet = hall.sheets()[0]
    one = typed(sheet, "dough", "38.5")
    two = typed(sheet, "dough", "39", replaces=one.uuid)
    three = typed(sheet, "dough", None, state=MarkState.ABSENT, replaces=two.uuid)
    assert [receipt.status for receipt in mark(hall.actor(), one, two, three)] == ["stored"] * 3
    assert queries.marks_of(sheet.id)[("dough", 1)].state is MarkState.ABSENT


def test_of_two_tabs_the_later_is_told_both_values_and_overwrites_nothing():
    hall = make_hall()
    sheet = hall.sheets()[0]
    mark(hall.actor(), typed(sheet, "dough", "38.5"))
    (receipt,) = mark(hall.actor(), typed(sheet, "dough", "35"))
    assert (receipt.status, receipt.current["value"]) == ("stale", "38.5")
    assert revisions() == [("value", 38500)]


def test_two_tabs_with_the_same_value_do_not_disagree():
    hall = make_hall()
    sheet = hall.sheets()[0]
    mark(hall.actor(), typed(sheet, "dough", "38.5"))
    assert mark(hall.actor(), typed(sheet, "dough", "38.5"))[0].status == "known"
    assert revisions() == [("value", 38500)]


@pytest.mark.parametrize(
    ("aspect", "value", "reason"),
    [
        ("dough", "101", "above"),
        ("dough", "1e999", "not_a_number"),
        ("dough", "NaN", "not_a_number"),
        ("dough", "-1", "below"),
        ("dough", "8.3", "off_step"),
        ("dough", "8.12345", "too_many_decimals"),
        ("dough", "9" * 1000, "too_long"),
        ("dough", "", "empty"),
        ("dough", None, "empty"),
        ("shape", "4", "above"),
        ("shape", "1.5", "too_many_decimals"),
        ("cut", "31", "above"),
        ("clean", "0.5", "too_many_decimals"),
        ("nothing", "1", "no_such_aspect"),
    ],
)
def test_a_value_the_rules_do_not_take_is_refused_by_name(aspect, value, reason):
    hall = make_hall(judges=1, entries=1)
    (receipt,) = mark(hall.actor(), typed(hall.sheets()[0], aspect, value))
    assert (receipt.status, receipt.reason) == ("refused", reason)
    assert revisions() == []


def test_one_bad_mark_does_not_hold_up_the_rest_of_its_batch():
    hall = make_hall(judges=1, entries=1)
    sheet = hall.sheets()[0]
    receipts = mark(hall.actor(), typed(sheet, "dough", "999"), typed(sheet, "cut", "2"))
    assert [receipt.status for receipt in receipts] == ["refused", "stored"]


def test_zero_absent_void_and_not_yet_marked_are_four_things():
    hall = make_hall(judges=1, entries=1)
    sheet = hall.sheets()[0]
    mark(
        hall.actor(),
        typed(sheet, "dough", "0"),
        typed(sheet, "cut", None, state=MarkState.ABSENT),
        typed(sheet, "shape", None, state=MarkState.VOID),
    )
    found = {key: (view.state.value, view.milli) for (key, _), view in queries.marks_of(sheet.id).items()}
    assert found == {"dough": ("value", 0), "cut": ("absent", None), "shape": ("void", None)}


def test_absent_with_a_value_is_refused():
    hall = make_hall(judges=1, entries=1)
    (receipt,) = mark(hall.actor(), typed(hall.sheets()[0], "dough", "3", state=MarkState.ABSENT))
    assert receipt.reason == "value_without_state"


def test_an_attempt_that_the_rules_do_not_have_is_refused():
    hall = make_hall(judges=1, entries=1)
    (receipt,) = mark(hall.actor(), typed(hall.sheets()[0], "dough", "3", attempt=2))
    assert receipt.reason == "no_such_attempt"


def test_another_judges_sheet_is_refused_like_one_that_is_not_there():
    hall = make_hall()
    theirs = typed(hall.sheets(1)[0], "dough", "3")
    receipts = mark(hall.actor(0), theirs, replace(theirs, sheet="nowhere"))
    assert [(receipt.status, receipt.reason) for receipt in receipts] == [("refused", "not_yours")] * 2
    assert revisions() == []


def test_a_judge_reads_only_own_sheets():
    hall = make_hall()
    mine = {line.public_id for line in queries.my_sheets(hall.actor(0), locale="en")}
    assert mine == {sheet.public_id for sheet in hall.sheets(0)}
    with pytest.raises(Missing):
        queries.my_sheet(hall.actor(0), hall.sheets(1)[0].public_id, locale="en")


def test_a_released_seat_takes_no_more_marks_and_keeps_those_it_has():
    hall = make_hall()
    sheet, actor = hall.sheets()[0], hall.actor()
    mark(actor, typed(sheet, "dough", "38.5"))
    with transaction():
        holder = db.session.scalars(
            sa.select(SeatHolder).where(SeatHolder.judge_id == hall.judge_ids[0])
        ).one()
        service.release(holder, reason="taken ill", actor=SYSTEM, at=now())
    (receipt,) = mark(actor, typed(sheet, "cut", "2"))
    assert (receipt.status, receipt.reason) == ("refused", "not_yours")
    assert revisions() == [("value", 38500)]


def test_a_void_seat_takes_no_marks_and_leaves_the_tally():
    hall = make_hall()
    sheet, actor = hall.sheets()[0], hall.actor()
    mark(actor, typed(sheet, "dough", "38.5"))
    with transaction():
        service.void_seat(
            db.session.get_one(Seat, hall.seat_ids[0]), reason="bias found", actor=SYSTEM, at=now()
        )
    assert mark(actor, typed(sheet, "cut", "2"))[0].reason == "not_yours"
    assert len(queries.current_marks(hall.event_id)) == 0


def test_without_the_grant_a_seat_gives_nothing():
    from contest.accounts.models import Grant

    hall = make_hall()
    with transaction():
        db.session.execute(sa.update(Grant).values(revoked_at=now()))
    assert queries.my_sheets(hall.actor(), locale="en") == []


def test_a_submitted_or_locked_sheet_takes_no_marks():
    hall = make_hall(entries=1)
    sheet, actor = hall.sheets()[0], hall.actor()
    fill(hall, sheet, actor)
    submit(sheet.id, actor)
    assert mark(actor, typed(sheet, "safety", "0"))[0].reason == "submitted"
    with transaction():
        service.lock(db.session.get_one(Sheet, sheet.id), actor=SYSTEM, at=now())
    assert mark(actor, typed(sheet, "safety", "0"))[0].reason == "locked"


def test_a_mark_sent_again_after_the_sheet_was_locked_is_still_known():
    hall = make_hall(entries=1)
    sheet, actor = hall.sheets()[0], hall.actor()
    one = typed(sheet, "safety", "0")
    mark(actor, one)
    fill(hall, sheet, actor)
    submit(sheet.id, actor)
    with transaction():
        service.lock(db.session.get_one(Sheet, sheet.id), actor=SYSTEM, at=now())
    assert mark(actor, one)[0].status == "known"


def test_a_closed_event_takes_no_marks():
    hall = make_hall(entries=1)
    with transaction():
        db.session.get_one(Event, hall.event_id).state = EventState.CLOSED
    assert mark(hall.actor(), typed(hall.sheets()[0], "dough", "1"))[0].reason == "event_not_open"


def test_the_database_itself_refuses_to_change_or_remove_a_mark():
    hall = make_hall(entries=1)
    mark(hall.actor(), typed(hall.sheets()[0], "dough", "38.5"))
    for statement in ("UPDATE mark_revision SET value_milli = 1", "DELETE FROM mark_revision"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), transaction():
            db.session.execute(sa.text(statement))
    assert revisions() == [("value", 38500)]


def test_the_columns_for_results_hold_exactly_the_current_marks():
    hall = make_hall(entries=2, judges=1)
    first, second = hall.sheets()
    one = typed(first, "dough", "38.5")
    mark(
        hall.actor(),
        one,
        typed(first, "dough", "39", replaces=one.uuid),
        typed(second, "cut", None, state=MarkState.ABSENT),
    )
    columns = queries.current_marks(hall.event_id)
    aspect = {row.key: row.id for row in hall.event.aspects}
    rows = sorted(
        zip(
            columns.entry_id,
            columns.member_id,
            columns.aspect_id,
            columns.attempt,
            columns.state,
            columns.value,
            strict=True,
        )
    )
    assert [tuple(int(n) for n in row) for row in rows] == [
        (hall.entry_ids[0], 0, aspect["dough"], 1, 0, 39000),
        (hall.entry_ids[1], 0, aspect["cut"], 1, 1, 0),
    ]


def test_a_typed_instant_and_a_comment_are_kept_as_the_tablet_gave_them():
    hall = make_hall(entries=1)
    when = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
    mark(
        hall.actor(),
        typed(hall.sheets()[0], "dough", "1", comment="面团过硬", typed_at=when),
        device="tablet 7",
    )
    row = db.session.scalars(sa.select(MarkRevision)).one()
    assert (row.comment, row.typed_at, row.device) == ("面团过硬", when, "tablet 7")


def test_a_changed_row_breaks_the_chain():
    hall = make_hall(entries=1)
    sheet = hall.sheets()[0]
    mark(hall.actor(), typed(sheet, "dough", "1"), typed(sheet, "cut", "2"))
    first = db.session.scalars(sa.select(MarkRevision).order_by(MarkRevision.id)).first()
    db.session.expunge(first)
    assert service.broken_links(sheet.id) == []
    db.session.rollback()  # a reading transaction would keep the table from being altered
    with db.engine.begin() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.exec_driver_sql("DROP TRIGGER mark_revision_no_update")
        else:
            connection.exec_driver_sql("ALTER TABLE mark_revision DISABLE TRIGGER USER")
        connection.exec_driver_sql(f"UPDATE mark_revision SET value_milli = 9 WHERE id = {first.id}")
        if not is_sqlite:
            connection.exec_driver_sql("ALTER TABLE mark_revision ENABLE TRIGGER USER")
    assert service.broken_links(sheet.id) == [first.id]


def test_marks_of_an_unknown_id_to_replace_are_told_what_stands():
    hall = make_hall(entries=1)
    (receipt,) = mark(hall.actor(), typed(hall.sheets()[0], "dough", "1", replaces=uuid4()))
    assert (receipt.status, receipt.current) == ("stale", None)
