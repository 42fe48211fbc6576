"""What judges record beside the marks: kept once each, on own sheets only, read by those who may."""

from __future__ import annotations

import io
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from PIL import Image

from contest.accounts.access import Actor
from contest.accounts.models import Role
from contest.audit import Change
from contest.db import db, now, transaction
from contest.errors import Missing
from contest.files import StoredFile, read
from contest.judging import photos, queries, service
from contest.judging.comments import missing_comments
from contest.judging.models import Sheet, SheetSignature
from contest.judging.note_models import Problem, SheetComment, SheetPhoto, Timing
from contest.judging.noted import Note, NoteRefused
from tests.judging.builders import (
    RULES,
    VALUES,
    Hall,
    actor_of,
    fill,
    make_hall,
    make_officer,
    mark,
    submit,
    typed,
)

TIMED = RULES.replace(
    '[[modules.parts]]\nkey = "safety"',
    '[[modules.parts]]\nkey = "used"\ntitle_zh = "用时"\nkind = "time"\nweight = 0\n[[modules.parts]]\nkey = "safety"',
).replace('title_en = "Work"\nmaximum = 70', 'title_en = "Work"\nmaximum = 70\nweight = 70').replace(
    'title_en = "Finish"\nmaximum = 30', 'title_en = "Finish"\nmaximum = 30\nweight = 30'
)  # fmt: skip
COMMENTED = RULES.replace(
    'kind = { by = "marks", step = "0.5" }', 'kind = { by = "marks", step = "0.5" }\ncomment_low = 20\ncomment_high = 39'
).replace('key = "look"', 'key = "look"\ncomment_ends = true')  # fmt: skip


@pytest.fixture
def hall(app) -> Hall:
    return make_hall(entries=2, judges=2)


def note(sheet: Sheet, kind: str, *, uuid: UUID | None = None, **fields: object) -> Note:
    own = {name: fields.pop(name) for name in ("aspect", "attempt", "text") if name in fields}
    return Note(uuid=uuid or uuid4(), kind=kind, sheet=sheet.public_id, made_at=now(), body=fields, **own)  # type: ignore[arg-type]


def send(actor: Actor, *notes: Note) -> list[tuple[str, str]]:
    with transaction():
        receipts = service.record_notes(actor, notes, at=now(), device="tablet 7")
    return [(one.status, one.reason) for one in receipts]


def count(table: type) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_a_note_sent_twice_is_kept_once(hall):
    sheet = hall.sheets()[0]
    one = note(sheet, "comment", aspect="dough", text="太干")
    assert send(hall.actor(), one, one) == [("stored", ""), ("known", "")]
    assert send(hall.actor(), one) == [("known", "")]
    assert count(SheetComment) == 1


def test_an_id_used_on_one_sheet_is_not_taken_for_another(hall):
    first, second = hall.sheets()
    one = uuid4()
    assert send(hall.actor(), note(first, "comment", uuid=one, text="a")) == [("stored", "")]
    assert send(hall.actor(), note(second, "comment", uuid=one, text="a")) == [("refused", "uuid_taken")]


def test_the_newest_comment_stands_and_the_older_ones_are_kept(hall):
    sheet = hall.sheets()[0]
    for text in ("太干", "", "偏干"):
        send(hall.actor(), note(sheet, "comment", aspect="dough", text=text))
    view = queries.my_sheet(hall.actor(), sheet.public_id, locale="zh_CN")
    assert (view.comments, count(SheetComment)) == ({("dough", 1): "偏干"}, 3)


def test_nobody_leaves_a_note_on_a_sheet_of_another_seat(hall):
    sheet = hall.sheets(seat=1)[0]
    kinds = [
        note(sheet, "comment", text="x"),
        note(sheet, "problem", problem="safety"),
        note(sheet, "signature", marks=[]),
        note(sheet, "timing", timing="start", aspect="dough"),
    ]
    assert send(hall.actor(0), *kinds) == [("refused", "not_yours")] * 4


def test_a_problem_stands_on_the_board_until_it_is_answered(hall):
    sheet = hall.sheets()[0]
    assert send(hall.actor(), note(sheet, "problem", problem="equipment", text="压面机停了")) == [
        ("stored", "")
    ]
    (line,) = queries.open_problems(hall.event_id)
    assert (line.work_code, line.kind.value, line.text, line.judge) == (
        "K01",
        "equipment",
        "压面机停了",
        "裁判1",
    )
    chief = actor_of(make_officer(hall, Role.CHIEF_JUDGE).id)
    with transaction():
        problem = queries.problem_of(hall.event_id, line.id)
        service.answer_problem(problem, answer="换 3 号机，补时 5 分钟", actor=chief, at=now())
    assert queries.open_problems(hall.event_id) == []
    assert [one.answer for one in queries.problems_of_sheet(sheet.public_id)] == ["换 3 号机，补时 5 分钟"]


def test_other_problems_need_words_and_locked_sheets_still_take_a_call(hall):
    sheet = hall.sheets()[0]
    assert send(hall.actor(), note(sheet, "problem", problem="other")) == [
        ("refused", "problem_words_missing")
    ]
    assert send(hall.actor(), note(sheet, "problem", problem="fire")) == [("refused", "no_such_kind")]
    fill(hall, sheet, hall.actor())
    submit(sheet.id, hall.actor())
    assert send(hall.actor(), note(sheet, "problem", problem="dispute")) == [("stored", "")]
    assert send(hall.actor(), note(sheet, "comment", text="late")) == [("refused", "submitted")]


def test_every_extra_minute_is_logged_with_its_cause_and_never_for_an_own_fault(app):
    hall = make_hall(entries=1, judges=1, rules=TIMED)
    sheet, judge = hall.sheets()[0], hall.actor()
    press = {"aspect": "used"}
    assert send(
        judge,
        note(sheet, "timing", timing="start", **press),
        note(sheet, "timing", timing="extra", cause="equipment", seconds=300, text="停电", **press),
        note(sheet, "timing", timing="extra", cause="own_fault", seconds=300, **press),
        note(sheet, "timing", timing="extra", cause="venue", seconds=0, **press),
        note(sheet, "timing", timing="stop", cause="other", seconds=900, **press),
        note(sheet, "timing", timing="stop", cause="finished", seconds=900, **press),
        note(sheet, "timing", timing="start", aspect="dough"),
    ) == [
        ("stored", ""),
        ("stored", ""),
        ("refused", "own_fault"),
        ("refused", "seconds"),
        ("refused", "timing_words_missing"),
        ("stored", ""),
        ("refused", "no_such_aspect"),
    ]
    logged = db.session.scalars(sa.select(Change).where(Change.action == "time.extra")).all()
    assert [(one.values["seconds"], one.reason) for one in logged] == [([0, 300], "停电")]
    view = queries.my_sheet(judge, sheet.public_id, locale="zh_CN")
    assert [one["timing"] for one in view.presses["used.1"]] == ["start", "extra", "stop"]
    assert count(Timing) == 3


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"dough": "20", "shape": "1"}, ["dough"]),
        ({"dough": "20.5", "shape": "0"}, ["shape"]),
        ({"dough": "39", "shape": "3"}, ["dough", "shape"]),
        ({"dough": "38.5", "clean": "0", "cut": "30"}, []),
    ],
)
def test_a_comment_is_asked_for_where_the_rules_set_the_limits(app, values, wanted):
    hall = make_hall(entries=1, judges=1, rules=COMMENTED)
    sheet, judge = hall.sheets()[0], hall.actor()
    fill(hall, sheet, judge, {**{"dough": "30", "cut": "1", "shape": "2", "clean": "1"}, **values})
    view = queries.my_sheet(judge, sheet.public_id, locale="zh_CN")
    assert [key for key, _ in missing_comments(view.aspects, view.marks, view.comments)] == wanted
    if wanted:
        with pytest.raises(Exception, match="comments_missing"):
            submit(sheet.id, judge)
        send(judge, *[note(sheet, "comment", aspect=key, text="因为") for key in wanted])
    submit(sheet.id, judge)


def listed(sheet: Sheet) -> list[list[object]]:
    """The marks of a sheet as a device lists them for a signature."""
    rows = queries.marks_of(sheet.id)
    return [
        [key, attempt, one.state.value, None if one.milli is None else str(one.milli / 1000), one.uuid]
        for (key, attempt), one in rows.items()
    ]


def test_a_signature_over_the_very_marks_is_taken_and_its_drawing_kept(hall):
    sheet, judge = hall.sheets()[0], hall.actor()
    fill(hall, sheet, judge)
    drawing = "M10 20L30 40L50 60M5 5L6 6"
    one = note(sheet, "signature", marks=listed(sheet), drawing=drawing)
    assert send(judge, one, one) == [("stored", ""), ("known", "")]
    db.session.refresh(sheet)
    (signature,) = db.session.scalars(sa.select(SheetSignature)).all()
    assert sheet.submitted_digest == signature.digest == service.digest_of_marks(sheet.id)
    assert (signature.method, signature.drawing, signature.device) == ("drawn", drawing, "tablet 7")


def test_a_signature_waits_for_its_marks_and_then_counts(hall):
    sheet, judge = hall.sheets()[0], hall.actor()
    late = typed(sheet, "clean", "1")
    fill(hall, sheet, judge, {key: value for key, value in VALUES.items() if key != "clean"})
    one = note(sheet, "signature", marks=[*listed(sheet), ["clean", 1, "value", "1", str(late.uuid)]])
    assert send(judge, one) == [("later", "marks_missing")]
    db.session.refresh(sheet)
    assert sheet.submitted_at is None
    mark(judge, late)
    assert send(judge, one) == [("stored", "")]
    db.session.refresh(sheet)
    assert sheet.submitted_at is not None


def test_a_signature_over_other_values_or_a_part_of_the_marks_is_refused(hall):
    sheet, judge = hall.sheets()[0], hall.actor()
    fill(hall, sheet, judge)
    rows = listed(sheet)
    other = [
        [key, n, state, "12" if key == "dough" else value, mark_id] for key, n, state, value, mark_id in rows
    ]
    assert send(judge, note(sheet, "signature", marks=other)) == [("refused", "marks_moved")]
    assert send(judge, note(sheet, "signature", marks=rows[1:])) == [("refused", "marks_moved")]
    assert send(judge, note(sheet, "signature", marks=[["x"]])) == [("refused", "malformed")]
    assert send(judge, note(sheet, "signature", marks=rows, drawing="<svg>")) == [("refused", "drawing")]
    assert count(SheetSignature) == 0


def test_the_judges_of_a_group_sign_on_one_device_each_for_themselves(hall):
    with transaction():
        seat, second = db.session.get_one(type(hall.sheets()[0].seat), hall.seat_ids[0]), hall.account(1)
        holder = service.add_judge(
            hall.event.sub_contest.edition, name="同组裁判", unit_name="示范院", actor=hall.actor(), at=now()
        )
        service.assign(seat, holder, actor=hall.actor(), at=now())
        holder_id, outsider = holder.id, hall.judge_ids[1]
    sheet, judge = hall.sheets()[0], hall.actor()
    fill(hall, sheet, judge)
    marks = listed(sheet)
    assert second.id != judge.account_id
    assert send(judge, note(sheet, "signature", marks=marks, judge=outsider)) == [("refused", "not_holder")]
    assert send(judge, note(sheet, "signature", marks=marks)) == [("stored", "")]
    view = queries.my_sheet(judge, sheet.public_id, locale="zh_CN")
    assert (view.signed_by, view.unsigned) == (("裁判1",), ("同组裁判",))
    drawn = note(sheet, "signature", marks=marks, judge=holder_id, drawing="M1 1L9 9")
    assert send(judge, drawn) == [("stored", "")]
    view = queries.my_sheet(judge, sheet.public_id, locale="zh_CN")
    assert view.unsigned == ()
    assert {one.account_id for one in db.session.scalars(sa.select(SheetSignature))} == {judge.account_id}


def test_unlocking_voids_the_signatures_with_its_reason(hall):
    sheet, judge = hall.sheets()[0], hall.actor()
    fill(hall, sheet, judge)
    submit(sheet.id, judge)
    chief = actor_of(make_officer(hall, Role.CHIEF_JUDGE).id)
    with transaction():
        service.lock(db.session.get_one(Sheet, sheet.id), actor=chief, at=now())
        service.unlock(db.session.get_one(Sheet, sheet.id), reason="录入有误", actor=chief, at=now())
    (signature,) = db.session.scalars(sa.select(SheetSignature)).all()
    assert (signature.void_reason, signature.void_at is None) == ("录入有误", False)


def picture(size: tuple[int, int] = (800, 600), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, str(options.pop("format", "JPEG")), **options)
    return out.getvalue()


def hidden() -> bytes:
    """A picture that carries a place in its hidden data."""
    exif = Image.Exif()
    exif[0x010F] = "Demo camera"
    return picture(exif=exif.tobytes())


def test_a_picture_is_drawn_anew_without_its_hidden_data():
    before = hidden()
    assert b"Demo camera" in before
    after = photos.clean_picture(before)
    with Image.open(io.BytesIO(after)) as found:
        assert (found.format, found.size, dict(found.getexif())) == ("JPEG", (800, 600), {})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (picture(format="PNG"), "not_a_picture"),
        (b"<html><script>alert(1)</script>", "not_a_picture"),
        (b"\xff\xd8\xff" + b"<script>" * 50, "not_a_picture"),
        (picture()[:400], "not_a_picture"),
        (picture((5000, 10)), "photo_too_large"),
        (b"\xff\xd8\xff" + bytes(photos.LARGEST), "photo_too_large"),
    ],
)
def test_disguised_broken_and_huge_files_are_refused(content, code):
    with pytest.raises(NoteRefused) as refused:
        photos.clean_picture(content)
    assert refused.value.reason == code


def test_a_photo_is_read_by_its_judge_and_by_those_who_may_read_marks(hall):
    sheet, judge = hall.sheets()[0], hall.actor()
    one = note(sheet, "photo", photo="evidence", aspect="dough")
    with transaction():
        assert service.keep_photo(judge, one, picture(), at=now()) == ("stored", "")
        assert service.keep_photo(judge, one, picture(), at=now()) == ("known", "")
        assert service.keep_photo(hall.actor(1), one, picture(), at=now()) == ("refused", "not_yours")
    (row,) = db.session.scalars(sa.select(SheetPhoto)).all()
    assert read(db.session.get_one(StoredFile, row.file_id)) == picture()
    readers = {role: actor_of(make_officer(hall, role, name=role.value).id) for role in Role}
    allowed = {Role.CHIEF_JUDGE, Role.SCOREKEEPER, Role.SUPERVISOR}
    for role, reader in readers.items():
        if role in allowed:
            assert photos.photo_for(reader, row.id).id == row.id
        else:
            with pytest.raises(Missing):
                photos.photo_for(reader, row.id)
    assert photos.photo_for(judge, row.id).id == row.id
    with pytest.raises(Missing):
        photos.photo_for(hall.actor(1), row.id)


def test_a_problem_is_never_lost_to_a_colliding_id(hall):
    first, second = hall.sheets()
    one = uuid4()
    send(hall.actor(), note(first, "problem", uuid=one, problem="time"))
    assert send(hall.actor(), note(second, "problem", uuid=one, problem="time")) == [
        ("refused", "uuid_taken")
    ]
    assert count(Problem) == 1


def test_whoever_decides_an_appeal_finds_the_photos_of_the_entry_and_of_no_other(hall):
    first, second = hall.sheets()[:2]
    judge = hall.actor()
    with transaction():
        for sheet, aspect in ((first, "dough"), (second, "cut")):
            one = note(sheet, "photo", photo="evidence", aspect=aspect)
            assert service.keep_photo(judge, one, picture(), at=now()) == ("stored", "")
    supervisor = actor_of(make_officer(hall, Role.SUPERVISOR).id)
    found = service.evidence_for(supervisor, first.entry_id)
    assert [(one.module_key, one.aspect) for one in found] == [("practice", "dough")]
    assert service.evidence_for(supervisor, first.entry_id, "theory") == []
    assert service.evidence_for(actor_of(make_officer(hall, Role.ORGANISER).id), first.entry_id) == []
    assert service.evidence_for(judge, first.entry_id) == []
