"""Only the first places are public: every form of a list keeps to it, and each contestant still reads the own line."""

from __future__ import annotations

import io
import json
import re
from uuid import uuid4

import openpyxl
import pypdf
import pytest

from contest.audit import Change
from contest.db import db, transaction
from contest.desk import service as desk
from contest.entries.models import Entry
from contest.judging.note_models import SheetComment
from contest.results import service
from contest.results.models import Publication
from contest.results.refusals import SettingInvalid
from tests.results.builders import NAMES, NOON, RULES, fill, make_field, published

SHARED = RULES.replace('ties = "never"', 'ties = "shared"').replace(', "lot", "ruling"]', "]")
MARKS = [(40, 60, 90), (30, 50, 80), (30, 50, 80), (20, 40, 70), (10, 30, 60)]
SHOWN, HIDDEN = NAMES[:3], NAMES[3:5]  # places 1, 2, 2; then 4 and 5

FORMS = (
    "/lists/{list}", "/lists/{list}?lang=en", "/lists/{list}.csv", "/lists/{list}.json", "/lists/{list}.xlsx",
    "/lists/{list}.pdf", "/lists/{list}.docx", "/lists/{list}/table", "/lists/{list}/screen", "/api/v1/lists/{list}",
)  # fmt: skip
SEARCHES = ("/lists?q={name}", "/api/v1/lists?q={name}", "/lists/feed.atom", "/lists", "/api/v1/lists")


@pytest.fixture
def made(app):
    app.config["WTF_CSRF_ENABLED"] = False
    field = make_field(NAMES[:5], rules=SHARED)
    fill(field, MARKS)
    return field


def text_of(answer) -> str:
    kind = answer.headers["Content-Type"]
    if "spreadsheet" in kind:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        return " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    if "wordprocessing" in kind:
        import zipfile

        return zipfile.ZipFile(io.BytesIO(answer.data)).read("word/document.xml").decode()
    if "pdf" in kind:
        pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
        return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    if "json" in kind:
        return json.dumps(answer.json, ensure_ascii=False)
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("address", FORMS)
def test_every_public_form_has_the_first_places_with_those_who_share_the_last(app, made, address):
    one = published(made, shown_places=2)
    answer = app.test_client().get(address.format(list=one))
    text = text_of(answer)
    assert answer.status_code == 200
    assert [name for name in SHOWN if name in text] == list(SHOWN)
    assert [name for name in HIDDEN if name in text] == []


@pytest.mark.parametrize("address", SEARCHES)
def test_a_hidden_line_is_not_found_by_name(app, made, address):
    published(made, shown_places=2)
    browser = app.test_client()
    for name in HIDDEN:
        answer = browser.get(address.format(name=name))
        told = answer.get_data(as_text=True).replace(f'value="{name}"', "").replace(f"“{name}”", "")
        assert name not in told, address
    found = browser.get("/api/v1/lists", query_string={"q": HIDDEN[0]}).json
    assert (found["total"], browser.get("/api/v1/lists", query_string={"q": SHOWN[0]}).json["total"]) == (
        0,
        1,
    )


def test_a_delegation_without_a_shown_line_is_no_choice(app, made):
    one = published(made, shown_places=1)
    page = app.test_client().get("/lists").get_data(as_text=True)
    assert ("甲地区代表队" in page, "乙地区代表队" in page) == (True, False)
    with transaction():
        service.show_places(
            publication=db.session.get_one(Publication, one),
            places=None,
            actor=made.actor("organiser"),
            at=NOON,
        )
    assert "乙地区代表队" in app.test_client().get("/lists").get_data(as_text=True)


def test_what_a_revision_changed_is_told_of_shown_lines_alone(app, made):
    published(made, shown_places=2)
    made.mark(4, "dough", 12_000)  # fifth, and stays it
    made.mark(1, "dough", 31_000)
    two = published(made, shown_places=2, note="补记")
    page = app.test_client().get(f"/lists/{two}").get_data(as_text=True)
    assert "→ <b>" in page and [name for name in HIDDEN if name in page] == []


def test_changing_how_many_are_shown_is_on_record_and_changes_the_page_at_once(app, made):
    one = published(made)
    browser = app.test_client()
    first = browser.get(f"/api/v1/lists/{one}")
    assert (len(first.json["rows"]), first.json["shown_places"]) == (5, None)
    with transaction():
        service.show_places(
            publication=db.session.get_one(Publication, one), places=1, actor=made.actor("organiser"), at=NOON
        )
    later = browser.get(f"/api/v1/lists/{one}", headers={"If-None-Match": first.headers["ETag"]})
    assert (later.status_code, [row["name"] for row in later.json["rows"]]) == (200, [NAMES[0]])
    line = db.session.query(Change).filter_by(action="publication.places").one()
    assert line.values["shown_places"] == [None, 1]
    with pytest.raises(SettingInvalid), transaction():
        service.show_places(
            publication=db.session.get_one(Publication, one), places=0, actor=made.actor("organiser"), at=NOON
        )


def test_a_contestant_beyond_the_shown_places_reads_the_own_place_marks_and_comments(app, made, sign_in):
    one = published(made, shown_places=2)
    person = db.session.get_one(Entry, made.entry_ids[4]).members[0].person_id
    with transaction():
        account = desk.account_of(person, at=NOON)
    sheet = made.sheets[made.entry_ids[4], made.seat_ids[0], "practice", ""]
    with transaction():
        db.session.add(
            SheetComment(
                uuid=uuid4(), sheet_id=sheet, aspect_key="dough", attempt=1, text="面团偏软", recorded_at=NOON
            )
        )
    browser = sign_in(app.test_client(), account)
    assert f"/me/results/{one}" in browser.get("/me").get_data(as_text=True)
    page = browser.get(f"/me/results/{one}").get_data(as_text=True)
    assert "<dd>5</dd>" in page and "面团偏软" in page and "和面" in page
    assert [name for name in NAMES[:4] if name in page] == []
