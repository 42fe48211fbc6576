"""Registration files against a real database: all or nothing, safe to repeat, changes named."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from contest import audit, files
from contest.accounts.access import SYSTEM
from contest.db import db, transaction
from contest.entries import imports, queries, service
from contest.entries.models import (
    Delegation,
    Entry,
    FreezeKind,
    ImportState,
    Member,
    Organisation,
    Person,
    RosterImport,
)
from contest.entries.refusals import ImportChanged, ImportRefused
from contest.events.models import Event
from tests.builders import make_event
from tests.entries.builders import AT, TODAY, facts, make_entry, ramen_event
from tests.entries.rosters import HEADING, case, person, workbook


def _upload(edition_id: int, content: bytes, name: str = "roster.xlsx") -> int:
    with transaction():
        return imports.upload(edition_id, content, name, actor=SYSTEM, at=AT, today=TODAY).id


def _take_over(import_id: int, fingerprint: str | None = None) -> service.ImportOutcome:
    with transaction():
        return imports.take_over(import_id, fingerprint=fingerprint, actor=SYSTEM, at=AT, today=TODAY)


def _counts() -> dict[str, int]:
    kinds = (Person, Member, Entry, Delegation, Organisation)
    return {k.__name__: db.session.scalar(sa.select(sa.func.count()).select_from(k)) or 0 for k in kinds}


def _edition(event: Event) -> int:
    return event.sub_contest.edition_id


def test_the_clean_file_becomes_31_delegations_71_teams_and_212_people(app: Flask) -> None:
    event = ramen_event()
    outcome = _take_over(_upload(_edition(event), case("roster.xlsx")))
    assert (outcome.entries, outcome.members, outcome.changed, outcome.same) == (71, 212, 0, 0)
    counts = _counts()
    assert (counts["Person"], counts["Member"], counts["Entry"], counts["Delegation"]) == (212, 212, 71, 31)
    roster = queries.roster_for_event(event.id)
    assert [entry.delegation.name for entry in roster if entry.delegation][0:3] == [
        "北京市",
        "北京市",
        "天津市",
    ]
    first = roster[0]
    assert (first.number, first.display_name, first.group_key) == (
        "1101",
        "孟才玲、蒋萍晨、张国琳",
        "workers",
    )
    assert (first.leaders, first.coaches, first.organisation) == (
        ("姚义祥",),
        ("吕学洋",),
        "北京样例餐饮管理公司",
    )
    assert {entry.group_key for entry in roster} == {"workers", "students"}


def test_the_same_file_again_changes_nothing(app: Flask) -> None:
    event = ramen_event()
    edition_id = _edition(event)
    _take_over(_upload(edition_id, case("roster.xlsx")))
    before, lines = _counts(), db.session.scalar(sa.select(sa.func.count()).select_from(audit.Change))
    second = _upload(edition_id, case("roster.xlsx"))
    assert imports.preview_of(
        queries.import_for(SYSTEM, second), actor=SYSTEM, today=TODAY
    ).plan.changes_nothing
    outcome = _take_over(second)
    assert (outcome.entries, outcome.members, outcome.changed, outcome.same) == (0, 0, 0, 212)
    assert _counts() == before
    after = db.session.scalar(sa.select(sa.func.count()).select_from(audit.Change))
    assert after - lines == 2  # uploaded, imported


def test_a_file_with_errors_is_kept_and_changes_nothing(app: Flask) -> None:
    event = ramen_event()
    import_id = _upload(_edition(event), case("roster_messy.xlsx"))
    row = db.session.get_one(RosterImport, import_id)
    assert (row.state, row.report["errors"], row.report["rows"]) == (ImportState.REFUSED, 21, 212)
    with pytest.raises(ImportRefused):
        _take_over(import_id)
    assert set(_counts().values()) == {0}


def test_an_unreadable_file_is_kept_too(app: Flask) -> None:
    event = ramen_event()
    import_id = _upload(_edition(event), b"%PDF-1.7 nothing", "roster.pdf")
    row = db.session.get_one(RosterImport, import_id)
    assert (row.state, row.report["unreadable"]) == (ImportState.REFUSED, "file_type")
    assert imports.content_of(row) == b"%PDF-1.7 nothing"


def test_the_kept_file_shows_no_document_number_on_the_disk(app: Flask) -> None:
    event = ramen_event()
    content = case("office_gb18030.csv")
    row = db.session.get_one(RosterImport, _upload(_edition(event), content, "o.csv"))
    on_disk = files.read(db.session.get_one(files.StoredFile, row.file_id))
    assert content not in on_disk
    assert b"119901197903050422" not in on_disk
    assert imports.content_of(row) == content


def test_changed_cells_update_and_are_named_and_blanks_wipe_nothing(app: Flask) -> None:
    event = ramen_event()
    edition_id = _edition(event)
    text = case("office_gb18030.csv").decode("gb18030")
    _take_over(_upload(edition_id, text.encode(), "a.csv"))
    changed = (
        text.replace("15353489244,姚义祥", "13900000000,姚义祥")
        .replace("张国琳", "张国林")
        .replace(",7,18345997524", ",,")
    )
    import_id = _upload(edition_id, changed.encode(), "b.csv")
    preview = imports.preview_of(queries.import_for(SYSTEM, import_id), actor=SYSTEM, today=TODAY)
    steps = [step for step in preview.plan.steps if step.kind == "changed"]
    assert [(step.row.row, step.changes) for step in steps] == [
        (7, {"name": ["张国琳", "张国林"], "phone": ["153****9244", "139****0000"]})
    ]
    outcome = _take_over(import_id, preview.plan.fingerprint)
    assert (outcome.changed, outcome.same, outcome.members) == (1, 23, 0)
    (entry,) = [entry for entry in queries.roster_for_event(event.id) if entry.number == "1101"]
    assert entry.display_name == "孟才玲、蒋萍晨、张国林"


def test_what_was_previewed_is_what_is_taken_over(app: Flask) -> None:
    event = ramen_event()
    import_id = _upload(_edition(event), case("roster.xlsx"))
    row = queries.import_for(SYSTEM, import_id)
    shown = imports.preview_of(row, actor=SYSTEM, today=TODAY).plan.fingerprint
    make_entry(event, "9999", facts("李一", 1), facts("李二", 2))
    assert _take_over(import_id, shown).entries == 71  # somebody else's entry doesn't disturb
    other = _upload(_edition(event), case("roster.xlsx"))
    with pytest.raises(ImportChanged):
        _take_over(other, shown)


def test_a_person_of_another_entry_and_a_full_team_are_errors_of_the_row(app: Flask) -> None:
    event = ramen_event()
    edition_id = _edition(event)
    text = case("office_gb18030.csv").decode("gb18030")
    _take_over(_upload(edition_id, text.encode(), "a.csv"))
    moved = text.replace("1101,拉面制作,职工组,孟才玲", "1102,拉面制作,职工组,孟才玲")
    preview = imports.preview_of(
        queries.import_for(SYSTEM, _upload(edition_id, moved.encode(), "b.csv")), actor=SYSTEM, today=TODAY
    )
    assert {(e.place.row, e.code) for e in preview.errors} >= {(5, "already_in_event")}
    with pytest.raises(ImportRefused):
        _take_over(preview_id := _upload(edition_id, moved.encode(), "c.csv"))
    assert db.session.get_one(RosterImport, preview_id).state is ImportState.REFUSED


def test_individual_entries_without_numbers_get_them_in_the_order_of_the_file(app: Flask) -> None:
    event = make_event("电工", members_min=1, members_max=1)
    with transaction():
        db.session.get_one(Event, event.id).groups.clear()
    people = [person(证件号码="34052419800101001X", 出生日期="", 姓名="王五"), person(姓名="李六")]
    content = workbook([HEADING, *people])
    first = _take_over(_upload(_edition(event), content))
    assert (first.entries, first.members) == (2, 2)
    roster = queries.roster_for_event(event.id)
    assert [(entry.number, entry.display_name) for entry in roster] == [("001", "王五"), ("002", "李六")]
    assert _take_over(_upload(_edition(event), content)).same == 2


def _two_events() -> tuple[Event, Event]:
    first = make_event("电工", members_min=1, members_max=1)
    with transaction():
        first = db.session.get_one(Event, first.id)
        first.groups.clear()
        second = Event(sub_contest=first.sub_contest, name="钳工", trade_name="钳工", position=1)
        db.session.add(second)
    return first, second


def test_one_person_in_two_events_of_one_file_is_one_person(app: Flask) -> None:
    first, second = _two_events()
    content = workbook([HEADING, person(), person(赛项="钳工")])
    outcome = _take_over(_upload(_edition(first), content))
    assert (outcome.entries, outcome.members) == (2, 2)
    (one,), (other,) = queries.roster_for_event(first.id), queries.roster_for_event(second.id)
    assert one.members[0].person_id == other.members[0].person_id
    assert _counts()["Person"] == 1
    assert _take_over(_upload(_edition(first), content)).same == 2


def test_one_document_with_two_names_is_an_error_in_whatever_events(app: Flask) -> None:
    first, _second = _two_events()
    content = workbook([HEADING, person(), person(赛项="钳工", 姓名="李二")])
    preview = imports.preview_of(
        queries.import_for(SYSTEM, _upload(_edition(first), content)), actor=SYSTEM, today=TODAY
    )
    assert [(e.place.row, e.code, e.params) for e in preview.errors] == [
        (3, "name_differs", {"row": 2, "name": "李示范"})
    ]


def test_events_of_one_name_are_told_apart_by_their_sub_contests(app: Flask) -> None:
    from contest.events.models import SubContest

    first = make_event("电工", members_min=1, members_max=1)
    with transaction():
        first = db.session.get_one(Event, first.id)
        first.groups.clear()
        sub = SubContest(edition=first.sub_contest.edition, name="化工分赛", position=1)
        db.session.add(Event(sub_contest=sub, name="电工", trade_name="电工"))
    import_id = _upload(_edition(first), workbook([HEADING, person()]))
    preview = imports.preview_of(queries.import_for(SYSTEM, import_id), actor=SYSTEM, today=TODAY)
    (error,) = preview.errors
    assert (error.code, set(error.params["suggestions"])) == (
        "event_unknown",
        {"示范分赛·电工", "化工分赛·电工"},
    )
    good = _upload(_edition(first), workbook([HEADING, person(赛项="化工分赛·电工")]))
    assert _take_over(good).entries == 1


def test_numbers_given_by_the_system_leave_those_of_the_file_free(app: Flask) -> None:
    first, _second = _two_events()
    heading = [*HEADING, "队伍编号"]
    rows = [[*person(证件号码="34052419800101001X", 出生日期="", 姓名="王五"), ""], [*person(), "001"]]
    _take_over(_upload(_edition(first), workbook([heading, *rows])))
    roster = queries.roster_for_event(first.id)
    assert [(entry.number, entry.display_name) for entry in roster] == [("001", "李示范"), ("002", "王五")]


def test_a_locked_draw_lets_corrections_in_and_new_people_not(app: Flask) -> None:
    event = ramen_event()
    event_id, edition_id = event.id, _edition(event)
    text = case("office_gb18030.csv").decode("gb18030")
    _take_over(_upload(edition_id, text.encode(), "a.csv"))
    with transaction():
        service.freeze(event_id, FreezeKind.DRAW, actor=SYSTEM, at=AT)
    assert _take_over(_upload(edition_id, text.replace("张国琳", "张国林").encode(), "b.csv")).changed == 1
    line = next(line for line in text.splitlines() if "廖元倩" in line)
    strangers = [
        line.replace("149901199808076792", facts("x", serial).id_number)
        .replace("1998-08-07", "")
        .replace("廖元倩,男", f"{name},女")
        .replace("1402", "1403")
        for serial, name in ((6, "钱七"), (8, "孙八"))
    ]
    new = text.replace(line, "\n".join([line, *strangers]))
    preview = imports.preview_of(
        queries.import_for(SYSTEM, _upload(edition_id, new.encode(), "c.csv")), actor=SYSTEM, today=TODAY
    )
    assert [error.code for error in preview.errors] == ["roster_frozen_row", "roster_frozen_row"]
