"""A judge tied to an entry never gets its sheet: at assignment, in lists, by address, and when sending marks."""

from __future__ import annotations

import pytest

from contest.accounts.access import SYSTEM
from contest.db import db, now, transaction
from contest.entries.models import Delegation, Entry, Member, Organisation, Staff, StaffRole
from contest.errors import Missing
from contest.judging import queries, service
from contest.judging.models import Judge, Seat, SeatKind, Sheet
from contest.judging.refusals import AlreadyHeld, Conflicted
from tests.judging.builders import fill, make_hall, mark, submit, typed
from tests.results.builders import make_person

pytestmark = pytest.mark.usefixtures("app")


def tie(hall, kind: str) -> None:
    """Tie the first judge to the first entry."""
    judge, entry = db.session.get_one(Judge, hall.judge_ids[0]), db.session.get_one(Entry, hall.entry_ids[0])
    if kind == "delegation":
        judge.delegation_id = entry.delegation_id
    elif kind == "unit":
        judge.unit_name = db.session.get_one(Organisation, entry.organisation_id).name
    elif kind == "staff":
        db.session.add(Staff(entry_id=entry.id, role=StaffRole.COACH, name=judge.name))
    else:
        service.declare_conflict(
            judge, entry_id=entry.id, relation="亲属", contest_id=hall.contest_id, actor=SYSTEM, at=now()
        )


KINDS = ("delegation", "unit", "staff", "declared")


@pytest.mark.parametrize("kind", KINDS)
def test_a_tie_takes_the_sheet_away_at_once_everywhere(kind):
    hall = make_hall(entries=2, judges=1)
    theirs, free = hall.sheets()
    with transaction():
        tie(hall, kind)
    actor = hall.actor()
    assert [line.public_id for line in queries.my_sheets(actor, locale="en")] == [free.public_id]
    with pytest.raises(Missing):
        queries.my_sheet(actor, theirs.public_id, locale="en")
    assert mark(actor, typed(theirs, "dough", "1"))[0].reason == "not_yours"


def add_member(hall, entry: int, unit_name: str) -> None:
    """A member of an entry who belongs to a unit of this name."""
    row = db.session.get_one(Entry, hall.entry_ids[entry])
    unit = Organisation(contest_id=hall.contest_id, name=unit_name)
    person = make_person(hall.event.sub_contest.edition.contest.holder_id, "示范选手", "620102198506078888")
    db.session.add_all([unit, person])
    db.session.flush()
    db.session.add(
        Member(
            event_id=row.event_id,
            entry_id=row.id,
            person_id=person.id,
            position=1,
            organisation_id=unit.id,
            joined_at=now(),
        )
    )


def test_a_member_of_one_judges_unit_ties_that_judge_and_no_other():
    hall = make_hall(entries=2, judges=2)
    with transaction():
        add_member(hall, 0, db.session.get_one(Judge, hall.judge_ids[1]).unit_name)
    assert [len(queries.my_sheets(hall.actor(judge), locale="en")) for judge in (0, 1)] == [2, 1]


@pytest.mark.parametrize("kind", KINDS)
def test_assigning_a_tied_judge_is_refused_without_naming_the_entry(kind):
    hall = make_hall(entries=2, judges=1)
    with transaction():
        tie(hall, kind)
        (seat,) = service.add_seats(
            service.create_panel(hall.event, name="第二组", module_keys=["practice"], actor=SYSTEM, at=now()),
            count=1,
            actor=SYSTEM,
            at=now(),
        )
        seat_id = seat.id
    with pytest.raises(Conflicted) as refused, transaction():
        judge = db.session.get_one(Judge, hall.judge_ids[0])
        service.assign(db.session.get_one(Seat, seat_id), judge, actor=SYSTEM, at=now())
    assert (refused.value.params["count"], refused.value.params["relations"]) == (1, kind)
    with transaction():
        judge = db.session.get_one(Judge, hall.judge_ids[0])
        service.assign(db.session.get_one(Seat, seat_id), judge, actor=SYSTEM, at=now(), recuse=True)


def test_one_judge_has_one_seat_of_a_kind_in_a_panel():
    hall = make_hall(entries=1, judges=2)
    with pytest.raises(AlreadyHeld), transaction():
        judge = db.session.get_one(Judge, hall.judge_ids[0])
        service.assign(db.session.get_one(Seat, hall.seat_ids[1]), judge, actor=SYSTEM, at=now())


def test_a_self_seat_shows_a_unit_its_own_sheet_and_no_other():
    hall = make_hall(entries=2, judges=1)
    with transaction():
        panel = service.create_panel(
            hall.event, name="自评", module_keys=["practice"], actor=SYSTEM, at=now()
        )
        (seat,) = service.add_seats(panel, count=1, kind=SeatKind.SELF, actor=SYSTEM, at=now())
        delegation = db.session.get_one(
            Delegation, db.session.get_one(Entry, hall.entry_ids[1]).delegation_id
        )
        own = service.add_judge(
            hall.event.sub_contest.edition, name="自评员", delegation_id=delegation.id, actor=SYSTEM, at=now()
        )
        service.assign(seat, own, actor=SYSTEM, at=now())
        service.make_sheets(hall.event, actor=SYSTEM, at=now())
        hall.judge_ids.append(own.id)
    (line,) = queries.my_sheets(hall.actor(1), locale="en")
    assert line.work_code == "K02"


def test_self_scores_do_not_keep_results_waiting_where_the_rules_do_not_count_them():
    hall = make_hall(entries=1, judges=1)
    with transaction():
        panel = service.create_panel(
            hall.event, name="自评", module_keys=["practice"], actor=SYSTEM, at=now()
        )
        service.add_seats(panel, count=1, kind=SeatKind.SELF, actor=SYSTEM, at=now())
        service.make_sheets(hall.event, actor=SYSTEM, at=now())
    sheet = hall.sheets()[0]
    fill(hall, sheet, hall.actor())
    submit(sheet.id, hall.actor())
    with transaction():
        service.lock(db.session.get_one(Sheet, sheet.id), actor=SYSTEM, at=now())
    assert queries.missing_sheets(hall.event_id) == []
