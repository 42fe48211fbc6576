"""What the summary asks a judge to look at again, and what it never tells."""

from __future__ import annotations

import pytest

from contest.accounts.models import Role
from contest.db import db, now, transaction
from contest.errors import Refused
from contest.judging import service
from contest.judging.models import Sheet
from contest.judging.suspicion import is_far, is_word
from tests.judging.builders import Hall, fill, make_hall, make_officer, submit
from tests.judging.test_notes import note, picture, send

ROW = "\n".join(
    f'[[modules.parts]]\nkey = "a{n}"\ntitle_zh = "评分点{n}"\nmaximum = 10\n' for n in range(1, 11)
)
TEN = f"""
key = "ten"
title_zh = "十项"
[[modules]]
key = "practice"
title_zh = "实操"
maximum = 100
{ROW}
[[rankings]]
key = "individual"
title_zh = "个人"
order = ["total"]
"""


def found(sheet: Sheet) -> list[tuple[str, bool, str]]:
    return [(one.code, one.is_unlikely, one.aspect) for one in service.noticed(sheet).findings]


def row(*values: str) -> dict[str, str]:
    return {f"a{n}": value for n, value in enumerate(values, start=1)}


@pytest.mark.parametrize(
    ("value", "others", "expected"),
    [
        (85_000, [8_000, 8_500, 9_000, 8_000, 7_500, 9_500, 8_500, 8_000], True),
        (6_000, [8_000, 8_500, 9_000, 8_000, 7_500, 9_500, 8_500, 8_000], False),
        (0, [8_000, 8_500, 9_000, 8_000, 7_500, 9_500, 8_500, 8_000], True),
        (0, [8_000, 8_500, 9_000], False),
        (9_000, [10_000] * 20, False),
        (1_000, [10_000] * 20, True),
    ],
)
def test_a_value_is_far_only_beyond_the_outer_fences_of_enough_others(value, others, expected):
    assert is_far(value, others) is expected


def test_zeros_everywhere_need_the_typed_word(app):
    hall = make_hall(entries=1, judges=1)
    sheet, judge = hall.sheets()[0], hall.actor()
    fill(hall, sheet, judge, {"dough": "0", "cut": "30", "shape": "0", "clean": "0"})
    assert found(sheet) == [("zeros", True, "")]
    with pytest.raises(Refused, match="marks_unlikely"):
        submit(sheet.id, judge)
    with transaction():
        row_ = db.session.get_one(Sheet, sheet.id)
        digest = service.digest_of_marks(sheet.id)
        service.submit(row_, digest=digest, actor=judge, at=now(), word="确认")
    assert db.session.get_one(Sheet, sheet.id).submitted_at is not None


def test_nothing_taken_off_is_full_marks_and_not_zero(app):
    hall = make_hall(entries=1, judges=1)
    sheet = hall.sheets()[0]
    fill(hall, sheet, hall.actor(), {"dough": "0", "cut": "0", "shape": "0", "clean": "0"})
    assert found(sheet) == []


def test_a_row_equal_to_another_contestants_is_told_and_a_long_one_needs_the_word(app):
    hall = make_hall(entries=2, judges=2, rules=TEN)
    first, second = hall.sheets()
    values = row("7", "8", "6.5", "9", "7", "8", "5", "6", "7", "8")
    fill(hall, first, hall.actor(), values)
    fill(hall, second, hall.actor(), {**values, "a10": "8.5"})
    assert found(second) == []
    fill(hall, hall.sheets(seat=1)[1], hall.actor(1), values)
    assert found(hall.sheets(seat=1)[1]) == []  # only the judge's own rows are compared
    with transaction():
        fresh = note(second, "comment", text="")
        service.record_notes(hall.actor(), [fresh], at=now())
    other = make_hall(entries=2, judges=1, rules=TEN)
    for sheet in other.sheets():
        fill(other, sheet, other.actor(), values)
    assert found(other.sheets()[1]) == [("same_row", True, "")]


def test_what_others_gave_this_contestant_is_never_compared(app):
    hall = make_hall(entries=10, judges=2, rules=TEN)
    for index, sheet in enumerate(hall.sheets(seat=1)):
        fill(
            hall,
            sheet,
            hall.actor(1),
            row(*["8", "8.5", "7", "9", "8", "7.5", "8", "9", "6", f"{index}"]),
        )
        if index:
            submit(sheet.id, hall.actor(1))
    mine = hall.sheets(seat=0)
    fill(hall, mine[0], hall.actor(), row("1", "8", "7", "9", "8", "7", "8", "9", "6", "5"))
    assert found(mine[0]) == [("far", False, "a1")]
    submit(hall.sheets(seat=1)[0].id, hall.actor(1))
    assert found(mine[0]) == [("far", False, "a1")]


@pytest.mark.parametrize(
    ("text", "expected"), [(" 确认 ", True), ("SURE", True), ("yes", False), ("", False)]
)
def test_only_the_word_itself_says_that_marks_are_meant(text, expected):
    assert is_word(text) is expected


def test_the_chief_judge_reads_what_stands_beside_the_marks_and_a_stranger_does_not(app, client, sign_in):
    hall: Hall = make_hall(entries=1, judges=1)
    sheet, judge = hall.sheets()[0], hall.actor()
    send(
        judge,
        note(sheet, "comment", aspect="dough", text="面团偏干"),
        note(sheet, "problem", problem="safety"),
    )
    with transaction():
        service.keep_photo(judge, note(sheet, "photo", photo="evidence"), picture(), at=now())
    chief = make_officer(hall, Role.CHIEF_JUDGE)
    page = sign_in(client, chief).get(f"/sheets/{sheet.public_id}").get_data(as_text=True)
    assert [text in page for text in ("面团偏干", "安全问题", "/photos/1")] == [True] * 3
    assert client.get("/photos/1").mimetype == "image/jpeg"
    stranger = app.test_client()
    assert sign_in(stranger, make_officer(hall, Role.REGISTRAR, "外人")).get("/photos/1").status_code == 404
