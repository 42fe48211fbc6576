"""Theory marks from a file: every bad row in one pass, kept with its digest, recorded by a second person only."""

from __future__ import annotations

import hashlib
import io

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from contest import files
from contest.accounts.access import SYSTEM
from contest.accounts.models import Role
from contest.db import db, now, transaction
from contest.entries.roster.table import UnreadableFile
from contest.judging import mark_files, queries, service
from contest.judging.models import MarkFile, MarkFileState, MarkRevision, SeatKind, Sheet
from contest.judging.refusals import FileNotReady, SamePerson
from tests.builders import csrf_of
from tests.judging.builders import actor_of, make_hall, make_officer

pytestmark = pytest.mark.usefixtures("app")

RULES = """
key = "theory-test"
title_zh = "示范赛项"
[[modules]]
key = "theory"
title_zh = "理论考试"
title_en = "Theory"
maximum = 100
weight = 100
kind = { by = "marks", step = "0.5" }
method = "agreed"
[[rankings]]
key = "individual"
subject = "entry"
order = ["total"]
"""


def hall_of(entries: int = 3):
    return make_hall(entries=entries, judges=0, rules=RULES)


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


GOOD = (["准考证号", "姓名", "成绩（分）"], ["001", "", 88.5], ["002", "", "缺考"], ["003", "", 0])


def uploaded(hall, content: bytes, name: str = "theory.xlsx", actor=SYSTEM) -> int:
    with transaction():
        event = hall.event
        round_id = event.rounds[0].id
        row = mark_files.upload(
            event, content=content, name=name, module_key="theory", round_id=round_id, actor=actor, at=now()
        )
        return row.id


def confirm(file_id: int, actor=SYSTEM) -> int:
    with transaction():
        return mark_files.confirm(db.session.get_one(MarkFile, file_id), actor=actor, at=now())


def test_a_good_file_is_staged_and_counts_only_after_confirmation():
    hall = hall_of()
    file_id = uploaded(hall, workbook(*GOOD))
    row = db.session.get_one(MarkFile, file_id)
    assert (row.state, row.report["errors"], len(row.report["rows"])) == (MarkFileState.STAGED, [], 3)
    assert len(queries.current_marks(hall.event_id)) == 0
    assert confirm(file_id) == 3
    columns = queries.current_marks(hall.event_id)
    rows = sorted(
        (int(e), int(s), int(v))
        for e, s, v in zip(columns.entry_id, columns.state, columns.value, strict=True)
    )
    assert rows == [(hall.entry_ids[0], 0, 88500), (hall.entry_ids[1], 1, 0), (hall.entry_ids[2], 0, 0)]
    assert [kind for _, kind in queries.scoring_seats(hall.event_id)] == ["judge"]


def test_the_file_is_kept_with_its_digest():
    hall = hall_of()
    content = workbook(*GOOD)
    row = db.session.get_one(MarkFile, uploaded(hall, content))
    kept = db.session.get_one(files.StoredFile, row.file_id)
    assert (kept.digest, files.read(kept)) == (hashlib.sha256(content).hexdigest(), content)


def test_every_bad_row_is_named_in_one_pass():
    hall = hall_of()
    content = workbook(
        ["参赛号", "成绩"],
        ["001", "101"],
        ["002", "NaN"],
        ["009", "50"],
        [None, "60"],
        ["003", "70"],
        ["003", "71"],
        ["001", "8.3"],
    )
    report = db.session.get_one(MarkFile, uploaded(hall, content)).report
    assert [(one["line"], one["column"], one["value"], one["code"]) for one in report["errors"]] == [
        (2, "成绩", "101", "mark_above"),
        (3, "成绩", "NaN", "mark_not_a_number"),
        (4, "", "009", "file_who_unknown"),
        (5, "参赛号", "", "file_who_missing"),
        (7, "", "003", "file_row_twice"),
        (8, "成绩", "8.3", "mark_off_step"),
    ]


def test_who_is_not_in_the_file_is_told():
    hall = hall_of()
    report = db.session.get_one(MarkFile, uploaded(hall, workbook(["参赛号", "成绩"], ["001", 1]))).report
    assert report["missing"] == ["002 示范队2", "003 示范队3"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_offices_use(encoding):
    hall = hall_of(1)
    file_id = uploaded(hall, "参赛号,成绩\n001,９８．５\n".encode(encoding), "theory.csv")
    assert db.session.get_one(MarkFile, file_id).report["rows"][0]["value"] == "98.5"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"%PDF-1.7", "a.pdf"),
        (b"PK\x03\x04junk", "a.xlsx"),
        ("甲,乙\n1,2\n".encode(), "a.csv"),
    ],
)
def test_a_file_that_is_no_list_of_marks_is_refused_and_not_kept(content, name):
    hall = hall_of(1)
    with pytest.raises(UnreadableFile):
        uploaded(hall, content, name)
    assert db.session.scalar(sa.select(sa.func.count(MarkFile.id))) == 0


def test_whoever_uploaded_cannot_confirm():
    hall = hall_of()
    keeper = actor_of(make_officer(hall, Role.SCOREKEEPER).id)
    file_id = uploaded(hall, workbook(*GOOD), actor=keeper)
    with pytest.raises(SamePerson):
        confirm(file_id, keeper)
    assert confirm(file_id, actor_of(make_officer(hall, Role.SUPERVISOR).id)) == 3


def test_a_file_with_errors_or_confirmed_before_is_not_confirmed():
    hall = hall_of()
    with pytest.raises(FileNotReady):
        confirm(uploaded(hall, workbook(["参赛号", "成绩"], ["001", "101"])))
    good = uploaded(hall, workbook(*GOOD))
    confirm(good)
    with pytest.raises(FileNotReady):
        confirm(good)
    assert db.session.scalar(sa.select(sa.func.count(MarkRevision.id))) == 3


def test_a_corrected_file_supersedes_and_keeps_the_first_marks():
    hall = hall_of(1)
    confirm(uploaded(hall, workbook(["参赛号", "成绩"], ["001", 80])))
    with transaction():
        sheet = db.session.scalars(sa.select(Sheet)).one()
        service.take_back(sheet, actor=SYSTEM, at=now())
    confirm(uploaded(hall, workbook(["参赛号", "成绩"], ["001", 81])))
    values = list(db.session.scalars(sa.select(MarkRevision.value_milli).order_by(MarkRevision.id)))
    assert values == [80000, 81000]
    assert [int(value) for value in queries.current_marks(hall.event_id).value] == [81000]


def test_a_file_over_locked_marks_records_nothing_at_all():
    hall = hall_of(2)
    confirm(uploaded(hall, workbook(["参赛号", "成绩"], ["001", 80])))
    with transaction():
        service.lock(db.session.scalars(sa.select(Sheet)).one(), actor=SYSTEM, at=now())
    with pytest.raises(FileNotReady) as refused:
        confirm(uploaded(hall, workbook(["参赛号", "成绩"], ["001", 81], ["002", 70])))
    assert refused.value.code == "mark_file_refused"
    assert list(db.session.scalars(sa.select(MarkRevision.value_milli))) == [80000]


def test_the_seat_of_a_file_is_made_once_and_needs_no_signature_to_lock():
    hall = hall_of()
    confirm(uploaded(hall, workbook(*GOOD)))
    with transaction():
        assert service.lock_all(hall.event, actor=SYSTEM, at=now()) == (3, 0)
    seats = [
        seat
        for panel in queries.panels_of(hall.event_id)
        for seat in panel.seats
        if seat.kind is SeatKind.FILE
    ]
    assert (len(seats), queries.missing_sheets(hall.event_id)) == (1, [])


def test_the_pages_take_a_file_from_upload_to_confirmation(app, sign_in):
    hall = hall_of()
    keeper = sign_in(app.test_client(), make_officer(hall, Role.SCOREKEEPER))
    url = f"/events/{hall.event_id}/mark-files"
    data = {
        "module_key": "theory",
        "round_id": str(hall.event.rounds[0].id),
        "csrf_token": csrf_of(keeper, url),
    }
    bad = keeper.post(url, data={**data, "file": (io.BytesIO(b"%PDF-1.7"), "a.pdf")})
    assert bad.status_code == 422
    answer = keeper.post(url, data={**data, "file": (io.BytesIO(workbook(*GOOD)), "theory.xlsx")})
    page = answer.headers["Location"]
    assert keeper.post(f"{page}/confirm", data={"csrf_token": csrf_of(keeper, url)}).status_code == 409
    supervisor = sign_in(app.test_client(), make_officer(hall, Role.SUPERVISOR))
    assert (
        supervisor.post(f"{page}/confirm", data={"csrf_token": csrf_of(supervisor, page)}).status_code == 302
    )
    db.session.rollback()
    assert len(queries.current_marks(hall.event_id)) == 3
