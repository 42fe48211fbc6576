"""The chief judge's board: states, who owes what, live changes, messages, and panels that change at work."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from contest.accounts.access import SYSTEM
from contest.accounts.models import Role
from contest.audit import Change
from contest.db import db, now, transaction
from contest.entries.models import Draw, DrawPlace, WorkCode
from contest.judging import panels, progress, queries, service
from contest.judging.models import Judge, MarkRevision, Panel, Seat, SeatHolder, Sheet
from contest.judging.models_desk import JudgeMessage
from contest.judging.overview import overview_of
from contest.judging.refusals import Conflicted, HasSheets
from tests.builders import csrf_of
from tests.judging.builders import fill, make_hall, make_officer, mark, submit, typed


@pytest.fixture
def hall(app):
    return make_hall(entries=3, judges=2)


def board_of(hall):
    actor = SYSTEM
    return overview_of(actor, hall.event_id, locale="en", at=now())


def states(hall):
    (grid,) = board_of(hall).grids
    return {code: [grid.cells[(code, seat)].state for seat in grid.seats] for code in grid.codes}


def test_a_cell_goes_from_not_begun_over_in_work_and_marked_to_signed_and_locked(hall):
    first, second, third = hall.sheets(0)
    assert states(hall) == {"K01": ["new", "new"], "K02": ["new", "new"], "K03": ["new", "new"]}
    mark(hall.actor(0), typed(first, "dough", "8"))
    fill(hall, second, hall.actor(0))
    fill(hall, third, hall.actor(0))
    submit(third.id, hall.actor(0))
    assert states(hall) == {"K01": ["begun", "new"], "K02": ["ready", "new"], "K03": ["signed", "new"]}
    with transaction():
        service.lock(db.session.get_one(Sheet, third.id), actor=SYSTEM, at=now())
    assert states(hall)["K03"] == ["locked", "new"]


def test_a_group_sheet_is_submitted_until_the_last_of_the_group_has_signed(hall):
    with transaction():
        seat = db.session.get_one(Seat, hall.seat_ids[0])
        extra = service.add_judge(hall.event.sub_contest.edition, name="裁判甲", actor=SYSTEM, at=now())
        service.assign(seat, extra, actor=SYSTEM, at=now())
        account_id = extra.account_id
    sheet = hall.sheets(0)[0]
    fill(hall, sheet, hall.actor(0))
    submit(sheet.id, hall.actor(0))
    assert states(hall)["K01"] == ["submitted", "new"]
    owed = {row.judge: (row.owes, row.to_sign) for row in board_of(hall).owing}
    assert owed == {"裁判甲": (3, 1), "裁判2": (3, 0), "裁判1": (2, 0)}
    from tests.judging.builders import actor_of

    submit(sheet.id, actor_of(account_id))
    assert states(hall)["K01"] == ["signed", "new"]


def test_a_judge_does_not_owe_the_sheet_that_a_tie_hides_and_the_board_says_that_nobody_may_mark_it(hall):
    with transaction():
        judge = db.session.get_one(Judge, hall.judge_ids[0])
        values = {"entry_id": hall.entry_ids[1], "relation": "亲属", "contest_id": hall.contest_id}
        service.declare_conflict(judge, **values, actor=SYSTEM, at=now())
    board = board_of(hall)
    assert {row.judge: row.owes for row in board.owing} == {"裁判2": 3, "裁判1": 2}
    (grid,) = board.grids
    barred = {key[0] for key, cell in grid.cells.items() if cell.is_barred}
    assert barred == {"K02"}


def test_the_pulse_changes_with_marks_submissions_locks_and_messages_and_else_stays(hall):
    seen = [progress.pulse(hall.event_id)]
    assert progress.pulse(hall.event_id) == seen[0]
    sheet = hall.sheets(0)[0]
    fill(hall, sheet, hall.actor(0))
    seen.append(progress.pulse(hall.event_id))
    submit(sheet.id, hall.actor(0))
    seen.append(progress.pulse(hall.event_id))
    with transaction():
        service.lock(db.session.get_one(Sheet, sheet.id), actor=SYSTEM, at=now())
    seen.append(progress.pulse(hall.event_id))
    with transaction():
        judge = db.session.get_one(Judge, hall.judge_ids[0])
        service.send(hall.event, judge, text="请提交", actor=SYSTEM, at=now())
    seen.append(progress.pulse(hall.event_id))
    assert len(set(seen)) == 5


def test_a_stream_tells_the_pulse_and_one_stream_too_many_is_told_to_ask(app, hall):
    beats = [progress.beats(hall.event_id, seconds=60, every=0) for _ in range(progress.STREAMS)]
    assert [next(one) for one in beats] == ["retry: 3000\n\n"] * progress.STREAMS
    assert next(beats[0]) == f"event: pulse\ndata: {progress.pulse(hall.event_id)}\n\n"
    assert next(beats[0]) == ": still here\n\n"
    assert list(progress.beats(hall.event_id, seconds=60)) == ["event: full\ndata: ask\n\n"]
    beats[0].close()
    assert next(progress.beats(hall.event_id, seconds=60, every=0)) == "retry: 3000\n\n"
    beats[1].close()


def test_what_the_live_board_sends_holds_no_code_no_name_and_no_mark(app, hall, sign_in):
    chief = sign_in(app.test_client(), make_officer(hall, Role.CHIEF_JUDGE))
    answer = chief.get(f"/events/{hall.event_id}/board/stream")
    first = next(answer.response)
    second = next(answer.response)
    answer.close()
    assert (answer.headers["X-Accel-Buffering"], answer.mimetype) == ("no", "text/event-stream")
    pulse = chief.get(f"/events/{hall.event_id}/board/pulse").get_json()
    assert (first, second) == (b"retry: 3000\n\n", f"event: pulse\ndata: {pulse['pulse']}\n\n".encode())


def test_the_board_names_judges_and_work_codes_but_never_an_entry(app, hall, sign_in):
    chief = sign_in(app.test_client(), make_officer(hall, Role.CHIEF_JUDGE))
    for path in ("board", "board/live"):
        page = chief.get(f"/events/{hall.event_id}/{path}").get_data(as_text=True)
        assert [name in page for name in ("裁判1", "K01", "K02", "K03")] == [True] * 4
        secrets = [f"示范队{n}" for n in (1, 2, 3)] + [f"示范厂{n}" for n in (1, 2, 3)] + [">001<", ">002<"]
        assert [one for one in secrets if one in page] == []


def test_a_message_waits_on_the_tablet_until_it_was_read_and_is_not_sent_twice(app, hall, sign_in):
    chief = sign_in(app.test_client(), make_officer(hall, Role.CHIEF_JUDGE))
    token = csrf_of(chief, f"/events/{hall.event_id}/board")
    url = f"/events/{hall.event_id}/judges/{hall.judge_ids[0]}/message"
    for _ in range(2):
        assert chief.post(url, data={"csrf_token": token, "text": "请尽快提交"}).status_code == 302
    assert db.session.scalar(sa.select(sa.func.count(JudgeMessage.id))) == 1
    mine, other = (sign_in(app.test_client(), hall.account(index)) for index in (0, 1))
    told = mine.get("/judge/messages").get_json()["messages"]
    assert ([one["text"] for one in told], other.get("/judge/messages").get_json()["messages"]) == (
        ["请尽快提交"],
        [],
    )
    assert "请尽快提交" in mine.get("/judge/").get_data(as_text=True)
    other.post(told[0]["read"], data={"csrf_token": csrf_of(other, "/judge/")})
    assert len(mine.get("/judge/messages").get_json()["messages"]) == 1
    mine.post(told[0]["read"], data={"csrf_token": csrf_of(mine, "/judge/")})
    assert mine.get("/judge/messages").get_json()["messages"] == []
    assert chief.post(url, data={"csrf_token": token, "text": " "}).status_code == 302
    assert db.session.scalar(sa.select(sa.func.count(JudgeMessage.id))) == 1


def test_replacing_a_judge_keeps_the_marks_hands_the_sheets_over_and_is_logged(hall):
    sheet = hall.sheets(0)[0]
    fill(hall, sheet, hall.actor(0))
    old = hall.actor(0)
    with transaction():
        new = service.add_judge(hall.event.sub_contest.edition, name="裁判乙", actor=SYSTEM, at=now())
        holder = db.session.scalars(sa.select(SeatHolder).where(SeatHolder.seat_id == hall.seat_ids[0])).one()
        service.replace(holder, new, reason="身体不适", actor=SYSTEM, at=now())
        account_id = new.account_id
    from tests.judging.builders import actor_of

    assert (
        len(queries.my_sheets(old, locale="en")),
        len(queries.my_sheets(actor_of(account_id), locale="en")),
    ) == (0, 3)
    assert db.session.scalar(sa.select(sa.func.count(MarkRevision.id))) == 4
    submit(sheet.id, actor_of(account_id))
    released = db.session.scalars(sa.select(Change).where(Change.action == "seat.released")).one()
    assigned = db.session.scalars(sa.select(Change).where(Change.action == "seat.assigned")).all()
    assert (released.reason, assigned[-1].values["judge"]) == ("身体不适", [None, "裁判乙"])


def test_a_tied_judge_cannot_take_a_seat_over_either(hall):
    with transaction():
        tied = service.add_judge(
            hall.event.sub_contest.edition, name="裁判丙", unit_name="示范厂2", actor=SYSTEM, at=now()
        )
        tied_id = tied.id
    with pytest.raises(Conflicted), transaction():
        holder = db.session.scalars(sa.select(SeatHolder).where(SeatHolder.seat_id == hall.seat_ids[0])).one()
        service.replace(holder, db.session.get_one(Judge, tied_id), reason="换人", actor=SYSTEM, at=now())
    holder = db.session.scalars(sa.select(SeatHolder).where(SeatHolder.seat_id == hall.seat_ids[0])).one()
    assert holder.until_at is None


def test_only_panels_and_seats_without_sheets_can_be_removed(hall):
    with transaction():
        spare = service.create_panel(
            hall.event, name="备用组", module_keys=["practice"], actor=SYSTEM, at=now()
        )
        seats = service.add_seats(spare, count=2, actor=SYSTEM, at=now())
        service.remove_seat(panels.seat_of(hall.event_id, seats[0].id), actor=SYSTEM, at=now())
        spare_id = spare.id
    assert len(db.session.scalars(sa.select(Seat.id).where(Seat.panel_id == spare_id)).all()) == 1
    with transaction():
        service.remove_panel(panels.panel_of(hall.event_id, spare_id), actor=SYSTEM, at=now())
    assert db.session.scalars(sa.select(Panel.id)).all() == [hall.panel_id]
    with pytest.raises(HasSheets), transaction():
        service.remove_panel(panels.panel_of(hall.event_id, hall.panel_id), actor=SYSTEM, at=now())
    with pytest.raises(HasSheets), transaction():
        service.remove_seat(panels.seat_of(hall.event_id, hall.seat_ids[0]), actor=SYSTEM, at=now())


def test_sheets_make_themselves_when_the_last_work_code_is_there(app, sign_in):
    hall = make_hall(entries=2, judges=0, codes=False)
    organiser = sign_in(app.test_client(), make_officer(hall, Role.ORGANISER))
    token = csrf_of(organiser, f"/events/{hall.event_id}/panels")
    organiser.post(
        f"/events/{hall.event_id}/panels/{hall.panel_id}/seats",
        data={"csrf_token": token, "kind": "judge", "count": "2"},
    )
    assert db.session.scalar(sa.select(sa.func.count(Sheet.id))) == 0
    with transaction():
        for index, entry_id in enumerate(hall.entry_ids):
            db.session.add(
                WorkCode(event_id=hall.event_id, entry_id=entry_id, code=f"K9{index}", issued_at=now())
            )
    organiser.get(f"/events/{hall.event_id}/board")
    assert db.session.scalar(sa.select(sa.func.count(Sheet.id))) == 4


def test_a_sheet_without_marks_follows_a_later_draw_and_one_with_marks_stays(hall):
    first, second, _third = hall.sheets(0)
    mark(hall.actor(0), typed(first, "dough", "8"))
    with transaction():
        draw = Draw(event_id=hall.event_id, round_key="", method="seed", drawn_at=now(), locked_at=now())
        db.session.add(draw)
        db.session.flush()
        for position, entry_id in enumerate(reversed(hall.entry_ids), start=1):
            db.session.add(
                DrawPlace(draw_id=draw.id, entry_id=entry_id, position=position, bench=f"B{position}")
            )
    with transaction():
        assert service.make_sheets(hall.event, actor=SYSTEM, at=now()) == 0
    rows = {sheet.id: (sheet.position, sheet.bench) for sheet in db.session.scalars(sa.select(Sheet))}
    assert (rows[first.id], rows[second.id]) == ((1, ""), (2, "B2"))
