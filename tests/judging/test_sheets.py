"""Sheets: made once, submitted whole, locked by the chief judge, given back only with a reason."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from contest.accounts.access import SYSTEM
from contest.audit import Change, broken_links
from contest.db import db, now, transaction
from contest.entries.models import Entry, EntryState, WorkCode
from contest.events.models import ContestKind
from contest.judging import queries, service
from contest.judging.models import MarkRevision, MarkState, Seat, Sheet, SheetSignature
from contest.judging.refusals import (
    CodesMissing,
    MarksMoved,
    NotSubmitted,
    ReasonMissing,
    SheetFrozen,
    SheetIncomplete,
    SheetLocked,
    SheetSubmitted,
    Unsigned,
)
from tests.judging.builders import VALUES, fill, make_hall, mark, submit, typed

pytestmark = pytest.mark.usefixtures("app")


def lock(sheet_id: int) -> None:
    with transaction():
        service.lock(db.session.get_one(Sheet, sheet_id), actor=SYSTEM, at=now())


def locked_sheet():
    hall = make_hall(entries=1, judges=1)
    sheet = hall.sheets()[0]
    fill(hall, sheet, hall.actor())
    submit(sheet.id, hall.actor())
    lock(sheet.id)
    return hall, sheet


def test_sheets_are_one_a_seat_and_entry_and_making_them_again_makes_none():
    hall = make_hall(entries=3, judges=2)
    with transaction():
        assert service.make_sheets(hall.event, actor=SYSTEM, at=now()) == 0
    rows = db.session.execute(sa.select(Sheet.seat_id, Sheet.entry_id)).all()
    assert sorted(map(tuple, rows)) == sorted(
        (seat, entry) for seat in hall.seat_ids for entry in hall.entry_ids
    )


def test_a_late_entry_gets_its_sheets_and_the_others_keep_theirs():
    hall = make_hall(entries=2, judges=2)
    before = {sheet.public_id for sheet in hall.sheets(0)}
    with transaction():
        late = Entry(event_id=hall.event_id, number="099", name="补报队", registered_at=now())
        db.session.add(late)
        db.session.flush()
        db.session.add(WorkCode(event_id=hall.event_id, entry_id=late.id, code="K99", issued_at=now()))
        assert service.make_sheets(hall.event, actor=SYSTEM, at=now()) == 2
    assert before < {sheet.public_id for sheet in hall.sheets(0)}


def test_a_skills_contest_needs_a_work_code_for_every_entry():
    with pytest.raises(CodesMissing) as refused:
        make_hall(entries=2, judges=1, codes=False)
    assert refused.value.params == {"count": 2}


def test_a_labour_contest_without_codes_goes_by_number_and_name():
    hall = make_hall(entries=1, judges=1, codes=False, kind=ContestKind.LABOUR)
    (line,) = queries.my_sheets(hall.actor(), locale="zh_CN")
    assert (line.work_code, line.name) == ("001", "示范队1")


def test_where_codes_were_issued_no_name_is_shown():
    hall = make_hall(entries=1, judges=1)
    (line,) = queries.my_sheets(hall.actor(), locale="zh_CN")
    assert (line.work_code, line.name) == ("K01", "")


def test_a_sheet_with_gaps_cannot_be_submitted():
    hall = make_hall(entries=1, judges=1)
    sheet = hall.sheets()[0]
    mark(hall.actor(), typed(sheet, "dough", "1"))
    with pytest.raises(SheetIncomplete) as refused:
        submit(sheet.id, hall.actor())
    assert refused.value.params["count"] == 3


def test_an_absent_mark_fills_its_place_and_a_knock_out_item_needs_none():
    hall = make_hall(entries=1, judges=1)
    sheet = hall.sheets()[0]
    mark(hall.actor(), *[typed(sheet, key, None, state=MarkState.ABSENT) for key in VALUES])
    submit(sheet.id, hall.actor())
    assert db.session.get_one(Sheet, sheet.id).submitted_at is not None


def test_marks_that_moved_after_the_summary_are_not_signed():
    hall = make_hall(entries=1, judges=1)
    sheet = hall.sheets()[0]
    fill(hall, sheet, hall.actor())
    seen = service.digest_of_marks(sheet.id)
    present = queries.marks_of(sheet.id)[("dough", 1)]
    mark(hall.actor(), typed(sheet, "dough", "1", replaces=UUID(present.uuid)))
    with pytest.raises(MarksMoved), transaction():
        service.submit(db.session.get_one(Sheet, sheet.id), digest=seen, actor=hall.actor(), at=now())


def test_submitting_twice_signs_once():
    hall = make_hall(entries=1, judges=1)
    sheet = hall.sheets()[0]
    fill(hall, sheet, hall.actor())
    submit(sheet.id, hall.actor())
    submit(sheet.id, hall.actor())
    assert db.session.scalar(sa.select(sa.func.count(SheetSignature.id))) == 1


def test_taking_back_voids_the_signature_and_opens_the_sheet():
    hall = make_hall(entries=1, judges=1)
    sheet = hall.sheets()[0]
    fill(hall, sheet, hall.actor())
    submit(sheet.id, hall.actor())
    with transaction():
        service.take_back(db.session.get_one(Sheet, sheet.id), actor=hall.actor(), at=now())
    assert mark(hall.actor(), typed(sheet, "safety", "0"))[0].status == "stored"
    assert db.session.scalars(sa.select(SheetSignature)).one().void_at is not None


def test_only_a_submitted_sheet_is_locked():
    hall = make_hall(entries=1, judges=1)
    with pytest.raises(NotSubmitted):
        lock(hall.sheets()[0].id)


def test_a_locked_sheet_is_not_taken_back():
    hall, sheet = locked_sheet()
    with pytest.raises(SheetLocked), transaction():
        service.take_back(db.session.get_one(Sheet, sheet.id), actor=hall.actor(), at=now())


def test_a_group_signs_one_sheet_and_it_is_locked_when_all_have():
    hall = make_hall(entries=1, judges=1)
    with transaction():
        event = hall.event
        second = service.add_judge(event.sub_contest.edition, name="第二人", actor=SYSTEM, at=now())
        service.assign(db.session.get_one(Seat, hall.seat_ids[0]), second, actor=SYSTEM, at=now())
        hall.judge_ids.append(second.id)
    sheet = hall.sheets()[0]
    fill(hall, sheet, hall.actor(0))
    submit(sheet.id, hall.actor(0))
    with pytest.raises(Unsigned) as refused:
        lock(sheet.id)
    assert refused.value.params["names"] == "第二人"
    submit(sheet.id, hall.actor(1))
    lock(sheet.id)
    assert db.session.get_one(Sheet, sheet.id).locked_at is not None


def test_locking_all_locks_what_is_submitted_and_counts_the_rest():
    hall = make_hall(entries=2, judges=2)
    first = hall.sheets(0)[0]
    fill(hall, first, hall.actor(0))
    submit(first.id, hall.actor(0))
    with transaction():
        assert service.lock_all(hall.event, actor=SYSTEM, at=now()) == (1, 3)


def test_unlocking_needs_a_reason_and_gives_the_sheet_back_with_its_marks():
    hall, sheet = locked_sheet()
    with pytest.raises(ReasonMissing), transaction():
        service.unlock(db.session.get_one(Sheet, sheet.id), reason="  ", actor=SYSTEM, at=now())
    with transaction():
        service.unlock(db.session.get_one(Sheet, sheet.id), reason="录入有误", actor=SYSTEM, at=now())
    row = db.session.get_one(Sheet, sheet.id)
    assert (row.locked_at, row.submitted_at) == (None, None)
    assert len(queries.marks_of(sheet.id)) == len(VALUES)


def test_what_is_missing_is_named_until_everything_is_locked():
    hall = make_hall(entries=1, judges=1)
    sheet = hall.sheets()[0]

    def reasons() -> list[tuple[str, int]]:
        return [(one.reason, one.left) for one in queries.missing_sheets(hall.event_id)]

    assert reasons() == [("marks", 4)]
    fill(hall, sheet, hall.actor())
    assert reasons() == [("submission", 0)]
    submit(sheet.id, hall.actor())
    assert reasons() == [("lock", 0)]
    lock(sheet.id)
    assert (reasons(), queries.lock_state(hall.event_id).is_locked) == ([], True)


def test_an_absent_entry_keeps_no_result_waiting():
    hall = make_hall(entries=2, judges=1)
    with transaction():
        db.session.get_one(Entry, hall.entry_ids[0]).state = EntryState.ABSENT
    assert [one.work_code for one in queries.missing_sheets(hall.event_id)] == ["K02"]


def test_frozen_sheets_are_not_unlocked_corrected_or_voided_until_thawed():
    hall, sheet = locked_sheet()
    with transaction():
        assert service.freeze(hall.event_id, at=now()) == 1
    with pytest.raises(SheetFrozen), transaction():
        service.unlock(db.session.get_one(Sheet, sheet.id), reason="x", actor=SYSTEM, at=now())
    with pytest.raises(SheetFrozen), transaction():
        service.void_seat(db.session.get_one(Seat, hall.seat_ids[0]), reason="x", actor=SYSTEM, at=now())
    with transaction():
        assert service.thaw(hall.event_id) == 1
        service.unlock(db.session.get_one(Sheet, sheet.id), reason="x", actor=SYSTEM, at=now())


def test_nothing_unlocked_is_frozen():
    hall = make_hall(entries=1, judges=1)
    with pytest.raises(SheetSubmitted), transaction():
        service.freeze(hall.event_id, at=now())


def test_a_correction_keeps_the_lock_the_old_mark_and_the_reason():
    hall, sheet = locked_sheet()
    before = queries.marks_of(sheet.id)[("dough", 1)]
    change = typed(sheet, "dough", "40", replaces=UUID(before.uuid))
    with transaction():
        row = db.session.get_one(Sheet, sheet.id)
        receipt = service.correct(row, change, reason="申诉 3 成立", actor=SYSTEM, at=now())
    assert receipt.status == "stored"
    newest = db.session.scalars(sa.select(MarkRevision).order_by(MarkRevision.id.desc())).first()
    assert (newest.value_milli, newest.reason, newest.source.value) == (40000, "申诉 3 成立", "correction")
    assert db.session.get_one(Sheet, sheet.id).locked_at is not None
    assert service.broken_links(sheet.id) == []


def test_a_correction_is_checked_like_any_mark():
    hall, sheet = locked_sheet()
    with transaction():
        row = db.session.get_one(Sheet, sheet.id)
        receipt = service.correct(
            row, typed(sheet, "dough", "101", replaces=uuid4()), reason="x", actor=SYSTEM, at=now()
        )
    assert (receipt.status, receipt.reason) == ("refused", "above")


def test_every_act_on_a_sheet_stands_in_the_log_and_its_chain_is_whole():
    hall, sheet = locked_sheet()
    with transaction():
        service.unlock(db.session.get_one(Sheet, sheet.id), reason="录入有误", actor=SYSTEM, at=now())
    actions = list(
        db.session.scalars(sa.select(Change.action).where(Change.subject_kind == "Sheet").order_by(Change.id))
    )
    assert actions == ["sheet.submitted", "sheet.locked", "sheet.unlocked"]
    assert broken_links(hall.contest_id) == []
